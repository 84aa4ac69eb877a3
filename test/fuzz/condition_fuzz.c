/*
 * condition_fuzz.c
 *		Any bytes as a condition: parsed, printed, parsed again, compiled, evaluated.
 *
 * Printing is a fixpoint and gives the same bytes back; evaluation with what is
 * missing and without agree.  The parser must have been generated (make).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types/condition_gram.c"
#undef yylex
#undef yyerror
#undef yydebug
#undef yynerrs
#include "types/condition_scan.c"

static char arena[1 << 26];
static size_t used;

static void *
take(void *arg, size_t size)
{
	void	   *result = arena + used;

	(void) arg;
	used += (size + 15) & ~(size_t) 15;
	if (used > sizeof(arena))
		abort();
	return result;
}

static void
no_poll(void *arg)
{
	(void) arg;
}

void
condition_scan_fatal(const char *message)
{
	(void) message;
	abort();
}

static const char *abc[] = {"a", "b", "c"};
static FactDefinition definitions[] = {
	{"b", FACT_BOOLEAN, false, true, false, 0, NULL},
	{"d", FACT_DATE, true, false, true, 0, NULL},
	{"f", FACT_TEXT, true, false, false, 0, NULL},
	{"n", FACT_NUMBER, false, false, false, 0, NULL},
	{"p", FACT_BOOLEAN, false, false, true, 0, NULL},
	{"s", FACT_SET, false, false, false, 3, abc},
	{"t", FACT_TEXT, false, false, false, 3, abc},
};
static FactDictionary dictionary = {7, definitions};
static FactValue values[7];

static const FactValue *
get(void *arg, int fact)
{
	(void) arg;
	return &values[fact];
}

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CoreEnv		env = {take, no_poll, NULL, CORE_OK, 0};
	FactSource	source = {get, NULL};
	ConditionParse parse;
	ConditionError error;
	ConditionForm *form,
			   *again;
	CompiledCondition *condition;
	char	   *text;
	uint8_t		missing[7] = {0};
	uint8_t		seed = size ? data[0] : 0;
	int			n;

	used = 0;
	if (size == 0)
		return 0;
	form = condition_parse(&env, (const char *) data + 1, size - 1, &parse);
	if (form == NULL)
	{
		if (parse.status == PARSE_OK || parse.near + parse.near_length > size - 1 || env.status != CORE_OK)
			abort();
		return 0;
	}
	text = condition_print(&env, form);
	if (strlen(text) > CONDITION_MAX_TEXT)
		return 0;
	again = condition_parse(&env, text, strlen(text), &parse);
	if (again == NULL || condition_form_size(again) != condition_form_size(form)
		|| memcmp(again, form, condition_form_size(form)) != 0
		|| strcmp(condition_print(&env, again), text) != 0)
		abort();
	condition_names(&env, form, &n);
	condition = condition_compile(&env, form, &dictionary, &error);
	if (condition == NULL)
	{
		if (error.kind == CONDITION_OK || error.name == NULL)
			abort();
		return 0;
	}
	memset(values, 0, sizeof(values));
	for (int i = 0; i < 7; i++)
	{
		values[i].state = (FactState) ((seed + i * 5) % 3);
		values[i].boolean = seed >> i & 1;
		values[i].bits = seed & 7;
		values[i].set_open = definitions[i].type == FACT_SET && (seed & 8);
		values[i].choice = definitions[i].n_allowed ? seed % 3 : -1;
		values[i].text = "a";
		values[i].number = fraction_of(&env, seed - 100, 1 + (seed & 3));
	}
	if (condition_evaluate(&env, condition, &source, NULL) != condition_evaluate(&env, condition, &source, missing))
		abort();
	return 0;
}
