/*
 * natural.h
 *		Natural numbers of any size on GMP's mpn layer, in the environment's memory.
 *
 * A Natural is a view of immutable limbs, least significant first, without leading
 * zero limbs; zero has none.  No GMP allocator is replaced and no mpz is used: an
 * operation writes into memory of env and returns a view of it.  Callers bound the
 * sizes of their operands (FRACTION_MAX_BITS).
 */
#ifndef OUTBOUND_NATURAL_H
#define OUTBOUND_NATURAL_H

#include "core/core.h"

typedef struct Natural
{
	const uint64_t *limbs;
	size_t		n;
} Natural;

/* a view of one limb, which must outlive it */
static inline Natural
natural_view(const uint64_t *limb)
{
	return (Natural) {limb, *limb != 0 ? 1 : 0};
}

static inline bool
natural_is_one(Natural a)
{
	return a.n == 1 && a.limbs[0] == 1;
}

/* number of bits, 0 for zero */
static inline size_t
natural_bits(Natural a)
{
	return a.n == 0 ? 0 : a.n * 64 - (size_t) __builtin_clzll(a.limbs[a.n - 1]);
}

/* the view without leading zero limbs */
static inline Natural
natural_trim(const uint64_t *limbs, size_t n)
{
	while (n > 0 && limbs[n - 1] == 0)
		n--;
	return (Natural) {limbs, n};
}

/* the same in memory of its own */
extern Natural natural_copy(CoreEnv *env, Natural a);

extern uint64_t natural_gcd_limb(uint64_t a, uint64_t b);
extern int	natural_compare(Natural a, Natural b);
extern Natural natural_add(CoreEnv *env, Natural a, Natural b);
extern Natural natural_subtract(CoreEnv *env, Natural a, Natural b);	/* a >= b */
extern Natural natural_multiply(CoreEnv *env, Natural a, Natural b);
extern Natural natural_gcd(CoreEnv *env, Natural a, Natural b);
extern Natural natural_divide(CoreEnv *env, Natural a, Natural b);	/* floor; b > 0 */
extern bool natural_divides(CoreEnv *env, Natural a, Natural b, Natural *quotient);	/* b > 0 divides a: a / b */
extern Natural natural_remainder(CoreEnv *env, Natural a, Natural b);	/* b > 0 */
extern Natural natural_lcm(CoreEnv *env, Natural a, Natural b);	/* both > 0 */

/*
 * The fraction num / den that is a modulo m, num of at most so many bits; den is the least
 * there is.  Unique if 2^(1 + bits of num + bits of den) < m.
 */
extern void natural_reconstruct(CoreEnv *env, Natural a, Natural m, size_t num_bits,
								Natural *num, Natural *den, bool *negative);
extern Natural natural_power_of_ten(CoreEnv *env, size_t exponent);

/* how often 2 and 5 divide a (over 0), and whether nothing else does */
extern bool natural_decimal_factors(CoreEnv *env, Natural a, size_t *twos, size_t *fives);

/* from and to decimal digits (ASCII, no sign); at least one digit */
extern Natural natural_from_digits(CoreEnv *env, const char *digits, size_t n);
extern char *natural_digits(CoreEnv *env, Natural a, size_t *n);

#endif							/* OUTBOUND_NATURAL_H */
