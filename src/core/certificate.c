/*
 * certificate.c
 *		See certificate.h.
 */
#include <string.h>

#include "certificate.h"
#include "components.h"

#define NOWHERE		UINT32_MAX
#define MAX_RING	64			/* parties of a ring that is solved again */

typedef struct Check
{
	CoreEnv    *env;
	Arena		scratch;		/* of one party or ring */
	const Graph *graph;
	const NodeId *nodes;
	uint32_t	n;
	uint32_t   *place;			/* by NodeId, or NOWHERE */
	uint32_t   *member;			/* by place: in the ring under work its number + 1, else 0 */
	bool	   *may_stay_below; /* by place: in a ring whose definite bound need only be sound */
	const OwnershipTest *test;
	KernelRun	run;
	const Attribution *claim;
	bool		open_ends;		/* some share has an end that is not attained */
	bool		unsure;			/* in the ring under work: it came to the line, and whether it attains it is not known */
	CertificateRow *rows;
	uint32_t	n_rows;
	uint32_t	max_rows;
} Check;

/* A ring that is solved again; every array by number in the ring. */
typedef struct Ring
{
	uint32_t	n;
	const uint32_t *places;
	CertificateRegister *registers[MAX_MEASURES];
	bool	   *status;
	bool	   *whole;
	Fraction   *amount[MAX_MEASURES];
	bool		failed;			/* cannot be solved this way */
} Ring;

bool
certificate_covers(const OwnershipTest *test)
{
	return test->link == LINK_PRODUCT && test->control_counts == CONTROL_AS_SHARE && !test->reports;
}

static void
complain(Check *check, CertificateFault fault, uint32_t place, int measure, Fraction claimed, Fraction found)
{
	CertificateRow *row;

	if (check->n_rows == check->max_rows)
	{
		uint32_t	wanted = check->max_rows ? check->max_rows * 2 : 16;
		CertificateRow *more = core_array(check->env, wanted, sizeof(CertificateRow));

		if (check->env->status != CORE_OK)
			return;
		if (check->n_rows > 0)
			memcpy(more, check->rows, check->n_rows * sizeof(CertificateRow));
		check->rows = more;
		check->max_rows = wanted;
	}
	row = &check->rows[check->n_rows++];
	row->fault = fault;
	row->node = check->nodes[place];
	row->measure = measure;
	row->claimed = fraction_copy(check->env, claimed);
	row->found = fraction_copy(check->env, found);
}

/* What a holder is claimed to pass on; nothing where it is not in the cone. */
static Fraction
claimed_factor(const Check *check, NodeId holder, int k)
{
	return check->place[holder] == NOWHERE ? FRACTION_ZERO : check->claim->factor[k][check->place[holder]].value;
}

/*
 * Does an amount pass?  At the line it rests on whether the end is attained, as claimed;
 * inside a ring, where the claim may rest on itself, that says nothing.
 */
static bool
passes(Check *check, uint32_t place, int k, Fraction amount)
{
	int			c = fraction_compare(check->env, amount, check->test->measures[k].threshold);
	bool		open = check->claim->amount[k][place].strict;

	if (c != 0)
		return c > 0;
	if (check->open_ends && check->member[place] > 0)
		check->unsure = true;
	if (check->test->measures[k].strict)
		return check->run == RUN_DEFINITE && open;
	return check->run == RUN_DEFINITE || !open;
}

/* Does this interest in the party confer the holder's status? */
static bool
is_role(const Check *check, const GraphNode *node, uint8_t kind)
{
	bool		upper = check->run != RUN_DEFINITE;
	bool		fund = node->pooled_fund == TERNARY_TRUE || (upper && node->pooled_fund == TERNARY_UNKNOWN);
	uint32_t	roles = check->test->roles | (fund ? check->test->fund_roles : 0);

	return kind == INTEREST_UNMAPPED ? upper && roles != 0 : ((roles >> kind) & 1) != 0;
}

static bool
holder_bit(const Check *check, const Ring *ring, NodeId holder, bool whole)
{
	uint32_t	place = check->place[holder];

	if (place == NOWHERE)
		return false;
	if (ring != NULL && check->member[place] > 0)
		return whole ? ring->whole[check->member[place] - 1] : ring->status[check->member[place] - 1];
	return whole ? check->claim->whole[place] : check->claim->status[place];
}

/* What roles and principals make of a party, by the ring under work or by the claim. */
static void
conferred(const Check *check, const Ring *ring, uint32_t place, bool *status, bool *whole)
{
	const GraphNode *node = graph_node(check->graph, check->nodes[place]);
	const OwnershipTest *test = check->test;

	for (uint32_t i = 0; i < node->n_holdings; i++)
		if (node->holdings[i].holder != check->nodes[place] && is_role(check, node, node->holdings[i].kind) &&
			holder_bit(check, ring, node->holdings[i].holder, false))
		{
			*status = true;
			*whole = *whole || (test->status_feeds_back && test->roles_carry);
		}
	for (uint32_t i = 0; i < node->n_principals; i++)
	{
		NodeId		principal = node->principals[i].principal;

		if (((test->principal_roles >> node->principals[i].kind) & 1) == 0 || principal == check->nodes[place])
			continue;
		*status = *status || holder_bit(check, ring, principal, false);
		*whole = *whole || holder_bit(check, ring, principal, true);
	}
}

/* Builds the register of a party and fills in what its holders are claimed to pass on. */
static Fraction
claimed_amount(Check *check, CoreEnv *env, uint32_t place, int k, CertificateRegister *reg)
{
	NodeId		number = check->nodes[place];

	certificate_register(env, graph_node(check->graph, number), number, check->test, k, check->run, reg);
	for (uint32_t i = 0; i < reg->n; i++)
		reg->lots[i].factor = claimed_factor(check, reg->lots[i].holder, k);
	return certificate_amount(env, reg, check->run != RUN_DEFINITE);
}

/* What a party that is not whole should pass on. */
static Fraction
proportion(Check *check, const Fraction *amounts, int k)
{
	Fraction	best = FRACTION_ZERO;

	if (check->test->below == PASS_NOTHING)
		return best;
	for (int other = 0; other < check->test->n_measures; other++)
		if ((other == k || check->test->across_measures) && fraction_compare(check->env, amounts[other], best) > 0)
			best = amounts[other];
	return fraction_compare(check->env, best, FRACTION_ONE) > 0 ? FRACTION_ONE : best;
}

/* Checks that one party's claim follows from its holders' claims. */
static void
check_party(Check *check, uint32_t place)
{
	const Attribution *claim = check->claim;
	Fraction	amounts[MAX_MEASURES];
	bool		seed = claim->reason[place] == -1;
	bool		status = seed;
	bool		whole = seed;

	arena_reset(&check->scratch);
	for (int k = 0; k < check->test->n_measures; k++)
	{
		CertificateRegister reg;

		amounts[k] = claimed_amount(check, &check->scratch.env, place, k, &reg);
		if (fraction_compare(check->env, amounts[k], claim->amount[k][place].value) != 0)
			complain(check, CERTIFICATE_AMOUNT, place, k, claim->amount[k][place].value, amounts[k]);
		if (passes(check, place, k, amounts[k]))
		{
			status = true;
			whole = whole || check->test->status_feeds_back;
		}
	}
	conferred(check, NULL, place, &status, &whole);
	if (status != claim->status[place])
		complain(check, status ? CERTIFICATE_MISSED : CERTIFICATE_UNSUPPORTED, place, -1, FRACTION_ZERO, FRACTION_ZERO);
	if (whole != claim->whole[place])
		complain(check, CERTIFICATE_FACTOR, place, -1, FRACTION_ZERO, FRACTION_ZERO);
	for (int k = 0; k < check->test->n_measures; k++)
	{
		Fraction	factor = whole ? FRACTION_ONE : proportion(check, amounts, k);

		int			c = fraction_compare(check->env, factor, claim->factor[k][place].value);

		if (c < 0 || (c > 0 && !check->may_stay_below[place]))
			complain(check, CERTIFICATE_FACTOR, place, k, claim->factor[k][place].value, factor);
	}
}

/* Eliminates unknowns one after the other: x = b + m x; false where a pivot is not positive. */
static bool
eliminate(CoreEnv *env, uint32_t n, Fraction *m, Fraction *b, Fraction *x)
{
	for (uint32_t p = n; p-- > 0;)
	{
		Fraction	pivot = fraction_subtract(env, FRACTION_ONE, m[p * n + p]);

		if (pivot.negative || fraction_is_zero(pivot) || env->status != CORE_OK)
			return false;
		b[p] = fraction_divide(env, b[p], pivot);
		for (uint32_t j = 0; j < p; j++)
			m[p * n + j] = fraction_divide(env, m[p * n + j], pivot);
		for (uint32_t i = 0; i < p; i++)
		{
			Fraction	share = m[i * n + p];

			core_step(env);
			if (fraction_is_zero(share))
				continue;
			b[i] = fraction_add(env, b[i], fraction_multiply(env, share, b[p]));
			for (uint32_t j = 0; j < p; j++)
				m[i * n + j] = fraction_add(env, m[i * n + j], fraction_multiply(env, share, m[p * n + j]));
		}
	}
	for (uint32_t p = 0; p < n; p++)
	{
		x[p] = b[p];
		for (uint32_t j = 0; j < p; j++)
			x[p] = fraction_add(env, x[p], fraction_multiply(env, m[p * n + j], x[j]));
	}
	return env->status == CORE_OK;
}

/* The number in the ring of a holder that passes on its own proportion there, or NOWHERE. */
static uint32_t
leaking(const Check *check, const Ring *ring, NodeId holder)
{
	uint32_t	place = check->place[holder];
	uint32_t	i = place == NOWHERE ? 0 : check->member[place];

	return i == 0 || ring->whole[i - 1] || check->test->below == PASS_NOTHING ? NOWHERE : i - 1;
}

/* Who in the ring can have anything at all: fed from outside, from the whole, or by one who has. */
static void
mark_fed(Check *check, Ring *ring, int k, const Fraction *constant, bool *fed)
{
	bool		more = true;

	for (uint32_t i = 0; i < ring->n; i++)
		fed[i] = !fraction_is_zero(constant[i]);
	while (more)
	{
		more = false;
		for (uint32_t i = 0; i < ring->n; i++)
			for (uint32_t j = 0; j < ring->registers[k][i].n && !fed[i]; j++)
			{
				const CertificateLot *lot = &ring->registers[k][i].lots[j];
				uint32_t	h = leaking(check, ring, lot->holder);

				core_step(&check->scratch.env);
				if (h != NOWHERE && fed[h] && !fraction_is_zero(lot->weight))
					fed[i] = more = true;
			}
	}
}

/* Solves the ring's amounts of one measure with those that are whole standing fast. */
static void
solve_ring(Check *check, Ring *ring, int k)
{
	CoreEnv    *env = &check->scratch.env;
	uint32_t	n = ring->n;
	Fraction   *m = core_array(env, (size_t) n * n, sizeof(Fraction));
	Fraction   *b = core_array(env, n, sizeof(Fraction));
	bool	   *fed = core_array(env, n, sizeof(bool));

	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < n * n; i++)
		m[i] = FRACTION_ZERO;
	for (uint32_t i = 0; i < n; i++)
	{
		const CertificateRegister *reg = &ring->registers[k][i];

		b[i] = reg->rest;
		for (uint32_t j = 0; j < reg->n; j++)
		{
			const CertificateLot *lot = &reg->lots[j];
			uint32_t	place = check->place[lot->holder];
			bool		inside = place != NOWHERE && check->member[place] > 0;
			Fraction	factor = !inside ? lot->factor :
				ring->whole[check->member[place] - 1] ? FRACTION_ONE : FRACTION_ZERO;

			core_step(env);
			b[i] = fraction_add(env, b[i], fraction_multiply(env, factor, lot->weight));
		}
	}
	mark_fed(check, ring, k, b, fed);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < ring->registers[k][i].n; j++)
		{
			const CertificateLot *lot = &ring->registers[k][i].lots[j];
			uint32_t	h = leaking(check, ring, lot->holder);

			if (fed[i] && h != NOWHERE && fed[h])
				m[i * n + h] = fraction_add(env, m[i * n + h], lot->weight);
		}
	if (!eliminate(env, n, m, b, ring->amount[k]))
		ring->failed = true;
}

/* Raises one party by roles, principals and gates; true if it rose. */
static bool
raise_party(Check *check, Ring *ring, uint32_t i)
{
	bool		status = ring->status[i];
	bool		whole = ring->whole[i];
	bool		rose;

	for (int k = 0; k < check->test->n_measures; k++)
		if (passes(check, ring->places[i], k, ring->amount[k][i]))
		{
			status = true;
			whole = whole || check->test->status_feeds_back;
		}
	conferred(check, ring, ring->places[i], &status, &whole);
	rose = status != ring->status[i] || whole != ring->whole[i];
	ring->status[i] = status;
	ring->whole[i] = whole;
	return rose;
}

/* The party that passes on more than the whole, if one does: it has to rise first, alone. */
static uint32_t
overflowing(Check *check, const Ring *ring)
{
	Fraction	most = FRACTION_ONE;
	uint32_t	who = NOWHERE;

	for (int k = 0; check->test->below == PASS_PROPORTION && k < check->test->n_measures; k++)
		for (uint32_t i = 0; i < ring->n; i++)
			if (!ring->whole[i] && fraction_compare(check->env, ring->amount[k][i], most) > 0)
			{
				most = ring->amount[k][i];
				who = i;
			}
	return who;
}

/* From the ring's seeds up: solve, raise, and again until nothing rises. */
static void
raise_ring(Check *check, Ring *ring)
{
	bool		rose = true;

	while (rose && !ring->failed && check->scratch.env.status == CORE_OK)
	{
		uint32_t	over;

		rose = false;
		for (int k = 0; k < check->test->n_measures; k++)
			solve_ring(check, ring, k);
		if (ring->failed)
			return;
		over = overflowing(check, ring);
		if (over != NOWHERE)
		{
			rose = raise_party(check, ring, over);
			/* more than the whole, and still not whole: only a cap would hold it */
			ring->failed = !rose || !ring->whole[over];
			continue;
		}
		for (uint32_t i = 0; i < ring->n; i++)
			rose = raise_party(check, ring, i) || rose;
	}
}

/* Compares a ring with its claim; what is claimed beyond it supports itself. */
static void
compare_ring(Check *check, const Ring *ring, bool sure)
{
	const Attribution *claim = check->claim;

	for (uint32_t i = 0; i < ring->n; i++)
	{
		uint32_t	place = ring->places[i];
		bool		same = claim->status[place] == ring->status[i] && claim->whole[place] == ring->whole[i];

		for (int k = 0; k < check->test->n_measures; k++)
			same = same && fraction_compare(check->env, claim->amount[k][place].value, ring->amount[k][i]) == 0;
		if (!same)
			complain(check, sure ? CERTIFICATE_CIRCULAR : CERTIFICATE_UNCHECKED, place, 0,
					 claim->amount[0][place].value, ring->amount[0][i]);
	}
}

/*
 * Solves a ring again.  In an upper run the weights at which the claim is largest will do:
 * what they alone found is not above the least fixpoint, and the claim not below it.
 * In the lower run that is no proof where the weights depend on the factors, and the
 * claim may stay below the fixpoint there (a bounded number of steps towards it).
 */
static void
check_ring(Check *check, const uint32_t *places, uint32_t n)
{
	CoreEnv    *env = &check->scratch.env;
	Ring		ring = {0};
	bool		sure = true;

	ring.n = n;
	ring.places = places;
	arena_reset(&check->scratch);
	ring.failed = n > MAX_RING || (check->test->across_measures && check->test->n_measures > 1 &&
								   check->test->below == PASS_PROPORTION);
	ring.status = core_array(env, n, sizeof(bool));
	ring.whole = core_array(env, n, sizeof(bool));
	for (int k = 0; k < check->test->n_measures; k++)
	{
		ring.registers[k] = core_array(env, n, sizeof(CertificateRegister));
		ring.amount[k] = core_array(env, n, sizeof(Fraction));
	}
	for (uint32_t i = 0; i < n && env->status == CORE_OK && !ring.failed; i++)
	{
		check->member[places[i]] = i + 1;
		ring.status[i] = ring.whole[i] = check->claim->reason[places[i]] == -1;
		for (int k = 0; k < check->test->n_measures; k++)
		{
			(void) claimed_amount(check, env, places[i], k, &ring.registers[k][i]);
			sure = sure && ring.registers[k][i].one_vertex;
		}
	}
	if (!sure && check->run == RUN_DEFINITE)
		for (uint32_t i = 0; i < n; i++)
			ring.failed = check->may_stay_below[places[i]] = true;
	check->unsure = false;
	if (!ring.failed)
		raise_ring(check, &ring);
	if (check->unsure || ring.failed || env->status != CORE_OK)
		complain(check, CERTIFICATE_UNCHECKED, places[0], -1, FRACTION_ZERO, FRACTION_ZERO);
	else
		compare_ring(check, &ring, sure);
	for (uint32_t i = 0; i < n; i++)
		check->member[places[i]] = 0;
}

/* Finds the rings: edges from a party to its holders and principals. */
static void
find_rings(Check *check, Components *components)
{
	CoreEnv    *env = check->env;
	uint32_t   *start = core_array(env, (size_t) check->n + 1, sizeof(uint32_t));
	uint32_t   *target;
	size_t		total = 0;
	Digraph		digraph;

	for (uint32_t i = 0; i < check->n; i++)
	{
		const GraphNode *node = graph_node(check->graph, check->nodes[i]);

		total += (size_t) node->n_holdings + node->n_principals;
	}
	if (total >= UINT32_MAX)
		core_fail(env, CORE_TOO_LARGE);
	target = core_array(env, total, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	total = 0;
	for (uint32_t i = 0; i < check->n; i++)
	{
		const GraphNode *node = graph_node(check->graph, check->nodes[i]);

		start[i] = (uint32_t) total;
		for (uint32_t j = 0; j < node->n_holdings; j++)
		{
			core_step(env);
			check->open_ends = check->open_ends || node->holdings[j].share.lower_open || node->holdings[j].share.upper_open;
		}
		for (uint32_t j = 0; j < node->n_holdings + node->n_principals; j++)
		{
			uint32_t	place = check->place[j < node->n_holdings ? node->holdings[j].holder :
											 node->principals[j - node->n_holdings].principal];

			if (place != NOWHERE)
				target[total++] = place;
		}
	}
	start[check->n] = (uint32_t) total;
	digraph = (Digraph) {check->n, start, target};
	components_find(env, &digraph, components);
}

uint32_t
certificate_check(CoreEnv *env, const Graph *graph, const NodeId *nodes, uint32_t n_nodes,
				  const OwnershipTest *test, KernelRun run, const Attribution *claim, CertificateRow **rows)
{
	Check		check = {0};
	Components	rings = {0};

	check.env = env;
	check.graph = graph;
	check.nodes = nodes;
	check.n = n_nodes;
	check.test = test;
	check.run = run;
	check.claim = claim;
	check.place = core_array(env, graph_size(graph), sizeof(uint32_t));
	check.member = core_array(env, n_nodes, sizeof(uint32_t));
	check.may_stay_below = core_array(env, n_nodes, sizeof(bool));
	*rows = NULL;
	if (env->status != CORE_OK)
		return 0;
	arena_init(&check.scratch, env);
	memset(check.place, 0xff, graph_size(graph) * sizeof(uint32_t));
	memset(check.member, 0, n_nodes * sizeof(uint32_t));
	memset(check.may_stay_below, 0, n_nodes * sizeof(bool));
	for (uint32_t i = 0; i < n_nodes; i++)
		check.place[nodes[i]] = i;
	find_rings(&check, &rings);
	for (uint32_t c = 0; c < rings.n && !arena_failed(&check.scratch); c++)
		if (rings.start[c + 1] - rings.start[c] > 1)
			check_ring(&check, rings.members + rings.start[c], rings.start[c + 1] - rings.start[c]);
	for (uint32_t i = 0; i < n_nodes && !arena_failed(&check.scratch); i++)
		check_party(&check, i);
	*rows = check.rows;
	return check.n_rows;
}
