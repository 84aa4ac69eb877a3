/*
 * same_days.c
 *		On which days do the relations show the same?
 *
 * Deals of one book have many days.  Rows come and go with their periods, so the days
 * between two ends of periods are alike; so are days between which no list goes stale.
 * The ends are collected once a snapshot, when a statement has gone from day to day a few
 * times: it is a scan of all relations with periods.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/memutils.h"

#include "read/same_days.h"

#define MANY_DAYS	4			/* changes of the day in one statement */

/* the ends of periods, in order */
typedef struct Ends
{
	MemoryContext context;
	int			n;
	int			allocated;
	DateADT    *days;
} Ends;

/* the neighbourhood that was handed out last, as long as it is there */
static struct
{
	Neighbourhood *nb;
	const RuleBook *book;
	uint64		book_id;
	DateADT		as_of;
	int			n_changes;		/* of the day, under this snapshot */
	Ends	   *ends;			/* NULL: not collected */
	MemoryContextCallback forget;
}			last;

static Ends *collecting;		/* by the reader of a scan */

static void
forget_last(void *arg)
{
	last.nb = NULL;
}

static void
add_end(Ends *ends, Datum day, bool isnull)
{
	if (isnull)
		return;
	if (ends->n == ends->allocated)
	{
		ends->allocated = ends->allocated == 0 ? 256 : ends->allocated * 2;
		ends->days = ends->days == NULL ?
			MemoryContextAlloc(ends->context, mul_size(sizeof(DateADT), ends->allocated)) :
			repalloc_huge(ends->days, mul_size(sizeof(DateADT), ends->allocated));
	}
	ends->days[ends->n++] = DatumGetDateADT(day);
}

/* Takes the days in column 1 of the current SPI result. */
static void
read_ends(Neighbourhood *nb, uint64 n)
{
	for (uint64 row = 0; row < n; row++)
	{
		bool		isnull;
		Datum		day = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1, &isnull);

		add_end(collecting, day, isnull);
	}
}

/* SQL for all ends of periods of the relations, or NULL where none has any. */
static char *
ends_sql(const SourceSchema *schema)
{
	StringInfoData sql;

	initStringInfo(&sql);
	for (int r = SOURCE_PARTY; r < SOURCE_DEAL; r++)
	{
		const SourceRelation *relation = &schema->relations[r];
		const char *valid = source_column(relation, "a", "valid", "daterange");

		if (source_validity(relation, "a", 1)[0] == '\0')
			continue;
		appendStringInfo(&sql, "%sSELECT pg_catalog.lower(%s) AS day FROM %s AS a UNION SELECT pg_catalog.upper(%s) FROM %s AS a",
						 sql.len > 0 ? " UNION " : "", valid, relation->qualified_name, valid, relation->qualified_name);
	}
	return sql.len > 0 ? sql.data : NULL;
}

/* Adds the days from which a list is stale, whichever ruleset judges it: list_is_stale() in SQL. */
static void
add_staleness(Ends *ends)
{
	const char *ext = extension_schema();
	int			rc = SPI_execute(psprintf("SELECT l.loaded_at::pg_catalog.date OPERATOR(pg_catalog.+) LEAST(a.days, 1000000) OPERATOR(pg_catalog.+) 1"
										  " FROM %s.list_load AS l, LATERAL (SELECT l.max_age_days AS days"
										  " UNION SELECT k.max_age_days FROM %s.list AS k WHERE k.list OPERATOR(pg_catalog.=) l.list) AS a"
										  " UNION SELECT d.day FROM %s.ruleset AS r, LATERAL (VALUES (pg_catalog.lower(r.in_force)), (pg_catalog.upper(r.in_force))) AS d (day)"
										  " WHERE EXISTS (SELECT FROM %s.list_load)", ext, ext, ext, ext), true, 0);

	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not read list_load: %s", SPI_result_code_string(rc));
	collecting = ends;
	read_ends(NULL, SPI_processed);
	SPI_freetuptable(SPI_tuptable);
}

static int
compare_days(const void *a, const void *b)
{
	DateADT		x = *(const DateADT *) a;
	DateADT		y = *(const DateADT *) b;

	return x < y ? -1 : x > y;
}

/* Collects all ends of periods; they last for the transaction. */
static Ends *
collect_ends(Neighbourhood *nb)
{
	MemoryContext context = AllocSetContextCreate(TopTransactionContext, "outbound days", ALLOCSET_SMALL_SIZES);
	Ends	   *ends = MemoryContextAllocZero(context, sizeof(Ends));
	char	   *sql = ends_sql(nb->schema);

	ends->context = context;
	SPI_connect();
	collecting = ends;
	if (sql != NULL)
		neighbourhood_scan(nb, sql, read_ends);
	add_staleness(ends);
	SPI_finish();
	if (ends->n > 0)
		qsort(ends->days, ends->n, sizeof(DateADT), compare_days);
	return ends;
}

/* How many periods have begun or ended by a day? */
static int
ends_until(const Ends *ends, DateADT day)
{
	int			low = 0;
	int			high = ends->n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (ends->days[middle] <= day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is a test law, stayed or neither under both books alike? */
static bool
same_state(const RuleBook *a, const RuleBook *b, const char *test)
{
	return test == NULL || rule_test(a, test)->state == rule_test(b, test)->state;
}

/* The tests that a deal's answers come from: the books are of one ruleset, so only days tell them apart. */
static bool
same_tests(const RuleBook *a, const RuleBook *b)
{
	static const char *const tests[] = {"31 CFR 850.206", "31 CFR 850.221", "31 CFR 850.221(c)"};

	for (int i = 0; i < lengthof(tests); i++)
		if (!same_state(a, b, tests[i]))
			return false;
	for (int i = 0; i < a->n_lists; i++)
		if (!same_state(a, b, a->lists[i].test))
			return false;
	return true;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Would the relations be read, and the tests run, alike under both books? */
static bool
same_world(const RuleBook *a, const RuleBook *b)
{
	if (a == b)
		return true;
	/* one dictionary belongs to one state of the rule tables */
	if (a->dictionary.facts != b->dictionary.facts || strcmp(a->ruleset, b->ruleset) != 0 ||
		a->n_lists != b->n_lists || a->n_countries != b->n_countries)
		return false;
	for (int i = 0; i < a->n_countries; i++)
		if (strcmp(a->countries[i], b->countries[i]) != 0)
			return false;
	for (int i = 0; i < a->n_lists; i++)
		if (strcmp(a->lists[i].list, b->lists[i].list) != 0 || a->lists[i].relevant != b->lists[i].relevant ||
			!same_text(a->lists[i].test, b->lists[i].test))
			return false;
	return same_tests(a, b);
}

/* Hands out a neighbourhood and remembers it. */
static Neighbourhood *
hand_out(const RuleBook *book, DateADT as_of)
{
	Neighbourhood *nb = neighbourhood_get(book, as_of);

	if (last.nb == nb)
		return nb;
	last.nb = nb;
	last.book = book;
	last.book_id = book->id;
	last.as_of = as_of;
	last.forget.func = forget_last;
	last.forget.arg = NULL;
	MemoryContextRegisterResetCallback(nb->context, &last.forget);
	return nb;
}

Neighbourhood *
neighbourhood_of_day(const RuleBook *book, DateADT as_of)
{
	Neighbourhood *before = last.nb;

	/* is what was handed out last still what this snapshot and user are shown? */
	if (before == NULL || !rule_book_is_kept(last.book, last.book_id) ||
		neighbourhood_get(last.book, last.as_of) != before)
	{
		last.n_changes = 0;
		last.ends = NULL;
		return hand_out(book, as_of);
	}
	if (last.as_of == as_of && last.book == book)
		return before;
	if (!same_world(last.book, book) || ++last.n_changes < MANY_DAYS)
		return hand_out(book, as_of);
	if (last.ends == NULL)
		last.ends = collect_ends(before);
	if (ends_until(last.ends, last.as_of) == ends_until(last.ends, as_of))
		return before;
	return hand_out(book, as_of);
}
