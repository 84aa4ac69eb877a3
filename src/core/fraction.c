/*
 * fraction.c
 *		Exact arithmetic of fractions.
 *
 * Two 64-bit operands are computed in 128 bits; the rest goes through natural.c.
 * Greatest common divisors are taken before multiplying (Knuth, TAOCP 2, 4.5.1), so
 * that results come out in lowest terms and intermediate values stay short: at most
 * twice FRACTION_MAX_BITS and one bit.
 */
#include <string.h>

#include "core/fraction_parts.h"

typedef unsigned __int128 uint128;

/* a fraction from two naturals in lowest terms; CORE_TOO_LARGE over FRACTION_MAX_BITS */
static Fraction
fraction_make(CoreEnv *env, bool negative, Natural num, Natural den)
{
	FractionLimbs *big;

	if (num.n == 0)
		return FRACTION_ZERO;
	if (num.n == 1 && den.n == 1)
		return (Fraction) {num.limbs[0], den.limbs[0], NULL, negative};
	if (natural_bits(num) > FRACTION_MAX_BITS || natural_bits(den) > FRACTION_MAX_BITS)
	{
		core_fail(env, CORE_TOO_LARGE);
		return FRACTION_ZERO;
	}
	big = env->allocate(env->arg, sizeof(FractionLimbs) + (num.n + den.n) * sizeof(uint64_t));
	big->n_num = (uint32_t) num.n;
	big->n_den = (uint32_t) den.n;
	memcpy(big->limbs, num.limbs, num.n * sizeof(uint64_t));
	memcpy(big->limbs + num.n, den.limbs, den.n * sizeof(uint64_t));
	return (Fraction) {0, 0, big, negative};
}

/* the same from two 128-bit numbers */
static Fraction
fraction_make_wide(CoreEnv *env, bool negative, uint128 num, uint128 den)
{
	uint64_t	n[2] = {(uint64_t) num, (uint64_t) (num >> 64)};
	uint64_t	d[2] = {(uint64_t) den, (uint64_t) (den >> 64)};

	if ((n[1] | d[1]) == 0)
		return (Fraction) {n[0], d[0], NULL, negative && n[0] != 0};
	return fraction_make(env, negative, natural_trim(n, 2), natural_trim(d, 2));
}

static Fraction
fraction_fail(CoreEnv *env, CoreStatus status)
{
	core_fail(env, status);
	return FRACTION_ZERO;
}

Fraction
fraction_of(CoreEnv *env, int64_t num, int64_t den)
{
	uint64_t	n = num < 0 ? -(uint64_t) num : (uint64_t) num;
	uint64_t	d = den < 0 ? -(uint64_t) den : (uint64_t) den;
	uint64_t	g;

	if (d == 0)
		return fraction_fail(env, CORE_DIVISION_BY_ZERO);
	if (n == 0)
		return FRACTION_ZERO;
	g = natural_gcd_limb(n, d);
	return (Fraction) {n / g, d / g, NULL, (num < 0) != (den < 0)};
}

Fraction
fraction_of_limbs(CoreEnv *env, const uint64_t *num, size_t n_num,
				  const uint64_t *den, size_t n_den)
{
	Natural		n = natural_trim(num, n_num);
	Natural		d = natural_trim(den, n_den);
	Natural		g;

	if (d.n == 0)
		return fraction_fail(env, CORE_DIVISION_BY_ZERO);
	if (n.n == 0)
		return FRACTION_ZERO;
	g = natural_gcd(env, n, d);
	return fraction_make(env, false, natural_divide(env, n, g), natural_divide(env, d, g));
}

/* a + b by naturals, both finite */
static Fraction
fraction_add_long(CoreEnv *env, Fraction a, Fraction b)
{
	FractionParts x,
				y;
	Natural		g,
				left,
				right,
				total,
				x_den;
	bool		negative = a.negative;

	fraction_split(&a, &x);
	fraction_split(&b, &y);
	g = natural_gcd(env, x.den, y.den);
	x_den = natural_divide(env, x.den, g);
	left = natural_multiply(env, x.num, natural_divide(env, y.den, g));
	right = natural_multiply(env, y.num, x_den);
	if (a.negative == b.negative)
		total = natural_add(env, left, right);
	else if (natural_compare(left, right) >= 0)
		total = natural_subtract(env, left, right);
	else
	{
		total = natural_subtract(env, right, left);
		negative = b.negative;
	}
	if (total.n == 0)
		return FRACTION_ZERO;
	g = natural_gcd(env, total, g);
	total = natural_divide(env, total, g);
	y.den = natural_divide(env, y.den, g);
	if (natural_bits(x_den) + natural_bits(y.den) > FRACTION_MAX_BITS + 1)
		return fraction_fail(env, CORE_TOO_LARGE);
	return fraction_make(env, negative, total, natural_multiply(env, x_den, y.den));
}

Fraction
fraction_add(CoreEnv *env, Fraction a, Fraction b)
{
	uint128		left,
				right,
				total;
	uint64_t	g = 1;
	uint64_t	a_den;
	bool		negative = a.negative;

	if (fraction_is_infinite(a) || fraction_is_infinite(b))
		return FRACTION_INFINITY;
	if (fraction_is_zero(a))
		return b;
	if (fraction_is_zero(b))
		return a;
	if (a.big != NULL || b.big != NULL)
		return fraction_add_long(env, a, b);
	if (a.den == b.den)
		g = a.den;
	else
		g = natural_gcd_limb(a.den, b.den);
	a_den = a.den / g;
	left = (uint128) a.num * (b.den / g);
	right = (uint128) b.num * a_den;
	if (a.negative != b.negative)
	{
		if (left < right)
			negative = b.negative;
		total = left < right ? right - left : left - right;
		if (total == 0)
			return FRACTION_ZERO;
	}
	else if (__builtin_add_overflow(left, right, &total))
		return fraction_add_long(env, a, b);
	if (g != 1 && total <= UINT64_MAX)
	{
		g = natural_gcd_limb((uint64_t) total, g);
		total = (uint64_t) total / g;
	}
	else if (g != 1)
	{
		g = natural_gcd_limb((uint64_t) (total % g), g);
		total /= g;
	}
	return fraction_make_wide(env, negative, total, (uint128) a_den * (b.den / g));
}

/* the value with the other sign */
static Fraction
fraction_negate(Fraction a)
{
	if (!fraction_is_zero(a))
		a.negative = !a.negative;
	return a;
}

Fraction
fraction_subtract(CoreEnv *env, Fraction a, Fraction b)
{
	if (fraction_is_infinite(b))
		return fraction_fail(env, CORE_OUT_OF_RANGE);
	return fraction_add(env, a, fraction_negate(b));
}

/* a * b by naturals, both finite and not zero */
static Fraction
fraction_multiply_long(CoreEnv *env, FractionParts *x, FractionParts *y, bool negative)
{
	Natural		g;

	g = natural_gcd(env, x->num, y->den);
	x->num = natural_divide(env, x->num, g);
	y->den = natural_divide(env, y->den, g);
	g = natural_gcd(env, y->num, x->den);
	y->num = natural_divide(env, y->num, g);
	x->den = natural_divide(env, x->den, g);
	if (natural_bits(x->num) + natural_bits(y->num) > FRACTION_MAX_BITS + 1 ||
		natural_bits(x->den) + natural_bits(y->den) > FRACTION_MAX_BITS + 1)
		return fraction_fail(env, CORE_TOO_LARGE);
	return fraction_make(env, negative, natural_multiply(env, x->num, y->num),
						 natural_multiply(env, x->den, y->den));
}

/* a_num / a_den * b_num / b_den, each in lowest terms and not zero */
static Fraction
fraction_multiply_short(CoreEnv *env, uint64_t a_num, uint64_t a_den,
						uint64_t b_num, uint64_t b_den, bool negative)
{
	uint64_t	g = natural_gcd_limb(a_num, b_den);
	uint64_t	h = natural_gcd_limb(b_num, a_den);

	return fraction_make_wide(env, negative, (uint128) (a_num / g) * (b_num / h),
							  (uint128) (a_den / h) * (b_den / g));
}

Fraction
fraction_multiply(CoreEnv *env, Fraction a, Fraction b)
{
	bool		negative = a.negative != b.negative;
	FractionParts x,
				y;

	if (fraction_is_zero(a) || fraction_is_zero(b))
		return FRACTION_ZERO;	/* even of infinity: nothing of anything is nothing */
	if (fraction_is_infinite(a) || fraction_is_infinite(b))
		return negative ? fraction_fail(env, CORE_OUT_OF_RANGE) : FRACTION_INFINITY;
	if (a.big == NULL && b.big == NULL)
		return fraction_multiply_short(env, a.num, a.den, b.num, b.den, negative);
	fraction_split(&a, &x);
	fraction_split(&b, &y);
	return fraction_multiply_long(env, &x, &y, negative);
}

Fraction
fraction_divide(CoreEnv *env, Fraction a, Fraction b)
{
	bool		negative = a.negative != b.negative;
	FractionParts x,
				y;
	Natural		swap;

	if (fraction_is_zero(b))
		return fraction_fail(env, CORE_DIVISION_BY_ZERO);
	if (fraction_is_infinite(a))
	{
		if (fraction_is_infinite(b) || negative)
			return fraction_fail(env, CORE_OUT_OF_RANGE);
		return FRACTION_INFINITY;
	}
	if (fraction_is_zero(a) || fraction_is_infinite(b))
		return FRACTION_ZERO;
	if (a.big == NULL && b.big == NULL)
		return fraction_multiply_short(env, a.num, a.den, b.den, b.num, negative);
	fraction_split(&a, &x);
	fraction_split(&b, &y);
	swap = y.num;
	y.num = y.den;
	y.den = swap;
	return fraction_multiply_long(env, &x, &y, negative);
}

static void
sum_set(CoreEnv *env, FractionSum *sum, Natural num, Natural den, Natural shared)
{
	num = natural_copy(env, num);
	den = natural_copy(env, den);
	shared = natural_copy(env, shared);
	if (natural_bits(den) > FRACTION_MAX_BITS || natural_bits(num) > FRACTION_MAX_BITS)
		core_fail(env, CORE_TOO_LARGE);
	sum->num = num.limbs;
	sum->n_num = num.n;
	sum->den = den.limbs;
	sum->n_den = den.n;
	sum->shared = shared.limbs;
	sum->n_shared = shared.n;
}

/* One more finite term, of which the sum is or is not in lowest terms. */
static void
sum_add_long(CoreEnv *env, FractionSum *sum, Fraction term)
{
	FractionParts x,
				y;
	uint64_t	one = 1;
	Natural		shared = {sum->shared, sum->n_shared};
	Natural		g,
				times;

	fraction_split(&term, &y);
	if (sum->den == NULL)
	{
		fraction_split(&sum->value, &x);
		shared = natural_view(&one);
	}
	else
	{
		x.num = (Natural) {sum->num, sum->n_num};
		x.den = (Natural) {sum->den, sum->n_den};
	}
	if (natural_divides(env, x.den, y.den, &times))
	{
		y.num = natural_multiply(env, y.num, times);
		if (natural_compare(shared, x.den) != 0)
			shared = natural_lcm(env, shared, y.den);
		sum_set(env, sum, natural_add(env, x.num, y.num), x.den, shared);
		return;
	}
	g = natural_gcd(env, x.den, y.den);
	times = natural_divide(env, y.den, g);
	y.num = natural_multiply(env, y.num, natural_divide(env, x.den, g));
	sum_set(env, sum, natural_add(env, natural_multiply(env, x.num, times), y.num),
			natural_multiply(env, x.den, times), natural_lcm(env, shared, g));
}

void
fraction_sum_add(CoreEnv *env, FractionSum *sum, Fraction a, Fraction b)
{
	Fraction	term = fraction_multiply(env, a, b);

	if (fraction_is_zero(term) || fraction_is_infinite(sum->value))
		return;
	if (fraction_is_infinite(term))
		sum->value = term;
	else if (sum->den == NULL && (fraction_is_zero(sum->value) || (sum->value.big == NULL && term.big == NULL)))
		sum->value = fraction_add(env, sum->value, term);
	else
		sum_add_long(env, sum, term);
}

/* A prime that divides the greatest power in one denominator alone does not divide the numerator. */
Fraction
fraction_sum_value(CoreEnv *env, const FractionSum *sum)
{
	Natural		num = {sum->num, sum->n_num};
	Natural		den = {sum->den, sum->n_den};
	Natural		g;

	if (sum->den == NULL || fraction_is_infinite(sum->value))
		return sum->value;
	g = natural_gcd(env, num, (Natural) {sum->shared, sum->n_shared});
	return fraction_make(env, false, natural_divide(env, num, g), natural_divide(env, den, g));
}

/* compare two magnitudes, finite and not zero, of which one is long: by bits, then by cross products */
static int
fraction_compare_long(CoreEnv *env, const Fraction *a, const Fraction *b)
{
	FractionParts x,
				y;
	size_t		left,
				right;

	fraction_split(a, &x);
	fraction_split(b, &y);
	if (natural_compare(x.den, y.den) == 0)
		return natural_compare(x.num, y.num);

	/* a product of m and n bits has m + n - 1 or m + n */
	left = natural_bits(x.num) + natural_bits(y.den);
	right = natural_bits(y.num) + natural_bits(x.den);
	if (left >= right + 2)
		return 1;
	if (right >= left + 2)
		return -1;
	return natural_compare(natural_multiply(env, x.num, y.den),
						   natural_multiply(env, y.num, x.den));
}

int
fraction_compare(CoreEnv *env, Fraction a, Fraction b)
{
	int			order;

	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	if (a.big == NULL && b.big == NULL)
	{
		uint128		left = (uint128) a.num * b.den;
		uint128		right = (uint128) b.num * a.den;

		/* infinity is 1/0: against anything finite the products do compare right */
		order = left < right ? -1 : left > right;
	}
	else if (fraction_is_infinite(a) || fraction_is_infinite(b))
		order = fraction_is_infinite(a) ? 1 : -1;
	else if (fraction_is_zero(a) || fraction_is_zero(b))
		order = fraction_is_zero(b) ? 1 : -1;
	else
		order = fraction_compare_long(env, &a, &b);
	return a.negative ? -order : order;
}

Fraction
fraction_copy(CoreEnv *env, Fraction a)
{
	size_t		size;
	FractionLimbs *big;

	if (a.big == NULL)
		return a;
	size = sizeof(FractionLimbs) + ((size_t) a.big->n_num + a.big->n_den) * sizeof(uint64_t);
	big = env->allocate(env->arg, size);
	memcpy(big, a.big, size);
	a.big = big;
	return a;
}

size_t
fraction_bits(Fraction a)
{
	FractionParts x;
	size_t		num,
				den;

	fraction_split(&a, &x);
	num = natural_bits(x.num);
	den = natural_bits(x.den);
	return num > den ? num : den;
}
