/*
 * fact_names.h
 *		Words that nearly match: what hints of error messages are made of.
 */
#ifndef OUTBOUND_FACT_NAMES_H
#define OUTBOUND_FACT_NAMES_H

#include "condition_eval.h"

/* edits (insert, delete, replace a byte) from one word to the other; over bound gives bound + 1 */
extern int	word_distance(const char *a, const char *b, int bound);

/* how many edits still count as near */
extern int	word_bound(const char *word);

/* the nearest of some words, the first of several; NULL when none is near */
extern const char *word_nearest(const char *const *words, int n, const char *word);

#endif							/* OUTBOUND_FACT_NAMES_H */
