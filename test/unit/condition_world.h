/*
 * condition_world.h
 *		A dictionary, facts of it that a test sets, and conditions built from operators.
 */
#ifndef CONDITION_WORLD_H
#define CONDITION_WORLD_H

#include "unit.h"

#include "core/condition_build.h"

static UnitMemory memory;
static CoreEnv env;

/* the dictionary: ordered by name */
static const char *abc[] = {"a", "b", "c"};
static const char *cba[] = {"c", "b", "a"};
static const char *many[70];
static FactDefinition definitions[] = {
	{"d1", FACT_DATE, true, false, false, 0, NULL},
	{"d2", FACT_DATE, true, false, true, 0, NULL},
	{"free", FACT_TEXT, true, false, false, 0, NULL},
	{"free2", FACT_TEXT, true, false, true, 0, NULL},
	{"long", FACT_TEXT, false, false, false, 70, many},
	{"n1", FACT_NUMBER, false, false, false, 0, NULL},
	{"n2", FACT_NUMBER, false, false, false, 0, NULL},
	{"n3", FACT_NUMBER, false, false, true, 0, NULL},
	{"p", FACT_BOOLEAN, false, false, false, 0, NULL},
	{"q", FACT_BOOLEAN, false, true, false, 0, NULL},
	{"r", FACT_BOOLEAN, false, false, true, 0, NULL},
	{"s1", FACT_SET, false, false, false, 3, abc},
	{"s2", FACT_SET, false, true, true, 3, abc},
	{"t1", FACT_TEXT, false, false, false, 3, abc},
	{"t2", FACT_TEXT, false, false, true, 3, cba},
};

enum
{
	D1, D2, FREE, FREE2, LONG, N1, N2, N3, P, Q, R, S1, S2, T1, T2, N_FACTS
};

static FactDictionary dictionary = {N_FACTS, definitions};
static FactValue values[N_FACTS];
static int	asked[N_FACTS];

static inline const FactValue *
get(void *arg, int fact)
{
	(void) arg;
	asked[fact]++;
	return &values[fact];
}

static FactSource source = {get, NULL};
static ConditionParse parse;

static inline ConditionTree *
leaf(ConditionOp op, const char *text)
{
	ConditionToken token = {text, 0, 1};

	return condition_leaf(&parse, op, token);
}

#define NAME(x) leaf(COND_NAME, x)
#define STRING(x) leaf(COND_STRING, x)
#define NUMBER(x) leaf(COND_NUMBER, x)
#define DAY(x) leaf(COND_DATE, x)

static inline ConditionTree *
unary(ConditionOp op, ConditionTree *a)
{
	ConditionToken token = {NULL, 0, 1};

	return a ? condition_unary(&parse, op, token, a) : NULL;
}

static inline ConditionTree *
binary(ConditionOp op, ConditionTree *a, ConditionTree *b)
{
	return a && b ? condition_binary(&parse, op, a, b) : NULL;
}

/* a fact and the elements of a mask over a, b, c */
static inline ConditionTree *
set(ConditionOp op, const char *fact, unsigned mask)
{
	ConditionTree *elements = NULL;

	for (int i = 0; i < 3; i++)
	{
		if ((mask >> i & 1) == 0)
			continue;
		if (elements)
			condition_append(elements, STRING(abc[i]));
		else
			elements = STRING(abc[i]);
	}
	return condition_set(&parse, op, NAME(fact), elements);
}

static inline void
reset(void)
{
	unit_reset(&env);
	memset(&parse, 0, sizeof(parse));
	parse.env = &env;
}

static inline ConditionForm *
form_of(ConditionTree *tree)
{
	if (tree)
		condition_finish(&parse, tree);
	return parse.status == PARSE_OK ? condition_flatten(&parse) : NULL;
}

static ConditionError error;

static inline CompiledCondition *
compiled(ConditionTree *tree)
{
	ConditionForm *form = form_of(tree);

	return form ? condition_compile(&env, form, &dictionary, &error) : NULL;
}

static inline Ternary
answer(ConditionTree *tree)
{
	CompiledCondition *condition = compiled(tree);

	return condition ? condition_evaluate(&env, condition, &source, NULL) : (Ternary) 9;
}

static inline void
set_number(int fact, FactState state, int64_t num, int64_t den)
{
	values[fact].state = state;
	values[fact].number = fraction_of(&env, num, den);
}

static inline void
all_unknown(void)
{
	memset(values, 0, sizeof(values));
	for (int i = 0; i < N_FACTS; i++)
	{
		values[i].choice = -1;
		values[i].text = "";
		values[i].number = FRACTION_ZERO;
	}
}

static inline void
set_boolean(int fact, Ternary value)
{
	values[fact].state = value == TERNARY_UNKNOWN ? FACT_UNKNOWN : FACT_KNOWN;
	values[fact].boolean = value == TERNARY_TRUE;
}

/* does a set operator hold of exact sets? */
static inline bool
set_holds(ConditionOp op, unsigned bits, unsigned mask)
{
	switch (op)
	{
		case COND_OVERLAPS:
			return (bits & mask) != 0;
		case COND_CONTAINS:
			return (bits & mask) == mask;
		case COND_SET_EQ:
			return bits == mask;
		default:
			return bits != mask;
	}
}

/* does a comparison hold of what compares so? */
static inline bool
order_holds(ConditionOp op, int order)
{
	return op == COND_EQ ? order == 0 : op == COND_NE ? order != 0 : op == COND_LT ? order < 0
		: op == COND_LE ? order <= 0 : op == COND_GT ? order > 0 : order >= 0;
}

/* the list of over 64 allowed values */
static inline void
make_world(void)
{
	static char names[70][16];

	env = unit_env(&memory);
	for (int i = 0; i < 70; i++)
	{
		snprintf(names[i], sizeof(names[i]), "v%d", i);
		many[i] = names[i];
	}
}

#endif							/* CONDITION_WORLD_H */
