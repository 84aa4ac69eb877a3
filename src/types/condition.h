/*
 * condition.h
 *		The SQL type condition.
 *
 * A value of it: varlena header, then the form of core/condition_form.h, 4-byte
 * aligned.  Take one out of its datum with DatumGetConditionP and compile it with
 *
 *		condition_compile(&env, &condition->form, &book->dictionary, &error)
 */
#ifndef OUTBOUND_CONDITION_H
#define OUTBOUND_CONDITION_H

#include "postgres.h"

#include "fmgr.h"

#include "compat.h"

#include "core/condition_form.h"

typedef struct Condition
{
	char		vl_len_[4];		/* varlena header (do not touch directly!) */
	ConditionForm form;
} Condition;

#define DatumGetConditionP(x)		((Condition *) PG_DETOAST_DATUM(x))
#define PG_GETARG_CONDITION_P(n)	DatumGetConditionP(PG_GETARG_DATUM(n))
#define PG_RETURN_CONDITION_P(x)	PG_RETURN_POINTER(x)

/* the condition of a text, or NULL with a soft error in escontext (NULL: ERROR) */
extern Condition *condition_from_text(const char *text, size_t length, struct Node *escontext);

/* its canonical text in the current memory context */
extern char *condition_to_text(const Condition *condition);

/*
 * What is wrong, as a primary message and (or NULL) a hint in the current memory
 * context, and the SQLSTATE that fits: 42703, 42804 or 22023.
 */
extern char *condition_error_message(const ConditionError *error, char **hint, int *sqlstate);

/* raise it */
extern EXT_NORETURN void condition_error_throw(const ConditionError *error);

#endif							/* OUTBOUND_CONDITION_H */
