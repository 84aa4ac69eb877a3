/*
 * determination.c
 *		Writes determination, the append-only record of decisions that let a deal in
 *		(31 CFR 850.405(c)), and reads and writes deal_override.
 */
#include "postgres.h"

#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "enforce/determination.h"
#include "read/relations_check.h"

PG_FUNCTION_INFO_V1(outbound_override);

static void
push_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, key);
	value.val.string.len = (int) strlen(key);
	(void) pushJsonbValue(state, WJB_KEY, &value);
}

static void
push_string(JsonbParseState **state, JsonbIteratorToken token, const char *string)
{
	JsonbValue	value;

	if (string == NULL)
		value.type = jbvNull;
	else
	{
		value.type = jbvString;
		value.val.string.val = unconstify(char *, string);
		value.val.string.len = (int) strlen(string);
	}
	(void) pushJsonbValue(state, token, &value);
}

/* A fact's number: a JSON number where it has a finite decimal form, else text such as 1/3. */
static void
push_number(JsonbParseState **state, Fraction number)
{
	CoreEnv		env = backend_env();
	char	   *text = fraction_print(&env, number);
	JsonbValue	value;

	core_check(&env);
	if (strchr(text, '/') != NULL || fraction_is_infinite(number))
	{
		push_string(state, WJB_VALUE, text);
		return;
	}
	value.type = jbvNumeric;
	value.val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
															ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

/* A fact's day, as ISO 8601 text whatever DateStyle says. */
static void
push_date(JsonbParseState **state, Fraction number)
{
	char		buffer[MAXDATELEN + 1];
	struct pg_tm tm;
	int64		day = number.negative ? -(int64) number.num : (int64) number.num;

	if (number.big != NULL || number.den != 1 || !IS_VALID_DATE(day))
	{
		push_number(state, number);
		return;
	}
	memset(&tm, 0, sizeof(tm));
	j2date((int) day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, buffer);
	/* the parse state keeps the pointer until the document is made */
	push_string(state, WJB_VALUE, pstrdup(buffer));
}

/* One known fact. */
static void
push_fact(JsonbParseState **state, const FactDefinition *definition, const FactValue *fact)
{
	JsonbValue	value;

	switch (definition->type)
	{
		case FACT_BOOLEAN:
			value.type = jbvBool;
			value.val.boolean = fact->boolean;
			(void) pushJsonbValue(state, WJB_VALUE, &value);
			break;
		case FACT_NUMBER:
			push_number(state, fact->number);
			break;
		case FACT_DATE:
			push_date(state, fact->number);
			break;
		case FACT_TEXT:
			push_string(state, WJB_VALUE,
						fact->choice >= 0 && fact->choice < definition->n_allowed ?
						definition->allowed[fact->choice] : fact->text);
			break;
		case FACT_SET:
			(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
			for (int i = 0; i < definition->n_allowed && i < 64; i++)
			{
				if ((fact->bits >> i) & 1)
					push_string(state, WJB_ELEM, definition->allowed[i]);
			}
			if (fact->set_open)
				push_string(state, WJB_ELEM, NULL);
			(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
			break;
	}
}

/* The facts that a deal carries; see determination.h. */
Jsonb *
facts_to_jsonb(const Facts *facts)
{
	JsonbParseState *state = NULL;

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < facts->dictionary->n_facts; i++)
	{
		if (!facts->carried[i])
			continue;
		push_key(&state, facts->dictionary->facts[i].name);
		if (facts->values[i].state == FACT_KNOWN)
			push_fact(&state, &facts->dictionary->facts[i], &facts->values[i]);
		else
			push_string(&state, WJB_VALUE, NULL);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* A text fact by name; see determination.h. */
const char *
fact_text(const Facts *facts, const char *name)
{
	int			i = fact_lookup(facts->dictionary, name);
	const FactDefinition *definition;
	const FactValue *value;

	if (i < 0)
		return NULL;
	definition = &facts->dictionary->facts[i];
	value = &facts->values[i];
	if (definition->type != FACT_TEXT || value->state != FACT_KNOWN)
		return NULL;
	if (value->choice >= 0 && value->choice < definition->n_allowed)
		return definition->allowed[value->choice];
	return value->text;
}

/* The steps of the verdict, in order. */
static Jsonb *
evidence_jsonb(const Screening *screening)
{
	JsonbParseState *state = NULL;

	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < screening->n_steps; i++)
	{
		const ScreenStep *step = &screening->steps[i];
		JsonbValue	holds;

		CHECK_FOR_INTERRUPTS();
		(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		push_key(&state, "question");
		push_string(&state, WJB_VALUE, step->question);
		push_key(&state, "holds");
		holds.type = step->holds == TERNARY_UNKNOWN ? jbvNull : jbvBool;
		holds.val.boolean = step->holds == TERNARY_TRUE;
		(void) pushJsonbValue(&state, WJB_VALUE, &holds);
		push_key(&state, "answer");
		push_string(&state, WJB_VALUE, step->answer);
		push_key(&state, "cite");
		push_string(&state, WJB_VALUE, step->cite);
		push_key(&state, "because");
		push_string(&state, WJB_VALUE, step->because);
		push_key(&state, "evidence");
		push_string(&state, WJB_VALUE, step->evidence);
		(void) pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

static Datum
text_array(const char *const *strings, int n)
{
	Datum	   *elements = palloc(mul_size(sizeof(Datum), Max(n, 1)));

	for (int i = 0; i < n; i++)
		elements[i] = CStringGetTextDatum(strings[i]);
	return PointerGetDatum(construct_array(elements, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The approval that lets a deal in; see determination.h. */
int64
override_lookup(const SourceSchema *schema, const Facts *facts)
{
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	const char *texts[3];
	Datum		values[3];
	bool		isnull;
	int			rc;

	texts[0] = fact_text(facts, "investor");
	texts[1] = fact_text(facts, "target");
	texts[2] = fact_text(facts, "transaction_type");
	if (texts[0] == NULL || texts[1] == NULL || texts[2] == NULL ||
		!OidIsValid(source_record_table(schema, "deal_override", true)))
		return 0;
	for (int i = 0; i < 3; i++)
		values[i] = CStringGetTextDatum(texts[i]);
	rc = SPI_execute_with_args(psprintf("SELECT o.override_id FROM %s.deal_override AS o "
										"WHERE o.investor OPERATOR(pg_catalog.=) $1 AND o.target OPERATOR(pg_catalog.=) $2 "
										"AND o.transaction_type OPERATOR(pg_catalog.=) $3 "
										"AND o.expires OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp() "
										"ORDER BY o.override_id LIMIT 1",
										quote_identifier(schema->name)),
							   3, types, values, NULL, true, 1);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not read deal_override: %s", SPI_result_code_string(rc));
	if (SPI_processed == 0)
		return 0;
	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
}

/* Schema and name, quoted only where they must be; see determination.h. */
const char *
recorded_name(Oid relid)
{
	bool		quote_all = quote_all_identifiers;
	char	   *schema;
	char	   *name;

	if (get_rel_relispartition(relid))
		relid = llast_oid(get_partition_ancestors(relid));
	schema = get_namespace_name(get_rel_namespace(relid));
	name = get_rel_name(relid);
	quote_all_identifiers = false;
	name = quote_qualified_identifier(schema, name);
	quote_all_identifiers = quote_all;
	return name;
}

/* Writes the decision; see determination.h. */
void
determination_write(const SourceSchema *schema, const Facts *facts, const Screening *screening,
					DateADT as_of, const char *relation, const char *deal_key, int64 override_id)
{
	static Oid types[17] = {
		TEXTOID, TEXTOID, JSONBOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
		TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEOID, DATEOID, TEXTOID, JSONBOID, INT8OID
	};
	Datum		values[17] = {0};
	char		nulls[18];
	int			rc;

	memset(nulls, ' ', sizeof(nulls));
#define SET_TEXT(i, string) \
	do { if ((string) != NULL) values[i] = CStringGetTextDatum(string); else nulls[i] = 'n'; } while (0)
	SET_TEXT(0, relation);
	SET_TEXT(1, deal_key);
	values[2] = JsonbPGetDatum(facts_to_jsonb(facts));
	values[3] = DateADTGetDatum(as_of);
	SET_TEXT(4, outcome_name(screening->outcome));
	SET_TEXT(5, outcome_name(screening->at_least));
	SET_TEXT(6, outcome_name(screening->at_most));
	SET_TEXT(7, screening->obligation);
	SET_TEXT(8, screening->limb);
	values[9] = text_array(screening->provisions, screening->n_provisions);
	values[10] = text_array(screening->missing, screening->n_missing);
	values[11] = text_array(screening->readings, screening->n_readings);
	values[12] = DateADTGetDatum(screening->notify_by);
	nulls[12] = screening->has_notify_by ? ' ' : 'n';
	values[13] = DateADTGetDatum(screening->retain_until);
	nulls[13] = screening->has_retain_until ? ' ' : 'n';
	SET_TEXT(14, screening->ruleset);
	values[15] = JsonbPGetDatum(evidence_jsonb(screening));
	values[16] = Int64GetDatum(override_id);
	nulls[16] = override_id != 0 ? ' ' : 'n';
#undef SET_TEXT

	(void) source_record_table(schema, "determination", false);
	rc = SPI_execute_with_args(psprintf("INSERT INTO %s.determination (relation, deal_id, facts, as_of, "
										"outcome, at_least, at_most, obligation, limb, provisions, missing, readings, "
										"notify_by, retain_until, ruleset, evidence, override_id, extension_version) "
										"SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, e.extversion "
										"FROM pg_catalog.pg_extension AS e WHERE e.extname OPERATOR(pg_catalog.=) 'outbound'::pg_catalog.name",
										quote_identifier(schema->name)),
							   17, types, values, nulls, false, 0);
	if (rc != SPI_OK_INSERT || SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("could not record the decision in %s.determination", quote_identifier(schema->name)),
				 errhint("A rule or trigger on the table keeps the row out.")));
}

/* An argument of override() that must be there and say something. */
static const char *
override_argument(FunctionCallInfo fcinfo, int i, const char *name)
{
	const char *argument;

	if (PG_ARGISNULL(i))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of an override must not be null", name)));
	argument = text_to_cstring(PG_GETARG_TEXT_PP(i));
	if (argument[strspn(argument, " \t\r\n")] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of an override must not be empty", name)));
	return argument;
}

/* The facts by which an override is matched, validated against the dictionary; an absent transaction type is equity. */
static void
override_match(Jsonb *document, const char *match[3])
{
	static const char *const names[3] = {"investor", "target", "transaction_type"};
	const RuleBook *book = rule_book(NULL, DatumGetDateADT(DirectFunctionCall1(timestamptz_date,
																			   TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()))));
	Facts	   *facts = facts_from_jsonb(book, FACTS_OF_DEAL, document);

	for (int i = 0; i < 3; i++)
	{
		match[i] = fact_text(facts, names[i]);
		if (match[i] == NULL && i == 2 && !facts->carried[fact_lookup(facts->dictionary, names[i])])
			match[i] = "equity";
		if (match[i] == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("facts of an override must have \"%s\"", names[i]),
					 errdetail("An override is matched on investor, target and transaction type.")));
	}
}

/* override(facts jsonb, reason text, approver text, expires timestamptz): the new approval's number */
Datum
outbound_override(PG_FUNCTION_ARGS)
{
	static Oid types[7] = {TEXTOID, TEXTOID, TEXTOID, JSONBOID, TEXTOID, TEXTOID, TIMESTAMPTZOID};
	Datum		values[7];
	const SourceSchema *schema;
	const char *match[3];
	const char *reason = override_argument(fcinfo, 1, "reason");
	const char *approver = override_argument(fcinfo, 2, "approver");
	bool		isnull;
	int64		result;
	int			rc;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of an override must not be null", PG_ARGISNULL(0) ? "facts" : "expiry")));
	if (PG_GETARG_TIMESTAMPTZ(3) <= GetCurrentTimestamp() || TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(3)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("expiry of an override must be a time to come"),
				 errhint("An override lapses; one without end is not possible.")));

	override_match(PG_GETARG_JSONB_P(0), match);
	schema = source_schema(true);
	(void) source_record_table(schema, "deal_override", false);
	for (int i = 0; i < 3; i++)
		values[i] = CStringGetTextDatum(match[i]);
	values[3] = PG_GETARG_DATUM(0);
	values[4] = CStringGetTextDatum(reason);
	values[5] = CStringGetTextDatum(approver);
	values[6] = PG_GETARG_DATUM(3);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	rc = SPI_execute_with_args(psprintf("INSERT INTO %s.deal_override (investor, target, transaction_type, facts, reason, approver, expires) "
										"VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING override_id",
										quote_identifier(schema->name)),
							   7, types, values, NULL, false, 0);
	if (rc != SPI_OK_INSERT_RETURNING || SPI_processed != 1)
		elog(ERROR, "could not record the override: %s", SPI_result_code_string(rc));
	result = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
	PG_RETURN_INT64(result);
}
