/*
 * fraction_text.c
 *		Fractions from text and to text.
 */
#include <stdio.h>
#include <string.h>

#include "core/fraction_parts.h"

#define SHORT_DIGITS	19		/* as many digits always fit in 64 bits */

/* a decimal as it stands in the text */
typedef struct Decimal
{
	char	   *digits;			/* without the point */
	size_t		n_digits;
	size_t		n_places;		/* digits after the point */
	long		exponent;
} Decimal;

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* [eE][+-]digits at *at: the exponent, or CORE_SYNTAX, or CORE_TOO_LARGE */
static long
scan_exponent(CoreEnv *env, const char *text, size_t length, size_t *at)
{
	long		exponent = 0;
	bool		negative = false;
	size_t		start;

	if (*at >= length || (text[*at] != 'e' && text[*at] != 'E'))
		return 0;
	(*at)++;
	if (*at < length && (text[*at] == '+' || text[*at] == '-'))
		negative = text[(*at)++] == '-';
	for (start = *at; *at < length && is_digit(text[*at]); (*at)++)
	{
		core_step(env);
		if (exponent <= FRACTION_MAX_DIGITS)
			exponent = exponent * 10 + (text[*at] - '0');
	}
	if (*at == start)
		core_fail(env, CORE_SYNTAX);
	if (exponent > FRACTION_MAX_DIGITS)
	{
		core_fail(env, CORE_TOO_LARGE);
		exponent = 0;
	}
	return negative ? -exponent : exponent;
}

/* digits[.digits][exponent] at *at; false and a status if there is none or it is too long */
static bool
scan_decimal(CoreEnv *env, const char *text, size_t length, size_t *at, Decimal *decimal)
{
	size_t		start = *at;
	size_t		whole,
				stands_for;

	for (; *at < length && is_digit(text[*at]); (*at)++)
		core_step(env);
	whole = *at - start;
	decimal->n_places = 0;
	if (*at + 1 < length && text[*at] == '.' && is_digit(text[*at + 1]))
	{
		(*at)++;
		for (; *at < length && is_digit(text[*at]); (*at)++)
			core_step(env);
		decimal->n_places = *at - start - whole - 1;
	}
	decimal->n_digits = whole + decimal->n_places;
	if (decimal->n_digits == 0)
	{
		core_fail(env, CORE_SYNTAX);
		return false;
	}
	if (decimal->n_digits > FRACTION_MAX_DIGITS + 1)
	{
		core_fail(env, CORE_TOO_LARGE);
		return false;
	}
	decimal->digits = core_array(env, decimal->n_digits, 1);
	memcpy(decimal->digits, text + start, whole);
	memcpy(decimal->digits + whole, text + start + whole + 1, decimal->n_places);
	decimal->exponent = scan_exponent(env, text, length, at);

	/* the zero before the point is no digit, an exponent is the digits it stands for */
	if (whole == 1 && text[start] == '0' && decimal->n_places > 0)
		whole = 0;
	if (decimal->exponent < 0)
		stands_for = decimal->n_places +
			(whole > (size_t) -decimal->exponent ? whole : (size_t) -decimal->exponent);
	else
		stands_for = whole + (decimal->n_places > (size_t) decimal->exponent ?
							  decimal->n_places : (size_t) decimal->exponent);
	if (stands_for > FRACTION_MAX_DIGITS)
		core_fail(env, CORE_TOO_LARGE);
	return env->status == CORE_OK;
}

/* the value of a decimal without its exponent */
static Fraction
decimal_mantissa(CoreEnv *env, const Decimal *decimal)
{
	uint64_t	num = 0;
	uint64_t	den = 1;
	uint64_t	g;
	Natural		n,
				d;

	if (decimal->n_digits > SHORT_DIGITS)
	{
		n = natural_from_digits(env, decimal->digits, decimal->n_digits);
		d = natural_power_of_ten(env, decimal->n_places);
		return fraction_of_limbs(env, n.limbs, n.n, d.limbs, d.n);
	}
	for (size_t i = 0; i < decimal->n_digits; i++)
		num = num * 10 + (uint64_t) (decimal->digits[i] - '0');
	for (size_t i = 0; i < decimal->n_places; i++)
		den *= 10;
	if (num == 0)
		return FRACTION_ZERO;
	g = natural_gcd_limb(num, den);
	return (Fraction) {num / g, den / g, NULL, false};
}

static Fraction
decimal_value(CoreEnv *env, const Decimal *decimal)
{
	static const uint64_t one = 1;
	Fraction	value = decimal_mantissa(env, decimal);
	Natural		power;

	if (decimal->exponent == 0)
		return value;
	power = natural_power_of_ten(env, (size_t) (decimal->exponent < 0 ?
												-decimal->exponent : decimal->exponent));
	if (decimal->exponent > 0)
		return fraction_multiply(env, value,
								 fraction_of_limbs(env, power.limbs, power.n, &one, 1));
	return fraction_divide(env, value,
						   fraction_of_limbs(env, power.limbs, power.n, &one, 1));
}

Fraction
fraction_parse(CoreEnv *env, const char *text, size_t length)
{
	size_t		at = 0;
	bool		negative = false;
	Decimal		decimal;
	Fraction	value,
				divisor;

	if (length > 0 && text[0] == '-')
	{
		negative = true;
		at = 1;
	}
	if (!scan_decimal(env, text, length, &at, &decimal))
		return FRACTION_ZERO;
	value = decimal_value(env, &decimal);
	if (at < length && text[at] == '/')
	{
		at++;
		if (!scan_decimal(env, text, length, &at, &decimal))
			return FRACTION_ZERO;
		divisor = decimal_value(env, &decimal);
		if (at == length)
			value = fraction_divide(env, value, divisor);
	}
	if (at != length)
		core_fail(env, CORE_SYNTAX);
	if (env->status != CORE_OK)
		return FRACTION_ZERO;
	value.negative = negative && !fraction_is_zero(value);
	return value;
}

/* digits with a sign, and a point before the last so many places */
static char *
place_point(CoreEnv *env, bool negative, const char *digits, size_t n, size_t places)
{
	size_t		zeros = n > places ? 0 : places + 1 - n;
	char	   *text = core_array(env, n + zeros + 3, 1);
	char	   *end = text;
	size_t		whole = n + zeros - places;

	if (negative)
		*end++ = '-';
	for (size_t i = 0; i < n + zeros; i++)
	{
		if (i == whole)
			*end++ = '.';
		*end++ = i < zeros ? '0' : digits[i - zeros];
	}
	*end = '\0';
	return text;
}

char *
fraction_print_decimal(CoreEnv *env, Fraction a)
{
	FractionParts parts;
	size_t		twos,
				fives,
				places,
				n;
	Natural		scaled;
	char	   *digits;

	if (fraction_is_infinite(a))
		return NULL;
	fraction_split(&a, &parts);
	if (!natural_decimal_factors(env, parts.den, &twos, &fives))
		return NULL;
	places = twos > fives ? twos : fives;
	if (places > FRACTION_MAX_DIGITS || natural_bits(parts.num) > FRACTION_MAX_DIGITS * 4 + places * 3)
		return NULL;
	scaled = natural_multiply(env, parts.num,
							  natural_divide(env, natural_power_of_ten(env, places), parts.den));
	digits = natural_digits(env, scaled, &n);
	if (n > FRACTION_MAX_DIGITS)
		return NULL;
	return place_point(env, a.negative, digits, n, places);
}

char *
fraction_print_rounded(CoreEnv *env, Fraction a, int places)
{
	static const uint64_t two = 2;
	FractionParts parts;
	Natural		scaled;
	size_t		n;
	char	   *digits;

	if (fraction_is_infinite(a) || places < 0 || places > FRACTION_MAX_DIGITS)
	{
		core_fail(env, CORE_OUT_OF_RANGE);
		return "0";
	}
	fraction_split(&a, &parts);

	/* floor((2 num 10^places + den) / (2 den)) */
	scaled = natural_multiply(env, parts.num, natural_power_of_ten(env, (size_t) places));
	scaled = natural_add(env, natural_add(env, scaled, scaled), parts.den);
	scaled = natural_divide(env, scaled, natural_multiply(env, parts.den, natural_view(&two)));
	digits = natural_digits(env, scaled, &n);
	return place_point(env, a.negative && scaled.n > 0, digits, n, (size_t) places);
}

char *
fraction_print_quotient(CoreEnv *env, Fraction a)
{
	FractionParts parts;
	char	   *text;
	char	   *num_digits;
	char	   *den_digits;
	size_t		n_num,
				n_den;

	fraction_split(&a, &parts);
	num_digits = natural_digits(env, parts.num, &n_num);
	den_digits = natural_digits(env, parts.den, &n_den);
	text = core_array(env, n_num + n_den + 3, 1);
	sprintf(text, "%s%s/%s", a.negative ? "-" : "", num_digits, den_digits);
	return text;
}

char *
fraction_print(CoreEnv *env, Fraction a)
{
	char	   *text;

	if (fraction_is_infinite(a))
		return strcpy(core_array(env, sizeof("infinity"), 1), "infinity");
	text = fraction_print_decimal(env, a);
	return text != NULL ? text : fraction_print_quotient(env, a);
}
