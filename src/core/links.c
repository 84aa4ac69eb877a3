/*
 * links.c
 *		Parent bits of links, the joint least fixpoint over all roots (engine notes 1.10,
 *		3.4).
 *
 * A sweep (sweep.h) decides nearly all of them.  What it leaves open takes one exact run
 * for the holder as root over the cone of the held, whose own links are decided already.
 * Inside a ring the links support each other: all its roots are run again until no
 * further link becomes parental.
 */
#include <string.h>

#include "links.h"
#include "ring_budget.h"

/* Allocates a search. */
void
search_create(CoreEnv *env, Search *search, const Model *model)
{
	search->stamp = 0;
	search->seen = core_array(env, model->n, sizeof(uint32_t));
	search->stack = core_array(env, model->n, sizeof(uint32_t));
	if (env->status == CORE_OK && model->n > 0)
		memset(search->seen, 0, model->n * sizeof(uint32_t));
}

/* Begins a search: nothing is seen. */
void
search_begin(Search *search, const Model *model)
{
	if (++search->stamp == 0)
	{
		memset(search->seen, 0, model->n * sizeof(uint32_t));
		search->stamp = 1;
	}
}

/* Collects the components above one, in topological order, in order[]. */
static uint32_t
components_above(Run *run, Search *search, uint32_t component, uint32_t *order)
{
	const Model *model = run->model;
	const Components *c = &model->components;
	uint32_t	n_stack = 0;
	uint32_t	n_order = 0;
	uint32_t	lowest = component;

	search_begin(search, model);
	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		search->seen[c->members[i]] = search->stamp;
		search->stack[n_stack++] = c->members[i];
	}
	while (n_stack > 0)
	{
		const ModelNode *m = &model->nodes[search->stack[--n_stack]];

		for (uint32_t j = 0; j < m->n_links + m->n_principals; j++)
		{
			uint32_t	h = j < m->n_links ? m->links[j].holder : m->principals[j - m->n_links];

			core_step(run->keep);
			if (search->seen[h] == search->stamp)
				continue;
			search->seen[h] = search->stamp;
			search->stack[n_stack++] = h;
			if (c->of[h] < lowest)
				lowest = c->of[h];
		}
	}
	for (uint32_t i = lowest; i <= component; i++)
	{
		core_step(run->keep);
		if (search->seen[c->members[c->start[i]]] == search->stamp)
			order[n_order++] = i;
	}
	return n_order;
}

/* Runs one root over components in order; what they were told before is forgotten. */
static void
run_root(Run *run, Arena *middle, uint32_t root, const uint32_t *order, uint32_t n_order)
{
	const Components *c = &run->model->components;

	arena_reset(middle);
	run->keep = &middle->env;
	run->root = root;
	for (uint32_t i = 0; i < n_order; i++)
		for (uint32_t j = c->start[order[i]]; j < c->start[order[i] + 1]; j++)
			run_forget(run, c->members[j]);
	run_forget(run, root);
	run_seed(run, root);
	for (uint32_t i = 0; i < n_order && !run_failed(run); i++)
		run_component(run, order[i]);
	arena_failed(middle);
}

/* Can anybody but itself have what this holder has? */
static bool
is_reached(const Model *model, uint32_t holder)
{
	const ModelNode *m = &model->nodes[holder];

	return m->n_links > 0 || m->n_principals > 0 || model->rest_reaches[holder];
}

/* Runs the holder of an open link over the ring or node and reads all its links there. */
static bool
decide_by_run(Run *run, Arena *middle, uint32_t component, uint32_t holder,
			  const uint32_t *order, uint32_t n_order)
{
	const Components *c = &run->model->components;
	bool		found = false;

	run_root(run, middle, holder, order, n_order);
	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		ModelNode  *m = &run->model->nodes[c->members[i]];

		if (!run->state[c->members[i]].whole || c->members[i] == holder)
			continue;
		for (uint32_t j = 0; j < m->n_links; j++)
		{
			core_step(run->keep);
			if (m->links[j].holder != holder || m->links[j].state != LINK_UNDECIDED)
				continue;
			m->links[j].state = LINK_PARENT;
			found = true;
		}
	}
	return found;
}

/* Runs every holder of an open link into a component until no further link becomes parental. */
static void
decide_by_runs(Run *run, Search *search, Arena *middle, uint32_t component, uint32_t *order)
{
	const Components *c = &run->model->components;
	uint32_t	first = c->start[component];
	uint32_t	end = c->start[component + 1];
	uint32_t	n_order = components_above(run, search, component, order);
	bool		more = true;

	while (more && !run_failed(run))
	{
		more = false;
		for (uint32_t i = first; i < end; i++)
		{
			ModelNode  *m = &run->model->nodes[c->members[i]];

			for (uint32_t j = 0; j < m->n_links && !run_failed(run); j++)
			{
				if (m->links[j].state != LINK_UNDECIDED || !is_reached(run->model, m->links[j].holder))
					continue;
				if (decide_by_run(run, middle, component, m->links[j].holder, order, n_order))
					more = end - first > 1;
				else if (end - first == 1)
					m->links[j].state = LINK_PLAIN;
			}
		}
	}
}

/* How many links into the component are open? */
static uint32_t
count_open(const Run *run, uint32_t component)
{
	const Components *c = &run->model->components;
	uint32_t	n = 0;

	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		const ModelNode *m = &run->model->nodes[c->members[i]];

		for (uint32_t j = 0; j < m->n_links; j++)
			n += m->links[j].state == LINK_UNDECIDED && is_reached(run->model, m->links[j].holder);
	}
	return n;
}

/* Are exact runs of all open links over what a component rests on within the budget of one ring? */
static bool
is_affordable(Run *run, Search *search, uint32_t component, uint32_t *order)
{
	uint32_t	n_order = components_above(run, search, component, order);
	uint64_t	limit = RING_BUDGET / (count_open(run, component) + 1);
	uint64_t	work = 0;

	for (uint32_t i = 0; i < n_order && work <= limit; i++)
		if (run->model->components.start[order[i] + 1] - run->model->components.start[order[i]] > 1)
			work += ring_work(run->model, order[i]);
	return work <= limit;
}

/* What is still open in the end is no parent; where exact runs are beyond reason, what harms less is unknown. */
static void
close_component(Run *run, uint32_t component, bool decided)
{
	const Components *c = &run->model->components;

	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		ModelNode  *m = &run->model->nodes[c->members[i]];

		for (uint32_t j = 0; j < m->n_links; j++)
			if (m->links[j].state == LINK_UNDECIDED && is_reached(run->model, m->links[j].holder))
				m->links[j].state = decided || !run->model->upper ? LINK_PLAIN : LINK_PARENT;
	}
}

/* Copies what a sweep has decided of a component's links to the model, or (back) what the model has. */
static void
share_bits(Run *run, SweepGraph *graph, uint32_t component, bool back)
{
	const Components *c = &run->model->components;

	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		ModelNode  *m = &run->model->nodes[c->members[i]];
		uint8_t    *bits = graph->link + graph->link_start[c->members[i]];

		for (uint32_t j = 0; j < m->n_links; j++)
		{
			core_step(run->keep);
			if (!back && (bits[j] & (SWEEP_PARENT | SWEEP_PLAIN)) != 0)
				m->links[j].state = (bits[j] & SWEEP_PARENT) != 0 ? LINK_PARENT : LINK_PLAIN;
			if (back && m->links[j].state != LINK_UNDECIDED)
				bits[j] = (uint8_t) ((bits[j] & ~(SWEEP_MAYBE | SWEEP_PARENT | SWEEP_PLAIN)) |
									 (m->links[j].state == LINK_PARENT ? SWEEP_PARENT : SWEEP_PLAIN));
		}
	}
}

/* Marks a component as doubtful if links into it were not decided (undecided), or it hangs on one that is. */
static void
mark_doubtful(Run *run, uint32_t component, bool undecided)
{
	const Model *model = run->model;
	const Components *c = &model->components;

	run->guessed = run->guessed || undecided;
	if (model->upper || (run->doubtful == NULL && !undecided))
		return;
	if (run->doubtful == NULL)
	{
		run->doubtful = core_array(model->env, model->n, sizeof(bool));
		if (model->env->status != CORE_OK)
			return;
		core_fill(model->env, run->doubtful, 0, model->n * sizeof(bool));
	}
	for (uint32_t i = c->start[component]; i < c->start[component + 1] && !undecided; i++)
	{
		const ModelNode *m = &model->nodes[c->members[i]];

		for (uint32_t j = 0; j < m->n_links + m->n_principals && !undecided; j++)
		{
			core_step(model->env);
			undecided = run->doubtful[j < m->n_links ? m->links[j].holder : m->principals[j - m->n_links]];
		}
	}
	for (uint32_t i = c->start[component]; i < c->start[component + 1] && undecided; i++)
		run->doubtful[c->members[i]] = true;
}

/* Decides the open links into a component by exact runs, if they are affordable; else closes them undecided. */
static bool
decide_if_affordable(Run *run, Search *search, Arena *middle, uint32_t component, uint32_t *order)
{
	bool		affordable = is_affordable(run, search, component, order);

	if (affordable)
		decide_by_runs(run, search, middle, component, order);
	arena_failed(middle);
	affordable = !run_over_budget(run) && affordable;
	close_component(run, component, affordable);
	return affordable;
}

/* a second sweep, which forgets nothing, for links that the first leaves open and no exact run can decide */
typedef struct Finer
{
	Sweep	   *sweep;			/* made when first needed */
	uint64_t	left;			/* work that it may still take, as in ring_budget.h */
} Finer;

/* Decides what it can of the open links into a component by following their holders everywhere; false if some stay open. */
static bool
decide_finer(Run *run, Search *search, Finer *finer, SweepGraph *graph, uint32_t component, uint32_t *order)
{
	const Components *c = &run->model->components;
	CoreEnv    *env = run->model->env;
	uint64_t	before = env->work;
	uint32_t	n_order = components_above(run, search, component, order);
	bool		closed = false;

	if (finer->sweep == NULL)
	{
		SweepOptions options = {.asked = core_array(env, run->model->n, sizeof(bool)), .keeps = true};

		if (env->status != CORE_OK)
			return false;
		core_fill(env, (bool *) options.asked, 0, run->model->n * sizeof(bool));
		finer->sweep = sweep_create(env, graph, &options);
	}
	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
		for (uint32_t j = graph->link_start[c->members[i]]; j < graph->link_start[c->members[i] + 1]; j++)
			graph->link[j] &= (uint8_t) ~SWEEP_MAYBE;
	for (uint32_t i = 0; i < n_order && env->status == CORE_OK; i++)
	{
		closed = sweep_component(finer->sweep, order[i]);
		sweep_close(finer->sweep, order[i]);
	}
	for (uint32_t i = 0; i < n_order; i++)
		sweep_drop(finer->sweep, order[i]);
	share_bits(run, graph, component, false);
	finer->left -= env->work - before < finer->left ? env->work - before : finer->left;
	return closed;
}

/* Evaluates one component, and what the sweep leaves open of its links by exact runs, or a finer sweep. */
static void
sweep_and_decide(Run *run, Search *search, Arena *middle, Sweep *sweep, Finer *finer, SweepGraph *graph, uint32_t component,
				 uint32_t *order)
{
	bool		closed = sweep_component(sweep, component);
	bool		decided = true;

	share_bits(run, graph, component, false);
	if (!closed && finer->left > 0 && !is_affordable(run, search, component, order) &&
		decide_finer(run, search, finer, graph, component, order))
		closed = sweep_component(sweep, component);
	if (!closed)
	{
		decided = decide_if_affordable(run, search, middle, component, order);
		share_bits(run, graph, component, true);
		(void) sweep_component(sweep, component);
	}
	mark_doubtful(run, component, !decided);
	sweep_close(sweep, component);
}

Sweep *
links_sweep(Run *run, Search *search, Arena *middle, SweepGraph *graph, SweepOptions options)
{
	CoreEnv    *env = run->model->env;
	CoreEnv    *keep = run->keep;
	uint32_t   *order = core_array(env, run->model->components.n, sizeof(uint32_t));
	Sweep	   *sweep;
	Finer		finer = {NULL, 0};

	sweep_graph_of_model(env, graph, run->model);
	if (env->status != CORE_OK)
		return NULL;
	sweep = sweep_create(env, graph, &options);
	if (options.forget > 0)
		finer.left = RING_BUDGET;
	for (uint32_t i = 0; i < run->model->components.n && !run_failed(run); i++)
		sweep_and_decide(run, search, middle, sweep, &finer, graph, i, order);
	arena_failed(middle);
	run->keep = keep;
	for (uint32_t i = 0; i < run->model->n; i++)
		run_forget(run, i);
	return sweep;
}

void
links_decide(Run *run, Search *search, Arena *middle, uint64_t forget)
{
	CoreEnv    *env = run->model->env;
	CoreEnv    *keep = run->keep;
	SweepOptions options = {.only = NO_NODE, .forget = forget};
	SweepGraph	graph;
	bool	   *asked;
	uint32_t   *order;

	if (sweep_serves_run(run->model->test, run->model->run))
	{
		asked = core_array(env, run->model->n, sizeof(bool));
		if (env->status != CORE_OK)
			return;
		memset(asked, 0, run->model->n * sizeof(bool));
		options.asked = asked;
		(void) links_sweep(run, search, middle, &graph, options);
		return;
	}
	order = core_array(env, run->model->components.n, sizeof(uint32_t));
	for (uint32_t i = 0; i < run->model->components.n && !run_failed(run); i++)
	{
		bool		decided = count_open(run, i) == 0 || decide_if_affordable(run, search, middle, i, order);

		mark_doubtful(run, i, !decided);
	}
	arena_failed(middle);
	run->keep = keep;
	for (uint32_t i = 0; i < run->model->n; i++)
		run_forget(run, i);
}
