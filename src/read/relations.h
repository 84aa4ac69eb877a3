/*
 * relations.h
 *		The contract: six relations of the firm, found by name in one schema.
 *
 * Everything that reads them goes through SPI as the current user with the names and
 * expressions given here, so that views, privileges, row security, partitions and
 * foreign tables work.  Where the plan of a query is to read one table as it stands, the
 * table is read so (plain_table.h).
 */
#ifndef OUTBOUND_RELATIONS_H
#define OUTBOUND_RELATIONS_H

#include "postgres.h"

#include "utils/date.h"

typedef enum SourceRelationId
{
	SOURCE_PARTY,
	SOURCE_INTEREST,
	SOURCE_ACTIVITY,
	SOURCE_LISTING,
	SOURCE_FINANCIAL,
	SOURCE_DEAL,
	N_SOURCE_RELATIONS
} SourceRelationId;

typedef struct SourceRelation
{
	const char *name;			/* party */
	Oid			relid;
	const char *qualified_name; /* quoted, with schema */
	bool		row_security;	/* policies, on it or beneath it, would filter it for the current user */
} SourceRelation;

typedef struct SourceSchema
{
	const char *name;
	Oid			id_type;		/* text, bigint or uuid */
	Oid			id_array_type;
	SourceRelation relations[N_SOURCE_RELATIONS];
	bool		row_security;	/* any of them */
	bool		hangs_on_session;	/* one may show other rows under other settings */
} SourceSchema;

/*
 * The configured schema, checked: ERROR OB010 naming the missing relation or column or the wrong type, with the
 * hint to create_relations() or configure().  Cached; rechecked when a relation's definition, the setting
 * or the current user changes.  SOURCE_DEAL is looked up only when need_deal is true.
 */
extern const SourceSchema *source_schema(bool need_deal);

/*
 * SQL for a column of a relation under an alias, cast to type ("text", "text[]", "date", "numeric", "jsonb",
 * "outbound.share", ...) where its own type differs; "NULL::type" for an optional column that is absent.
 */
extern const char *source_column(const SourceRelation *relation, const char *alias,
								 const char *column, const char *type);

/* " AND a.valid @> $n" or "" where the relation has no validity; rows with NULL valid are always valid */
extern const char *source_validity(const SourceRelation *relation, const char *alias, int parameter);

/* an array of n ids given as text, in the schema's id type; ids that are no value of the type are left out */
extern Datum source_id_array(const SourceSchema *schema, const char *const *ids, int n);

/*
 * So many ids at most are asked about in one query: for neither sorting nor probing for those of a
 * whole level does PostgreSQL look at interrupts.
 */
#define QUERY_IDS		4096

/* puts the numbers of more parties than that in the order of their ids: what one query finds lies together in an index */
extern void source_order_ids(uint32 *parties, uint32 n, const char *(*id_of) (const void *arg, uint32 party), const void *arg);

/* the schema the extension lives in, quoted: for fully qualified names in SPI texts */
extern const char *extension_schema(void);

#endif							/* OUTBOUND_RELATIONS_H */
