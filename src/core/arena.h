/*
 * arena.h
 *		Memory for intermediate results, used again and again.
 *
 * The core's allocator never frees.  An arena takes blocks from it once, hands
 * them out in order and starts over when told; whatever shall survive is copied
 * (fraction_copy) into the parent's memory before.
 */
#ifndef OUTBOUND_ARENA_H
#define OUTBOUND_ARENA_H

#include "core.h"

typedef struct ArenaBlock
{
	struct ArenaBlock *next;
	size_t		size;			/* of data */
	uint64_t	data[];
} ArenaBlock;

typedef struct Arena
{
	CoreEnv		env;			/* allocate with this */
	CoreEnv    *parent;
	ArenaBlock *first;
	ArenaBlock *current;
	size_t		used;			/* bytes of current */
} Arena;

extern void arena_init(Arena *arena, CoreEnv *parent);

/* everything allocated since is gone */
extern void arena_reset(Arena *arena);

/* hands a failure over to the parent; true if either has failed */
extern bool arena_failed(Arena *arena);

#endif							/* OUTBOUND_ARENA_H */
