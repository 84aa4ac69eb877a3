/*
 * screen_sql.c
 *		screen() and explain() as SQL.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "read/relations.h"
#include "read/relations_check.h"
#include "screen/deal.h"
#include "screen/questions.h"
#include "screen/screening.h"

PG_FUNCTION_INFO_V1(outbound_screen_jsonb);
PG_FUNCTION_INFO_V1(outbound_screen_text);
PG_FUNCTION_INFO_V1(outbound_screen_record);
PG_FUNCTION_INFO_V1(outbound_explain_jsonb);
PG_FUNCTION_INFO_V1(outbound_explain_text);
PG_FUNCTION_INFO_V1(outbound_explain_record);

Datum
outcome_datum(Oid type, Outcome outcome)
{
	HeapTuple	tuple = SearchSysCache2(ENUMTYPOIDNAME, ObjectIdGetDatum(type),
										CStringGetDatum(outcome_name(outcome)));
	Oid			label;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "outcome \"%s\" is missing from its enum", outcome_name(outcome));
	label = ((Form_pg_enum) GETSTRUCT(tuple))->oid;
	ReleaseSysCache(tuple);
	return ObjectIdGetDatum(label);
}

void
screening_values(const Screening *s, Datum *values, bool *nulls)
{
	Oid			outcome = extension_type("outcome");

	memset(nulls, false, N_SCREENING_COLUMNS);
	values[0] = outcome_datum(outcome, s->outcome);
	values[1] = outcome_datum(outcome, s->at_least);
	values[2] = outcome_datum(outcome, s->at_most);
	set_text(values, nulls, 3, s->obligation);
	set_text(values, nulls, 4, s->limb);
	values[5] = text_array(s->provisions, s->n_provisions);
	values[6] = text_array(s->missing, s->n_missing);
	values[7] = text_array(s->readings, s->n_readings);
	values[8] = DateADTGetDatum(s->notify_by);
	nulls[8] = !s->has_notify_by;
	values[9] = DateADTGetDatum(s->retain_until);
	nulls[9] = !s->has_retain_until;
	set_text(values, nulls, 10, s->ruleset);
}

Datum
screening_datum(const Screening *screening)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(extension_type("screening"), -1);
	Datum		values[N_SCREENING_COLUMNS] = {0};
	bool		nulls[N_SCREENING_COLUMNS];
	Datum		result;

	screening_values(screening, values, nulls);
	result = HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
	ReleaseTupleDesc(desc);
	return result;
}

/*
 * Reads the deal.  Its completion date decides which ruleset is in force, and the
 * dictionary that reads it is the same for all, so it is read first.
 */
Facts *
deal_argument(FunctionCallInfo fcinfo, DealForm form, const RuleBook **used, DateADT *day)
{
	char	   *ruleset = PG_NARGS() > 1 && !PG_ARGISNULL(1) ? text_to_cstring(PG_GETARG_TEXT_PP(1)) : NULL;
	bool		has_as_of = PG_NARGS() > 2 && !PG_ARGISNULL(2);
	DateADT		as_of = has_as_of ? PG_GETARG_DATEADT(2) : 0;
	const RuleBook *book = rule_book(ruleset, has_as_of ? as_of : GetSQLCurrentDate());
	Facts	   *facts;

	if (form == DEAL_RECORD)
		facts = facts_from_record(book, FACTS_OF_DEAL, PG_GETARG_HEAPTUPLEHEADER(0));
	else if (form == DEAL_JSONB)
		facts = facts_from_jsonb(book, FACTS_OF_DEAL, PG_GETARG_JSONB_P(0));
	else
		facts = facts_from_jsonb(book, FACTS_OF_DEAL,
								 DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text_to_cstring(PG_GETARG_TEXT_PP(0))))));
	*day = screening_date(facts, has_as_of, as_of);
	*used = deal_book(ruleset, *day, facts);
	return facts;
}

Screening *
screen_argument(FunctionCallInfo fcinfo, DealForm form, bool want_steps, const RuleBook **used)
{
	DateADT		day;
	Facts	   *facts = deal_argument(fcinfo, form, used, &day);

	return screen_deal(*used, facts, day, want_steps);
}

const RuleBook *
deal_book(const char *ruleset, DateADT day, Facts *facts)
{
	const RuleBook *book = rule_book(ruleset, day);

	/* one dictionary serves every ruleset: facts keep their numbers */
	facts->dictionary = &book->dictionary;
	return book;
}

static Datum
screen_any(FunctionCallInfo fcinfo, DealForm form)
{
	const RuleBook *book;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return screening_datum(screen_argument(fcinfo, form, false, &book));
}

/* screen(deal jsonb, ruleset, as_of) */
Datum
outbound_screen_jsonb(PG_FUNCTION_ARGS)
{
	return screen_any(fcinfo, DEAL_JSONB);
}

/* screen(deal text, ruleset, as_of): a JSON document */
Datum
outbound_screen_text(PG_FUNCTION_ARGS)
{
	return screen_any(fcinfo, DEAL_TEXT);
}

/* screen(deal record, ruleset, as_of): any row, by column name */
Datum
outbound_screen_record(PG_FUNCTION_ARGS)
{
	return screen_any(fcinfo, DEAL_RECORD);
}

/* The dictionary's own words and cite for a derived fact. */
static void
step_words(const char *fact, Datum *values, bool *nulls)
{
	Oid			types[1] = {TEXTOID};
	Datum		arguments[1] = {CStringGetTextDatum(fact)};
	MemoryContext caller = CurrentMemoryContext;
	int			result;

	SPI_connect();
	result = SPI_execute_with_args(psprintf("SELECT question, cite FROM %s.fact WHERE fact OPERATOR(pg_catalog.=) $1",
											extension_schema()),
								   1, types, arguments, NULL, true, 1);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "reading the dictionary failed: %s", SPI_result_code_string(result));
	if (SPI_processed == 1)
		for (int i = 0; i < 2; i++)
		{
			char	   *words = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1);
			MemoryContext old = MemoryContextSwitchTo(caller);

			if (words != NULL)
				set_text(values, nulls, 2 + 2 * i, words);
			MemoryContextSwitchTo(old);
		}
	SPI_finish();
}

/* The steps of a verdict as rows: step, fact, question, answer, cite, because, evidence. */
static Datum
explain_any(FunctionCallInfo fcinfo, DealForm form)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const RuleBook *book;
	Screening  *screening;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	screening = screen_argument(fcinfo, form, true, &book);
	for (int i = 0; i < screening->n_steps; i++)
	{
		const ScreenStep *step = &screening->steps[i];
		Datum		values[7] = {0};
		bool		nulls[7] = {false};

		values[0] = Int32GetDatum(i + 1);
		set_text(values, nulls, 1, step->fact);
		set_text(values, nulls, 2, step->question);
		set_text(values, nulls, 3, step->answer);
		set_text(values, nulls, 4, step->cite);
		set_text(values, nulls, 5, step->because);
		set_text(values, nulls, 6, step->evidence);
		if (step->fact != NULL)
			step_words(step->fact, values, nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
outbound_explain_jsonb(PG_FUNCTION_ARGS)
{
	return explain_any(fcinfo, DEAL_JSONB);
}

Datum
outbound_explain_text(PG_FUNCTION_ARGS)
{
	return explain_any(fcinfo, DEAL_TEXT);
}

Datum
outbound_explain_record(PG_FUNCTION_ARGS)
{
	return explain_any(fcinfo, DEAL_RECORD);
}
