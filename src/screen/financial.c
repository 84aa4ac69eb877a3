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
	NodeId		source;			/* the party of that id, once found */
	int			metric;			/* place in metrics, or -1 */
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
	bool		found;			/* whom the rows name */
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
metric_place(const char *word)
{
	for (int i = 0; i < N_FINANCIAL_METRICS; i++)
		if (word != NULL && strcmp(word, metrics[i]) == 0)
			return i;
	return -1;
}

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
	row->metric = metric_place(SPI_getvalue(tuple, desc, 3));
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

/* Every figure of one holder, read once a neighbourhood, with the parties that they name. */
static const KnownFigures *
known_figures(Inquiry *inquiry, NodeId holder)
{
	static const KnownFigures none = {0};
	Neighbourhood *nb = inquiry->nb;
	KnownFigures *known;

	if (nb->figures == NULL || (nb->whole && nb->all_figures == 0))
		nb->figures = node_table_create(nb, "outbound figures", sizeof(KnownFigures));
	known = hash_search(nb->figures, &holder, HASH_FIND, NULL);
	/* one that only its figures name is met later */
	if (known == NULL && holder >= nb->all_figures)
	{
		load_figures(nb, holder);
		known = hash_search(nb->figures, &holder, HASH_FIND, NULL);
	}
	if (known == NULL)
		return &none;
	for (int i = 0; i < known->n && !known->found; i++)
		if (known->rows[i].from != NULL)
			known->rows[i].source = neighbourhood_load_cone(nb, known->rows[i].from);
	known->found = true;
	return known;
}

uint32
financial_sources(Inquiry *inquiry, NodeId holder, NodeId **parties)
{
	const KnownFigures *figures = known_figures(inquiry, holder);
	uint8	   *marks = neighbourhood_marks(inquiry->nb);
	uint32		n = 0;

	*parties = palloc_extended(mul_size(sizeof(NodeId), Max(figures->n, 1)), MCXT_ALLOC_HUGE);
	for (int i = 0; i < figures->n; i++)
		if (figures->rows[i].from != NULL && !marks[figures->rows[i].source])
		{
			marks[figures->rows[i].source] = 1;
			(*parties)[n++] = figures->rows[i].source;
		}
	for (uint32 i = 0; i < n; i++)
		marks[(*parties)[i]] = 0;
	return n;
}

/* one statement's figures of one metric */
typedef struct Figures
{
	const FinancialRow *total;	/* or NULL */
	int			covered;		/* sources that it speaks of */
	const FinancialRow **of_source; /* by source; NULL where it does not speak of it */
} Figures;

/* a metric of a holder, and in what it is told */
typedef struct Metric
{
	const KnownFigures *known;
	int			metric;
	const FinancialSource *sources;
	int			n_sources;
	int		   *by_party;		/* places of the sources in order of their parties */
} Metric;

static int
compare_sources(const void *a, const void *b, void *arg)
{
	const FinancialSource *sources = arg;
	NodeId		x = sources[*(const int *) a].party;
	NodeId		y = sources[*(const int *) b].party;

	return x < y ? -1 : x > y;
}

/* The place of a party among the sources, or -1. */
static int
source_place(const Metric *metric, NodeId party)
{
	int			low = 0;
	int			high = metric->n_sources;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (metric->sources[metric->by_party[middle]].party < party)
			low = middle + 1;
		else
			high = middle;
	}
	return low < metric->n_sources && metric->sources[metric->by_party[low]].party == party ? metric->by_party[low] : -1;
}

/* Is statement a to be used before b? */
static bool
statement_before(const Inquiry *inquiry, Statement a, Statement b)
{
	if (reading_is(inquiry, "A-16", "latest_year"))
		return a.year != b.year ? a.year > b.year : a.basis < b.basis;
	return a.basis != b.basis ? a.basis < b.basis : a.year > b.year;
}

/* The figures of one statement; of several rows for the same the first. */
static Figures
figures_of(const Metric *metric, Statement statement)
{
	Figures		figures = {NULL, 0, palloc0(mul_size(sizeof(FinancialRow *), Max(metric->n_sources, 1)))};

	for (int i = 0; i < metric->known->n; i++)
	{
		const FinancialRow *row = &metric->known->rows[i];
		int			place;

		if (row->metric != metric->metric || row->basis != statement.basis || row->year != statement.year)
			continue;
		if (row->from == NULL)
			figures.total = figures.total ? figures.total : row;
		else if ((place = source_place(metric, row->source)) >= 0 && figures.of_source[place] == NULL)
		{
			figures.of_source[place] = row;
			figures.covered++;
		}
	}
	return figures;
}

/* The statement that counts: one with a total, that speaks of as many sources as any, then by rank; all NULL without one. */
static Figures
choose_statement(Inquiry *inquiry, const Metric *metric)
{
	Figures		best = {0};
	Statement	chosen = {0};

	for (int i = 0; i < metric->known->n; i++)
	{
		const FinancialRow *row = &metric->known->rows[i];
		Statement	statement = {row->basis, row->year};
		Figures		figures;

		CHECK_FOR_INTERRUPTS();
		if (row->from != NULL || row->metric != metric->metric)
			continue;
		figures = figures_of(metric, statement);
		if (best.total == NULL || figures.covered > best.covered ||
			(figures.covered == best.covered && statement_before(inquiry, statement, chosen)))
		{
			best = figures;
			chosen = statement;
		}
	}
	return best;
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

/* Do the sums exceed what is asked? */
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

/* What the test asks of the holder's own total; UNKNOWN where that allows no test. */
static Ternary
begin_test(Inquiry *inquiry, int metric, Fraction total, MetricTest *test)
{
	CoreEnv    *env = &inquiry->env;
	const Parameter *share = rule_parameter(inquiry->book, "financial_share");
	const Parameter *floor = rule_parameter(inquiry->book, "financial_floor_usd");

	if (total.negative || (fraction_is_zero(total) && strcmp(metrics[metric], "net_income") == 0))
		return TERNARY_UNKNOWN;
	test->floor = fraction_parse(env, floor->value, strlen(floor->value));
	test->half = fraction_multiply(env, fraction_parse(env, share->value, strlen(share->value)), total);
	test->definite = test->possible = test->largest = FRACTION_ZERO;
	test->alone = TERNARY_FALSE;
	return TERNARY_TRUE;
}

/* The part of the total that counts. */
static void
set_share(Inquiry *inquiry, MetricTest *test, Fraction total, ForeignPersonFinding *finding)
{
	CoreEnv    *env = &inquiry->env;

	finding->has_share = !fraction_is_zero(total) && !test->unbounded;
	if (!finding->has_share)
		return;
	if (test->alone == TERNARY_TRUE && fraction_compare(env, test->largest, test->definite) > 0)
		test->definite = test->possible = test->largest;
	finding->share.lower = fraction_divide(env, test->definite, total);
	finding->share.upper = fraction_divide(env, test->possible, total);
}

/* Is what is drawn from a source a part of what passes?  By itself, or in the sum. */
static Ternary
is_part(Inquiry *inquiry, const MetricTest *test, const FinancialRow *figure)
{
	CoreEnv    *env = &inquiry->env;
	Fraction	amount;

	if (figure == NULL || !figure->known)
		return TERNARY_UNKNOWN;
	amount = figure->amount;
	if (test->absolute)
		amount.negative = false;
	if (amount.negative || fraction_is_zero(amount))
		return TERNARY_FALSE;
	return ternary_of(fraction_compare(env, amount, test->floor) >= 0 ||
					  (!test->floor_always && fraction_compare(env, amount, test->half) > 0));
}

/* A test that cannot be made may draw on any of them. */
static void
note_open(const Metric *metric, FinancialSource *sources)
{
	for (int s = 0; s < metric->n_sources; s++)
		sources[s].draws = ternary_or(sources[s].draws, TERNARY_UNKNOWN);
}

/* One metric's test; notes which sources it draws on if it is met. */
static ForeignPersonFinding
metric_test(Inquiry *inquiry, const Metric *metric, FinancialSource *sources)
{
	ForeignPersonFinding finding = {.limb = "(a)(2)", .metric = metrics[metric->metric], .holds = TERNARY_UNKNOWN};
	Figures		figures = choose_statement(inquiry, metric);
	MetricTest	test = {0};
	Fraction	total;

	if (figures.total == NULL || !figures.total->known)
		note_open(metric, sources);
	if (figures.total == NULL)
		return finding;
	finding.statement = psprintf("%s%s", figures.total->basis < lengthof(bases) ? bases[figures.total->basis] : "other",
								 figures.total->year ? psprintf(" %d", figures.total->year) : "");
	if (!figures.total->known)
		return finding;
	test.floor_always = reading_is(inquiry, "A-13", "floor_always");
	test.absolute = reading_is(inquiry, "A-14", "absolute_values");
	total = figures.total->amount;
	if (test.absolute)
		total.negative = false;
	if (begin_test(inquiry, metric->metric, total, &test) == TERNARY_UNKNOWN)
	{
		/* no share of a loss can be named; the other tests decide */
		finding.holds = reading_is(inquiry, "A-14", "not_met") ? TERNARY_FALSE : TERNARY_UNKNOWN;
		if (finding.holds == TERNARY_UNKNOWN)
			note_open(metric, sources);
		return finding;
	}
	for (int s = 0; s < metric->n_sources; s++)
		add_source(inquiry, &test, &metric->sources[s], figures.of_source[s]);
	finding.holds = decide(inquiry, &test);
	for (int s = 0; s < metric->n_sources; s++)
		sources[s].draws = ternary_or(sources[s].draws, ternary_and(finding.holds, is_part(inquiry, &test, figures.of_source[s])));
	set_share(inquiry, &test, total, &finding);
	inquiry_check(inquiry);
	return finding;
}

/* A holder's figures and the sources, ready to be looked up. */
static Metric
metric_begin(Inquiry *inquiry, NodeId holder, const FinancialSource *sources, int n_sources)
{
	Metric		metric = {known_figures(inquiry, holder), 0, sources, n_sources, NULL};

	if (metric.known->n == 0)
		return metric;
	metric.by_party = palloc_extended(mul_size(sizeof(int), Max(n_sources, 1)), MCXT_ALLOC_HUGE);
	for (int i = 0; i < n_sources; i++)
		metric.by_party[i] = i;
	qsort_arg(metric.by_party, n_sources, sizeof(int), compare_sources, unconstify(FinancialSource *, sources));
	return metric;
}

int
financial_tests(Inquiry *inquiry, NodeId holder, FinancialSource *sources, int n_sources,
				ForeignPersonFinding *findings)
{
	Metric		metric;

	if (rule_parameter_if_any(inquiry->book, "financial_share") == NULL)
		return 0;
	metric = metric_begin(inquiry, holder, sources, n_sources);
	for (int s = 0; s < n_sources; s++)
		sources[s].draws = TERNARY_FALSE;
	for (; metric.metric < N_FINANCIAL_METRICS; metric.metric++)
		findings[metric.metric] = metric_test(inquiry, &metric, sources);
	return N_FINANCIAL_METRICS;
}

const char *
financial_because(Inquiry *inquiry, const ForeignPersonFinding *finding, int n_sources)
{
	return psprintf("%s %s from or through %d person(s) of (a)(1) it holds (%s)", finding->metric,
					finding->holds == TERNARY_TRUE ? "above the share" :
					finding->holds == TERNARY_FALSE ? "not above the share" : "of unknown share",
					n_sources, rule_parameter(inquiry->book, "financial_share")->cite);
}

/* What one source leaves open beside its figure. */
static void
source_missing(Inquiry *inquiry, const char *holder_id, const FinancialSource *source, MissingList *missing)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, source->party);

	if (source->of_concern == TERNARY_UNKNOWN)
		person_of_concern_missing(inquiry, source->party, missing);
	if (source->activity->covered == TERNARY_UNKNOWN)
		missing_merge(missing, &source->activity->missing);
	if (source->held == TERNARY_UNKNOWN)
	{
		missing_add(missing, psprintf("interest(%s,%s)", holder_id, node->id));
		if (!node->unheld && node->register_state == REGISTER_OPEN)
			missing_party(missing, inquiry, source->party, "register");
	}
}

void
financial_missing(Inquiry *inquiry, NodeId holder, const ForeignPersonFinding *finding,
				  const FinancialSource *sources, int n_sources, bool prohibited_only, MissingList *missing)
{
	const char *holder_id = graph_node(inquiry->nb->graph, holder)->id;
	Metric		metric = metric_begin(inquiry, holder, sources, n_sources);
	Figures		figures;
	bool		has_total;

	metric.metric = metric_place(finding->metric);
	figures = choose_statement(inquiry, &metric);
	has_total = figures.total != NULL && figures.total->known;
	if (!has_total)
		missing_add(missing, psprintf("financial(%s).%s", holder_id, finding->metric));
	for (int s = 0; s < n_sources; s++)
	{
		const FinancialRow *figure = has_total ? figures.of_source[s] : NULL;

		CHECK_FOR_INTERRUPTS();
		if (prohibited_only && sources[s].activity->prohibited == TERNARY_FALSE)
			continue;
		if (figure == NULL || !figure->known)
			missing_add(missing, psprintf("financial(%s,%s).%s", holder_id,
										  graph_node(inquiry->nb->graph, sources[s].party)->id, finding->metric));
		source_missing(inquiry, holder_id, &sources[s], missing);
	}
}
