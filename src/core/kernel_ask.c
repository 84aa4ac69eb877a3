/*
 * kernel_ask.c
 *		Questions about one root or one node of a prepared cone: which do without
 *		evaluating all of it, and mostly without long numbers.
 *
 * Integers with two ends decide nearly all for a single root (sweep.h), outward rounded doubles for a pool
 * (enclosure.h); what they leave open an exact run decides, if that is affordable (ring_budget.h).
 */
#include <math.h>
#include <string.h>

#include "kernel_parts.h"
#include "ring_budget.h"

/* The kernel's quick enclosures. */
static Enclosure *
enclosure_of(Kernel *kernel)
{
	if (kernel->enclosure == NULL)
		kernel->enclosure = enclosure_create(kernel->env, &kernel->model);
	return kernel->enclosure;
}

/* A status as far as it is certain. */
static Ternary
certain_status(const Kernel *kernel, uint32_t place, Ternary status)
{
	return status == TERNARY_FALSE && kernel_is_doubtful(kernel, place) ? TERNARY_UNKNOWN : status;
}

/* The same of amounts. */
static void
certain_amounts(const Kernel *kernel, uint32_t place, AmountEnds *amounts)
{
	for (int k = 0; k < kernel->test.n_measures && kernel_is_doubtful(kernel, place); k++)
		amounts[k].upper = UINT64_MAX;
}

static bool
is_smaller(const void *arg, uint32_t a, uint32_t b)
{
	(void) arg;
	return a < b;
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
	core_sort(kernel->env, order, n, is_smaller, NULL);
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
		{
			core_step(kernel->env);
			run_forget(&kernel->run, c->members[j]);
		}
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

/* What the rings of some components take exactly, in work (ring_budget.h). */
static uint64_t
exact_work(const Kernel *kernel, uint32_t n_order)
{
	const Components *c = &kernel->model.components;
	uint64_t	work = 0;

	for (uint32_t i = 0; i < n_order && work <= RING_BUDGET; i++)
		if (c->start[kernel->order[i] + 1] - c->start[kernel->order[i]] > 1)
			work += ring_work(&kernel->model, kernel->order[i]);
	return work;
}

uint32_t
kernel_largest_ring(const Kernel *kernel)
{
	const Components *c = &kernel->model.components;
	uint32_t	largest = 0;

	for (uint32_t i = 0; i < c->n; i++)
		if (c->start[i + 1] - c->start[i] > 1 && c->start[i + 1] - c->start[i] > largest)
			largest = c->start[i + 1] - c->start[i];
	return largest;
}

bool
kernel_is_affordable(const Kernel *kernel)
{
	const Components *c = &kernel->model.components;
	uint64_t	work = 0;

	for (uint32_t i = 0; i < c->n && work <= RING_BUDGET; i++)
		if (c->start[i + 1] - c->start[i] > 1)
			work += ring_work(&kernel->model, i);
	return work <= RING_BUDGET;
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

/* Runs seeds over components in order and reads off what they have in a place; false if that is too dear. */
static bool
find_exactly(Kernel *kernel, uint32_t n_local, uint32_t place, uint32_t n_order, KernelFinding *finding)
{
	CoreEnv    *env = kernel->env;
	uint32_t   *local = kernel->seeds;
	bool		over;

	arena_reset(&kernel->middle);
	kernel->run.keep = &kernel->middle.env;
	kernel->run.root = n_local == 1 ? local[0] : NO_NODE;
	kernel_begin_run(kernel, local, n_local);
	for (uint32_t i = 0; i < n_order && !run_failed(&kernel->run); i++)
	{
		run_component(&kernel->run, kernel->order[i]);
		run_report(&kernel->run, kernel->order[i]);
	}
	kernel_end_run(kernel, local, n_local);
	over = run_over_budget(&kernel->run);
	if (!over && !arena_failed(&kernel->middle) && env->status == CORE_OK)
	{
		Cause		member = run_membership(&kernel->run, place);

		finding->status = member.rank != UINT32_MAX;
		finding->rank = member.rank;
		finding->reason = member.reason;
		finding->whole = kernel->run.state[place].whole;
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
	return !over;
}

/* A finding of nothing. */
static KernelFinding
no_finding(const Kernel *kernel)
{
	KernelFinding finding = {.status = false, .rank = UINT32_MAX, .reason = -4};

	for (int k = 0; k < kernel->test.n_measures; k++)
		finding.amount[k] = (Bound) {FRACTION_ZERO, false};
	return finding;
}

/* Prepares a question about one place: the seeds' local numbers, and the components between. */
static uint32_t
prepare_order(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, uint32_t place, uint32_t *n_local)
{
	uint32_t	n_order;

	*n_local = kernel_local_seeds(kernel, seeds, n_seeds, kernel->seeds);
	kernel_decide_links(kernel);
	n_order = components_between(kernel, kernel->seeds, *n_local, kernel->model.components.of[place], kernel->order);
	return components_above_target(kernel, place, kernel->order, n_order);
}

/* May one root have anything in a place at all?  Most have not, where only members pass anything on. */
static bool
may_have(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, uint32_t place)
{
	uint32_t	root = n_seeds == 1 ? model_find(&kernel->model, seeds[0]) : NO_NODE;

	if (kernel->cascade == NULL)
		kernel->cascade = cascade_create(kernel->env, &kernel->model);
	return root == NO_NODE || kernel->env->status != CORE_OK ||
		cascade_may_reach(kernel->env, kernel->cascade, &kernel->model, root, place);
}

/* How much the last enclosures leave of each measure of a node. */
static void
enclosed_amounts(const Kernel *kernel, uint32_t place, AmountEnds *amounts)
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
	certain_amounts(kernel, place, amounts);
}

/* Takes what the one root asked has in the node asked about. */
static void
take_one(void *arg, uint32_t node, const SweepFinding *finding)
{
	Kernel	   *kernel = arg;

	if (kernel->asked_place == NO_NODE)
	{
		/* the root itself is told of before whoever is not told of */
		if (kernel->below[node].root == NO_NODE || finding->root < kernel->model.n)
			kernel->below[node] = *finding;
	}
	else if (node == kernel->asked_place && (kernel->found.root == NO_NODE || finding->root < kernel->model.n))
		kernel->found = *finding;
}

/* The sweep that follows one root after the other. */
static Sweep *
one_root_sweep(Kernel *kernel)
{
	SweepOptions options = {.only = NO_NODE, .found = take_one, .arg = kernel, .keeps = true};

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

/* Follows one root, or (NO_NODE) undisclosed mass alone, through components in order to a place, or (NO_NODE) everywhere. */
static bool
follow_one(Kernel *kernel, uint32_t root, uint32_t place, uint32_t n_order, uint64_t forget)
{
	Sweep	   *sweep = one_root_sweep(kernel);

	if (sweep == NULL)
		return false;
	sweep_forget(sweep, root == NO_NODE ? kernel->model.n : root, forget);
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
ask_quickly(Kernel *kernel, uint32_t n_local, uint32_t place, uint32_t n_order, Ternary *status, AmountEnds *amounts)
{
	if (n_local <= 1 && sweep_serves_run(&kernel->test, kernel->model.run))
	{
		if (n_local == 1 && kernel->seeds[0] == place)
			return false;
		if (!follow_one(kernel, n_local == 1 ? kernel->seeds[0] : NO_NODE, place, n_order, SWEEP_HARDLY))
			return false;
		if (kernel->found.status == TERNARY_UNKNOWN &&
			!follow_one(kernel, n_local == 1 ? kernel->seeds[0] : NO_NODE, place, n_order, 0))
			return false;
		*status = certain_status(kernel, place, kernel->found.status);
		for (int k = 0; k < kernel->test.n_measures && amounts != NULL; k++)
			amounts[k] = kernel->found.amount[k];
		if (amounts != NULL)
			certain_amounts(kernel, place, amounts);
		return true;
	}
	if (!enclosure_serves(&kernel->test))
		return false;
	enclosure_run(enclosure_of(kernel), kernel->seeds, n_local, kernel->order, n_order);
	*status = certain_status(kernel, place, enclosure_status(kernel->enclosure, place));
	if (amounts != NULL)
		enclosed_amounts(kernel, place, amounts);
	return true;
}

/* Is it a member?  By an exact run over components in order, as far as the budget goes. */
static Ternary
status_exactly(Kernel *kernel, uint32_t n_local, uint32_t place, uint32_t n_order)
{
	uint64_t	work = exact_work(kernel, n_order);
	KernelFinding finding = no_finding(kernel);

	if (work > kernel->exact_left)
		return TERNARY_UNKNOWN;
	kernel->exact_left -= work;
	return find_exactly(kernel, n_local, place, n_order, &finding) ? certain_status(kernel, place, ternary_of(finding.status)) :
		TERNARY_UNKNOWN;
}

Ternary
kernel_status(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target)
{
	uint32_t	place = model_find(&kernel->model, target);
	uint32_t	n_local;
	uint32_t	n_order;
	Ternary		quick;

	if (!prepare_find(kernel, place))
		return TERNARY_UNKNOWN;
	if (!may_have(kernel, seeds, n_seeds, place))
		return TERNARY_FALSE;
	n_order = prepare_order(kernel, seeds, n_seeds, place, &n_local);
	if (kernel->env->status != CORE_OK)
		return TERNARY_UNKNOWN;
	if (n_local == 1 && kernel->seeds[0] != place)
	{
		if (kernel->any_share == NULL)
			kernel->any_share = any_share_create(kernel->env, &kernel->model);
		quick = any_share_status(kernel->env, kernel->any_share, &kernel->search, &kernel->model, kernel->seeds[0], place);
		if (quick != TERNARY_UNKNOWN)
			return quick;
	}
	if (ask_quickly(kernel, n_local, place, n_order, &quick, NULL) && quick != TERNARY_UNKNOWN)
		return quick;
	return status_exactly(kernel, n_local, place, n_order);
}

Ternary
kernel_status_exactly(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target)
{
	uint32_t	place = model_find(&kernel->model, target);
	uint32_t	n_local;
	uint32_t	n_order;

	if (!prepare_find(kernel, place))
		return TERNARY_UNKNOWN;
	n_order = prepare_order(kernel, seeds, n_seeds, place, &n_local);
	return kernel->env->status == CORE_OK ? status_exactly(kernel, n_local, place, n_order) : TERNARY_UNKNOWN;
}

void
kernel_reached_amounts(const Kernel *kernel, NodeId node, AmountEnds *amounts)
{
	uint32_t	place = model_find(&kernel->model, node);

	for (int k = 0; k < kernel->test.n_measures; k++)
		amounts[k] = (AmountEnds) {0, UINT64_MAX};
	if (enclosure_serves(&kernel->test))
		enclosed_amounts(kernel, place, amounts);
	else if (kernel->below != NULL && kernel->below[place].root != NO_NODE)
	{
		memcpy(amounts, kernel->below[place].amount, (size_t) kernel->test.n_measures * sizeof(AmountEnds));
		certain_amounts(kernel, place, amounts);
	}
}

/* Follows one root everywhere by a sweep; false if that is no test for one, or not one root. */
static bool
follow_below(Kernel *kernel, uint32_t n_local, uint32_t n_order)
{
	if (n_local != 1 || !sweep_serves_run(&kernel->test, kernel->model.run))
		return false;
	if (kernel->below == NULL)
		kernel->below = core_array(kernel->env, kernel->model.n, sizeof(SweepFinding));
	if (kernel->env->status != CORE_OK)
		return false;
	for (uint32_t i = 0; i < kernel->model.n; i++)
		kernel->below[i] = (SweepFinding) {NO_NODE, TERNARY_FALSE, -4, {{0, 0}}};
	return follow_one(kernel, kernel->seeds[0], NO_NODE, n_order, SWEEP_HARDLY);
}

/* What quick arithmetic makes of a place that was reached. */
static Ternary
reached_status(const Kernel *kernel, uint32_t place, bool followed)
{
	if (enclosure_serves(&kernel->test))
		return certain_status(kernel, place, enclosure_status(kernel->enclosure, place));
	if (!followed)
		return TERNARY_UNKNOWN;
	/* a sweep does not tell of a root in itself */
	return place == kernel->seeds[0] ? TERNARY_TRUE : certain_status(kernel, place, kernel->below[place].status);
}

bool
kernel_enclose(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target, AmountEnds *amounts)
{
	uint32_t	place = model_find(&kernel->model, target);
	uint32_t	n_local;
	uint32_t	n_order;
	Ternary		status;

	if (!prepare_find(kernel, place))
		return false;
	n_order = prepare_order(kernel, seeds, n_seeds, place, &n_local);
	return kernel->env->status == CORE_OK && ask_quickly(kernel, n_local, place, n_order, &status, amounts);
}

uint32_t
kernel_reached(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, const NodeId **nodes, const Ternary **status)
{
	const Components *c = &kernel->model.components;
	uint32_t	n_local;
	uint32_t	n_order;
	uint32_t	n = 0;
	bool		followed = false;

	*nodes = NULL;
	*status = NULL;
	if (kernel->model.n == 0 || !prepare_find(kernel, 0))
		return 0;
	if (kernel->reached == NULL)
	{
		kernel->reached = core_array(kernel->env, kernel->model.n, sizeof(NodeId));
		kernel->reached_status = core_array(kernel->env, kernel->model.n, sizeof(Ternary));
	}
	n_local = kernel_local_seeds(kernel, seeds, n_seeds, kernel->seeds);
	kernel_decide_links(kernel);
	n_order = components_between(kernel, kernel->seeds, n_local, c->n - 1, kernel->order);
	if (enclosure_serves(&kernel->test))
		enclosure_run(enclosure_of(kernel), kernel->seeds, n_local, kernel->order, n_order);
	else
		followed = follow_below(kernel, n_local, n_order);
	if (kernel->env->status != CORE_OK)
		return 0;
	for (uint32_t i = 0; i < n_order; i++)
		for (uint32_t j = c->start[kernel->order[i]]; j < c->start[kernel->order[i] + 1]; j++)
		{
			kernel->reached[n] = kernel->model.nodes[c->members[j]].node;
			kernel->reached_status[n++] = reached_status(kernel, c->members[j], followed);
		}
	*nodes = kernel->reached;
	*status = kernel->reached_status;
	return n;
}

bool
kernel_find(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target, KernelFinding *finding)
{
	uint32_t	place = model_find(&kernel->model, target);
	uint32_t	n_local;
	uint32_t	n_order;
	uint64_t	work;

	*finding = no_finding(kernel);
	if (!prepare_find(kernel, place) || !may_have(kernel, seeds, n_seeds, place))
		return true;
	n_order = prepare_order(kernel, seeds, n_seeds, place, &n_local);
	work = exact_work(kernel, n_order);
	if (kernel_is_doubtful(kernel, place) || work > RING_BUDGET / AMOUNT_PART || work > kernel->amounts_left)
		return false;
	kernel->amounts_left -= work;
	return find_exactly(kernel, n_local, place, n_order, finding);
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
	RootFinding told = {certain_status(teller->kernel, node, finding->status), finding->reason, {{0, 0}}};

	for (int k = 0; k < model->test->n_measures; k++)
		told.amount[k] = finding->amount[k];
	certain_amounts(teller->kernel, node, told.amount);
	teller->found(teller->arg, finding->root < model->n ? model->nodes[finding->root].node : UINT32_MAX,
				  model->nodes[node].node, &told);
}

uint64_t
forget_if_large(const Kernel *kernel, uint64_t forget)
{
	return kernel->model.n > SWEEP_LARGE_GRAPH || kernel_largest_ring(kernel) > SWEEP_LARGE_RING ? forget : 0;
}

bool
kernel_sweep(Kernel *kernel, const bool *asked, NodeId only, uint64_t forget, KernelFound found, void *arg)
{
	SweepTeller teller = {kernel, found, arg};
	SweepOptions options = {.only = NO_NODE, .forget = forget, .found = tell_found, .arg = &teller};
	bool	   *places;
	SweepGraph	graph;

	if (!sweep_serves_run(&kernel->test, kernel->model.run) || kernel->env->status != CORE_OK)
		return false;
	if (only != UINT32_MAX)
		options.only = model_find(&kernel->model, only);
	if (asked != NULL)
	{
		places = core_array(kernel->env, kernel->model.n, sizeof(bool));
		for (uint32_t i = 0; i < kernel->model.n && kernel->env->status == CORE_OK; i++)
			places[i] = asked[kernel->model.nodes[i].node];
		options.asked = places;
	}
	if (links_sweep(&kernel->run, &kernel->search, &kernel->middle, &graph, options) != NULL)
		kernel->links_decided = true;
	return kernel->env->status == CORE_OK;
}
