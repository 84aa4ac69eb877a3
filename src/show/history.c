/*
 * history.c
 *		status_history(party, test): a status as the step function of time.
 *
 * It can change only on a day on which a row about the party or somebody above it, or a
 * rule, begins or ceases to hold (engine notes 3.9): the question is asked once for each
 * such day and equal neighbours are joined.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

#include "compat.h"
#include "read/relations_check.h"
#include "screen/questions.h"

PG_FUNCTION_INFO_V1(outbound_status_history);

#define MAX_DAYS	100000

/* A status from a day on; no grade where the party or the test does not exist then. */
typedef struct Step
{
	DateADT		from;
	bool		known;
	Grade		grade;
} Step;

/* The rows whose validity matters: those about the cone's parties, whenever they held. */
static char *
days_sql(const SourceSchema *schema)
{
	const SourceRelation *interest = &schema->relations[SOURCE_INTEREST];
	static const SourceRelationId about[] = {SOURCE_PARTY, SOURCE_LISTING};
	static const char *const rules[] = {"provision", "country_of_concern", "list", "ownership_test", "parameter", "ruleset"};
	const char *kind = source_column(interest, "i", "kind", "text");
	const char *branch = "OPERATOR(pg_catalog.=) ANY ('{branch_of,acts_for}'::pg_catalog.text[])";
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "WITH RECURSIVE cone (id) AS ("
					 "SELECT pg_catalog.unnest($1) UNION SELECT above.id FROM cone, LATERAL ("
					 "SELECT i.holder_id FROM %s i WHERE i.held_id OPERATOR(pg_catalog.=) cone.id AND (%s %s) IS NOT TRUE "
					 "UNION ALL SELECT i.held_id FROM %s i WHERE i.holder_id OPERATOR(pg_catalog.=) cone.id AND %s %s"
					 ") AS above (id)), span (valid) AS (",
					 interest->qualified_name, kind, branch, interest->qualified_name, kind, branch);
	appendStringInfo(&sql, "SELECT %s FROM %s i WHERE i.held_id OPERATOR(pg_catalog.=) ANY (SELECT id FROM cone)"
					 " UNION SELECT %s FROM %s i WHERE i.holder_id OPERATOR(pg_catalog.=) ANY (SELECT id FROM cone) AND %s %s",
					 source_column(interest, "i", "valid", "daterange"), interest->qualified_name,
					 source_column(interest, "i", "valid", "daterange"), interest->qualified_name, kind, branch);
	for (int i = 0; i < lengthof(about); i++)
	{
		const SourceRelation *r = &schema->relations[about[i]];

		appendStringInfo(&sql, " UNION SELECT %s FROM %s r WHERE r.party_id OPERATOR(pg_catalog.=) ANY (SELECT id FROM cone)",
						 source_column(r, "r", "valid", "daterange"), r->qualified_name);
	}
	for (int i = 0; i < lengthof(rules); i++)
		appendStringInfo(&sql, " UNION SELECT in_force FROM %s.%s", extension_schema(), rules[i]);
	appendStringInfo(&sql, " UNION SELECT stayed FROM %s.ownership_test", extension_schema());
	appendStringInfoString(&sql, ") SELECT day FROM span, LATERAL (VALUES (pg_catalog.lower(valid)), (pg_catalog.upper(valid))) AS ends (day)"
						   " WHERE pg_catalog.isfinite(day) GROUP BY day ORDER BY day");
	return sql.data;
}

/* The days on which something changes, in order; in the current context. */
static DateADT *
change_days(const char *party, int *n)
{
	const SourceSchema *schema = source_schema(false);
	Oid			types[1] = {schema->id_array_type};
	Datum		ids = source_id_array(schema, &party, 1);
	MemoryContext outside = CurrentMemoryContext;
	DateADT    *days;
	int			result;

	SPI_connect();
	result = SPI_execute_with_args(days_sql(schema), 1, types, &ids, NULL, true, MAX_DAYS + 1);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "reading the validity of the source relations failed: %s", SPI_result_code_string(result));
	if (SPI_processed > MAX_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("what is above party \"%s\" changes on more than %d days", party, MAX_DAYS)));
	*n = (int) SPI_processed;
	days = MemoryContextAlloc(outside, sizeof(DateADT) * Max(*n, 1));
	for (int i = 0; i < *n; i++)
	{
		bool		isnull;

		days[i] = DatumGetDateADT(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	}
	SPI_finish();
	return days;
}

/* Is there such a test in the book? */
static bool
has_test(const RuleBook *book, const char *test)
{
	for (int i = 0; i < book->n_tests; i++)
		if (strcmp(book->tests[i].name, test) == 0)
			return true;
	return false;
}

/* Asks on one day; *everknown remembers that the party stands in some relation. */
static Step
ask(const char *party, const char *test, DateADT from, DateADT day, bool *tested, bool *ever_known)
{
	Step		step = {from};
	const RuleBook *book = rule_book(NULL, day);
	Inquiry    *inquiry;
	NodeId		node;

	if (!has_test(book, test))
		return step;
	*tested = true;
	inquiry = inquiry_begin(book, day, NULL);
	node = neighbourhood_load_cone(inquiry->nb, party);
	if (neighbourhood_knows(inquiry->nb, node))
	{
		*ever_known = true;
		step.known = neighbourhood_party(inquiry->nb, node)->exists || graph_node(inquiry->nb->graph, node)->n_holdings > 0 ||
			graph_node(inquiry->nb->graph, node)->n_principals > 0;
		step.grade = grade_under_test(inquiry, test, node);
	}
	inquiry_end(inquiry);
	return step;
}

/* One row: during, grade. */
static void
put_step(ReturnSetInfo *rsinfo, TypeCacheEntry *type, const Step *step, DateADT until)
{
	RangeBound	lower = {DateADTGetDatum(step->from), DATE_IS_NOBEGIN(step->from), true, true};
	RangeBound	upper = {DateADTGetDatum(until), DATE_IS_NOEND(until), false, false};
	Datum		values[2] = {0};
	bool		nulls[2] = {false, true};

	values[0] = RangeTypePGetDatum(ext_make_range(type, &lower, &upper, false));
	if (step->known)
		set_text(values, nulls, 1, grade_name(step->grade));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* The asked span's ends; false where it is empty. */
static bool
asked_span(FunctionCallInfo fcinfo, TypeCacheEntry *type, DateADT *from, DateADT *until)
{
	RangeBound	lower,
				upper;
	bool		empty;

	*from = DATEVAL_NOBEGIN;
	*until = DATEVAL_NOEND;
	if (PG_ARGISNULL(2))
		return true;
	range_deserialize(type, PG_GETARG_RANGE_P(2), &lower, &upper, &empty);
	if (!empty && !lower.infinite)
		*from = DatumGetDateADT(lower.val);
	if (!empty && !upper.infinite)
		*until = DatumGetDateADT(upper.val);
	return !empty;
}

/* status_history(party, test, span) */
Datum
outbound_status_history(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	char	   *party;
	char	   *test;
	DateADT    *days;
	DateADT		from,
				until;
	Step		last = {0};
	bool		tested = false;
	bool		ever_known = false;
	int			n;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || !asked_span(fcinfo, type, &from, &until))
		return (Datum) 0;
	party = id_argument(fcinfo, 0);
	test = text_to_cstring(PG_GETARG_TEXT_PP(1));
	days = change_days(party, &n);
	for (int i = -1; i < n; i++)
	{
		DateADT		begin = i < 0 ? from : Max(days[i], from);
		DateADT		end = i + 1 < n ? Min(days[i + 1], until) : until;
		Step		step;

		CHECK_FOR_INTERRUPTS();
		if (begin >= end)
			continue;
		/* before the first change every day is like the one before it */
		step = ask(party, test, begin, !DATE_IS_NOBEGIN(begin) ? begin : !DATE_IS_NOEND(end) ? end - 1 : 0, &tested, &ever_known);
		if (begin > from && step.known == last.known && step.grade == last.grade)
			continue;
		if (begin > from)
			put_step(rsinfo, type, &last, begin);
		last = step;
	}
	if (!tested)
		(void) rule_test(rule_book(NULL, DATE_IS_NOBEGIN(from) ? 0 : from), test);
	if (!ever_known)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("party \"%s\" stands in no relation", party)));
	put_step(rsinfo, type, &last, until);
	return (Datum) 0;
}
