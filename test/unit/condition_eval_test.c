/*
 * condition_eval_test.c
 *		Conditions without a server: building, printing, compiling, evaluating.
 *
 * Random conditions are compared with a direct evaluation of the tree, and with what
 * they say once facts that were unknown become known.  OUTBOUND_BENCH=1 prints
 * nanoseconds an evaluation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/condition_build.h"
#include "core/condition_code.h"

static int	n_tests = 0;
static int	n_failed = 0;

static void
ok(bool passed, const char *what)
{
	n_tests++;
	n_failed += !passed;
	printf("%s %d - %s\n", passed ? "ok" : "not ok", n_tests, what);
}

/* an arena that a test empties */
static char arena[1 << 26];
static size_t arena_used = 0;

static void *
take(void *arg, size_t size)
{
	void	   *result = arena + arena_used;

	(void) arg;
	arena_used += (size + 15) & ~(size_t) 15;
	if (arena_used > sizeof(arena))
		abort();
	return result;
}

static void
no_poll(void *arg)
{
	(void) arg;
}

static CoreEnv env = {take, no_poll, NULL, CORE_OK, 0};

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

static const FactValue *
get(void *arg, int fact)
{
	(void) arg;
	asked[fact]++;
	return &values[fact];
}

static FactSource source = {get, NULL};
static ConditionParse parse;

static ConditionTree *
leaf(ConditionOp op, const char *text)
{
	ConditionToken token = {text, 0, 1};

	return condition_leaf(&parse, op, token);
}

#define NAME(x) leaf(COND_NAME, x)
#define STRING(x) leaf(COND_STRING, x)
#define NUMBER(x) leaf(COND_NUMBER, x)
#define DAY(x) leaf(COND_DATE, x)

static ConditionTree *
unary(ConditionOp op, ConditionTree *a)
{
	ConditionToken token = {NULL, 0, 1};

	return a ? condition_unary(&parse, op, token, a) : NULL;
}

static ConditionTree *
binary(ConditionOp op, ConditionTree *a, ConditionTree *b)
{
	return a && b ? condition_binary(&parse, op, a, b) : NULL;
}

/* a fact and the elements of a mask over a, b, c */
static ConditionTree *
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

static void
reset(void)
{
	arena_used = 0;
	memset(&parse, 0, sizeof(parse));
	parse.env = &env;
	env.status = CORE_OK;
}

static ConditionForm *
form_of(ConditionTree *tree)
{
	if (tree)
		condition_finish(&parse, tree);
	return parse.status == PARSE_OK ? condition_flatten(&parse) : NULL;
}

static ConditionError error;

static CompiledCondition *
compiled(ConditionTree *tree)
{
	ConditionForm *form = form_of(tree);

	return form ? condition_compile(&env, form, &dictionary, &error) : NULL;
}

static Ternary
answer(ConditionTree *tree)
{
	CompiledCondition *condition = compiled(tree);

	return condition ? condition_evaluate(&env, condition, &source, NULL) : (Ternary) 9;
}

static void
set_number(int fact, FactState state, int64_t num, int64_t den)
{
	values[fact].state = state;
	values[fact].number = fraction_of(&env, num, den);
}

static void
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

static void
set_boolean(int fact, Ternary value)
{
	values[fact].state = value == TERNARY_UNKNOWN ? FACT_UNKNOWN : FACT_KNOWN;
	values[fact].boolean = value == TERNARY_TRUE;
}

/* AND, OR, NOT, = and <> over every pair of the three values */
static void
test_kleene(void)
{
	bool		good = true;

	for (int a = -1; a <= 1; a++)
	{
		for (int b = -1; b <= 1; b++)
		{
			int			equal = a && b ? (a == b ? 1 : -1) : 0;

			reset();
			all_unknown();
			set_boolean(P, (Ternary) a);
			set_boolean(Q, (Ternary) b);
			good &= answer(binary(COND_AND, NAME("p"), NAME("q"))) == (a < b ? a : b);
			good &= answer(binary(COND_OR, NAME("p"), NAME("q"))) == (a > b ? a : b);
			good &= answer(binary(COND_EQ, NAME("p"), NAME("q"))) == equal;
			good &= answer(binary(COND_NE, NAME("p"), NAME("q"))) == -equal;
			good &= answer(unary(COND_NOT, NAME("p"))) == -a;
			good &= answer(binary(COND_EQ, NAME("p"), leaf(COND_TRUE, NULL))) == a;
			good &= answer(binary(COND_NE, leaf(COND_TRUE, NULL), NAME("p"))) == -a;
			good &= answer(binary(COND_EQ, leaf(COND_FALSE, NULL), NAME("p"))) == -a;
		}
	}
	ok(good, "truth tables of and, or, not, = and <>");
	reset();
	all_unknown();
	values[R].state = FACT_NOT_CLAIMED;
	ok(answer(NAME("r")) == TERNARY_FALSE && answer(unary(COND_NOT, NAME("r"))) == TERNARY_TRUE
	   && answer(binary(COND_EQ, NAME("r"), leaf(COND_FALSE, NULL))) == TERNARY_TRUE,
	   "a boolean not claimed is false");
}

static bool
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

/* every set operator, mask and state of a set of three: true where every completion says so */
static void
test_sets(void)
{
	bool		good = true;

	for (int op = COND_OVERLAPS; op <= COND_SET_NE; op++)
	{
		for (unsigned mask = 0; mask < 8; mask++)
		{
			for (unsigned state = 0; state < 18; state++)
			{
				unsigned	bits = state & 7;
				bool		open = state == 16 || (state & 8),
							some = false,
							every = true;

				reset();
				all_unknown();
				values[S1].state = state == 16 ? FACT_UNKNOWN : (state == 17 ? FACT_NOT_CLAIMED : FACT_KNOWN);
				values[S1].bits = state < 16 ? bits : 7;
				values[S1].set_open = state < 16 && open;
				if (state >= 16)
					bits = 0;
				if (state == 17)
					open = false;
				for (unsigned more = 0; more < 8; more++)
				{
					if ((more & bits) != bits || (!open && more != bits))
						continue;
					some |= set_holds(op, more, mask);
					every &= set_holds(op, more, mask);
				}
				good &= answer(set(op, "s1", mask))
					== (every ? TERNARY_TRUE : (some ? TERNARY_UNKNOWN : TERNARY_FALSE));
			}
		}
	}
	ok(good, "set operators say what every completion of the set says");
}

static bool
order_holds(ConditionOp op, int order)
{
	return op == COND_EQ ? order == 0 : op == COND_NE ? order != 0 : op == COND_LT ? order < 0
		: op == COND_LE ? order <= 0 : op == COND_GT ? order > 0 : order >= 0;
}

/* each comparison, in each of its compiled shapes */
static void
test_numbers(void)
{
	static const int64_t sample[] = {-3, -1, 0, 1, 2, 5};
	static const char *text[] = {"3", "1", "0", "1", "2", "5"};
	bool		good = true;

	for (int op = COND_EQ; op <= COND_GE; op++)
	{
		for (int i = 0; i < 6; i++)
		{
			for (int j = 0; j < 6; j++)
			{
				int			expected = order_holds(op, i - j) ? 1 : -1;
				ConditionTree *number;

				reset();
				all_unknown();
				set_number(N1, FACT_KNOWN, sample[i], 1);
				set_number(N2, FACT_KNOWN, sample[j], 1);
				number = NUMBER(text[j]);
				good &= answer(binary(op, NAME("n1"), sample[j] < 0 ? unary(COND_NEGATE, number) : number)) == expected;
				good &= answer(binary(op, NAME("n1"), NAME("n2"))) == expected;
				good &= answer(binary(op, binary(COND_SUBTRACT, NAME("n1"), NAME("n2")), NUMBER("0"))) == expected;
				number = NUMBER(text[i]);
				good &= answer(binary(op, sample[i] < 0 ? unary(COND_NEGATE, number) : number, NAME("n2"))) == expected;
				good &= answer(binary(op, NAME("n1"), NAME("n3"))) == TERNARY_UNKNOWN;
				values[N3].state = FACT_NOT_CLAIMED;
				good &= answer(binary(op, NAME("n1"), NAME("n3"))) == TERNARY_FALSE;
				good &= answer(binary(op, NAME("n3"), NUMBER("0"))) == TERNARY_FALSE;
				values[N1].state = FACT_UNKNOWN;
				good &= answer(binary(op, NAME("n1"), NAME("n3"))) == TERNARY_FALSE;
				good &= answer(binary(op, binary(COND_ADD, NAME("n1"), NAME("n3")), NUMBER("0"))) == TERNARY_FALSE;
			}
		}
	}
	ok(good, "comparisons of numbers");

	reset();
	all_unknown();
	set_number(N1, FACT_KNOWN, 1, 3);
	set_number(N2, FACT_KNOWN, 0, 1);
	ok(answer(binary(COND_EQ, binary(COND_MULTIPLY, NAME("n1"), NUMBER("3")), NUMBER("1"))) == TERNARY_TRUE
	   && answer(binary(COND_GT, NAME("n1"), NUMBER("0.3333333333333333333"))) == TERNARY_TRUE
	   && answer(binary(COND_EQ, unary(COND_NEGATE, NAME("n1")), binary(COND_DIVIDE, unary(COND_NEGATE, NUMBER("1")), NUMBER("3")))) == TERNARY_TRUE,
	   "thirds are thirds");
	ok(answer(binary(COND_GT, binary(COND_DIVIDE, NAME("n1"), NAME("n2")), NUMBER("0"))) == TERNARY_UNKNOWN
	   && env.status == CORE_OK, "division by zero is unknown");
	ok(answer(binary(COND_EQ, binary(COND_MULTIPLY, NUMBER("0"), NAME("n3")), NUMBER("0"))) == TERNARY_UNKNOWN,
	   "zero times unknown is unknown");
	values[N1].number = fraction_parse(&env, "10000000000000000000000001", 26);
	ok(answer(binary(COND_GT, NAME("n1"), NUMBER("1e25"))) == TERNARY_TRUE
	   && answer(binary(COND_LE, NAME("n1"), NUMBER("1e25"))) == TERNARY_FALSE, "1e25 is exact");
	set_number(D1, FACT_KNOWN, 9133, 1);
	ok(answer(binary(COND_EQ, NAME("d1"), DAY("2025-01-02"))) == TERNARY_TRUE
	   && answer(binary(COND_EQ, binary(COND_SUBTRACT, NAME("d1"), DAY("2024-12-03")), NUMBER("30"))) == TERNARY_TRUE
	   && answer(binary(COND_LT, NAME("d1"), binary(COND_ADD, DAY("2025-01-01"), NUMBER("2")))) == TERNARY_TRUE
	   && answer(binary(COND_GE, NAME("d1"), binary(COND_SUBTRACT, DAY("2025-01-03"), NUMBER("0.5")))) == TERNARY_FALSE,
	   "days are counted");
}

static void
test_texts(void)
{
	reset();
	all_unknown();
	ok(answer(binary(COND_EQ, NAME("t1"), STRING("a"))) == TERNARY_UNKNOWN
	   && answer(binary(COND_NE, NAME("free"), STRING("x"))) == TERNARY_UNKNOWN, "an unknown text");
	values[T2].state = FACT_NOT_CLAIMED;
	values[FREE2].state = FACT_NOT_CLAIMED;
	ok(answer(binary(COND_EQ, NAME("t2"), STRING("a"))) == TERNARY_FALSE
	   && answer(binary(COND_NE, NAME("t2"), STRING("a"))) == TERNARY_FALSE
	   && answer(binary(COND_NE, NAME("free2"), STRING("a"))) == TERNARY_FALSE
	   && answer(binary(COND_NE, NAME("free2"), NAME("free"))) == TERNARY_FALSE
	   && answer(set(COND_IN, "t2", 7)) == TERNARY_FALSE, "no comparison with a text not claimed holds");
	values[T1].state = FACT_KNOWN;
	values[T1].choice = 0;
	values[T2].state = FACT_KNOWN;
	values[T2].choice = 2;
	values[FREE].state = FACT_KNOWN;
	values[FREE].text = "a";
	values[LONG].state = FACT_KNOWN;
	values[LONG].choice = 69;
	ok(answer(binary(COND_EQ, NAME("t1"), STRING("a"))) == TERNARY_TRUE
	   && answer(binary(COND_EQ, STRING("b"), NAME("t1"))) == TERNARY_FALSE
	   && answer(binary(COND_NE, NAME("t1"), STRING("b"))) == TERNARY_TRUE
	   && answer(set(COND_IN, "t1", 5)) == TERNARY_TRUE
	   && answer(set(COND_IN, "t1", 6)) == TERNARY_FALSE
	   && answer(set(COND_IN, "free", 3)) == TERNARY_TRUE
	   && answer(set(COND_IN, "free", 4)) == TERNARY_FALSE, "known texts");
	ok(answer(binary(COND_EQ, NAME("t1"), NAME("t2"))) == TERNARY_TRUE
	   && answer(binary(COND_NE, NAME("t1"), NAME("free"))) == TERNARY_FALSE, "texts of two facts");
	ok(answer(binary(COND_EQ, NAME("long"), STRING("v69"))) == TERNARY_TRUE
	   && answer(binary(COND_EQ, NAME("long"), STRING("v5"))) == TERNARY_FALSE, "more than 64 allowed values");
}

/* the compiler refuses a tree so */
static bool
refuses(ConditionTree *tree, ConditionErrorKind kind, const char *name, const char *nearest)
{
	return compiled(tree) == NULL && parse.status == PARSE_OK && error.kind == kind
		&& strcmp(error.name, name) == 0
		&& (nearest ? error.nearest && strcmp(error.nearest, nearest) == 0 : error.nearest == NULL);
}

static void
test_errors(void)
{
	reset();
	ok(refuses(NAME("free3"), CONDITION_UNKNOWN_NAME, "free3", "free")
	   && refuses(binary(COND_GT, binary(COND_ADD, NAME("zzzzzz"), NUMBER("1")), NUMBER("1")), CONDITION_UNKNOWN_NAME, "zzzzzz", NULL),
	   "a name that is no fact");
	ok(refuses(NAME("n1"), CONDITION_WRONG_TYPE, "n1", NULL) && strcmp(error.is, "number") == 0
	   && strcmp(error.needs, "boolean") == 0, "a number is no condition");
	ok(refuses(binary(COND_LT, NAME("d1"), STRING("2025-01-02")), CONDITION_WRONG_TYPE, "d1", NULL)
	   && refuses(binary(COND_LT, STRING("2025-01-02"), NAME("d1")), CONDITION_WRONG_TYPE, "d1", NULL)
	   && refuses(binary(COND_LT, NAME("t1"), NAME("t2")), CONDITION_WRONG_TYPE, "t1", NULL)
	   && refuses(binary(COND_EQ, NAME("s1"), NAME("s2")), CONDITION_WRONG_TYPE, "s1", NULL)
	   && refuses(binary(COND_EQ, NAME("s1"), STRING("a")), CONDITION_WRONG_TYPE, "s1", NULL)
	   && refuses(set(COND_OVERLAPS, "t1", 1), CONDITION_WRONG_TYPE, "t1", NULL)
	   && refuses(set(COND_IN, "s1", 1), CONDITION_WRONG_TYPE, "s1", NULL)
	   && refuses(binary(COND_GT, binary(COND_ADD, NAME("d1"), NAME("d2")), NUMBER("1")), CONDITION_WRONG_TYPE, "d2", NULL)
	   && refuses(binary(COND_GT, binary(COND_MULTIPLY, NAME("d1"), NUMBER("2")), NUMBER("1")), CONDITION_WRONG_TYPE, "d1", NULL)
	   && refuses(binary(COND_GT, binary(COND_SUBTRACT, NUMBER("2"), NAME("d1")), NUMBER("1")), CONDITION_WRONG_TYPE, "d1", NULL)
	   && refuses(binary(COND_GT, unary(COND_NEGATE, NAME("p")), NUMBER("1")), CONDITION_WRONG_TYPE, "p", NULL)
	   && refuses(binary(COND_LT, NAME("p"), leaf(COND_TRUE, NULL)), CONDITION_WRONG_TYPE, "p", NULL)
	   && refuses(binary(COND_EQ, STRING("x"), NUMBER("1")), CONDITION_WRONG_TYPE, "x", NULL), "wrong types");
	ok(refuses(binary(COND_EQ, NAME("t1"), STRING("A")), CONDITION_VALUE_NOT_ALLOWED, "A", "a")
	   && strcmp(error.fact, "t1") == 0
	   && refuses(binary(COND_EQ, NAME("long"), STRING("v68x")), CONDITION_VALUE_NOT_ALLOWED, "v68x", "v68")
	   && refuses(condition_set(&parse, COND_OVERLAPS, NAME("s1"), STRING("nothing")), CONDITION_VALUE_NOT_ALLOWED, "nothing", NULL),
	   "values that are not allowed");
}

static bool
missing_are(ConditionTree *tree, const char *expected)
{
	uint8_t		missing[N_FACTS] = {0};
	char		found[256] = "";
	CompiledCondition *condition = compiled(tree);

	if (condition == NULL)
		return false;
	condition_evaluate(&env, condition, &source, missing);
	for (int i = 0; i < N_FACTS; i++)
	{
		if (missing[i])
			strcat(strcat(found, definitions[i].name), " ");
	}
	return strcmp(found, expected) == 0;
}

static void
test_missing(void)
{
	reset();
	all_unknown();
	set_boolean(P, TERNARY_TRUE);
	ok(missing_are(binary(COND_AND, NAME("p"), binary(COND_OR, NAME("q"), binary(COND_GT, NAME("n1"), NAME("n2")))), "n1 n2 q "),
	   "an unknown and, an unknown or");
	ok(missing_are(binary(COND_OR, NAME("p"), NAME("q")), "")
	   && missing_are(binary(COND_AND, unary(COND_NOT, NAME("p")), NAME("q")), ""), "nothing is missing from what is decided");
	ok(missing_are(binary(COND_AND, NAME("q"), binary(COND_AND, NAME("p"), unary(COND_NOT, set(COND_OVERLAPS, "s1", 3)))), "q s1 "),
	   "under not");
	set_number(N1, FACT_KNOWN, 4, 1);
	ok(missing_are(binary(COND_GT, binary(COND_DIVIDE, NAME("n1"), NAME("n2")), NUMBER("1")), "n2 "), "one operand");
	set_number(N2, FACT_KNOWN, 0, 1);
	ok(missing_are(binary(COND_GT, binary(COND_DIVIDE, NAME("n1"), NAME("n2")), NUMBER("1")), "n1 n2 "),
	   "a quotient by zero names its facts");
	values[S1].state = FACT_KNOWN;
	values[S1].bits = 1;
	values[S1].set_open = true;
	ok(missing_are(set(COND_OVERLAPS, "s1", 2), "s1 ") && missing_are(set(COND_OVERLAPS, "s1", 1), ""), "an open set");
	values[R].state = FACT_NOT_CLAIMED;
	ok(missing_are(binary(COND_OR, NAME("r"), NAME("q")), "q "), "what is not claimed is not missing");
	reset();
	memset(asked, 0, sizeof(asked));
	all_unknown();
	set_boolean(Q, TERNARY_TRUE);
	set_boolean(P, TERNARY_FALSE);
	ok(answer(binary(COND_AND, binary(COND_AND, NAME("q"), binary(COND_EQ, NAME("n1"), NUMBER("1"))), NAME("p"))) == TERNARY_FALSE
	   && asked[Q] == 0 && asked[N1] == 0, "given facts that fail save asking for derived ones");
}

static bool
number_is(const char *text, const char *canonical)
{
	ConditionTree *tree = NUMBER(text);

	return tree && strcmp(tree->token.text, canonical) == 0;
}

static void
test_literals(void)
{
	int64_t		days;

	reset();
	ok(number_is("1e25", "1e25") && number_is("10000000000000000000000000", "1e25")
	   && number_is("0041600", "41600") && number_is("4.50", "4.5") && number_is(".5", "0.5")
	   && number_is("5.", "5") && number_is("0.000", "0") && number_is("0e999999", "0")
	   && number_is("1.5E+3", "1500") && number_is("15e17", "1.5e18") && number_is("1E-4", "0.0001")
	   && number_is("1e-30", "1e-30") && number_is("1.25e-30", "1.25e-30")
	   && number_is("123456789.123456789123456789", "123456789.123456789123456789")
	   && number_is("123456789012345678", "123456789012345678"), "canonical numbers");
	ok(NUMBER("1e4095") && !NUMBER("1e4096") && parse.status == PARSE_NUMBER, "numbers of over 4096 digits");
	reset();
	ok(!NUMBER("1e99999999999999999999") && parse.status == PARSE_NUMBER, "an exponent beyond all numbers");
	ok(condition_date("2000-01-01", &days) && days == 0
	   && condition_date("2025-01-02", &days) && days == 9133
	   && condition_date("1999-12-31", &days) && days == -1
	   && condition_date("2024-02-29", &days) && days == 8825
	   && condition_date("0001-01-01", &days) && days == -730119
	   && condition_date("9999-12-31", &days) && days == 2921939
	   && !condition_date("2023-02-29", &days) && !condition_date("1900-02-29", &days)
	   && !condition_date("2025-13-01", &days) && !condition_date("2025-00-01", &days)
	   && !condition_date("2025-01-00", &days) && !condition_date("2025-1-01", &days)
	   && !condition_date("0000-01-01", &days) && !condition_date("2025-01-0x", &days), "days of the calendar");
}

static bool
prints(ConditionTree *tree, const char *text)
{
	ConditionForm *form = form_of(tree);

	return form && strcmp(condition_print(&env, form), text) == 0;
}

static void
test_print(void)
{
	int			n;
	const char **names;

	reset();
	ok(prints(binary(COND_AND, NAME("a"), binary(COND_AND, NAME("b"), binary(COND_OR, NAME("c"), NAME("d")))), "a and b and (c or d)")
	   && prints(binary(COND_OR, binary(COND_AND, NAME("a"), NAME("b")), unary(COND_NOT, binary(COND_OR, NAME("c"), NAME("d")))), "a and b or not (c or d)")
	   && prints(unary(COND_NOT, binary(COND_EQ, NAME("a"), STRING("it's"))), "not a = 'it''s'")
	   && prints(binary(COND_LT, binary(COND_SUBTRACT, NAME("a"), binary(COND_SUBTRACT, NAME("b"), unary(COND_NEGATE, NUMBER("1")))), binary(COND_MULTIPLY, binary(COND_ADD, NAME("a"), NAME("b")), unary(COND_NEGATE, unary(COND_NEGATE, NAME("c"))))), "a - (b - -1) < (a + b) * -(-c)")
	   && prints(binary(COND_GT, NAME("and"), DAY("2025-01-02")), "\"and\" > date '2025-01-02'")
	   && prints(set(COND_CONTAINS, "x \"y\"", 5), "\"x \"\"y\"\"\" @> {a, c}")
	   && prints(set(COND_SET_EQ, "x", 0), "x = {}")
	   && prints(set(COND_IN, "x", 3), "x in ('a', 'b')"), "the least parentheses, quotes where needed");
	names = condition_names(&env, form_of(binary(COND_AND, NAME("b"), binary(COND_OR, NAME("a"), NAME("b")))), &n);
	ok(n == 2 && strcmp(names[0], "a") == 0 && strcmp(names[1], "b") == 0, "the names in it, once each");
}

static void
test_limits(void)
{
	ConditionTree *tree;
	CompiledCondition *condition;
	const int  *facts;
	int			n;

	reset();
	all_unknown();
	tree = NAME("p");
	for (int i = 1; i < CONDITION_MAX_DEPTH; i++)
		tree = unary(COND_NOT, tree);
	ok(answer(tree) == TERNARY_UNKNOWN && unary(COND_NOT, tree) == NULL && parse.status == PARSE_TOO_DEEP, "depth");
	reset();
	tree = NAME("p");
	for (int i = 0; i < CONDITION_MAX_NODES - 2; i++)
		tree = binary(COND_AND, tree, NAME(i % 2 ? "p" : "q"));
	condition = compiled(tree);
	facts = condition ? condition_facts(condition, &n) : NULL;
	ok(facts && n == 2 && facts[0] == P && facts[1] == Q
	   && condition_evaluate(&env, condition, &source, NULL) == TERNARY_UNKNOWN, "4096 nodes");
	ok(binary(COND_AND, tree, NAME("p")) == NULL && parse.status == PARSE_TOO_MANY, "one more");
	reset();
	ok(binary(COND_ADD, NUMBER("1"), STRING("a")) == NULL && parse.status == PARSE_SYNTAX, "a text under +");
	reset();
	ok(binary(COND_AND, NAME("p"), NUMBER("1")) == NULL && parse.status == PARSE_SYNTAX, "a number under and");
}

static unsigned
random_below(unsigned n)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned) ((state >> 20) % n);
}

static ConditionTree *
random_number(int depth)
{
	static const char *const names[] = {"n1", "n2", "n3"};
	static const char *const numbers[] = {"0", "1", "2", "0.5", "3"};

	if (depth == 0 || random_below(3) == 0)
		return random_below(2) ? NAME(names[random_below(3)]) : NUMBER(numbers[random_below(5)]);
	if (random_below(6) == 0)
		return unary(COND_NEGATE, random_number(depth - 1));
	return binary(COND_ADD + random_below(4), random_number(depth - 1), random_number(depth - 1));
}

static ConditionTree *
random_condition(int depth)
{
	static const char *const booleans[] = {"p", "q", "r"};

	if (depth > 0 && random_below(3))
	{
		unsigned	kind = random_below(3);

		if (kind == 0)
			return unary(COND_NOT, random_condition(depth - 1));
		return binary(kind == 1 ? COND_AND : COND_OR, random_condition(depth - 1), random_condition(depth - 1));
	}
	switch (random_below(5))
	{
		case 0:
			return NAME(booleans[random_below(3)]);
		case 1:
			return set(COND_OVERLAPS + random_below(4), random_below(2) ? "s1" : "s2", random_below(8));
		case 2:
			return binary(random_below(2) ? COND_EQ : COND_NE, NAME(random_below(2) ? "t1" : "t2"), STRING(abc[random_below(3)]));
		case 3:
			return set(COND_IN, random_below(2) ? "t1" : "free", 1 + random_below(7));
		default:
			return binary(COND_EQ + random_below(6), random_number(2), random_number(2));
	}
}

/* the direct way, to compare with: numbers as small quotients */
typedef struct Oracle
{
	int			state;			/* 0 known, 1 unknown, 2 not claimed */
	Fraction	value;
} Oracle;

static Oracle
oracle_number(const ConditionTree *tree)
{
	Oracle		a,
				b;

	if (tree->op == COND_NUMBER)
		return (Oracle) {0, fraction_parse(&env, tree->token.text, strlen(tree->token.text))};
	if (tree->op == COND_NAME)
	{
		const FactValue *value = &values[fact_lookup(&dictionary, tree->token.text)];

		return (Oracle) {value->state == FACT_KNOWN ? 0 : (value->state == FACT_UNKNOWN ? 1 : 2), value->number};
	}
	a = oracle_number(tree->first);
	b = tree->op == COND_NEGATE ? a : oracle_number(tree->last);
	if (a.state || b.state)
		return (Oracle) {a.state > b.state ? a.state : b.state, FRACTION_ZERO};
	switch (tree->op)
	{
		case COND_NEGATE:
			a.value = fraction_subtract(&env, FRACTION_ZERO, a.value);
			return a;
		case COND_ADD:
			a.value = fraction_add(&env, a.value, b.value);
			return a;
		case COND_SUBTRACT:
			a.value = fraction_subtract(&env, a.value, b.value);
			return a;
		case COND_MULTIPLY:
			a.value = fraction_multiply(&env, a.value, b.value);
			return a;
		default:
			if (fraction_is_zero(b.value))
				return (Oracle) {1, FRACTION_ZERO};
			a.value = fraction_divide(&env, a.value, b.value);
			return a;
	}
}

static Ternary
oracle_leaf(const ConditionTree *tree)
{
	const FactValue *value = &values[fact_lookup(&dictionary, tree->first->token.text)];
	const char *text;

	if (tree->op >= COND_OVERLAPS && tree->op <= COND_SET_NE)
	{
		unsigned	mask = 0,
					bits = value->state == FACT_KNOWN ? (unsigned) value->bits : 0;
		bool		some = false,
					every = true;

		for (const ConditionTree *e = tree->first->next; e; e = e->next)
			mask |= 1 << (e->token.text[0] - 'a');
		for (unsigned more = 0; more < 8; more++)
		{
			if ((more & bits) != bits
				|| (more != bits && value->state != FACT_UNKNOWN && !(value->state == FACT_KNOWN && value->set_open)))
				continue;
			some |= set_holds(tree->op, more, mask);
			every &= set_holds(tree->op, more, mask);
		}
		return every ? TERNARY_TRUE : (some ? TERNARY_UNKNOWN : TERNARY_FALSE);
	}
	if (value->state != FACT_KNOWN)
		return value->state == FACT_UNKNOWN ? TERNARY_UNKNOWN : TERNARY_FALSE;
	text = value->choice >= 0
		? definitions[fact_lookup(&dictionary, tree->first->token.text)].allowed[value->choice] : value->text;
	for (const ConditionTree *e = tree->first->next; e; e = e->next)
	{
		if (strcmp(e->token.text, text) == 0)
			return ternary_of(tree->op != COND_NE);
	}
	return ternary_of(tree->op == COND_NE);
}

static Ternary
oracle(const ConditionTree *tree)
{
	Ternary		result = tree->op == COND_AND ? TERNARY_TRUE : TERNARY_FALSE;
	Oracle		a,
				b;

	switch (tree->op)
	{
		case COND_AND:
		case COND_OR:
			for (const ConditionTree *child = tree->first; child; child = child->next)
				result = tree->op == COND_AND ? ternary_and(result, oracle(child)) : ternary_or(result, oracle(child));
			return result;
		case COND_NOT:
			return ternary_not(oracle(tree->first));
		case COND_NAME:
			{
				const FactValue *value = &values[fact_lookup(&dictionary, tree->token.text)];

				return value->state == FACT_UNKNOWN ? TERNARY_UNKNOWN
					: ternary_of(value->state == FACT_KNOWN && value->boolean);
			}
		default:
			break;
	}
	if (tree->op >= COND_OVERLAPS || tree->last->op == COND_STRING)
		return oracle_leaf(tree);
	a = oracle_number(tree->first);
	b = oracle_number(tree->last);
	if (a.state || b.state)
		return a.state == 2 || b.state == 2 ? TERNARY_FALSE : TERNARY_UNKNOWN;
	return ternary_of(order_holds(tree->op, fraction_compare(&env, a.value, b.value)));
}

/* give a fact a value; unknown in one of three cases if unknown may be */
static void
random_value(int fact, bool unknown)
{
	FactValue  *value = &values[fact];
	const FactDefinition *definition = &definitions[fact];

	value->state = unknown && random_below(3) == 0 ? FACT_UNKNOWN
		: (definition->not_claimed && random_below(3) == 0 ? FACT_NOT_CLAIMED : FACT_KNOWN);
	value->boolean = random_below(2);
	value->bits = random_below(8);
	value->set_open = definition->type == FACT_SET && value->state == FACT_KNOWN && unknown && random_below(3) == 0;
	if (definition->n_allowed)
		value->choice = random_below(3);
	value->text = abc[random_below(3)];
	value->number = fraction_of(&env, (int64_t) random_below(7) - 2, 1 + random_below(2));
}

static void
test_random(void)
{
	int			wrong = 0,
				unsound = 0,
				spurious = 0,
				unknowns = 0;

	for (int round = 0; round < 20000; round++)
	{
		ConditionTree *tree;
		CompiledCondition *condition;
		Ternary		partial;
		uint8_t		missing[N_FACTS] = {0};

		reset();
		all_unknown();
		for (int i = 0; i < N_FACTS; i++)
			random_value(i, true);
		tree = random_condition(4);
		condition = compiled(tree);
		partial = condition_evaluate(&env, condition, &source, NULL);
		unknowns += partial == TERNARY_UNKNOWN;
		wrong += partial != oracle(tree) || partial != condition_evaluate(&env, condition, &source, missing);
		for (int i = 0; i < N_FACTS; i++)
			spurious += missing[i] && partial != TERNARY_UNKNOWN;
		/* tell the missing facts: what was decided stays, and some told fact can change what was not */
		for (int i = 0; i < N_FACTS; i++)
		{
			if (values[i].state == FACT_UNKNOWN)
				random_value(i, false);
			else if (values[i].set_open)
			{
				values[i].bits |= random_below(8);
				values[i].set_open = false;
			}
		}
		unsound += partial != TERNARY_UNKNOWN && partial != condition_evaluate(&env, condition, &source, NULL);
	}
	ok(wrong == 0 && unknowns > 1000, "20000 random conditions agree with a direct evaluation");
	ok(unsound == 0, "learning more never overturns an answer");
	ok(spurious == 0, "nothing is missing from a decided condition");
}

/* nanoseconds an evaluation */
static void
bench(const char *what, ConditionTree *tree)
{
	CompiledCondition *condition = compiled(tree);
	struct timespec from,
				to;
	long		sum = 0;
	const long	rounds = 2000000;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (long i = 0; i < rounds; i++)
		sum += condition_evaluate(&env, condition, &source, NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("# %-40s %6.1f ns (%ld)\n", what,
		   ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) / rounds, sum / rounds);
}

static void
benchmark(void)
{
	reset();
	all_unknown();
	values[S1].state = FACT_KNOWN;
	values[S1].bits = 1;
	values[T1].state = FACT_KNOWN;
	values[T1].choice = 0;
	set_number(N1, FACT_KNOWN, 5, 1);
	values[N2].state = FACT_KNOWN;
	values[N2].number = fraction_parse(&env, "2e25", 4);
#define TYPICAL(mask, value, fact, number) \
	binary(COND_AND, binary(COND_AND, set(COND_OVERLAPS, "s1", mask), binary(COND_EQ, NAME("t1"), STRING(value))), \
		   binary(COND_GT, NAME(fact), NUMBER(number)))
	bench("other verb", TYPICAL(6, "a", "n1", "4"));
	bench("other object", TYPICAL(3, "b", "n1", "4"));
	bench("verb, object, number", TYPICAL(3, "a", "n1", "4"));
	bench("verb, object, number over 1e25", TYPICAL(3, "a", "n2", "1e25"));
}

int
main(void)
{
	static char names[70][16];

	for (int i = 0; i < 70; i++)
	{
		snprintf(names[i], sizeof(names[i]), "v%d", i);
		many[i] = names[i];
	}
	test_kleene();
	test_sets();
	test_numbers();
	test_texts();
	test_errors();
	test_missing();
	test_literals();
	test_print();
	test_limits();
	test_random();
	if (getenv("OUTBOUND_BENCH"))
		benchmark();
	printf("1..%d\n", n_tests);
	return n_failed > 0;
}
