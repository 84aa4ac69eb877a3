/*
 * components.c
 *		Tarjan's algorithm (SIAM J. Comput. 1972) with an explicit stack:
 *		O(nodes + edges), no recursion however deep the graph.
 */
#include "components.h"

#define UNVISITED	UINT32_MAX

typedef struct TarjanState
{
	uint32_t   *index;			/* order of discovery */
	uint32_t   *low;
	uint32_t   *next_edge;
	uint32_t   *path;			/* the depth-first stack */
	uint32_t	n_path;
	uint32_t	n_open;			/* nodes not yet in a component: on a stack down from the end of members */
	uint32_t	n_index;
} TarjanState;

/* Puts a newly discovered node on both stacks. */
static void
tarjan_enter(TarjanState *t, const Digraph *graph, Components *result, uint32_t node)
{
	t->index[node] = t->low[node] = t->n_index++;
	t->next_edge[node] = graph->start[node];
	t->path[t->n_path++] = node;
	result->members[graph->n - ++t->n_open] = node;
}

/* Moves the finished component of root from the stack of open nodes to the front of the members. */
static void
tarjan_close(TarjanState *t, const Digraph *graph, Components *result, uint32_t root)
{
	uint32_t	filled = result->start[result->n];
	uint32_t	node;

	do
	{
		node = result->members[graph->n - t->n_open--];
		result->of[node] = result->n;
		result->members[filled++] = node;
	} while (node != root);
	result->start[++result->n] = filled;
}

/* Explores everything reachable from one node. */
static void
tarjan_explore(CoreEnv *env, TarjanState *t, const Digraph *graph, Components *result,
			   uint32_t from)
{
	tarjan_enter(t, graph, result, from);
	while (t->n_path > 0)
	{
		uint32_t	node = t->path[t->n_path - 1];

		core_step(env);
		if (t->next_edge[node] < graph->start[node + 1])
		{
			uint32_t	to = graph->target[t->next_edge[node]++];

			if (t->index[to] == UNVISITED)
				tarjan_enter(t, graph, result, to);
			else if (result->of[to] == UNVISITED && t->index[to] < t->low[node])
				t->low[node] = t->index[to];
			continue;
		}
		t->n_path--;
		if (t->n_path > 0)
		{
			uint32_t	above = t->path[t->n_path - 1];

			if (t->low[node] < t->low[above])
				t->low[above] = t->low[node];
		}
		if (t->low[node] == t->index[node])
			tarjan_close(t, graph, result, node);
	}
}

/* Finds the strongly connected components, targets before sources. */
void
components_find(CoreEnv *env, const Digraph *graph, Components *result)
{
	size_t		n = graph->n;
	TarjanState t;

	t.index = core_array(env, n + 1, sizeof(uint32_t));
	t.low = core_array(env, n + 1, sizeof(uint32_t));
	t.next_edge = core_array(env, n + 1, sizeof(uint32_t));
	t.path = core_array(env, n + 1, sizeof(uint32_t));
	result->of = core_array(env, n + 1, sizeof(uint32_t));
	result->start = core_array(env, n + 1, sizeof(uint32_t));
	result->members = core_array(env, n + 1, sizeof(uint32_t));
	result->n = 0;
	if (env->status != CORE_OK)
		return;
	t.n_path = t.n_open = t.n_index = 0;
	result->start[0] = 0;
	for (size_t i = 0; i < n; i++)
		t.index[i] = result->of[i] = UNVISITED;
	for (uint32_t i = 0; i < graph->n; i++)
		if (t.index[i] == UNVISITED)
			tarjan_explore(env, &t, graph, result, i);
}
