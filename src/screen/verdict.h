/*
 * verdict.h
 *		The stages of the law as one deal answers them, and the verdict they give.
 */
#ifndef OUTBOUND_VERDICT_H
#define OUTBOUND_VERDICT_H

#include "screen/trace.h"
#include "screen/transaction.h"

/* the stages as the verdict sees them */
typedef enum Part
{
	PART_OUT_OF_SCOPE,
	PART_OWN_DUTY,				/* investor's own, or for a controlled foreign entity */
	PART_DIRECTING,
	PART_LIMB,
	PART_EXCEPTED,
	PART_EXEMPTED,
	PART_NOTIFIABLE,
	PART_PROHIBITED,
	N_PARTS
} Part;

typedef struct Verdict
{
	Ternary		parts[N_PARTS];
	bool		asked[N_PARTS]; /* else the verdict did not need it */
	Outcome		at_least;
	Outcome		at_most;
} Verdict;

/* which part of the verdict a provision feeds */
extern Part verdict_part(const Provision *provision);

/* evaluates every provision of the deal's stages, into the trace too if there is one */
extern Verdict verdict_evaluate(Transaction *transaction, ProvisionTrace *trace);

/* the same verdict, from no more parts than it needs: those that were not asked stay unknown */
extern Verdict verdict_decide(Transaction *transaction, ProvisionTrace *trace);

/* would knowing this part's value move either end? */
extern bool verdict_part_matters(const Verdict *verdict, Part part);

#endif							/* OUTBOUND_VERDICT_H */
