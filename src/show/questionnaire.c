/*
 * questionnaire.c
 *		questionnaire(deal): what would have to be asked to settle the verdict.
 *
 * First the facts that screening.missing names, most decisive first; then the doubts about
 * the law that move the verdict; then, where the deal could be notifiable or prohibited,
 * the exceptions and exemptions that nobody has claimed and that could still hold.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "read/relations.h"
#include "screen/deal.h"
#include "screen/questions.h"
#include "screen/ranking.h"
#include "screen/screening.h"

PG_FUNCTION_INFO_V1(outbound_questionnaire_jsonb);
PG_FUNCTION_INFO_V1(outbound_questionnaire_text);
PG_FUNCTION_INFO_V1(outbound_questionnaire_record);

/* The questions for what is missing, most decisive first, in the dictionary's words. */
static void
put_missing(ReturnSetInfo *rsinfo, const RankedMissing *ranked, int n, int *step)
{
	Oid			types[1] = {TEXTARRAYOID};
	const char **names = palloc(mul_size(sizeof(char *), Max(n, 1)));
	Datum		values[1];
	int			result;

	for (int i = 0; i < n; i++)
		names[i] = ranked[i].name;
	values[0] = text_array(names, n);

	SPI_connect();
	result = SPI_execute_with_args(psprintf("SELECT m.fact, q.question, q.cite "
											"FROM pg_catalog.unnest($1) WITH ORDINALITY AS m (fact, place), "
											"LATERAL %s.missing_question(m.fact) AS q ORDER BY m.place",
											extension_schema()),
								   1, types, values, NULL, true, 0);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "reading the questions failed: %s", SPI_result_code_string(result));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum		row[4] = {Int32GetDatum(++*step)};
		bool		nulls[4] = {false};

		for (int c = 1; c < 4; c++)
			row[c] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, c, &nulls[c]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row, nulls);
	}
	SPI_finish();
}

/* The doubts about the law that move an undetermined verdict, each as a choice. */
static void
put_readings(ReturnSetInfo *rsinfo, const Screening *screening, int *step)
{
	Oid			types[1] = {TEXTARRAYOID};
	Datum		values[1] = {text_array(screening->readings, screening->n_readings)};
	int			result;

	SPI_connect();
	result = SPI_execute_with_args(psprintf("SELECT pg_catalog.format('Choose reading %%s: %%s', r.reading, r.question), r.cite "
											"FROM %s.reading AS r WHERE r.reading OPERATOR(pg_catalog.=) ANY ($1) "
											"ORDER BY r.reading COLLATE pg_catalog.\"C\"",
											extension_schema()),
								   1, types, values, NULL, true, 0);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "reading the readings failed: %s", SPI_result_code_string(result));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum		row[4] = {Int32GetDatum(++*step)};
		bool		nulls[4] = {false, true, false, false};

		for (int c = 2; c < 4; c++)
			row[c] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, c - 1, &nulls[c]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row, nulls);
	}
	SPI_finish();
}

/* The exceptions and exemptions that could still hold, each as a question. */
static void
put_unclaimed(ReturnSetInfo *rsinfo, const RuleBook *book, const bool *could, int *step)
{
	for (int i = 0; i < book->n_provisions; i++)
	{
		const Provision *provision = &book->provisions[i];
		Datum		row[4];
		bool		nulls[4] = {false, true, false, false};

		if (!could[i])
			continue;
		row[0] = Int32GetDatum(++*step);
		row[1] = (Datum) 0;
		row[2] = CStringGetTextDatum(psprintf("Does this apply? %s", provision->summary));
		row[3] = CStringGetTextDatum(provision->cite);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row, nulls);
	}
}

/* Screens the deal, then asks. */
static Datum
questionnaire(FunctionCallInfo fcinfo, DealForm form)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const RuleBook *book;
	Screening  *screening;
	Facts	   *facts;
	DateADT		day;
	int			step = 0;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	facts = deal_argument(fcinfo, form, &book, &day);
	screening = screen_deal(book, facts, day, false);
	if (screening->outcome == OUTCOME_UNDETERMINED)
	{
		int			n;
		RankedMissing *ranked = rank_missing(book, facts, day, &n);

		put_missing(rsinfo, ranked, n, &step);
		put_readings(rsinfo, screening, &step);
	}
	if (screening->at_most >= OUTCOME_NOTIFIABLE)
		put_unclaimed(rsinfo, book, could_be_claimed(book, facts, day), &step);
	return (Datum) 0;
}

/* questionnaire(deal jsonb, ruleset, as_of) */
Datum
outbound_questionnaire_jsonb(PG_FUNCTION_ARGS)
{
	return questionnaire(fcinfo, DEAL_JSONB);
}

/* questionnaire(deal text, ruleset, as_of) */
Datum
outbound_questionnaire_text(PG_FUNCTION_ARGS)
{
	return questionnaire(fcinfo, DEAL_TEXT);
}

/* questionnaire(deal record, ruleset, as_of) */
Datum
outbound_questionnaire_record(PG_FUNCTION_ARGS)
{
	return questionnaire(fcinfo, DEAL_RECORD);
}
