/*
 * charts.c
 *		ownership_chart(party, format, as_of): everybody above the party and
 *		everything below it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/chart.h"
#include "screen/questions.h"

#define MAX_CHART_NODES 2000

PG_FUNCTION_INFO_V1(outbound_ownership_chart);

/* What a line of a chart says. */
static const char *
edge_label(Inquiry *inquiry, const Holding *holding)
{
	static const char *const words[N_INTEREST_KINDS] = {
		"votes", "board", "equity", "profits", "liquidation", "general partner", "managing member",
		"adviser", "board seat", "directs", "acts for", "contingent equity", "limited partner", "branch", "unmapped"
	};

	if (holding->kind < N_PERCENTAGE_KINDS)
		return psprintf("%s %s", share_value_print(&inquiry->env, &holding->share), words[holding->kind]);
	return words[holding->kind];
}

/* The second line under a party's name: what it is under the rule. */
static const char *
node_detail(Inquiry *inquiry, NodeId node)
{
	const Party *party = neighbourhood_party(inquiry->nb, node);
	Ternary		us = us_person(inquiry, node);
	Ternary		concern = person_of_country_of_concern(inquiry, node);

	if (!party->exists)
		return "not in relation party";
	if (us == TERNARY_TRUE)
		return concern == TERNARY_TRUE ? "U.S. person, person of a country of concern" : "U.S. person";
	if (concern == TERNARY_TRUE)
		return "person of a country of concern";
	return concern == TERNARY_UNKNOWN ? "country of concern: not determined" : NULL;
}

static ChartShape
node_shape(PartyKind kind)
{
	return kind == PARTY_INDIVIDUAL ? CHART_PERSON : kind == PARTY_POOLED_FUND ? CHART_FUND :
		kind == PARTY_GOVERNMENT ? CHART_GOVERNMENT : CHART_COMPANY;
}

/* The parties of the chart: the cone above, then the reach below; place[] tells where each stands. */
static uint32
chart_parties(Question *question, NodeId **members, uint32 **place)
{
	Inquiry    *inquiry = question->inquiry;
	NodeId	   *below;
	NodeId	   *above;
	uint32		n_below = neighbourhood_load_reach(inquiry->nb, question->party, &below);
	uint32		n_above = graph_cone(&inquiry->env, inquiry->nb->graph, question->party, &above);
	uint32		size = graph_size(inquiry->nb->graph);
	uint32		n = 0;

	*place = palloc(mul_size(sizeof(uint32), size));
	memset(*place, 0xff, size * sizeof(uint32));
	*members = palloc(mul_size(sizeof(NodeId), n_below + n_above));
	for (uint32 i = 0; i < n_above + n_below; i++)
	{
		NodeId		node = i < n_above ? above[i] : below[i - n_above];

		if ((*place)[node] != PG_UINT32_MAX)
			continue;
		(*place)[node] = n;
		(*members)[n++] = node;
	}
	if (n > MAX_CHART_NODES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("structure of party \"%s\" has %u parties, too many for a chart", question->id, n),
				 errdetail("The limit is %d.", MAX_CHART_NODES)));
	return n;
}

/* The holdings between the chart's parties as lines. */
static uint32
chart_edges(Inquiry *inquiry, const NodeId *members, uint32 n, const uint32 *place, ChartEdge **edges)
{
	uint32		allocated = 0;
	uint32		n_edges = 0;

	for (uint32 i = 0; i < n; i++)
		allocated += graph_node(inquiry->nb->graph, members[i])->n_holdings +
			graph_node(inquiry->nb->graph, members[i])->n_principals;
	*edges = palloc(mul_size(sizeof(ChartEdge), allocated + 1));
	for (uint32 i = 0; i < n; i++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, members[i]);

		CHECK_FOR_INTERRUPTS();
		for (uint32 j = 0; j < node->n_holdings + node->n_principals; j++)
		{
			bool		held = j < node->n_holdings;
			const Holding *holding = held ? &node->holdings[j] : NULL;
			uint32		p = j - node->n_holdings;
			NodeId		above = held ? holding->holder : node->principals[p].principal;
			ChartEdge  *edge = &(*edges)[n_edges];

			if (place[above] == PG_UINT32_MAX)
				continue;
			edge->from = place[above];
			edge->to = i;
			edge->label = held ? edge_label(inquiry, holding) :
				node->principals[p].kind == INTEREST_BRANCH_OF ? "branch" : "agent";
			edge->dashed = !held || holding->kind >= N_PERCENTAGE_KINDS;
			n_edges++;
		}
	}
	return n_edges;
}

Datum
outbound_ownership_chart(PG_FUNCTION_ARGS)
{
	char	   *format = text_to_cstring(PG_GETARG_TEXT_PP(1));
	bool		dot = strcmp(format, "dot") == 0;
	Question   *question;
	Inquiry    *inquiry;
	NodeId	   *members;
	uint32	   *place;
	ChartNode  *nodes;
	ChartEdge  *edges;
	Chart		chart;
	text	   *result;

	if (!dot && strcmp(format, "mermaid") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("chart format \"%s\" is not supported", format),
				 errhint("Formats are \"dot\" and \"mermaid\".")));
	question = question_begin(fcinfo, id_argument(fcinfo, 0), PG_GETARG_DATEADT(2));
	require_known(question);
	inquiry = question->inquiry;
	chart.n_nodes = chart_parties(question, &members, &place);
	nodes = palloc0(mul_size(sizeof(ChartNode), chart.n_nodes));
	for (uint32 i = 0; i < chart.n_nodes; i++)
	{
		const Party *party = neighbourhood_party(inquiry->nb, members[i]);

		nodes[i].name = party->name ? party->name : graph_node(inquiry->nb->graph, members[i])->id;
		nodes[i].detail = node_detail(inquiry, members[i]);
		nodes[i].shape = node_shape(party->kind);
		nodes[i].marked = members[i] == question->party;
	}
	chart.n_edges = chart_edges(inquiry, members, chart.n_nodes, place, &edges);
	chart.nodes = nodes;
	chart.edges = edges;
	result = cstring_to_text(dot ? chart_dot(&inquiry->env, &chart) : chart_mermaid(&inquiry->env, &chart));
	inquiry_end(inquiry);
	PG_RETURN_TEXT_P(result);
}
