/*
 * financial.c
 *		The financial tests of 850.209(a)(2): is more than half of the holder's
 *		revenue, net income, capital expenditure or operating expense drawn from or
 *		through covered persons it holds?
 *
 * Shares, floors and their cites are parameters of the rule book.  One statement serves
 * numerator and denominator (850.209(b), A-16); metrics are never mixed; amounts below
 * the floor leave the numerator only; nothing is divided before it is compared.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"

#include "screen/financial.h"

typedef struct FinancialRow
{
	const char *from;			/* NULL: the holder's own total */
	const char *metric;
	bool		known;
	Fraction	amount;
	int			basis;			/* rank, 0 the best */
	int			year;			/* 0: not stated */
} FinancialRow;

typedef struct KnownFigures
{
	NodeId		holder;			/* hash key */
	int			n;
	int			allocated;
	FinancialRow *rows;
} KnownFigures;

typedef struct Statement
{
	int			basis;
	int			year;
} Statement;

static const char *const metrics[N_FINANCIAL_METRICS] = {
	"revenue", "net_income", "capital_expenditure", "operating_expense"
};

/* 850.209(b)(1): in this order */
static const char *const bases[] = {"audited", "unaudited", "appraisal", "estimate"};

static int
basis_rank(const char *word)
{
	for (int i = 0; i < lengthof(bases); i++)
		if (word != NULL && strcmp(word, bases[i]) == 0)
			return i;
	return lengthof(bases);
}

/* SQL for the figures of relation f, holders first. */
static char *
figures_sql(const SourceRelation *r, const char *condition)
{
	return psprintf("SELECT %s, %s, %s, %s, %s, %s FROM %s f WHERE %s%s",
					source_column(r, "f", "holder_id", "text"),
					source_column(r, "f", "from_id", "text"), source_column(r, "f", "metric", "text"),
					source_column(r, "f", "amount_usd", "text"), source_column(r, "f", "basis", "text"),
					source_column(r, "f", "year", "text"), r->qualified_name, condition, source_validity(r, "f", 2));
}

/* Adds a row of the current SPI result to a holder's figures, in the neighbourhood's memory. */
static void
keep_figure(Neighbourhood *nb, KnownFigures *known, HeapTuple tuple, TupleDesc desc)
{
	MemoryContext caller = MemoryContextSwitchTo(nb->context);
	char	   *amount = SPI_getvalue(tuple, desc, 4);
	char	   *year = SPI_getvalue(tuple, desc, 6);
	FinancialRow *row;

	if (known->n == known->allocated)
	{
		known->allocated = Max(4, known->allocated * 2);
		known->rows = known->rows == NULL ? palloc(mul_size(sizeof(FinancialRow), known->allocated)) :
			repalloc_huge(known->rows, mul_size(sizeof(FinancialRow), known->allocated));
	}
	row = &known->rows[known->n++];
	memset(row, 0, sizeof(*row));
	row->from = SPI_getvalue(tuple, desc, 2);
	row->metric = SPI_getvalue(tuple, desc, 3);
	row->known = amount != NULL;
	if (amount != NULL)
		row->amount = fraction_parse(&nb->env, amount, strlen(amount));
	if (nb->env.status == CORE_SYNTAX)
	{
		/* NaN and infinities are no amounts of money */
		nb->env.status = CORE_OK;
		row->known = false;
	}
	row->basis = basis_rank(SPI_getvalue(tuple, desc, 5));
	row->year = year != NULL ? (int) strtol(year, NULL, 10) : 0;
	MemoryContextSwitchTo(caller);
}

/* The holder's place among those whose figures are known. */
static KnownFigures *
enter_holder(Neighbourhood *nb, NodeId holder)
{
	bool		found;
	KnownFigures *known = hash_search(nb->figures, &holder, HASH_ENTER, &found);

	if (!found)
	{
		memset(known, 0, sizeof(*known));
		known->holder = holder;
	}
	return known;
}

/* Keeps the rows of a scan of all. */
static void
read_figures(Neighbourhood *nb, uint64 n)
{
	for (uint64 i = 0; i < n; i++)
	{
		char	   *id = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
		NodeId		holder;

		CHECK_FOR_INTERRUPTS();
		if (id != NULL && graph_find(nb->graph, id, strlen(id), &holder))
			keep_figure(nb, enter_holder(nb, holder), SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	}
}

/* Reads every figure of one holder; or of everybody, where the whole graph is at hand. */
static void
load_figures(Neighbourhood *nb, NodeId holder)
{
	const SourceRelation *r = &nb->schema->relations[SOURCE_FINANCIAL];
	const char *id = graph_node(nb->graph, holder)->id;

	SPI_connect();
	if (nb->whole && nb->all_figures == 0)
	{
		neighbourhood_scan(nb, figures_sql(r, "true"), read_figures);
		nb->all_figures = graph_size(nb->graph);
	}
	else
	{
		KnownFigures *known = enter_holder(nb, holder);
		uint64		rows = neighbourhood_query(nb, figures_sql(r, "f.holder_id OPERATOR(pg_catalog.=) ANY ($1)"),
											   source_id_array(nb->schema, &id, 1), true);

		for (uint64 i = 0; i < rows; i++)
			keep_figure(nb, known, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	}
	SPI_finish();
	core_check(&nb->env);
}

/* Every figure of one holder, read once a neighbourhood. */
static FinancialRow *
read_financials(Inquiry *inquiry, NodeId holder, int *n)
{
	Neighbourhood *nb = inquiry->nb;
	KnownFigures *known;

	if (nb->figures == NULL || (nb->whole && nb->all_figures == 0))
	{
		HASHCTL		ctl = {0};

		ctl.keysize = sizeof(NodeId);
		ctl.entrysize = sizeof(KnownFigures);
		ctl.hcxt = nb->context;
		nb->figures = hash_create("outbound figures", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	known = hash_search(nb->figures, &holder, HASH_FIND, NULL);
	/* one that only its figures name is met later */
	if (known == NULL && holder >= nb->all_figures)
	{
		load_figures(nb, holder);
		known = hash_search(nb->figures, &holder, HASH_FIND, NULL);
	}
	*n = known == NULL ? 0 : known->n;
	return known == NULL ? NULL : known->rows;
}

uint32
financial_sources(Inquiry *inquiry, NodeId holder, NodeId **parties)
{
	int			n_rows;
	FinancialRow *rows = read_financials(inquiry, holder, &n_rows);
	uint32		n = 0;

	*parties = palloc(mul_size(sizeof(NodeId), Max(n_rows, 1)));
	for (int i = 0; i < n_rows; i++)
	{
		NodeId		party;
		bool		met = false;

		if (rows[i].from == NULL)
			continue;
		party = neighbourhood_load_cone(inquiry->nb, rows[i].from);
		for (uint32 j = 0; j < n && !met; j++)
			met = (*parties)[j] == party;
		if (!met)
			(*parties)[n++] = party;
	}
	return n;
}

/* Is statement a to be used before b? */
static bool
statement_before(const Inquiry *inquiry, Statement a, Statement b)
{
	if (reading_is(inquiry, "A-16", "latest_year"))
		return a.year != b.year ? a.year > b.year : a.basis < b.basis;
	return a.basis != b.basis ? a.basis < b.basis : a.year > b.year;
}

/* The figure of one metric, source (NULL: total) and statement, or NULL. */
static const FinancialRow *
find_figure(const FinancialRow *rows, int n, const char *metric, const char *from, Statement statement)
{
	for (int i = 0; i < n; i++)
		if (rows[i].metric != NULL && strcmp(rows[i].metric, metric) == 0 &&
			rows[i].basis == statement.basis && rows[i].year == statement.year &&
			(from == NULL ? rows[i].from == NULL : rows[i].from != NULL && strcmp(rows[i].from, from) == 0))
			return &rows[i];
	return NULL;
}

/* How many of the sources a statement speaks of. */
static int
sources_covered(Inquiry *inquiry, const FinancialRow *rows, int n, const char *metric, Statement statement,
				const FinancialSource *sources, int n_sources)
{
	int			covered = 0;

	for (int s = 0; s < n_sources; s++)
		if (find_figure(rows, n, metric, graph_node(inquiry->nb->graph, sources[s].party)->id, statement))
			covered++;
	return covered;
}

/* The statement for one metric: with a total and as many sources as any, then by rank. */
static bool
choose_statement(Inquiry *inquiry, const FinancialRow *rows, int n, const char *metric,
				 const FinancialSource *sources, int n_sources, Statement *chosen)
{
	bool		found = false;
	int			best = 0;

	for (int i = 0; i < n; i++)
	{
		Statement	statement = {rows[i].basis, rows[i].year};
		int			covered;

		if (rows[i].from != NULL || rows[i].metric == NULL || strcmp(rows[i].metric, metric) != 0)
			continue;
		covered = sources_covered(inquiry, rows, n, metric, statement, sources, n_sources);
		if (!found || covered > best || (covered == best && statement_before(inquiry, statement, *chosen)))
		{
			*chosen = statement;
			best = covered;
			found = true;
		}
	}
	return found;
}

typedef struct MetricTest
{
	Fraction	half;			/* the share to be exceeded, of the total */
	Fraction	floor;
	bool		floor_always;	/* */
	bool		absolute;		/* */
	Fraction	definite;		/* sum that certainly counts */
	Fraction	possible;		/* sum that may count */
	bool		unbounded;		/* an amount that may count is unknown */
	Ternary		alone;			/* one person by itself gives enough */
	Fraction	largest;		/* what the largest such person gives */
} MetricTest;

/* Adds one source to the test. */
static void
add_source(Inquiry *inquiry, MetricTest *test, const FinancialSource *source, const FinancialRow *figure)
{
	CoreEnv    *env = &inquiry->env;
	bool		over_floor;
	Fraction	amount;

	if (figure == NULL || !figure->known)
	{
		test->unbounded = true;
		return;
	}
	amount = figure->amount;
	if (test->absolute)
		amount.negative = false;
	if (amount.negative)
		return;					/* never reaches the floor */
	over_floor = fraction_compare(env, amount, test->floor) >= 0;
	if (over_floor)
		test->possible = fraction_add(env, test->possible, amount);
	if (over_floor && source->counts == TERNARY_TRUE)
		test->definite = fraction_add(env, test->definite, amount);
	if ((over_floor || !test->floor_always) && fraction_compare(env, amount, test->half) > 0)
	{
		test->alone = ternary_or(test->alone, source->counts);
		if (fraction_compare(env, amount, test->largest) > 0)
			test->largest = amount;
	}
}

/* Whether the holder's own total allows the test at all; NULL statement text when it has none. */
static Ternary
decide(Inquiry *inquiry, const MetricTest *test)
{
	if (test->alone == TERNARY_TRUE || fraction_compare(&inquiry->env, test->definite, test->half) > 0)
		return TERNARY_TRUE;
	if (test->unbounded || test->alone == TERNARY_UNKNOWN ||
		fraction_compare(&inquiry->env, test->possible, test->half) > 0)
		return TERNARY_UNKNOWN;
	return TERNARY_FALSE;
}

/* What an undecided test hangs on. */
static void
test_missing(Inquiry *inquiry, NodeId holder, const char *metric, const FinancialRow *rows, int n,
			 bool has_total, Statement statement, const FinancialSource *sources, int n_sources,
			 MissingList *missing)
{
	const char *holder_id = graph_node(inquiry->nb->graph, holder)->id;

	if (!has_total)
		missing_add(missing, psprintf("financial(%s).%s", holder_id, metric));
	for (int s = 0; s < n_sources; s++)
	{
		const char *id = graph_node(inquiry->nb->graph, sources[s].party)->id;
		const FinancialRow *figure = has_total ? find_figure(rows, n, metric, id, statement) : NULL;

		if (figure == NULL || !figure->known)
			missing_add(missing, psprintf("financial(%s,%s).%s", holder_id, id, metric));
		if (sources[s].of_concern == TERNARY_UNKNOWN)
			person_of_concern_missing(inquiry, sources[s].party, missing);
		if (sources[s].activity.covered == TERNARY_UNKNOWN)
			missing_merge(missing, &sources[s].activity.missing);
		if (sources[s].held == TERNARY_UNKNOWN)
		{
			const GraphNode *node = graph_node(inquiry->nb->graph, sources[s].party);

			missing_add(missing, psprintf("interest(%s,%s)", holder_id, id));
			if (!node->unheld && node->register_state == REGISTER_OPEN)
				missing_party(missing, inquiry, sources[s].party, "register");
		}
	}
}

/* One metric's test. */
static ForeignPersonFinding
metric_test(Inquiry *inquiry, NodeId holder, const char *metric, const FinancialRow *rows, int n,
			const FinancialSource *sources, int n_sources)
{
	CoreEnv    *env = &inquiry->env;
	const Parameter *share = rule_parameter(inquiry->book, "financial_share");
	const Parameter *floor = rule_parameter(inquiry->book, "financial_floor_usd");
	ForeignPersonFinding finding = {0};
	MetricTest	test = {0};
	Statement	statement = {0};
	Fraction	amount = FRACTION_ZERO;
	bool		has_total = choose_statement(inquiry, rows, n, metric, sources, n_sources, &statement);
	const FinancialRow *total = has_total ? find_figure(rows, n, metric, NULL, statement) : NULL;

	finding.limb = "(a)(2)";
	finding.metric = metric;
	has_total = has_total && total->known;
	test.floor = fraction_parse(env, floor->value, strlen(floor->value));
	test.floor_always = reading_is(inquiry, "A-13", "floor_always");
	test.absolute = reading_is(inquiry, "A-14", "absolute_values");
	test.definite = test.possible = test.largest = FRACTION_ZERO;
	test.alone = TERNARY_FALSE;
	if (has_total)
		amount = total->amount;
	if (test.absolute)
		amount.negative = false;
	if (!has_total)
		finding.holds = TERNARY_UNKNOWN;
	else if (amount.negative || (fraction_is_zero(amount) && strcmp(metric, "net_income") == 0))
	{
		/* no share of a loss can be named; the other tests decide */
		finding.holds = reading_is(inquiry, "A-14", "not_met") ? TERNARY_FALSE : TERNARY_UNKNOWN;
	}
	else
	{
		test.half = fraction_multiply(env, fraction_parse(env, share->value, strlen(share->value)), amount);
		for (int s = 0; s < n_sources; s++)
			add_source(inquiry, &test, &sources[s],
					   find_figure(rows, n, metric, graph_node(inquiry->nb->graph, sources[s].party)->id, statement));
		finding.holds = decide(inquiry, &test);
		finding.has_share = !fraction_is_zero(amount) && !test.unbounded;
		if (finding.has_share)
		{
			if (test.alone == TERNARY_TRUE && fraction_compare(env, test.largest, test.definite) > 0)
				test.definite = test.possible = test.largest;
			finding.share.lower = fraction_divide(env, test.definite, amount);
			finding.share.upper = fraction_divide(env, test.possible, amount);
		}
	}
	if (total != NULL)
		finding.statement = psprintf("%s%s", statement.basis < lengthof(bases) ? bases[statement.basis] : "other",
									 statement.year ? psprintf(" %d", statement.year) : "");
	finding.because = psprintf("%s %s from or through %d person(s) of (a)(1) it holds (%s)", metric,
							   finding.holds == TERNARY_TRUE ? "above the share" :
							   finding.holds == TERNARY_FALSE ? "not above the share" : "of unknown share",
							   n_sources, share->cite);
	if (finding.holds == TERNARY_UNKNOWN)
		test_missing(inquiry, holder, metric, rows, n, has_total, statement, sources, n_sources, &finding.missing);
	inquiry_check(inquiry);
	return finding;
}

ForeignPersonFinding *
financial_tests(Inquiry *inquiry, NodeId holder, const FinancialSource *sources, int n_sources, int *n)
{
	ForeignPersonFinding *findings = palloc0(sizeof(ForeignPersonFinding) * N_FINANCIAL_METRICS);
	int			n_rows;
	FinancialRow *rows;

	*n = 0;
	if (rule_parameter_if_any(inquiry->book, "financial_share") == NULL)
		return findings;		/* the ruleset knows no such tests */
	rows = read_financials(inquiry, holder, &n_rows);
	for (int m = 0; m < N_FINANCIAL_METRICS; m++)
		findings[m] = metric_test(inquiry, holder, metrics[m], rows, n_rows, sources, n_sources);
	*n = N_FINANCIAL_METRICS;
	return findings;
}
