/*
 * linear_test.c
 *		Exact solutions of linear systems, with and without caps, against Gauss-Jordan
 *		elimination in fractions.
 */
#include "core/linear.h"
#include "unit.h"

#define MAX_N	40
#define FIRST_PRIME	((INT64_C(1) << 62) - 57)	/* the one that lifting takes */

static uint64_t state = 12345;

static uint32_t
draw(uint32_t n)
{
	return (uint32_t) (unit_random(&state) % n);
}

/* what the shares of a system look like */
typedef enum Flavour
{
	BASIS_POINTS,
	HEAVY,						/* sums above one */
	WHOLE,						/* many coefficients are one */
	LONG,						/* denominators that have nothing in common */
	PRIME,						/* denominators that the first prime divides */
	N_FLAVOURS
} Flavour;

static Fraction
random_weight(CoreEnv *env, Flavour flavour, uint32_t per_row)
{
	switch (flavour)
	{
		case HEAVY:
			return fraction_of(env, 1 + draw(9000), 10000);
		case WHOLE:
			return draw(2) ? FRACTION_ONE : fraction_of(env, 1 + draw(5), 10);
		case LONG:
			return fraction_multiply(env, fraction_of(env, 1 + draw(1 << 20), (INT64_C(1) << 40) + draw(1 << 20)),
									 fraction_of(env, 1 + draw(1 << 20), 4 * (int64_t) per_row + draw(1 << 20)));
		case PRIME:
			return draw(2) ? fraction_of(env, FIRST_PRIME / (int64_t) (per_row + draw(5)), FIRST_PRIME) :
				fraction_of(env, 1 + draw(10000 / per_row), 10000);
		default:
			return fraction_of(env, 1 + draw(10000 / per_row), 10000);
	}
}

static CappedSystem
random_system(CoreEnv *env, uint32_t n, Flavour flavour)
{
	CappedSystem s;

	s.n = n;
	s.inflow = core_array(env, n, sizeof(Fraction));
	s.cap = core_array(env, n, sizeof(Fraction));
	s.n_entries = core_array(env, n, sizeof(uint32_t));
	s.rows = core_array(env, n, sizeof(SystemEntry *));
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	per_row = 1 + draw(n < 5 ? n : 5);
		bool		used[MAX_N] = {false};

		s.inflow[i] = draw(3) == 0 ? fraction_of(env, draw(2000), 10000) : FRACTION_ZERO;
		s.cap[i] = draw(8) == 0 ? FRACTION_ZERO : fraction_of(env, 1 + draw(10), 10);
		s.rows[i] = core_array(env, per_row, sizeof(SystemEntry));
		s.n_entries[i] = 0;
		for (uint32_t j = 0; j < per_row; j++)
		{
			uint32_t	column = j == 0 ? (i + 1) % n : draw(n);

			if (used[column])
				continue;
			used[column] = true;
			s.rows[i][s.n_entries[i]++] = (SystemEntry) {column, random_weight(env, flavour, per_row)};
		}
	}
	return s;
}

/* The solution with some unknowns at their caps; false if there is none, or it is not unique. */
static bool
gauss_jordan(CoreEnv *env, const CappedSystem *s, const bool *at_cap, Fraction *y)
{
	static Fraction a[MAX_N][MAX_N + 1];
	uint32_t	n = s->n;

	for (uint32_t i = 0; i < n; i++)
	{
		for (uint32_t j = 0; j <= n; j++)
			a[i][j] = i == j ? FRACTION_ONE : FRACTION_ZERO;
		a[i][n] = at_cap[i] ? s->cap[i] : s->inflow[i];
		for (uint32_t j = 0; j < s->n_entries[i] && !at_cap[i]; j++)
			a[i][s->rows[i][j].column] = fraction_subtract(env, a[i][s->rows[i][j].column], s->rows[i][j].weight);
	}
	for (uint32_t x = 0; x < n; x++)
	{
		uint32_t	pivot = x;

		while (pivot < n && fraction_is_zero(a[pivot][x]))
			pivot++;
		if (pivot == n)
			return false;
		for (uint32_t j = 0; j <= n; j++)
		{
			Fraction	swap = a[x][j];

			a[x][j] = a[pivot][j];
			a[pivot][j] = swap;
		}
		for (uint32_t i = 0; i < n; i++)
		{
			Fraction	q = fraction_divide(env, a[i][x], a[x][x]);

			for (uint32_t j = x; j <= n && i != x && !fraction_is_zero(q); j++)
				a[i][j] = fraction_subtract(env, a[i][j], fraction_multiply(env, q, a[x][j]));
		}
	}
	for (uint32_t i = 0; i < n; i++)
		y[i] = fraction_divide(env, a[i][n], a[i][i]);
	return true;
}

/* Which unknowns anything flows into. */
static void
mark_reached(const CappedSystem *s, bool with_caps, bool *reached)
{
	bool		more = true;

	memset(reached, 0, s->n * sizeof(bool));
	while (more)
	{
		more = false;
		for (uint32_t i = 0; i < s->n; i++)
		{
			bool		now = !fraction_is_zero(s->inflow[i]);

			for (uint32_t j = 0; j < s->n_entries[i]; j++)
				now = now || reached[s->rows[i][j].column];
			if (with_caps && fraction_is_zero(s->cap[i]))
				now = false;
			more = more || (now && !reached[i]);
			reached[i] = reached[i] || now;
		}
	}
}

static bool
equal(CoreEnv *env, uint32_t n, const Fraction *a, const Fraction *b)
{
	for (uint32_t i = 0; i < n; i++)
		if (fraction_compare(env, a[i], b[i]) != 0)
			return false;
	return true;
}

/* The linear system alone: the reference has a solution that is not negative, or there is none. */
static bool
linear_agrees(CoreEnv *env, uint32_t n, Flavour flavour, bool *solved)
{
	CappedSystem s = random_system(env, n, flavour);
	bool		reached[MAX_N];
	Fraction	y[MAX_N];
	Fraction	reference[MAX_N];
	CappedSystem part = s;
	bool		none[MAX_N] = {false};
	bool		exists;

	mark_reached(&s, false, reached);
	part.n_entries = core_array(env, n, sizeof(uint32_t));
	for (uint32_t i = 0; i < n; i++)
	{
		y[i] = FRACTION_ZERO;
		part.n_entries[i] = reached[i] ? s.n_entries[i] : 0;
	}
	exists = gauss_jordan(env, &part, none, reference);
	for (uint32_t i = 0; i < n && exists; i++)
		exists = !reference[i].negative;
	*solved = linear_solve(env, &s, reached, y);
	return env->status == CORE_OK && *solved == exists && (!exists || equal(env, n, y, reference));
}

/* The least fixpoint with caps, by trying every set of unknowns at their caps. */
static bool
capped_agrees(CoreEnv *env, uint32_t n, Flavour flavour)
{
	CappedSystem s = random_system(env, n, flavour);
	Fraction	y[MAX_N];
	Fraction	least[MAX_N];
	bool		reached[MAX_N];
	bool		any = false;

	mark_reached(&s, true, reached);
	for (uint32_t set = 0; set < 1u << n; set++)
	{
		CappedSystem part = s;
		Fraction	tried[MAX_N];
		bool		at_cap[MAX_N];
		bool		fits = true;
		bool		lower = !any;

		part.n_entries = core_array(env, n, sizeof(uint32_t));
		part.cap = core_array(env, n, sizeof(Fraction));
		for (uint32_t i = 0; i < n; i++)
		{
			at_cap[i] = !reached[i] || (set >> i & 1);
			part.cap[i] = reached[i] ? s.cap[i] : FRACTION_ZERO;
			part.n_entries[i] = s.n_entries[i];
		}
		if (!gauss_jordan(env, &part, at_cap, tried))
			continue;
		for (uint32_t i = 0; i < n && fits; i++)
		{
			Fraction	sum = s.inflow[i];

			for (uint32_t j = 0; j < s.n_entries[i]; j++)
				sum = fraction_add(env, sum, fraction_multiply(env, s.rows[i][j].weight, tried[s.rows[i][j].column]));
			if (fraction_compare(env, sum, s.cap[i]) > 0)
				sum = s.cap[i];
			fits = !tried[i].negative && fraction_compare(env, sum, tried[i]) == 0;
			lower = lower || fraction_compare(env, tried[i], least[i]) < 0;
		}
		if (fits && lower)
			memcpy(least, tried, sizeof(tried));
		any = any || fits;
	}
	solve_capped(env, &s, y);
	return env->status == CORE_OK && any && equal(env, n, y, least);
}

/* A ring of three with these coefficients, quarters, and an inflow of 1/8 into the first. */
static bool
ring_of_three(CoreEnv *env, int a, int b, int c, Fraction *y)
{
	int			quarters[] = {a, b, c};
	bool		in[] = {true, true, true};
	CappedSystem s;

	s.n = 3;
	s.inflow = core_array(env, 3, sizeof(Fraction));
	s.n_entries = core_array(env, 3, sizeof(uint32_t));
	s.rows = core_array(env, 3, sizeof(SystemEntry *));
	for (uint32_t i = 0; i < 3; i++)
	{
		s.inflow[i] = i == 0 ? fraction_of(env, 1, 8) : FRACTION_ZERO;
		s.n_entries[i] = 1;
		s.rows[i] = core_array(env, 1, sizeof(SystemEntry));
		s.rows[i][0] = (SystemEntry) {(i + 1) % 3, fraction_of(env, quarters[i], 4)};
	}
	return linear_solve(env, &s, in, y);
}

int
main(void)
{
	Fraction	y[3];

	static const char *const names[] = {"basis points", "sums above one", "whole coefficients", "long denominators",
	"denominators that the first prime divides"};
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);

	for (int flavour = 0; flavour < N_FLAVOURS; flavour++)
	{
		int			wrong = 0;
		int			wrong_capped = 0;
		int			n_solved = 0;

		for (int i = 0; i < 300; i++)
		{
			bool		solved = false;

			wrong += !linear_agrees(&env, 1 + draw(i % 30 == 0 && flavour != LONG ? 24 : 7), (Flavour) flavour, &solved);
			n_solved += solved;
			unit_reset(&env);
			if (i % 3 == 0)
				wrong_capped += !capped_agrees(&env, 1 + draw(5), (Flavour) flavour);
			unit_reset(&env);
		}
		ok(wrong == 0, "%s: 300 systems, %d of them with a solution; %d differ from the reference", names[flavour], n_solved, wrong);
		ok(wrong_capped == 0, "%s: 100 systems with caps; %d differ from the reference", names[flavour], wrong_capped);
	}
	ok(ring_of_three(&env, 4, 4, 3, y) && fraction_compare(&env, y[0], fraction_of(&env, 1, 2)) == 0,
	   "a ring that passes on three quarters of itself quadruples what flows in");
	ok(!ring_of_three(&env, 4, 4, 4, y), "a ring that passes on all of itself has no solution");
	ok(!ring_of_three(&env, 8, 8, 1, y), "nor has one that does so on the whole, though not in every link");
	ok(!ring_of_three(&env, 8, 8, 2, y), "nor one that passes on more than itself");
	unit_free(&env);
	return unit_done();
}
