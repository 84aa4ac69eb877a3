/*
 * census.c
 *		The tables of census.h: ids to numbers, shares to numbers, interests by held and by
 *		holder.
 *
 * Rows are collected in chunks, sorted by counting once all are in, and merged where the
 * same holder has the same kind of interest more than once, by graph.c's own rules.
 */
#include <string.h>

#include "arena.h"
#include "census.h"

#define CHUNK			8192
#define ID_BLOCK		(256 * 1024)
#define MAX_PARTIES		((uint32_t) 0xFFFFFFF0)
#define MAX_UNIT		(UINT64_C(1) << 40)

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

Census *
census_create(CoreEnv *env, CoreEnv *build, size_t expected_parties)
{
	Census	   *census = core_array(env, 1, sizeof(Census));

	memset(census, 0, sizeof(Census));
	census->env = env;
	census->build = build;
	census->table_size = 1024;
	while (census->table_size < expected_parties + expected_parties / 2 && census->table_size < ((size_t) 1 << 31))
		census->table_size *= 2;
	census->table = core_array(env, census->table_size, sizeof(Slot));
	census->share_table_size = 1024;
	census->share_table = core_array(build, census->share_table_size, sizeof(uint32_t));
	if (env->status == CORE_OK)
		memset(census->table, 0, census->table_size * sizeof(Slot));
	if (build->status == CORE_OK)
		memset(census->share_table, 0, census->share_table_size * sizeof(uint32_t));
	census->unit = 1;
	return census;
}

uint32_t
census_size(const Census *census)
{
	return census->n;
}

CensusParty *
census_party(const Census *census, uint32_t party)
{
	return &census->parties[party / CHUNK][party % CHUNK];
}

/* Mixes eight bytes at a time. */
static uint32_t
hash_id(const char *id, size_t length)
{
	uint64_t	h = UINT64_C(0x9E3779B97F4A7C15) ^ length;
	uint64_t	word;

	for (; length >= 8; length -= 8, id += 8)
	{
		memcpy(&word, id, 8);
		h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, id, length);
	h = (h ^ word) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint32_t) (h ^ (h >> 32));
}

/* Finds an id's slot: its own, or the empty one where it belongs. */
static Slot *
find_slot(const Census *census, const char *id, size_t length, uint32_t hash)
{
	size_t		place = hash & (census->table_size - 1);

	for (;; place = (place + 1) & (census->table_size - 1))
	{
		Slot	   *slot = &census->table[place];

		if (slot->party == 0)
			return slot;
		if (slot->hash == hash)
		{
			const char *found = census_party(census, slot->party - 1)->id;

			if (strncmp(found, id, length) == 0 && found[length] == '\0')
				return slot;
		}
	}
}

/* Doubles the table of ids when it is two thirds full. */
static void
grow_table(Census *census)
{
	size_t		size = census->table_size * 2;
	Slot	   *table;

	if ((size_t) census->n + CENSUS_BATCH <= census->table_size / 3 * 2 || census->table_size >= ((size_t) 1 << 32))
		return;
	table = core_array(census->env, size, sizeof(Slot));
	if (census->env->status != CORE_OK)
		return;
	memset(table, 0, size * sizeof(Slot));
	for (size_t i = 0; i < census->table_size; i++)
	{
		size_t		place = census->table[i].hash & (size - 1);

		core_step(census->env);
		if (census->table[i].party == 0)
			continue;
		while (table[place].party != 0)
			place = (place + 1) & (size - 1);
		table[place] = census->table[i];
	}
	census->table = table;
	census->table_size = size;
}

/* Makes room in a list of chunks for one more element of size bytes. */
static void
grow_chunks(CoreEnv *env, void ***chunks, size_t *max, uint32_t n, size_t size)
{
	size_t		chunk = n / CHUNK;

	if (n % CHUNK != 0)
		return;
	if (chunk >= *max)
	{
		size_t		wanted = *max ? *max * 2 : 64;
		void	  **fresh = core_array(env, wanted, sizeof(void *));

		if (env->status != CORE_OK)
			return;
		if (chunk > 0)
			memcpy(fresh, *chunks, chunk * sizeof(void *));
		*chunks = fresh;
		*max = wanted;
	}
	(*chunks)[chunk] = core_array(env, CHUNK, size);
}

/* Copies an id into the census. */
static const char *
keep_id(Census *census, const char *id, size_t length)
{
	char	   *kept;

	if (length + 1 > census->ids_left)
	{
		size_t		block = length + 1 > ID_BLOCK / 4 ? length + 1 : ID_BLOCK;

		kept = core_array(census->env, block, 1);
		if (census->env->status != CORE_OK)
			return "";
		if (block != ID_BLOCK)
		{
			memcpy(kept, id, length);
			kept[length] = '\0';
			return kept;
		}
		census->ids = kept;
		census->ids_left = block;
	}
	kept = census->ids;
	memcpy(kept, id, length);
	kept[length] = '\0';
	census->ids += length + 1;
	census->ids_left -= length + 1;
	return kept;
}

/* Appends a party about which nothing is known. */
static uint32_t
add_party(Census *census, const CensusKey *key)
{
	CensusParty *party;

	if (census->n >= MAX_PARTIES)
		core_fail(census->env, CORE_TOO_LARGE);
	grow_chunks(census->env, (void ***) &census->parties, &census->max_chunks, census->n, sizeof(CensusParty));
	if (census->env->status != CORE_OK)
		return 0;
	party = census_party(census, census->n);
	memset(party, 0, sizeof(CensusParty));
	party->id = keep_id(census, key->id, key->length);
	party->register_state = REGISTER_OPEN;
	party->pooled_fund = TERNARY_UNKNOWN;
	return census->n++;
}

void
census_intern(Census *census, CensusKey *keys, int n)
{
	grow_table(census);
	for (int i = 0; i < n; i++)
	{
		keys[i].hash = hash_id(keys[i].id, keys[i].length);
		__builtin_prefetch(&census->table[keys[i].hash & (census->table_size - 1)]);
	}
	for (int i = 0; i < n; i++)
	{
		const Slot *slot = &census->table[keys[i].hash & (census->table_size - 1)];

		if (slot->party != 0 && slot->hash == keys[i].hash)
			__builtin_prefetch(census_party(census, slot->party - 1));
	}
	for (int i = 0; i < n; i++)
	{
		const Slot *slot = &census->table[keys[i].hash & (census->table_size - 1)];

		if (slot->party != 0 && slot->hash == keys[i].hash)
			__builtin_prefetch(census_party(census, slot->party - 1)->id);
	}
	for (int i = 0; i < n && census->env->status == CORE_OK; i++)
	{
		Slot	   *slot = find_slot(census, keys[i].id, keys[i].length, keys[i].hash);

		keys[i].is_new = slot->party == 0;
		if (keys[i].is_new)
		{
			uint32_t	party = add_party(census, &keys[i]);

			if (census->env->status != CORE_OK)
				return;
			slot->hash = keys[i].hash;
			slot->party = party + 1;
		}
		keys[i].party = slot->party - 1;
	}
}

bool
census_find(const Census *census, const char *id, size_t length, uint32_t *party)
{
	const Slot *slot = find_slot(census, id, length, hash_id(id, length));

	if (slot->party == 0)
		return false;
	*party = slot->party - 1;
	return true;
}

const CensusShare *
census_share_of(const Census *census, uint32_t share)
{
	return &census->shares[share / CHUNK][share % CHUNK];
}

uint64_t
census_unit(const Census *census)
{
	return census->unit;
}

ShareValue
census_share_value(const Census *census, uint32_t share)
{
	const CensusShare *s = census_share_of(census, share);

	if (s->value != NULL)
		return *s->value;
	return share_value_exact((Fraction) {s->num, s->den, NULL, false});
}

/* Is it one finite fraction of 64 bits? */
static bool
is_small(const ShareValue *share)
{
	return share_value_is_exact(share) && share->lower.big == NULL && share->lower.den != 0;
}

static size_t
share_place(const Census *census, uint64_t num, uint64_t den)
{
	uint64_t	h = (num * UINT64_C(0x9E3779B97F4A7C15)) ^ (den * UINT64_C(0xff51afd7ed558ccd));
	size_t		place = (h ^ (h >> 29)) & (census->share_table_size - 1);

	while (census->share_table[place] != 0)
	{
		const CensusShare *s = census_share_of(census, census->share_table[place] - 1);

		if (s->num == num && s->den == den && s->value == NULL)
			break;
		place = (place + 1) & (census->share_table_size - 1);
	}
	return place;
}

/* Doubles the table of shares when it is half full. */
static void
grow_share_table(Census *census)
{
	size_t		size = census->share_table_size * 2;
	uint32_t   *table;

	if ((size_t) census->n_shares * 2 < census->share_table_size)
		return;
	table = core_array(census->build, size, sizeof(uint32_t));
	if (census->build->status != CORE_OK)
		return;
	memset(table, 0, size * sizeof(uint32_t));
	census->share_table = table;
	census->share_table_size = size;
	for (uint32_t i = 0; i < census->n_shares; i++)
	{
		const CensusShare *s = census_share_of(census, i);

		core_step(census->build);
		if (s->value == NULL)
			table[share_place(census, s->num, s->den)] = i + 1;
	}
}

static uint64_t
greatest_divisor(uint64_t a, uint64_t b)
{
	while (b != 0)
	{
		uint64_t	r = a % b;

		a = b;
		b = r;
	}
	return a;
}

uint32_t
census_share(Census *census, const ShareValue *share)
{
	bool		small = is_small(share);
	CensusShare *s;

	if (small)
	{
		size_t		place = share_place(census, share->lower.num, share->lower.den);

		if (census->share_table[place] != 0)
			return census->share_table[place] - 1;
		grow_share_table(census);
	}
	if (census->n_shares >= CENSUS_NO_SHARE)
		core_fail(census->env, CORE_TOO_LARGE);
	grow_chunks(census->env, (void ***) &census->shares, &census->max_share_chunks, census->n_shares, sizeof(CensusShare));
	if (census->env->status != CORE_OK || census->build->status != CORE_OK)
		return 0;
	s = &census->shares[census->n_shares / CHUNK][census->n_shares % CHUNK];
	memset(s, 0, sizeof(CensusShare));
	if (small)
	{
		uint64_t	factor;

		s->num = share->lower.num;
		s->den = share->lower.den;
		census->share_table[share_place(census, s->num, s->den)] = census->n_shares + 1;
		factor = s->den / greatest_divisor(census->unit, s->den);
		if (factor <= MAX_UNIT / census->unit)
			census->unit *= factor;
	}
	else
	{
		ShareValue *kept = core_array(census->env, 1, sizeof(ShareValue));

		if (census->env->status != CORE_OK)
			return 0;
		*kept = *share;
		kept->lower = fraction_copy(census->env, share->lower);
		kept->upper = fraction_copy(census->env, share->upper);
		s->value = kept;
	}
	return census->n_shares++;
}

void
census_add(Census *census, uint32_t holder, uint32_t held, InterestKind kind,
		   uint32_t share, uint32_t source)
{
	bool		principal = kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR;
	RowChunk   *chunk = census->last;
	Row		   *row;

	if (!principal && census_party(census, held)->unheld)
		return;
	if (chunk == NULL || chunk->n == CHUNK)
	{
		chunk = core_array(census->build, 1, sizeof(RowChunk));
		if (census->build->status != CORE_OK)
			return;
		chunk->next = NULL;
		chunk->n = 0;
		chunk->sources = NULL;
		if (census->last != NULL)
			census->last->next = chunk;
		else
			census->first = chunk;
		census->last = chunk;
	}
	if (source != 0 && chunk->sources == NULL)
	{
		chunk->sources = core_array(census->build, CHUNK, sizeof(uint32_t));
		if (census->build->status != CORE_OK)
			return;
		memset(chunk->sources, 0, CHUNK * sizeof(uint32_t));
	}
	if (chunk->sources != NULL)
		chunk->sources[chunk->n] = source;
	row = &chunk->rows[chunk->n++];
	row->owner = principal ? holder : held;
	row->edge.holder = principal ? held : holder;
	row->edge.kind = kind;
	row->edge.share = share;
	if (++census->n_rows >= UINT32_MAX)
		core_fail(census->build, CORE_TOO_LARGE);
}

static bool
edge_before(CensusEdge a, CensusEdge b)
{
	return a.holder < b.holder || (a.holder == b.holder && a.kind < b.kind);
}

static void
swap_edges(CensusEdge *edges, uint32_t *sources, uint32_t i, uint32_t j)
{
	CensusEdge	edge = edges[i];

	edges[i] = edges[j];
	edges[j] = edge;
	if (sources != NULL)
	{
		uint32_t	source = sources[i];

		sources[i] = sources[j];
		sources[j] = source;
	}
}

/* Moves an edge down to its place in the heap of the first n. */
static void
sift_edge(CensusEdge *edges, uint32_t *sources, uint32_t root, uint32_t n)
{
	for (uint32_t child; (child = 2 * root + 1) < n; root = child)
	{
		if (child + 1 < n && edge_before(edges[child], edges[child + 1]))
			child++;
		if (!edge_before(edges[root], edges[child]))
			return;
		swap_edges(edges, sources, root, child);
	}
}

/* Orders the edges of one party by holder and kind; the sources move along.  In place, never quadratic. */
static void
sort_edges(CoreEnv *env, CensusEdge *edges, uint32_t *sources, uint32_t n)
{
	if (n < 16)
	{
		for (uint32_t i = 1; i < n; i++)
			for (uint32_t j = i; j > 0 && edge_before(edges[j], edges[j - 1]); j--)
				swap_edges(edges, sources, j, j - 1);
		return;
	}
	for (uint32_t root = n / 2; root-- > 0;)
	{
		core_step(env);
		sift_edge(edges, sources, root, n);
	}
	for (uint32_t end = n; --end > 0;)
	{
		core_step(env);
		swap_edges(edges, sources, 0, end);
		sift_edge(edges, sources, 0, end);
	}
}

/* One holder told the same kind more than once: graph.c merges lots and tellings. */
static uint32_t
merge_share(Census *census, Arena *arena, const CensusEdge *edges, const uint32_t *sources, uint32_t n)
{
	Graph	   *graph;
	NodeId		held,
				holder;
	uint32_t	share = 0;

	arena_reset(arena);
	graph = graph_create(&arena->env);
	held = graph_intern(graph, "held", 4, NULL);
	holder = graph_intern(graph, "holder", 6, NULL);
	for (uint32_t i = 0; i < n; i++)
	{
		ShareValue	value = census_share_value(census, edges[i].share);
		char		source[9];

		for (int digit = 0; digit < 8; digit++)
			source[digit] = (char) ('a' + ((sources ? sources[i] : 0) >> (4 * digit) & 15));
		source[8] = '\0';
		graph_add_interest(graph, holder, held, (InterestKind) edges[i].kind, &value, false, source);
	}
	graph_expand(graph, held);
	if (!arena_failed(arena))
		share = census_share(census, &graph_node(graph, held)->holdings[0].share);
	return share;
}

/* Merges what stands more than once, moving everything together. */
static void
merge_edges(Census *census, uint32_t *sources)
{
	CoreEnv    *env = census->build;
	Arena		arena;
	uint32_t	to = 0;
	uint32_t	start = 0;

	arena_init(&arena, census->build);
	for (uint32_t party = 0; party < census->n && env->status == CORE_OK; party++)
	{
		uint32_t	end = census->in_start[party + 1];

		core_step(env);
		sort_edges(env, census->in + start, sources ? sources + start : NULL, end - start);
		census->in_start[party] = to;
		for (uint32_t at = start; at < end;)
		{
			CensusEdge	edge = census->in[at];
			uint32_t	next = at + 1;

			while (next < end && census->in[next].holder == edge.holder && census->in[next].kind == edge.kind)
				next++;
			if (next - at > 1 && edge.kind < N_PERCENTAGE_KINDS)
				edge.share = merge_share(census, &arena, census->in + at, sources ? sources + at : NULL, next - at);
			census->in[to++] = edge;
			at = next;
		}
		start = end;
	}
	census->in_start[census->n] = to;
}

/* Puts the rows into one array by owner. */
static uint32_t *
place_rows(Census *census)
{
	CoreEnv    *env = census->env;
	bool		with_sources = false;
	uint32_t   *sources = NULL;

	for (const RowChunk *chunk = census->first; chunk != NULL; chunk = chunk->next)
	{
		with_sources = with_sources || chunk->sources != NULL;
		for (uint32_t i = 0; i < chunk->n; i++)
			census->in_start[chunk->rows[i].owner + 2]++;
		env->poll(env->arg);
	}
	for (uint32_t i = 1; i <= census->n; i++)
		census->in_start[i + 1] += census->in_start[i];
	census->in = core_array(env, census->n_rows + 1, sizeof(CensusEdge));
	if (with_sources)
		sources = core_array(census->build, census->n_rows + 1, sizeof(uint32_t));
	if (env->status != CORE_OK || census->build->status != CORE_OK)
		return NULL;
	for (const RowChunk *chunk = census->first; chunk != NULL; chunk = chunk->next)
	{
		for (uint32_t i = 0; i < chunk->n; i++)
		{
			uint32_t	place = census->in_start[chunk->rows[i].owner + 1]++;

			census->in[place] = chunk->rows[i].edge;
			if (with_sources)
				sources[place] = chunk->sources ? chunk->sources[i] : 0;
		}
		env->poll(env->arg);
	}
	return sources;
}

/* Lists by holder whom each party's status or factor touches. */
static void
place_held(Census *census)
{
	CoreEnv    *env = census->env;

	census->out_start = core_array(env, (size_t) census->n + 2, sizeof(uint32_t));
	census->out = core_array(env, (size_t) census->in_start[census->n] + 1, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	memset(census->out_start, 0, ((size_t) census->n + 2) * sizeof(uint32_t));
	for (uint32_t i = 0; i < census->in_start[census->n]; i++)
	{
		core_step(env);
		census->out_start[census->in[i].holder + 2]++;
	}
	for (uint32_t i = 1; i <= census->n; i++)
		census->out_start[i + 1] += census->out_start[i];
	for (uint32_t party = 0; party < census->n; party++)
		for (uint32_t i = census->in_start[party]; i < census->in_start[party + 1]; i++)
		{
			core_step(env);
			census->out[census->out_start[census->in[i].holder + 1]++] = party;
		}
}

/* What shares stand for in the common unit, and whether anything is open. */
static void
settle_shares(Census *census)
{
	for (uint32_t i = 0; i < census->n_shares; i++)
	{
		CensusShare *s = &census->shares[i / CHUNK][i % CHUNK];

		core_step(census->env);
		s->units = UINT64_MAX;
		if (s->value == NULL && census->unit % s->den == 0 &&
			s->num <= (UINT64_C(1) << 60) / (census->unit / s->den))
			s->units = s->num * (census->unit / s->den);
		if (s->value != NULL && !share_value_is_exact(s->value))
			census->openness.ranges = true;
	}
	for (uint32_t i = 0; i < census->n; i++)
	{
		const CensusParty *party = census_party(census, i);

		core_step(census->env);
		if (!party->unheld && party->register_state == REGISTER_OPEN)
			census->openness.undisclosed = true;
		if (party->pooled_fund == TERNARY_UNKNOWN)
			census->openness.kinds = true;
	}
	for (uint32_t i = 0; i < census->in_start[census->n]; i++)
	{
		core_step(census->env);
		if (census->in[i].kind == INTEREST_UNMAPPED)
			census->openness.ranges = true;
	}
}

void
census_finish(Census *census)
{
	uint32_t   *sources;

	census->in_start = core_array(census->env, (size_t) census->n + 2, sizeof(uint32_t));
	if (census->env->status != CORE_OK || census->build->status != CORE_OK)
		return;
	memset(census->in_start, 0, ((size_t) census->n + 2) * sizeof(uint32_t));
	sources = place_rows(census);
	if (census->env->status != CORE_OK || census->build->status != CORE_OK)
		return;
	merge_edges(census, sources);
	if (census->env->status != CORE_OK || census->build->status != CORE_OK)
		return;
	settle_shares(census);
	place_held(census);
	census->first = census->last = NULL;
	census->share_table = NULL;
}

CensusOpenness
census_openness(const Census *census)
{
	return census->openness;
}

const CensusEdge *
census_edges(const Census *census, uint32_t party, uint32_t *n)
{
	*n = census->in_start[party + 1] - census->in_start[party];
	return census->in + census->in_start[party];
}

const uint32_t *
census_held(const Census *census, uint32_t party, uint32_t *n)
{
	*n = census->out_start[party + 1] - census->out_start[party];
	return census->out + census->out_start[party];
}
