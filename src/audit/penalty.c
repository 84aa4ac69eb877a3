/*
 * penalty.c
 *		The most that a violation can cost in civil penalties (850.701).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/numeric.h"

#include "read/relations.h"
#include "read/rules.h"

PG_FUNCTION_INFO_V1(outbound_civil_penalty_max);

/* The inflation-adjusted amount in force on a day: of several rows the latest, of these the firm's; false where there is none. */
static bool
adjusted_amount(DateADT day, Numeric *amount)
{
	Oid			types[1] = {DATEOID};
	Datum		values[1] = {DateADTGetDatum(day)};
	MemoryContext caller = CurrentMemoryContext;
	bool		found;
	bool		isnull;
	int			rc;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	rc = SPI_execute_with_args(psprintf("SELECT p.amount_usd FROM %s.penalty_amount AS p "
										"WHERE p.in_force OPERATOR(pg_catalog.@>) $1 "
										"ORDER BY pg_catalog.lower(p.in_force) DESC NULLS LAST, p.origin COLLATE pg_catalog.\"C\" LIMIT 1",
										extension_schema()), 1, types, values, NULL, true, 1);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not read penalty_amount: %s", SPI_result_code_string(rc));
	found = SPI_processed == 1;
	if (found)
	{
		Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
		MemoryContext old = MemoryContextSwitchTo(caller);

		*amount = DatumGetNumericCopy(value);
		MemoryContextSwitchTo(old);
	}
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
	return found;
}

/* civil_penalty_max(amount_usd numeric, as_of date): the greater of the year's amount and the multiple of the transaction's */
Datum
outbound_civil_penalty_max(PG_FUNCTION_ARGS)
{
	Datum		amount = PG_GETARG_DATUM(0);
	DateADT		day = PG_GETARG_DATEADT(1);
	Datum		zero = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
	const Parameter *times;
	Numeric		adjusted;
	Datum		multiple;

	if (numeric_is_nan(DatumGetNumeric(amount)) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, amount, zero)))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount of a transaction must not be negative or NaN")));
	if (DATE_NOT_FINITE(day) || !adjusted_amount(day, &adjusted))
		PG_RETURN_NULL();
	times = rule_parameter_if_any(rule_book(NULL, day), "civil_penalty_multiple");
	if (times == NULL)
		PG_RETURN_NULL();		/* a ruleset that is no law names no penalty */
	multiple = DirectFunctionCall3(numeric_in, CStringGetDatum(times->value),
								   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	PG_RETURN_DATUM(DirectFunctionCall2(numeric_larger, NumericGetDatum(adjusted),
										DirectFunctionCall2(numeric_mul, multiple, amount)));
}
