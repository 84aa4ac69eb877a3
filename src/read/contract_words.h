/*
 * contract_words.h
 *		The words that columns of the relations may carry, in the order of their enums.
 */
#ifndef OUTBOUND_CONTRACT_WORDS_H
#define OUTBOUND_CONTRACT_WORDS_H

#include "core/graph.h"
#include "read/neighbourhood.h"

extern const char *const party_kind_words[PARTY_KIND_UNKNOWN];
extern const char *const interest_kind_words[N_INTEREST_KINDS];	/* the last is none that a row may carry */
extern const char *const register_words[REGISTER_COMPLETE + 1];

/* the place of a word (NULL: none) among n words, else otherwise */
extern int	word_place(const char *word, const char *const *words, int n, int otherwise);

#endif							/* OUTBOUND_CONTRACT_WORDS_H */
