/*
 * book.c
 *		Walks the book: reads relation deal in portions and screens each row.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "audit/book.h"
#include "read/relations.h"

#define DEALS_A_FETCH	1000

/* Screens the deal in columns 1 (key) and 2 (row) of a tuple and shows it. */
static void
visit_deal(BookVisitor visit, void *arg, HeapTuple tuple, TupleDesc columns)
{
	BookDeal	deal = {0};
	bool		isnull;
	Datum		row = SPI_getbinval(tuple, columns, 2, &isnull);

	deal.id = SPI_getvalue(tuple, columns, 1);
	deal.facts = facts_from_record(rule_book(NULL, GetSQLCurrentDate()), FACTS_OF_DEAL,
								   DatumGetHeapTupleHeader(row));
	deal.day = screening_date(deal.facts, false, 0);
	deal.rules = deal_book(NULL, deal.day, deal.facts);
	deal.screening = screen_deal(deal.rules, deal.facts, deal.day, false);
	visit(arg, &deal);
}

/* Shows one portion of rows, each in a context of its own. */
static void
visit_portion(BookVisitor visit, void *arg, SPITupleTable *rows, uint64 n, MemoryContext each)
{
	for (uint64 i = 0; i < n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(each);

		CHECK_FOR_INTERRUPTS();
		visit_deal(visit, arg, rows->vals[i], rows->tupdesc);
		MemoryContextSwitchTo(old);
		MemoryContextReset(each);
	}
}

void
book_walk(BookVisitor visit, void *arg)
{
	const SourceRelation *deals = &source_schema(true)->relations[SOURCE_DEAL];
	MemoryContext each = AllocSetContextCreate(CurrentMemoryContext, "outbound deal", ALLOCSET_DEFAULT_SIZES);
	const char *query = psprintf("SELECT %s, d FROM %s AS d",
								 source_column(deals, "d", "deal_id", "text"), deals->qualified_name);
	Portal		portal;
	SPIPlanPtr	plan;

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
		visit_portion(visit, arg, rows, n, each);
		SPI_freetuptable(rows);
	}
	SPI_cursor_close(portal);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
	MemoryContextDelete(each);
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
