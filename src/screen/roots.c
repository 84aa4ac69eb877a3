/*
 * roots.c
 *		What one holder has in a party, or everybody above it: per-root ownership tests.
 *
 * A sweep tells of all roots at once (core/sweep.h); exact runs are asked for what it leaves
 * open, and for amounts and tiers: those of the largest holders first, up to a budget.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "screen/roots.h"

/* parties gone over exactly in one question, about half a second's worth: then what a sweep tells has to do */
#define MOST_GONE_OVER	400000

const Grade run_grades[] = {GRADE_DEFINITE, GRADE_DISCLOSED, GRADE_UNDISCLOSED};

/* Prepares the runs over target's cone, or over everybody for NULL. */
RootRuns *
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
	runs->differs[RUN_DISCLOSED] = row->across_open;
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

RootRuns *
root_runs(Inquiry *inquiry, const TestRow *row, NodeId target)
{
	return root_runs_over(inquiry, row, &target);
}

Kernel *
root_kernel(Inquiry *inquiry, RootRuns *runs, KernelRun run)
{
	OwnershipTest test = kernel_test_in_run(&runs->row, run);

	if (runs->kernels[run] != NULL)
		return runs->kernels[run];
	runs->kernels[run] = kernel_create(&inquiry->env, inquiry->nb->graph, runs->nodes, runs->n_nodes, &test, run);
	if (run == RUN_DEFINITE && kernel_has_doubts(runs->kernels[run]))
		runs->differs[RUN_DISCLOSED] = true;
	return runs->kernels[run];
}

/* Who of the cone by itself controls the target, asked once. */
static const Ternary *
who_controls(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId target)
{
	Kernel	   *kernel = root_kernel(inquiry, runs, run);

	if (runs->controls[run] != NULL)
		return runs->controls[run];
	runs->controls[run] = palloc_extended(mul_size(sizeof(Ternary), Max(runs->n_nodes, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < runs->n_nodes; i++)
	{
		KernelFinding found;

		CHECK_FOR_INTERRUPTS();
		runs->controls[run][i] = TERNARY_FALSE;
		if (runs->nodes[i] != target)
			runs->controls[run][i] = kernel_find(kernel, &runs->nodes[i], 1, target, &found) ? ternary_of(found.whole) : TERNARY_UNKNOWN;
		inquiry_check(inquiry);
	}
	return runs->controls[run];
}

/* Does the root meet the test that row.through names in a party? */
static Ternary
meets_through(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId root, NodeId party)
{
	KernelFinding found;

	if (runs->through[run] == NULL)
	{
		TestRow		row = rule_test_under(rule_test(inquiry->book, runs->row.through), inquiry->choice);
		OwnershipTest test = kernel_test_in_run(&row, run);

		runs->through[run] = kernel_create(&inquiry->env, inquiry->nb->graph, runs->nodes, runs->n_nodes, &test, run);
	}
	if (kernel_find(runs->through[run], &root, 1, party, &found))
		return ternary_of(found.status);
	return kernel_status(runs->through[run], &root, 1, party);
}

/*
 * Does the root meet the test that row.through names in a party that by itself controls
 * the target (Regulation (EU) 2024/1624 Art. 54(b))?  *via is the party.
 */
static Ternary
passes_through(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId root, NodeId target, NodeId *via)
{
	const Ternary *controls = who_controls(inquiry, runs, run, target);
	Ternary		passes = TERNARY_FALSE;

	for (uint32 i = 0; i < runs->n_nodes && passes != TERNARY_TRUE; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (controls[i] == TERNARY_FALSE || runs->nodes[i] == root)
			continue;
		passes = ternary_or(passes, ternary_and(controls[i], meets_through(inquiry, runs, run, root, runs->nodes[i])));
		inquiry_check(inquiry);
		*via = runs->nodes[i];
	}
	return passes;
}

Grade
grade_if_open(KernelRun run)
{
	return Min(run_grades[run], GRADE_DISCLOSED);
}

/* what one run says of a root in a node */
typedef struct RunFinding
{
	Ternary		status;
	int8		reason;			/* as in Attribution */
	uint32		tier;			/* PG_UINT32_MAX: not known */
	Bound		low[MAX_MEASURES];	/* by measure; equal to high where exact */
	Bound		high[MAX_MEASURES];
} RunFinding;

static void
take_ends(Inquiry *inquiry, const RootRuns *runs, RunFinding *finding, const AmountEnds *amounts)
{
	for (int k = 0; k < runs->test.n_measures; k++)
	{
		finding->low[k] = bound_of_end(inquiry, amounts[k].lower);
		finding->high[k] = bound_of_end(inquiry, amounts[k].upper);
	}
}

static void
take_exact(const RootRuns *runs, RunFinding *finding, const KernelFinding *found)
{
	finding->status = ternary_of(found->status);
	finding->reason = found->reason;
	finding->tier = found->rank;
	for (int k = 0; k < runs->test.n_measures; k++)
		finding->low[k] = finding->high[k] = found->amount[k];
}

/*
 * Does what is told of a root do for an answer?  An exact run tells the tier of one that meets the
 * test, and an amount between two ends (which do not tell whether they are attained), as long as that is
 * not the thousandth over a cone of thousands.
 */
static bool
told_all(const RootRuns *runs, const RootFinding *told)
{
	bool		exact = !runs->differs[RUN_DISCLOSED];

	if (told == NULL || told->status == TERNARY_UNKNOWN)
		return false;
	if (runs->gone_over >= MOST_GONE_OVER)
		return true;
	for (int k = 0; k < runs->test.n_measures; k++)
		exact = exact && told->amount[k].lower == told->amount[k].upper;
	return exact && told->status == TERNARY_FALSE;
}

/*
 * What one run says of a root in target, told of it or (NULL) not: an exact run's word where one can be
 * had, else what enclosures say.
 */
static RunFinding
find_in_run(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId root, NodeId target, const RootFinding *told)
{
	Kernel	   *kernel = root_kernel(inquiry, runs, run);
	RunFinding	finding = {TERNARY_FALSE, -4, 0};
	KernelFinding found;
	AmountEnds		amounts[MAX_MEASURES];

	if (told_all(runs, told))
	{
		take_ends(inquiry, runs, &finding, told->amount);
		finding.status = told->status;
		finding.reason = told->reason;
		finding.tier = PG_UINT32_MAX;
		return finding;
	}
	runs->gone_over += runs->n_nodes;
	if (kernel_find(kernel, &root, 1, target, &found))
		take_exact(runs, &finding, &found);
	else
	{
		finding.status = told == NULL || told->status == TERNARY_UNKNOWN ?
			kernel_status(kernel, &root, 1, target) : told->status;
		finding.reason = told == NULL ? -4 : told->reason;
		finding.tier = PG_UINT32_MAX;
		for (int k = 0; k < runs->test.n_measures; k++)
			amounts[k] = told == NULL ? (AmountEnds) {0, PG_UINT64_MAX} : told->amount[k];
		(void) kernel_enclose(kernel, &root, 1, target, amounts);
		take_ends(inquiry, runs, &finding, amounts);
	}
	inquiry_check(inquiry);
	return finding;
}

/* Puts the runs of one root in target together. */
static ParentFinding
finding_of_runs(Inquiry *inquiry, RootRuns *runs, NodeId root, NodeId target, const RunFinding *found)
{
	ParentFinding finding = {root};
	NodeId		via;

	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		Grade		grade = found[run].status == TERNARY_TRUE ? run_grades[run] :
			found[run].status == TERNARY_UNKNOWN ? grade_if_open(run) : GRADE_NO;

		if (grade > finding.grade)
		{
			finding.grade = grade;
			finding.limb = limb_word(&runs->test, found[run].reason);
			finding.tier = found[run].status == TERNARY_TRUE ? found[run].tier : PG_UINT32_MAX;
		}
		if (finding.grade < run_grades[run] && runs->row.through != NULL && runs->differs[run])
		{
			Ternary		through = passes_through(inquiry, runs, run, root, target, &via);

			grade = through == TERNARY_TRUE ? run_grades[run] : through == TERNARY_UNKNOWN ? grade_if_open(run) : GRADE_NO;
			if (grade > finding.grade)
			{
				finding.grade = grade;
				finding.limb = "through";
				finding.tier = 0;
			}
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
		finding.amount[k] = share_between(inquiry, found[RUN_DEFINITE].low[k], found[RUN_UNDISCLOSED].high[k]);
	return finding;
}

Grade
root_grade(Inquiry *inquiry, RootRuns *runs, KernelRun first, KernelRun last,
		   const NodeId *seeds, uint32 n_seeds, NodeId target)
{
	Grade		possible = GRADE_NO;

	for (KernelRun run = first; run <= last; run++)
	{
		Ternary		status = TERNARY_FALSE;

		if (runs->differs[run])
			status = kernel_status(root_kernel(inquiry, runs, run), seeds, n_seeds, target);
		inquiry_check(inquiry);
		if (status == TERNARY_TRUE)
			return Max(run_grades[run], possible);
		if (status == TERNARY_UNKNOWN)
			possible = Max(possible, grade_if_open(run));
	}
	return possible;
}

ParentFinding
root_finding(Inquiry *inquiry, const TestRow *row, NodeId root, NodeId target)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	RootRuns   *runs = root_runs(inquiry, row, target);
	RunFinding	found[3];
	ParentFinding finding;

	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
		found[run] = runs->differs[run] ? find_in_run(inquiry, runs, run, root, target, NULL) : found[run - 1];
	finding = finding_of_runs(inquiry, runs, root, target, found);
	MemoryContextSwitchTo(old);
	return finding;
}

ProofRun
root_proof(Inquiry *inquiry, const TestRow *row, NodeId root, NodeId target)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	RootRuns   *runs = root_runs(inquiry, row, target);
	ProofRun	proof = {0};

	for (int run = RUN_DEFINITE; run <= RUN_UNDISCLOSED && proof.grade == GRADE_NO && !proof.open; run++)
	{
		Kernel	   *kernel = root_kernel(inquiry, runs, run);
		Attribution *attribution;
		bool	   *open;

		if (!runs->differs[run])
			continue;
		attribution = kernel_attribute_affordable(kernel, &root, 1, false, RINGS_OF_ROOT, &open);
		inquiry_check(inquiry);
		if (attribution->status[target])
			proof.grade = run_grades[run];
		proof.open = open != NULL && open[kernel_place(kernel, target)];
		if (run == RUN_DEFINITE || proof.grade != GRADE_NO)
		{
			proof.kernel = kernel;
			proof.attribution = attribution;
		}
	}
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
		found = runs->differs[run] && passes_through(inquiry, runs, run, root, target, via) == TERNARY_TRUE;
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

/* what sweeps tell of everybody in one node */
typedef struct ToldAt
{
	const Kernel *kernel;
	NodeId		target;
	RootFinding *by_place;		/* of a root that nothing is told of: what the rest has, nobody's */
	bool	   *is_told;
	RootFinding others;
} ToldAt;

static void
take_told_at(void *arg, NodeId root, NodeId node, const RootFinding *finding)
{
	ToldAt	   *told = arg;
	uint32		place;

	if (node != told->target)
		return;
	if (root == PG_UINT32_MAX)
	{
		told->others = *finding;
		return;
	}
	place = kernel_place(told->kernel, root);
	told->by_place[place] = *finding;
	told->is_told[place] = true;
}

/* Sweeps the cone in one run, down to a factor; false if the test is none for that. */
static bool
sweep_at(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId target, uint64 forget, ToldAt *told)
{
	Size		n = Max(runs->n_nodes, 1);

	told->kernel = root_kernel(inquiry, runs, run);
	told->target = target;
	told->by_place = palloc_extended(mul_size(sizeof(RootFinding), n), MCXT_ALLOC_HUGE);
	told->is_told = palloc_extended(n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	memset(&told->others, 0, sizeof(RootFinding));
	told->others.status = TERNARY_FALSE;
	if (!kernel_sweep(root_kernel(inquiry, runs, run), NULL, target, forget_if_large(told->kernel, forget), take_told_at, told))
		return false;
	inquiry_check(inquiry);
	return true;
}

/* What a sweep has told of a root; NULL without one. */
static const RootFinding *
told_of(const ToldAt *told, bool swept, NodeId root)
{
	uint32		place = swept ? kernel_place(told->kernel, root) : 0;

	return !swept ? NULL : told->is_told[place] ? &told->by_place[place] : &told->others;
}

/* a root, and how much it has of the measure of which it has most, as far as a sweep tells */
typedef struct RankedRoot
{
	NodeId		root;
	uint64		most;
} RankedRoot;

/* Largest first, then as they come. */
static int
root_order(const void *a, const void *b, void *arg)
{
	const RankedRoot *x = a;
	const RankedRoot *y = b;

	return x->most != y->most ? (x->most > y->most ? -1 : 1) : x->root < y->root ? -1 : x->root > y->root;
}

/* The roots of the cone in the order in which they are worth an exact run. */
static RankedRoot *
ranked_roots(const RootRuns *runs, const ToldAt *told, bool swept)
{
	RankedRoot *roots = palloc_extended(mul_size(sizeof(RankedRoot), Max(runs->n_nodes, 1)), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < runs->n_nodes; i++)
	{
		const RootFinding *finding = told_of(told, swept, runs->nodes[i]);

		roots[i] = (RankedRoot) {runs->nodes[i], 0};
		for (int k = 0; k < runs->test.n_measures && finding != NULL; k++)
			roots[i].most = Max(roots[i].most, finding->amount[k].lower);
	}
	if (swept && runs->n_nodes > 1)
		qsort_interruptible(roots, runs->n_nodes, sizeof(RankedRoot), root_order, NULL);
	return roots;
}

ParentFinding *
root_findings(Inquiry *inquiry, const TestRow *row, NodeId target, bool everyone, int *n_findings)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	RootRuns   *runs = root_runs(inquiry, row, target);
	ParentFinding *findings = palloc_extended(mul_size(sizeof(ParentFinding), Max(runs->n_nodes, 1)), MCXT_ALLOC_HUGE);
	RankedRoot *roots;
	ToldAt		told[3];
	bool		swept = true;

	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED && swept; run++)
		if (runs->differs[run])
			swept = sweep_at(inquiry, runs, run, target, everyone ? FORGET_FINELY : FORGET_ROUGHLY, &told[run]);
	roots = ranked_roots(runs, &told[RUN_DEFINITE], swept);
	*n_findings = 0;
	for (uint32 i = 0; i < runs->n_nodes; i++)
	{
		NodeId		root = roots[i].root;
		RunFinding	found[3];
		ParentFinding finding;
		bool		possible = everyone || !swept || row->through != NULL;

		CHECK_FOR_INTERRUPTS();
		for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED && !possible; run++)
			possible = runs->differs[run] && told_of(&told[run], true, root)->status != TERNARY_FALSE;
		if (root == target || !possible)
			continue;
		for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
			found[run] = runs->differs[run] ?
				find_in_run(inquiry, runs, run, root, target, told_of(&told[run], swept, root)) : found[run - 1];
		finding = finding_of_runs(inquiry, runs, root, target, found);
		if (everyone || finding.grade != GRADE_NO)
			findings[(*n_findings)++] = finding;
	}
	qsort_arg(findings, *n_findings, sizeof(ParentFinding), finding_order, inquiry->nb->graph);
	MemoryContextSwitchTo(old);
	return findings;
}

/* one run over everybody loaded, for one root */
typedef struct RunBelow
{
	Attribution *exact;
	bool	   *open;			/* by place: hangs on a ring too large for exact numbers */
	const NodeId *reached;		/* then: */
	const Ternary *status;
	uint32	   *index;			/* by place: in these, or PG_UINT32_MAX */
} RunBelow;

static void
run_below(Inquiry *inquiry, RootRuns *runs, KernelRun run, NodeId root, RunBelow *below)
{
	Kernel	   *kernel = root_kernel(inquiry, runs, run);
	uint32		n;

	below->exact = kernel_attribute_affordable(kernel, &root, 1, true, RINGS_OF_ROOT, &below->open);
	inquiry_check(inquiry);
	below->index = NULL;
	if (below->open == NULL)
		return;
	n = kernel_reached(kernel, &root, 1, &below->reached, &below->status);
	inquiry_check(inquiry);
	below->index = palloc_extended(mul_size(sizeof(uint32), Max(runs->n_nodes, 1)), MCXT_ALLOC_HUGE);
	memset(below->index, 0xff, sizeof(uint32) * (Size) runs->n_nodes);
	for (uint32 i = 0; i < n; i++)
		below->index[kernel_place(kernel, below->reached[i])] = i;
}

/* What one run says of the root in one target. */
static RunFinding
find_below(Inquiry *inquiry, RootRuns *runs, KernelRun run, const RunBelow *below, NodeId root, NodeId target)
{
	Kernel	   *kernel = root_kernel(inquiry, runs, run);
	uint32		place = kernel_place(kernel, target);
	RunFinding	finding = {TERNARY_FALSE, -4, 0};
	AmountEnds		amounts[MAX_MEASURES] = {{0}};

	if (below->open == NULL || !below->open[place])
	{
		finding.status = ternary_of(below->exact->status[place]);
		finding.reason = below->exact->reason[place];
		finding.tier = below->exact->rank[place];
		for (int k = 0; k < runs->test.n_measures; k++)
			finding.low[k] = finding.high[k] = below->exact->amount[k][place];
		return finding;
	}
	finding.tier = PG_UINT32_MAX;
	if (below->index[place] != PG_UINT32_MAX)
	{
		finding.status = below->status[below->index[place]];
		if (finding.status == TERNARY_UNKNOWN)
			finding.status = kernel_status(kernel, &root, 1, target);
		kernel_reached_amounts(kernel, target, amounts);
	}
	take_ends(inquiry, runs, &finding, amounts);
	return finding;
}

ParentFinding *
root_findings_below(Inquiry *inquiry, const TestRow *row, NodeId root, const NodeId *targets, uint32 n)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	ParentFinding *findings = palloc_extended(mul_size(sizeof(ParentFinding), Max(n, 1)), MCXT_ALLOC_HUGE);
	RootRuns   *runs;
	RunBelow	below[3];

	if (row->through != NULL)
		for (uint32 i = 0; i < n; i++)
			findings[i] = root_finding(inquiry, row, root, targets[i]);
	else
	{
		runs = root_runs_over(inquiry, row, NULL);
		for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
			if (runs->differs[run])
				run_below(inquiry, runs, run, root, &below[run]);
		for (uint32 i = 0; i < n; i++)
		{
			RunFinding	found[3];

			CHECK_FOR_INTERRUPTS();
			for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
				found[run] = runs->differs[run] ?
					find_below(inquiry, runs, run, &below[run], root, targets[i]) : found[run - 1];
			findings[i] = finding_of_runs(inquiry, runs, root, targets[i], found);
		}
	}
	MemoryContextSwitchTo(old);
	return findings;
}
