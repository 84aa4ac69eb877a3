/*
 * sweep_test.c
 *		Sweeps over graphs so large that they forget, and one root after another: against the
 *		exact run of every root.
 */
#include "core/kernel_parts.h"
#include "kernel_fixture.h"

#define PARTIES		170
#define RING		70			/* of them; large enough to be followed no further than it matters */

static uint64_t random_state = 850206;

static uint32_t
below(uint32_t n)
{
	return (uint32_t) (unit_random(&random_state) % n);
}

static void
hold(CoreEnv *env, Graph *graph, uint32_t holder, uint32_t held, InterestKind kind, int64_t points, int64_t of)
{
	ShareValue	share = {.lower = fraction_of(env, points, of)};

	share.upper = share.lower;
	if (holder != held && points > 0)
		graph_add_interest(graph, holder, held, kind, &share, false, NULL);
}

/*
 * Owners, a ring below some of them, and what hangs below that: halves, wholes and small
 * stakes, so that lines are met exactly, and by a grain.
 */
static Graph *
random_graph(CoreEnv *env, bool undisclosed)
{
	static const int64_t parts[] = {5000, 5000, 10000, 3333, 2500, 5001, 4999, 700};
	Graph	   *graph = graph_create(env);
	uint32_t	first = 30;		/* of the ring */
	char		name[16];

	for (uint32_t i = 0; i < PARTIES; i++)
	{
		snprintf(name, sizeof(name), "p%u", i);
		fixture_node(graph, name);
		if (undisclosed && below(4) == 0)
			graph_node(graph, i)->register_state = REGISTER_OPEN;
	}
	for (uint32_t i = 1; i < PARTIES; i++)
	{
		bool		in_ring = i >= first && i < first + RING;
		/* few owners hold of the ring, so that little of one comes to its far side */
		int64_t		left = in_ring ? below(8) == 0 ? 8000 : 0 : 10000;

		if (in_ring)
		{
			hold(env, graph, first + (i - first + 1) % RING, i, INTEREST_VOTING, 300 + below(400), 10000);
			for (uint32_t j = 0; j < 2; j++)
				hold(env, graph, first + below(RING), i, INTEREST_VOTING, 1 + below(400), 10000);
		}
		/* half by an owner, half by what something of the owner may come down to */
		if (i >= first + RING && below(2) == 0)
		{
			hold(env, graph, below(first), i, INTEREST_VOTING, 5000, 10000);
			hold(env, graph, first + below(i - first), i, INTEREST_VOTING, 5000, 10000);
			left = 0;
		}
		for (uint32_t j = 0; j < 3 && left > 0; j++)
		{
			int64_t		points = parts[below(8)];

			if (points > left || below(4) == 0)
				points = 1 + below((uint32_t) left);
			if (below(30) == 0)
				hold(env, graph, below(i < first + RING ? (i < first ? i : first) : i), i, INTEREST_VOTING, points / 3, 3333);
			else
				hold(env, graph, below(i < first + RING ? (i < first ? i : first) : i), i,
					 below(12) == 0 ? INTEREST_BOARD : INTEREST_VOTING, points, 10000);
			left -= points;
		}
		if (below(40) == 0)
			hold(env, graph, below(i), i, INTEREST_GENERAL_PARTNER, 1, 1);
	}
	for (NodeId i = 0; i < graph_size(graph); i++)
		graph_expand(graph, i);
	return graph;
}

static RootFinding told[PARTIES + 1][PARTIES];
static bool is_told[PARTIES + 1][PARTIES];

static void
take(void *arg, NodeId root, NodeId node, const RootFinding *finding)
{
	(void) arg;
	told[root == UINT32_MAX ? PARTIES : root][node] = *finding;
	is_told[root == UINT32_MAX ? PARTIES : root][node] = true;
}

/* what is wrong with what was told of one root in one node */
static const char *
fault(CoreEnv *env, const Attribution *exact, uint32_t root, uint32_t node, int n_measures, long *open)
{
	uint32_t	as = is_told[root][node] ? root : PARTIES;
	const RootFinding *f = &told[as][node];

	if (!is_told[as][node])
		return exact->status[node] ? "a member is not told of" : NULL;
	*open += f->status == TERNARY_UNKNOWN;
	if (f->status != TERNARY_UNKNOWN && f->status != ternary_of(exact->status[node]))
		return "the status is another";
	for (int k = 0; k < n_measures && is_told[root][node]; k++)
	{
		Fraction	scaled = fraction_multiply(env, exact->amount[k][node].value, fraction_of(env, (int64_t) ENDS_ONE, 1));

		if (fraction_compare(env, fraction_of(env, (int64_t) f->amount[k].lower, 1), scaled) > 0 ||
			(f->amount[k].upper != UINT64_MAX && fraction_compare(env, fraction_of(env, (int64_t) f->amount[k].upper, 1), scaled) < 0))
			return "the amount lies outside";
	}
	return NULL;
}

/* one graph in one run */
static void
check_graph(CoreEnv *env, KernelRun run, LinkFactor link)
{
	OwnershipTest test = fixture_test(env, "R1");
	Graph	   *graph = random_graph(env, run == RUN_UNDISCLOSED);
	Kernel	   *kernel;
	Kernel	   *swept;
	Kernel	   *asked;
	const char *wrong = NULL;
	long		open = 0;
	long		members = 0;

	test.link = link;
	kernel = fixture_kernel(env, graph, &test, run);
	swept = fixture_kernel(env, graph, &test, run);
	asked = fixture_kernel(env, graph, &test, run);
	memset(is_told, 0, sizeof(is_told));
	ok(kernel_sweep(swept, NULL, take, NULL), "the test is swept");
	for (NodeId root = 0; root < PARTIES && wrong == NULL; root++)
	{
		Attribution *exact = kernel_attribute(kernel, &root, 1);

		for (NodeId node = 0; node < PARTIES && wrong == NULL; node++)
		{
			Ternary		status;

			if (node == root)
				continue;
			members += exact->status[node];
			wrong = fault(env, exact, root, node, test.n_measures, &open);
			if (wrong == NULL && (node + root) % 37 != 0)
				continue;
			status = kernel_status(asked, &root, 1, node);
			if (wrong == NULL && status != ternary_of(exact->status[node]))
				wrong = "asked alone, it is another";
			if (wrong != NULL)
				printf("# root p%u in p%u, run %d, link %d: %s\n", root, node, run, link, wrong);
		}
	}
	ok(wrong == NULL, "what a sweep tells of %ld members agrees with exact runs", members);
	ok(open * 10 < members + 2000, "it leaves little open: %ld", open);
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	const char *seed = getenv("OUTBOUND_RANDOM_SEED");

	if (seed)
		random_state = strtoull(seed, NULL, 10);
	for (int round = 0; round < 9; round++)
	{
		check_graph(&env, (KernelRun) (round % 3), round % 2 == 0 ? LINK_LITERAL : LINK_PRODUCT);
		unit_reset(&env);
	}
	unit_free(&env);
	return unit_done();
}
