/*
 * sweep_pairs.c
 *		Sweeps over a whole graph: first of every root, then of the pairs of a root and a
 *		node that it has left open.
 *
 * The pairs share few roots and what they rest on, so that one sweep more answers all of them
 * at a precision that would be too dear for everybody.
 */
#include <string.h>

#include "sweep_census.h"

/* over which a sweep forgets what is less than a five hundredth */
#define LARGE_GRAPH	2000
#define LARGE_RING	40

uint32_t
sweep_largest_ring(const SweepGraph *graph)
{
	const Components *c = graph->components;
	uint32_t	largest = 0;

	for (uint32_t i = 0; i < c->n; i++)
		if (c->start[i + 1] - c->start[i] > 1 && c->start[i + 1] - c->start[i] > largest)
			largest = c->start[i + 1] - c->start[i];
	return largest;
}

void
sweep_everybody(CoreEnv *env, SweepGraph *graph, const bool *asked, bool members_only,
				void (*found) (void *arg, uint32_t node, const SweepFinding *finding), void *arg)
{
	SweepOptions options = {.asked = asked, .only = NO_NODE, .found = found, .arg = arg, .members_only = members_only};
	Sweep	   *sweep;

	if (graph->n > LARGE_GRAPH || sweep_largest_ring(graph) > LARGE_RING)
		options.forget = SWEEP_ONE / 500;
	sweep = sweep_create(env, graph, &options);
	for (uint32_t i = 0; i < graph->components->n && env->status == CORE_OK; i++)
	{
		(void) sweep_component(sweep, i);
		sweep_close(sweep, i);
	}
}

/* pairs that are asked about, by node */
typedef struct Asking
{
	const SweepGraph *graph;
	SweepPair  *pairs;
	uint32_t   *first;			/* by node: a pair, or NO_NODE */
	bool	   *asked;			/* by root; the last: nobody */
	bool	   *above;			/* by component: some pair's node rests on it */
	uint32_t   *stack;
	uint32_t	n_stack;
} Asking;

/* What is told of a root; of nobody, it holds for who is not told of. */
static void
take_pair(void *arg, uint32_t node, const SweepFinding *finding)
{
	Asking	   *asking = arg;

	for (uint32_t i = asking->first[node]; i != NO_NODE; i = asking->pairs[i].next)
	{
		SweepPair  *pair = &asking->pairs[i];

		if (pair->root == finding->root)
			pair->is_told = true;
		else if (pair->is_told || finding->root != asking->graph->n)
			continue;
		pair->status = finding->status;
	}
}

/* Marks a node's component, once. */
static void
mark_above(Asking *asking, uint32_t node)
{
	const Components *c = asking->graph->components;

	if (asking->above[c->of[node]])
		return;
	asking->above[c->of[node]] = true;
	for (uint32_t i = c->start[c->of[node]]; i < c->start[c->of[node] + 1]; i++)
		asking->stack[asking->n_stack++] = c->members[i];
}

/* Marks all that the pairs' nodes rest on; what was left open of links there is open again. */
static void
find_above(CoreEnv *env, Asking *asking, SweepGraph *graph, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		mark_above(asking, asking->pairs[i].node);
	while (asking->n_stack > 0)
	{
		uint32_t	node = asking->stack[--asking->n_stack];

		core_step(env);
		for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
		{
			graph->link[i] &= (uint8_t) ~SWEEP_MAYBE;
			mark_above(asking, graph->holder[i]);
		}
		for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
			mark_above(asking, graph->principal[i]);
	}
}

/* Prepares the marks; false if there is no memory. */
static bool
begin_asking(CoreEnv *env, Asking *asking, SweepGraph *graph, SweepPair *pairs, uint32_t n)
{
	asking->graph = graph;
	asking->pairs = pairs;
	asking->first = core_array(env, graph->n, sizeof(uint32_t));
	asking->asked = core_array(env, (size_t) graph->n + 1, sizeof(bool));
	asking->above = core_array(env, graph->components->n, sizeof(bool));
	asking->stack = core_array(env, graph->n, sizeof(uint32_t));
	asking->n_stack = 0;
	if (env->status != CORE_OK)
		return false;
	core_fill(env, asking->first, 0xff, graph->n * sizeof(uint32_t));
	core_fill(env, asking->asked, 0, ((size_t) graph->n + 1) * sizeof(bool));
	core_fill(env, asking->above, 0, graph->components->n * sizeof(bool));
	for (uint32_t i = 0; i < n; i++)
	{
		asking->asked[pairs[i].root] = true;
		/* who is not told of has nothing that matters */
		pairs[i].status = TERNARY_FALSE;
		pairs[i].is_told = false;
		pairs[i].next = asking->first[pairs[i].node];
		asking->first[pairs[i].node] = i;
	}
	return true;
}

void
sweep_pairs(CoreEnv *env, SweepGraph *graph, SweepPair *pairs, uint32_t n, uint64_t forget)
{
	Asking		asking;
	SweepOptions options = {.only = NO_NODE, .forget = forget, .found = take_pair, .arg = &asking};
	Sweep	   *sweep;

	if (n == 0 || !begin_asking(env, &asking, graph, pairs, n))
		return;
	find_above(env, &asking, graph, n);
	options.asked = asking.asked;
	sweep = sweep_create(env, graph, &options);
	for (uint32_t i = 0; i < graph->components->n && env->status == CORE_OK; i++)
	{
		if (!asking.above[i])
			continue;
		(void) sweep_component(sweep, i);
		sweep_close(sweep, i);
	}
}
