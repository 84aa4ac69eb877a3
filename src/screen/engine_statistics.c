/*
 * engine_statistics.c
 *		See engine_statistics.h.
 */
#include "postgres.h"

#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "screen/engine_statistics.h"

PG_FUNCTION_INFO_V1(outbound_engine_statistics);

#define N_COLUMNS 8

static struct
{
	bool		answered;
	char		test[256];		/* cut where it is longer */
	DateADT		as_of;
	uint64		parties;
	EngineCounters counters;
}			last;

void
engine_statistics_record(const char *test, DateADT as_of, uint64 parties, const EngineCounters *counters)
{
	size_t		length = (size_t) pg_mbcliplen(test, (int) strlen(test), sizeof(last.test) - 1);

	last.answered = true;
	memcpy(last.test, test, length);
	last.test[length] = '\0';
	last.as_of = as_of;
	last.parties = parties;
	last.counters = *counters;
}

/* engine_statistics(): one row, or none before the first answer */
Datum
outbound_engine_statistics(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		values[N_COLUMNS];
	bool		nulls[N_COLUMNS] = {false};

	InitMaterializedSRF(fcinfo, 0);
	if (!last.answered)
		return (Datum) 0;
	values[0] = CStringGetTextDatum(last.test);
	values[1] = DateADTGetDatum(last.as_of);
	values[2] = Int64GetDatum((int64) last.parties);
	values[3] = Int64GetDatum((int64) last.counters.integers);
	values[4] = Int64GetDatum((int64) last.counters.enclosures);
	values[5] = Int64GetDatum((int64) last.counters.exact);
	values[6] = Int64GetDatum((int64) last.counters.open);
	values[7] = Int32GetDatum((int32) last.counters.largest_ring);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	return (Datum) 0;
}
