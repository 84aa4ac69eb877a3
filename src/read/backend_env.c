/*
 * backend_env.c
 *		The core's surroundings inside the server.
 *
 * An environment is tied to the memory context that is current when it is made, so
 * that results of fraction_copy() and the like stay where the caller wants them
 * whatever context is current later.
 *
 * What an answer needs is measured where memory really goes: the contexts that hold graphs
 * and runs are watched, and every environment looks at their sum before it takes much
 * more.  A context that is reset or deleted, in an error too, leaves the watch by itself.
 */
#include "postgres.h"

#include <sys/mman.h>

#include "miscadmin.h"
#include "storage/pg_shmem.h"
#include "utils/memutils.h"

#include "core/fraction.h"
#include "outbound.h"
#include "read/backend_env.h"

#define LOOK_EVERY		((Size) 512 * 1024)	/* bytes taken between two looks at the sum */
#define LARGE_PAGE		((Size) 2 * 1024 * 1024)

typedef struct WatchedContext
{
	MemoryContextCallback gone; /* first */
	MemoryContext context;
	struct WatchedContext *next;
} WatchedContext;

static WatchedContext *watched = NULL;
static Size seen = 0;			/* the sum when last looked at */
static Size taken = 0;			/* since then */

/* A watched context is reset or deleted: the struct in it goes with it. */
static void
forget_context(void *arg)
{
	WatchedContext **link = &watched;

	while (*link != NULL && *link != arg)
		link = &(*link)->next;
	if (*link != NULL)
		*link = (*link)->next;
}

/* What it holds is counted already if an ancestor is watched. */
void
graph_memory_watch(MemoryContext context)
{
	WatchedContext *entry;

	for (MemoryContext above = context; above != NULL; above = above->parent)
		for (entry = watched; entry != NULL; entry = entry->next)
			if (entry->context == above)
				return;
	entry = MemoryContextAlloc(context, sizeof(WatchedContext));
	entry->context = context;
	entry->gone.func = forget_context;
	entry->gone.arg = entry;
	entry->next = watched;
	watched = entry;
	MemoryContextRegisterResetCallback(context, &entry->gone);
}

MemoryContext
graph_memory_create(MemoryContext parent, const char *name)
{
	/* the name is a constant of the callers' */
	MemoryContext context = AllocSetContextCreateInternal(parent, name, ALLOCSET_DEFAULT_SIZES);

	graph_memory_watch(context);
	return context;
}

/* Makes sure that so much more stays within the limit. */
static void
count_memory(Size size)
{
	Size		limit = (Size) outbound_max_graph_memory * 1024;

	if (size <= LOOK_EVERY - taken && seen + taken + size <= limit)
	{
		taken += size;
		return;
	}
	seen = taken = 0;
	for (WatchedContext *entry = watched; entry != NULL; entry = entry->next)
		seen += MemoryContextMemAllocated(entry->context, true);
	if (seen > limit || size > limit - seen)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the ownership graph needs more than outbound.max_graph_memory (%d kB)",
						outbound_max_graph_memory),
				 errhint("Raise outbound.max_graph_memory, or ask about fewer parties in one statement.")));
	taken = Min(size, LOOK_EVERY);
}

/* Asks for large pages where the system gives them to who asks: random access to many small ones is slow. */
static void
want_large_pages(void *area, Size size)
{
#ifdef MADV_HUGEPAGE
	uintptr_t	start = TYPEALIGN(LARGE_PAGE, (uintptr_t) area);
	uintptr_t	end = TYPEALIGN_DOWN(LARGE_PAGE, (uintptr_t) area + size);

	if (size >= LARGE_PAGE && start < end && huge_pages != HUGE_PAGES_OFF)
		(void) madvise((void *) start, end - start, MADV_HUGEPAGE);
#endif
}

static void *
backend_allocate(void *arg, size_t size)
{
	void	   *area;

	count_memory(size);
	area = MemoryContextAllocExtended((MemoryContext) arg, size, MCXT_ALLOC_HUGE);
	want_large_pages(area, size);
	return area;
}

static void
backend_poll(void *arg)
{
	CHECK_FOR_INTERRUPTS();
}

CoreEnv
backend_env(void)
{
	CoreEnv		env = {.allocate = backend_allocate, .poll = backend_poll, .arg = CurrentMemoryContext};

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
		case CORE_BUDGET:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("exact amounts in a ring of holdings would take too long"),
					 errdetail("The ring has too many parties, or shares with too many digits, to be solved exactly.")));
			break;
		case CORE_NO_CONVERGENCE:
			break;
	}
	elog(ERROR, "outbound core failed with status %d", (int) env->status);
}
