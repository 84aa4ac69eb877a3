/*
 * solve.c
 *		y = min(cap, r + M y), least non-negative solution, by state elimination.
 *
 * Outside what r > 0 reaches through M the least solution is 0.  On the rest a
 * positive solution is unique (a concave monotone map with a positive orbit), so
 * any positive solution found is the answer.  First the plain system: elimination
 * with pivots 1 - m(x,x) in which every pivot is positive proves I - M a nonsingular
 * M-matrix.  If that fails or breaks a cap, policy iteration from above: everything
 * is at its cap, what falls below becomes linear, until nothing more falls; at
 * most n rounds.  The elimination is sparse (the pivot of least fill first): a long
 * ring costs no more than a chain.
 */
#include <string.h>

#include "solve.h"

typedef struct WorkRow
{
	uint32_t	n;
	uint32_t	max;
	SystemEntry *entries;
	Fraction	rhs;
	Fraction	pivot;
} WorkRow;

typedef struct ColumnList
{
	uint32_t	n;
	uint32_t	max;
	uint32_t   *rows;
} ColumnList;

typedef struct Elimination
{
	CoreEnv    *env;
	uint32_t	n;
	WorkRow    *rows;
	ColumnList *columns;		/* rows that have (or had) the column */
	bool	   *in;				/* unknown of this elimination */
	bool	   *done;			/* eliminated */
	uint32_t   *place;			/* scatter: position in a row + 1 */
	uint32_t   *order;
	uint32_t	n_order;
} Elimination;

/* Gives a larger copy of an array. */
static void *
enlarge(CoreEnv *env, void *old, uint32_t used, uint32_t *max, size_t size)
{
	uint32_t	wanted = *max ? *max * 2 : 4;
	void	   *fresh;

	if (used < *max)
		return old;
	fresh = core_array(env, wanted, size);
	if (used > 0)
		memcpy(fresh, old, used * size);
	*max = wanted;
	return fresh;
}

static void
row_append(Elimination *e, uint32_t row, uint32_t column, Fraction weight)
{
	WorkRow    *r = &e->rows[row];
	ColumnList *c = &e->columns[column];

	r->entries = enlarge(e->env, r->entries, r->n, &r->max, sizeof(SystemEntry));
	r->entries[r->n].column = column;
	r->entries[r->n++].weight = weight;
	c->rows = enlarge(e->env, c->rows, c->n, &c->max, sizeof(uint32_t));
	c->rows[c->n++] = row;
}

/* Copies the rows of the unknowns in; the others stand at their caps. */
static void
elimination_load(Elimination *e, const CappedSystem *s, const Fraction *fixed)
{
	CoreEnv    *env = e->env;

	for (uint32_t i = 0; i < e->n; i++)
	{
		if (!e->in[i])
			continue;
		e->rows[i].rhs = s->inflow[i];
		for (uint32_t j = 0; j < s->n_entries[i]; j++)
		{
			SystemEntry entry = s->rows[i][j];

			core_step(env);
			if (e->in[entry.column])
				row_append(e, i, entry.column, entry.weight);
			else
				e->rows[i].rhs = fraction_add(env, e->rows[i].rhs,
											  fraction_multiply(env, entry.weight, fixed[entry.column]));
		}
	}
}

/* Finds the unknown whose elimination makes the least fill. */
static uint32_t
choose_pivot(Elimination *e)
{
	uint32_t	best = UINT32_MAX;
	uint64_t	best_cost = UINT64_MAX;

	for (uint32_t i = 0; i < e->n; i++)
	{
		uint64_t	cost;

		if (!e->in[i] || e->done[i])
			continue;
		core_step(e->env);
		cost = (uint64_t) e->rows[i].n * e->columns[i].n;
		if (cost < best_cost)
		{
			best = i;
			best_cost = cost;
			if (cost == 0)
				break;
		}
	}
	return best;
}

/* Takes the entry of a column out of a row; false if it is not there. */
static bool
row_remove(WorkRow *row, uint32_t column, Fraction *weight)
{
	for (uint32_t j = 0; j < row->n; j++)
	{
		if (row->entries[j].column == column)
		{
			*weight = row->entries[j].weight;
			row->entries[j] = row->entries[--row->n];
			return true;
		}
	}
	return false;
}

/* Substitutes unknown x into row i. */
static void
substitute(Elimination *e, uint32_t i, uint32_t x)
{
	CoreEnv    *env = e->env;
	WorkRow    *row = &e->rows[i];
	const WorkRow *from = &e->rows[x];
	Fraction	q;

	if (!row_remove(row, x, &q))
		return;
	q = fraction_divide(env, q, from->pivot);
	row->rhs = fraction_add(env, row->rhs, fraction_multiply(env, q, from->rhs));
	for (uint32_t j = 0; j < row->n; j++)
		e->place[row->entries[j].column] = j + 1;
	for (uint32_t j = 0; j < from->n; j++)
	{
		uint32_t	column = from->entries[j].column;
		Fraction	more = fraction_multiply(env, q, from->entries[j].weight);

		core_step(env);
		if (e->place[column] != 0)
		{
			SystemEntry *entry = &row->entries[e->place[column] - 1];

			entry->weight = fraction_add(env, entry->weight, more);
		}
		else
		{
			row_append(e, i, column, more);
			e->place[column] = row->n;
		}
	}
	for (uint32_t j = 0; j < row->n; j++)
		e->place[row->entries[j].column] = 0;
}

/* Eliminates x; false if its pivot is not positive (no finite solution). */
static bool
eliminate(Elimination *e, uint32_t x)
{
	CoreEnv    *env = e->env;
	WorkRow    *row = &e->rows[x];
	Fraction	loop = FRACTION_ZERO;

	row_remove(row, x, &loop);
	if (fraction_compare(env, loop, FRACTION_ONE) >= 0)
		return false;
	row->pivot = fraction_subtract(env, FRACTION_ONE, loop);
	e->done[x] = true;
	e->order[e->n_order++] = x;
	for (uint32_t j = 0; j < e->columns[x].n; j++)
	{
		uint32_t	i = e->columns[x].rows[j];

		core_step(env);
		if (!e->done[i])
			substitute(e, i, x);
	}
	return env->status == CORE_OK;
}

/* Solves for the unknowns in `in`, the others fixed; false if I - M is no M-matrix there. */
static bool
solve_linear(CoreEnv *env, const CappedSystem *s, bool *in, Fraction *y)
{
	Elimination e;
	uint32_t	n_unknowns = 0;

	memset(&e, 0, sizeof(e));
	e.env = env;
	e.n = s->n;
	e.in = in;
	e.rows = core_array(env, s->n, sizeof(WorkRow));
	e.columns = core_array(env, s->n, sizeof(ColumnList));
	e.done = core_array(env, s->n, sizeof(bool));
	e.place = core_array(env, s->n, sizeof(uint32_t));
	e.order = core_array(env, s->n, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return false;
	memset(e.rows, 0, s->n * sizeof(WorkRow));
	memset(e.columns, 0, s->n * sizeof(ColumnList));
	memset(e.done, 0, s->n * sizeof(bool));
	memset(e.place, 0, s->n * sizeof(uint32_t));
	elimination_load(&e, s, y);
	for (uint32_t i = 0; i < s->n; i++)
		n_unknowns += in[i];
	while (e.n_order < n_unknowns)
		if (!eliminate(&e, choose_pivot(&e)))
			return false;
	while (e.n_order > 0)
	{
		uint32_t	x = e.order[--e.n_order];
		Fraction	sum = e.rows[x].rhs;

		for (uint32_t j = 0; j < e.rows[x].n; j++)
		{
			core_step(env);
			sum = fraction_add(env, sum, fraction_multiply(env, e.rows[x].entries[j].weight,
														   y[e.rows[x].entries[j].column]));
		}
		y[x] = fraction_divide(env, sum, e.rows[x].pivot);
	}
	return env->status == CORE_OK;
}

/* Marks what inflow > 0 reaches through M among unknowns that can still rise. */
static void
mark_reached(CoreEnv *env, const CappedSystem *s, bool *reached)
{
	uint32_t   *start = core_array(env, (size_t) s->n + 2, sizeof(uint32_t));
	uint32_t   *queue = core_array(env, (size_t) s->n + 1, sizeof(uint32_t));
	uint32_t   *users;
	uint32_t	n_queue = 0;
	size_t		total = 0;

	for (uint32_t i = 0; i < s->n; i++)
		total += s->n_entries[i];
	if (total >= UINT32_MAX)
		core_fail(env, CORE_TOO_LARGE);
	users = core_array(env, total + 1, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	memset(start, 0, ((size_t) s->n + 2) * sizeof(uint32_t));
	for (uint32_t i = 0; i < s->n; i++)
		for (uint32_t j = 0; j < s->n_entries[i]; j++)
			start[s->rows[i][j].column + 2]++;
	for (uint32_t i = 1; i <= s->n; i++)
		start[i + 1] += start[i];
	for (uint32_t i = 0; i < s->n; i++)
	{
		core_step(env);
		for (uint32_t j = 0; j < s->n_entries[i]; j++)
			users[start[s->rows[i][j].column + 1]++] = i;
		reached[i] = !fraction_is_zero(s->inflow[i]) && !fraction_is_zero(s->cap[i]);
		if (reached[i])
			queue[n_queue++] = i;
	}
	for (uint32_t at = 0; at < n_queue; at++)
	{
		for (uint32_t j = start[queue[at]]; j < start[queue[at] + 1]; j++)
		{
			uint32_t	i = users[j];

			core_step(env);
			if (reached[i] || fraction_is_zero(s->cap[i]))
				continue;
			reached[i] = true;
			queue[n_queue++] = i;
		}
	}
}

/* Gives r_i + (M y)_i. */
static Fraction
row_value(CoreEnv *env, const CappedSystem *s, uint32_t i, const Fraction *y)
{
	Fraction	sum = s->inflow[i];

	for (uint32_t j = 0; j < s->n_entries[i]; j++)
	{
		core_step(env);
		sum = fraction_add(env, sum, fraction_multiply(env, s->rows[i][j].weight,
													   y[s->rows[i][j].column]));
	}
	return sum;
}

/* Finds the least solution of the capped system. */
void
solve_capped(CoreEnv *env, const CappedSystem *s, Fraction *y)
{
	bool	   *reached = core_array(env, s->n, sizeof(bool));
	bool	   *linear = core_array(env, s->n, sizeof(bool));
	bool		fits;

	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < s->n; i++)
		y[i] = FRACTION_ZERO;
	mark_reached(env, s, reached);
	if (env->status != CORE_OK)
		return;
	fits = solve_linear(env, s, reached, y);
	for (uint32_t i = 0; i < s->n && fits; i++)
		fits = !reached[i] || fraction_compare(env, y[i], s->cap[i]) <= 0;
	if (fits)
		return;
	for (uint32_t i = 0; i < s->n; i++)
	{
		linear[i] = false;
		y[i] = reached[i] ? s->cap[i] : FRACTION_ZERO;
	}
	for (bool more = true; more && env->status == CORE_OK;)
	{
		more = false;
		for (uint32_t i = 0; i < s->n; i++)
		{
			if (!reached[i] || linear[i] || fraction_compare(env, row_value(env, s, i, y), y[i]) >= 0)
				continue;
			linear[i] = more = true;
		}
		/* y is a strict majorant on the linear ones, so their matrix is an M-matrix */
		if (more && !solve_linear(env, s, linear, y))
			core_fail(env, CORE_NO_CONVERGENCE);
	}
}
