/*
 * settled.h
 *		Answers about ownership for deals: those that nothing above a party can change
 *		first, the others by the shortest way.
 */
#ifndef OUTBOUND_SETTLED_H
#define OUTBOUND_SETTLED_H

#include "screen/inquiry.h"

/* is some U.S. person a parent of the party, and it organized elsewhere? 850.206 */
extern Ternary has_us_parent(Inquiry *inquiry, NodeId party);

#endif							/* OUTBOUND_SETTLED_H */
