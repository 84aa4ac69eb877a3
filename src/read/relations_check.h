/*
 * relations_check.h
 *		More of relations.c, for source_sql.c, configure() and the trigger.
 */
#ifndef OUTBOUND_RELATIONS_CHECK_H
#define OUTBOUND_RELATIONS_CHECK_H

#include "read/relations.h"

/* that schema with all six relations, checked as source_schema() does but not cached */
extern const SourceSchema *source_schema_check(const char *name);

/* the type of a column, domains looked through; InvalidOid where there is none of that name */
extern Oid	column_type(Oid relid, const char *column);

/* determination or deal_override of that schema (configure.c); OB010 if missing and not missing_ok */
extern Oid	source_record_table(const SourceSchema *schema, const char *name, bool missing_ok);

/* the one owner of the relations and determination; ERROR 55000 if there are several (configure.c) */
extern Oid	source_owner(const SourceSchema *schema);

extern Oid	extension_schema_oid(void);

/* a type of the extension by name; ERROR 42704 */
extern Oid	extension_type(const char *name);

#endif							/* OUTBOUND_RELATIONS_CHECK_H */
