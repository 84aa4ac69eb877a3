/*
 * everybody.h
 *		A test of one holder at a time, asked of everybody about everybody: by sweeps over a census.
 */
#ifndef OUTBOUND_EVERYBODY_H
#define OUTBOUND_EVERYBODY_H

#include "core/sweep_census.h"
#include "read/load_census.h"
#include "screen/inquiry.h"

#define LEAST_TO_MATTER		(UINT64_C(1000) * SWEEP_HARDLY)

typedef struct Everybody
{
	LoadedCensus *loaded;
	uint32		n;
	const TestRow *row;			/* under the readings */
	bool	   *asked;			/* the roots, by party */
	bool		members_only;	/* told only of pairs of which one is a member, or may be; not how much it has */
	uint64		matters;		/* else: the amount from which on it matters, LEAST_TO_MATTER or more; roots are followed to a hundredth of it */

	/* does it matter whether the root (n: a holder nobody has disclosed) is a member? */
	bool		(*wants) (void *arg, uint32 root, uint32 party);

	/*
	 * What a root has in a party, each pair once.  Or twice, if amounts are told: where the status is open it is
	 * final only when it is told again, without them; and then what is still open is beyond reason, and possible.
	 */
	void		(*told) (void *arg, uint32 party, const SweepFinding *finding, bool final);
	void	   *arg;
	EngineCounters counters;

	/* while it runs */
	KernelRun	run;
	bool		again;			/* what is told now was open before */
	SweepPair  *open;
	uint32		n_open;
	uint32		allocated_open;
	uint32	   *blind;			/* of whom too much was forgotten */
	uint32		n_blind;
	uint32		allocated_blind;
} Everybody;

/* can the test be asked so? */
extern bool everybody_serves(const TestRow *row);

/* prepares for a census; roots, by what the test's seeds say, are to be filled in */
extern void everybody_begin(Everybody *e, LoadedCensus *loaded, const TestRow *row);

/* one run of the three; where the root is n it is a holder nobody has disclosed (RUN_UNDISCLOSED) */
extern void everybody_run(Everybody *e, KernelRun run);

/* do the data, or the test, make the disclosed run differ from the definite one? */
extern bool everybody_differs(const Everybody *e);

/* whether a party of a census is a U.S. person (850.229); a foreign branch is its principal */
extern Ternary census_us_person(const LoadedCensus *loaded, uint32 party);

/* what a finding of the run at hand establishes, of who may be a seed and on the test's days: grade_in_scope() of membership.c */
extern Grade everybody_grade(const Everybody *e, const int8 *seeds, const SweepFinding *finding, uint32 party);

/* who is a root by the test's seeds, by party; NULL if a census does not tell */
extern int8 *everybody_seeds(LoadedCensus *loaded, const char *seeds);

#endif							/* OUTBOUND_EVERYBODY_H */
