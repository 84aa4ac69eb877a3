/*
 * tipping_test.c
 *		The tipping share of made-up statuses, found and proved.
 */
#include "core/tipping.h"
#include "unit.h"

typedef struct Made
{
	CoreEnv    *env;
	Fraction	at;
	bool		attained;
	bool		silent;			/* never proves anything */
	int			questions;
} Made;

/* A status that is there from a share on, or above it. */
static bool
made_answer(void *arg, TippingRange range, Fraction share)
{
	Made	   *made = arg;
	int			side = fraction_compare(made->env, share, made->at);

	made->questions++;
	if (range == TIPPING_AT)
		return side > 0 || (side == 0 && made->attained);
	if (range == TIPPING_BELOW)
		return made->silent || side > 0;
	return !made->silent && side >= 0;
}

/* Finds a made-up tipping share of [0, limit]. */
static void
check_found(CoreEnv *env, const char *at, bool attained, const char *limit, int most)
{
	Made		made = {env, fraction_parse(env, at, strlen(at)), attained, false, 0};
	Tipping		found;
	bool		told = tipping_find(env, fraction_parse(env, limit, strlen(limit)), made_answer, &made, &found);

	ok(told && fraction_compare(env, found.at, made.at) == 0 && found.attained == attained,
			"%s %s of %s is found", attained ? "at least" : "more than", at, limit);
	ok(made.questions <= most, "%s takes %d questions", at, made.questions);
}

int
main(void)
{
	static const char *const tips[] = {
		"1/2", "0.51", "1/3", "0.0001", "0.9999", "0.123456789", "999999999999/1000000000000", "4321/98765432", "0.25"
	};
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	Made		silent = {&env, FRACTION_ONE, true, true, 0};
	Tipping		found;

	for (size_t i = 0; i < sizeof(tips) / sizeof(tips[0]); i++)
	{
		check_found(&env, tips[i], true, "1", 250);
		check_found(&env, tips[i], false, "1", 250);
	}
	check_found(&env, "0", false, "1", 3);
	check_found(&env, "1", true, "1", 1);
	check_found(&env, "7/10", true, "0.7", 1);
	check_found(&env, "0.69", true, "0.7", 250);
	check_found(&env, "0.699", false, "7/10", 250);
	silent.at = fraction_of(&env, 1, 3);
	ok(!tipping_find(&env, FRACTION_ONE, made_answer, &silent, &found), "what cannot be proved is not told");
	/* more digits than the walk goes down to */
	check_found(&env, "0.123456789012345678", true, "1", 500);
	ok(env.status == CORE_OK, "no failure");
	unit_free(&env);
	return unit_done();
}
