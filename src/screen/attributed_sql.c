/*
 * attributed_sql.c
 *		What every holder has in every party: attributed_shares().
 *
 * Rows go straight to the tuplestore where one run tells everything; else the widest run
 * says which pairs matter, and the others what they have at least.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "screen/engine_statistics.h"
#include "screen/everybody.h"
#include "screen/questions.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_attributed_shares);

#define N_COLUMNS		6
#define FIRST_SHARE		3		/* voting, board, equity, as InterestKind */
#define N_SHARES		3

/* what a holder has in a party */
typedef struct Attributed
{
	uint32		party;
	uint32		root;
	uint8		grade;
	AmountEnds	amount[N_SHARES];	/* by InterestKind */
} Attributed;

typedef struct AttributedRows
{
	Everybody	everybody;
	Inquiry    *inquiry;
	TestRow		row;
	ReturnSetInfo *rsinfo;
	MemoryContext memory;		/* of one row's values */
	CoreEnv		env;			/* over memory */
	const int8 *seeds;
	Fraction	at_least;
	uint64		line;			/* the least end that reaches it */
	bool		joins;			/* several runs */
	bool		is_sorted;		/* the pairs are known */
	Attributed *pairs;
	Size		n;
	Size		allocated;
} AttributedRows;

/* One row; shares by InterestKind. */
static void
put_row(AttributedRows *rows, const char *holder, const char *party, Grade grade, const ShareValue *shares, const bool *has)
{
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS] = {false};

	values[0] = CStringGetTextDatum(holder);
	values[1] = CStringGetTextDatum(party);
	values[2] = CStringGetTextDatum(grade_name(grade));
	for (int i = 0; i < N_SHARES; i++)
	{
		nulls[FIRST_SHARE + i] = !has[i];
		if (has[i])
			values[FIRST_SHARE + i] = share_value_datum(&rows->env, &shares[i]);
	}
	tuplestore_putvalues(rows->rsinfo->setResult, rows->rsinfo->setDesc, values, nulls);
}

/* The row of a pair of a census. */
static void
put_pair(AttributedRows *rows, const Attributed *pair)
{
	const Census *census = rows->everybody.loaded->census;
	MemoryContext old = MemoryContextSwitchTo(rows->memory);
	ShareValue	shares[N_SHARES];
	bool		has[N_SHARES] = {false};

	for (int k = 0; k < rows->row.base.n_measures; k++)
	{
		int			kind = rows->row.base.measures[k].kind;

		if (kind >= N_SHARES)
			continue;
		has[kind] = true;
		shares[kind] = (ShareValue) {FRACTION_ZERO, FRACTION_INFINITY, false, false};
		if (pair->amount[kind].lower <= PG_INT64_MAX)
			shares[kind].lower = fraction_of(&rows->env, (int64) pair->amount[kind].lower, (int64) ENDS_ONE);
		if (pair->amount[kind].upper <= PG_INT64_MAX)
			shares[kind].upper = fraction_of(&rows->env, (int64) pair->amount[kind].upper, (int64) ENDS_ONE);
	}
	put_row(rows, census_id(census, pair->root), census_id(census, pair->party), (Grade) pair->grade, shares, has);
	MemoryContextSwitchTo(old);
	MemoryContextReset(rows->memory);
}

/* By party and root. */
static int
attributed_order(const void *a, const void *b, void *arg)
{
	const Attributed *x = a;
	const Attributed *y = b;

	return x->party != y->party ? (x->party < y->party ? -1 : 1) : x->root < y->root ? -1 : x->root > y->root;
}

/* The pair that was kept, or NULL. */
static Attributed *
find_pair(AttributedRows *rows, uint32 root, uint32 party)
{
	Attributed	wanted = {party, root};

	if (!rows->is_sorted && rows->n > 1)
		qsort_interruptible(rows->pairs, rows->n, sizeof(Attributed), attributed_order, NULL);
	rows->is_sorted = true;
	return rows->n == 0 ? NULL : bsearch_arg(&wanted, rows->pairs, rows->n, sizeof(Attributed), attributed_order, NULL);
}

/* Keeps a pair for what is still to be told of it. */
static void
keep_pair(AttributedRows *rows, const Attributed *pair)
{
	if (rows->n == rows->allocated)
	{
		rows->allocated = Max(1024, rows->allocated * 2);
		rows->pairs = rows->pairs == NULL ? palloc(mul_size(sizeof(Attributed), rows->allocated)) :
			repalloc_huge(rows->pairs, mul_size(sizeof(Attributed), rows->allocated));
	}
	rows->pairs[rows->n++] = *pair;
}

/* Does it matter whether a root is a member?  While pairs are found, of each. */
static bool
wants_status(void *arg, uint32 root, uint32 party)
{
	AttributedRows *rows = arg;

	return root < rows->everybody.n && (!rows->is_sorted || find_pair(rows, root, party) != NULL);
}

/* Takes what one run, or what decided its open pairs, tells of a pair that is there. */
static void
add_to_pair(AttributedRows *rows, Attributed *pair, const SweepFinding *finding, bool final)
{
	Grade		grade = everybody_grade(&rows->everybody, rows->seeds, finding, pair->party);

	if (final)
		pair->grade = (uint8) Max((Grade) pair->grade, grade);
	if (rows->everybody.again || rows->everybody.run != RUN_DEFINITE)
		return;
	for (int k = 0; k < rows->row.base.n_measures; k++)
		if ((int) rows->row.base.measures[k].kind < N_SHARES)
			pair->amount[rows->row.base.measures[k].kind].lower = finding->amount[k].lower;
}

/* Takes what is told of a root in a party. */
static void
take_share(void *arg, uint32 party, const SweepFinding *finding, bool final)
{
	AttributedRows *rows = arg;
	Attributed	pair = {party, finding->root, GRADE_NO, {{0, 0}}};
	Attributed *known;
	bool		reaches = false;

	if (finding->root >= rows->everybody.n)
		return;
	if (rows->is_sorted || rows->everybody.again)
	{
		known = find_pair(rows, finding->root, party);
		if (known != NULL)
			add_to_pair(rows, known, finding, final);
		return;
	}
	for (int k = 0; k < rows->row.base.n_measures; k++)
	{
		int			kind = rows->row.base.measures[k].kind;

		reaches = reaches || finding->amount[k].upper >= rows->line;
		if (kind < N_SHARES)
			pair.amount[kind] = (AmountEnds) {rows->everybody.run == RUN_DEFINITE ? finding->amount[k].lower : 0, finding->amount[k].upper};
	}
	if (!reaches)
		return;
	if (final)
		pair.grade = (uint8) everybody_grade(&rows->everybody, rows->seeds, finding, party);
	if (final && !rows->joins)
		put_pair(rows, &pair);
	else
		keep_pair(rows, &pair);
}

/* Asks the runs that the data make differ, the widest first; false if a census does not tell. */
static bool
swept_shares(AttributedRows *rows)
{
	Everybody  *e = &rows->everybody;
	OwnershipTest test = kernel_test(&rows->row);
	LoadedCensus *loaded;
	bool		undisclosed;

	if (!everybody_serves(&rows->row))
		return false;
	loaded = census_load(rows->inquiry->nb, true);
	undisclosed = census_openness(loaded->census).undisclosed;
	rows->seeds = everybody_seeds(loaded, rows->row.seeds);
	if (rows->seeds == NULL || (undisclosed && !sweep_serves_run(&test, RUN_UNDISCLOSED)))
		return false;
	everybody_begin(e, loaded, &rows->row);
	e->matters = Max(rows->line, LEAST_TO_MATTER);
	e->wants = wants_status;
	e->told = take_share;
	e->arg = rows;
	for (uint32 i = 0; i < e->n; i++)
		e->asked[i] = rows->seeds[i] != TERNARY_FALSE;
	rows->joins = undisclosed || everybody_differs(e);
	for (int run = RUN_UNDISCLOSED; run >= RUN_DEFINITE; run--)
	{
		if ((run == RUN_UNDISCLOSED && !undisclosed) || (run == RUN_DISCLOSED && !everybody_differs(e)))
			continue;
		everybody_run(e, (KernelRun) run);
		(void) find_pair(rows, 0, 0);
	}
	engine_statistics_record(rows->row.name, rows->inquiry->nb->as_of, e->n, &e->counters);
	for (Size i = 0; i < rows->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_pair(rows, &rows->pairs[i]);
	}
	return true;
}

/* May an amount be as much, and more than nothing? */
static bool
may_reach(AttributedRows *rows, const ShareValue *amount)
{
	int			order = fraction_compare(&rows->inquiry->env, amount->upper, rows->at_least);

	return !fraction_is_zero(amount->upper) && (order > 0 || (order == 0 && !amount->upper_open));
}

/* The row of one root in a party, if it has one. */
static void
put_finding(AttributedRows *rows, const ParentFinding *finding, NodeId party)
{
	const Graph *graph = rows->inquiry->nb->graph;
	Ternary		seed = is_seed(rows->inquiry, rows->row.seeds, finding->root, RUN_UNDISCLOSED);
	ShareValue	shares[N_SHARES];
	bool		has[N_SHARES] = {false};
	bool		reaches = false;

	for (int k = 0; k < rows->row.base.n_measures; k++)
	{
		int			kind = rows->row.base.measures[k].kind;

		reaches = reaches || may_reach(rows, &finding->amount[k]);
		if (kind >= N_SHARES)
			continue;
		has[kind] = true;
		shares[kind] = finding->amount[k];
	}
	if (reaches && seed != TERNARY_FALSE)
		put_row(rows, graph_node(graph, finding->root)->id, graph_node(graph, party)->id,
				seed == TERNARY_UNKNOWN ? Min(finding->grade, GRADE_DISCLOSED) : finding->grade, shares, has);
}

/* The same by a question about each party. */
static void
shares_one_by_one(AttributedRows *rows)
{
	Inquiry    *inquiry = rows->inquiry;
	MemoryContext context = inquiry->scratch;

	neighbourhood_load_all(inquiry->nb);
	for (uint32 i = 0; i < graph_size(inquiry->nb->graph); i++)
	{
		MemoryContext old = MemoryContextSwitchTo(rows->memory);
		ParentFinding *findings;
		int			n;

		CHECK_FOR_INTERRUPTS();
		inquiry->scratch = rows->memory;
		inquiry->env.arg = rows->memory;
		findings = root_findings(inquiry, &rows->row, i, true, &n);
		for (int j = 0; j < n; j++)
			put_finding(rows, &findings[j], i);
		inquiry->scratch = context;
		inquiry->env.arg = context;
		MemoryContextSwitchTo(old);
		MemoryContextReset(rows->memory);
	}
}

/* attributed_shares(test, at_least, as_of) */
Datum
outbound_attributed_shares(PG_FUNCTION_ARGS)
{
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(0));
	AttributedRows rows = {.line = 1};
	CoreEnv		env = backend_env();
	ShareValue	at_least = PG_GETARG_SHARE(&env, 1);
	MemoryContext old;

	InitMaterializedSRF(fcinfo, 0);
	rows.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	rows.inquiry = inquiry_begin(rule_book(NULL, PG_GETARG_DATEADT(2)), PG_GETARG_DATEADT(2), NULL);
	rows.row = rule_test_under(rule_test(rows.inquiry->book, test), rows.inquiry->choice);
	if (rows.row.pooled)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ownership test \"%s\" is not one of one holder at a time", test)));
	if (!share_value_is_exact(&at_least))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the least share must be a single number")));
	rows.at_least = at_least.lower;
	rows.line = Max(ends_of_fraction(&env, at_least.lower).upper, 1);
	rows.memory = AllocSetContextCreate(CurrentMemoryContext, "outbound row", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(rows.memory);
	rows.env = backend_env();
	MemoryContextSwitchTo(old);
	old = MemoryContextSwitchTo(rows.inquiry->scratch);
	if (!swept_shares(&rows))
		shares_one_by_one(&rows);
	MemoryContextSwitchTo(old);
	inquiry_end(rows.inquiry);
	return (Datum) 0;
}
