/*
 * ring_budget.c
 *		The cost of an exact solution, from the size of the ring and the bits of its shares.
 *
 * With n unknowns whose rows take b bits as integers, numerators and denominators of the
 * solution have about n b bits each (Hadamard).  Lifting it takes k digits of 61 bits, each
 * costing the entries of the triangular factors; reading it off and going over the
 * registers takes some k^2 an unknown.  How far the factors fill up follows from how many
 * holders in the ring a node has.
 */
#include "natural.h"
#include "ring_budget.h"

/* Bits of the common denominator of a register's shares within the ring; counts these. */
static uint32_t
register_bits(const Model *model, uint32_t component, const Register *reg, uint64_t *n_entries)
{
	uint64_t	common = 1;
	uint32_t	bits = 0;

	for (uint32_t i = 0; i < reg->n; i++)
	{
		const Fraction *share = model->upper ? &reg->lots[i].upper : &reg->lots[i].lower;
		uint64_t	times;

		if (model->components.of[reg->lots[i].holder] != component)
			continue;
		(*n_entries)++;
		if (share->big != NULL)
		{
			bits += 64 * share->big->n_den;
			continue;
		}
		times = share->den == 0 ? 1 : share->den / natural_gcd_limb(common, share->den);
		if (__builtin_mul_overflow(common, times, &common))
		{
			/* no common one in 64 bits: as if they had nothing in common from here on */
			bits += 64;
			common = share->den;
		}
	}
	return bits + 64 - (uint32_t) __builtin_clzll(common) + 1;
}

/* The work on n unknowns with so many entries whose rows take so many bits together. */
static double
system_work(double n, double n_entries, double bits)
{
	double		per_node = n_entries / n;
	double		front = per_node <= 1 ? 2 : n * (per_node - 1) / (per_node + 6);
	double		k = 2 * bits / 61 + 2;

	return n * k * k * (4 + 1.5 * per_node) + 3 * k * front * front + 2 * front * front * front;
}

uint64_t
ring_work(const Model *model, uint32_t component)
{
	const Components *c = &model->components;
	const OwnershipTest *test = model->test;
	uint32_t	n = c->start[component + 1] - c->start[component];
	double		bits[MAX_MEASURES] = {0};
	uint64_t	n_entries[MAX_MEASURES] = {0};
	double		across = 0;
	double		work = 0;

	if (test->below != PASS_PROPORTION)
		return 0;
	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		uint32_t	most = 0;

		for (int k = 0; k < test->n_measures; k++)
		{
			uint32_t	b = register_bits(model, component, &model->nodes[c->members[i]].registers[k], &n_entries[k]);

			bits[k] += b;
			most = b > most ? b : most;
		}
		across += most;
	}
	for (int k = 0; k < test->n_measures; k++)
		work += system_work(n, (double) n_entries[k], test->across_measures ? across : bits[k]);
	return work < 1e18 ? (uint64_t) work : UINT64_C(1000000000000000000);
}

bool
ring_affordable(const Model *model, uint32_t component)
{
	return ring_work(model, component) <= RING_BUDGET;
}
