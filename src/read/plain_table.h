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

/* memcmp() = 0, faster where there is little */
static inline bool
same_bytes(const char *a, const char *b, size_t length)
{
	uint64		wide[2];
	uint32		narrow[2];

	if (length > 16)
		return memcmp(a, b, length) == 0;
	if (length >= 8)
	{
		memcpy(&wide[0], a, 8);
		memcpy(&wide[1], b, 8);
		if (wide[0] != wide[1])
			return false;
		memcpy(&wide[0], a + length - 8, 8);
		memcpy(&wide[1], b + length - 8, 8);
		return wide[0] == wide[1];
	}
	if (length >= 4)
	{
		memcpy(&narrow[0], a, 4);
		memcpy(&narrow[1], b, 4);
		if (narrow[0] != narrow[1])
			return false;
		memcpy(&narrow[0], a + length - 4, 4);
		memcpy(&narrow[1], b + length - 4, 4);
		return narrow[0] == narrow[1];
	}
	while (length > 0 && a[length - 1] == b[length - 1])
		length--;
	return length == 0;
}

#endif							/* OUTBOUND_PLAIN_TABLE_H */
