/*
 * deal.h
 *		A deal's facts and the rule book they are read under.
 */
#ifndef OUTBOUND_DEAL_H
#define OUTBOUND_DEAL_H

#include "read/facts.h"

/* the book for a deal whose facts were read under another book of the same dictionary */
extern const RuleBook *deal_book(const char *ruleset, DateADT day, Facts *facts);

#endif							/* OUTBOUND_DEAL_H */
