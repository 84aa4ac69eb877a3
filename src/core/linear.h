/*
 * linear.h
 *		Exact solution of a linear system with non-negative coefficients.
 */
#ifndef OUTBOUND_LINEAR_H
#define OUTBOUND_LINEAR_H

#include "solve.h"

/*
 * y_i = inflow_i + SUM over row i of weight * y_column for the unknowns in `in`, each of which
 * an inflow or a y given for the others reaches; caps are of no account.  False, and
 * anything in y, if no solution is finite and not negative.
 */
extern bool linear_solve(CoreEnv *env, const CappedSystem *system, const bool *in, Fraction *y);

#endif							/* OUTBOUND_LINEAR_H */
