/*
 * load_graph.c
 *		How much of the graph is loaded: the cone above a party level by level, what is
 *		below it, or everything in two scans.
 *
 * Two index probes a level: the interests IN the frontier's parties, and the parties of
 * which a frontier member is the branch or agent.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "outbound.h"
#include "read/contract_words.h"
#include "read/load_rows.h"

#define BYTES_PER_INTEREST 256	/* of the graph in memory, roughly */
#define PROBES_UPWARD	3		/* a party's: its row, the interests in it, its principals */
#define PROBES_DOWNWARD	2		/* whom it holds, its branches */

/* who holds whom, downwards: made when everything is loaded */
typedef struct Downward
{
	uint32		n;				/* parties then */
	uint32	   *start;			/* n + 1 */
	NodeId	   *held;
	uint32	   *met;			/* by party: the last question that met it */
	uint32		questions;
} Downward;

/* Reads some parties of a level, few enough for one query. */
static void
load_some(Neighbourhood *nb, const NodeId *frontier, uint32 n)
{
	const char **ids = palloc(mul_size(sizeof(char *), n));
	Datum		all,
				held;
	uint32		n_held = 0;
	uint64		rows;

	for (uint32 i = 0; i < n; i++)
	{
		ids[i] = graph_node(nb->graph, frontier[i])->id;
		nb->parties[frontier[i]].asked = true;
	}
	all = source_id_array(nb->schema, ids, n);
	rows = neighbourhood_query(nb, party_sql(nb, false), all, true);
	for (uint64 row = 0; row < rows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		read_party(nb, row);
	}
	SPI_freetuptable(SPI_tuptable);
	rows = neighbourhood_query(nb, interest_sql(nb, "holder_id", true), all, true);
	read_interests(nb, rows, WANT_PRINCIPALS);
	SPI_freetuptable(SPI_tuptable);

	for (uint32 i = 0; i < n; i++)
	{
		nb->parties[frontier[i]].loaded = true;
		if (!graph_node(nb->graph, frontier[i])->unheld)
			ids[n_held++] = graph_node(nb->graph, frontier[i])->id;
	}
	if (n_held > 0)
	{
		held = source_id_array(nb->schema, ids, n_held);
		rows = neighbourhood_query(nb, interest_sql(nb, "held_id", false), held, true);
		read_interests(nb, rows, WANT_HOLDERS);
		SPI_freetuptable(SPI_tuptable);
	}
	for (uint32 i = 0; i < n; i++)
	{
		nb->parties[frontier[i]].asked = false;
		graph_expand(nb->graph, frontier[i]);
	}
	reserve_parties(nb);
	core_check(&nb->env);
}

static const char *
id_of(const void *graph, uint32 party)
{
	return graph_node(graph, party)->id;
}

/* Reads the parties of a level. */
static void
load_level(Neighbourhood *nb, NodeId *level, uint32 n)
{
	source_order_ids(level, n, id_of, nb->graph);
	for (uint32 at = 0; at < n; at += QUERY_IDS)
		load_some(nb, level + at, Min(n - at, QUERY_IDS));
}

/* Collects into next the unexpanded holders and principals of expanded nodes; marks them seen. */
static uint32
next_level(Neighbourhood *nb, const NodeId *level, uint32 n, NodeId **next)
{
	uint32		allocated = 64;
	uint32		n_next = 0;

	*next = palloc(sizeof(NodeId) * allocated);
	for (uint32 i = 0; i < n; i++)
	{
		const GraphNode *node = graph_node(nb->graph, level[i]);
		uint32		n_above = node->n_holdings + node->n_principals;

		for (uint32 j = 0; j < n_above; j++)
		{
			NodeId		above = j < node->n_holdings ? node->holdings[j].holder :
				node->principals[j - node->n_holdings].principal;

			if (nb->parties[above].loaded)
				continue;
			nb->parties[above].loaded = true;
			if (n_next == allocated)
			{
				allocated *= 2;
				*next = repalloc_huge(*next, mul_size(sizeof(NodeId), allocated));
			}
			(*next)[n_next++] = above;
		}
	}
	return n_next;
}

/*
 * After how many cones is a scan of everything no dearer than what they have cost?  A cone
 * of a few probes costs about as much as scanning fifty interests.
 */
static uint64
worth_loading_all(Neighbourhood *nb)
{
	HeapTuple	tuple;
	float4		rows = -1;

	if (nb->whole)
		return PG_UINT64_MAX;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(nb->schema->relations[SOURCE_INTEREST].relid));
	if (HeapTupleIsValid(tuple))
	{
		rows = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
		ReleaseSysCache(tuple);
	}
	if (rows * BYTES_PER_INTEREST / 1024 > (double) outbound_max_graph_memory)
		return PG_UINT64_MAX;
	return rows < 0 ? 1000 : Max(64, (uint64) (rows / 50));
}

/* Reads parties of a scan of all; those that cones have brought in already are left as they are. */
static void
read_parties(Neighbourhood *nb, uint64 n)
{
	for (uint64 row = 0; row < n; row++)
	{
		char	   *id = spi_text(row, 1);
		NodeId		node;
		bool		is_new;

		CHECK_FOR_INTERRUPTS();
		if (id == NULL)
			continue;
		node = graph_intern(nb->graph, id, strlen(id), &is_new);
		reserve_parties(nb);
		if (!nb->parties[node].loaded)
			read_party(nb, row);
	}
}

static void
read_all_interests(Neighbourhood *nb, uint64 n)
{
	read_interests(nb, n, WANT_ALL);
}

void
neighbourhood_load_all(Neighbourhood *nb)
{
	if (nb->whole)
		return;
	SPI_connect();
	neighbourhood_scan(nb, party_sql(nb, true), read_parties);
	neighbourhood_scan(nb, interest_sql(nb, NULL, false), read_all_interests);
	SPI_finish();
	reserve_parties(nb);
	for (uint32 i = 0; i < graph_size(nb->graph); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nb->parties[i].loaded)
			continue;
		graph_expand(nb->graph, i);
		nb->parties[i].loaded = true;
	}
	core_check(&nb->env);
	nb->whole = true;
}

/* Those of a level that were to be loaded are not. */
static void
give_up_level(Neighbourhood *nb, const NodeId *level, uint32 n)
{
	for (uint32 i = 0; i < n; i++)
		nb->parties[level[i]].loaded = false;
}

/*
 * Loads the cones above these ids; nodes[] receives their numbers.  False, and some of them
 * are not, once that takes more than so many probes.
 */
static bool
load_cones(Neighbourhood *nb, const char *const *ids, int n, uint64 most_probes, NodeId *nodes)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "outbound cone", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	NodeId	   *level = palloc(mul_size(sizeof(NodeId), Max(n, 1)));
	uint32		n_level = 0;
	uint64		n_probes = 0;

	for (int i = 0; i < n; i++)
	{
		bool		is_new;

		nodes[i] = graph_intern(nb->graph, ids[i], strlen(ids[i]), &is_new);
		reserve_parties(nb);
		if (!nb->parties[nodes[i]].loaded)
		{
			nb->parties[nodes[i]].loaded = true;
			level[n_level++] = nodes[i];
		}
	}
	if (n_level > 0 && ++nb->n_cones > worth_loading_all(nb))
	{
		give_up_level(nb, level, n_level);
		neighbourhood_load_all(nb);
		n_level = 0;
	}
	else if (n_level > 0)
	{
		SPI_connect();
		graph_memory_watch(CurrentMemoryContext);
		while (n_level > 0 && (n_probes += PROBES_UPWARD * (uint64) n_level) <= most_probes)
		{
			NodeId	   *next;

			CHECK_FOR_INTERRUPTS();
			load_level(nb, level, n_level);
			MemoryContextSwitchTo(scratch);
			n_level = next_level(nb, level, n_level, &next);
			level = next;
		}
		give_up_level(nb, level, n_level);
		SPI_finish();
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return n_level == 0;
}

NodeId
neighbourhood_load_cone(Neighbourhood *nb, const char *id)
{
	NodeId		node;

	(void) load_cones(nb, &id, 1, PG_UINT64_MAX, &node);
	return node;
}

/* what a search downwards has met */
typedef struct Met
{
	uint32		n;				/* allocated */
	bool	   *is;				/* by NodeId */
	NodeId	   *nodes;			/* in the order in which they were met */
	uint32		n_nodes;
	uint32		allocated;
} Met;

/* Takes down a party, unless it was met before. */
static void
meet(Neighbourhood *nb, Met *met, const char *id)
{
	bool		is_new;
	NodeId		node = graph_intern(nb->graph, id, strlen(id), &is_new);

	reserve_parties(nb);
	if (node >= met->n)
	{
		uint32		grown = Max(node + 1, met->n * 2);

		met->is = repalloc_huge(met->is, grown);
		memset(met->is + met->n, 0, grown - met->n);
		met->n = grown;
	}
	if (met->is[node])
		return;
	met->is[node] = true;
	if (met->n_nodes == met->allocated)
		met->nodes = repalloc_huge(met->nodes, mul_size(sizeof(NodeId), met->allocated *= 2));
	met->nodes[met->n_nodes++] = node;
}

/* Is that the kind of a row in which the holder is the branch or agent of the held? */
static bool
is_principal_word(const char *kind)
{
	return kind != NULL && (strcmp(kind, interest_kind_words[INTEREST_BRANCH_OF]) == 0 ||
							strcmp(kind, interest_kind_words[INTEREST_ACTS_FOR]) == 0);
}

/* Meets whom parties hold, and their branches and agents, to whom their status flows. */
static void
meet_below(Neighbourhood *nb, Met *met, const NodeId *parties, uint32 n)
{
	const char **ids = palloc(mul_size(sizeof(char *), n));
	Datum		all;

	for (uint32 i = 0; i < n; i++)
		ids[i] = graph_node(nb->graph, parties[i])->id;
	all = source_id_array(nb->schema, ids, n);
	for (int side = 0; side < 2; side++)
	{
		bool		branches = side == 1;
		uint64		rows = neighbourhood_query(nb, interest_sql(nb, branches ? "held_id" : "holder_id", branches), all, true);

		for (uint64 row = 0; row < rows; row++)
		{
			char	   *below = spi_text(row, branches ? 1 : 2);

			CHECK_FOR_INTERRUPTS();
			if (below != NULL && (branches || !is_principal_word(spi_text(row, 3))))
				meet(nb, met, below);
		}
		SPI_freetuptable(SPI_tuptable);
	}
}

/* Takes down the direct relations of everybody: whom it holds, and its branches and agents. */
static void
each_relation(Neighbourhood *nb, Downward *down, bool count)
{
	for (uint32 i = 0; i < down->n; i++)
	{
		const GraphNode *node = graph_node(nb->graph, i);

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		for (uint32 j = 0; j < node->n_holdings + node->n_principals; j++)
		{
			NodeId		above = j < node->n_holdings ? node->holdings[j].holder : node->principals[j - node->n_holdings].principal;

			if (count)
				down->start[above + 2]++;
			else
				down->held[down->start[above + 1]++] = i;
		}
	}
}

static void *
allocate_counted(Neighbourhood *nb, Size size)
{
	return MemoryContextAllocExtended(nb->context, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static Downward *
make_downward(Neighbourhood *nb)
{
	Downward   *down = allocate_counted(nb, sizeof(Downward));

	down->n = graph_size(nb->graph);
	down->start = allocate_counted(nb, mul_size(sizeof(uint32), (Size) down->n + 2));
	down->met = allocate_counted(nb, mul_size(sizeof(uint32), Max(down->n, 1)));
	each_relation(nb, down, true);
	for (uint32 i = 1; i < down->n + 2; i++)
		down->start[i] += down->start[i - 1];
	down->held = allocate_counted(nb, mul_size(sizeof(NodeId), Max(down->start[down->n + 1], 1)));
	each_relation(nb, down, false);
	return down;
}

/* What is below a party when everything is loaded; a party that no row names holds nothing. */
static uint32
find_reach(Neighbourhood *nb, NodeId root, NodeId **nodes)
{
	uint32		allocated = 16;
	uint32		n = 0;
	Downward   *down;

	if (nb->downward == NULL)
		nb->downward = make_downward(nb);
	down = nb->downward;
	*nodes = palloc(mul_size(sizeof(NodeId), allocated));
	(*nodes)[n++] = root;
	down->questions++;
	if (root < down->n)
		down->met[root] = down->questions;
	for (uint32 at = 0; at < n; at++)
	{
		NodeId		holder = (*nodes)[at];

		CHECK_FOR_INTERRUPTS();
		if (holder >= down->n)
			continue;
		for (uint32 i = down->start[holder]; i < down->start[holder + 1]; i++)
		{
			NodeId		held = down->held[i];

			if (down->met[held] == down->questions)
				continue;
			down->met[held] = down->questions;
			if (n == allocated)
				*nodes = repalloc_huge(*nodes, mul_size(sizeof(NodeId), allocated *= 2));
			(*nodes)[n++] = held;
		}
	}
	return n;
}

/* Finds what is below a party and loads the cones of it all; false once that takes more than so many probes. */
static bool
load_reach(Neighbourhood *nb, NodeId root, uint64 most_probes, NodeId **nodes, uint32 *n)
{
	Met			met = {Max(graph_size(nb->graph), root + 1), NULL, NULL, 0, 16};
	NodeId	   *level;
	const char **ids;
	NodeId	   *cones;
	uint64		n_probes;
	bool		loaded;

	met.nodes = palloc(mul_size(sizeof(NodeId), met.allocated));
	met.is = palloc_extended(met.n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	meet(nb, &met, graph_node(nb->graph, root)->id);
	SPI_connect();
	graph_memory_watch(CurrentMemoryContext);
	for (uint32 from = 0, to = 1; from < to && PROBES_DOWNWARD * (uint64) to <= most_probes; from = to, to = met.n_nodes)
	{
		CHECK_FOR_INTERRUPTS();
		level = palloc_extended(mul_size(sizeof(NodeId), to - from), MCXT_ALLOC_HUGE);
		memcpy(level, met.nodes + from, sizeof(NodeId) * (to - from));
		source_order_ids(level, to - from, id_of, nb->graph);
		for (uint32 at = 0; at < to - from; at += QUERY_IDS)
			meet_below(nb, &met, level + at, Min(to - from - at, QUERY_IDS));
		pfree(level);
	}
	SPI_finish();
	pfree(met.is);
	*nodes = met.nodes;
	*n = met.n_nodes;
	n_probes = PROBES_DOWNWARD * (uint64) met.n_nodes;
	if (n_probes > most_probes)
		return false;
	ids = palloc_extended(mul_size(sizeof(char *), met.n_nodes), MCXT_ALLOC_HUGE);
	cones = palloc_extended(mul_size(sizeof(NodeId), met.n_nodes), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < met.n_nodes; i++)
		ids[i] = graph_node(nb->graph, met.nodes[i])->id;
	loaded = load_cones(nb, ids, met.n_nodes, most_probes - n_probes, cones);
	pfree(ids);
	pfree(cones);
	return loaded;
}

bool
neighbourhood_try_reach(Neighbourhood *nb, NodeId root, uint64 most_probes, NodeId **nodes, uint32 *n)
{
	if (!nb->whole)
		return load_reach(nb, root, most_probes, nodes, n);
	*n = find_reach(nb, root, nodes);
	return true;
}

uint32
neighbourhood_load_reach(Neighbourhood *nb, NodeId root, NodeId **nodes)
{
	uint32		n;

	(void) neighbourhood_try_reach(nb, root, PG_UINT64_MAX, nodes, &n);
	return n;
}
