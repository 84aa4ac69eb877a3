/*
 * fact_columns.c
 *		Facts from rows: the map from columns to facts is made once a row type, and the
 *		row is taken apart once.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "read/fact_columns.h"
#include "read/fact_value.h"

typedef struct FactColumn
{
	int			attribute;		/* from zero */
	int			fact;
	FactReader	reader;
} FactColumn;

struct FactColumns
{
	FactKind	kind;
	TupleDesc	columns;		/* a copy of our own */
	int			n_columns;
	FactColumn *map;
	int			document;		/* the attribute "facts", or -1 */
	bool		document_is_text;
	bool	   *mapped;			/* per fact: a column gives it */
	FactColumn **waiting;		/* per fact: the column that is still to be read, or NULL */
	Facts	   *facts;
	FactValue  *absent;			/* the values of no facts at all, if there is a document */
	Datum	   *values;
	bool	   *nulls;
};

/* is this column a fact of the kind?  its number, or -1 */
static int
fact_of_column(const RuleBook *book, FactKind kind, Form_pg_attribute attribute)
{
	int			fact;

	if (attribute->attisdropped)
		return -1;
	fact = fact_lookup(&book->dictionary, NameStr(attribute->attname));
	if (fact < 0 || book->dictionary.facts[fact].derived)
		return -1;
	if (kind != FACTS_OF_ANY && book->dictionary.facts[fact].deal != (kind == FACTS_OF_DEAL))
		return -1;
	return fact;
}

/* remember the document column */
static void
map_document(FactColumns *map, Form_pg_attribute attribute, int i)
{
	Oid			type;

	if (attribute->attisdropped || strcmp(NameStr(attribute->attname), "facts") != 0)
		return;
	type = getBaseType(attribute->atttypid);
	if (type == JSONBOID || type == JSONOID)
	{
		map->document = i;
		map->document_is_text = type == JSONOID;
	}
}

FactColumns *
fact_columns_create(const RuleBook *book, FactKind kind, TupleDesc columns, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	FactColumns *map = palloc0(sizeof(FactColumns));
	int			n_facts = book->dictionary.n_facts;

	map->kind = kind;
	map->columns = CreateTupleDescCopy(columns);
	map->map = palloc(mul_size(sizeof(FactColumn), columns->natts + 1));
	map->document = -1;
	map->mapped = palloc0(mul_size(sizeof(bool), n_facts + 1));
	map->waiting = palloc0(mul_size(sizeof(FactColumn *), n_facts + 1));
	map->facts = facts_absent(book);
	map->values = palloc(mul_size(sizeof(Datum), columns->natts + 1));
	map->nulls = palloc(mul_size(sizeof(bool), columns->natts + 1));
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(columns, i);
		int			fact = fact_of_column(book, kind, attribute);

		if (fact < 0)
		{
			map_document(map, attribute, i);
			continue;
		}
		map->map[map->n_columns].attribute = i;
		map->map[map->n_columns].fact = fact;
		fact_reader_init(&map->map[map->n_columns].reader, &book->dictionary.facts[fact],
						 attribute->atttypid, context);
		map->n_columns++;
		map->mapped[fact] = true;
		map->facts->carried[fact] = true;
	}
	if (map->document >= 0)
	{
		map->absent = palloc(mul_size(sizeof(FactValue), n_facts));
		memcpy(map->absent, map->facts->values, mul_size(sizeof(FactValue), n_facts));
	}
	MemoryContextSwitchTo(old);
	return map;
}

bool
fact_columns_are_plain(const FactColumns *map)
{
	for (int i = 0; i < map->n_columns; i++)
	{
		FactForm	form = map->map[i].reader.form;

		if (form == FORM_OUTPUT || form == FORM_ARRAY)
			return false;
	}
	return true;
}

/* the facts of the document, where no column gives them */
static void
read_document(FactColumns *map)
{
	Datum		datum = map->values[map->document];
	size_t		n_facts = map->facts->dictionary->n_facts;

	memcpy(map->facts->values, map->absent, n_facts * sizeof(FactValue));
	memcpy(map->facts->carried, map->mapped, n_facts * sizeof(bool));
	if (map->nulls[map->document])
		return;
	if (map->document_is_text)
		datum = DirectFunctionCall1(jsonb_in, CStringGetDatum(TextDatumGetCString(datum)));
	facts_read_document(map->facts, map->kind, DatumGetJsonbP(datum), map->mapped);
}

/* read a number that was left for later */
static void
read_waiting(FactColumns *map, int fact)
{
	FactColumn *column = map->waiting[fact];
	CoreEnv		env = backend_env();

	map->waiting[fact] = NULL;
	fact_read(&env, &column->reader, &map->facts->dictionary->facts[fact],
			  map->values[column->attribute], &map->facts->values[fact]);
	core_check(&env);
}

static const FactValue *
get_column(void *arg, int fact)
{
	FactColumns *map = arg;

	if (map->waiting[fact] != NULL)
		read_waiting(map, fact);
	return &map->facts->values[fact];
}

FactSource
fact_columns_read(FactColumns *map, HeapTupleHeader row)
{
	FactSource	source = {get_column, map};
	CoreEnv		env = backend_env();
	const FactDefinition *facts = map->facts->dictionary->facts;
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, map->columns, map->values, map->nulls);
	if (map->document >= 0)
		read_document(map);
	for (int i = 0; i < map->n_columns; i++)
	{
		FactColumn *column = &map->map[i];
		FactValue  *value = &map->facts->values[column->fact];
		Datum		datum = map->values[column->attribute];

		map->waiting[column->fact] = NULL;
		if (map->nulls[column->attribute])
			value->state = FACT_UNKNOWN;
		else if (fact_reads_surely(&column->reader, datum))
			map->waiting[column->fact] = column;
		else
			fact_read(&env, &column->reader, &facts[column->fact], datum, value);
	}
	core_check(&env);
	return source;
}

Facts *
fact_columns_settle(FactColumns *map)
{
	for (int i = 0; i < map->n_columns; i++)
		get_column(map, map->map[i].fact);
	return map->facts;
}
