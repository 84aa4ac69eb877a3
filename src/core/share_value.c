/*
 * share_value.c
 *		Shares: exact fractions and intervals of fractions.
 *
 * Text form:
 *	share    := number | "unknown" | "infinity" | relation end | bracket end "," end bracket
 *	relation := ">" | ">=" | "<" | "<="			(above: up to 100%; below: from 0)
 *	bracket  := "(" | "["  and  ")" | "]"		(round: the end is excluded)
 *	end      := number | "infinity"
 *	number   := decimal "%" | decimal | decimal "/" decimal
 * A decimal without a point, a percent sign or a divisor is refused unless it is zero:
 * "51" may mean 51% or 5100%.  White space may stand between any two of these.
 */
#include <string.h>

#include "core/share_value.h"

typedef struct ShareParser
{
	CoreEnv    *env;
	const char *text;
	size_t		at;
	size_t		error_at;		/* of the first failure */
} ShareParser;

ShareValue
share_value_exact(Fraction a)
{
	return (ShareValue) {a, a, false, false};
}

ShareValue
share_value_unknown(void)
{
	return (ShareValue) {FRACTION_ZERO, FRACTION_ONE, false, false};
}

/* are two fractions the same value?  Lowest terms make that the same representation. */
static bool
fraction_is_same(const Fraction *a, const Fraction *b)
{
	if (a->big == NULL || b->big == NULL)
		return a->big == b->big && a->num == b->num && a->den == b->den &&
			a->negative == b->negative;
	return a->big == b->big ||
		(a->negative == b->negative &&
		 a->big->n_num == b->big->n_num && a->big->n_den == b->big->n_den &&
		 memcmp(a->big->limbs, b->big->limbs,
				((size_t) a->big->n_num + a->big->n_den) * sizeof(uint64_t)) == 0);
}

bool
share_value_is_exact(const ShareValue *a)
{
	return fraction_is_same(&a->lower, &a->upper);
}

/* the sum's upper end is attained if every part's is, and infinity if one part attains it */
ShareValue
share_value_add(CoreEnv *env, const ShareValue *a, const ShareValue *b)
{
	ShareValue	sum;

	sum.lower = fraction_add(env, a->lower, b->lower);
	sum.lower_open = a->lower_open || b->lower_open;
	if (share_value_is_exact(a) && share_value_is_exact(b))
	{
		sum.upper = sum.lower;
		sum.upper_open = false;
		return sum;
	}
	sum.upper = fraction_add(env, a->upper, b->upper);
	sum.upper_open = a->upper_open || b->upper_open;
	if ((fraction_is_infinite(a->upper) && !a->upper_open) ||
		(fraction_is_infinite(b->upper) && !b->upper_open))
		sum.upper_open = false;
	if (fraction_is_infinite(sum.lower))
		sum.lower_open = false;
	return sum;
}

int
share_value_compare(CoreEnv *env, const ShareValue *a, const ShareValue *b)
{
	int			order = fraction_compare(env, a->lower, b->lower);

	if (order != 0)
		return order;
	if (a->lower_open != b->lower_open)
		return a->lower_open ? 1 : -1;
	order = fraction_compare(env, a->upper, b->upper);
	if (order != 0)
		return order;
	if (a->upper_open != b->upper_open)
		return a->upper_open ? -1 : 1;
	return 0;
}

Ternary
share_value_exceeds(CoreEnv *env, const ShareValue *a, const ShareValue *threshold)
{
	int			order = fraction_compare(env, a->lower, threshold->upper);

	if (order > 0 || (order == 0 && (a->lower_open || threshold->upper_open)))
		return TERNARY_TRUE;
	if (fraction_compare(env, a->upper, threshold->lower) <= 0)
		return TERNARY_FALSE;
	return TERNARY_UNKNOWN;
}

Ternary
share_value_at_least(CoreEnv *env, const ShareValue *a, const ShareValue *threshold)
{
	int			order;

	if (fraction_compare(env, a->lower, threshold->upper) >= 0)
		return TERNARY_TRUE;
	order = fraction_compare(env, a->upper, threshold->lower);
	if (order < 0 || (order == 0 && (a->upper_open || threshold->lower_open)))
		return TERNARY_FALSE;
	return TERNARY_UNKNOWN;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void
skip_space(ShareParser *parser)
{
	while (parser->text[parser->at] == ' ' ||
		   (parser->text[parser->at] >= '\t' && parser->text[parser->at] <= '\r'))
	{
		core_step(parser->env);
		parser->at++;
	}
}

/* note a failure at a place; the first one stays */
static Fraction
fail_at(ShareParser *parser, CoreStatus status, size_t at)
{
	if (parser->env->status == CORE_OK)
	{
		parser->env->status = status;
		parser->error_at = at;
	}
	return FRACTION_ZERO;
}

/* take a word, ignoring the case of ASCII letters, if it stands here and ends here */
static bool
take_word(ShareParser *parser, const char *word)
{
	size_t		length = strlen(word);

	for (size_t i = 0; i < length; i++)
	{
		if ((parser->text[parser->at + i] | 0x20) != word[i])
			return false;
	}
	parser->at += length;
	return true;
}

/* step over digits[.digits]; false at the offending character */
static bool
skip_decimal(ShareParser *parser, bool *point)
{
	const char *text = parser->text;
	size_t		start = parser->at;

	for (; is_digit(text[parser->at]); parser->at++)
		core_step(parser->env);
	if (text[parser->at] == '.')
	{
		*point = true;
		start = ++parser->at;
		for (; is_digit(text[parser->at]); parser->at++)
			core_step(parser->env);
	}
	if (parser->at > start)
		return true;
	fail_at(parser, CORE_SYNTAX, parser->at);
	return false;
}

/* decimal "%", decimal, or decimal "/" decimal */
static Fraction
parse_number(ShareParser *parser)
{
	CoreEnv    *env = parser->env;
	size_t		start = parser->at;
	bool		negative = parser->text[start] == '-';
	bool		marked = false;
	size_t		length;
	Fraction	value;

	if (env->status != CORE_OK)
		return FRACTION_ZERO;
	if (negative)
		parser->at++;
	if (!skip_decimal(parser, &marked))
		return FRACTION_ZERO;
	if (parser->text[parser->at] == '/')
	{
		parser->at++;
		marked = true;
		if (!skip_decimal(parser, &marked))
			return FRACTION_ZERO;
		length = parser->at - start;
	}
	else
	{
		length = parser->at - start;
		skip_space(parser);
		if (parser->text[parser->at] == '%')
		{
			parser->at++;
			value = fraction_parse(env, parser->text + start, length);
			value = fraction_divide(env, value, (Fraction) {100, 1, NULL, false});
			goto parsed;
		}
	}
	value = fraction_parse(env, parser->text + start, length);
	if (env->status == CORE_OK && !marked && !fraction_is_zero(value) &&
		!is_letter(parser->text[parser->at]))
		return fail_at(parser, CORE_OUT_OF_RANGE, start);
parsed:
	if (env->status != CORE_OK)
	{
		parser->error_at = start;
		return FRACTION_ZERO;
	}
	if (value.negative)
		return fail_at(parser, CORE_OUT_OF_RANGE, start);
	return value;
}

static Fraction
parse_end(ShareParser *parser)
{
	Fraction	value;

	skip_space(parser);
	if (take_word(parser, "infinity"))
		value = FRACTION_INFINITY;
	else
		value = parse_number(parser);
	skip_space(parser);
	return value;
}

/* >end, >=end, <end, <=end */
static ShareValue
parse_relation(ShareParser *parser)
{
	ShareValue	value = share_value_unknown();
	bool		above = parser->text[parser->at++] == '>';
	bool		open = parser->text[parser->at] != '=';

	if (!open)
		parser->at++;
	if (above)
	{
		value.lower = parse_end(parser);
		value.lower_open = open;
	}
	else
	{
		value.upper = parse_end(parser);
		value.upper_open = open;
	}
	return value;
}

/* (end,end], with either kind of bracket at either side */
static ShareValue
parse_band(ShareParser *parser)
{
	ShareValue	value = share_value_unknown();

	value.lower_open = parser->text[parser->at++] == '(';
	value.lower = parse_end(parser);
	if (parser->text[parser->at] != ',')
	{
		fail_at(parser, CORE_SYNTAX, parser->at);
		return value;
	}
	parser->at++;
	value.upper = parse_end(parser);
	if (parser->text[parser->at] != ')' && parser->text[parser->at] != ']')
		fail_at(parser, CORE_SYNTAX, parser->at);
	else
		value.upper_open = parser->text[parser->at++] == ')';
	return value;
}

/* a share has something in it, and is printed with no more digits than may be read */
static void
check_share(ShareParser *parser, const ShareValue *value, size_t start)
{
	int			order;

	if (parser->env->status != CORE_OK)
		return;
	order = fraction_compare(parser->env, value->lower, value->upper);
	if (order > 0 || (order == 0 && (value->lower_open || value->upper_open)))
		fail_at(parser, CORE_OUT_OF_RANGE, start);
	else if (!share_value_fits(parser->env, value))
		fail_at(parser, CORE_TOO_LARGE, start);
}

ShareValue
share_value_parse(CoreEnv *env, const char *text, size_t *error_at)
{
	ShareParser parser = {env, text, 0, 0};
	ShareValue	value = share_value_unknown();
	size_t		start;

	skip_space(&parser);
	start = parser.at;
	if (text[start] == '(' || text[start] == '[')
		value = parse_band(&parser);
	else if (text[start] == '>' || text[start] == '<')
		value = parse_relation(&parser);
	else if (!take_word(&parser, "unknown"))
		value = share_value_exact(parse_end(&parser));
	skip_space(&parser);
	if (env->status == CORE_OK && text[parser.at] != '\0')
		fail_at(&parser, CORE_SYNTAX, parser.at);
	check_share(&parser, &value, start);
	if (env->status != CORE_OK)
	{
		*error_at = parser.error_at;
		return share_value_unknown();
	}
	return value;
}

/* the percentage without its sign, NULL where it does not terminate */
static char *
print_decimal_percent(CoreEnv *env, Fraction a)
{
	return fraction_print_decimal(env, fraction_multiply(env, a, (Fraction) {100, 1, NULL, false}));
}

/* one end: "0", percent where it terminates, "1/3", "infinity" */
static const char *
print_end(CoreEnv *env, Fraction a)
{
	char	   *text;
	size_t		length;

	if (fraction_is_zero(a))
		return "0";
	if (fraction_is_infinite(a))
		return "infinity";
	text = print_decimal_percent(env, a);
	if (text == NULL)
		return fraction_print_quotient(env, a);
	length = strlen(text);
	return strcat(memcpy(core_array(env, length + 2, 1), text, length + 1), "%");
}

/* up to five pieces in one string */
static char *
join(CoreEnv *env, const char *a, const char *b, const char *c, const char *d, const char *e)
{
	size_t		length = strlen(a) + strlen(b) + strlen(c) + strlen(d) + strlen(e) + 1;
	char	   *text = core_array(env, length, 1);

	return strcat(strcat(strcat(strcat(strcpy(text, a), b), c), d), e);
}

/*
 * The canonical text: a single end for what begins at 0 or ends at 100%, both included
 * (">50%", ">=75%", "<25%", "<=25%"), a band otherwise.
 */
char *
share_value_print(CoreEnv *env, const ShareValue *a)
{
	const char *lower = print_end(env, a->lower);
	const char *upper;
	Fraction	one = FRACTION_ONE;
	bool		from_zero = fraction_is_zero(a->lower) && !a->lower_open;
	bool		to_whole = fraction_is_same(&a->upper, &one) && !a->upper_open;

	if (share_value_is_exact(a))
		return join(env, lower, "", "", "", "");
	if (from_zero && to_whole)
		return join(env, "unknown", "", "", "", "");
	if (to_whole)
		return join(env, a->lower_open ? ">" : ">=", lower, "", "", "");
	upper = print_end(env, a->upper);
	if (from_zero)
		return join(env, a->upper_open ? "<" : "<=", upper, "", "", "");
	return join(env, a->lower_open ? "(" : "[", lower, ",", upper, a->upper_open ? ")" : "]");
}

/* every finite 13606-bit number has at most 4096 digits, no 13621-bit fraction is readable */
bool
share_value_fits(CoreEnv *env, const ShareValue *a)
{
	const Fraction *ends[2] = {&a->lower, &a->upper};

	for (int i = 0; i < 2; i++)
	{
		size_t		bits = fraction_bits(*ends[i]);
		const char *text;
		const char *slash;

		if (bits <= 13606)
			continue;
		if (bits > 13620)
			return false;
		if (print_decimal_percent(env, *ends[i]) != NULL)
			continue;
		text = fraction_print_quotient(env, *ends[i]);
		slash = strchr(text, '/');
		if (slash - text > FRACTION_MAX_DIGITS || strlen(slash + 1) > FRACTION_MAX_DIGITS)
			return false;
	}
	return true;
}
