/*
 * condition.c
 *		The SQL type condition: text and binary in and out, and equality.
 *
 * The input function checks grammar only.  Names, types and allowed values are the
 * business of whoever compiles the condition against a dictionary.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "compat.h"
#include "core/condition_build.h"
#include "read/rules.h"
#include "types/condition.h"

#define NEAR_LENGTH		40		/* bytes of the input that an error quotes */

/* flex found itself broken */
void
condition_scan_fatal(const char *message)
{
	elog(ERROR, "%s", message);
}

/* report what the parser found, softly where the caller can take that */
static void
report_parse_error(const ConditionParse *parse, const char *text, size_t length, struct Node *escontext)
{
	int			near_length = pg_mbcliplen(text + parse->near, (int) (length - parse->near),
										   (int) Min(parse->near_length, NEAR_LENGTH));
	char	   *near = pnstrdup(text + parse->near, near_length);
	int			character = pg_mbstrlen_with_len(text, (int) parse->near) + 1;

	switch (parse->status)
	{
		case PARSE_TOO_DEEP:
			ext_errsave(escontext,
						(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
						 errmsg("condition is nested more than %d levels deep", CONDITION_MAX_DEPTH)));
			break;
		case PARSE_TOO_MANY:
			ext_errsave(escontext,
						(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						 errmsg("condition has more than %d names, values and operators",
								CONDITION_MAX_NODES)));
			break;
		case PARSE_TOO_LONG:
			ext_errsave(escontext,
						(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						 errmsg("condition is longer than %d bytes", CONDITION_MAX_TEXT)));
			break;
		case PARSE_NUMBER:
			ext_errsave(escontext,
						(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						 errmsg("number in condition has more than 4096 digits"),
						 errdetail("The number is at or near \"%s\", character %d.", near, character)));
			break;
		default:
			/* translator: first %s is what is wrong, as "syntax error" */
			ext_errsave(escontext,
						(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						 errmsg("invalid input syntax for type %s", "condition"),
						 parse->near_length == 0
						 ? errdetail("%s at end of input.", parse->message)
						 : errdetail("%s at or near \"%s\", character %d.", parse->message, near, character)));
			break;
	}
}

/* parse a text */
Condition *
condition_from_text(const char *text, size_t length, struct Node *escontext)
{
	CoreEnv		env = backend_env();
	ConditionParse parse;
	ConditionForm *form;
	Condition  *result;
	Size		size;

	check_stack_depth();
	form = condition_parse(&env, text, length, &parse);
	if (form && strlen(condition_print(&env, form)) > CONDITION_MAX_TEXT)
	{
		/* what is printed must be read again: by a restore, say */
		condition_fail(&parse, PARSE_TOO_LONG, NULL, &parse.token);
		form = NULL;
	}
	core_check(&env);
	if (form == NULL)
	{
		report_parse_error(&parse, text, length, escontext);
		return NULL;
	}
	size = add_size(offsetof(Condition, form), condition_form_size(form));
	result = palloc0(size);
	SET_VARSIZE(result, size);
	memcpy(&result->form, form, condition_form_size(form));
	return result;
}

/* the canonical text */
char *
condition_to_text(const Condition *condition)
{
	CoreEnv		env = backend_env();
	char	   *text;

	if (condition->form.version != CONDITION_VERSION)
		elog(ERROR, "condition is stored in version %d, which this module does not know",
			 condition->form.version);
	check_stack_depth();
	text = condition_print(&env, &condition->form);
	core_check(&env);
	return text;
}

PG_FUNCTION_INFO_V1(outbound_condition_in);
PG_FUNCTION_INFO_V1(outbound_condition_out);
PG_FUNCTION_INFO_V1(outbound_condition_recv);
PG_FUNCTION_INFO_V1(outbound_condition_send);

Datum
outbound_condition_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Condition  *result = condition_from_text(text, strlen(text), fcinfo->context);

	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_CONDITION_P(result);
}

Datum
outbound_condition_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(condition_to_text(PG_GETARG_CONDITION_P(0)));
}

/* a version byte, then the text: recv is as strict as input because it is input */
Datum
outbound_condition_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(buf);
	char	   *text;
	int			length;

	if (version != CONDITION_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("condition has version %d in binary form, but version %d is needed",
						version, CONDITION_VERSION)));
	text = pq_getmsgtext(buf, buf->len - buf->cursor, &length);
	PG_RETURN_CONDITION_P(condition_from_text(text, length, NULL));
}

Datum
outbound_condition_send(PG_FUNCTION_ARGS)
{
	char	   *text = condition_to_text(PG_GETARG_CONDITION_P(0));
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, CONDITION_VERSION);
	pq_sendtext(&buf, text, strlen(text));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* equal exactly where the canonical texts are; else an order of use to sorting alone */
static int
compare_conditions(FunctionCallInfo fcinfo)
{
	Condition  *a = PG_GETARG_CONDITION_P(0);
	Condition  *b = PG_GETARG_CONDITION_P(1);
	size_t		a_size = VARSIZE(a) - VARHDRSZ,
				b_size = VARSIZE(b) - VARHDRSZ;
	int			order = memcmp(&a->form, &b->form, Min(a_size, b_size));

	if (order == 0)
		order = a_size < b_size ? -1 : (a_size > b_size ? 1 : 0);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

PG_FUNCTION_INFO_V1(outbound_condition_cmp);
PG_FUNCTION_INFO_V1(outbound_condition_eq);
PG_FUNCTION_INFO_V1(outbound_condition_ne);
PG_FUNCTION_INFO_V1(outbound_condition_lt);
PG_FUNCTION_INFO_V1(outbound_condition_le);
PG_FUNCTION_INFO_V1(outbound_condition_gt);
PG_FUNCTION_INFO_V1(outbound_condition_ge);
PG_FUNCTION_INFO_V1(outbound_condition_hash);
PG_FUNCTION_INFO_V1(outbound_condition_hash_extended);

Datum
outbound_condition_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_conditions(fcinfo));
}

Datum
outbound_condition_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_conditions(fcinfo) == 0);
}

Datum
outbound_condition_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_conditions(fcinfo) != 0);
}

Datum
outbound_condition_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_conditions(fcinfo) < 0);
}

Datum
outbound_condition_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_conditions(fcinfo) <= 0);
}

Datum
outbound_condition_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_conditions(fcinfo) > 0);
}

Datum
outbound_condition_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_conditions(fcinfo) >= 0);
}

Datum
outbound_condition_hash(PG_FUNCTION_ARGS)
{
	Condition  *condition = PG_GETARG_CONDITION_P(0);
	Datum		result = hash_any((unsigned char *) &condition->form, VARSIZE(condition) - VARHDRSZ);

	PG_FREE_IF_COPY(condition, 0);
	PG_RETURN_DATUM(result);
}

Datum
outbound_condition_hash_extended(PG_FUNCTION_ARGS)
{
	Condition  *condition = PG_GETARG_CONDITION_P(0);
	Datum		result = hash_any_extended((unsigned char *) &condition->form,
										   VARSIZE(condition) - VARHDRSZ, PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(condition, 0);
	PG_RETURN_DATUM(result);
}

/* "a number", with its article */
static const char *
with_article(const char *type)
{
	return strcmp(type, "text") == 0 ? type : psprintf("a %s", type);
}

/* what is wrong with a condition that does not compile */
char *
condition_error_message(const ConditionError *error, char **hint, int *sqlstate)
{
	*hint = error->nearest ? psprintf("Perhaps you meant \"%s\".", error->nearest) : NULL;
	switch (error->kind)
	{
		case CONDITION_UNKNOWN_NAME:
			*sqlstate = ERRCODE_UNDEFINED_COLUMN;
			return psprintf("fact \"%s\" does not exist", error->name);
		case CONDITION_VALUE_NOT_ALLOWED:
			*sqlstate = ERRCODE_INVALID_PARAMETER_VALUE;
			return psprintf("value \"%s\" is not allowed for fact \"%s\"", error->name, error->fact);
		default:
			*sqlstate = ERRCODE_DATATYPE_MISMATCH;
			if (strcmp(error->is, "date") == 0 && strcmp(error->needs, "text") == 0)
				*hint = pstrdup("A day is written date 'YYYY-MM-DD'.");
			else if (strcmp(error->is, "set") == 0)
				*hint = pstrdup("A set is asked with && {...} (any of), @> {...} (all of) or = {...}.");
			return psprintf("\"%s\" is %s and cannot be used as %s", error->name,
							with_article(error->is), with_article(error->needs));
	}
}

/* raise it */
void
condition_error_throw(const ConditionError *error)
{
	char	   *hint;
	int			sqlstate;
	char	   *message = condition_error_message(error, &hint, &sqlstate);

	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("%s", message),
			 hint ? errhint("%s", hint) : 0));
	pg_unreachable();
}
