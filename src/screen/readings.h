/*
 * readings.h
 *		The verdict on a deal under another reading of the law.
 */
#ifndef OUTBOUND_READINGS_H
#define OUTBOUND_READINGS_H

#include "screen/verdict.h"

/* what a reading changes, as RESTS_ON_*; found once a book */
extern uint8 reading_changes(const RuleBook *book, int reading);

/* a deal as it was screened under the readings chosen */
typedef struct Alternatives
{
	Transaction *chosen;
	const Verdict *verdict;
	const ProvisionTrace *trace;
} Alternatives;

/* the verdict with one reading's option changed, the others as chosen */
extern Verdict verdict_under(const Alternatives *alternatives, int reading, int option);

/* does a change of this reading alone move the verdict? */
extern bool reading_moves(const Alternatives *alternatives, int reading);

#endif							/* OUTBOUND_READINGS_H */
