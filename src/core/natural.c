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

/* note work on n limbs: polls sooner for longer operands */
static void
natural_charge(CoreEnv *env, size_t n)
{
	if (n >= POLL_LIMBS)
		env->poll(env->arg);
	else
		core_step(env);
}

static uint64_t *
natural_allocate(CoreEnv *env, size_t n)
{
	return core_array(env, n, sizeof(uint64_t));
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
	natural_charge(env, a.n);
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
	natural_charge(env, a.n);
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
	natural_charge(env, a.n);
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
	natural_charge(env, a.n);

	/* mpn_gcd destroys its operands, and wants them odd and the longer one first */
	x = natural_odd_part(env, a, &twos_a);
	y = natural_odd_part(env, b, &twos_b);
	if (x.n < y.n)
	{
		Natural		swap = x;

		x = y;
		y = swap;
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
	natural_charge(env, a.n);
	quotient = natural_allocate(env, a.n - b.n + 1);
	remainder = natural_allocate(env, b.n);
	mpn_tdiv_qr(quotient, remainder, 0, a.limbs, a.n, b.limbs, b.n);
	return natural_trim(quotient, a.n - b.n + 1);
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

	natural_charge(env, n / 19);
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
	natural_charge(env, a.n);
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
