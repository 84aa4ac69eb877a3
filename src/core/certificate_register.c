/*
 * certificate_register.c
 *		The shares of one party as a check reads them: own shares out (850.219, A-04), votes
 *		read off the equity, unmapped interests anything (engine notes 1.7).
 */
#include "certificate.h"

/* The kind that tells a measure of a party. */
static InterestKind
telling_kind(const GraphNode *node, const OwnershipTest *test, int measure)
{
	InterestKind kind = test->measures[measure].kind;
	bool		votes = false;

	for (uint32_t i = 0; i < node->n_holdings; i++)
		votes = votes || node->holdings[i].kind == INTEREST_VOTING;
	return kind == INTEREST_VOTING && test->equity_votes && !votes ? INTEREST_EQUITY : kind;
}

/* The ends of what one holder has of a kind; unmapped interests may be up to the whole on top. */
static void
add_ends(CoreEnv *env, const Holding *holding, ShareValue *sum)
{
	ShareValue	more = holding->kind == INTEREST_UNMAPPED ? share_value_unknown() : holding->share;

	*sum = share_value_add(env, sum, &more);
}

/* An upper end without a bound stands for one more than nothing is known of. */
static void
bound_upper(CoreEnv *env, ShareValue *share)
{
	if (!fraction_is_infinite(share->upper))
		return;
	share->upper = fraction_compare(env, share->lower, FRACTION_ONE) >= 0 ?
		fraction_add(env, share->lower, FRACTION_ONE) : FRACTION_ONE;
	share->upper_open = false;
}

/* Takes own shares out of one lot: the rest is what is outstanding. */
static void
take_out(CoreEnv *env, const ShareValue *self, ShareValue *share)
{
	if (fraction_compare(env, self->lower, FRACTION_ONE) >= 0 || fraction_is_zero(self->upper))
		return;
	share->lower_open = share->lower_open || (self->lower_open && !fraction_is_zero(share->lower));
	share->lower = fraction_divide(env, share->lower, fraction_subtract(env, FRACTION_ONE, self->lower));
	if (fraction_compare(env, self->upper, FRACTION_ONE) < 0)
	{
		share->upper_open = share->upper_open || self->upper_open;
		share->upper = fraction_divide(env, share->upper, fraction_subtract(env, FRACTION_ONE, self->upper));
		return;
	}
	share->upper_open = false;
	if (fraction_compare(env, share->upper, FRACTION_ONE) < 0)
		share->upper = FRACTION_ONE;
	if (fraction_compare(env, share->lower, share->upper) >= 0)
		share->upper = fraction_add(env, share->lower, FRACTION_ONE);
}

/* Is so much more than (or, unattained, as much as) the whole; or the other way round? */
static bool
beyond(CoreEnv *env, Fraction sum, bool open, int side)
{
	int			c = fraction_compare(env, sum, FRACTION_ONE);

	return c == 0 ? open : (c > 0) == (side > 0);
}

/* Decides which completions there are. */
static void
close_sums(CoreEnv *env, const GraphNode *node, const ShareValue *sum, bool exact,
		   KernelRun run, CertificateRegister *reg)
{
	int			state = node->unheld ? REGISTER_CLOSED : node->register_state;

	reg->box = beyond(env, sum->lower, sum->lower_open, 1) ||
		(state == REGISTER_COMPLETE && beyond(env, sum->upper, sum->upper_open, -1));
	reg->has_rest = !reg->box && state != REGISTER_COMPLETE;
	reg->slack = reg->box ? FRACTION_ZERO : fraction_subtract(env, FRACTION_ONE, sum->lower);
	reg->rest_counts = run == RUN_UNDISCLOSED && state == REGISTER_OPEN && reg->has_rest;
	reg->one_vertex = exact || reg->box || (run == RUN_DEFINITE && state != REGISTER_COMPLETE);
}

void
certificate_register(CoreEnv *env, const GraphNode *node, NodeId number, const OwnershipTest *test,
					 int measure, KernelRun run, CertificateRegister *reg)
{
	InterestKind kind = telling_kind(node, test, measure);
	ShareValue	self = share_value_exact(FRACTION_ZERO);
	ShareValue	sum = share_value_exact(FRACTION_ZERO);
	ShareValue *shares = core_array(env, node->n_holdings, sizeof(ShareValue));
	bool		exact = true;

	*reg = (CertificateRegister) {0};
	reg->lots = core_array(env, node->n_holdings, sizeof(CertificateLot));
	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < node->n_holdings;)
	{
		NodeId		holder = node->holdings[i].holder;
		ShareValue	share = share_value_exact(FRACTION_ZERO);
		bool		told = false;

		core_step(env);
		for (; i < node->n_holdings && node->holdings[i].holder == holder; i++)
			if (node->holdings[i].kind == kind || node->holdings[i].kind == INTEREST_UNMAPPED)
			{
				add_ends(env, &node->holdings[i], &share);
				told = true;
			}
		bound_upper(env, &share);
		if (told && holder == number)
			self = share;
		else if (told && !fraction_is_zero(share.upper))
		{
			reg->lots[reg->n].holder = holder;
			shares[reg->n++] = share;
		}
	}
	for (uint32_t i = 0; i < reg->n; i++)
	{
		core_step(env);
		take_out(env, &self, &shares[i]);
		reg->lots[i].lower = shares[i].lower;
		reg->lots[i].upper = shares[i].upper;
		exact = exact && fraction_compare(env, shares[i].lower, shares[i].upper) == 0;
		sum.lower = fraction_add(env, sum.lower, shares[i].lower);
		sum.upper = fraction_add(env, sum.upper, shares[i].upper);
		sum.lower_open = sum.lower_open || shares[i].lower_open;
		sum.upper_open = sum.upper_open || shares[i].upper_open;
	}
	close_sums(env, node, &sum, exact, run, reg);
}

/* Is the first to be filled before the second? */
static bool
is_before(CoreEnv *env, const CertificateRegister *reg, uint32_t a, uint32_t b, bool upper)
{
	int			c = fraction_compare(env, reg->lots[a].factor, reg->lots[b].factor);

	return upper ? c > 0 : c < 0;
}

/* Sorts lots by heap into filling order. */
static void
sort_lots(CoreEnv *env, const CertificateRegister *reg, uint32_t *order, bool upper)
{
	for (uint32_t i = 0; i < reg->n; i++)
		order[i] = i;
	for (uint32_t phase = reg->n / 2 + reg->n; phase-- > 1;)
	{
		uint32_t	end = phase >= reg->n ? reg->n : phase;
		uint32_t	at = phase >= reg->n ? phase - reg->n : 0;

		core_step(env);
		if (phase < reg->n)
		{
			uint32_t	swap = order[0];

			order[0] = order[end];
			order[end] = swap;
		}
		while (2 * at + 1 < end)
		{
			uint32_t	child = 2 * at + 1;
			uint32_t	swap = order[at];

			if (child + 1 < end && is_before(env, reg, order[child], order[child + 1], upper))
				child++;
			if (!is_before(env, reg, order[at], order[child], upper))
				break;
			order[at] = order[child];
			order[child] = swap;
			at = child;
		}
	}
}

/* Fills the lots with the slack in order, the rest where its factor (1 or 0) stands among theirs. */
static void
fill_lots(CoreEnv *env, CertificateRegister *reg, bool upper)
{
	uint32_t   *order = core_array(env, reg->n, sizeof(uint32_t));
	Fraction	mass = reg->slack;

	if (env->status != CORE_OK)
		return;
	sort_lots(env, reg, order, upper);
	for (uint32_t i = 0; i < reg->n; i++)
	{
		CertificateLot *lot = &reg->lots[order[i]];
		Fraction	room = fraction_subtract(env, lot->upper, lot->lower);
		Fraction	rest_factor = reg->rest_counts ? FRACTION_ONE : FRACTION_ZERO;
		int			c = fraction_compare(env, rest_factor, lot->factor);

		core_step(env);
		if (reg->has_rest && (upper ? c > 0 : c < 0))
			break;
		if (fraction_compare(env, room, mass) > 0)
			room = mass;
		lot->weight = fraction_add(env, lot->lower, room);
		mass = fraction_subtract(env, mass, room);
	}
	if (reg->has_rest && reg->rest_counts)
		reg->rest = mass;
}

Fraction
certificate_amount(CoreEnv *env, CertificateRegister *reg, bool upper)
{
	Fraction	sum = FRACTION_ZERO;

	for (uint32_t i = 0; i < reg->n; i++)
		reg->lots[i].weight = reg->box && upper ? reg->lots[i].upper : reg->lots[i].lower;
	reg->rest = reg->rest_counts ? reg->slack : FRACTION_ZERO;
	if (!reg->one_vertex)
		fill_lots(env, reg, upper);
	for (uint32_t i = 0; i < reg->n; i++)
	{
		core_step(env);
		if (!fraction_is_zero(reg->lots[i].factor) && !fraction_is_zero(reg->lots[i].weight))
			sum = fraction_add(env, sum, fraction_multiply(env, reg->lots[i].factor, reg->lots[i].weight));
	}
	return fraction_add(env, sum, reg->rest);
}
