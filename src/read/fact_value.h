/*
 * fact_value.h
 *		One fact from one value of any SQL type, or from one JSON value.  Private to
 *		facts.c and fact_columns.c.
 */
#ifndef OUTBOUND_FACT_VALUE_H
#define OUTBOUND_FACT_VALUE_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/jsonb.h"

#include "core/condition_eval.h"

typedef enum FactForm			/* how a value of a type is read */
{
	FORM_BOOLEAN,
	FORM_INT2,
	FORM_INT4,
	FORM_INT8,
	FORM_NUMERIC,
	FORM_TEXT,
	FORM_OUTPUT,				/* by the text of the type's output function */
	FORM_TEXT_ARRAY,
	FORM_ARRAY,					/* by the texts of its elements */
	FORM_DATE,
	FORM_TIMESTAMP,
	FORM_TIMESTAMPTZ,
	FORM_JSONB
} FactForm;

typedef struct FactReader
{
	FactForm	form;
	FmgrInfo	output;			/* FORM_OUTPUT: of the type; FORM_ARRAY: of its elements */
	Oid			element;
	int16		length;			/* of the elements */
	bool		by_value;
	char		align;
	uint16	   *lengths;		/* of the fact's allowed values */
} FactReader;

/* how values of a type become the fact; ERROR 42804 if they cannot */
extern void fact_reader_init(FactReader *reader, const FactDefinition *fact, Oid type,
							 MemoryContext context);

/* read a value that is not NULL; ERROR 22023 with what the fact takes */
extern void fact_read(CoreEnv *env, FactReader *reader, const FactDefinition *fact,
					  Datum datum, FactValue *value);

/* can this value be read at any later time without an error?  Then its reading may wait until it is asked for */
extern bool fact_reads_surely(const FactReader *reader, Datum datum);

/* read a JSON value; a JSON null is unknown */
extern void fact_read_json(CoreEnv *env, const FactDefinition *fact, JsonbValue *json,
						   FactValue *value);

#endif							/* OUTBOUND_FACT_VALUE_H */
