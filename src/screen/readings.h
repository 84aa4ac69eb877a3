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

/* does an option of the reading change this ownership test? */
extern bool reading_changes_test(const RuleBook *book, int reading, const char *test);

/* an inquiry over the same neighbourhood with one reading's option changed, the others as chosen */
extern Inquiry *inquiry_under(const Inquiry *chosen, int reading, int option);

#endif							/* OUTBOUND_READINGS_H */
