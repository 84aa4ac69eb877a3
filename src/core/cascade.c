/*
 * cascade.c
 *		One queue pass from a root through whomever it may make a member (engine notes
 *		3.2), with every share at its most.  A node is queued at most twice: when it is met, and
 *		as a member.
 */
#include <string.h>

#include "cascade.h"
#include "sweep_graph.h"

/* Does nobody but members pass anything on? */
static bool
only_members_pass(const Model *model)
{
	if (model->test->below != PASS_NOTHING)
		return false;
	/* undisclosed holders may have something everywhere */
	for (uint32_t i = 0; i < model->n; i++)
		if (model->rest_reaches[i])
			return false;
	return true;
}

Cascade *
cascade_create(CoreEnv *env, const Model *model)
{
	Cascade    *cascade = core_array(env, 1, sizeof(Cascade));

	memset(cascade, 0, sizeof(Cascade));
	cascade->serves = only_members_pass(model);
	if (!cascade->serves)
		return cascade;
	cascade->met = core_array(env, model->n, sizeof(uint32_t));
	cascade->most = core_array(env, model->n * (size_t) model->test->n_measures, sizeof(uint64_t));
	cascade->member = core_array(env, model->n, sizeof(bool));
	cascade->queue = core_array(env, model->n * (size_t) 2, sizeof(uint32_t));
	if (env->status == CORE_OK)
		core_fill(env, cascade->met, 0, model->n * sizeof(uint32_t));
	return cascade;
}

/* Begins with a node; false if the question met it before. */
static bool
meet(Cascade *cascade, const Model *model, uint32_t node)
{
	size_t		n_measures = (size_t) model->test->n_measures;

	if (cascade->met[node] == cascade->questions)
		return false;
	cascade->met[node] = cascade->questions;
	cascade->member[node] = false;
	memset(cascade->most + node * n_measures, 0, n_measures * sizeof(uint64_t));
	return true;
}

static bool
is_principal_of(const ModelNode *m, uint32_t principal)
{
	for (uint32_t i = 0; i < m->n_principals; i++)
		if (m->principals[i] == principal)
			return true;
	return false;
}

/* Adds what a member has of one measure of a node; true if that may make it one. */
static bool
add_share(CoreEnv *env, Cascade *cascade, const Model *model, uint32_t holder, uint32_t node, int k)
{
	const Register *reg = &model->nodes[node].registers[k];
	uint64_t   *most = &cascade->most[node * (size_t) model->test->n_measures + (size_t) k];
	uint64_t	gate = ends_of_fraction(env, model->test->measures[k].threshold).lower;

	for (uint32_t i = 0; i < reg->n; i++)
		if (reg->lots[i].holder == holder)
		{
			uint64_t	share = ends_of_fraction(env, reg->lots[i].upper).upper;

			*most = share > UINT64_MAX - *most ? UINT64_MAX : *most + share;
			return *most >= gate;
		}
	return false;
}

/* May a member make a node one, by what it holds of it, a role or as its principal? */
static bool
makes_member(CoreEnv *env, Cascade *cascade, const Model *model, uint32_t holder, uint32_t node)
{
	const ModelNode *m = &model->nodes[node];
	bool		makes = false;

	for (int k = 0; k < model->test->n_measures; k++)
		makes = add_share(env, cascade, model, holder, node, k) || makes;
	for (uint32_t i = 0; i < m->n_links && !makes; i++)
		makes = m->links[i].holder == holder && m->links[i].role;
	return makes || is_principal_of(m, holder);
}

bool
cascade_may_reach(CoreEnv *env, Cascade *cascade, const Model *model, uint32_t root, uint32_t place)
{
	uint32_t	n = 0;

	if (!cascade->serves)
		return true;
	if (++cascade->questions == 0)
	{
		core_fill(env, cascade->met, 0, model->n * sizeof(uint32_t));
		cascade->questions = 1;
	}
	meet(cascade, model, root);
	cascade->member[root] = true;
	cascade->queue[n++] = root;
	while (n > 0)
	{
		uint32_t	holder = cascade->queue[--n];
		bool		member = cascade->member[holder];

		for (uint32_t i = model->held_start[holder]; i < model->held_start[holder + 1]; i++)
		{
			uint32_t	node = model->held[i];
			bool		is_new;

			core_step(env);
			/* whoever is reported by a line of its own passes on its membership to its branches, and nothing else */
			if (!member && !is_principal_of(&model->nodes[node], holder))
				continue;
			if (node == place)
				return true;
			is_new = meet(cascade, model, node);
			if (member && !cascade->member[node] && makes_member(env, cascade, model, holder, node))
				cascade->member[node] = true;
			else if (!is_new || !model->test->reports)
				continue;
			cascade->queue[n++] = node;
		}
	}
	return root == place;
}
