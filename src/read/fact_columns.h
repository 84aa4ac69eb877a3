/*
 * fact_columns.h
 *		Which columns of a row type are facts, and how to read them row after row.
 */
#ifndef OUTBOUND_FACT_COLUMNS_H
#define OUTBOUND_FACT_COLUMNS_H

#include "postgres.h"

#include "access/htup.h"
#include "access/tupdesc.h"

#include "read/facts.h"

typedef struct FactColumns FactColumns;

/* the map for a row type, in a memory context; ERROR 42804 if a column that bears a fact's name cannot hold it */
extern FactColumns *fact_columns_create(const RuleBook *book, FactKind kind, TupleDesc columns,
										MemoryContext context);

/*
 * The facts of one row.  The source reads numbers when they are asked for, while the row
 * is there; fact_columns_settle reads the rest of them.  The result is the map's own and
 * lasts until the next row.
 */
extern FactSource fact_columns_read(FactColumns *map, HeapTupleHeader row);
extern Facts *fact_columns_settle(FactColumns *map);

/* are all columns of built-in types, so that reading them only allocates? */
extern bool fact_columns_are_plain(const FactColumns *map);

/* all facts of a kind absent, in the current memory context */
extern Facts *facts_absent(const RuleBook *book);

/* read a document into facts; keys whose fact is in skip (or NULL) are checked and left alone */
extern void facts_read_document(Facts *facts, FactKind kind, Jsonb *document, const bool *skip);

#endif							/* OUTBOUND_FACT_COLUMNS_H */
