/*
 * census_cone.c
 *		A part of a census, closed upwards, as a graph: ids are the bytes of a party's number.
 */
#include <string.h>

#include "census_cone.h"
#include "census_parts.h"

static NodeId
node_of(const Census *census, Graph *graph, uint32_t party, bool by_id)
{
	const char *id = census_id(census, party);

	if (by_id)
		return graph_intern(graph, id, strlen(id), NULL);
	return graph_intern(graph, (const char *) &party, sizeof(party), NULL);
}

bool
census_cone_find(const Graph *graph, uint32_t party, NodeId *node)
{
	return graph_find(graph, (const char *) &party, sizeof(party), node);
}

void
census_cone_write(CoreEnv *env, const Census *census, Graph *graph, NodeId node, uint32_t party, bool by_id)
{
	const CensusParty *p = party_at(census, party);
	uint32_t	n;
	const CensusEdge *edges = edges_at(census, party, &n);
	GraphNode  *gnode;

	for (uint32_t i = 0; i < n && env->status == CORE_OK; i++)
	{
		NodeId		above = node_of(census, graph, edges[i].holder, by_id);
		ShareValue	share = share_value_exact(FRACTION_ONE);

		core_step(env);
		if (edges[i].kind < N_PERCENTAGE_KINDS)
			share = census_share_value(census, edges[i].share);
		if (edges[i].kind == INTEREST_BRANCH_OF || edges[i].kind == INTEREST_ACTS_FOR)
			graph_add_interest(graph, node, above, (InterestKind) edges[i].kind, &share, false, NULL);
		else
			graph_add_interest(graph, above, node, (InterestKind) edges[i].kind, &share, false, NULL);
	}
	if (env->status != CORE_OK)
		return;
	gnode = graph_node(graph, node);
	gnode->register_state = p->register_state;
	gnode->unheld = p->unheld;
	gnode->pooled_fund = (Ternary) p->pooled_fund;
	graph_expand(graph, node);
}

void
census_cone_add(CoreEnv *env, const Census *census, Graph *graph, uint32_t party)
{
	uint32_t	before = graph_size(graph);
	uint32_t	number;

	(void) node_of(census, graph, party, false);
	for (NodeId node = before; node < graph_size(graph) && env->status == CORE_OK; node++)
	{
		memcpy(&number, graph_node(graph, node)->id, sizeof(number));
		census_cone_write(env, census, graph, node, number, false);
	}
}

bool
census_branch_of(const Census *census, uint32_t party, uint32_t *at, uint32_t *principal)
{
	uint32_t	n;
	const CensusEdge *edges = edges_at(census, party, &n);

	while (*at < n)
	{
		const CensusEdge *edge = &edges[(*at)++];

		if (edge->kind != INTEREST_BRANCH_OF || edge->holder == party)
			continue;
		*principal = edge->holder;
		return true;
	}
	return false;
}
