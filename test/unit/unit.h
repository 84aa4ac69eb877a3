/*
 * unit.h
 *		A small TAP harness for the pure core, with an environment over malloc.
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

/* every block is one malloc, so that the sanitizers see its ends; freed as a whole */
typedef struct UnitMemory
{
	void	  **blocks;
	size_t		n;
	size_t		room;
	size_t		bytes;
	size_t		polls;
} UnitMemory;

static int	unit_tests;
static int	unit_failures;

static void *
unit_allocate(void *arg, size_t size)
{
	UnitMemory *memory = arg;
	void	   *block = malloc(size);

	if (memory->n == memory->room)
	{
		memory->room = memory->room == 0 ? 64 : memory->room * 2;
		memory->blocks = realloc(memory->blocks, memory->room * sizeof(void *));
	}
	if (block == NULL || memory->blocks == NULL)
	{
		printf("Bail out! out of memory\n");
		exit(1);
	}
	memset(block, 0xA5, size);
	memory->bytes += size;
	memory->blocks[memory->n++] = block;
	return block;
}

static void
unit_poll(void *arg)
{
	((UnitMemory *) arg)->polls++;
}

static inline CoreEnv
unit_env(UnitMemory *memory)
{
	memset(memory, 0, sizeof(*memory));
	return (CoreEnv) {.allocate = unit_allocate, .poll = unit_poll, .arg = memory};
}

/* free everything allocated in an environment and forget its status */
static inline void
unit_reset(CoreEnv *env)
{
	UnitMemory *memory = env->arg;

	for (size_t i = 0; i < memory->n; i++)
		free(memory->blocks[i]);
	memory->n = 0;
	memory->bytes = 0;
	env->status = CORE_OK;
}

static inline void
unit_free(CoreEnv *env)
{
	unit_reset(env);
	free(((UnitMemory *) env->arg)->blocks);
}

/* one TAP line */
__attribute__((format(printf, 2, 3)))
static inline bool
ok(bool passed, const char *format,...)
{
	va_list		args;

	printf("%sok %d - ", passed ? "" : "not ", ++unit_tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	unit_failures += !passed;
	return passed;
}

static inline bool
is_text(const char *got, const char *expected, const char *what)
{
	bool		passed = ok(strcmp(got, expected) == 0, "%s", what);

	if (!passed)
		printf("#      got: %s\n# expected: %s\n", got, expected);
	return passed;
}

static inline bool
is_long(long got, long expected, const char *what)
{
	bool		passed = ok(got == expected, "%s", what);

	if (!passed)
		printf("#      got: %ld\n# expected: %ld\n", got, expected);
	return passed;
}

/* a repeatable pseudo-random number */
static inline uint64_t
unit_random(uint64_t *state)
{
	uint64_t	z = (*state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* print the plan; the program's exit code */
static inline int
unit_done(void)
{
	printf("1..%d\n", unit_tests);
	return unit_failures == 0 ? 0 : 1;
}

#endif							/* UNIT_H */
