/*
 * core.c
 *		Allocation, filling and sorting for the pure core, by size and polling.
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

void
core_sort(CoreEnv *env, uint32_t *numbers, uint32_t n, CoreBefore before, const void *arg)
{
	for (size_t phase = (size_t) n / 2 + n; phase-- > 1;)
	{
		size_t		end = phase >= n ? n : phase;
		size_t		at = phase >= n ? phase - n : 0;

		core_step(env);
		if (phase < n)
		{
			uint32_t	swap = numbers[0];

			numbers[0] = numbers[end];
			numbers[end] = swap;
		}
		while (2 * at + 1 < end)
		{
			size_t		child = 2 * at + 1;
			uint32_t	swap = numbers[at];

			if (child + 1 < end && before(arg, numbers[child], numbers[child + 1]))
				child++;
			if (!before(arg, numbers[at], numbers[child]))
				break;
			numbers[at] = numbers[child];
			numbers[child] = swap;
			at = child;
		}
	}
}
