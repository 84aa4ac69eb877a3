/*
 * certificate.c
 *		The step of the check at one party, and the check of a whole claim.
 */
#include <string.h>

#include "certificate_parts.h"

void
certificate_complain(Certificate *c, CertificateFault fault, uint32_t place, int measure, Fraction claimed, Fraction found)
{
	CertificateRow *row;

	if (c->n_rows == c->max_rows)
	{
		uint32_t	wanted = c->max_rows ? c->max_rows * 2 : 16;
		CertificateRow *more = core_array(c->env, wanted, sizeof(CertificateRow));

		if (c->env->status != CORE_OK)
			return;
		if (c->n_rows > 0)
			memcpy(more, c->rows, c->n_rows * sizeof(CertificateRow));
		c->rows = more;
		c->max_rows = wanted;
	}
	row = &c->rows[c->n_rows++];
	row->fault = fault;
	row->node = c->nodes[place];
	row->measure = measure;
	row->claimed = fraction_copy(c->env, claimed);
	row->found = fraction_copy(c->env, found);
}

/* The slot of a node: its own, or an empty one. */
static size_t
slot_of(const Certificate *c, NodeId node)
{
	size_t		slot = ((uint64_t) node * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (c->hash_size - 1);

	while (c->hash[slot] != 0 && c->nodes[c->hash[slot] - 1] != node)
		slot = (slot + 1) & (c->hash_size - 1);
	return slot;
}

uint32_t
certificate_place(const Certificate *c, NodeId node)
{
	uint32_t	found = c->hash[slot_of(c, node)];

	return found > 0 ? found - 1 : NOWHERE;
}

/* A party as rows tell it: kept, or read into env for this once. */
CertificateParty *
certificate_party(Certificate *c, CoreEnv *env, uint32_t place)
{
	CertificateParty *party = c->parties[place];

	if (party != NULL)
		return party;
	party = core_array(env, 1, sizeof(CertificateParty));
	if (env->status == CORE_OK)
		certificate_read_party(c, env, place, party);
	if (env == c->env)
		c->parties[place] = party;
	return party;
}

/* Does this interest in the party confer the holder's status? */
bool
certificate_is_role(const Certificate *c, const GraphNode *node, uint8_t kind)
{
	bool		fund = node->pooled_fund == TERNARY_TRUE || (c->upper && node->pooled_fund == TERNARY_UNKNOWN);
	uint32_t	roles = c->test.roles | (fund ? c->test.fund_roles : 0);

	return kind == INTEREST_UNMAPPED ? c->upper && roles != 0 : ((roles >> kind) & 1) != 0;
}

/* Does a link carry the whole of what its holder has (A-01 link_literal)?  Not the root's own. */
bool
certificate_carries(const Certificate *c, const CertificateLink *link)
{
	return c->test.link == LINK_LITERAL && link->parental && link->holder != c->root;
}

/* Fills in what the holders of a register pass on; with upstream, what links carry whole is left out. */
static void
fill_factors(const Certificate *c, const CertificateParty *party, int k, CertificateRegister *reg, bool upstream)
{
	bool		seeds_as_told = reg->counted && c->test.control_counts == CONTROL_BEYOND_SEEDS;

	for (uint32_t i = 0; i < reg->n; i++)
	{
		CertificateLot *lot = &reg->lots[i];
		const CertificateLink *link = &party->links[lot->link];
		bool		told = seeds_as_told && link->holder != NOWHERE && c->claim->seeds[link->holder];

		lot->factor = link->holder == NOWHERE || (upstream && certificate_carries(c, link)) ?
			FRACTION_ZERO : c->factor[k][link->holder];
		certificate_take_lot(lot, told ? &lot->told : &lot->counted);
	}
}

/* The amount that gates are held against. */
Fraction
certificate_amount(Certificate *c, CoreEnv *env, CertificateParty *party, int k)
{
	fill_factors(c, party, k, &party->registers[k], false);
	return certificate_bound(env, &party->registers[k], c->upper);
}

/* What a party that is not whole passes on of a measure, uncapped. */
Fraction
certificate_upstream(Certificate *c, CoreEnv *env, CertificateParty *party, int k)
{
	Fraction	sum;

	fill_factors(c, party, k, &party->registers[k], true);
	sum = certificate_bound(env, &party->registers[k], c->upper);
	for (uint32_t i = 0; c->test.link == LINK_LITERAL && i < party->n_links; i++)
		if (party->links[i].holder != NOWHERE && certificate_carries(c, &party->links[i]))
			sum = fraction_add(env, sum, c->factor[k][party->links[i].holder]);
	return sum;
}

/* The same of every measure, capped; across measures, the largest. */
void
certificate_factors(Certificate *c, CoreEnv *env, CertificateParty *party, Fraction *factors)
{
	Fraction	best = FRACTION_ZERO;

	for (int k = 0; k < c->test.n_measures; k++)
	{
		factors[k] = FRACTION_ZERO;
		if (c->test.below == PASS_NOTHING)
			continue;
		factors[k] = certificate_upstream(c, env, party, k);
		if (fraction_compare(env, factors[k], FRACTION_ONE) > 0)
			factors[k] = FRACTION_ONE;
		if (fraction_compare(env, factors[k], best) > 0)
			best = factors[k];
	}
	for (int k = 0; c->test.across_measures && k < c->test.n_measures; k++)
		factors[k] = best;
}

/* Is it known of all holders whether what they pass on is attained, and is it? */
static bool
factors_attained(const Certificate *c, const CertificateParty *party, int k)
{
	const CertificateRegister *reg = &party->registers[k];

	for (uint32_t i = 0; i < reg->n; i++)
	{
		uint32_t	holder = party->links[reg->lots[i].link].holder;

		if (holder == NOWHERE || c->whole[holder] || (fraction_is_zero(c->factor[k][holder]) && c->test.below == PASS_NOTHING))
			continue;
		if (c->member[holder] > 0 || c->claim->attribution->factor[k][holder].strict)
			return false;
	}
	return true;
}

/*
 * Does an amount pass?  At the line it rests on whether the end is attained: by the
 * shares, where what the holders pass on is, else as claimed; inside a ring, where the
 * claim may rest on itself, that says nothing.
 */
bool
certificate_passes(Certificate *c, const CertificateParty *party, uint32_t place, int k, const Gate *gate, Fraction amount)
{
	int			order = fraction_compare(c->env, amount, gate->threshold);
	bool		open = c->claim->attribution->amount[k][place].strict;
	bool		passes;

	if (order != 0)
		return order > 0;
	if (!c->open_ends)
		return !gate->strict;
	if (party != NULL && factors_attained(c, party, k))
	{
		open = !party->registers[k].attained;
		return gate->strict ? !c->upper && open : !c->upper || !open;
	}
	passes = gate->strict ? !c->upper && open : !c->upper || !open;
	if (c->member[place] > 0 && (c->upper || gate->strict))
	{
		c->doubtful = true;
		c->unsure = c->unsure || passes;
	}
	return passes;
}

Gate
certificate_gate(const Certificate *c, int k)
{
	return (Gate) {c->test.measures[k].threshold, c->test.measures[k].strict};
}

/* One of the principals that a party follows, or NOWHERE. */
static uint32_t
followed(const Certificate *c, const GraphNode *node, uint32_t i)
{
	uint32_t	principal = certificate_place(c, node->principals[i].principal);

	if (((c->test.principal_roles >> node->principals[i].kind) & 1) == 0 ||
		graph_node(c->graph, node->principals[i].principal) == node)
		return NOWHERE;
	return principal;
}

/* What roles and principals make of a party. */
void
certificate_conferred(const Certificate *c, const CertificateParty *party, bool *status, bool *whole)
{
	const GraphNode *node = party->node;

	for (uint32_t i = 0; i < party->n_links; i++)
		if (party->links[i].role && party->links[i].holder != NOWHERE && c->inner[party->links[i].holder])
		{
			*status = true;
			*whole = *whole || (c->test.status_feeds_back && c->test.roles_carry);
		}
	for (uint32_t i = 0; i < node->n_principals; i++)
	{
		uint32_t	principal = followed(c, node, i);

		if (principal == NOWHERE)
			continue;
		*status = *status || c->inner[principal];
		*whole = *whole || c->whole[principal];
	}
}

/* With reports: does a role, or a principal that was a member before, make the party one? */
static bool
reported_by_others(const Certificate *c, const CertificateParty *party, uint32_t place)
{
	const Attribution *claim = c->claim->attribution;

	for (uint32_t i = 0; i < party->n_links; i++)
		if (party->links[i].role && party->links[i].holder != NOWHERE && c->inner[party->links[i].holder])
			return true;
	for (uint32_t i = 0; i < party->node->n_principals; i++)
	{
		uint32_t	principal = followed(c, party->node, i);

		if (principal != NOWHERE && claim->status[principal] &&
			(!claim->status[place] || claim->rank[principal] < claim->rank[place]))
			return true;
	}
	return false;
}

/* Holds what was found of a status against the claim. */
static void
check_status(Certificate *c, uint32_t place, bool found, bool claimed)
{
	if (found != claimed)
		certificate_complain(c, found ? CERTIFICATE_MISSED : CERTIFICATE_UNSUPPORTED, place, -1, FRACTION_ZERO, FRACTION_ZERO);
}

/* Checks that one party's claim follows from its holders' claims. */
static void
check_party(Certificate *c, uint32_t place)
{
	const Attribution *claim = c->claim->attribution;
	CoreEnv    *env = &c->scratch.env;
	CertificateParty *party;
	Fraction	factors[MAX_MEASURES];
	bool		status = c->claim->seeds[place];
	bool		whole = status;
	bool		reported = status;

	c->counts.parties++;
	arena_reset(&c->scratch);
	party = certificate_party(c, env, place);
	for (int k = 0; k < c->test.n_measures && env->status == CORE_OK; k++)
	{
		Gate		gate = certificate_gate(c, k);
		Fraction	amount = certificate_amount(c, env, party, k);

		if (c->test.control_counts != CONTROL_AS_SHARE && fraction_compare(env, amount, FRACTION_ONE) > 0)
		{
			amount = FRACTION_ONE;
			party->registers[k].attained = true;
		}
		if (fraction_compare(env, amount, claim->amount[k][place].value) != 0)
			certificate_complain(c, CERTIFICATE_AMOUNT, place, k, claim->amount[k][place].value, amount);
		if (c->test.reports && certificate_passes(c, party, place, k, &c->test.measures[k].report, amount))
			reported = true;
		if (!certificate_passes(c, party, place, k, &gate, amount))
			continue;
		whole = whole || c->test.status_feeds_back;
		status = true;
	}
	certificate_conferred(c, party, &status, &whole);
	check_status(c, place, status, c->inner[place]);
	if (c->test.reports)
		check_status(c, place, reported || reported_by_others(c, party, place), claim->status[place]);
	if (whole != claim->whole[place])
		certificate_complain(c, CERTIFICATE_FACTOR, place, -1, FRACTION_ZERO, FRACTION_ZERO);
	certificate_factors(c, env, party, factors);
	for (int k = 0; k < c->test.n_measures && env->status == CORE_OK; k++)
	{
		Fraction	factor = whole ? FRACTION_ONE : factors[k];
		int			order = fraction_compare(env, factor, claim->factor[k][place].value);

		if (order < 0 || (order > 0 && !c->may_stay_below[place]))
			certificate_complain(c, CERTIFICATE_FACTOR, place, k, claim->factor[k][place].value, factor);
	}
}

/* Finds the rings: edges from a party to its holders and principals. */
static void
find_rings(Certificate *c)
{
	CoreEnv    *env = c->env;
	uint32_t   *start = core_array(env, (size_t) c->n + 1, sizeof(uint32_t));
	uint32_t   *target;
	size_t		total = 0;
	Digraph		digraph;

	for (uint32_t i = 0; i < c->n; i++)
	{
		const GraphNode *node = graph_node(c->graph, c->nodes[i]);

		total += (size_t) node->n_holdings + node->n_principals;
	}
	if (total >= UINT32_MAX)
		core_fail(env, CORE_TOO_LARGE);
	target = core_array(env, total, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	total = 0;
	for (uint32_t i = 0; i < c->n; i++)
	{
		const GraphNode *node = graph_node(c->graph, c->nodes[i]);

		start[i] = (uint32_t) total;
		for (uint32_t j = 0; j < node->n_holdings; j++)
		{
			core_step(env);
			c->open_ends = c->open_ends || node->holdings[j].share.lower_open || node->holdings[j].share.upper_open;
		}
		for (uint32_t j = 0; j < node->n_holdings + node->n_principals; j++)
		{
			uint32_t	place = certificate_place(c, j < node->n_holdings ? node->holdings[j].holder :
												  node->principals[j - node->n_holdings].principal);

			if (place != NOWHERE)
				target[total++] = place;
		}
	}
	start[c->n] = (uint32_t) total;
	digraph = (Digraph) {c->n, start, target};
	components_find(env, &digraph, &c->rings);
}

/* Marks the rings whose definite amounts may stay below the bound: where a complete register is told in ranges. */
static void
mark_concave(Certificate *c, uint32_t component)
{
	const uint32_t *places = c->rings.members + c->rings.start[component];
	uint32_t	n = c->rings.start[component + 1] - c->rings.start[component];
	bool		concave = false;

	for (uint32_t i = 0; i < n && c->env->status == CORE_OK; i++)
	{
		const CertificateParty *party = certificate_party(c, c->env, places[i]);

		for (int k = 0; k < c->test.n_measures && c->env->status == CORE_OK; k++)
			concave = concave || !party->registers[k].one_vertex;
	}
	for (uint32_t i = 0; i < n; i++)
		c->may_stay_below[places[i]] = concave && !c->upper;
}

Certificate *
certificate_create(CoreEnv *env, const Graph *graph, const NodeId *nodes, uint32_t n_nodes,
				   const OwnershipTest *test, KernelRun run, bool many)
{
	Certificate *c = core_array(env, 1, sizeof(Certificate));

	memset(c, 0, sizeof(Certificate));
	c->env = env;
	c->graph = graph;
	c->nodes = nodes;
	c->n = n_nodes;
	c->test = *test;
	if (!test->status_feeds_back)
		c->test.link = LINK_PRODUCT;	/* no gate inside the recursion, not even a link's */
	c->run = run;
	c->upper = run != RUN_DEFINITE;
	c->many = many;
	for (c->hash_size = 16; c->hash_size < (size_t) n_nodes * 2;)
		c->hash_size *= 2;
	c->hash = core_array(env, c->hash_size, sizeof(uint32_t));
	c->parties = core_array(env, n_nodes, sizeof(CertificateParty *));
	c->member = core_array(env, n_nodes, sizeof(uint32_t));
	c->may_stay_below = core_array(env, n_nodes, sizeof(bool));
	c->inner = core_array(env, n_nodes, sizeof(bool));
	c->whole = core_array(env, n_nodes, sizeof(bool));
	for (int k = 0; k < test->n_measures; k++)
		c->factor[k] = core_array(env, n_nodes, sizeof(Fraction));
	arena_init(&c->scratch, env);
	if (env->status != CORE_OK)
		return c;
	core_fill(c->env, c->hash, 0, c->hash_size * sizeof(uint32_t));
	core_fill(c->env, c->parties, 0, n_nodes * sizeof(CertificateParty *));
	core_fill(c->env, c->member, 0, n_nodes * sizeof(uint32_t));
	core_fill(c->env, c->may_stay_below, 0, n_nodes * sizeof(bool));
	for (uint32_t i = 0; i < n_nodes; i++)
	{
		c->hash[slot_of(c, nodes[i])] = i + 1;
		for (int k = 0; k < test->n_measures; k++)
			c->factor[k][i] = FRACTION_ZERO;
	}
	find_rings(c);
	for (uint32_t i = 0; i < c->rings.n && env->status == CORE_OK; i++)
		if (c->rings.start[i + 1] - c->rings.start[i] > 1)
			mark_concave(c, i);
	for (uint32_t i = 0; i < n_nodes && (many || c->test.link == LINK_LITERAL) && env->status == CORE_OK; i++)
		certificate_party(c, env, i);
	return c;
}

/* Takes a party as it is claimed. */
static void
take_claim(Certificate *c, uint32_t place)
{
	const Attribution *claim = c->claim->attribution;

	c->whole[place] = claim->whole[place];
	c->inner[place] = certificate_claims_inner(c, place);
	for (int k = 0; k < c->test.n_measures; k++)
		c->factor[k][place] = claim->factor[k][place].value;
}

/* Makes a claim the one under check. */
void
certificate_begin(Certificate *c, const CertificateClaim *claim)
{
	uint32_t	n_seeds = 0;

	c->claim = claim;
	c->root = NOWHERE;
	for (uint32_t i = 0; i < c->n; i++)
	{
		core_step(c->env);
		take_claim(c, i);
		if (claim->seeds[i])
		{
			c->root = i;
			n_seeds++;
		}
	}
	if (n_seeds != 1)
		c->root = NOWHERE;
}

void
certificate_restore(Certificate *c, uint32_t component)
{
	for (uint32_t i = c->rings.start[component]; i < c->rings.start[component + 1]; i++)
	{
		c->member[c->rings.members[i]] = 0;
		take_claim(c, c->rings.members[i]);
	}
}

uint32_t
certificate_check(Certificate *c, const CertificateClaim *claim, CertificateRow **rows)
{
	*rows = NULL;
	if (c->env->status != CORE_OK)
		return 0;
	certificate_begin(c, claim);
	for (uint32_t i = 0; i < c->n && !arena_failed(&c->scratch); i++)
		check_party(c, i);
	for (uint32_t i = 0; i < c->rings.n && !arena_failed(&c->scratch); i++)
		if (c->rings.start[i + 1] - c->rings.start[i] > 1)
			certificate_ring(c, i);
	*rows = c->rows;
	return c->n_rows;
}

const CertificateCounts *
certificate_counts(const Certificate *c)
{
	return &c->counts;
}
