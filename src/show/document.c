/*
 * document.c
 *		deal_document(deal): a row of any table as the JSON document that screen() takes.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/datetime.h"

#include "enforce/determination.h"
#include "read/facts.h"
#include "read/rules.h"

PG_FUNCTION_INFO_V1(outbound_deal_document);

/* deal_document(deal record): the facts it carries, unknown ones null */
Datum
outbound_deal_document(PG_FUNCTION_ARGS)
{
	/* one dictionary serves every ruleset */
	const RuleBook *book = rule_book(NULL, GetSQLCurrentDate());

	PG_RETURN_JSONB_P(facts_to_jsonb(facts_from_record(book, FACTS_OF_DEAL, PG_GETARG_HEAPTUPLEHEADER(0))));
}
