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

uint64_t
sweep_forget_roughly(const SweepGraph *graph)
{
	return graph->n > SWEEP_LARGE_GRAPH || sweep_largest_ring(graph) > SWEEP_LARGE_RING ? SWEEP_ONE / 500 : 0;
}

/* Goes over components that are marked, or (NULL) all. */
static void
sweep_components(CoreEnv *env, SweepGraph *graph, const SweepOptions *options, const bool *marked)
{
	Sweep	   *sweep = sweep_create(env, graph, options);

	for (uint32_t i = 0; i < graph->components->n && env->status == CORE_OK; i++)
	{
		if (marked != NULL && !marked[i])
			continue;
		(void) sweep_component(sweep, i);
		sweep_close(sweep, i);
	}
}

/* What a request says to a sweep. */
static SweepOptions
options_of(const SweepRequest *request)
{
	return (SweepOptions) {.asked = request->asked, .only = NO_NODE, .forget = request->forget, .found = request->found,
		.arg = request->arg, .members_only = request->members_only, .withhold = request->withhold};
}

void
sweep_everybody(CoreEnv *env, SweepGraph *graph, const SweepRequest *request)
{
	SweepOptions options = options_of(request);

	sweep_components(env, graph, &options, NULL);
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
		pair->reason = finding->reason;
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

/* Marks all that the nodes marked so far rest on; what was left open of links there is open again. */
static void
find_above(CoreEnv *env, Asking *asking, SweepGraph *graph)
{
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
begin_marks(CoreEnv *env, Asking *asking, const SweepGraph *graph)
{
	asking->graph = graph;
	asking->above = core_array(env, graph->components->n, sizeof(bool));
	asking->stack = core_array(env, graph->n, sizeof(uint32_t));
	asking->n_stack = 0;
	if (env->status == CORE_OK)
		core_fill(env, asking->above, 0, graph->components->n * sizeof(bool));
	return env->status == CORE_OK;
}

/* Prepares the pairs, and marks their nodes; false if there is no memory. */
static bool
begin_asking(CoreEnv *env, Asking *asking, SweepGraph *graph, SweepPair *pairs, uint32_t n)
{
	if (!begin_marks(env, asking, graph))
		return false;
	asking->pairs = pairs;
	asking->first = core_array(env, graph->n, sizeof(uint32_t));
	asking->asked = core_array(env, (size_t) graph->n + 1, sizeof(bool));
	if (env->status != CORE_OK)
		return false;
	core_fill(env, asking->first, 0xff, graph->n * sizeof(uint32_t));
	core_fill(env, asking->asked, 0, ((size_t) graph->n + 1) * sizeof(bool));
	for (uint32_t i = 0; i < n; i++)
	{
		asking->asked[pairs[i].root] = true;
		/* who is not told of has nothing that matters */
		pairs[i].status = TERNARY_FALSE;
		pairs[i].reason = -4;
		pairs[i].is_told = false;
		pairs[i].next = asking->first[pairs[i].node];
		asking->first[pairs[i].node] = i;
		mark_above(asking, pairs[i].node);
	}
	return true;
}

void
sweep_pairs(CoreEnv *env, SweepGraph *graph, SweepPair *pairs, uint32_t n, uint64_t forget)
{
	Asking		asking;
	SweepOptions options = {.only = NO_NODE, .forget = forget, .found = take_pair, .arg = &asking};

	if (n == 0 || !begin_asking(env, &asking, graph, pairs, n))
		return;
	find_above(env, &asking, graph);
	options.asked = asking.asked;
	sweep_components(env, graph, &options, asking.above);
}

/* a request about some nodes, and which they are */
typedef struct SomeNodes
{
	const SweepRequest *request;
	bool	   *wanted;
} SomeNodes;

static void
take_wanted(void *arg, uint32_t node, const SweepFinding *finding)
{
	const SomeNodes *some = arg;

	if (some->wanted[node])
		some->request->found(some->request->arg, node, finding);
}

void
sweep_nodes(CoreEnv *env, SweepGraph *graph, const uint32_t *nodes, uint32_t n, const SweepRequest *request)
{
	Asking		asking;
	SomeNodes	some = {request, core_array(env, graph->n, sizeof(bool))};
	SweepOptions options = options_of(request);

	if (n == 0 || !begin_marks(env, &asking, graph))
		return;
	core_fill(env, some.wanted, 0, graph->n * sizeof(bool));
	for (uint32_t i = 0; i < n; i++)
	{
		some.wanted[nodes[i]] = true;
		mark_above(&asking, nodes[i]);
	}
	find_above(env, &asking, graph);
	options.found = take_wanted;
	options.arg = &some;
	sweep_components(env, graph, &options, asking.above);
}
