/*
 * arena.c
 *		Reusable memory for intermediate results; see arena.h.
 */
#include "arena.h"

#define ARENA_BLOCK_BYTES	((size_t) 64 * 1024)

/* Forwards a poll to the surroundings of the parent. */
static void
arena_poll(void *arg)
{
	Arena	   *arena = arg;

	arena->parent->poll(arena->parent->arg);
}

/* Takes size bytes from the current block, a later one, or a new one behind it. */
static void *
arena_allocate(void *arg, size_t size)
{
	Arena	   *arena = arg;
	ArenaBlock *block = arena->current;
	void	   *result;

	if (size > SIZE_MAX - 64)
	{
		core_fail(&arena->env, CORE_TOO_LARGE);
		size = 8;
	}
	size = (size + 7) & ~(size_t) 7;
	if (block == NULL || block->size - arena->used < size)
	{
		ArenaBlock *next = block ? block->next : arena->first;

		if (next == NULL || next->size < size)
		{
			size_t		bytes = size > ARENA_BLOCK_BYTES ? size : ARENA_BLOCK_BYTES;
			ArenaBlock *fresh = arena->parent->allocate(arena->parent->arg,
														sizeof(ArenaBlock) + bytes);

			fresh->size = bytes;
			fresh->next = next;
			if (block)
				block->next = fresh;
			else
				arena->first = fresh;
			next = fresh;
		}
		arena->current = block = next;
		arena->used = 0;
	}
	result = (char *) block->data + arena->used;
	arena->used += size;
	return result;
}

/* Makes an empty arena over the parent's memory. */
void
arena_init(Arena *arena, CoreEnv *parent)
{
	arena->env = (CoreEnv) {.allocate = arena_allocate, .poll = arena_poll, .arg = arena};
	arena->parent = parent;
	arena->first = arena->current = NULL;
	arena->used = 0;
}

/* Forgets everything allocated and keeps the blocks. */
void
arena_reset(Arena *arena)
{
	arena->current = NULL;
	arena->used = 0;
}

/* Tells whether work in the arena or its parent has failed. */
bool
arena_failed(Arena *arena)
{
	if (arena->env.status != CORE_OK)
		core_fail(arena->parent, arena->env.status);
	return arena->parent->status != CORE_OK;
}
