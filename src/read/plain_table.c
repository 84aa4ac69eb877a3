/*
 * plain_table.c
 *		A query that comes to reading one table's rows as they stand, read without the executor.
 *
 * The query is planned as any other, by the current user, so that views, row security and
 * whoever hooks into the planner have had their say.  What remains of it is taken from the
 * plan: a sequential scan of one heap table that filters nothing and computes nothing but texts of values.
 * Then the executor's part is small: privileges, a scan under the active snapshot, and
 * columns.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "parser/parsetree.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "read/plain_table.h"

#define MAX_COLUMNS		16
#define SEEN_BYTES		32

/* a column of the query: of the table, or a constant */
typedef struct PlainColumn
{
	AttrNumber	attribute;		/* 0 is a constant */
	bool		as_text;		/* as its type prints it */
	FmgrInfo	output;
	Datum		value;
	bool		isnull;
} PlainColumn;

typedef struct PlainScan
{
	Oid			relid;
	int			n_columns;
	PlainColumn columns[MAX_COLUMNS];
	AttrNumber	last_attribute; /* the highest that is wanted */

	/* is a period on?  nearly all are alike */
	TypeCacheEntry *range_type;
	Datum		day;
	Size		seen_size;		/* 0: none */
	char		seen[SEEN_BYTES];
	bool		seen_contains;
} PlainScan;

/* Reads one expression of the plan's; false if it is more than a column, its text or a constant. */
static bool
plain_column(PlainColumn *column, Expr *expr, Index table)
{
	while (IsA(expr, RelabelType))
		expr = ((RelabelType *) expr)->arg;
	if (IsA(expr, Const))
	{
		column->value = ((Const *) expr)->constvalue;
		column->isnull = ((Const *) expr)->constisnull;
		return column->isnull;	/* others would have to be copied */
	}
	if (IsA(expr, CoerceViaIO) && ((CoerceViaIO *) expr)->resulttype == TEXTOID)
	{
		Oid			output;
		bool		is_varlena;

		expr = ((CoerceViaIO *) expr)->arg;
		getTypeOutputInfo(exprType((Node *) expr), &output, &is_varlena);
		fmgr_info(output, &column->output);
		column->as_text = true;
	}
	if (!IsA(expr, Var) || ((Var *) expr)->varno != (int) table || ((Var *) expr)->varattno <= 0)
		return false;
	column->attribute = ((Var *) expr)->varattno;
	return true;
}

/* Reads a plan; false if it does more. */
static bool
plain_plan(PlainScan *scan, PlannedStmt *stmt)
{
	Plan	   *plan = stmt->planTree;
	RangeTblEntry *table;
	ListCell   *cell;

	if (stmt->commandType != CMD_SELECT || stmt->hasModifyingCTE || stmt->subplans != NIL || stmt->rowMarks != NIL ||
		!IsA(plan, SeqScan) || plan->qual != NIL || plan->initPlan != NIL || list_length(plan->targetlist) > MAX_COLUMNS)
		return false;
	table = rt_fetch(((Scan *) plan)->scanrelid, stmt->rtable);
	if (table->rtekind != RTE_RELATION || table->relkind != RELKIND_RELATION)
		return false;
	scan->relid = table->relid;
	foreach(cell, plan->targetlist)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);
		PlainColumn *column = &scan->columns[scan->n_columns++];

		if (entry->resjunk || !plain_column(column, entry->expr, ((Scan *) plan)->scanrelid))
			return false;
		scan->last_attribute = Max(scan->last_attribute, column->attribute);
	}
	return scan->n_columns > 0;
}

/* Plans a query and reads its plan; the executor's check of privileges is done. */
static bool
plan_scan(PlainScan *scan, Neighbourhood *nb, const char *sql)
{
	CachedPlan *cached;
	PlannedStmt *stmt;
	bool		plain;

	/* whoever watches privileges being checked expects an executor around it */
	if (ExecutorCheckPerms_hook != NULL)
		return false;
	cached = neighbourhood_plan(nb, sql);
	stmt = linitial_node(PlannedStmt, cached->stmt_list);
	plain = plain_plan(scan, stmt);
	if (plain)
		ext_check_permissions(stmt);
	ReleaseCachedPlan(cached, NULL);
	return plain;
}

/* Does a period contain the day? */
static bool
contains_day(PlainScan *scan, Datum period)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(period);
	bool		small = !VARATT_IS_EXTERNAL(stored) && VARSIZE_ANY(stored) <= SEEN_BYTES;

	if (small && VARSIZE_ANY(stored) == scan->seen_size && memcmp(stored, scan->seen, scan->seen_size) == 0)
		return scan->seen_contains;
	scan->seen_contains = range_contains_elem_internal(scan->range_type, DatumGetRangeTypeP(period), scan->day);
	scan->seen_size = small ? VARSIZE_ANY(stored) : 0;
	memcpy(scan->seen, stored, scan->seen_size);
	return scan->seen_contains;
}

/* Reads one row's columns; false if it is not valid on the day. */
static bool
read_row(PlainScan *scan, TupleTableSlot *slot, Datum *values, bool *isnull)
{
	if (scan->last_attribute > 0)
		slot_getsomeattrs(slot, scan->last_attribute);
	for (int i = scan->n_columns; i-- > 0;)
	{
		const PlainColumn *column = &scan->columns[i];

		if (column->attribute > 0)
		{
			values[i] = slot->tts_values[column->attribute - 1];
			isnull[i] = slot->tts_isnull[column->attribute - 1];
		}
		/* first of all */
		if (i == scan->n_columns - 1 && !isnull[i] && !contains_day(scan, values[i]))
			return false;
		if (column->as_text && !isnull[i])
			values[i] = CStringGetTextDatum(OutputFunctionCall((FmgrInfo *) &column->output, values[i]));
	}
	return true;
}

/* Reads the table. */
static void
read_table(PlainScan *scan, Relation table, TakeRow take, void *arg)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "outbound row", ALLOCSET_SMALL_SIZES);
	TupleTableSlot *slot = table_slot_create(table, NULL);
	TableScanDesc rows = table_beginscan(table, GetActiveSnapshot(), 0, NULL);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Datum		values[MAX_COLUMNS];
	bool		isnull[MAX_COLUMNS];

	for (int i = 0; i < scan->n_columns; i++)
	{
		values[i] = scan->columns[i].value;
		isnull[i] = scan->columns[i].isnull;
	}
	while (table_scan_getnextslot(rows, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		if (read_row(scan, slot, values, isnull))
			take(arg, values, isnull);
		MemoryContextReset(memory);
	}
	MemoryContextSwitchTo(old);
	table_endscan(rows);
	ExecDropSingleTupleTableSlot(slot);
	MemoryContextDelete(memory);
}

bool
plain_scan(Neighbourhood *nb, const char *sql, TakeRow take, void *arg)
{
	PlainScan	scan = {0};
	Relation	table;
	bool		is_heap;

	if (!plan_scan(&scan, nb, sql))
		return false;
	table = table_open(scan.relid, AccessShareLock);
	is_heap = table->rd_tableam == GetHeapamTableAmRoutine();
	if (is_heap)
	{
		scan.range_type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
		scan.day = DateADTGetDatum(nb->as_of);
		read_table(&scan, table, take, arg);
	}
	table_close(table, NoLock);
	return is_heap;
}
