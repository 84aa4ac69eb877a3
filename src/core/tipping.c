/*
 * tipping.c
 *		A walk down the tree of Stern and Brocot: see tipping.h.
 *
 * The two ends are neighbours in that tree, so the fraction between them with the least
 * denominator is their mediant, and a fraction p/q is reached after about twice log q
 * questions when equal turns are taken in leaps.  An end that one side walks towards is
 * asked whether it is the one.
 */
#include "tipping.h"

#define MAX_TERM	(INT64_C(1) << 62)

typedef struct Walk
{
	CoreEnv    *env;
	Fraction	limit;
	TippingAnswer answer;
	void	   *arg;
	int64_t		num[2];			/* of the lower end, where the status is not, and the upper, where it is */
	int64_t		den[2];
	bool		tried[2];		/* proved not to be the one */
} Walk;

/* Is the status there?  Above the limit there is nothing to ask. */
static bool
status_at(Walk *walk, int64_t num, int64_t den)
{
	Fraction	share = fraction_of(walk->env, num, den);

	if (fraction_compare(walk->env, share, walk->limit) >= 0)
		return true;
	return walk->answer(walk->arg, TIPPING_AT, share);
}

/* Is this end the tipping share? */
static bool
prove_end(Walk *walk, int end, Tipping *result)
{
	Fraction	share = fraction_of(walk->env, walk->num[end], walk->den[end]);
	int			side = fraction_compare(walk->env, share, walk->limit);

	if (walk->tried[end] || side > 0)
		return false;
	walk->tried[end] = true;
	if (end == 0 ? !walk->answer(walk->arg, TIPPING_ABOVE, share) : walk->answer(walk->arg, TIPPING_BELOW, share))
		return false;
	result->at = share;
	result->attained = end == 1;
	return true;
}

/* Can the end move by so many steps of the other within the bits there are? */
static bool
fits(const Walk *walk, int end, int64_t steps)
{
	return walk->den[!end] <= (MAX_TERM - walk->den[end]) / steps;
}

/* Would the end, moved by so many steps towards the other, still be on its own side? */
static bool
stays(Walk *walk, int end, int64_t steps)
{
	return status_at(walk, walk->num[end] + steps * walk->num[!end], walk->den[end] + steps * walk->den[!end]) == (end == 1);
}

/* Moves an end towards the other as far as it goes; false where the bits run out. */
static bool
leap(Walk *walk, int end, bool *moved)
{
	int64_t		good = 0;
	int64_t		bad = 1;

	while (fits(walk, end, bad) && stays(walk, end, bad))
	{
		good = bad;
		if (bad > MAX_TERM / 2)
			return false;
		bad *= 2;
	}
	if (!fits(walk, end, bad))
		return false;
	while (bad - good > 1)
	{
		int64_t		middle = good + (bad - good) / 2;

		core_step(walk->env);
		if (stays(walk, end, middle))
			good = middle;
		else
			bad = middle;
	}
	*moved = good > 0;
	walk->num[end] += good * walk->num[!end];
	walk->den[end] += good * walk->den[!end];
	if (*moved)
		walk->tried[end] = false;
	return true;
}

bool
tipping_find(CoreEnv *env, Fraction limit, TippingAnswer answer, void *arg, Tipping *result)
{
	Walk		walk = {env, limit, answer, arg, {0, 1}, {1, 1}, {false, false}};
	int			end = 0;

	/* the limit itself need not lie on the way */
	if (!answer(arg, TIPPING_BELOW, limit))
	{
		result->at = limit;
		result->attained = true;
		return true;
	}
	for (;;)
	{
		bool		moved = false;

		if (env->status != CORE_OK)
			return false;
		if (prove_end(&walk, 0, result) || prove_end(&walk, 1, result))
			return true;
		if (!leap(&walk, end, &moved))
			return false;
		end = !end;
	}
}
