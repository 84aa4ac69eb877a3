/*
 * fraction.h
 *		Exact rational numbers of any size, and plus infinity.
 *
 * A Fraction is a value: copy it freely.  While numerator and denominator fit
 * in 64 bits they live in the struct; beyond that they are immutable limbs in
 * the environment's memory (GMP's mpn layer works on them; no GMP allocator is
 * ever involved).  Always in lowest terms, so equal values are equal
 * representations.
 */
#ifndef OUTBOUND_FRACTION_H
#define OUTBOUND_FRACTION_H

#include "core.h"

#define FRACTION_MAX_BITS	(1 << 20)	/* of a numerator or denominator */
#define FRACTION_MAX_DIGITS 4096	/* of a decimal that is read */

typedef struct FractionLimbs
{
	uint32_t	n_num;			/* limbs of the numerator, then of the denominator */
	uint32_t	n_den;
	uint64_t	limbs[];		/* least significant first, no leading zero limb */
} FractionLimbs;

typedef struct Fraction
{
	uint64_t	num;			/* when big is NULL; infinity is 1/0 */
	uint64_t	den;
	const FractionLimbs *big;
	bool		negative;		/* never of zero */
} Fraction;

#define FRACTION_ZERO		((Fraction) {0, 1, NULL, false})
#define FRACTION_ONE		((Fraction) {1, 1, NULL, false})
#define FRACTION_INFINITY	((Fraction) {1, 0, NULL, false})

static inline bool
fraction_is_zero(Fraction a)
{
	return a.big == NULL && a.num == 0;
}

static inline bool
fraction_is_infinite(Fraction a)
{
	return a.big == NULL && a.den == 0;
}

extern Fraction fraction_of(CoreEnv *env, int64_t num, int64_t den);
extern Fraction fraction_add(CoreEnv *env, Fraction a, Fraction b);
extern Fraction fraction_subtract(CoreEnv *env, Fraction a, Fraction b);
extern Fraction fraction_multiply(CoreEnv *env, Fraction a, Fraction b);
extern Fraction fraction_divide(CoreEnv *env, Fraction a, Fraction b);

/*
 * A sum of products of fractions that are not negative.  A long one is brought to lowest
 * terms once, when it is asked for.
 */
typedef struct FractionSum
{
	Fraction	value;			/* the sum until two terms of which one is long come together, or infinity */
	const uint64_t *num;		/* then its parts, in the environment's memory */
	const uint64_t *den;		/* NULL before */
	const uint64_t *shared;		/* what divides the denominators of several terms: all that they can have in common */
	size_t		n_num;
	size_t		n_den;
	size_t		n_shared;
} FractionSum;

#define FRACTION_SUM_ZERO	((FractionSum) {FRACTION_ZERO, NULL, NULL, NULL, 0, 0, 0})

extern void fraction_sum_add(CoreEnv *env, FractionSum *sum, Fraction a, Fraction b);
extern Fraction fraction_sum_value(CoreEnv *env, const FractionSum *sum);

/* <0, 0, >0; never fails; infinity is above everything finite, equal to itself */
extern int	fraction_compare(CoreEnv *env, Fraction a, Fraction b);

/* the same value with its limbs in env's memory: keeps a result when scratch memory goes */
extern Fraction fraction_copy(CoreEnv *env, Fraction a);

/*
 * Decimal ("0.51", "-12", "1e25", "1.5E-3") or quotient of decimals ("1/3"), no
 * spaces inside, no percent sign; CORE_SYNTAX otherwise, CORE_TOO_LARGE over 4096 digits
 * (an exponent counts with the digits it stands for).
 */
extern Fraction fraction_parse(CoreEnv *env, const char *text, size_t length);

/*
 * The shortest text that fraction_parse reads back: a decimal where it terminates, else
 * "num/den"; "infinity".  NUL-terminated in env's memory.
 */
extern char *fraction_print(CoreEnv *env, Fraction a);

/* "num/den", also where a decimal would do; a finite value */
extern char *fraction_print_quotient(CoreEnv *env, Fraction a);

/* the decimal alone; NULL where it does not terminate or has over FRACTION_MAX_DIGITS digits */
extern char *fraction_print_decimal(CoreEnv *env, Fraction a);

/* a finite value with exactly so many decimal places (at most 4096), halves away from zero */
extern char *fraction_print_rounded(CoreEnv *env, Fraction a, int places);

/* num / den in lowest terms, limbs least significant first; den over 0 */
extern Fraction fraction_of_limbs(CoreEnv *env, const uint64_t *num, size_t n_num,
								  const uint64_t *den, size_t n_den);

/* bits of the longer of numerator and denominator */
extern size_t fraction_bits(Fraction a);

#endif							/* OUTBOUND_FRACTION_H */
