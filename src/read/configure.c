/*
 * configure.c
 *		configure() and the list of settings behind configuration().
 *
 * Settings and readings are rows that only the owner of their tables may write:
 * configure() writes them as the caller, with plain privileges, after checking them.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "read/errcodes.h"
#include "read/nearest.h"
#include "read/relations_check.h"
#include "read/settings.h"

PG_FUNCTION_INFO_V1(outbound_configure);
PG_FUNCTION_INFO_V1(outbound_setting_definitions);

/* Runs one statement with text parameters, as the caller; NULL pointers are SQL NULL. */
static void
execute_text(const char *query, int n_parameters, const char *const *parameters)
{
	Oid			types[4];
	Datum		values[4];
	char		nulls[4];
	int			rc;

	Assert(n_parameters <= (int) lengthof(types));
	for (int i = 0; i < n_parameters; i++)
	{
		types[i] = TEXTOID;
		nulls[i] = parameters[i] == NULL ? 'n' : ' ';
		values[i] = parameters[i] == NULL ? (Datum) 0 : CStringGetTextDatum(parameters[i]);
	}
	rc = SPI_execute_with_args(query, n_parameters, types, values, nulls, false, 0);
	if (rc < 0)
		elog(ERROR, "could not execute \"%s\": %s", query, SPI_result_code_string(rc));
}

/* The owner of a relation. */
static Oid
relation_owner(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/* A table that determinations are kept in; InvalidOid if it may be missing and is. */
Oid
source_record_table(const SourceSchema *schema, const char *name, bool missing_ok)
{
	Oid			relid = get_relname_relid(name, get_namespace_oid(schema->name, false));

	if (!OidIsValid(relid) && !missing_ok)
		ereport(ERROR,
				(errcode(ERRCODE_OB_SOURCE_MISSING),
				 errmsg("source relation %s.%s does not exist",
						quote_identifier(schema->name), quote_identifier(name)),
				 errhint("Make it with SELECT %s.create_relations(%s, relations => '{%s}').",
						 extension_schema(), quote_literal_cstr(schema->name), name)));
	return relid;
}

/* The one owner of the relations and of determination, as whom the trigger reads. */
Oid
source_owner(const SourceSchema *schema)
{
	Oid			owner = relation_owner(schema->relations[SOURCE_PARTY].relid);
	Oid			others[N_SOURCE_RELATIONS + 2];
	int			n = 0;

	for (int i = 0; i < N_SOURCE_RELATIONS; i++)
	{
		if (OidIsValid(schema->relations[i].relid))
			others[n++] = schema->relations[i].relid;
	}
	others[n++] = source_record_table(schema, "determination", false);
	others[n++] = source_record_table(schema, "deal_override", true);
	for (int i = 0; i < n; i++)
	{
		Oid			other;

		if (!OidIsValid(others[i]))
			continue;
		other = relation_owner(others[i]);
		if (other != owner)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("the relations of source schema \"%s\" have several owners", schema->name),
					 errdetail("Owner of \"party\" is \"%s\", owner of \"%s\" is \"%s\".",
							   GetUserNameFromId(owner, false), get_rel_name(others[i]),
							   GetUserNameFromId(other, false)),
					 errhint("The trigger reads as that owner: ALTER ... OWNER TO one role.")));
	}
	return owner;
}

/* The ruleset must be a row of ruleset. */
static void
check_ruleset(const char *value)
{
	const char **names;
	const char *nearest;
	uint64		n;

	execute_text(psprintf("SELECT r.ruleset FROM %s.ruleset AS r "
						  "ORDER BY r.ruleset OPERATOR(pg_catalog.=) $1 DESC, r.ruleset COLLATE pg_catalog.\"C\"",
						  extension_schema()), 1, &value);
	n = SPI_processed;
	names = palloc(mul_size(sizeof(char *), (Size) Max(n, 1)));
	for (uint64 i = 0; i < n; i++)
		names[i] = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
	if (n > 0 && strcmp(names[0], value) == 0)
		return;
	nearest = nearest_name(value, names, (int) n);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("ruleset \"%s\" does not exist", value),
			 nearest ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
}

/* Chooses a reading's option, or with NULL takes the choice back; false if there is no such reading. */
static bool
configure_reading(const char *name, const char *value)
{
	const char *parameters[2] = {name, value};
	const char *ext = extension_schema();
	bool		isnull;
	Datum		options;
	Datum	   *elements;
	const char **names;
	int			n;
	bool		known = false;

	execute_text(psprintf("SELECT r.options FROM %s.reading AS r WHERE r.reading OPERATOR(pg_catalog.=) $1", ext),
				 1, parameters);
	if (SPI_processed == 0)
		return false;
	if (value == NULL)
	{
		execute_text(psprintf("DELETE FROM %s.reading_choice AS c WHERE c.reading OPERATOR(pg_catalog.=) $1", ext),
					 1, parameters);
		return true;
	}

	options = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	deconstruct_array(DatumGetArrayTypeP(options), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
	names = palloc(mul_size(sizeof(char *), Max(n, 1)));
	for (int i = 0; i < n; i++)
	{
		names[i] = TextDatumGetCString(elements[i]);
		if (strcmp(names[i], value) == 0)
			known = true;
	}
	if (!known)
	{
		const char *nearest = nearest_name(value, names, n);
		StringInfoData list;

		initStringInfo(&list);
		for (int i = 0; i < n; i++)
			appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("reading %s has no option \"%s\"", name, value),
				 nearest ? errhint("Perhaps you meant \"%s\".  Options are %s.", nearest, list.data) :
				 errhint("Options are %s.", list.data)));
	}
	execute_text(psprintf("INSERT INTO %s.reading_choice AS c (reading, option, why) VALUES ($1, $2, 'set by configure()') "
						  "ON CONFLICT (reading) DO UPDATE SET option = excluded.option, why = excluded.why, "
						  "chosen_by = CURRENT_USER, chosen_at = pg_catalog.now()", ext), 2, parameters);
	return true;
}

/* Writes or resets a setting after checking its value. */
static void
configure_setting(const char *name, const char *value)
{
	const char *parameters[2] = {name, value};
	const char *ext = extension_schema();
	const SettingDefinition *definition = setting_definition(name);

	if (value == NULL)
	{
		execute_text(psprintf("DELETE FROM %s.setting AS s WHERE s.name OPERATOR(pg_catalog.=) $1", ext), 1, parameters);
		return;
	}
	setting_check_value(definition, value);
	if (strcmp(name, "source_schema") == 0)
		(void) source_owner(source_schema_check(value));
	else if (strcmp(name, "ruleset") == 0)
		check_ruleset(value);
	execute_text(psprintf("INSERT INTO %s.setting AS s (name, value) VALUES ($1, $2) "
						  "ON CONFLICT (name) DO UPDATE SET value = excluded.value, "
						  "set_by = CURRENT_USER, set_at = pg_catalog.now()", ext), 2, parameters);
}

/* configure(name text, value text): NULL value takes the choice back */
Datum
outbound_configure(PG_FUNCTION_ARGS)
{
	const char *name;
	const char *value;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("name of a setting must not be null")));
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	value = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (!configure_reading(name, value))
		configure_setting(name, value);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not finish SPI");
	PG_RETURN_VOID();
}

/* setting_definitions(): name, default_value, allowed, meaning of every setting there is */
Datum
outbound_setting_definitions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < n_setting_definitions; i++)
	{
		const SettingDefinition *definition = &setting_definitions[i];
		Datum		values[4] = {0};
		bool		nulls[4] = {false, true, true, false};

		values[0] = CStringGetTextDatum(definition->name);
		if (definition->default_value != NULL)
		{
			values[1] = CStringGetTextDatum(definition->default_value);
			nulls[1] = false;
		}
		if (definition->allowed != NULL)
		{
			Datum		allowed[64];
			int			n = 0;

			while (n < (int) lengthof(allowed) && definition->allowed[n] != NULL)
			{
				allowed[n] = CStringGetTextDatum(definition->allowed[n]);
				n++;
			}
			values[2] = PointerGetDatum(construct_array(allowed, n, TEXTOID, -1, false, TYPALIGN_INT));
			nulls[2] = false;
		}
		values[3] = CStringGetTextDatum(definition->meaning);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
