/*
 * census_build.c
 *		The interests of a census, by held and by holder.
 *
 * Rows are collected in chunks, sorted by counting once all are in, and merged where the
 * same holder has the same kind of interest more than once, by graph.c's own rules.
 */
#include <string.h>

#include "arena.h"
#include "census_parts.h"

void
census_add(Census *census, uint32_t holder, uint32_t held, InterestKind kind,
		   uint32_t share, uint32_t source)
{
	bool		principal = kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR;
	RowChunk   *chunk = census->last;
	Row		   *row;

	if (chunk == NULL || chunk->n == ROW_CHUNK)
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
		chunk->sources = core_array(census->build, ROW_CHUNK, sizeof(uint32_t));
		if (census->build->status != CORE_OK)
			return;
		memset(chunk->sources, 0, ROW_CHUNK * sizeof(uint32_t));
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
merge_edges(Census *census, CoreEnv *env, uint32_t *sources)
{
	Arena		arena;
	uint32_t	to = 0;
	uint32_t	start = 0;

	arena_init(&arena, env);
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

/* Nobody holds an individual or a government, whatever is told. */
static inline bool
row_counts(const Census *census, const Row *row)
{
	return row->edge.kind == INTEREST_BRANCH_OF || row->edge.kind == INTEREST_ACTS_FOR ||
		!party_at(census, row->owner)->unheld;
}

/* Counts the rows of each party, two places ahead; choosy: only those that count. */
static void
count_rows(Census *census, CoreEnv *env, bool choosy)
{
	core_fill(env, census->in_start, 0, ((size_t) census->n + 2) * sizeof(uint32_t));
	for (const RowChunk *chunk = census->first; chunk != NULL; chunk = chunk->next)
	{
		for (uint32_t i = 0; i < chunk->n; i++)
			census->in_start[chunk->rows[i].owner + 2] += !choosy || row_counts(census, &chunk->rows[i]);
		env->poll(env->arg);
	}
}

/* Is anybody told to be held whom nobody holds? */
static bool
unheld_are_held(Census *census, CoreEnv *env)
{
	for (uint32_t i = 0; i < census->n; i++)
	{
		core_step(env);
		if (party_at(census, i)->unheld && census->in_start[i + 2] > 0)
			return true;
	}
	return false;
}

/* Puts the rows into one array by owner. */
static uint32_t *
place_rows(Census *census, CoreEnv *env, CoreEnv *scratch)
{
	bool		with_sources = false;
	bool		choosy;
	uint32_t   *sources = NULL;

	for (const RowChunk *chunk = census->first; chunk != NULL; chunk = chunk->next)
		with_sources = with_sources || chunk->sources != NULL;
	count_rows(census, env, false);
	choosy = unheld_are_held(census, env);
	if (choosy)
		count_rows(census, env, true);
	for (uint32_t i = 1; i <= census->n; i++)
		census->in_start[i + 1] += census->in_start[i];
	census->in = core_array(env, census->n_rows + 1, sizeof(CensusEdge));
	if (with_sources)
		sources = core_array(scratch, census->n_rows + 1, sizeof(uint32_t));
	if (env->status != CORE_OK || scratch->status != CORE_OK)
		return NULL;
	for (const RowChunk *chunk = census->first; chunk != NULL; chunk = chunk->next)
	{
		for (uint32_t i = 0; i < chunk->n; i++)
		{
			uint32_t	place;

			if (i + 32 < chunk->n)
				__builtin_prefetch(&census->in_start[chunk->rows[i + 32].owner + 1], 1);
			if (i + 16 < chunk->n)
				__builtin_prefetch(&census->in[census->in_start[chunk->rows[i + 16].owner + 1]], 1);
			if (choosy && !row_counts(census, &chunk->rows[i]))
				continue;
			place = census->in_start[chunk->rows[i].owner + 1]++;
			census->in[place] = chunk->rows[i].edge;
			if (with_sources)
				sources[place] = chunk->sources ? chunk->sources[i] : 0;
		}
		env->poll(env->arg);
	}
	return sources;
}

/* Lists by holder whom each party's status or factor touches. */
void
census_link(Census *census, CoreEnv *env)
{
	census->out_start = core_array(env, (size_t) census->n + 2, sizeof(uint32_t));
	census->out = core_array(env, (size_t) census->in_start[census->n] + 1, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	core_fill(env, census->out_start, 0, ((size_t) census->n + 2) * sizeof(uint32_t));
	for (uint32_t i = 0; i < census->in_start[census->n]; i++)
	{
		core_step(env);
		if (i + 32 < census->in_start[census->n])
			__builtin_prefetch(&census->out_start[census->in[i + 32].holder + 2], 1);
		census->out_start[census->in[i].holder + 2]++;
	}
	for (uint32_t i = 1; i <= census->n; i++)
		census->out_start[i + 1] += census->out_start[i];
	for (uint32_t party = 0; party < census->n; party++)
		for (uint32_t i = census->in_start[party]; i < census->in_start[party + 1]; i++)
		{
			core_step(env);
			if (i + 32 < census->in_start[census->n])
				__builtin_prefetch(&census->out_start[census->in[i + 32].holder + 1], 1);
			if (i + 16 < census->in_start[census->n])
				__builtin_prefetch(&census->out[census->out_start[census->in[i + 16].holder + 1]], 1);
			census->out[census->out_start[census->in[i].holder + 1]++] = party;
		}
}

/* What shares stand for in the common unit, and whether anything is open. */
static void
settle_shares(Census *census)
{
	memset(&census->openness, 0, sizeof(census->openness));
	census->has_values = false;
	for (uint32_t i = 0; i < census->n_shares; i++)
	{
		CensusShare *s = share_at(census, i);

		core_step(census->env);
		s->units = UINT64_MAX;
		if (s->value == NULL && census->unit % s->den == 0 &&
			s->num <= (UINT64_C(1) << 60) / (census->unit / s->den))
			s->units = s->num * (census->unit / s->den);
	}
	for (uint32_t i = 0; i < census->n; i++)
	{
		const CensusParty *party = party_at(census, i);

		core_step(census->env);
		if (!party->unheld && party->register_state == REGISTER_OPEN)
			census->openness.undisclosed = true;
		if (party->pooled_fund == TERNARY_UNKNOWN)
			census->openness.kinds = true;
	}
	for (uint32_t i = 0; i < census->in_start[census->n]; i++)
	{
		const CensusShare *share;

		core_step(census->env);
		if (census->in[i].kind == INTEREST_UNMAPPED)
			census->openness.ranges = true;
		if (census->in[i].kind >= N_PERCENTAGE_KINDS)
			continue;
		share = share_at(census, census->in[i].share);
		if (share->value == NULL)
			continue;
		census->has_values = true;
		if (!share_value_is_exact(share->value))
			census->openness.ranges = true;
	}
}

void
census_sort(Census *census, CoreEnv *env, CoreEnv *scratch)
{
	uint32_t   *sources;

	census->in_start = core_array(env, (size_t) census->n + 2, sizeof(uint32_t));
	if (env->status != CORE_OK || scratch->status != CORE_OK)
		return;
	sources = place_rows(census, env, scratch);
	if (env->status != CORE_OK || scratch->status != CORE_OK)
		return;
	merge_edges(census, scratch, sources);
	if (census->env->status != CORE_OK || census->build->status != CORE_OK || scratch->status != CORE_OK)
		return;
	settle_shares(census);
}

CensusOpenness
census_openness(const Census *census)
{
	return census->openness;
}
