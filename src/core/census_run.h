/*
 * census_run.h
 *		One pooled test in one run over a census.  Internal to the census.
 */
#ifndef OUTBOUND_CENSUS_RUN_H
#define OUTBOUND_CENSUS_RUN_H

#include "arena.h"
#include "census_parts.h"

#define NO_LOCAL	UINT32_MAX

/* an amount or factor: low <= the true value <= high; at most 1 */
typedef struct Enclosure
{
	double		low;
	double		high;
} Enclosure;

/* of 64 parties: who is numbered, and how many before the first of them are */
typedef struct NumberedBlock
{
	uint64_t	numbered;
	uint32_t	before;
} NumberedBlock;

typedef struct CensusRun
{
	CoreEnv    *env;
	const Census *census;
	const OwnershipTest *test;
	KernelRun	run;
	int8_t		measure_of[N_INTEREST_KINDS];	/* -1: not measured */
	bool		all_count;		/* shares of those who pass on nothing matter too: ranges, undisclosed rests */
	CensusResult *result;
	uint8_t    *state;			/* the result's */
	bool		flowed;			/* the last evaluation rested on what flows in proportion */
	bool		undecided[MAX_MEASURES];	/* ... and could not decide these gates */

	/* parties that are reached and pass on less than the whole, numbered in order */
	uint32_t	n;
	NumberedBlock *numbered;
	uint32_t   *party;			/* by local number */
	Enclosure  *factor;			/* local * n_measures + measure */
	uint32_t   *component;		/* by local number */
	uint32_t   *component_start;
	Arena		arena;			/* one exact evaluation */
	uint32_t   *seen;			/* stamps of exact evaluations, by local number */
	uint32_t	stamp;
	uint64_t	tie_work;		/* done by census_find_ties() in this run */
	uint32_t   *place;			/* in its ring, by local number: census_lift_ring()'s, as are these */
	const uint32_t *lifted;
	double	   *ring_base;
	double	   *ring_value;
	uint32_t   *ring_start;
	void	   *ring_flow;
} CensusRun;

/* the local number of a party that is CENSUS_NUMBERED */
static inline uint32_t
local_number(const CensusRun *run, uint32_t party)
{
	const NumberedBlock *block = &run->numbered[party / 64];

	return block->before + (uint32_t) __builtin_popcountll(block->numbered & ((UINT64_C(1) << party % 64) - 1));
}

/* the local number of a party, or NO_LOCAL */
static inline uint32_t
local_of(const CensusRun *run, uint32_t party)
{
	return run->state[party] & CENSUS_NUMBERED ? local_number(run, party) : NO_LOCAL;
}

/* what an evaluation of a party says of its status */
typedef enum Decision
{
	DECIDED_OUT,
	DECIDED_IN,
	DECIDED_NOT					/* the enclosures meet the threshold, or the register wants the exact kernel */
} Decision;

/*
 * Evaluates a party from its holders as they are.  amounts, if not NULL, takes an
 * enclosure for each measure; *reason what decided that it is in.
 */
extern Decision census_evaluate(CensusRun *run, uint32_t party, Enclosure *amounts, int8_t *reason);

/* takes a party in */
extern void census_raise(CensusRun *run, uint32_t party, int8_t reason);

/*
 * Decides parties by the exact kernel over all they hang on, below what passes on the
 * whole or nothing; false if that is more than the budget allows.
 */
extern bool census_decide_exactly(CensusRun *run, const uint32_t *parties, uint32_t n);

/*
 * Of the gates of parties (local numbers; wanted by index * n_measures + measure), which are met
 * exactly as it stands now?  Those that are not are struck off.  False where that is not
 * known: ranges, amounts at the cap, or more work than the budget allows.
 */
extern bool census_find_ties(CensusRun *run, const uint32_t *locals, uint32_t n, bool *wanted);

/* the ring part: parties of one component, local numbers */
extern void census_ring(CensusRun *run, const uint32_t *members, uint32_t n);

/*
 * Raises the lower bounds of a large ring as far as they rise before anybody's status changes;
 * upper ends are the lower ones.
 */
extern void census_lift_ring(CensusRun *run, const uint32_t *members, uint32_t n);

/* leaves a party open */
extern void census_loosen(CensusRun *run, uint32_t party);

/* enclosures after a few roundings to nearest of positive terms */
static inline double
round_down(double value, uint32_t roundings)
{
	return value < 1e-280 ? 0 : value * (1 - (roundings + 4) * 2.3e-16);
}

static inline double
round_up(double value, uint32_t roundings)
{
	return value < 1e-280 ? (value > 0 ? 1e-280 : 0) : value * (1 + (roundings + 4) * 2.3e-16);
}

#endif							/* OUTBOUND_CENSUS_RUN_H */
