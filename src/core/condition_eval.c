/*
 * condition_eval.c
 *		Kleene evaluation of a compiled condition over facts.
 *
 * AND stops at the first false operand and OR at the first true one.  Nothing is
 * allocated unless numbers beyond 64 bits meet in arithmetic.  What is missing is
 * read off the results of the sub-conditions afterwards: of an unknown AND or OR its
 * unknown operands, of an unknown comparison its unknown facts.
 *
 * Knowing more never turns true into false or false into true: the language has no
 * operator that asks whether a fact is known.
 */
#include "condition_code.h"

typedef struct Evaluation
{
	CoreEnv    *env;
	const CompiledCondition *condition;
	const FactSource *facts;
	int8_t	   *results;		/* per node, or NULL */
} Evaluation;

/* in the order that wins: a comparison with what is not claimed does not hold, whatever else is unknown */
typedef enum NumericState
{
	NUMERIC_KNOWN,
	NUMERIC_UNKNOWN,
	NUMERIC_NOT_CLAIMED
} NumericState;

static inline const FactValue *
fact_value(const Evaluation *evaluation, int fact)
{
	return evaluation->facts->get(evaluation->facts->arg, fact);
}

static inline Ternary
leaf_answer(const EvalNode *node, bool answer)
{
	return ternary_of(answer != node->negate);
}

/* <0, 0, >0; integers of 64 bits at once */
static inline int
compare_numbers(CoreEnv *env, const Fraction *a, const Fraction *b)
{
	if (a->big == NULL && b->big == NULL && a->den == 1 && b->den == 1)
	{
		if (a->negative != b->negative)
			return a->negative ? -1 : 1;
		if (a->num == b->num)
			return 0;
		return (a->num < b->num) != a->negative ? -1 : 1;
	}
	return fraction_compare(env, *a, *b);
}

static inline bool
comparison_holds(uint8_t compare, int order)
{
	switch ((ConditionOp) compare)
	{
		case COND_EQ:
			return order == 0;
		case COND_NE:
			return order != 0;
		case COND_LT:
			return order < 0;
		case COND_LE:
			return order <= 0;
		case COND_GT:
			return order > 0;
		default:
			return order >= 0;
	}
}

/* the text of a known text fact, from the list of allowed ones where it has such */
static const char *
text_of(const Evaluation *evaluation, int fact, const FactValue *value)
{
	return value->choice >= 0 ? evaluation->condition->dictionary->facts[fact].allowed[value->choice]
		: value->text;
}

static bool
same_text(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* may further elements be in the set? */
static inline bool
set_is_open(const FactValue *value)
{
	return value->state == FACT_UNKNOWN || (value->state == FACT_KNOWN && value->set_open);
}

/* has the set all elements of the mask, or is it the mask? an open one may have any further element */
static Ternary
set_answer(const EvalNode *node, const FactValue *value)
{
	uint64_t	bits = value->state == FACT_KNOWN ? value->bits : 0;
	bool		open = set_is_open(value);

	if (node->op == EVAL_CONTAINS)
	{
		if ((bits & node->mask) == node->mask)
			return TERNARY_TRUE;
		return open ? TERNARY_UNKNOWN : TERNARY_FALSE;
	}
	if (bits == node->mask && (!open || node->universal))
		return leaf_answer(node, true);
	if (!open || (bits & ~node->mask) != 0)
		return leaf_answer(node, false);
	return TERNARY_UNKNOWN;
}

/* two boolean facts, or two texts, that are the same */
static Ternary
same_answer(const Evaluation *evaluation, const EvalNode *node)
{
	const FactValue *a = fact_value(evaluation, node->fact);
	const FactValue *b = fact_value(evaluation, node->other);

	if (node->op == EVAL_BOOLEANS)
	{
		if (a->state == FACT_UNKNOWN || b->state == FACT_UNKNOWN)
			return TERNARY_UNKNOWN;
		return leaf_answer(node, (a->state == FACT_KNOWN && a->boolean)
						   == (b->state == FACT_KNOWN && b->boolean));
	}
	if (a->state == FACT_NOT_CLAIMED || b->state == FACT_NOT_CLAIMED)
		return TERNARY_FALSE;
	if (a->state == FACT_UNKNOWN || b->state == FACT_UNKNOWN)
		return TERNARY_UNKNOWN;
	return leaf_answer(node, same_text(text_of(evaluation, node->fact, a),
									   text_of(evaluation, node->other, b)));
}

static NumericState
fact_number(const FactValue *value, const Fraction **number)
{
	*number = &value->number;
	return value->state == FACT_KNOWN ? NUMERIC_KNOWN
		: (value->state == FACT_UNKNOWN ? NUMERIC_UNKNOWN : NUMERIC_NOT_CLAIMED);
}

/* one operation on known numbers; what has no value (x / 0, infinity - infinity) is unknown */
static NumericState
calculate(CoreEnv *env, EvalOp op, Fraction a, Fraction b, Fraction *result)
{
	CoreStatus	before = env->status;

	switch (op)
	{
		case NUMERIC_ADD:
			*result = fraction_add(env, a, b);
			break;
		case NUMERIC_SUBTRACT:
			*result = fraction_subtract(env, a, b);
			break;
		case NUMERIC_MULTIPLY:
			*result = fraction_multiply(env, a, b);
			break;
		default:
			if (fraction_is_zero(b))
				return NUMERIC_UNKNOWN;
			*result = fraction_divide(env, a, b);
			break;
	}
	if (before == CORE_OK && (env->status == CORE_OUT_OF_RANGE || env->status == CORE_DIVISION_BY_ZERO))
	{
		env->status = CORE_OK;
		return NUMERIC_UNKNOWN;
	}
	return NUMERIC_KNOWN;
}

/* the value of a numeric expression; nested no deeper than conditions may be */
static NumericState
numeric_value(const Evaluation *evaluation, const EvalNode *node, Fraction *result)
{
	Fraction	a,
				b;
	NumericState left,
				right;
	const Fraction *number;

	switch ((EvalOp) node->op)
	{
		case NUMERIC_FACT:
			left = fact_number(fact_value(evaluation, node->fact), &number);
			*result = *number;
			return left;
		case NUMERIC_CONSTANT:
			*result = *node->number;
			return NUMERIC_KNOWN;
		case NUMERIC_NEGATE:
			left = numeric_value(evaluation, node + 1, &a);
			if (left != NUMERIC_KNOWN)
				return left;
			return calculate(evaluation->env, NUMERIC_SUBTRACT, FRACTION_ZERO, a, result);
		default:
			left = numeric_value(evaluation, node + 1, &a);
			right = numeric_value(evaluation, node + 1 + node[1].size, &b);
			if (left != NUMERIC_KNOWN || right != NUMERIC_KNOWN)
				return left > right ? left : right;
			return calculate(evaluation->env, (EvalOp) node->op, a, b, result);
	}
}

/* two numbers or dates */
static Ternary
comparison_answer(const Evaluation *evaluation, const EvalNode *node)
{
	const Fraction *a,
			   *b;
	Fraction	left_value,
				right_value;
	NumericState left,
				right;

	if (node->op == EVAL_COMPARE)
	{
		left = numeric_value(evaluation, node + 1, &left_value);
		right = numeric_value(evaluation, node + 1 + node[1].size, &right_value);
		a = &left_value;
		b = &right_value;
	}
	else
	{
		left = fact_number(fact_value(evaluation, node->fact), &a);
		right = fact_number(fact_value(evaluation, node->other), &b);
	}
	if (left == NUMERIC_NOT_CLAIMED || right == NUMERIC_NOT_CLAIMED)
		return TERNARY_FALSE;
	if (left == NUMERIC_UNKNOWN || right == NUMERIC_UNKNOWN)
		return TERNARY_UNKNOWN;
	return ternary_of(comparison_holds(node->compare, compare_numbers(evaluation->env, a, b)));
}

/* a question about one fact */
static inline Ternary
single_answer(const Evaluation *evaluation, const EvalNode *node)
{
	const FactValue *value = fact_value(evaluation, node->fact);

	switch ((EvalOp) node->op)
	{
		case EVAL_BOOLEAN:
			return value->state == FACT_UNKNOWN ? TERNARY_UNKNOWN
				: leaf_answer(node, value->state == FACT_KNOWN && value->boolean);
		case EVAL_OVERLAPS:
			if (value->state == FACT_KNOWN && (value->bits & node->mask) != 0)
				return TERNARY_TRUE;
			return set_is_open(value) && node->mask != 0 ? TERNARY_UNKNOWN : TERNARY_FALSE;
		case EVAL_CONTAINS:
		case EVAL_SET:
			return set_answer(node, value);
		default:
			break;
	}
	if (value->state != FACT_KNOWN)
		return value->state == FACT_UNKNOWN ? TERNARY_UNKNOWN : TERNARY_FALSE;
	if (node->op == EVAL_CHOICE)
		return leaf_answer(node, value->choice >= 0 && value->choice < 64
						   && ((node->mask >> value->choice) & 1));
	if (node->op == EVAL_TEXT)
		return leaf_answer(node, same_text(text_of(evaluation, node->fact, value), node->text));
	return ternary_of(comparison_holds(node->compare,
									   compare_numbers(evaluation->env, &value->number, node->number)));
}

static Ternary evaluate_deep(const Evaluation *evaluation, const EvalNode *node);

/* a sub-condition; questions about one fact are answered here and now */
static inline Ternary
evaluate(const Evaluation *evaluation, const EvalNode *node)
{
	Ternary		result;

	if (node->op < EVAL_FIRST_SINGLE)
		return evaluate_deep(evaluation, node);
	result = single_answer(evaluation, node);
	if (evaluation->results)
		evaluation->results[node - evaluation->condition->nodes] = (int8_t) result;
	return result;
}

/* the others; nested no deeper than conditions may be */
static Ternary
evaluate_deep(const Evaluation *evaluation, const EvalNode *node)
{
	const EvalNode *end = node + node->size;
	Ternary		result;

	switch ((EvalOp) node->op)
	{
		case EVAL_CONSTANT:
			result = ternary_of(node->mask != 0);
			break;
		case EVAL_AND:
			result = TERNARY_TRUE;
			for (const EvalNode *child = node + 1; child < end && result != TERNARY_FALSE; child += child->size)
				result = ternary_and(result, evaluate(evaluation, child));
			break;
		case EVAL_OR:
			result = TERNARY_FALSE;
			for (const EvalNode *child = node + 1; child < end && result != TERNARY_TRUE; child += child->size)
				result = ternary_or(result, evaluate(evaluation, child));
			break;
		case EVAL_NOT:
			result = ternary_not(evaluate(evaluation, node + 1));
			break;
		case EVAL_BOOLEANS:
		case EVAL_TEXTS:
			result = same_answer(evaluation, node);
			break;
		default:
			result = comparison_answer(evaluation, node);
			break;
	}
	if (evaluation->results)
		evaluation->results[node - evaluation->condition->nodes] = (int8_t) result;
	return result;
}

/* mark a fact if more about it may be learned */
static bool
mark_missing(const Evaluation *evaluation, int fact, uint8_t *missing)
{
	const FactValue *value = fact_value(evaluation, fact);

	if (value->state == FACT_NOT_CLAIMED || (value->state == FACT_KNOWN && !value->set_open))
		return false;
	missing[fact] = 1;
	return true;
}

/* the unknown facts of an unknown comparison; all of it where known ones have no quotient */
static void
collect_comparison(const Evaluation *evaluation, const EvalNode *node, uint8_t *missing)
{
	bool		found = false;

	for (const EvalNode *n = node + 1; n < node + node->size; n++)
	{
		if (n->op == NUMERIC_FACT)
			found |= mark_missing(evaluation, n->fact, missing);
	}
	for (const EvalNode *n = node + 1; n < node + node->size && !found; n++)
	{
		if (n->op == NUMERIC_FACT)
			missing[n->fact] = 1;
	}
}

/* the facts that decide an unknown sub-condition */
static void
collect_missing(const Evaluation *evaluation, const EvalNode *node, uint8_t *missing)
{
	const EvalNode *end = node + node->size;

	switch ((EvalOp) node->op)
	{
		case EVAL_AND:
		case EVAL_OR:
		case EVAL_NOT:
			for (const EvalNode *child = node + 1; child < end; child += child->size)
			{
				if (evaluation->results[child - evaluation->condition->nodes] == TERNARY_UNKNOWN)
					collect_missing(evaluation, child, missing);
			}
			break;
		case EVAL_COMPARE:
			collect_comparison(evaluation, node, missing);
			break;
		case EVAL_BOOLEANS:
		case EVAL_TEXTS:
		case EVAL_NUMBERS:
			mark_missing(evaluation, node->other, missing);
			mark_missing(evaluation, node->fact, missing);
			break;
		default:
			mark_missing(evaluation, node->fact, missing);
			break;
	}
}

/* evaluate with every result kept, then read off what is missing */
__attribute__((noinline))
static Ternary
evaluate_traced(Evaluation *evaluation, uint8_t *missing)
{
	int8_t		results[CONDITION_MAX_NODES];
	Ternary		result;

	evaluation->results = results;
	result = evaluate(evaluation, evaluation->condition->nodes);
	if (result == TERNARY_UNKNOWN)
		collect_missing(evaluation, evaluation->condition->nodes, missing);
	return result;
}

/* the whole, its gate first: most conditions are about something else */
static inline Ternary
evaluate_gated(const Evaluation *evaluation, const EvalNode *gate)
{
	const EvalNode *root = evaluation->condition->nodes;
	const FactValue *value = fact_value(evaluation, gate->fact);
	Ternary		result = TERNARY_UNKNOWN;

	if (value->state != FACT_UNKNOWN)
		result = ternary_of(value->state == FACT_KNOWN && value->choice >= 0 && value->choice < 64
							&& ((gate->mask >> value->choice) & 1));
	for (const EvalNode *child = gate + 1; child < root + root->size && result != TERNARY_FALSE; child += child->size)
		result = ternary_and(result, evaluate(evaluation, child));
	return result;
}

/* evaluate, and say what is missing if asked */
Ternary
condition_evaluate(CoreEnv *env, const CompiledCondition *condition, const FactSource *facts,
				   uint8_t *missing)
{
	Evaluation	evaluation = {env, condition, facts, NULL};

	core_step(env);
	if (missing)
		return evaluate_traced(&evaluation, missing);
	if (condition->gate >= 0)
		return evaluate_gated(&evaluation, &condition->nodes[condition->gate]);
	return evaluate(&evaluation, condition->nodes);
}
