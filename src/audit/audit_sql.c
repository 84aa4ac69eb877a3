/*
 * audit_sql.c
 *		What run_audit() and list_health() read: the book's verdicts and the lists' sizes.
 *
 * Like the trigger's, the audit's reads switch to the owner of the relations, so that
 * what the auditor may read never changes a verdict.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

#include "audit/book.h"
#include "enforce/determination.h"
#include "read/relations_check.h"
#include "screen/questions.h"

PG_FUNCTION_INFO_V1(outbound_ruleset_in_force);
PG_FUNCTION_INFO_V1(outbound_listed_parties);
PG_FUNCTION_INFO_V1(outbound_audit_listed_parties);
PG_FUNCTION_INFO_V1(outbound_audit_book);

#define N_BOOK_COLUMNS	12
#define N_LIST_COLUMNS	5

/* Only who may write the record of audits reads as the owner of the relations. */
static void
check_auditor(void)
{
	Oid			relid = get_relname_relid("audit_run", extension_schema_oid());

	if (!OidIsValid(relid) || pg_class_aclcheck(relid, GetUserId(), ACL_INSERT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, "audit_run");
}

/* ruleset_in_force(as_of date): the configured ruleset, else the law of that day */
Datum
outbound_ruleset_in_force(PG_FUNCTION_ARGS)
{
	DateADT		day = PG_ARGISNULL(0) ? GetSQLCurrentDate() : PG_GETARG_DATEADT(0);

	PG_RETURN_TEXT_P(cstring_to_text(rule_ruleset(NULL, day)));
}

/* Puts one row a list of relation listing: list, parties, oldest, newest, sources.  Reads as the current user. */
static void
put_listed_parties(ReturnSetInfo *rsinfo)
{
	const SourceRelation *r = &source_schema(false)->relations[SOURCE_LISTING];
	Oid			types[2] = {DATEOID, DATEOID};
	Datum		arguments[2] = {DateADTGetDatum(GetSQLCurrentDate()), DateADTGetDatum(GetSQLCurrentDate())};
	const char *valid = source_column(r, "l", "valid", "daterange");
	const char *source = source_column(r, "l", "source", "text");
	int			rc;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	rc = SPI_execute_with_args(psprintf("SELECT %s, pg_catalog.count(DISTINCT %s), pg_catalog.min(pg_catalog.lower(%s)), "
										"pg_catalog.max(pg_catalog.lower(%s)), pg_catalog.array_agg(DISTINCT %s) FILTER (WHERE %s IS NOT NULL) "
										"FROM %s AS l WHERE $1 IS NOT NULL%s GROUP BY 1",
										source_column(r, "l", "list", "text"), source_column(r, "l", "party_id", "text"),
										valid, valid, source, source, r->qualified_name, source_validity(r, "l", 2)),
							   2, types, arguments, NULL, true, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not read relation listing: %s", SPI_result_code_string(rc));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum		values[N_LIST_COLUMNS];
		bool		nulls[N_LIST_COLUMNS];

		for (int c = 0; c < N_LIST_COLUMNS; c++)
			values[c] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, c + 1, &nulls[c]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
}

/* One deal as a row of audit_book(). */
static void
put_verdict(void *arg, const BookDeal *deal)
{
	ReturnSetInfo *rsinfo = arg;
	const Screening *s = deal->screening;
	Datum		values[N_BOOK_COLUMNS] = {0};
	bool		nulls[N_BOOK_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	set_text(values, nulls, 0, deal->id);
	values[10] = book_column(deal, 1, &nulls[10]);
	set_text(values, nulls, 11, deal->problem);
	set_text(values, nulls, 1, outcome_name(s->outcome));
	set_text(values, nulls, 2, outcome_name(s->at_least));
	set_text(values, nulls, 3, outcome_name(s->at_most));
	if (deal->facts != NULL)
	{
		set_text(values, nulls, 4, s->obligation);
		values[5] = text_array(s->provisions, s->n_provisions);
		values[6] = text_array(s->missing, s->n_missing);
		set_text(values, nulls, 7, s->ruleset);
		values[8] = DateADTGetDatum(deal->day);
		values[9] = JsonbPGetDatum(facts_to_jsonb(deal->facts));
		nulls[5] = nulls[6] = nulls[8] = nulls[9] = false;
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * SQL: has the trigger recorded a decision on deal d?  Where deal is a table, one on that
 * table; where it is a view, any of that id.
 */
static const char *
determined_expression(const SourceSchema *schema)
{
	const SourceRelation *deals = &schema->relations[SOURCE_DEAL];
	char		relkind = get_rel_relkind(deals->relid);
	const char *of_table = relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE ?
		psprintf("t.relation OPERATOR(pg_catalog.=) %s AND ", quote_literal_cstr(recorded_name(deals->relid))) : "";

	(void) source_record_table(schema, "determination", false);
	return psprintf("EXISTS (SELECT FROM %s.determination AS t WHERE %st.deal_id OPERATOR(pg_catalog.=) %s)",
					quote_identifier(schema->name), of_table, source_column(deals, "d", "deal_id", "text"));
}

/* Runs one of the readers with the identity of the relations' owner; an error leaves the identity to the abort. */
static void
read_as_owner(ReturnSetInfo *rsinfo, bool book)
{
	const SourceSchema *schema = source_schema(true);
	Oid			owner = source_owner(schema);
	Oid			caller;
	int			context;

	GetUserIdAndSecContext(&caller, &context);
	SetUserIdAndSecContext(owner, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	if (book)
		book_walk(NULL, determined_expression(schema), put_verdict, rsinfo);
	else
		put_listed_parties(rsinfo);
	SetUserIdAndSecContext(caller, context);
}

/* listed_parties(): how many parties stand on each list today, read as the caller */
Datum
outbound_listed_parties(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	put_listed_parties((ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}

/* audit_listed_parties(): the same, read as the owner of the relations */
Datum
outbound_audit_listed_parties(PG_FUNCTION_ARGS)
{
	check_auditor();
	InitMaterializedSRF(fcinfo, 0);
	read_as_owner((ReturnSetInfo *) fcinfo->resultinfo, false);
	return (Datum) 0;
}

/* audit_book(): every deal's verdict, read as the owner of the relations */
Datum
outbound_audit_book(PG_FUNCTION_ARGS)
{
	check_auditor();
	InitMaterializedSRF(fcinfo, 0);
	read_as_owner((ReturnSetInfo *) fcinfo->resultinfo, true);
	return (Datum) 0;
}
