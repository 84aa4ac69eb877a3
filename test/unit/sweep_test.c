/*
 * sweep_test.c
 *		Sweeps over graphs so large that they forget, one root after another, and the same over a
 *		census of the same rows, clean and dirty: against the exact run of every root.
 */
#include "core/census_cone.h"
#include "core/kernel_parts.h"
#include "core/sweep_census.h"
#include "kernel_fixture.h"

#define PARTIES		170
#define RING		70			/* of them; large enough to be followed no further than it matters */

static uint64_t random_state = 850206;

static uint32_t
below(uint32_t n)
{
	return (uint32_t) (unit_random(&random_state) % n);
}

/* the same rows twice; a party has the same number in both */
typedef struct World
{
	CoreEnv    *env;
	uint32_t	n;
	Graph	   *graph;
	Census	   *census;
} World;

static World
begin_world(CoreEnv *env, uint32_t n)
{
	World		world = {env, n, graph_create(env), census_create(env, env, env, n, 0)};
	char		name[16];

	for (uint32_t i = 0; i < n; i++)
	{
		CensusKey	key = {.id = name};

		snprintf(name, sizeof(name), "p%u", i);
		key.length = strlen(name);
		fixture_node(world.graph, name);
		census_intern(world.census, &key);
		census_party(world.census, i)->register_state = REGISTER_CLOSED;
	}
	return world;
}

static void
describe(World *world, uint32_t party, RegisterState state, Ternary pooled_fund)
{
	graph_node(world->graph, party)->register_state = (uint8_t) state;
	graph_node(world->graph, party)->pooled_fund = pooled_fund;
	census_party(world->census, party)->register_state = (unsigned) state & 3;
	census_party(world->census, party)->pooled_fund = pooled_fund;
}

static void
tell(World *world, uint32_t holder, uint32_t held, InterestKind kind, const ShareValue *share, uint32_t source)
{
	static const char *const sources[] = {NULL, "a", "b"};

	graph_add_interest(world->graph, holder, held, kind, share, false, sources[source]);
	census_add(world->census, holder, held, kind, census_share(world->census, share), source);
}

static void
end_world(World *world)
{
	for (NodeId i = 0; i < world->n; i++)
		graph_expand(world->graph, i);
	census_sort(world->census, world->env, world->env);
	census_link(world->census, world->env);
}

static void
hold(World *world, uint32_t holder, uint32_t held, InterestKind kind, int64_t points, int64_t of)
{
	ShareValue	share = {.lower = fraction_of(world->env, points, of)};

	share.upper = share.lower;
	if (holder != held && points > 0)
		tell(world, holder, held, kind, &share, 0);
}

/*
 * Owners, a ring below some of them, and what hangs below that: halves, wholes and small
 * stakes, so that lines are met exactly, and by a grain.
 */
static World
random_world(CoreEnv *env, bool undisclosed)
{
	static const int64_t parts[] = {5000, 5000, 10000, 3333, 2500, 5001, 4999, 700};
	World		world = begin_world(env, PARTIES);
	uint32_t	first = 30;		/* of the ring */

	for (uint32_t i = 0; i < PARTIES; i++)
		if (undisclosed && below(4) == 0)
			describe(&world, i, REGISTER_OPEN, TERNARY_UNKNOWN);
	for (uint32_t i = 1; i < PARTIES; i++)
	{
		bool		in_ring = i >= first && i < first + RING;
		/* few owners hold of the ring, so that little of one comes to its far side */
		int64_t		left = in_ring ? below(8) == 0 ? 8000 : 0 : 10000;

		if (in_ring)
		{
			hold(&world, first + (i - first + 1) % RING, i, INTEREST_VOTING, 300 + below(400), 10000);
			for (uint32_t j = 0; j < 2; j++)
				hold(&world, first + below(RING), i, INTEREST_VOTING, 1 + below(400), 10000);
		}
		/* half by an owner, half by what something of the owner may come down to */
		if (i >= first + RING && below(2) == 0)
		{
			hold(&world, below(first), i, INTEREST_VOTING, 5000, 10000);
			hold(&world, first + below(i - first), i, INTEREST_VOTING, 5000, 10000);
			left = 0;
		}
		for (uint32_t j = 0; j < 3 && left > 0; j++)
		{
			int64_t		points = parts[below(8)];

			if (points > left || below(4) == 0)
				points = 1 + below((uint32_t) left);
			if (below(30) == 0)
				hold(&world, below(i < first + RING ? (i < first ? i : first) : i), i, INTEREST_VOTING, points / 3, 3333);
			else
				hold(&world, below(i < first + RING ? (i < first ? i : first) : i), i,
					 below(12) == 0 ? INTEREST_BOARD : INTEREST_VOTING, points, 10000);
			left -= points;
		}
		if (below(40) == 0)
			hold(&world, below(i), i, INTEREST_GENERAL_PARTNER, 1, 1);
	}
	end_world(&world);
	return world;
}

/* A share as registers have it: a number, also none or all of it, a range, or nothing known. */
static ShareValue
random_share(CoreEnv *env)
{
	static const char *const texts[] = {"50%", "100%", "25%", "1/3", "12.5%", "50.01%", "7%", "0%", "150%",
	"(25%,50%]", "[25%,75%)", ">50%", "[10%,20%]", "unknown", "0.3333333333333333333333", "1/7"};
	size_t		error_at;
	ShareValue	share = share_value_parse(env, texts[below(below(2) == 0 ? 7 : 16)], &error_at);

	return share;
}

/* Anything at all: own shares, lots and tellings, kinds that nobody mapped, sums over the whole. */
static World
dirty_world(CoreEnv *env)
{
	static const InterestKind kinds[] = {INTEREST_VOTING, INTEREST_VOTING, INTEREST_VOTING, INTEREST_VOTING,
		INTEREST_BOARD, INTEREST_BOARD, INTEREST_EQUITY, INTEREST_EQUITY, INTEREST_GENERAL_PARTNER, INTEREST_INVESTMENT_ADVISER,
	INTEREST_UNMAPPED, INTEREST_BRANCH_OF, INTEREST_ACTS_FOR, INTEREST_PROFITS};
	World		world = begin_world(env, 8 + below(25));
	bool		ranges = below(3) > 0;

	for (uint32_t i = 0; i < world.n; i++)
		describe(&world, i, below(3) == 0 ? REGISTER_OPEN : below(2) == 0 ? REGISTER_CLOSED : REGISTER_COMPLETE,
				 (Ternary) ((int) below(3) - 1));
	for (uint32_t n = below(3 * world.n); n > 0; n--)
	{
		uint32_t	held = below(world.n);
		uint32_t	holder = below(3) == 0 ? below(world.n) : below(held + 1);
		ShareValue	share = random_share(env);

		if (!ranges && !share_value_is_exact(&share))
			continue;
		for (uint32_t times = 1 + (below(8) == 0); times > 0; times--)
			tell(&world, holder, held, kinds[below(below(2) == 0 ? 8 : 14)], &share, below(6) == 0 ? 1 + below(2) : 0);
	}
	end_world(&world);
	return world;
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

static void
take_number(void *arg, uint32_t node, const SweepFinding *finding)
{
	uint32_t	n = *(const uint32_t *) arg;
	uint32_t	root = finding->root < n ? finding->root : PARTIES;

	told[root][node] = (RootFinding) {finding->status, finding->reason, {{0, 0}}};
	memcpy(told[root][node].amount, finding->amount, sizeof(finding->amount));
	is_told[root][node] = true;
}

/* what is wrong with what was told of one root in one node */
static const char *
fault(CoreEnv *env, const Attribution *exact, uint32_t root, uint32_t node, int n_measures, bool members_only, long *open)
{
	static const RootFinding nothing = {TERNARY_FALSE, -4, {{0, 0}}};
	uint32_t	as = is_told[root][node] ? root : PARTIES;
	const RootFinding *f = is_told[as][node] ? &told[as][node] : &nothing;

	*open += f->status == TERNARY_UNKNOWN;
	if (f->status != TERNARY_UNKNOWN && f->status != ternary_of(exact->status[node]))
		return is_told[as][node] ? "the status is another" : "a member is not told of";
	for (int k = 0; k < n_measures && !members_only; k++)
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
check_graph(CoreEnv *env, World *world, KernelRun run, LinkFactor link)
{
	OwnershipTest test = fixture_test(env, "R1");
	Graph	   *graph = world->graph;
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
	ok(kernel_sweep(swept, NULL, UINT32_MAX, below(3) == 0 ? 0 : ENDS_ONE / (10 + below(1000000)), take, NULL), "the test is swept");
	for (NodeId root = 0; root < PARTIES && wrong == NULL; root++)
	{
		Attribution *exact = kernel_attribute(kernel, &root, 1);

		for (NodeId node = 0; node < PARTIES && wrong == NULL; node++)
		{
			Ternary		status;

			if (node == root)
				continue;
			members += exact->status[node];
			wrong = fault(env, exact, root, node, test.n_measures, false, &open);
			if (wrong == NULL && (node + root) % 101 != 0)
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

/* Asks again about the nodes of which it is told that somebody was forgotten; where so much that nothing else was told. */
static void
ask_withheld(CoreEnv *env, World *world, SweepGraph *graph, SweepRequest *request, KernelRun run)
{
	uint32_t   *nodes = core_array(env, world->n, sizeof(uint32_t));
	uint32_t	n = 0;

	for (uint32_t node = 0; node < world->n && run != RUN_UNDISCLOSED; node++)
	{
		if (!is_told[PARTIES][node])
			continue;
		nodes[n++] = node;
		is_told[PARTIES][node] = false;
	}
	request->forget = 0;
	sweep_nodes(env, graph, nodes, n, request);
}

/* where the sweep of a census and what comes after it are wrong, or NULL */
static const char *
census_fault(CoreEnv *env, World *world, const OwnershipTest *test, KernelRun run, long *members)
{
	Kernel	   *kernel = fixture_kernel(env, world->graph, test, run);
	Graph	   *cone = graph_create(env);
	Kernel	   *exactly = NULL;
	SweepPair  *pairs = core_array(env, (size_t) world->n * world->n, sizeof(SweepPair));
	bool	   *truth = core_array(env, (size_t) world->n * world->n, sizeof(bool));
	SweepGraph	graph;
	uint32_t	n = 0;
	uint32_t	step = world->n == PARTIES ? 23 : 1;
	long		open = 0;
	bool		members_only = below(2) == 0;
	SweepRequest request = {NULL, members_only, below(3) == 0 ? SWEEP_ONE / (10 + below(100)) : 0, below(2) == 0 ? SWEEP_ONE / (1 + below(1000)) : 0,
	take_number, &world->n};
	const char *wrong = NULL;

	sweep_graph_of_census(env, env, &graph, world->census, test, run);
	memset(is_told, 0, sizeof(is_told));
	sweep_everybody(env, &graph, &request);
	if (request.withhold > 0)
		ask_withheld(env, world, &graph, &request, run);
	/* exact runs round the large ring take long */
	for (NodeId root = below(step); root < world->n && wrong == NULL; root += step)
	{
		Attribution *exact = kernel_attribute(kernel, &root, 1);

		for (NodeId node = 0; node < world->n && wrong == NULL; node++)
		{
			const RootFinding *f = &told[is_told[root][node] ? root : PARTIES][node];

			if (node == root)
				continue;
			wrong = fault(env, exact, root, node, test->n_measures, members_only, &open);
			*members += exact->status[node];
			if (below(50) > 0 && ((!is_told[root][node] && !is_told[PARTIES][node]) || f->status != TERNARY_UNKNOWN))
				continue;
			truth[n] = exact->status[node];
			pairs[n++] = (SweepPair) {.root = root, .node = node};
			census_cone_add(env, world->census, cone, node);
		}
	}
	for (int pass = 0; pass < 2 && wrong == NULL; pass++)
	{
		sweep_pairs(env, &graph, pairs, n, pass == 0 ? SWEEP_HARDLY : 0);
		for (uint32_t i = 0; i < n; i++)
			if (pairs[i].status != TERNARY_UNKNOWN && pairs[i].status != ternary_of(truth[i]))
				wrong = "asked again, it is another";
	}
	if (n > 0)
		exactly = fixture_kernel(env, cone, test, run);
	for (uint32_t i = 0; i < n && wrong == NULL; i++)
	{
		NodeId		node;
		NodeId		root;
		Ternary		status = TERNARY_FALSE;

		if (!census_cone_find(cone, pairs[i].node, &node))
			wrong = "a party is not in its own cone";
		else if (run == RUN_UNDISCLOSED && !census_cone_find(cone, pairs[i].root, &root))
			status = kernel_status_exactly(exactly, &root, 0, node);
		else if (census_cone_find(cone, pairs[i].root, &root))
			status = kernel_status_exactly(exactly, &root, 1, node);
		if (wrong == NULL && status != ternary_of(truth[i]))
			wrong = "asked exactly over its cone, it is another";
	}
	return wrong;
}

/* a census in all runs and some readings */
static void
check_census(CoreEnv *env, World *world, const char *name, KernelRun run)
{
	OwnershipTest test = fixture_test(env, name);
	long		members = 0;
	const char *wrong;

	test.equity_votes = below(2) == 0;
	for (int k = 0; k < test.n_measures; k++)
		test.measures[k].control = (Gate) {fraction_of(env, 1, below(2) == 0 ? 2 : 4), below(2) == 0};
	test.control_counts = strstr(name, "beyond") ? CONTROL_BEYOND_SEEDS : strstr(name, "whole") ? CONTROL_WHOLE : CONTROL_AS_SHARE;
	test.status_feeds_back = test.status_feeds_back && strstr(name, "unfed") == NULL;
	if (!sweep_serves_run(&test, run))
		run = RUN_DISCLOSED;
	wrong = census_fault(env, world, &test, run, &members);
	if (wrong != NULL)
		printf("# %s, run %d, %u parties: %s\n", name, run, world->n, wrong);
	ok(wrong == NULL, "what a census tells of %ld members agrees with exact runs", members);
}

/* Half of a holder and a direct stake, neither of which is enough: where nothing hangs on it, and past an open end. */
static void
check_sums(CoreEnv *env, bool open_end)
{
	World		world = begin_world(env, 3);
	size_t		error_at;
	ShareValue	share = share_value_parse(env, open_end ? "(25%,50%]" : "50%", &error_at);

	tell(&world, 0, 1, INTEREST_VOTING, &share, 0);
	hold(&world, 1, 2, INTEREST_VOTING, open_end ? 7500 : 6000, 10000);
	hold(&world, 0, 2, INTEREST_VOTING, open_end ? 3125 : 3000, 10000);
	end_world(&world);
	check_census(env, &world, "R1", RUN_DEFINITE);
}

/* a sweep over a census that forgets up to a factor, against the exact run of every root */
static void
check_forgetting(CoreEnv *env, World *world, const char *name, KernelRun run, uint64_t forget)
{
	OwnershipTest test = fixture_test(env, name);
	Kernel	   *kernel = fixture_kernel(env, world->graph, &test, run);
	SweepOptions options = {.forget = forget, .found = take_number, .arg = &world->n, .members_only = below(4) == 0, .only = NO_NODE};
	SweepGraph	graph;
	Sweep	   *sweep;
	const char *wrong = NULL;
	long		open = 0;

	sweep_graph_of_census(env, env, &graph, world->census, &test, run);
	memset(is_told, 0, sizeof(is_told));
	sweep = sweep_create(env, &graph, &options);
	for (uint32_t i = 0; i < graph.components->n; i++)
	{
		(void) sweep_component(sweep, i);
		sweep_close(sweep, i);
	}
	for (NodeId root = 0; root < world->n && wrong == NULL; root++)
	{
		Attribution *exact = kernel_attribute(kernel, &root, 1);

		for (NodeId node = 0; node < world->n && wrong == NULL; node++)
		{
			wrong = node == root ? NULL : fault(env, exact, root, node, test.n_measures, options.members_only, &open);
			if (wrong != NULL)
				printf("# root p%u in p%u, %s, run %d: %s\n", root, node, name, run, wrong);
		}
	}
	ok(wrong == NULL, "%s, run %d: what is forgotten is never denied", name, run);
}

/* A grain that a ring of parents makes the whole, forgotten before the ring; and who is below it by a role alone. */
static void
check_role_below(CoreEnv *env)
{
	World		world = begin_world(env, 5);
	ShareValue	role = share_value_exact(FRACTION_ONE);

	hold(&world, 0, 1, INTEREST_VOTING, 20, 10000);
	hold(&world, 1, 2, INTEREST_VOTING, 500, 10000);
	hold(&world, 3, 2, INTEREST_VOTING, 9500, 10000);
	hold(&world, 2, 3, INTEREST_VOTING, 10000, 10000);
	tell(&world, 3, 4, INTEREST_GENERAL_PARTNER, &role, 0);
	end_world(&world);
	check_forgetting(env, &world, "R1", RUN_DEFINITE, ENDS_ONE / 300);
	unit_reset(env);
}

/* A ring in which less goes on at every step, until it is less than what is followed. */
static void
check_far_side(CoreEnv *env)
{
	World		world = begin_world(env, 15);
	size_t		error_at;
	ShareValue	share = share_value_parse(env, "[10%,20%]", &error_at);

	for (uint32_t i = 0; i < 14; i++)
		hold(&world, i, (i + 1) % 14, INTEREST_VOTING, 300, 10000);
	tell(&world, 14, 5, INTEREST_VOTING, &share, 0);
	end_world(&world);
	check_forgetting(env, &world, "R1 product", RUN_DEFINITE, ENDS_ONE / 3);
	unit_reset(env);
}

/* A ring whose members hold 99.3 % of each other in turn takes more rounds than are gone: what is not through is no bound. */
static void
check_slow_ring(CoreEnv *env, int beyond_half)
{
	World		world = begin_world(env, 61);

	for (uint32_t i = 0; i < 60; i++)
	{
		hold(&world, i, (i + 1) % 60, INTEREST_VOTING, 9930, 10000);
		hold(&world, 60, i, INTEREST_VOTING, 70 * (50000 + 30 * beyond_half), 1000000000);
	}
	end_world(&world);
	check_forgetting(env, &world, "R1 product", RUN_DEFINITE, ENDS_ONE / 90000);
	unit_reset(env);
}

int
main(void)
{
	static const char *const readings[] = {"R1", "R1 product", "R1 same", "R1 at least", "R1 nocarry",
		"R1 beyond", "R1 product whole", "R1 unfed", "R1 product unfed beyond", "R2 whole", "R2 beyond", "R2 cascade", "R2 tier", "R4", "R4 whole",
	"R4 beyond", "R3"};
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	const char *seed = getenv("OUTBOUND_RANDOM_SEED");

	if (seed)
		random_state = strtoull(seed, NULL, 10);
	for (int round = 0; round < 9; round++)
	{
		KernelRun	run = (KernelRun) (round % 3);
		World		world = random_world(&env, run == RUN_UNDISCLOSED);

		check_graph(&env, &world, run, round % 2 == 0 ? LINK_LITERAL : LINK_PRODUCT);
		check_census(&env, &world, round % 2 == 0 ? "R1" : "R1 product", run);
		unit_reset(&env);
	}
	for (int round = 0; round < 16; round++)
	{
		check_sums(&env, round % 2 == 0);
		unit_reset(&env);
	}
	for (int beyond_half = -1; beyond_half <= 3; beyond_half += 2)
		check_slow_ring(&env, beyond_half);
	check_role_below(&env);
	check_far_side(&env);
	for (int round = 0; round < 150; round++)
	{
		World		world = dirty_world(&env);

		check_forgetting(&env, &world, readings[round % 5], (KernelRun) (round % 3), ENDS_ONE / (3 + below(500)));
		unit_reset(&env);
	}
	for (int round = 0; round < 510; round++)
	{
		World		world = dirty_world(&env);

		check_census(&env, &world, readings[round % 17], (KernelRun) (round / 17 % 3));
		unit_reset(&env);
	}
	unit_free(&env);
	return unit_done();
}
