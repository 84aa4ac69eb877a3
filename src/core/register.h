/*
 * register.h
 *		The register of one entity for one measure: who may hold how much of it,
 *		and the least or largest amount that factors on its holders give.
 *
 * A register is the polytope {lower <= w <= upper, SUM w + rest = 1}.  A linear
 * function over it is extremal where mass is poured in order of the factors.
 */
#ifndef OUTBOUND_REGISTER_H
#define OUTBOUND_REGISTER_H

#include "arena.h"
#include "kernel.h"

typedef enum RegisterMass
{
	MASS_REST,					/* what the listed do not hold is somebody's: the rest */
	MASS_COMPLETE,				/* the listed hold everything */
	MASS_BOX					/* no completion sums to 100%: every share for itself */
} RegisterMass;

typedef struct Lot
{
	uint32_t	holder;			/* local number */
	uint32_t	link;			/* of the holder among the entity's links */
	Fraction	lower;
	Fraction	upper;
	bool		lower_open;
	bool		upper_open;
} Lot;

typedef struct Register
{
	uint32_t	n;
	Lot		   *lots;			/* by holder; none that is certainly zero */
	Lot		   *told;			/* with control_counts: the same lots with what is held; else NULL */
	Lot		   *counted;		/* ... with controlling links as the whole */
	uint8_t		mass;			/* RegisterMass */
	bool		exact;			/* every lot is one number */
	bool		open_ends;		/* some lot has an open end */
	bool		rest_is_anybodys;	/* open: the rest may be the seeds' */
	Fraction	slack;			/* 1 - SUM lower; 0 for MASS_BOX */
	Fraction	box_rest;		/* MASS_BOX with control_counts: what undisclosed holders may count for; else 0 */
} Register;

/*
 * The bound of SUM coefficient * w, coefficients by lot: the largest (upper) or the
 * least.  rest_counts: the rest has coefficient 1, else 0.  weights, if not NULL,
 * takes the w of every lot at which it is reached; *rest the rest's.
 */
extern Bound register_bound(CoreEnv *env, const Register *reg, const Bound *coefficients,
							bool upper, bool rest_counts, Fraction *weights, Fraction *rest);

/* does an amount pass the gate in this kind of bound? */
extern bool bound_passes(CoreEnv *env, const Bound *amount, Fraction threshold, bool strict_gate,
						 bool upper);

/* min(1, bound) */
extern Bound bound_capped(CoreEnv *env, Bound bound, bool upper);

/* the larger; on a tie the weaker claim of an upper and the stronger of a lower bound */
extern Bound bound_max(CoreEnv *env, Bound a, Bound b, bool upper);

#endif							/* OUTBOUND_REGISTER_H */
