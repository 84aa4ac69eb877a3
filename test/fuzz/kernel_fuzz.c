/*
 * kernel_fuzz.c
 *		Any bytes as a small ownership graph, a test and seeds: the three runs answer
 *		without failing, the bounds are in order, and every proof is written.
 */
#include <stdlib.h>
#include <string.h>

#include "core/kernel.h"
#include "core/witness.h"

#define FUZZ_NODES	8

typedef struct Bytes
{
	const uint8_t *data;
	size_t		n;
	size_t		at;
} Bytes;

static void *blocks[1 << 20];
static size_t n_blocks;

static void *
take(void *arg, size_t size)
{
	void	   *block = malloc(size ? size : 1);

	(void) arg;
	if (block == NULL || n_blocks == sizeof(blocks) / sizeof(blocks[0]))
		abort();
	return blocks[n_blocks++] = block;
}

static void
no_poll(void *arg)
{
	(void) arg;
}

static uint8_t
next(Bytes *b)
{
	return b->at < b->n ? b->data[b->at++] : 0;
}

static ShareValue
next_share(CoreEnv *env, Bytes *b)
{
	static const int den[] = {2, 3, 4, 5, 10, 100, 7, 1};
	uint8_t		form = next(b);
	ShareValue	s = share_value_exact(fraction_of(env, next(b) & 15, den[form & 7]));

	if ((form & 8) == 0)
		return s;
	s.upper = fraction_add(env, s.lower, fraction_of(env, 1 + (next(b) & 7), den[form & 7]));
	if ((form & 128) != 0)
		s.upper = FRACTION_INFINITY;
	s.lower_open = (form & 16) != 0;
	s.upper_open = (form & 32) != 0;
	return s;
}

static OwnershipTest
next_test(CoreEnv *env, Bytes *b)
{
	OwnershipTest t;
	uint8_t		form = next(b);

	memset(&t, 0, sizeof(t));
	t.n_measures = 1 + (form & 1);
	for (int k = 0; k < t.n_measures; k++)
	{
		t.measures[k].kind = k == 0 ? INTEREST_VOTING : INTEREST_BOARD;
		t.measures[k].threshold = fraction_of(env, 1, form & 2 ? 2 : 4);
		t.measures[k].strict = (form & 4) != 0;
	}
	t.below = form & 8 ? PASS_NOTHING : PASS_PROPORTION;
	t.link = form & 16 ? LINK_LITERAL : LINK_PRODUCT;
	t.across_measures = (form & 32) != 0;
	t.status_feeds_back = (form & 64) == 0;
	t.roles_carry = (form & 128) != 0;
	t.roles = 1u << INTEREST_GENERAL_PARTNER;
	t.fund_roles = 1u << INTEREST_INVESTMENT_ADVISER;
	t.principal_roles = 1u << INTEREST_BRANCH_OF | 1u << INTEREST_ACTS_FOR;
	return t;
}

static Graph *
next_graph(CoreEnv *env, Bytes *b)
{
	Graph	   *graph = graph_create(env);

	for (int i = 0; i < FUZZ_NODES; i++)
	{
		char		id = (char) ('A' + i);
		GraphNode  *node = graph_node(graph, graph_intern(graph, &id, 1, NULL));
		uint8_t		form = next(b);

		node->register_state = form % 3;
		node->pooled_fund = (Ternary) (form / 3 % 3 - 1);
		node->unheld = (form & 64) != 0;
	}
	while (b->at < b->n)
	{
		uint8_t		ends = next(b);
		uint8_t		kind = next(b);
		ShareValue	share = next_share(env, b);

		graph_add_interest(graph, ends & 7, ends >> 3 & 7,
						   (InterestKind) (kind & 128 ? kind & 1 : kind % N_INTEREST_KINDS), &share,
						   (ends & 64) != 0, ends & 128 ? "other" : NULL);
	}
	for (NodeId i = 0; i < FUZZ_NODES; i++)
		graph_expand(graph, i);
	return graph;
}

/* the first run's bound must not be above the second's, an upper bound; is the first a lower one? */
static void
check_order(CoreEnv *env, const OwnershipTest *t, const Attribution *lower, const Attribution *upper,
			bool first_is_lower)
{
	for (NodeId i = 0; i < FUZZ_NODES; i++)
	{
		if (lower->status[i] && !upper->status[i])
			abort();
		for (int k = 0; k < t->n_measures; k++)
		{
			int			c = fraction_compare(env, lower->amount[k][i].value, upper->amount[k][i].value);

			if (c > 0 || (c == 0 && first_is_lower && lower->amount[k][i].strict) ||
				(c == 0 && upper->amount[k][i].strict && (first_is_lower || !lower->amount[k][i].strict)))
				abort();
		}
	}
}

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		b = {data, size > 200 ? 200 : size, 0};
	CoreEnv		env = {take, no_poll, NULL, CORE_OK, 0};
	OwnershipTest t = next_test(&env, &b);
	uint8_t		seeds = next(&b);
	Graph	   *graph = next_graph(&env, &b);
	NodeId		list[2] = {seeds & 7, seeds >> 3 & 7};
	NodeId	   *cone;
	uint32_t	n = graph_cone(&env, graph, seeds >> 5 & 7, &cone);
	Attribution *runs[3];

	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		Kernel	   *kernel = kernel_create(&env, graph, cone, n, &t, (KernelRun) run);

		runs[run] = kernel_attribute(kernel, list, list[0] == list[1] ? 1 : 2);
		if (env.status != CORE_OK)
			abort();
		for (uint32_t i = 0; i < n; i++)
		{
			Witness    *proof;

			if (witness_proof(&env, kernel, runs[run], cone[i], false, &proof) == 0)
				abort();
		}
	}
	if (env.status != CORE_OK)
		abort();
	check_order(&env, &t, runs[RUN_DEFINITE], runs[RUN_DISCLOSED], true);
	check_order(&env, &t, runs[RUN_DISCLOSED], runs[RUN_UNDISCLOSED], false);
	while (n_blocks > 0)
		free(blocks[--n_blocks]);
	return 0;
}
