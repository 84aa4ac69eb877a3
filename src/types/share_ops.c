/*
 * share_ops.c
 *		Comparison, arithmetic and construction of shares.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "compat.h"
#include "read/rules.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_share_eq);
PG_FUNCTION_INFO_V1(outbound_share_ne);
PG_FUNCTION_INFO_V1(outbound_share_lt);
PG_FUNCTION_INFO_V1(outbound_share_le);
PG_FUNCTION_INFO_V1(outbound_share_gt);
PG_FUNCTION_INFO_V1(outbound_share_ge);
PG_FUNCTION_INFO_V1(outbound_share_cmp);
PG_FUNCTION_INFO_V1(outbound_share_hash);
PG_FUNCTION_INFO_V1(outbound_share_hash_extended);
PG_FUNCTION_INFO_V1(outbound_share_smaller);
PG_FUNCTION_INFO_V1(outbound_share_larger);
PG_FUNCTION_INFO_V1(outbound_share_add);
PG_FUNCTION_INFO_V1(outbound_share_lower);
PG_FUNCTION_INFO_V1(outbound_share_upper);
PG_FUNCTION_INFO_V1(outbound_share_lower_inc);
PG_FUNCTION_INFO_V1(outbound_share_upper_inc);
PG_FUNCTION_INFO_V1(outbound_share_exceeds);
PG_FUNCTION_INFO_V1(outbound_share_at_least);
PG_FUNCTION_INFO_V1(outbound_share_percent);
PG_FUNCTION_INFO_V1(outbound_share_from_percent);
PG_FUNCTION_INFO_V1(outbound_share_of);

#define MAX_PERCENT_DIGITS	1000	/* decimal places of percent() */

/* has a stored share limbs?  Only then does looking at it allocate. */
static bool
share_is_long(const struct varlena *stored)
{
	return VARSIZE_ANY_EXHDR(stored) < 2 ||
		((uint8) VARDATA_ANY(stored)[1] & (SHARE_LOWER_BIG | SHARE_UPPER_BIG)) != 0;
}

/* are two stored shares the same bytes? */
static bool
share_same(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	bool		same = VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return same;
}

/*
 * The order of two arguments.  Sorting calls this in a context that lives as long as the
 * sort, so whatever limbs and products it allocates is freed at once.
 */
static int
share_order(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	MemoryContext scratch = NULL;
	MemoryContext caller = CurrentMemoryContext;
	CoreEnv		env;
	ShareValue	x,
				y;
	int			order;

	if (share_is_long(a) || share_is_long(b))
	{
		scratch = AllocSetContextCreate(caller, "share comparison", ALLOCSET_SMALL_SIZES);
		MemoryContextSwitchTo(scratch);
	}
	env = backend_env();
	x = share_datum_value(&env, PointerGetDatum(a));
	y = share_datum_value(&env, PointerGetDatum(b));
	order = share_value_compare(&env, &x, &y);
	if (scratch != NULL)
	{
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(scratch);
	}
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

Datum
outbound_share_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(share_same(fcinfo));
}

Datum
outbound_share_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!share_same(fcinfo));
}

Datum
outbound_share_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(share_order(fcinfo) < 0);
}

Datum
outbound_share_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(share_order(fcinfo) <= 0);
}

Datum
outbound_share_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(share_order(fcinfo) > 0);
}

Datum
outbound_share_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(share_order(fcinfo) >= 0);
}

Datum
outbound_share_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(share_order(fcinfo));
}

Datum
outbound_share_hash(PG_FUNCTION_ARGS)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any((unsigned char *) VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a));

	PG_FREE_IF_COPY(a, 0);
	return hash;
}

Datum
outbound_share_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA_ANY(a),
										 VARSIZE_ANY_EXHDR(a), PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(a, 0);
	return hash;
}

Datum
outbound_share_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(share_order(fcinfo) <= 0 ? PG_GETARG_DATUM(0) : PG_GETARG_DATUM(1));
}

Datum
outbound_share_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(share_order(fcinfo) >= 0 ? PG_GETARG_DATUM(0) : PG_GETARG_DATUM(1));
}

/* also the transition and the combining function of sum() */
Datum
outbound_share_add(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	a = PG_GETARG_SHARE(&env, 0);
	ShareValue	b = PG_GETARG_SHARE(&env, 1);
	ShareValue	sum = share_value_add(&env, &a, &b);

	PG_RETURN_SHARE(&env, &sum);
}

Datum
outbound_share_lower(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	a = PG_GETARG_SHARE(&env, 0);
	ShareValue	end = share_value_exact(a.lower);

	PG_RETURN_SHARE(&env, &end);
}

Datum
outbound_share_upper(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	a = PG_GETARG_SHARE(&env, 0);
	ShareValue	end = share_value_exact(a.upper);

	PG_RETURN_SHARE(&env, &end);
}

Datum
outbound_share_lower_inc(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();

	PG_RETURN_BOOL(!PG_GETARG_SHARE(&env, 0).lower_open);
}

Datum
outbound_share_upper_inc(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();

	PG_RETURN_BOOL(!PG_GETARG_SHARE(&env, 0).upper_open);
}

/* a Kleene value as SQL sees it */
static Datum
ternary_datum(FunctionCallInfo fcinfo, Ternary value)
{
	if (value == TERNARY_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(value == TERNARY_TRUE);
}

Datum
outbound_share_exceeds(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	a = PG_GETARG_SHARE(&env, 0);
	ShareValue	threshold = PG_GETARG_SHARE(&env, 1);

	return ternary_datum(fcinfo, share_value_exceeds(&env, &a, &threshold));
}

Datum
outbound_share_at_least(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	a = PG_GETARG_SHARE(&env, 0);
	ShareValue	threshold = PG_GETARG_SHARE(&env, 1);

	return ternary_datum(fcinfo, share_value_at_least(&env, &a, &threshold));
}

/* numeric's own text is the way in and out: no digit is lost on it */
Datum
outbound_share_percent(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	ShareValue	a = PG_GETARG_SHARE(&env, 0);
	int32		digits = PG_GETARG_INT32(1);
	Fraction	percent;
	char	   *text;

	if (digits < 0 || digits > MAX_PERCENT_DIGITS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of digits must be between 0 and %d", MAX_PERCENT_DIGITS)));
	if (!share_value_is_exact(&a))
		PG_RETURN_NULL();
	if (fraction_is_infinite(a.lower))
		text = "Infinity";
	else
	{
		percent = fraction_multiply(&env, a.lower, (Fraction) {100, 1, NULL, false});
		text = fraction_print_rounded(&env, percent, digits);
	}
	core_check(&env);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* a finite numeric that is not negative; what names it in the message */
static Fraction
numeric_fraction(CoreEnv *env, Datum number, const char *what)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, number));
	Fraction	value;

	if (text[0] == '-' || text[0] == 'N' || text[0] == 'I')
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s must be a finite number and not negative", what)));
	value = fraction_parse(env, text, strlen(text));
	if (env->status == CORE_TOO_LARGE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s must not have more than %d digits", what, FRACTION_MAX_DIGITS)));
	core_check(env);
	return value;
}

Datum
outbound_share_from_percent(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	Fraction	percent = numeric_fraction(&env, PG_GETARG_DATUM(0), "percentage");
	ShareValue	share = share_value_exact(fraction_divide(&env, percent,
														  (Fraction) {100, 1, NULL, false}));

	PG_RETURN_SHARE(&env, &share);
}

Datum
outbound_share_of(PG_FUNCTION_ARGS)
{
	CoreEnv		env = backend_env();
	Fraction	part = numeric_fraction(&env, PG_GETARG_DATUM(0), "number held");
	Fraction	whole = numeric_fraction(&env, PG_GETARG_DATUM(1), "number outstanding");
	ShareValue	share;

	if (fraction_is_zero(whole))
		ereport(ERROR,
				(errcode(ERRCODE_DIVISION_BY_ZERO),
				 errmsg("number outstanding must not be zero")));
	share = share_value_exact(fraction_divide(&env, part, whole));
	PG_RETURN_SHARE(&env, &share);
}
