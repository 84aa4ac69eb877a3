/*
 * above.h
 *		What stands above a party, and which readings can change an answer about it.
 */
#ifndef OUTBOUND_ABOVE_H
#define OUTBOUND_ABOVE_H

#include "screen/inquiry.h"

/* does a party leave open who holds it? */
extern bool is_open(Inquiry *inquiry, NodeId party);

/* is the party such a one, or anybody above it? answers are kept with the neighbourhood under the label */
extern bool somebody_above(Inquiry *inquiry, NodeId party, const char *label,
						   bool (*is_such) (Inquiry *inquiry, NodeId party));

/*
 * The choice of readings without the options that change nothing about this party, so that
 * answers are shared; NULL where each may.  The members of the second test are seeds of the
 * first, if there is one.
 */
extern ReadingChoice *without_immaterial(Inquiry *inquiry, const TestRow *row, const TestRow *second, NodeId party);

#endif							/* OUTBOUND_ABOVE_H */
