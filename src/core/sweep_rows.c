/*
 * sweep_rows.c
 *		Sums of what flows to a node, by root: see sweep_parts.h.
 *
 * A lower end is cut and an upper one rounded up at every product; a sum remembers
 * whether it was cut, since half and a grain is more than half.
 */
#include <string.h>

#include "sweep_parts.h"

typedef unsigned __int128 Wide;

/* Forgets all rows. */
static void
rows_begin(Rows *rows)
{
	rows->n = 0;
	if (++rows->stamp == 0)
	{
		memset(rows->stamps, 0, rows->n_places * sizeof(uint32_t));
		rows->stamp = 1;
	}
}

/* Where a root's row stands in the hash, or the free place for it. */
static uint32_t
place_of(const Sweep *sweep, const Rows *rows, uint32_t root)
{
	uint32_t	place = (uint32_t) ((root * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (rows->n_places - 1);

	while (rows->stamps[place] == rows->stamp && row_at(sweep, rows, rows->place[place])->root != root)
		place = (place + 1) & (rows->n_places - 1);
	return place;
}

/* Makes room for twice as many rows. */
static void
rows_grow(Sweep *sweep, Rows *rows)
{
	uint32_t	allocated = rows->allocated == 0 ? 64 : rows->allocated * 2;
	char	   *grown = core_array(sweep->env, allocated, sweep->row_size);

	if (rows->allocated >= UINT32_MAX / 8)
		core_fail(sweep->env, CORE_TOO_LARGE);
	rows->n_places = allocated * 4;
	rows->place = core_array(sweep->env, rows->n_places, sizeof(uint32_t));
	rows->stamps = core_array(sweep->env, rows->n_places, sizeof(uint32_t));
	if (sweep->env->status != CORE_OK)
		return;
	if (rows->n > 0)
		memcpy(grown, rows->rows, rows->n * sweep->row_size);
	rows->rows = grown;
	rows->allocated = allocated;
	memset(rows->stamps, 0, rows->n_places * sizeof(uint32_t));
	rows->stamp = 1;
	for (uint32_t i = 0; i < rows->n; i++)
	{
		uint32_t	place = place_of(sweep, rows, row_at(sweep, rows, i)->root);

		rows->place[place] = i;
		rows->stamps[place] = rows->stamp;
	}
}

void
row_clear(const Sweep *sweep, Row *row, uint32_t root)
{
	memset(row, 0, sweep->row_size);
	row->root = root;
	row->reason = -4;
	row->next = NO_ROW;
}

Row *
rows_find(const Sweep *sweep, const Rows *rows, uint32_t root)
{
	uint32_t	place;

	if (rows->n == 0)
		return NULL;
	place = place_of(sweep, rows, root);
	return rows->stamps[place] == rows->stamp ? row_at(sweep, rows, rows->place[place]) : NULL;
}

/* A root's row, made if there is none; NULL if there is no memory.  Rows move when one is made. */
static Row *
rows_of_root(Sweep *sweep, Rows *rows, uint32_t root)
{
	uint32_t	place;

	if (rows->n == rows->allocated)
		rows_grow(sweep, rows);
	if (sweep->env->status != CORE_OK)
		return NULL;
	place = place_of(sweep, rows, root);
	if (rows->stamps[place] != rows->stamp)
	{
		rows->stamps[place] = rows->stamp;
		rows->place[place] = rows->n;
		row_clear(sweep, row_at(sweep, rows, rows->n++), root);
	}
	return row_at(sweep, rows, rows->place[place]);
}

/* Adds to a tally, or takes off: what is taken off was added. */
static void
tally_add(Tally *tally, uint64_t lower, uint64_t upper, bool over, int sign)
{
	tally->lower += sign > 0 ? lower : -lower;
	tally->upper += sign > 0 ? upper : -upper;
	tally->over += sign > 0 ? over : -(int32_t) over;
}

/* A factor times a share. */
static void
multiply(AmountEnds factor, bool over, const SweepShare *share, AmountEnds *product, bool *product_over)
{
	bool		positive = (factor.lower > 0 || over) &&
		(share->ends.lower > 0 || (share->is_exact && share->ends.upper > 0));
	bool		cut = over || (share->is_exact && share->ends.lower != share->ends.upper);
	Wide		wide;

	if (factor.lower == SWEEP_ONE || share->ends.lower == SWEEP_ONE)
		product->lower = factor.lower == SWEEP_ONE ? share->ends.lower : factor.lower;
	else
	{
		wide = (Wide) factor.lower * share->ends.lower;
		product->lower = (uint64_t) (wide / SWEEP_ONE);
		cut = cut || product->lower * (Wide) SWEEP_ONE != wide;
	}
	*product_over = positive && cut;
	if (factor.lower == factor.upper && share->ends.lower == share->ends.upper && !over)
	{
		product->upper = product->lower + cut;
		return;
	}
	wide = (Wide) factor.upper * share->ends.upper;
	product->upper = (uint64_t) ((wide + SWEEP_ONE - 1) / SWEEP_ONE);
}

void
row_add(const Sweep *sweep, Row *row, uint32_t link, const Portion *portion, int sign)
{
	const SweepGraph *graph = sweep->graph;
	const uint32_t *shares = &graph->share[link * sweep->n_measures];
	bool		own = portion->root == graph->holder[link];
	bool		carries = sweep->literal && !own && (graph->link[link] & SWEEP_PARENT) != 0;
	bool		may_carry = sweep->literal && !own && (graph->link[link] & (SWEEP_PARENT | SWEEP_MAYBE)) != 0;

	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		size_t		slot = sweep->n_slots == 1 ? 0 : k;
		AmountEnds		factor = portion->factor[slot];
		bool		over = (portion->flags & (OVER_LOWER << slot)) != 0;
		AmountEnds		product = {0, 0};
		bool		product_over = false;

		if (shares[k] != SWEEP_NO_SHARE)
		{
			multiply(factor, over, sweep_share(graph, link, k, own), &product, &product_over);
			tally_add(row_amount(row, k), product.lower, product.upper, product_over, sign);
		}
		if (!sweep->literal || (!carries && !may_carry && shares[k] == SWEEP_NO_SHARE))
			continue;
		tally_add(row_down(sweep, row, k), carries ? factor.lower : product.lower,
				  may_carry && (carries || factor.upper > product.upper) ? factor.upper : product.upper,
				  carries ? over : product_over, sign);
	}
	if ((graph->link[link] & SWEEP_ROLE) == 0 || sign < 0)
		return;
	row->flags |= portion->flags & (SURE_STATUS | MAY_STATUS);
	if ((portion->flags & SURE_STATUS) != 0 && row->reason == -4)
		row->reason = -2;
	if (sweep->test->roles_carry && sweep->test->status_feeds_back)
		row->flags |= ((portion->flags & SURE_STATUS) != 0 ? SURE_WHOLE : 0) |
			((portion->flags & MAY_STATUS) != 0 ? MAY_WHOLE : 0);
}

void
row_add_principal(Row *row, const Portion *portion)
{
	if ((portion->flags & SURE_STATUS) != 0 && row->reason == -4)
		row->reason = -3;
	row->flags |= portion->flags & (SURE_STATUS | SURE_WHOLE | MAY_STATUS | MAY_WHOLE);
}

/* What a root has in itself. */
static void
own_portion(const Sweep *sweep, Portion *portion, uint32_t root)
{
	portion->root = root;
	portion->flags = SURE_STATUS | SURE_WHOLE | MAY_STATUS | MAY_WHOLE;
	for (size_t slot = 0; slot < sweep->n_slots; slot++)
		portion->factor[slot] = (AmountEnds) {SWEEP_ONE, SWEEP_ONE};
}

/* Is what this root has in a node asked for, or has it links from there on to be decided? */
static bool
root_counts(const Sweep *sweep, uint32_t root, uint32_t node)
{
	return root == sweep->graph->n || sweep->options.asked == NULL || sweep->options.asked[root] ||
		sweep->needed_until[root] > sweep->graph->components->of[node];
}

/* What a link may bring from a root that was forgotten in its holder: amounts by measure, then what comes down. */
static void
link_loss(const Sweep *sweep, uint32_t link, uint64_t *parts)
{
	const SweepGraph *graph = sweep->graph;
	uint64_t	loss = sweep->loss[graph->holder[link]];
	bool		may_carry = sweep->literal && (graph->link[link] & (SWEEP_PARENT | SWEEP_MAYBE)) != 0;

	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		uint64_t	w = graph->shares[graph->share[link * sweep->n_measures + k]].ends.upper;

		parts[k] = (uint64_t) (((Wide) loss * w + SWEEP_ONE - 1) / SWEEP_ONE);
		parts[sweep->n_measures + k] = may_carry && loss > parts[k] ? loss : parts[k];
	}
}

/* Adds to upper ends what may be missing, or takes it off. */
static void
row_add_missing(const Sweep *sweep, Row *row, const uint64_t *parts, int sign)
{
	for (size_t k = 0; k < sweep->n_measures * (sweep->literal ? 2 : 1); k++)
		row->tallies[k].upper += sign > 0 ? parts[k] : -parts[k];
}

void
row_miss_nothing(const Sweep *sweep, Row *row, uint32_t link)
{
	uint64_t	parts[2 * MAX_MEASURES];

	link_loss(sweep, link, parts);
	row_add_missing(sweep, row, parts, -1);
	row->n_known++;
}

/* How much a link counts at most of any measure. */
static uint64_t
largest_share(const Sweep *sweep, uint32_t link)
{
	const SweepGraph *graph = sweep->graph;
	uint64_t	largest = 0;

	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		uint64_t	w = graph->shares[graph->share[link * sweep->n_measures + k]].ends.upper;

		largest = w > largest ? w : largest;
	}
	return largest;
}

/* What all holders of a node have together at most, if it matters only who is a member there; else UINT64_MAX. */
static uint64_t
find_whole(const Sweep *sweep, uint32_t node)
{
	const SweepGraph *graph = sweep->graph;
	uint64_t	sum = 0;

	if (!sweep->options.members_only || sweep->with_rest || graph->held_start[node] < graph->held_start[node + 1] ||
		(graph->node[node] & SWEEP_DIRTY) != 0)
		return UINT64_MAX;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1] && sum < UINT64_MAX / 2; i++)
		sum += largest_share(sweep, i);
	return sum < UINT64_MAX / 2 ? sum : UINT64_MAX;
}

/* Can a root be no member, with this of it in one holder, even if it had all that the others hold? */
static bool
is_no_member(const Sweep *sweep, const Portion *portion, uint64_t w)
{
	uint64_t	factor = 0;

	if ((portion->flags & (MAY_STATUS | MAY_WHOLE)) != 0)
		return false;
	for (size_t slot = 0; slot < sweep->n_slots; slot++)
		if (portion->factor[slot].upper > factor)
			factor = portion->factor[slot].upper;
	return !sweep->any_share_passes &&
		sweep->whole - w + (uint64_t) (((Wide) factor * w + SWEEP_ONE - 1) / SWEEP_ONE) < sweep->least_gate;
}

/* Adds what one link or principal brings from everybody above it. */
static void
gather_from(Sweep *sweep, Rows *rows, uint32_t node, uint32_t holder, uint32_t link, bool lossy)
{
	const Table *table = sweep->tables[holder];
	uint64_t	parts[2 * MAX_MEASURES];
	uint64_t	room[(sizeof(Portion) + sizeof(AmountEnds) * MAX_MEASURES) / sizeof(uint64_t)];
	Portion    *own = (Portion *) room;
	const Portion *nobody = NULL;
	uint32_t	n = table == NULL ? 0 : table->n;
	uint64_t	w = sweep->whole < UINT64_MAX && link != NO_NODE ? largest_share(sweep, link) : 0;

	if (sweep->with_rest && n > 0 && portion_at(sweep, table, 0)->root == sweep->graph->n)
		nobody = portion_at(sweep, table, 0);
	own_portion(sweep, own, holder);
	if (lossy)
	{
		link_loss(sweep, link, parts);
		for (size_t k = 0; k < 2 * sweep->n_measures; k++)
			sweep->missing[k] += parts[k];
		sweep->n_lossy++;
	}
	for (uint32_t i = 0; i <= n; i++)
	{
		const Portion *portion = i < n ? portion_at(sweep, table, i) : own;
		Row		   *row;

		core_step(sweep->env);
		if (portion->root == node || !root_counts(sweep, portion->root, node) ||
			(sweep->whole < UINT64_MAX && link != NO_NODE && is_no_member(sweep, portion, w)) ||
			(row = rows_of_root(sweep, rows, portion->root)) == NULL)
			continue;
		if (link == NO_NODE)
			row_add_principal(row, portion);
		else
			row_add(sweep, row, link, portion, 1);
		/* what may be missing everywhere else is added in the end */
		if (lossy && portion->root < sweep->graph->n && sweep->forgotten[portion->root])
		{
			row_add_missing(sweep, row, parts, -1);
			row->n_known++;
		}
		/* so is what flows from nobody's holdings */
		if (nobody != NULL && portion != nobody && link != NO_NODE)
			row_add(sweep, row, link, nobody, -1);
	}
}

/* Adds undisclosed mass, which is at work beside every root's own. */
static void
add_rest(Sweep *sweep, Rows *rows, uint32_t node)
{
	Row		   *nobody = rows_of_root(sweep, rows, sweep->graph->n);

	if (nobody == NULL)
		return;
	for (size_t k = 0; k < sweep->n_measures; k++)
	{
		AmountEnds		rest = sweep->graph->rest[node * sweep->n_measures + k];
		bool		over = rest.lower != rest.upper;

		tally_add(row_amount(nobody, k), rest.lower, rest.upper, over, 1);
		if (sweep->literal)
			tally_add(row_down(sweep, nobody, k), rest.lower, rest.upper, over, 1);
	}
	for (uint32_t i = 0; i < rows->n; i++)
	{
		Row		   *row = row_at(sweep, rows, i);

		core_step(sweep->env);
		if (row == nobody)
			continue;
		row->flags |= nobody->flags;
		if (row->reason == -4)
			row->reason = nobody->reason;
		for (size_t k = 0; k < sweep->n_measures * (sweep->literal ? 2 : 1); k++)
		{
			tally_add(&row->tallies[k], nobody->tallies[k].lower, nobody->tallies[k].upper, false, 1);
			row->tallies[k].over += nobody->tallies[k].over;
		}
	}
}

void
rows_gather(Sweep *sweep, Rows *rows, uint32_t node, uint32_t but_component)
{
	const SweepGraph *graph = sweep->graph;
	const uint32_t *of = graph->components->of;

	rows_begin(rows);
	memset(sweep->missing, 0, sizeof(sweep->missing));
	sweep->n_lossy = 0;
	sweep->whole = but_component == NO_NODE ? find_whole(sweep, node) : UINT64_MAX;
	if (sweep->with_rest && rows_of_root(sweep, rows, graph->n) == NULL)
		return;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
		if (of[graph->holder[i]] != but_component)
			gather_from(sweep, rows, node, graph->holder[i], i, but_component == NO_NODE && sweep->loss[graph->holder[i]] > 0);
	for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
		if (of[graph->principal[i]] != but_component)
			gather_from(sweep, rows, node, graph->principal[i], NO_NODE, false);
	for (uint32_t i = 0; i < rows->n && sweep->n_lossy > 0; i++)
	{
		Row		   *row = row_at(sweep, rows, i);

		if (row->root < graph->n && sweep->forgotten[row->root])
			row_add_missing(sweep, row, sweep->missing, 1);
	}
	if (sweep->with_rest)
		add_rest(sweep, rows, node);
}

void
node_loss(const Sweep *sweep, uint32_t node, uint32_t but_component, uint64_t *amount, uint64_t *down)
{
	const SweepGraph *graph = sweep->graph;

	*amount = *down = 0;
	for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
	{
		uint64_t	loss = sweep->loss[graph->holder[i]];
		uint64_t	largest = 0;

		if (loss == 0 || graph->components->of[graph->holder[i]] == but_component)
			continue;
		/* a role confers the status of whoever was forgotten, too */
		if ((graph->link[i] & SWEEP_ROLE) != 0 && sweep_is_blind(sweep, graph->holder[i]))
			largest = SWEEP_ONE;
		for (size_t k = 0; k < sweep->n_measures; k++)
		{
			uint64_t	w = graph->shares[graph->share[i * sweep->n_measures + k]].ends.upper;
			uint64_t	part = (uint64_t) (((Wide) loss * w + SWEEP_ONE - 1) / SWEEP_ONE);

			if (part > largest)
				largest = part;
		}
		*amount += largest;
		*down += sweep->literal && (graph->link[i] & (SWEEP_PARENT | SWEEP_MAYBE)) ? loss : largest;
	}
	for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
		if (sweep->loss[graph->principal[i]] >= SWEEP_ONE || sweep_is_blind(sweep, graph->principal[i]))
		{
			*amount += SWEEP_ONE;
			*down = SWEEP_ONE;
		}
	if (*down > SWEEP_ONE)
		*down = SWEEP_ONE;
	if (*amount > MOST_LOSS)
		*amount = MOST_LOSS;
}
