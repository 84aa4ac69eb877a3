/*
 * core.c
 *		Sized allocation for the pure core.
 */
#include "core/core.h"

/* allocate count * size bytes; an impossible size is CORE_TOO_LARGE and yields one unit */
void *
core_array(CoreEnv *env, size_t count, size_t size)
{
	size_t		total;

	if (__builtin_mul_overflow(count, size, &total) || total > SIZE_MAX / 4)
	{
		core_fail(env, CORE_TOO_LARGE);
		total = size;
	}
	return env->allocate(env->arg, total > 0 ? total : 1);
}
