/*
 * facts.h
 *		Facts of one activity or one deal: from a JSON document or from any row.
 */
#ifndef OUTBOUND_FACTS_H
#define OUTBOUND_FACTS_H

#include "postgres.h"

#include "access/htup.h"
#include "fmgr.h"
#include "utils/jsonb.h"

#include "read/rules.h"

typedef enum FactKind
{
	FACTS_OF_ACTIVITY,
	FACTS_OF_DEAL,
	FACTS_OF_ANY				/* conditions alone, over either */
} FactKind;

/*
 * values has one entry per fact of the dictionary (index = fact number); facts that the
 * document does not carry are FACT_UNKNOWN or FACT_NOT_CLAIMED by the dictionary, and
 * carried[] tells the two ways of being unknown apart (a carried NULL is always unknown).
 * Derived facts are FACT_UNKNOWN here; a document may not carry them.
 */
typedef struct Facts
{
	const FactDictionary *dictionary;
	FactValue  *values;
	bool	   *carried;
} Facts;

/* an unknown key is an error (42703) with the nearest name, keys starting with x_ are ignored, values of the wrong type are 22023 */
extern Facts *facts_from_jsonb(const RuleBook *book, FactKind kind, Jsonb *document);

/* columns that are no facts are ignored; a column "facts" of type jsonb is read as well, columns winning */
extern Facts *facts_from_record(const RuleBook *book, FactKind kind, HeapTupleHeader row);

/* the same; NULL, and what is wrong with the row, instead of an error about its data */
extern Facts *facts_from_dirty_record(const RuleBook *book, FactKind kind, HeapTupleHeader row,
									  const char **problem);

/* set one fact from a value of any SQL type; used by the trigger's column mapping */
extern void fact_set_datum(Facts *facts, int fact, Datum value, bool isnull, Oid type);

/* a source over facts->values alone (activity conditions) */
extern FactSource facts_source(const Facts *facts);

#endif							/* OUTBOUND_FACTS_H */
