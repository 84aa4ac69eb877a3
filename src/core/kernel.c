/*
 * kernel.c
 *		The kernel's front: a cone prepared once, attributions for any seeds over it.
 *
 * Components are taken in topological order, holders first, so nothing a component
 * raises can affect an earlier one; inside a ring see ring.c.  An attribution costs the
 * size of the cone, times the rounds of its rings.
 */
#include <string.h>

#include "kernel_parts.h"

/* Prepares a cone for a test. */
Kernel *
kernel_create(CoreEnv *env, const Graph *graph, const NodeId *nodes, uint32_t n_nodes,
			  const OwnershipTest *test, KernelRun run)
{
	Kernel	   *kernel = core_array(env, 1, sizeof(Kernel));

	memset(kernel, 0, sizeof(Kernel));
	kernel->env = env;
	kernel->test = *test;
	if (!test->status_feeds_back)
		kernel->test.link = LINK_PRODUCT;	/* no gate inside the recursion, not even a link's */
	kernel->reach_root = NO_NODE;
	arena_init(&kernel->scratch, env);
	arena_init(&kernel->middle, env);
	model_build(env, &kernel->model, graph, nodes, n_nodes, &kernel->test, run);
	if (env->status == CORE_OK)
		run_create(env, &kernel->run, &kernel->model, &kernel->scratch);
	if (env->status == CORE_OK)
		search_create(env, &kernel->search, &kernel->model);
	return kernel;
}

/* Makes sure the parent bits that these seeds need are there. */
static void
decide_links(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds)
{
	if (kernel->test.link != LINK_LITERAL || kernel->test.below != PASS_PROPORTION)
		return;
	kernel->reach_root = NO_NODE;
	if (!kernel->links_decided)
		links_decide(&kernel->run, &kernel->search, &kernel->middle);
	kernel->links_decided = true;
	for (uint32_t i = 0; i < n_seeds && n_seeds > 1; i++)
		links_decide_source(&kernel->run, &kernel->middle, seeds[i]);
}

/* Allocates an attribution in which nobody has anything. */
static Attribution *
empty_attribution(CoreEnv *env, uint32_t n, int n_measures)
{
	Attribution *a = core_array(env, 1, sizeof(Attribution));

	memset(a, 0, sizeof(Attribution));
	a->status = core_array(env, n, sizeof(bool));
	a->rank = core_array(env, n, sizeof(uint32_t));
	a->depth = core_array(env, n, sizeof(uint32_t));
	a->reason = core_array(env, n, sizeof(int8_t));
	a->whole = core_array(env, n, sizeof(bool));
	a->cause = core_array(env, n, sizeof(int8_t));
	a->support = core_array(env, n, sizeof(Bound *));
	for (int k = 0; k < n_measures; k++)
	{
		a->amount[k] = core_array(env, n, sizeof(Bound));
		a->factor[k] = core_array(env, n, sizeof(Bound));
	}
	if (env->status != CORE_OK)
		return a;
	a->n_nodes = n;
	for (uint32_t i = 0; i < n; i++)
	{
		core_step(env);
		a->status[i] = a->whole[i] = false;
		a->rank[i] = UINT32_MAX;
		a->depth[i] = 0;
		a->reason[i] = a->cause[i] = -4;
		a->support[i] = NULL;
		for (int k = 0; k < n_measures; k++)
			a->amount[k][i] = a->factor[k][i] = (Bound) {FRACTION_ZERO, false};
	}
	return a;
}

/* Copies the state of the run into an attribution, by NodeId or by place, and forgets it. */
static void
publish(Kernel *kernel, Attribution *a, bool by_place)
{
	size_t		n_measures = (size_t) kernel->test.n_measures;

	for (uint32_t i = 0; i < kernel->model.n; i++)
	{
		uint32_t	node = by_place ? i : kernel->model.nodes[i].node;
		const NodeState *s = &kernel->run.state[i];

		core_step(kernel->env);
		a->status[node] = s->status;
		a->rank[node] = s->rank;
		a->depth[node] = s->depth;
		a->reason[node] = s->reason;
		a->whole[node] = s->whole;
		a->cause[node] = s->cause;
		a->support[node] = s->support;
		for (size_t k = 0; k < n_measures; k++)
		{
			a->amount[k][node] = kernel->run.amount[i * n_measures + k];
			a->factor[k][node] = kernel->run.factor[i * n_measures + k];
		}
		run_forget(&kernel->run, i);
	}
}

/* Attributes the cone to one pool of seeds. */
static Attribution *
attribute(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, bool by_place)
{
	CoreEnv    *env = kernel->env;
	uint32_t	n_nodes = by_place ? kernel->model.n : graph_size(kernel->model.graph);
	uint32_t   *local = core_array(env, n_seeds, sizeof(uint32_t));
	uint32_t	n_local = 0;
	Attribution *a;

	if (env->status != CORE_OK)
		return empty_attribution(env, 0, 0);
	a = empty_attribution(env, n_nodes, kernel->test.n_measures);
	for (uint32_t i = 0; i < n_seeds && env->status == CORE_OK; i++)
	{
		uint32_t	seed = model_find(&kernel->model, seeds[i]);

		if (seed == NO_NODE || kernel->run.queued[seed])
			continue;
		kernel->run.queued[seed] = true;	/* seen once */
		local[n_local++] = seed;
	}
	for (uint32_t i = 0; i < n_local; i++)
		kernel->run.queued[local[i]] = false;
	decide_links(kernel, local, n_local);
	kernel->run.keep = env;
	kernel->run.root = n_local == 1 ? local[0] : NO_NODE;
	a->root = n_local == 1 ? kernel->model.nodes[local[0]].node : UINT32_MAX;
	for (uint32_t i = 0; i < n_local; i++)
		run_seed(&kernel->run, local[i]);
	for (uint32_t i = 0; i < kernel->model.components.n && !run_failed(&kernel->run); i++)
		run_component(&kernel->run, i);
	if (env->status == CORE_OK)
		publish(kernel, a, by_place);
	return a;
}

Attribution *
kernel_attribute(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds)
{
	return attribute(kernel, seeds, n_seeds, false);
}

Attribution *
kernel_attribute_cone(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds)
{
	return attribute(kernel, seeds, n_seeds, true);
}

uint32_t
kernel_place(const Kernel *kernel, NodeId node)
{
	return model_find(&kernel->model, node);
}

/* Mass test: could target have status if everything root reaches counted whole? */
bool
kernel_may_reach(Kernel *kernel, NodeId root, NodeId target)
{
	uint32_t	from = model_find(&kernel->model, root);
	uint32_t	to = model_find(&kernel->model, target);

	if (kernel->env->status != CORE_OK || root == target)
		return true;
	if (from == NO_NODE || to == NO_NODE)
		return false;
	if (kernel->reach_root != from)
		search_downstream(kernel->env, &kernel->search, &kernel->model, from, UINT32_MAX);
	kernel->reach_root = from;
	return search_may_pass(&kernel->run, &kernel->search, to);
}
