/*
 * sweep_census.c
 *		The flat graph of a whole census: see sweep_graph.h.
 *
 * A party whose measured shares are small fractions, and which holds none of itself, is
 * written down as it is.  What else there is (ranges, own shares, kinds that nobody mapped) becomes a small
 * graph of the party and its holders, and the model of that says what it comes to.
 */
#include <string.h>

#include "census_parts.h"
#include "sweep_census.h"

typedef struct Building
{
	CoreEnv    *env;
	const Census *census;
	const OwnershipTest *test;
	KernelRun	run;
	SweepGraph *graph;
	Arena		arena;			/* one small graph */
	size_t		n_measures;
	uint32_t	n_links;
	uint32_t	n_principals;
	uint32_t	n_shares;
	uint32_t	allocated_shares;
	bool		has_open_ends;	/* of anybody's register */
	uint8_t    *controls;		/* with control_counts, by share of the census: a bit for each measure by which it controls */
	uint32_t	whole;			/* then: the number of the share that is everything */
	bool		nothing_controls;	/* then: some measure is controlled by who holds nothing of it */
} Building;

static inline bool
is_principal(uint32_t kind)
{
	return kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR;
}

/* Which kind's rows tell each measure of a party: as in model.c. */
static void
find_kinds(const Building *b, const CensusEdge *edges, uint32_t n, uint32_t *kinds)
{
	bool		has_votes = false;

	for (uint32_t i = 0; i < n && b->test->equity_votes; i++)
		has_votes = has_votes || edges[i].kind == INTEREST_VOTING;
	for (size_t k = 0; k < b->n_measures; k++)
	{
		kinds[k] = b->test->measures[k].kind;
		if (kinds[k] == INTEREST_VOTING && b->test->equity_votes && !has_votes)
			kinds[k] = INTEREST_EQUITY;
	}
}

/* May a party be written down as it is? */
static bool
is_plain(const Building *b, uint32_t party, const CensusEdge *edges, uint32_t n, const uint32_t *kinds)
{
	if (b->nothing_controls)
		return false;
	for (uint32_t i = 0; i < n; i++)
	{
		if (edges[i].kind == INTEREST_UNMAPPED)
			return false;
		for (size_t k = 0; k < b->n_measures; k++)
			if (edges[i].kind == kinds[k] &&
				(edges[i].holder == party || share_at(b->census, edges[i].share)->units == UINT64_MAX ||
				 b->graph->shares[edges[i].share + 1].ends.upper > SWEEP_ONE * SWEEP_MOST_WHOLES))
				return false;
	}
	return true;
}

/* Does a role of this kind confer status on the party in this run? */
static bool
role_confers(const Building *b, const CensusParty *party, uint32_t kind)
{
	uint32_t	roles = b->test->roles;

	if (party->pooled_fund == TERNARY_TRUE || (b->run != RUN_DEFINITE && party->pooled_fund == TERNARY_UNKNOWN))
		roles |= b->test->fund_roles;
	return (roles & (UINT32_C(1) << kind)) != 0;
}

/* Counts the last link, which controls, as the whole of every measure (controlling.c). */
static void
count_whole(Building *b, uint64_t *ends)
{
	SweepGraph *graph = b->graph;
	uint32_t   *shares = graph->share + b->n_links * b->n_measures;

	for (size_t k = 0; k < b->n_measures; k++)
	{
		ends[k] += SWEEP_ONE - graph->shares[shares[k]].ends.upper;
		shares[k] = b->whole;
	}
}

/* Adds one holder's edges [from, to) as a link, if they come to one; sums the shares up. */
static void
add_link(Building *b, uint32_t party, const CensusEdge *edges, uint32_t from, uint32_t to, const uint32_t *kinds,
		 uint64_t *units, uint64_t *ends)
{
	SweepGraph *graph = b->graph;
	const CensusParty *p = party_at(b->census, party);
	uint32_t   *shares = graph->share + b->n_links * b->n_measures;
	bool		role = false;
	bool		lot = false;
	bool		controls = false;

	for (size_t k = 0; k < b->n_measures; k++)
		shares[k] = SWEEP_NO_SHARE;
	for (uint32_t i = from; i < to; i++)
	{
		if (is_principal(edges[i].kind))
			continue;
		role = role || role_confers(b, p, edges[i].kind);
		for (size_t k = 0; k < b->n_measures; k++)
		{
			const CensusShare *share = share_at(b->census, edges[i].share);

			if (edges[i].kind != kinds[k] || share->num == 0)
				continue;
			shares[k] = edges[i].share + 1;
			units[k] += share->units;
			ends[k] += graph->shares[shares[k]].ends.upper;
			lot = true;
			controls = controls || (b->controls != NULL && (b->controls[edges[i].share] >> k & 1) != 0);
		}
	}
	if (edges[from].holder == party || (!lot && !role))
		return;
	if (graph->own_share != NULL)
		memcpy(graph->own_share + b->n_links * b->n_measures, shares, b->n_measures * sizeof(uint32_t));
	if (controls || (role && b->controls != NULL))
		count_whole(b, ends);
	graph->holder[b->n_links] = edges[from].holder;
	graph->link[b->n_links++] = role ? SWEEP_ROLE : 0;
}

/* Does so much of a measure control? */
static bool
share_controls(const Building *b, Fraction share, size_t measure)
{
	const Gate *gate = &b->test->measures[measure].control;
	Bound		bound = {share, false};

	return b->test->control_counts != CONTROL_AS_SHARE &&
		bound_passes(b->env, &bound, gate->threshold, gate->strict, false);
}

/* Notes what nobody has disclosed of a party: anybody's, where its register is open. */
static void
add_rest(Building *b, uint32_t party, const uint64_t *units)
{
	const CensusParty *p = party_at(b->census, party);
	uint64_t	unit = census_unit(b->census);

	for (size_t k = 0; k < b->n_measures; k++)
	{
		AmountEnds *rest = &b->graph->rest[party * b->n_measures + k];
		Fraction	slack = FRACTION_ZERO;

		if (!p->unheld && p->register_state == REGISTER_OPEN && units[k] < unit)
			slack = (Fraction) {unit - units[k], unit, NULL, false};
		/* who holds all of it may control */
		*rest = ends_of_fraction(b->env, units[k] < unit && share_controls(b, slack, k) ? FRACTION_ONE : slack);
	}
}

/* Writes a party down as it is; false if its sums are beyond what can be counted. */
static bool
add_plain(Building *b, uint32_t party, const CensusEdge *edges, uint32_t n, const uint32_t *kinds)
{
	uint32_t	first = b->n_links;
	uint64_t	units[MAX_MEASURES] = {0};
	uint64_t	ends[MAX_MEASURES] = {0};

	for (uint32_t from = 0, to; from < n; from = to)
	{
		for (to = from + 1; to < n && edges[to].holder == edges[from].holder;)
			to++;
		core_step(b->env);
		add_link(b, party, edges, from, to, kinds, units, ends);
		for (size_t k = 0; k < b->n_measures; k++)
			if (ends[k] > SWEEP_ONE * SWEEP_MOST_WHOLES || units[k] > UINT64_C(1) << 61)
			{
				b->n_links = first;
				return false;
			}
	}
	if (b->n_links - first > SWEEP_MOST_WHOLES)
		b->graph->node[party] |= SWEEP_DIRTY;
	if (b->graph->rest != NULL)
		add_rest(b, party, units);
	return true;
}

/* The party and its holders as a graph of their own; by NodeId, who they are. */
static Graph *
small_graph(Building *b, uint32_t party, const CensusEdge *edges, uint32_t n, uint32_t *parties)
{
	CoreEnv    *env = &b->arena.env;
	Graph	   *graph = graph_create(env);
	const CensusParty *p = party_at(b->census, party);
	NodeId		node = graph_intern(graph, (const char *) &party, sizeof(party), NULL);

	parties[node] = party;
	for (uint32_t i = 0; i < n && env->status == CORE_OK; i++)
	{
		ShareValue	share = share_value_exact(FRACTION_ONE);
		uint32_t	holder = edges[i].holder;
		NodeId		above = graph_intern(graph, (const char *) &holder, sizeof(holder), NULL);

		core_step(env);
		parties[above] = holder;
		if (edges[i].kind < N_PERCENTAGE_KINDS)
			share = census_share_value(b->census, edges[i].share);
		if (is_principal(edges[i].kind))
			graph_add_interest(graph, node, above, (InterestKind) edges[i].kind, &share, false, NULL);
		else
			graph_add_interest(graph, above, node, (InterestKind) edges[i].kind, &share, false, NULL);
	}
	for (NodeId i = 0; i < graph_size(graph) && env->status == CORE_OK; i++)
	{
		graph_node(graph, i)->unheld = true;
		graph_expand(graph, i);
	}
	graph_node(graph, node)->register_state = p->register_state;
	graph_node(graph, node)->unheld = p->unheld;
	graph_node(graph, node)->pooled_fund = (Ternary) p->pooled_fund;
	return graph;
}

/* The number of a new share. */
static uint32_t
keep_share(Building *b, const SweepShare *share)
{
	SweepGraph *graph = b->graph;

	if (b->n_shares == b->allocated_shares)
	{
		uint32_t	wanted = b->allocated_shares * 2;
		SweepShare *fresh = core_array(b->env, wanted, sizeof(SweepShare));

		if (b->allocated_shares > UINT32_MAX / 4)
			core_fail(b->env, CORE_TOO_LARGE);
		if (b->env->status != CORE_OK)
			return SWEEP_NO_SHARE;
		memcpy(fresh, graph->shares, b->n_shares * sizeof(SweepShare));
		graph->shares = fresh;
		b->allocated_shares = wanted;
	}
	graph->shares[b->n_shares] = *share;
	if (share->is_exact)
		graph->shares[b->n_shares].exact = fraction_copy(b->env, share->exact);
	return b->n_shares++;
}

/* Writes down what the model of a small graph says of its first node. */
static void
take_over(Building *b, uint32_t party, const SweepGraph *small, const uint32_t *parties)
{
	SweepGraph *graph = b->graph;

	graph->node[party] |= small->node[0] & SWEEP_DIRTY;
	for (uint32_t i = small->link_start[0]; i < small->link_start[1]; i++)
	{
		core_step(b->env);
		graph->holder[b->n_links] = parties[small->holder[i]];
		graph->link[b->n_links] = small->link[i] & SWEEP_ROLE;
		for (size_t k = 0; k < b->n_measures; k++)
		{
			uint32_t	share = small->share[i * b->n_measures + k];

			graph->share[b->n_links * b->n_measures + k] = share == SWEEP_NO_SHARE ? SWEEP_NO_SHARE :
				keep_share(b, &small->shares[share]);
			if (graph->own_share == NULL)
				continue;
			share = small->own_share[i * b->n_measures + k];
			graph->own_share[b->n_links * b->n_measures + k] = share == SWEEP_NO_SHARE ? SWEEP_NO_SHARE :
				keep_share(b, &small->shares[share]);
		}
		b->n_links++;
	}
	for (size_t k = 0; k < b->n_measures && graph->rest != NULL; k++)
		graph->rest[party * b->n_measures + k] = small->rest[k];
}

/* Are all the lots that a model has of its first node single numbers? */
static bool
has_ranges(const Model *model)
{
	for (int k = 0; k < model->test->n_measures; k++)
		if (model->nodes[0].registers[k].n > 0 && !model->nodes[0].registers[k].exact)
			return true;
	return false;
}

/* Writes a party down as its model has it. */
static void
add_by_model(Building *b, uint32_t party, const CensusEdge *edges, uint32_t n)
{
	CoreEnv    *env = &b->arena.env;
	uint32_t   *parties;
	NodeId	   *nodes;
	Graph	   *graph;
	Model		model;
	SweepGraph	small;

	arena_reset(&b->arena);
	parties = core_array(env, (size_t) n + 1, sizeof(uint32_t));
	nodes = core_array(env, (size_t) n + 1, sizeof(NodeId));
	graph = small_graph(b, party, edges, n, parties);
	if (arena_failed(&b->arena))
		return;
	for (NodeId i = 0; i < graph_size(graph); i++)
		nodes[i] = i;
	model_build(env, &model, graph, nodes, graph_size(graph), b->test, b->run);
	if (!arena_failed(&b->arena))
		sweep_graph_of_model(env, &small, &model);
	if (arena_failed(&b->arena))
		return;
	if (has_ranges(&model))
		b->graph->node[party] |= SWEEP_RANGES;
	b->has_open_ends = b->has_open_ends || model.has_open_ends;
	take_over(b, party, &small, parties);
}

/* Lists the principals whose status a party has. */
static void
add_principals(Building *b, uint32_t party, const CensusEdge *edges, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (is_principal(edges[i].kind) && edges[i].holder != party &&
			(b->test->principal_roles & (UINT32_C(1) << edges[i].kind)) != 0)
			b->graph->principal[b->n_principals++] = edges[i].holder;
}

/* The dictionary of the census's own shares: each one's number is one more than there. */
static void
make_shares(Building *b)
{
	SweepGraph *graph = b->graph;

	b->whole = b->census->n_shares + 1;
	b->n_shares = b->whole + 1;
	b->allocated_shares = b->n_shares + 64;
	graph->shares = core_array(b->env, b->allocated_shares, sizeof(SweepShare));
	if (b->env->status != CORE_OK)
		return;
	graph->shares[SWEEP_NO_SHARE] = (SweepShare) {{0, 0}, FRACTION_ZERO, true};
	graph->shares[b->whole] = (SweepShare) {{SWEEP_ONE, SWEEP_ONE}, FRACTION_ONE, true};
	for (uint32_t i = 0; i < b->census->n_shares; i++)
	{
		const CensusShare *s = share_at(b->census, i);
		SweepShare *share = &graph->shares[i + 1];

		core_step(b->env);
		*share = (SweepShare) {{0, 0}, FRACTION_ZERO, true};
		if (s->value != NULL)
			continue;
		share->exact = (Fraction) {s->num, s->den, NULL, false};
		share->ends = ends_of_fraction(b->env, share->exact);
	}
}

/* With control_counts: which shares of the census control, by which measures. */
static void
find_controls(Building *b)
{
	const Census *census = b->census;

	if (b->test->control_counts == CONTROL_AS_SHARE)
		return;
	b->controls = core_array(b->env, (size_t) census->n_shares + 1, sizeof(uint8_t));
	for (size_t k = 0; k < b->n_measures; k++)
		b->nothing_controls = b->nothing_controls || share_controls(b, FRACTION_ZERO, k);
	for (uint32_t i = 0; i < census->n_shares && b->env->status == CORE_OK; i++)
	{
		const CensusShare *s = share_at(census, i);

		core_step(b->env);
		b->controls[i] = 0;
		for (size_t k = 0; k < b->n_measures && s->value == NULL; k++)
			if (share_controls(b, (Fraction) {s->num, s->den, NULL, false}, k))
				b->controls[i] |= (uint8_t) (1u << k);
	}
}

/* Makes room for all that a census may come to. */
static void
make_graph(Building *b)
{
	CoreEnv    *env = b->env;
	SweepGraph *graph = b->graph;
	size_t		n_edges = b->census->in_start[b->census->n];
	size_t		n_principals = 0;

	for (size_t i = 0; i < n_edges; i++)
		n_principals += is_principal(b->census->in[i].kind);
	graph->test = b->test;
	graph->n = b->census->n;
	graph->link_start = core_array(env, (size_t) graph->n + 1, sizeof(uint32_t));
	graph->principal_start = core_array(env, (size_t) graph->n + 1, sizeof(uint32_t));
	graph->node = core_array(env, graph->n, sizeof(uint8_t));
	graph->holder = core_array(env, n_edges - n_principals, sizeof(uint32_t));
	graph->link = core_array(env, n_edges - n_principals, sizeof(uint8_t));
	graph->share = core_array(env, (n_edges - n_principals) * b->n_measures + MAX_MEASURES, sizeof(uint32_t));
	if (b->test->control_counts == CONTROL_BEYOND_SEEDS)
		graph->own_share = core_array(env, (n_edges - n_principals) * b->n_measures + MAX_MEASURES, sizeof(uint32_t));
	graph->principal = core_array(env, n_principals, sizeof(uint32_t));
	if (b->run == RUN_UNDISCLOSED)
		graph->rest = core_array(env, graph->n * b->n_measures, sizeof(AmountEnds));
	if (n_edges >= UINT32_MAX / 2)
		core_fail(env, CORE_TOO_LARGE);
	if (env->status == CORE_OK)
		core_fill(env, graph->node, 0, graph->n);
	make_shares(b);
	find_controls(b);
}

/* Writes down who is above whom. */
static void
add_everybody(Building *b)
{
	SweepGraph *graph = b->graph;

	for (uint32_t party = 0; party < graph->n && b->env->status == CORE_OK; party++)
	{
		uint32_t	kinds[MAX_MEASURES];
		uint32_t	n;
		const CensusEdge *edges = edges_at(b->census, party, &n);

		core_step(b->env);
		graph->link_start[party] = b->n_links;
		graph->principal_start[party] = b->n_principals;
		find_kinds(b, edges, n, kinds);
		if (!is_plain(b, party, edges, n, kinds) || !add_plain(b, party, edges, n, kinds))
			add_by_model(b, party, edges, n);
		add_principals(b, party, edges, n);
		if (b->n_links - graph->link_start[party] > graph->max_links)
			graph->max_links = b->n_links - graph->link_start[party];
	}
	graph->link_start[graph->n] = b->n_links;
	graph->principal_start[graph->n] = b->n_principals;
	for (uint32_t i = 0; i < graph->n && b->has_open_ends; i++)
		graph->node[i] |= SWEEP_RANGES;
}

/* Whom a node's status or factor touches, by holder or principal. */
static void
list_held(CoreEnv *env, SweepGraph *graph)
{
	uint32_t	n_links = graph->link_start[graph->n];
	uint32_t	n_principals = graph->principal_start[graph->n];
	uint32_t   *start = core_array(env, (size_t) graph->n + 2, sizeof(uint32_t));
	uint32_t   *held = core_array(env, (size_t) n_links + n_principals, sizeof(uint32_t));

	if (env->status != CORE_OK)
		return;
	core_fill(env, start, 0, ((size_t) graph->n + 2) * sizeof(uint32_t));
	for (uint32_t i = 0; i < n_links; i++)
		start[graph->holder[i] + 2]++;
	for (uint32_t i = 0; i < n_principals; i++)
		start[graph->principal[i] + 2]++;
	for (uint32_t i = 1; i <= graph->n; i++)
		start[i + 1] += start[i];
	for (uint32_t node = 0; node < graph->n; node++)
	{
		core_step(env);
		for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
			held[start[graph->holder[i] + 1]++] = node;
		for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
			held[start[graph->principal[i] + 1]++] = node;
	}
	graph->held_start = start;
	graph->held = held;
}

/* Finds the components, holders first. */
static void
find_order(CoreEnv *env, CoreEnv *scratch, SweepGraph *graph)
{
	Digraph		up = {graph->n, graph->link_start, graph->holder};
	Components *components = core_array(env, 1, sizeof(Components));
	Components	found;

	if (graph->principal_start[graph->n] > 0)
	{
		uint32_t   *start = core_array(scratch, (size_t) graph->n + 1, sizeof(uint32_t));
		uint32_t   *target = core_array(scratch, (size_t) graph->link_start[graph->n] + graph->principal_start[graph->n],
										sizeof(uint32_t));
		uint32_t	n = 0;

		for (uint32_t node = 0; node < graph->n && scratch->status == CORE_OK; node++)
		{
			core_step(env);
			start[node] = n;
			for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
				target[n++] = graph->holder[i];
			for (uint32_t i = graph->principal_start[node]; i < graph->principal_start[node + 1]; i++)
				target[n++] = graph->principal[i];
		}
		start[graph->n] = n;
		up.start = start;
		up.target = target;
	}
	components_find(scratch, &up, &found);
	if (scratch->status != CORE_OK || env->status != CORE_OK)
		return;
	components->n = found.n;
	components->of = core_array(env, graph->n, sizeof(uint32_t));
	components->start = core_array(env, (size_t) found.n + 1, sizeof(uint32_t));
	components->members = core_array(env, graph->n, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	memcpy(components->of, found.of, graph->n * sizeof(uint32_t));
	memcpy(components->start, found.start, ((size_t) found.n + 1) * sizeof(uint32_t));
	memcpy(components->members, found.members, graph->n * sizeof(uint32_t));
	graph->components = components;
}

/* Where there is undisclosed mass of a node. */
static bool
has_rest(const SweepGraph *graph, uint32_t node)
{
	size_t		n_measures = (size_t) graph->test->n_measures;

	for (size_t k = 0; k < n_measures && graph->rest != NULL; k++)
		if (graph->rest[node * n_measures + k].upper > 0)
			return true;
	return false;
}

/* Marks the links that others than their holder come down; undisclosed mass comes down all below it. */
static void
mark_reached(CoreEnv *env, CoreEnv *scratch, SweepGraph *graph)
{
	bool	   *reached = core_array(scratch, graph->n, sizeof(bool));

	if (scratch->status != CORE_OK)
		return;
	/* who is below undisclosed mass has somebody above anyhow */
	for (uint32_t node = 0; node < graph->n; node++)
		reached[node] = graph->link_start[node] < graph->link_start[node + 1] ||
			graph->principal_start[node] < graph->principal_start[node + 1] || has_rest(graph, node);
	for (uint32_t node = 0; node < graph->n; node++)
		for (uint32_t i = graph->link_start[node]; i < graph->link_start[node + 1]; i++)
		{
			core_step(env);
			if (reached[graph->holder[i]])
				graph->link[i] |= SWEEP_REACHED;
			/* nothing comes further down from here: whatever the link is does not matter */
			if (graph->held_start[node] == graph->held_start[node + 1])
				graph->link[i] |= SWEEP_PLAIN;
		}
}

void
sweep_graph_of_census(CoreEnv *env, CoreEnv *scratch, SweepGraph *graph, const Census *census,
					  const OwnershipTest *test, KernelRun run)
{
	Building	b = {.env = env, .census = census, .test = test, .run = run, .graph = graph};

	memset(graph, 0, sizeof(SweepGraph));
	b.n_measures = (size_t) test->n_measures;
	arena_init(&b.arena, scratch);
	make_graph(&b);
	if (env->status != CORE_OK)
		return;
	add_everybody(&b);
	if (env->status == CORE_OK)
		list_held(env, graph);
	if (env->status == CORE_OK)
		find_order(env, scratch, graph);
	if (env->status == CORE_OK)
		mark_reached(env, scratch, graph);
	if (scratch->status != CORE_OK)
		core_fail(env, scratch->status);
}
