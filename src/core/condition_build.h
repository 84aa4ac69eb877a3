/*
 * condition_build.h
 *		From the grammar's actions to the stored form of a condition.
 *
 * The parser and the scanner are pure: their memory is the environment's, an error
 * is left in ConditionParse.  A builder returns NULL once an error is set.
 */
#ifndef OUTBOUND_CONDITION_BUILD_H
#define OUTBOUND_CONDITION_BUILD_H

#include "condition_form.h"

typedef enum ConditionParseStatus
{
	PARSE_OK,
	PARSE_SYNTAX,				/* message, near, near_length */
	PARSE_TOO_DEEP,				/* over CONDITION_MAX_DEPTH */
	PARSE_TOO_MANY,				/* over CONDITION_MAX_NODES */
	PARSE_TOO_LONG,				/* over CONDITION_MAX_TEXT */
	PARSE_NUMBER				/* a number of over 4096 digits: near, near_length */
} ConditionParseStatus;

/* a piece of the input: its text (of names and literals, unquoted) and its place */
typedef struct ConditionToken
{
	const char *text;
	uint32_t	start;			/* byte offset */
	uint32_t	length;
} ConditionToken;

typedef struct ConditionTree
{
	ConditionOp op;
	uint16_t	depth;
	uint16_t	size;
	ConditionToken token;		/* the first one of it */
	struct ConditionTree *first;
	struct ConditionTree *last;
	struct ConditionTree *next; /* the next operand of the same operator */
} ConditionTree;

typedef struct ConditionParse
{
	CoreEnv    *env;
	ConditionTree *root;
	ConditionToken token;		/* the scanner's latest */
	int			open_parentheses;
	ConditionParseStatus status;
	const char *message;		/* lower case, no period */
	uint32_t	near;			/* byte offset of the offending place */
	uint32_t	near_length;	/* zero: the end of the input */
} ConditionParse;

/* parse; NULL and parse->status on failure */
extern ConditionForm *condition_parse(CoreEnv *env, const char *text, size_t length,
									  ConditionParse *parse);

/* the first error stays */
extern void condition_fail(ConditionParse *parse, ConditionParseStatus status,
						   const char *message, const ConditionToken *at);

/* a leaf: COND_TRUE, COND_FALSE, COND_NAME, COND_STRING, COND_NUMBER or COND_DATE */
extern ConditionTree *condition_leaf(ConditionParse *parse, ConditionOp op, ConditionToken token);

/* NOT or NEGATE; start is the operator */
extern ConditionTree *condition_unary(ConditionParse *parse, ConditionOp op, ConditionToken start,
									  ConditionTree *operand);

/* AND, OR, a comparison or arithmetic */
extern ConditionTree *condition_binary(ConditionParse *parse, ConditionOp op,
									   ConditionTree *left, ConditionTree *right);

/* OVERLAPS, CONTAINS, SET_EQ, SET_NE or IN; elements is a chain of COND_STRING, NULL when empty */
extern ConditionTree *condition_set(ConditionParse *parse, ConditionOp op,
									ConditionTree *fact, ConditionTree *elements);

/* put an element (NULL: an error is set) at the end of a chain; last of the head is kept */
extern ConditionTree *condition_append(ConditionTree *elements, ConditionTree *element);

/* the whole input: a condition, not a value */
extern void condition_finish(ConditionParse *parse, ConditionTree *root);

/* the form of parse->root */
extern ConditionForm *condition_flatten(ConditionParse *parse);

/* the canonical text of a decimal, or NULL over 4096 digits */
extern const char *condition_number(CoreEnv *env, const char *text);

/* days since 2000-01-01 of a text of the form YYYY-MM-DD; false if it is no such day */
extern bool condition_date(const char *text, int64_t *days);

/* a word that needs no quotes as a name or an element */
extern bool condition_is_bare(const char *text);

/* scanner (condition_scan.l) */
extern void *condition_scanner(ConditionParse *parse, const char *text, size_t length);

/* the scanner found itself broken: must not return; the glue's */
extern void condition_scan_fatal(const char *message);

#endif							/* OUTBOUND_CONDITION_BUILD_H */
