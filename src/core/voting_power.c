/*
 * voting_power.c
 *		Shapley-Shubik and Banzhaf indices by counting swings.
 *
 * Votes are put on a common denominator and divided by their greatest common divisor, so
 * that they are whole numbers.  Of every voter the swings are counted by the size of the
 * coalition that is swung; both indices are sums of these counts.
 *
 * The table (Mann and Shapley, RAND 1962; Lucas 1983) counts the losing coalitions by size
 * and votes; a voter is taken out of it again by subtraction (Bilbao et al., TOP 8, 2000).
 * Its cells have so many limbs that no count overflows, so that a row of cells is added and
 * subtracted as one long number.
 */
#include <stdlib.h>
#include <string.h>

#include <gmp.h>

#include "core/arena.h"
#include "core/fraction_parts.h"
#include "core/voting_power.h"

#define MAX_VOTE_LIMBS	64		/* of the whole votes together */
#define MAX_TABLE_LIMBS	((uint64_t) 32 * 1024 * 1024)	/* 256 MB */
#define CALL_LIMBS		((size_t) 1024 * 1024)	/* in one call of GMP: about a millisecond */
#define MAX_LISTED		40		/* voters whose coalitions are gone through one by one */

typedef struct Voter
{
	Natural		votes;			/* whole */
	uint32_t	place;			/* in the caller's order */
} Voter;

typedef struct Game
{
	CoreEnv    *env;
	uint32_t	n;				/* voters with votes, most votes first */
	Voter	   *voters;
	Natural		quota;			/* the least number of whole votes that wins */
	size_t		vote_limbs;		/* of all votes together */
	Natural    *swings;			/* [voter * n + size], size without the voter */
} Game;

/* Most votes first, then as they came. */
static int
compare_voters(const void *a, const void *b)
{
	const Voter *x = a,
			   *y = b;
	int			c = natural_compare(y->votes, x->votes);

	return c != 0 ? c : x->place < y->place ? -1 : 1;
}

/* The least common denominator of the votes; CORE_BUDGET if it is long. */
static Natural
common_denominator(CoreEnv *env, const Fraction *votes, uint32_t n)
{
	static const uint64_t one = 1;
	Natural		common = natural_view(&one);

	for (uint32_t i = 0; i < n && env->status == CORE_OK; i++)
	{
		FractionParts parts;

		core_step(env);
		fraction_split(&votes[i], &parts);
		if (natural_bits(parts.num) > 64 * MAX_VOTE_LIMBS || natural_bits(parts.den) > 64 * MAX_VOTE_LIMBS)
			core_fail(env, CORE_BUDGET);
		else
			common = natural_copy(env, natural_lcm(env, common, parts.den));
		if (natural_bits(common) > 64 * MAX_VOTE_LIMBS)
			core_fail(env, CORE_BUDGET);
	}
	return common;
}

/* Whole votes without a common divisor, and the quota; false if there are none, or too long ones. */
static bool
game_begin(Game *game, CoreEnv *env, const Fraction *votes, uint32_t n)
{
	Natural		common = common_denominator(env, votes, n);
	Natural		divisor = {NULL, 0};
	Natural		total = {NULL, 0};
	uint64_t   *half;

	*game = (Game) {.env = env, .voters = core_array(env, n, sizeof(Voter))};
	for (uint32_t i = 0; i < n && env->status == CORE_OK; i++)
	{
		FractionParts parts;
		Natural		times;

		fraction_split(&votes[i], &parts);
		if (parts.num.n == 0)
			continue;
		times = natural_divide(env, common, parts.den);
		game->voters[game->n] = (Voter) {natural_copy(env, natural_multiply(env, parts.num, times)), i};
		divisor = natural_gcd(env, divisor, game->voters[game->n++].votes);
	}
	if (env->status != CORE_OK || game->n == 0)
		return false;
	for (uint32_t i = 0; i < game->n; i++)
	{
		game->voters[i].votes = natural_divide(env, game->voters[i].votes, divisor);
		total = natural_add(env, total, game->voters[i].votes);
	}
	qsort(game->voters, game->n, sizeof(Voter), compare_voters);
	game->vote_limbs = total.n;
	if (total.n > MAX_VOTE_LIMBS)
		core_fail(env, CORE_BUDGET);

	/* half of the total, rounded down, and one */
	half = core_array(env, total.n + 1, sizeof(uint64_t));
	mpn_rshift(half, total.limbs, total.n, 1);
	half[total.n] = mpn_add_1(half, half, total.n, 1);
	game->quota = natural_trim(half, total.n + 1);
	return env->status == CORE_OK;
}

/* Limbs of a count of coalitions. */
static size_t
count_limbs(const Game *game)
{
	return game->n / 64 + 1;
}

/* Operations on limbs that the table takes; over the budget where it does not fit in memory. */
static uint64_t
table_work(const Game *game)
{
	uint64_t	cells;
	uint64_t	work;

	if (game->quota.n > 1 ||
		__builtin_mul_overflow(game->quota.limbs[0], (uint64_t) (game->n + 2) * count_limbs(game), &cells) ||
		cells > MAX_TABLE_LIMBS ||
		__builtin_mul_overflow(cells, 2 * (uint64_t) game->n, &work))
		return UINT64_MAX;
	return work;
}

/* Operations on limbs that going through all coalitions takes. */
static uint64_t
coalitions_work(const Game *game)
{
	if (game->n > MAX_LISTED)
		return UINT64_MAX;
	return ((uint64_t) game->n << game->n) / 2 * (2 + game->vote_limbs);
}

/* to = from + by, or from - by, n limbs of cells: as one number, since no cell overflows or borrows. */
static void
combine_rows(const Game *game, uint64_t *to, const uint64_t *from, const uint64_t *by, size_t n, bool subtract)
{
	CoreEnv    *env = game->env;
	size_t		whole_cells = CALL_LIMBS - CALL_LIMBS % count_limbs(game);
	mp_limb_t	carry = 0;

	for (size_t at = 0; at < n; at += whole_cells)
	{
		size_t		part = n - at < whole_cells ? n - at : whole_cells;

		core_step(env);
		if (part > 1024)
			env->poll(env->arg);
		if (subtract)
			carry = mpn_sub_n(to + at, from + at, by + at, part);
		else
			carry = mpn_add_n(to + at, from + at, by + at, part);
		if (carry != 0)
			core_fail(env, CORE_NO_CONVERGENCE);
	}
}

/* The sum of n cells of so many limbs. */
static Natural
sum_cells(CoreEnv *env, const uint64_t *cells, uint64_t n, size_t limbs)
{
	uint64_t   *sum = core_array(env, limbs + 1, sizeof(uint64_t));

	memset(sum, 0, (limbs + 1) * sizeof(uint64_t));
	for (uint64_t i = 0; i < n; i++)
	{
		core_step(env);
		sum[limbs] += mpn_add_n(sum, sum, cells + i * limbs, limbs);
	}
	return natural_trim(sum, limbs + 1);
}

/* The losing coalitions of all voters: row after row by size, in each a cell by votes. */
static uint64_t *
losing_coalitions(const Game *game, size_t row)
{
	CoreEnv    *env = game->env;
	size_t		limbs = count_limbs(game);
	uint64_t   *table = core_array(env, (size_t) game->n * row, sizeof(uint64_t));

	core_fill(env, table, 0, (size_t) game->n * row * sizeof(uint64_t));
	table[0] = 1;
	for (uint32_t i = 0; i < game->n; i++)
	{
		uint64_t	shift = game->voters[i].votes.limbs[0] * limbs;

		/* who wins alone is in no losing coalition; a losing one has fewer than all voters */
		if (natural_compare(game->voters[i].votes, game->quota) >= 0)
			continue;
		for (uint32_t size = i + 1 < game->n ? i + 1 : game->n - 1; size > 0; size--)
		{
			uint64_t   *to = table + size * row + shift;

			combine_rows(game, to, to, table + (size - 1) * row, row - shift, false);
		}
	}
	return table;
}

/* Swings of one voter: the losing coalitions without it that its votes make win. */
static void
table_swings(const Game *game, const uint64_t *table, size_t row, uint64_t *rows, uint32_t voter)
{
	CoreEnv    *env = game->env;
	size_t		limbs = count_limbs(game);
	uint64_t	quota = game->quota.limbs[0];
	uint64_t	votes = game->voters[voter].votes.n > 1 || game->voters[voter].votes.limbs[0] > quota ?
		quota : game->voters[voter].votes.limbs[0];

	for (uint32_t size = 0; size < game->n; size++)
	{
		uint64_t   *without = rows + (size & 1) * row;
		const uint64_t *smaller = rows + (~size & 1) * row;
		size_t		shift = votes * limbs;

		/* with the voter: those of one fewer without it, shifted by its votes */
		memcpy(without, table + size * row, (size == 0 ? row : shift) * sizeof(uint64_t));
		if (size > 0)
			combine_rows(game, without + shift, table + size * row + shift, smaller, row - shift, true);
		game->swings[(size_t) voter * game->n + size] =
			sum_cells(env, without + (quota - votes) * limbs, votes, limbs);
	}
}

/* Counts everybody's swings from the table; voters with the same votes swing alike. */
static void
count_by_table(Game *game)
{
	CoreEnv    *env = game->env;
	size_t		row = game->quota.limbs[0] * count_limbs(game);
	uint64_t   *table = losing_coalitions(game, row);
	uint64_t   *rows = core_array(env, 2 * row, sizeof(uint64_t));

	for (uint32_t i = 0; i < game->n && env->status == CORE_OK; i++)
	{
		if (i > 0 && natural_compare(game->voters[i].votes, game->voters[i - 1].votes) == 0)
			memcpy(game->swings + (size_t) i * game->n, game->swings + (size_t) (i - 1) * game->n,
				   game->n * sizeof(Natural));
		else
			table_swings(game, table, row, rows, i);
	}
}

/* The voters whose votes a winning coalition cannot spare each have a swing: those with more than it has over the quota. */
static void
count_swings_of(const Game *game, uint64_t coalition, const uint64_t *votes, const uint64_t *over, uint64_t *counts)
{
	size_t		limbs = game->vote_limbs;
	uint32_t	size = (uint32_t) __builtin_popcountll(coalition) - 1;

	/* most votes first: whoever follows one who can be spared can be spared */
	for (uint64_t rest = coalition; rest != 0; rest &= rest - 1)
	{
		uint32_t	voter = (uint32_t) __builtin_ctzll(rest);

		if (mpn_cmp(votes + voter * limbs, over, limbs) <= 0)
			break;
		counts[(size_t) voter * game->n + size]++;
	}
}

/* Counts everybody's swings by going through all coalitions, each one voter away from the one before (Gray code). */
static void
count_by_coalitions(Game *game)
{
	CoreEnv    *env = game->env;
	size_t		limbs = game->vote_limbs;
	uint64_t   *votes = core_array(env, game->n * limbs, sizeof(uint64_t));
	uint64_t   *quota = core_array(env, limbs, sizeof(uint64_t));
	uint64_t   *sum = core_array(env, limbs, sizeof(uint64_t));
	uint64_t   *over = core_array(env, limbs, sizeof(uint64_t));
	uint64_t   *counts = core_array(env, (size_t) game->n * game->n, sizeof(uint64_t));
	uint64_t	coalition = 0;

	memset(votes, 0, game->n * limbs * sizeof(uint64_t));
	memset(counts, 0, (size_t) game->n * game->n * sizeof(uint64_t));
	memset(quota, 0, limbs * sizeof(uint64_t));
	memset(sum, 0, limbs * sizeof(uint64_t));
	memcpy(quota, game->quota.limbs, game->quota.n * sizeof(uint64_t));
	for (uint32_t i = 0; i < game->n; i++)
		memcpy(votes + i * limbs, game->voters[i].votes.limbs, game->voters[i].votes.n * sizeof(uint64_t));
	for (uint64_t i = 1; i < UINT64_C(1) << game->n; i++)
	{
		uint32_t	voter = (uint32_t) __builtin_ctzll(i);

		core_step(env);
		coalition ^= UINT64_C(1) << voter;
		if (coalition >> voter & 1)
			mpn_add_n(sum, sum, votes + voter * limbs, limbs);
		else
			mpn_sub_n(sum, sum, votes + voter * limbs, limbs);
		if (mpn_sub_n(over, sum, quota, limbs) == 0)
			count_swings_of(game, coalition, votes, over, counts);
	}
	for (size_t i = 0; i < (size_t) game->n * game->n; i++)
		game->swings[i] = natural_view(&counts[i]);
}

/* n! for every n up to the number of voters */
static Natural *
factorials(const Game *game)
{
	CoreEnv    *env = game->env;
	Natural    *factorial = core_array(env, (size_t) game->n + 1, sizeof(Natural));
	uint64_t   *numbers = core_array(env, (size_t) game->n + 1, sizeof(uint64_t));

	for (uint32_t i = 0; i <= game->n; i++)
	{
		numbers[i] = i > 0 ? i : 1;
		factorial[i] = i == 0 ? natural_view(&numbers[0]) :
			natural_multiply(env, factorial[i - 1], natural_view(&numbers[i]));
	}
	return factorial;
}

/* The indices from the swings. */
static void
sum_swings(const Game *game, VotingPower *power)
{
	CoreEnv    *env = game->env;
	Natural    *factorial = factorials(game);
	Natural    *orders = core_array(env, game->n, sizeof(Natural));	/* in which a coalition of a size comes first, then the voter */
	Natural    *totals = core_array(env, game->n, sizeof(Natural));
	Natural		all = {NULL, 0};
	Arena		scratch;

	arena_init(&scratch, env);
	for (uint32_t size = 0; size < game->n; size++)
		orders[size] = natural_multiply(env, factorial[size], factorial[game->n - 1 - size]);
	for (uint32_t i = 0; i < game->n && !arena_failed(&scratch); i++)
	{
		const Natural *swings = game->swings + (size_t) i * game->n;
		Natural		swung = {NULL, 0};
		Natural		total = {NULL, 0};

		for (uint32_t size = 0; size < game->n; size++)
		{
			total = natural_add(&scratch.env, total, swings[size]);
			swung = natural_add(&scratch.env, swung, natural_multiply(&scratch.env, swings[size], orders[size]));
		}
		power[game->voters[i].place].shapley_shubik =
			fraction_copy(env, fraction_of_limbs(&scratch.env, swung.limbs, swung.n,
												 factorial[game->n].limbs, factorial[game->n].n));
		totals[i] = natural_copy(env, total);
		all = natural_add(env, all, totals[i]);
		arena_reset(&scratch);
	}
	for (uint32_t i = 0; i < game->n && env->status == CORE_OK; i++)
		power[game->voters[i].place].banzhaf = fraction_of_limbs(env, totals[i].limbs, totals[i].n, all.limbs, all.n);
}

/* Whoever wins alone has all the power; voters with the same votes have the same.  False if neither tells. */
static bool
told_at_once(const Game *game, VotingPower *power)
{
	bool		alone = natural_compare(game->voters[0].votes, game->quota) >= 0;
	Fraction	each = fraction_of(game->env, 1, alone ? 1 : game->n);

	if (!alone && natural_compare(game->voters[0].votes, game->voters[game->n - 1].votes) != 0)
		return false;
	for (uint32_t i = 0; i < (alone ? 1 : game->n); i++)
		power[game->voters[i].place] = (VotingPower) {each, each};
	return true;
}

void
voting_power(CoreEnv *env, const Fraction *votes, uint32_t n, VotingPowerWay way, VotingPower *power)
{
	Game		game;
	uint64_t	by_table,
				by_coalitions;

	for (uint32_t i = 0; i < n; i++)
		power[i] = (VotingPower) {FRACTION_ZERO, FRACTION_ZERO};
	if (!game_begin(&game, env, votes, n))
		return;
	if (way == VOTING_POWER_CHEAPEST && told_at_once(&game, power))
		return;
	by_table = way == VOTING_POWER_COALITIONS ? UINT64_MAX : table_work(&game);
	by_coalitions = way == VOTING_POWER_TABLE ? UINT64_MAX : coalitions_work(&game);
	if (by_table > VOTING_POWER_WORK && by_coalitions > VOTING_POWER_WORK)
	{
		core_fail(env, CORE_BUDGET);
		return;
	}
	game.swings = core_array(env, (size_t) game.n * game.n, sizeof(Natural));
	if (by_table <= by_coalitions)
		count_by_table(&game);
	else
		count_by_coalitions(&game);
	if (env->status == CORE_OK)
		sum_swings(&game, power);
}
