/*
 * census.h
 *		The whole ownership graph, compactly: every party and every interest that the
 *		relations hold, and pooled ownership tests over all of it at once.
 *
 * Under 64 bytes an interest, ids and parties included and the index by id, where there are five interests to four
 * parties with ids of 20 characters.  Verdicts are exact: where nothing is
 * multiplied, sums are integers; proportions are double enclosures that are rounded
 * outward, and what they leave open is decided modulo primes or by the exact kernel over the part of the
 * graph that it hangs on.
 */
#ifndef OUTBOUND_CENSUS_H
#define OUTBOUND_CENSUS_H

#include "counters.h"
#include "kernel.h"

#define CENSUS_NO_SHARE		((uint32_t) 0x0FFFFFFF)

/* one party; facts belong to whoever fills the census */
typedef struct CensusParty
{
	uint32_t	id;				/* its place: see census_id() */
	uint32_t	register_state:2;	/* RegisterState */
	uint32_t	unheld:1;		/* nobody holds it, whatever is told */
	int32_t		pooled_fund:2;	/* Ternary */
	uint32_t	facts:27;
} CensusParty;

/* an interest IN a party; of branch_of and acts_for, the principal of the party */
typedef struct CensusEdge
{
	uint32_t	holder;
	uint32_t	kind:4;			/* InterestKind */
	uint32_t	share:28;		/* in the dictionary */
} CensusEdge;

/* a distinct share; what is not one small fraction stands in value */
typedef struct CensusShare
{
	uint64_t	num;
	uint64_t	den;			/* 0: see value */
	uint64_t	units;			/* num / den in units of 1 / unit, or UINT64_MAX */
	const ShareValue *value;	/* else NULL */
} CensusShare;

typedef struct Census Census;

/*
 * Memory of build may go after census_sort(), that of index after census_forget_index(); what is
 * expected, parties and bytes an id, is a hint.
 */
extern Census *census_create(CoreEnv *env, CoreEnv *build, CoreEnv *index, size_t expected_parties, size_t expected_id);

/* without the index nothing is numbered or found by id; it can be made again, in the same environment */
extern void census_forget_index(Census *census);
extern void census_index(Census *census);

/* an id, and its number */
typedef struct CensusKey
{
	const char *id;
	size_t		length;
	uint32_t	hash;			/* filled in */
	uint32_t	party;			/* filled in */
	bool		is_new;			/* filled in */
} CensusKey;

/* the number of an id, made (register open, kind unknown) if new */
extern void census_intern(Census *census, CensusKey *key);

/*
 * The same in three steps, for many: the table is far larger than any cache, so what the
 * next step reads is fetched ahead, best while there is something else to do.
 */
extern void census_fetch(const Census *census, CensusKey *key);
extern void census_fetch_id(const Census *census, const CensusKey *key);
extern void census_number(Census *census, CensusKey *key);

extern bool census_find(const Census *census, const char *id, size_t length, uint32_t *party);

extern uint32_t census_size(const Census *census);
extern CensusParty *census_party(const Census *census, uint32_t party);
extern const char *census_id(const Census *census, uint32_t party);

/* the number of a share; it may be kept and used again */
extern uint32_t census_share(Census *census, const ShareValue *share);
extern uint32_t census_small_share(Census *census, uint64_t num, uint64_t den);	/* num / den in lowest terms, den > 0 */

/* one row of relation interest; source 0 is none */
extern void census_add(Census *census, uint32_t holder, uint32_t held, InterestKind kind,
					   uint32_t share, uint32_t source);

/*
 * All rows are in, or so far: sorts them into env, merges lots and tellings, and then
 * links them from their holders.  They stay, so that more may come and it may be done again;
 * for the last time, build's memory may go between the two.  scratch: may go at once.
 */
extern void census_sort(Census *census, CoreEnv *env, CoreEnv *scratch);
extern void census_link(Census *census, CoreEnv *env);

/* what the data leave open at all */
typedef struct CensusOpenness
{
	bool		ranges;			/* some share is a range, or some interest of no known kind */
	bool		undisclosed;	/* some register is open */
	bool		kinds;			/* of some party it is not known whether it is a pooled fund */
} CensusOpenness;
extern CensusOpenness census_openness(const Census *census);

#define CENSUS_STATUS	0x01	/* a member */
#define CENSUS_DIRECT	0x02	/* a member by what the seeds alone hold whole */
#define CENSUS_WHOLE	0x04	/* passes on all it holds */
#define CENSUS_LOOSE	0x08	/* not decided within the budget: see census_attribute() */
#define CENSUS_REACHED	0x10	/* evaluated at all */
#define CENSUS_FLOWED	0x20	/* ... by what flows in proportion */
#define CENSUS_EXACT	0x40	/* ... in exact fractions */
#define CENSUS_NUMBERED 0x80	/* passes on a proportion: internal */

typedef struct CensusResult
{
	uint8_t    *state;			/* CENSUS_* by party */
	int8_t	   *reason;			/* as in Attribution */
	EngineCounters counters;
} CensusResult;

/* may the test be run over a census? else it is the kernel's alone */
extern bool census_supports(const OwnershipTest *test);

/*
 * The least fixpoint of a test for one pool of seeds (is_seed by party), as
 * kernel_attribute() over everything.  A ring too large for the exact solver in which enclosures
 * do not decide a gate leaves its parties loose: no members in RUN_DEFINITE, members above.
 * wanted, by party, if not NULL: of others the answer need not be right.
 */
extern CensusResult *census_attribute(CoreEnv *env, const Census *census, const OwnershipTest *test,
									  KernelRun run, const bool *is_seed, const bool *wanted);

/* shared by the parts of the census */
extern uint64_t census_unit(const Census *census);
extern ShareValue census_share_value(const Census *census, uint32_t share);

#endif							/* OUTBOUND_CENSUS_H */
