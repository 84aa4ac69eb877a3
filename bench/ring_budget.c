/*
 * ring_budget.c
 *		What an exact solution of a ring costs: time, work, and what was foreseen of it.
 *
 *   cc -O2 -std=gnu99 -Isrc -Itest/unit bench/ring_budget.c src/core/[a-z]*.c -lgmp -lm -o ring_budget
 *   ./ring_budget
 *
 * RING_BUDGET (src/core/ring_budget.h) is the work of the rings that take about two seconds
 * here.  Members hold each other at random, 90 % of each together; a tenth is held from outside.
 */
#include <time.h>

#include "core/kernel_parts.h"
#include "core/ring_budget.h"
#include "kernel_fixture.h"

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Adds one voting interest of num in unit. */
static void
add(CoreEnv *env, Graph *graph, NodeId holder, NodeId held, int64_t num, int64_t unit)
{
	ShareValue	share = {.lower = fraction_of(env, num, unit)};

	share.upper = share.lower;
	graph_add_interest(graph, holder, held, INTEREST_VOTING, &share, false, NULL);
}

/* One ring of n, so many holders each, shares in parts of unit. */
static void
measure(uint32_t n, uint32_t per_node, int64_t unit)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	OwnershipTest test = {.below = PASS_PROPORTION, .link = LINK_PRODUCT, .status_feeds_back = true};
	Graph	   *graph = graph_create(&env);
	NodeId		u = fixture_node(graph, "u");
	uint64_t	state = n;
	char		name[16];
	Kernel	   *kernel;
	Attribution *a;
	uint32_t	ring = 0;
	uint64_t	expected;
	double		start;
	size_t		bits = 0;

	for (uint32_t i = 0; i < n; i++)
	{
		snprintf(name, sizeof(name), "r%u", i);
		fixture_node(graph, name);
	}
	for (uint32_t i = 0; i < n; i++)
	{
		if (i % 10 == 0)
			add(&env, graph, u, u + 1 + i, 1 + (int64_t) (unit_random(&state) % 700), 10000);
		for (uint32_t j = 0; j < per_node; j++)
		{
			uint32_t	holder = j == 0 ? (i + 1) % n : (uint32_t) (unit_random(&state) % n);

			if (holder != i)
				add(&env, graph, u + 1 + holder, u + 1 + i,
					1 + (int64_t) (unit_random(&state) % ((uint64_t) unit * 9 / 10 / per_node)), unit);
		}
	}
	for (NodeId i = 0; i < graph_size(graph); i++)
		graph_expand(graph, i);
	fixture_measure(&env, &test, INTEREST_VOTING, 1, 2, true);
	kernel = fixture_kernel(&env, graph, &test, RUN_DEFINITE);
	for (uint32_t i = 0; i < kernel->model.components.n; i++)
		if (kernel->model.components.start[i + 1] - kernel->model.components.start[i] > 1)
			ring = i;
	expected = ring_work(&kernel->model, ring);
	start = milliseconds();
	a = fixture_attribute(graph, kernel, "u");
	start = milliseconds() - start;
	for (NodeId i = 0; i < a->n_nodes; i++)
		if (fraction_bits(a->amount[0][i].value) > bits)
			bits = fraction_bits(a->amount[0][i].value);
	printf("%6u %8u %12lld %9.1f ms %8.1f %8.1f M %9zu bits  %s\n", n, per_node, (long long) unit, start,
		   kernel->scratch.env.work / 1e6, expected / 1e6, bits,
		   env.status == CORE_OK ? "solved" : env.status == CORE_BUDGET ? "over the budget" : "failed");
	unit_free(&env);
}

int
main(void)
{
	printf("  ring  holders         unit      time         work  foreseen    longest\n");
	measure(10, 3, 10000);
	measure(40, 4, 10000);
	measure(100, 4, 10000);
	measure(200, 2, 10000);
	measure(200, 4, 10000);
	measure(200, 20, 10000);
	measure(200, 100, 10000);
	measure(200, 4, 1000000);
	measure(200, 4, 1000000007);
	measure(500, 4, 10000);
	measure(700, 4, 10000);
	measure(1000, 4, 10000);
	measure(1300, 4, 10000);
	return 0;
}
