/*
 * ranking.h
 *		What is missing, most decisive first; and which excuses a deal could still claim.
 */
#ifndef OUTBOUND_RANKING_H
#define OUTBOUND_RANKING_H

#include "screen/screening.h"

typedef struct RankedMissing
{
	const char *name;			/* as in Screening.missing */
	int64		weight;			/* how far an answer alone would settle the verdict */
	int			mentions;		/* how often undecided rules ask for it */
} RankedMissing;

/* the missing names of a screening of this deal, ranked */
extern RankedMissing *rank_missing(const RuleBook *book, Facts *facts, DateADT as_of, int *n);

/* could the exception or exemption hold, were what nobody claimed claimed? */
extern bool *could_be_claimed(const RuleBook *book, Facts *facts, DateADT as_of);

#endif							/* OUTBOUND_RANKING_H */
