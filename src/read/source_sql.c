/*
 * source_sql.c
 *		How the firm's relations are read in SQL: columns in the type that is wanted, periods
 *		of validity, and ids in the type they are stored in.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

#include "read/relations.h"
#include "read/relations_check.h"

/* A column's SQL type: how to write it, and its oid. */
static const char *
target_type(const char *type, Oid *oid)
{
	static const struct
	{
		const char *name;
		const char *sql;
		Oid			oid;
	}			types[] = {
		{"text", "pg_catalog.text", TEXTOID},
		{"text[]", "pg_catalog.text[]", TEXTARRAYOID},
		{"bigint", "pg_catalog.int8", INT8OID},
		{"integer", "pg_catalog.int4", INT4OID},
		{"uuid", "pg_catalog.uuid", UUIDOID},
		{"date", "pg_catalog.date", DATEOID},
		{"daterange", "pg_catalog.daterange", DATERANGEOID},
		{"numeric", "pg_catalog.numeric", NUMERICOID},
		{"boolean", "pg_catalog.bool", BOOLOID},
		{"jsonb", "pg_catalog.jsonb", JSONBOID},
	};

	for (int i = 0; i < (int) lengthof(types); i++)
	{
		if (strcmp(types[i].name, type) == 0)
		{
			*oid = types[i].oid;
			return types[i].sql;
		}
	}
	if (strncmp(type, "outbound.", strlen("outbound.")) == 0)
	{
		const char *name = type + strlen("outbound.");

		*oid = extension_type(name);
		return psprintf("%s.%s", extension_schema(), quote_identifier(name));
	}
	elog(ERROR, "no source column has type %s", type);
}

/* An expression for a column; see relations.h. */
const char *
source_column(const SourceRelation *relation, const char *alias, const char *column, const char *type)
{
	HeapTuple	tuple = SearchSysCacheAttName(relation->relid, column);
	Oid			target;
	Oid			actual;
	const char *sql = target_type(type, &target);

	if (!HeapTupleIsValid(tuple))
		return psprintf("NULL::%s", sql);
	actual = ((Form_pg_attribute) GETSTRUCT(tuple))->atttypid;
	ReleaseSysCache(tuple);
	if (actual == target)
		return psprintf("%s.%s", quote_identifier(alias), quote_identifier(column));
	return psprintf("%s.%s::%s", quote_identifier(alias), quote_identifier(column), sql);
}

/* A condition on the period of validity; see relations.h. */
const char *
source_validity(const SourceRelation *relation, const char *alias, int parameter)
{
	const char *prefix = quote_identifier(alias);

	if (!OidIsValid(column_type(relation->relid, "valid")))
		return "";
	return psprintf(" AND (%s.valid IS NULL OR %s.valid OPERATOR(pg_catalog.@>) $%d::pg_catalog.date)",
					prefix, prefix, parameter);
}

/* Is this the text bigint itself would print? */
static bool
canonical_bigint(const char *id, int64 *value)
{
	const char *digits = id[0] == '-' ? id + 1 : id;
	size_t		length = strlen(digits);
	uint64		magnitude = 0;

	if (length == 0 || length > 19 || (digits[0] == '0' && (length > 1 || digits != id)))
		return false;
	for (size_t i = 0; i < length; i++)
	{
		if (digits[i] < '0' || digits[i] > '9')
			return false;
		magnitude = magnitude * 10 + (uint64) (digits[i] - '0');
	}
	if (magnitude > (uint64) PG_INT64_MAX + (digits != id ? 1 : 0))
		return false;
	*value = digits != id ? (int64) (UINT64CONST(0) - magnitude) : (int64) magnitude;
	return true;
}

/* Is this the text uuid itself would print? */
static bool
canonical_uuid(const char *id)
{
	if (strlen(id) != 36)
		return false;
	for (int i = 0; i < 36; i++)
	{
		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (id[i] != '-')
				return false;
		}
		else if (!((id[i] >= '0' && id[i] <= '9') || (id[i] >= 'a' && id[i] <= 'f')))
			return false;
	}
	return true;
}

/* An id in its own type; false if the text is no value that the type would print. */
static bool
source_id_datum(const SourceSchema *schema, const char *id, Datum *value)
{
	int64		number;

	switch (schema->id_type)
	{
		case INT8OID:
			if (!canonical_bigint(id, &number))
				return false;
			*value = Int64GetDatum(number);
			return true;
		case UUIDOID:
			if (!canonical_uuid(id))
				return false;
			*value = DirectFunctionCall1(uuid_in, CStringGetDatum(id));
			return true;
		default:
			*value = CStringGetTextDatum(id);
			return true;
	}
}

/* Ids as an array of the schema's id type; see relations.h. */
Datum
source_id_array(const SourceSchema *schema, const char *const *ids, int n)
{
	Datum	   *values = palloc(mul_size(sizeof(Datum), Max(n, 1)));
	int			n_values = 0;
	int16		length;
	bool		by_value;
	char		align;

	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (source_id_datum(schema, ids[i], &values[n_values]))
			n_values++;
	}
	get_typlenbyvalalign(schema->id_type, &length, &by_value, &align);
	return PointerGetDatum(construct_array(values, n_values, schema->id_type, length, by_value, align));
}

typedef struct NumberedId
{
	const char *id;
	uint32		party;
} NumberedId;

static int
compare_ids(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return strcmp(((const NumberedId *) a)->id, ((const NumberedId *) b)->id);
}

void
source_order_ids(uint32 *parties, uint32 n, const char *(*id_of) (const void *arg, uint32 party), const void *arg)
{
	NumberedId *ids;

	if (n <= QUERY_IDS)
		return;
	ids = palloc_extended(mul_size(sizeof(NumberedId), n), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
		ids[i] = (NumberedId) {id_of(arg, parties[i]), parties[i]};
	qsort(ids, n, sizeof(NumberedId), compare_ids);
	for (uint32 i = 0; i < n; i++)
		parties[i] = ids[i].party;
	pfree(ids);
}
