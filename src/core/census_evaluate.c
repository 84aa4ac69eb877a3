/*
 * census_evaluate.c
 *		One step of a pooled test over a census: a party from its holders as they are.
 *
 * An amount is what members hold, exact, plus what flows through others, enclosed.  A
 * sum of n products and the product itself round n + 1 times to nearest; 2.3e-16 is more than
 * twice that error.  Roundings never exceed 2^28 (a party's edges), so bounds stay positive.
 * Shares told in ranges are poured in closed form where nothing in proportion flows
 * into them, or only their lower ends count (engine notes 1.7).
 */
#include <string.h>

#include "census_run.h"
#include "natural.h"

#define MAX_FLOWS	64			/* holders of a ranged register through whom something flows */

typedef unsigned __int128 Wide;

/* an exact sum num / den; over: too large for this */
typedef struct ExactSum
{
	Wide		num;
	uint64_t	den;
	bool		over;
} ExactSum;

/* Adds a share to a sum; nearly always both count in the census's unit. */
static void
sum_add(ExactSum *sum, const CensusShare *share, uint64_t unit)
{
	bool		in_units = share->units != UINT64_MAX;
	uint64_t	num = in_units ? share->units : share->num;
	uint64_t	den = in_units ? unit : share->den;
	uint64_t	factor;

	if (den != sum->den)
	{
		factor = den / natural_gcd_limb(sum->den, den);
		if (factor > (UINT64_C(1) << 62) / sum->den || sum->num > ((Wide) 1 << 94) / factor)
		{
			sum->over = true;
			return;
		}
		sum->num *= factor;
		sum->den *= factor;
		sum->num += (Wide) num * (sum->den / den);
	}
	else
		sum->num += num;
	if (sum->num > ((Wide) 1 << 94))
		sum->over = true;
}

/* The double nearest to a number below 2^95, within two roundings. */
static double
wide_double(Wide a)
{
	return (double) (uint64_t) (a >> 40) * 1099511627776.0 + (double) (uint64_t) (a & ((UINT64_C(1) << 40) - 1));
}

/* what an evaluation gathers of one measure */
typedef struct Gathered
{
	uint64_t	units;			/* held by those that pass on the whole, in the census's units; not yet in whole */
	ExactSum	whole;			/* held by those that pass on the whole */
	ExactSum	all;			/* held by anybody listed */
	double		low;			/* through others */
	double		high;
	uint32_t	n;				/* terms of these */
	bool		ranged;			/* some share is a range: whole is poured */
	bool		open_ends;		/* ... with an end that is not attained */
} Gathered;

/* Adds one holder's share of a measure. */
static void
gather_share(const CensusRun *run, Gathered *g, const CensusEdge *edge, int k, const CensusShare *share)
{
	uint64_t	unit = census_unit(run->census);
	uint8_t		holder = run->state[edge->holder];

	if (run->run == RUN_UNDISCLOSED)
		sum_add(&g->all, share, unit);
	if (holder & CENSUS_WHOLE)
	{
		if (share->units <= UINT64_C(1) << 60 && g->units <= UINT64_C(1) << 60)
			g->units += share->units;
		else
			sum_add(&g->whole, share, unit);
	}
	else if (holder & CENSUS_NUMBERED)
	{
		const Enclosure *f = &run->factor[local_number(run, edge->holder) * (size_t) run->test->n_measures + k];
		double		w;

		if (f->high <= 0)
			return;
		w = (double) share->num / (double) share->den;
		g->low += f->low * w;
		g->high += f->high * w;
		g->n += 4;				/* the share's own quotient, the product, the sum */
	}
}

/* Begins to gather a measure. */
static inline void
gather_begin(const CensusRun *run, Gathered *g)
{
	memset(g, 0, sizeof(Gathered));
	g->whole.den = g->all.den = census_unit(run->census);
}

/* Does a role of this kind confer status here in this run? */
static bool
role_confers(const CensusRun *run, const CensusParty *party, int kind)
{
	uint32_t	roles = run->test->roles;

	if (party->pooled_fund == TERNARY_TRUE || (run->run != RUN_DEFINITE && party->pooled_fund == TERNARY_UNKNOWN))
		roles |= run->test->fund_roles;
	/* an interest of no known kind may be any role */
	if (kind == INTEREST_UNMAPPED)
		return run->run != RUN_DEFINITE && roles != 0;
	return (roles & (UINT32_C(1) << kind)) != 0;
}

/* the sums of a register told in ranges: of everybody listed, and of those that pass on the whole */
typedef struct Ranges
{
	ExactSum	least;
	ExactSum	most;
	ExactSum	whole_least;
	ExactSum	whole_most;
	bool		lower_open;
	bool		upper_open;
	int			n_flows;		/* through others */
	struct
	{
		double		room;
		Enclosure	factor;
	}			flows[MAX_FLOWS];
} Ranges;

/* Adds one share's ends; false where they are not small. */
static bool
add_ends(const CensusRun *run, Ranges *r, Gathered *g, const CensusEdge *edge, int k, const CensusShare *share)
{
	uint64_t	unit = census_unit(run->census);
	CensusShare lower = *share;
	CensusShare upper = *share;

	if (share->value != NULL)
	{
		const ShareValue *v = share->value;

		if (v->lower.big != NULL || v->upper.big != NULL || v->upper.den == 0)
			return false;
		lower = (CensusShare) {v->lower.num, v->lower.den, UINT64_MAX, NULL};
		upper = (CensusShare) {v->upper.num, v->upper.den, UINT64_MAX, NULL};
		r->lower_open = r->lower_open || v->lower_open;
		r->upper_open = r->upper_open || v->upper_open;
	}
	sum_add(&r->least, &lower, unit);
	sum_add(&r->most, &upper, unit);
	if (run->state[edge->holder] & CENSUS_WHOLE)
	{
		sum_add(&r->whole_least, &lower, unit);
		sum_add(&r->whole_most, &upper, unit);
	}
	else if (run->state[edge->holder] & CENSUS_NUMBERED)
	{
		Enclosure	factor = run->factor[local_number(run, edge->holder) * (size_t) run->test->n_measures + k];

		if (factor.high <= 0)
			return true;
		if (r->n_flows == MAX_FLOWS)
			return false;
		gather_share(run, g, edge, k, &lower);
		r->flows[r->n_flows].room = (double) upper.num / (double) upper.den - (double) lower.num / (double) lower.den;
		r->flows[r->n_flows++].factor = factor;
	}
	return true;
}

/* Brings the sums to one denominator; false if one is too large. */
static bool
align(Ranges *r)
{
	ExactSum   *sums[] = {&r->least, &r->most, &r->whole_least, &r->whole_most};

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 4; i++)
		{
			CensusShare zero = {0, sums[(i + 1) % 4]->den, UINT64_MAX, NULL};

			sum_add(sums[i], &zero, 1);
		}
	for (int i = 0; i < 4; i++)
	{
		CensusShare zero = {0, sums[0]->den, UINT64_MAX, NULL};

		sum_add(sums[i], &zero, 1);
		if (sums[i]->over || sums[i]->den != r->least.den)
			return false;
	}
	return true;
}

/* What those that pass on the whole hold, at least or at most, over all that the ranges allow. */
static Wide
pour(const CensusRun *run, const CensusParty *party, const Ranges *r)
{
	Wide		one = r->least.den;
	int			state = party->unheld ? REGISTER_CLOSED : party->register_state;
	bool		box = r->least.num > one || (r->least.num == one && r->lower_open) ||
		(state == REGISTER_COMPLETE && (r->most.num < one || (r->most.num == one && r->upper_open)));
	Wide		others_least = r->least.num - r->whole_least.num;
	Wide		others_most = r->most.num - r->whole_most.num;

	if (run->run == RUN_DEFINITE)
	{
		if (state != REGISTER_COMPLETE || box || others_most >= one || one - others_most <= r->whole_least.num)
			return r->whole_least.num;
		return one - others_most;
	}
	if (box)
		return r->whole_most.num;
	if ((run->run == RUN_UNDISCLOSED && state == REGISTER_OPEN) || one - others_least < r->whole_most.num)
		return one - others_least;
	return r->whole_most.num;
}

/* What mass adds at most or at least where it is poured into those through whom most flows. */
static double
pour_flows(Ranges *r, double mass, bool high)
{
	double		sum = 0;

	for (int i = 0; i < r->n_flows && mass > 0; i++)
	{
		int			best = i;
		double		weight;

		for (int j = i + 1; j < r->n_flows; j++)
			if (high ? r->flows[j].factor.high > r->flows[best].factor.high : r->flows[j].factor.low > r->flows[best].factor.low)
				best = j;
		weight = r->flows[best].room < mass ? r->flows[best].room : mass;
		sum += weight * (high ? r->flows[best].factor.high : r->flows[best].factor.low);
		mass -= weight;
		if (best != i)
		{
			double		room = r->flows[i].room;
			Enclosure	factor = r->flows[i].factor;

			r->flows[i].room = r->flows[best].room;
			r->flows[i].factor = r->flows[best].factor;
			r->flows[best].room = room;
			r->flows[best].factor = factor;
		}
	}
	return sum;
}

/*
 * Adds what flows through others beyond their least shares, in an upper run.  Differences
 * lose digits: every number here is below the mass, so what is lost is below error.
 */
static void
gather_flows(const CensusRun *run, const CensusParty *party, Ranges *r, Gathered *g)
{
	Wide		one = r->least.den;
	int			state = party->unheld ? REGISTER_CLOSED : party->register_state;
	Wide		room = r->whole_most.num - r->whole_least.num;
	bool		box = r->least.num > one || (r->least.num == one && r->lower_open) ||
		(state == REGISTER_COMPLETE && (r->most.num < one || (r->most.num == one && r->upper_open)));
	double		mass = box ? wide_double(r->most.num) / (double) r->most.den : 0;
	double		error;
	double		low;

	if (r->n_flows == 0 || (!box && run->run == RUN_UNDISCLOSED && state == REGISTER_OPEN))
		return;
	if (!box && one - r->least.num > room)
		mass = wide_double(one - r->least.num - room) / (double) one;
	if (mass <= 0)
		return;
	error = (mass + 1) * (r->n_flows + 8) * 2e-15;
	low = pour_flows(r, mass, false) - error;
	if (low > 0)
		g->low += low;
	g->high += pour_flows(r, mass, true) + error;
	g->n += (uint32_t) r->n_flows + 8;
}

/*
 * Gathers a measure that is told in ranges.  False where a share is its own or has no small
 * ends, and where something flows in proportion that the least is to be taken of.
 */
static bool
gather_ranges(const CensusRun *run, uint32_t number, int k, Gathered *g)
{
	const CensusParty *party = party_at(run->census, number);
	bool		concave = run->run == RUN_DEFINITE && !party->unheld && party->register_state == REGISTER_COMPLETE;
	Ranges		r;
	uint32_t	n;
	const CensusEdge *edges = edges_at(run->census, number, &n);

	memset(&r, 0, sizeof(r));
	memset(g, 0, sizeof(Gathered));
	r.least.den = r.most.den = r.whole_least.den = r.whole_most.den = census_unit(run->census);
	g->whole.den = g->all.den = r.least.den;
	for (uint32_t i = 0; i < n; i++)
	{
		const CensusShare *share;

		core_step(run->env);
		if (run->measure_of[edges[i].kind] != k)
			continue;
		share = share_at(run->census, edges[i].share);
		if (edges[i].holder == number && (share->value != NULL || share->num != 0))
			return false;
		if (!add_ends(run, &r, g, &edges[i], k, share))
			return false;
	}
	if (!align(&r) || (r.n_flows > 0 && concave))
		return false;
	if (run->run != RUN_DEFINITE)
		gather_flows(run, party, &r, g);
	g->whole.num = pour(run, party, &r);
	g->whole.den = r.least.den;
	g->whole.over = g->whole.num > ((Wide) 1 << 94);
	g->ranged = true;
	g->open_ends = r.lower_open || r.upper_open;
	return true;
}

/* Compares what a measure has come to with its gate. */
static Decision
pass_gate(CensusRun *run, const CensusParty *party, Gathered *g, int k, Enclosure *amount)
{
	uint64_t	theta_num = run->test->measures[k].threshold.num;
	uint64_t	theta_den = run->test->measures[k].threshold.den;
	bool		strict = run->test->measures[k].strict;
	Wide		held,
				gate;
	double		whole;

	if (g->units > 0)
	{
		CensusShare units = {0, 0, g->units, NULL};

		sum_add(&g->whole, &units, census_unit(run->census));
	}
	/* what nobody listed holds: the seeds' in the widest run, unless the listed exceed the whole */
	if (run->run == RUN_UNDISCLOSED && !g->ranged && !party->unheld && !g->all.over &&
		party->register_state == REGISTER_OPEN && g->all.num < g->all.den)
	{
		CensusShare rest = {0, g->all.den, UINT64_MAX, NULL};

		rest.num = g->all.den - (uint64_t) g->all.num;
		sum_add(&g->whole, &rest, census_unit(run->census));
	}
	if (g->whole.over || (run->run == RUN_UNDISCLOSED && g->all.over))
		return DECIDED_NOT;
	held = g->whole.num * theta_den;
	gate = (Wide) theta_num * g->whole.den;
	if (amount != NULL)
	{
		whole = wide_double(g->whole.num) / (double) g->whole.den;
		amount->low = round_down(round_down(whole, 8) + g->low, g->n + 8);
		amount->high = round_up(round_up(whole, 8) + g->high, g->n + 8);
	}
	/* at the line it rests on whether the ends are attained */
	if (held == gate && g->open_ends && g->low <= 0 && (strict || run->run != RUN_DEFINITE))
		return DECIDED_NOT;
	if (held > gate || (held == gate && (!strict || g->low > 0)))
		return DECIDED_IN;
	if (g->high <= 0)
		return DECIDED_OUT;
	run->flowed = true;
	if (held == gate)
		return DECIDED_NOT;

	/* how much is lacking, rounded either way */
	whole = wide_double(gate - held) / ((double) theta_den * (double) g->whole.den);
	if (round_down(g->low, g->n) > round_up(whole, 8))
		return DECIDED_IN;
	if (round_up(g->high, g->n) < round_down(whole, 8))
		return DECIDED_OUT;
	return DECIDED_NOT;
}

/* what flows to a party, by measure */
typedef struct Gathering
{
	Gathered	measure[MAX_MEASURES];
	int			begun;			/* bit by measure: somebody who counts holds some of it */
	bool		hard;			/* only an exact run can tell */
	int8_t		by_role;		/* as Attribution.reason; -4 without a role */
} Gathering;

/* Gathers it from whoever counts. */
static inline void
gather_edges(CensusRun *run, uint32_t party_number, Gathering *g)
{
	const CensusParty *party = party_at(run->census, party_number);
	const OwnershipTest *test = run->test;
	uint32_t	n;
	const CensusEdge *edges = edges_at(run->census, party_number, &n);

	g->begun = 0;
	g->hard = false;
	g->by_role = -4;
	for (uint32_t i = 0; i < n; i++)
	{
		int			kind = (int) edges[i].kind;
		int			k = run->measure_of[kind];

		core_step(run->env);
		if (k >= 0 && (run->all_count || edges[i].holder == party_number ||
					   (run->state[edges[i].holder] & (CENSUS_WHOLE | CENSUS_NUMBERED))))
		{
			const CensusShare *share = share_at(run->census, edges[i].share);

			if ((g->begun & (1 << k)) == 0)
				gather_begin(run, &g->measure[k]);
			g->begun |= 1 << k;
			if (share->value != NULL)
				g->measure[k].ranged = true;
			else if (edges[i].holder == party_number && share->num != 0)
				g->hard = true;
			else
				gather_share(run, &g->measure[k], &edges[i], k, share);
		}
		if (kind == INTEREST_UNMAPPED)
			g->hard = true;
		if (k >= 0 || edges[i].holder == party_number || !(run->state[edges[i].holder] & CENSUS_STATUS))
			continue;
		if (kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR)
		{
			if ((test->principal_roles & (UINT32_C(1) << kind)) != 0 && g->by_role == -4)
				g->by_role = -3;
		}
		else if (role_confers(run, party, kind))
			g->by_role = -2;
	}
	for (int k = 0; k < test->n_measures && !g->hard; k++)
		g->hard = (g->begun & (1 << k)) && g->measure[k].ranged && !gather_ranges(run, party_number, k, &g->measure[k]);
}

Decision
census_evaluate(CensusRun *run, uint32_t party_number, Enclosure *amounts, int8_t *reason)
{
	const CensusParty *party = party_at(run->census, party_number);
	const OwnershipTest *test = run->test;
	Gathering	g;
	Decision	decision = DECIDED_OUT;

	run->flowed = false;
	memset(run->undecided, true, sizeof(run->undecided));
	run->state[party_number] |= CENSUS_REACHED;
	gather_edges(run, party_number, &g);
	if (g.hard)
	{
		/* a role confers status, and with it the whole, whatever the register says */
		*reason = g.by_role;
		return g.by_role != -4 && (test->status_feeds_back || test->below == PASS_NOTHING) ? DECIDED_IN : DECIDED_NOT;
	}
	for (int k = 0; k < test->n_measures; k++)
	{
		Decision	one;

		/* nobody who counts holds any of it */
		if ((g.begun & (1 << k)) == 0 && run->run != RUN_UNDISCLOSED)
		{
			run->undecided[k] = false;
			if (amounts != NULL)
				amounts[k] = (Enclosure) {0, 0};
			continue;
		}
		if ((g.begun & (1 << k)) == 0)
			gather_begin(run, &g.measure[k]);
		one = pass_gate(run, party, &g.measure[k], k, amounts ? &amounts[k] : NULL);
		run->undecided[k] = one == DECIDED_NOT;
		if (one == DECIDED_IN && decision != DECIDED_IN)
			*reason = (int8_t) k;
		if (one == DECIDED_IN || (one == DECIDED_NOT && decision == DECIDED_OUT))
			decision = one;
		if (amounts != NULL && amounts[k].high > 1)
			amounts[k].high = 1;
		if (amounts != NULL && amounts[k].low > 1)
			amounts[k].low = 1;
	}
	if (decision != DECIDED_IN && g.by_role != -4)
	{
		*reason = g.by_role;
		decision = DECIDED_IN;
	}
	return decision;
}

