/*
 * load_rows.h
 *		Rows of the relations party and interest on their way into the graph.
 */
#ifndef OUTBOUND_LOAD_ROWS_H
#define OUTBOUND_LOAD_ROWS_H

#include "read/neighbourhood.h"

/* which rows of an interest query are wanted: an end's own, its principals' or all */
typedef enum WantedInterests
{
	WANT_HOLDERS,
	WANT_PRINCIPALS,
	WANT_ALL
} WantedInterests;

/* makes room for the graph's newest parties; new ones know nothing */
extern void reserve_parties(Neighbourhood *nb);

/* SQL for a level's parties (those in $1) or for all */
extern char *party_sql(Neighbourhood *nb, bool all);

/* SQL for interests by one of their ends (NULL: all); only_principals restricts to branches and agents */
extern char *interest_sql(Neighbourhood *nb, const char *by, bool only_principals);

/* what the current SPI result tells: of one party, of the interests in its first n rows */
extern void read_party(Neighbourhood *nb, uint64 row);
extern void read_interests(Neighbourhood *nb, uint64 n, WantedInterests wanted);

/* the text of a column of the current SPI result, or NULL; in the current context */
extern char *spi_text(uint64 row, int column);

#endif							/* OUTBOUND_LOAD_ROWS_H */
