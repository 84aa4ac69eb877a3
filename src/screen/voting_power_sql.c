/*
 * voting_power_sql.c
 *		How much each holder can decide in a party: voting_power().
 *
 * The votes are the voting interests in the party as relation interest tells them, its own
 * shares left out.  An index is told only where every vote is: who votes with what nobody
 * has listed could change it, whatever the register says, so a register that lists less than
 * everything tells none; unless one holder decides alone, which nobody can change.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/voting_power.h"
#include "screen/questions.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_voting_power);

typedef struct Ballot
{
	Inquiry    *inquiry;
	uint32		n;
	const Holding **holdings;	/* of kind voting, the party's own left out */
	ShareValue	own;			/* what the party holds of itself */
	bool		unmapped;		/* there is an interest of a kind that might be voting */
} Ballot;

/* The voting interests in a party, the largest first. */
static int
compare_holdings(const void *a, const void *b, void *ballot)
{
	Inquiry    *inquiry = ((Ballot *) ballot)->inquiry;
	const Holding *x = *(const Holding *const *) a,
			   *y = *(const Holding *const *) b;
	int			c = share_value_compare(&inquiry->env, &y->share, &x->share);

	return c != 0 ? c : strcmp(graph_node(inquiry->nb->graph, x->holder)->id, graph_node(inquiry->nb->graph, y->holder)->id);
}

static Ballot
ballot_of(Inquiry *inquiry, NodeId party)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);
	Ballot		ballot = {inquiry, 0, palloc(mul_size(sizeof(Holding *), Max(node->n_holdings, 1))),
	share_value_exact(FRACTION_ZERO), false};

	for (uint32 i = 0; i < node->n_holdings; i++)
	{
		const Holding *holding = &node->holdings[i];

		CHECK_FOR_INTERRUPTS();
		if (holding->kind == INTEREST_UNMAPPED)
			ballot.unmapped = true;
		if (holding->kind != INTEREST_VOTING)
			continue;
		if (holding->holder == party)
			ballot.own = holding->share;
		else
			ballot.holdings[ballot.n++] = holding;
	}
	qsort_arg(ballot.holdings, ballot.n, sizeof(Holding *), compare_holdings, &ballot);
	return ballot;
}

/* Is every vote told?  More than all are taken as they are told; with less, somebody else votes. */
static bool
all_votes_told(const Ballot *ballot, Fraction *votes)
{
	CoreEnv    *env = &ballot->inquiry->env;
	Fraction	sum = ballot->own.lower;
	int			against_all;

	if (!share_value_is_exact(&ballot->own) || fraction_compare(env, sum, FRACTION_ONE) >= 0)
		return false;
	for (uint32 i = 0; i < ballot->n; i++)
	{
		if (!share_value_is_exact(&ballot->holdings[i]->share) || fraction_is_infinite(ballot->holdings[i]->share.lower))
			return false;
		votes[i] = ballot->holdings[i]->share.lower;
		sum = fraction_add(env, sum, votes[i]);
	}
	against_all = fraction_compare(env, sum, FRACTION_ONE);
	return against_all == 0 || (against_all > 0 && !ballot->unmapped);
}

/* Does the largest holder have more votes than all others can together, listed or not? */
static bool
largest_decides(const Ballot *ballot)
{
	CoreEnv    *env = &ballot->inquiry->env;
	Fraction	told = ballot->own.lower;
	const ShareValue *largest;
	int			against_half;

	for (uint32 i = 0; i < ballot->n; i++)
		told = fraction_add(env, told, ballot->holdings[i]->share.lower);
	if (ballot->n == 0 || fraction_compare(env, told, FRACTION_ONE) > 0)
		return false;
	largest = &ballot->holdings[0]->share;
	against_half = fraction_compare(env, fraction_multiply(env, largest->lower, fraction_of(env, 2, 1)),
									fraction_subtract(env, FRACTION_ONE, ballot->own.lower));
	return against_half > 0 || (against_half == 0 && (largest->lower_open || ballot->own.lower_open));
}

/* The indices, or NULL where they are not known. */
static VotingPower *
power_of_holders(const Ballot *ballot, const char *id)
{
	CoreEnv    *env = &ballot->inquiry->env;
	Fraction   *votes = palloc(mul_size(sizeof(Fraction), Max(ballot->n, 1)));
	VotingPower *power = palloc0(mul_size(sizeof(VotingPower), Max(ballot->n, 1)));

	if (ballot->inquiry->nb->row_security)
		return NULL;
	if (all_votes_told(ballot, votes))
		voting_power(env, votes, ballot->n, VOTING_POWER_CHEAPEST, power);
	else if (largest_decides(ballot))
	{
		for (uint32 i = 0; i < ballot->n; i++)
			power[i].shapley_shubik = power[i].banzhaf = i == 0 ? FRACTION_ONE : FRACTION_ZERO;
	}
	else
		return NULL;
	if (core_over_budget(env))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("voting power in party \"%s\" would take too long to compute", id),
				 errdetail("It has %u holders of votes, and their shares have a long common denominator.", ballot->n),
				 errhint("Some twenty holders may have shares of many digits; more of them need shares of few.")));
	inquiry_check(ballot->inquiry);
	return power;
}

/* A share of the votes that are outstanding, the party's own left out. */
static ShareValue
outstanding_share(const Ballot *ballot, const ShareValue *share)
{
	CoreEnv    *env = &ballot->inquiry->env;
	const ShareValue *own = &ballot->own;
	ShareValue	result = *share;

	if (fraction_is_zero(own->upper) || fraction_compare(env, own->lower, FRACTION_ONE) >= 0)
		return result;
	result.lower_open = share->lower_open || (own->lower_open && !fraction_is_zero(share->lower));
	result.lower = fraction_divide(env, share->lower, fraction_subtract(env, FRACTION_ONE, own->lower));
	if (fraction_compare(env, own->upper, FRACTION_ONE) < 0)
	{
		result.upper_open = share->upper_open || (own->upper_open && !fraction_is_zero(share->upper));
		result.upper = fraction_divide(env, share->upper, fraction_subtract(env, FRACTION_ONE, own->upper));
	}
	else if (fraction_compare(env, share->upper, FRACTION_ONE) < 0)
	{
		result.upper_open = false;
		result.upper = FRACTION_ONE;
	}
	if (fraction_compare(env, result.lower, result.upper) >= 0 && !share_value_is_exact(&result))
		result.upper = fraction_add(env, result.lower, FRACTION_ONE);
	return result;
}

/* voting_power(party, as_of): holder_id, share, shapley_shubik, banzhaf */
Datum
outbound_voting_power(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Question   *question;
	Ballot		ballot;
	VotingPower *power;

	InitMaterializedSRF(fcinfo, 0);
	question = question_begin(fcinfo, id_argument(fcinfo, 0), PG_GETARG_DATEADT(1));
	require_known(question);
	ballot = ballot_of(question->inquiry, question->party);
	power = power_of_holders(&ballot, question->id);
	for (uint32 i = 0; i < ballot.n; i++)
	{
		CoreEnv    *env = &question->inquiry->env;
		Datum		values[4] = {0};
		bool		nulls[4] = {false, false, power == NULL, power == NULL};
		ShareValue	share = outstanding_share(&ballot, &ballot.holdings[i]->share);

		CHECK_FOR_INTERRUPTS();
		values[0] = CStringGetTextDatum(graph_node(question->inquiry->nb->graph, ballot.holdings[i]->holder)->id);
		values[1] = share_value_datum(env, &share);
		if (power != NULL)
		{
			ShareValue	shapley_shubik = share_value_exact(power[i].shapley_shubik);
			ShareValue	banzhaf = share_value_exact(power[i].banzhaf);

			values[2] = share_value_datum(env, &shapley_shubik);
			values[3] = share_value_datum(env, &banzhaf);
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	inquiry_end(question->inquiry);
	return (Datum) 0;
}
