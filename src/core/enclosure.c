/*
 * enclosure.c
 *		Interval evaluation of the fixpoint, both ends at once where a component is one
 *		node.  In a ring the lower end is iterated from below, which is a lower bound
 *		whenever one stops; the upper end is that, inflated, once one more pass proves
 *		that nothing rises above it (Park induction; Hartmanns and Kaminski, CAV 2020).
 *
 * Everything is sums and products of numbers that are not negative, so relative errors
 * only add up: every result is widened by more than they can be.
 */
#include <math.h>
#include <string.h>

#include "enclosure.h"

#define WIDEN		0x1p-50		/* over any one operation's error, conversions included */
#define NEAR		0x1p-30		/* so close to a gate the amount is split, see passes_split() */
#define MAX_SWEEPS	400			/* of a ring, before the exact run is asked */
#define MAX_RAISES	64			/* of doubtful members, likewise */

/* one end: what every node has and passes on */
typedef struct End
{
	bool		upper;
	double	   *amount;			/* [local * n_measures + measure] */
	double	   *factor;
	bool	   *status;
	bool	   *whole;
} End;

typedef struct LotEnds
{
	double		lower;
	double		upper;
} LotEnds;

struct Enclosure
{
	CoreEnv    *env;
	const Model *model;
	const OwnershipTest *test;
	LotEnds   **lots;			/* [local * n_measures + measure], by lot */
	LotEnds    *slack;			/* likewise: of the register */
	LotEnds		threshold[MAX_MEASURES];
	End			below;
	End			above;
	bool	   *seed;
	bool	   *reached;		/* evaluated in the last run */
	double	   *before;			/* a ring's values in the last sweep */
	uint32_t   *last;			/* nodes touched by the last run */
	uint32_t	n_last;
};

static double
down(double x)
{
	return x * (1 - WIDEN);
}

static double
up(double x)
{
	return x * (1 + WIDEN);
}

/* The leading bits of a number of limbs, as a double times a power of two. */
static double
leading(const uint64_t *limbs, uint32_t n, int *exponent)
{
	double		high = (double) limbs[n - 1];
	double		low = n > 1 ? (double) limbs[n - 2] : 0;

	*exponent = 64 * (int) (n - 1);
	return high + low * 0x1p-64;
}

/* Encloses a fraction that is not negative. */
static LotEnds
enclose(Fraction a)
{
	LotEnds		ends;
	double		value;

	if (fraction_is_infinite(a))
		return (LotEnds) {HUGE_VAL, HUGE_VAL};
	if (a.big == NULL)
		value = (double) a.num / (double) a.den;
	else
	{
		int			num_exponent;
		int			den_exponent;
		double		num = leading(a.big->limbs, a.big->n_num, &num_exponent);
		double		den = leading(a.big->limbs + a.big->n_num, a.big->n_den, &den_exponent);

		value = ldexp(num / den, num_exponent - den_exponent);
	}
	ends.lower = value < 0x1p-900 ? 0 : down(value);
	ends.upper = value < 0x1p-900 && !fraction_is_zero(a) ? 0x1p-900 : up(value);
	return ends;
}

static void
end_create(CoreEnv *env, End *end, size_t n, size_t n_measures, bool upper)
{
	end->upper = upper;
	end->amount = core_array(env, n * n_measures, sizeof(double));
	end->factor = core_array(env, n * n_measures, sizeof(double));
	end->status = core_array(env, n, sizeof(bool));
	end->whole = core_array(env, n, sizeof(bool));
}

static void
end_forget(End *end, uint32_t local, int n_measures)
{
	end->status[local] = end->whole[local] = false;
	for (int k = 0; k < n_measures; k++)
		end->amount[local * (size_t) n_measures + k] = end->factor[local * (size_t) n_measures + k] = 0;
}

Enclosure *
enclosure_create(CoreEnv *env, const Model *model)
{
	Enclosure  *e = core_array(env, 1, sizeof(Enclosure));
	size_t		n_measures = (size_t) model->test->n_measures;
	size_t		n = model->n;
	size_t		n_lots = 0;
	LotEnds    *lots;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_measures; k++)
			n_lots += model->nodes[i].registers[k].n;
	memset(e, 0, sizeof(Enclosure));
	e->env = env;
	e->model = model;
	e->test = model->test;
	e->lots = core_array(env, n * n_measures, sizeof(LotEnds *));
	e->slack = core_array(env, n * n_measures, sizeof(LotEnds));
	e->seed = core_array(env, n, sizeof(bool));
	e->reached = core_array(env, n, sizeof(bool));
	e->before = core_array(env, n * n_measures, sizeof(double));
	e->last = core_array(env, n, sizeof(uint32_t));
	lots = core_array(env, n_lots, sizeof(LotEnds));
	end_create(env, &e->below, n, n_measures, false);
	end_create(env, &e->above, n, n_measures, true);
	if (env->status != CORE_OK)
		return e;
	for (int k = 0; k < e->test->n_measures; k++)
		e->threshold[k] = enclose(e->test->measures[k].threshold);
	for (uint32_t i = 0; i < model->n; i++)
	{
		e->seed[i] = e->reached[i] = false;
		end_forget(&e->below, i, e->test->n_measures);
		end_forget(&e->above, i, e->test->n_measures);
		for (int k = 0; k < e->test->n_measures; k++)
		{
			const Register *reg = &model->nodes[i].registers[k];

			core_step(env);
			for (uint32_t j = 0; j < reg->n; j++)
			{
				lots[j].lower = enclose(reg->lots[j].lower).lower;
				lots[j].upper = enclose(reg->rest_is_anybodys ? reg->lots[j].lower : reg->lots[j].upper).upper;
			}
			e->lots[i * n_measures + (size_t) k] = lots;
			lots += reg->n;
			e->slack[i * n_measures + (size_t) k] = reg->rest_is_anybodys ? enclose(reg->slack) : (LotEnds) {0, 0};
		}
	}
	return e;
}

/* Does the link carry the whole?  From above also where that is not decided. */
static bool
carries(const Enclosure *e, const Link *link, bool upper)
{
	/* what a seed is itself a parent of is a member, and whole, by the seed's share already */
	if (e->test->link != LINK_LITERAL || e->seed[link->holder])
		return false;
	return link->state == LINK_PARENT || (upper && link->state == LINK_UNDECIDED);
}

/* A_k, and what comes down the links for the factor (the same where links carry their share). */
static void
evaluate_measure(const Enclosure *e, const End *end, uint32_t local, int k, double *amount, double *upstream)
{
	const ModelNode *m = &e->model->nodes[local];
	const Register *reg = &m->registers[k];
	size_t		n_measures = (size_t) e->test->n_measures;
	const LotEnds *lots = e->lots[local * n_measures + (size_t) k];
	LotEnds		slack = e->slack[local * n_measures + (size_t) k];
	double		sum = end->upper ? slack.upper : slack.lower;
	double		links = sum;
	double		widen = WIDEN * (reg->n + m->n_links + 4);

	for (uint32_t j = 0; j < reg->n; j++)
	{
		double		term = (end->upper ? lots[j].upper : lots[j].lower) *
			end->factor[reg->lots[j].holder * n_measures + (size_t) k];

		sum += term;
		if (!carries(e, &m->links[reg->lots[j].link], end->upper))
			links += term;
	}
	if (e->test->link == LINK_LITERAL)
		for (uint32_t j = 0; j < m->n_links; j++)
			if (carries(e, &m->links[j], end->upper))
				links += end->factor[m->links[j].holder * n_measures + (size_t) k];
	*amount = end->upper ? sum * (1 + widen) : sum * (1 - widen);
	*upstream = end->upper ? links * (1 + widen) : links * (1 - widen);
}

/*
 * Near the gate the amount is split: what counts in full is summed exactly and taken from
 * the threshold, and only what is left is compared with the proportions.  So a tie of
 * whole holdings, the commonest doubt of all, is none, and a grain on top of half decides.
 */
static Ternary
passes_split(const Enclosure *e, uint32_t local, int k)
{
	const Register *reg = &e->model->nodes[local].registers[k];
	size_t		n_measures = (size_t) e->test->n_measures;
	const LotEnds *lots = e->lots[local * n_measures + (size_t) k];
	double		widen = WIDEN * (reg->n + 4);
	Fraction	needed = e->test->measures[k].threshold;
	LotEnds		rest = {0, 0};
	LotEnds		gap;

	if (!reg->exact || reg->rest_is_anybodys)
		return TERNARY_UNKNOWN;
	for (uint32_t j = 0; j < reg->n; j++)
	{
		size_t		at = reg->lots[j].holder * n_measures + (size_t) k;

		if (e->below.factor[at] == 1)
			needed = fraction_subtract(e->env, needed, reg->lots[j].lower);
		else
		{
			rest.lower += lots[j].lower * e->below.factor[at];
			rest.upper += lots[j].upper * e->above.factor[at];
		}
	}
	rest.lower *= 1 - widen;
	rest.upper *= 1 + widen;
	if (needed.negative || (fraction_is_zero(needed) && (!e->test->measures[k].strict || rest.lower > 0)))
		return TERNARY_TRUE;
	if (fraction_is_zero(needed))
		return rest.upper > 0 ? TERNARY_UNKNOWN : TERNARY_FALSE;
	gap = enclose(needed);
	return rest.lower > gap.upper ? TERNARY_TRUE : rest.upper < gap.lower ? TERNARY_FALSE : TERNARY_UNKNOWN;
}

/* Does the amount surely (from below) or possibly (from above) pass its gate? */
static bool
passes(const Enclosure *e, const End *end, uint32_t local, int k)
{
	double		amount = end->amount[local * (size_t) e->test->n_measures + (size_t) k];
	Ternary		exact;

	if (amount < e->threshold[k].lower * (end->upper ? 1 : 1 - NEAR))
		return false;
	if (amount > e->threshold[k].upper * (end->upper ? 1 + NEAR : 1))
		return true;
	exact = passes_split(e, local, k);
	return exact == TERNARY_UNKNOWN ? end->upper : exact == TERNARY_TRUE;
}

/* Status by amounts, roles and principals; whether a role alone makes it count in full is the test's. */
static void
evaluate_status(const Enclosure *e, End *end, uint32_t local)
{
	const ModelNode *m = &e->model->nodes[local];
	bool		status = end->status[local];
	bool		whole = end->whole[local];

	for (int k = 0; k < e->test->n_measures; k++)
		if (passes(e, end, local, k))
			status = whole = true;
	for (uint32_t j = 0; j < m->n_links; j++)
		if (m->links[j].role && end->status[m->links[j].holder])
		{
			status = true;
			whole = whole || e->test->roles_carry;
		}
	for (uint32_t j = 0; j < m->n_principals; j++)
	{
		status = status || end->status[m->principals[j]];
		whole = whole || end->whole[m->principals[j]];
	}
	end->status[local] = status;
	end->whole[local] = whole;
}

/* One node's step at one end. */
static void
evaluate(Enclosure *e, End *end, uint32_t local)
{
	size_t		n_measures = (size_t) e->test->n_measures;
	double		upstream[MAX_MEASURES];
	double		largest = 0;

	for (int k = 0; k < e->test->n_measures; k++)
	{
		evaluate_measure(e, end, local, k, &end->amount[local * n_measures + (size_t) k], &upstream[k]);
		upstream[k] = fmin(1, upstream[k]);
		largest = fmax(largest, upstream[k]);
	}
	evaluate_status(e, end, local);
	for (int k = 0; k < e->test->n_measures; k++)
	{
		double	   *factor = &end->factor[local * n_measures + (size_t) k];

		if (e->seed[local] || (end->whole[local] && e->test->status_feeds_back))
			*factor = 1;
		else if (e->test->below == PASS_NOTHING)
			*factor = 0;
		else
			*factor = e->test->across_measures ? largest : upstream[k];
	}
}

/* Sweeps a ring at one end; true if nothing rose by more than a hair. */
static bool
sweep(Enclosure *e, End *end, const uint32_t *members, uint32_t n, bool *fell)
{
	size_t		n_measures = (size_t) e->test->n_measures;
	bool		still = true;

	*fell = true;
	for (uint32_t i = 0; i < n; i++)
	{
		bool		status = end->status[members[i]];

		core_step(e->env);
		memcpy(&e->before[i * n_measures], &end->factor[members[i] * n_measures], n_measures * sizeof(double));
		evaluate(e, end, members[i]);
		for (size_t k = 0; k < n_measures; k++)
		{
			double		now = end->factor[members[i] * n_measures + k];

			if (now > e->before[i * n_measures + k])
				*fell = false;
			if (now > e->before[i * n_measures + k] * (1 + 0x1p-40))
				still = false;
		}
		if (end->status[members[i]] != status)
			still = *fell = false;
	}
	return still;
}

/* Copies the lower end to the upper, inflated. */
static void
inflate(Enclosure *e, const uint32_t *members, uint32_t n, double by)
{
	size_t		n_measures = (size_t) e->test->n_measures;

	for (uint32_t i = 0; i < n; i++)
	{
		size_t		at = members[i] * n_measures;

		e->above.status[members[i]] = e->above.status[members[i]] || e->below.status[members[i]];
		e->above.whole[members[i]] = e->above.whole[members[i]] || e->below.whole[members[i]];
		for (size_t k = 0; k < n_measures; k++)
			e->above.factor[at + k] = e->above.whole[members[i]] && e->test->status_feeds_back ? 1 :
				fmin(1, e->below.factor[at + k] * (1 + by));
	}
}

/* Nothing is known from above: everything may be whole. */
static void
give_up(Enclosure *e, const uint32_t *members, uint32_t n)
{
	size_t		n_measures = (size_t) e->test->n_measures;

	for (uint32_t i = 0; i < n; i++)
	{
		e->above.status[members[i]] = e->above.whole[members[i]] = true;
		for (size_t k = 0; k < n_measures; k++)
			e->above.factor[members[i] * n_measures + k] = 1;
	}
	for (uint32_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_measures; k++)
		{
			double		upstream;

			core_step(e->env);
			evaluate_measure(e, &e->above, members[i], (int) k, &e->above.amount[members[i] * n_measures + k], &upstream);
		}
}

/* The upper end of a ring: inflate what holds from below until a pass rises above it nowhere. */
static void
bound_ring(Enclosure *e, const uint32_t *members, uint32_t n)
{
	static const double by[] = {0x1p-36, 0x1p-26, 0x1p-16, 0x1p-6};

	for (int raises = 0, b = 0; raises < MAX_RAISES && b < 4; raises++)
	{
		inflate(e, members, n, by[b]);
		for (int sweeps = 0; sweeps < 40; sweeps++)
		{
			bool		fell;

			(void) sweep(e, &e->above, members, n, &fell);
			if (fell)
				return;
		}
		/* what rose may have raised members, which stay; otherwise inflate more */
		b++;
	}
	give_up(e, members, n);
}

/* Both ends of one component. */
static void
run_component_ends(Enclosure *e, uint32_t component)
{
	const Components *c = &e->model->components;
	const uint32_t *members = c->members + c->start[component];
	uint32_t	n = c->start[component + 1] - c->start[component];
	bool		fell;

	for (uint32_t i = 0; i < n; i++)
	{
		e->reached[members[i]] = true;
		e->last[e->n_last++] = members[i];
	}
	if (n == 1)
	{
		evaluate(e, &e->below, members[0]);
		evaluate(e, &e->above, members[0]);
		return;
	}
	for (int sweeps = 0; sweeps < MAX_SWEEPS && !sweep(e, &e->below, members, n, &fell); sweeps++)
		;
	bound_ring(e, members, n);
}

void
enclosure_run(Enclosure *e, const uint32_t *seeds, uint32_t n_seeds, const uint32_t *order, uint32_t n_order)
{
	int			n_measures = e->test->n_measures;

	for (uint32_t i = 0; i < e->n_last; i++)
	{
		end_forget(&e->below, e->last[i], n_measures);
		end_forget(&e->above, e->last[i], n_measures);
		e->reached[e->last[i]] = e->seed[e->last[i]] = false;
	}
	e->n_last = 0;
	for (uint32_t i = 0; i < n_seeds; i++)
	{
		uint32_t	seed = seeds[i];

		e->seed[seed] = true;
		e->below.status[seed] = e->below.whole[seed] = true;
		e->above.status[seed] = e->above.whole[seed] = true;
		for (int k = 0; k < n_measures; k++)
			e->below.factor[seed * (size_t) n_measures + k] = e->above.factor[seed * (size_t) n_measures + k] = 1;
	}
	for (uint32_t i = 0; i < n_order; i++)
		run_component_ends(e, order[i]);
	/* seeds outside the order are forgotten with the rest next time */
	for (uint32_t i = 0; i < n_seeds; i++)
		if (!e->reached[seeds[i]] && e->n_last < e->model->n)
		{
			e->reached[seeds[i]] = true;
			e->last[e->n_last++] = seeds[i];
		}
}

Ternary
enclosure_status(const Enclosure *e, uint32_t local)
{
	return e->below.status[local] ? TERNARY_TRUE : e->above.status[local] ? TERNARY_UNKNOWN : TERNARY_FALSE;
}

void
enclosure_amount(const Enclosure *e, uint32_t local, int measure, double *lower, double *upper)
{
	size_t		at = local * (size_t) e->test->n_measures + (size_t) measure;

	*lower = e->below.amount[at];
	*upper = e->above.amount[at];
}
