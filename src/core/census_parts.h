/*
 * census_parts.h
 *		What a census is made of.  Internal to the census.
 */
#ifndef OUTBOUND_CENSUS_PARTS_H
#define OUTBOUND_CENSUS_PARTS_H

#include "census.h"

#define CHUNK			8192
#define ROW_CHUNK		32768	/* rows come and go: in pieces that the C library gives back to the system one by one */

/* each id follows its party's number and ends in NUL; they lie in blocks, a longer one has as many as it needs */
#define ID_BLOCK_SHIFT	18
#define ID_BLOCK		((size_t) 1 << ID_BLOCK_SHIFT)
#define ID_NUMBER		sizeof(uint32_t)
#define ID_COMPARED		64		/* ids so long are compared without looking for their end: blocks have as much behind them */

/* an array that grows */
typedef struct Chunks
{
	void	  **chunk;
	size_t		n;
	size_t		max;
} Chunks;

typedef struct Slot
{
	uint32_t	hash;
	uint32_t	id;				/* its place; 0 is empty */
} Slot;

typedef struct Row
{
	uint32_t	owner;			/* the held; of branch_of and acts_for the holder */
	CensusEdge	edge;
} Row;

typedef struct RowChunk
{
	struct RowChunk *next;
	uint32_t	n;
	uint32_t   *sources;		/* NULL while all are 0 */
	Row			rows[ROW_CHUNK];
} RowChunk;

struct Census
{
	CoreEnv    *env;
	CoreEnv    *build;
	uint32_t	n;
	Chunks		parties;
	CoreEnv    *index;			/* the table's */
	Slot	   *table;			/* NULL when forgotten */
	size_t		table_size;
	char	  **ids;			/* blocks */
	size_t		n_ids;
	size_t		max_ids;
	uint64_t	ids_used;		/* bytes, of all blocks */
	Chunks		shares;
	uint32_t	n_shares;
	uint32_t   *share_table;	/* share + 1 */
	size_t		share_table_size;
	uint32_t   *common_shares;	/* share + 1, by its hundredths of a percent */
	uint64_t	unit;			/* common denominator of most shares */
	RowChunk   *first;
	RowChunk   *last;
	uint64_t	n_rows;
	uint32_t   *in_start;		/* n + 1 */
	CensusEdge *in;
	uint32_t   *out_start;		/* n + 1 */
	uint32_t   *out;
	CensusOpenness openness;
	bool		has_values;		/* some interest's share is no small fraction */
};

static inline CensusParty *
party_at(const Census *census, uint32_t party)
{
	return (CensusParty *) census->parties.chunk[party / CHUNK] + party % CHUNK;
}

static inline char *
id_text(const Census *census, uint32_t place)
{
	return census->ids[place >> ID_BLOCK_SHIFT] + (place & (ID_BLOCK - 1));
}

static inline CensusShare *
share_at(const Census *census, uint32_t share)
{
	return (CensusShare *) census->shares.chunk[share / CHUNK] + share % CHUNK;
}

static inline const CensusEdge *
edges_at(const Census *census, uint32_t party, uint32_t *n)
{
	*n = census->in_start[party + 1] - census->in_start[party];
	return census->in + census->in_start[party];
}

/* Fetches ahead what one of the parties in a list will be evaluated by: first where its edges lie, then they. */
static inline void
fetch_edges(const Census *census, const uint32_t *parties, uint32_t at, uint32_t n)
{
	if (at + 16 < n)
		__builtin_prefetch(&census->in_start[parties[at + 16]]);
	if (at + 8 < n)
		__builtin_prefetch(&census->in[census->in_start[parties[at + 8]]]);
}

/* The same of whom it holds. */
static inline void
fetch_held(const Census *census, const uint32_t *parties, uint32_t at, uint32_t n)
{
	if (at + 16 < n)
		__builtin_prefetch(&census->out_start[parties[at + 16]]);
	if (at + 8 < n)
		__builtin_prefetch(&census->out[census->out_start[parties[at + 8]]]);
}

static inline const uint32_t *
held_at(const Census *census, uint32_t party, uint32_t *n)
{
	*n = census->out_start[party + 1] - census->out_start[party];
	return census->out + census->out_start[party];
}

#endif							/* OUTBOUND_CENSUS_PARTS_H */
