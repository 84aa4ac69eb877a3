/*
 * relations.c
 *		Finds the six relations of the contract in the configured schema.
 *
 * A checked schema is kept for the transaction, one entry per (schema, user, row
 * security mode), and dropped when the catalogs that it rests on change.  Callers may
 * hold a SourceSchema until the end of the transaction: an entry that has been dropped
 * from the cache keeps its memory until then.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/syscache.h"

#include "read/errcodes.h"
#include "read/relations.h"
#include "read/relations_check.h"
#include "read/row_security.h"
#include "read/rules.h"

#define EXTENSION_NAME	"outbound"

typedef enum ColumnClass		/* what a column's type must be */
{
	COLUMN_ID,					/* text, bigint or uuid: one type throughout the schema */
	COLUMN_KEY,					/* anything: the firm's key of a deal */
	COLUMN_TEXT,
	COLUMN_TEXT_ARRAY,
	COLUMN_BOOLEAN,
	COLUMN_INTEGER,
	COLUMN_NUMERIC,
	COLUMN_JSON,
	COLUMN_DATERANGE,
	COLUMN_SHARE
} ColumnClass;

typedef struct ContractColumn
{
	SourceRelationId relation;
	const char *name;
	ColumnClass class;
	bool		required;
} ContractColumn;

static const char *const relation_names[N_SOURCE_RELATIONS] = {
	[SOURCE_PARTY] = "party",
	[SOURCE_INTEREST] = "interest",
	[SOURCE_ACTIVITY] = "activity",
	[SOURCE_LISTING] = "listing",
	[SOURCE_FINANCIAL] = "financial",
	[SOURCE_DEAL] = "deal",
};

static const char *const class_types[] = {
	[COLUMN_ID] = "text, bigint or uuid",
	[COLUMN_KEY] = "anything",
	[COLUMN_TEXT] = "text",
	[COLUMN_TEXT_ARRAY] = "text[]",
	[COLUMN_BOOLEAN] = "boolean",
	[COLUMN_INTEGER] = "integer",
	[COLUMN_NUMERIC] = "numeric",
	[COLUMN_JSON] = "jsonb",
	[COLUMN_DATERANGE] = "daterange",
	[COLUMN_SHARE] = "share",
};

/* party.party_id comes first: it decides the id type */
static const ContractColumn contract[] = {
	{SOURCE_PARTY, "party_id", COLUMN_ID, true},
	{SOURCE_PARTY, "name", COLUMN_TEXT, false},
	{SOURCE_PARTY, "kind", COLUMN_TEXT, false},
	{SOURCE_PARTY, "citizenship", COLUMN_TEXT_ARRAY, false},
	{SOURCE_PARTY, "permanent_residence", COLUMN_TEXT_ARRAY, false},
	{SOURCE_PARTY, "organized_under", COLUMN_TEXT, false},
	{SOURCE_PARTY, "principal_place_of_business", COLUMN_TEXT, false},
	{SOURCE_PARTY, "headquarters", COLUMN_TEXT, false},
	{SOURCE_PARTY, "located_in", COLUMN_TEXT, false},
	{SOURCE_PARTY, "register", COLUMN_TEXT, false},
	{SOURCE_PARTY, "activity_register", COLUMN_TEXT, false},
	{SOURCE_PARTY, "valid", COLUMN_DATERANGE, false},
	{SOURCE_PARTY, "source", COLUMN_TEXT, false},
	{SOURCE_INTEREST, "holder_id", COLUMN_ID, true},
	{SOURCE_INTEREST, "held_id", COLUMN_ID, true},
	{SOURCE_INTEREST, "kind", COLUMN_TEXT, true},
	{SOURCE_INTEREST, "share", COLUMN_SHARE, false},
	{SOURCE_INTEREST, "excepted", COLUMN_BOOLEAN, false},
	{SOURCE_INTEREST, "valid", COLUMN_DATERANGE, false},
	{SOURCE_INTEREST, "source", COLUMN_TEXT, false},
	{SOURCE_ACTIVITY, "party_id", COLUMN_ID, true},
	{SOURCE_ACTIVITY, "facts", COLUMN_JSON, false},
	{SOURCE_ACTIVITY, "valid", COLUMN_DATERANGE, false},
	{SOURCE_ACTIVITY, "source", COLUMN_TEXT, false},
	{SOURCE_LISTING, "party_id", COLUMN_ID, true},
	{SOURCE_LISTING, "list", COLUMN_TEXT, true},
	{SOURCE_LISTING, "reference", COLUMN_TEXT, false},
	{SOURCE_LISTING, "valid", COLUMN_DATERANGE, false},
	{SOURCE_LISTING, "source", COLUMN_TEXT, false},
	{SOURCE_FINANCIAL, "holder_id", COLUMN_ID, true},
	{SOURCE_FINANCIAL, "from_id", COLUMN_ID, true},
	{SOURCE_FINANCIAL, "metric", COLUMN_TEXT, true},
	{SOURCE_FINANCIAL, "amount_usd", COLUMN_NUMERIC, true},
	{SOURCE_FINANCIAL, "basis", COLUMN_TEXT, false},
	{SOURCE_FINANCIAL, "year", COLUMN_INTEGER, false},
	{SOURCE_FINANCIAL, "valid", COLUMN_DATERANGE, false},
	{SOURCE_FINANCIAL, "source", COLUMN_TEXT, false},
	{SOURCE_DEAL, "deal_id", COLUMN_KEY, true},
	{SOURCE_DEAL, "investor", COLUMN_ID, false},
	{SOURCE_DEAL, "target", COLUMN_ID, false},
	{SOURCE_DEAL, "facts", COLUMN_JSON, false},
	{SOURCE_DEAL, "valid", COLUMN_DATERANGE, false},
	{SOURCE_DEAL, "source", COLUMN_TEXT, false},
};

typedef struct CachedSchema
{
	SourceSchema schema;		/* first: callers see only this */
	Oid			namespace_oid;
	Oid			user;
	bool		no_force_rls;
	bool		with_deal;
	bool		has_views;		/* rests on relations that are not in the contract */
	struct CachedSchema *next;
} CachedSchema;

static CachedSchema *cached_schemas = NULL; /* in TopTransactionContext */
static Oid	extension_namespace = InvalidOid;
static char extension_name[2 * NAMEDATALEN + 3];
static bool callbacks_registered = false;

/* A relation's definition has changed: forget what was checked. */
static void
forget_relation(Datum arg, Oid relid)
{
	CachedSchema *entry;

	if (relid == InvalidOid)
	{
		cached_schemas = NULL;
		return;
	}
	for (entry = cached_schemas; entry != NULL; entry = entry->next)
	{
		for (int i = 0; i < N_SOURCE_RELATIONS; i++)
		{
			if (entry->has_views || entry->schema.relations[i].relid == relid)
			{
				cached_schemas = NULL;
				return;
			}
		}
	}
}

/* A schema, role or type has changed: forget everything. */
static void
forget_all(Datum arg, int cacheid, uint32 hashvalue)
{
	if (cacheid != TYPEOID)
		cached_schemas = NULL;
	extension_namespace = InvalidOid;
}

/* The memory behind the cache goes with the transaction. */
static void
forget_transaction(XactEvent event, void *arg)
{
	cached_schemas = NULL;
}

static void
register_callbacks(void)
{
	if (callbacks_registered)
		return;
	CacheRegisterRelcacheCallback(forget_relation, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, forget_all, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, forget_all, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_all, (Datum) 0);
	CacheRegisterSyscacheCallback(TYPEOID, forget_all, (Datum) 0);
	RegisterXactCallback(forget_transaction, NULL);
	callbacks_registered = true;
}

/* The namespace of the installed extension, from pg_extension. */
static Oid
lookup_extension_namespace(void)
{
	Relation	rel;
	SysScanDesc scan;
	ScanKeyData key[1];
	HeapTuple	tuple;
	Oid			result = InvalidOid;

	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyInit(&key[0], Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(EXTENSION_NAME));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		result = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
	systable_endscan(scan);
	table_close(rel, AccessShareLock);

	if (!OidIsValid(result))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"%s\" does not exist", EXTENSION_NAME)));
	return result;
}

/* The oid of the schema the extension lives in. */
Oid
extension_schema_oid(void)
{
	register_callbacks();
	if (!OidIsValid(extension_namespace))
	{
		Oid			oid = lookup_extension_namespace();
		char	   *name = get_namespace_name(oid);

		if (name == NULL)
			elog(ERROR, "cache lookup failed for schema %u", oid);
		strlcpy(extension_name, quote_identifier(name), sizeof(extension_name));
		extension_namespace = oid;
	}
	return extension_namespace;
}

/* The same schema's name, quoted.  The buffer is static: it changes only if the schema is renamed. */
const char *
extension_schema(void)
{
	(void) extension_schema_oid();
	return extension_name;
}

/* The oid of one of the extension's types. */
Oid
extension_type(const char *name)
{
	Oid			oid = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
									  ObjectIdGetDatum(extension_schema_oid()));

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type \"%s.%s\" does not exist", extension_schema(), name)));
	return oid;
}

Oid
column_type(Oid relid, const char *column)
{
	HeapTuple	tuple = SearchSysCacheAttName(relid, column);
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	type = ((Form_pg_attribute) GETSTRUCT(tuple))->atttypid;
	ReleaseSysCache(tuple);
	return getBaseType(type);
}

/* The id type a column's type stands for, or InvalidOid. */
static Oid
id_type_of(Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
			return TEXTOID;
		case INT8OID:
		case UUIDOID:
			return type;
		default:
			return InvalidOid;
	}
}

static bool
is_textual(Oid type)
{
	char		category;
	bool		preferred;

	get_type_category_preferred(type, &category, &preferred);
	return category == TYPCATEGORY_STRING || category == TYPCATEGORY_ENUM;
}

/* May a column of this type stand where the contract wants that class? */
static bool
type_fits(ColumnClass class, Oid type, Oid id_type)
{
	switch (class)
	{
		case COLUMN_ID:
			return OidIsValid(id_type_of(type)) &&
				(!OidIsValid(id_type) || id_type_of(type) == id_type);
		case COLUMN_KEY:
			return true;
		case COLUMN_TEXT:
			return is_textual(type);
		case COLUMN_TEXT_ARRAY:
			return OidIsValid(get_element_type(type)) &&
				is_textual(getBaseType(get_element_type(type)));
		case COLUMN_BOOLEAN:
			return type == BOOLOID;
		case COLUMN_INTEGER:
			return type == INT2OID || type == INT4OID || type == INT8OID;
		case COLUMN_NUMERIC:
			return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID;
		case COLUMN_JSON:
			return type == JSONBOID || type == JSONOID;
		case COLUMN_DATERANGE:
			return type == DATERANGEOID;
		case COLUMN_SHARE:
			return type == extension_type("share");
	}
	return false;
}

/* One column of the contract against the relation that is there. */
static void
check_column(CachedSchema *entry, const ContractColumn *column)
{
	SourceRelation *relation = &entry->schema.relations[column->relation];
	Oid			type = column_type(relation->relid, column->name);

	if (!OidIsValid(type))
	{
		if (column->required)
			ereport(ERROR,
					(errcode(ERRCODE_OB_SOURCE_MISSING),
					 errmsg("column \"%s\" of source relation %s does not exist",
							column->name, relation->qualified_name),
					 errhint("Add the column, or configure('source_schema', ...) another schema.")));
		return;
	}
	if (!type_fits(column->class, type, entry->schema.id_type))
		ereport(ERROR,
				(errcode(ERRCODE_OB_SOURCE_MISSING),
				 errmsg("column \"%s\" of source relation %s has type %s, which should be %s",
						column->name, relation->qualified_name, format_type_be(type),
						column->class == COLUMN_ID && OidIsValid(entry->schema.id_type) ?
						format_type_be(entry->schema.id_type) : class_types[column->class]),
				 column->class == COLUMN_ID && OidIsValid(entry->schema.id_type) ?
				 errhint("Every id column of the schema has the type of party.party_id.") :
				 errhint("Cast the column in a view of that name.")));
	if (column->class == COLUMN_ID && !OidIsValid(entry->schema.id_type))
	{
		entry->schema.id_type = id_type_of(type);
		entry->schema.id_array_type = get_array_type(entry->schema.id_type);
	}
}

/* Finds one relation and whether policies would filter it for the current user. */
static void
find_relation(CachedSchema *entry, SourceRelationId id)
{
	SourceRelation *relation = &entry->schema.relations[id];
	char		relkind;

	relation->name = relation_names[id];
	relation->qualified_name = psprintf("%s.%s", quote_identifier(entry->schema.name),
										quote_identifier(relation->name));
	relation->relid = get_relname_relid(relation->name, entry->namespace_oid);
	if (!OidIsValid(relation->relid))
		ereport(ERROR,
				(errcode(ERRCODE_OB_SOURCE_MISSING),
				 errmsg("source relation %s does not exist", relation->qualified_name),
				 errhint("Make it with SELECT %s.create_relations(%s), or a view of that name over your own tables.",
						 extension_schema(), quote_literal_cstr(entry->schema.name))));
	relkind = get_rel_relkind(relation->relid);
	if (relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE &&
		relkind != RELKIND_VIEW && relkind != RELKIND_MATVIEW && relkind != RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_OB_SOURCE_MISSING),
				 errmsg("source relation %s is not a table or view", relation->qualified_name)));
	relation->row_security = rows_are_filtered(relation->relid);
	if (rows_hang_on_session(relation->relid))
		entry->schema.hangs_on_session = true;
	if (relkind == RELKIND_VIEW)
		entry->has_views = true;
	if (relation->row_security)
		entry->schema.row_security = true;
}

/* Looks up and checks a schema from scratch, in the current context. */
static CachedSchema *
check_schema(const char *name, bool need_deal)
{
	CachedSchema *entry = palloc0(sizeof(CachedSchema));
	int			n_relations = need_deal ? N_SOURCE_RELATIONS : SOURCE_DEAL;

	entry->schema.name = pstrdup(name);
	entry->namespace_oid = get_namespace_oid(name, true);
	entry->user = GetUserId();
	entry->no_force_rls = InNoForceRLSOperation();
	entry->with_deal = need_deal;
	if (!OidIsValid(entry->namespace_oid))
		ereport(ERROR,
				(errcode(ERRCODE_OB_SOURCE_MISSING),
				 errmsg("source schema \"%s\" does not exist", name),
				 errhint("Make it with SELECT %s.create_relations(%s), or choose another with SELECT %s.configure('source_schema', ...).",
						 extension_schema(), quote_literal_cstr(name), extension_schema())));
	for (int i = 0; i < n_relations; i++)
		find_relation(entry, (SourceRelationId) i);
	for (int i = 0; i < (int) lengthof(contract); i++)
	{
		if ((int) contract[i].relation < n_relations)
			check_column(entry, &contract[i]);
	}
	return entry;
}

/* The schema of that name, checked with all six relations; the result is not cached. */
const SourceSchema *
source_schema_check(const char *name)
{
	return &check_schema(name, true)->schema;
}

/* The configured schema; see relations.h. */
const SourceSchema *
source_schema(bool need_deal)
{
	const char *name = setting_value("source_schema");
	CachedSchema *entry;
	MemoryContext old;

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OB_SOURCE_MISSING),
				 errmsg("no source schema is configured"),
				 errhint("Choose it with SELECT %s.configure('source_schema', ...); %s.create_relations(...) makes one.",
						 extension_schema(), extension_schema())));

	register_callbacks();
	for (entry = cached_schemas; entry != NULL; entry = entry->next)
	{
		if (entry->user == GetUserId() && entry->no_force_rls == InNoForceRLSOperation() &&
			(entry->with_deal || !need_deal) && strcmp(entry->schema.name, name) == 0)
			return &entry->schema;
	}

	old = MemoryContextSwitchTo(TopTransactionContext);
	entry = check_schema(name, need_deal);
	MemoryContextSwitchTo(old);
	entry->next = cached_schemas;
	cached_schemas = entry;
	return &entry->schema;
}
