/*
 * census_tiers.h
 *		Pooled ownership tests that go tier by tier, over everything at once.
 */
#ifndef OUTBOUND_CENSUS_TIERS_H
#define OUTBOUND_CENSUS_TIERS_H

#include "screen/census_members.h"

/*
 * One party's grade under a test in tiers whose seeds are persons of a country of
 * concern; false: not that kind of test, or the party is in none of the rows.  The grades
 * are kept with the census, where census_grade() finds them.
 */
extern bool census_tiers(Inquiry *inquiry, const char *test, const char *id, Grade *grade);

#endif							/* OUTBOUND_CENSUS_TIERS_H */
