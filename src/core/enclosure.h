/*
 * enclosure.h
 *		Quick enclosures of what an exact run would find: doubles rounded outward, from
 *		below and from above.
 *
 * An enclosure only ever says "surely" or "surely not"; where it can say neither (a tie,
 * a ring that hardly loses anything, ranges) the exact run decides.  So no verdict
 * rests on floating point, and most need no long numbers.
 */
#ifndef OUTBOUND_ENCLOSURE_H
#define OUTBOUND_ENCLOSURE_H

#include "model.h"

typedef struct Enclosure Enclosure;

/* enclosures know gates and proportions; not tests whose members are read off at the end or whose control links count whole */
static inline bool
enclosure_serves(const OwnershipTest *test)
{
	return test->status_feeds_back && !test->reports && test->control_counts == CONTROL_AS_SHARE;
}

extern Enclosure *enclosure_create(CoreEnv *env, const Model *model);

/*
 * Encloses one root's (n_seeds = 1) or one pool's run over components in order; what was
 * said before is forgotten.
 */
extern void enclosure_run(Enclosure *enclosure, const uint32_t *seeds, uint32_t n_seeds,
						  const uint32_t *order, uint32_t n_order);

/* of the last run, at a node of its components: is it a member? */
extern Ternary enclosure_status(const Enclosure *enclosure, uint32_t local);

/* ... and how much it has of a measure */
extern void enclosure_amount(const Enclosure *enclosure, uint32_t local, int measure, double *lower, double *upper);

#endif							/* OUTBOUND_ENCLOSURE_H */
