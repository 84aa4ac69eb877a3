/*
 * any_share.c
 *		Tests that any share meets, however small (integrated ownership): whether a root meets
 *		one is whether it is above a party at all, and takes no arithmetic.
 */
#include "any_share.h"

bool
any_share_passes(const Model *model)
{
	const OwnershipTest *test = model->test;

	if (test->n_measures != 1 || !fraction_is_zero(test->measures[0].threshold) || !test->measures[0].strict ||
		test->status_feeds_back || test->below != PASS_PROPORTION)
		return false;
	for (uint32_t i = 0; i < model->n; i++)
	{
		if (model->nodes[i].n_principals > 0)
			return false;
		for (uint32_t j = 0; j < model->nodes[i].n_links; j++)
			if (model->nodes[i].links[j].role)
				return false;
	}
	return true;
}

/* Is there a way from a root up to a place along which every share is more than nothing, or (maybe) may be? */
static bool
is_above(CoreEnv *env, Search *search, const Model *model, uint32_t root, uint32_t place, bool maybe)
{
	uint32_t	n = 0;

	search_begin(search, model);
	search->seen[place] = search->stamp;
	search->stack[n++] = place;
	while (n > 0)
	{
		const Register *reg = &model->nodes[search->stack[--n]].registers[0];

		if (maybe && reg->rest_is_anybodys)
			return true;
		for (uint32_t i = 0; i < reg->n; i++)
		{
			uint32_t	holder = reg->lots[i].holder;

			core_step(env);
			if ((!maybe && fraction_is_zero(reg->lots[i].lower)) || search->seen[holder] == search->stamp)
				continue;
			if (holder == root)
				return true;
			search->seen[holder] = search->stamp;
			search->stack[n++] = holder;
		}
	}
	return false;
}

Ternary
any_share_status(CoreEnv *env, Search *search, const Model *model, uint32_t root, uint32_t place)
{
	if (is_above(env, search, model, root, place, false))
		return TERNARY_TRUE;
	return is_above(env, search, model, root, place, true) ? TERNARY_UNKNOWN : TERNARY_FALSE;
}
