/*
 * solve.c
 *		y = min(cap, r + M y), least non-negative solution.
 *
 * Outside what r > 0 reaches through M the least solution is 0.  On the rest a
 * positive solution is unique (a concave monotone map with a positive orbit), so
 * any positive solution found is the answer.  First the plain system (linear.c).  If it has
 * none or that breaks a cap, policy iteration from above: everything is at its cap, what
 * falls below becomes linear, until nothing more falls; at most n rounds.
 */
#include <string.h>

#include "linear.h"

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
	FractionSum sum = FRACTION_SUM_ZERO;

	fraction_sum_add(env, &sum, s->inflow[i], FRACTION_ONE);
	for (uint32_t j = 0; j < s->n_entries[i]; j++)
	{
		core_step(env);
		fraction_sum_add(env, &sum, s->rows[i][j].weight, y[s->rows[i][j].column]);
	}
	return fraction_sum_value(env, &sum);
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
	fits = linear_solve(env, s, reached, y);
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
		if (more && !linear_solve(env, s, linear, y))
			core_fail(env, CORE_NO_CONVERGENCE);
	}
}
