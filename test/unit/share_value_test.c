/*
 * share_value_test.c
 *		Text, order, sums and thresholds of shares.
 */
#include "core/share_value.h"
#include "unit.h"

static ShareValue
share(CoreEnv *env, const char *text)
{
	size_t		error_at;

	return share_value_parse(env, text, &error_at);
}

static void
check_text(CoreEnv *env)
{
	static const char *const good[][2] = {
		{"51%", "51%"}, {"0.51", "51%"}, {"1/3", "1/3"}, {"1234567/9876543", "1234567/9876543"},
		{"0", "0"}, {"0%", "0"}, {"00", "0"}, {"0/7", "0"}, {"-0%", "0"}, {"100%", "100%"}, {"1.0", "100%"},
		{"1/1", "100%"}, {"3/2", "150%"}, {"0.005", "0.5%"}, {"33.5%", "33.5%"}, {".5", "50%"},
		{"12.50 %", "12.5%"}, {"\t 51% \n", "51%"}, {"0.5/1.5", "1/3"},
		{"unknown", "unknown"}, {"UnKnown", "unknown"}, {"[0,100%]", "unknown"}, {"[0,1.0]", "unknown"},
		{"infinity", "infinity"}, {"INFINITY", "infinity"}, {"[infinity,infinity]", "infinity"},
		{"(25%,50%]", "(25%,50%]"}, {"( 25% , 1/2 ]", "(25%,50%]"}, {"[25%,50%)", "[25%,50%)"},
		{"[1/3,2/3]", "[1/3,2/3]"}, {"(0,0.5)", "(0,50%)"}, {"[5%,5%]", "5%"}, {"[0,0]", "0"},
		{">50%", ">50%"}, {"(50%,100%]", ">50%"}, {">=75%", ">=75%"}, {"[75%,100%]", ">=75%"},
		{"<25%", "<25%"}, {"[0,25%)", "<25%"}, {"<=25%", "<=25%"}, {"[0,25%]", "<=25%"},
		{">0", ">0"}, {">=0", "unknown"}, {"<100%", "<100%"}, {"<=100%", "unknown"}, {"<=0", "0"},
		{">=100%", "100%"}, {"<=150%", "<=150%"}, {"> 1/3", ">1/3"}, {"(0,100%)", "(0,100%)"},
		{"[50%,150%]", "[50%,150%]"}, {"[50%,infinity)", "[50%,infinity)"},
		{"(50%,infinity]", "(50%,infinity]"}, {"<infinity", "<infinity"},
		{"36893488147419103233/73786976294838206464", "36893488147419103233/73786976294838206464"},
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		ShareValue	a = share(env, good[i][0]);
		ShareValue	b;
		char	   *text = share_value_print(env, &a);

		/* a quotient of 2^k terminates, and is printed as it terminates */
		if (i + 1 == sizeof(good) / sizeof(good[0]))
			ok(strchr(text, '%') != NULL, "a long quotient of a power of two terminates");
		else
			is_text(text, good[i][1], good[i][0]);
		b = share(env, text);
		ok(env->status == CORE_OK && share_value_compare(env, &a, &b) == 0 &&
		   strcmp(share_value_print(env, &b), text) == 0, "  and its text reads back");
		unit_reset(env);
	}
}

static void
check_refusals(CoreEnv *env)
{
	static const struct
	{
		const char *text;
		CoreStatus	status;
		long		at;
	}			bad[] = {
		{"51", CORE_OUT_OF_RANGE, 0}, {" 1 ", CORE_OUT_OF_RANGE, 1}, {"(25%,50]", CORE_OUT_OF_RANGE, 5},
		{">50", CORE_OUT_OF_RANGE, 1}, {"-5%", CORE_OUT_OF_RANGE, 0}, {"-5", CORE_OUT_OF_RANGE, 0},
		{"[-1/3,5%]", CORE_OUT_OF_RANGE, 1}, {"(5%,5%]", CORE_OUT_OF_RANGE, 0},
		{"[5%,5%)", CORE_OUT_OF_RANGE, 0}, {" [6%,5%]", CORE_OUT_OF_RANGE, 1},
		{">100%", CORE_OUT_OF_RANGE, 0}, {"<0", CORE_OUT_OF_RANGE, 0}, {">=101%", CORE_OUT_OF_RANGE, 0},
		{"[infinity,5%]", CORE_OUT_OF_RANGE, 0}, {">infinity", CORE_OUT_OF_RANGE, 0},
		{"", CORE_SYNTAX, 0}, {"  ", CORE_SYNTAX, 2}, {"x", CORE_SYNTAX, 0}, {"51%x", CORE_SYNTAX, 3},
		{"51%%", CORE_SYNTAX, 3}, {"5.%", CORE_SYNTAX, 2}, {"1/3%", CORE_SYNTAX, 3}, {"1/", CORE_SYNTAX, 2},
		{"1e-3", CORE_SYNTAX, 1}, {"0.1e-3", CORE_SYNTAX, 3}, {"+5%", CORE_SYNTAX, 0},
		{"(25%,50%", CORE_SYNTAX, 8}, {"(25%;50%]", CORE_SYNTAX, 4}, {"(,50%]", CORE_SYNTAX, 1},
		{"(25%]", CORE_SYNTAX, 4}, {"unknownx", CORE_SYNTAX, 7}, {"unknow", CORE_SYNTAX, 0},
		{"infinity%", CORE_SYNTAX, 8}, {"-infinity", CORE_SYNTAX, 1}, {"NaN", CORE_SYNTAX, 0},
		{"[unknown,5%]", CORE_SYNTAX, 1}, {"50 % %", CORE_SYNTAX, 5}, {"0x10", CORE_SYNTAX, 1},
		{"51,5%", CORE_OUT_OF_RANGE, 0}, {"1/0", CORE_DIVISION_BY_ZERO, 0}, {"=50%", CORE_SYNTAX, 0},
		{"\xc3\xa9", CORE_SYNTAX, 0}, {"(25%,1/0]", CORE_DIVISION_BY_ZERO, 5},
	};
	char		text[9000];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		size_t		at = 999;
		ShareValue	a = share_value_parse(env, bad[i].text, &at);

		ok(env->status == bad[i].status && (long) at == bad[i].at,
		   "\"%s\" is refused at its place", bad[i].text);
		if (env->status != bad[i].status || (long) at != bad[i].at)
			printf("# status %d at %zu\n", env->status, at);
		(void) a;
		unit_reset(env);
	}
	memset(text, '3', sizeof(text));
	strcpy(text + 4096, "%");
	share(env, text);
	is_long(env->status, CORE_OK, "4096 digits and a percent sign");
	memset(text, '3', 4097);
	strcpy(text + 4097, "%");
	share(env, text);
	is_long(env->status, CORE_TOO_LARGE, "4097 digits and a percent sign");
	unit_reset(env);
}

/* every number of digits around the limit either reads back or is refused */
static void
check_long_round_trips(CoreEnv *env)
{
	static const char *const forms[] = {"0.%s", "0.%s%%", "%s%%", "1/%s", "%s/7", "%s.0", "0.%s/0.%s", "[0.%s,%s%%]"};
	char		digits[4200];
	char		text[9000];
	int			bad = 0;
	int			read = 0;

	for (int length = 4080; length <= 4100; length++)
	{
		for (int k = 0; k < 3; k++)
		{
			memset(digits, k == 0 ? '9' : k == 1 ? '1' : '0', sizeof(digits));
			digits[0] = k == 2 ? '1' : digits[0];
			digits[length - 1] = k == 2 ? '5' : digits[length - 1];
			digits[length] = '\0';
			for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
			{
				ShareValue	a,
							b;

				snprintf(text, sizeof(text), forms[i], digits, digits);
				a = share(env, text);
				if (env->status == CORE_OK)
				{
					char	   *printed = share_value_print(env, &a);

					read++;
					b = share(env, printed);
					bad += env->status != CORE_OK || share_value_compare(env, &a, &b) != 0 ||
						strcmp(share_value_print(env, &b), printed) != 0;
				}
				else
					bad += env->status != CORE_TOO_LARGE && strchr(text, '[') == NULL;
				unit_reset(env);
			}
		}
	}
	ok(bad == 0 && read > 200, "long texts read back or are refused (%d of %d differ)", bad, read);
}

/* a random share over a small grid, so that equal ends are frequent */
static ShareValue
random_share(CoreEnv *env, uint64_t *state)
{
	static const char *const grid[] = {"0", "0.5%", "1/3", "25%", "50%", "2/3", "100%", "150%", "infinity",
	"36893488147419103233/110680464442257309699", "1/36893488147419103231"};
	const size_t n = sizeof(grid) / sizeof(grid[0]);
	ShareValue	a = share(env, grid[unit_random(state) % n]);
	ShareValue	b = share(env, grid[unit_random(state) % n]);
	uint64_t	form = unit_random(state);

	if (form % 3 == 0 || share_value_compare(env, &a, &b) == 0)
		return a;
	if (share_value_compare(env, &a, &b) > 0)
		return (ShareValue) {b.lower, a.upper, (form & 16) != 0, (form & 32) != 0};
	return (ShareValue) {a.lower, b.upper, (form & 16) != 0, (form & 32) != 0};
}

static int
sign(int order)
{
	return (order > 0) - (order < 0);
}

/* the order is total on random triples, and sums and thresholds keep their promises */
static void
check_laws(CoreEnv *env)
{
	uint64_t	state = 17;
	int			antisymmetry = 0,
				transitivity = 0,
				equality = 0,
				addition = 0,
				thresholds = 0;

	for (int i = 0; i < 20000; i++)
	{
		ShareValue	a = random_share(env, &state);
		ShareValue	b = random_share(env, &state);
		ShareValue	c = random_share(env, &state);
		int			ab = sign(share_value_compare(env, &a, &b));
		int			bc = sign(share_value_compare(env, &b, &c));
		int			ac = sign(share_value_compare(env, &a, &c));
		ShareValue	s = share_value_add(env, &a, &b);
		ShareValue	t = share_value_add(env, &b, &a);
		ShareValue	u = share_value_add(env, &s, &c);
		ShareValue	v = share_value_add(env, &b, &c);
		int			order;

		antisymmetry += ab != -sign(share_value_compare(env, &b, &a));
		transitivity += (ab <= 0 && bc <= 0 && ac > 0) || (ab >= 0 && bc >= 0 && ac < 0);
		equality += (ab == 0) != (strcmp(share_value_print(env, &a), share_value_print(env, &b)) == 0);

		v = share_value_add(env, &a, &v);
		order = fraction_compare(env, s.lower, s.upper);
		addition += share_value_compare(env, &s, &t) != 0 || share_value_compare(env, &u, &v) != 0 ||
			order > 0 || (order == 0 && (s.lower_open || s.upper_open));

		/* more than, and at most, are opposites; at least is the weaker question */
		thresholds += share_value_exceeds(env, &a, &b) != ternary_not(share_value_at_least(env, &b, &a));
		thresholds += share_value_exceeds(env, &a, &b) > share_value_at_least(env, &a, &b);
		if (share_value_is_exact(&a) && share_value_is_exact(&b))
			thresholds += share_value_exceeds(env, &a, &b) != ternary_of(ab > 0);
		unit_reset(env);
	}
	ok(antisymmetry == 0, "order is antisymmetric (%d fail)", antisymmetry);
	ok(transitivity == 0, "order is transitive (%d fail)", transitivity);
	ok(equality == 0, "equal shares have equal texts and others have not (%d fail)", equality);
	ok(addition == 0, "addition commutes, associates and yields shares (%d fail)", addition);
	ok(thresholds == 0, "thresholds agree with each other (%d fail)", thresholds);
}

static void
check_thresholds(CoreEnv *env)
{
	static const struct
	{
		const char *a,
				   *threshold;
		Ternary		exceeds,
					at_least;
	}			cases[] = {
		{"50%", "50%", TERNARY_FALSE, TERNARY_TRUE},
		{"51%", "50%", TERNARY_TRUE, TERNARY_TRUE},
		{"1/3", "33.333333333333333333333333%", TERNARY_TRUE, TERNARY_TRUE},
		{">50%", "50%", TERNARY_TRUE, TERNARY_TRUE},
		{">=50%", "50%", TERNARY_UNKNOWN, TERNARY_TRUE},
		{"<50%", "50%", TERNARY_FALSE, TERNARY_FALSE},
		{"<=50%", "50%", TERNARY_FALSE, TERNARY_UNKNOWN},
		{"(25%,50%]", "50%", TERNARY_FALSE, TERNARY_UNKNOWN},
		{"(25%,75%]", "50%", TERNARY_UNKNOWN, TERNARY_UNKNOWN},
		{"unknown", "0", TERNARY_UNKNOWN, TERNARY_TRUE},
		{"unknown", "unknown", TERNARY_UNKNOWN, TERNARY_UNKNOWN},
		{"infinity", "50%", TERNARY_TRUE, TERNARY_TRUE},
		{"infinity", "infinity", TERNARY_FALSE, TERNARY_TRUE},
		{">50%", "<50%", TERNARY_TRUE, TERNARY_TRUE},
		{"<50%", ">50%", TERNARY_FALSE, TERNARY_FALSE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		ShareValue	a = share(env, cases[i].a);
		ShareValue	t = share(env, cases[i].threshold);

		ok(share_value_exceeds(env, &a, &t) == cases[i].exceeds &&
		   share_value_at_least(env, &a, &t) == cases[i].at_least,
		   "%s against %s", cases[i].a, cases[i].threshold);
	}
}

static void
check_sums(CoreEnv *env)
{
	static const char *const cases[][3] = {
		{"1/3", "2/3", "100%"}, {"60%", "60%", "120%"}, {"(25%,50%]", "10%", "(35%,60%]"},
		{"(25%,50%]", "[25%,50%)", "(50%,100%)"}, {"infinity", "unknown", "infinity"},
		{"[10%,infinity)", "5%", "[15%,infinity)"}, {"[10%,infinity)", "infinity", "infinity"},
		{"[10%,infinity)", "(5%,infinity]", "(15%,infinity]"}, {"unknown", "unknown", "<=200%"},
		{"0.1", "0.2", "30%"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		ShareValue	a = share(env, cases[i][0]);
		ShareValue	b = share(env, cases[i][1]);
		ShareValue	sum = share_value_add(env, &a, &b);

		is_text(share_value_print(env, &sum), cases[i][2], cases[i][2]);
	}
	ok(env->status == CORE_OK, "none of it fails");
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);

	check_text(&env);
	check_refusals(&env);
	check_long_round_trips(&env);
	check_laws(&env);
	check_thresholds(&env);
	check_sums(&env);
	unit_free(&env);
	return unit_done();
}
