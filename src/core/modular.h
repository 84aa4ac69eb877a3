/*
 * modular.h
 *		Sparse linear systems modulo a prime of 62 bits.
 *
 * diagonal_i y_i = b_i + SUM over row i of weight * y_column.  Factored once, in an
 * order that depends on where the entries stand alone, then solved for any number of
 * right-hand sides.
 */
#ifndef OUTBOUND_MODULAR_H
#define OUTBOUND_MODULAR_H

#include "core.h"

/* numbers below p; a factor is kept times 2^64, so that factor by plain number gives a plain number */
typedef struct Modulus
{
	uint64_t	p;				/* odd */
	uint64_t	inverse;		/* of p, modulo 2^64 */
	uint64_t	square;			/* 2^128 modulo p */
} Modulus;

typedef struct ModularEntry
{
	uint32_t	column;
	uint64_t	weight;			/* a factor */
} ModularEntry;

typedef struct ModularRow
{
	uint32_t	n;
	uint32_t	max;
	ModularEntry *entries;		/* a column at most once, never the row itself */
	uint64_t	diagonal;		/* a factor; once eliminated its inverse */
	uint32_t	n_below;
	ModularEntry *below;		/* what elimination added of this row to others: column is theirs */
} ModularRow;

typedef struct ModularSystem
{
	Modulus		modulus;
	uint32_t	n;
	ModularRow *rows;
	uint32_t   *order;			/* of elimination */
} ModularSystem;

/* the largest prime below 2^62, and the next one below a prime */
extern Modulus modulus_first(void);
extern Modulus modulus_next(CoreEnv *env, const Modulus *m);

/* a * b / 2^64 modulo p, a * b below 2^64 p */
static inline uint64_t
modular_multiply(const Modulus *m, uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128) a * b;
	uint64_t	quotient = (uint64_t) product * m->inverse;
	uint64_t	high = (uint64_t) (product >> 64);
	uint64_t	subtract = (uint64_t) (((unsigned __int128) quotient * m->p) >> 64);

	return high >= subtract ? high - subtract : high - subtract + m->p;
}

static inline uint64_t
modular_add(const Modulus *m, uint64_t a, uint64_t b)
{
	uint64_t	sum = a + b;

	return sum >= m->p ? sum - m->p : sum;
}

/* the factor of a plain number below 2^64 */
static inline uint64_t
modular_factor(const Modulus *m, uint64_t a)
{
	return modular_multiply(m, a % m->p, m->square);
}

/*
 * Eliminates; gives the place in the order of the first pivot that is 0, or n if none is.
 * Rows and entries are used up.
 */
extern uint32_t modular_eliminate(CoreEnv *env, ModularSystem *system);

/* b, plain numbers, becomes the solution */
extern void modular_solve(CoreEnv *env, const ModularSystem *system, uint64_t *b);

#endif							/* OUTBOUND_MODULAR_H */
