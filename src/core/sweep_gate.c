/*
 * sweep_gate.c
 *		Whether what a root has in a node passes the gates, and what of it is passed on:
 *		see sweep_parts.h.
 */
#include <string.h>

#include "sweep_parts.h"

/* Compares an end with a gate: <0, 0, >0. */
static int
compare_gate(const Sweep *sweep, uint64_t end, size_t k)
{
	Fraction	threshold = sweep->test->measures[k].threshold;
	unsigned __int128 a = (unsigned __int128) end * threshold.den;
	unsigned __int128 b = (unsigned __int128) SWEEP_ONE * threshold.num;

	return a < b ? -1 : a > b;
}

/* Are all shares of a measure in a node single numbers, and one of them none that ends can give? */
static bool
wants_fractions(const Sweep *sweep, uint32_t node, size_t k)
{
	const SweepGraph *graph = sweep->graph;
	bool		wants = false;

	if ((graph->node[node] & SWEEP_RANGES) != 0 ||
		(sweep->with_rest && graph->rest[node * sweep->n_measures + k].upper != 0))
		return false;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
	{
		const SweepShare *share = &graph->shares[graph->share[i * sweep->n_measures + k]];

		if (!share->is_exact)
			return false;
		wants = wants || share->ends.lower != share->ends.upper;
	}
	return wants;
}

/*
 * Passes the gate by fractions: what is held at factors that are known exactly is summed
 * exactly and taken from the threshold; the rest, enclosed, is compared with what is left.
 */
static Ternary
passes_exactly(Sweep *sweep, uint32_t node, const Row *row, size_t k)
{
	const SweepGraph *graph = sweep->graph;
	CoreEnv    *env = &sweep->scratch.env;
	Fraction	needed = sweep->test->measures[k].threshold;
	bool		strict = sweep->test->measures[k].strict;
	uint64_t	room[(sizeof(Portion) + sizeof(AmountEnds) * MAX_MEASURES) / sizeof(uint64_t)];
	Portion    *portion = (Portion *) room;
	size_t		slot = sweep->n_slots == 1 ? 0 : k;
	uint64_t	low = 0;
	uint64_t	high = 0;
	bool		grain = false;
	AmountEnds		gap;

	arena_reset(&sweep->scratch);
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
	{
		const SweepShare *share = sweep_share(graph, i, k, graph->holder[i] == row->root);
		AmountEnds		f;
		bool		over;

		core_step(sweep->env);
		if (share->ends.upper == 0)
			continue;
		portion_of(sweep, row->root, graph->holder[i], portion);
		f = portion->factor[slot];
		over = (portion->flags & (OVER_LOWER << slot)) != 0;
		if (f.lower == f.upper && !over)
		{
			if (f.lower != 0)
				needed = fraction_subtract(env, needed, fraction_multiply(env, share->exact, f.lower == SWEEP_ONE ? FRACTION_ONE :
																		   fraction_of(env, (int64_t) f.lower, (int64_t) SWEEP_ONE)));
			continue;
		}
		grain = grain || ((f.lower > 0 || over) && share->ends.upper > 0);
		low += (uint64_t) ((unsigned __int128) f.lower * share->ends.lower / SWEEP_ONE);
		high += (uint64_t) ((unsigned __int128) f.upper * share->ends.upper / SWEEP_ONE) + 1;
	}
	if (env->status != CORE_OK)
		return TERNARY_UNKNOWN;
	if (needed.negative || (fraction_is_zero(needed) && (!strict || low > 0 || grain)))
		return TERNARY_TRUE;
	if (fraction_is_zero(needed))
		return high > 0 ? TERNARY_UNKNOWN : TERNARY_FALSE;
	gap = ends_of_fraction(env, needed);
	return low > gap.upper ? TERNARY_TRUE : high < gap.lower ? TERNARY_FALSE : TERNARY_UNKNOWN;
}

/* Passes one gate? */
static Ternary
passes(Sweep *sweep, uint32_t node, Row *row, size_t k, uint64_t loss)
{
	const Tally *amount = row_amount(row, k);
	bool		strict = sweep->test->measures[k].strict;
	bool		ranges = (sweep->graph->node[node] & SWEEP_RANGES) != 0;
	int			low = compare_gate(sweep, amount->lower, k);
	int			high;

	if (sweep->graph->node[node] & SWEEP_DIRTY)
		return TERNARY_UNKNOWN;
	if (low > 0 || (low == 0 && (amount->over > 0 || (!strict && !ranges))))
		return TERNARY_TRUE;
	high = compare_gate(sweep, amount->upper + loss, k);
	if (high < 0 || (high == 0 && strict && !ranges))
		return TERNARY_FALSE;
	return loss == 0 && !row_misses(sweep, row) && wants_fractions(sweep, node, k) ? passes_exactly(sweep, node, row, k) : TERNARY_UNKNOWN;
}

/* Follows one step upward to a holder or principal; true if it is the root. */
static bool
search_step(Sweep *sweep, uint32_t root, uint32_t above, uint32_t *n)
{
	core_step(sweep->env);
	if (sweep->seen[above] == sweep->search)
		return false;
	sweep->seen[above] = sweep->search;
	sweep->stack[(*n)++] = above;
	return above == root;
}

/*
 * Does a root reach a node: surely, by shares that are more than nothing, or at all (maybe), by
 * any link, role or principal?
 */
static bool
reaches(Sweep *sweep, uint32_t root, uint32_t node, bool maybe)
{
	const SweepGraph *graph = sweep->graph;
	uint32_t	n = 0;

	if (++sweep->search == 0)
	{
		memset(sweep->seen, 0, graph->n * sizeof(uint32_t));
		sweep->search = 1;
	}
	(void) search_step(sweep, root, node, &n);
	for (uint32_t at = 0; at < n; at++)
	{
		uint32_t	e = sweep->stack[at];

		for (uint32_t i = graph->link_start[e]; i < graph->link_start[e + 1]; i++)
		{
			bool		positive = maybe;

			for (size_t k = 0; k < sweep->n_measures && !positive; k++)
				positive = graph->shares[graph->share[i * sweep->n_measures + k]].ends.lower > 0;
			if (positive && search_step(sweep, root, graph->holder[i], &n))
				return true;
		}
		for (uint32_t i = graph->principal_start[e]; i < graph->principal_start[e + 1] && maybe; i++)
			if (search_step(sweep, root, graph->principal[i], &n))
				return true;
	}
	return false;
}

/* What is recorded of a root in a holder, or NULL. */
static const Portion *
portion_in(const Sweep *sweep, uint32_t root, uint32_t holder)
{
	const Table *table = sweep->tables[holder];

	for (uint32_t i = 0; table != NULL && i < table->n; i++)
		if (portion_at(sweep, table, i)->root == root)
			return portion_at(sweep, table, i);
	return NULL;
}

/* May a link bring something of a row's root that is not recorded in its holder? */
static bool
may_miss(const Sweep *sweep, const Row *row, uint32_t link)
{
	uint32_t	holder = sweep->graph->holder[link];

	return holder != row->root && sweep->loss[holder] > 0 && portion_in(sweep, row->root, holder) == NULL;
}

/*
 * A root that was forgotten somewhere above stands exactly at a line with what is recorded of
 * it.  If it reaches a holder in which nothing is recorded, it is above; if it reaches none,
 * nothing is missing.
 */
static Ternary
passes_by_reach(Sweep *sweep, uint32_t node, Row *row, size_t k)
{
	const SweepGraph *graph = sweep->graph;
	bool		reached = false;

	if (compare_gate(sweep, row_amount(row, k)->lower, k) != 0 || sweep->test->below != PASS_PROPORTION ||
		sweep->ring != NULL)
		return TERNARY_UNKNOWN;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
	{
		bool		positive = graph->shares[graph->share[i * sweep->n_measures + k]].ends.lower > 0;

		if (!may_miss(sweep, row, i))
			continue;
		if (positive && sweep->n_slots == 1 && reaches(sweep, row->root, graph->holder[i], false))
			return TERNARY_TRUE;
		reached = reached || reaches(sweep, row->root, graph->holder[i], true);
	}
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1] && !reached; i++)
		if (may_miss(sweep, row, i))
			row_miss_nothing(sweep, row, i);
	return reached ? TERNARY_UNKNOWN : passes(sweep, node, row, k, 0);
}

/* Decides what a row's amounts make of its root's status in the node. */
void
row_decide(Sweep *sweep, uint32_t node, Row *row)
{
	bool		was_forgotten = row->root < sweep->graph->n && sweep->forgotten[row->root];
	uint64_t	loss = was_forgotten && sweep->ring != NULL ? sweep->amount_loss[node] : 0;
	uint32_t	whole = sweep->test->status_feeds_back ? SURE_WHOLE | MAY_WHOLE : 0;

	for (size_t k = 0; k < sweep->n_measures && (row->flags & (whole != 0 ? SURE_WHOLE : SURE_STATUS)) == 0; k++)
	{
		Ternary		passed;

		if (row_amount(row, k)->upper == 0 && loss == 0)
			continue;
		passed = passes(sweep, node, row, k, loss);
		if (passed == TERNARY_UNKNOWN && row_misses(sweep, row))
			passed = passes_by_reach(sweep, node, row, k);
		if (passed == TERNARY_TRUE)
		{
			if ((row->flags & SURE_STATUS) == 0)
				row->reason = (int8_t) k;
			row->flags |= SURE_STATUS | (whole & SURE_WHOLE);
		}
		if (passed != TERNARY_FALSE)
			row->flags |= MAY_STATUS | (whole & MAY_WHOLE);
	}
	if (was_forgotten && sweep_is_blind(sweep, node))
		row->flags |= MAY_STATUS | (whole & MAY_WHOLE);
}

/* Could a root pass a gate in a node with what a row says, and so much more by measure? */
bool
may_pass_with(const Sweep *sweep, uint32_t node, Row *row, const uint64_t *more)
{
	if (row != NULL && (row->flags & MAY_STATUS) != 0)
		return true;
	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		uint64_t	most = more[k] + sweep->amount_loss[node] + (row == NULL ? 0 : row_amount(row, k)->upper);

		if (compare_gate(sweep, most, k) >= 0)
			return true;
	}
	return false;
}

bool
sweep_is_blind(const Sweep *sweep, uint32_t node)
{
	for (size_t k = 0; k < sweep->n_measures && sweep->amount_loss[node] > 0; k++)
		if (compare_gate(sweep, sweep->amount_loss[node], k) >= 0)
			return true;
	return false;
}

/* What is passed on of one measure, or across them. */
AmountEnds
row_factor(const Sweep *sweep, Row *row, size_t slot, bool *over)
{
	size_t		first = sweep->n_slots == 1 ? 0 : slot;
	size_t		last = sweep->n_slots == 1 ? sweep->n_measures - 1 : slot;
	AmountEnds		factor = {0, 0};

	*over = false;
	if (row->flags & SURE_WHOLE)
		return (AmountEnds) {SWEEP_ONE, SWEEP_ONE};
	if (sweep->test->below == PASS_NOTHING)
		return (AmountEnds) {0, (row->flags & MAY_WHOLE) != 0 ? SWEEP_ONE : 0};
	for (size_t k = first; k <= last; k++)
	{
		const Tally *down = sweep->literal ? row_down(sweep, row, k) : row_amount(row, k);

		if (down->lower > factor.lower || (down->lower == factor.lower && down->over > 0))
		{
			factor.lower = down->lower;
			*over = down->over > 0;
		}
		if (down->upper > factor.upper)
			factor.upper = down->upper;
	}
	if (factor.lower >= SWEEP_ONE)
	{
		factor.lower = SWEEP_ONE;
		*over = false;
	}
	if (factor.upper > SWEEP_ONE || (row->flags & MAY_WHOLE) != 0)
		factor.upper = SWEEP_ONE;
	return factor;
}

/* The most that may come to a node from anybody but the holder of a link, by measure; false if status may too. */
static bool
most_from_others(const Sweep *sweep, uint32_t node, uint64_t *most)
{
	const SweepGraph *graph = sweep->graph;

	if (graph->principal_start[node] < graph->principal_start[node + 1])
		return false;
	for (size_t k = 0; k < sweep->n_measures; k++)
		most[k] = sweep->with_rest ? graph->rest[node * sweep->n_measures + k].upper : 0;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
	{
		if ((graph->link[i] & SWEEP_ROLE) != 0)
			return false;
		for (size_t k = 0; k < sweep->n_measures && (graph->link[i] & SWEEP_REACHED) != 0; k++)
			most[k] += graph->shares[graph->share[i * sweep->n_measures + k]].ends.upper;
	}
	return true;
}

/* Marks links that could not be parental if everybody whom others reach counted in full. */
static void
rule_out_direct(Sweep *sweep, uint32_t node)
{
	SweepGraph *graph = sweep->graph;
	uint64_t	most[MAX_MEASURES];
	bool		may = !most_from_others(sweep, node, most);

	/* who has an open link is reached itself: its own share is among the most */
	for (size_t k = 0; k < sweep->n_measures; k++)
		may = may || compare_gate(sweep, most[k], k) >= 0;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1] && !may; i++)
		if ((graph->link[i] & SWEEP_REACHED) != 0 && (graph->link[i] & (SWEEP_PARENT | SWEEP_PLAIN)) == 0)
			graph->link[i] |= SWEEP_PLAIN;
}

/* Marks links whose holder passes by what it holds itself, or by a role; and such as cannot be parental. */
void
decide_direct(Sweep *sweep, uint32_t node)
{
	SweepGraph *graph = sweep->graph;

	if (!sweep->literal || (graph->node[node] & SWEEP_DIRTY) != 0)
		return;
	rule_out_direct(sweep, node);
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
	{
		if ((graph->link[i] & (SWEEP_PARENT | SWEEP_PLAIN)) != 0 || (graph->link[i] & SWEEP_REACHED) == 0)
			continue;
		if ((graph->link[i] & SWEEP_ROLE) != 0 && sweep->test->roles_carry)
			graph->link[i] |= SWEEP_PARENT;
		for (size_t k = 0; k < sweep->n_measures; k++)
			if (compare_gate(sweep, graph->shares[graph->share[i * sweep->n_measures + k]].ends.lower, k) > 0)
				graph->link[i] |= SWEEP_PARENT;
	}
}

/* Finds what a root passes on at a node whose table still stands, or in the ring at hand. */
void
portion_of(Sweep *sweep, uint32_t root, uint32_t node, Portion *portion)
{
	const Table *table = sweep->tables[node];

	portion->root = root;
	portion->flags = root == node ? SURE_STATUS | SURE_WHOLE | MAY_STATUS | MAY_WHOLE : 0;
	for (size_t slot = 0; slot < sweep->n_slots; slot++)
		portion->factor[slot] = root == node ? (AmountEnds) {SWEEP_ONE, SWEEP_ONE} : (AmountEnds) {0, 0};
	if (root == node || (sweep->ring != NULL && ring_portion(sweep, node, portion)))
		return;
	for (uint32_t i = 0; table != NULL && i < table->n; i++)
	{
		const Portion *one = portion_at(sweep, table, i);

		if (one->root == root || one->root == sweep->graph->n)
			memcpy(portion, one, sweep->portion_size);
		if (one->root == root)
			break;
	}
	portion->root = root;
}
