/*
 * control.c
 *		Controlled foreign entities: of which some U.S. person is a parent (850.206, 850.219).
 */
#include "postgres.h"

#include "miscadmin.h"

#include "read/load_census.h"
#include "screen/engine_statistics.h"
#include "screen/roots.h"

/* Under which law is it organized: a branch under its principal's (850.206(a)), several having to agree. */
static Ternary
organized_in_us(Inquiry *inquiry, NodeId node)
{
	const GraphNode *gnode = graph_node(inquiry->nb->graph, node);
	bool		found = false;
	Ternary		organized = neighbourhood_party(inquiry->nb, node)->organized_us;

	for (uint32 i = 0; i < gnode->n_principals; i++)
		if (gnode->principals[i].kind == INTEREST_BRANCH_OF && gnode->principals[i].principal != node)
		{
			Ternary		there = neighbourhood_party(inquiry->nb, gnode->principals[i].principal)->organized_us;

			organized = !found || organized == there ? there : TERNARY_UNKNOWN;
			found = true;
		}
	return organized;
}

/* Raises best to what one more (possible) parent gives. */
static void
consider(Grade grade, NodeId root, Ternary is_us_person, Grade *best, NodeId *parent)
{
	if (is_us_person == TERNARY_FALSE || grade == GRADE_NO)
		return;
	if (is_us_person == TERNARY_UNKNOWN)
		grade = Min(grade, GRADE_DISCLOSED);
	if (grade > *best)
	{
		*best = grade;
		if (parent != NULL)
			*parent = root;
	}
}

/* Who is, or may be, a U.S. person of those in the cone, by NodeId. */
static bool *
us_candidates(Inquiry *inquiry, const RootRuns *runs)
{
	bool	   *asked = palloc_extended(graph_size(inquiry->nb->graph), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (uint32 i = 0; i < runs->n_nodes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		asked[runs->nodes[i]] = us_person(inquiry, runs->nodes[i]) != TERNARY_FALSE;
	}
	return asked;
}

/* a root and a party of which a sweep leaves open whether it is a parent */
typedef struct OpenPair
{
	NodeId		root;			/* PG_UINT32_MAX: nobody disclosed, or anybody that was forgotten */
	NodeId		party;
} OpenPair;

/* what sweeps have told of U.S. parents so far */
typedef struct UsParents
{
	Inquiry    *inquiry;
	KernelRun	run;
	NodeId		only;			/* the party asked about, or PG_UINT32_MAX for all */
	uint8	   *grades;			/* by NodeId */
	NodeId	   *parents;
	OpenPair   *open;
	Size		n_open;
	Size		allocated;
	EngineCounters counters;	/* of parties, or pairs of a root and a party where these were left open */
} UsParents;

/* The grade that being a parent in this run gives: whoever may be no U.S. person makes it possible at most. */
static Grade
parent_grade(const UsParents *us, NodeId root)
{
	if (root != PG_UINT32_MAX && us_person(us->inquiry, root) != TERNARY_TRUE)
		return grade_if_open(us->run);
	return run_grades[us->run];
}

static void
raise_party(UsParents *us, NodeId root, NodeId party, Grade grade)
{
	if (us->grades[party] >= grade)
		return;
	us->grades[party] = (uint8) grade;
	if (root != PG_UINT32_MAX)
		us->parents[party] = root;
}

/* Remembers that a pair is open. */
static void
put_open(UsParents *us, NodeId root, NodeId party)
{
	if (us->n_open == us->allocated)
	{
		us->allocated = Max(64, us->allocated * 2);
		us->open = us->open == NULL ? palloc(mul_size(sizeof(OpenPair), us->allocated)) :
			repalloc_huge(us->open, mul_size(sizeof(OpenPair), us->allocated));
	}
	us->open[us->n_open++] = (OpenPair) {root, party};
}

/* Takes what a sweep tells of one root in one party. */
static void
take_parent(void *arg, NodeId root, NodeId party, const RootFinding *finding)
{
	UsParents  *us = arg;

	if (finding->status == TERNARY_FALSE || us->grades[party] >= parent_grade(us, root))
		return;
	if (finding->status == TERNARY_TRUE)
	{
		raise_party(us, root, party, parent_grade(us, root));
		return;
	}
	put_open(us, root, party);
}

/*
 * Asks exact runs about what is open, of a pool of seeds (n_pool > 0) or of each pair's root;
 * where these are beyond reason too, it is possible.
 */
static void
decide_open(UsParents *us, RootRuns *runs, const NodeId *pool, uint32 n_pool, Grade pool_grade)
{
	Kernel	   *kernel = root_kernel(us->inquiry, runs, us->run);

	us->counters.enclosures += runs->n_nodes;
	us->counters.largest_ring = Max(us->counters.largest_ring, kernel_largest_ring(kernel));
	for (Size i = 0; i < us->n_open; i++)
	{
		NodeId		root = us->open[i].root;
		NodeId		party = us->open[i].party;
		Grade		grade = n_pool > 0 ? pool_grade : parent_grade(us, root);
		Ternary		status = TERNARY_UNKNOWN;

		CHECK_FOR_INTERRUPTS();
		if (us->grades[party] >= grade)
			continue;
		if (n_pool > 0)
			status = kernel_status(kernel, pool, n_pool, party);
		else if (root != PG_UINT32_MAX || us->run == RUN_UNDISCLOSED)
			status = kernel_status(kernel, &root, root == PG_UINT32_MAX ? 0 : 1, party);
		inquiry_check(us->inquiry);
		if (status == TERNARY_UNKNOWN)
			us->counters.open++;
		else
			us->counters.exact++;
		if (status != TERNARY_FALSE)
			raise_party(us, root, party, status == TERNARY_TRUE ? grade : Min(grade, grade_if_open(us->run)));
	}
}

/*
 * The grade of one party, or all, over all U.S. persons above, each by itself.  What is
 * disclosed comes first; the undisclosed may be held by nobody disclosed, or by those who have
 * something disclosed beside.
 */
static void
sweep_us_parents(UsParents *us, RootRuns *runs)
{
	const bool *asked = us_candidates(us->inquiry, runs);
	Kernel	   *kernel;

	for (us->run = RUN_DEFINITE; us->run <= RUN_UNDISCLOSED; us->run++)
	{
		if (!runs->differs[us->run] || (us->only != PG_UINT32_MAX && us->grades[us->only] >= run_grades[us->run]))
			continue;
		us->n_open = 0;
		kernel = root_kernel(us->inquiry, runs, us->run);
		if (!kernel_sweep(kernel, asked, us->only, forget_if_large(kernel, FORGET_ROUGHLY), take_parent, us))
			elog(ERROR, "ownership test \"%s\" cannot be swept", runs->row.name);
		inquiry_check(us->inquiry);
		decide_open(us, runs, NULL, 0, GRADE_NO);
	}
}

/* Prepares what sweeps will tell. */
static UsParents
begin_us_parents(Inquiry *inquiry, NodeId only)
{
	UsParents	us = {inquiry, RUN_DEFINITE, only};
	uint32		n = Max(graph_size(inquiry->nb->graph), 1);

	us.grades = palloc_extended(n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	us.parents = palloc_extended(mul_size(sizeof(NodeId), n), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
		us.parents[i] = i;
	return us;
}

/* The U.S. persons above a party: those who certainly are come first. */
static uint32
us_pool(Inquiry *inquiry, const RootRuns *runs, NodeId target, NodeId **roots, uint32 *n_certain)
{
	uint32		n = 0;

	*roots = palloc_extended(mul_size(sizeof(NodeId), Max(runs->n_nodes, 1)), MCXT_ALLOC_HUGE);
	for (int pass = 0; pass < 2; pass++)
	{
		for (uint32 i = 0; i < runs->n_nodes; i++)
			if (runs->nodes[i] != target &&
				us_person(inquiry, runs->nodes[i]) == (pass == 0 ? TERNARY_TRUE : TERNARY_UNKNOWN))
				(*roots)[n++] = runs->nodes[i];
		if (pass == 0)
			*n_certain = n;
	}
	return n;
}

/* The grade of all U.S. persons above together. */
static Grade
pooled_us_parents(Inquiry *inquiry, RootRuns *runs, NodeId party, NodeId *parent)
{
	NodeId	   *roots;
	uint32		n_certain = 0;
	uint32		n = us_pool(inquiry, runs, party, &roots, &n_certain);
	Grade		best = GRADE_NO;

	/* whoever is not disclosed may be one */
	if (n == 0)
		return root_grade(inquiry, runs, RUN_DEFINITE, RUN_UNDISCLOSED, NULL, 0, party);
	if (n_certain > 0)
		consider(root_grade(inquiry, runs, RUN_DEFINITE, RUN_UNDISCLOSED, roots, n_certain, party), roots[0],
				 TERNARY_TRUE, &best, parent);
	if (n > n_certain)
		consider(root_grade(inquiry, runs, RUN_DEFINITE, RUN_UNDISCLOSED, roots, n, party), roots[0],
				 TERNARY_UNKNOWN, &best, parent);
	return best;
}

/* The best grade over all U.S. persons above, each by itself or, under A-43 pooled, together. */
static Grade
some_us_parent(Inquiry *inquiry, const TestRow *row, NodeId party, NodeId *parent)
{
	RootRuns   *runs = root_runs(inquiry, row, party);
	UsParents	us;

	if (row->pooled)
		return pooled_us_parents(inquiry, runs, party, parent);
	us = begin_us_parents(inquiry, party);
	sweep_us_parents(&us, runs);
	if (parent != NULL && us.grades[party] != GRADE_NO && us.parents[party] != party)
		*parent = us.parents[party];
	return (Grade) us.grades[party];
}

Grade
grade_abroad(const Neighbourhood *nb, PartyKind kind, Ternary organized_in_us, Grade grade)
{
	if (kind == PARTY_INDIVIDUAL || organized_in_us == TERNARY_TRUE)
		return GRADE_NO;
	if (organized_in_us == TERNARY_UNKNOWN)
		grade = Min(grade, GRADE_DISCLOSED);
	return grade == GRADE_NO && nb->row_security ? GRADE_UNDISCLOSED : grade;
}

Grade
foreign_grade(Inquiry *inquiry, NodeId party, Grade grade)
{
	return grade_abroad(inquiry->nb, neighbourhood_party(inquiry->nb, party)->kind, organized_in_us(inquiry, party), grade);
}

/* The grade without looking at what was answered before. */
static Grade
controlled_grade(Inquiry *inquiry, NodeId party, const NodeId *us_person_asked, NodeId *parent)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, TEST_PARENT), inquiry->choice);
	Grade		grade = GRADE_NO;

	if (neighbourhood_party(inquiry->nb, party)->kind == PARTY_INDIVIDUAL ||
		organized_in_us(inquiry, party) == TERNARY_TRUE)
		return GRADE_NO;
	if (us_person_asked != NULL)
		consider(root_grade(inquiry, root_runs(inquiry, &row, party), RUN_DEFINITE, RUN_UNDISCLOSED, us_person_asked, 1, party),
				 *us_person_asked, us_person(inquiry, *us_person_asked), &grade, parent);
	else
		grade = some_us_parent(inquiry, &row, party, parent);
	return foreign_grade(inquiry, party, grade);
}

/* What a pool of seeds has in everybody, in all runs; certain: they all are U.S. persons.  No one of them is the parent. */
static void
pool_everywhere(UsParents *us, RootRuns *runs, const NodeId *roots, uint32 n, bool certain)
{
	for (us->run = RUN_DEFINITE; us->run <= RUN_UNDISCLOSED; us->run++)
	{
		Kernel	   *kernel;
		Grade		grade = certain ? run_grades[us->run] : grade_if_open(us->run);
		const NodeId *reached;
		const Ternary *status;
		uint32		n_reached;

		if (!runs->differs[us->run])
			continue;
		kernel = root_kernel(us->inquiry, runs, us->run);
		n_reached = kernel_reached(kernel, roots, n, &reached, &status);
		inquiry_check(us->inquiry);
		us->n_open = 0;
		for (uint32 i = 0; i < n_reached; i++)
		{
			if (status[i] == TERNARY_TRUE)
				raise_party(us, PG_UINT32_MAX, reached[i], grade);
			else if (status[i] == TERNARY_UNKNOWN)
				put_open(us, PG_UINT32_MAX, reached[i]);
		}
		decide_open(us, runs, roots, n, grade);
	}
}

/* The grades of all parties over all U.S. persons together; who is one is asked by itself. */
static void
pool_us_parents(UsParents *us, RootRuns *runs)
{
	NodeId	   *roots;
	uint32		n_certain;
	uint32		n = us_pool(us->inquiry, runs, PG_UINT32_MAX, &roots, &n_certain);

	/* nobody at all: whoever is not disclosed may be one */
	if (n_certain > 0 || n == 0)
		pool_everywhere(us, runs, roots, n_certain, true);
	if (n > n_certain)
		pool_everywhere(us, runs, roots, n, false);
	for (uint32 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		us->parents[roots[i]] = roots[i];
		us->grades[roots[i]] = (uint8) controlled_grade(us->inquiry, roots[i], NULL, &us->parents[roots[i]]);
	}
}

/* Takes over what a census says of everybody; who stands in no row of it is asked about alone. */
static void
take_census(UsParents *us, const LoadedCensus *loaded, const uint8 *grades, const uint32 *parents)
{
	Inquiry    *inquiry = us->inquiry;
	const Graph *graph = inquiry->nb->graph;
	uint32		n = census_size(loaded->census);
	NodeId	   *nodes = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);

	memset(us->grades, MEMO_EMPTY, graph_size(graph));
	for (uint32 i = 0; i < n; i++)
	{
		const char *id = census_id(loaded->census, i);

		CHECK_FOR_INTERRUPTS();
		if (graph_find(graph, id, strlen(id), &nodes[i]))
			us->grades[nodes[i]] = grades[i];
		else
			nodes[i] = PG_UINT32_MAX;
	}
	for (uint32 i = 0; i < n; i++)
		if (nodes[i] != PG_UINT32_MAX && nodes[parents[i]] != PG_UINT32_MAX)
			us->parents[nodes[i]] = nodes[parents[i]];
	for (uint32 i = 0; i < graph_size(graph); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (us->grades[i] == MEMO_EMPTY)
			us->grades[i] = (uint8) controlled_grade(inquiry, i, NULL, &us->parents[i]);
	}
}

void
controlled_everywhere(Inquiry *inquiry, uint8 **grades, NodeId **parents)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	TestRow		row = rule_test_under(rule_test(inquiry->book, TEST_PARENT), inquiry->choice);
	const LoadedCensus *loaded = controlled_by_census(inquiry, grades, parents);
	UsParents	us;

	neighbourhood_load_all(inquiry->nb);
	us = begin_us_parents(inquiry, PG_UINT32_MAX);
	if (loaded != NULL)
	{
		take_census(&us, loaded, *grades, *parents);
		*grades = us.grades;
		*parents = us.parents;
		MemoryContextSwitchTo(old);
		return;
	}
	if (row.pooled)
		pool_us_parents(&us, root_runs_over(inquiry, &row, NULL));
	else
		sweep_us_parents(&us, root_runs_over(inquiry, &row, NULL));
	for (uint32 i = 0; i < graph_size(inquiry->nb->graph); i++)
	{
		CHECK_FOR_INTERRUPTS();
		us.grades[i] = (uint8) foreign_grade(inquiry, i, (Grade) us.grades[i]);
	}
	engine_statistics_record(TEST_PARENT, inquiry->nb->as_of, graph_size(inquiry->nb->graph), &us.counters);
	*grades = us.grades;
	*parents = us.parents;
	MemoryContextSwitchTo(old);
}

Grade
controlled_foreign_entity(Inquiry *inquiry, NodeId party, const NodeId *us_person_asked, NodeId *parent)
{
	bool		remembered = us_person_asked == NULL && parent == NULL;
	MemoryContext old;
	Grade		grade;

	if (remembered && inquiry_test_memo(inquiry, TEST_PARENT)[party] != MEMO_EMPTY)
		return (Grade) inquiry_test_memo(inquiry, TEST_PARENT)[party];
	if (remembered && inquiry->nb->whole)
	{
		uint8	   *grades;
		NodeId	   *parents;

		controlled_everywhere(inquiry, &grades, &parents);
		memcpy(inquiry_test_memo(inquiry, TEST_PARENT), grades, graph_size(inquiry->nb->graph));
		return (Grade) grades[party];
	}
	old = MemoryContextSwitchTo(inquiry->scratch);
	grade = controlled_grade(inquiry, party, us_person_asked, parent);
	MemoryContextSwitchTo(old);
	if (remembered)
		inquiry_test_memo(inquiry, TEST_PARENT)[party] = (uint8) grade;
	return grade;
}

void
controlled_foreign_entity_missing(Inquiry *inquiry, NodeId party, MissingList *missing)
{
	MemoryContext old;
	NodeId	   *nodes;
	uint32		n;
	Grade		grade = controlled_foreign_entity(inquiry, party, NULL, NULL);

	if (grade_ternary(grade) != TERNARY_UNKNOWN)
		return;
	if (neighbourhood_party(inquiry->nb, party)->organized_us == TERNARY_UNKNOWN)
		missing_party(missing, inquiry, party, "organized_under");
	old = MemoryContextSwitchTo(inquiry->scratch);
	n = graph_cone(&inquiry->env, inquiry->nb->graph, party, &nodes);
	MemoryContextSwitchTo(old);
	for (uint32 i = 0; i < n; i++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, nodes[i]);

		if (grade == GRADE_UNDISCLOSED)
		{
			if (!node->unheld && node->register_state == REGISTER_OPEN)
				missing_party(missing, inquiry, nodes[i], "register");
			continue;
		}
		if (nodes[i] != party)
			us_person_missing(inquiry, nodes[i], missing);
		for (uint32 j = 0; j < node->n_holdings; j++)
			if (!share_value_is_exact(&node->holdings[j].share))
				missing_add(missing, psprintf("interest(%s,%s)",
											  graph_node(inquiry->nb->graph, node->holdings[j].holder)->id, node->id));
	}
}
