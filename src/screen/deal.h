/*
 * deal.h
 *		A deal's facts and the rule book they are read under.
 */
#ifndef OUTBOUND_DEAL_H
#define OUTBOUND_DEAL_H

#include "fmgr.h"

#include "read/facts.h"
#include "screen/screening.h"

/* what all forms of screen(), explain() and questionnaire() take: a document or a row, a ruleset, a day */
typedef enum DealForm
{
	DEAL_JSONB,
	DEAL_TEXT,
	DEAL_RECORD
} DealForm;

/* reads a call's deal: its facts, the rule book that applies, and the day */
extern Facts *deal_argument(FunctionCallInfo fcinfo, DealForm form, const RuleBook **book, DateADT *day);

/* the book for a deal whose facts were read under another book of the same dictionary */
extern const RuleBook *deal_book(const char *ruleset, DateADT day, Facts *facts);

#endif							/* OUTBOUND_DEAL_H */
