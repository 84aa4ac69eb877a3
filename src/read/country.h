/*
 * country.h
 *		ISO 3166 codes as the party columns carry them.
 */
#ifndef OUTBOUND_COUNTRY_H
#define OUTBOUND_COUNTRY_H

#include "postgres.h"

#include "read/rules.h"

typedef struct CountryClass
{
	Ternary		united_states;	/* 850.228: States, DC, territories, possessions */
	Ternary		concern;		/* 850.207, by the rule book */
} CountryClass;

/* UNKNOWN twice for NULL and for what is no ISO 3166 code */
extern CountryClass country_class(const RuleBook *book, const char *code);

/* the alpha-2 code a place lies in, "" for NULL and for what is no ISO 3166 code */
extern void country_of(const char *code, char out[3]);

/* an alpha-2 code, or one with a subdivision ("US-DE"), in any case */
extern bool country_is_known(const char *code);

#endif							/* OUTBOUND_COUNTRY_H */
