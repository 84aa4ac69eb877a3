/*
 * census_members.h
 *		Pooled ownership tests over everything at once, from a census.
 */
#ifndef OUTBOUND_CENSUS_MEMBERS_H
#define OUTBOUND_CENSUS_MEMBERS_H

#include "read/load_census.h"
#include "screen/inquiry.h"

typedef struct CensusMembership
{
	const char *test;
	int			n_options;
	int		   *options;
	LoadedCensus *loaded;
	const TestRow *row;			/* under the readings */
	uint8	   *grade;			/* Grade by party of the census; row security counted in */
	int8	   *reason;			/* as Attribution.reason, in the run that gave the grade; with tier, NULL where nobody has one */
	int8	   *tier;			/* 0 a seed, 1 from the seeds alone, 2 later; -1 where not known, which it is where asked for */
	int			tiers_down_to;	/* the lowest grade whose tiers are there */
	EngineCounters counters;	/* of all runs */
	struct CensusMembership *next;
} CensusMembership;

/* an answer in the census's memory, nobody's grade raised yet; once kept, it is the known one under its readings */
extern CensusMembership *census_membership_create(Inquiry *inquiry, LoadedCensus *loaded, const char *test, const TestRow *row);
extern void census_membership_keep(CensusMembership *membership);
extern CensusMembership *census_membership_known(Inquiry *inquiry, const LoadedCensus *loaded, const char *test);

/* can members() of this test come from a census? */
extern bool census_can(const TestRow *row);

/*
 * The members of a test by everything there is; kept with the neighbourhood.  NULL where
 * the test is none for a census.  with_tiers: the lowest grade whose tiers are wanted, GRADE_NO for none.
 */
extern CensusMembership *census_members(Inquiry *inquiry, const char *test, Grade with_tiers);

/*
 * Those that are not possible only through undisclosed holders, with their tiers, from
 * what the test's seeds reach; in the inquiry's memory.  NULL where a census of everything is the
 * shorter way, or the only one.
 */
extern CensusMembership *census_members_reached(Inquiry *inquiry, const char *test);

/* one party's grade in the members; false: not the kind of test, or the party is in none of the rows */
extern bool census_grade(Inquiry *inquiry, const char *test, const char *id, Grade *grade);

/*
 * Does a party hang on a ring so large that a census, whose enclosures spare solving it
 * exactly, is the shorter way to its grade?
 */
extern bool census_spares(Inquiry *inquiry, NodeId party);

#endif							/* OUTBOUND_CENSUS_MEMBERS_H */
