/*
 * ternary.h
 *		Kleene's strong three-valued logic.
 *
 * The order FALSE < UNKNOWN < TRUE makes AND the minimum and OR the maximum.
 */
#ifndef OUTBOUND_TERNARY_H
#define OUTBOUND_TERNARY_H

#include <stdbool.h>

typedef enum Ternary
{
	TERNARY_FALSE = -1,
	TERNARY_UNKNOWN = 0,
	TERNARY_TRUE = 1
} Ternary;

static inline Ternary
ternary_of(bool b)
{
	return b ? TERNARY_TRUE : TERNARY_FALSE;
}

static inline Ternary
ternary_not(Ternary a)
{
	return (Ternary) -(int) a;
}

static inline Ternary
ternary_and(Ternary a, Ternary b)
{
	return a < b ? a : b;
}

static inline Ternary
ternary_or(Ternary a, Ternary b)
{
	return a > b ? a : b;
}

#endif							/* OUTBOUND_TERNARY_H */
