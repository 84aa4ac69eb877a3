/*
 * control.c
 *		Parents and controlled foreign entities: per-root ownership tests
 *		(850.206, 850.219, 850.227).
 */
#include "postgres.h"

#include "miscadmin.h"

#include "screen/inquiry.h"

/* what being a member in a run establishes */
static const Grade run_grades[] = {GRADE_DEFINITE, GRADE_DISCLOSED, GRADE_UNDISCLOSED};

/* The three kernels of one per-root test over one cone, made when first needed. */
typedef struct RootRuns
{
	TestRow		row;
	OwnershipTest test;
	NodeId	   *nodes;
	uint32		n_nodes;
	Kernel	   *kernels[3];
	Kernel	   *through[3];		/* of the test that row.through names */
	bool		differs[3];		/* from the run before */
} RootRuns;

/* Prepares the runs over target's cone, or over everybody for NULL. */
static RootRuns *
root_runs_over(Inquiry *inquiry, const TestRow *row, const NodeId *target)
{
	RootRuns   *runs = palloc0(sizeof(RootRuns));

	runs->row = *row;
	runs->test = kernel_test(row);
	if (target != NULL)
		runs->n_nodes = graph_cone(&inquiry->env, inquiry->nb->graph, *target, &runs->nodes);
	else
		runs->n_nodes = membership_all_nodes(inquiry, &runs->nodes);
	neighbourhood_spend(inquiry->nb, runs->n_nodes);
	runs->differs[RUN_DEFINITE] = true;
	for (uint32 i = 0; i < runs->n_nodes; i++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, runs->nodes[i]);

		if (!node->unheld && node->register_state == REGISTER_OPEN)
			runs->differs[RUN_UNDISCLOSED] = true;
		if (node->pooled_fund == TERNARY_UNKNOWN)
			runs->differs[RUN_DISCLOSED] = true;
		for (uint32 j = 0; j < node->n_holdings; j++)
			if (node->holdings[j].kind == INTEREST_UNMAPPED ||
				!share_value_is_exact(&node->holdings[j].share))
				runs->differs[RUN_DISCLOSED] = true;
	}
	return runs;
}

static RootRuns *
root_runs(Inquiry *inquiry, const TestRow *row, NodeId target)
{
	return root_runs_over(inquiry, row, &target);
}

static Kernel *
root_kernel(Inquiry *inquiry, RootRuns *runs, KernelRun run)
{
	if (runs->kernels[run] == NULL)
		runs->kernels[run] = kernel_create(&inquiry->env, inquiry->nb->graph, runs->nodes, runs->n_nodes,
										   &runs->test, run);
	return runs->kernels[run];
}

/*
 * Does the root meet the test that row.through names in a party that by itself controls
 * the target (Regulation (EU) 2024/1624 Art. 54(b))?
 */
static bool
passes_through(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId root, NodeId target, NodeId *via)
{
	Kernel	   *kernel = root_kernel(inquiry, runs, run);
	Attribution *held;

	if (runs->through[run] == NULL)
	{
		TestRow		row = rule_test_under(rule_test(inquiry->book, runs->row.through), inquiry->choice);
		OwnershipTest test = kernel_test(&row);

		runs->through[run] = kernel_create(&inquiry->env, inquiry->nb->graph, runs->nodes, runs->n_nodes,
										   &test, run);
	}
	held = kernel_attribute_cone(runs->through[run], &root, 1);
	inquiry_check(inquiry);
	for (uint32 i = 0; i < runs->n_nodes; i++)
	{
		Attribution *controlled;

		CHECK_FOR_INTERRUPTS();
		if (!held->status[i] || runs->nodes[i] == root || runs->nodes[i] == target)
			continue;
		controlled = kernel_attribute_cone(kernel, &runs->nodes[i], 1);
		inquiry_check(inquiry);
		if (controlled->whole[kernel_place(kernel, target)])
		{
			*via = runs->nodes[i];
			return true;
		}
	}
	return false;
}

/* The name of what first gave the status. */
static const char *
limb_name(const OwnershipTest *test, int reason)
{
	static const char *const kinds[] = {"voting", "board", "equity", "profits", "liquidation"};

	if (reason >= 0)
		return kinds[test->measures[reason].kind];
	return reason == -1 ? "seed" : reason == -3 ? "branch" : reason == -2 ? "role" : NULL;
}

/* The runs of one pool of seeds (or of nobody disclosed) in target. */
static ParentFinding
find_in_runs(Inquiry *inquiry, RootRuns *runs, const NodeId *seeds, uint32 n_seeds, NodeId target)
{
	ParentFinding finding = {0};
	KernelFinding found[3];
	NodeId		via;

	finding.root = n_seeds > 0 ? seeds[0] : target;
	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		if (runs->differs[run])
			kernel_find(root_kernel(inquiry, runs, run), seeds, n_seeds, target, &found[run]);
		else
			found[run] = found[run - 1];
		if (finding.grade == GRADE_NO && found[run].status)
		{
			finding.grade = run_grades[run];
			finding.limb = limb_name(&runs->test, found[run].reason);
			finding.tier = found[run].rank;
		}
		if (finding.grade == GRADE_NO && runs->row.through != NULL && n_seeds == 1 && runs->differs[run] &&
			passes_through(inquiry, runs, run, seeds[0], target, &via))
		{
			finding.grade = run_grades[run];
			finding.limb = "through";
		}
	}
	inquiry_check(inquiry);
	finding.grade = grade_in_scope(inquiry, &runs->row, target, finding.grade);
	if (finding.grade == GRADE_NO)
	{
		finding.limb = NULL;
		finding.tier = 0;
	}
	for (int k = 0; k < runs->test.n_measures; k++)
		finding.amount[k] = share_between(inquiry, found[RUN_DEFINITE].amount[k], found[RUN_UNDISCLOSED].amount[k]);
	return finding;
}

/* The grade alone, from some of the runs, which mostly needs no exact amounts. */
static Grade
grade_in_some_runs(Inquiry *inquiry, RootRuns *runs, KernelRun first, KernelRun last,
				   const NodeId *seeds, uint32 n_seeds, NodeId target)
{
	for (KernelRun run = first; run <= last; run++)
	{
		Ternary		status = TERNARY_FALSE;

		if (runs->differs[run])
			status = kernel_status(root_kernel(inquiry, runs, run), seeds, n_seeds, target);
		inquiry_check(inquiry);
		if (status == TERNARY_TRUE)
			return run_grades[run];
	}
	return GRADE_NO;
}

static Grade
grade_in_runs(Inquiry *inquiry, RootRuns *runs, const NodeId *seeds, uint32 n_seeds, NodeId target)
{
	return grade_in_some_runs(inquiry, runs, RUN_DEFINITE, RUN_UNDISCLOSED, seeds, n_seeds, target);
}

ParentFinding
root_finding(Inquiry *inquiry, const TestRow *row, NodeId root, NodeId target)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	ParentFinding finding = find_in_runs(inquiry, root_runs(inquiry, row, target), &root, 1, target);

	MemoryContextSwitchTo(old);
	return finding;
}

ProofRun
root_proof(Inquiry *inquiry, const TestRow *row, NodeId root, NodeId target)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	RootRuns   *runs = root_runs(inquiry, row, target);
	ProofRun	proof = {0};

	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED && proof.grade == GRADE_NO; run++)
	{
		Attribution *attribution;

		if (!runs->differs[run])
			continue;
		attribution = kernel_attribute(root_kernel(inquiry, runs, run), &root, 1);
		if (attribution->status[target])
			proof.grade = run_grades[run];
		if (run == RUN_DEFINITE || proof.grade != GRADE_NO)
		{
			proof.kernel = runs->kernels[run];
			proof.attribution = attribution;
		}
	}
	inquiry_check(inquiry);
	MemoryContextSwitchTo(old);
	return proof;
}

/* Where the test is met only through another: the party in which, and which controls target. */
bool
root_through(Inquiry *inquiry, const TestRow *row, NodeId root, NodeId target, NodeId *via)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	RootRuns   *runs = root_runs(inquiry, row, target);
	bool		found = false;

	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED && row->through != NULL && !found; run++)
		found = runs->differs[run] && passes_through(inquiry, runs, run, root, target, via);
	MemoryContextSwitchTo(old);
	return found;
}

/* Best grade first, then by id. */
static int
finding_order(const void *a, const void *b, void *arg)
{
	const ParentFinding *x = a;
	const ParentFinding *y = b;
	const Graph *graph = arg;

	if (x->grade != y->grade)
		return x->grade > y->grade ? -1 : 1;
	return strcmp(graph_node(graph, x->root)->id, graph_node(graph, y->root)->id);
}

ParentFinding *
root_findings(Inquiry *inquiry, const TestRow *row, NodeId target, bool everyone, int *n_findings)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	RootRuns   *runs = root_runs(inquiry, row, target);
	ParentFinding *findings = palloc(mul_size(sizeof(ParentFinding), Max(runs->n_nodes, 1)));

	*n_findings = 0;
	for (uint32 i = 0; i < runs->n_nodes; i++)
	{
		NodeId		root = runs->nodes[i];
		ParentFinding finding;

		if (root == target)
			continue;
		if (!everyone && !runs->differs[RUN_UNDISCLOSED] && row->through == NULL &&
			!kernel_may_reach(root_kernel(inquiry, runs, runs->differs[RUN_DISCLOSED] ?
										  RUN_DISCLOSED : RUN_DEFINITE), root, target))
			continue;
		/* exact amounts are dear: only of those who have a grade */
		if (!everyone && row->through == NULL && grade_in_runs(inquiry, runs, &root, 1, target) == GRADE_NO)
			continue;
		finding = find_in_runs(inquiry, runs, &root, 1, target);
		if (everyone || finding.grade != GRADE_NO)
			findings[(*n_findings)++] = finding;
	}
	qsort_arg(findings, *n_findings, sizeof(ParentFinding), finding_order, inquiry->nb->graph);
	MemoryContextSwitchTo(old);
	return findings;
}

/* One target's finding from attributions over everybody loaded. */
static ParentFinding
finding_at(Inquiry *inquiry, RootRuns *runs, Attribution *const *results, NodeId root, NodeId target)
{
	uint32		place = kernel_place(root_kernel(inquiry, runs, RUN_DEFINITE), target);
	ParentFinding finding = {root};

	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
		if (finding.grade == GRADE_NO && results[run]->status[place])
		{
			finding.grade = run_grades[run];
			finding.limb = limb_name(&runs->test, results[run]->reason[place]);
			finding.tier = results[run]->rank[place];
		}
	for (int k = 0; k < runs->test.n_measures; k++)
		finding.amount[k] = share_between(inquiry, results[RUN_DEFINITE]->amount[k][place],
										  results[RUN_UNDISCLOSED]->amount[k][place]);
	return finding;
}

ParentFinding *
root_findings_below(Inquiry *inquiry, const TestRow *row, NodeId root, const NodeId *targets, uint32 n)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	ParentFinding *findings = palloc(mul_size(sizeof(ParentFinding), Max(n, 1)));
	RootRuns   *runs;
	Attribution *results[3];

	if (row->through != NULL || row->excludes_us || !rule_test_applies(row))
		for (uint32 i = 0; i < n; i++)
			findings[i] = root_finding(inquiry, row, root, targets[i]);
	else
	{
		runs = root_runs_over(inquiry, row, NULL);
		for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
			results[run] = runs->differs[run] ?
				kernel_attribute_cone(root_kernel(inquiry, runs, run), &root, 1) : results[run - 1];
		inquiry_check(inquiry);
		for (uint32 i = 0; i < n; i++)
			findings[i] = finding_at(inquiry, runs, results, root, targets[i]);
	}
	MemoryContextSwitchTo(old);
	return findings;
}

/* Under which law is it organized: a branch under its principal's (850.206(a)). */
static Ternary
organized_in_us(Inquiry *inquiry, NodeId node)
{
	const Party *party = neighbourhood_party(inquiry->nb, node);
	const GraphNode *gnode = graph_node(inquiry->nb->graph, node);

	for (uint32 i = 0; i < gnode->n_principals; i++)
		if (gnode->principals[i].kind == INTEREST_BRANCH_OF && gnode->principals[i].principal != node)
			return neighbourhood_party(inquiry->nb, gnode->principals[i].principal)->organized_us;
	return party->organized_us;
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

/* The parties above target that are, or may be, U.S. persons: the certain ones first. */
static uint32
us_candidates(Inquiry *inquiry, RootRuns *runs, NodeId target, NodeId **roots, uint32 *n_certain)
{
	uint32		n = 0;

	*roots = palloc(mul_size(sizeof(NodeId), Max(runs->n_nodes, 1)));
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

/* The best grade that any one root gives in some of the runs; first all together, which costs one run. */
static Grade
best_in_runs(Inquiry *inquiry, RootRuns *runs, KernelRun first, KernelRun last, const NodeId *roots,
			 uint32 n, uint32 n_certain, NodeId party, NodeId *parent)
{
	Grade		best = GRADE_NO;

	if (n == 0 || grade_in_some_runs(inquiry, runs, first, last, roots, n, party) == GRADE_NO)
		return GRADE_NO;
	for (uint32 i = 0; i < n && best != GRADE_DEFINITE; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (last != RUN_UNDISCLOSED &&
			!kernel_may_reach(root_kernel(inquiry, runs, runs->differs[RUN_DISCLOSED] ?
										  RUN_DISCLOSED : RUN_DEFINITE), roots[i], party))
			continue;
		consider(grade_in_some_runs(inquiry, runs, first, last, &roots[i], 1, party), roots[i],
				 i < n_certain ? TERNARY_TRUE : TERNARY_UNKNOWN, &best, parent);
	}
	return best;
}

/*
 * What is disclosed decides first; then a holder nobody has disclosed, which is one
 * question; only then those who might hold the undisclosed beside what they have.
 */
static Grade
best_of_roots(Inquiry *inquiry, RootRuns *runs, const NodeId *roots, uint32 n, uint32 n_certain,
			  NodeId party, NodeId *parent)
{
	Grade		best = best_in_runs(inquiry, runs, RUN_DEFINITE, RUN_DISCLOSED, roots, n, n_certain, party, parent);

	if (best != GRADE_NO || !runs->differs[RUN_UNDISCLOSED])
		return best;
	best = grade_in_some_runs(inquiry, runs, RUN_UNDISCLOSED, RUN_UNDISCLOSED, NULL, 0, party);
	return best != GRADE_NO ? best :
		best_in_runs(inquiry, runs, RUN_UNDISCLOSED, RUN_UNDISCLOSED, roots, n, n_certain, party, parent);
}

/* The best grade over all U.S. persons above, each by itself or, under A-43 pooled, together. */
static Grade
some_us_parent(Inquiry *inquiry, const TestRow *row, NodeId party, NodeId *parent)
{
	RootRuns   *runs = root_runs(inquiry, row, party);
	Grade		best = GRADE_NO;
	NodeId	   *roots;
	uint32		n_certain;
	uint32		n = us_candidates(inquiry, runs, party, &roots, &n_certain);

	if (n > 0 && row->pooled)
	{
		if (n_certain > 0)
			consider(grade_in_runs(inquiry, runs, roots, n_certain, party), roots[0], TERNARY_TRUE, &best, parent);
		consider(grade_in_runs(inquiry, runs, roots, n, party), roots[0],
				 n == n_certain ? TERNARY_TRUE : TERNARY_UNKNOWN, &best, parent);
	}
	else
		best = best_of_roots(inquiry, runs, roots, n, n_certain, party, parent);
	return best;
}

/* What where it is organized leaves of a grade (850.206(a)); where row security hides rows, nobody is told "no". */
static Grade
foreign_grade(Inquiry *inquiry, NodeId party, Grade grade)
{
	Ternary		organized = organized_in_us(inquiry, party);

	if (neighbourhood_party(inquiry->nb, party)->kind == PARTY_INDIVIDUAL || organized == TERNARY_TRUE)
		return GRADE_NO;
	if (organized == TERNARY_UNKNOWN)
		grade = Min(grade, GRADE_DISCLOSED);
	return grade == GRADE_NO && inquiry->nb->row_security ? GRADE_UNDISCLOSED : grade;
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
		consider(grade_in_runs(inquiry, root_runs(inquiry, &row, party), us_person_asked, 1, party),
				 *us_person_asked, us_person(inquiry, *us_person_asked), &grade, parent);
	else
		grade = some_us_parent(inquiry, &row, party, parent);
	return foreign_grade(inquiry, party, grade);
}

/* Raises to grade all that one root controls in one run. */
static void
raise_controlled(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId root, Grade grade,
				 uint8 *grades, NodeId *parents)
{
	Kernel	   *kernel = root_kernel(inquiry, runs, run);
	const NodeId *reached;
	const Ternary *status;
	uint32		n = kernel_reached(kernel, &root, 1, &reached, &status);
	uint32		n_open = 0;
	NodeId	   *open = palloc(mul_size(sizeof(NodeId), Max(n, 1)));

	for (uint32 i = 0; i < n; i++)
	{
		if (reached[i] == root || grades[reached[i]] >= grade || status[i] == TERNARY_FALSE)
			continue;
		if (status[i] == TERNARY_UNKNOWN)
		{
			open[n_open++] = reached[i];
			continue;
		}
		grades[reached[i]] = grade;
		parents[reached[i]] = root;
	}
	for (uint32 i = 0; i < n_open; i++)
		if (kernel_status(kernel, &root, 1, open[i]) == TERNARY_TRUE)
		{
			grades[open[i]] = grade;
			parents[open[i]] = root;
		}
	inquiry_check(inquiry);
	pfree(open);
}

void
controlled_everywhere(Inquiry *inquiry, uint8 **grades, NodeId **parents)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	TestRow		row = rule_test_under(rule_test(inquiry->book, TEST_PARENT), inquiry->choice);
	RootRuns   *runs;
	uint32		n;

	neighbourhood_load_all(inquiry->nb);
	runs = root_runs_over(inquiry, &row, NULL);
	n = runs->n_nodes;
	*grades = palloc0(Max(n, 1));
	*parents = palloc(mul_size(sizeof(NodeId), Max(n, 1)));
	for (uint32 i = 0; i < n; i++)
		(*parents)[i] = i;
	for (KernelRun run = RUN_DEFINITE; run <= RUN_DISCLOSED && !row.pooled; run++)
		for (uint32 i = 0; i < n && runs->differs[run]; i++)
		{
			Ternary		is_us_person = us_person(inquiry, i);

			CHECK_FOR_INTERRUPTS();
			if (is_us_person != TERNARY_FALSE)
				raise_controlled(inquiry, runs, run, i, is_us_person == TERNARY_TRUE ? run_grades[run] :
								 GRADE_DISCLOSED, *grades, *parents);
		}
	for (uint32 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		/* what is left hangs on the undisclosed, or on all together: one party at a time */
		if ((*grades)[i] == GRADE_NO && (row.pooled || runs->differs[RUN_UNDISCLOSED]))
			(*grades)[i] = (uint8) controlled_grade(inquiry, i, NULL, &(*parents)[i]);
		else
			(*grades)[i] = (uint8) foreign_grade(inquiry, i, (Grade) (*grades)[i]);
	}
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
