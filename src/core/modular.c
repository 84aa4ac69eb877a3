/*
 * modular.c
 *		Sparse elimination modulo a prime; see modular.h.
 *
 * Products are reduced by Montgomery's method (Math. Comp. 44, 1985).  The pivot is
 * always a diagonal element, of the unknown whose elimination makes the least fill: a long
 * ring costs no more than a chain.
 */
#include <string.h>

#include "modular.h"

typedef struct ColumnList
{
	uint32_t	n;
	uint32_t	max;
	uint32_t   *rows;
} ColumnList;

typedef struct Elimination
{
	CoreEnv    *env;
	ModularSystem *system;
	ColumnList *columns;		/* rows that have (or had) the column */
	bool	   *done;			/* eliminated */
	uint32_t   *place;			/* scatter: position in a row + 1 */
} Elimination;

/* base to the power of exponent, a factor from a factor. */
static uint64_t
modular_power(const Modulus *m, uint64_t base, uint64_t exponent)
{
	uint64_t	result = modular_factor(m, 1);

	for (; exponent > 0; exponent >>= 1)
	{
		if (exponent & 1)
			result = modular_multiply(m, result, base);
		base = modular_multiply(m, base, base);
	}
	return result;
}

/* What calculations modulo an odd number need. */
static Modulus
modulus_of(uint64_t p)
{
	Modulus		m = {p, p, 0};

	for (int i = 0; i < 5; i++)
		m.inverse *= 2 - p * m.inverse;	/* each step doubles the bits that are right */
	m.square = (uint64_t) (((unsigned __int128) (UINT64_MAX % p + 1) * (UINT64_MAX % p + 1)) % p);
	return m;
}

/* Miller and Rabin's test; with these bases exact below 2^64 (Sinclair). */
static bool
is_prime(const Modulus *m)
{
	static const uint64_t bases[] = {2, 325, 9375, 28178, 450775, 9780504, 1795265022};
	int			twos = __builtin_ctzll(m->p - 1);
	uint64_t	one = modular_factor(m, 1);

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
	{
		uint64_t	x = modular_power(m, modular_factor(m, bases[i]), (m->p - 1) >> twos);
		bool		passes = x == one || x == 0;

		for (int j = 0; j < twos && !passes; j++)
		{
			passes = x == m->p - one;
			x = modular_multiply(m, x, x);
		}
		if (!passes)
			return false;
	}
	return true;
}

Modulus
modulus_first(void)
{
	return modulus_of((UINT64_C(1) << 62) - 57);
}

Modulus
modulus_next(CoreEnv *env, const Modulus *m)
{
	Modulus		next = modulus_of(m->p - 2);

	while (!is_prime(&next))
	{
		core_step(env);
		next = modulus_of(next.p - 2);
	}
	return next;
}

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
column_append(Elimination *e, uint32_t column, uint32_t row)
{
	ColumnList *c = &e->columns[column];

	c->rows = enlarge(e->env, c->rows, c->n, &c->max, sizeof(uint32_t));
	c->rows[c->n++] = row;
}

/* Finds the unknown whose elimination makes the least fill. */
static uint32_t
choose_pivot(Elimination *e)
{
	uint32_t	best = UINT32_MAX;
	uint64_t	best_cost = UINT64_MAX;

	for (uint32_t i = 0; i < e->system->n; i++)
	{
		uint64_t	cost;

		if (e->done[i])
			continue;
		core_step(e->env);
		cost = (uint64_t) e->system->rows[i].n * e->columns[i].n;
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
row_remove(ModularRow *row, uint32_t column, uint64_t *weight)
{
	for (uint32_t i = 0; i < row->n; i++)
	{
		if (row->entries[i].column != column)
			continue;
		*weight = row->entries[i].weight;
		row->entries[i] = row->entries[--row->n];
		return true;
	}
	return false;
}

/* Adds c times row x to row i, which has lost its entry for x. */
static void
add_row(Elimination *e, uint32_t i, uint32_t x, uint64_t c)
{
	const Modulus *m = &e->system->modulus;
	ModularRow *row = &e->system->rows[i];
	const ModularRow *from = &e->system->rows[x];

	core_work(e->env, row->n + 4 * (uint64_t) from->n);
	for (uint32_t j = 0; j < row->n; j++)
		e->place[row->entries[j].column] = j + 1;
	for (uint32_t j = 0; j < from->n; j++)
	{
		uint32_t	column = from->entries[j].column;
		uint64_t	more = modular_multiply(m, c, from->entries[j].weight);

		if (column == i)
			row->diagonal = modular_add(m, row->diagonal, more == 0 ? 0 : m->p - more);
		else if (e->place[column] != 0)
			row->entries[e->place[column] - 1].weight =
				modular_add(m, row->entries[e->place[column] - 1].weight, more);
		else
		{
			row->entries = enlarge(e->env, row->entries, row->n, &row->max, sizeof(ModularEntry));
			row->entries[row->n].column = column;
			row->entries[row->n++].weight = more;
			column_append(e, column, i);
		}
	}
	for (uint32_t j = 0; j < row->n; j++)
		e->place[row->entries[j].column] = 0;
}

/* Eliminates x; false if its pivot is 0. */
static bool
eliminate(Elimination *e, uint32_t x)
{
	const Modulus *m = &e->system->modulus;
	ModularRow *row = &e->system->rows[x];

	if (row->diagonal == 0)
		return false;
	row->diagonal = modular_power(m, row->diagonal, m->p - 2);
	row->below = core_array(e->env, e->columns[x].n, sizeof(ModularEntry));
	row->n_below = 0;
	e->done[x] = true;
	for (uint32_t j = 0; j < e->columns[x].n && e->env->status == CORE_OK; j++)
	{
		uint32_t	i = e->columns[x].rows[j];
		uint64_t	weight;

		core_step(e->env);
		if (e->done[i] || !row_remove(&e->system->rows[i], x, &weight))
			continue;
		weight = modular_multiply(m, weight, row->diagonal);
		row->below[row->n_below].column = i;
		row->below[row->n_below++].weight = weight;
		add_row(e, i, x, weight);
	}
	return true;
}

uint32_t
modular_eliminate(CoreEnv *env, ModularSystem *system)
{
	Elimination e = {env, system, NULL, NULL, NULL};
	uint32_t	n = system->n;

	e.columns = core_array(env, n, sizeof(ColumnList));
	e.done = core_array(env, n, sizeof(bool));
	e.place = core_array(env, n, sizeof(uint32_t));
	system->order = core_array(env, n, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return 0;
	memset(e.columns, 0, n * sizeof(ColumnList));
	memset(e.done, 0, n * sizeof(bool));
	memset(e.place, 0, n * sizeof(uint32_t));
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < system->rows[i].n; j++)
		{
			core_step(env);
			column_append(&e, system->rows[i].entries[j].column, i);
		}
	for (uint32_t at = 0; at < n && env->status == CORE_OK; at++)
	{
		system->order[at] = choose_pivot(&e);
		if (!eliminate(&e, system->order[at]))
			return at;
	}
	return n;
}

void
modular_solve(CoreEnv *env, const ModularSystem *system, uint64_t *b)
{
	const Modulus *m = &system->modulus;

	for (uint32_t at = 0; at < system->n; at++)
	{
		const ModularRow *row = &system->rows[system->order[at]];
		uint64_t	from = b[system->order[at]];

		core_step(env);
		core_work(env, 3 * (uint64_t) row->n_below + 3 * (uint64_t) row->n);
		for (uint32_t j = 0; j < row->n_below; j++)
			b[row->below[j].column] = modular_add(m, b[row->below[j].column],
												  modular_multiply(m, row->below[j].weight, from));
	}
	for (uint32_t at = system->n; at-- > 0;)
	{
		const ModularRow *row = &system->rows[system->order[at]];
		uint64_t	sum = b[system->order[at]];

		core_step(env);
		for (uint32_t j = 0; j < row->n; j++)
			sum = modular_add(m, sum, modular_multiply(m, row->entries[j].weight, b[row->entries[j].column]));
		b[system->order[at]] = modular_multiply(m, row->diagonal, sum);
	}
}
