/*
 * backend_env.c
 *		The core's surroundings inside the server.
 *
 * An environment is tied to the memory context that is current when it is made, so
 * that results of fraction_copy() and the like stay where the caller wants them
 * whatever context is current later.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "read/rules.h"

static void *
backend_allocate(void *arg, size_t size)
{
	return MemoryContextAllocExtended((MemoryContext) arg, size, MCXT_ALLOC_HUGE);
}

static void
backend_poll(void *arg)
{
	CHECK_FOR_INTERRUPTS();
}

CoreEnv
backend_env(void)
{
	CoreEnv		env = {backend_allocate, backend_poll, CurrentMemoryContext, CORE_OK, 0};

	return env;
}

void
core_check(const CoreEnv *env)
{
	switch (env->status)
	{
		case CORE_OK:
			return;
		case CORE_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("number is too large"),
					 errdetail("A numerator or denominator would exceed %d bits, or an array its limit.",
							   FRACTION_MAX_BITS)));
			break;
		case CORE_OUT_OF_RANGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("number is out of range")));
			break;
		case CORE_DIVISION_BY_ZERO:
			ereport(ERROR,
					(errcode(ERRCODE_DIVISION_BY_ZERO),
					 errmsg("division by zero")));
			break;
		case CORE_SYNTAX:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid syntax for a number")));
			break;
		case CORE_NO_CONVERGENCE:
			break;
	}
	elog(ERROR, "outbound core failed with status %d", (int) env->status);
}
