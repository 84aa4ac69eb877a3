/*
 * cascade.h
 *		How far a root comes by members alone, where nobody else passes anything on.
 */
#ifndef OUTBOUND_CASCADE_H
#define OUTBOUND_CASCADE_H

#include "links.h"

/* sums by node and measure, of the nodes that the last question met */
typedef struct Cascade
{
	bool		serves;			/* can the test be asked so? */
	uint32_t   *met;			/* by node: the last question that met it */
	uint32_t	questions;
	uint64_t   *most;			/* [node * n_measures + measure]: what members may hold there at most, in units of 1 / ENDS_ONE */
	bool	   *member;			/* by node: possibly */
	uint32_t   *queue;
} Cascade;

extern Cascade *cascade_create(CoreEnv *env, const Model *model);

/*
 * May a root have anything in a place, or be a member of it?  Whom it may make members is not
 * underrated; so "no" is certain, and costs no more than what they hold.  Always yes where the test cannot be asked so.
 */
extern bool cascade_may_reach(CoreEnv *env, Cascade *cascade, const Model *model, uint32_t root, uint32_t place);

#endif							/* OUTBOUND_CASCADE_H */
