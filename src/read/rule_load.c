/*
 * rule_load.c
 *		Reads one rule book: every row of one ruleset in force on one day.
 *
 * The book is read aside, in a context below the caller's, so that an error in the
 * middle leaves nothing behind.  Names come from the extension's own schema and
 * operators from pg_catalog, whatever the search_path.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/date.h"
#include "utils/memutils.h"

#include "core/condition_form.h"
#include "read/nearest.h"
#include "read/relations.h"
#include "read/rule_cache.h"
#include "types/condition.h"

static const char *const stage_names[] = {
	[STAGE_ACTIVITY] = "activity",
	[STAGE_SCOPE] = "scope",
	[STAGE_LIMB] = "limb",
	[STAGE_EXCEPTION] = "exception",
	[STAGE_EXEMPTION] = "exemption",
	[STAGE_CLASS] = "class",
	[STAGE_OBLIGATION] = "obligation",
};

static const char *const type_names[] = {
	[FACT_BOOLEAN] = "boolean",
	[FACT_NUMBER] = "number",
	[FACT_TEXT] = "text",
	[FACT_SET] = "set",
	[FACT_DATE] = "date",
};

/* position of a word in a list of words that a CHECK constraint keeps complete */
static int
word_position(const char *word, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	elog(ERROR, "unexpected word \"%s\" in a rule row", word);
	return -1;
}

static void
read_text(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	*(char **) arg = rule_text(tuple, columns, 1);
}

static void
read_name(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	const char ***names = arg;

	if (row == 0)
		*names = palloc(mul_size(sizeof(char *), n_rows));
	(*names)[row] = rule_text(tuple, columns, 1);
}

const char *
rule_find_ruleset(RuleState *state, const char *asked, DateADT as_of)
{
	const char *schema = extension_schema();
	const char *wanted = asked != NULL ? asked : rule_state_setting(state, "ruleset");
	char	   *found = NULL;
	const char **names = NULL;
	const char *nearest;
	uint64		n;

	if (wanted == NULL)
	{
		rule_query(psprintf("SELECT r.ruleset FROM %s.ruleset r"
							" WHERE r.status OPERATOR(pg_catalog.=) 'law'"
							" ORDER BY (r.in_force OPERATOR(pg_catalog.@>) $2) DESC,"
							" pg_catalog.lower(r.in_force) DESC NULLS LAST LIMIT 1", schema),
				   NULL, as_of, read_text, &found);
		if (found == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("no ruleset has status \"law\""),
					 errhint("Choose one with outbound.configure('ruleset', ...).")));
		return found;
	}
	rule_query(psprintf("SELECT r.ruleset FROM %s.ruleset r WHERE r.ruleset OPERATOR(pg_catalog.=) $1",
						schema),
			   wanted, as_of, read_text, &found);
	if (found != NULL)
		return found;
	n = rule_query(psprintf("SELECT r.ruleset FROM %s.ruleset r ORDER BY r.ruleset COLLATE pg_catalog.\"C\"",
							schema),
				   NULL, as_of, read_name, &names);
	nearest = nearest_name(wanted, names, (int) n);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("ruleset \"%s\" does not exist", wanted),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
	return NULL;
}

static void
read_fact(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	FactDictionary *dictionary = arg;
	FactDefinition *fact;

	if (row == 0)
		dictionary->facts = palloc(mul_size(sizeof(FactDefinition), n_rows));
	fact = &dictionary->facts[row];
	fact->name = rule_text(tuple, columns, 1);
	fact->type = word_position(rule_text(tuple, columns, 2), type_names, lengthof(type_names));
	fact->deal = rule_bool(tuple, columns, 3);
	fact->derived = rule_bool(tuple, columns, 4);
	fact->not_claimed = rule_bool(tuple, columns, 5);
	fact->allowed = rule_texts(tuple, columns, 6, &fact->n_allowed);
	dictionary->n_facts = (int) row + 1;
}

static void
read_reading(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleBook   *book = arg;
	Reading    *reading;
	const char *chosen = rule_text(tuple, columns, 3);

	if (row == 0)
		book->readings = palloc(mul_size(sizeof(Reading), n_rows));
	reading = &book->readings[row];
	reading->name = rule_text(tuple, columns, 1);
	reading->options = rule_texts(tuple, columns, 2, &reading->n_options);
	reading->chosen = -1;
	for (int i = 0; i < reading->n_options; i++)
		if (strcmp(reading->options[i], chosen) == 0)
			reading->chosen = i;
	if (reading->chosen < 0 || reading->n_options > 32)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("reading \"%s\" has no option \"%s\" among at most 32", reading->name, chosen)));
	book->n_readings = (int) row + 1;
}

/* the reading of a provision and the options under which it applies */
static void
read_provision_reading(const RuleBook *book, Provision *provision, const char *name,
					   const char **options, int n_options)
{
	const Reading *reading = NULL;

	provision->reading = -1;
	provision->options = 0;
	if (name == NULL)
		return;
	for (int i = 0; i < book->n_readings; i++)
		if (strcmp(book->readings[i].name, name) == 0)
		{
			provision->reading = i;
			reading = &book->readings[i];
		}
	for (int i = 0; i < n_options; i++)
	{
		int			option = -1;

		for (int j = 0; reading != NULL && j < reading->n_options; j++)
			if (strcmp(reading->options[j], options[i]) == 0)
				option = j;
		if (option < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("provision \"%s\" names option \"%s\", which reading \"%s\" does not have",
							provision->cite, options[i], name)));
		provision->options |= (uint32) 1 << option;
	}
}

/* compile a provision's condition; ERROR that names the provision */
static const CompiledCondition *
compile_provision(const RuleBook *book, const Provision *provision, Datum datum)
{
	CoreEnv		env = backend_env();
	ConditionError error;
	const CompiledCondition *compiled;

	compiled = condition_compile(&env, &DatumGetConditionP(datum)->form, &book->dictionary, &error);
	core_check(&env);
	if (compiled == NULL)
	{
		char	   *hint;
		int			sqlstate;
		char	   *message = condition_error_message(&error, &hint, &sqlstate);

		ereport(ERROR,
				(errcode(sqlstate),
				 errmsg("%s", message),
				 errdetail("The condition is that of provision \"%s\" of ruleset \"%s\".",
						   provision->cite, book->ruleset),
				 hint != NULL ? errhint("%s", hint) : 0));
	}
	return compiled;
}

static void
read_provision(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleBook   *book = arg;
	Provision  *provision;
	const char *outcome = rule_text(tuple, columns, 4);
	const char **options;
	int			n_options;
	bool		isnull;

	if (row == 0)
		book->provisions = palloc(mul_size(sizeof(Provision), n_rows));
	provision = &book->provisions[row];
	provision->cite = rule_text(tuple, columns, 1);
	provision->variant = rule_text(tuple, columns, 2);
	provision->stage = word_position(rule_text(tuple, columns, 3), stage_names, lengthof(stage_names));
	provision->outcome = outcome == NULL ? OUTCOME_NOT_COVERED
		: word_position(outcome, rule_outcomes, OUTCOME_PROHIBITED + 1);
	provision->limb = rule_text(tuple, columns, 5);
	provision->obligation = rule_text(tuple, columns, 6);
	provision->sector = rule_text(tuple, columns, 7);
	provision->summary = rule_text(tuple, columns, 8);
	provision->firm = rule_bool(tuple, columns, 9);
	options = rule_texts(tuple, columns, 11, &n_options);
	read_provision_reading(book, provision, rule_text(tuple, columns, 10), options, n_options);
	provision->condition = compile_provision(book, provision, SPI_getbinval(tuple, columns, 12, &isnull));
	book->n_provisions = (int) row + 1;
}

static void
read_list(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleBook   *book = arg;
	ListRow    *list;

	if (row == 0)
		book->lists = palloc(mul_size(sizeof(ListRow), n_rows));
	list = &book->lists[row];
	list->list = rule_text(tuple, columns, 1);
	list->cite = rule_text(tuple, columns, 2);
	list->relevant = rule_bool(tuple, columns, 3);
	list->test = rule_text(tuple, columns, 4);
	book->n_lists = (int) row + 1;
}

static void
read_third_country(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleBook   *book = arg;

	if (row == 0)
		book->third_countries = palloc(mul_size(sizeof(ThirdCountry), n_rows));
	strlcpy(book->third_countries[row].country, rule_text(tuple, columns, 1), 3);
	book->third_countries[row].transaction_type = rule_text(tuple, columns, 2);
	book->n_third_countries = (int) row + 1;
}

static void
read_parameter(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleBook   *book = arg;
	Parameter  *parameter;

	if (row == 0)
		book->parameters = palloc(mul_size(sizeof(Parameter), n_rows));
	parameter = &book->parameters[row];
	parameter->name = rule_text(tuple, columns, 1);
	parameter->value = rule_text(tuple, columns, 2);
	parameter->cite = rule_text(tuple, columns, 3);
	book->n_parameters = (int) row + 1;
}

static void
read_days(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	CachedBook *cached = arg;
	bool		isnull;
	Datum		day;

	day = SPI_getbinval(tuple, columns, 1, &isnull);
	cached->from_day = isnull ? DATEVAL_NOBEGIN : DatumGetDateADT(day);
	day = SPI_getbinval(tuple, columns, 2, &isnull);
	cached->to_day = isnull ? DATEVAL_NOEND : DatumGetDateADT(day);
}

/* the days around as_of on which no rule row comes into force or goes */
static void
load_days(CachedBook *cached, const char *schema, DateADT as_of)
{
	static const char *const tables[] = {"ruleset", "provision", "country_of_concern", "third_country", "list",
	"ownership_test", "parameter"};
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfoString(&query,
						   "SELECT pg_catalog.max(b.day) FILTER (WHERE b.day OPERATOR(pg_catalog.<=) $2),"
						   " pg_catalog.min(b.day) FILTER (WHERE b.day OPERATOR(pg_catalog.>) $2) FROM (");
	for (int i = 0; i < lengthof(tables); i++)
		appendStringInfo(&query, "%sSELECT pg_catalog.lower(t.in_force) AS day FROM %s.%s t"
						 " UNION ALL SELECT pg_catalog.upper(t.in_force) FROM %s.%s t",
						 i == 0 ? "" : " UNION ALL ", schema, tables[i], schema, tables[i]);
	appendStringInfo(&query, " UNION ALL SELECT pg_catalog.lower(t.stayed) FROM %s.ownership_test t"
					 " UNION ALL SELECT pg_catalog.upper(t.stayed) FROM %s.ownership_test t"
					 " UNION ALL SELECT t.verify_from FROM %s.ownership_test t", schema, schema, schema);
	appendStringInfoString(&query, ") b");
	rule_query(query.data, NULL, as_of, read_days, cached);
}

const FactDictionary *
rule_load_dictionary(RuleState *state)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context;
	FactDictionary *dictionary;

	if (rule_state_dictionary(state) != NULL)
		return rule_state_dictionary(state);
	context = AllocSetContextCreate(outer, "outbound dictionary", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	dictionary = palloc0(sizeof(FactDictionary));
	rule_query(psprintf("SELECT f.fact, f.type, f.kind OPERATOR(pg_catalog.=) 'deal', f.derived,"
						" f.when_absent OPERATOR(pg_catalog.=) 'not_claimed', f.allowed"
						" FROM %s.fact f ORDER BY f.fact COLLATE pg_catalog.\"C\"", extension_schema()),
			   NULL, 0, read_fact, dictionary);
	MemoryContextSwitchTo(outer);
	rule_state_keep_dictionary(state, dictionary, context);
	return dictionary;
}

/* the ruleset $1 and the one it is based on, if any, as an SQL array */
static char *
own_and_base(const char *schema)
{
	return psprintf("ARRAY[$1, (SELECT s.base FROM %s.ruleset s WHERE s.ruleset OPERATOR(pg_catalog.=) $1)]", schema);
}

/* ERROR 42704: the ruleset takes over rows, or fixes readings, that there are not */
static void
check_base(const RuleBook *book, const char *schema, DateADT as_of)
{
	char	   *absent = NULL;

	rule_query(psprintf("SELECT pg_catalog.format('ruleset \"%%s\"', s.base) FROM %s.ruleset s"
						" WHERE s.ruleset OPERATOR(pg_catalog.=) $1 AND s.base IS NOT NULL AND NOT EXISTS"
						" (SELECT FROM %s.ruleset b WHERE b.ruleset OPERATOR(pg_catalog.=) s.base AND b.base IS NULL)"
						" UNION ALL SELECT pg_catalog.format('reading \"%%s\"', k)"
						" FROM %s.ruleset s, pg_catalog.jsonb_object_keys(s.choices) k"
						" WHERE s.ruleset OPERATOR(pg_catalog.=) $1 AND NOT EXISTS"
						" (SELECT FROM %s.reading r WHERE r.reading OPERATOR(pg_catalog.=) k)",
						schema, schema, schema, schema),
			   book->ruleset, as_of, read_text, &absent);
	if (absent != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("ruleset \"%s\" rests on %s, which does not exist or is an alternative itself",
						book->ruleset, absent)));
}

/* the readings, and the conditions compiled against the dictionary */
static void
load_law(RuleBook *book, const char *schema, DateADT as_of)
{
	rule_query(psprintf("SELECT r.reading, r.options,"
						" COALESCE(s.choices OPERATOR(pg_catalog.->>) r.reading, c.option, r.default_option)"
						" FROM %s.reading r LEFT JOIN %s.reading_choice c"
						" ON c.reading OPERATOR(pg_catalog.=) r.reading"
						" LEFT JOIN %s.ruleset s ON s.ruleset OPERATOR(pg_catalog.=) $1"
						" ORDER BY r.reading COLLATE pg_catalog.\"C\"", schema, schema, schema),
			   book->ruleset, as_of, read_reading, book);
	rule_query(psprintf("SELECT p.cite, p.variant, p.stage, p.outcome, p.limb, p.obligation, p.sector,"
						" p.summary, p.origin OPERATOR(pg_catalog.=) 'firm', p.reading, p.options, p.condition"
						" FROM %s.provision p WHERE p.ruleset OPERATOR(pg_catalog.=) ANY (%s)"
						" AND p.in_force OPERATOR(pg_catalog.@>) $2"
						" ORDER BY pg_catalog.array_position('{activity,scope,limb,exception,exemption,class,"
						"obligation}'::pg_catalog.text[], p.stage), 9,"
						" p.cite COLLATE pg_catalog.\"C\", p.variant COLLATE pg_catalog.\"C\"", schema, own_and_base(schema)),
			   book->ruleset, as_of, read_provision, book);
}

/* the other rows of the ruleset */
static void
load_tables(RuleBook *book, const char *schema, DateADT as_of)
{
	/* of two rows of one name the ruleset's own comes first, and is found first */
	const char *in_force = psprintf("t.ruleset OPERATOR(pg_catalog.=) ANY (%s)"
									" AND t.in_force OPERATOR(pg_catalog.@>) $2", own_and_base(schema));

	rule_query(psprintf("SELECT t.list, t.cite, t.relevant, t.test FROM %s.list t WHERE %s"
						" ORDER BY t.list COLLATE pg_catalog.\"C\", t.ruleset OPERATOR(pg_catalog.=) $1 DESC", schema, in_force),
			   book->ruleset, as_of, read_list, book);
	book->n_countries = (int)
		rule_query(psprintf("SELECT t.country FROM %s.country_of_concern t WHERE %s"
							" ORDER BY t.country COLLATE pg_catalog.\"C\"", schema, in_force),
				   book->ruleset, as_of, read_name, &book->countries);
	rule_query(psprintf("SELECT t.country, t.transaction_type FROM %s.third_country t WHERE %s"
						" ORDER BY t.country COLLATE pg_catalog.\"C\", t.transaction_type COLLATE pg_catalog.\"C\"", schema, in_force),
			   book->ruleset, as_of, read_third_country, book);
	rule_query(psprintf("SELECT t.name, t.value, t.cite FROM %s.parameter t WHERE %s"
						" ORDER BY t.name COLLATE pg_catalog.\"C\", t.ruleset OPERATOR(pg_catalog.=) $1 DESC", schema, in_force),
			   book->ruleset, as_of, read_parameter, book);
}

CachedBook *
rule_load(RuleState *state, const char *asked, DateADT as_of)
{
	static uint64 last_id = 0;
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(outer, "outbound rule book", ALLOCSET_DEFAULT_SIZES);
	const char *schema;
	CachedBook *cached;

	SPI_connect();
	MemoryContextSwitchTo(context);
	schema = extension_schema();
	cached = palloc0(sizeof(CachedBook));
	cached->context = context;
	cached->book.context = context;
	cached->asked = asked == NULL ? NULL : pstrdup(asked);
	cached->book.exists = true;
	cached->book.ruleset = rule_find_ruleset(state, asked, as_of);
	cached->book.dictionary = *rule_load_dictionary(state);
	check_base(&cached->book, schema, as_of);
	load_days(cached, schema, as_of);
	load_law(&cached->book, schema, as_of);
	rule_load_tests(&cached->book, as_of);
	load_tables(&cached->book, schema, as_of);
	cached->book.id = ++last_id;
	SPI_finish();
	MemoryContextSwitchTo(outer);
	return cached;
}
