/*
 * core.c
 *		Allocation and filling by size for the pure core.
 */
#include <string.h>

#include "core/core.h"

#define FILL_BYTES	((size_t) 4 * 1024 * 1024)	/* about a millisecond */

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

/* set an area of any size, a few megabytes between two polls */
void
core_fill(CoreEnv *env, void *area, int byte, size_t size)
{
	for (size_t at = 0; at < size; at += FILL_BYTES)
	{
		if (at > 0)
			env->poll(env->arg);
		memset((char *) area + at, byte, size - at < FILL_BYTES ? size - at : FILL_BYTES);
	}
}
