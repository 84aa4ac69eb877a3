/*
 * certificate_register.c
 *		The shares of one party as a check reads them: own shares out (850.219, A-04), votes
 *		read off the equity, unmapped interests anything (engine notes 1.7), and links
 *		that control as the whole where they count so.
 */
#include "certificate_parts.h"

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
close_sums(CoreEnv *env, const GraphNode *node, const ShareValue *sum, bool exact, bool some_rest,
		   KernelRun run, CertificateRegister *reg)
{
	int			state = node->unheld || (some_rest && node->register_state == REGISTER_COMPLETE) ?
		REGISTER_CLOSED : node->register_state;

	reg->box = beyond(env, sum->lower, sum->lower_open, 1) ||
		(state == REGISTER_COMPLETE && beyond(env, sum->upper, sum->upper_open, -1));
	reg->has_rest = !reg->box && state != REGISTER_COMPLETE;
	reg->slack = reg->box ? FRACTION_ZERO : fraction_subtract(env, FRACTION_ONE, sum->lower);
	reg->rest_counts = run == RUN_UNDISCLOSED && state == REGISTER_OPEN && reg->has_rest;
	reg->one_vertex = exact || reg->box || (run == RUN_DEFINITE && state != REGISTER_COMPLETE);
}

/* The number of a holder's link, made if new; holders come in order. */
static uint32_t
link_of(Certificate *c, CertificateParty *party, NodeId holder)
{
	uint32_t	place = certificate_place(c, holder);

	if (party->n_links == 0 || party->links[party->n_links - 1].holder != place || place == NOWHERE)
		party->links[party->n_links++] = (CertificateLink) {place, false, false, false, false};
	return party->n_links - 1;
}

/* Lists who holds a measure of a party or has a role in it. */
static void
read_links(Certificate *c, CoreEnv *env, NodeId number, CertificateParty *party)
{
	const GraphNode *node = party->node;

	party->links = core_array(env, node->n_holdings, sizeof(CertificateLink));
	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < node->n_holdings; i++)
	{
		uint32_t	link;

		core_step(env);
		if (node->holdings[i].holder == number)
			continue;
		link = link_of(c, party, node->holdings[i].holder);
		if (certificate_is_role(c, node, node->holdings[i].kind))
			party->links[link].role = true;
	}
}

/* Reads the lots of one measure, own shares aside. */
static void
read_lots(Certificate *c, CoreEnv *env, NodeId number, const CertificateParty *party, InterestKind kind,
		  CertificateRegister *reg, ShareValue *shares, ShareValue *self)
{
	const GraphNode *node = party->node;
	uint32_t	link = 0;

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
		if (holder == number)
		{
			if (told)
				*self = share;
			continue;
		}
		if (told && !fraction_is_zero(share.upper))
		{
			reg->lots[reg->n].link = link;
			shares[reg->n++] = share;
		}
		link++;
	}
}

/* Reads the register of one measure. */
static void
read_register(Certificate *c, CoreEnv *env, NodeId number, const CertificateParty *party, int measure,
			  CertificateRegister *reg)
{
	const GraphNode *node = party->node;
	ShareValue	self = share_value_exact(FRACTION_ZERO);
	ShareValue	sum = share_value_exact(FRACTION_ZERO);
	ShareValue *shares = core_array(env, node->n_holdings, sizeof(ShareValue));
	bool		exact = true;

	*reg = (CertificateRegister) {0};
	reg->lots = core_array(env, node->n_holdings, sizeof(CertificateLot));
	if (env->status != CORE_OK)
		return;
	read_lots(c, env, number, party, telling_kind(node, &c->test, measure), reg, shares, &self);
	for (uint32_t i = 0; i < reg->n; i++)
	{
		CertificateLot *lot = &reg->lots[i];

		core_step(env);
		if (!c->test.own_shares_count)
			take_out(env, &self, &shares[i]);
		lot->told = lot->counted = shares[i];
		certificate_take_lot(lot, &shares[i]);
		lot->factor = lot->weight = FRACTION_ZERO;
		lot->yields = false;
		exact = exact && fraction_compare(env, shares[i].lower, shares[i].upper) == 0;
		sum.lower = fraction_add(env, sum.lower, shares[i].lower);
		sum.upper = fraction_add(env, sum.upper, shares[i].upper);
		sum.lower_open = sum.lower_open || shares[i].lower_open;
		sum.upper_open = sum.upper_open || shares[i].upper_open;
	}
	if (c->test.own_shares_count)
		sum = share_value_add(env, &sum, &self);
	close_sums(env, node, &sum, exact, c->test.own_shares_count && !share_value_is_exact(&self), c->run, reg);
}

/* Is a share at or beyond a control threshold; at it, is that share attained? */
static bool
meets(CoreEnv *env, const Gate *gate, Fraction share, bool beyond_it, bool short_of_it)
{
	int			order = fraction_compare(env, share, gate->threshold);

	if (order != 0)
		return order > 0;
	return gate->strict ? beyond_it : !short_of_it;
}

/* Says which links control: by a role, or by their share of any measure. */
static bool
find_control(const Certificate *c, CoreEnv *env, CertificateParty *party)
{
	bool		any = false;

	for (uint32_t i = 0; i < party->n_links; i++)
		party->links[i].controls = party->links[i].may_control = party->links[i].role;
	for (int k = 0; k < c->test.n_measures; k++)
		for (uint32_t i = 0; i < party->registers[k].n; i++)
		{
			const CertificateLot *lot = &party->registers[k].lots[i];
			const Gate *gate = &c->test.measures[k].control;

			core_step(env);
			if (meets(env, gate, lot->lower, lot->lower_open, false))
				party->links[lot->link].controls = party->links[lot->link].may_control = true;
			else if (meets(env, gate, lot->upper, false, lot->upper_open))
				party->links[lot->link].may_control = true;
		}
	for (uint32_t i = 0; i < party->n_links; i++)
		any = any || party->links[i].may_control;
	return any;
}

/* Makes a register one in which controlling links count as the whole (31 CFR 800.244, 47 CFR 1.5002). */
static void
count_control(const Certificate *c, CoreEnv *env, const CertificateParty *party, bool any, int k,
			  CertificateRegister *reg)
{
	CertificateLot *lots = core_array(env, party->n_links, sizeof(CertificateLot));
	bool		rest_controls = reg->rest_counts && meets(env, &c->test.measures[k].control, reg->slack, false, false);
	uint32_t	at = 0;
	uint32_t	n = 0;

	if (env->status != CORE_OK || (!any && !(rest_controls && fraction_compare(env, reg->slack, FRACTION_ONE) < 0)))
		return;
	for (uint32_t i = 0; i < party->n_links; i++)
	{
		const CertificateLink *link = &party->links[i];
		bool		told = at < reg->n && reg->lots[at].link == i;

		core_step(env);
		if (!told && !link->may_control)
			continue;
		lots[n] = (CertificateLot) {.link = i, .told = share_value_exact(FRACTION_ZERO), .factor = FRACTION_ZERO, .weight = FRACTION_ZERO};
		if (told)
			lots[n] = reg->lots[at++];
		lots[n].counted = lots[n].told;
		if (link->controls)
			lots[n].counted = share_value_exact(FRACTION_ONE);
		else if (link->may_control)
		{
			lots[n].counted.upper = FRACTION_ONE;
			lots[n].counted.upper_open = false;
		}
		certificate_take_lot(&lots[n], &lots[n].counted);
		n++;
	}
	reg->lots = lots;
	reg->n = n;
	reg->box = reg->counted = reg->one_vertex = true;
	reg->has_rest = false;
	reg->rest_counts = reg->rest_counts && !fraction_is_zero(reg->slack);
	reg->slack = rest_controls ? FRACTION_ONE : reg->slack;
}

void
certificate_read_party(Certificate *c, CoreEnv *env, uint32_t place, CertificateParty *party)
{
	NodeId		number = c->nodes[place];
	bool		any;

	*party = (CertificateParty) {0};
	party->node = graph_node(c->graph, number);
	read_links(c, env, number, party);
	for (int k = 0; k < c->test.n_measures && env->status == CORE_OK; k++)
		read_register(c, env, number, party, k, &party->registers[k]);
	if (c->test.control_counts == CONTROL_AS_SHARE || env->status != CORE_OK)
		return;
	any = find_control(c, env, party);
	for (int k = 0; k < c->test.n_measures && env->status == CORE_OK; k++)
		count_control(c, env, party, any, k, &party->registers[k]);
}

/* how a register's lots are compared */
typedef struct FillingOrder
{
	CoreEnv    *env;
	const CertificateRegister *reg;
	bool		upper;
} FillingOrder;

/* Is the first to be filled before the second? */
static bool
is_before(const void *arg, uint32_t a, uint32_t b)
{
	const FillingOrder *order = arg;
	const CertificateRegister *reg = order->reg;
	int			c = fraction_compare(order->env, reg->lots[a].factor, reg->lots[b].factor);

	if (c == 0)
		return !reg->lots[a].yields && reg->lots[b].yields;
	return order->upper ? c > 0 : c < 0;
}

/* Sorts lots into filling order. */
static void
sort_lots(CoreEnv *env, const CertificateRegister *reg, uint32_t *order, bool upper)
{
	FillingOrder filling = {env, reg, upper};

	for (uint32_t i = 0; i < reg->n; i++)
		order[i] = i;
	core_sort(env, order, reg->n, is_before, &filling);
}

/* The lots of one factor: must they stand at ends that are not attained?  Takes what they take off the mass. */
static bool
group_attained(CoreEnv *env, const CertificateRegister *reg, const uint32_t *order, uint32_t at, uint32_t end,
			   bool with_rest, Fraction *mass)
{
	bool		at_lower = fraction_is_zero(*mass);
	bool		room = with_rest;
	bool		lower_open = false;
	bool		upper_open = false;

	for (uint32_t i = at; i < end; i++)
	{
		const CertificateLot *lot = &reg->lots[order[i]];

		core_step(env);
		*mass = fraction_subtract(env, *mass, fraction_subtract(env, lot->weight, lot->lower));
		room = room || fraction_compare(env, lot->weight, lot->upper) < 0;
		lower_open = lower_open || lot->lower_open;
		upper_open = upper_open || lot->upper_open;
	}
	return at_lower ? !lower_open : room || !upper_open;
}

/* Is the bound attained, as far as shares go, where lots were filled in order? */
static bool
filling_attained(CoreEnv *env, const CertificateRegister *reg, const uint32_t *order, bool upper)
{
	Fraction	mass = reg->slack;
	bool		rest_to_come = reg->has_rest;
	bool		attained = true;

	for (uint32_t at = 0, end; at < reg->n && attained; at = end)
	{
		Fraction	factor = reg->lots[order[at]].factor;
		int			c = fraction_compare(env, reg->rest_counts ? FRACTION_ONE : FRACTION_ZERO, factor);
		bool		with_rest = rest_to_come && c == 0;

		for (end = at + 1; end < reg->n && fraction_compare(env, reg->lots[order[end]].factor, factor) == 0;)
			end++;
		if (rest_to_come && (upper ? c > 0 : c < 0))
		{
			mass = FRACTION_ZERO;
			rest_to_come = false;
		}
		attained = group_attained(env, reg, order, at, end, with_rest, &mass);
		if (with_rest)
		{
			mass = FRACTION_ZERO;
			rest_to_come = false;
		}
	}
	return attained;
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
	reg->attained = filling_attained(env, reg, order, upper);
}

Fraction
certificate_bound(CoreEnv *env, CertificateRegister *reg, bool upper)
{
	Fraction	sum = FRACTION_ZERO;

	reg->attained = true;
	for (uint32_t i = 0; i < reg->n; i++)
		reg->lots[i].weight = reg->box && upper ? reg->lots[i].upper : reg->lots[i].lower;
	reg->rest = reg->rest_counts ? reg->slack : FRACTION_ZERO;
	if (!reg->one_vertex)
		fill_lots(env, reg, upper);
	for (uint32_t i = 0; i < reg->n; i++)
	{
		core_step(env);
		if (reg->one_vertex && !fraction_is_zero(reg->lots[i].factor) &&
			(reg->box && upper ? reg->lots[i].upper_open : reg->lots[i].lower_open))
			reg->attained = false;
		if (!fraction_is_zero(reg->lots[i].factor) && !fraction_is_zero(reg->lots[i].weight))
			sum = fraction_add(env, sum, fraction_multiply(env, reg->lots[i].factor, reg->lots[i].weight));
	}
	return fraction_add(env, sum, reg->rest);
}
