/*
 * condition_eval_test.c
 *		Conditions without a server: building, printing, compiling, evaluating.
 */
#include "condition_world.h"

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
			good &= answer(binary(COND_NE, NAME("p"), leaf(COND_FALSE, NULL))) == a;
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

int
main(void)
{
	make_world();
	test_kleene();
	test_sets();
	test_numbers();
	test_texts();
	test_errors();
	test_missing();
	test_literals();
	test_print();
	test_limits();
	unit_free(&env);
	return unit_done();
}
