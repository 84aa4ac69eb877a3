/*
 * everybody.c
 *		A test of one holder at a time, asked of everybody about everybody.
 *
 * One sweep over the census asks every root about every party; a finer one, and one that
 * follows its roots everywhere, about the pairs left open; exact runs about what these leave,
 * over no more than that hangs on.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/census_cone.h"
#include "screen/everybody.h"
#include "screen/roots.h"

#define MAX_BRANCH_DEPTH	64
#define CONE_PARTIES		20000	/* in one graph of exact runs, unless one party's cone has more */

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

Ternary
census_us_person(const LoadedCensus *loaded, uint32 party)
{
	return us_person_at(loaded, party, 0);
}

/* Who is a seed by one word of a test's row, as is_seed() of membership.c; NULL if a census does not tell. */
static int8 *
seeds_by_word(LoadedCensus *loaded, const char *word)
{
	uint32		n = census_size(loaded->census);
	int8	   *values;

	if (strncmp(word, "list:", 5) == 0 && word[5] != '\0')
		return census_listed(loaded, word + 5);
	if (strcmp(word, "us_person") != 0 && strcmp(word, "root") != 0)
		return NULL;
	values = palloc_extended(Max(n, 1), MCXT_ALLOC_HUGE);
	memset(values, TERNARY_TRUE, n);
	for (uint32 i = 0; i < n && word[0] == 'u'; i++)
	{
		CHECK_FOR_INTERRUPTS();
		values[i] = (int8) census_us_person(loaded, i);
	}
	return values;
}

int8 *
everybody_seeds(LoadedCensus *loaded, const char *seeds)
{
	int8	   *any = NULL;

	while (*seeds != '\0')
	{
		size_t		length = strcspn(seeds, " ");
		int8	   *values = length > 0 ? seeds_by_word(loaded, pnstrdup(seeds, length)) : NULL;

		if (length > 0 && values == NULL)
			return NULL;
		for (uint32 i = 0; any != NULL && values != NULL && i < census_size(loaded->census); i++)
			any[i] = (int8) ternary_or((Ternary) any[i], (Ternary) values[i]);
		any = any != NULL ? any : values;
		seeds += length + (seeds[length] == ' ');
	}
	return any;
}

bool
everybody_serves(const TestRow *row)
{
	OwnershipTest test = kernel_test(row);

	return !row->pooled && row->through == NULL && sweep_serves(&test);
}

void
everybody_begin(Everybody *e, LoadedCensus *loaded, const TestRow *row)
{
	memset(e, 0, sizeof(Everybody));
	e->loaded = loaded;
	e->n = census_size(loaded->census);
	e->row = row;
	e->asked = palloc_extended(Max(e->n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

bool
everybody_differs(const Everybody *e)
{
	CensusOpenness openness = census_openness(e->loaded->census);

	return openness.ranges || openness.kinds || e->row->across_open;
}

Grade
everybody_grade(const Everybody *e, const int8 *seeds, const SweepFinding *finding, uint32 party)
{
	Grade		grade = finding->status == TERNARY_FALSE ? GRADE_NO :
		finding->status == TERNARY_TRUE ? run_grades[e->run] : grade_if_open(e->run);
	Ternary		organized = e->row->excludes_us ? census_party_row(e->loaded, party).organized_us : TERNARY_FALSE;

	if (!rule_test_applies(e->row) || organized == TERNARY_TRUE)
		return GRADE_NO;
	return organized == TERNARY_UNKNOWN || seeds[finding->root] == TERNARY_UNKNOWN ? Min(grade, GRADE_DISCLOSED) : grade;
}

/* Remembers that too much was forgotten above a party. */
static void
put_blind(Everybody *e, uint32 party)
{
	if (e->n_blind == e->allocated_blind)
	{
		e->allocated_blind = Max(64, e->allocated_blind * 2);
		e->blind = e->blind == NULL ? palloc(mul_size(sizeof(uint32), e->allocated_blind)) :
			repalloc_huge(e->blind, mul_size(sizeof(uint32), e->allocated_blind));
	}
	e->blind[e->n_blind++] = party;
}

/* Remembers that a pair is open. */
static void
put_open(Everybody *e, uint32 root, uint32 party)
{
	if (e->n_open == e->allocated_open)
	{
		e->allocated_open = Max(64, e->allocated_open * 2);
		e->open = e->open == NULL ? palloc(mul_size(sizeof(SweepPair), e->allocated_open)) :
			repalloc_huge(e->open, mul_size(sizeof(SweepPair), e->allocated_open));
	}
	e->open[e->n_open++] = (SweepPair) {root, party, TERNARY_UNKNOWN, -4};
}

/* Takes what a sweep tells of one root in one party. */
static void
take_finding(void *arg, uint32 party, const SweepFinding *finding)
{
	Everybody  *e = arg;
	bool		is_open = finding->status == TERNARY_UNKNOWN && e->wants(e->arg, finding->root, party);

	if (finding->root == party)
		return;
	/* whoever was forgotten has little, unless this is where that would matter */
	if (finding->root == e->n && e->run != RUN_UNDISCLOSED)
	{
		if (finding->status != TERNARY_FALSE || (!e->members_only && finding->amount[0].upper >= e->matters))
			put_blind(e, party);
		return;
	}
	if (!is_open || !e->members_only)
		e->told(e->arg, party, finding, !is_open);
	if (is_open)
		put_open(e, finding->root, party);
}

/* Tells what has been decided of the open pairs; those that still matter stay. */
static void
take_decided(Everybody *e)
{
	uint32		n = 0;

	for (uint32 i = 0; i < e->n_open; i++)
	{
		const SweepPair *pair = &e->open[i];
		SweepFinding finding = {pair->root, pair->status, pair->reason, {{0, 0}}};

		if (pair->status != TERNARY_UNKNOWN)
			e->told(e->arg, pair->node, &finding, true);
	}
	for (uint32 i = 0; i < e->n_open; i++)
		if (e->open[i].status == TERNARY_UNKNOWN && e->wants(e->arg, e->open[i].root, e->open[i].node))
			e->open[n++] = e->open[i];
	e->n_open = n;
}

/* Asks about the open pairs again by a sweep, in memory that goes at once. */
static void
sweep_open(Everybody *e, SweepGraph *graph, uint64 forget)
{
	MemoryContext memory;
	MemoryContext old;
	CoreEnv		env;

	take_decided(e);
	if (e->n_open == 0)
		return;
	memory = graph_memory_create(CurrentMemoryContext, "outbound sweep");
	old = MemoryContextSwitchTo(memory);
	env = backend_env();
	sweep_pairs(&env, graph, e->open, e->n_open, forget);
	core_check(&env);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	take_decided(e);
}

static int
pair_order(const void *a, const void *b, void *arg)
{
	const SweepPair *x = a;
	const SweepPair *y = b;

	return x->node != y->node ? (x->node < y->node ? -1 : 1) : x->root < y->root ? -1 : x->root > y->root;
}

/* Runs one pair exactly, if its root is above its node there. */
static void
decide_pair(Everybody *e, Kernel *kernel, const Graph *graph, SweepPair *pair)
{
	NodeId		root;
	NodeId		node;
	bool		nobody = pair->root >= e->n;
	KernelFinding found;

	if (!census_cone_find(graph, pair->node, &node))
		return;
	pair->status = TERNARY_FALSE;
	if (nobody || census_cone_find(graph, pair->root, &root))
		pair->status = kernel_status_exactly(kernel, &root, nobody ? 0 : 1, node);
	if (pair->status == TERNARY_TRUE && !nobody && kernel_find(kernel, &root, 1, node, &found))
		pair->reason = found.reason;
	if (pair->status != TERNARY_UNKNOWN)
		e->counters.exact++;
}

/* Runs the pairs [from, to) exactly over the cone of their nodes. */
static void
decide_exactly(Everybody *e, const OwnershipTest *test, CoreEnv *env, Graph *graph, uint32 from, uint32 to)
{
	uint32		n = graph_size(graph);
	NodeId	   *nodes = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);
	Kernel	   *kernel;

	core_check(env);
	for (uint32 i = 0; i < n; i++)
		nodes[i] = i;
	kernel = kernel_create(env, graph, nodes, n, test, e->run);
	for (uint32 i = from; i < to; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decide_pair(e, kernel, graph, &e->open[i]);
		core_check(env);
	}
}

/* Runs exactly what sweeps leave open, as many parties together as have cones of a fair size. */
static void
decide_open(Everybody *e, const OwnershipTest *test)
{
	if (e->n_open > 1)
		qsort_interruptible(e->open, e->n_open, sizeof(SweepPair), pair_order, NULL);
	for (uint32 from = 0, to; from < e->n_open; from = to)
	{
		MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound exact runs");
		MemoryContext old = MemoryContextSwitchTo(memory);
		CoreEnv		env = backend_env();
		Graph	   *graph = graph_create(&env);

		for (to = from; to < e->n_open && (to == from || graph_size(graph) < CONE_PARTIES); to++)
			census_cone_add(&env, e->loaded->census, graph, e->open[to].node);
		decide_exactly(e, test, &env, graph, from, to);
		MemoryContextSwitchTo(old);
		MemoryContextDelete(memory);
	}
	take_decided(e);
	for (uint32 i = 0; i < e->n_open; i++)
	{
		SweepFinding finding = {e->open[i].root, TERNARY_UNKNOWN, -4, {{0, 0}}};

		e->counters.open++;
		e->told(e->arg, e->open[i].node, &finding, true);
	}
	e->n_open = 0;
}

/* Sweeps everybody, and those again of whom too much was forgotten, in memory that goes at once. */
static void
sweep_all(Everybody *e, SweepGraph *graph)
{
	static const uint64 finer[] = {SWEEP_HARDLY, 0};
	SweepRequest request = {e->asked, e->members_only, sweep_forget_roughly(graph),
	e->members_only ? PG_UINT64_MAX : e->matters, take_finding, e};

	if (!e->members_only)
		request.forget = Min(request.forget, e->matters / 100);
	for (int pass = 0; pass <= (int) lengthof(finer); pass++)
	{
		MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound sweep");
		MemoryContext old = CurrentMemoryContext;
		uint32	   *blind = e->blind;
		uint32		n_blind = e->n_blind;
		CoreEnv		env;

		MemoryContextSwitchTo(memory);
		env = backend_env();
		MemoryContextSwitchTo(old);
		e->blind = NULL;
		e->n_blind = e->allocated_blind = 0;
		if (pass == 0)
			sweep_everybody(&env, graph, &request);
		else
		{
			request.forget = Min(request.forget, finer[pass - 1]);
			sweep_nodes(&env, graph, blind, n_blind, &request);
		}
		core_check(&env);
		elog(DEBUG1, "sweep of %u parties: %zu bytes, %u pairs left open, %u parties to be asked again", pass == 0 ? e->n : n_blind,
			 MemoryContextMemAllocated(memory, true), e->n_open, e->n_blind);
		MemoryContextDelete(memory);
		if (e->n_blind == 0)
			break;
	}
}

void
everybody_run(Everybody *e, KernelRun run)
{
	OwnershipTest test = kernel_test_in_run(e->row, run);
	MemoryContext memory = graph_memory_create(CurrentMemoryContext, "outbound sweep graph");
	MemoryContext old = CurrentMemoryContext;
	MemoryContext scratch = graph_memory_create(memory, "outbound sweep graph rows");
	CoreEnv		env;
	CoreEnv		scratch_env;
	SweepGraph	graph;

	e->run = run;
	e->n_open = e->n_blind = 0;
	MemoryContextSwitchTo(scratch);
	scratch_env = backend_env();
	MemoryContextSwitchTo(memory);
	env = backend_env();
	sweep_graph_of_census(&env, &scratch_env, &graph, e->loaded->census, &test, run);
	core_check(&env);
	MemoryContextDelete(scratch);
	MemoryContextSwitchTo(old);
	e->again = false;
	sweep_all(e, &graph);
	e->again = true;
	e->counters.enclosures += e->n;
	e->counters.largest_ring = Max(e->counters.largest_ring, sweep_largest_ring(&graph));
	sweep_open(e, &graph, SWEEP_HARDLY);
	sweep_open(e, &graph, 0);
	MemoryContextDelete(memory);
	decide_open(e, &test);
}
