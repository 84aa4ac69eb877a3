/*
 * rules.c
 *		The rule book: what everybody else asks of it.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "utils/memutils.h"

#include "read/nearest.h"
#include "read/rule_cache.h"
#include "read/rules.h"

const char *const rule_outcomes[] = {
	[OUTCOME_OUT_OF_SCOPE] = "out_of_scope",
	[OUTCOME_NOT_COVERED] = "not_covered",
	[OUTCOME_EXCEPTED] = "excepted",
	[OUTCOME_EXEMPTED] = "exempted",
	[OUTCOME_UNDETERMINED] = "undetermined",
	[OUTCOME_NOTIFIABLE] = "notifiable",
	[OUTCOME_PROHIBITED] = "prohibited",
};

const RuleBook *
rule_book(const char *ruleset, DateADT as_of)
{
	RuleState  *state = rule_state();
	CachedBook *cached = rule_state_book(state, ruleset, as_of);

	if (likely(cached != NULL))
		return &cached->book;
	cached = rule_load(state, ruleset, as_of);
	rule_state_keep(state, cached);
	return &cached->book;
}

const FactDictionary *
rule_dictionary(void)
{
	RuleState  *state = rule_state();
	const FactDictionary *dictionary = rule_state_dictionary(state);

	if (dictionary == NULL)
	{
		MemoryContext context = CurrentMemoryContext;

		SPI_connect();
		dictionary = rule_load_dictionary(state);
		SPI_finish();
		MemoryContextSwitchTo(context);
	}
	return dictionary;
}

const char *
rule_ruleset(const char *ruleset, DateADT as_of)
{
	RuleState  *state = rule_state();
	MemoryContext context = CurrentMemoryContext;
	const char *found;

	SPI_connect();
	MemoryContextSwitchTo(context);
	found = rule_find_ruleset(state, ruleset, as_of);
	SPI_finish();
	MemoryContextSwitchTo(context);
	return found;
}

ReadingChoice *
reading_choice(const RuleBook *book)
{
	ReadingChoice *choice = palloc(add_size(offsetof(ReadingChoice, option),
											mul_size(sizeof(int), book->n_readings)));

	choice->n = book->n_readings;
	for (int i = 0; i < book->n_readings; i++)
		choice->option[i] = book->readings[i].chosen;
	return choice;
}

bool
provision_applies(const Provision *provision, const ReadingChoice *choice)
{
	return provision->reading < 0 ||
		(provision->options & ((uint32) 1 << choice->option[provision->reading])) != 0;
}

/* ERROR 42704: no such row, with the nearest name there is */
static void
no_such_row(const char *what, const char *name, const char *ruleset, const char *nearest)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("%s \"%s\" does not exist in ruleset \"%s\"", what, name, ruleset),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
}

const Parameter *
rule_parameter_if_any(const RuleBook *book, const char *name)
{
	for (int i = 0; i < book->n_parameters; i++)
		if (strcmp(book->parameters[i].name, name) == 0)
			return &book->parameters[i];
	return NULL;
}

const Parameter *
rule_parameter(const RuleBook *book, const char *name)
{
	const Parameter *parameter = rule_parameter_if_any(book, name);
	const char **names;

	if (parameter != NULL)
		return parameter;
	names = palloc(mul_size(sizeof(char *), book->n_parameters + 1));
	for (int i = 0; i < book->n_parameters; i++)
		names[i] = book->parameters[i].name;
	no_such_row("parameter", name, book->ruleset, nearest_name(name, names, book->n_parameters));
	return NULL;
}

const TestRow *
rule_test(const RuleBook *book, const char *name)
{
	const char **names;

	for (int i = 0; i < book->n_tests; i++)
		if (strcmp(book->tests[i].name, name) == 0)
			return &book->tests[i];
	names = palloc(mul_size(sizeof(char *), book->n_tests + 1));
	for (int i = 0; i < book->n_tests; i++)
		names[i] = book->tests[i].name;
	no_such_row("ownership test", name, book->ruleset, nearest_name(name, names, book->n_tests));
	return NULL;
}

TestRow
rule_test_under(const TestRow *row, const ReadingChoice *choice)
{
	TestRow		test = *row;

	for (int i = 0; i < row->n_changes; i++)
	{
		const TestChange *change = &row->changes[i];

		if (choice->option[change->reading] != change->option)
			continue;
		if (change->has_below)
			test.base.below = change->below;
		if (change->has_link)
			test.base.link = change->link;
		if (change->has_across)
		{
			test.base.across_measures = change->across;
			test.across_open = change->across_open;
		}
		if (change->has_feeds_back)
			test.base.status_feeds_back = change->feeds_back;
		if (change->has_roles_carry)
			test.base.roles_carry = change->roles_carry;
		if (change->has_equity_votes)
			test.base.equity_votes = change->equity_votes;
		if (change->has_pooled)
			test.pooled = change->pooled;
		if (change->has_tiers)
			test.tiers = change->tiers;
		if (change->has_last_pools_base)
			test.last_tier_pools_base = change->last_pools_base;
	}
	return test;
}
