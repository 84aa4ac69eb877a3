/*
 * voting_power.h
 *		Power indices of the voters in one firm: Shapley-Shubik (American Political Science
 *		Review 48, 1954) and Banzhaf (Rutgers Law Review 19, 1965), both exact.
 *
 * A coalition wins with more than half of all votes.  A voter swings it who makes it win.
 * Shapley-Shubik is the part of all orders in which the voter is the one who swings;
 * Banzhaf the voter's part of all swings.  Both sum to 1 over the voters.
 *
 * Nothing here is a verdict and no ownership test uses it: an index is not monotone in one
 * stake in the way that verdicts need.
 */
#ifndef OUTBOUND_VOTING_POWER_H
#define OUTBOUND_VOTING_POWER_H

#include "fraction.h"

typedef struct VotingPower
{
	Fraction	shapley_shubik;
	Fraction	banzhaf;
} VotingPower;

typedef enum VotingPowerWay
{
	VOTING_POWER_CHEAPEST,
	VOTING_POWER_TABLE,			/* of coalitions by size and votes: O(n^2 W) for n voters with W whole votes */
	VOTING_POWER_COALITIONS		/* every one: O(n 2^n), for votes without a short common measure */
} VotingPowerWay;

#define VOTING_POWER_WORK	UINT64_C(4000000000)	/* CORE_BUDGET beyond: some seconds */

/*
 * The power of n voters, in their order, from their votes: finite and not negative, the unit does
 * not matter.  CORE_BUDGET if it would take too long.  Without any vote nobody has power.
 */
extern void voting_power(CoreEnv *env, const Fraction *votes, uint32_t n, VotingPowerWay way, VotingPower *power);

#endif							/* OUTBOUND_VOTING_POWER_H */
