/*
 * held.h
 *		Whom a party holds, for 850.209(a)(2).
 */
#ifndef OUTBOUND_HELD_H
#define OUTBOUND_HELD_H

#include "screen/inquiry.h"

/* a party that may do something, and that the holder holds, or (unknown) may hold */
typedef struct HeldParty
{
	NodeId		party;
	Ternary		held;
} HeldParty;

/* found once a neighbourhood, and kept with it */
extern uint32 held_parties(Inquiry *inquiry, NodeId holder, const HeldParty **parties);

#endif							/* OUTBOUND_HELD_H */
