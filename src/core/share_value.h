/*
 * share_value.h
 *		A share: an exact fraction, or an interval of fractions with open or
 *		closed ends where only a range is known.
 *
 * Never negative; may exceed one (dirty data, sums); the upper end may be
 * infinite.  Invariant: lower < upper, or lower = upper with both ends closed.
 */
#ifndef OUTBOUND_SHARE_VALUE_H
#define OUTBOUND_SHARE_VALUE_H

#include "fraction.h"
#include "ternary.h"

typedef struct ShareValue
{
	Fraction	lower;
	Fraction	upper;
	bool		lower_open;		/* the lower end itself is excluded */
	bool		upper_open;
} ShareValue;

extern ShareValue share_value_exact(Fraction a);
extern ShareValue share_value_unknown(void);	/* [0,100%] */
extern bool share_value_is_exact(const ShareValue *a);
extern ShareValue share_value_add(CoreEnv *env, const ShareValue *a, const ShareValue *b);

/* lower end (closed before open), then upper end (open before closed) */
extern int	share_value_compare(CoreEnv *env, const ShareValue *a, const ShareValue *b);

/* is the share more than / at least the (exact or ranged) threshold? */
extern Ternary share_value_exceeds(CoreEnv *env, const ShareValue *a, const ShareValue *threshold);
extern Ternary share_value_at_least(CoreEnv *env, const ShareValue *a, const ShareValue *threshold);

/*
 * Text form, product documentation "share": 51%, 0.51, 1/3, (25%,50%], >50%, unknown.
 * On failure env->status is set and *error_at is the offset of the offending character.
 * CORE_OUT_OF_RANGE stands for three faults, told apart by the character there: a digit
 * (a bare integer over 0, which the caller hints at), '-' (negative), else nothing is in
 * the interval.
 */
extern ShareValue share_value_parse(CoreEnv *env, const char *text, size_t *error_at);
extern char *share_value_print(CoreEnv *env, const ShareValue *a);

/* does its text stay within the digits that may be read back? */
extern bool share_value_fits(CoreEnv *env, const ShareValue *a);

#endif							/* OUTBOUND_SHARE_VALUE_H */
