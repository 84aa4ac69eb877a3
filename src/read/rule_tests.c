/*
 * rule_tests.c
 *		Reads the ownership tests and what each reading's option changes in them.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "read/contract_words.h"
#include "utils/builtins.h"

#include "core/share_value.h"
#include "read/relations.h"
#include "read/rule_cache.h"

/* ERROR 22023: a column of an ownership test holds what it may not */
static void
bad_test_value(const char *test, const char *column, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("ownership test \"%s\" has the value \"%s\" in \"%s\", which the engine does not know",
					test, value, column)));
}

static InterestKind
interest_kind(const char *test, const char *column, const char *name)
{
	for (int i = 0; i < INTEREST_UNMAPPED; i++)
		if (strcmp(interest_kind_words[i], name) == 0)
			return (InterestKind) i;
	bad_test_value(test, column, name);
	return INTEREST_UNMAPPED;
}

/* kinds of role as bits; branch_of and acts_for are principals' */
static void
read_roles(TestRow *test, const char *column, const char **names, int n,
		   uint32 *roles, uint32 *principals)
{
	for (int i = 0; i < n; i++)
	{
		InterestKind kind = interest_kind(test->name, column, names[i]);

		if (kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR)
			*principals |= (uint32) 1 << kind;
		else
			*roles |= (uint32) 1 << kind;
	}
}

static PassBelow
read_below(const char *test, const char *word)
{
	if (strcmp(word, "nothing") == 0)
		return PASS_NOTHING;
	if (strcmp(word, "proportion") != 0)
		bad_test_value(test, "below", word);
	return PASS_PROPORTION;
}

static LinkFactor
read_link(const char *test, const char *word)
{
	if (strcmp(word, "product") == 0)
		return LINK_PRODUCT;
	if (strcmp(word, "literal") != 0)
		bad_test_value(test, "link", word);
	return LINK_LITERAL;
}

/* the exact share a text stands for; ERROR 22023 for a range */
static Fraction
read_share(const char *test, const char *column, const char *text)
{
	CoreEnv		env = backend_env();
	size_t		error_at;
	ShareValue	share = share_value_parse(&env, text, &error_at);

	core_check(&env);
	if (!share_value_is_exact(&share))
		bad_test_value(test, column, text);
	return share.lower;
}

/* another line per measure: shares and strictness in two columns, both NULL or both whole */
static bool
read_gates(TestRow *test, HeapTuple tuple, TupleDesc columns, int column, Gate *gates)
{
	int			n,
				n_strict;
	const char **shares = rule_texts(tuple, columns, column, &n);
	const char **strict = rule_texts(tuple, columns, column + 1, &n_strict);

	if (shares == NULL)
		return false;
	if (n != test->base.n_measures || n_strict != n)
		bad_test_value(test->name, SPI_fname(columns, column), psprintf("%d", n));
	for (int i = 0; i < n; i++)
	{
		gates[i].threshold = read_share(test->name, SPI_fname(columns, column), shares[i]);
		gates[i].strict = strict[i][0] == 't';
	}
	return true;
}

/* what makes a member, and what a link controlling, where that is not the gate */
static void
read_lines(TestRow *test, HeapTuple tuple, TupleDesc columns)
{
	static const char *const counts[] = {
		[CONTROL_AS_SHARE] = "as_share",
		[CONTROL_BEYOND_SEEDS] = "beyond_seeds",
		[CONTROL_WHOLE] = "whole",
	};
	const char *word = rule_text(tuple, columns, 21);
	Gate		gates[MAX_MEASURES];
	int			i;

	test->base.reports = read_gates(test, tuple, columns, 17, gates);
	for (int k = 0; test->base.reports && k < test->base.n_measures; k++)
		test->base.measures[k].report = gates[k];
	for (i = 0; i < lengthof(counts) && strcmp(counts[i], word) != 0; i++)
		;
	if (i == lengthof(counts) || (i != CONTROL_AS_SHARE) != read_gates(test, tuple, columns, 19, gates))
		bad_test_value(test->name, "control_counts", word);
	test->base.control_counts = (ControlCounts) i;
	for (int k = 0; i != CONTROL_AS_SHARE && k < test->base.n_measures; k++)
		test->base.measures[k].control = gates[k];
}

/* who is left out, when it is law, and what calls for inquiry */
static void
read_scope(TestRow *test, HeapTuple tuple, TupleDesc columns)
{
	static const char *const states[] = {
		[TEST_IN_FORCE] = "in force",
		[TEST_NOT_IN_FORCE] = "not in force",
		[TEST_STAYED] = "stayed",
		[TEST_TO_VERIFY] = "verify",
	};
	int			n;
	const char **excludes = rule_texts(tuple, columns, 22, &n);
	const char *state = rule_text(tuple, columns, 25);
	const char *red_flag = rule_text(tuple, columns, 24);

	for (int i = 0; i < n; i++)
	{
		if (strcmp(excludes[i], "us_organized") != 0)
			bad_test_value(test->name, "excludes", excludes[i]);
		test->excludes_us = true;
	}
	test->through = rule_text(tuple, columns, 23);
	test->has_red_flag = red_flag != NULL;
	if (red_flag != NULL)
		test->red_flag = read_share(test->name, "red_flag", red_flag);
	for (int i = 0; i < lengthof(states); i++)
		if (strcmp(states[i], state) == 0)
			test->state = (TestState) i;
}

/* the gates: kinds, thresholds and strictness run parallel */
static void
read_measures(TestRow *test, HeapTuple tuple, TupleDesc columns)
{
	int			n,
				n_thresholds,
				n_strict;
	const char **kinds = rule_texts(tuple, columns, 4, &n);
	const char **thresholds = rule_texts(tuple, columns, 5, &n_thresholds);
	const char **strict = rule_texts(tuple, columns, 6, &n_strict);

	if (n < 1 || n > MAX_MEASURES || n_thresholds != n || n_strict != n)
		bad_test_value(test->name, "measures", psprintf("%d", n));
	test->base.n_measures = n;
	for (int i = 0; i < n; i++)
	{
		test->base.measures[i].kind = interest_kind(test->name, "measures", kinds[i]);
		if (test->base.measures[i].kind >= N_PERCENTAGE_KINDS)
			bad_test_value(test->name, "measures", kinds[i]);
		test->base.measures[i].threshold = read_share(test->name, "thresholds", thresholds[i]);
		test->base.measures[i].strict = strict[i][0] == 't';
	}
}

static void
read_test(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleBook   *book = arg;
	TestRow    *test;
	const char *tiers;
	const char **roles;
	int			n;

	if (row == 0)
		book->tests = palloc0(mul_size(sizeof(TestRow), n_rows));
	test = &book->tests[row];
	test->name = rule_text(tuple, columns, 1);
	test->seeds = rule_text(tuple, columns, 2);
	test->pooled = rule_bool(tuple, columns, 3);
	read_measures(test, tuple, columns);
	test->base.below = read_below(test->name, rule_text(tuple, columns, 7));
	test->base.link = read_link(test->name, rule_text(tuple, columns, 8));
	test->base.across_measures = rule_bool(tuple, columns, 9);
	test->base.status_feeds_back = rule_bool(tuple, columns, 10);
	roles = rule_texts(tuple, columns, 11, &n);
	read_roles(test, "roles", roles, n, &test->base.roles, &test->base.principal_roles);
	roles = rule_texts(tuple, columns, 12, &n);
	read_roles(test, "fund_roles", roles, n, &test->base.fund_roles, &test->base.principal_roles);
	test->base.roles_carry = rule_bool(tuple, columns, 13);
	tiers = rule_text(tuple, columns, 14);
	test->tiers = tiers == NULL ? 0 : pg_strtoint32(tiers);
	test->last_tier_pools_base = rule_bool(tuple, columns, 15);
	test->base.equity_votes = rule_bool(tuple, columns, 16);
	test->base.own_shares_count = rule_bool(tuple, columns, 26);
	if (test->base.own_shares_count && test->base.below != PASS_NOTHING)
		bad_test_value(test->name, "own_shares_count", "true");
	read_lines(test, tuple, columns);
	read_scope(test, tuple, columns);
	book->n_tests = (int) row + 1;
}

static bool
read_flag(const char *test, const char *column, const char *word)
{
	if (strcmp(word, "true") != 0 && strcmp(word, "false") != 0)
		bad_test_value(test, column, word);
	return word[0] == 't';
}

/* one key of a row's changes */
static void
set_change(TestChange *change, const char *test, const char *column, const char *word)
{
	if (strcmp(column, "below") == 0)
	{
		change->has_below = true;
		change->below = read_below(test, word);
	}
	else if (strcmp(column, "link") == 0)
	{
		change->has_link = true;
		change->link = read_link(test, word);
	}
	else if (strcmp(column, "tiers") == 0)
	{
		change->has_tiers = true;
		change->tiers = word[0] == '\0' ? 0 : pg_strtoint32(word);
	}
	else if (strcmp(column, "across_measures") == 0 && word[0] == '\0')
		change->has_across = change->across = change->across_open = true;	/* NULL: left open */
	else
	{
		bool		flag = read_flag(test, column, word);

		if (strcmp(column, "across_measures") == 0)
			change->has_across = true, change->across = flag;
		else if (strcmp(column, "status_feeds_back") == 0)
			change->has_feeds_back = true, change->feeds_back = flag;
		else if (strcmp(column, "roles_carry") == 0)
			change->has_roles_carry = true, change->roles_carry = flag;
		else if (strcmp(column, "equity_votes") == 0)
			change->has_equity_votes = true, change->equity_votes = flag;
		else if (strcmp(column, "pooled") == 0)
			change->has_pooled = true, change->pooled = flag;
		else if (strcmp(column, "last_tier_pools_base") == 0)
			change->has_last_pools_base = true, change->last_pools_base = flag;
		else
			bad_test_value(test, "changes", column);
	}
}

static TestRow *
find_test(RuleBook *book, const char *name)
{
	for (int i = 0; i < book->n_tests; i++)
		if (strcmp(book->tests[i].name, name) == 0)
			return &book->tests[i];
	return NULL;
}

/* one key of one row; rows come ordered by test, so that a test's changes lie together */
static void
read_change(void *arg, HeapTuple tuple, TupleDesc columns, uint64 row, uint64 n_rows)
{
	RuleBook   *book = arg;
	const char *reading = rule_text(tuple, columns, 2);
	const char *option = rule_text(tuple, columns, 3);
	TestRow    *test = find_test(book, rule_text(tuple, columns, 1));
	TestChange *change;

	if (test == NULL)
		return;
	if (test->changes == NULL)
		test->changes = palloc0(mul_size(sizeof(TestChange), n_rows - row));
	change = &test->changes[test->n_changes++];
	change->reading = -1;
	change->option = -1;
	for (int i = 0; i < book->n_readings; i++)
		if (strcmp(book->readings[i].name, reading) == 0)
		{
			change->reading = i;
			for (int j = 0; j < book->readings[i].n_options; j++)
				if (strcmp(book->readings[i].options[j], option) == 0)
					change->option = j;
		}
	if (change->option < 0)
		bad_test_value(test->name, reading, option);
	set_change(change, test->name, rule_text(tuple, columns, 4), rule_text(tuple, columns, 5));
}

void
rule_load_tests(RuleBook *book, DateADT as_of)
{
	const char *schema = extension_schema();

	rule_query(psprintf("SELECT t.test, t.seeds, t.pooled, t.measures, t.thresholds::pg_catalog.text[],"
						" t.strict::pg_catalog.text[], t.below, t.link, t.across_measures, t.status_feeds_back,"
						" t.roles, t.fund_roles, t.roles_carry, t.tiers, t.last_tier_pools_base, t.equity_votes,"
						" t.report::pg_catalog.text[], t.report_strict::pg_catalog.text[],"
						" t.control::pg_catalog.text[], t.control_strict::pg_catalog.text[], t.control_counts,"
						" t.excludes, t.through, t.red_flag::pg_catalog.text,"
						" CASE WHEN NOT t.in_force OPERATOR(pg_catalog.@>) $2 THEN 'not in force'"
						"  WHEN t.stayed OPERATOR(pg_catalog.@>) $2 THEN 'stayed'"
						"  WHEN t.verify_from OPERATOR(pg_catalog.<=) $2 THEN 'verify' ELSE 'in force' END, t.own_shares_count"
						" FROM %s.ownership_test t"
						" ORDER BY t.test COLLATE pg_catalog.\"C\"", schema),
			   NULL, as_of, read_test, book);
	rule_query(psprintf("SELECT r.test, r.reading, r.option, c.key, COALESCE(c.value, '')"
						" FROM %s.ownership_test_reading r, pg_catalog.jsonb_each_text(r.changes) c"
						" ORDER BY r.test COLLATE pg_catalog.\"C\", r.step, r.reading COLLATE pg_catalog.\"C\", r.option", schema),
			   NULL, as_of, read_change, book);
}
