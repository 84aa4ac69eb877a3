/*
 * report.c
 *		Members of a test that reports by lines of its own (kernel.h, reports).
 *
 * The gates have said who counts whole, and the holder of a role confers status where it
 * does.  What makes a member is read off here: an amount that reaches its line, a role, or
 * a principal that is a member itself, since a branch is its entity (850.212, 850.229).
 */
#include "run.h"

/* Does the node follow a principal that is a member? */
static bool
follow_principals(Run *run, uint32_t local)
{
	const ModelNode *m = &run->model->nodes[local];
	Cause	   *reported = &run->reported[local];

	if (reported->rank != UINT32_MAX)
		return false;
	for (uint32_t i = 0; i < m->n_principals; i++)
	{
		uint32_t	rank = run->reported[m->principals[i]].rank;

		core_step(run->keep);
		if (rank != UINT32_MAX)
			cause_offer(reported, rank + 1, -3);
	}
	return reported->rank != UINT32_MAX;
}

/* Reads off what the node's own amounts and the roles in it make of it. */
static void
report_node(Run *run, uint32_t local)
{
	const ModelNode *m = &run->model->nodes[local];
	const NodeState *s = &run->state[local];
	Cause	   *reported = &run->reported[local];

	if (s->status && (s->reason == -1 || s->reason == -2))
	{
		*reported = (Cause) {s->rank, s->reason};
		return;
	}
	for (int k = 0; k < run->model->test->n_measures; k++)
		cause_offer(reported, run_report_rank(run, local, k), (int8_t) k);
	for (uint32_t i = 0; i < m->n_links; i++)
	{
		const NodeState *h = &run->state[m->links[i].holder];

		core_step(run->keep);
		if (m->links[i].role && h->status)
			cause_offer(reported, h->rank + 1, -2);
	}
}

/* Follows principals round a ring, from every member on. */
static void
follow_ring(Run *run, uint32_t component)
{
	const Model *model = run->model;
	const Components *c = &model->components;
	uint32_t	n_queue = 0;

	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
		if (run->reported[c->members[i]].rank != UINT32_MAX || follow_principals(run, c->members[i]))
			run->queue[n_queue++] = c->members[i];
	while (n_queue > 0)
	{
		uint32_t	local = run->queue[--n_queue];

		for (uint32_t j = model->held_start[local]; j < model->held_start[local + 1]; j++)
			if (c->of[model->held[j]] == component && follow_principals(run, model->held[j]))
				run->queue[n_queue++] = model->held[j];
	}
}

void
run_report(Run *run, uint32_t component)
{
	const Components *c = &run->model->components;
	uint32_t	first = c->start[component];
	uint32_t	end = c->start[component + 1];

	if (run->reported == NULL)
		return;
	for (uint32_t i = first; i < end && !run_failed(run); i++)
		if (run->state[c->members[i]].touched)
			report_node(run, c->members[i]);
	if (end - first > 1)
		follow_ring(run, component);
	else
		(void) follow_principals(run, c->members[first]);
}

Cause
run_membership(const Run *run, uint32_t local)
{
	const NodeState *s = &run->state[local];

	return run->reported != NULL ? run->reported[local] : (Cause) {s->rank, s->reason};
}
