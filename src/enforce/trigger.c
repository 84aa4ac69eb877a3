/*
 * trigger.c
 *		block_prohibited(): keeps prohibited deals out of a table.
 *
 * Like a foreign key's, its reads see what is committed and what this transaction wrote,
 * and run as the owner of the relations, so that what the caller may read never changes
 * the verdict.  A decision that lets a row in is recorded in the same transaction.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "enforce/block_report.h"
#include "enforce/deal_columns.h"
#include "enforce/determination.h"
#include "read/errcodes.h"
#include "read/relations_check.h"

PG_FUNCTION_INFO_V1(outbound_block_prohibited);

/* One row on its way in. */
typedef struct GuardedRow
{
	Relation	rel;
	const Trigger *trigger;
	TupleTableSlot *row;
	DealColumns *columns;
	Facts	   *facts;
	DateADT		as_of;
	Screening  *screening;
	int64		override_id;	/* 0: none */
	bool		blocked;
} GuardedRow;

/* How the function may be called; the checks are in the order in which a user gets them wrong. */
static void
check_protocol(FunctionCallInfo fcinfo)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("block_prohibited() was not called as a trigger")));
	if (!TRIGGER_FIRED_AFTER(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" must be fired AFTER the change", trigdata->tg_trigger->tgname),
				 errhint("A BEFORE trigger does not see the row as it is stored: CREATE CONSTRAINT TRIGGER ... AFTER INSERT OR UPDATE ... FOR EACH ROW.")));
	if (!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" must be fired FOR EACH ROW", trigdata->tg_trigger->tgname)));
	if (!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) && !TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" must be fired for INSERT or UPDATE only", trigdata->tg_trigger->tgname)));
}

static bool
has_versions(Relation rel)
{
	return rel->rd_rel->relkind == RELKIND_RELATION;
}

/* Was the row that is updated written by this transaction, so that its own event may have been left to this one? */
static bool
written_here(TupleTableSlot *old)
{
	bool		isnull;
	Datum		xmin = slot_getsysattr(old, MinTransactionIdAttributeNumber, &isnull);

	return isnull || TransactionIdIsCurrentTransactionId(DatumGetTransactionId(xmin));
}

/*
 * A deferred event's row may have been deleted or replaced since.  Then there is nothing
 * to keep out, or a later event of this trigger has the row, provided that every update fires it.
 */
static bool
row_is_gone(const TriggerData *trigdata, TupleTableSlot *row)
{
	const Trigger *trigger = trigdata->tg_trigger;

	if (!has_versions(trigdata->tg_relation) || !TRIGGER_FOR_UPDATE(trigger->tgtype) ||
		trigger->tgnattr > 0 || trigger->tgqual != NULL)
		return false;
	return !table_tuple_satisfies_snapshot(trigdata->tg_relation, row, SnapshotSelf);
}

static DateADT
today(void)
{
	return DatumGetDateADT(DirectFunctionCall1(timestamptz_date,
											   TimestampTzGetDatum(GetCurrentTransactionStartTimestamp())));
}

/* Reads the row's facts under the rules of its day; false if no mapped fact has changed. */
static bool
read_row(const TriggerData *trigdata, GuardedRow *guarded, const RuleBook **book)
{
	bool		update = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event);
	const RuleBook *of_the_day;

	*book = rule_book(NULL, today());
	guarded->columns = deal_columns(&(*book)->dictionary, guarded->trigger, guarded->rel);
	if (update && has_versions(guarded->rel) && !written_here(trigdata->tg_trigslot) &&
		!deal_changed(guarded->columns, guarded->rel, trigdata->tg_trigslot, guarded->row))
		return false;

	guarded->facts = deal_facts(guarded->columns, *book, guarded->rel, guarded->row);
	guarded->as_of = screening_date(guarded->facts, false, 0);
	of_the_day = rule_book(NULL, guarded->as_of);
	if (of_the_day != *book)
	{
		*book = of_the_day;
		guarded->columns = deal_columns(&(*book)->dictionary, guarded->trigger, guarded->rel);
		guarded->facts = deal_facts(guarded->columns, *book, guarded->rel, guarded->row);
	}
	return true;
}

/* Is a verdict open in a way that matters?  One that is harmless whatever the unknown facts are is not. */
static bool
is_open(const Screening *screening)
{
	return screening->outcome == OUTCOME_UNDETERMINED && screening->at_most > OUTCOME_UNDETERMINED;
}

/* Screens the row, finds an override, and records the decision if it lets the row in.  Runs as the relations' owner. */
static void
decide(GuardedRow *guarded, const RuleBook *book)
{
	const SourceSchema *schema = source_schema(true);
	Screening  *screening = screen_deal(book, guarded->facts, guarded->as_of, true);

	guarded->screening = screening;
	guarded->blocked = screening->outcome == OUTCOME_PROHIBITED ||
		(is_open(screening) && strcmp(setting_value("undetermined"), "block") == 0);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (guarded->blocked)
	{
		guarded->override_id = override_lookup(schema, guarded->facts);
		if (guarded->override_id != 0)
			guarded->blocked = false;
	}
	if (!guarded->blocked)
		determination_write(schema, guarded->facts, screening, guarded->as_of, recorded_name(RelationGetRelid(guarded->rel)),
							deal_key(guarded->columns, guarded->rel, guarded->row), guarded->override_id);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
}

/*
 * Decides with the identity of the relations' owner and a snapshot taken now.  As in
 * ri_triggers.c, an error leaves identity and snapshot to the (sub)transaction's abort.
 */
static void
decide_as_owner(GuardedRow *guarded, const RuleBook *book)
{
	Oid			owner = source_owner(source_schema(true));
	Oid			caller;
	int			context;

	GetUserIdAndSecContext(&caller, &context);
	SetUserIdAndSecContext(owner, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	decide(guarded, book);
	SetUserIdAndSecContext(caller, context);
}

/* May the caller read all that a verdict rests on? */
static bool
caller_may_read(const SourceSchema *schema)
{
	for (int i = 0; i < SOURCE_DEAL; i++)
	{
		Oid			relid = schema->relations[i].relid;

		if (pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) != ACLCHECK_OK ||
			schema->relations[i].row_security)
			return false;
	}
	return true;
}

/* Says what became of the row: an error if it is kept out. */
static void
announce(GuardedRow *guarded, const RuleBook *book)
{
	BlockReport report;

	report.rel = guarded->rel;
	report.constraint = guarded->trigger->tgname;
	report.facts = guarded->facts;
	report.screening = guarded->screening;
	report.book = book;
	report.with_evidence = caller_may_read(source_schema(true));
	if (guarded->blocked)
		report_blocked(&report);
	else if (guarded->override_id != 0)
		report_override(&report, guarded->override_id);
	else if (is_open(guarded->screening) &&
			 strcmp(setting_value("undetermined"), "warn") == 0)
		report_undetermined(&report);
}

/* block_prohibited('fact=column', ...): AFTER INSERT OR UPDATE, FOR EACH ROW */
Datum
outbound_block_prohibited(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const RuleBook *book;
	GuardedRow	guarded = {0};

	check_protocol(fcinfo);
	guarded.rel = trigdata->tg_relation;
	guarded.trigger = trigdata->tg_trigger;
	guarded.row = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ? trigdata->tg_newslot : trigdata->tg_trigslot;
	if (row_is_gone(trigdata, guarded.row))
		return PointerGetDatum(NULL);

	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	if (read_row(trigdata, &guarded, &book))
	{
		decide_as_owner(&guarded, book);
		announce(&guarded, book);
	}
	PopActiveSnapshot();
	return PointerGetDatum(NULL);
}
