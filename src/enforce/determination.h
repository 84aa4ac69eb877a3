/*
 * determination.h
 *		The record of decisions, and the approvals that override a block.
 */
#ifndef OUTBOUND_DETERMINATION_H
#define OUTBOUND_DETERMINATION_H

#include "read/relations.h"
#include "screen/screening.h"

/* the facts that a deal carries, as JSON; unknown ones are null */
extern Jsonb *facts_to_jsonb(const Facts *facts);

/* a fact's text: free text, or the allowed value chosen; NULL where it is not known */
extern const char *fact_text(const Facts *facts, const char *name);

/*
 * The unexpired approval that lets this deal in, or 0.  Reads as the current user, SPI
 * connected.
 */
extern int64 override_lookup(const SourceSchema *schema, const Facts *facts);

/* a table as determination.relation names it, whatever the session's settings: the root of a partition tree */
extern const char *recorded_name(Oid relid);

/* Write the decision; deal_key may be NULL, override_id 0.  SPI connected. */
extern void determination_write(const SourceSchema *schema, const Facts *facts,
								const Screening *screening, DateADT as_of,
								const char *relation, const char *deal_key, int64 override_id);

#endif							/* OUTBOUND_DETERMINATION_H */
