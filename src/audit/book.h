/*
 * book.h
 *		The firm's book: every row of relation deal, screened one after the other.
 */
#ifndef OUTBOUND_BOOK_H
#define OUTBOUND_BOOK_H

#include "screen/deal.h"

typedef struct BookDeal
{
	const char *id;				/* deal_id as text, or NULL */
	Facts	   *facts;
	DateADT		day;			/* for which rules and data are read */
	const RuleBook *rules;
	Screening  *screening;
	bool		flag;			/* the walk's extra expression; NULL is false */
	const char *problem;		/* why its facts cannot be read; then only id, problem and flag are set */
} BookDeal;

/* what is allocated in the current context during a visit goes with it */
typedef void (*BookVisitor) (void *arg, const BookDeal *deal);

/*
 * Screens every deal as the current user, under the active snapshot, and shows it to the
 * visitor.  extra is SQL for a boolean over the row "d", or NULL.  A deal whose facts
 * cannot be read is an error, unless it is wanted as a problem.
 */
typedef enum BookErrors
{
	BOOK_RAISE,
	BOOK_SHOW_PROBLEMS
} BookErrors;

extern void book_walk(const char *extra, BookErrors errors, BookVisitor visit, void *arg);

/* a date fact's day; false where it is not known */
extern bool book_fact_day(const Facts *facts, const char *name, DateADT *day);

/* a boolean fact; not claimed is false */
extern Ternary book_fact_boolean(const Facts *facts, const char *name);

#endif							/* OUTBOUND_BOOK_H */
