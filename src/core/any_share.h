/*
 * any_share.h
 *		Tests that any share meets, however small.
 */
#ifndef OUTBOUND_ANY_SHARE_H
#define OUTBOUND_ANY_SHARE_H

#include "links.h"

/* who is above the place that was asked about last */
typedef struct AnyShare
{
	bool		serves;			/* every share makes its holder a member, however small, and nothing else does */
	uint32_t	place;			/* or NO_NODE */
	Ternary    *above;			/* by node: by shares that are more than nothing; UNKNOWN: that may be */
	bool		anybody_may_be; /* undisclosed holders are above it */
} AnyShare;

extern AnyShare *any_share_create(CoreEnv *env, const Model *model);

/* is a root a member of a place?  UNKNOWN where that hangs on shares that may be nothing, or on more than shares */
extern Ternary any_share_status(CoreEnv *env, AnyShare *share, Search *search, const Model *model, uint32_t root, uint32_t place);

#endif							/* OUTBOUND_ANY_SHARE_H */
