/*
 * ring_budget.h
 *		How much an exact solution of a ring may cost.
 *
 * Work is counted in operations on 64 bits (CoreEnv.work), so that whether a ring is
 * solved never hangs on the machine or its load.
 */
#ifndef OUTBOUND_RING_BUDGET_H
#define OUTBOUND_RING_BUDGET_H

#include "model.h"

/* of one evaluation of one component, about two seconds: bench/ring_budget.c measures */
#define RING_BUDGET		UINT64_C(3000000000)

/* what an exact evaluation of a component of several nodes will take, roughly */
extern uint64_t ring_work(const Model *model, uint32_t component);

/*
 * Is that within the budget?  Where it is not, ring_solve() fails its environment with
 * CORE_BUDGET at once; where it is but the estimate was too low, as soon as the budget is
 * used up.
 */
extern bool ring_affordable(const Model *model, uint32_t component);

#endif							/* OUTBOUND_RING_BUDGET_H */
