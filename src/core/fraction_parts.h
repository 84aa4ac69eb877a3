/*
 * fraction_parts.h
 *		A fraction looked at as two natural numbers.
 */
#ifndef OUTBOUND_FRACTION_PARTS_H
#define OUTBOUND_FRACTION_PARTS_H

#include "core/fraction.h"
#include "core/natural.h"

/* small is room for the limbs of a 64-bit fraction, so a FractionParts must not be moved */
typedef struct FractionParts
{
	uint64_t	small[2];
	Natural		num;
	Natural		den;			/* zero for infinity */
} FractionParts;

static inline void
fraction_split(const Fraction *a, FractionParts *parts)
{
	if (a->big != NULL)
	{
		parts->num = (Natural) {a->big->limbs, a->big->n_num};
		parts->den = (Natural) {a->big->limbs + a->big->n_num, a->big->n_den};
		return;
	}
	parts->small[0] = a->num;
	parts->small[1] = a->den;
	parts->num = natural_view(&parts->small[0]);
	parts->den = natural_view(&parts->small[1]);
}

#endif							/* OUTBOUND_FRACTION_PARTS_H */
