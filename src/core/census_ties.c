/*
 * census_ties.c
 *		Whether amounts that flow round large rings are exactly a threshold (engine notes
 *		2.5).
 *
 * The linear system behind an amount is solved modulo primes of 62 bits.  What is not the
 * threshold modulo one prime is not the threshold; what is it modulo so many primes that
 * their product exceeds every numerator the difference could have is exactly it.  Only
 * exact shares and amounts short of the whole: there the system is linear.
 */
#include <string.h>

#include "census_run.h"

#define MAX_NODES	20000
#define MAX_WORK	(UINT64_C(1) << 30)	/* multiplications, over all primes and questions of a run */
#define MAX_RING	2000		/* a dense matrix of the largest ring */

typedef unsigned __int128 Wide;

/* arithmetic modulo a prime p, numbers as a * 2^64 mod p (Montgomery) */
typedef struct Field
{
	uint64_t	p;
	uint64_t	inverse;		/* -1 / p mod 2^64 */
	uint64_t	square;			/* 2^128 mod p */
	uint64_t	one;
} Field;

typedef struct Ties
{
	CensusRun  *run;
	CoreEnv    *env;
	Field		field;
	uint32_t   *nodes;			/* local numbers, by component */
	uint32_t	n;
	uint32_t	max;
	double		bits;			/* of the numerators that may occur, at most */
	uint64_t   *value;			/* by index in nodes, of the measure at work */
	uint64_t   *matrix;			/* of one ring: rows of m + 1 */
	uint32_t	largest;
} Ties;

static uint64_t
field_reduce(const Field *f, Wide a)
{
	uint64_t	q = (uint64_t) a * f->inverse;
	Wide		sum = a + (Wide) q * f->p;	/* below 2^126 + 2^126 */
	uint64_t	r = (uint64_t) (sum >> 64);

	return r >= f->p ? r - f->p : r;
}

static uint64_t
field_multiply(const Field *f, uint64_t a, uint64_t b)
{
	return field_reduce(f, (Wide) a * b);
}

static uint64_t
field_add(const Field *f, uint64_t a, uint64_t b)
{
	uint64_t	sum = a + b;

	return sum >= f->p ? sum - f->p : sum;
}

static uint64_t
field_subtract(const Field *f, uint64_t a, uint64_t b)
{
	return a >= b ? a - b : a + f->p - b;
}

static uint64_t
field_power(const Field *f, uint64_t a, uint64_t exponent)
{
	uint64_t	result = f->one;

	for (; exponent > 0; exponent >>= 1)
	{
		if (exponent & 1)
			result = field_multiply(f, result, a);
		a = field_multiply(f, a, a);
	}
	return result;
}

static uint64_t
field_inverse(const Field *f, uint64_t a)
{
	return field_power(f, a, f->p - 2);
}

static uint64_t
field_of(const Field *f, uint64_t a)
{
	return field_multiply(f, a % f->p, f->square);
}

/* Prepares arithmetic modulo an odd number below 2^62. */
static Field
field_create(uint64_t p)
{
	Field		f = {p, 1, 0, 0};

	for (int i = 0; i < 6; i++)
		f.inverse *= 2 - p * f.inverse;
	f.inverse = -f.inverse;
	f.one = (uint64_t) (((Wide) 1 << 64) % p);
	f.square = (uint64_t) ((Wide) f.one * f.one % p);
	return f;
}

/* Is an odd number a prime?  Miller's test with the first twelve primes is a proof below 2^64. */
static bool
is_prime(uint64_t p)
{
	static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
	Field		f = field_create(p);
	uint64_t	odd = p - 1;
	int			twos = 0;

	for (size_t i = 1; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (p % bases[i] == 0)
			return false;
	for (; odd % 2 == 0; odd /= 2)
		twos++;
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
	{
		uint64_t	x = field_power(&f, field_of(&f, bases[i]), odd);
		bool		passes = x == f.one || x == p - f.one;

		for (int j = 1; j < twos && !passes; j++)
		{
			x = field_multiply(&f, x, x);
			passes = x == p - f.one;
		}
		if (!passes)
			return false;
	}
	return true;
}

/* The next prime below. */
static uint64_t
prime_below(uint64_t p)
{
	for (p -= 2; !is_prime(p); p -= 2)
		;
	return p;
}

/* A share modulo the prime; false where its denominator vanishes. */
static bool
share_value_mod(const Field *f, const CensusShare *share, uint64_t *value)
{
	uint64_t	den = field_of(f, share->den);

	if (den == 0)
		return false;
	*value = field_of(f, share->num);
	if (share->den != 1)
		*value = field_multiply(f, *value, field_inverse(f, den));
	return true;
}

/* Takes a party into the system; false over the budget. */
static bool
take(Ties *t, uint32_t local)
{
	if (t->n == t->max)
	{
		uint32_t	wanted = t->max ? t->max * 2 : 256;
		uint32_t   *fresh = core_array(t->env, wanted, sizeof(uint32_t));

		if (t->env->status != CORE_OK)
			return false;
		if (t->n > 0)
			memcpy(fresh, t->nodes, t->n * sizeof(uint32_t));
		t->nodes = fresh;
		t->max = wanted;
	}
	t->run->seen[local] = t->run->stamp;
	t->nodes[t->n++] = local;
	return t->n <= MAX_NODES;
}

/* The base 2 logarithm, at least. */
static double
bits_of(uint64_t a)
{
	return a == 0 ? 0 : 64 - __builtin_clzll(a);
}

/* May undisclosed holders count in a register? */
static bool
rest_counts(const CensusRun *run, const CensusParty *party)
{
	return run->run == RUN_UNDISCLOSED && !party->unheld && party->register_state == REGISTER_OPEN;
}

/* Looks at one party's register and takes its holders that pass on a proportion; false where it is not linear. */
static bool
take_holders(Ties *t, uint32_t local)
{
	CensusRun  *run = t->run;
	size_t		n_measures = (size_t) run->test->n_measures;
	uint32_t	party = run->party[local];
	uint64_t	unit = census_unit(run->census);
	double		sum = 1;
	double		bits = bits_of(unit);
	uint32_t	n;
	const CensusEdge *edges = edges_at(run->census, party, &n);

	if (rest_counts(run, party_at(run->census, party)))
		return false;
	for (size_t k = 0; k < n_measures; k++)
		if (run->factor[local * n_measures + k].high >= 1)
			return false;
	for (uint32_t i = 0; i < n; i++)
	{
		const CensusShare *share = share_at(run->census, edges[i].share);
		uint32_t	holder = local_of(run, edges[i].holder);

		core_step(t->env);
		if (edges[i].kind == INTEREST_UNMAPPED)
			return false;
		if (run->measure_of[edges[i].kind] < 0)
			continue;
		if (share->value != NULL || (edges[i].holder == party && share->num != 0) || (run->state[edges[i].holder] & CENSUS_LOOSE))
			return false;
		sum += (double) share->num / (double) share->den;
		if (share->units == UINT64_MAX)
			bits += bits_of(share->den);
		if (!(run->state[edges[i].holder] & CENSUS_WHOLE) && holder != NO_LOCAL && run->seen[holder] != run->stamp &&
			!take(t, holder))
			return false;
	}
	/* the row's numbers, over one denominator, add up to so much */
	t->bits += bits + bits_of((uint64_t) sum + 1);
	return true;
}

/* Sorts the nodes by component: holders first. */
static void
sort_nodes(Ties *t)
{
	const uint32_t *component = t->run->component;
	uint32_t   *spare = core_array(t->env, t->n, sizeof(uint32_t));

	if (t->env->status != CORE_OK)
		return;
	for (uint32_t width = 1; width < t->n; width *= 2)
	{
		uint32_t   *swap = t->nodes;

		for (uint32_t at = 0; at < t->n; at += 2 * width)
		{
			uint32_t	a = at;
			uint32_t	middle = at + width < t->n ? at + width : t->n;
			uint32_t	b = middle;
			uint32_t	end = at + 2 * width < t->n ? at + 2 * width : t->n;

			for (uint32_t to = at; to < end; to++)
				spare[to] = b == end || (a < middle && component[t->nodes[a]] <= component[t->nodes[b]]) ? t->nodes[a++] : t->nodes[b++];
		}
		t->nodes = spare;
		spare = swap;
	}
}

/* Gathers all that the parties hang on, holders first; false where that is too much, or not linear. */
static bool
gather(Ties *t, const uint32_t *locals, uint32_t n)
{
	CensusRun  *run = t->run;

	run->stamp++;
	for (uint32_t i = 0; i < n; i++)
		if (run->seen[locals[i]] != run->stamp && !take(t, locals[i]))
			return false;
	for (uint32_t at = 0; at < t->n; at++)
		if (!take_holders(t, t->nodes[at]))
			return false;
	sort_nodes(t);
	if (t->env->status != CORE_OK)
		return false;
	for (uint32_t at = 0, end; at < t->n; at = end)
	{
		for (end = at + 1; end < t->n && run->component[t->nodes[end]] == run->component[t->nodes[at]];)
			end++;
		if (end - at > t->largest)
			t->largest = end - at;
	}
	return t->largest <= MAX_RING;
}

/* One party's amount: a constant, and what the unknowns of its ring [at, end) carry into row; false for a bad prime. */
static bool
read_row(Ties *t, const uint32_t *place, size_t k, uint32_t local, uint32_t at, uint32_t end, uint64_t *row, uint64_t *constant)
{
	CensusRun  *run = t->run;
	uint32_t	n;
	const CensusEdge *edges = edges_at(run->census, run->party[local], &n);

	*constant = 0;
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	holder = local_of(run, edges[i].holder);
		uint64_t	weight;

		core_step(t->env);
		if (run->measure_of[edges[i].kind] != (int) k)
			continue;
		if (!(run->state[edges[i].holder] & CENSUS_WHOLE) && (holder == NO_LOCAL || place[holder] == UINT32_MAX))
			continue;
		if (!share_value_mod(&t->field, share_at(run->census, edges[i].share), &weight))
			return false;
		t->run->tie_work += 100;
		if (run->state[edges[i].holder] & CENSUS_WHOLE)
			*constant = field_add(&t->field, *constant, weight);
		else if (row != NULL && place[holder] >= at && place[holder] < end)
			row[place[holder] - at] = field_add(&t->field, row[place[holder] - at], weight);
		else
			*constant = field_add(&t->field, *constant, field_multiply(&t->field, weight, t->value[place[holder]]));
	}
	return true;
}

/* Solves x = b + m x for one ring by elimination; false where it is singular modulo the prime. */
static bool
solve_ring(Ties *t, uint32_t m, uint64_t *x)
{
	const Field *f = &t->field;
	size_t		width = (size_t) m + 1;
	uint64_t   *a = t->matrix;

	for (uint32_t p = 0; p < m; p++)
	{
		uint64_t   *pivot = a + p * width;
		uint64_t	scale = field_subtract(f, f->one, pivot[p]);

		if (scale == 0)
			return false;
		scale = field_inverse(f, scale);
		for (uint32_t j = p + 1; j <= m; j++)
			if (pivot[j] != 0)
				pivot[j] = field_multiply(f, pivot[j], scale);
		for (uint32_t i = p + 1; i < m; i++)
		{
			uint64_t   *row = a + i * width;

			core_step(t->env);
			if (row[p] == 0)
				continue;
			for (uint32_t j = p + 1; j <= m; j++)
				if (pivot[j] != 0)
					row[j] = field_add(f, row[j], field_multiply(f, row[p], pivot[j]));
			t->run->tie_work += m - p;
		}
		if (t->run->tie_work > MAX_WORK)
			return false;
	}
	for (uint32_t p = m; p-- > 0;)
	{
		x[p] = a[p * width + m];
		for (uint32_t j = p + 1; j < m; j++)
			if (a[p * width + j] != 0)
				x[p] = field_add(f, x[p], field_multiply(f, a[p * width + j], x[j]));
	}
	return true;
}

/* Values of all the nodes for one measure, holders first; false for a bad prime or over the budget. */
static bool
evaluate(Ties *t, const uint32_t *place, size_t k)
{
	for (uint32_t at = 0, end; at < t->n; at = end)
	{
		for (end = at + 1; end < t->n && t->run->component[t->nodes[end]] == t->run->component[t->nodes[at]];)
			end++;
		if (end - at == 1)
		{
			if (!read_row(t, place, k, t->nodes[at], at, end, NULL, &t->value[at]))
				return false;
			continue;
		}
		memset(t->matrix, 0, (size_t) (end - at) * (end - at + 1) * sizeof(uint64_t));
		for (uint32_t i = at; i < end; i++)
		{
			uint64_t   *row = t->matrix + (size_t) (i - at) * (end - at + 1);

			if (!read_row(t, place, k, t->nodes[i], at, end, row, &row[end - at]))
				return false;
		}
		if (!solve_ring(t, end - at, t->value + at))
			return false;
	}
	return t->run->tie_work <= MAX_WORK;
}

/* Strikes off those wanted that are not the threshold modulo the prime. */
static bool
strike(Ties *t, const uint32_t *place, const uint32_t *locals, uint32_t n, bool *wanted)
{
	size_t		n_measures = (size_t) t->run->test->n_measures;

	for (size_t k = 0; k < n_measures; k++)
	{
		Fraction	threshold = t->run->test->measures[k].threshold;
		uint64_t	gate = field_multiply(&t->field, field_of(&t->field, threshold.num),
										  field_inverse(&t->field, field_of(&t->field, threshold.den)));
		bool		any = false;

		for (uint32_t i = 0; i < n; i++)
			any = any || wanted[i * n_measures + k];
		if (!any)
			continue;
		if (!evaluate(t, place, k))
			return false;
		for (uint32_t i = 0; i < n; i++)
			if (t->value[place[locals[i]]] != gate)
				wanted[i * n_measures + k] = false;
	}
	return true;
}

bool
census_find_ties(CensusRun *run, const uint32_t *locals, uint32_t n, bool *wanted)
{
	Ties		t = {0};
	uint32_t   *place;
	uint64_t	prime = UINT64_C(1) << 62 | 1;
	double		covered = 0;
	bool		any = true;

	if (run->tie_work > MAX_WORK)
		return false;
	run->tie_work += run->n;
	arena_reset(&run->arena);
	t.run = run;
	t.env = &run->arena.env;
	t.bits = 64;				/* the threshold's own */
	if (!gather(&t, locals, n))
		return false;
	place = core_array(t.env, run->n, sizeof(uint32_t));
	t.value = core_array(t.env, t.n, sizeof(uint64_t));
	t.matrix = core_array(t.env, (size_t) t.largest * (t.largest + 1), sizeof(uint64_t));
	if (arena_failed(&run->arena))
		return false;
	memset(place, 0xff, run->n * sizeof(uint32_t));
	for (uint32_t i = 0; i < t.n; i++)
		place[t.nodes[i]] = i;
	while (any && covered < t.bits)
	{
		prime = prime_below(prime);
		t.field = field_create(prime);
		if (!strike(&t, place, locals, n, wanted) || arena_failed(&run->arena))
			return false;
		covered += 61;
		any = false;
		for (size_t i = 0; i < n * (size_t) run->test->n_measures; i++)
			any = any || wanted[i];
	}
	return true;
}
