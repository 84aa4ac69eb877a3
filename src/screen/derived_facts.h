/*
 * derived_facts.h
 *		The facts of a deal that follow from the records.
 */
#ifndef OUTBOUND_DERIVED_FACTS_H
#define OUTBOUND_DERIVED_FACTS_H

#include "screen/transaction.h"

typedef struct DerivedFact
{
	const char *name;
	Ternary		(*ask) (Transaction *transaction);
	void		(*missing) (Transaction *transaction, MissingList *list);
	uint8		rests_on;		/* RESTS_ON_*: what of it readings can change */
} DerivedFact;

/* what is known of a party as a covered foreign person rests on these */
#define RESTS_ON_PERSON (RESTS_ON_CONCERN | RESTS_ON_FIGURES | RESTS_ON_ACTIVITIES)

/* one of the dictionary's derived facts; an error for any other */
extern const DerivedFact *derived_fact(const char *name);

#endif							/* OUTBOUND_DERIVED_FACTS_H */
