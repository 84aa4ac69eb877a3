/*
 * graph_test.c
 *		Interned parties, merged lots and sources, principals, cones, components.
 */
#include "core/components.h"
#include "kernel_fixture.h"

static const Holding *
holding(const Graph *graph, const char *holder, const char *held, InterestKind kind)
{
	NodeId		a;
	NodeId		b;

	if (!graph_find(graph, holder, strlen(holder), &a) || !graph_find(graph, held, strlen(held), &b))
		return NULL;
	for (uint32_t i = 0; i < graph_node(graph, b)->n_holdings; i++)
		if (graph_node(graph, b)->holdings[i].holder == a && graph_node(graph, b)->holdings[i].kind == kind)
			return &graph_node(graph, b)->holdings[i];
	return NULL;
}

static void
check_share(CoreEnv *env, const Graph *graph, InterestKind kind, const char *expected, const char *what)
{
	const Holding *h = holding(graph, "U", "E", kind);

	is_text(h ? share_value_print(env, &h->share) : "none", expected, what);
}

static void
check_merging(CoreEnv *env)
{
	Graph	   *g = fixture_graph(env, "U E voting 10% a; U E voting 15% a; U E equity 30% a; U E equity 40% b;"
								  "U E board (25%,50%] a; U E board [25%,50%) b; U E gp; U E gp; U E profits");
	NodeId		e;

	graph_find(g, "E", 1, &e);
	check_share(env, g, INTEREST_VOTING, "25%", "lots of one source add up");
	ok(!holding(g, "U", "E", INTEREST_VOTING)->contradicted, "  and contradict nobody");
	check_share(env, g, INTEREST_EQUITY, "[30%,40%]", "two sources: smallest lower, largest upper end");
	ok(holding(g, "U", "E", INTEREST_EQUITY)->contradicted, "  and contradict each other");
	check_share(env, g, INTEREST_BOARD, "[25%,50%]", "a closed end wins over an open one");
	check_share(env, g, INTEREST_GENERAL_PARTNER, "100%", "a role is only there or not");
	check_share(env, g, INTEREST_PROFITS, "unknown", "a percentage kind without a share is unknown");
	ok(graph_node(g, e)->n_holdings == 5 && graph_node(g, e)->expanded, "one holding a holder and kind");
	for (uint32_t i = 1; i < graph_node(g, e)->n_holdings; i++)
		ok(graph_node(g, e)->holdings[i - 1].kind < graph_node(g, e)->holdings[i].kind, "  in order");
	graph_add_interest(g, 0, e, INTEREST_VOTING, NULL, false, "c");
	ok(!graph_node(g, e)->expanded, "a late row takes the expansion back");
	graph_expand(g, e);
	check_share(env, g, INTEREST_VOTING, "unknown", "  and joins the others");
	unit_reset(env);
}

static void
check_excepted(CoreEnv *env)
{
	Graph	   *g = graph_create(env);
	ShareValue	s = share_value_exact(fraction_of(env, 1, 10));
	NodeId		u = fixture_node(g, "U");
	NodeId		e = fixture_node(g, "E");

	graph_add_interest(g, u, e, INTEREST_VOTING, &s, true, NULL);
	graph_add_interest(g, u, e, INTEREST_VOTING, &s, false, NULL);
	graph_add_interest(g, u, e, INTEREST_EQUITY, &s, true, NULL);
	graph_expand(g, e);
	ok(!holding(g, "U", "E", INTEREST_VOTING)->excepted, "excepted only if every lot is");
	ok(holding(g, "U", "E", INTEREST_EQUITY)->excepted, "  as here");
	unit_reset(env);
}

static void
check_interning(CoreEnv *env)
{
	Graph	   *g = graph_create(env);
	bool		same = true;
	bool		is_new;
	NodeId		node;
	char		name[16];
	GraphNode  *first;

	graph_intern(g, "first", 5, &is_new);
	first = graph_node(g, 0);
	for (uint32_t i = 1; i <= 5000; i++)
	{
		snprintf(name, sizeof(name), "p%u", i);
		same = same && graph_intern(g, name, strlen(name), &is_new) == i && is_new;
	}
	for (uint32_t i = 1; i <= 5000; i++)
	{
		snprintf(name, sizeof(name), "p%u", i);
		same = same && graph_intern(g, name, strlen(name), &is_new) == i && !is_new;
		same = same && strcmp(graph_node(g, i)->id, name) == 0;
	}
	ok(same && graph_size(g) == 5001, "five thousand ids keep their numbers");
	ok(first == graph_node(g, 0) && first->register_state == REGISTER_OPEN &&
	   first->pooled_fund == TERNARY_UNKNOWN && !first->expanded, "a node stays where it is");
	ok(!graph_find(g, "p", 1, &node) && !graph_find(g, "", 0, &node), "an unknown id is not found");
	unit_reset(env);
}

static void
check_cone(CoreEnv *env)
{
	Graph	   *g = fixture_graph(env, "U A voting 50%; A B voting 50%; B A voting 50%; B C voting 1%; X Y voting 1%;"
								  "B P branch_of; B P branch_of");
	NodeId		b;
	NodeId	   *cone;

	graph_find(g, "B", 1, &b);
	ok(graph_cone(env, g, b, &cone) == 4, "a cone is the node, its holders and principals, and theirs");
	ok(graph_node(g, b)->n_principals == 1, "a principal told twice is one");
	unit_reset(env);
}

static void
check_components(CoreEnv *env)
{
	static const uint32_t start[] = {0, 1, 2, 4, 5, 5, 6};
	static const uint32_t target[] = {1, 2, 0, 3, 4, 5};
	Digraph		d = {6, start, target};
	Components	c;

	components_find(env, &d, &c);
	ok(c.n == 4 && c.of[0] == c.of[1] && c.of[1] == c.of[2], "a ring is one component");
	ok(c.of[4] < c.of[3] && c.of[3] < c.of[2] && c.of[5] != c.of[4], "what edges lead to comes first");
	unit_reset(env);
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);

	check_merging(&env);
	check_excepted(&env);
	check_interning(&env);
	check_cone(&env);
	check_components(&env);
	unit_free(&env);
	return unit_done();
}
