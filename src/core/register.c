/*
 * register.c
 *		Fractional knapsack over a register (engine notes 1.7), with exact account of
 *		whether the bound is attained.
 *
 * A coefficient that is itself an unattained end counts as an infinitesimal worse
 * than its value: it is poured after the attained ones of the same value.  The
 * bound is attained iff every share strictly better than the marginal group can stand at
 * its far end, every worse one at its near end, the group can take exactly what is
 * left, and no unattained coefficient carries weight.  O(n log n).
 */
#include <string.h>

#include "register.h"

#define REST	UINT32_MAX

typedef struct Pour
{
	CoreEnv    *env;
	const Register *reg;
	const Bound *coefficients;
	Bound		rest;			/* coefficient of the rest */
	bool		upper;
} Pour;

static const Bound *
pour_coefficient(const Pour *p, uint32_t item)
{
	return item == REST ? &p->rest : &p->coefficients[item];
}

/* Orders items by who is poured first; 0 for one group. */
static int
pour_compare(const Pour *p, uint32_t a, uint32_t b)
{
	const Bound *x = pour_coefficient(p, a);
	const Bound *y = pour_coefficient(p, b);
	int			c = fraction_compare(p->env, x->value, y->value);

	if (c != 0)
		return p->upper ? -c : c;
	return (int) x->strict - (int) y->strict;
}

/* Sorts items in pouring order, stable. */
static uint32_t *
pour_sort(const Pour *p, uint32_t *items, size_t n)
{
	uint32_t   *spare = core_array(p->env, n, sizeof(uint32_t));

	if (p->env->status != CORE_OK)
		return items;
	for (size_t width = 1; width < n; width *= 2)
	{
		uint32_t   *swap = items;

		for (size_t at = 0; at < n; at += 2 * width)
		{
			size_t		a = at;
			size_t		middle = at + width < n ? at + width : n;
			size_t		b = middle;
			size_t		end = at + 2 * width < n ? at + 2 * width : n;

			for (size_t to = at; to < end; to++)
			{
				core_step(p->env);
				if (b == end || (a < middle && pour_compare(p, items[a], items[b]) <= 0))
					spare[to] = items[a++];
				else
					spare[to] = items[b++];
			}
		}
		items = spare;
		spare = swap;
	}
	return items;
}

/* Sums up coefficient * weight; strict where an unattained coefficient carries weight. */
static Bound
weighted_sum(CoreEnv *env, const Register *reg, const Bound *coefficients, const Fraction *weights)
{
	FractionSum sum = FRACTION_SUM_ZERO;
	bool		strict = false;

	for (uint32_t i = 0; i < reg->n; i++)
	{
		core_step(env);
		if (fraction_is_zero(weights[i]))
			continue;
		strict = strict || coefficients[i].strict;
		fraction_sum_add(env, &sum, coefficients[i].value, weights[i]);
	}
	return (Bound) {fraction_sum_value(env, &sum), strict};
}

/* Bounds the sum where every share is for itself. */
static Bound
box_bound(CoreEnv *env, const Register *reg, const Bound *coefficients, bool upper, Fraction *weights)
{
	Bound		sum;
	bool		open = false;

	for (uint32_t i = 0; i < reg->n; i++)
	{
		const Lot  *lot = &reg->lots[i];

		weights[i] = upper ? lot->upper : lot->lower;
		if ((upper ? lot->upper_open : lot->lower_open) &&
			(coefficients[i].strict || !fraction_is_zero(coefficients[i].value)))
			open = true;
	}
	sum = weighted_sum(env, reg, coefficients, weights);
	sum.strict = sum.strict || open;
	return sum;
}

/*
 * Pours mass into one group of items [from, to) of equal standing.  Gives what is left;
 * clears *attained where the group cannot stand where it must.
 */
static Fraction
pour_group(const Pour *p, const uint32_t *items, size_t from, size_t to, Fraction mass,
		   Fraction *weights, Fraction *rest, bool *attained)
{
	CoreEnv    *env = p->env;
	bool		lower_open = false;
	bool		upper_open = false;
	bool		at_lower = fraction_is_zero(mass);
	bool		has_room = false;

	for (size_t i = from; i < to; i++)
	{
		const Lot  *lot;
		Fraction	room;

		core_step(env);
		if (items[i] == REST)
		{
			*rest = mass;
			mass = FRACTION_ZERO;
			has_room = true;
			continue;
		}
		lot = &p->reg->lots[items[i]];
		lower_open = lower_open || lot->lower_open;
		upper_open = upper_open || lot->upper_open;
		room = fraction_subtract(env, lot->upper, lot->lower);
		if (fraction_compare(env, room, mass) > 0)
		{
			weights[items[i]] = fraction_add(env, lot->lower, mass);
			mass = FRACTION_ZERO;
			has_room = true;
		}
		else
		{
			weights[items[i]] = lot->upper;
			mass = fraction_subtract(env, mass, room);
		}
	}
	if (at_lower)
		*attained = *attained && !lower_open;
	else if (!has_room)
		*attained = *attained && !upper_open;
	return mass;
}

/* Bounds the sum by pouring the slack in order of the coefficients. */
static Bound
pour_bound(const Pour *p, Fraction *weights, Fraction *rest)
{
	CoreEnv    *env = p->env;
	uint32_t   *items = core_array(env, (size_t) p->reg->n + 1, sizeof(uint32_t));
	size_t		n = p->reg->n;
	Fraction	mass = p->reg->slack;
	bool		attained = true;
	Bound		sum = {FRACTION_ZERO, false};

	if (env->status != CORE_OK)
		return sum;
	for (uint32_t i = 0; i < p->reg->n; i++)
		items[i] = i;
	if (p->reg->mass == MASS_REST)
		items[n++] = REST;
	items = pour_sort(p, items, n);
	for (size_t at = 0; at < n;)
	{
		size_t		end = at + 1;

		while (end < n && pour_compare(p, items[at], items[end]) == 0)
			end++;
		mass = pour_group(p, items, at, end, mass, weights, rest, &attained);
		at = end;
	}
	sum = weighted_sum(env, p->reg, p->coefficients, weights);
	sum.value = fraction_add(env, sum.value, fraction_multiply(env, p->rest.value, *rest));
	sum.strict = sum.strict || !attained;
	return sum;
}

/* Bounds SUM coefficient * w over the register. */
Bound
register_bound(CoreEnv *env, const Register *reg, const Bound *coefficients, bool upper,
			   bool rest_counts, Fraction *weights, Fraction *rest)
{
	Pour		p = {env, reg, coefficients, {FRACTION_ZERO, false}, upper};
	Fraction	no_rest = FRACTION_ZERO;
	Bound		sum;

	if (rest == NULL)
		rest = &no_rest;
	*rest = FRACTION_ZERO;
	if (weights == NULL)
		weights = core_array(env, reg->n, sizeof(Fraction));
	if (env->status != CORE_OK)
		return (Bound) {FRACTION_ZERO, false};
	if (reg->mass == MASS_BOX)
	{
		sum = box_bound(env, reg, coefficients, upper, weights);
		if (!rest_counts)
			return sum;
		*rest = reg->box_rest;
		sum.value = fraction_add(env, sum.value, reg->box_rest);
		return sum;
	}
	if (reg->mass == MASS_COMPLETE || (upper && !reg->exact))
	{
		if (reg->mass == MASS_REST && rest_counts)
			p.rest.value = FRACTION_ONE;
		return pour_bound(&p, weights, rest);
	}

	/* one vertex: everything at its lower end, the slack with the rest */
	sum = box_bound(env, reg, coefficients, false, weights);
	*rest = reg->slack;
	if (rest_counts)
		sum.value = fraction_add(env, sum.value, reg->slack);
	return sum;
}

/* Tells whether a bound passes a gate in its run. */
bool
bound_passes(CoreEnv *env, const Bound *amount, Fraction threshold, bool strict_gate, bool upper)
{
	int			c = fraction_compare(env, amount->value, threshold);

	if (c != 0)
		return c > 0;
	if (upper)
		return !strict_gate && !amount->strict;
	return !strict_gate || amount->strict;
}

/* Caps a factor at the whole: nothing is certainly more than that. */
Bound
bound_capped(CoreEnv *env, Bound bound, bool upper)
{
	int			c = fraction_compare(env, bound.value, FRACTION_ONE);

	if (c > 0 || (c == 0 && !upper))
		return (Bound) {FRACTION_ONE, false};
	return bound;
}

/* The larger of two bounds of the same run. */
Bound
bound_max(CoreEnv *env, Bound a, Bound b, bool upper)
{
	int			c = fraction_compare(env, a.value, b.value);

	if (c != 0)
		return c > 0 ? a : b;
	a.strict = upper ? a.strict && b.strict : a.strict || b.strict;
	return a;
}
