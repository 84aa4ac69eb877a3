/*
 * share_fuzz.c
 *		Any text is a share that prints, reads back and compares equal, or is refused at
 *		a place inside it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/share_value.h"

#define ARENA_BLOCKS	4096

typedef struct Arena
{
	void	   *blocks[ARENA_BLOCKS];
	size_t		n;
} Arena;

static void *
arena_allocate(void *arg, size_t size)
{
	Arena	   *arena = arg;

	if (arena->n == ARENA_BLOCKS)
		abort();				/* a share needs few blocks */
	return arena->blocks[arena->n++] = malloc(size);
}

static void
arena_poll(void *arg)
{
	(void) arg;
}

static void
require(int promise)
{
	if (!promise)
		abort();
}

/* what holds for every share that was read */
static void
check_share(CoreEnv *env, const ShareValue *a)
{
	char	   *text = share_value_print(env, a);
	size_t		error_at = 0;
	ShareValue	b = share_value_parse(env, text, &error_at);
	ShareValue	sum;
	int			order = fraction_compare(env, a->lower, a->upper);

	require(env->status == CORE_OK);
	require(order < 0 || (order == 0 && !a->lower_open && !a->upper_open));
	require((order == 0) == share_value_is_exact(a));
	require(share_value_compare(env, a, &b) == 0);
	require(strcmp(text, share_value_print(env, &b)) == 0);
	sum = share_value_add(env, a, &b);
	require(env->status == CORE_OK);
	require(share_value_compare(env, &sum, a) >= 0);
}

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Arena arena;
	CoreEnv		env = {arena_allocate, arena_poll, &arena, CORE_OK, 0};
	char	   *text = malloc(size + 1);
	size_t		error_at = SIZE_MAX;
	ShareValue	a;

	memcpy(text, data, size);
	text[size] = '\0';
	a = share_value_parse(&env, text, &error_at);
	if (env.status == CORE_OK)
		check_share(&env, &a);
	else
		require(error_at <= strlen(text));
	while (arena.n > 0)
		free(arena.blocks[--arena.n]);
	free(text);
	return 0;
}
