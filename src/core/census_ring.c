/*
 * census_ring.c
 *		A large ring's lower bounds, taken far from below at once.
 *
 * Between two changes of status a ring is a linear system: what each party has from outside, and
 * so much of what others in the ring have.  Written out by the ring's own numbers it stays
 * in the cache, where parties, edges and factors of everybody do not.  Each step is one
 * of the iteration from below, rounded down, so that every iterate is a bound.
 */
#include <string.h>

#include "census_run.h"

#define SMALL_RING	64			/* not worth the trouble */
#define MAX_STEPS	2000

/* what flows to a party from another in the ring */
typedef struct RingFlow
{
	uint32_t	from;			/* index in the ring * n_measures + measure */
	uint32_t	to;
	double		weight;			/* rounded down */
} RingFlow;

typedef struct LinearRing
{
	CensusRun  *run;
	const uint32_t *members;	/* local numbers */
	uint32_t	n;
	size_t		n_measures;
	double	   *base;			/* from outside; -1: the party is no part of this */
	double	   *value;
	uint32_t   *start;			/* of flows, by index in the ring */
	RingFlow   *flow;
} LinearRing;

/* What each party has from outside: a step from nothing.  The factors are put back. */
static void
find_base(LinearRing *ring)
{
	CensusRun  *run = ring->run;

	for (uint32_t i = 0; i < ring->n; i++)
		for (size_t k = 0; k < ring->n_measures; k++)
		{
			Enclosure  *f = &run->factor[ring->members[i] * ring->n_measures + k];

			ring->value[i * ring->n_measures + k] = f->low;
			*f = (Enclosure) {0, 0};
		}
	for (uint32_t i = 0; i < ring->n; i++)
	{
		Enclosure	amounts[MAX_MEASURES];
		int8_t		reason;
		bool		apart = (run->state[run->party[ring->members[i]]] & CENSUS_WHOLE) != 0;

		for (size_t k = 0; k < ring->n_measures; k++)
			amounts[k].low = -1;
		if (!apart)
			(void) census_evaluate(run, run->party[ring->members[i]], amounts, &reason);
		for (size_t k = 0; k < ring->n_measures; k++)
			ring->base[i * ring->n_measures + k] = amounts[k].low;
	}
	for (uint32_t i = 0; i < ring->n; i++)
		for (size_t k = 0; k < ring->n_measures; k++)
		{
			double		value = ring->value[i * ring->n_measures + k];

			run->factor[ring->members[i] * ring->n_measures + k] = (Enclosure) {value, value};
		}
}

/* Does something flow along an edge of a party of the ring?  From whom, by local number. */
static bool
flows_along(const LinearRing *ring, uint32_t member, const CensusEdge *edge, uint32_t *from)
{
	const CensusRun *run = ring->run;
	uint32_t	local = local_of(run, edge->holder);

	if (run->measure_of[edge->kind] < 0 || local == NO_LOCAL || (run->state[edge->holder] & CENSUS_WHOLE) ||
		run->component[local] != run->component[member] || share_at(run->census, edge->share)->value != NULL)
		return false;
	*from = local;
	return true;
}

/* Writes out what flows inside the ring; false if there is no room. */
static bool
find_flows(LinearRing *ring)
{
	CensusRun  *run = ring->run;
	uint32_t	total = 0;

	if (run->place == NULL)
		run->place = core_array(run->env, run->n, sizeof(uint32_t));
	if (run->env->status != CORE_OK)
		return false;
	for (uint32_t i = 0; i < ring->n; i++)
		run->place[ring->members[i]] = i;
	for (uint32_t i = 0; i < ring->n; i++)
	{
		uint32_t	n;
		uint32_t	from;
		const CensusEdge *edges = edges_at(run->census, run->party[ring->members[i]], &n);

		ring->start[i] = total;
		for (uint32_t j = 0; j < n; j++)
		{
			const CensusShare *share = share_at(run->census, edges[j].share);
			uint32_t	k;

			core_step(run->env);
			if (!flows_along(ring, ring->members[i], &edges[j], &from))
				continue;
			k = (uint32_t) run->measure_of[edges[j].kind];
			ring->flow[total++] = (RingFlow) {run->place[from] * (uint32_t) ring->n_measures + k, i * (uint32_t) ring->n_measures + k,
			round_down((double) share->num / (double) share->den, 4)};
		}
	}
	ring->start[ring->n] = total;
	return true;
}

/* Takes one step for each party; does anything rise? */
static bool
step_up(LinearRing *ring)
{
	bool		rises = false;

	for (uint32_t i = 0; i < ring->n; i++)
	{
		double		sum[MAX_MEASURES];
		uint32_t	n = ring->start[i + 1] - ring->start[i];

		core_step(ring->run->env);
		for (size_t k = 0; k < ring->n_measures; k++)
			sum[k] = ring->base[i * ring->n_measures + k];
		for (uint32_t j = ring->start[i]; j < ring->start[i + 1]; j++)
			sum[ring->flow[j].to - i * ring->n_measures] += ring->value[ring->flow[j].from] * ring->flow[j].weight;
		for (size_t k = 0; k < ring->n_measures; k++)
		{
			double	   *value = &ring->value[i * ring->n_measures + k];
			double		low = round_down(sum[k], 2 * n + 4);

			if (ring->base[i * ring->n_measures + k] < 0)
				continue;
			if (low > 1)
				low = 1;
			if (low <= *value)
				continue;
			rises = rises || low > *value * (1 + 1e-15);
			*value = low;
		}
	}
	return rises;
}

/* How many edges the parties of a ring have. */
static size_t
count_edges(const CensusRun *run, const uint32_t *members, uint32_t n)
{
	size_t		total = 0;

	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	n_edges;

		core_step(run->env);
		(void) edges_at(run->census, run->party[members[i]], &n_edges);
		total += n_edges;
	}
	return total;
}

void
census_lift_ring(CensusRun *run, const uint32_t *members, uint32_t n)
{
	LinearRing	ring;
	size_t		n_values = (size_t) n * (size_t) run->test->n_measures;

	if (n < SMALL_RING || n_values > UINT32_MAX)
		return;
	if (run->lifted != members)
	{
		run->ring_base = core_array(run->env, n_values, sizeof(double));
		run->ring_value = core_array(run->env, n_values, sizeof(double));
		run->ring_start = core_array(run->env, (size_t) n + 1, sizeof(uint32_t));
		run->ring_flow = core_array(run->env, count_edges(run, members, n), sizeof(RingFlow));
		run->lifted = members;
	}
	ring.run = run;
	ring.members = members;
	ring.n = n;
	ring.n_measures = (size_t) run->test->n_measures;
	ring.base = run->ring_base;
	ring.value = run->ring_value;
	ring.start = run->ring_start;
	ring.flow = run->ring_flow;
	if (run->env->status != CORE_OK)
		return;
	find_base(&ring);
	if (!find_flows(&ring))
		return;
	for (int step = 0; step < MAX_STEPS && step_up(&ring); step++)
		;
	for (uint32_t i = 0; i < n; i++)
		for (size_t k = 0; k < ring.n_measures; k++)
			run->factor[members[i] * ring.n_measures + k] = (Enclosure) {ring.value[i * ring.n_measures + k], ring.value[i * ring.n_measures + k]};
}
