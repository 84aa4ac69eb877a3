/*
 * condition_compiler.h
 *		The state of a compilation, shared by its two halves: what names and types
 *		mean (condition_types.c) and what is emitted for them (condition_compile.c).
 */
#ifndef OUTBOUND_CONDITION_COMPILER_H
#define OUTBOUND_CONDITION_COMPILER_H

#include "condition_build.h"
#include "condition_code.h"

typedef enum ValueType
{
	TYPE_BOOLEAN,
	TYPE_NUMBER,
	TYPE_TEXT,
	TYPE_SET,
	TYPE_DATE
} ValueType;

typedef struct Compiler
{
	CoreEnv    *env;
	const ConditionForm *form;
	const FactDictionary *dictionary;
	ConditionError *error;
	CompiledCondition *out;
	EvalNode   *scratch;
	bool	   *used;			/* per fact */
} Compiler;

static inline const char *
compiler_text(const Compiler *compiler, uint32_t node)
{
	return condition_node_text(compiler->form, &compiler->form->nodes[node]);
}

static inline ConditionOp
compiler_op(const Compiler *compiler, uint32_t node)
{
	return (ConditionOp) compiler->form->nodes[node].op;
}

/* report the type of a node, by the first name or literal in it */
extern bool compiler_wrong_type(Compiler *compiler, uint32_t node, ValueType is, ValueType needs);

/* the fact a name stands for */
extern bool compiler_resolve(Compiler *compiler, uint32_t node, int *fact);

/* the fact a name stands for, if it is of a type */
extern bool compiler_resolve_as(Compiler *compiler, uint32_t node, ValueType needs, int *fact);

/* the position of a value among those allowed */
extern bool compiler_find_allowed(Compiler *compiler, int fact, const char *value, int *position);

/* the type of an operand of a comparison; names in it are resolved */
extern bool compiler_operand_type(Compiler *compiler, uint32_t node, ValueType *type);

#endif							/* OUTBOUND_CONDITION_COMPILER_H */
