/*
 * activity_sql.c
 *		The SQL functions over facts: covered_activity(), its findings, holds() and
 *		missing_facts(), each for a JSON document, its text, and any row.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "core/condition_form.h"
#include "read/fact_columns.h"
#include "screen/activity.h"
#include "types/condition.h"

/* what a call site keeps; all of it checked at every call */
typedef struct CallSite
{
	MemoryContext context;		/* of map, choice and condition; reset when the book changes */
	uint64		book_id;
	uint64		row_type;		/* identifier of the row type that map is for */
	FactColumns *map;
	ReadingChoice *choice;
	Condition  *condition;		/* the last one compiled, and its bytes */
	CompiledCondition *compiled;
	Oid			outcomes[OUTCOME_PROHIBITED + 1];	/* labels, or InvalidOid until needed */
} CallSite;

/* the call site's memory, emptied if the book is not the one of the last call */
static CallSite *
call_site(FunctionCallInfo fcinfo, const RuleBook *book)
{
	CallSite   *site = fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (unlikely(site == NULL))
	{
		site = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CallSite));
		site->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "outbound call site",
											  ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = site;
	}
	if (unlikely(site->book_id != book->id))
	{
		site->book_id = 0;
		site->map = NULL;
		site->condition = NULL;
		site->compiled = NULL;
		MemoryContextReset(site->context);
		old = MemoryContextSwitchTo(site->context);
		site->choice = reading_choice(book);
		MemoryContextSwitchTo(old);
		site->book_id = book->id;
	}
	return site;
}

/* the facts of a row, by a map that the call site keeps as long as the row type is the same */
static FactSource
row_facts(CallSite *site, const RuleBook *book, FactKind kind, HeapTupleHeader row)
{
	Oid			type = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	uint64		row_type = assign_record_type_identifier(type, typmod);

	if (unlikely(site->map == NULL || site->row_type != row_type))
	{
		TupleDesc	columns = lookup_rowtype_tupdesc_domain(type, typmod, false);

		site->map = NULL;
		site->map = fact_columns_create(book, kind, columns, site->context);
		site->row_type = row_type;
		ReleaseTupleDesc(columns);
	}
	return fact_columns_read(site->map, row);
}

/* the facts argument in the form that the overload declares */
static FactSource
facts_argument(FunctionCallInfo fcinfo, int argument, Oid type, CallSite *site,
			   const RuleBook *book, FactKind kind)
{
	Datum		document = PG_GETARG_DATUM(argument);

	if (type == RECORDOID)
		return row_facts(site, book, kind, DatumGetHeapTupleHeader(document));
	if (type == TEXTOID)
		document = DirectFunctionCall1(jsonb_in, CStringGetDatum(TextDatumGetCString(document)));
	return facts_source(facts_from_jsonb(book, kind, DatumGetJsonbP(document)));
}

/* a value of the enum outcome */
static Datum
outcome_datum(Oid type, Outcome outcome)
{
	Oid			label = GetSysCacheOid2(ENUMTYPOIDNAME, Anum_pg_enum_oid, ObjectIdGetDatum(type),
										CStringGetDatum(rule_outcomes[outcome]));

	if (!OidIsValid(label))
		elog(ERROR, "enum %u has no label \"%s\"", type, rule_outcomes[outcome]);
	return ObjectIdGetDatum(label);
}

/* the names of the facts marked, as text[] */
static Datum
missing_datum(const FactDictionary *dictionary, const uint8 *missing)
{
	Datum	   *names = palloc(mul_size(sizeof(Datum), dictionary->n_facts + 1));
	int			n = 0;

	for (int i = 0; missing != NULL && i < dictionary->n_facts; i++)
		if (missing[i])
			names[n++] = CStringGetTextDatum(dictionary->facts[i].name);
	return PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum
covered_activity(FunctionCallInfo fcinfo, Oid type)
{
	const RuleBook *book = rule_book(NULL, GetSQLCurrentDate());
	CallSite   *site = call_site(fcinfo, book);
	FactSource	facts = facts_argument(fcinfo, 0, type, site, book, FACTS_OF_ACTIVITY);
	ActivityClass class = activity_class_from(book, site->choice, &facts);
	Outcome		outcome = class.at_least == class.at_most ? class.at_least : OUTCOME_UNDETERMINED;

	if (unlikely(!OidIsValid(site->outcomes[outcome])))
		site->outcomes[outcome] =
			DatumGetObjectId(outcome_datum(get_func_rettype(fcinfo->flinfo->fn_oid), outcome));
	return ObjectIdGetDatum(site->outcomes[outcome]);
}

PG_FUNCTION_INFO_V1(outbound_covered_activity_jsonb);
Datum
outbound_covered_activity_jsonb(PG_FUNCTION_ARGS)
{
	return covered_activity(fcinfo, JSONBOID);
}

PG_FUNCTION_INFO_V1(outbound_covered_activity_text);
Datum
outbound_covered_activity_text(PG_FUNCTION_ARGS)
{
	return covered_activity(fcinfo, TEXTOID);
}

PG_FUNCTION_INFO_V1(outbound_covered_activity_record);
Datum
outbound_covered_activity_record(PG_FUNCTION_ARGS)
{
	return covered_activity(fcinfo, RECORDOID);
}

static void
put_finding(ReturnSetInfo *result, const RuleBook *book, const ActivityFinding *finding)
{
	const Provision *provision = finding->provision;
	Oid			outcome_type = TupleDescAttr(result->setDesc, 1)->atttypid;
	Datum		values[7];
	bool		nulls[7] = {false};

	values[0] = CStringGetTextDatum(provision->cite);
	values[1] = outcome_datum(outcome_type, provision->outcome);
	nulls[2] = provision->sector == NULL;
	values[2] = nulls[2] ? (Datum) 0 : CStringGetTextDatum(provision->sector);
	nulls[3] = finding->holds == TERNARY_UNKNOWN;
	values[3] = BoolGetDatum(finding->holds == TERNARY_TRUE);
	values[4] = missing_datum(&book->dictionary, finding->missing);
	values[5] = CStringGetTextDatum(provision->summary);
	values[6] = BoolGetDatum(provision->firm);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* one row a provision of stage activity that applies, in the order of the book */
static Datum
covered_activity_findings(FunctionCallInfo fcinfo, Oid type)
{
	const RuleBook *book = rule_book(NULL, GetSQLCurrentDate());
	CallSite   *site = call_site(fcinfo, book);
	FactSource	facts = facts_argument(fcinfo, 0, type, site, book, FACTS_OF_ACTIVITY);
	ActivityClass class = activity_findings_from(book, site->choice, &facts);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0, j = 0; i < book->n_provisions; i++)
	{
		ActivityFinding finding = {&book->provisions[i], TERNARY_FALSE, NULL};

		if (finding.provision->stage != STAGE_ACTIVITY ||
			!provision_applies(finding.provision, site->choice))
			continue;
		if (j < class.n_findings && class.findings[j].provision == finding.provision)
			finding = class.findings[j++];
		put_finding((ReturnSetInfo *) fcinfo->resultinfo, book, &finding);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(outbound_covered_activity_findings_jsonb);
Datum
outbound_covered_activity_findings_jsonb(PG_FUNCTION_ARGS)
{
	return covered_activity_findings(fcinfo, JSONBOID);
}

PG_FUNCTION_INFO_V1(outbound_covered_activity_findings_text);
Datum
outbound_covered_activity_findings_text(PG_FUNCTION_ARGS)
{
	return covered_activity_findings(fcinfo, TEXTOID);
}

PG_FUNCTION_INFO_V1(outbound_covered_activity_findings_record);
Datum
outbound_covered_activity_findings_record(PG_FUNCTION_ARGS)
{
	return covered_activity_findings(fcinfo, RECORDOID);
}

/* the condition argument, compiled once per value and book */
static const CompiledCondition *
condition_argument(FunctionCallInfo fcinfo, CallSite *site, const RuleBook *book)
{
	Condition  *condition = PG_GETARG_CONDITION_P(0);
	MemoryContext old;
	CoreEnv		env;
	ConditionError error;

	if (site->condition != NULL && VARSIZE(site->condition) == VARSIZE(condition) &&
		memcmp(site->condition, condition, VARSIZE(condition)) == 0)
		return site->compiled;
	site->condition = NULL;
	site->map = NULL;
	MemoryContextReset(site->context);
	site->book_id = 0;			/* the choice went as well */
	old = MemoryContextSwitchTo(site->context);
	env = backend_env();
	site->compiled = condition_compile(&env, &condition->form, &book->dictionary, &error);
	core_check(&env);
	if (site->compiled == NULL)
		condition_error_throw(&error);
	site->condition = (Condition *) memcpy(palloc(VARSIZE(condition)), condition, VARSIZE(condition));
	site->choice = reading_choice(book);
	site->book_id = book->id;
	MemoryContextSwitchTo(old);
	return site->compiled;
}

/* does the condition hold for the facts?  missing may be NULL */
static Ternary
evaluate_arguments(FunctionCallInfo fcinfo, Oid type, const RuleBook **book, uint8 **missing)
{
	CallSite   *site;
	const CompiledCondition *condition;
	FactSource	source;
	CoreEnv		env = backend_env();
	Ternary		holds;

	*book = rule_book(NULL, GetSQLCurrentDate());
	site = call_site(fcinfo, *book);
	condition = condition_argument(fcinfo, site, *book);
	source = facts_argument(fcinfo, 1, type, site, *book, FACTS_OF_ANY);
	if (missing != NULL)
		*missing = palloc0((*book)->dictionary.n_facts + 1);
	holds = condition_evaluate(&env, condition, &source, missing == NULL ? NULL : *missing);
	core_check(&env);
	return holds;
}

static Datum
holds(FunctionCallInfo fcinfo, Oid type)
{
	const RuleBook *book;
	Ternary		answer = evaluate_arguments(fcinfo, type, &book, NULL);

	if (answer == TERNARY_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(answer == TERNARY_TRUE);
}

static Datum
missing_facts(FunctionCallInfo fcinfo, Oid type)
{
	const RuleBook *book;
	uint8	   *missing;
	Ternary		answer = evaluate_arguments(fcinfo, type, &book, &missing);

	return missing_datum(&book->dictionary, answer == TERNARY_UNKNOWN ? missing : NULL);
}

PG_FUNCTION_INFO_V1(outbound_holds_jsonb);
Datum
outbound_holds_jsonb(PG_FUNCTION_ARGS)
{
	return holds(fcinfo, JSONBOID);
}

PG_FUNCTION_INFO_V1(outbound_holds_text);
Datum
outbound_holds_text(PG_FUNCTION_ARGS)
{
	return holds(fcinfo, TEXTOID);
}

PG_FUNCTION_INFO_V1(outbound_holds_record);
Datum
outbound_holds_record(PG_FUNCTION_ARGS)
{
	return holds(fcinfo, RECORDOID);
}

PG_FUNCTION_INFO_V1(outbound_missing_facts_jsonb);
Datum
outbound_missing_facts_jsonb(PG_FUNCTION_ARGS)
{
	return missing_facts(fcinfo, JSONBOID);
}

PG_FUNCTION_INFO_V1(outbound_missing_facts_text);
Datum
outbound_missing_facts_text(PG_FUNCTION_ARGS)
{
	return missing_facts(fcinfo, TEXTOID);
}

PG_FUNCTION_INFO_V1(outbound_missing_facts_record);
Datum
outbound_missing_facts_record(PG_FUNCTION_ARGS)
{
	return missing_facts(fcinfo, RECORDOID);
}

/* true, or an error that says what is wrong with the condition */
PG_FUNCTION_INFO_V1(outbound_check_condition);
Datum
outbound_check_condition(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ConditionError error;
	const FactDictionary *dictionary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(1))
		rule_ruleset(text_to_cstring(PG_GETARG_TEXT_PP(1)), GetSQLCurrentDate());
	dictionary = rule_dictionary();
	if (condition_compile(&env, &PG_GETARG_CONDITION_P(0)->form, dictionary, &error) == NULL)
		condition_error_throw(&error);
	core_check(&env);
	PG_RETURN_BOOL(true);
}
