/*
 * overlay.h
 *		The loaded part of the ownership graph with some interests told otherwise: what
 *		the same questions answer over it is what would be, and no table is written.
 */
#ifndef OUTBOUND_OVERLAY_H
#define OUTBOUND_OVERLAY_H

#include "postgres.h"

#include "screen/inquiry.h"

/*
 * An inquiry over a copy of what the given one has loaded, in its scratch memory and gone
 * with it; the same parties under the same numbers.  Nothing more is ever loaded into it.
 */
extern Inquiry *overlay_begin(Inquiry *inquiry);

/* one more lot of an interest; share is of no account for a role */
extern void overlay_add(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind, const ShareValue *share);

/* false if there is no such interest */
extern bool overlay_change(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind, const ShareValue *share);
extern bool overlay_remove(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind);

/* the holding of that kind, to be altered in place; NULL if there is none */
extern Holding *overlay_holding(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind);

#endif							/* OUTBOUND_OVERLAY_H */
