/*
 * any_share.c
 *		Tests that any share meets, however small (integrated ownership): whether a root meets
 *		one is whether it is above a party at all, and takes no arithmetic.
 */
#include <string.h>

#include "any_share.h"

/* Does every share make its holder a member, however small, and nothing else? */
static bool
only_shares_count(const Model *model)
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

AnyShare *
any_share_create(CoreEnv *env, const Model *model)
{
	AnyShare   *share = core_array(env, 1, sizeof(AnyShare));

	memset(share, 0, sizeof(AnyShare));
	share->serves = only_shares_count(model);
	share->place = NO_NODE;
	if (share->serves)
		share->above = core_array(env, model->n, sizeof(Ternary));
	return share;
}

/* Marks who is above the place by shares that are more than nothing, or (maybe) whoever else may be. */
static void
mark_above(CoreEnv *env, AnyShare *share, Search *search, const Model *model, bool maybe)
{
	uint32_t	n = 0;

	search_begin(search, model);
	search->seen[share->place] = search->stamp;
	search->stack[n++] = share->place;
	while (n > 0)
	{
		const Register *reg = &model->nodes[search->stack[--n]].registers[0];

		share->anybody_may_be = share->anybody_may_be || reg->rest_is_anybodys;
		for (uint32_t i = 0; i < reg->n; i++)
		{
			uint32_t	holder = reg->lots[i].holder;

			core_step(env);
			if ((!maybe && fraction_is_zero(reg->lots[i].lower)) || search->seen[holder] == search->stamp)
				continue;
			if (!maybe || share->above[holder] == TERNARY_FALSE)
				share->above[holder] = maybe ? TERNARY_UNKNOWN : TERNARY_TRUE;
			search->seen[holder] = search->stamp;
			search->stack[n++] = holder;
		}
	}
}

Ternary
any_share_status(CoreEnv *env, AnyShare *share, Search *search, const Model *model, uint32_t root, uint32_t place)
{
	if (!share->serves || env->status != CORE_OK)
		return TERNARY_UNKNOWN;
	if (share->place != place)
	{
		share->place = place;
		share->anybody_may_be = false;
		for (uint32_t i = 0; i < model->n; i++)
			share->above[i] = TERNARY_FALSE;
		mark_above(env, share, search, model, false);
		mark_above(env, share, search, model, true);
	}
	return share->above[root] == TERNARY_FALSE && share->anybody_may_be ? TERNARY_UNKNOWN : share->above[root];
}
