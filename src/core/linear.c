/*
 * linear.c
 *		y = r + M y exactly, by p-adic lifting (Dixon, Numerische Mathematik 40, 1982).
 *
 * Unknowns that rest on each other are solved for together, those that they rest on before.
 * Rows are scaled to integers.  Modulo one prime of 62 bits the matrix is factored; that
 * gives the solution digit by digit in base p, each from an exact division of what the digits
 * before have left.  Numerators and denominators are bounded (Hadamard; Cramer), and once
 * there are enough digits for them the fractions are read off: the first by Euclid's
 * algorithm, the others mostly by multiplying with its denominator.  No intermediate value is
 * longer than the answer.
 *
 * Where everything is reached by r > 0, a solution that is not negative is the only one, hence
 * the least; it exists if and only if I - M is a nonsingular M-matrix, all of whose pivots
 * are positive.  A pivot that is 0 modulo so many primes that their product exceeds the minor
 * it comes from is 0.
 */
#include <string.h>

#include <gmp.h>

#include "components.h"
#include "fraction_parts.h"
#include "linear.h"
#include "modular.h"

#define PRIME_BITS		61		/* all primes used are above 2^61 */

/* scale * y = b + SUM over entries of limbs * y_column, all integers */
typedef struct IntegerRow
{
	uint32_t	unknown;		/* in the system */
	uint32_t	n;
	uint32_t   *columns;		/* among the unknowns solved for */
	size_t		width;			/* limbs of each coefficient */
	uint64_t   *limbs;			/* n * width */
	uint64_t   *scale;			/* width */
	Fraction	rhs;
	size_t		residual_width;
	uint64_t   *residual;		/* two's complement */
	uint64_t	wrap;			/* 2^(64 * residual_width) modulo p */
} IntegerRow;

typedef struct Lifting
{
	CoreEnv    *env;
	const CappedSystem *system;
	uint32_t	n;
	IntegerRow *rows;
	Natural		common;			/* denominator of all rhs */
	size_t		den_bits;		/* of a common denominator of the solution of the integer system */
	size_t		num_bits;		/* of a numerator over it */
	size_t		n_digits;
	uint64_t   *digits;			/* [digit * n + unknown] */
	ModularSystem modular;
} Lifting;

/* A natural of an exact width, zero limbs above. */
static void
put_natural(uint64_t *to, size_t width, Natural a)
{
	if (a.n > 0)
		memcpy(to, a.limbs, a.n * sizeof(uint64_t));
	memset(to + a.n, 0, (width - a.n) * sizeof(uint64_t));
}

/* Is there a ring of coefficients of at least one?  Then no solution is finite. */
static bool
has_whole_ring(CoreEnv *env, const CappedSystem *s, const bool *in)
{
	bool	   *clear = core_array(env, s->n, sizeof(bool));
	bool		more = true;
	uint32_t	left = 0;

	if (env->status != CORE_OK)
		return false;
	memset(clear, 0, s->n * sizeof(bool));
	while (more)
	{
		more = false;
		left = 0;
		for (uint32_t i = 0; i < s->n; i++)
		{
			bool		rests = false;

			core_step(env);
			if (!in[i] || clear[i])
				continue;
			core_work(env, s->n_entries[i]);
			for (uint32_t j = 0; j < s->n_entries[i] && !rests; j++)
				rests = in[s->rows[i][j].column] && !clear[s->rows[i][j].column] &&
					fraction_compare(env, s->rows[i][j].weight, FRACTION_ONE) >= 0;
			clear[i] = !rests;
			more = more || clear[i];
			left += rests;
		}
	}
	return left > 0;
}

/* The right-hand side of a row, and the common denominator of its coefficients; false if something in it is infinite. */
static bool
scale_row(Lifting *l, IntegerRow *row, const bool *in, const Fraction *y, Natural *scale)
{
	CoreEnv    *env = l->env;
	const SystemEntry *entries = l->system->rows[row->unknown];
	uint64_t	one = 1;
	FractionSum rhs = FRACTION_SUM_ZERO;

	*scale = natural_copy(env, natural_view(&one));
	fraction_sum_add(env, &rhs, l->system->inflow[row->unknown], FRACTION_ONE);
	for (uint32_t j = 0; j < l->system->n_entries[row->unknown]; j++)
	{
		FractionParts parts;

		core_step(env);
		if (!in[entries[j].column])
		{
			fraction_sum_add(env, &rhs, entries[j].weight, y[entries[j].column]);
			continue;
		}
		if (fraction_is_infinite(entries[j].weight))
			return false;
		row->n++;
		fraction_split(&entries[j].weight, &parts);
		if (natural_compare(*scale, parts.den) != 0)
			*scale = natural_copy(env, natural_lcm(env, *scale, parts.den));
	}
	row->rhs = fraction_sum_value(env, &rhs);
	return !fraction_is_infinite(row->rhs) && env->status == CORE_OK;
}

/* Scales one row to integers; false if something in it is infinite. */
static bool
load_row(Lifting *l, IntegerRow *row, const bool *in, const uint32_t *local, const Fraction *y)
{
	CoreEnv    *env = l->env;
	const SystemEntry *entries = l->system->rows[row->unknown];
	Natural		scale;
	Natural		sum;
	Natural    *weights;
	uint32_t	n = 0;

	if (!scale_row(l, row, in, y, &scale))
		return false;
	row->columns = core_array(env, row->n, sizeof(uint32_t));
	weights = core_array(env, row->n, sizeof(Natural));
	if (env->status != CORE_OK)
		return false;
	row->width = scale.n;
	sum = scale;
	for (uint32_t j = 0; j < l->system->n_entries[row->unknown]; j++)
	{
		FractionParts parts;

		core_step(env);
		if (!in[entries[j].column])
			continue;
		fraction_split(&entries[j].weight, &parts);
		weights[n] = natural_copy(env, natural_multiply(env, natural_divide(env, scale, parts.den), parts.num));
		sum = natural_add(env, sum, weights[n]);
		if (weights[n].n > row->width)
			row->width = weights[n].n;
		row->columns[n++] = local[entries[j].column];
	}
	l->den_bits += natural_bits(sum);
	row->scale = core_array(env, row->width, sizeof(uint64_t));
	row->limbs = core_array(env, row->n * row->width, sizeof(uint64_t));
	if (env->status != CORE_OK)
		return false;
	put_natural(row->scale, row->width, scale);
	for (uint32_t j = 0; j < row->n; j++)
		put_natural(row->limbs + j * row->width, row->width, weights[j]);
	return true;
}

/* Brings the right-hand sides to a common denominator: the first residuals. */
static void
load_residuals(Lifting *l)
{
	CoreEnv    *env = l->env;
	uint64_t	one = 1;
	size_t		bits = 0;

	l->common = natural_copy(env, natural_view(&one));
	for (uint32_t i = 0; i < l->n; i++)
	{
		FractionParts parts;

		fraction_split(&l->rows[i].rhs, &parts);
		if (natural_compare(l->common, parts.den) != 0)
			l->common = natural_copy(env, natural_lcm(env, l->common, parts.den));
		if (natural_bits(l->common) > FRACTION_MAX_BITS)
			core_fail(env, CORE_TOO_LARGE);
		if (env->status != CORE_OK)
			return;
	}
	for (uint32_t i = 0; i < l->n && env->status == CORE_OK; i++)
	{
		IntegerRow *row = &l->rows[i];
		FractionParts parts;
		Natural		b;

		fraction_split(&row->rhs, &parts);
		b = natural_multiply(env, natural_divide(env, l->common, parts.den), parts.num);
		b = natural_multiply(env, b, natural_trim(row->scale, row->width));
		if (natural_bits(b) > bits)
			bits = natural_bits(b);
		row->residual_width = (b.n > row->width ? b.n : row->width) + 2;
		row->residual = core_array(env, row->residual_width, sizeof(uint64_t));
		if (env->status == CORE_OK)
			put_natural(row->residual, row->residual_width, b);
	}
	/* a column replaced by b: at most n products of an element of b and a minor */
	l->num_bits = l->den_bits + bits + 32;
	l->n_digits = (l->num_bits + l->den_bits + 2) / PRIME_BITS + 1;
	if (l->num_bits > FRACTION_MAX_BITS)
		core_fail(env, CORE_TOO_LARGE);
}

/* Reads the system; false if something in it is infinite. */
static bool
lifting_load(Lifting *l, const bool *in, const Fraction *y)
{
	CoreEnv    *env = l->env;
	uint32_t   *local = core_array(env, l->system->n, sizeof(uint32_t));

	for (uint32_t i = 0; i < l->system->n && env->status == CORE_OK; i++)
		if (in[i])
			local[i] = l->n++;
	l->rows = core_array(env, l->n, sizeof(IntegerRow));
	if (env->status != CORE_OK)
		return false;
	memset(l->rows, 0, l->n * sizeof(IntegerRow));
	for (uint32_t i = 0; i < l->system->n; i++)
	{
		if (!in[i])
			continue;
		l->rows[local[i]].unknown = i;
		if (!load_row(l, &l->rows[local[i]], in, local, y))
			return false;
	}
	load_residuals(l);
	return env->status == CORE_OK;
}

/* Factors the matrix modulo a prime; gives the place of the first pivot that is 0, or n. */
static uint32_t
factor_modulo(Lifting *l, Modulus modulus)
{
	CoreEnv    *env = l->env;

	l->modular.modulus = modulus;
	l->modular.n = l->n;
	l->modular.rows = core_array(env, l->n, sizeof(ModularRow));
	if (env->status != CORE_OK)
		return 0;
	memset(l->modular.rows, 0, l->n * sizeof(ModularRow));
	for (uint32_t i = 0; i < l->n; i++)
	{
		const IntegerRow *from = &l->rows[i];
		ModularRow *row = &l->modular.rows[i];

		core_step(env);
		core_work(env, 16 * from->n * from->width);
		row->diagonal = modular_factor(&modulus, mpn_mod_1(from->scale, from->width, modulus.p));
		row->entries = core_array(env, from->n, sizeof(ModularEntry));
		row->max = from->n;
		for (uint32_t j = 0; j < from->n && env->status == CORE_OK; j++)
		{
			uint64_t	weight = mpn_mod_1(from->limbs + j * from->width, from->width, modulus.p);

			weight = modular_factor(&modulus, weight);
			if (from->columns[j] == i)
				row->diagonal = modular_add(&modulus, row->diagonal, weight == 0 ? 0 : modulus.p - weight);
			else
			{
				row->entries[row->n].column = from->columns[j];
				row->entries[row->n++].weight = weight;
			}
		}
	}
	return env->status == CORE_OK ? modular_eliminate(env, &l->modular) : 0;
}

/* Factors the matrix modulo a prime that fits; false if a pivot is 0 whatever the prime. */
static bool
lifting_factor(Lifting *l)
{
	Modulus		modulus = modulus_first();
	uint32_t	last = l->n;
	size_t		n_times = 0;

	while (l->env->status == CORE_OK)
	{
		uint32_t	at = factor_modulo(l, modulus);

		if (at == l->n)
			return true;
		n_times = at == last ? n_times + 1 : 1;
		last = at;
		if (n_times * PRIME_BITS > l->den_bits)
			return false;
		modulus = modulus_next(l->env, &modulus);
	}
	return false;
}

/* residual += SUM of the row's coefficients times digits */
static void
add_products(IntegerRow *row, const uint64_t *digits)
{
	size_t		width = row->residual_width;

	if (row->width == 1)
	{
		uint64_t	sum[3] = {0, 0, 0};

		for (uint32_t j = 0; j < row->n; j++)
		{
			unsigned __int128 product = (unsigned __int128) row->limbs[j] * digits[row->columns[j]];
			unsigned __int128 low = product + (((unsigned __int128) sum[1] << 64) | sum[0]);

			sum[2] += low < product;
			sum[0] = (uint64_t) low;
			sum[1] = (uint64_t) (low >> 64);
		}
		mpn_add(row->residual, row->residual, width, sum, 3);
		return;
	}
	for (uint32_t j = 0; j < row->n; j++)
	{
		uint64_t	carry = mpn_addmul_1(row->residual, row->limbs + j * row->width, row->width, digits[row->columns[j]]);

		mpn_add_1(row->residual + row->width, row->residual + row->width, width - row->width, carry);
	}
}

/* Takes a digit's share out of the residual and divides by p, which goes without remainder. */
static void
next_residual(const Modulus *m, IntegerRow *row, const uint64_t *digits, uint64_t digit)
{
	size_t		width = row->residual_width;
	uint64_t	borrow;

	add_products(row, digits);
	borrow = mpn_submul_1(row->residual, row->scale, row->width, digit);
	mpn_sub_1(row->residual + row->width, row->residual + row->width, width - row->width, borrow);
	borrow = 0;
	for (size_t i = 0; i < width; i++)
	{
		uint64_t	left = row->residual[i] - borrow;
		uint64_t	quotient = left * m->inverse;

		borrow = (left > row->residual[i]) + (uint64_t) (((unsigned __int128) quotient * m->p) >> 64);
		row->residual[i] = quotient;
	}
}

/* The residual modulo p. */
static uint64_t
residual_modulo(const Modulus *m, const IntegerRow *row)
{
	uint64_t	rest = mpn_mod_1(row->residual, row->residual_width, m->p);

	if (row->residual[row->residual_width - 1] >> 63)
		rest = modular_add(m, rest, m->p - row->wrap);
	return rest;
}

/* Finds the digits of the solution in base p. */
static void
lifting_lift(Lifting *l)
{
	CoreEnv    *env = l->env;
	const Modulus *m = &l->modular.modulus;

	l->digits = core_array(env, l->n_digits * l->n, sizeof(uint64_t));
	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < l->n; i++)
	{
		IntegerRow *row = &l->rows[i];

		row->wrap = 1;
		for (size_t j = 0; j < row->residual_width; j++)
			row->wrap = modular_multiply(m, row->wrap, m->square);
	}
	for (size_t k = 0; k < l->n_digits && env->status == CORE_OK; k++)
	{
		uint64_t   *digits = l->digits + k * l->n;

		for (uint32_t i = 0; i < l->n; i++)
			digits[i] = residual_modulo(m, &l->rows[i]);
		modular_solve(env, &l->modular, digits);
		for (uint32_t i = 0; i < l->n; i++)
		{
			core_step(env);
			core_work(env, 16 * l->rows[i].residual_width + 2 * l->rows[i].n * l->rows[i].width);
			next_residual(m, &l->rows[i], digits, digits[i]);
		}
	}
}

/* Puts the digits of one unknown together. */
static Natural
digits_value(Lifting *l, uint32_t unknown, uint64_t *limbs)
{
	size_t		n = 0;

	core_work(l->env, l->n_digits * l->n_digits / 2);
	for (size_t k = l->n_digits; k-- > 0;)
	{
		uint64_t	carry;

		core_step(l->env);
		carry = n > 0 ? mpn_mul_1(limbs, limbs, n, l->modular.modulus.p) : 0;
		if (carry != 0)
			limbs[n++] = carry;
		if (n == 0)
			limbs[n++] = l->digits[k * l->n + unknown];
		else if ((carry = mpn_add_1(limbs, limbs, n, l->digits[k * l->n + unknown])) != 0)
			limbs[n++] = carry;
	}
	return natural_trim(limbs, n);
}

/* p to the number of digits */
static Natural
digits_modulus(Lifting *l)
{
	uint64_t   *limbs = core_array(l->env, l->n_digits + 1, sizeof(uint64_t));
	size_t		n = 1;

	limbs[0] = 1;
	for (size_t k = 0; k < l->n_digits; k++)
	{
		uint64_t	carry = mpn_mul_1(limbs, limbs, n, l->modular.modulus.p);

		core_step(l->env);
		if (carry != 0)
			limbs[n++] = carry;
	}
	return natural_trim(limbs, n);
}

/* Reads the solution off its digits; false if some of it is negative. */
static bool
lifting_read(Lifting *l, Fraction *y)
{
	CoreEnv    *env = l->env;
	uint64_t   *limbs = core_array(env, l->n_digits + 1, sizeof(uint64_t));
	Natural    *num = core_array(env, l->n, sizeof(Natural));
	Natural    *den = core_array(env, l->n, sizeof(Natural));
	uint64_t	one = 1;
	Natural		all = natural_view(&one);
	Natural		m = digits_modulus(l);

	for (uint32_t i = 0; i < l->n && env->status == CORE_OK; i++)
	{
		Natural		value = natural_remainder(env, natural_multiply(env, digits_value(l, i, limbs), all), m);
		Natural		other = natural_subtract(env, m, value);
		Natural		more = natural_view(&one);
		bool		negative = natural_compare(other, value) < 0;

		num[i] = negative ? other : value;
		if (natural_bits(num[i]) > l->num_bits)
			natural_reconstruct(env, value, m, l->num_bits, &num[i], &more, &negative);
		if (negative && num[i].n > 0)
			return false;
		num[i] = natural_copy(env, num[i]);
		all = natural_copy(env, natural_multiply(env, all, more));
		den[i] = all;
	}
	for (uint32_t i = 0; i < l->n && env->status == CORE_OK; i++)
	{
		Natural		whole = natural_multiply(env, den[i], l->common);

		y[l->rows[i].unknown] = fraction_of_limbs(env, num[i].limbs, num[i].n, whole.limbs, whole.n);
	}
	return env->status == CORE_OK;
}

/* Solves for one unknown by itself; false if it comes out infinite. */
static bool
solve_one(CoreEnv *env, const CappedSystem *s, uint32_t x, Fraction *y)
{
	FractionSum sum = FRACTION_SUM_ZERO;
	Fraction	loop = FRACTION_ZERO;

	fraction_sum_add(env, &sum, s->inflow[x], FRACTION_ONE);
	for (uint32_t j = 0; j < s->n_entries[x]; j++)
	{
		core_step(env);
		if (s->rows[x][j].column == x)
			loop = s->rows[x][j].weight;
		else
			fraction_sum_add(env, &sum, s->rows[x][j].weight, y[s->rows[x][j].column]);
	}
	y[x] = fraction_sum_value(env, &sum);
	if (fraction_is_zero(loop))
		return !fraction_is_infinite(y[x]);
	if (fraction_is_infinite(y[x]) || fraction_compare(env, loop, FRACTION_ONE) >= 0)
		return false;
	y[x] = fraction_divide(env, y[x], fraction_subtract(env, FRACTION_ONE, loop));
	return true;
}

/* Solves for several unknowns that rest on each other. */
static bool
solve_block(CoreEnv *env, const CappedSystem *s, const bool *in, Fraction *y)
{
	Lifting		l;

	memset(&l, 0, sizeof(l));
	l.env = env;
	l.system = s;
	if (has_whole_ring(env, s, in) || !lifting_load(&l, in, y) || !lifting_factor(&l))
		return false;
	lifting_lift(&l);
	return env->status == CORE_OK && lifting_read(&l, y);
}

/* Which unknowns rest on which, what they rest on first. */
static void
find_blocks(CoreEnv *env, const CappedSystem *s, const bool *in, Components *blocks)
{
	Digraph		graph = {s->n, NULL, NULL};
	uint32_t   *start = core_array(env, (size_t) s->n + 1, sizeof(uint32_t));
	uint32_t   *target;
	size_t		n = 0;

	for (uint32_t i = 0; i < s->n; i++)
		n += in[i] ? s->n_entries[i] : 0;
	if (n >= UINT32_MAX)
		core_fail(env, CORE_TOO_LARGE);
	target = core_array(env, n, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	n = 0;
	for (uint32_t i = 0; i < s->n; i++)
	{
		start[i] = (uint32_t) n;
		for (uint32_t j = 0; in[i] && j < s->n_entries[i]; j++)
		{
			core_step(env);
			if (in[s->rows[i][j].column])
				target[n++] = s->rows[i][j].column;
		}
	}
	start[s->n] = (uint32_t) n;
	graph.start = start;
	graph.target = target;
	components_find(env, &graph, blocks);
}

bool
linear_solve(CoreEnv *env, const CappedSystem *s, const bool *in, Fraction *y)
{
	bool	   *block = core_array(env, s->n, sizeof(bool));
	bool		solved = true;
	Components	blocks;

	find_blocks(env, s, in, &blocks);
	if (env->status != CORE_OK)
		return false;
	memset(block, 0, s->n * sizeof(bool));
	for (uint32_t b = 0; b < blocks.n && solved && env->status == CORE_OK; b++)
	{
		const uint32_t *members = blocks.members + blocks.start[b];
		uint32_t	n = blocks.start[b + 1] - blocks.start[b];

		if (n == 1)
		{
			solved = !in[members[0]] || solve_one(env, s, members[0], y);
			continue;
		}
		for (uint32_t i = 0; i < n; i++)
			block[members[i]] = true;
		solved = solve_block(env, s, block, y);
		for (uint32_t i = 0; i < n; i++)
			block[members[i]] = false;
	}
	return solved && env->status == CORE_OK;
}
