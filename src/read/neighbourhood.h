/*
 * neighbourhood.h
 *		The part of the firm's ownership graph that the questions of a statement
 *		have touched so far, with what is known of each party in it.
 *
 * Loaded level by level through SPI as the current user.  It grows with the questions and
 * is kept while every answer must come out the same: same snapshot, user, row security,
 * schema, day and rule book.  See neighbourhood.c for the key.
 */
#ifndef OUTBOUND_NEIGHBOURHOOD_H
#define OUTBOUND_NEIGHBOURHOOD_H

#include "postgres.h"

#include "tcop/dest.h"

#include "core/graph.h"
#include "read/relations.h"
#include "read/rules.h"

typedef enum PartyKind
{
	PARTY_INDIVIDUAL,
	PARTY_ENTITY,
	PARTY_POOLED_FUND,
	PARTY_GOVERNMENT,
	PARTY_BRANCH,
	PARTY_KIND_UNKNOWN
} PartyKind;

/* one party as relation "party" tells it; every Ternary is UNKNOWN without a row */
typedef struct Party
{
	bool		loaded;
	bool		asked;			/* its interests are being read */
	bool		exists;			/* has a row in relation party */
	bool		activity_complete;	/* the listed activities are all it does */
	PartyKind	kind;
	Ternary		citizen_us;
	Ternary		citizen_concern;
	Ternary		resident_us;	/* permanent resident */
	Ternary		resident_concern;
	Ternary		organized_us;
	Ternary		organized_concern;
	Ternary		principal_place_concern;
	Ternary		headquarters_concern;
	Ternary		located_us;
	char		organized_in[3];	/* alpha-2 codes, "" where unknown */
	char		principal_place_in[3];
	char		located_in[3];
	const char *name;			/* or NULL */
} Party;

typedef struct Neighbourhood
{
	MemoryContext context;
	CoreEnv		env;			/* over context */
	const RuleBook *book;
	DateADT		as_of;
	const SourceSchema *schema;
	bool		row_security;	/* some relation is filtered for this user: "no" is unknown */
	Graph	   *graph;
	Party	   *parties;		/* by NodeId */
	uint32		n_parties;		/* allocated */
	bool		whole;			/* every party and interest is in */
	uint64		n_cones;		/* what cones have cost, in cones of a few probes */
	double		seconds;		/* spent on questions about one party each: see census_pays() */
	struct LoadedCensus *census;	/* everything, compactly: load_census.c */
	void	   *memo;			/* answers already given: inquiry.c */
	struct Downward *downward;	/* who holds whom, downwards: load_graph.c */
	struct HTAB *figures;		/* rows of relation financial already read: financial.c */
	struct HTAB *activities;	/* rows of relation activity already read: activities.c */
	struct ProfileSet *profiles;	/* what they come to: activities.c */
	uint32		all_activities; /* the relation was read whole for so many parties */
	uint32		all_figures;	/* so was relation financial */
	struct HTAB *held;			/* what parties hold, once asked: held.c */
	uint8	   *marks;			/* neighbourhood_marks() */
	uint32		n_marks;
} Neighbourhood;

/* the current one, or a new one; never NULL */
extern Neighbourhood *neighbourhood_get(const RuleBook *book, DateADT as_of);

/*
 * The same parties over another graph, in a context: what rows say of parties is shared, and no answer
 * or other memory of the original is.  Nothing more is to be loaded into either while it is used.
 */
extern Neighbourhood *neighbourhood_over(const Neighbourhood *nb, MemoryContext context, Graph *graph);

/* load the cone above this id; its number */
extern NodeId neighbourhood_load_cone(Neighbourhood *nb, const char *id);

/*
 * Everything the relations hold, in two scans.  Asked for by questions about all parties;
 * a statement that asks about many, one by one, comes to it when their cones have cost as much.
 */
extern void neighbourhood_load_all(Neighbourhood *nb);

/* counts an evaluation over so many parties towards that */
static inline void
neighbourhood_spend(Neighbourhood *nb, uint32 n_parties)
{
	nb->n_cones += n_parties / 20;
}

/* everything below a party, itself first, with all their cones; in the current context */
extern uint32 neighbourhood_load_reach(Neighbourhood *nb, NodeId root, NodeId **nodes);

/* the same; false, and not all is loaded, once it takes more than so many probes of indexes */
extern bool neighbourhood_try_reach(Neighbourhood *nb, NodeId root, uint64 most_probes, NodeId **nodes, uint32 *n);

/* a byte for every party now in the graph, to mark parties with during one walk: all are 0, and are again after it */
extern uint8 *neighbourhood_marks(Neighbourhood *nb);

/* a hash table in the neighbourhood's memory whose entries begin with a NodeId, their key */
extern struct HTAB *node_table_create(Neighbourhood *nb, const char *name, Size entry);

/* does the id stand in any relation? */
extern bool neighbourhood_knows(Neighbourhood *nb, NodeId node);

static inline const Party *
neighbourhood_party(const Neighbourhood *nb, NodeId node)
{
	return &nb->parties[node];
}

/* a whole relation through a cursor, batch by batch, so that its rows are never all in memory twice */
extern void neighbourhood_scan(Neighbourhood *nb, const char *sql, void (*read) (Neighbourhood *nb, uint64 n));

/* the rows of a query straight to a receiver: with the day as $1, or with ids (unless 0) as $1 and the day as $2 */
extern void neighbourhood_stream(Neighbourhood *nb, const char *sql, Datum ids, DestReceiver *receiver);

/* what the planner thinks a query costs: for a few ids as $1 if it asks for any, the day as $2; SPI must be connected */
typedef struct QueryCost
{
	double		cost;
	double		rows;
} QueryCost;
extern QueryCost neighbourhood_cost(Neighbourhood *nb, const char *sql);

/* the plan of a query without parameters; to be released with ReleaseCachedPlan(), no owner; SPI must be connected */
extern struct CachedPlan *neighbourhood_plan(Neighbourhood *nb, const char *sql);

/* the same SQL text prepared once a session; read-only; returns the SPI tuple table's row count */
extern uint64 neighbourhood_query(Neighbourhood *nb, const char *sql, Datum ids, bool with_date);

#endif							/* OUTBOUND_NEIGHBOURHOOD_H */
