/*
 * same_days.h
 *		One neighbourhood for all the days between which nothing that it holds changes.
 */
#ifndef OUTBOUND_SAME_DAYS_H
#define OUTBOUND_SAME_DAYS_H

#include "read/neighbourhood.h"

/*
 * The neighbourhood for a deal's day and rule book.  Where a statement asks about many
 * days it may have been loaded for another day, and under another book of the same
 * ruleset: one on which every row of the relations is valid alike and the same countries,
 * lists and tests count.
 */
extern Neighbourhood *neighbourhood_of_day(const RuleBook *book, DateADT as_of);

#endif							/* OUTBOUND_SAME_DAYS_H */
