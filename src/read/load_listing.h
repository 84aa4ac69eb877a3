/*
 * load_listing.h
 *		Who stands on lists: relation listing.
 */
#ifndef OUTBOUND_LOAD_LISTING_H
#define OUTBOUND_LOAD_LISTING_H

#include "read/neighbourhood.h"

/* told of each entry on one of the lists; not known: on a list the rule book does not know, which might be any of them */
typedef void (*TakeListing) (void *arg, const char *id, size_t length, bool known);

/* hands over all entries of the day; lists has commas between names */
extern void listing_read(Neighbourhood *nb, const char *lists, TakeListing take, void *arg);

/* is one of the lists not what it should be, so that nobody can be told "no"? */
extern bool listing_is_stale(const Neighbourhood *nb, const char *lists);

#endif							/* OUTBOUND_LOAD_LISTING_H */
