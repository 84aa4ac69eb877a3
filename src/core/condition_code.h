/*
 * condition_code.h
 *		What a condition is compiled to: nodes in preorder with facts as numbers,
 *		sets as masks and numbers as fractions.
 *
 * Operands of AND and OR are ordered cheapest first: a text out of few, then booleans
 * and sets, then numbers, then what contains operators, then whatever asks for a
 * derived fact.  A condition about another object fails at its first node.
 */
#ifndef OUTBOUND_CONDITION_CODE_H
#define OUTBOUND_CONDITION_CODE_H

#include "condition_form.h"

typedef enum EvalOp
{
	EVAL_CONSTANT,				/* mask is 0 or 1 */
	EVAL_AND,
	EVAL_OR,
	EVAL_NOT,
	EVAL_BOOLEANS,				/* fact and other are the same */
	EVAL_TEXTS,					/* fact and other are the same */
	EVAL_NUMBERS,				/* fact compares so with other */
	EVAL_COMPARE,				/* its two numeric operands compare so */
	EVAL_BOOLEAN,				/* fact; from here on a question about one fact */
	EVAL_OVERLAPS,				/* fact has an element of mask */
	EVAL_CONTAINS,				/* fact has all elements of mask */
	EVAL_SET,					/* fact is mask */
	EVAL_CHOICE,				/* fact is one of mask */
	EVAL_TEXT,					/* fact is text */
	EVAL_NUMBER,				/* fact compares so with number */
	NUMERIC_FACT,
	NUMERIC_CONSTANT,
	NUMERIC_ADD,
	NUMERIC_SUBTRACT,
	NUMERIC_MULTIPLY,
	NUMERIC_DIVIDE,
	NUMERIC_NEGATE
} EvalOp;

#define EVAL_FIRST_SINGLE	EVAL_BOOLEAN

typedef struct EvalNode
{
	uint8_t		op;				/* EvalOp */
	uint8_t		compare;		/* COND_EQ to COND_GE, of comparisons of numbers */
	bool		negate;			/* the leaf's answer is turned round */
	bool		universal;		/* EVAL_SET: mask holds every allowed element */
	uint8_t		cost;			/* class for ordering, see condition_compile.c */
	uint16_t	size;			/* nodes of the subtree */
	int			fact;
	int			other;
	union
	{
		uint64_t	mask;
		const char *text;
		const Fraction *number;
	};
} EvalNode;

struct CompiledCondition
{
	const FactDictionary *dictionary;
	int			n_facts;
	const int  *facts;			/* used, ascending */
	int			gate;			/* node of a choice without which it is false, or -1 */
	int			n_nodes;
	EvalNode	nodes[];
};

#endif							/* OUTBOUND_CONDITION_CODE_H */
