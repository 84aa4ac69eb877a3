/*
 * graph.c
 *		The ownership graph of graph.h: interned parties, raw rows as they come,
 *		one merged holding per holder and kind when a party is expanded.
 *
 * Nodes live in chunks that never move, so a GraphNode stays where it is.  Raw rows
 * are kept: a row that arrives after an expansion makes the node unexpanded
 * again and the next graph_expand() starts from all of them.
 */
#include <string.h>

#include "graph.h"

#define CHUNK_NODES		1024
#define MAX_GRAPH_NODES	((uint32_t) 0xFFFFFFF0)
#define NO_SOURCE		0

typedef struct RawRow
{
	NodeId		holder;
	uint8_t		kind;
	bool		excepted;
	uint32_t	source;			/* number of the source text, NO_SOURCE for none */
	ShareValue	share;
} RawRow;

typedef struct Cell
{
	GraphNode	node;			/* first: a GraphNode is its cell */
	uint64_t	hash;
	size_t		id_length;
	RawRow	   *rows;
	uint32_t	n_rows;
	uint32_t	max_rows;
	uint32_t	max_principals;
} Cell;

typedef struct SourceName
{
	const char *text;
	size_t		length;
} SourceName;

struct Graph
{
	CoreEnv    *env;
	uint32_t	n_nodes;
	Cell	  **chunks;
	size_t		max_chunks;
	NodeId	   *table;			/* open addressing; 0 is empty, else node + 1 */
	size_t		table_size;		/* a power of two */
	SourceName *sources;		/* 1 .. n_sources */
	uint32_t	n_sources;
	uint32_t	max_sources;
	uint32_t	last_source;
};

static Cell *
graph_cell(const Graph *graph, NodeId node)
{
	return &graph->chunks[node / CHUNK_NODES][node % CHUNK_NODES];
}

/* FNV-1a with a final mix, so that the low bits depend on every byte. */
static uint64_t
hash_bytes(const char *bytes, size_t length)
{
	uint64_t	h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++)
		h = (h ^ (uint8_t) bytes[i]) * UINT64_C(0x100000001b3);
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	return h;
}

/* Makes room for one more element; the old array stays in the environment's memory. */
static void *
grow(CoreEnv *env, void *old, uint32_t used, uint32_t *max, size_t size)
{
	uint32_t	wanted = *max ? *max * 2 : 4;
	void	   *fresh;

	if (used < *max)
		return old;
	if (*max > UINT32_MAX / 4)
	{
		core_fail(env, CORE_TOO_LARGE);
		return old;
	}
	fresh = core_array(env, wanted, size);
	if (env->status != CORE_OK)
		return old;
	if (used > 0)
		memcpy(fresh, old, used * size);
	*max = wanted;
	return fresh;
}

/* Makes an empty graph in env's memory. */
Graph *
graph_create(CoreEnv *env)
{
	Graph	   *graph = core_array(env, 1, sizeof(Graph));

	memset(graph, 0, sizeof(Graph));
	graph->env = env;
	graph->table_size = 64;
	graph->table = core_array(env, graph->table_size, sizeof(NodeId));
	core_fill(env, graph->table, 0, graph->table_size * sizeof(NodeId));
	return graph;
}

uint32_t
graph_size(const Graph *graph)
{
	return graph->n_nodes;
}

GraphNode *
graph_node(const Graph *graph, NodeId node)
{
	return &graph_cell(graph, node)->node;
}

/* Finds an id's place in the table: its entry, or the empty one where it belongs. */
static size_t
table_place(const Graph *graph, const char *id, size_t length, uint64_t hash)
{
	size_t		place = hash & (graph->table_size - 1);

	while (graph->table[place] != 0)
	{
		const Cell *cell = graph_cell(graph, graph->table[place] - 1);

		if (cell->hash == hash && cell->id_length == length &&
			memcmp(cell->node.id, id, length) == 0)
			break;
		place = (place + 1) & (graph->table_size - 1);
	}
	return place;
}

/* Doubles the table when it is two thirds full. */
static void
table_grow(Graph *graph)
{
	CoreEnv    *env = graph->env;
	size_t		size = graph->table_size * 2;
	NodeId	   *table;

	if ((size_t) graph->n_nodes + 1 <= graph->table_size / 3 * 2)
		return;
	table = core_array(env, size, sizeof(NodeId));
	if (env->status != CORE_OK)
		return;
	core_fill(env, table, 0, size * sizeof(NodeId));
	for (uint32_t i = 0; i < graph->n_nodes; i++)
	{
		size_t		place = graph_cell(graph, i)->hash & (size - 1);

		core_step(env);
		while (table[place] != 0)
			place = (place + 1) & (size - 1);
		table[place] = i + 1;
	}
	graph->table = table;
	graph->table_size = size;
}

/* Appends a chunk of nodes when the last one is full. */
static void
chunk_grow(Graph *graph)
{
	CoreEnv    *env = graph->env;
	size_t		chunk = graph->n_nodes / CHUNK_NODES;

	if (graph->n_nodes % CHUNK_NODES != 0)
		return;
	if (chunk >= graph->max_chunks)
	{
		size_t		wanted = graph->max_chunks ? graph->max_chunks * 2 : 16;
		Cell	  **fresh = core_array(env, wanted, sizeof(Cell *));

		if (env->status != CORE_OK)
			return;
		if (chunk > 0)
			memcpy(fresh, graph->chunks, chunk * sizeof(Cell *));
		graph->chunks = fresh;
		graph->max_chunks = wanted;
	}
	graph->chunks[chunk] = core_array(env, CHUNK_NODES, sizeof(Cell));
}

/* Gives the node of an id, made if new; after a failure, some node. */
NodeId
graph_intern(Graph *graph, const char *id, size_t length, bool *is_new)
{
	CoreEnv    *env = graph->env;
	uint64_t	hash = hash_bytes(id, length);
	size_t		place = table_place(graph, id, length, hash);
	char	   *text;
	Cell	   *cell;

	if (is_new)
		*is_new = false;
	if (graph->table[place] != 0)
		return graph->table[place] - 1;
	if (graph->n_nodes >= MAX_GRAPH_NODES)
		core_fail(env, CORE_TOO_LARGE);
	table_grow(graph);
	chunk_grow(graph);
	text = core_array(env, length + 1, 1);
	if (env->status != CORE_OK && graph->n_nodes > 0)
		return 0;
	memcpy(text, id, length);
	text[length] = '\0';
	cell = graph_cell(graph, graph->n_nodes);
	memset(cell, 0, sizeof(Cell));
	cell->node.id = text;
	cell->node.register_state = REGISTER_OPEN;
	cell->node.pooled_fund = TERNARY_UNKNOWN;
	cell->hash = hash;
	cell->id_length = length;
	graph->table[table_place(graph, id, length, hash)] = ++graph->n_nodes;
	if (is_new)
		*is_new = true;
	return graph->n_nodes - 1;
}

/* Looks an id up without making it. */
bool
graph_find(const Graph *graph, const char *id, size_t length, NodeId *node)
{
	size_t		place = table_place(graph, id, length, hash_bytes(id, length));

	if (graph->table[place] == 0)
		return false;
	*node = graph->table[place] - 1;
	return true;
}

/*
 * Numbers a source text.  Firms have few sources and rows of one come together, so the
 * last one is tried first and the others in turn.
 */
static uint32_t
source_number(Graph *graph, const char *source)
{
	size_t		length;
	char	   *text;

	if (source == NULL)
		return NO_SOURCE;
	length = strlen(source);
	for (uint32_t i = 0; i <= graph->n_sources; i++)
	{
		uint32_t	s = i == 0 ? graph->last_source : i;

		core_step(graph->env);
		if (s != NO_SOURCE && graph->sources[s - 1].length == length &&
			memcmp(graph->sources[s - 1].text, source, length) == 0)
			return graph->last_source = s;
	}
	graph->sources = grow(graph->env, graph->sources, graph->n_sources, &graph->max_sources,
						  sizeof(SourceName));
	if (graph->env->status != CORE_OK)
		return NO_SOURCE;
	text = core_array(graph->env, length + 1, 1);
	memcpy(text, source, length + 1);
	graph->sources[graph->n_sources].text = text;
	graph->sources[graph->n_sources].length = length;
	return graph->last_source = ++graph->n_sources;
}

/* Records that node is the branch or agent of principal. */
static void
add_principal(Graph *graph, NodeId node, NodeId principal, InterestKind kind)
{
	Cell	   *cell = graph_cell(graph, node);

	for (uint32_t i = 0; i < cell->node.n_principals; i++)
		if (cell->node.principals[i].principal == principal && cell->node.principals[i].kind == kind)
			return;
	cell->node.principals = grow(graph->env, cell->node.principals, cell->node.n_principals,
								 &cell->max_principals, sizeof(cell->node.principals[0]));
	if (graph->env->status != CORE_OK)
		return;
	cell->node.principals[cell->node.n_principals].principal = principal;
	cell->node.principals[cell->node.n_principals].kind = (uint8_t) kind;
	cell->node.n_principals++;
}

/* Takes one row of relation interest; graph_expand() merges them. */
void
graph_add_interest(Graph *graph, NodeId holder, NodeId held, InterestKind kind,
				   const ShareValue *share, bool excepted, const char *source)
{
	Cell	   *cell = graph_cell(graph, held);
	RawRow	   *row;

	if (kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR)
	{
		add_principal(graph, holder, held, kind);
		return;
	}
	cell->rows = grow(graph->env, cell->rows, cell->n_rows, &cell->max_rows, sizeof(RawRow));
	if (graph->env->status != CORE_OK)
		return;
	row = &cell->rows[cell->n_rows++];
	row->holder = holder;
	row->kind = (uint8_t) kind;
	row->excepted = excepted;
	row->source = source_number(graph, source);
	if (kind >= N_PERCENTAGE_KINDS)
		row->share = share_value_exact(FRACTION_ONE);
	else
		row->share = share ? *share : share_value_unknown();
	cell->node.expanded = false;
}

/* Orders rows by holder, kind and source. */
static int
row_compare(const RawRow *a, const RawRow *b)
{
	if (a->holder != b->holder)
		return a->holder < b->holder ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return 0;
}

/* Merges two sorted runs into out. */
static void
merge_runs(CoreEnv *env, const RawRow *a, size_t n_a, const RawRow *b, size_t n_b, RawRow *out)
{
	while (n_a > 0 || n_b > 0)
	{
		core_step(env);
		if (n_b == 0 || (n_a > 0 && row_compare(a, b) <= 0))
		{
			*out++ = *a++;
			n_a--;
		}
		else
		{
			*out++ = *b++;
			n_b--;
		}
	}
}

/* Sorts rows, stable, without recursion; gives the sorted array. */
static RawRow *
sort_rows(CoreEnv *env, RawRow *rows, size_t n)
{
	RawRow	   *spare = core_array(env, n, sizeof(RawRow));

	if (env->status != CORE_OK)
		return rows;
	for (size_t width = 1; width < n; width *= 2)
	{
		RawRow	   *swap = rows;

		for (size_t at = 0; at < n; at += 2 * width)
		{
			size_t		middle = at + width < n ? at + width : n;
			size_t		end = at + 2 * width < n ? at + 2 * width : n;

			merge_runs(env, rows + at, middle - at, rows + middle, end - middle, spare + at);
		}
		rows = spare;
		spare = swap;
	}
	return rows;
}

/* Joins what two sources tell of one share: smallest lower end, largest upper end. */
static ShareValue
join_tellings(CoreEnv *env, const ShareValue *a, const ShareValue *b)
{
	ShareValue	r = *a;
	int			lower = fraction_compare(env, b->lower, a->lower);
	int			upper = fraction_compare(env, b->upper, a->upper);

	if (lower < 0)
	{
		r.lower = b->lower;
		r.lower_open = b->lower_open;
	}
	else if (lower == 0)
		r.lower_open = a->lower_open && b->lower_open;
	if (upper > 0)
	{
		r.upper = b->upper;
		r.upper_open = b->upper_open;
	}
	else if (upper == 0)
		r.upper_open = a->upper_open && b->upper_open;
	return r;
}

/* Merges the rows of one holder and kind (sorted by source) into a holding. */
static Holding
merge_holding(CoreEnv *env, const RawRow *rows, size_t n)
{
	Holding		h;
	size_t		at = 0;

	memset(&h, 0, sizeof(h));
	h.holder = rows[0].holder;
	h.kind = rows[0].kind;
	h.excepted = true;
	while (at < n)
	{
		size_t		first = at;
		ShareValue	told = rows[at].share;

		h.excepted = h.excepted && rows[at].excepted;
		for (at++; at < n && rows[at].source == rows[first].source; at++)
		{
			core_step(env);
			h.excepted = h.excepted && rows[at].excepted;
			if (h.kind < N_PERCENTAGE_KINDS)
				told = share_value_add(env, &told, &rows[at].share);
		}
		if (first == 0)
			h.share = told;
		else
		{
			if (share_value_compare(env, &h.share, &told) != 0)
				h.contradicted = true;
			h.share = join_tellings(env, &h.share, &told);
		}
	}
	return h;
}

/* Merges a node's rows: lots of one source add up, several sources join. */
void
graph_expand(Graph *graph, NodeId node)
{
	CoreEnv    *env = graph->env;
	Cell	   *cell = graph_cell(graph, node);
	size_t		n = cell->n_rows;
	RawRow	   *rows;
	uint32_t	n_holdings = 0;

	if (cell->node.expanded)
		return;
	if (n > 0)
	{
		Holding    *holdings = core_array(env, n, sizeof(Holding));

		rows = sort_rows(env, cell->rows, n);
		if (env->status != CORE_OK)
			return;
		cell->rows = rows;
		cell->max_rows = (uint32_t) n;
		for (size_t at = 0; at < n;)
		{
			size_t		end = at + 1;

			while (end < n && rows[end].holder == rows[at].holder && rows[end].kind == rows[at].kind)
				end++;
			holdings[n_holdings++] = merge_holding(env, rows + at, end - at);
			at = end;
		}
		cell->node.holdings = holdings;
	}
	cell->node.n_holdings = n_holdings;
	cell->node.expanded = true;
}

/* A set of nodes that also is a list, grown by doubling. */
typedef struct NodeSet
{
	NodeId	   *list;
	uint32_t	n;
	uint32_t	max;
	uint32_t   *table;			/* 0 empty, else position in list + 1 */
	size_t		table_size;
} NodeSet;

static size_t
set_place(const NodeSet *set, NodeId node)
{
	size_t		place = ((uint64_t) node * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (set->table_size - 1);

	while (set->table[place] != 0 && set->list[set->table[place] - 1] != node)
		place = (place + 1) & (set->table_size - 1);
	return place;
}

/* Adds a node to the set unless it is there. */
static void
set_add(CoreEnv *env, NodeSet *set, NodeId node)
{
	size_t		place = set_place(set, node);

	if (set->table[place] != 0)
		return;
	if ((size_t) set->n * 2 >= set->table_size)
	{
		size_t		size = set->table_size * 4;
		uint32_t   *table = core_array(env, size, sizeof(uint32_t));

		if (env->status != CORE_OK)
			return;
		core_fill(env, table, 0, size * sizeof(uint32_t));
		set->table = table;
		set->table_size = size;
		for (uint32_t i = 0; i < set->n; i++)
		{
			core_step(env);
			table[set_place(set, set->list[i])] = i + 1;
		}
		place = set_place(set, node);
	}
	set->list = grow(env, set->list, set->n, &set->max, sizeof(NodeId));
	if (env->status != CORE_OK)
		return;
	set->list[set->n++] = node;
	set->table[place] = set->n;
}

/* Collects target, its holders and principals, theirs, and so on. */
uint32_t
graph_cone(CoreEnv *env, const Graph *graph, NodeId target, NodeId **nodes)
{
	NodeSet		set;

	memset(&set, 0, sizeof(set));
	set.table_size = 64;
	set.table = core_array(env, set.table_size, sizeof(uint32_t));
	memset(set.table, 0, set.table_size * sizeof(uint32_t));
	set_add(env, &set, target);
	for (uint32_t at = 0; at < set.n && env->status == CORE_OK; at++)
	{
		const GraphNode *node = graph_node(graph, set.list[at]);

		for (uint32_t i = 0; i < node->n_holdings; i++)
		{
			core_step(env);
			set_add(env, &set, node->holdings[i].holder);
		}
		for (uint32_t i = 0; i < node->n_principals; i++)
		{
			core_step(env);
			set_add(env, &set, node->principals[i].principal);
		}
	}
	*nodes = set.list;
	return set.n;
}
