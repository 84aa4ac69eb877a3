/*
 * condition_random_test.c
 *		Random conditions over random facts, compared with a direct evaluation of the
 *		tree, and with what they say once facts that were unknown become known.
 *
 * OUTBOUND_BENCH=1 prints nanoseconds an evaluation.
 */
#include <time.h>

#include "condition_world.h"

static unsigned
random_below(unsigned n)
{
	static uint64_t state = 850;

	return (unsigned) (unit_random(&state) % n);
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
	make_world();
	test_random();
	if (getenv("OUTBOUND_BENCH"))
		benchmark();
	unit_free(&env);
	return unit_done();
}
