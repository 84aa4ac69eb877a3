/*
 * load_census.h
 *		The relations party, interest and listing as a census: streamed once, whole.
 */
#ifndef OUTBOUND_LOAD_CENSUS_H
#define OUTBOUND_LOAD_CENSUS_H

#include "core/census.h"
#include "read/neighbourhood.h"

/*
 * A probe for one id costs as much as reading so many rows of a scan: seven to nine where all is
 * in memory (bench/census.sql), and more where it is not.
 */
#define PROBE_ROWS		20

typedef struct LoadedCensus
{
	Census	   *census;
	bool		with_places;	/* countries of the parties were read */
	int8	   *listed;			/* NULL, or it is what the lists reach, and no more: spread_census.c */
	Neighbourhood *nb;
	MemoryContext context;
	CoreEnv		env;			/* over context */
	MemoryContext index;		/* by id, or NULL where it is in context */
	CoreEnv		index_env;
	struct CensusMembership *memberships;	/* tests already answered: census_members.c */
} LoadedCensus;

/*
 * What the neighbourhood's user may read on its day; kept with it.  with_places: also where
 * the parties belong.  ERROR 54000 over outbound.max_graph_memory.
 */
extern LoadedCensus *census_load(Neighbourhood *nb, bool with_places);

/*
 * The part of it that those on the lists make members under a test that passes on nothing below its
 * gate: with whatever else is held in those members and in whom they hold anything.  In
 * the current context; NULL where that is no shorter than everything.
 */
extern LoadedCensus *census_spread(Neighbourhood *nb, const char *lists, bool with_places, const OwnershipTest *test);

/*
 * Have questions about one party each taken as long as a census would, and is there room
 * for it?  True once there is one.  This chooses the way to an answer, never the answer.
 */
extern bool census_pays(const Neighbourhood *nb);

/* after how many probes of indexes would one have been the shorter way?  PG_UINT64_MAX: never, there is no room */
extern uint64 census_worth(const Neighbourhood *nb);

/* is there room for one, as far as is known? */
extern bool census_fits(const Neighbourhood *nb);

/* everything below a party of it and whatever that hangs on, as a neighbourhood of its own in the current context */
typedef struct BelowCensus
{
	Neighbourhood *nb;			/* the party is its first, then all below it, level by level, then others */
	uint32		n;				/* the party and those below it */
} BelowCensus;
extern BelowCensus census_below(LoadedCensus *loaded, uint32 party);

/* the number of an id; the index by id takes a sixth of the memory and can go until it is asked again */
extern bool census_lookup(LoadedCensus *loaded, const char *id, size_t length, uint32 *party);
extern void census_drop_index(LoadedCensus *loaded);

/* a party's row as read_party() would give it; kinds, and places if they were read */
extern Party census_party_row(const LoadedCensus *loaded, uint32 party);

/* who stands on any of the lists, commas between their names: TRUE, FALSE, or UNKNOWN for an entry on a list nobody knows; by party */
extern int8 *census_listed(LoadedCensus *loaded, const char *lists);

#endif							/* OUTBOUND_LOAD_CENSUS_H */
