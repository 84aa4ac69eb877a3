/*
 * rule_triggers.c
 *		The triggers that keep the rule tables: shipped rows stay, conditions and
 *		options are checked, and every statement that writes is announced.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "core/condition_form.h"
#include "read/nearest.h"
#include "read/relations_check.h"
#include "read/rules.h"
#include "types/condition.h"

/* ERROR 39P01 unless called as a trigger of the kind that the install script makes */
static TriggerData *
trigger_data(FunctionCallInfo fcinfo, const char *function, bool row)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called as a trigger", function)));
	if ((TRIGGER_FIRED_FOR_ROW(trigger->tg_event) != 0) != row)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired for each %s", function, row ? "row" : "statement")));
	return trigger;
}

/* a column of a trigger's row, by name; ERROR 39P01 if the relation has none */
static Datum
trigger_column(TriggerData *trigger, HeapTuple tuple, const char *column, bool *isnull)
{
	TupleDesc	columns = RelationGetDescr(trigger->tg_relation);
	int			attribute = SPI_fnumber(columns, column);

	if (attribute <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("relation \"%s\" has no column \"%s\"",
						RelationGetRelationName(trigger->tg_relation), column)));
	return heap_getattr(tuple, attribute, columns, isnull);
}

static bool
is_shipped(TriggerData *trigger, HeapTuple tuple)
{
	bool		isnull;
	Datum		origin = trigger_column(trigger, tuple, "origin", &isnull);

	return !isnull && strcmp(TextDatumGetCString(origin), "outbound") == 0;
}

static void
refuse_shipped(TriggerData *trigger, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("%s of table \"%s\" cannot be changed", what,
					RelationGetRelationName(trigger->tg_relation)),
			 errhint("Add rows with origin 'firm', choose among readings in reading_choice, or configure another ruleset.")));
}

/* BEFORE ROW and BEFORE TRUNCATE: rows that the extension ships are never changed but by an upgrade */
PG_FUNCTION_INFO_V1(outbound_protect_shipped_rows);
Datum
outbound_protect_shipped_rows(PG_FUNCTION_ARGS)
{
	bool		truncate = CALLED_AS_TRIGGER(fcinfo) &&
		TRIGGER_FIRED_BY_TRUNCATE(((TriggerData *) fcinfo->context)->tg_event);
	TriggerData *trigger = trigger_data(fcinfo, "protect_shipped_rows", !truncate);
	HeapTuple	old = trigger->tg_trigtuple;
	HeapTuple	new = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : old;

	if (!TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"protect_shipped_rows\" must be fired before the event")));
	if (creating_extension)
		return PointerGetDatum(new);
	if (truncate)
		refuse_shipped(trigger, "shipped rows");
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) && is_shipped(trigger, new))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("rows of table \"%s\" with origin 'outbound' come with the extension alone",
						RelationGetRelationName(trigger->tg_relation)),
				 errhint("Insert the row with origin 'firm', the default.")));
	if (is_shipped(trigger, old) || is_shipped(trigger, new))
		refuse_shipped(trigger, "a shipped row");
	return PointerGetDatum(new);
}

/*
 * BEFORE and AFTER STATEMENT on every table that a rule book is read from: changes the row
 * of rule_generation, as that table's owner, so that no cache outlives the write (see
 * rule_cache.c).
 */
PG_FUNCTION_INFO_V1(outbound_announce_rule_change);
Datum
outbound_announce_rule_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = trigger_data(fcinfo, "announce_rule_change", false);
	const char *schema = extension_schema();
	Oid			namespace = RelationGetNamespace(trigger->tg_relation);
	Oid			table;
	Oid			user;
	int			context;
	HeapTuple	class;
	int			code;

	if (namespace != extension_schema_oid())
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"announce_rule_change\" serves the extension's own tables alone")));
	table = get_relname_relid("rule_generation", namespace);
	class = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	if (!HeapTupleIsValid(class))
		elog(ERROR, "cache lookup failed for table \"rule_generation\"");
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(((Form_pg_class) GETSTRUCT(class))->relowner,
						   context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	ReleaseSysCache(class);
	SPI_connect();
	code = SPI_execute(psprintf("UPDATE %s.rule_generation SET generation = generation OPERATOR(pg_catalog.+) 1,"
								" writers = writers OPERATOR(pg_catalog.%c) 1", schema,
								TRIGGER_FIRED_BEFORE(trigger->tg_event) ? '+' : '-'),
					   false, 0);
	if (code != SPI_OK_UPDATE || SPI_processed != 1)
		elog(ERROR, "rule change could not be announced");
	SPI_finish();
	SetUserIdAndSecContext(user, context);
	return PointerGetDatum(NULL);
}

/* is the row that a deferred trigger was queued for still there? */
static bool
is_current(TriggerData *trigger)
{
	TupleTableSlot *slot = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newslot : trigger->tg_trigslot;

	return table_tuple_satisfies_snapshot(trigger->tg_relation, slot, SnapshotSelf);
}

/* does the extension's table have a row whose column is this text? */
static bool
row_exists(const char *table, const char *column, Datum value)
{
	Oid			types[1] = {TEXTOID};
	bool		found;

	SPI_connect();
	if (SPI_execute_with_args(psprintf("SELECT FROM %s.%s t WHERE t.%s OPERATOR(pg_catalog.=) $1", extension_schema(),
									   quote_identifier(table), quote_identifier(column)),
							  1, types, &value, NULL, false, 1) != SPI_OK_SELECT)
		elog(ERROR, "table \"%s\" could not be read", table);
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

/*
 * AFTER ROW constraint trigger, arguments column and table: the column's value is the key,
 * of the same name, of a row of the table.  Writers of rules wait for each other on
 * rule_generation, so nobody removes that row meanwhile.  A foreign key would do, but
 * pg_restore knows no order among the tables of an extension when it loads in parallel.
 */
PG_FUNCTION_INFO_V1(outbound_check_reference);
Datum
outbound_check_reference(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = trigger_data(fcinfo, "check_reference", true);
	HeapTuple	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	const char *column;
	const char *table;
	Datum		value;
	bool		isnull;

	if (trigger->tg_trigger->tgnargs != 2)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"check_reference\" needs a column and a table as arguments")));
	column = trigger->tg_trigger->tgargs[0];
	table = trigger->tg_trigger->tgargs[1];
	value = trigger_column(trigger, row, column, &isnull);
	if (!check_function_bodies || isnull || !is_current(trigger) || row_exists(table, column, value))
		return PointerGetDatum(NULL);
	ereport(ERROR,
			(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
			 errmsg("%s \"%s\" does not exist", column, TextDatumGetCString(value)),
			 errdetail("Table \"%s\" has no such row.", table),
			 errtable(trigger->tg_relation)));
	return PointerGetDatum(NULL);
}

/*
 * AFTER ROW constraint trigger, arguments column and tables: while rows of the tables name
 * the row by its key, it may not go or change its key.
 */
PG_FUNCTION_INFO_V1(outbound_check_referenced);
Datum
outbound_check_referenced(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = trigger_data(fcinfo, "check_referenced", true);
	int			n = trigger->tg_trigger->tgnargs;
	char	  **arguments = trigger->tg_trigger->tgargs;
	bool		isnull;
	Datum		value;

	if (n < 2)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"check_referenced\" needs a column and tables as arguments")));
	value = trigger_column(trigger, trigger->tg_trigtuple, arguments[0], &isnull);
	if (!check_function_bodies || isnull ||
		row_exists(RelationGetRelationName(trigger->tg_relation), arguments[0], value))
		return PointerGetDatum(NULL);
	for (int i = 1; i < n; i++)
		if (row_exists(arguments[i], arguments[0], value))
			ereport(ERROR,
					(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
					 errmsg("%s \"%s\" is still in use", arguments[0], TextDatumGetCString(value)),
					 errdetail("Table \"%s\" has rows that name it.", arguments[i]),
					 errtable(trigger->tg_relation)));
	return PointerGetDatum(NULL);
}

/* the options of a reading, or NULL if there is no such reading */
static const char **
reading_options(const char *reading, int *n)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1];
	MemoryContext context = CurrentMemoryContext;
	const char **options = NULL;

	values[0] = CStringGetTextDatum(reading);
	SPI_connect();
	if (SPI_execute_with_args(psprintf("SELECT o FROM %s.reading r, pg_catalog.unnest(r.options) o"
									   " WHERE r.reading OPERATOR(pg_catalog.=) $1", extension_schema()),
							  1, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "readings could not be read");
	*n = (int) SPI_processed;
	if (*n > 0)
		options = MemoryContextAlloc(context, mul_size(sizeof(char *), *n));
	for (int i = 0; i < *n; i++)
		options[i] = MemoryContextStrdup(context, SPI_getvalue(SPI_tuptable->vals[i],
															   SPI_tuptable->tupdesc, 1));
	SPI_finish();
	return options;
}

/* ERROR 22023 with the nearest option unless the reading has this one; an absent reading is check_reference's affair */
static void
check_option(const char *reading, const char *option)
{
	int			n;
	const char **options = reading_options(reading, &n);
	const char *nearest;

	if (options == NULL)
		return;
	for (int i = 0; i < n; i++)
		if (strcmp(options[i], option) == 0)
			return;
	nearest = nearest_name(option, options, n);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("reading \"%s\" has no option \"%s\"", reading, option),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("View outbound.readings lists the options.")));
}

/* AFTER ROW on reading_choice and ownership_test_reading: the option is one of the reading's */
PG_FUNCTION_INFO_V1(outbound_check_option);
Datum
outbound_check_option(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = trigger_data(fcinfo, "check_option", true);
	HeapTuple	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	bool		isnull;
	Datum		reading = trigger_column(trigger, row, "reading", &isnull);
	Datum		option = trigger_column(trigger, row, "option", &isnull);

	if (check_function_bodies && is_current(trigger))
		check_option(TextDatumGetCString(reading), TextDatumGetCString(option));
	return PointerGetDatum(NULL);
}

/* the options of a provision against its reading */
static void
check_provision_options(TriggerData *trigger, HeapTuple row)
{
	bool		isnull;
	Datum		reading = trigger_column(trigger, row, "reading", &isnull);
	Datum		options;
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (isnull)
		return;
	options = trigger_column(trigger, row, "options", &isnull);
	if (isnull)
		return;
	deconstruct_array(DatumGetArrayTypeP(options), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("options of a provision cannot be NULL")));
		check_option(TextDatumGetCString(reading), TextDatumGetCString(elements[i]));
	}
}

/* ERROR unless a provision's condition compiles against the facts that this command leaves */
static void
check_condition_of(TriggerData *trigger, const FactDictionary *dictionary, Datum condition,
				   const char *cite, const char *ruleset)
{
	CoreEnv		env = backend_env();
	ConditionError error;

	if (condition_compile(&env, &DatumGetConditionP(condition)->form, dictionary, &error) == NULL)
	{
		char	   *hint;
		int			sqlstate;
		char	   *message = condition_error_message(&error, &hint, &sqlstate);

		ereport(ERROR,
				(errcode(sqlstate),
				 errmsg("%s", message),
				 errdetail("The condition is that of provision \"%s\" of ruleset \"%s\".", cite, ruleset),
				 hint != NULL ? errhint("%s", hint) : 0,
				 errtable(trigger->tg_relation)));
	}
	core_check(&env);
}

/*
 * AFTER ROW constraint trigger on provision: names, types and values of the condition are
 * in the dictionary, options are the reading's.  Like core's validators it is silent
 * while check_function_bodies is off, so that a dump loads in any order.
 */
PG_FUNCTION_INFO_V1(outbound_check_provision);
Datum
outbound_check_provision(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = trigger_data(fcinfo, "check_provision", true);
	HeapTuple	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	bool		isnull;
	Datum		condition = trigger_column(trigger, row, "condition", &isnull);

	if (!check_function_bodies || isnull || !is_current(trigger))
		return PointerGetDatum(NULL);
	check_provision_options(trigger, row);

	/* see the rows of this command, too: the snapshot that is active may be older */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	check_condition_of(trigger, rule_dictionary(), condition,
					   TextDatumGetCString(trigger_column(trigger, row, "cite", &isnull)),
					   TextDatumGetCString(trigger_column(trigger, row, "ruleset", &isnull)));
	PopActiveSnapshot();
	return PointerGetDatum(NULL);
}

/* AFTER ROW constraint trigger on fact: what is left of the dictionary still serves every house rule */
PG_FUNCTION_INFO_V1(outbound_check_fact);
Datum
outbound_check_fact(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = trigger_data(fcinfo, "check_fact", true);
	bool		isnull;

	if (!check_function_bodies)
		return PointerGetDatum(NULL);
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	SPI_connect();
	if (SPI_execute(psprintf("SELECT p.condition, p.cite, p.ruleset FROM %s.provision p"
							 " WHERE p.origin OPERATOR(pg_catalog.=) 'firm'", extension_schema()),
					true, 0) != SPI_OK_SELECT)
		elog(ERROR, "provisions could not be read");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	columns = SPI_tuptable->tupdesc;

		CHECK_FOR_INTERRUPTS();
		check_condition_of(trigger, rule_dictionary(), SPI_getbinval(row, columns, 1, &isnull),
						   SPI_getvalue(row, columns, 2), SPI_getvalue(row, columns, 3));
	}
	SPI_finish();
	PopActiveSnapshot();
	return PointerGetDatum(NULL);
}
