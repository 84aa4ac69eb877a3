/*
 * fraction_test.c
 *		Fractions against GMP's own rationals, and their edges.
 */
#include <gmp.h>

#include "core/fraction.h"
#include "core/natural.h"
#include "unit.h"

static Fraction
number(CoreEnv *env, const char *text)
{
	return fraction_parse(env, text, strlen(text));
}

static void
is_number(CoreEnv *env, Fraction got, const char *expected, const char *what)
{
	is_text(fraction_print(env, got), expected, what);
}

/* a rational of up to max_limbs, often short, often with common factors */
static void
random_rational(mpq_t q, gmp_randstate_t random, uint64_t *state, int max_bits)
{
	mp_bitcnt_t bits = 1 + unit_random(state) % (unit_random(state) % 2 ? 64 : (uint64_t) max_bits);

	mpz_rrandomb(mpq_numref(q), random, bits);
	mpz_rrandomb(mpq_denref(q), random, 1 + unit_random(state) % bits);
	if (unit_random(state) % 4 == 0)
		mpz_set_ui(mpq_denref(q), 1 + unit_random(state) % 6);
	if (mpz_sgn(mpq_denref(q)) == 0)
		mpz_set_ui(mpq_denref(q), 7);
	if (unit_random(state) % 3 == 0)
		mpq_neg(q, q);
	mpq_canonicalize(q);
}

static Fraction
of_rational(CoreEnv *env, mpq_t q)
{
	size_t		n_num = mpz_size(mpq_numref(q));
	Fraction	a = fraction_of_limbs(env, mpz_limbs_read(mpq_numref(q)), n_num,
									  mpz_limbs_read(mpq_denref(q)), mpz_size(mpq_denref(q)));

	a.negative = mpq_sgn(q) < 0;
	return a;
}

/* the same value in the same representation? */
static bool
same_as(CoreEnv *env, Fraction a, mpq_t q)
{
	Fraction	b = of_rational(env, q);

	if (a.negative != b.negative || (a.big == NULL) != (b.big == NULL))
		return false;
	if (a.big == NULL)
		return a.num == b.num && a.den == b.den;
	return a.big->n_num == b.big->n_num && a.big->n_den == b.big->n_den &&
		memcmp(a.big->limbs, b.big->limbs,
			   ((size_t) a.big->n_num + a.big->n_den) * sizeof(uint64_t)) == 0;
}

/* all operations on random operands agree with GMP's rationals */
static void
check_against_rationals(CoreEnv *env, int rounds, int max_bits)
{
	gmp_randstate_t random;
	uint64_t	state = (uint64_t) max_bits;
	mpq_t		p,
				q,
				r;
	int			bad[5] = {0};

	gmp_randinit_default(random);
	gmp_randseed_ui(random, (unsigned long) max_bits);
	mpq_inits(p, q, r, NULL);
	for (int i = 0; i < rounds; i++)
	{
		Fraction	a,
					b;
		int			order;

		random_rational(p, random, &state, max_bits);
		random_rational(q, random, &state, max_bits);
		if (i % 5 == 0)
		{
			mpz_set(mpq_denref(q), mpq_denref(p));
			mpq_canonicalize(q);
		}
		if (i % 7 == 0)
			mpq_neg(q, p);
		if (i % 11 == 0)
			mpq_set(q, p);
		if (i % 13 == 0)
			mpq_set_ui(i % 2 ? p : q, 0, 1);
		a = of_rational(env, p);
		b = of_rational(env, q);
		mpq_add(r, p, q);
		bad[0] += !same_as(env, fraction_add(env, a, b), r);
		mpq_sub(r, p, q);
		bad[1] += !same_as(env, fraction_subtract(env, a, b), r);
		mpq_mul(r, p, q);
		bad[2] += !same_as(env, fraction_multiply(env, a, b), r);
		if (mpq_sgn(q) != 0)
		{
			mpq_div(r, p, q);
			bad[3] += !same_as(env, fraction_divide(env, a, b), r);
		}
		order = fraction_compare(env, a, b);
		bad[4] += (order > 0) - (order < 0) != (mpq_cmp(p, q) > 0) - (mpq_cmp(p, q) < 0);
		bad[4] += env->status != CORE_OK;
		unit_reset(env);
	}
	ok(bad[0] == 0, "sums agree with GMP's rationals up to %d bits (%d differ)", max_bits, bad[0]);
	ok(bad[1] == 0, "differences agree up to %d bits (%d differ)", max_bits, bad[1]);
	ok(bad[2] == 0, "products agree up to %d bits (%d differ)", max_bits, bad[2]);
	ok(bad[3] == 0, "quotients agree up to %d bits (%d differ)", max_bits, bad[3]);
	ok(bad[4] == 0, "orders agree up to %d bits (%d differ)", max_bits, bad[4]);
	mpq_clears(p, q, r, NULL);
	gmp_randclear(random);
}

/* print, parse: the same representation */
static void
check_round_trip(CoreEnv *env, int rounds, int max_bits)
{
	gmp_randstate_t random;
	uint64_t	state = 3;
	mpq_t		p;
	int			bad = 0;

	gmp_randinit_default(random);
	mpq_init(p);
	for (int i = 0; i < rounds; i++)
	{
		char	   *text;

		random_rational(p, random, &state, max_bits);
		if (i % 3 == 0)
		{
			mpz_ui_pow_ui(mpq_denref(p), 10, unit_random(&state) % 60);
			mpq_canonicalize(p);
		}
		text = fraction_print(env, of_rational(env, p));
		bad += !same_as(env, number(env, text), p) || env->status != CORE_OK;
		unit_reset(env);
	}
	ok(bad == 0, "what is printed reads back, up to %d bits (%d differ)", max_bits, bad);
	mpq_clear(p);
	gmp_randclear(random);
}

static void
check_parse(CoreEnv *env)
{
	static const char *const good[][2] = {
		{"0", "0"}, {"-0", "0"}, {"0.51", "0.51"}, {"-12", "-12"}, {"1e25", "10000000000000000000000000"},
		{"1.5E-3", "0.0015"}, {"1/3", "1/3"}, {"2/6", "1/3"}, {".5", "0.5"}, {"0.5/1.5", "1/3"},
		{"18446744073709551615", "18446744073709551615"},
		{"18446744073709551616", "18446744073709551616"},
		{"9999999999999999999", "9999999999999999999"},
		{"18446744073709551616/36893488147419103232", "0.5"},
		{"007.50", "7.5"}, {"1e-5/1e-5", "1"}, {"0e4000", "0"}, {"-1/8", "-0.125"},
		{"0.0000000000000000000000000000001", "0.0000000000000000000000000000001"},
	};
	static const struct
	{
		const char *text;
		CoreStatus	status;
	}			bad[] = {
		{"", CORE_SYNTAX}, {"-", CORE_SYNTAX}, {"+1", CORE_SYNTAX}, {"1.", CORE_SYNTAX},
		{".", CORE_SYNTAX}, {"1 ", CORE_SYNTAX}, {"1/", CORE_SYNTAX}, {"1/-3", CORE_SYNTAX},
		{"1//3", CORE_SYNTAX}, {"1/3/5", CORE_SYNTAX}, {"1e", CORE_SYNTAX}, {"1e+", CORE_SYNTAX},
		{"1%", CORE_SYNTAX}, {"inf", CORE_SYNTAX}, {"1/0", CORE_DIVISION_BY_ZERO},
		{"0/0.0", CORE_DIVISION_BY_ZERO}, {"1e4097", CORE_TOO_LARGE}, {"1e4096", CORE_TOO_LARGE},
		{"1e-4097", CORE_TOO_LARGE}, {"1e99999999999999999999", CORE_TOO_LARGE},
	};
	char		digits[4200];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		is_number(env, number(env, good[i][0]), good[i][1], good[i][0]);
		ok(env->status == CORE_OK, "  without failure");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		number(env, bad[i].text);
		is_long(env->status, bad[i].status, bad[i].text);
		unit_reset(env);
	}
	memset(digits, '9', sizeof(digits));
	fraction_parse(env, digits, 4096);
	is_long(env->status, CORE_OK, "4096 digits");
	fraction_parse(env, digits, 4097);
	is_long(env->status, CORE_TOO_LARGE, "4097 digits");
	unit_reset(env);
	digits[0] = '0';
	digits[1] = '.';
	fraction_parse(env, digits, 4098);
	is_long(env->status, CORE_OK, "4096 places");
	fraction_parse(env, digits, 4099);
	is_long(env->status, CORE_TOO_LARGE, "4097 places");
	unit_reset(env);
}

static void
check_infinity(CoreEnv *env)
{
	Fraction	infinity = FRACTION_INFINITY;
	Fraction	two = fraction_of(env, 2, 1);
	Fraction	minus = fraction_of(env, -2, 1);
	Fraction	big = number(env, "1e30");

	is_number(env, fraction_add(env, infinity, minus), "infinity", "infinity and anything is infinity");
	is_number(env, fraction_multiply(env, infinity, two), "infinity", "infinity times a positive number");
	is_number(env, fraction_multiply(env, infinity, FRACTION_ZERO), "0", "nothing of infinity is nothing");
	is_number(env, fraction_divide(env, two, infinity), "0", "a number over infinity is nothing");
	is_number(env, fraction_divide(env, infinity, two), "infinity", "infinity over a number");
	is_number(env, fraction_subtract(env, infinity, two), "infinity", "infinity minus a number");
	ok(fraction_compare(env, infinity, infinity) == 0, "infinity equals infinity");
	ok(fraction_compare(env, infinity, big) > 0 && fraction_compare(env, big, infinity) < 0 &&
	   fraction_compare(env, infinity, two) > 0 && fraction_compare(env, FRACTION_ZERO, infinity) < 0 &&
	   fraction_compare(env, minus, infinity) < 0, "infinity is above everything finite");
	ok(env->status == CORE_OK, "none of it fails");
	fraction_subtract(env, infinity, infinity);
	is_long(env->status, CORE_OUT_OF_RANGE, "infinity minus infinity");
	unit_reset(env);
	fraction_subtract(env, two, infinity);
	is_long(env->status, CORE_OUT_OF_RANGE, "a number minus infinity");
	unit_reset(env);
	fraction_multiply(env, infinity, fraction_of(env, -1, 3));
	is_long(env->status, CORE_OUT_OF_RANGE, "infinity times a negative number");
	unit_reset(env);
	fraction_divide(env, infinity, infinity);
	is_long(env->status, CORE_OUT_OF_RANGE, "infinity over infinity");
	unit_reset(env);
	fraction_divide(env, two, FRACTION_ZERO);
	is_long(env->status, CORE_DIVISION_BY_ZERO, "a number over nothing");
	unit_reset(env);
}

static void
check_limits(CoreEnv *env)
{
	Fraction	a = fraction_of(env, INT64_MIN, 3);
	Fraction	power = fraction_of(env, 2, 1);
	Fraction	third = fraction_of(env, 1, 3);
	int			doublings = 0;

	is_number(env, a, "-9223372036854775808/3", "the smallest integer keeps its magnitude");
	is_number(env, fraction_of(env, INT64_MIN, INT64_MIN), "1", "and divides itself");
	for (; env->status == CORE_OK; doublings++)
		power = fraction_multiply(env, power, power);
	is_long(env->status, CORE_TOO_LARGE, "a number over the limit of bits is refused");
	is_long(doublings, 20, "at the limit");
	ok(fraction_is_zero(power), "and what is returned is harmless");
	unit_reset(env);
	power = fraction_of(env, 3, 1);
	for (int i = 0; i < 19; i++)
		power = fraction_multiply(env, power, power);
	ok(fraction_compare(env, power, fraction_add(env, power, third)) < 0, "long numbers compare");
	ok(((UnitMemory *) env->arg)->polls > 0, "long operations poll");
	ok(env->status == CORE_OK, "and do not fail");
	is_number(env, fraction_subtract(env, fraction_add(env, power, third), power), "1/3", "and cancel");
	a = fraction_copy(env, power);
	ok(a.big != power.big && fraction_compare(env, a, power) == 0, "a copy has limbs of its own");
	unit_reset(env);
}

static void
check_rounding(CoreEnv *env)
{
	is_text(fraction_print_rounded(env, number(env, "200/3"), 6), "66.666667", "two thirds in percent");
	is_text(fraction_print_rounded(env, number(env, "0.5"), 0), "1", "halves go up");
	is_text(fraction_print_rounded(env, number(env, "-0.5"), 0), "-1", "away from zero");
	is_text(fraction_print_rounded(env, number(env, "-0.4"), 0), "0", "without a negative zero");
	is_text(fraction_print_rounded(env, number(env, "0.0049"), 2), "0.00", "zeros are kept");
	is_text(fraction_print_rounded(env, number(env, "999.995"), 2), "1000.00", "carries");
	is_text(fraction_print_rounded(env, FRACTION_ZERO, 3), "0.000", "zero");
	ok(fraction_print_decimal(env, number(env, "1/3")) == NULL, "a third is no decimal");
	is_text(fraction_print_quotient(env, number(env, "0.5")), "1/2", "a decimal as a quotient");
}

/* A number of so many limbs, odd. */
static Natural
random_natural(CoreEnv *env, uint64_t *state, size_t n)
{
	uint64_t   *limbs = core_array(env, n, sizeof(uint64_t));

	for (size_t i = 0; i < n; i++)
		limbs[i] = unit_random(state);
	limbs[0] |= 1;
	limbs[n - 1] |= 1;
	return natural_trim(limbs, n);
}

static bool
same(Natural a, const mpz_t b)
{
	return a.n == mpz_size(b) && (a.n == 0 || mpn_cmp(a.limbs, mpz_limbs_read(b), a.n) == 0);
}

/* Divisors and quotients too long for one call, against GMP's own; the divisor is theirs, times something. */
static void
check_long_calls(CoreEnv *env)
{
	static const size_t sizes[][3] = {{6000, 5000, 3000}, {9000, 4000, 2100}, {5000, 4999, 1}, {16000, 15900, 4000}, {4200, 4200, 4199}, {12000, 2500, 2050}};
	uint64_t	state = 7;
	int			bad[2] = {0, 0};
	size_t		polls = ((UnitMemory *) env->arg)->polls;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
	{
		Natural		g = random_natural(env, &state, sizes[i][2]);
		Natural		a = natural_multiply(env, g, random_natural(env, &state, sizes[i][0] - sizes[i][2]));
		Natural		b = natural_multiply(env, g, random_natural(env, &state, sizes[i][1] - sizes[i][2] + 1));
		mpz_t		x,
					y,
					result;

		mpz_init(result);
		mpz_roinit_n(x, a.limbs, (mp_size_t) a.n);
		mpz_roinit_n(y, b.limbs, (mp_size_t) b.n);
		mpz_gcd(result, x, y);
		bad[0] += !same(natural_gcd(env, a, b), result);
		mpz_tdiv_q(result, x, y);
		bad[1] += !same(natural_divide(env, a, b), result);
		mpz_tdiv_r(result, x, y);
		bad[1] += !same(natural_remainder(env, a, b), result);
		mpz_clear(result);
	}
	ok(bad[0] == 0, "divisors of numbers too long for one call agree (%d differ)", bad[0]);
	ok(bad[1] == 0, "so do their quotients and remainders (%d differ)", bad[1]);
	ok(((UnitMemory *) env->arg)->polls > polls + 10000, "and polls come in between");
	unit_reset(env);
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);

	check_against_rationals(&env, 20000, 64);
	check_against_rationals(&env, 10000, 130);
	check_against_rationals(&env, 2000, 3000);
	check_against_rationals(&env, 20, 200000);
	check_round_trip(&env, 3000, 300);
	check_round_trip(&env, 100, 13000);
	check_parse(&env);
	check_infinity(&env);
	check_limits(&env);
	check_rounding(&env);
	check_long_calls(&env);
	unit_free(&env);
	return unit_done();
}
