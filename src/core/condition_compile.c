/*
 * condition_compile.c
 *		A stored condition against a dictionary: names become fact numbers, types
 *		and values are checked, and what is cheap comes first.
 *
 * A form's depth is limited where it is built, and with it the recursion here.
 */
#include "condition_compiler.h"

#include <string.h>

/*
 * Classes of cost, cheapest first.  A text that is one of few values comes first: it
 * tells most conditions apart from the facts of another object.
 */
enum
{
	COST_CHOICE,
	COST_BITS,					/* booleans and sets */
	COST_NUMBER,
	COST_MORE,					/* whatever contains operators or other texts */
	COST_DERIVED				/* a bit: a derived fact must be computed */
};

static bool compile_node(Compiler *compiler, uint32_t node);

/* append a node without operands */
static EvalNode *
emit(Compiler *compiler, EvalOp op, int fact)
{
	EvalNode   *node = &compiler->out->nodes[compiler->out->n_nodes++];

	memset(node, 0, sizeof(*node));
	node->op = (uint8_t) op;
	node->size = 1;
	node->fact = fact;
	return node;
}

/* how costly the answer is, and whether a derived fact must be computed for it */
static void
set_cost(Compiler *compiler, EvalNode *node, int cost, int other)
{
	const FactDefinition *facts = compiler->dictionary->facts;

	node->other = other;
	node->cost = (uint8_t) (cost + (facts[node->fact].derived || (other >= 0 && facts[other].derived) ? COST_DERIVED : 0));
}

/* the subtree from a node on is complete: its size and its operands' greatest cost */
static void
close_node(Compiler *compiler, int at, int least_cost)
{
	EvalNode   *node = &compiler->out->nodes[at];
	EvalNode   *end = &compiler->out->nodes[compiler->out->n_nodes];

	node->size = (uint16_t) (end - node);
	node->cost = (uint8_t) least_cost;
	for (EvalNode *child = node + 1; child < end; child += child->size)
	{
		int			derived = (child->cost | node->cost) & COST_DERIVED;
		int			own = node->cost & COST_MORE,
					theirs = child->cost & COST_MORE;

		node->cost = (uint8_t) ((own > theirs ? own : theirs) | derived);
	}
}

/* order the operands of AND or OR by cost; equals keep their order */
static void
order_operands(Compiler *compiler, int at)
{
	EvalNode   *node = &compiler->out->nodes[at];
	EvalNode   *end = node + node->size;
	size_t		filled = 0;

	for (uint8_t cost = 0; cost < 2 * COST_DERIVED; cost++)
	{
		for (EvalNode *child = node + 1; child < end; child += child->size)
		{
			if (child->cost != cost)
				continue;
			memcpy(compiler->scratch + filled, child, child->size * sizeof(EvalNode));
			filled += child->size;
		}
	}
	memcpy(node + 1, compiler->scratch, filled * sizeof(EvalNode));
}

/* AND, OR, NOT */
static bool
compile_logic(Compiler *compiler, uint32_t node)
{
	static const EvalOp ops[] = {[COND_OR] = EVAL_OR, [COND_AND] = EVAL_AND, [COND_NOT] = EVAL_NOT};
	const ConditionNode *nodes = compiler->form->nodes;
	uint32_t	end = node + nodes[node].size;
	int			at = compiler->out->n_nodes;

	emit(compiler, ops[nodes[node].op], -1);
	for (uint32_t child = node + 1; child < end; child += nodes[child].size)
	{
		if (!compile_node(compiler, child))
			return false;
	}
	close_node(compiler, at, nodes[node].op == COND_NOT ? COST_CHOICE : COST_MORE);
	if (nodes[node].op != COND_NOT)
		order_operands(compiler, at);
	return true;
}

/* a set fact and its elements */
static bool
compile_set(Compiler *compiler, uint32_t node)
{
	const ConditionNode *set = &compiler->form->nodes[node];
	const FactDefinition *definition;
	EvalNode   *out;
	uint64_t	mask = 0;
	int			fact,
				position;

	if (!compiler_resolve_as(compiler, node + 1, TYPE_SET, &fact))
		return false;
	for (uint32_t i = node + 2; i < node + set->size; i++)
	{
		if (!compiler_find_allowed(compiler, fact, compiler_text(compiler, i), &position))
			return false;
		if (position < 64)
			mask |= UINT64_C(1) << position;
	}
	definition = &compiler->dictionary->facts[fact];
	out = emit(compiler, set->op == COND_OVERLAPS ? EVAL_OVERLAPS
			   : (set->op == COND_CONTAINS ? EVAL_CONTAINS : EVAL_SET), fact);
	out->mask = mask;
	out->negate = set->op == COND_SET_NE;
	out->universal = definition->n_allowed > 0
		&& mask == UINT64_MAX >> (64 - (definition->n_allowed > 64 ? 64 : definition->n_allowed));
	set_cost(compiler, out, COST_BITS, -1);
	return true;
}

/* a text fact is one of the values at nodes first to end, or none of them */
static bool
compile_values(Compiler *compiler, int fact, uint32_t first, uint32_t end, bool negate)
{
	int			n_allowed = compiler->dictionary->facts[fact].n_allowed;
	int			at = compiler->out->n_nodes;
	EvalNode   *out;
	uint64_t	mask = 0;
	int			position;

	for (uint32_t i = first; i < end && n_allowed > 0; i++)
	{
		if (!compiler_find_allowed(compiler, fact, compiler_text(compiler, i), &position))
			return false;
		if (position < 64)
			mask |= UINT64_C(1) << position;
	}
	if (n_allowed > 0 && n_allowed <= 64)
	{
		out = emit(compiler, EVAL_CHOICE, fact);
		out->mask = mask;
		out->negate = negate;
		set_cost(compiler, out, COST_CHOICE, -1);
		return true;
	}
	if (end - first > 1)
		emit(compiler, EVAL_OR, -1);
	for (uint32_t i = first; i < end; i++)
	{
		const char *text = compiler_text(compiler, i);
		char	   *copy = core_array(compiler->env, strlen(text) + 1, 1);

		out = emit(compiler, EVAL_TEXT, fact);
		out->text = strcpy(copy, text);
		out->negate = negate;
		set_cost(compiler, out, COST_MORE, -1);
	}
	if (end - first > 1)
		close_node(compiler, at, COST_MORE);
	return true;
}

/* a number or a date that the condition tells */
static const Fraction *
literal(Compiler *compiler, uint32_t node)
{
	Fraction   *number = core_array(compiler->env, 1, sizeof(Fraction));
	const char *text = compiler_text(compiler, node);
	int64_t		days = 0;

	if (compiler_op(compiler, node) == COND_DATE)
	{
		condition_date(text, &days);
		*number = fraction_of(compiler->env, days, 1);
	}
	else
		*number = fraction_parse(compiler->env, text, strlen(text));
	return number;
}

/* an operand of numbers or dates, its types already checked */
static void
compile_numeric(Compiler *compiler, uint32_t node)
{
	static const EvalOp ops[] = {
		[COND_ADD] = NUMERIC_ADD, [COND_SUBTRACT] = NUMERIC_SUBTRACT,
		[COND_MULTIPLY] = NUMERIC_MULTIPLY, [COND_DIVIDE] = NUMERIC_DIVIDE,
		[COND_NEGATE] = NUMERIC_NEGATE
	};
	ConditionOp op = compiler_op(compiler, node);
	int			at = compiler->out->n_nodes;
	EvalNode   *out;
	int			fact;

	if (op == COND_NAME)
	{
		compiler_resolve(compiler, node, &fact);
		set_cost(compiler, emit(compiler, NUMERIC_FACT, fact), COST_MORE, -1);
	}
	else if (op == COND_NUMBER || op == COND_DATE)
	{
		out = emit(compiler, NUMERIC_CONSTANT, -1);
		out->number = literal(compiler, node);
	}
	else
	{
		uint32_t	right = node + 1 + compiler->form->nodes[node + 1].size;

		emit(compiler, ops[op], -1);
		compile_numeric(compiler, node + 1);
		if (op != COND_NEGATE)
			compile_numeric(compiler, right);
		close_node(compiler, at, COST_MORE);
	}
}

/* the comparison that says the same with its sides exchanged */
static ConditionOp
mirrored(ConditionOp op)
{
	switch (op)
	{
		case COND_LT:
			return COND_GT;
		case COND_LE:
			return COND_GE;
		case COND_GT:
			return COND_LT;
		case COND_GE:
			return COND_LE;
		default:
			return op;
	}
}

/* numbers or dates, types already checked */
static void
compile_number_comparison(Compiler *compiler, ConditionOp op, uint32_t left, uint32_t right)
{
	ConditionOp left_op = compiler_op(compiler, left),
				right_op = compiler_op(compiler, right);
	bool		left_literal = left_op == COND_NUMBER || left_op == COND_DATE,
				right_literal = right_op == COND_NUMBER || right_op == COND_DATE;
	int			at = compiler->out->n_nodes;
	int			fact,
				other;
	EvalNode   *out;

	if (left_literal && right_op == COND_NAME)
	{
		compile_number_comparison(compiler, mirrored(op), right, left);
		return;
	}
	if (left_op == COND_NAME && (right_literal || right_op == COND_NAME))
	{
		compiler_resolve(compiler, left, &fact);
		if (right_literal)
		{
			out = emit(compiler, EVAL_NUMBER, fact);
			out->number = literal(compiler, right);
			set_cost(compiler, out, COST_NUMBER, -1);
		}
		else
		{
			compiler_resolve(compiler, right, &other);
			out = emit(compiler, EVAL_NUMBERS, fact);
			set_cost(compiler, out, COST_MORE, other);
		}
	}
	else
	{
		emit(compiler, EVAL_COMPARE, -1);
		compile_numeric(compiler, left);
		compile_numeric(compiler, right);
		close_node(compiler, at, COST_MORE);
	}
	compiler->out->nodes[at].compare = (uint8_t) op;
}

/* booleans; a fact compared with a constant is the fact or its contrary */
static void
compile_boolean_comparison(Compiler *compiler, bool negate, uint32_t left, uint32_t right)
{
	bool		left_name = compiler_op(compiler, left) == COND_NAME,
				right_name = compiler_op(compiler, right) == COND_NAME;
	EvalNode   *out;
	int			fact,
				other = -1;

	if (!left_name && !right_name)
	{
		out = emit(compiler, EVAL_CONSTANT, -1);
		out->mask = (compiler_op(compiler, left) == compiler_op(compiler, right)) != negate;
		return;
	}
	compiler_resolve(compiler, left_name ? left : right, &fact);
	if (left_name && right_name)
		compiler_resolve(compiler, right, &other);
	else
		negate ^= compiler_op(compiler, left_name ? right : left) == COND_FALSE;
	out = emit(compiler, other >= 0 ? EVAL_BOOLEANS : EVAL_BOOLEAN, fact);
	out->negate = negate;
	set_cost(compiler, out, COST_BITS, other);
}

/* texts; a literal is looked up among the fact's allowed values */
static bool
compile_text_comparison(Compiler *compiler, bool negate, uint32_t left, uint32_t right)
{
	bool		left_name = compiler_op(compiler, left) == COND_NAME,
				right_name = compiler_op(compiler, right) == COND_NAME;
	EvalNode   *out;
	int			fact,
				other;

	if (!left_name && !right_name)
	{
		out = emit(compiler, EVAL_CONSTANT, -1);
		out->mask = (strcmp(compiler_text(compiler, left), compiler_text(compiler, right)) == 0) != negate;
		return true;
	}
	compiler_resolve(compiler, left_name ? left : right, &fact);
	if (!left_name || !right_name)
	{
		uint32_t	value = left_name ? right : left;

		return compile_values(compiler, fact, value, value + 1, negate);
	}
	compiler_resolve(compiler, right, &other);
	out = emit(compiler, EVAL_TEXTS, fact);
	out->negate = negate;
	set_cost(compiler, out, COST_MORE, other);
	return true;
}

/* = <> < <= > >= */
static bool
compile_comparison(Compiler *compiler, uint32_t node)
{
	ConditionOp op = compiler_op(compiler, node);
	uint32_t	left = node + 1,
				right = left + compiler->form->nodes[left].size;
	ValueType	a,
				b;

	if (!compiler_operand_type(compiler, left, &a) || !compiler_operand_type(compiler, right, &b))
		return false;
	if (a != b)
		return compiler_op(compiler, right) == COND_NAME && compiler_op(compiler, left) != COND_NAME
			? compiler_wrong_type(compiler, right, b, a) : compiler_wrong_type(compiler, left, a, b);
	if (a == TYPE_NUMBER || a == TYPE_DATE)
	{
		compile_number_comparison(compiler, op, left, right);
		return true;
	}
	if (op != COND_EQ && op != COND_NE)
		return compiler_wrong_type(compiler, left, a, TYPE_NUMBER);
	if (a == TYPE_SET)
		return compiler_wrong_type(compiler, left, a, TYPE_TEXT);
	if (a == TYPE_TEXT)
		return compile_text_comparison(compiler, op == COND_NE, left, right);
	compile_boolean_comparison(compiler, op == COND_NE, left, right);
	return true;
}

/* a sub-condition */
static bool
compile_node(Compiler *compiler, uint32_t node)
{
	ConditionOp op = compiler_op(compiler, node);
	int			fact;

	switch (op)
	{
		case COND_OR:
		case COND_AND:
		case COND_NOT:
			return compile_logic(compiler, node);
		case COND_TRUE:
		case COND_FALSE:
			emit(compiler, EVAL_CONSTANT, -1)->mask = op == COND_TRUE;
			return true;
		case COND_NAME:
			if (!compiler_resolve_as(compiler, node, TYPE_BOOLEAN, &fact))
				return false;
			set_cost(compiler, emit(compiler, EVAL_BOOLEAN, fact), COST_BITS, -1);
			return true;
		case COND_OVERLAPS:
		case COND_CONTAINS:
		case COND_SET_EQ:
		case COND_SET_NE:
			return compile_set(compiler, node);
		case COND_IN:
			return compiler_resolve_as(compiler, node + 1, TYPE_TEXT, &fact)
				&& compile_values(compiler, fact, node + 2, node + compiler->form->nodes[node].size, false);
		default:
			return compile_comparison(compiler, node);
	}
}

/* a choice that the whole is, or that stands first under an AND that the whole is */
static int
find_gate(const CompiledCondition *condition)
{
	int			node = condition->nodes[0].op == EVAL_AND ? 1 : 0;

	return condition->nodes[node].op == EVAL_CHOICE && !condition->nodes[node].negate ? node : -1;
}

/* compile, or say why not */
CompiledCondition *
condition_compile(CoreEnv *env, const ConditionForm *form, const FactDictionary *dictionary,
				  ConditionError *error)
{
	Compiler	compiler = {env, form, dictionary, error, NULL, NULL, NULL};
	int		   *facts = core_array(env, dictionary->n_facts + 1, sizeof(int));

	memset(error, 0, sizeof(*error));
	compiler.out = core_array(env, sizeof(CompiledCondition) + form->n_nodes * sizeof(EvalNode), 1);
	memset(compiler.out, 0, sizeof(CompiledCondition));
	compiler.scratch = core_array(env, form->n_nodes, sizeof(EvalNode));
	compiler.used = core_array(env, dictionary->n_facts + 1, sizeof(bool));
	memset(compiler.used, 0, (dictionary->n_facts + 1) * sizeof(bool));
	if (!compile_node(&compiler, 0))
		return NULL;
	compiler.out->dictionary = dictionary;
	compiler.out->gate = find_gate(compiler.out);
	for (int i = 0; i < dictionary->n_facts; i++)
	{
		if (compiler.used[i])
			facts[compiler.out->n_facts++] = i;
	}
	compiler.out->facts = facts;
	return compiler.out;
}

/* the facts it uses */
const int *
condition_facts(const CompiledCondition *condition, int *n)
{
	*n = condition->n_facts;
	return condition->facts;
}
