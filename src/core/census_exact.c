/*
 * census_exact.c
 *		What enclosures leave open in a census: rings, and parties that only the exact
 *		kernel can decide.
 *
 * A ring is iterated from below, rounding down; what a step rounded up does not lead
 * above is an upper bound (Park induction; engine notes 2.6).  What meets a
 * threshold then, or does not settle, goes to the exact kernel with all it hangs on, cut where
 * a holder passes on the whole or nothing.
 */
#include <string.h>

#include "census_run.h"

#define MAX_PASSES		2000
#define MAX_EXACT_NODES 20000
#define MAX_EXACT_RING	300		/* an exact solve costs the cube of it, in long numbers */

/* a part of the census as a graph for the kernel */
typedef struct Part
{
	Graph	   *graph;
	uint32_t   *party;			/* by NodeId */
	uint32_t	n;				/* whole with all their interests */
	uint32_t	max;
	NodeId	   *seeds;
	uint32_t	n_seeds;
	NodeId	   *nodes;
	uint32_t	n_nodes;
	uint32_t	max_nodes;
} Part;

/* The node of a party, made if new. */
static NodeId
part_node(Part *part, uint32_t party, bool *is_new)
{
	char		id[8];

	for (int digit = 0; digit < 8; digit++)
		id[digit] = (char) ('a' + (party >> (4 * digit) & 15));
	return graph_intern(part->graph, id, sizeof(id), is_new);
}

/* Remembers a node of the part. */
static void
part_list(CoreEnv *env, Part *part, NodeId node)
{
	if (part->n_nodes == part->max_nodes)
	{
		uint32_t	wanted = part->max_nodes ? part->max_nodes * 2 : 64;
		NodeId	   *fresh = core_array(env, wanted, sizeof(NodeId));
		NodeId	   *seeds = core_array(env, wanted, sizeof(NodeId));

		if (env->status != CORE_OK)
			return;
		if (part->n_nodes > 0)
			memcpy(fresh, part->nodes, part->n_nodes * sizeof(NodeId));
		if (part->n_seeds > 0)
			memcpy(seeds, part->seeds, part->n_seeds * sizeof(NodeId));
		part->nodes = fresh;
		part->seeds = seeds;
		part->max_nodes = wanted;
	}
	part->nodes[part->n_nodes++] = node;
}

/* Does something of its own flow through a party that does not pass on the whole? */
static bool
flows(const CensusRun *run, uint32_t party)
{
	size_t		n_measures = (size_t) run->test->n_measures;
	uint32_t	local;

	if ((local = local_of(run, party)) == NO_LOCAL)
		return false;
	for (size_t k = 0; k < n_measures; k++)
		if (run->factor[local * n_measures + k].high > 0)
			return true;
	return (run->state[party] & CENSUS_STATUS) != 0 || run->seen[local] == run->stamp;
}

/* Adds a party to those taken with all their interests; false over the budget. */
static bool
part_take(CensusRun *run, Part *part, uint32_t party)
{
	if (part->n == part->max)
	{
		uint32_t	wanted = part->max ? part->max * 2 : 64;
		uint32_t   *fresh = core_array(&run->arena.env, wanted, sizeof(uint32_t));

		if (arena_failed(&run->arena))
			return false;
		if (part->n > 0)
			memcpy(fresh, part->party, part->n * sizeof(uint32_t));
		part->party = fresh;
		part->max = wanted;
	}
	part->party[part->n++] = party;
	if (local_of(run, party) != NO_LOCAL)
	{
		uint32_t	local = local_number(run, party);
		uint32_t	c = run->component[local];

		run->seen[local] = run->stamp;
		if (run->component_start[c + 1] - run->component_start[c] > MAX_EXACT_RING)
			return false;
	}
	return part->n <= MAX_EXACT_NODES;
}

/* Collects all that the parties hang on; false over the budget or where that is loose itself. */
static bool
part_collect(CensusRun *run, Part *part, const uint32_t *parties, uint32_t n)
{
	run->stamp++;
	for (uint32_t i = 0; i < n; i++)
		if (!part_take(run, part, parties[i]))
			return false;
	for (uint32_t at = 0; at < part->n; at++)
	{
		uint32_t	n_edges;
		const CensusEdge *edges = edges_at(run->census, part->party[at], &n_edges);

		for (uint32_t i = 0; i < n_edges; i++)
		{
			uint32_t	holder = edges[i].holder;

			core_step(run->env);
			if (run->state[holder] & CENSUS_LOOSE)
				return false;
			if ((run->state[holder] & CENSUS_WHOLE) || holder == part->party[at] || !flows(run, holder) ||
				run->seen[local_number(run, holder)] == run->stamp)
				continue;
			if (!part_take(run, part, holder))
				return false;
		}
	}
	return true;
}

/* Writes one party's interests into the part's graph. */
static void
part_write(CensusRun *run, Part *part, uint32_t party)
{
	CoreEnv    *env = &run->arena.env;
	const CensusParty *p = party_at(run->census, party);
	bool		is_new;
	NodeId		node = part_node(part, party, &is_new);
	GraphNode  *g = graph_node(part->graph, node);
	uint32_t	n;
	const CensusEdge *edges = edges_at(run->census, party, &n);

	if (is_new)
		part_list(env, part, node);
	for (uint32_t i = 0; i < n && env->status == CORE_OK; i++)
	{
		bool		principal = edges[i].kind == INTEREST_BRANCH_OF || edges[i].kind == INTEREST_ACTS_FOR;
		NodeId		holder = part_node(part, edges[i].holder, &is_new);
		ShareValue	share = share_value_exact(FRACTION_ONE);

		core_step(env);
		if (is_new)
		{
			part_list(env, part, holder);
			graph_node(part->graph, holder)->unheld = true;
			graph_node(part->graph, holder)->pooled_fund = TERNARY_FALSE;
			if (run->state[edges[i].holder] & CENSUS_WHOLE)
				part->seeds[part->n_seeds++] = holder;
		}
		if (edges[i].kind < N_PERCENTAGE_KINDS)
			share = census_share_value(run->census, edges[i].share);
		if (principal)
			graph_add_interest(part->graph, node, holder, (InterestKind) edges[i].kind, &share, false, NULL);
		else
			graph_add_interest(part->graph, holder, node, (InterestKind) edges[i].kind, &share, false, NULL);
	}
	g->register_state = p->register_state;
	g->unheld = p->unheld;
	g->pooled_fund = (Ternary) p->pooled_fund;
}

/* One part of a long number as a double times a power of two. */
static double
leading(const uint64_t *limbs, uint32_t n, int *exponent)
{
	uint64_t	top = limbs[n - 1];
	int			shift = __builtin_clzll(top);

	if (shift > 0)
	{
		top <<= shift;
		if (n > 1)
			top |= limbs[n - 2] >> (64 - shift);
	}
	*exponent = (int) ((n - 1) * 64) - shift;
	return (double) top;
}

/* Encloses a fraction that is at most 1. */
static Enclosure
enclose(Fraction f)
{
	double		value;
	int			up,
				down;

	if (fraction_is_zero(f))
		return (Enclosure) {0, 0};
	if (f.big == NULL)
		value = (double) f.num / (double) f.den;
	else
	{
		value = leading(f.big->limbs, f.big->n_num, &up);
		value /= leading(f.big->limbs + f.big->n_num, f.big->n_den, &down);
		for (up -= down; up < 0 && value > 0; up++)
			value /= 2;
		for (; up > 0; up--)
			value *= 2;
	}
	value = value > 1 ? 1 : value;
	if (value < 1e-270)
		return (Enclosure) {0, 1e-269};
	return (Enclosure) {round_down(value, 8), round_up(value, 8) > 1 ? 1 : round_up(value, 8)};
}

/* Takes over what the kernel says of a party. */
static void
take_over(CensusRun *run, Part *part, const Attribution *a, uint32_t party)
{
	size_t		n_measures = (size_t) run->test->n_measures;
	NodeId		node = part_node(part, party, NULL);

	if (a->status[node])
		census_raise(run, party, a->reason[node]);
	if (local_of(run, party) == NO_LOCAL)
		return;
	for (size_t k = 0; k < n_measures; k++)
		run->factor[local_number(run, party) * n_measures + k] = enclose(a->factor[k][node].value);
}

bool
census_decide_exactly(CensusRun *run, const uint32_t *parties, uint32_t n)
{
	CoreEnv    *env = &run->arena.env;
	Part		part;
	Kernel	   *kernel;
	Attribution *a;

	arena_reset(&run->arena);
	memset(&part, 0, sizeof(part));
	if (!part_collect(run, &part, parties, n))
		return false;
	part.graph = graph_create(env);
	for (uint32_t i = 0; i < part.n && env->status == CORE_OK; i++)
		part_write(run, &part, part.party[i]);
	for (uint32_t i = 0; i < part.n_nodes && env->status == CORE_OK; i++)
		graph_expand(part.graph, part.nodes[i]);
	if (arena_failed(&run->arena))
		return false;
	kernel = kernel_create(env, part.graph, part.nodes, part.n_nodes, run->test, run->run);
	if (arena_failed(&run->arena))
		return false;
	a = kernel_attribute(kernel, part.seeds, part.n_seeds);
	if (core_over_budget(env) || arena_failed(&run->arena))
		return false;
	for (uint32_t i = 0; i < n; i++)
	{
		run->state[parties[i]] |= CENSUS_EXACT | CENSUS_REACHED;
		take_over(run, &part, a, parties[i]);
	}
	return true;
}

static Enclosure *
factors_of(const CensusRun *run, uint32_t local)
{
	return &run->factor[local * (size_t) run->test->n_measures];
}

/* Raises the ring from below until nothing rises; false where a register wants the kernel. */
static bool
iterate_from_below(CensusRun *run, const uint32_t *members, uint32_t n)
{
	bool		rises = true;

	for (int pass = 0; rises && pass < MAX_PASSES; pass++)
	{
		bool		joined = false;

		rises = false;
		for (uint32_t i = 0; i < n; i++)
		{
			Enclosure	amounts[MAX_MEASURES];
			Enclosure  *f = factors_of(run, members[i]);
			uint32_t	party = run->party[members[i]];
			bool		had = (run->state[party] & CENSUS_STATUS) != 0;
			int8_t		reason = -4;

			if (run->state[party] & CENSUS_WHOLE)
				continue;
			amounts[0].low = -1;
			if (census_evaluate(run, party, amounts, &reason) == DECIDED_IN)
				census_raise(run, party, reason);
			if (run->flowed)
				run->state[party] |= CENSUS_FLOWED;
			joined = joined || had != ((run->state[party] & CENSUS_STATUS) != 0);
			if (run->state[party] & CENSUS_WHOLE)
				continue;
			if (amounts[0].low < 0)
				return false;
			for (int k = 0; k < run->test->n_measures; k++)
			{
				if (amounts[k].low <= f[k].low)
					continue;
				rises = rises || amounts[k].low > f[k].low * (1 + 1e-15);
				f[k].low = f[k].high = amounts[k].low;
			}
		}
		rises = rises || joined;
		if (rises && (joined || pass == 0))
			census_lift_ring(run, members, n);
	}
	return true;
}

/*
 * Finds an upper bound a little above the iterate: raised where a step leads above it,
 * until a whole pass of steps does not.  Those whose gates it does not decide are taken
 * for no members, and counted.
 */
static bool
bound_from_above(CensusRun *run, const uint32_t *members, uint32_t n, double inflation, uint32_t *n_undecided)
{
	bool		rises = true;

	for (uint32_t i = 0; i < n; i++)
		for (int k = 0; k < run->test->n_measures; k++)
		{
			Enclosure  *f = &factors_of(run, members[i])[k];

			f->high = f->low * (1 + inflation) > 1 ? 1 : f->low * (1 + inflation);
		}
	for (int pass = 0; rises && pass < MAX_PASSES; pass++)
	{
		rises = false;
		*n_undecided = 0;
		for (uint32_t i = 0; i < n; i++)
		{
			Enclosure	amounts[MAX_MEASURES];
			Enclosure  *f = factors_of(run, members[i]);
			uint32_t	party = run->party[members[i]];
			int8_t		reason = -4;

			if (run->state[party] & CENSUS_WHOLE)
				continue;
			if (census_evaluate(run, party, amounts, &reason) != DECIDED_OUT && !(run->state[party] & CENSUS_STATUS))
				(*n_undecided)++;
			for (int k = 0; k < run->test->n_measures; k++)
				if (amounts[k].high > f[k].high)
				{
					rises = true;
					f[k].high = round_up(amounts[k].high, 0) > 1 ? 1 : round_up(amounts[k].high, 0);
				}
		}
	}
	return !rises;
}

/* Lowers an upper bound by taking steps from it. */
static void
tighten(CensusRun *run, const uint32_t *members, uint32_t n)
{
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < n; i++)
		{
			Enclosure	amounts[MAX_MEASURES];
			Enclosure  *f = factors_of(run, members[i]);
			int8_t		reason;

			if (run->state[run->party[members[i]]] & CENSUS_WHOLE)
				continue;
			(void) census_evaluate(run, run->party[members[i]], amounts, &reason);
			for (int k = 0; k < run->test->n_measures; k++)
				if (amounts[k].high < f[k].high)
					f[k].high = amounts[k].high;
		}
}

/*
 * Decides the gates of a bounded ring that its enclosures leave open: those that are met
 * exactly pass unless they are strict.  False where one is not decided so; *rose: somebody
 * passed, and the ring has to be bounded anew.
 */
static bool
decide_ties(CensusRun *run, const uint32_t *members, uint32_t n, bool *rose)
{
	size_t		n_measures = (size_t) run->test->n_measures;
	bool	   *wanted = core_array(run->env, n * n_measures, sizeof(bool));
	bool	   *ties = core_array(run->env, n * n_measures, sizeof(bool));

	*rose = false;
	if (run->env->status != CORE_OK)
		return false;
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	party = run->party[members[i]];
		int8_t		reason = -4;
		bool		open = !(run->state[party] & (CENSUS_WHOLE | CENSUS_STATUS)) &&
			census_evaluate(run, party, NULL, &reason) != DECIDED_OUT;

		for (size_t k = 0; k < n_measures; k++)
			wanted[i * n_measures + k] = ties[i * n_measures + k] = open && run->undecided[k];
	}
	if (!census_find_ties(run, members, n, ties))
		return false;
	for (size_t i = 0; i < n * n_measures; i++)
		if (wanted[i] && !ties[i])
			return false;
	for (size_t i = 0; i < n * n_measures; i++)
	{
		uint32_t	party = run->party[members[i / n_measures]];

		if (!ties[i])
			continue;
		run->state[party] |= CENSUS_EXACT;
		if (run->test->measures[i % n_measures].strict || (run->state[party] & CENSUS_STATUS))
			continue;
		census_raise(run, party, (int8_t) (i % n_measures));
		*rose = true;
	}
	return true;
}

void
census_ring(CensusRun *run, const uint32_t *members, uint32_t n)
{
	uint32_t	n_undecided;
	bool		rose = true;
	uint32_t   *parties;
	uint32_t	n_parties = 0;

	while (rose && run->env->status == CORE_OK)
	{
		rose = false;
		if (!iterate_from_below(run, members, n) || !bound_from_above(run, members, n, 1e-14, &n_undecided))
			continue;
		tighten(run, members, n);
		if (n_undecided == 0 || (decide_ties(run, members, n, &rose) && !rose))
			return;
	}
	parties = core_array(run->env, n, sizeof(uint32_t));
	if (run->env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < n; i++)
		if (!(run->state[run->party[members[i]]] & CENSUS_WHOLE))
			parties[n_parties++] = run->party[members[i]];
	if (census_decide_exactly(run, parties, n_parties))
		return;
	for (uint32_t i = 0; i < n_parties; i++)
		census_loosen(run, parties[i]);
}
