/*
 * condition_literal.c
 *		Numbers and days as a condition's text tells them.
 */
#include "condition_build.h"

#include <string.h>

#define MAX_DIGITS		4096	/* that a number stands for */
#define PLAIN_LENGTH	15		/* numbers up to this long never take an exponent */

/* digits without zeros that say nothing, times ten to the exponent */
typedef struct Decimal
{
	char	   *digits;
	long		n;
	long		exponent;
} Decimal;

/* take a decimal, with or without point and exponent, apart */
static Decimal
read_decimal(CoreEnv *env, const char *text)
{
	Decimal		decimal = {core_array(env, strlen(text) + 1, 1), 0, 0};
	bool		point = false;
	bool		negative;
	long		told = 0;

	for (; *text && *text != 'e' && *text != 'E'; text++)
	{
		if (*text == '.')
		{
			point = true;
			continue;
		}
		if (decimal.n > 0 || *text != '0')
			decimal.digits[decimal.n++] = *text;
		decimal.exponent -= point;
	}
	if (*text)
	{
		negative = text[1] == '-';
		for (text += 1 + (text[1] == '-' || text[1] == '+'); *text; text++)
		{
			if (told < 1000000)
				told = told * 10 + (*text - '0');
		}
		decimal.exponent += negative ? -told : told;
	}
	while (decimal.n > 0 && decimal.digits[decimal.n - 1] == '0')
	{
		decimal.n--;
		decimal.exponent++;
	}
	return decimal;
}

/* all its digits, with zeros and a point where they belong; returns the end */
static char *
write_plain(char *out, const Decimal *decimal)
{
	long		whole = decimal->n + decimal->exponent; /* digits before the point */

	if (whole <= 0)
	{
		*out++ = '0';
		*out++ = '.';
		for (long i = whole; i < 0; i++)
			*out++ = '0';
	}
	for (long i = 0; i < decimal->n; i++)
	{
		if (i > 0 && i == whole)
			*out++ = '.';
		*out++ = decimal->digits[i];
	}
	for (long i = 0; i < decimal->exponent; i++)
		*out++ = '0';
	return out;
}

/* one digit before the point, and an exponent; returns the end */
static char *
write_scientific(char *out, const Decimal *decimal)
{
	long		exponent = decimal->n - 1 + decimal->exponent;
	char		reversed[8];
	int			k = 0;

	for (long i = 0; i < decimal->n; i++)
	{
		if (i == 1)
			*out++ = '.';
		*out++ = decimal->digits[i];
	}
	*out++ = 'e';
	if (exponent < 0)
	{
		*out++ = '-';
		exponent = -exponent;
	}
	do
		reversed[k++] = (char) ('0' + exponent % 10);
	while ((exponent /= 10) > 0);
	while (k > 0)
		*out++ = reversed[--k];
	return out;
}

/*
 * The canonical text of a decimal: no zeros that say nothing, an exponent only where
 * the number is long and it makes it shorter.  NULL over MAX_DIGITS.
 */
const char *
condition_number(CoreEnv *env, const char *text)
{
	Decimal		decimal = read_decimal(env, text);
	long		whole = decimal.n + decimal.exponent;
	long		length;
	char	   *out;

	if (decimal.n == 0)
		return "0";
	if (decimal.n > MAX_DIGITS || whole > MAX_DIGITS || decimal.exponent < -MAX_DIGITS)
		return NULL;
	if (decimal.exponent >= 0)
		length = whole;
	else
		length = whole > 0 ? decimal.n + 1 : 2 - decimal.exponent;
	out = core_array(env, MAX_DIGITS + 32, 1);
	/* digits on both sides of the point, or up to it: an exponent saves nothing */
	if (length <= PLAIN_LENGTH || (decimal.exponent <= 0 && whole > 0))
		*write_plain(out, &decimal) = '\0';
	else
		*write_scientific(out, &decimal) = '\0';
	return out;
}

/* days since 2000-01-01 of YYYY-MM-DD, Gregorian */
bool
condition_date(const char *text, int64_t *days)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	int64_t		field[3] = {0, 0, 0};
	int64_t		past;
	bool		leap;

	if (strlen(text) != 10)
		return false;
	for (int i = 0; i < 10; i++)
	{
		if (i == 4 || i == 7)
		{
			if (text[i] != '-')
				return false;
		}
		else if (text[i] < '0' || text[i] > '9')
			return false;
		else
			field[i < 4 ? 0 : (i < 7 ? 1 : 2)] = field[i < 4 ? 0 : (i < 7 ? 1 : 2)] * 10 + (text[i] - '0');
	}
	if (field[0] < 1 || field[1] < 1 || field[1] > 12 || field[2] < 1)
		return false;
	leap = (field[0] % 4 == 0 && field[0] % 100 != 0) || field[0] % 400 == 0;
	if (field[2] > before[field[1]] - before[field[1] - 1] + (leap && field[1] == 2))
		return false;
	past = field[0] - 1;		/* whole years before this one */
	*days = past * 365 + past / 4 - past / 100 + past / 400
		+ before[field[1] - 1] + (leap && field[1] > 2) + field[2] - 1 - 730119;
	return true;
}
