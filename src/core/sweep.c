/*
 * sweep.c
 *		A per-root test for all roots at once: see sweep.h (engine notes 1.10, 3.4).
 *
 * A node by itself: gather what flows to it, decide status and the parent bits of its links,
 * then what it passes on.  Rings: sweep_ring.c.
 */
#include <string.h>

#include "sweep_parts.h"

#define MOST_FORGOTTEN	10		/* forget nothing more where over 1 / this of the least gate may have been */

/* Does it matter to what is below whether a root is a member of a node, and not only how much it has there? */
static bool
status_flows(const SweepGraph *graph)
{
	if (graph->test->status_feeds_back || graph->principal_start[graph->n] > 0)
		return true;
	for (uint32_t i = 0; i < graph->link_start[graph->n]; i++)
		if ((graph->link[i] & SWEEP_ROLE) != 0)
			return true;
	return false;
}

/* Notes the least of the gates. */
static void
find_least_gate(Sweep *sweep)
{
	const OwnershipTest *test = sweep->test;

	sweep->least_gate = SWEEP_ONE;
	for (int k = 0; k < test->n_measures; k++)
	{
		uint64_t	gate = ends_of_fraction(sweep->env, test->measures[k].threshold).lower;

		if (gate == 0)
			sweep->any_share_passes = true;
		else if (gate < sweep->least_gate)
			sweep->least_gate = gate;
	}
}

/* How far down each root has links that are not decided. */
static void
find_needs(Sweep *sweep)
{
	const SweepGraph *graph = sweep->graph;

	for (uint32_t e = 0; e < graph->n; e++)
	{
		uint32_t	component = graph->components->of[e];

		decide_direct(sweep, e);
		for (uint32_t i = graph->link_start[e]; i < graph->link_start[e + 1]; i++)
		{
			core_step(sweep->env);
			sweep->pending[graph->holder[i]]++;
			if (sweep->literal && (graph->link[i] & (SWEEP_PARENT | SWEEP_PLAIN)) == 0 &&
				(graph->link[i] & SWEEP_REACHED) != 0 && sweep->needed_until[graph->holder[i]] <= component)
				sweep->needed_until[graph->holder[i]] = component + 1;
		}
		for (uint32_t i = graph->principal_start[e]; i < graph->principal_start[e + 1]; i++)
			sweep->pending[graph->principal[i]]++;
	}
}

Sweep *
sweep_create(CoreEnv *env, SweepGraph *graph, const SweepOptions *options)
{
	Sweep	   *sweep = core_array(env, 1, sizeof(Sweep));
	size_t		n = graph->n;

	memset(sweep, 0, sizeof(Sweep));
	sweep->env = env;
	sweep->graph = graph;
	sweep->test = graph->test;
	sweep->options = *options;
	sweep->n_measures = (size_t) graph->test->n_measures;
	sweep->n_slots = graph->test->across_measures ? 1 : sweep->n_measures;
	/* as kernel_create(): without feedback there is no gate inside the recursion, not even a link's */
	sweep->literal = graph->test->link == LINK_LITERAL && graph->test->below == PASS_PROPORTION &&
		graph->test->status_feeds_back;
	sweep->with_rest = graph->rest != NULL;
	sweep->portion_size = sizeof(Portion) + sweep->n_slots * sizeof(AmountEnds);
	sweep->row_size = sizeof(Row) + (sweep->literal ? 2 : 1) * sweep->n_measures * sizeof(Tally);
	sweep->needed_until = core_array(env, n + 1, sizeof(uint32_t));
	sweep->pending = core_array(env, n, sizeof(uint32_t));
	sweep->tables = core_array(env, n, sizeof(Table *));
	sweep->loss = core_array(env, n, sizeof(uint64_t));
	sweep->amount_loss = core_array(env, n, sizeof(uint64_t));
	sweep->forgotten = core_array(env, n + 1, sizeof(bool));
	sweep->position = core_array(env, n, sizeof(uint32_t));
	sweep->slots = core_array(env, n + 1, sizeof(uint32_t));
	sweep->seen = core_array(env, n, sizeof(uint32_t));
	sweep->stack = core_array(env, n, sizeof(uint32_t));
	arena_init(&sweep->scratch, env);
	arena_init(&sweep->middle, env);
	if (env->status != CORE_OK)
		return sweep;
	for (size_t i = 0; i <= n; i++)
		sweep->slots[i] = NO_SLOT;
	memset(sweep->seen, 0, n * sizeof(uint32_t));
	find_least_gate(sweep);
	sweep->status_flows = status_flows(graph);
	memset(sweep->needed_until, 0, (n + 1) * sizeof(uint32_t));
	memset(sweep->pending, 0, n * sizeof(uint32_t));
	memset(sweep->tables, 0, n * sizeof(Table *));
	memset(sweep->loss, 0, n * sizeof(uint64_t));
	memset(sweep->amount_loss, 0, n * sizeof(uint64_t));
	memset(sweep->forgotten, 0, (n + 1) * sizeof(bool));
	find_needs(sweep);
	return sweep;
}

/* Takes a table of a size class from those free, or makes one. */
static Table *
table_create(Sweep *sweep, uint32_t n)
{
	uint32_t	size_class = 0;
	Table	   *table;

	while ((UINT64_C(1) << size_class) < n)
		size_class++;
	table = sweep->free[size_class];
	if (table != NULL)
		sweep->free[size_class] = table->next;
	else
		table = core_array(sweep->env, sizeof(Table) + ((size_t) 1 << size_class) * sweep->portion_size, 1);
	if (sweep->env->status != CORE_OK)
		return NULL;
	table->size_class = size_class;
	table->n = 0;
	return table;
}

/* Gives a table back. */
static void
table_drop(Sweep *sweep, uint32_t node)
{
	Table	   *table = sweep->tables[node];

	if (table == NULL)
		return;
	table->next = sweep->free[table->size_class];
	sweep->free[table->size_class] = table;
	sweep->tables[node] = NULL;
}

/*
 * Writes what a row passes on; false if nothing of it, or too little to be kept: then
 * *forgotten is raised to that.
 */
bool
row_portion(Sweep *sweep, Row *row, uint32_t component, uint64_t missing, Portion *portion, uint64_t *forgotten)
{
	uint64_t	largest = 0;
	bool		any = false;

	if (!root_matters(sweep, row->root, component))
		return false;
	portion->root = row->root;
	portion->flags = row->flags & (SURE_STATUS | SURE_WHOLE | MAY_STATUS | MAY_WHOLE);
	for (size_t slot = 0; slot < sweep->n_slots; slot++)
	{
		bool		over;

		portion->factor[slot] = row_factor(sweep, row, slot, &over);
		if (missing > 0)
			portion->factor[slot].upper = portion->factor[slot].upper + missing < SWEEP_ONE ?
				portion->factor[slot].upper + missing : SWEEP_ONE;
		if (over)
			portion->flags |= OVER_LOWER << slot;
		if (portion->factor[slot].upper > largest)
			largest = portion->factor[slot].upper;
		any = any || over;
	}
	if (largest == 0 && !any && portion->flags == 0)
		return false;
	if ((sweep->status_flows && (portion->flags & MAY_STATUS) != 0) || largest > sweep->forget_now)
		return true;
	sweep->forgotten[row->root] = true;
	if (largest > *forgotten)
		*forgotten = largest;
	return false;
}

/* Keeps what a node passes on, from a function that gives one portion after the other, or NULL. */
void
table_keep(Sweep *sweep, uint32_t node, uint32_t n, Portion *(*portion) (void *arg, uint32_t i), void *arg)
{
	Table	   *table;

	table_drop(sweep, node);
	if (n == 0 || sweep->graph->held_start[node] == sweep->graph->held_start[node + 1] ||
		(table = table_create(sweep, n)) == NULL)
		return;
	for (uint32_t i = 0; i < n; i++)
	{
		const Portion *one = portion(arg, i);

		core_step(sweep->env);
		if (one != NULL)
			memcpy(portion_at(sweep, table, table->n++), one, sweep->portion_size);
	}
	sweep->tables[node] = table;
}

/* one node's rows becoming its table */
typedef struct Keeping
{
	Sweep	   *sweep;
	uint32_t	component;
	uint64_t	forgotten;
	uint64_t	room[(sizeof(Portion) + sizeof(AmountEnds) * MAX_MEASURES) / sizeof(uint64_t)];
} Keeping;

static Portion *
keep_row(void *arg, uint32_t i)
{
	Keeping    *keeping = arg;
	Portion    *portion = (Portion *) keeping->room;

	return row_portion(keeping->sweep, row_at(keeping->sweep, &keeping->sweep->rows, i), keeping->component, 0, portion,
					   &keeping->forgotten) ? portion : NULL;
}

/*
 * Reads the parent bits of a node's links off what their holders have in it; *changed if any
 * was not known before.  False if some link stays open.
 */
static bool
links_follow(Sweep *sweep, uint32_t node, const Rows *rows, bool *changed)
{
	SweepGraph *graph = sweep->graph;
	bool		closed = true;

	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1] && sweep->literal; i++)
	{
		const Row  *row;

		core_step(sweep->env);
		if ((graph->link[i] & (SWEEP_PARENT | SWEEP_PLAIN)) != 0 || (graph->link[i] & SWEEP_REACHED) == 0)
			continue;
		row = rows_find(sweep, rows, graph->holder[i]);
		if (row != NULL && (row->flags & SURE_WHOLE) != 0)
			graph->link[i] = (uint8_t) ((graph->link[i] & ~SWEEP_MAYBE) | SWEEP_PARENT);
		else if (row == NULL || (row->flags & MAY_WHOLE) == 0)
		{
			graph->link[i] = (uint8_t) ((graph->link[i] & ~SWEEP_MAYBE) | SWEEP_PLAIN);
			continue;
		}
		else
		{
			closed = false;
			if ((graph->link[i] & SWEEP_MAYBE) != 0)
				continue;
			graph->link[i] |= SWEEP_MAYBE;
		}
		*changed = true;
	}
	return closed;
}

/* Up to which factor a root may be forgotten where so much may have been lost before. */
uint64_t
forget_at(const Sweep *sweep, uint64_t lost)
{
	return sweep->with_rest || lost > sweep->least_gate / MOST_FORGOTTEN ? 0 : sweep->options.forget;
}

/* What a forgotten root can pass on at a node: where it may be a member, everything. */
uint64_t
loss_after(const Sweep *sweep, uint32_t node, uint64_t unrecorded, uint64_t forgotten)
{
	uint64_t	most = unrecorded > forgotten ? unrecorded : forgotten;

	return (sweep->test->status_feeds_back && sweep_is_blind(sweep, node)) || most > SWEEP_ONE ? SWEEP_ONE : most;
}

/* Evaluates a node that is no part of a ring. */
static bool
sweep_single(Sweep *sweep, uint32_t node)
{
	Keeping		keeping = {sweep, sweep->graph->components->of[node], 0, {0}};
	bool		changed = false;
	bool		closed;
	uint64_t	down;

	if (sweep->graph->link_start[node] == sweep->graph->link_start[node + 1] &&
		sweep->graph->principal_start[node] == sweep->graph->principal_start[node + 1] && !sweep->with_rest)
	{
		sweep->rows.n = 0;
		return true;
	}
	node_loss(sweep, node, NO_NODE, &sweep->amount_loss[node], &down);
	rows_gather(sweep, &sweep->rows, node, NO_NODE);
	for (uint32_t i = 0; i < sweep->rows.n; i++)
		row_decide(sweep, node, row_at(sweep, &sweep->rows, i));
	closed = links_follow(sweep, node, &sweep->rows, &changed);
	if (changed)
	{
		/* a parental link brings down more than it was summed up with */
		node_loss(sweep, node, NO_NODE, &sweep->amount_loss[node], &down);
		rows_gather(sweep, &sweep->rows, node, NO_NODE);
		for (uint32_t i = 0; i < sweep->rows.n; i++)
			row_decide(sweep, node, row_at(sweep, &sweep->rows, i));
	}
	sweep->forget_now = forget_at(sweep, down);
	table_keep(sweep, node, sweep->rows.n, keep_row, &keeping);
	sweep->loss[node] = loss_after(sweep, node, down, keeping.forgotten);
	return closed;
}

bool
sweep_component(Sweep *sweep, uint32_t component)
{
	const Components *c = sweep->graph->components;

	if (sweep->env->status != CORE_OK)
		return true;
	if (c->start[component + 1] - c->start[component] == 1)
		return sweep_single(sweep, c->members[c->start[component]]);
	return ring_sweep(sweep, component);
}

/* What a row has of a measure, and so much more that was forgotten: what counts as the whole comes to no more, once. */
static AmountEnds
amount_told(const Sweep *sweep, Row *row, size_t k, uint64_t loss)
{
	const Tally *amount = row_amount(row, k);
	AmountEnds	told = {amount->lower, amount->upper + loss};

	if (sweep->test->control_counts == CONTROL_AS_SHARE)
		return told;
	return (AmountEnds) {told.lower < SWEEP_ONE ? told.lower : SWEEP_ONE, told.upper < SWEEP_ONE ? told.upper : SWEEP_ONE};
}

/* Was so much forgotten above a node that what is recorded there is not told? */
static bool
is_withheld(const Sweep *sweep, uint32_t node)
{
	return sweep->options.withhold > 0 && !sweep->with_rest &&
		(sweep->amount_loss[node] >= sweep->options.withhold || sweep_is_blind(sweep, node));
}

/* Tells what a row has come to. */
void
row_report(Sweep *sweep, uint32_t node, Row *row)
{
	SweepFinding finding;
	uint64_t	loss;

	if (!sweep_tells_of(sweep, node) || is_withheld(sweep, node) || (sweep->options.members_only && (row->flags & MAY_STATUS) == 0) ||
		(row->root < sweep->graph->n && sweep->options.asked != NULL && !sweep->options.asked[row->root]))
		return;
	loss = sweep->ring != NULL && row->root < sweep->graph->n && sweep->forgotten[row->root] ? sweep->amount_loss[node] : 0;
	finding.root = row->root;
	finding.status = (row->flags & SURE_STATUS) != 0 ? TERNARY_TRUE :
		(row->flags & MAY_STATUS) != 0 ? TERNARY_UNKNOWN : TERNARY_FALSE;
	finding.reason = row->reason;
	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		finding.amount[k] = sweep->options.members_only ? (AmountEnds) {0, 0} : amount_told(sweep, row, k, loss);
		if (sweep->options.members_only || (sweep->graph->node[node] & SWEEP_DIRTY) != 0)
			finding.amount[k].upper = UINT64_MAX;
	}
	sweep->options.found(sweep->options.arg, node, &finding);
}

/* Tells what somebody who was forgotten may have in a node, and whether that may make it a member. */
static void
report_forgotten(Sweep *sweep, uint32_t node)
{
	uint64_t	loss = sweep->amount_loss[node];
	bool		blind = sweep_is_blind(sweep, node);
	SweepFinding finding = {sweep->graph->n, blind ? TERNARY_UNKNOWN : TERNARY_FALSE, -4, {{0, 0}}};

	if (!sweep_tells_of(sweep, node) || loss == 0 ||
		(!blind && !is_withheld(sweep, node) && (sweep->options.members_only || sweep->with_rest)))
		return;
	for (size_t k = 0; k < sweep->n_measures; k++)
		finding.amount[k].upper = loss >= MOST_LOSS || (sweep->graph->node[node] & SWEEP_DIRTY) != 0 ? UINT64_MAX : loss;
	sweep->options.found(sweep->options.arg, node, &finding);
}

void
sweep_drop(Sweep *sweep, uint32_t component)
{
	const Components *c = sweep->graph->components;

	for (uint32_t m = c->start[component]; m < c->start[component + 1]; m++)
	{
		table_drop(sweep, c->members[m]);
		sweep->loss[c->members[m]] = sweep->amount_loss[c->members[m]] = 0;
	}
}

void
sweep_forget(Sweep *sweep, uint32_t root, uint64_t forget)
{
	sweep->options.forget = forget;
	sweep->forgotten[root] = false;
}

/* One less rests on these. */
static void
release(Sweep *sweep, uint32_t node)
{
	if (!sweep->options.keeps && --sweep->pending[node] == 0)
		table_drop(sweep, node);
}

void
sweep_close(Sweep *sweep, uint32_t component)
{
	const SweepGraph *graph = sweep->graph;
	const Components *c = graph->components;

	if (sweep->env->status != CORE_OK)
		return;
	if (c->start[component + 1] - c->start[component] > 1)
		ring_close(sweep, component);
	else
		for (uint32_t i = 0; i < sweep->rows.n; i++)
			row_report(sweep, c->members[c->start[component]], row_at(sweep, &sweep->rows, i));
	for (uint32_t m = c->start[component]; m < c->start[component + 1]; m++)
	{
		uint32_t	node = c->members[m];

		report_forgotten(sweep, node);
		for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
			release(sweep, graph->holder[i]);
		for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
			release(sweep, graph->principal[i]);
	}
}
