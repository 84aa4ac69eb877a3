/*
 * condition_types.c
 *		What a condition's names stand for, and whether types and values agree.
 *
 * A check that fails has filled the compiler's error and returns false.
 */
#include "condition_compiler.h"
#include "fact_names.h"

#include <string.h>

static const char *
type_name(ValueType type)
{
	static const char *const names[] = {
		[TYPE_BOOLEAN] = "boolean", [TYPE_NUMBER] = "number", [TYPE_TEXT] = "text",
		[TYPE_SET] = "set", [TYPE_DATE] = "date"
	};

	return names[type];
}

/* report the type of a node, by the first name or literal in it */
bool
compiler_wrong_type(Compiler *compiler, uint32_t node, ValueType is, ValueType needs)
{
	while (compiler_op(compiler, node) < COND_TRUE || compiler_op(compiler, node) > COND_DATE)
		node++;
	compiler->error->kind = CONDITION_WRONG_TYPE;
	compiler->error->name = compiler_op(compiler, node) == COND_TRUE ? "true"
		: (compiler_op(compiler, node) == COND_FALSE ? "false" : compiler_text(compiler, node));
	compiler->error->is = type_name(is);
	compiler->error->needs = type_name(needs);
	return false;
}

/* the fact a name stands for */
bool
compiler_resolve(Compiler *compiler, uint32_t node, int *fact)
{
	const char *name = compiler_text(compiler, node);

	*fact = fact_lookup(compiler->dictionary, name);
	if (*fact >= 0)
	{
		compiler->used[*fact] = true;
		return true;
	}
	compiler->error->kind = CONDITION_UNKNOWN_NAME;
	compiler->error->name = name;
	compiler->error->nearest = fact_nearest(compiler->dictionary, name, -1);
	return false;
}

/* the type of a fact's values */
static ValueType
fact_type(const Compiler *compiler, int fact)
{
	static const ValueType types[] = {
		[FACT_BOOLEAN] = TYPE_BOOLEAN, [FACT_NUMBER] = TYPE_NUMBER, [FACT_TEXT] = TYPE_TEXT,
		[FACT_SET] = TYPE_SET, [FACT_DATE] = TYPE_DATE
	};

	return types[compiler->dictionary->facts[fact].type];
}

/* the fact a name stands for, if it is of a type */
bool
compiler_resolve_as(Compiler *compiler, uint32_t node, ValueType needs, int *fact)
{
	ValueType	is;

	if (!compiler_resolve(compiler, node, fact))
		return false;
	is = fact_type(compiler, *fact);
	return is == needs || compiler_wrong_type(compiler, node, is, needs);
}

/* the position of a value among those allowed */
bool
compiler_find_allowed(Compiler *compiler, int fact, const char *value, int *position)
{
	const FactDefinition *definition = &compiler->dictionary->facts[fact];

	for (int i = 0; i < definition->n_allowed; i++)
	{
		if (strcmp(definition->allowed[i], value) == 0)
		{
			*position = i;
			return true;
		}
	}
	compiler->error->kind = CONDITION_VALUE_NOT_ALLOWED;
	compiler->error->name = value;
	compiler->error->fact = definition->name;
	compiler->error->nearest = word_nearest(definition->allowed, definition->n_allowed, value);
	return false;
}

/* the type of a sum, difference, product or quotient of such operands; which one is wrong is told */
static bool
arithmetic_type(Compiler *compiler, ConditionOp op, uint32_t left, uint32_t right,
				ValueType a, ValueType b, ValueType *type)
{
	if (a == TYPE_DATE && op == COND_SUBTRACT && (b == TYPE_DATE || b == TYPE_NUMBER))
	{
		*type = b == TYPE_DATE ? TYPE_NUMBER : TYPE_DATE;
		return true;
	}
	if (op == COND_ADD && ((a == TYPE_DATE && b == TYPE_NUMBER) || (a == TYPE_NUMBER && b == TYPE_DATE)))
	{
		*type = TYPE_DATE;
		return true;
	}
	*type = TYPE_NUMBER;
	if (a != TYPE_NUMBER && (a != TYPE_DATE || op > COND_SUBTRACT))
		return compiler_wrong_type(compiler, left, a, TYPE_NUMBER);
	return b == TYPE_NUMBER || compiler_wrong_type(compiler, right, b, TYPE_NUMBER);
}

/* the type of an operand of a comparison; names in it are resolved */
bool
compiler_operand_type(Compiler *compiler, uint32_t node, ValueType *type)
{
	ConditionOp op = compiler_op(compiler, node);
	uint32_t	left = node + 1,
				right;
	ValueType	a,
				b;
	int			fact;

	switch (op)
	{
		case COND_NAME:
			if (!compiler_resolve(compiler, node, &fact))
				return false;
			*type = fact_type(compiler, fact);
			return true;
		case COND_STRING:
			*type = TYPE_TEXT;
			return true;
		case COND_NUMBER:
			*type = TYPE_NUMBER;
			return true;
		case COND_DATE:
			*type = TYPE_DATE;
			return true;
		case COND_TRUE:
		case COND_FALSE:
			*type = TYPE_BOOLEAN;
			return true;
		case COND_NEGATE:
			if (!compiler_operand_type(compiler, left, &a))
				return false;
			*type = TYPE_NUMBER;
			return a == TYPE_NUMBER || compiler_wrong_type(compiler, left, a, TYPE_NUMBER);
		default:
			right = left + compiler->form->nodes[left].size;
			return compiler_operand_type(compiler, left, &a)
				&& compiler_operand_type(compiler, right, &b)
				&& arithmetic_type(compiler, op, left, right, a, b, type);
	}
}
