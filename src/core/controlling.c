/*
 * controlling.c
 *		A link at or above a control threshold counts as 100 percent in a product: 31 CFR
 *		800.244 and 800.256, 47 CFR 1.5002 and 101.1412(f)(10), Directive 2011/16/EU
 *		Art. 3(23).
 *
 * The shares counted so do not sum to the whole, so the register becomes a box: every
 * share for itself, the undisclosed rest on top.  Bounds stay sound, and an amount is
 * capped at the whole.
 */
#include "controlling.h"

/* What a link is: its holder controls in every completion of the data, in some, or in none. */
typedef struct Control
{
	bool		certain;
	bool		possible;
} Control;

/* Adds what one lot says about its link. */
static void
consider_lot(CoreEnv *env, const OwnershipTest *test, int measure, const Lot *lot, Control *control)
{
	const Gate *gate = &test->measures[measure].control;
	Bound		lower = {lot->lower, lot->lower_open};
	Bound		upper = {lot->upper, lot->upper_open};

	if (bound_passes(env, &lower, gate->threshold, gate->strict, false))
		control->certain = control->possible = true;
	else if (bound_passes(env, &upper, gate->threshold, gate->strict, true))
		control->possible = true;
}

/* Says for every link of a node whether it controls; true if some may. */
static bool
find_control(Model *model, const ModelNode *m, Control *controls)
{
	bool		any = false;

	for (uint32_t i = 0; i < m->n_links; i++)
		controls[i].certain = controls[i].possible = m->links[i].role;
	for (int k = 0; k < model->test->n_measures; k++)
		for (uint32_t i = 0; i < m->registers[k].n; i++)
		{
			const Lot  *lot = &m->registers[k].lots[i];

			core_step(model->env);
			consider_lot(model->env, model->test, k, lot, &controls[lot->link]);
		}
	for (uint32_t i = 0; i < m->n_links; i++)
		any = any || controls[i].possible;
	return any;
}

/* What the undisclosed rest may count for: the whole where it is large enough to control. */
static Fraction
counted_rest(Model *model, const Register *reg, int measure)
{
	const Gate *gate = &model->test->measures[measure].control;
	Bound		rest = {reg->slack, false};

	if (!reg->rest_is_anybodys)
		return FRACTION_ZERO;
	return bound_passes(model->env, &rest, gate->threshold, gate->strict, true) ? FRACTION_ONE : reg->slack;
}

/* Rewrites a register with a lot for every link that holds some of it or controls. */
static void
count_register(Model *model, const ModelNode *m, Register *reg, const Control *controls)
{
	CoreEnv    *env = model->env;
	uint32_t	at = 0;
	uint32_t	n = 0;

	reg->told = core_array(env, m->n_links, sizeof(Lot));
	reg->counted = core_array(env, m->n_links, sizeof(Lot));
	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < m->n_links; i++)
	{
		bool		has_lot = at < reg->n && reg->lots[at].link == i;
		Lot			lot = {m->links[i].holder, i, FRACTION_ZERO, FRACTION_ZERO, false, false};

		core_step(env);
		if (has_lot)
			lot = reg->lots[at++];
		else if (!controls[i].possible)
			continue;
		reg->told[n] = lot;
		if (controls[i].possible)
		{
			lot.upper = FRACTION_ONE;
			lot.upper_open = false;
		}
		if (controls[i].certain)
		{
			lot.lower = FRACTION_ONE;
			lot.lower_open = false;
		}
		reg->counted[n++] = lot;
	}
	reg->lots = core_array(env, n, sizeof(Lot));
	reg->n = n;
	for (uint32_t i = 0; i < n && env->status == CORE_OK; i++)
		reg->lots[i] = reg->counted[i];
}

void
controlling_count(Model *model, uint32_t local)
{
	CoreEnv    *env = model->env;
	ModelNode  *m = &model->nodes[local];
	Control    *controls = core_array(env, m->n_links, sizeof(Control));
	bool		any;

	if (env->status != CORE_OK)
		return;
	any = find_control(model, m, controls);
	for (int k = 0; k < model->test->n_measures && env->status == CORE_OK; k++)
	{
		Register   *reg = &m->registers[k];
		Fraction	rest = counted_rest(model, reg, k);

		if (!any && fraction_compare(env, rest, reg->slack) <= 0)
			continue;
		count_register(model, m, reg, controls);
		reg->mass = MASS_BOX;
		reg->box_rest = rest;
		reg->slack = FRACTION_ZERO;
	}
}

void
controlling_seed(Model *model, uint32_t seed, bool counted)
{
	for (uint32_t i = model->held_start[seed]; i < model->held_start[seed + 1]; i++)
	{
		ModelNode  *m = &model->nodes[model->held[i]];

		for (int k = 0; k < model->test->n_measures; k++)
		{
			Register   *reg = &m->registers[k];

			for (uint32_t j = 0; reg->told != NULL && j < reg->n; j++)
			{
				core_step(model->env);
				if (reg->lots[j].holder == seed)
					reg->lots[j] = counted ? reg->counted[j] : reg->told[j];
			}
		}
	}
}
