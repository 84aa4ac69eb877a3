/*
 * counters.h
 *		How what an answer says of its parties was decided.
 */
#ifndef OUTBOUND_COUNTERS_H
#define OUTBOUND_COUNTERS_H

#include <stdint.h>

typedef struct EngineCounters
{
	uint64_t	integers;		/* parties decided by sums alone: nothing that flows in proportion could matter */
	uint64_t	enclosures;		/* ... by enclosures of what flows, rounded outward */
	uint64_t	exact;			/* ... in exact fractions */
	uint64_t	open;			/* left open: possible, within the budget */
	uint32_t	largest_ring;	/* parties of the largest ring that anything flowed round */
} EngineCounters;

static inline void
counters_add(EngineCounters *sum, const EngineCounters *more)
{
	sum->integers += more->integers;
	sum->enclosures += more->enclosures;
	sum->exact += more->exact;
	sum->open += more->open;
	if (more->largest_ring > sum->largest_ring)
		sum->largest_ring = more->largest_ring;
}

#endif							/* OUTBOUND_COUNTERS_H */
