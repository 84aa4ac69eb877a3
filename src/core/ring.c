/*
 * ring.c
 *		The least fixpoint inside a strongly connected component.
 *
 * v holds what each node passes on below the gate; always v <= F(v) and v <= the least
 * fixpoint.  For the pieces of F that are largest at v (measure, pouring order) the
 * increment y = min(1 - v, r + M y) is solved exactly (solve.c), added, and the
 * pieces are chosen anew: strategy improvement from below, finite.  When v stands
 * still the gates are read; whoever passes is whole, and v rises again.  So a gate
 * that an endless iteration only converges to is met as well (engine notes 1.2).
 *
 * Where a complete register is given in ranges the lower bound takes the least over
 * pourings, which is concave: there each round adds the sound underestimate
 * F(v) + SUM lower * (increment), a bounded number of times; the result may
 * stay below the exact lower bound, never above.
 */
#include <string.h>

#include "ring_budget.h"
#include "run.h"
#include "solve.h"

#define CONCAVE_ROUNDS	12

typedef struct Ring
{
	Run		   *run;
	uint32_t	component;
	uint32_t	n;
	const uint32_t *members;
	uint32_t	n_slots;		/* unknowns of a node: one per measure, or one across */
	Raise	   *raises;			/* of one round, by place in the queue */
	uint32_t   *asked;			/* in the next */
	bool		concave;		/* some register is poured for the least */
} Ring;

static bool
ring_has(const Ring *ring, uint32_t local)
{
	return ring->run->model->components.of[local] == ring->component;
}

/* Asks for the held of a node that rose, within the ring, in the next round. */
static void
ask_held(const Ring *ring, uint32_t local, uint32_t *n_asked)
{
	Run		   *run = ring->run;
	const Model *model = run->model;

	for (uint32_t j = model->held_start[local]; j < model->held_start[local + 1]; j++)
	{
		uint32_t	held = model->held[j];

		core_step(run->keep);
		if (!ring_has(ring, held) || run->queued[held])
			continue;
		run->queued[held] = true;
		ring->asked[(*n_asked)++] = held;
	}
}

/* Finds what one round raises of the queue. */
static void
find_raises(const Ring *ring, uint32_t n_queue, bool settled)
{
	Run		   *run = ring->run;
	int			n_measures = run->model->test->n_measures;

	for (uint32_t i = 0; i < n_queue; i++)
		run->queued[run->queue[i]] = false;
	for (uint32_t i = 0; i < n_queue && !run_failed(run); i++)
	{
		uint32_t	local = run->queue[i];
		Bound		amounts[MAX_MEASURES];

		arena_reset(run->scratch);
		for (int k = 0; k < n_measures && !run->state[local].whole; k++)
			amounts[k] = run_amount(run, local, k);
		ring->raises[i] = run_find_raise(run, local, amounts, settled, true);
	}
}

/* Puts everybody in the queue. */
static void
queue_members(const Ring *ring)
{
	memcpy(ring->run->queue, ring->members, ring->n * sizeof(uint32_t));
}

/* Raises whoever passes already at the present v, and what follows from that, round by round. */
static void
raise_early(const Ring *ring)
{
	Run		   *run = ring->run;
	uint32_t	n_queue = ring->n;

	queue_members(ring);
	while (n_queue > 0)
	{
		uint32_t	n_asked = 0;

		find_raises(ring, n_queue, false);
		for (uint32_t i = 0; i < n_queue && !run_failed(run); i++)
			if (run_raise(run, run->queue[i], &ring->raises[i]))
				ask_held(ring, run->queue[i], &n_asked);
		memcpy(run->queue, ring->asked, n_asked * sizeof(uint32_t));
		n_queue = n_asked;
	}
}

/* Raises whoever passes at a settled v; true if anybody did. */
static bool
raise_settled(const Ring *ring)
{
	Run		   *run = ring->run;
	bool		rose = false;

	queue_members(ring);
	find_raises(ring, ring->n, true);
	for (uint32_t i = 0; i < ring->n && !run_failed(run); i++)
		rose = run_raise(run, run->queue[i], &ring->raises[i]) || rose;
	return rose;
}

/* The depth of everything in the ring that is not whole: all that flows into it. */
static void
settle_depth(const Ring *ring)
{
	Run		   *run = ring->run;
	uint32_t	depth = 0;

	for (uint32_t i = 0; i < ring->n; i++)
	{
		const ModelNode *m = &run->model->nodes[ring->members[i]];
		const NodeState *s = &run->state[ring->members[i]];

		if (s->whole && s->depth > depth)
			depth = s->depth;
		for (uint32_t j = 0; j < m->n_links; j++)
		{
			uint32_t	h = m->links[j].holder;

			core_step(run->keep);
			if (!ring_has(ring, h) && run->state[h].touched && run->state[h].depth > depth)
				depth = run->state[h].depth;
		}
	}
	for (uint32_t i = 0; i < ring->n; i++)
		if (!run->state[ring->members[i]].whole)
			run->state[ring->members[i]].depth = depth;
}

/* Adds the row of one unknown: the piece of measure k with its weights. */
static void
add_row(const Ring *ring, CappedSystem *s, uint32_t unknown, uint32_t local, int k,
		const Fraction *weights)
{
	Run		   *run = ring->run;
	const ModelNode *m = &run->model->nodes[local];
	const Register *reg = &m->registers[k];
	SystemEntry *row = core_array(&run->scratch->env, (size_t) reg->n + m->n_links, sizeof(SystemEntry));
	bool		least = !run->model->upper && reg->mass == MASS_COMPLETE;
	uint32_t	n = 0;

	if (run_failed(run))
		return;
	for (uint32_t i = 0; i < reg->n + m->n_links; i++)
	{
		const Link *link = i < reg->n ? &m->links[reg->lots[i].link] : &m->links[i - reg->n];
		bool		carries = run_link_carries(run, link);

		core_step(run->keep);
		if (!ring_has(ring, link->holder) || run->state[link->holder].whole || carries == (i < reg->n))
			continue;
		row[n].column = run->position[link->holder] * ring->n_slots + (ring->n_slots == 1 ? 0 : (uint32_t) k);
		row[n].weight = FRACTION_ONE;
		if (i < reg->n)
			row[n].weight = least ? reg->lots[i].lower : weights[i];
		if (!fraction_is_zero(row[n].weight))
			n++;
	}
	s->rows[unknown] = row;
	s->n_entries[unknown] = n;
}

/* Chooses the piece of an unknown that is largest at v and writes its row; true if v rises there. */
static bool
choose_piece(const Ring *ring, CappedSystem *s, uint32_t index, uint32_t slot)
{
	Run		   *run = ring->run;
	CoreEnv    *env = &run->scratch->env;
	int			n_measures = run->model->test->n_measures;
	uint32_t	local = ring->members[index];
	uint32_t	unknown = index * ring->n_slots + slot;
	Fraction	v = run->factor[local * (size_t) n_measures + slot].value;
	int			first = ring->n_slots == 1 ? 0 : (int) slot;
	int			last = ring->n_slots == 1 ? n_measures - 1 : (int) slot;
	Fraction	best = FRACTION_ZERO;
	Fraction   *best_weights = NULL;
	int			best_k = first;
	int			c;

	for (int k = first; k <= last; k++)
	{
		Fraction   *weights = core_array(env, run->model->nodes[local].registers[k].n, sizeof(Fraction));
		Fraction	value;

		if (run_failed(run))
			return false;
		value = run_upstream(run, local, k, weights).value;
		if (best_weights != NULL && fraction_compare(env, value, best) <= 0)
			continue;
		best = value;
		best_weights = weights;
		best_k = k;
	}
	add_row(ring, s, unknown, local, best_k, best_weights);
	s->cap[unknown] = fraction_subtract(env, FRACTION_ONE, v);
	c = fraction_compare(env, best, v);
	if (c < 0)
		core_fail(env, CORE_NO_CONVERGENCE);
	s->inflow[unknown] = c > 0 ? fraction_subtract(env, best, v) : FRACTION_ZERO;
	return c > 0 && !fraction_is_zero(s->cap[unknown]);
}

/* Writes the system at v into scratch; true if v rises anywhere. */
static bool
build_system(const Ring *ring, CappedSystem *s)
{
	Run		   *run = ring->run;
	CoreEnv    *env = &run->scratch->env;
	size_t		n = (size_t) ring->n * ring->n_slots;
	bool		rises = false;

	s->n = (uint32_t) n;
	s->inflow = core_array(env, n, sizeof(Fraction));
	s->cap = core_array(env, n, sizeof(Fraction));
	s->n_entries = core_array(env, n, sizeof(uint32_t));
	s->rows = core_array(env, n, sizeof(SystemEntry *));
	if (run_failed(run))
		return false;
	for (uint32_t i = 0; i < ring->n; i++)
	{
		for (uint32_t slot = 0; slot < ring->n_slots; slot++)
		{
			uint32_t	unknown = i * ring->n_slots + slot;

			s->inflow[unknown] = s->cap[unknown] = FRACTION_ZERO;
			s->n_entries[unknown] = 0;
			s->rows[unknown] = NULL;
			if (!run->state[ring->members[i]].whole && choose_piece(ring, s, i, slot))
				rises = true;
		}
	}
	return rises && !run_failed(run);
}

/* Raises v to the least fixpoint under the present status. */
static void
settle_factors(const Ring *ring)
{
	Run		   *run = ring->run;
	size_t		n_measures = (size_t) run->model->test->n_measures;
	uint64_t	limit = 64 + 8 * (uint64_t) ring->n * n_measures;
	CappedSystem s;

	if (ring->concave)
		limit = CONCAVE_ROUNDS;
	for (uint64_t round = 0;; round++)
	{
		Fraction   *y;

		arena_reset(run->scratch);
		if (!build_system(ring, &s))
			return;
		if (round >= limit)
		{
			if (!ring->concave)
				core_fail(run->keep, CORE_NO_CONVERGENCE);
			return;
		}
		y = core_array(&run->scratch->env, s.n, sizeof(Fraction));
		if (run_failed(run))
			return;
		solve_capped(&run->scratch->env, &s, y);
		for (uint32_t i = 0; i < s.n && !run_failed(run); i++)
		{
			Bound	   *v = &run->factor[ring->members[i / ring->n_slots] * n_measures];

			if (fraction_is_zero(y[i]))
				continue;
			y[i] = fraction_copy(run->keep, fraction_add(&run->scratch->env,
														 v[i % ring->n_slots].value, y[i]));
			v[i % ring->n_slots].value = y[i];
			for (size_t k = 1; ring->n_slots == 1 && k < n_measures; k++)
				v[k].value = y[i];
		}
	}
}

/* Finds which factors are unattained ends: the least set that supports itself from outside. */
static void
settle_strictness(const Ring *ring)
{
	Run		   *run = ring->run;
	size_t		n_measures = (size_t) run->model->test->n_measures;
	bool		more = true;

	for (uint32_t i = 0; i < ring->n; i++)
		for (size_t k = 0; k < n_measures; k++)
			run->factor[ring->members[i] * n_measures + k].strict = false;
	while (more && !run_failed(run))
	{
		more = false;
		for (uint32_t i = 0; i < ring->n; i++)
		{
			Bound	   *v = &run->factor[ring->members[i] * n_measures];
			Bound		factors[MAX_MEASURES];

			if (run->state[ring->members[i]].whole)
				continue;
			arena_reset(run->scratch);
			run_factor(run, ring->members[i], factors);
			for (size_t k = 0; k < n_measures; k++)
			{
				if (!factors[k].strict || v[k].strict)
					continue;
				v[k].strict = more = true;
			}
		}
	}
}

/* Is any member reached at all?  Marks all of them if so. */
static bool
ring_touched(const Ring *ring)
{
	bool		touched = false;

	for (uint32_t i = 0; i < ring->n && !touched; i++)
		touched = run_is_touched(ring->run, ring->members[i]);
	for (uint32_t i = 0; i < ring->n && touched; i++)
		ring->run->state[ring->members[i]].touched = true;
	return touched;
}

/* Raises the ring to its least fixpoint. */
static void
settle_ring(const Ring *ring)
{
	Run		   *run = ring->run;
	const Model *model = run->model;

	do
	{
		raise_early(ring);
		if (model->test->below == PASS_PROPORTION)
		{
			settle_factors(ring);
			settle_depth(ring);
			if (model->open_ends != NULL && model->open_ends[ring->component])
				settle_strictness(ring);
		}
	} while (raise_settled(ring) && !run_failed(run));
	for (uint32_t i = 0; i < ring->n && !run_failed(run); i++)
		run_keep_amounts(run, ring->members[i]);
}

/* Evaluates a component of several nodes, within the budget. */
void
ring_solve(Run *run, uint32_t component)
{
	const Model *model = run->model;
	CoreEnv    *env = &run->scratch->env;
	Ring		ring;

	ring.run = run;
	ring.component = component;
	ring.members = model->components.members + model->components.start[component];
	ring.n = model->components.start[component + 1] - model->components.start[component];
	ring.n_slots = model->test->across_measures ? 1 : (uint32_t) model->test->n_measures;
	ring.concave = false;
	if (!ring_touched(&ring))
		return;
	if (!ring_affordable(model, component))
	{
		core_fail(env, CORE_BUDGET);
		run_failed(run);
		return;
	}
	ring.raises = core_array(run->keep, ring.n, sizeof(Raise));
	ring.asked = core_array(run->keep, ring.n, sizeof(uint32_t));
	if (run_failed(run))
		return;
	for (uint32_t i = 0; i < ring.n; i++)
	{
		run->position[ring.members[i]] = i;
		for (int k = 0; k < model->test->n_measures && !model->upper; k++)
		{
			const Register *reg = &model->nodes[ring.members[i]].registers[k];

			ring.concave = ring.concave || (reg->mass == MASS_COMPLETE && !reg->exact);
		}
	}
	env->work = 0;
	env->work_limit = RING_BUDGET;
	settle_ring(&ring);
	env->work_limit = 0;
}
