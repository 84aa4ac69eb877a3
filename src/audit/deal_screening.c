/*
 * deal_screening.c
 *		The book with its verdicts, as a view.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "audit/book.h"
#include "read/relations.h"

PG_FUNCTION_INFO_V1(outbound_deal_screening);

#define N_OWN_COLUMNS 6			/* of the deal itself, its key first */

/* Stores a deal's own columns and its verdict. */
static void
put_deal(void *arg, const BookDeal *deal)
{
	ReturnSetInfo *rsinfo = arg;
	Datum		values[N_OWN_COLUMNS + N_SCREENING_COLUMNS] = {0};
	bool		nulls[N_OWN_COLUMNS + N_SCREENING_COLUMNS] = {false};

	book_warn(deal);
	nulls[0] = deal->id == NULL;
	if (deal->id != NULL)
		values[0] = CStringGetTextDatum(deal->id);
	for (int i = 1; i < N_OWN_COLUMNS; i++)
		values[i] = book_column(deal, i, &nulls[i]);
	screening_values(deal->screening, values + N_OWN_COLUMNS, nulls + N_OWN_COLUMNS);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* deal_screening(ruleset): every row of relation deal with its verdict, read as the caller */
Datum
outbound_deal_screening(PG_FUNCTION_ARGS)
{
	const SourceRelation *r = &source_schema(true)->relations[SOURCE_DEAL];
	const char *asked = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	const char *ruleset = asked == NULL ? NULL : rule_ruleset(asked, GetSQLCurrentDate());

	InitMaterializedSRF(fcinfo, 0);
	book_walk(ruleset, psprintf("%s, %s, %s, %s, %s",
								source_column(r, "d", "investor", "text"), source_column(r, "d", "target", "text"),
								source_column(r, "d", "transaction_type", "text"),
								source_column(r, "d", "completion_date", "date"),
								source_column(r, "d", "amount_usd", "numeric")),
			  put_deal, fcinfo->resultinfo);
	return (Datum) 0;
}
