/*
 * share_io.c
 *		The type share's text and binary forms.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

#include "compat.h"
#include "read/rules.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_share_in);
PG_FUNCTION_INFO_V1(outbound_share_out);
PG_FUNCTION_INFO_V1(outbound_share_recv);
PG_FUNCTION_INFO_V1(outbound_share_send);

#define MAX_QUOTED	80			/* bytes of a refused text that the message quotes */

/* report why a text is no share, softly where the caller wants that */
static Datum
share_refuse(const CoreEnv *env, const char *text, size_t at, fmNodePtr escontext)
{
	int			quoted = pg_mbcliplen(text, (int) Min(strlen(text), 1024 * 1024), MAX_QUOTED);
	const char *more = text[quoted] != '\0' ? "..." : "";
	int			position = pg_mbstrlen_with_len(text, (int) at) + 1;
	char		fault = text[at];

	if (env->status == CORE_TOO_LARGE)
		ext_ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("share is too long"),
					 errdetail("A numerator, a denominator or a percentage may have at most %d digits; the number at character %d has more.",
							   FRACTION_MAX_DIGITS, position)));
	if (env->status == CORE_DIVISION_BY_ZERO)
		ext_ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_DIVISION_BY_ZERO),
					 errmsg("division by zero in share \"%.*s%s\"", quoted, text, more),
					 errdetail("The quotient at character %d has a zero denominator.", position)));
	if (env->status == CORE_OUT_OF_RANGE && fault == '-')
		ext_ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("share must not be negative: \"%.*s%s\"", quoted, text, more),
					 errdetail("The number at character %d is negative.", position)));
	if (env->status == CORE_OUT_OF_RANGE && fault >= '0' && fault <= '9')
		ext_ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("ambiguous share: \"%.*s%s\"", quoted, text, more),
					 errdetail("The number at character %d has neither a percent sign nor a decimal point.",
							   position),
					 errhint("Write 51%% or 0.51 for fifty-one percent, and 100%% for the whole.")));
	if (env->status == CORE_OUT_OF_RANGE)
		ext_ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("share range contains nothing: \"%.*s%s\"", quoted, text, more),
					 errdetail("In the range at character %d the lower end must be below the upper end, or equal to it with both ends included.",
							   position)));
	if (fault == '\0')
		ext_ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type share: \"%.*s%s\"", quoted, text, more),
					 errdetail("Syntax error at end of input.")));
	ext_ereturn(escontext, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type share: \"%.*s%s\"", quoted, text, more),
				 errdetail("Syntax error at or near \"%.*s\" at character %d.",
						   pg_mblen(text + at), text + at, position)));
}

Datum
outbound_share_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	CoreEnv		env = backend_env();
	size_t		error_at = 0;
	ShareValue	value = share_value_parse(&env, text, &error_at);

	if (env.status != CORE_OK)
		return share_refuse(&env, text, error_at, fcinfo->context);
	PG_RETURN_SHARE(&env, &value);
}

Datum
outbound_share_out(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	value = PG_GETARG_SHARE(&env, 0);
	char	   *text = share_value_print(&env, &value);

	core_check(&env);
	PG_RETURN_CSTRING(text);
}

static void
binary_refuse(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary form of a share"),
			 errdetail_internal("%s", detail)));
}

/* one end: two 64-bit numbers, or two counts and the limbs, least significant first */
static Fraction
receive_end(CoreEnv *env, StringInfo message, bool big)
{
	uint64		numbers[2];
	uint64	   *limbs = numbers;
	uint32		n_num = 1;
	uint32		n_den = 1;
	Fraction	value;

	if (big)
	{
		n_num = pq_getmsgint(message, 4);
		n_den = pq_getmsgint(message, 4);
		if (n_num == 0 || n_den == 0)
			binary_refuse("A numerator or denominator is empty.");
		if (n_num > FRACTION_MAX_BITS / 64 || n_den > FRACTION_MAX_BITS / 64)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("share is too long")));
		if (((size_t) n_num + n_den) * sizeof(uint64) > (size_t) (message->len - message->cursor))
			binary_refuse("The message ends early.");
		limbs = ext_alloc_array(uint64, (size_t) n_num + n_den);
	}
	for (uint32 i = 0; i < n_num + n_den; i++)
		limbs[i] = (uint64) pq_getmsgint64(message);
	if (!big && numbers[0] == 1 && numbers[1] == 0)
		return FRACTION_INFINITY;
	if (limbs[n_num + n_den - 1] == 0 || (big && limbs[n_num - 1] == 0))
		binary_refuse("A number has a leading zero, or a denominator is zero.");

	value = fraction_of_limbs(env, limbs, n_num, limbs + n_num, n_den);
	core_check(env);
	if ((value.big != NULL) != big ||
		(big ? value.big->n_num != n_num || value.big->n_den != n_den :
		 value.num != numbers[0] || value.den != numbers[1]))
		binary_refuse("A fraction is not in lowest terms.");
	if (big && memcmp(value.big->limbs, limbs, ((size_t) n_num + n_den) * sizeof(uint64)) != 0)
		binary_refuse("A fraction is not in lowest terms.");
	return value;
}

/* as strict as text: canonical values only */
Datum
outbound_share_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	CoreEnv		env = backend_env();
	uint8		version = (uint8) pq_getmsgbyte(message);
	uint8		flags = (uint8) pq_getmsgbyte(message);
	uint16		reserved = (uint16) pq_getmsgint(message, 2);
	ShareValue	value;
	int			order;

	if (version != SHARE_VERSION)
		binary_refuse("The version is not supported.");
	if ((flags & ~SHARE_ALL_FLAGS) != 0 || reserved != 0)
		binary_refuse("Reserved bits are set.");
	if ((flags & SHARE_RANGE) == 0 &&
		(flags & (SHARE_LOWER_OPEN | SHARE_UPPER_OPEN | SHARE_UPPER_BIG)) != 0)
		binary_refuse("An exact share has the flags of a range.");

	value.lower = receive_end(&env, message, (flags & SHARE_LOWER_BIG) != 0);
	value.upper = value.lower;
	if ((flags & SHARE_RANGE) != 0)
	{
		value.upper = receive_end(&env, message, (flags & SHARE_UPPER_BIG) != 0);
		order = fraction_compare(&env, value.lower, value.upper);
		if (order > 0)
			binary_refuse("The lower end is above the upper end.");
		if (order == 0)
			binary_refuse("The ends of a range are equal.");
	}
	value.lower_open = (flags & SHARE_LOWER_OPEN) != 0;
	value.upper_open = (flags & SHARE_UPPER_OPEN) != 0;
	PG_RETURN_SHARE(&env, &value);
}

static void
send_end(StringInfo message, const Fraction *a)
{
	if (a->big == NULL)
	{
		pq_sendint64(message, a->num);
		pq_sendint64(message, a->den);
		return;
	}
	pq_sendint32(message, a->big->n_num);
	pq_sendint32(message, a->big->n_den);
	for (size_t i = 0; i < (size_t) a->big->n_num + a->big->n_den; i++)
		pq_sendint64(message, a->big->limbs[i]);
}

Datum
outbound_share_send(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	value = PG_GETARG_SHARE(&env, 0);
	bool		exact = share_value_is_exact(&value);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, SHARE_VERSION);
	pq_sendint8(&message, share_value_flags(&value));
	pq_sendint16(&message, 0);
	send_end(&message, &value.lower);
	if (!exact)
		send_end(&message, &value.upper);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
