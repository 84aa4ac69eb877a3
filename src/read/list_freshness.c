/*
 * list_freshness.c
 *		Asks list_is_stale() of the lists of a rule book, all at once.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "read/list_freshness.h"
#include "read/relations.h"

bool *
stale_lists(const RuleBook *book, DateADT as_of)
{
	bool	   *stale = palloc0(mul_size(sizeof(bool), Max(book->n_lists, 1)));
	Oid			types[1] = {DATEOID};
	Datum		values[1] = {DateADTGetDatum(as_of)};
	const char *ext = extension_schema();
	int			rc;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	rc = SPI_execute_with_args(psprintf("SELECT r.list FROM (SELECT DISTINCT l.list FROM %s.list_load AS l) AS r "
										"WHERE %s.list_is_stale(r.list, $1)", ext, ext),
							   1, types, values, NULL, true, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not read list_load: %s", SPI_result_code_string(rc));
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		char	   *list = SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1);

		for (int i = 0; i < book->n_lists; i++)
			stale[i] |= strcmp(book->lists[i].list, list) == 0;
	}
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
	return stale;
}
