/*
 * census_parts.h
 *		What a census is made of.  Internal to census.c and census_build.c.
 */
#ifndef OUTBOUND_CENSUS_PARTS_H
#define OUTBOUND_CENSUS_PARTS_H

#include "census.h"

#define CHUNK			8192

typedef struct Slot
{
	uint32_t	hash;
	uint32_t	party;			/* + 1; 0 is empty */
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
	Row			rows[CHUNK];
} RowChunk;

struct Census
{
	CoreEnv    *env;
	CoreEnv    *build;
	uint32_t	n;
	CensusParty **parties;		/* chunks */
	size_t		max_chunks;
	Slot	   *table;
	size_t		table_size;		/* a power of two */
	char	   *ids;			/* the block being filled */
	size_t		ids_left;
	CensusShare **shares;		/* chunks */
	size_t		max_share_chunks;
	uint32_t	n_shares;
	uint32_t   *share_table;	/* share + 1 */
	size_t		share_table_size;
	uint64_t	unit;			/* common denominator of most shares */
	RowChunk   *first;
	RowChunk   *last;
	uint64_t	n_rows;
	uint32_t   *in_start;		/* n + 1 */
	CensusEdge *in;
	uint32_t   *out_start;		/* n + 1 */
	uint32_t   *out;
	CensusOpenness openness;
};

#endif							/* OUTBOUND_CENSUS_PARTS_H */
