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
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/tupmacs.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
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

/* a column of the query: of the table, or NULL */
typedef struct PlainColumn
{
	AttrNumber	attribute;		/* 0 is NULL */
	bool		as_text;		/* as its type prints it */
	FmgrInfo	output;
} PlainColumn;

/* an attribute of the table, up to the last that is wanted */
typedef struct PlainAttribute
{
	int16		length;
	char		align;
	bool		by_value;
	int			column;			/* the first that shows it, or -1 */
} PlainAttribute;

typedef struct PlainScan
{
	Oid			relid;
	int			n_columns;
	PlainColumn columns[MAX_COLUMNS];
	AttrNumber	n_attributes;
	PlainAttribute *attributes;
	bool		to_fill;		/* some column is text, or another's */

	/* is a period on?  nearly all are alike */
	TypeCacheEntry *range_type;
	Datum		day;
	Size		seen_size;		/* 0: none */
	char		seen[SEEN_BYTES];
	bool		seen_contains;
} PlainScan;

/* Reads one expression of the plan's; false if it is more than a column, its text or NULL. */
static bool
plain_column(PlainColumn *column, Expr *expr, Index table)
{
	while (IsA(expr, RelabelType))
		expr = ((RelabelType *) expr)->arg;
	if (IsA(expr, Const))
		return ((Const *) expr)->constisnull;
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
		scan->n_attributes = Max(scan->n_attributes, column->attribute);
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

/* Lays out what is read of each row. */
static void
read_layout(PlainScan *scan, TupleDesc layout)
{
	scan->attributes = palloc(mul_size(sizeof(PlainAttribute), Max(scan->n_attributes, 1)));
	for (int i = 0; i < scan->n_attributes; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(layout, i);

		scan->attributes[i] = (PlainAttribute) {attribute->attlen, attribute->attalign, attribute->attbyval, -1};
	}
	for (int i = scan->n_columns; i-- > 0;)
	{
		AttrNumber	attribute = scan->columns[i].attribute;

		if (attribute == 0)
			continue;
		scan->to_fill = scan->to_fill || scan->columns[i].as_text || scan->attributes[attribute - 1].column >= 0;
		scan->attributes[attribute - 1].column = i;
	}
}

/* Does a period contain the day? */
static bool
contains_day(PlainScan *scan, Datum period)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(period);
	bool		small = !VARATT_IS_EXTERNAL(stored) && VARSIZE_ANY(stored) <= SEEN_BYTES;

	if (small && VARSIZE_ANY(stored) == scan->seen_size && same_bytes((char *) stored, scan->seen, scan->seen_size))
		return scan->seen_contains;
	scan->seen_contains = range_contains_elem_internal(scan->range_type, DatumGetRangeTypeP(period), scan->day);
	scan->seen_size = small ? VARSIZE_ANY(stored) : 0;
	memcpy(scan->seen, stored, scan->seen_size);
	return scan->seen_contains;
}

/* Takes a stored row apart, as heap_deform_tuple() would, for the columns that are wanted. */
static void
take_apart(const PlainScan *scan, HeapTuple tuple, TupleDesc layout, Datum *values, bool *isnull)
{
	HeapTupleHeader row = tuple->t_data;
	const bits8 *nulls = HeapTupleHasNulls(tuple) ? row->t_bits : NULL;
	int			n_stored = Min(HeapTupleHeaderGetNatts(row), scan->n_attributes);
	char	   *data = (char *) row + row->t_hoff;
	uint32		at = 0;

	for (int i = 0; i < n_stored; i++)
	{
		const PlainAttribute *attribute = &scan->attributes[i];
		int			column = attribute->column;

		if (nulls != NULL && att_isnull(i, nulls))
		{
			if (column >= 0)
				isnull[column] = true;
			continue;
		}
		at = att_align_pointer(at, attribute->align, attribute->length, data + at);
		if (column >= 0)
		{
			values[column] = fetch_att(data + at, attribute->by_value, attribute->length);
			isnull[column] = false;
		}
		at = att_addlength_pointer(at, attribute->length, data + at);
	}
	/* added to the table after the row */
	for (int i = n_stored; i < scan->n_attributes; i++)
		if (scan->attributes[i].column >= 0)
			values[scan->attributes[i].column] = getmissingattr(layout, i + 1, &isnull[scan->attributes[i].column]);
}

/* Fills columns that show what others show, and texts. */
static void
fill_columns(PlainScan *scan, Datum *values, bool *isnull)
{
	for (int i = scan->n_columns; i-- > 0;)
	{
		PlainColumn *column = &scan->columns[i];
		int			first = column->attribute > 0 ? scan->attributes[column->attribute - 1].column : i;

		values[i] = values[first];
		isnull[i] = isnull[first];
		if (column->as_text && !isnull[i])
			values[i] = CStringGetTextDatum(OutputFunctionCall(&column->output, values[i]));
	}
}

/* Reads the table. */
static void
read_table(PlainScan *scan, Relation table, TakeRow take, void *arg)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "outbound row", ALLOCSET_SMALL_SIZES);
	MemoryContext old;
	TableScanDesc rows;
	HeapTuple	tuple;
	Datum		values[MAX_COLUMNS] = {0};
	bool		isnull[MAX_COLUMNS];

	memset(isnull, true, sizeof(isnull));
	read_layout(scan, RelationGetDescr(table));
	rows = table_beginscan(table, GetActiveSnapshot(), 0, NULL);
	old = MemoryContextSwitchTo(memory);
	while ((tuple = heap_getnext(rows, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		take_apart(scan, tuple, RelationGetDescr(table), values, isnull);
		if (scan->to_fill)
			fill_columns(scan, values, isnull);
		if (isnull[scan->n_columns - 1] || contains_day(scan, values[scan->n_columns - 1]))
			take(arg, values, isnull);
		MemoryContextReset(memory);
	}
	MemoryContextSwitchTo(old);
	table_endscan(rows);
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
