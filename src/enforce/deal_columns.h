/*
 * deal_columns.h
 *		Which columns of a guarded table carry which facts of the deal.
 */
#ifndef OUTBOUND_DEAL_COLUMNS_H
#define OUTBOUND_DEAL_COLUMNS_H

#include "commands/trigger.h"

#include "read/facts.h"

typedef struct DealColumns
{
	int			n_facts;
	struct
	{
		int			fact;		/* in the dictionary */
		AttrNumber	column;
	}		   *facts;			/* ordered by fact */
	AttrNumber	document;		/* column of further facts, json or jsonb, or 0 */
	int			n_key;
	AttrNumber *key;			/* columns that name the deal: deal_id, else the primary key */
} DealColumns;

/* the trigger's arguments and the table's own column names; ERROR 42703 for a name that is neither fact nor column */
extern DealColumns *deal_columns(const FactDictionary *dictionary, const Trigger *trigger, Relation rel);

/* do two versions of a row differ in a mapped fact? */
extern bool deal_changed(const DealColumns *columns, Relation rel, TupleTableSlot *old, TupleTableSlot *new);

extern Facts *deal_facts(const DealColumns *columns, const RuleBook *book, Relation rel, TupleTableSlot *row);

/* the key's text, the same in every session, or NULL where the table has none */
extern const char *deal_key(const DealColumns *columns, Relation rel, TupleTableSlot *row);

#endif							/* OUTBOUND_DEAL_COLUMNS_H */
