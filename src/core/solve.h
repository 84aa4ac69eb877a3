/*
 * solve.h
 *		Exact least solution of a small capped linear system with non-negative
 *		coefficients.
 */
#ifndef OUTBOUND_SOLVE_H
#define OUTBOUND_SOLVE_H

#include "fraction.h"

typedef struct SystemEntry
{
	uint32_t	column;
	Fraction	weight;			/* > 0 */
} SystemEntry;

/* y_i = min(cap_i, inflow_i + SUM over row i of weight * y_column), all >= 0 */
typedef struct CappedSystem
{
	uint32_t	n;
	Fraction   *inflow;
	Fraction   *cap;
	uint32_t   *n_entries;		/* of each row; a column at most once */
	SystemEntry **rows;
} CappedSystem;

/* y: n values, the least solution, exact */
extern void solve_capped(CoreEnv *env, const CappedSystem *system, Fraction *y);

#endif							/* OUTBOUND_SOLVE_H */
