/*
 * country.c
 *		ISO 3166 codes: is a place in the United States, in a country of concern?
 *
 * Countries of concern are rows of the rule book.  What is normalised here is only
 * ISO's own double coding: the U.S. territories and CN-TW have country codes too.
 */
#include "postgres.h"

#include "read/country.h"

static const char iso_3166[] =
"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
"FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
"JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
"MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
"PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
"TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

/* territories and possessions of the United States with a code of their own (850.228) */
static const char us_territories[] = "US PR GU VI AS MP UM ";

/* Is the two-letter code in a list of "XX " items? */
static bool
code_in(const char *list, const char *code)
{
	for (; *list; list += 3)
		if (list[0] == code[0] && list[1] == code[1])
			return true;
	return false;
}

/* Upper-cases a code of at most 6 characters into out; false if it has another shape. */
static bool
normalise_code(const char *code, char out[8])
{
	size_t		length = strlen(code);

	if (length != 2 && (length < 4 || length > 6 || code[2] != '-'))
		return false;
	for (size_t i = 0; i < length; i++)
		out[i] = pg_ascii_toupper((unsigned char) code[i]);
	out[length] = '\0';
	if (strcmp(out, "CN-TW") == 0)
		strcpy(out, "TW");
	return code_in(iso_3166, out);
}

bool
country_is_known(const char *code)
{
	char		normal[8];

	return normalise_code(code, normal);
}

void
country_of(const char *code, char out[3])
{
	char		normal[8] = "";

	if (code == NULL || !normalise_code(code, normal))
		normal[0] = '\0';
	strlcpy(out, normal, 3);
}

CountryClass
country_class(const RuleBook *book, const char *code)
{
	CountryClass class = {TERNARY_UNKNOWN, TERNARY_UNKNOWN};
	char		normal[8];
	char		country[3];

	if (code == NULL || !normalise_code(code, normal))
		return class;
	strlcpy(country, normal, sizeof(country));
	class.united_states = ternary_of(code_in(us_territories, country));
	class.concern = TERNARY_FALSE;
	for (int i = 0; i < book->n_countries; i++)
		if (strcmp(book->countries[i], normal) == 0 || strcmp(book->countries[i], country) == 0)
			class.concern = TERNARY_TRUE;
	return class;
}
