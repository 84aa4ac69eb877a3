/*
 * book.c
 *		Walks the book: reads relation deal in portions and screens each row.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "audit/book.h"
#include "read/relations.h"

#define DEALS_A_FETCH	1000

typedef struct BookWalk
{
	const char *ruleset;		/* or NULL */
	BookVisitor visit;
	void	   *arg;
	MemoryContext each;			/* reset after every deal */
} BookWalk;

/* Names the deal whose row an error is about. */
static void
name_deal(void *arg)
{
	const BookDeal *deal = arg;

	if (deal->id != NULL)
		errcontext("deal \"%s\"", deal->id);
}

/* The verdict on a deal whose facts cannot be read: anything. */
static Screening *
unreadable_deal(const RuleBook *rules, const char *deal_id)
{
	Screening  *screening = palloc0(sizeof(Screening));

	screening->outcome = OUTCOME_UNDETERMINED;
	screening->at_least = OUTCOME_OUT_OF_SCOPE;
	screening->at_most = OUTCOME_PROHIBITED;
	screening->n_missing = 1;
	screening->missing = palloc(sizeof(*screening->missing));
	screening->missing[0] = psprintf("deal(%s)", deal_id ? deal_id : "");
	screening->ruleset = rules->ruleset;
	return screening;
}

void
book_warn(const BookDeal *deal)
{
	if (deal->problem != NULL)
		ereport(WARNING,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the facts of deal \"%s\" cannot be read", deal->id ? deal->id : ""),
				 errdetail_internal("%s", deal->problem)));
}

Datum
book_column(const BookDeal *deal, int column, bool *isnull)
{
	return SPI_getbinval(deal->tuple, deal->columns, column + 2, isnull);
}

/* Screens the deal in columns 1 (key) and 2 (row) of a tuple and shows it. */
static void
visit_deal(BookWalk *walk, HeapTuple tuple, TupleDesc columns)
{
	const RuleBook *rules = rule_book(walk->ruleset, GetSQLCurrentDate());
	BookDeal	deal = {0};
	ErrorContextCallback context = {error_context_stack, name_deal, &deal};
	bool		isnull;
	Datum		row = SPI_getbinval(tuple, columns, 2, &isnull);

	deal.id = SPI_getvalue(tuple, columns, 1);
	deal.tuple = tuple;
	deal.columns = columns;
	error_context_stack = &context;
	deal.facts = facts_from_dirty_record(rules, FACTS_OF_DEAL, DatumGetHeapTupleHeader(row), &deal.problem);
	if (deal.facts != NULL)
	{
		deal.day = screening_date(deal.facts, false, 0);
		deal.rules = deal_book(walk->ruleset, deal.day, deal.facts);
		deal.screening = screen_deal(deal.rules, deal.facts, deal.day, false);
	}
	else
	{
		deal.day = GetSQLCurrentDate();
		deal.rules = rules;
		deal.screening = unreadable_deal(rules, deal.id);
	}
	error_context_stack = context.previous;
	walk->visit(walk->arg, &deal);
}

/* Shows one portion of rows. */
static void
visit_portion(BookWalk *walk, SPITupleTable *rows, uint64 n)
{
	for (uint64 i = 0; i < n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(walk->each);

		CHECK_FOR_INTERRUPTS();
		visit_deal(walk, rows->vals[i], rows->tupdesc);
		MemoryContextSwitchTo(old);
		MemoryContextReset(walk->each);
	}
}

/* SQL: deals of one day after the other, so that what was read for one serves the next. */
static const char *
day_order(const SourceRelation *deals)
{
	AttrNumber	column = get_attnum(deals->relid, "completion_date");

	return column != InvalidAttrNumber && get_atttype(deals->relid, column) == DATEOID ?
		" ORDER BY d.completion_date" : "";
}

void
book_walk(const char *ruleset, const char *further, BookVisitor visit, void *arg)
{
	const SourceRelation *deals = &source_schema(true)->relations[SOURCE_DEAL];
	BookWalk	walk = {ruleset, visit, arg};
	const char *query = psprintf("SELECT %s, (d.*)::%s%s%s FROM %s AS d%s",
								 source_column(deals, "d", "deal_id", "text"), deals->qualified_name,
								 further != NULL ? ", " : "", further != NULL ? further : "", deals->qualified_name,
								 day_order(deals));
	Portal		portal;
	SPIPlanPtr	plan;

	walk.each = AllocSetContextCreate(CurrentMemoryContext, "outbound deal", ALLOCSET_DEFAULT_SIZES);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	plan = SPI_prepare(query, 0, NULL);
	if (plan == NULL)
		elog(ERROR, "could not read relation deal: %s", SPI_result_code_string(SPI_result));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	for (;;)
	{
		SPITupleTable *rows;
		uint64		n;

		SPI_cursor_fetch(portal, true, DEALS_A_FETCH);
		rows = SPI_tuptable;
		n = SPI_processed;
		if (n == 0)
			break;
		visit_portion(&walk, rows, n);
		SPI_freetuptable(rows);
	}
	SPI_cursor_close(portal);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
	MemoryContextDelete(walk.each);
}

/* The given value of a fact, or NULL where the dictionary has none of that name. */
static const FactValue *
given(const Facts *facts, const char *name)
{
	int			fact = fact_lookup(facts->dictionary, name);

	return fact < 0 ? NULL : &facts->values[fact];
}

bool
book_fact_day(const Facts *facts, const char *name, DateADT *day)
{
	const FactValue *value = given(facts, name);

	if (value == NULL || value->state != FACT_KNOWN)
		return false;
	*day = (DateADT) (value->number.negative ? -(int64) value->number.num : (int64) value->number.num);
	return true;
}

Ternary
book_fact_boolean(const Facts *facts, const char *name)
{
	const FactValue *value = given(facts, name);

	if (value == NULL || value->state == FACT_NOT_CLAIMED)
		return TERNARY_FALSE;
	return value->state == FACT_KNOWN ? ternary_of(value->boolean) : TERNARY_UNKNOWN;
}
