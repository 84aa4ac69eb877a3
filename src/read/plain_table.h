/*
 * plain_table.h
 *		A query that comes to reading one table's rows as they stand, read without the executor.
 */
#ifndef OUTBOUND_PLAIN_TABLE_H
#define OUTBOUND_PLAIN_TABLE_H

#include "read/neighbourhood.h"

/* takes one row: its columns but the last */
typedef void (*TakeRow) (void *arg, Datum *values, bool *isnull);

/*
 * Hands over the rows of a query without conditions whose last column is a daterange: those
 * where it is NULL or contains the neighbourhood's day.  Values last until the next row.  False, and nothing is
 * handed over, where more has to be done than to read one table, and then the executor does it; SPI must be connected.
 */
extern bool plain_scan(Neighbourhood *nb, const char *sql, TakeRow take, void *arg);

#endif							/* OUTBOUND_PLAIN_TABLE_H */
