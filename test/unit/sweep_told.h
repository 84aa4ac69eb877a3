/*
 * sweep_told.h
 *		What a sweep tells, gathered to be compared with something exact.
 */
#ifndef OUTBOUND_SWEEP_TOLD_H
#define OUTBOUND_SWEEP_TOLD_H

#include "reference.h"

/* what a sweep has told, by root (the last: nobody) and node */
typedef struct Told
{
	bool		told[REF_NODES + 1][REF_NODES];
	RootFinding finding[REF_NODES + 1][REF_NODES];
} Told;

static inline void
take_told(void *arg, NodeId root, NodeId node, const RootFinding *finding)
{
	Told	   *told = arg;
	uint32_t	r = root == UINT32_MAX ? REF_NODES : root;

	told->told[r][node] = true;
	told->finding[r][node] = *finding;
}

/* does an exact amount lie between two ends? */
static inline bool
lies_between(CoreEnv *env, AmountEnds ends, Fraction amount)
{
	Fraction	scaled = fraction_multiply(env, amount, fraction_of(env, INT64_C(10000000000000000), 1));

	return fraction_compare(env, fraction_of(env, (int64_t) ends.lower, 1), scaled) <= 0 &&
		(ends.upper == UINT64_MAX || fraction_compare(env, fraction_of(env, (int64_t) ends.upper, 1), scaled) >= 0);
}

#endif							/* OUTBOUND_SWEEP_TOLD_H */
