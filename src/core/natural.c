/*
 * natural.c
 *		Natural numbers of any size on GMP's mpn layer.
 *
 * mpn functions work on plain arrays and never fail; the preconditions of each are
 * met here once: operand order, non-zero leading limbs, odd operands of a gcd,
 * operands that are destroyed.
 */
#include <string.h>

#include <gmp.h>

#include "core/natural.h"

_Static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NUMB_BITS == 64,
			   "limbs must have 64 bits");

#define FIVE_TO_27	UINT64_C(7450580596923828125)	/* the largest power of 5 in a limb */
#define POLL_LIMBS	64			/* an operation on more limbs polls each time */
#define CALL_LIMBS	2048		/* a gcd or quotient of more is taken in pieces: no call over 10 ms */

/* note work on n limbs: polls sooner for longer operands */
static void
natural_charge(CoreEnv *env, size_t n, uint64_t work)
{
	core_work(env, work);
	if (n >= POLL_LIMBS)
		env->poll(env->arg);
	else
		core_step(env);
}

/* work of a product of m and n limbs: quadratic, then less */
static uint64_t
product_work(size_t m, size_t n)
{
	size_t		shorter = m < n ? m : n;

	return (uint64_t) m * n / (1 + shorter / 256);
}

static uint64_t *
natural_allocate(CoreEnv *env, size_t n)
{
	return core_array(env, n, sizeof(uint64_t));
}

Natural
natural_copy(CoreEnv *env, Natural a)
{
	uint64_t   *limbs = natural_allocate(env, a.n);

	if (a.n > 0)
		memcpy(limbs, a.limbs, a.n * sizeof(uint64_t));
	return (Natural) {limbs, a.n};
}

/* greatest common divisor of two limbs; gcd(a, 0) is a */
uint64_t
natural_gcd_limb(uint64_t a, uint64_t b)
{
	int			shift;

	if (a == 0 || b == 0)
		return a | b;
	if (a == 1 || b == 1)
		return 1;
	shift = __builtin_ctzll(a | b);
	a >>= __builtin_ctzll(a);
	b >>= __builtin_ctzll(b);

	/* two odd numbers: the smaller one and their difference without its twos; no branch to mispredict */
	while (a != b)
	{
		uint64_t	difference = a > b ? a - b : b - a;

		a = a < b ? a : b;
		b = difference >> __builtin_ctzll(difference);
	}
	return a << shift;
}

int
natural_compare(Natural a, Natural b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	if (a.n == 0 || a.limbs == b.limbs)
		return 0;
	return mpn_cmp(a.limbs, b.limbs, a.n);
}

Natural
natural_add(CoreEnv *env, Natural a, Natural b)
{
	uint64_t   *sum;

	if (a.n < b.n)
	{
		Natural		swap = a;

		a = b;
		b = swap;
	}
	if (b.n == 0)
		return a;
	natural_charge(env, a.n, a.n);
	sum = natural_allocate(env, a.n + 1);
	sum[a.n] = mpn_add(sum, a.limbs, a.n, b.limbs, b.n);
	return natural_trim(sum, a.n + 1);
}

Natural
natural_subtract(CoreEnv *env, Natural a, Natural b)
{
	uint64_t   *difference;

	if (b.n == 0)
		return a;
	natural_charge(env, a.n, a.n);
	difference = natural_allocate(env, a.n);
	mpn_sub(difference, a.limbs, a.n, b.limbs, b.n);
	return natural_trim(difference, a.n);
}

Natural
natural_multiply(CoreEnv *env, Natural a, Natural b)
{
	uint64_t   *product;

	if (a.n < b.n)
	{
		Natural		swap = a;

		a = b;
		b = swap;
	}
	if (b.n == 0)
		return b;
	if (natural_is_one(b))
		return a;
	natural_charge(env, a.n, product_work(a.n, b.n));
	product = natural_allocate(env, a.n + b.n);
	mpn_mul(product, a.limbs, a.n, b.limbs, b.n);
	return natural_trim(product, a.n + b.n);
}

/* a / 2^twos in fresh memory, where twos is all the twos there are */
static Natural
natural_odd_part(CoreEnv *env, Natural a, size_t *twos)
{
	size_t		skip;
	uint64_t   *odd;

	*twos = mpn_scan1(a.limbs, 0);
	skip = *twos / 64;
	odd = natural_allocate(env, a.n - skip);
	if (*twos % 64 != 0)
		mpn_rshift(odd, a.limbs + skip, a.n - skip, *twos % 64);
	else
		memcpy(odd, a.limbs + skip, (a.n - skip) * sizeof(uint64_t));
	return natural_trim(odd, a.n - skip);
}

/* a * 2^shift */
static Natural
natural_shift_up(CoreEnv *env, Natural a, size_t shift)
{
	size_t		skip = shift / 64;
	uint64_t   *shifted = natural_allocate(env, a.n + skip + 1);

	memset(shifted, 0, skip * sizeof(uint64_t));
	shifted[a.n + skip] = 0;
	if (shift % 64 != 0)
		shifted[a.n + skip] = mpn_lshift(shifted + skip, a.limbs, a.n, shift % 64);
	else
		memcpy(shifted + skip, a.limbs, a.n * sizeof(uint64_t));
	return natural_trim(shifted, a.n + skip + 1);
}

/* remainder = a mod b, and the quotient of a.n - b.n + 1 limbs; a.n >= b.n > 0 */
static void
divide_limbs(CoreEnv *env, uint64_t *quotient, uint64_t *remainder, Natural a, Natural b)
{
	uint64_t   *part;
	uint64_t   *digits;
	size_t		left = a.n - b.n;

	natural_charge(env, a.n, 2 * product_work(a.n - b.n + 1, b.n));
	if (left < 2 * CALL_LIMBS || b.n <= CALL_LIMBS)
	{
		mpn_tdiv_qr(quotient, remainder, 0, a.limbs, a.n, b.limbs, b.n);
		return;
	}

	/* by hand, with digits of CALL_LIMBS limbs */
	part = natural_allocate(env, b.n + CALL_LIMBS);
	digits = natural_allocate(env, CALL_LIMBS + 1);
	mpn_tdiv_qr(quotient + left, remainder, 0, a.limbs + left, b.n, b.limbs, b.n);
	while (left > 0)
	{
		size_t		n = left < CALL_LIMBS ? left : CALL_LIMBS;

		env->poll(env->arg);
		left -= n;
		memcpy(part, a.limbs + left, n * sizeof(uint64_t));
		memcpy(part + n, remainder, b.n * sizeof(uint64_t));
		mpn_tdiv_qr(digits, remainder, 0, part, b.n + n, b.limbs, b.n);
		memcpy(quotient + left, digits, n * sizeof(uint64_t));
	}
}

/* The 64 bits of a that begin where the highest of so many bits would be. */
static uint64_t
window(Natural a, size_t bits)
{
	size_t		shift = bits - 64;
	size_t		limb = shift / 64;
	uint64_t	low = limb < a.n ? a.limbs[limb] : 0;
	uint64_t	high = limb + 1 < a.n ? a.limbs[limb + 1] : 0;

	return shift % 64 == 0 ? low : (low >> shift % 64) | (high << (64 - shift % 64));
}

/*
 * Cofactors of the steps of Euclid's algorithm that the leading bits tell (Lehmer): instead of
 * x and y go |a x - b y| and |c x - d y|.  False if they tell none.
 */
static bool
leading_steps(uint64_t x, uint64_t y, uint64_t *cofactors)
{
	uint64_t	a = 1,
				b = 0,
				c = 0,
				d = 1;

	while (y >> 33 != 0)
	{
		uint64_t	q = x / y;
		uint64_t	r = x - q * y;
		uint64_t	next_c = a + q * c;
		uint64_t	next_d = b + q * d;

		/* beyond, the bits that are not seen could matter */
		if (q >> 31 != 0 || next_d >> 31 != 0 || r >> 32 == 0)
			break;
		a = c;
		b = d;
		c = next_c;
		d = next_d;
		x = y;
		y = r;
	}
	cofactors[0] = a;
	cofactors[1] = b;
	cofactors[2] = c;
	cofactors[3] = d;
	return b != 0;
}

/* |a x - b y| of n limbs, to a place of n + 1 limbs. */
static Natural
cofactor_difference(uint64_t *to, uint64_t a, const uint64_t *x, uint64_t b, const uint64_t *y, size_t n)
{
	uint64_t	high = mpn_mul_1(to, x, n, a);

	high -= mpn_submul_1(to, y, n, b);
	if (high >> 63)
	{
		to[n] = high;
		mpn_neg(to, to, n + 1);
	}
	else
		to[n] = high;
	return natural_trim(to, n + 1);
}

/* Euclid's algorithm on numbers in memory of their own, until the smaller one is short; polls at each step. */
static void
shorten_pair(CoreEnv *env, Natural *x, Natural *y)
{
	size_t		room = x->n + 2;
	uint64_t   *area[4];
	uint64_t   *padded = natural_allocate(env, room);

	for (int i = 0; i < 4; i++)
		area[i] = natural_allocate(env, room);
	while (y->n > CALL_LIMBS && env->status == CORE_OK)
	{
		uint64_t	cofactors[4];
		uint64_t   *swap;
		size_t		bits = natural_bits(*x);
		Natural		next[2] = {*x, *y};

		env->poll(env->arg);
		core_work(env, 8 * x->n);
		if (leading_steps(window(*x, bits), window(*y, bits), cofactors))
		{
			memset(padded, 0, room * sizeof(uint64_t));
			memcpy(padded, y->limbs, y->n * sizeof(uint64_t));
			next[0] = cofactor_difference(area[0], cofactors[0], x->limbs, cofactors[1], padded, x->n);
			next[1] = cofactor_difference(area[1], cofactors[2], x->limbs, cofactors[3], padded, x->n);
		}
		/* whatever the cofactors, the divisors are the same; but the numbers must become less */
		if (natural_bits(next[0]) >= bits || natural_bits(next[1]) >= bits)
		{
			divide_limbs(env, padded, area[0], *x, *y);
			memcpy(area[1], y->limbs, y->n * sizeof(uint64_t));
			next[0] = (Natural) {area[1], y->n};
			next[1] = natural_trim(area[0], y->n);
		}
		*x = natural_compare(next[0], next[1]) >= 0 ? next[0] : next[1];
		*y = natural_compare(next[0], next[1]) >= 0 ? next[1] : next[0];
		swap = area[0], area[0] = area[2], area[2] = swap;
		swap = area[1], area[1] = area[3], area[3] = swap;
	}
}

Natural
natural_gcd(CoreEnv *env, Natural a, Natural b)
{
	size_t		twos_a,
				twos_b;
	Natural		x,
				y;
	uint64_t   *result;
	size_t		n;

	if (a.n < b.n)
	{
		Natural		swap = a;

		a = b;
		b = swap;
	}
	if (b.n == 0)
		return a;
	if (natural_is_one(b))
		return b;
	natural_charge(env, a.n, b.n > CALL_LIMBS ? a.n : 3 * (uint64_t) b.n * b.n + 2 * a.n);

	/* mpn_gcd destroys its operands, and wants them odd and the longer one first */
	x = natural_odd_part(env, a, &twos_a);
	y = natural_odd_part(env, b, &twos_b);
	if (x.n < y.n)
	{
		Natural		swap = x;

		x = y;
		y = swap;
	}
	if (y.n > CALL_LIMBS)
	{
		shorten_pair(env, &x, &y);
		if (y.n == 0)
			return natural_shift_up(env, x, twos_a < twos_b ? twos_a : twos_b);
		return natural_shift_up(env, natural_gcd(env, x, y), twos_a < twos_b ? twos_a : twos_b);
	}
	result = natural_allocate(env, y.n);
	if (y.n == 1)
	{
		result[0] = mpn_gcd_1(x.limbs, x.n, y.limbs[0]);
		n = 1;
	}
	else
		n = mpn_gcd(result, (uint64_t *) x.limbs, x.n, (uint64_t *) y.limbs, y.n);
	x = natural_trim(result, n);
	twos_a = twos_a < twos_b ? twos_a : twos_b;
	return twos_a == 0 ? x : natural_shift_up(env, x, twos_a);
}

Natural
natural_divide(CoreEnv *env, Natural a, Natural b)
{
	uint64_t   *quotient;
	uint64_t   *remainder;

	if (natural_is_one(b))
		return a;
	if (a.n < b.n)
		return (Natural) {NULL, 0};
	quotient = natural_allocate(env, a.n - b.n + 1);
	remainder = natural_allocate(env, b.n);
	divide_limbs(env, quotient, remainder, a, b);
	return natural_trim(quotient, a.n - b.n + 1);
}

bool
natural_divides(CoreEnv *env, Natural a, Natural b, Natural *quotient)
{
	uint64_t   *limbs;
	uint64_t   *remainder;

	if (a.n < b.n)
		return false;
	limbs = natural_allocate(env, a.n - b.n + 1);
	remainder = natural_allocate(env, b.n);
	divide_limbs(env, limbs, remainder, a, b);
	*quotient = natural_trim(limbs, a.n - b.n + 1);
	return natural_trim(remainder, b.n).n == 0;
}

Natural
natural_remainder(CoreEnv *env, Natural a, Natural b)
{
	uint64_t   *quotient;
	uint64_t   *remainder;

	if (natural_compare(a, b) < 0)
		return a;
	quotient = natural_allocate(env, a.n - b.n + 1);
	remainder = natural_allocate(env, b.n);
	divide_limbs(env, quotient, remainder, a, b);
	return natural_trim(remainder, b.n);
}

Natural
natural_lcm(CoreEnv *env, Natural a, Natural b)
{
	if (natural_compare(a, b) == 0)
		return a;
	return natural_multiply(env, natural_divide(env, a, natural_gcd(env, a, b)), b);
}

/* t += q * by, in place; t has room for the sum. */
static size_t
add_multiple(CoreEnv *env, uint64_t *t, size_t n, Natural q, const uint64_t *by, size_t n_by)
{
	Natural		product;

	if (q.n == 1 && n <= n_by)
	{
		memset(t + n, 0, (n_by - n) * sizeof(uint64_t));
		t[n_by] = mpn_addmul_1(t, by, n_by, q.limbs[0]);
		return n_by + (t[n_by] != 0);
	}
	product = natural_multiply(env, q, (Natural) {by, n_by});
	memset(t + n, 0, n < product.n ? (product.n - n) * sizeof(uint64_t) : 0);
	if (n < product.n)
		n = product.n;
	t[n] = mpn_add(t, t, n, product.limbs, product.n);
	return n + (t[n] != 0);
}

/* Euclid's algorithm until the remainder is short enough (Wang, SYMSAC 1981). */
void
natural_reconstruct(CoreEnv *env, Natural a, Natural m, size_t num_bits,
					Natural *num, Natural *den, bool *negative)
{
	uint64_t   *r0 = natural_allocate(env, m.n);
	uint64_t   *r1 = natural_allocate(env, m.n);
	uint64_t   *t0 = natural_allocate(env, 2 * m.n + 2);
	uint64_t   *t1 = natural_allocate(env, 2 * m.n + 2);
	uint64_t   *quotient = natural_allocate(env, m.n + 1);
	size_t		n0 = m.n;
	size_t		n1 = a.n;
	size_t		k0 = 0;
	size_t		k1 = 1;

	*negative = false;
	memcpy(r0, m.limbs, m.n * sizeof(uint64_t));
	if (n1 > 0)
		memcpy(r1, a.limbs, n1 * sizeof(uint64_t));
	t1[0] = 1;
	while (natural_bits((Natural) {r1, n1}) > num_bits && env->status == CORE_OK)
	{
		uint64_t   *swap;
		size_t		n_swap;
		Natural		q;

		natural_charge(env, n0, 4 * n0);
		mpn_tdiv_qr(quotient, r0, 0, r0, n0, r1, n1);
		q = natural_trim(quotient, n0 - n1 + 1);
		k0 = add_multiple(env, t0, k0, q, t1, k1);
		n0 = natural_trim(r0, n1).n;
		swap = r0, r0 = r1, r1 = swap;
		n_swap = n0, n0 = n1, n1 = n_swap;
		swap = t0, t0 = t1, t1 = swap;
		n_swap = k0, k0 = k1, k1 = n_swap;
		*negative = !*negative;
	}
	*num = (Natural) {r1, n1};
	*den = (Natural) {t1, k1};
}

/* 10^exponent = 5^exponent * 2^exponent; the exponent is bounded by the caller */
Natural
natural_power_of_ten(CoreEnv *env, size_t exponent)
{
	size_t		left = exponent;
	size_t		n = 1;
	uint64_t   *power = natural_allocate(env, exponent / 27 + 2);

	power[0] = 1;
	while (left > 0)
	{
		uint64_t	factor = FIVE_TO_27;
		uint64_t	carry;

		core_step(env);
		if (left < 27)
		{
			for (factor = 1; left > 0; left--)
				factor *= 5;
		}
		else
			left -= 27;
		carry = mpn_mul_1(power, power, n, factor);
		if (carry != 0)
			power[n++] = carry;
	}
	return natural_shift_up(env, natural_trim(power, n), exponent);
}

bool
natural_decimal_factors(CoreEnv *env, Natural a, size_t *twos, size_t *fives)
{
	Natural		odd = natural_odd_part(env, a, twos);
	uint64_t   *rest = (uint64_t *) odd.limbs;
	size_t		n = odd.n;
	uint64_t	last;

	*fives = 0;
	while (n > 1)
	{
		core_step(env);
		if (mpn_mod_1(rest, n, FIVE_TO_27) != 0)
			return false;		/* over 64 bits left, of which fewer than 27 fives */
		mpn_divrem_1(rest, 0, rest, n, FIVE_TO_27);
		*fives += 27;
		while (n > 0 && rest[n - 1] == 0)
			n--;
	}
	for (last = rest[0]; last % 5 == 0; last /= 5)
		(*fives)++;
	return last == 1;
}

Natural
natural_from_digits(CoreEnv *env, const char *digits, size_t n)
{
	unsigned char *values = core_array(env, n, 1);
	uint64_t   *limbs = natural_allocate(env, n / 19 + 2);

	natural_charge(env, n / 19, n);
	for (size_t i = 0; i < n; i++)
		values[i] = (unsigned char) (digits[i] - '0');
	return natural_trim(limbs, mpn_set_str(limbs, values, n, 10));
}

char *
natural_digits(CoreEnv *env, Natural a, size_t *n)
{
	char	   *digits = core_array(env, a.n * 20 + 2, 1);
	uint64_t   *limbs;
	size_t		length;
	size_t		zeros = 0;

	if (a.n == 0)
	{
		*n = 1;
		return strcpy(digits, "0");
	}
	natural_charge(env, a.n, a.n);
	limbs = natural_allocate(env, a.n + 1);
	memcpy(limbs, a.limbs, a.n * sizeof(uint64_t));
	length = mpn_get_str((unsigned char *) digits, 10, limbs, a.n);
	while (zeros + 1 < length && digits[zeros] == 0)
		zeros++;
	for (size_t i = zeros; i < length; i++)
		digits[i - zeros] = (char) (digits[i] + '0');
	*n = length - zeros;
	digits[*n] = '\0';
	return digits;
}
