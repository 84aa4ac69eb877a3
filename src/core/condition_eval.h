/*
 * condition_eval.h
 *		Facts, the dictionary they are declared in, and the evaluation of a
 *		compiled legal condition over them in Kleene's logic.
 */
#ifndef OUTBOUND_CONDITION_EVAL_H
#define OUTBOUND_CONDITION_EVAL_H

#include "fraction.h"
#include "ternary.h"

typedef enum FactType
{
	FACT_BOOLEAN,
	FACT_NUMBER,
	FACT_TEXT,					/* one of the allowed values, or free text where none are listed (parties) */
	FACT_SET,					/* of allowed values, at most 64 */
	FACT_DATE					/* days, PostgreSQL's epoch, as an integer Fraction */
} FactType;

typedef enum FactState
{
	FACT_UNKNOWN,
	FACT_KNOWN,
	FACT_NOT_CLAIMED			/* absent and when_absent = not_claimed: false, {}, and no comparison with it holds */
} FactState;

typedef struct FactDefinition
{
	const char *name;
	FactType	type;
	bool		deal;			/* a deal fact; else an activity fact */
	bool		derived;		/* computed when a condition asks, never given */
	bool		not_claimed;	/* fact.when_absent */
	int			n_allowed;
	const char **allowed;		/* position is the bit in a set and the number of a text value */
} FactDefinition;

typedef struct FactDictionary
{
	int			n_facts;
	FactDefinition *facts;		/* ordered by name (bytewise) */
} FactDictionary;

typedef struct FactValue
{
	FactState	state;
	bool		boolean;
	bool		set_open;		/* set: further elements may be in it (a NULL among the elements) */
	uint64_t	bits;			/* set */
	int			choice;			/* text with allowed values: its position; -1 for free text */
	const char *text;			/* free text, NUL-terminated */
	Fraction	number;			/* number, date */
} FactValue;

typedef struct FactSource
{
	const FactValue *(*get) (void *arg, int fact);	/* fact: index in the dictionary; never NULL */
	void	   *arg;
} FactSource;

/* position by name, or -1 */
extern int	fact_lookup(const FactDictionary *dictionary, const char *name);

/* the nearest name by edit distance, or NULL when none is near (kind: 0 activity, 1 deal, -1 any) */
extern const char *fact_nearest(const FactDictionary *dictionary, const char *name, int kind);

typedef struct CompiledCondition CompiledCondition;

/*
 * Evaluate.  missing, if not NULL, has one byte per fact of the dictionary; those of
 * unknown facts that decide (under unknown sub-conditions) are set to 1, others left alone.
 */
extern Ternary condition_evaluate(CoreEnv *env, const CompiledCondition *condition,
								  const FactSource *facts, uint8_t *missing);

#endif							/* OUTBOUND_CONDITION_EVAL_H */
