/*
 * kernel.c
 *		The kernel's front: a cone prepared once, attributions for any seeds over it.
 *
 * Components are taken in topological order, holders first, so nothing a component
 * raises can affect an earlier one; inside a ring see ring.c.  An attribution costs the
 * size of the cone, times the rounds of its rings.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "controlling.h"
#include "kernel_parts.h"

/* over which a sweep forgets ten thousandths */
#define LARGE_CONE	2000
#define LARGE_RING	40

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

/* The kernel's quick enclosures. */
static Enclosure *
enclosure_of(Kernel *kernel)
{
	if (kernel->enclosure == NULL)
		kernel->enclosure = enclosure_create(kernel->env, &kernel->model);
	return kernel->enclosure;
}

/*
 * Makes sure the parent bits are there.  Those of the seeds' own links are never asked:
 * what a seed is by itself a parent of is a member of the pool, and counts whole anyway.
 */
static void
decide_links(Kernel *kernel)
{
	if (kernel->test.link != LINK_LITERAL || kernel->test.below != PASS_PROPORTION)
		return;
	kernel->reach_root = NO_NODE;
	if (!kernel->links_decided)
		links_decide(&kernel->run, &kernel->search, &kernel->middle);
	kernel->links_decided = true;
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

/* The local numbers of distinct seeds in the cone. */
static uint32_t
local_seeds(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, uint32_t *local)
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
static void
begin_run(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds)
{
	for (uint32_t i = 0; i < n_seeds; i++)
		run_seed(&kernel->run, seeds[i]);
	for (uint32_t i = 0; kernel->test.control_counts == CONTROL_BEYOND_SEEDS && i < n_seeds; i++)
		controlling_seed(&kernel->model, seeds[i], false);
}

static void
end_run(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds)
{
	for (uint32_t i = 0; kernel->test.control_counts == CONTROL_BEYOND_SEEDS && i < n_seeds; i++)
		controlling_seed(&kernel->model, seeds[i], true);
}

/* Attributes the cone to one pool of seeds. */
static Attribution *
attribute(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, bool by_place)
{
	CoreEnv    *env = kernel->env;
	uint32_t	n_nodes = by_place ? kernel->model.n : graph_size(kernel->model.graph);
	uint32_t   *local = core_array(env, n_seeds, sizeof(uint32_t));
	uint32_t	n_local;
	Attribution *a;

	if (env->status != CORE_OK)
		return empty_attribution(env, 0, 0);
	a = empty_attribution(env, n_nodes, kernel->test.n_measures);
	n_local = local_seeds(kernel, seeds, n_seeds, local);
	decide_links(kernel);
	kernel->run.keep = env;
	kernel->run.root = n_local == 1 ? local[0] : NO_NODE;
	a->root = n_local == 1 ? kernel->model.nodes[local[0]].node : UINT32_MAX;
	begin_run(kernel, local, n_local);
	for (uint32_t i = 0; i < kernel->model.components.n && !run_failed(&kernel->run); i++)
		run_component(&kernel->run, i);
	for (uint32_t i = 0; kernel->test.reports && i < kernel->model.n && !run_failed(&kernel->run); i++)
		run_report(&kernel->run, i);
	end_run(kernel, local, n_local);
	if (env->status == CORE_OK)
		publish(kernel, a, by_place);
	return a;
}

/* Does a component hang on one that is open, or is it a ring itself that cannot be afforded? */
static bool
hangs_on_open(const Kernel *kernel, uint32_t component, const bool *open)
{
	const Components *c = &kernel->model.components;
	bool		touched = false;

	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		const ModelNode *m = &kernel->model.nodes[c->members[i]];

		for (uint32_t j = 0; j < m->n_links + m->n_principals; j++)
		{
			core_step(kernel->env);
			if (open[j < m->n_links ? m->links[j].holder : m->principals[j - m->n_links]])
				return true;
		}
		touched = touched || run_is_touched(&kernel->run, c->members[i]);
	}
	return touched && !ring_is_affordable(&kernel->model, component);
}

Attribution *
kernel_attribute_affordable(Kernel *kernel, NodeId root, bool **open)
{
	CoreEnv    *env = kernel->env;
	const Components *c = &kernel->model.components;
	uint32_t	local = model_find(&kernel->model, root);
	bool	   *is_open = core_array(env, kernel->model.n, sizeof(bool));
	Attribution *a = empty_attribution(env, kernel->model.n, kernel->test.n_measures);

	*open = NULL;
	if (env->status != CORE_OK || local == NO_NODE)
		return a;
	memset(is_open, 0, kernel->model.n * sizeof(bool));
	decide_links(kernel);
	kernel->run.keep = env;
	kernel->run.root = local;
	a->root = root;
	begin_run(kernel, &local, 1);
	for (uint32_t i = 0; i < c->n && !run_failed(&kernel->run); i++)
		if (!hangs_on_open(kernel, i, is_open))
			run_component(&kernel->run, i);
		else
			for (uint32_t j = c->start[i]; j < c->start[i + 1]; j++)
			{
				is_open[c->members[j]] = c->members[j] != local;
				*open = is_open;
			}
	for (uint32_t i = 0; kernel->test.reports && i < kernel->model.n && !run_failed(&kernel->run); i++)
		run_report(&kernel->run, i);
	end_run(kernel, &local, 1);
	if (env->status == CORE_OK)
		publish(kernel, a, true);
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

/* Orders component numbers. */
static int
component_order(const void *a, const void *b)
{
	uint32_t	x = *(const uint32_t *) a;
	uint32_t	y = *(const uint32_t *) b;

	return x < y ? -1 : x > y;
}

/*
 * The components between seeds and a last one, in order: those the seeds reach, or all
 * where undisclosed mass reaches everywhere.
 */
static uint32_t
components_between(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds, uint32_t last, uint32_t *order)
{
	const Model *model = &kernel->model;
	const Components *c = &model->components;
	uint32_t   *reached = kernel->search.stack;
	uint32_t	n = 0;
	uint32_t	n_order = 0;

	if (model->run == RUN_UNDISCLOSED)
	{
		for (uint32_t i = 0; i <= last; i++)
			order[n_order++] = i;
		return n_order;
	}
	kernel->reach_root = NO_NODE;
	search_begin(&kernel->search, model);
	for (uint32_t i = 0; i < n_seeds; i++)
	{
		kernel->search.seen[seeds[i]] = kernel->search.stamp;
		reached[n++] = seeds[i];
	}
	for (uint32_t at = 0; at < n; at++)
		for (uint32_t j = model->held_start[reached[at]]; j < model->held_start[reached[at] + 1]; j++)
		{
			uint32_t	held = model->held[j];

			core_step(kernel->env);
			if (kernel->search.seen[held] == kernel->search.stamp || c->of[held] > last)
				continue;
			kernel->search.seen[held] = kernel->search.stamp;
			reached[n++] = held;
		}
	for (uint32_t i = 0; i < n; i++)
		order[i] = c->of[reached[i]];
	qsort(order, n, sizeof(uint32_t), component_order);
	for (uint32_t i = 0; i < n; i++)
		if (n_order == 0 || order[i] != order[n_order - 1])
			order[n_order++] = order[i];
	return n_order;
}

/* Forgets the members of some components. */
static void
forget_components(Kernel *kernel, const uint32_t *order, uint32_t n_order)
{
	const Components *c = &kernel->model.components;

	for (uint32_t i = 0; i < n_order; i++)
		for (uint32_t j = c->start[order[i]]; j < c->start[order[i] + 1]; j++)
			run_forget(&kernel->run, c->members[j]);
}

/*
 * Of components in order, those that target rests on: what else the seeds reach cannot
 * matter to it.  Gives their number.
 */
static uint32_t
components_above_target(Kernel *kernel, uint32_t target, uint32_t *order, uint32_t n_order)
{
	const Model *model = &kernel->model;
	const Components *c = &model->components;
	uint32_t   *above = kernel->search.stack;
	uint32_t	n = 0;
	uint32_t	n_kept = 0;

	kernel->reach_root = NO_NODE;
	search_begin(&kernel->search, model);
	kernel->search.seen[target] = kernel->search.stamp;
	above[n++] = target;
	for (uint32_t at = 0; at < n; at++)
	{
		const ModelNode *m = &model->nodes[above[at]];

		for (uint32_t j = 0; j < m->n_links + m->n_principals; j++)
		{
			uint32_t	holder = j < m->n_links ? m->links[j].holder : m->principals[j - m->n_links];

			core_step(kernel->env);
			if (kernel->search.seen[holder] == kernel->search.stamp)
				continue;
			kernel->search.seen[holder] = kernel->search.stamp;
			above[n++] = holder;
		}
	}
	for (uint32_t i = 0; i < n_order; i++)
		if (kernel->search.seen[c->members[c->start[order[i]]]] == kernel->search.stamp)
			order[n_kept++] = order[i];
	return n_kept;
}

/* Are the rings of some components small enough for exact numbers? */
static bool
is_affordable(const Kernel *kernel, uint32_t n_order)
{
	for (uint32_t i = 0; i < n_order; i++)
		if (!ring_is_affordable(&kernel->model, kernel->order[i]))
			return false;
	return true;
}

/* Prepares the rooms of a question about one node; false if nothing can be asked. */
static bool
prepare_find(Kernel *kernel, uint32_t place)
{
	if (place == NO_NODE || kernel->env->status != CORE_OK)
		return false;
	if (kernel->order == NULL)
		kernel->order = core_array(kernel->env, (size_t) kernel->model.n + 1, sizeof(uint32_t));
	if (kernel->seeds == NULL)
		kernel->seeds = core_array(kernel->env, (size_t) kernel->model.n + 1, sizeof(uint32_t));
	return kernel->env->status == CORE_OK;
}

/* How much the last enclosures leave of each measure of a node. */
static void
enclosed_amounts(const Kernel *kernel, uint32_t place, Ends *amounts)
{
	for (int k = 0; k < kernel->test.n_measures; k++)
	{
		double		lower;
		double		upper;

		enclosure_amount(kernel->enclosure, place, k, &lower, &upper);
		lower = floor(lower * (double) ENDS_ONE * (1 - 0x1p-50));
		upper = ceil(upper * (double) ENDS_ONE * (1 + 0x1p-50));
		amounts[k].lower = lower < 0x1p62 ? (uint64_t) lower : UINT64_C(1) << 62;
		amounts[k].upper = upper < 0x1p62 ? (uint64_t) upper : UINT64_MAX;
	}
}

/* Takes what the one root asked has in the node asked about. */
static void
take_one(void *arg, uint32_t node, const SweepFinding *finding)
{
	Kernel	   *kernel = arg;

	if (node == kernel->asked_place && (kernel->found.root == NO_NODE || finding->root < kernel->model.n))
		kernel->found = *finding;
}

/* The sweep that follows one root after the other. */
static Sweep *
one_root_sweep(Kernel *kernel)
{
	SweepOptions options = {NULL, 0, take_one, kernel, true};

	if (kernel->one != NULL)
		return kernel->one;
	kernel->asked = core_array(kernel->env, (size_t) kernel->model.n + 1, sizeof(bool));
	sweep_graph_of_model(kernel->env, &kernel->graph, &kernel->model);
	if (kernel->env->status != CORE_OK)
		return NULL;
	memset(kernel->asked, 0, (size_t) kernel->model.n + 1);
	options.asked = kernel->asked;
	kernel->one = sweep_create(kernel->env, &kernel->graph, &options);
	return kernel->one;
}

/* Follows one root, or (NO_NODE) undisclosed mass alone, through components in order to a place. */
static bool
follow_one(Kernel *kernel, uint32_t root, uint32_t place, uint32_t n_order)
{
	Sweep	   *sweep = one_root_sweep(kernel);

	if (sweep == NULL)
		return false;
	if (root != NO_NODE)
		kernel->asked[root] = true;
	kernel->asked_place = place;
	kernel->found = (SweepFinding) {NO_NODE, TERNARY_FALSE, -4, {{0, 0}}};
	for (uint32_t i = 0; i < n_order; i++)
	{
		(void) sweep_component(sweep, kernel->order[i]);
		sweep_close(sweep, kernel->order[i]);
	}
	for (uint32_t i = 0; i < n_order; i++)
		sweep_drop(sweep, kernel->order[i]);
	if (root != NO_NODE)
		kernel->asked[root] = false;
	return kernel->env->status == CORE_OK;
}

/*
 * What quick arithmetic says of seeds in a place: integers for one root, doubles for a pool.
 * False if it serves neither; amounts may be NULL.
 */
static bool
ask_quickly(Kernel *kernel, uint32_t n_local, uint32_t place, uint32_t n_order, Ternary *status, Ends *amounts)
{
	if (n_local <= 1 && sweep_serves(&kernel->test))
	{
		if (n_local == 1 && kernel->seeds[0] == place)
			return false;
		if (!follow_one(kernel, n_local == 1 ? kernel->seeds[0] : NO_NODE, place, n_order))
			return false;
		*status = kernel->found.status;
		for (int k = 0; k < kernel->test.n_measures && amounts != NULL; k++)
			amounts[k] = kernel->found.amount[k];
		return true;
	}
	if (!enclosure_serves(&kernel->test))
		return false;
	enclosure_run(enclosure_of(kernel), kernel->seeds, n_local, kernel->order, n_order);
	*status = enclosure_status(kernel->enclosure, place);
	if (amounts != NULL)
		enclosed_amounts(kernel, place, amounts);
	return true;
}

Ternary
kernel_status(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target)
{
	uint32_t	place = model_find(&kernel->model, target);
	KernelFinding finding;
	uint32_t	n_local;
	uint32_t	n_order;
	Ternary		quick;

	if (!prepare_find(kernel, place))
		return TERNARY_UNKNOWN;
	n_local = local_seeds(kernel, seeds, n_seeds, kernel->seeds);
	decide_links(kernel);
	n_order = components_between(kernel, kernel->seeds, n_local, kernel->model.components.of[place], kernel->order);
	n_order = components_above_target(kernel, place, kernel->order, n_order);
	if (kernel->env->status != CORE_OK)
		return TERNARY_UNKNOWN;
	if (ask_quickly(kernel, n_local, place, n_order, &quick, NULL) && quick != TERNARY_UNKNOWN)
		return quick;
	return kernel_find(kernel, seeds, n_seeds, target, &finding) ? ternary_of(finding.status) : TERNARY_UNKNOWN;
}

void
kernel_reached_amounts(const Kernel *kernel, NodeId node, Ends *amounts)
{
	for (int k = 0; k < kernel->test.n_measures; k++)
		amounts[k] = (Ends) {0, UINT64_MAX};
	if (enclosure_serves(&kernel->test))
		enclosed_amounts(kernel, model_find(&kernel->model, node), amounts);
}

bool
kernel_enclose(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target, Ends *amounts)
{
	uint32_t	place = model_find(&kernel->model, target);
	uint32_t	n_local;
	uint32_t	n_order;
	Ternary		status;

	if (!prepare_find(kernel, place))
		return false;
	n_local = local_seeds(kernel, seeds, n_seeds, kernel->seeds);
	decide_links(kernel);
	n_order = components_between(kernel, kernel->seeds, n_local, kernel->model.components.of[place], kernel->order);
	n_order = components_above_target(kernel, place, kernel->order, n_order);
	return kernel->env->status == CORE_OK && ask_quickly(kernel, n_local, place, n_order, &status, amounts);
}

uint32_t
kernel_reached(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, const NodeId **nodes, const Ternary **status)
{
	const Components *c = &kernel->model.components;
	uint32_t	n_local;
	uint32_t	n_order;
	uint32_t	n = 0;

	*nodes = NULL;
	*status = NULL;
	if (kernel->model.n == 0 || !prepare_find(kernel, 0))
		return 0;
	if (kernel->reached == NULL)
	{
		kernel->reached = core_array(kernel->env, kernel->model.n, sizeof(NodeId));
		kernel->reached_status = core_array(kernel->env, kernel->model.n, sizeof(Ternary));
	}
	n_local = local_seeds(kernel, seeds, n_seeds, kernel->seeds);
	decide_links(kernel);
	n_order = components_between(kernel, kernel->seeds, n_local, c->n - 1, kernel->order);
	if (enclosure_serves(&kernel->test))
		enclosure_run(enclosure_of(kernel), kernel->seeds, n_local, kernel->order, n_order);
	if (kernel->env->status != CORE_OK)
		return 0;
	for (uint32_t i = 0; i < n_order; i++)
		for (uint32_t j = c->start[kernel->order[i]]; j < c->start[kernel->order[i] + 1]; j++)
		{
			kernel->reached[n] = kernel->model.nodes[c->members[j]].node;
			kernel->reached_status[n++] = enclosure_serves(&kernel->test) ?
				enclosure_status(kernel->enclosure, c->members[j]) : TERNARY_UNKNOWN;
		}
	*nodes = kernel->reached;
	*status = kernel->reached_status;
	return n;
}

bool
kernel_find(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target, KernelFinding *finding)
{
	CoreEnv    *env = kernel->env;
	uint32_t	place = model_find(&kernel->model, target);
	uint32_t   *local;
	uint32_t	n_local;
	uint32_t	n_order;

	memset(finding, 0, sizeof(KernelFinding));
	finding->rank = UINT32_MAX;
	finding->reason = -4;
	for (int k = 0; k < kernel->test.n_measures; k++)
		finding->amount[k] = (Bound) {FRACTION_ZERO, false};
	if (!prepare_find(kernel, place))
		return true;
	local = kernel->seeds;
	n_local = local_seeds(kernel, seeds, n_seeds, local);
	decide_links(kernel);
	n_order = components_between(kernel, local, n_local, kernel->model.components.of[place], kernel->order);
	n_order = components_above_target(kernel, place, kernel->order, n_order);
	if (!is_affordable(kernel, n_order))
		return false;
	arena_reset(&kernel->middle);
	kernel->run.keep = &kernel->middle.env;
	kernel->run.root = n_local == 1 ? local[0] : NO_NODE;
	begin_run(kernel, local, n_local);
	for (uint32_t i = 0; i < n_order && !run_failed(&kernel->run); i++)
		run_component(&kernel->run, kernel->order[i]);
	if (kernel->test.reports && !run_failed(&kernel->run))
		run_report(&kernel->run, place);
	end_run(kernel, local, n_local);
	if (!arena_failed(&kernel->middle) && env->status == CORE_OK)
	{
		finding->status = kernel->run.state[place].status;
		finding->rank = kernel->run.state[place].rank;
		finding->reason = kernel->run.state[place].reason;
		for (int k = 0; k < kernel->test.n_measures; k++)
		{
			finding->amount[k] = kernel->run.amount[place * (size_t) kernel->test.n_measures + k];
			finding->amount[k].value = fraction_copy(env, finding->amount[k].value);
		}
	}
	forget_components(kernel, kernel->order, n_order);
	for (uint32_t i = 0; i < n_local; i++)
		run_forget(&kernel->run, local[i]);
	kernel->run.keep = env;
	return true;
}

/* what a sweep over the kernel's cone tells, with nodes by their numbers in the graph */
typedef struct SweepTeller
{
	const Kernel *kernel;
	KernelFound found;
	void	   *arg;
} SweepTeller;

static void
tell_found(void *arg, uint32_t node, const SweepFinding *finding)
{
	const SweepTeller *teller = arg;
	const Model *model = &teller->kernel->model;
	RootFinding told = {finding->status, finding->reason, {{0, 0}}};

	for (int k = 0; k < model->test->n_measures; k++)
		told.amount[k] = finding->amount[k];
	teller->found(teller->arg, finding->root < model->n ? model->nodes[finding->root].node : UINT32_MAX,
				  model->nodes[node].node, &told);
}

/* Is the cone, or a ring in it, so large that a sweep had better forget what is hardly left of a root? */
static bool
is_large(const Model *model)
{
	const Components *c = &model->components;

	for (uint32_t i = 0; i < c->n; i++)
		if (c->start[i + 1] - c->start[i] > LARGE_RING)
			return true;
	return model->n > LARGE_CONE;
}

bool
kernel_sweep(Kernel *kernel, const bool *asked, KernelFound found, void *arg)
{
	SweepTeller teller = {kernel, found, arg};
	SweepOptions options = {NULL, is_large(&kernel->model) ? SWEEP_ONE / 10000 : 0, tell_found, &teller, false};
	bool	   *places;
	SweepGraph	graph;

	if (!sweep_serves(&kernel->test) || kernel->env->status != CORE_OK)
		return false;
	if (asked != NULL)
	{
		places = core_array(kernel->env, kernel->model.n, sizeof(bool));
		for (uint32_t i = 0; i < kernel->model.n && kernel->env->status == CORE_OK; i++)
			places[i] = asked[kernel->model.nodes[i].node];
		options.asked = places;
	}
	kernel->reach_root = NO_NODE;
	if (links_sweep(&kernel->run, &kernel->search, &kernel->middle, &graph, &options) != NULL)
		kernel->links_decided = true;
	return kernel->env->status == CORE_OK;
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
	return search_may_pass(&kernel->run, &kernel->search, to, true);
}
