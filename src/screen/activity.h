/*
 * activity.h
 *		What one activity is under the rule book: 850.217 and 850.224(a)-(k).
 */
#ifndef OUTBOUND_ACTIVITY_H
#define OUTBOUND_ACTIVITY_H

#include "read/facts.h"

typedef struct ActivityFinding
{
	const Provision *provision;
	Ternary		holds;
	uint8	   *missing;		/* one byte per fact of the dictionary, or NULL when nothing is missing */
} ActivityFinding;

typedef struct ActivityClass
{
	Outcome		at_least;		/* not_covered, notifiable or prohibited */
	Outcome		at_most;
	int			n_findings;		/* provisions of STAGE_ACTIVITY that apply and do not definitely fail, in the book's order */
	ActivityFinding *findings;
} ActivityClass;

/* every provision, with what is missing; the source may read facts as they are asked for */
extern ActivityClass activity_findings_from(const RuleBook *book, const ReadingChoice *choice,
											const FactSource *source);
extern ActivityClass activity_findings(const RuleBook *book, const ReadingChoice *choice, const Facts *facts);

/* the class alone, as fast as it goes: n_findings is 0 */
extern ActivityClass activity_class_from(const RuleBook *book, const ReadingChoice *choice,
										 const FactSource *source);

#endif							/* OUTBOUND_ACTIVITY_H */
