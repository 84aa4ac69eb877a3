/*
 * condition_form.h
 *		A condition as it is stored: a flat tree of operators, names and
 *		literals; how it is built, printed and compiled.
 *
 * The form holds names, never fact numbers: what a name means is decided when the
 * condition is compiled against a dictionary.  Equal canonical texts have equal
 * bytes and the other way round.
 */
#ifndef OUTBOUND_CONDITION_FORM_H
#define OUTBOUND_CONDITION_FORM_H

#include "condition_eval.h"

#define CONDITION_VERSION		1
#define CONDITION_MAX_TEXT		65536	/* bytes of text */
#define CONDITION_MAX_NODES		4096
#define CONDITION_MAX_DEPTH		200

typedef enum ConditionOp
{
	COND_OR = 1,				/* two or more operands, none of them an OR */
	COND_AND,					/* likewise */
	COND_NOT,
	COND_TRUE,
	COND_FALSE,
	COND_NAME,					/* text: a fact */
	COND_STRING,				/* text: a value, or an element of a set */
	COND_NUMBER,				/* text: a canonical decimal */
	COND_DATE,					/* text: YYYY-MM-DD */
	COND_EQ,					/* comparisons: two operands */
	COND_NE,
	COND_LT,
	COND_LE,
	COND_GT,
	COND_GE,
	COND_ADD,					/* arithmetic: two operands */
	COND_SUBTRACT,
	COND_MULTIPLY,
	COND_DIVIDE,
	COND_NEGATE,				/* one operand, never a number */
	COND_OVERLAPS,				/* NAME && { STRING ... } */
	COND_CONTAINS,				/* NAME @> { STRING ... } */
	COND_SET_EQ,				/* NAME = { STRING ... } */
	COND_SET_NE,				/* NAME <> { STRING ... } */
	COND_IN						/* NAME in ( STRING ... ), one at least */
} ConditionOp;

/* nodes stand in preorder: the first operand follows, the next one lies size nodes on */
typedef struct ConditionNode
{
	uint8_t		op;				/* ConditionOp */
	uint8_t		reserved;		/* zero */
	uint16_t	size;			/* nodes of this subtree, itself included */
	uint32_t	text;			/* offset of its NUL-terminated text, zero for operators */
} ConditionNode;

/* followed by text_size bytes of NUL-terminated texts, in the order of the nodes */
typedef struct ConditionForm
{
	uint8_t		version;		/* CONDITION_VERSION */
	uint8_t		flags;			/* zero */
	uint16_t	reserved;		/* zero */
	uint32_t	n_nodes;
	uint32_t	text_size;
	ConditionNode nodes[];
} ConditionForm;

static inline size_t
condition_form_size(const ConditionForm *form)
{
	return sizeof(ConditionForm) + form->n_nodes * sizeof(ConditionNode) + form->text_size;
}

static inline const char *
condition_node_text(const ConditionForm *form, const ConditionNode *node)
{
	return (const char *) (form->nodes + form->n_nodes) + node->text;
}

/* canonical text: the least parentheses, lower-case keywords; NUL-terminated in env's memory */
extern char *condition_print(CoreEnv *env, const ConditionForm *form);

/* the distinct names it uses, ordered bytewise; they point into form */
extern const char **condition_names(CoreEnv *env, const ConditionForm *form, int *n);

typedef enum ConditionErrorKind
{
	CONDITION_OK,
	CONDITION_UNKNOWN_NAME,		/* name is no fact of the dictionary */
	CONDITION_WRONG_TYPE,		/* name (a fact, or a literal's text) is a "is" where a "needs" is needed */
	CONDITION_VALUE_NOT_ALLOWED /* name is no allowed value of fact */
} ConditionErrorKind;

typedef struct ConditionError
{
	ConditionErrorKind kind;
	const char *name;			/* the offending name, value or literal; points into the form */
	const char *fact;			/* value_not_allowed: the fact's name; else NULL */
	const char *nearest;		/* nearest known name or allowed value, or NULL */
	const char *is;				/* wrong_type: "boolean", "number", "text", "set" or "date" */
	const char *needs;			/* wrong_type: likewise */
} ConditionError;

/*
 * Resolve names, check types and values.  NULL and *error filled on failure.  The
 * result refers to the dictionary and lives in env's memory; the form may go.
 */
extern CompiledCondition *condition_compile(CoreEnv *env, const ConditionForm *form,
											const FactDictionary *dictionary,
											ConditionError *error);

/* the facts it uses, ascending and distinct: positions in the dictionary */
extern const int *condition_facts(const CompiledCondition *condition, int *n);

#endif							/* OUTBOUND_CONDITION_FORM_H */
