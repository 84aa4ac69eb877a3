/*
 * sweep_graph.c
 *		The flat graph of a prepared cone: see sweep_graph.h.
 *
 * Which weights enclose a measure follows from its register: exact lots are themselves;
 * where nothing binds them together (no completion, or a lower bound with a rest)
 * the run's own end of each is exact; else both ends.
 */
#include <math.h>
#include <string.h>

#include "sweep_graph.h"

/* The leading bits of a number of limbs, as a double times a power of two. */
static double
leading(const uint64_t *limbs, uint32_t n, int *exponent)
{
	double		high = (double) limbs[n - 1];
	double		low = n > 1 ? (double) limbs[n - 2] : 0;

	*exponent = 64 * (int) (n - 1);
	return high + low * 0x1p-64;
}

AmountEnds
ends_of_fraction(CoreEnv *env, Fraction a)
{
	unsigned __int128 scaled;
	double		value;
	int			num_exponent;
	int			den_exponent;
	double		num,
				den;

	(void) env;
	if (fraction_is_infinite(a))
		return (AmountEnds) {UINT64_MAX, UINT64_MAX};
	if (a.big == NULL)
	{
		scaled = (unsigned __int128) a.num * SWEEP_ONE;
		if (scaled / a.den >= UINT64_MAX)
			return (AmountEnds) {UINT64_MAX, UINT64_MAX};
		return (AmountEnds) {(uint64_t) (scaled / a.den), (uint64_t) (scaled / a.den) + (scaled % a.den != 0)};
	}
	num = leading(a.big->limbs, a.big->n_num, &num_exponent);
	den = leading(a.big->limbs + a.big->n_num, a.big->n_den, &den_exponent);
	value = ldexp(num / den, num_exponent - den_exponent) * (double) SWEEP_ONE;
	if (value > 0x1p63)
		return (AmountEnds) {UINT64_MAX, UINT64_MAX};
	/* a relative error of a few 2^-53, and one for the cut */
	return (AmountEnds) {(uint64_t) (value * (1 - 0x1p-49)), (uint64_t) (value * (1 + 0x1p-49)) + 1};
}

/* The weight of a lot in this run; see the head of the file. */
static SweepShare
weight_of(CoreEnv *env, const Model *model, const Register *reg, const Lot *lot, bool uppers_fit)
{
	SweepShare	share = {{0, 0}, lot->lower, true};

	if (reg->mass == MASS_BOX)
		share.exact = model->upper ? lot->upper : lot->lower;
	else if (reg->exact || reg->rest_is_anybodys || (!model->upper && reg->mass != MASS_COMPLETE))
		share.exact = lot->lower;
	else if (model->upper && reg->mass == MASS_REST && uppers_fit)
		share.exact = lot->upper;
	else
	{
		share.is_exact = false;
		share.ends.lower = ends_of_fraction(env, lot->lower).lower;
		share.ends.upper = ends_of_fraction(env, lot->upper).upper;
		return share;
	}
	share.ends = ends_of_fraction(env, share.exact);
	return share;
}

/* Do the upper ends together leave room? then they do not bind each other. */
static bool
uppers_fit(CoreEnv *env, const Register *reg)
{
	Fraction	sum = FRACTION_ZERO;

	if (reg->exact)
		return true;
	for (uint32_t i = 0; i < reg->n; i++)
		sum = fraction_add(env, sum, reg->lots[i].upper);
	return fraction_compare(env, sum, FRACTION_ONE) <= 0;
}

/* Fills in what the holders of one node's measure have there by what is told, whatever their links count for. */
static void
add_own_shares(CoreEnv *env, SweepGraph *graph, const Model *model, uint32_t local, uint32_t k, uint32_t *n_shares)
{
	const Register *reg = &model->nodes[local].registers[k];
	uint32_t	n_measures = (uint32_t) model->test->n_measures;

	for (uint32_t i = 0; i < reg->n; i++)
	{
		size_t		at = (graph->link_start[local] + reg->lots[i].link) * (size_t) n_measures + k;

		core_step(env);
		graph->own_share[at] = graph->share[at];
		if (reg->told == NULL)
			continue;
		graph->shares[*n_shares] = weight_of(env, model, reg, &reg->told[i], true);
		graph->own_share[at] = (*n_shares)++;
	}
}

/* Fills in the shares of one node; they follow each other in the dictionary. */
static void
add_shares(CoreEnv *env, SweepGraph *graph, const Model *model, uint32_t local, uint32_t *n_shares)
{
	const ModelNode *m = &model->nodes[local];
	uint32_t	n_measures = (uint32_t) model->test->n_measures;

	for (uint32_t k = 0; k < n_measures; k++)
	{
		const Register *reg = &m->registers[k];
		bool		fit = uppers_fit(env, reg);
		uint64_t	sum = 0;

		for (uint32_t i = 0; i < reg->n; i++)
		{
			SweepShare	share = weight_of(env, model, reg, &reg->lots[i], fit);

			core_step(env);
			if (share.ends.upper > SWEEP_ONE * SWEEP_MOST_WHOLES - sum)
			{
				graph->node[local] |= SWEEP_DIRTY;
				share.ends = (AmountEnds) {0, SWEEP_ONE};
				share.is_exact = false;
			}
			else
				sum += share.ends.upper;
			if (!reg->exact)
				graph->node[local] |= SWEEP_RANGES;
			graph->shares[*n_shares] = share;
			graph->share[(graph->link_start[local] + reg->lots[i].link) * n_measures + k] = (*n_shares)++;
		}
		if (graph->own_share != NULL)
			add_own_shares(env, graph, model, local, k, n_shares);
		if (graph->rest != NULL)
			graph->rest[local * n_measures + k] = !reg->rest_is_anybodys ? (AmountEnds) {0, 0} :
				ends_of_fraction(env, reg->mass == MASS_BOX ? reg->box_rest : reg->slack);
	}
	if (model->has_open_ends)
		graph->node[local] |= SWEEP_RANGES;
	if (m->n_links > SWEEP_MOST_WHOLES)
		graph->node[local] |= SWEEP_DIRTY;
}

/* Fills in the links of one node. */
static void
add_links(SweepGraph *graph, const Model *model, uint32_t local)
{
	const ModelNode *m = &model->nodes[local];
	uint32_t	at = graph->link_start[local];

	for (uint32_t j = 0; j < m->n_links; j++, at++)
	{
		const ModelNode *h = &model->nodes[m->links[j].holder];

		graph->holder[at] = m->links[j].holder;
		graph->link[at] = m->links[j].role ? SWEEP_ROLE : 0;
		if (h->n_links > 0 || h->n_principals > 0 || model->rest_reaches[m->links[j].holder])
			graph->link[at] |= SWEEP_REACHED;
		if (m->links[j].state != LINK_UNDECIDED)
			graph->link[at] |= m->links[j].state == LINK_PARENT ? SWEEP_PARENT : SWEEP_PLAIN;
	}
	if (m->n_principals > 0)
		memcpy(graph->principal + graph->principal_start[local], m->principals, m->n_principals * sizeof(uint32_t));
	if (m->n_links > graph->max_links)
		graph->max_links = m->n_links;
}

void
sweep_graph_of_model(CoreEnv *env, SweepGraph *graph, const Model *model)
{
	size_t		n_measures = (size_t) model->test->n_measures;
	bool		beyond_seeds = model->test->control_counts == CONTROL_BEYOND_SEEDS;
	size_t		n_links = 0;
	size_t		n_principals = 0;
	size_t		n_lots = 1;
	uint32_t	n_shares = 1;

	memset(graph, 0, sizeof(SweepGraph));
	graph->test = model->test;
	graph->n = model->n;
	graph->link_start = core_array(env, (size_t) model->n + 1, sizeof(uint32_t));
	graph->principal_start = core_array(env, (size_t) model->n + 1, sizeof(uint32_t));
	graph->node = core_array(env, model->n, sizeof(uint8_t));
	if (model->run == RUN_UNDISCLOSED)
		graph->rest = core_array(env, model->n * n_measures, sizeof(AmountEnds));
	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < model->n; i++)
	{
		graph->link_start[i] = (uint32_t) n_links;
		graph->principal_start[i] = (uint32_t) n_principals;
		graph->node[i] = 0;
		n_links += model->nodes[i].n_links;
		n_principals += model->nodes[i].n_principals;
		for (size_t k = 0; k < n_measures; k++)
			n_lots += model->nodes[i].registers[k].n * (size_t) (beyond_seeds ? 2 : 1);
	}
	if (n_links > UINT32_MAX / 2 || n_lots > UINT32_MAX / 2)
		core_fail(env, CORE_TOO_LARGE);
	graph->link_start[model->n] = (uint32_t) n_links;
	graph->principal_start[model->n] = (uint32_t) n_principals;
	graph->holder = core_array(env, n_links, sizeof(uint32_t));
	graph->link = core_array(env, n_links, sizeof(uint8_t));
	graph->share = core_array(env, n_links * n_measures, sizeof(uint32_t));
	if (beyond_seeds)
		graph->own_share = core_array(env, n_links * n_measures, sizeof(uint32_t));
	graph->principal = core_array(env, n_principals, sizeof(uint32_t));
	graph->shares = core_array(env, n_lots, sizeof(SweepShare));
	if (env->status != CORE_OK)
		return;
	memset(graph->share, 0, n_links * n_measures * sizeof(uint32_t));
	if (beyond_seeds)
		memset(graph->own_share, 0, n_links * n_measures * sizeof(uint32_t));
	graph->shares[SWEEP_NO_SHARE] = (SweepShare) {{0, 0}, FRACTION_ZERO, true};
	for (uint32_t i = 0; i < model->n; i++)
	{
		core_step(env);
		add_links(graph, model, i);
		add_shares(env, graph, model, i, &n_shares);
	}
	graph->held_start = model->held_start;
	graph->held = model->held;
	graph->components = &model->components;
}
