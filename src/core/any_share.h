/*
 * any_share.h
 *		Tests that any share meets, however small.
 */
#ifndef OUTBOUND_ANY_SHARE_H
#define OUTBOUND_ANY_SHARE_H

#include "links.h"

/* does every share make its holder a member, however small, and nothing else? */
extern bool any_share_passes(const Model *model);

/* is a root a member of a place, then?  UNKNOWN where that hangs on shares that may be nothing */
extern Ternary any_share_status(CoreEnv *env, Search *search, const Model *model, uint32_t root, uint32_t place);

#endif							/* OUTBOUND_ANY_SHARE_H */
