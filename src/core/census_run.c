/*
 * census_run.c
 *		A pooled test over a census: members by what nothing is multiplied for, level by
 *		level; then, where a holder below the gate passes on its proportion, one sweep in
 *		topological order over what members reach (engine notes 3.2, 3.3).
 */
#include <string.h>

#include "census_run.h"
#include "components.h"

/* In loops over everybody that do next to nothing for each. */
static inline void
poll_now_and_then(CoreEnv *env, uint32_t i)
{
	if ((i & 4095) == 0)
		env->poll(env->arg);
}

bool
census_supports(const OwnershipTest *test)
{
	bool		roles = test->roles != 0 || test->fund_roles != 0;

	for (int k = 0; k < test->n_measures; k++)
		if (test->measures[k].threshold.big != NULL || test->measures[k].threshold.den == 0 ||
			test->measures[k].threshold.den > UINT32_MAX || fraction_is_zero(test->measures[k].threshold) ||
			test->measures[k].threshold.num > test->measures[k].threshold.den)
			return false;
	return test->link == LINK_PRODUCT && !test->across_measures && !test->equity_votes && !test->reports &&
		test->control_counts == CONTROL_AS_SHARE && (test->roles_carry || !roles);
}

void
census_raise(CensusRun *run, uint32_t party, int8_t reason)
{
	if (run->state[party] & CENSUS_STATUS)
		return;
	run->state[party] |= CENSUS_STATUS;
	run->result->reason[party] = reason;
	if (run->test->status_feeds_back)
		run->state[party] |= CENSUS_WHOLE;
}

void
census_loosen(CensusRun *run, uint32_t party)
{
	if (run->state[party] & (CENSUS_STATUS | CENSUS_LOOSE))
		return;
	if (run->run != RUN_DEFINITE)
		census_raise(run, party, -4);
	run->state[party] |= CENSUS_LOOSE;
	if (local_of(run, party) != NO_LOCAL)
		for (int k = 0; k < run->test->n_measures; k++)
			run->factor[local_number(run, party) * (size_t) run->test->n_measures + k].high = 1;
}

/* Does a register leave room for the seeds themselves in this run? */
static bool
rest_may_count(const CensusRun *run, uint32_t party_number)
{
	const CensusParty *party = party_at(run->census, party_number);

	return run->run == RUN_UNDISCLOSED && !party->unheld && party->register_state == REGISTER_OPEN;
}

/* A branch or agent of one that passes on the whole passes it on as well. */
static void
close_branches(CensusRun *run, uint32_t *queue)
{
	uint32_t	size = census_size(run->census);
	uint32_t	n = 0;

	for (uint32_t i = 0; i < size; i++)
		if (run->state[i] & CENSUS_WHOLE)
			queue[n++] = i;
	for (uint32_t at = 0; at < n; at++)
	{
		uint32_t	n_held;
		const uint32_t *held = held_at(run->census, queue[at], &n_held);

		for (uint32_t j = 0; j < n_held; j++)
		{
			uint32_t	n_edges;
			const CensusEdge *edges = edges_at(run->census, held[j], &n_edges);

			for (uint32_t i = 0; i < n_edges && !(run->state[held[j]] & CENSUS_WHOLE); i++)
			{
				core_step(run->env);
				if (edges[i].holder != queue[at] || (edges[i].kind != INTEREST_BRANCH_OF && edges[i].kind != INTEREST_ACTS_FOR) ||
					(run->test->principal_roles & (UINT32_C(1) << edges[i].kind)) == 0)
					continue;
				census_raise(run, held[j], -3);
				run->state[held[j]] |= CENSUS_WHOLE;
				queue[n++] = held[j];
			}
		}
	}
}

/* Does a party become a member by those that are?  Its reason is kept; it is raised later. */
static bool
decide(CensusRun *run, uint32_t party)
{
	int8_t		reason = -4;
	Decision	decision = census_evaluate(run, party, NULL, &reason);

	if (decision == DECIDED_NOT && run->test->below == PASS_NOTHING)
	{
		if (!census_decide_exactly(run, &party, 1))
			census_loosen(run, party);
		reason = run->result->reason[party];
		if (run->state[party] & CENSUS_STATUS)
			decision = DECIDED_IN;
		run->state[party] &= (uint8_t) ~(CENSUS_STATUS | CENSUS_WHOLE);
	}
	if (decision == DECIDED_IN)
		run->result->reason[party] = reason;
	return decision == DECIDED_IN;
}

/* Takes those in that a round has decided: what first made them members does not hang on anybody's number. */
static void
raise_decided(CensusRun *run, const uint32_t *parties, uint32_t n, bool direct)
{
	for (uint32_t i = 0; i < n; i++)
	{
		core_step(run->env);
		census_raise(run, parties[i], run->result->reason[parties[i]]);
		if (direct)
			run->state[parties[i]] |= CENSUS_DIRECT;
	}
}

/* Marks whom those that are wanted, and are no members yet, hang on. */
static void
mark_above(CensusRun *run, const bool *wanted, uint8_t *above, uint32_t *queue)
{
	uint32_t	size = census_size(run->census);
	uint32_t	n = 0;

	core_fill(run->env, above, 0, size);
	for (uint32_t i = 0; i < size; i++)
		if (wanted[i] && !(run->state[i] & CENSUS_STATUS))
		{
			above[i] = 1;
			queue[n++] = i;
		}
	for (uint32_t at = 0; at < n; at++)
	{
		uint32_t	n_edges;
		const CensusEdge *edges = edges_at(run->census, queue[at], &n_edges);

		fetch_edges(run->census, queue, at, n);
		for (uint32_t i = 0; i < n_edges; i++)
		{
			core_step(run->env);
			if (above[edges[i].holder] || (run->state[edges[i].holder] & CENSUS_WHOLE))
				continue;
			above[edges[i].holder] = 1;
			queue[n++] = edges[i].holder;
		}
	}
}

/*
 * Members by whole shares, roles and principals alone: frontier by frontier, each
 * reached party once a frontier; of those above the wanted, if only they are.  queue has room
 * for everybody: the frontier, and behind it whom it touches.
 */
static void
close_whole(CensusRun *run, const uint8_t *above, uint32_t *queue)
{
	uint32_t	size = census_size(run->census);
	uint32_t   *touched;
	uint32_t	n = 0;
	uint32_t	n_members;
	uint32_t	n_touched;

	for (uint32_t i = 0; i < size; i++)
	{
		poll_now_and_then(run->env, i);
		if (run->state[i] & CENSUS_STATUS)
			queue[n++] = i;
	}
	n_members = n;
	for (uint32_t i = 0; i < size; i++)
	{
		poll_now_and_then(run->env, i);
		if (rest_may_count(run, i) && !(run->state[i] & CENSUS_STATUS) && (above == NULL || above[i]) && decide(run, i))
			queue[n++] = i;
	}
	raise_decided(run, queue + n_members, n - n_members, true);
	for (uint32_t round = 1; n > 0 && run->env->status == CORE_OK; round++)
	{
		touched = queue + n;
		n_touched = 0;
		for (uint32_t i = 0; i < n; i++)
		{
			uint32_t	n_held;
			const uint32_t *held = held_at(run->census, queue[i], &n_held);

			fetch_held(run->census, queue, i, n);
			for (uint32_t j = 0; j < n_held; j++)
			{
				core_step(run->env);
				if ((run->state[held[j]] & (CENSUS_STATUS | CENSUS_NUMBERED)) || (above != NULL && !above[held[j]]))
					continue;
				/* on the list; nobody is numbered yet */
				run->state[held[j]] |= CENSUS_NUMBERED;
				touched[n_touched++] = held[j];
			}
		}
		for (uint32_t i = 0; i < n_touched; i++)
			run->state[touched[i]] &= (uint8_t) ~CENSUS_NUMBERED;
		n = 0;
		for (uint32_t i = 0; i < n_touched; i++)
		{
			fetch_edges(run->census, touched, i, n_touched);
			if (decide(run, touched[i]))
				queue[n++] = touched[i];
		}
		raise_decided(run, queue, n, round == 1);
		/* without feedback the seeds alone count, in one step where nothing else flows */
		if (!run->test->status_feeds_back && run->test->roles == 0 && run->test->fund_roles == 0 &&
			run->test->principal_roles == 0)
			break;
	}
}

/* Gives the parties that are CENSUS_NUMBERED their numbers and lists them. */
static void
number_in_order(CensusRun *run, uint32_t *list)
{
	uint32_t	size = census_size(run->census);

	run->numbered = core_array(run->env, size / 64 + 1, sizeof(NumberedBlock));
	if (run->env->status != CORE_OK)
		return;
	run->party = list;
	for (uint32_t i = 0; i < size; i++)
	{
		NumberedBlock *block = &run->numbered[i / 64];

		poll_now_and_then(run->env, i);
		if (i % 64 == 0)
			*block = (NumberedBlock) {0, run->n};
		if ((run->state[i] & CENSUS_NUMBERED) == 0)
			continue;
		block->numbered |= UINT64_C(1) << i % 64;
		list[run->n++] = i;
	}
}

/*
 * Numbers everybody whom members reach and who passes on less than the whole; of those above
 * the wanted, if only they are.  queue becomes the list of them.
 */
static void
number_reached(CensusRun *run, const uint8_t *above, uint32_t *queue)
{
	uint32_t	size = census_size(run->census);
	uint32_t	n = 0;

	for (uint32_t i = 0; i < size; i++)
	{
		poll_now_and_then(run->env, i);
		if ((run->state[i] & CENSUS_WHOLE) || (rest_may_count(run, i) && (above == NULL || above[i])))
		{
			queue[n++] = i;
			if (!(run->state[i] & CENSUS_WHOLE))
				run->state[i] |= CENSUS_NUMBERED;
		}
	}
	for (uint32_t at = 0; at < n; at++)
	{
		uint32_t	n_held;
		const uint32_t *held = held_at(run->census, queue[at], &n_held);

		fetch_held(run->census, queue, at, n);
		for (uint32_t j = 0; j < n_held; j++)
		{
			core_step(run->env);
			if ((run->state[held[j]] & (CENSUS_WHOLE | CENSUS_NUMBERED)) || (above != NULL && !above[held[j]]))
				continue;
			run->state[held[j]] |= CENSUS_NUMBERED;
			queue[n++] = held[j];
		}
	}
	number_in_order(run, queue);
	run->seen = core_array(run->env, run->n, sizeof(uint32_t));
	run->factor = core_array(run->env, (size_t) run->n * (size_t) run->test->n_measures, sizeof(Enclosure));
	if (run->env->status != CORE_OK)
		return;
	core_fill(run->env, run->seen, 0, run->n * sizeof(uint32_t));
	core_fill(run->env, run->factor, 0, (size_t) run->n * (size_t) run->test->n_measures * sizeof(Enclosure));
}

/* Finds the components of what is reached, holders first. */
static void
order_reached(CensusRun *run, Components *components)
{
	CoreEnv    *env = run->env;
	uint32_t   *start = core_array(env, (size_t) run->n + 1, sizeof(uint32_t));
	uint32_t   *target;
	uint32_t	total = 0;
	Digraph		graph;

	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < run->n; i++)
	{
		uint32_t	n;
		const CensusEdge *edges = edges_at(run->census, run->party[i], &n);

		fetch_edges(run->census, run->party, i, run->n);
		start[i] = total;
		for (uint32_t j = 0; j < n; j++)
		{
			core_step(env);
			total += (run->state[edges[j].holder] & CENSUS_NUMBERED) != 0;
		}
	}
	start[run->n] = total;
	target = core_array(env, total, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	total = 0;
	for (uint32_t i = 0; i < run->n; i++)
	{
		uint32_t	n;
		const CensusEdge *edges = edges_at(run->census, run->party[i], &n);

		fetch_edges(run->census, run->party, i, run->n);
		for (uint32_t j = 0; j < n; j++)
		{
			core_step(env);
			if (run->state[edges[j].holder] & CENSUS_NUMBERED)
				target[total++] = local_number(run, edges[j].holder);
		}
	}
	graph.n = run->n;
	graph.start = start;
	graph.target = target;
	components_find(env, &graph, components);
	run->component = components->of;
	run->component_start = components->start;
}

/* Decides a party by which of its gates, that enclosures leave open, are met exactly. */
static bool
settle_tie(CensusRun *run, uint32_t local, const Enclosure *amounts)
{
	size_t		n_measures = (size_t) run->test->n_measures;
	bool		ties[MAX_MEASURES];
	bool		wanted[MAX_MEASURES];
	int			reason = -4;

	memcpy(&run->factor[local * n_measures], amounts, n_measures * sizeof(Enclosure));
	memcpy(wanted, run->undecided, sizeof(wanted));
	memcpy(ties, wanted, sizeof(ties));
	if (!census_find_ties(run, &local, 1, ties))
		return false;
	for (int k = 0; k < (int) n_measures; k++)
	{
		if (wanted[k] && !ties[k])
			return false;
		if (ties[k] && !run->test->measures[k].strict && reason == -4)
			reason = k;
	}
	run->state[run->party[local]] |= CENSUS_EXACT;
	if (reason != -4)
		census_raise(run, run->party[local], (int8_t) reason);
	return true;
}

/* Evaluates a party that is no part of a ring. */
static void
settle_single(CensusRun *run, uint32_t local)
{
	uint32_t	party = run->party[local];
	int8_t		reason = -4;
	Enclosure	amounts[MAX_MEASURES];
	Decision	decision;

	for (int k = 0; k < run->test->n_measures; k++)
		amounts[k] = (Enclosure) {0, 1};
	decision = census_evaluate(run, party, amounts, &reason);
	if (run->flowed)
		run->state[party] |= CENSUS_FLOWED;
	if (decision == DECIDED_NOT)
	{
		if (!census_decide_exactly(run, &party, 1) && !settle_tie(run, local, amounts))
		{
			memcpy(&run->factor[local * (size_t) run->test->n_measures], amounts,
				   (size_t) run->test->n_measures * sizeof(Enclosure));
			census_loosen(run, party);
		}
		return;
	}
	if (decision == DECIDED_IN)
		census_raise(run, party, reason);
	memcpy(&run->factor[local * (size_t) run->test->n_measures], amounts,
		   (size_t) run->test->n_measures * sizeof(Enclosure));
}

/* Sweeps over what members reach, component by component. */
static void
sweep(CensusRun *run, const uint8_t *above, uint32_t *queue)
{
	Components	components;

	number_reached(run, above, queue);
	if (run->env->status != CORE_OK || run->n == 0)
		return;
	order_reached(run, &components);
	for (uint32_t c = 0; c < components.n && run->env->status == CORE_OK; c++)
	{
		const uint32_t *members = components.members + components.start[c];
		uint32_t	n = components.start[c + 1] - components.start[c];

		core_step(run->env);
		if (components.start[c] + 16 < run->n)
			__builtin_prefetch(&run->census->in_start[run->party[members[16]]]);
		if (components.start[c] + 8 < run->n)
			__builtin_prefetch(&run->census->in[run->census->in_start[run->party[members[8]]]]);
		if (n > run->result->counters.largest_ring)
			run->result->counters.largest_ring = n;
		if (n == 1)
			settle_single(run, members[0]);
		else
			census_ring(run, members, n);
	}
}

/* Counts how those that were reached were decided. */
static void
count_decisions(const CensusRun *run)
{
	EngineCounters *counters = &run->result->counters;

	for (uint32_t i = 0; i < census_size(run->census); i++)
	{
		uint8_t		state = run->state[i];

		poll_now_and_then(run->env, i);
		if (run->result->reason[i] == -1 || !(state & (CENSUS_REACHED | CENSUS_STATUS)))
			continue;
		if (state & CENSUS_LOOSE)
			counters->open++;
		else if (state & CENSUS_EXACT)
			counters->exact++;
		else if (state & CENSUS_FLOWED)
			counters->enclosures++;
		else
			counters->integers++;
	}
}

CensusResult *
census_attribute(CoreEnv *env, const Census *census, const OwnershipTest *test,
				 KernelRun kernel_run, const bool *is_seed, const bool *wanted)
{
	uint32_t	size = census_size(census);
	CensusRun	run;
	uint32_t   *queue = core_array(env, size, sizeof(uint32_t));
	uint8_t    *above = NULL;

	memset(&run, 0, sizeof(run));
	run.env = env;
	run.census = census;
	run.test = test;
	run.run = kernel_run;
	run.all_count = kernel_run == RUN_UNDISCLOSED || census->has_values;
	run.result = core_array(env, 1, sizeof(CensusResult));
	memset(run.result, 0, sizeof(CensusResult));
	run.result->state = run.state = core_array(env, size, sizeof(uint8_t));
	run.result->reason = core_array(env, size, sizeof(int8_t));
	if (wanted != NULL)
		above = core_array(env, size, sizeof(uint8_t));
	if (env->status != CORE_OK)
		return run.result;
	memset(run.measure_of, -1, sizeof(run.measure_of));
	for (int k = 0; k < test->n_measures; k++)
		run.measure_of[test->measures[k].kind] = (int8_t) k;
	core_fill(env, run.result->reason, -4, size);
	for (uint32_t i = 0; i < size; i++)
	{
		poll_now_and_then(env, i);
		run.state[i] = 0;
		if (is_seed[i])
		{
			run.state[i] = CENSUS_STATUS | CENSUS_WHOLE;
			run.result->reason[i] = -1;
		}
	}
	arena_init(&run.arena, env);
	if (!test->status_feeds_back)
		close_branches(&run, queue);
	if (wanted != NULL)
		mark_above(&run, wanted, above, queue);
	close_whole(&run, above, queue);
	if (test->below == PASS_PROPORTION && env->status == CORE_OK)
	{
		if (wanted != NULL)
			mark_above(&run, wanted, above, queue);
		sweep(&run, above, queue);
	}
	count_decisions(&run);
	return run.result;
}
