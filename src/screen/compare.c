/*
 * compare.c
 *		under_all_readings(deal): the verdict under each option of each doubt that
 *		moves it.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "read/relations.h"
#include "read/relations_check.h"
#include "screen/deal.h"
#include "screen/questions.h"
#include "screen/screening.h"

PG_FUNCTION_INFO_V1(outbound_under_all_readings_jsonb);
PG_FUNCTION_INFO_V1(outbound_under_all_readings_text);
PG_FUNCTION_INFO_V1(outbound_under_all_readings_record);

/* Rows reading, option, chosen, outcome, at_least, at_most. */
static Datum
under_all_readings(FunctionCallInfo fcinfo, DealForm form)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			outcome = extension_type("outcome");
	const RuleBook *book;
	ReadingVerdict *verdicts;
	Facts	   *facts;
	DateADT		day;
	int			n;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	facts = deal_argument(fcinfo, form, &book, &day);
	verdicts = screen_under_readings(book, facts, day, &n);
	for (int i = 0; i < n; i++)
	{
		const ReadingVerdict *one = &verdicts[i];
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = CStringGetTextDatum(one->reading);
		values[1] = CStringGetTextDatum(one->option);
		values[2] = BoolGetDatum(one->chosen);
		values[3] = outcome_datum(outcome, one->outcome);
		values[4] = outcome_datum(outcome, one->at_least);
		values[5] = outcome_datum(outcome, one->at_most);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* under_all_readings(deal jsonb, ruleset, as_of) */
Datum
outbound_under_all_readings_jsonb(PG_FUNCTION_ARGS)
{
	return under_all_readings(fcinfo, DEAL_JSONB);
}

/* under_all_readings(deal text, ruleset, as_of) */
Datum
outbound_under_all_readings_text(PG_FUNCTION_ARGS)
{
	return under_all_readings(fcinfo, DEAL_TEXT);
}

/* under_all_readings(deal record, ruleset, as_of) */
Datum
outbound_under_all_readings_record(PG_FUNCTION_ARGS)
{
	return under_all_readings(fcinfo, DEAL_RECORD);
}
