/*
 * control_census.c
 *		All controlled foreign entities at once (850.206), from a census.
 *
 * One sweep asks every U.S. person about everybody; a finer one, and one that follows its
 * roots everywhere, about the pairs left open; exact runs about what these leave, over no more
 * than that hangs on.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/census_cone.h"
#include "core/sweep_census.h"
#include "read/load_census.h"
#include "screen/engine_statistics.h"
#include "screen/roots.h"

#define MAX_BRANCH_DEPTH	64
#define CONE_PARTIES		20000	/* in one graph of exact runs, unless one party's cone has more */

typedef struct ControlCensus
{
	LoadedCensus *loaded;
	uint32		n;
	int8	   *us;				/* U.S. person? by party */
	KernelRun	run;
	uint8	   *grades;			/* by party */
	uint32	   *parents;
	SweepPair  *open;
	uint32		n_open;
	uint32		allocated;
	EngineCounters counters;
} ControlCensus;

/* Is a party a U.S. person (850.229)?  A foreign branch is its principal. */
static Ternary
us_person_at(const LoadedCensus *loaded, uint32 number, int depth)
{
	Party		party = census_party_row(loaded, number);
	Ternary		result = us_person_by_row(&party);
	uint32		at = 0;
	uint32		principal;

	if (depth > MAX_BRANCH_DEPTH)
		return ternary_or(result, TERNARY_UNKNOWN);
	while (result != TERNARY_TRUE && census_branch_of(loaded->census, number, &at, &principal))
		result = ternary_or(result, us_person_at(loaded, principal, depth + 1));
	return result;
}

/* Under which law is it organized: as organized_in_us() of control.c. */
static Ternary
organized_in_us(const LoadedCensus *loaded, uint32 number)
{
	Ternary		organized = census_party_row(loaded, number).organized_us;
	uint32		at = 0;
	uint32		principal;

	for (bool found = false; census_branch_of(loaded->census, number, &at, &principal); found = true)
	{
		Ternary		there = census_party_row(loaded, principal).organized_us;

		organized = !found || organized == there ? there : TERNARY_UNKNOWN;
	}
	return organized;
}

/* The grade that being a parent in this run gives: whoever may be no U.S. person makes it possible at most. */
static Grade
parent_grade(const ControlCensus *c, uint32 root)
{
	return root < c->n && c->us[root] != TERNARY_TRUE ? grade_if_open(c->run) : run_grades[c->run];
}

static void
raise_party(ControlCensus *c, uint32 root, uint32 party, Grade grade)
{
	if (c->grades[party] >= grade)
		return;
	c->grades[party] = (uint8) grade;
	if (root < c->n)
		c->parents[party] = root;
}

/* Takes what a sweep tells of one root in one party. */
static void
take_parent(void *arg, uint32 party, const SweepFinding *finding)
{
	ControlCensus *c = arg;

	if (finding->status == TERNARY_FALSE || c->grades[party] >= parent_grade(c, finding->root))
		return;
	if (finding->status == TERNARY_TRUE)
	{
		raise_party(c, finding->root, party, parent_grade(c, finding->root));
		return;
	}
	if (c->n_open == c->allocated)
	{
		c->allocated = Max(64, c->allocated * 2);
		c->open = c->open == NULL ? palloc(mul_size(sizeof(SweepPair), c->allocated)) :
			repalloc_huge(c->open, mul_size(sizeof(SweepPair), c->allocated));
	}
	c->open[c->n_open++] = (SweepPair) {finding->root, party, TERNARY_UNKNOWN};
}

/* Takes over what is decided of the open pairs; those that still matter stay. */
static void
take_decided(ControlCensus *c)
{
	uint32		n = 0;

	for (uint32 i = 0; i < c->n_open; i++)
	{
		const SweepPair *pair = &c->open[i];
		Grade		grade = parent_grade(c, pair->root);

		if (pair->status == TERNARY_TRUE)
			raise_party(c, pair->root, pair->node, grade);
	}
	for (uint32 i = 0; i < c->n_open; i++)
		if (c->open[i].status == TERNARY_UNKNOWN &&
			c->grades[c->open[i].node] < parent_grade(c, c->open[i].root))
			c->open[n++] = c->open[i];
	c->n_open = n;
}

/* Asks about the open pairs again by a sweep, in memory that goes at once. */
static void
sweep_open(ControlCensus *c, SweepGraph *graph, uint64 forget)
{
	MemoryContext memory;
	MemoryContext old;
	CoreEnv		env;

	take_decided(c);
	if (c->n_open == 0)
		return;
	memory = graph_memory_create(CurrentMemoryContext, "outbound sweep");
	old = MemoryContextSwitchTo(memory);
	env = backend_env();
	sweep_pairs(&env, graph, c->open, c->n_open, forget);
	core_check(&env);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	take_decided(c);
}

static int
pair_order(const void *a, const void *b)
{
	const SweepPair *x = a;
	const SweepPair *y = b;

	return x->node != y->node ? (x->node < y->node ? -1 : 1) : x->root < y->root ? -1 : x->root > y->root;
}

/* Runs the pairs [from, to) exactly over the cone of their nodes. */
static void
decide_exactly(ControlCensus *c, const OwnershipTest *test, CoreEnv *env, Graph *graph, uint32 from, uint32 to)
{
	uint32		n = graph_size(graph);
	NodeId	   *nodes = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);
	Kernel	   *kernel;

	core_check(env);
	for (uint32 i = 0; i < n; i++)
		nodes[i] = i;
	kernel = kernel_create(env, graph, nodes, n, test, c->run);
	for (uint32 i = from; i < to; i++)
	{
		SweepPair  *pair = &c->open[i];
		NodeId		root;
		NodeId		node;
		bool		nobody = pair->root >= c->n;

		CHECK_FOR_INTERRUPTS();
		if (!census_cone_find(graph, pair->node, &node) || (nobody && c->run != RUN_UNDISCLOSED))
			continue;
		pair->status = TERNARY_FALSE;
		if (nobody || census_cone_find(graph, pair->root, &root))
			pair->status = kernel_status_exactly(kernel, &root, nobody ? 0 : 1, node);
		core_check(env);
		if (pair->status != TERNARY_UNKNOWN)
			c->counters.exact++;
	}
}

/* Runs exactly what sweeps leave open, as many parties together as have cones of a fair size. */
static void
decide_open(ControlCensus *c, const OwnershipTest *test)
{
	if (c->n_open > 1)
		qsort(c->open, c->n_open, sizeof(SweepPair), pair_order);
	for (uint32 from = 0, to; from < c->n_open; from = to)
	{
		MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound exact runs");
		MemoryContext old = MemoryContextSwitchTo(memory);
		CoreEnv		env = backend_env();
		Graph	   *graph = graph_create(&env);

		for (to = from; to < c->n_open && (to == from || graph_size(graph) < CONE_PARTIES); to++)
			census_cone_add(&env, c->loaded->census, graph, c->open[to].node);
		decide_exactly(c, test, &env, graph, from, to);
		MemoryContextSwitchTo(old);
		MemoryContextDelete(memory);
	}
	take_decided(c);
	/* what is beyond reason is possible */
	for (uint32 i = 0; i < c->n_open; i++)
	{
		c->counters.open++;
		raise_party(c, c->open[i].root, c->open[i].node, Min(parent_grade(c, c->open[i].root), grade_if_open(c->run)));
	}
	c->n_open = 0;
}

/* One run: what every possible U.S. person is a parent of. */
static void
control_run(ControlCensus *c, const TestRow *row, KernelRun run)
{
	OwnershipTest test = kernel_test_in_run(row, run);
	MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound sweep");
	MemoryContext old = CurrentMemoryContext;
	MemoryContext scratch = graph_memory_create(memory, "outbound sweep graph rows");
	bool	   *asked = palloc_extended(Max(c->n, 1), MCXT_ALLOC_HUGE);
	CoreEnv		env;
	CoreEnv		scratch_env;
	CoreEnv		sweep_env;
	SweepGraph	graph;
	MemoryContext sweep = graph_memory_create(memory, "outbound sweep tables");

	c->run = run;
	for (uint32 i = 0; i < c->n; i++)
		asked[i] = c->us[i] != TERNARY_FALSE;
	MemoryContextSwitchTo(scratch);
	scratch_env = backend_env();
	MemoryContextSwitchTo(sweep);
	sweep_env = backend_env();
	MemoryContextSwitchTo(memory);
	env = backend_env();
	sweep_graph_of_census(&env, &scratch_env, &graph, c->loaded->census, &test, run);
	core_check(&env);
	MemoryContextDelete(scratch);
	MemoryContextSwitchTo(old);
	sweep_everybody(&sweep_env, &graph, asked, true, take_parent, c);
	core_check(&sweep_env);
	elog(DEBUG1, "sweep of %u parties: %zu bytes, %u pairs left open", c->n, MemoryContextMemAllocated(memory, true),
		 c->n_open);
	MemoryContextDelete(sweep);
	c->counters.enclosures += c->n;
	c->counters.largest_ring = Max(c->counters.largest_ring, sweep_largest_ring(&graph));
	sweep_open(c, &graph, SWEEP_HARDLY);
	sweep_open(c, &graph, 0);
	MemoryContextDelete(memory);
	pfree(asked);
	decide_open(c, &test);
}

LoadedCensus *
controlled_by_census(Inquiry *inquiry, uint8 **grades, uint32 **parents)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, TEST_PARENT), inquiry->choice);
	OwnershipTest test = kernel_test(&row);
	ControlCensus c = {NULL};
	CensusOpenness openness;
	MemoryContext old;

	if (row.pooled || !sweep_serves(&test))
		return NULL;
	c.loaded = census_load(inquiry->nb, true);
	c.n = census_size(c.loaded->census);
	openness = census_openness(c.loaded->census);
	old = MemoryContextSwitchTo(inquiry->scratch);
	c.us = palloc_extended(Max(c.n, 1), MCXT_ALLOC_HUGE);
	c.grades = palloc_extended(Max(c.n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	c.parents = palloc_extended(mul_size(sizeof(uint32), Max(c.n, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < c.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		c.us[i] = (int8) us_person_at(c.loaded, i, 0);
		c.parents[i] = i;
	}
	control_run(&c, &row, RUN_DEFINITE);
	if (openness.ranges || openness.kinds || row.across_open)
		control_run(&c, &row, RUN_DISCLOSED);
	if (openness.undisclosed)
		control_run(&c, &row, RUN_UNDISCLOSED);
	for (uint32 i = 0; i < c.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		c.grades[i] = (uint8) grade_abroad(inquiry->nb, census_party_row(c.loaded, i).kind, organized_in_us(c.loaded, i),
										   (Grade) c.grades[i]);
	}
	engine_statistics_record(TEST_PARENT, inquiry->nb->as_of, c.n, &c.counters);
	MemoryContextSwitchTo(old);
	*grades = c.grades;
	*parents = c.parents;
	return c.loaded;
}
