/*
 * deal_columns.c
 *		Maps the columns of a guarded table to facts of the deal.
 *
 * A trigger argument "fact=column" maps one fact; a column that bears a fact's name
 * needs none, unless an argument maps that fact elsewhere.  "deal_id=column" names the
 * key, "facts=column" the document of further facts.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "catalog/pg_type.h"
#include "nodes/bitmapset.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "enforce/deal_columns.h"
#include "read/fact_columns.h"
#include "read/nearest.h"

/* The column of that name, or 0. */
static AttrNumber
find_column(TupleDesc columns, const char *name)
{
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(columns, i);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
			return attribute->attnum;
	}
	return InvalidAttrNumber;
}

/* A column that an argument names. */
static AttrNumber
named_column(Relation rel, const char *name, const char *argument)
{
	TupleDesc	columns = RelationGetDescr(rel);
	AttrNumber	found = find_column(columns, name);
	const char **names;
	const char *nearest;
	int			n = 0;

	if (found != InvalidAttrNumber)
		return found;
	names = palloc(mul_size(sizeof(char *), Max(columns->natts, 1)));
	for (int i = 0; i < columns->natts; i++)
	{
		if (!TupleDescAttr(columns, i)->attisdropped)
			names[n++] = NameStr(TupleDescAttr(columns, i)->attname);
	}
	nearest = nearest_name(name, names, n);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column \"%s\" of relation \"%s\" does not exist", name, RelationGetRelationName(rel)),
			 errdetail("The argument \"%s\" of the trigger names it.", argument),
			 nearest ? errhint("Perhaps you meant the column \"%s\".", nearest) : 0));
}

/* A deal fact that an argument names. */
static int
named_fact(const FactDictionary *dictionary, const char *name, const char *argument)
{
	int			fact = fact_lookup(dictionary, name);
	const char *nearest;

	if (fact >= 0 && dictionary->facts[fact].deal && !dictionary->facts[fact].derived)
		return fact;
	nearest = fact_nearest(dictionary, name, 1);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("\"%s\" is not a fact of a deal", name),
			 errdetail("The argument \"%s\" of the trigger names it.", argument),
			 nearest ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
}

/* A copy without the spaces around it. */
static char *
trimmed(const char *text, size_t length)
{
	while (length > 0 && *text == ' ')
		text++, length--;
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return pnstrdup(text, length);
}

/* Columns whose value is not stored are not in the row that a trigger sees. */
static void
check_stored(Relation rel, AttrNumber column)
{
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(rel), column - 1);

	if (attribute->attgenerated != '\0' && attribute->attgenerated != ATTRIBUTE_GENERATED_STORED)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("virtual generated column \"%s\" cannot carry a fact", NameStr(attribute->attname)),
				 errhint("Make it STORED.")));
}

static void
set_document(DealColumns *columns, Relation rel, AttrNumber column, bool named)
{
	Oid			type = getBaseType(TupleDescAttr(RelationGetDescr(rel), column - 1)->atttypid);

	if (type != JSONOID && type != JSONBOID)
	{
		if (!named)
			return;
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" with further facts must be json or jsonb",
						NameStr(TupleDescAttr(RelationGetDescr(rel), column - 1)->attname))));
	}
	check_stored(rel, column);
	columns->document = column;
}

/* One argument, "fact=column". */
static void
map_argument(DealColumns *columns, AttrNumber *column_of, const FactDictionary *dictionary,
			 Relation rel, const char *argument)
{
	const char *equals = strchr(argument, '=');
	const char *name;
	AttrNumber	column;
	int			fact;

	if (equals == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" of the trigger is not of the form fact=column", argument)));
	name = trimmed(argument, (size_t) (equals - argument));
	column = named_column(rel, trimmed(equals + 1, strlen(equals + 1)), argument);
	if (strcmp(name, "deal_id") == 0)
	{
		columns->n_key = 1;
		columns->key[0] = column;
		return;
	}
	if (strcmp(name, "facts") == 0)
	{
		set_document(columns, rel, column, true);
		return;
	}
	fact = named_fact(dictionary, name, argument);
	if (column_of[fact] != InvalidAttrNumber)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("fact \"%s\" is mapped more than once", name)));
	column_of[fact] = column;
}

/* The key of the deal where no argument names it: column deal_id, else the primary key. */
static void
default_key(DealColumns *columns, Relation rel)
{
	AttrNumber	column = find_column(RelationGetDescr(rel), "deal_id");
	Bitmapset  *primary;
	int			i = -1;

	if (column != InvalidAttrNumber)
	{
		columns->n_key = 1;
		columns->key[0] = column;
		return;
	}
	primary = RelationGetIndexAttrBitmap(rel, INDEX_ATTR_BITMAP_PRIMARY_KEY);
	while ((i = bms_next_member(primary, i)) >= 0)
		columns->key[columns->n_key++] = (AttrNumber) (i + FirstLowInvalidHeapAttributeNumber);
}

/* The whole mapping; see deal_columns.h. */
DealColumns *
deal_columns(const FactDictionary *dictionary, const Trigger *trigger, Relation rel)
{
	TupleDesc	descriptor = RelationGetDescr(rel);
	DealColumns *columns = palloc0(sizeof(DealColumns));
	AttrNumber *column_of = palloc0(mul_size(sizeof(AttrNumber), Max(dictionary->n_facts, 1)));

	columns->key = palloc(mul_size(sizeof(AttrNumber), Max(descriptor->natts, 1)));
	for (int i = 0; i < trigger->tgnargs; i++)
		map_argument(columns, column_of, dictionary, rel, trigger->tgargs[i]);
	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		int			fact;

		if (attribute->attisdropped)
			continue;
		if (columns->document == InvalidAttrNumber && strcmp(NameStr(attribute->attname), "facts") == 0)
			set_document(columns, rel, attribute->attnum, false);
		fact = fact_lookup(dictionary, NameStr(attribute->attname));
		if (fact >= 0 && dictionary->facts[fact].deal && !dictionary->facts[fact].derived &&
			column_of[fact] == InvalidAttrNumber)
			column_of[fact] = attribute->attnum;
	}
	if (columns->n_key == 0)
		default_key(columns, rel);

	columns->facts = palloc(mul_size(sizeof(*columns->facts), Max(dictionary->n_facts, 1)));
	for (int fact = 0; fact < dictionary->n_facts; fact++)
	{
		if (column_of[fact] == InvalidAttrNumber)
			continue;
		check_stored(rel, column_of[fact]);
		columns->facts[columns->n_facts].fact = fact;
		columns->facts[columns->n_facts].column = column_of[fact];
		columns->n_facts++;
	}
	return columns;
}

/* Does one column differ, bit for bit, between two versions of a row? */
static bool
column_changed(Relation rel, AttrNumber column, TupleTableSlot *old, TupleTableSlot *new)
{
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(rel), column - 1);
	bool		old_null;
	bool		new_null;
	Datum		old_value = slot_getattr(old, column, &old_null);
	Datum		new_value = slot_getattr(new, column, &new_null);

	if (old_null || new_null)
		return old_null != new_null;
	return !datum_image_eq(old_value, new_value, attribute->attbyval, attribute->attlen);
}

/* Has a mapped fact changed?  See deal_columns.h. */
bool
deal_changed(const DealColumns *columns, Relation rel, TupleTableSlot *old, TupleTableSlot *new)
{
	if (columns->document != InvalidAttrNumber && column_changed(rel, columns->document, old, new))
		return true;
	for (int i = 0; i < columns->n_facts; i++)
	{
		if (column_changed(rel, columns->facts[i].column, old, new))
			return true;
	}
	return false;
}

/* The text of a column's value. */
static char *
column_text(Relation rel, AttrNumber column, Datum value)
{
	Oid			output;
	bool		varlena;

	getTypeOutputInfo(TupleDescAttr(RelationGetDescr(rel), column - 1)->atttypid, &output, &varlena);
	return OidOutputFunctionCall(output, value);
}

/* The column with the document of further facts as jsonb, or NULL. */
static Jsonb *
row_document(const DealColumns *columns, Relation rel, TupleTableSlot *row)
{
	bool		isnull;
	Datum		document;

	if (columns->document == InvalidAttrNumber)
		return NULL;
	document = slot_getattr(row, columns->document, &isnull);
	if (isnull)
		return NULL;
	if (getBaseType(TupleDescAttr(RelationGetDescr(rel), columns->document - 1)->atttypid) == JSONOID)
		document = DirectFunctionCall1(jsonb_in, CStringGetDatum(column_text(rel, columns->document, document)));
	return DatumGetJsonbP(document);
}

/* The facts of the deal as the row is stored; see deal_columns.h. */
Facts *
deal_facts(const DealColumns *columns, const RuleBook *book, Relation rel, TupleTableSlot *row)
{
	Facts	   *facts = facts_absent(book);
	bool	   *mapped = palloc0(mul_size(sizeof(bool), book->dictionary.n_facts + 1));
	Jsonb	   *document = row_document(columns, rel, row);

	for (int i = 0; i < columns->n_facts; i++)
	{
		AttrNumber	column = columns->facts[i].column;
		bool		isnull;
		Datum		value = slot_getattr(row, column, &isnull);

		mapped[columns->facts[i].fact] = true;
		fact_set_datum(facts, columns->facts[i].fact, value, isnull,
					   TupleDescAttr(RelationGetDescr(rel), column - 1)->atttypid);
	}
	/* what a column gives, the document does not, here as for any other row */
	if (document != NULL)
		facts_read_document(facts, FACTS_OF_DEAL, document, mapped);
	return facts;
}

/* Settings under which the text of a value is the same in every session. */
static int
begin_plain_text(void)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("DateStyle", "ISO, YMD", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("IntervalStyle", "iso_8601", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("TimeZone", "UTC", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("extra_float_digits", "1", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("bytea_output", "hex", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/* The key's text; see deal_columns.h. */
const char *
deal_key(const DealColumns *columns, Relation rel, TupleTableSlot *row)
{
	StringInfoData key;
	bool		unnamed = columns->n_key == 0;
	int			level;

	if (unnamed)
		return NULL;
	initStringInfo(&key);
	level = begin_plain_text();
	for (int i = 0; i < columns->n_key; i++)
	{
		bool		isnull;
		Datum		value = slot_getattr(row, columns->key[i], &isnull);

		if (i > 0)
			appendStringInfoChar(&key, ',');
		if (!isnull)
			appendStringInfoString(&key, column_text(rel, columns->key[i], value));
		else
			unnamed = columns->n_key == 1;
	}
	AtEOXact_GUC(true, level);
	return unnamed ? NULL : key.data;
}
