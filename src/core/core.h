/*
 * core.h
 *		What the pure core asks of its surroundings: memory, a place to notice
 *		interrupts, and one sticky status.
 *
 * The core knows no database.  Its caller supplies an allocator that never
 * returns NULL and whose memory is freed as a whole, and a poll function that
 * may not return (a cancelled query).  An operation that cannot be done sets
 * env->status once and returns a harmless value; callers look at the status at
 * the end of a unit of work.
 */
#ifndef OUTBOUND_CORE_H
#define OUTBOUND_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum CoreStatus
{
	CORE_OK = 0,
	CORE_TOO_LARGE,				/* a number over FRACTION_MAX_BITS, or a size over its limit */
	CORE_OUT_OF_RANGE,			/* negative where none may be; infinity minus infinity */
	CORE_DIVISION_BY_ZERO,
	CORE_SYNTAX,				/* text that is no number or share */
	CORE_NO_CONVERGENCE,		/* cannot happen: a fixpoint loop ran past its proved bound */
	CORE_BUDGET					/* an exact solution would take more work than it is worth: not decided */
} CoreStatus;

typedef struct CoreEnv
{
	void	   *(*allocate) (void *arg, size_t size);	/* 8-byte aligned */
	void		(*poll) (void *arg);	/* called at least every 1024 steps */
	void	   *arg;
	CoreStatus	status;			/* the first failure, or CORE_OK */
	uint32_t	steps;			/* since the last poll */
	uint64_t	work;			/* done, in operations on 64 bits, about a nanosecond each */
	uint64_t	work_limit;		/* CORE_BUDGET beyond; 0 is none */
} CoreEnv;

#define CORE_STEP_WORK	16		/* what a step counts for */

static inline void
core_fail(CoreEnv *env, CoreStatus status)
{
	if (env->status == CORE_OK)
		env->status = status;
}

static inline void
core_step(CoreEnv *env)
{
	env->work += CORE_STEP_WORK;
	if ((++env->steps & 1023) == 0)
		env->poll(env->arg);
}

/* takes back that the budget was used up, for whoever can do without the answer; true if it was */
static inline bool
core_over_budget(CoreEnv *env)
{
	if (env->status != CORE_BUDGET)
		return false;
	env->status = CORE_OK;
	return true;
}

/* counts work that is about to be done, beyond that of steps */
static inline void
core_work(CoreEnv *env, uint64_t amount)
{
	env->work += amount;
	if (env->work > env->work_limit && env->work_limit > 0)
		core_fail(env, CORE_BUDGET);
}

/* memset(), polling */
extern void core_fill(CoreEnv *env, void *area, int byte, size_t size);

/* sort numbers by heap, polling */
typedef bool (*CoreBefore) (const void *arg, uint32_t a, uint32_t b);
extern void core_sort(CoreEnv *env, uint32_t *numbers, uint32_t n, CoreBefore before, const void *arg);

/* count * size bytes; an overflow is CORE_TOO_LARGE and one unit is allocated */
extern void *core_array(CoreEnv *env, size_t count, size_t size);

#endif							/* OUTBOUND_CORE_H */
