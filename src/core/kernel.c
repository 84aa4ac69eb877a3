/*
 * kernel.c
 *		The kernel's front: a cone prepared once, attributions for any seeds over it.
 *
 * Components are taken in topological order, holders first, so nothing a component
 * raises can affect an earlier one; inside a ring see ring.c.  An attribution costs the
 * size of the cone, times the rounds of its rings.
 */
#include <stdlib.h>
#include <string.h>

#include "controlling.h"
#include "kernel_parts.h"
#include "ring_budget.h"

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
	kernel->exact_left = RING_BUDGET * 2;
	kernel->amounts_left = RING_BUDGET / 2;
	arena_init(&kernel->scratch, env);
	arena_init(&kernel->middle, env);
	model_build(env, &kernel->model, graph, nodes, n_nodes, &kernel->test, run);
	if (env->status == CORE_OK)
		run_create(env, &kernel->run, &kernel->model, &kernel->scratch);
	if (env->status == CORE_OK)
		search_create(env, &kernel->search, &kernel->model);
	return kernel;
}

/*
 * Makes sure the parent bits are there.  Those of the seeds' own links are never asked:
 * what a seed is by itself a parent of is a member of the pool, and counts whole anyway.
 */
void
kernel_decide_links(Kernel *kernel)
{
	if (kernel->test.link != LINK_LITERAL || kernel->test.below != PASS_PROPORTION)
		return;
	if (!kernel->links_decided)
		links_decide(&kernel->run, &kernel->search, &kernel->middle, forget_if_large(kernel, FORGET_ROUGHLY));
	kernel->links_decided = true;
}

bool
kernel_has_doubts(Kernel *kernel)
{
	const Components *c = &kernel->model.components;
	uint64_t	n_links = 1;
	uint64_t	work = 0;

	if (kernel->test.link != LINK_LITERAL || kernel->test.below != PASS_PROPORTION || kernel->model.upper ||
		kernel->env->status != CORE_OK)
		return false;
	for (uint32_t i = 0; i < c->n; i++)
	{
		if (c->start[i + 1] - c->start[i] == 1)
			continue;
		work += ring_work(&kernel->model, i);
		work = work < RING_BUDGET ? work : RING_BUDGET;
		for (uint32_t j = c->start[i]; j < c->start[i + 1]; j++)
			n_links += kernel->model.nodes[c->members[j]].n_links;
	}
	/* small rings are not worth a look: all their links can be decided */
	if (work == 0 || n_links <= RING_BUDGET / work)
		return false;
	kernel_decide_links(kernel);
	kernel->doubts_told = true;
	return kernel->run.doubtful != NULL;
}

bool
kernel_has_guessed(const Kernel *kernel)
{
	return kernel->run.guessed;
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
	a->cause_rank = core_array(env, n, sizeof(uint32_t));
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
		a->rank[i] = a->cause_rank[i] = UINT32_MAX;
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
		Cause		member = run_membership(&kernel->run, i);

		core_step(kernel->env);
		a->status[node] = member.rank != UINT32_MAX;
		a->rank[node] = member.rank;
		a->depth[node] = s->depth;
		a->reason[node] = member.reason;
		a->whole[node] = s->whole;
		a->cause[node] = s->cause;
		a->cause_rank[node] = s->whole ? s->depth : s->rank;
		a->support[node] = s->support;
		for (size_t k = 0; k < n_measures; k++)
		{
			a->amount[k][node] = kernel->run.amount[i * n_measures + k];
			a->factor[k][node] = kernel->run.factor[i * n_measures + k];
		}
		run_forget(&kernel->run, i);
	}
}

/* The local numbers of distinct seeds in the cone. */
uint32_t
kernel_local_seeds(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, uint32_t *local)
{
	uint32_t	n_local = 0;

	for (uint32_t i = 0; i < n_seeds && kernel->env->status == CORE_OK; i++)
	{
		uint32_t	seed = model_find(&kernel->model, seeds[i]);

		if (seed == NO_NODE || kernel->run.queued[seed])
			continue;
		kernel->run.queued[seed] = true;	/* seen once */
		local[n_local++] = seed;
	}
	for (uint32_t i = 0; i < n_local; i++)
		kernel->run.queued[local[i]] = false;
	return n_local;
}

/* Makes the seeds members; what they hold themselves counts as told where the test says so. */
void
kernel_begin_run(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds)
{
	for (uint32_t i = 0; i < n_seeds; i++)
		run_seed(&kernel->run, seeds[i]);
	for (uint32_t i = 0; kernel->test.control_counts == CONTROL_BEYOND_SEEDS && i < n_seeds; i++)
		controlling_seed(&kernel->model, seeds[i], false);
}

void
kernel_end_run(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds)
{
	for (uint32_t i = 0; kernel->test.control_counts == CONTROL_BEYOND_SEEDS && i < n_seeds; i++)
		controlling_seed(&kernel->model, seeds[i], true);
}

/* what may still be spent on rings, and what a single one may cost */
typedef struct RingMoney
{
	uint64_t	left;
	uint64_t	limit;
	bool	   *open;			/* by place: what hangs on a ring that was too dear, and of a seed in one what it is held by */
	bool		any_open;
} RingMoney;

#define SMALL_RING	(RING_BUDGET / 10000)	/* no dearer than the parties themselves */

/* Is there enough for a ring?  Takes it. */
static bool
pay_ring(const Kernel *kernel, uint32_t component, RingMoney *money)
{
	uint64_t	work = ring_work(&kernel->model, component);

	if (work <= SMALL_RING)
		return true;
	if (work > money->limit || work > money->left)
		return false;
	money->left -= work;
	return true;
}

/* Does a component hang on one that is open, or is it a ring itself that cannot be afforded? */
static bool
hangs_on_open(const Kernel *kernel, uint32_t component, RingMoney *money)
{
	const Components *c = &kernel->model.components;
	bool		touched = false;

	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		const ModelNode *m = &kernel->model.nodes[c->members[i]];

		if (kernel_is_doubtful(kernel, c->members[i]))
			return true;
		for (uint32_t j = 0; j < m->n_links + m->n_principals; j++)
		{
			uint32_t	above = j < m->n_links ? m->links[j].holder : m->principals[j - m->n_links];

			core_step(kernel->env);
			if (money->open[above] && kernel->run.state[above].reason != -1)
				return true;
		}
		touched = touched || run_is_touched(&kernel->run, c->members[i]);
	}
	return touched && c->start[component + 1] - c->start[component] > 1 && !pay_ring(kernel, component, money);
}

/* Leaves a component open, and forgets how far it had come. */
static void
leave_open(Kernel *kernel, uint32_t component, RingMoney *money)
{
	const Components *c = &kernel->model.components;

	money->any_open = true;
	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		if (kernel->run.state[c->members[i]].reason != -1)
			run_forget(&kernel->run, c->members[i]);
		money->open[c->members[i]] = true;
	}
}

/* Evaluates component after component; with money, but what hangs on a ring that is too dear. */
static void
evaluate(Kernel *kernel, RingMoney *money)
{
	for (uint32_t i = 0; i < kernel->model.components.n && !run_failed(&kernel->run); i++)
	{
		bool		skip = money != NULL && hangs_on_open(kernel, i, money);

		if (!skip)
			run_component(&kernel->run, i);
		if (skip || (money != NULL && run_over_budget(&kernel->run)))
			leave_open(kernel, i, money);
		else
			run_report(&kernel->run, i);
	}
}

/* Attributes the cone to one pool of seeds; with money, as far as that goes. */
static Attribution *
attribute(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, bool by_place, RingMoney *money)
{
	CoreEnv    *env = kernel->env;
	uint32_t	n_nodes = by_place ? kernel->model.n : graph_size(kernel->model.graph);
	uint32_t   *local = core_array(env, n_seeds, sizeof(uint32_t));
	uint32_t	n_local;
	Attribution *a;

	if (env->status != CORE_OK)
		return empty_attribution(env, 0, 0);
	a = empty_attribution(env, n_nodes, kernel->test.n_measures);
	n_local = kernel_local_seeds(kernel, seeds, n_seeds, local);
	kernel_decide_links(kernel);
	kernel->run.keep = env;
	kernel->run.root = n_local == 1 ? local[0] : NO_NODE;
	a->root = n_local == 1 ? kernel->model.nodes[local[0]].node : UINT32_MAX;
	kernel_begin_run(kernel, local, n_local);
	evaluate(kernel, money);
	kernel_end_run(kernel, local, n_local);
	if (env->status == CORE_OK)
		publish(kernel, a, by_place);
	return a;
}

Attribution *
kernel_attribute(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds)
{
	return attribute(kernel, seeds, n_seeds, false, NULL);
}

Attribution *
kernel_attribute_cone(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds)
{
	return attribute(kernel, seeds, n_seeds, true, NULL);
}

Attribution *
kernel_attribute_affordable(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, bool by_place,
							RingLimit limit, bool **open)
{
	RingMoney	money = {RING_BUDGET, limit == RINGS_OF_POOL ? RING_BUDGET : RING_BUDGET / AMOUNT_PART};
	Attribution *a;

	*open = NULL;
	money.open = core_array(kernel->env, kernel->model.n, sizeof(bool));
	if (kernel->env->status == CORE_OK)
		core_fill(kernel->env, money.open, 0, kernel->model.n * sizeof(bool));
	a = attribute(kernel, seeds, n_seeds, by_place, &money);
	if (money.any_open)
		*open = money.open;
	return a;
}

uint32_t
kernel_place(const Kernel *kernel, NodeId node)
{
	return model_find(&kernel->model, node);
}
