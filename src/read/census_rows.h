/*
 * census_rows.h
 *		Rows of the relations party and interest on their way into a census.
 */
#ifndef OUTBOUND_CENSUS_ROWS_H
#define OUTBOUND_CENSUS_ROWS_H

#include "compat.h"
#include "read/load_census.h"

/* a stream of rows; ids are numbered by the batch, then each row is taken */
typedef struct CensusStream CensusStream;

/* one row of relation interest, its ids numbered */
typedef struct InterestRow
{
	uint32		holder;
	uint32		held;
	InterestKind kind;
	uint32		share;			/* in the census's dictionary */
	uint32		source;			/* 0: none */
} InterestRow;
typedef void (*TakeInterest) (void *arg, const InterestRow *row);

/* streams in the current context; build is the environment of what goes when the census is finished */
extern CensusStream *party_stream(LoadedCensus *loaded, CoreEnv *build);
extern CensusStream *interest_stream(LoadedCensus *loaded, CoreEnv *build, TakeInterest take, void *arg);

/* the columns that the streams want, of relations under aliases p and i; without_shares: only who holds whom how */
extern const char *party_columns(const Neighbourhood *nb, bool with_places);
extern const char *interest_columns(const Neighbourhood *nb, bool without_shares);

/* reads a relation whole: what of it is valid on the day; SPI must be connected */
extern void stream_relation(CensusStream *stream, SourceRelationId id, const char *alias, const char *columns);

/* runs a query, the day as its last parameter, ids (unless 0) as its first; SPI must be connected */
extern void stream_query(CensusStream *stream, const char *sql, Datum ids);

/* the bytes of a text datum, in place unless it is toasted */
static inline const char *
text_bytes(Datum datum, size_t *length)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	if (VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value))
		value = PG_DETOAST_DATUM_PACKED(datum);
	*length = VARSIZE_ANY_EXHDR(value);
	return VARDATA_ANY(value);
}

#endif							/* OUTBOUND_CENSUS_ROWS_H */
