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
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "read/relations.h"
#include "read/relations_check.h"
#include "read/same_days.h"
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

/* Screens a call's deal; *used receives the rule book it was screened under. */
static Screening *
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

/*
 * The last verdict.  (screen(d)).* calls screen() once a column, each time with the same
 * row; the verdict stands while rules, relations and user are what they were, which the
 * neighbourhood stands for.
 */
static struct
{
	Neighbourhood *nb;			/* NULL: there is none */
	const RuleBook *book;
	uint64		book_id;
	DateADT		day;
	DateADT		today;
	DealForm	form;
	char	   *asked;			/* deal, ruleset and day as they were given */
	Size		length;
	Datum		verdict;
	MemoryContextCallback forget;
}			last;

static void
forget_last(void *arg)
{
	last.nb = NULL;
}

/* All arguments of a call one after the other, in the current context. */
static char *
arguments_as_bytes(FunctionCallInfo fcinfo, DealForm form, Size *length)
{
	struct varlena *deal = form == DEAL_RECORD ? (struct varlena *) PG_GETARG_HEAPTUPLEHEADER(0) :
		(struct varlena *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	text	   *ruleset = PG_NARGS() > 1 && !PG_ARGISNULL(1) ? PG_GETARG_TEXT_PP(1) : NULL;
	bool		has_as_of = PG_NARGS() > 2 && !PG_ARGISNULL(2);
	DateADT		as_of = has_as_of ? PG_GETARG_DATEADT(2) : 0;
	StringInfoData bytes;

	initStringInfo(&bytes);
	appendBinaryStringInfo(&bytes, (char *) &has_as_of, sizeof(has_as_of));
	appendBinaryStringInfo(&bytes, (char *) &as_of, sizeof(as_of));
	appendStringInfoChar(&bytes, ruleset != NULL);
	if (ruleset != NULL)
	{
		appendBinaryStringInfo(&bytes, VARDATA_ANY(ruleset), (int) VARSIZE_ANY_EXHDR(ruleset));
		appendStringInfoChar(&bytes, '\0');
	}
	appendBinaryStringInfo(&bytes, (char *) deal, (int) VARSIZE(deal));
	*length = bytes.len;
	return bytes.data;
}

/* Is the last verdict on the same deal, and would it come out the same? */
static bool
last_stands(DealForm form, const char *asked, Size length)
{
	return last.nb != NULL && last.form == form && last.length == length && memcmp(last.asked, asked, length) == 0 &&
		last.today == GetSQLCurrentDate() && rule_book_is_kept(last.book, last.book_id) &&
		neighbourhood_of_day(last.book, last.day) == last.nb;
}

/* Keeps a verdict as long as the neighbourhood it was found in. */
static void
keep_last(DealForm form, const char *asked, Size length, const RuleBook *book, DateADT day, Datum verdict)
{
	Neighbourhood *nb = neighbourhood_of_day(book, day);
	MemoryContext old = MemoryContextSwitchTo(nb->context);

	if (last.nb == nb)
	{
		pfree(last.asked);
		pfree(DatumGetPointer(last.verdict));
	}
	else
	{
		last.nb = nb;
		last.forget.func = forget_last;
		MemoryContextRegisterResetCallback(nb->context, &last.forget);
	}
	last.book = book;
	last.book_id = book->id;
	last.day = day;
	last.today = GetSQLCurrentDate();
	last.form = form;
	last.asked = memcpy(palloc(length), asked, length);
	last.length = length;
	last.verdict = datumCopy(verdict, false, -1);
	MemoryContextSwitchTo(old);
}

static Datum
screen_any(FunctionCallInfo fcinfo, DealForm form)
{
	const RuleBook *book;
	Facts	   *facts;
	DateADT		day;
	Datum		verdict;
	char	   *asked;
	Size		length;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	asked = arguments_as_bytes(fcinfo, form, &length);
	if (last_stands(form, asked, length))
		return datumCopy(last.verdict, false, -1);
	facts = deal_argument(fcinfo, form, &book, &day);
	verdict = screening_datum(screen_deal(book, facts, day, false));
	keep_last(form, asked, length, book, day, verdict);
	return verdict;
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
