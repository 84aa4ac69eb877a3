/*
 * overlay.c
 *		A copy of the loaded graph that shares everything with it but the registers that
 *		are told otherwise (engine notes 4).
 *
 * Answers remembered for the original do not hold in the copy, so it remembers its own.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "show/overlay.h"

Inquiry *
overlay_begin(Inquiry *inquiry)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	Inquiry    *overlay = palloc(sizeof(Inquiry));
	const Graph *graph = inquiry->nb->graph;
	Neighbourhood *nb = neighbourhood_over(inquiry->nb, inquiry->scratch, graph_create(&inquiry->env));

	*overlay = *inquiry;
	overlay->nb = nb;
	for (NodeId i = 0; i < graph_size(graph); i++)
	{
		const GraphNode *node = graph_node(graph, i);
		NodeId		copy = graph_intern(nb->graph, node->id, strlen(node->id), NULL);

		CHECK_FOR_INTERRUPTS();
		inquiry_check(inquiry);
		*graph_node(nb->graph, copy) = *node;
	}
	MemoryContextSwitchTo(old);
	return overlay;
}

static bool
is_principal_kind(InterestKind kind)
{
	return kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR;
}

/* The place of a holding, or where it belongs. */
static uint32
holding_place(const GraphNode *node, NodeId holder, InterestKind kind)
{
	uint32		i = 0;

	while (i < node->n_holdings && (node->holdings[i].holder < holder ||
									(node->holdings[i].holder == holder && node->holdings[i].kind < kind)))
		i++;
	return i;
}

/* Replaces the list of holdings by a copy without (or with one more at) a place. */
static Holding *
splice_holding(Inquiry *overlay, GraphNode *node, uint32 place, int change)
{
	uint32		n = node->n_holdings + change;
	Holding    *holdings = MemoryContextAllocHuge(overlay->scratch, mul_size(sizeof(Holding), Max(n, 1)));
	uint32		rest = change < 0 ? place + 1 : place;

	if (place > 0)
		memcpy(holdings, node->holdings, sizeof(Holding) * place);
	if (node->n_holdings > rest)
		memcpy(holdings + place + (change > 0 ? 1 : 0), node->holdings + rest, sizeof(Holding) * (node->n_holdings - rest));
	if (change > 0)
		memset(&holdings[place], 0, sizeof(Holding));
	node->holdings = holdings;
	node->n_holdings = n;
	return &holdings[place];
}

Holding *
overlay_holding(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind)
{
	GraphNode  *node = graph_node(overlay->nb->graph, held);
	uint32		place = holding_place(node, holder, kind);

	if (place == node->n_holdings || node->holdings[place].holder != holder || node->holdings[place].kind != kind)
		return NULL;
	/* the list may be the original's */
	return splice_holding(overlay, node, place, 0);
}

/* The place of a principal of a branch or agent, or how many there are. */
static uint32
principal_place(const GraphNode *node, NodeId principal, InterestKind kind)
{
	uint32		i = 0;

	while (i < node->n_principals && (node->principals[i].principal != principal || node->principals[i].kind != kind))
		i++;
	return i;
}

/* Adds a principal, or takes the one at a place out. */
static void
splice_principal(Inquiry *overlay, GraphNode *node, uint32 place, NodeId principal, InterestKind kind)
{
	size_t		size = sizeof(node->principals[0]);
	void	   *old = node->principals;
	bool		adds = place == node->n_principals;

	node->principals = MemoryContextAllocHuge(overlay->scratch, mul_size(size, (Size) node->n_principals + 1));
	if (node->n_principals > 0)
		memcpy(node->principals, old, size * node->n_principals);
	if (adds)
		node->n_principals++;
	else
	{
		node->n_principals--;
		node->principals[place] = node->principals[node->n_principals];
		return;
	}
	node->principals[place].principal = principal;
	node->principals[place].kind = (uint8) kind;
}

void
overlay_add(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind, const ShareValue *share)
{
	GraphNode  *node = graph_node(overlay->nb->graph, is_principal_kind(kind) ? holder : held);
	Holding    *holding;

	if (is_principal_kind(kind))
	{
		uint32		place = principal_place(node, held, kind);

		if (place == node->n_principals)
			splice_principal(overlay, node, place, held, kind);
		return;
	}
	/* nobody holds an individual or a government, whatever is told (neighbourhood.c) */
	if (node->unheld)
		return;
	holding = overlay_holding(overlay, holder, held, kind);
	if (holding == NULL)
	{
		holding = splice_holding(overlay, node, holding_place(node, holder, kind), 1);
		holding->holder = holder;
		holding->kind = (uint8) kind;
		holding->share = *share;
	}
	else if (kind < N_PERCENTAGE_KINDS)
		holding->share = share_value_add(&overlay->env, &holding->share, share);
	holding->excepted = false;
	inquiry_check(overlay);
}

bool
overlay_change(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind, const ShareValue *share)
{
	Holding    *holding = is_principal_kind(kind) ? NULL : overlay_holding(overlay, holder, held, kind);

	if (holding == NULL)
		return false;
	holding->share = *share;
	holding->contradicted = false;
	return true;
}

bool
overlay_remove(Inquiry *overlay, NodeId holder, NodeId held, InterestKind kind)
{
	GraphNode  *node = graph_node(overlay->nb->graph, is_principal_kind(kind) ? holder : held);
	uint32		place;

	if (is_principal_kind(kind))
	{
		place = principal_place(node, held, kind);
		if (place == node->n_principals)
			return false;
		splice_principal(overlay, node, place, held, kind);
		return true;
	}
	place = holding_place(node, holder, kind);
	if (place == node->n_holdings || node->holdings[place].holder != holder || node->holdings[place].kind != kind)
		return false;
	(void) splice_holding(overlay, node, place, -1);
	return true;
}
