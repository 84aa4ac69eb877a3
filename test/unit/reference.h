/*
 * reference.h
 *		The ownership fixpoint of small graphs with exact shares, by brute force.
 *
 * Written from the law (31 CFR 850.206(b), 850.219) and the definition, not from the
 * kernel: dense matrices, status added round by round, and for a given status every way
 * in which each node's factor could be zero, capped or equal to one measure's sum is
 * tried, solved by Gauss-Jordan elimination, and kept if it is a fixpoint; the least is taken.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "core/kernel.h"

#define REF_NODES	6
#define REF_KINDS	2

typedef struct RefGraph
{
	int			n;
	Fraction	w[REF_KINDS][REF_NODES][REF_NODES];	/* [kind][holder][held], no self-holding */
	Fraction	rest[REF_KINDS][REF_NODES];	/* held by the seeds besides */
	bool		role[REF_NODES][REF_NODES];
	bool		principal[REF_NODES][REF_NODES];	/* [principal][branch] */
} RefGraph;

typedef struct RefResult
{
	bool		status[REF_NODES];	/* by the gates */
	bool		whole[REF_NODES];
	bool		member[REF_NODES];	/* by the report, where the test has lines of its own for that */
	Fraction	factor[REF_KINDS][REF_NODES];
	Fraction	amount[REF_KINDS][REF_NODES];
} RefResult;

typedef bool RefBits[REF_NODES][REF_NODES];

/* coefficient of holder g's factor in the upstream sum of h */
static Fraction
ref_link(const RefGraph *g, const OwnershipTest *test, const RefBits bits, int kind, int holder, int held)
{
	bool		linked = g->role[holder][held];

	for (int k = 0; k < test->n_measures; k++)
		linked = linked || !fraction_is_zero(g->w[k][holder][held]);
	if (test->link == LINK_LITERAL && linked && bits[holder][held])
		return FRACTION_ONE;
	return g->w[kind][holder][held];
}

/* sum over holders of coefficient times factor, and the rest */
static Fraction
ref_sum(CoreEnv *env, const RefGraph *g, const OwnershipTest *test, const RefBits bits, int kind,
		int held, const Fraction *factor)
{
	Fraction	sum = g->rest[kind][held];

	for (int i = 0; i < g->n; i++)
	{
		Fraction	c = bits ? ref_link(g, test, bits, kind, i, held) : g->w[kind][i][held];

		if (i != held)
			sum = fraction_add(env, sum, fraction_multiply(env, c, factor[i]));
	}
	return sum;
}

/* Gauss-Jordan with pivoting on an n x (n+1) matrix; false if singular */
static bool
ref_gauss(CoreEnv *env, int n, Fraction m[REF_NODES][REF_NODES + 1])
{
	for (int c = 0; c < n; c++)
	{
		int			p = c;

		while (p < n && fraction_is_zero(m[p][c]))
			p++;
		if (p == n)
			return false;
		for (int j = 0; j <= n; j++)
		{
			Fraction	t = m[p][j];

			m[p][j] = m[c][j];
			m[c][j] = t;
		}
		for (int j = n; j >= c; j--)
			m[c][j] = fraction_divide(env, m[c][j], m[c][c]);
		for (int i = 0; i < n; i++)
		{
			Fraction	q = m[i][c];

			for (int j = c; j <= n && i != c && !fraction_is_zero(q); j++)
				m[i][j] = fraction_subtract(env, m[i][j], fraction_multiply(env, q, m[c][j]));
		}
	}
	return true;
}

/* choice of a node: 0 zero, 1 capped, 2 + k equal to the sum of measure k; -1 whole */
static bool
ref_try(CoreEnv *env, const RefGraph *g, const OwnershipTest *test, const RefBits bits,
		const int *choice, int only, Fraction *v)
{
	Fraction	m[REF_NODES][REF_NODES + 1];
	Fraction	fixed[REF_NODES];
	int			at[REF_NODES];
	int			n = 0;

	for (int i = 0; i < g->n; i++)
	{
		fixed[i] = choice[i] == 1 || choice[i] == -1 ? FRACTION_ONE : FRACTION_ZERO;
		if (choice[i] >= 2)
			at[n++] = i;
	}
	for (int a = 0; a < n; a++)
	{
		int			kind = choice[at[a]] - 2;

		m[a][n] = ref_sum(env, g, test, bits, kind, at[a], fixed);
		for (int b = 0; b < n; b++)
		{
			m[a][b] = a == b ? FRACTION_ONE : FRACTION_ZERO;
			if (a != b)
				m[a][b] = fraction_subtract(env, m[a][b], ref_link(g, test, bits, kind, at[b], at[a]));
		}
	}
	if (!ref_gauss(env, n, m))
		return false;
	for (int a = 0; a < n; a++)
	{
		fixed[at[a]] = m[a][n];
		if (m[a][n].negative)
			return false;
	}
	for (int i = 0; i < g->n; i++)
	{
		Fraction	best = FRACTION_ZERO;

		v[i] = fixed[i];
		if (choice[i] == -1)
			continue;
		for (int k = 0; k < test->n_measures; k++)
		{
			Fraction	s = ref_sum(env, g, test, bits, k, i, fixed);

			if ((only < 0 || k == only) && fraction_compare(env, s, best) > 0)
				best = s;
		}
		if (fraction_compare(env, best, FRACTION_ONE) > 0)
			best = FRACTION_ONE;
		if (fraction_compare(env, best, fixed[i]) != 0)
			return false;
	}
	return true;
}

/* least fixpoint of the factors (of one measure, or over all if only < 0) under a status */
static bool
ref_factors(CoreEnv *env, const RefGraph *g, const OwnershipTest *test, const RefBits bits,
			const bool *whole, int only, Fraction *best)
{
	int			choice[REF_NODES];
	int			last = only < 0 ? 1 + test->n_measures : 2;
	bool		found = false;

	for (int i = 0; i < g->n; i++)
		choice[i] = whole[i] ? -1 : 0;
	for (;;)
	{
		Fraction	v[REF_NODES];
		int			kinds[REF_NODES];
		int			i;

		for (i = 0; i < g->n; i++)
			kinds[i] = choice[i] >= 2 && only >= 0 ? 2 + only : choice[i];
		if (ref_try(env, g, test, bits, kinds, only, v))
		{
			for (i = 0; i < g->n; i++)
				if (!found || fraction_compare(env, v[i], best[i]) < 0)
					best[i] = v[i];
			found = true;
		}
		for (i = 0; i < g->n; i++)
		{
			if (choice[i] == -1)
				continue;
			if (choice[i] < last)
			{
				choice[i]++;
				break;
			}
			choice[i] = 0;
		}
		if (i == g->n)
			return found;
	}
}

/* status by gates, roles and principals under the present amounts; true if anything rose */
static bool
ref_raise(CoreEnv *env, const RefGraph *g, const OwnershipTest *test, RefResult *r)
{
	bool		rose = false;

	for (int i = 0; i < g->n; i++)
	{
		bool		status = r->status[i];
		bool		whole = r->whole[i];

		for (int k = 0; k < test->n_measures; k++)
		{
			int			c = fraction_compare(env, r->amount[k][i], test->measures[k].threshold);

			if (c > 0 || (c == 0 && !test->measures[k].strict))
			{
				status = true;
				whole = whole || test->status_feeds_back;
			}
		}
		for (int j = 0; j < g->n; j++)
		{
			if (j != i && g->role[j][i] && r->status[j])
			{
				status = true;
				whole = whole || (test->status_feeds_back && test->roles_carry);
			}
			if (g->principal[j][i])
			{
				status = status || r->status[j];
				whole = whole || r->whole[j];
			}
		}
		rose = rose || status != r->status[i] || whole != r->whole[i];
		r->status[i] = status;
		r->whole[i] = whole;
	}
	return rose;
}

/*
 * Members: the same as by the gates; or who reaches a line of the report, whom a role of somebody who passes
 * the gates makes one, and whose principal is one.
 */
static void
ref_members(CoreEnv *env, const RefGraph *g, const OwnershipTest *test, unsigned seeds, RefResult *r)
{
	for (int i = 0; i < g->n; i++)
	{
		r->member[i] = test->reports ? seeds >> i & 1 : r->status[i];
		for (int k = 0; k < test->n_measures && test->reports; k++)
		{
			int			c = fraction_compare(env, r->amount[k][i], test->measures[k].report.threshold);

			r->member[i] = r->member[i] || c > 0 || (c == 0 && !test->measures[k].report.strict);
		}
		for (int j = 0; j < g->n; j++)
			r->member[i] = r->member[i] || (g->role[j][i] && r->status[j]);
	}
	for (int round = 0; round < g->n; round++)
		for (int i = 0; i < g->n; i++)
			for (int j = 0; j < g->n; j++)
				r->member[i] = r->member[i] || (g->principal[j][i] && r->member[j]);
}

/* the fixpoint for seeds (a bit set), links' bits given */
static bool
ref_run(CoreEnv *env, const RefGraph *g, const OwnershipTest *test, const RefBits bits,
		unsigned seeds, RefResult *r)
{
	for (int i = 0; i < g->n; i++)
		r->status[i] = r->whole[i] = seeds >> i & 1;
	for (;;)
	{
		for (int k = 0; k < test->n_measures; k++)
		{
			for (int i = 0; i < g->n; i++)
				r->factor[k][i] = r->whole[i] ? FRACTION_ONE : FRACTION_ZERO;
			if (test->below == PASS_PROPORTION &&
				!ref_factors(env, g, test, bits, r->whole, test->across_measures ? -1 : k, r->factor[k]))
				return false;
			for (int i = 0; i < g->n; i++)
				r->amount[k][i] = ref_sum(env, g, test, NULL, k, i, r->factor[k]);
		}
		if (!ref_raise(env, g, test, r))
		{
			ref_members(env, g, test, seeds, r);
			return true;
		}
	}
}

/*
 * The joint least fixpoint of the links' bits over all roots.  Those of what the holder holds by itself come
 * first: a share of more than the whole counts for less once its link is a parent's.
 */
static void
ref_bits(CoreEnv *env, const RefGraph *g, const OwnershipTest *test, RefBits bits)
{
	bool		more = true;

	memset(bits, 0, sizeof(RefBits));
	for (int k = 0; k < test->n_measures; k++)
		for (int i = 0; i < g->n; i++)
			for (int j = 0; j < g->n; j++)
			{
				int			c = fraction_compare(env, g->w[k][i][j], test->measures[k].threshold);

				bits[i][j] = bits[i][j] || c > 0 || (c == 0 && !test->measures[k].strict);
			}
	while (more)
	{
		more = false;
		for (int root = 0; root < g->n; root++)
		{
			RefResult	r;

			if (!ref_run(env, g, test, (const bool (*)[REF_NODES]) bits, 1u << root, &r))
				continue;
			for (int i = 0; i < g->n; i++)
			{
				if (i == root || !r.whole[i] || bits[root][i])
					continue;
				bits[root][i] = more = true;
			}
		}
	}
}

#endif							/* REFERENCE_H */
