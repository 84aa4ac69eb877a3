/*
 * run.c
 *		The step of the fixpoint at one node: amounts from the holders' factors,
 *		status from gates, roles and principals, and what the node passes on
 *		(31 CFR 850.206(b), 850.219, 850.221; engine notes 0 and 1.10).
 */
#include <string.h>

#include "run.h"

/* Allocates the state of a run. */
void
run_create(CoreEnv *env, Run *run, Model *model, Arena *scratch)
{
	size_t		n = model->n;
	size_t		n_bounds = n * (size_t) model->test->n_measures;

	memset(run, 0, sizeof(Run));
	run->model = model;
	run->scratch = scratch;
	run->keep = env;
	run->root = NO_NODE;
	run->state = core_array(env, n, sizeof(NodeState));
	run->amount = core_array(env, n_bounds, sizeof(Bound));
	run->factor = core_array(env, n_bounds, sizeof(Bound));
	if (model->test->reports)
		run->reported = core_array(env, n, sizeof(Cause));
	run->queue = core_array(env, n, sizeof(uint32_t));
	run->queued = core_array(env, n, sizeof(bool));
	run->position = core_array(env, n, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	core_fill(env, run->queued, 0, n * sizeof(bool));
	for (uint32_t i = 0; i < model->n; i++)
	{
		core_step(env);
		run_forget(run, i);
	}
}

/* Puts a node back to nothing known. */
void
run_forget(Run *run, uint32_t local)
{
	int			n_measures = run->model->test->n_measures;

	memset(&run->state[local], 0, sizeof(NodeState));
	run->state[local].reason = run->state[local].cause = -4;
	run->state[local].rank = UINT32_MAX;
	if (run->reported != NULL)
		run->reported[local] = (Cause) {UINT32_MAX, -4};
	for (int k = 0; k < n_measures; k++)
		run->amount[local * (size_t) n_measures + k] =
			run->factor[local * (size_t) n_measures + k] = (Bound) {FRACTION_ZERO, false};
}

/* Makes a node pass on all it holds. */
static void
make_whole(Run *run, uint32_t local)
{
	int			n_measures = run->model->test->n_measures;

	run->state[local].whole = true;
	for (int k = 0; k < n_measures; k++)
		run->factor[local * (size_t) n_measures + k] = (Bound) {FRACTION_ONE, false};
}

/* Makes a node a member by itself. */
void
run_seed(Run *run, uint32_t local)
{
	NodeState  *s = &run->state[local];

	s->touched = s->status = true;
	s->reason = s->cause = -1;
	s->rank = s->depth = 0;
	make_whole(run, local);
}

/* Tells whether the run has failed, passing scratch's failure on. */
bool
run_failed(Run *run)
{
	if (arena_failed(run->scratch))
		return true;
	return run->keep->status != CORE_OK;
}

bool
run_over_budget(Run *run)
{
	bool		over = core_over_budget(&run->scratch->env);

	over = core_over_budget(run->keep) || over;
	return core_over_budget(run->model->env) || over;
}

/* Can anything reach this node in one step? */
bool
run_is_touched(const Run *run, uint32_t local)
{
	const ModelNode *m = &run->model->nodes[local];

	if (run->state[local].touched)
		return true;
	for (int k = 0; k < run->model->test->n_measures; k++)
		if (m->registers[k].rest_is_anybodys)
			return true;
	for (uint32_t i = 0; i < m->n_links; i++)
		if (run->state[m->links[i].holder].touched)
			return true;
	for (uint32_t i = 0; i < m->n_principals; i++)
		if (run->state[m->principals[i]].touched)
			return true;
	return false;
}

/* Does the link carry the whole of what its holder has (A-01 link_literal)? */
bool
run_link_carries(const Run *run, const Link *link)
{
	return run->model->test->link == LINK_LITERAL && link->state == LINK_PARENT &&
		link->holder != run->root;
}

/* Collects what the holders of a register pass on, lot by lot, in scratch. */
static Bound *
lot_factors(Run *run, uint32_t local, int measure)
{
	const Register *reg = &run->model->nodes[local].registers[measure];
	int			n_measures = run->model->test->n_measures;
	Bound	   *factors = core_array(&run->scratch->env, reg->n, sizeof(Bound));

	if (run->scratch->env.status != CORE_OK)
		return factors;
	for (uint32_t i = 0; i < reg->n; i++)
	{
		core_step(&run->scratch->env);
		factors[i] = run->factor[reg->lots[i].holder * (size_t) n_measures + measure];
	}
	return factors;
}

/* Gives A_k(e): each direct holder's share, once, at its factor.  Not capped. */
Bound
run_amount(Run *run, uint32_t local, int measure)
{
	const Register *reg = &run->model->nodes[local].registers[measure];
	Bound	   *factors = lot_factors(run, local, measure);

	if (run_failed(run))
		return (Bound) {FRACTION_ZERO, false};
	return register_bound(&run->scratch->env, reg, factors, run->model->upper,
						  reg->rest_is_anybodys, NULL, NULL);
}

/*
 * Gives what e passes on below the gate, uncapped: its amount, or under link_literal the
 * sum over its links of 1 for a parent-subsidiary link, else the share, times the
 * holder's factor.  weights takes the lots' weights where it is reached; a lot whose
 * link carries the whole has coefficient 0.
 */
Bound
run_upstream(Run *run, uint32_t local, int measure, Fraction *weights)
{
	CoreEnv    *env = &run->scratch->env;
	const ModelNode *m = &run->model->nodes[local];
	const Register *reg = &m->registers[measure];
	size_t		n_measures = (size_t) run->model->test->n_measures;
	Bound	   *factors = lot_factors(run, local, measure);
	FractionSum links = FRACTION_SUM_ZERO;
	bool		strict = false;
	Bound		sum;

	if (run_failed(run))
		return (Bound) {FRACTION_ZERO, false};
	for (uint32_t i = 0; i < reg->n; i++)
		if (run_link_carries(run, &m->links[reg->lots[i].link]))
			factors[i] = (Bound) {FRACTION_ZERO, false};
	if (run->model->test->link == LINK_LITERAL)
	{
		for (uint32_t i = 0; i < m->n_links; i++)
		{
			const Bound *f = &run->factor[m->links[i].holder * n_measures + measure];

			core_step(env);
			if (!run_link_carries(run, &m->links[i]))
				continue;
			fraction_sum_add(env, &links, f->value, FRACTION_ONE);
			strict = strict || f->strict;
		}
	}
	sum = register_bound(env, reg, factors, run->model->upper, reg->rest_is_anybodys, weights, NULL);
	sum.value = fraction_add(env, sum.value, fraction_sum_value(env, &links));
	sum.strict = sum.strict || strict;
	return sum;
}

/* Gives what a node that is not whole passes on, per measure. */
void
run_factor(Run *run, uint32_t local, Bound *factors)
{
	const OwnershipTest *test = run->model->test;
	bool		upper = run->model->upper;
	CoreEnv    *env = &run->scratch->env;
	Bound		best = {FRACTION_ZERO, false};

	for (int k = 0; k < test->n_measures; k++)
	{
		factors[k] = best;
		if (test->below == PASS_NOTHING)
			continue;
		factors[k] = bound_capped(env, run_upstream(run, local, k, NULL), upper);
	}
	if (!test->across_measures)
		return;
	for (int k = 0; k < test->n_measures; k++)
		best = k == 0 ? factors[k] : bound_max(env, best, factors[k], upper);
	for (int k = 0; k < test->n_measures; k++)
		factors[k] = best;
}

/*
 * Gate of one measure.  Before a ring has settled, which ends are attained is not
 * known: then only what passes either way passes.
 */
static bool
gate_passes(Run *run, uint32_t local, const Bound *amount, int k, bool settled)
{
	const OwnershipTest *test = run->model->test;
	Bound		tested = *amount;

	if (!settled && run->model->open_ends != NULL && run->model->open_ends[run->model->components.of[local]])
		tested.strict = run->model->upper;
	return bound_passes(&run->scratch->env, &tested, test->measures[k].threshold,
						test->measures[k].strict, run->model->upper);
}

/* Which line an amount is held against: a gate before a ring has settled or after, or the report. */
typedef enum Line
{
	LINE_UNSETTLED,
	LINE_SETTLED,
	LINE_REPORT
} Line;

static bool
line_passes(Run *run, uint32_t local, const Bound *amount, int k, Line line)
{
	const Gate *report = &run->model->test->measures[k].report;

	if (line == LINE_REPORT)
		return bound_passes(&run->scratch->env, amount, report->threshold, report->strict, run->model->upper);
	return gate_passes(run, local, amount, k, line == LINE_SETTLED);
}

/* Does the amount pass with only what rests on ranks up to limit? */
static bool
passes_within(Run *run, uint32_t local, int k, const Bound *factors, uint32_t limit, Line line)
{
	const Register *reg = &run->model->nodes[local].registers[k];
	Bound	   *within = core_array(&run->scratch->env, reg->n, sizeof(Bound));
	Bound		amount;

	if (run_failed(run))
		return false;
	for (uint32_t i = 0; i < reg->n; i++)
	{
		within[i] = factors[i];
		if (run->state[reg->lots[i].holder].depth > limit)
			within[i] = (Bound) {FRACTION_ZERO, false};
	}
	amount = register_bound(&run->scratch->env, reg, within, run->model->upper,
							reg->rest_is_anybodys, NULL, NULL);
	return line_passes(run, local, &amount, k, line);
}

/*
 * The smallest rank an amount that passes can have: 1 + the smallest bound on its
 * holders' depths under which it still passes (bisection, monotone).
 */
static uint32_t
passing_rank(Run *run, uint32_t local, int k, Line line)
{
	const Register *reg = &run->model->nodes[local].registers[k];
	Bound	   *factors = lot_factors(run, local, k);
	uint32_t	low = 0;
	uint32_t	high = 0;

	if (run_failed(run))
		return 1;
	for (uint32_t i = 0; i < reg->n; i++)
	{
		const NodeState *s = &run->state[reg->lots[i].holder];

		if ((factors[i].strict || !fraction_is_zero(factors[i].value)) && s->depth > high)
			high = s->depth;
	}
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (passes_within(run, local, k, factors, middle, line))
			high = middle;
		else
			low = middle + 1;
	}
	return high + 1;
}

/* What the holders of a ring's node pass on when it passes, to be remembered. */
static const Bound *
find_support(Run *run, uint32_t local, int k, uint32_t rank)
{
	const Register *reg = &run->model->nodes[local].registers[k];
	Bound	   *factors = lot_factors(run, local, k);
	Bound	   *kept = core_array(run->keep, reg->n, sizeof(Bound));

	if (run_failed(run))
		return NULL;
	for (uint32_t i = 0; i < reg->n; i++)
	{
		kept[i] = factors[i];
		if (run->state[reg->lots[i].holder].depth >= rank)
			kept[i] = (Bound) {FRACTION_ZERO, false};
		kept[i].value = fraction_copy(run->keep, kept[i].value);
	}
	return kept;
}

/* A role's status attributes the held's holdings in full only where roles carry. */
Raise
run_find_raise(Run *run, uint32_t local, const Bound *amounts, bool settled, bool in_ring)
{
	const OwnershipTest *test = run->model->test;
	const ModelNode *m = &run->model->nodes[local];
	const NodeState *s = &run->state[local];
	Cause		status = {UINT32_MAX, -4};
	Cause		whole = {UINT32_MAX, -4};
	Raise		raise = {status, whole, NULL};

	if (s->whole)
		return raise;
	for (int k = 0; k < test->n_measures; k++)
	{
		uint32_t	rank;

		if ((s->status && !test->status_feeds_back) || !gate_passes(run, local, &amounts[k], k, settled))
			continue;
		rank = passing_rank(run, local, k, settled ? LINE_SETTLED : LINE_UNSETTLED);
		cause_offer(&status, rank, (int8_t) k);
		if (test->status_feeds_back)
			cause_offer(&whole, rank, (int8_t) k);
	}
	for (uint32_t i = 0; i < m->n_links; i++)
	{
		const NodeState *h = &run->state[m->links[i].holder];

		if (!m->links[i].role || !h->status)
			continue;
		cause_offer(&status, h->rank + 1, -2);
		if (test->status_feeds_back && test->roles_carry)
			cause_offer(&whole, h->rank + 1, -2);
	}
	for (uint32_t i = 0; i < m->n_principals; i++)
	{
		const NodeState *h = &run->state[m->principals[i]];

		if (h->status)
			cause_offer(&status, h->rank + 1, -3);
		if (h->whole)
			cause_offer(&whole, h->depth + 1 > h->rank + 1 ? h->depth + 1 : h->rank + 1, -3);
	}
	if (status.rank != UINT32_MAX && !s->status)
	{
		raise.status = status;
		if (in_ring && status.reason >= 0)
			raise.support = find_support(run, local, status.reason, status.rank);
	}
	raise.whole = whole;
	if (in_ring && whole.rank != UINT32_MAX && whole.reason >= 0)
		raise.support = find_support(run, local, whole.reason, whole.rank);
	return raise;
}

bool
run_raise(Run *run, uint32_t local, const Raise *raise)
{
	NodeState  *s = &run->state[local];

	if (raise->support != NULL)
		s->support = raise->support;
	if (raise->status.rank != UINT32_MAX)
	{
		s->status = true;
		s->rank = raise->status.rank;
		s->reason = s->cause = raise->status.reason;
	}
	if (raise->whole.rank != UINT32_MAX)
	{
		s->cause = raise->whole.reason;
		make_whole(run, local);
		s->depth = raise->whole.rank;
	}
	return raise->status.rank != UINT32_MAX || raise->whole.rank != UINT32_MAX;
}

uint32_t
run_report_rank(Run *run, uint32_t local, int measure)
{
	arena_reset(run->scratch);
	if (!line_passes(run, local, &run->amount[local * (size_t) run->model->test->n_measures + (size_t) measure], measure, LINE_REPORT))
		return UINT32_MAX;
	return passing_rank(run, local, measure, LINE_REPORT);
}

/* Computes and keeps a node's amounts. */
void
run_keep_amounts(Run *run, uint32_t local)
{
	int			n_measures = run->model->test->n_measures;

	for (int k = 0; k < n_measures; k++)
	{
		Bound		b;

		arena_reset(run->scratch);
		b = run_amount(run, local, k);
		if (run->model->test->control_counts != CONTROL_AS_SHARE)
			b = bound_capped(&run->scratch->env, b, run->model->upper);	/* two who control count as the whole, once */
		b.value = fraction_copy(run->keep, b.value);
		run->amount[local * (size_t) n_measures + k] = b;
	}
}

/* The depth of what a node passes on below the gate. */
static uint32_t
proportion_depth(const Run *run, uint32_t local)
{
	const ModelNode *m = &run->model->nodes[local];
	size_t		n_measures = (size_t) run->model->test->n_measures;
	uint32_t	depth = 0;

	for (uint32_t i = 0; i < m->n_links; i++)
	{
		uint32_t	h = m->links[i].holder;

		for (size_t k = 0; k < n_measures; k++)
		{
			const Bound *f = &run->factor[h * n_measures + k];

			if ((f->strict || !fraction_is_zero(f->value)) && run->state[h].depth > depth)
				depth = run->state[h].depth;
		}
	}
	return depth;
}

/* Evaluates a node that is no part of a ring. */
static void
run_single(Run *run, uint32_t local)
{
	size_t		n_measures = (size_t) run->model->test->n_measures;
	NodeState  *s = &run->state[local];
	Raise		raise;

	if (!run_is_touched(run, local))
		return;
	s->touched = true;
	run_keep_amounts(run, local);
	arena_reset(run->scratch);
	raise = run_find_raise(run, local, &run->amount[local * n_measures], true, false);
	run_raise(run, local, &raise);
	if (s->whole)
		return;
	s->depth = proportion_depth(run, local);
	if (run->model->test->below == PASS_PROPORTION)
	{
		Bound		factors[MAX_MEASURES];

		arena_reset(run->scratch);
		run_factor(run, local, factors);
		for (size_t k = 0; k < n_measures; k++)
		{
			factors[k].value = fraction_copy(run->keep, factors[k].value);
			run->factor[local * n_measures + k] = factors[k];
		}
	}
}

/* Evaluates one component. */
void
run_component(Run *run, uint32_t component)
{
	const Components *c = &run->model->components;

	if (c->start[component + 1] - c->start[component] == 1)
		run_single(run, c->members[c->start[component]]);
	else
		ring_solve(run, component);
}
