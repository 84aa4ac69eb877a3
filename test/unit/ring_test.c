/*
 * ring_test.c
 *		Large rings: exact within the budget, CORE_BUDGET beyond it, and memory that does not
 *		grow with the work.
 */
#include "core/kernel_parts.h"
#include "core/ring_budget.h"
#include "kernel_fixture.h"

/* A ring of n in which everybody is held by so many, 90 % together, and each tenth by u. */
static Graph *
ring_graph(CoreEnv *env, uint32_t n, uint32_t per_node, int unit)
{
	Graph	   *graph = graph_create(env);
	uint64_t	state = n;
	NodeId		u = fixture_node(graph, "u");
	char		name[16];

	for (uint32_t i = 0; i < n; i++)
	{
		snprintf(name, sizeof(name), "r%u", i);
		fixture_node(graph, name);
	}
	for (uint32_t i = 0; i < n; i++)
	{
		ShareValue	share = {.lower = fraction_of(env, 1 + (int64_t) (unit_random(&state) % 700), 10000)};

		share.upper = share.lower;
		if (i % 10 == 0)
			graph_add_interest(graph, u, u + 1 + i, INTEREST_VOTING, &share, false, NULL);
		for (uint32_t j = 0; j < per_node; j++)
		{
			NodeId		holder = u + 1 + (j == 0 ? (i + 1) % n : (uint32_t) (unit_random(&state) % n));

			share.lower = share.upper = fraction_of(env, 1 + (int64_t) (unit_random(&state) % ((uint32_t) unit * 9 / 10 / per_node)), unit);
			if (holder != u + 1 + i)
				graph_add_interest(graph, holder, u + 1 + i, INTEREST_VOTING, &share, false, NULL);
		}
	}
	for (NodeId i = 0; i < graph_size(graph); i++)
		graph_expand(graph, i);
	return graph;
}

static OwnershipTest
majority(CoreEnv *env)
{
	OwnershipTest test = {.below = PASS_PROPORTION, .link = LINK_PRODUCT, .status_feeds_back = true};

	fixture_measure(env, &test, INTEREST_VOTING, 1, 2, true);
	return test;
}

static uint32_t
largest_component(const Model *model)
{
	const Components *c = &model->components;
	uint32_t	largest = 0;

	for (uint32_t i = 0; i < c->n; i++)
		if (c->start[i + 1] - c->start[i] > c->start[largest + 1] - c->start[largest])
			largest = i;
	return largest;
}

/* Does every amount come out of what the holders pass on? */
static bool
adds_up(CoreEnv *env, const Graph *graph, const Attribution *a)
{
	for (NodeId i = 1; i < graph_size(graph); i++)
	{
		const GraphNode *node = graph_node(graph, i);
		Fraction	sum = FRACTION_ZERO;

		for (uint32_t j = 0; j < node->n_holdings; j++)
			sum = fraction_add(env, sum, fraction_multiply(env, node->holdings[j].share.lower,
														   a->factor[0][node->holdings[j].holder].value));
		if (fraction_compare(env, sum, a->amount[0][i].value) != 0)
			return false;
	}
	return true;
}

static void
within_budget(CoreEnv *env, uint32_t n, uint32_t per_node, int unit)
{
	Graph	   *graph = ring_graph(env, n, per_node, unit);
	OwnershipTest test = majority(env);
	Kernel	   *kernel = fixture_kernel(env, graph, &test, RUN_DEFINITE);
	uint32_t	ring = largest_component(&kernel->model);
	uint64_t	expected = ring_work(&kernel->model, ring);
	Attribution *a = fixture_attribute(graph, kernel, "u");

	ok(ring_affordable(&kernel->model, ring), "a ring of %u with %u holders each is affordable", n, per_node);
	ok(env->status == CORE_OK && adds_up(env, graph, a), "its amounts add up");
	ok(expected / 4 < kernel->scratch.env.work && kernel->scratch.env.work / 4 < expected,
	   "its work was foreseen within a factor of four");
	unit_reset(env);
}

static void
over_budget(CoreEnv *env, uint32_t n, uint32_t per_node, int unit)
{
	Graph	   *graph = ring_graph(env, n, per_node, unit);
	OwnershipTest test = majority(env);
	Kernel	   *kernel = fixture_kernel(env, graph, &test, RUN_DEFINITE);
	uint32_t	ring = largest_component(&kernel->model);
	size_t		before = ((UnitMemory *) env->arg)->bytes;

	ok(!ring_affordable(&kernel->model, ring), "a ring of %u with %u holders each and shares in 1/%d is not affordable", n, per_node, unit);
	(void) fixture_attribute(graph, kernel, "u");
	ok(env->status == CORE_BUDGET, "it is not solved");
	ok(((UnitMemory *) env->arg)->bytes - before < (size_t) n * 1024, "and takes no memory");
	unit_reset(env);
}

/* A budget that is used up half way ends the work there. */
static void
used_up(CoreEnv *env)
{
	Fraction	third = fraction_of(env, 1, 3);
	Fraction	power = third;
	int			n = 0;

	env->work = 0;
	env->work_limit = 1000000;
	while (env->status == CORE_OK && n < 100)
	{
		power = fraction_multiply(env, power, fraction_add(env, power, third));
		n++;
	}
	ok(env->status == CORE_BUDGET && env->work < 4000000, "arithmetic over the budget stops");
	env->work_limit = 0;
	unit_reset(env);
}

/* A ring that hardly loses anything, where doubles are given up: what they still say of amounts is true. */
static void
enclosed(CoreEnv *env)
{
	Graph	   *graph = fixture_graph(env, "u x voting 0.00098%; y x voting 99.999%; x y voting 99.999%; y z voting 60%");
	OwnershipTest test = majority(env);
	Kernel	   *kernel = fixture_kernel(env, graph, &test, RUN_DEFINITE);
	Attribution *exact = fixture_attribute(graph, kernel, "u");
	NodeId		u = fixture_node(graph, "u");
	const NodeId *nodes;
	const Ternary *status;
	uint32_t	n = kernel_reached(kernel, &u, 1, &nodes, &status);
	bool		within = true;

	for (uint32_t i = 0; i < n; i++)
	{
		AmountEnds	ends;
		Fraction	scaled = fraction_multiply(env, exact->amount[0][nodes[i]].value, fraction_of(env, (int64_t) ENDS_ONE, 1));

		kernel_reached_amounts(kernel, nodes[i], &ends);
		within = within && fraction_compare(env, fraction_of(env, (int64_t) ends.lower, 1), scaled) <= 0 &&
			(ends.upper == UINT64_MAX || fraction_compare(env, fraction_of(env, (int64_t) ends.upper, 1), scaled) >= 0);
	}
	ok(n == 4 && within, "enclosed amounts round a ring that hardly loses anything hold the exact ones");
	unit_reset(env);
}

/* A link that stands at the gate below a ring that is over the budget: what is attributed says that it was guessed. */
static void
guessed(CoreEnv *env, uint32_t n, bool tie)
{
	Graph	   *graph = ring_graph(env, n, 4, 1000000007);
	OwnershipTest test = majority(env);
	static const char *const held[][3] = {{"u", "a", "60%"}, {"r5", "a", "10%"}, {"a", "b", "5/12"}, {"b", "c", "1/3"}, {"c", "b", "50%"}};
	Kernel	   *kernel;
	bool	   *open;
	NodeId		u = fixture_node(graph, "u");

	for (int i = 0; i < 5; i++)
	{
		size_t		error_at;
		ShareValue	share = share_value_parse(env, i == 2 && !tie ? "1/3" : held[i][2], &error_at);

		graph_add_interest(graph, fixture_node(graph, held[i][0]), fixture_node(graph, held[i][1]), INTEREST_VOTING, &share, false, NULL);
	}
	for (NodeId i = 0; i < graph_size(graph); i++)
		if (!graph_node(graph, i)->expanded)
			graph_expand(graph, i);
	test.link = LINK_LITERAL;
	kernel = fixture_kernel(env, graph, &test, RUN_DISCLOSED);
	(void) kernel_attribute_affordable(kernel, &u, 1, true, RINGS_OF_POOL, &open);
	ok(env->status == CORE_OK && kernel_has_guessed(kernel) == tie, "a link %s below a large ring is %s", tie ? "at the gate" : "beside it",
	   tie ? "guessed" : "decided");
	unit_reset(env);
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);

	within_budget(&env, 60, 3, 10000);
	within_budget(&env, 120, 4, 10000);
	within_budget(&env, 30, 20, 10000);
	within_budget(&env, 40, 4, 10000000);
	over_budget(&env, 2000, 4, 10000);
	over_budget(&env, 700, 4, 1000000007);
	used_up(&env);
	enclosed(&env);
	guessed(&env, 700, true);
	guessed(&env, 700, false);
	unit_free(&env);
	return unit_done();
}
