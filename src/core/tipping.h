/*
 * tipping.h
 *		The share of one stake at which a status flips, exact.
 *
 * The status never goes back as the stake grows, so there is one such share.  It is
 * found as the simplest fraction that the answers leave, and proved by two answers about
 * ranges: nothing below it has the status, everything above it has.
 */
#ifndef OUTBOUND_TIPPING_H
#define OUTBOUND_TIPPING_H

#include "fraction.h"

typedef enum TippingRange
{
	TIPPING_AT,					/* is the status there at this share? */
	TIPPING_BELOW,				/* can it be there for some share from 0 up to, not including, this one? */
	TIPPING_ABOVE				/* is it there for every share above this one, up to the limit? */
} TippingRange;

typedef bool (*TippingAnswer) (void *arg, TippingRange range, Fraction share);

typedef struct Tipping
{
	Fraction	at;
	bool		attained;		/* at least this share; else more than this share */
} Tipping;

/*
 * The tipping share in [0, limit], limit at most 1, at which the status is there and at 0
 * not.  False where no fraction of 62 bits could be proved.
 */
extern bool tipping_find(CoreEnv *env, Fraction limit, TippingAnswer answer, void *arg, Tipping *result);

#endif							/* OUTBOUND_TIPPING_H */
