/*
 * voting_power_test.c
 *		Power indices: textbook games, both ways against all orders and all coalitions, long
 *		votes, many voters, and the budget.
 */
#include "core/voting_power.h"
#include "unit.h"

#define MOST	9

/* Votes from a text like "50 49 1", their indices as "2/3 1/6 1/6", in a way. */
static void
check_game(CoreEnv *env, const char *votes, VotingPowerWay way, const char *shapley_shubik, const char *banzhaf)
{
	Fraction	vote[MOST] = {FRACTION_ZERO};
	VotingPower power[MOST];
	char		told[2][1024] = {"", ""};
	uint32_t	n = 0;

	for (const char *at = votes; *at != '\0'; at += strspn(at, " "))
	{
		size_t		length = strcspn(at, " ");

		vote[n++] = fraction_parse(env, at, length);
		at += length;
	}
	voting_power(env, vote, n, way, power);
	for (uint32_t i = 0; i < n; i++)
	{
		strcat(strcat(told[0], i > 0 ? " " : ""), fraction_print_quotient(env, power[i].shapley_shubik));
		strcat(strcat(told[1], i > 0 ? " " : ""), fraction_print_quotient(env, power[i].banzhaf));
	}
	is_text(told[0], shapley_shubik, votes);
	is_text(told[1], banzhaf, votes);
}

/* The same in every way. */
static void
check_all_ways(CoreEnv *env, const char *votes, const char *shapley_shubik, const char *banzhaf)
{
	check_game(env, votes, VOTING_POWER_CHEAPEST, shapley_shubik, banzhaf);
	check_game(env, votes, VOTING_POWER_TABLE, shapley_shubik, banzhaf);
	check_game(env, votes, VOTING_POWER_COALITIONS, shapley_shubik, banzhaf);
}

/* Counts, over all orders of those who are left, who swings. */
static void
count_orders(const uint64_t *votes, int n, uint64_t total, uint64_t before, unsigned left, uint64_t *swings)
{
	for (int i = 0; i < n; i++)
	{
		uint64_t	after = before + votes[i];

		if (!(left >> i & 1))
			continue;
		if (2 * before <= total && 2 * after > total)
		{
			uint64_t	orders = 1;

			for (int rest = __builtin_popcount(left) - 1; rest > 1; rest--)
				orders *= (uint64_t) rest;
			swings[i] += orders;
		}
		else
			count_orders(votes, n, total, after, left & ~(1U << i), swings);
	}
}

/* Random games against what the definitions say. */
static void
check_random(CoreEnv *env, uint64_t *state, VotingPowerWay way, const char *unit)
{
	int			wrong = 0;

	for (int game = 0; game < 400; game++)
	{
		int			n = 1 + (int) (unit_random(state) % 7);
		uint64_t	largest = 1 + unit_random(state) % 30;
		uint64_t	votes[MOST] = {0},
					orders[MOST] = {0},
					swings[MOST] = {0},
					total = 0,
					all_orders = 1,
					all_swings = 0;
		Fraction	vote[MOST];
		VotingPower power[MOST];

		for (int i = 0; i < n; i++)
		{
			votes[i] = unit_random(state) % (largest + 1);
			total += votes[i];
			all_orders *= (uint64_t) (i + 1);
			vote[i] = fraction_multiply(env, fraction_of(env, (int64_t) votes[i], 1), fraction_parse(env, unit, strlen(unit)));
		}
		if (total == 0)
			continue;
		count_orders(votes, n, total, 0, (1U << n) - 1, orders);
		for (unsigned coalition = 0; coalition < 1U << n; coalition++)
		{
			uint64_t	sum = 0;

			for (int i = 0; i < n; i++)
				sum += coalition >> i & 1 ? votes[i] : 0;
			for (int i = 0; i < n; i++)
				if (coalition >> i & 1 && 2 * sum > total && 2 * (sum - votes[i]) <= total)
				{
					swings[i]++;
					all_swings++;
				}
		}
		voting_power(env, vote, (uint32_t) n, way, power);
		for (int i = 0; i < n; i++)
			wrong += fraction_compare(env, power[i].shapley_shubik, fraction_of(env, (int64_t) orders[i], (int64_t) all_orders)) != 0 ||
				fraction_compare(env, power[i].banzhaf, fraction_of(env, (int64_t) swings[i], (int64_t) all_swings)) != 0;
		wrong += env->status != CORE_OK;
		unit_reset(env);
	}
	is_long(wrong, 0, unit);
}

/* One large voter among equal ones: it swings where its votes are, whoever comes before; a table of many limbs a cell. */
static void
check_apex(CoreEnv *env, int64_t votes, uint32_t others)
{
	uint32_t	n = others + 1;
	int64_t		quota = (votes + others) / 2 + 1;
	Fraction   *vote = core_array(env, n, sizeof(Fraction));
	VotingPower *power = core_array(env, n, sizeof(VotingPower));
	Fraction	sum = FRACTION_ZERO;

	vote[0] = fraction_of(env, votes, 1);
	for (uint32_t i = 1; i < n; i++)
		vote[i] = FRACTION_ONE;
	voting_power(env, vote, n, VOTING_POWER_CHEAPEST, power);
	for (uint32_t i = 0; i < n; i++)
		sum = fraction_add(env, sum, power[i].banzhaf);
	ok(env->status == CORE_OK && quota > votes &&
			fraction_compare(env, power[0].shapley_shubik, fraction_of(env, votes, n)) == 0, "the large one of %u", n);
	ok(fraction_compare(env, power[n - 1].shapley_shubik, fraction_of(env, n - votes, (int64_t) n * others)) == 0, "a small one of %u", n);
	ok(fraction_compare(env, sum, FRACTION_ONE) == 0, "the indices of %u sum to 1", n);
	unit_reset(env);
}

/* Voters with so many decimals, no two alike: how it ends. */
static void
check_budget(CoreEnv *env, uint32_t n, const char *unit, CoreStatus status, const char *what)
{
	Fraction   *vote = core_array(env, n, sizeof(Fraction));
	VotingPower *power = core_array(env, n, sizeof(VotingPower));

	for (uint32_t i = 0; i < n; i++)
		vote[i] = fraction_add(env, fraction_of(env, 1, 2 + i), fraction_parse(env, unit, strlen(unit)));
	voting_power(env, vote, n, VOTING_POWER_CHEAPEST, power);
	is_long(env->status, status, what);
	unit_reset(env);
}

int
main(void)
{
	UnitMemory	memory;
	CoreEnv		env = unit_env(&memory);
	uint64_t	state = 19;
	char		unit[4200] = "0.";
	VotingPower power[2];

	check_all_ways(&env, "51 49", "1/1 0/1", "1/1 0/1");
	check_all_ways(&env, "50 49 1", "2/3 1/6 1/6", "3/5 1/5 1/5");
	check_all_ways(&env, "10 20 30 40", "1/12 1/4 1/4 5/12", "1/12 1/4 1/4 5/12");
	check_all_ways(&env, "0.5 0.5", "1/2 1/2", "1/2 1/2");
	check_all_ways(&env, "1/3 1/3 1/3", "1/3 1/3 1/3", "1/3 1/3 1/3");
	check_all_ways(&env, "1/2 1/3 1/6 0", "2/3 1/6 1/6 0/1", "3/5 1/5 1/5 0/1");
	check_all_ways(&env, "0.3 0.6 0.6", "1/3 1/3 1/3", "1/3 1/3 1/3");
	check_all_ways(&env, "7", "1/1", "1/1");
	check_game(&env, "0 0", VOTING_POWER_CHEAPEST, "0/1 0/1", "0/1 0/1");
	check_game(&env, "0.333333333333333333333333333 0.333333333333333333333333334 0.333333333333333333333333333",
			   VOTING_POWER_CHEAPEST, "1/3 1/3 1/3", "1/3 1/3 1/3");
	check_game(&env, "0.4999999999999999999999999999999 0.5000000000000000000000000000001",
			   VOTING_POWER_COALITIONS, "0/1 1/1", "0/1 1/1");
	voting_power(&env, NULL, 0, VOTING_POWER_CHEAPEST, power);
	ok(env.status == CORE_OK, "nobody has no power");
	unit_reset(&env);

	check_random(&env, &state, VOTING_POWER_CHEAPEST, "1");
	check_random(&env, &state, VOTING_POWER_TABLE, "1/97");
	check_random(&env, &state, VOTING_POWER_COALITIONS, "1");
	check_random(&env, &state, VOTING_POWER_COALITIONS, "1/340282366920938463463374607431768211507");

	check_apex(&env, 5, 64);
	check_apex(&env, 5, 63);
	check_apex(&env, 40, 130);
	check_apex(&env, 3, 200);

	check_budget(&env, 14, "0.123456789012345678901234567890123", CORE_OK, "few voters with long votes");
	check_budget(&env, 41, "0.1", CORE_BUDGET, "many voters without a short common measure");
	memset(unit + 2, '3', 4000);
	check_budget(&env, 2, unit, CORE_BUDGET, "votes of too many digits");
	unit_free(&env);
	return unit_done();
}
