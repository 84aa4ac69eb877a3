/*
 * census_reach.c
 *		The part of a census that hangs on one party: see census_reach.h.
 */
#include <string.h>

#include "census_cone.h"
#include "census_parts.h"
#include "census_reach.h"

/* Takes a party down, unless it was before. */
static void
take(CensusReach *reach, bool *taken, uint32_t party)
{
	if (taken[party])
		return;
	taken[party] = true;
	reach->parties[reach->n++] = party;
}

CensusReach
census_reach(CoreEnv *env, const Census *census, uint32_t party)
{
	CensusReach reach = {core_array(env, census->n, sizeof(uint32_t)), 0, 0};
	bool	   *taken = core_array(env, census->n, sizeof(bool));

	if (env->status != CORE_OK)
		return reach;
	core_fill(env, taken, 0, census->n * sizeof(bool));
	take(&reach, taken, party);
	for (uint32_t at = 0; at < reach.n; at++)
		for (uint32_t i = census->out_start[reach.parties[at]]; i < census->out_start[reach.parties[at] + 1]; i++)
		{
			core_step(env);
			take(&reach, taken, census->out[i]);
		}
	reach.n_below = reach.n;
	for (uint32_t at = 0; at < reach.n; at++)
	{
		uint32_t	n;
		const CensusEdge *edges = edges_at(census, reach.parties[at], &n);

		for (uint32_t i = 0; i < n; i++)
		{
			core_step(env);
			take(&reach, taken, edges[i].holder);
		}
	}
	return reach;
}

void
census_reach_graph(CoreEnv *env, const Census *census, const CensusReach *reach, Graph *graph)
{
	for (uint32_t i = 0; i < reach->n && env->status == CORE_OK; i++)
	{
		const char *id = census_id(census, reach->parties[i]);

		core_step(env);
		(void) graph_intern(graph, id, strlen(id), NULL);
	}
	for (uint32_t i = 0; i < reach->n && env->status == CORE_OK; i++)
		census_cone_write(env, census, graph, i, reach->parties[i], true);
}
