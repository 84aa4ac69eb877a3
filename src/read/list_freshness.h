/*
 * list_freshness.h
 *		Which lists nobody can rely on: too old, or shorter than they were.
 */
#ifndef OUTBOUND_LIST_FRESHNESS_H
#define OUTBOUND_LIST_FRESHNESS_H

#include "read/rules.h"

/* stale[i] for book->lists[i], as of a day; a list of which no load has been recorded is not stale */
extern bool *stale_lists(const RuleBook *book, DateADT as_of);

#endif							/* OUTBOUND_LIST_FRESHNESS_H */
