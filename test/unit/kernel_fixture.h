/*
 * kernel_fixture.h
 *		Small graphs from text, and the ownership tests of the regimes.
 *
 * A graph is statements ended by ";": "U X voting 51%" (an interest; several sources as
 * a fifth word), "X complete", "X open", "X closed", "X fund", "X nofund", "X unheld".
 * Registers are closed unless told.
 */
#ifndef KERNEL_FIXTURE_H
#define KERNEL_FIXTURE_H

#include "core/kernel.h"
#include "unit.h"

static const struct
{
	const char *name;
	InterestKind kind;
}			fixture_kinds[] = {
	{"voting", INTEREST_VOTING}, {"board", INTEREST_BOARD}, {"equity", INTEREST_EQUITY},
	{"profits", INTEREST_PROFITS}, {"liquidation", INTEREST_LIQUIDATION},
	{"gp", INTEREST_GENERAL_PARTNER}, {"mm", INTEREST_MANAGING_MEMBER},
	{"adviser", INTEREST_INVESTMENT_ADVISER}, {"board_seat", INTEREST_BOARD_SEAT},
	{"direction", INTEREST_DIRECTION}, {"acts_for", INTEREST_ACTS_FOR},
	{"branch_of", INTEREST_BRANCH_OF}, {"?", INTEREST_UNMAPPED},
};

static inline NodeId
fixture_node(Graph *graph, const char *name)
{
	bool		is_new;
	NodeId		node = graph_intern(graph, name, strlen(name), &is_new);

	if (is_new)
		graph_node(graph, node)->register_state = REGISTER_CLOSED;
	return node;
}

static inline void
fixture_statement(CoreEnv *env, Graph *graph, char words[][128], int n)
{
	NodeId		a = fixture_node(graph, words[0]);

	if (n == 2)
	{
		GraphNode  *node = graph_node(graph, a);

		if (strcmp(words[1], "complete") == 0)
			node->register_state = REGISTER_COMPLETE;
		else if (strcmp(words[1], "open") == 0)
			node->register_state = REGISTER_OPEN;
		else if (strcmp(words[1], "fund") == 0)
			node->pooled_fund = TERNARY_TRUE;
		else if (strcmp(words[1], "nofund") == 0)
			node->pooled_fund = TERNARY_FALSE;
		else if (strcmp(words[1], "unheld") == 0)
			node->unheld = true;
	}
	for (size_t i = 0; n >= 3 && i < sizeof(fixture_kinds) / sizeof(fixture_kinds[0]); i++)
	{
		size_t		error_at;
		ShareValue	share = share_value_unknown();

		if (strcmp(words[2], fixture_kinds[i].name) != 0)
			continue;
		if (n >= 4)
			share = share_value_parse(env, words[3], &error_at);
		graph_add_interest(graph, a, fixture_node(graph, words[1]), fixture_kinds[i].kind,
						   &share, false, n >= 5 ? words[4] : NULL);
	}
}

/* a graph from text, expanded */
static inline Graph *
fixture_graph(CoreEnv *env, const char *text)
{
	Graph	   *graph = graph_create(env);
	char		words[6][128];
	int			n = 0;

	for (;;)
	{
		size_t		length = strcspn(text, " ;\n");

		if (length > 0 && n < 6)
			snprintf(words[n++], sizeof(words[0]), "%.*s", (int) length, text);
		text += length;
		if ((*text == ';' || *text == '\0') && n > 0)
		{
			fixture_statement(env, graph, words, n);
			n = 0;
		}
		if (*text++ == '\0')
			break;
	}
	for (NodeId i = 0; i < graph_size(graph); i++)
		graph_expand(graph, i);
	return graph;
}

/* a kernel over the whole graph */
static inline Kernel *
fixture_kernel(CoreEnv *env, const Graph *graph, const OwnershipTest *test, KernelRun run)
{
	uint32_t	n = graph_size(graph);
	NodeId	   *nodes = core_array(env, n, sizeof(NodeId));

	for (uint32_t i = 0; i < n; i++)
		nodes[i] = n - 1 - i;
	return kernel_create(env, graph, nodes, n, test, run);
}

/* an attribution of the whole graph to seeds named in text */
static inline Attribution *
fixture_attribute(Graph *graph, Kernel *kernel, const char *seeds)
{
	NodeId		nodes[16];
	uint32_t	n = 0;

	while (*seeds != '\0')
	{
		size_t		length = strcspn(seeds, " ");

		if (length > 0 && graph_find(graph, seeds, length, &nodes[n]))
			n++;
		seeds += length;
		seeds += *seeds == ' ';
	}
	return kernel_attribute(kernel, nodes, n);
}

static inline void
fixture_measure(CoreEnv *env, OwnershipTest *test, InterestKind kind, int num, int den, bool strict)
{
	int			k = test->n_measures++;

	test->measures[k].kind = kind;
	test->measures[k].threshold = fraction_of(env, num, den);
	test->measures[k].strict = strict;
}

/* the tests by the letters of engine.md 0, with readings as suffixes */
static inline OwnershipTest
fixture_test(CoreEnv *env, const char *name)
{
	OwnershipTest test;

	memset(&test, 0, sizeof(test));
	test.status_feeds_back = test.roles_carry = true;
	test.link = LINK_PRODUCT;
	test.principal_roles = 1u << INTEREST_BRANCH_OF | 1u << INTEREST_ACTS_FOR;
	if (strncmp(name, "R1", 2) == 0)
	{
		fixture_measure(env, &test, INTEREST_VOTING, 1, 2, true);
		fixture_measure(env, &test, INTEREST_BOARD, 1, 2, true);
		test.below = PASS_PROPORTION;
		test.link = strstr(name, "product") ? LINK_PRODUCT : LINK_LITERAL;
		test.across_measures = strstr(name, "same") == NULL;
		test.roles = 1u << INTEREST_GENERAL_PARTNER | 1u << INTEREST_MANAGING_MEMBER;
		test.fund_roles = 1u << INTEREST_INVESTMENT_ADVISER;
		test.roles_carry = strstr(name, "nocarry") == NULL;
		if (strstr(name, "at least"))
			test.measures[0].strict = false;
	}
	else if (strncmp(name, "R2", 2) == 0)
	{
		fixture_measure(env, &test, INTEREST_VOTING, 1, 2, false);
		fixture_measure(env, &test, INTEREST_BOARD, 1, 2, false);
		fixture_measure(env, &test, INTEREST_EQUITY, 1, 2, false);
		test.below = strstr(name, "cascade") ? PASS_NOTHING : PASS_PROPORTION;
		test.status_feeds_back = strstr(name, "tier") == NULL;
	}
	else if (strncmp(name, "R3", 2) == 0)
		fixture_measure(env, &test, INTEREST_EQUITY, 1, 2, strstr(name, "strict") != NULL);
	else if (strncmp(name, "R4", 2) == 0)
	{
		fixture_measure(env, &test, INTEREST_EQUITY, 1, 4, false);
		test.below = PASS_PROPORTION;
		test.status_feeds_back = false;
	}
	else
		fixture_measure(env, &test, INTEREST_VOTING, 1, 2, true);
	return test;
}

#endif							/* KERNEL_FIXTURE_H */
