/*
 * engine_statistics.h
 *		How the session's last whole-graph answer was decided; nothing is written anywhere.
 */
#ifndef OUTBOUND_ENGINE_STATISTICS_H
#define OUTBOUND_ENGINE_STATISTICS_H

#include "postgres.h"

#include "core/counters.h"
#include "utils/date.h"

/* remembers how an answer about so many parties was decided, all its runs together */
extern void engine_statistics_record(const char *test, DateADT as_of, uint64 parties, const EngineCounters *counters);

#endif							/* OUTBOUND_ENGINE_STATISTICS_H */
