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
	Facts	   *facts;			/* NULL: they cannot be read */
	const char *problem;		/* then why, and the verdict is between the ends */
	DateADT		day;			/* for which rules and data are read */
	const RuleBook *rules;
	Screening  *screening;
	HeapTuple	tuple;			/* with the columns that the walk was asked for from the third on */
	TupleDesc	columns;
} BookDeal;

/* what is allocated in the current context during a visit goes with it */
typedef void (*BookVisitor) (void *arg, const BookDeal *deal);

/*
 * Screens every deal as the current user, under the active snapshot, and shows it to the
 * visitor, one day's deals after the other's.  ruleset NULL is the one in force on each
 * day; further is SQL for more columns over the row "d".
 */
extern void book_walk(const char *ruleset, const char *further, BookVisitor visit, void *arg);

/* a column that the walk was asked for, from 1 */
extern Datum book_column(const BookDeal *deal, int column, bool *isnull);

/* WARNING where a deal's facts cannot be read: what is wrong */
extern void book_warn(const BookDeal *deal);

/* a date fact's day; false where it is not known */
extern bool book_fact_day(const Facts *facts, const char *name, DateADT *day);

/* a boolean fact; not claimed is false */
extern Ternary book_fact_boolean(const Facts *facts, const char *name);

#endif							/* OUTBOUND_BOOK_H */
