/*
 * kernel_regime_test.c
 *		Tests that report at another line than their gate, or count controlling links
 *		as the whole: against a plain recursion over random structures without rings,
 *		and against random completions of ranges.
 */
#include "core/sweep.h"
#include "kernel_fixture.h"

#define MAX_PARTIES	7

typedef struct Structure
{
	int			n;
	int			lower[MAX_PARTIES][MAX_PARTIES];	/* percent, holder before held */
	int			upper[MAX_PARTIES][MAX_PARTIES];
	int			told[MAX_PARTIES][MAX_PARTIES];	/* one completion */
	int			undisclosed[MAX_PARTIES];	/* percent that the root holds besides */
} Structure;

static uint64_t seed = 206;

static int
random_below(int n)
{
	return (int) (unit_random(&seed) % (uint64_t) n);
}

/* Makes a random structure: shares in multiples of ten percent, some of them ranges; party 1 is nobody's. */
static void
make_structure(Structure *s, bool ranges)
{
	memset(s, 0, sizeof(Structure));
	s->n = 3 + random_below(MAX_PARTIES - 2);
	for (int held = 2; held < s->n; held++)
	{
		int			left = 10;

		for (int holder = 0; holder < held; holder++)
		{
			int			share = random_below(3) == 0 ? 0 : random_below(left + 1);
			int			width = ranges && random_below(3) == 0 ? random_below(left - share + 1) : 0;

			s->lower[holder][held] = 10 * share;
			s->upper[holder][held] = 10 * (share + width);
			s->told[holder][held] = 10 * (share + (width ? random_below(width + 1) : 0));
			left -= share + width;
		}
		s->undisclosed[held] = 10 * left;
	}
}

/* The structure as a graph: parties "0", "1", ... */
static Graph *
structure_graph(CoreEnv *env, const Structure *s, bool open)
{
	char		text[8192];
	int			at = 0;

	text[0] = '\0';
	for (int held = 0; held < s->n; held++)
	{
		at += snprintf(text + at, sizeof(text) - (size_t) at, "%d %s;", held, open && held > 1 ? "open" : "closed");
		for (int holder = 0; holder < held; holder++)
		{
			if (s->upper[holder][held] == 0)
				continue;
			if (s->lower[holder][held] == s->upper[holder][held])
				at += snprintf(text + at, sizeof(text) - (size_t) at, "%d %d equity %d%%;", holder, held, s->lower[holder][held]);
			else
				at += snprintf(text + at, sizeof(text) - (size_t) at, "%d %d equity [%d%%,%d%%];", holder, held,
							   s->lower[holder][held], s->upper[holder][held]);
		}
	}
	return fixture_graph(env, text);
}

/* What a link of so many percent counts for. */
static Fraction
link_counts(CoreEnv *env, const OwnershipTest *test, int percent, bool seeds_own)
{
	Fraction	share = fraction_of(env, percent, 100);
	const Gate *control = &test->measures[0].control;
	int			c;

	if (percent == 0 || test->control_counts == CONTROL_AS_SHARE ||
		(seeds_own && test->control_counts == CONTROL_BEYOND_SEEDS))
		return share;
	c = fraction_compare(env, share, control->threshold);
	return c > 0 || (c == 0 && !control->strict) ? FRACTION_ONE : share;
}

/* The amounts of party 0 in a completion, party after party; with_rest: it holds the undisclosed too. */
static void
reckon(CoreEnv *env, const OwnershipTest *test, const Structure *s, bool with_rest, Fraction *amount)
{
	Fraction	factor[MAX_PARTIES];

	factor[0] = FRACTION_ONE;
	for (int held = 1; held < s->n; held++)
	{
		int			c;

		amount[held] = FRACTION_ZERO;
		for (int holder = 0; holder < held; holder++)
			amount[held] = fraction_add(env, amount[held],
										fraction_multiply(env, factor[holder],
														  link_counts(env, test, s->told[holder][held], holder == 0)));
		if (with_rest)
			amount[held] = fraction_add(env, amount[held], link_counts(env, test, s->undisclosed[held], false));
		if (test->control_counts != CONTROL_AS_SHARE && fraction_compare(env, amount[held], FRACTION_ONE) > 0)
			amount[held] = FRACTION_ONE;
		c = fraction_compare(env, amount[held], test->measures[0].threshold);
		if (test->status_feeds_back && (c > 0 || (c == 0 && !test->measures[0].strict)))
			factor[held] = FRACTION_ONE;
		else
			factor[held] = test->below == PASS_PROPORTION ? amount[held] : FRACTION_ZERO;
	}
}

/* One of the tests: the register of significant control, and products with controlling links. */
static OwnershipTest
make_test(CoreEnv *env, int which)
{
	OwnershipTest test;

	memset(&test, 0, sizeof(test));
	test.below = which == 0 ? PASS_NOTHING : PASS_PROPORTION;
	test.status_feeds_back = which == 0;
	fixture_measure(env, &test, INTEREST_EQUITY, 1, 2, true);
	test.reports = which == 0;
	test.measures[0].report = (Gate) {fraction_of(env, 1, 5), which == 0};
	test.control_counts = which == 0 ? CONTROL_AS_SHARE : which < 3 ? CONTROL_WHOLE : CONTROL_BEYOND_SEEDS;
	test.measures[0].control = (Gate) {fraction_of(env, 1, 2), which == 1};
	if (which != 0)
		test.measures[0].threshold = fraction_of(env, 1, 4);
	return test;
}

static bool
is_member(CoreEnv *env, const OwnershipTest *test, Fraction amount)
{
	Gate		gate = {test->measures[0].threshold, test->measures[0].strict};
	int			c;

	if (test->reports)
		gate = test->measures[0].report;
	c = fraction_compare(env, amount, gate.threshold);
	return c > 0 || (c == 0 && !gate.strict);
}

static NodeId
party(const Graph *graph, int number)
{
	char		name[16];
	NodeId		node = 0;
	int			length = snprintf(name, sizeof(name), "%d", number);

	(void) graph_find(graph, name, (size_t) length, &node);
	return node;
}

/* Exact data: every amount and status is the recursion's, found whole or for one party. */
static bool
exact_agrees(CoreEnv *env, int which)
{
	OwnershipTest test = make_test(env, which);
	Structure	s;
	Fraction	expected[MAX_PARTIES];
	Graph	   *graph;
	Kernel	   *kernel;
	Attribution *a;
	NodeId		root;

	make_structure(&s, false);
	reckon(env, &test, &s, false, expected);
	graph = structure_graph(env, &s, false);
	kernel = fixture_kernel(env, graph, &test, RUN_DEFINITE);
	a = fixture_attribute(graph, kernel, "0");
	root = party(graph, 0);
	for (int held = 1; held < s.n; held++)
	{
		NodeId		node = party(graph, held);
		KernelFinding found;

		kernel_find(kernel, &root, 1, node, &found);
		if (env->status != CORE_OK || fraction_compare(env, a->amount[0][node].value, expected[held]) != 0 ||
			fraction_compare(env, found.amount[0].value, expected[held]) != 0 ||
			a->status[node] != is_member(env, &test, expected[held]) || found.status != a->status[node])
			return false;
	}
	return true;
}

/* Ranges and undisclosed holders: no completion leaves the bounds or contradicts a certain status. */
static bool
bounds_hold(CoreEnv *env, int which)
{
	OwnershipTest test = make_test(env, which);
	Structure	s;
	Fraction	disclosed[MAX_PARTIES];
	Fraction	all[MAX_PARTIES];
	Graph	   *graph;
	Attribution *runs[3];

	make_structure(&s, true);
	reckon(env, &test, &s, false, disclosed);
	reckon(env, &test, &s, true, all);
	graph = structure_graph(env, &s, true);
	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
		runs[run] = fixture_attribute(graph, fixture_kernel(env, graph, &test, run), "0");
	for (int held = 1; held < s.n; held++)
	{
		NodeId		node = party(graph, held);

		if (env->status != CORE_OK || fraction_compare(env, runs[RUN_DEFINITE]->amount[0][node].value, disclosed[held]) > 0 ||
			fraction_compare(env, runs[RUN_DISCLOSED]->amount[0][node].value, disclosed[held]) < 0 ||
			fraction_compare(env, runs[RUN_UNDISCLOSED]->amount[0][node].value, all[held]) < 0)
			return false;
		if (runs[RUN_DEFINITE]->status[node] && !is_member(env, &test, disclosed[held]))
			return false;
		if (is_member(env, &test, disclosed[held]) && !runs[RUN_DISCLOSED]->status[node])
			return false;
		if (is_member(env, &test, all[held]) && !runs[RUN_UNDISCLOSED]->status[node])
			return false;
	}
	return true;
}

/* what a sweep has told, by root (the last: whoever it does not tell of) and node */
typedef struct Told
{
	bool		told[MAX_PARTIES + 1][MAX_PARTIES];
	RootFinding finding[MAX_PARTIES + 1][MAX_PARTIES];
} Told;

static void
take_told(void *arg, NodeId root, NodeId node, const RootFinding *finding)
{
	Told	   *told = arg;
	uint32_t	r = root == UINT32_MAX ? MAX_PARTIES : root;

	told->told[r][node] = true;
	told->finding[r][node] = *finding;
}

static bool
lies_between(CoreEnv *env, AmountEnds ends, Fraction amount)
{
	Fraction	scaled = fraction_multiply(env, amount, fraction_of(env, (int64_t) ENDS_ONE, 1));

	return fraction_compare(env, fraction_of(env, (int64_t) ends.lower, 1), scaled) <= 0 &&
		(ends.upper == UINT64_MAX || fraction_compare(env, fraction_of(env, (int64_t) ends.upper, 1), scaled) >= 0);
}

/* What a sweep tells of every root in everybody is what exact runs say, whatever it forgets. */
static bool
sweep_agrees(CoreEnv *env, int which)
{
	OwnershipTest test = make_test(env, which);
	KernelRun	run = (KernelRun) random_below(3);
	uint64_t	forget = random_below(2) == 0 ? 0 : ENDS_ONE / (uint64_t) (10 + random_below(1000));
	static Told told;
	Structure	s;
	Graph	   *graph;
	Kernel	   *kernel;

	make_structure(&s, random_below(2) == 0);
	graph = structure_graph(env, &s, random_below(2) == 0);
	memset(&told, 0, sizeof(told));
	if (!kernel_sweep(fixture_kernel(env, graph, &test, run), NULL, UINT32_MAX, forget, take_told, &told))
		return !sweep_serves_run(&test, run);
	kernel = fixture_kernel(env, graph, &test, run);
	for (NodeId root = 0; root < graph_size(graph); root++)
	{
		Attribution *exact = kernel_attribute(kernel, &root, 1);

		for (NodeId node = 0; node < graph_size(graph); node++)
		{
			uint32_t	as = told.told[root][node] ? root : MAX_PARTIES;
			const RootFinding *f = &told.finding[as][node];

			if (node != root && ((f->status != TERNARY_UNKNOWN && f->status != ternary_of(exact->status[node])) ||
								 !lies_between(env, f->amount[0], exact->amount[0][node].value)))
				return false;
		}
	}
	return true;
}

int
main(void)
{
	static const char *const names[] = {"report", "control above a half", "control from a half", "control beyond the seed"};

	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);

	for (int which = 0; which < 4; which++)
	{
		int			agree = 0;
		int			hold = 0;
		int			swept = 0;

		for (int i = 0; i < 1500; i++)
		{
			agree += exact_agrees(&env, which);
			unit_reset(&env);
			hold += bounds_hold(&env, which);
			unit_reset(&env);
			swept += sweep_agrees(&env, which);
			unit_reset(&env);
		}
		ok(agree == 1500, "%s: exact amounts are those of the recursion", names[which]);
		ok(swept == 1500, "%s: sweeps agree with exact runs", names[which]);
		ok(hold == 1500, "%s: completions stay within the bounds", names[which]);
	}
	unit_free(&env);
	return unit_done();
}
