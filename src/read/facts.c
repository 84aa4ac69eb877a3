/*
 * facts.c
 *		Facts of one activity or deal from a JSON document or a row.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/typcache.h"

#include "read/fact_columns.h"
#include "read/fact_value.h"
#include "read/facts.h"

Facts *
facts_absent(const RuleBook *book)
{
	const FactDictionary *dictionary = &book->dictionary;
	Facts	   *facts = palloc(sizeof(Facts));

	facts->dictionary = dictionary;
	facts->values = palloc0(mul_size(sizeof(FactValue), dictionary->n_facts));
	facts->carried = palloc0(mul_size(sizeof(bool), dictionary->n_facts));
	for (int i = 0; i < dictionary->n_facts; i++)
	{
		facts->values[i].choice = -1;
		facts->values[i].number = FRACTION_ZERO;
		if (dictionary->facts[i].not_claimed && !dictionary->facts[i].derived)
			facts->values[i].state = FACT_NOT_CLAIMED;
	}
	return facts;
}

/* ERROR 42703: a document carries a key that is no fact it may give */
static void
no_such_fact(const FactDictionary *dictionary, FactKind kind, const char *name, int fact)
{
	const char *nearest;

	if (fact >= 0 && dictionary->facts[fact].derived)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("fact \"%s\" is computed and cannot be given", name)));
	if (fact >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 kind == FACTS_OF_ACTIVITY
				 ? errmsg("\"%s\" is a fact of a deal, not of an activity", name)
				 : errmsg("\"%s\" is a fact of an activity, not of a deal", name)));
	nearest = fact_nearest(dictionary, name, kind == FACTS_OF_ANY ? -1 : kind == FACTS_OF_DEAL);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("fact \"%s\" does not exist", name),
			 nearest != NULL
			 ? errhint("Perhaps you meant \"%s\".  Keys that start with \"x_\" are ignored.", nearest)
			 : errhint("Table outbound.fact lists the facts.  Keys that start with \"x_\" are ignored.")));
}

/* the fact that a document's key gives, or -1 for a key of the firm's own */
static int
fact_of_key(const FactDictionary *dictionary, FactKind kind, const JsonbValue *key)
{
	char		buffer[NAMEDATALEN];
	int			length = key->val.string.len;
	char	   *name = length < NAMEDATALEN ? buffer : palloc(length + 1);
	int			fact;

	memcpy(name, key->val.string.val, length);
	name[length] = '\0';
	if (strncmp(name, "x_", 2) == 0)
		return -1;
	fact = fact_lookup(dictionary, name);
	if (fact < 0 || dictionary->facts[fact].derived ||
		(kind != FACTS_OF_ANY && dictionary->facts[fact].deal != (kind == FACTS_OF_DEAL)))
		no_such_fact(dictionary, kind, name, fact);
	return fact;
}

void
facts_read_document(Facts *facts, FactKind kind, Jsonb *document, const bool *skip)
{
	CoreEnv		env = backend_env();
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	int			fact = -1;

	if (!JB_ROOT_IS_OBJECT(document))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("facts must be a JSON object"),
				 errhint("For example {\"verbs\": [\"fabricates\"], \"object\": \"integrated_circuit\"}.")));
	iterator = JsonbIteratorInit(&document->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			fact = fact_of_key(facts->dictionary, kind, &value);
		else if (token == WJB_VALUE && fact >= 0 && (skip == NULL || !skip[fact]))
		{
			fact_read_json(&env, &facts->dictionary->facts[fact], &value, &facts->values[fact]);
			facts->carried[fact] = true;
		}
	}
	core_check(&env);
}

Facts *
facts_from_jsonb(const RuleBook *book, FactKind kind, Jsonb *document)
{
	Facts	   *facts = facts_absent(book);

	facts_read_document(facts, kind, document, NULL);
	return facts;
}

Facts *
facts_from_record(const RuleBook *book, FactKind kind, HeapTupleHeader row)
{
	TupleDesc	columns = lookup_rowtype_tupdesc_domain(HeapTupleHeaderGetTypeId(row),
														HeapTupleHeaderGetTypMod(row), false);
	FactColumns *map = fact_columns_create(book, kind, columns, CurrentMemoryContext);

	fact_columns_read(map, row);
	ReleaseTupleDesc(columns);
	return fact_columns_settle(map);
}

/* Errors of the data: what is wrong with one row's facts. */
static bool
is_data_error(int sqlerrcode)
{
	int			category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_DATA_EXCEPTION || category == ERRCODE_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION ||
		category == ERRCODE_PROGRAM_LIMIT_EXCEEDED;
}

/*
 * The facts of a row whose reader allocates memory and nothing else: an error of it leaves
 * nothing behind, so that no subtransaction is needed, whose rollback would make
 * everybody read the relations again.
 */
static Facts *
read_plain_record(FactColumns *map, HeapTupleHeader row, const char **problem)
{
	MemoryContext context = CurrentMemoryContext;
	Facts	   *volatile facts = NULL;

	PG_TRY();
	{
		fact_columns_read(map, row);
		facts = fact_columns_settle(map);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		if (!is_data_error(error->sqlerrcode))
			ReThrowError(error);
		*problem = error->message;
	}
	PG_END_TRY();
	return facts;
}

/* Reads a row in a subtransaction, which an error rolls back: output functions may do anything. */
static Facts *
read_any_record(FactColumns *map, HeapTupleHeader row, const char **problem)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	Facts	   *facts;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	facts = read_plain_record(map, row, problem);
	if (facts != NULL)
		ReleaseCurrentSubTransaction();
	else
		RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return facts;
}

Facts *
facts_from_dirty_record(const RuleBook *book, FactKind kind, HeapTupleHeader row, const char **problem)
{
	TupleDesc	columns = lookup_rowtype_tupdesc_domain(HeapTupleHeaderGetTypeId(row),
														HeapTupleHeaderGetTypMod(row), false);
	FactColumns *map = fact_columns_create(book, kind, columns, CurrentMemoryContext);

	ReleaseTupleDesc(columns);
	return fact_columns_are_plain(map) ? read_plain_record(map, row, problem) : read_any_record(map, row, problem);
}

void
fact_set_datum(Facts *facts, int fact, Datum value, bool isnull, Oid type)
{
	facts->carried[fact] = true;
	facts->values[fact].state = FACT_UNKNOWN;
	if (!isnull)
	{
		CoreEnv		env = backend_env();
		FactReader	reader;

		fact_reader_init(&reader, &facts->dictionary->facts[fact], type, CurrentMemoryContext);
		fact_read(&env, &reader, &facts->dictionary->facts[fact], value, &facts->values[fact]);
		core_check(&env);
	}
}

static const FactValue *
get_value(void *arg, int fact)
{
	return &((const Facts *) arg)->values[fact];
}

FactSource
facts_source(const Facts *facts)
{
	FactSource	source = {get_value, unconstify(Facts *, facts)};

	return source;
}
