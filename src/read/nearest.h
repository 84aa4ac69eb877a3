/*
 * nearest.h
 *		Which known name a mistyped one probably means.
 */
#ifndef OUTBOUND_NEAREST_H
#define OUTBOUND_NEAREST_H

#include "postgres.h"

/* the candidate nearest by edit distance, or NULL when none is near; ties go to the earlier one */
extern const char *nearest_name(const char *name, const char *const *candidates, int n);

#endif							/* OUTBOUND_NEAREST_H */
