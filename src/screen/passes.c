/*
 * passes.c
 *		The runs of a pooled ownership test: the closure, or as many passes over the same
 *		cone as the test has tiers.
 *
 * What hangs on a ring too large for exact numbers is told as enclosures tell it.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "screen/inquiry.h"

#define MAX_TOLD_BITS	13000	/* what a share can be written with */

/* Does the exact run leave the party open, or with amounts too long to be told? */
static bool
needs_ends(const MembershipRun *pass, const bool *dear, uint32 place, int n_measures)
{
	if (dear != NULL && dear[place])
		return true;
	for (int k = 0; k < n_measures; k++)
		if (fraction_bits(pass->exact->amount[k][place].value) > MAX_TOLD_BITS)
			return true;
	return false;
}

/* Takes what enclosures say of those who are open, or too long to be told; dear: who hangs on a ring too large. */
static void
enclose_open(Inquiry *inquiry, Kernel *kernel, const NodeId *seeds, uint32 n_seeds, uint32 n_nodes, int n_measures,
			 const bool *dear, MembershipRun *pass)
{
	const NodeId *reached;
	const Ternary *status;
	uint32		n = kernel_reached(kernel, seeds, n_seeds, &reached, &status);

	inquiry_check(inquiry);
	pass->ends = palloc_extended(mul_size(sizeof(AmountEnds), mul_size(n_nodes, n_measures)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n_nodes; i++)
	{
		if (dear != NULL && dear[i] && pass->exact->reason[i] != -1)
			pass->status[i] = TERNARY_UNKNOWN;
		for (int k = 0; k < n_measures; k++)
			pass->ends[i * (Size) n_measures + k] = (AmountEnds) {0, PG_UINT64_MAX};
	}
	for (uint32 i = 0; i < n; i++)
	{
		uint32		place = kernel_place(kernel, reached[i]);

		CHECK_FOR_INTERRUPTS();
		if (!pass->open[place])
			continue;
		if (dear != NULL && dear[place] && pass->exact->reason[place] != -1)
			pass->status[place] = status[i];
		kernel_reached_amounts(kernel, reached[i], &pass->ends[place * (Size) n_measures]);
	}
}

/* One pass from some seeds. */
static MembershipRun *
one_pass(Inquiry *inquiry, Kernel *kernel, const NodeId *seeds, uint32 n_seeds, uint32 n_nodes, int n_measures)
{
	MembershipRun *pass = palloc0(sizeof(MembershipRun));
	bool	   *open = palloc_extended(Max(n_nodes, 1), MCXT_ALLOC_HUGE);
	bool	   *dear;

	pass->exact = kernel_attribute_affordable(kernel, seeds, n_seeds, true, RINGS_OF_POOL, &dear);
	inquiry_check(inquiry);
	pass->status = palloc_extended(mul_size(sizeof(Ternary), Max(n_nodes, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n_nodes; i++)
	{
		pass->status[i] = ternary_of(pass->exact->status[i]);
		open[i] = needs_ends(pass, dear, i, n_measures);
		if (open[i])
			pass->open = open;
	}
	if (pass->open != NULL)
		enclose_open(inquiry, kernel, seeds, n_seeds, n_nodes, n_measures, dear, pass);
	return pass;
}

/* The members of one pass become the next pass's seeds: with its own seeds, or without. */
static uint32
next_tier_seeds(const MembershipRun *pass, KernelRun run, const NodeId *nodes, uint32 n_nodes, bool pool_base,
				NodeId **seeds)
{
	uint32		n = 0;

	*seeds = palloc_extended(mul_size(sizeof(NodeId), Max(n_nodes, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n_nodes; i++)
		if ((pass->status[i] == TERNARY_TRUE || (pass->status[i] == TERNARY_UNKNOWN && run != RUN_DEFINITE)) &&
			(pool_base || pass->exact->rank[i] > 0))
			(*seeds)[n++] = nodes[i];
	return n;
}

/* Members of an earlier pass are members; true if the later one has found more. */
static bool
join_passes(const MembershipRun *pass, MembershipRun *later, uint32 n_nodes, uint32 tier)
{
	bool		grew = false;

	for (uint32 i = 0; i < n_nodes; i++)
	{
		if (pass->status[i] == TERNARY_TRUE)
		{
			later->status[i] = TERNARY_TRUE;
			later->exact->rank[i] = pass->exact->rank[i];
			later->exact->reason[i] = pass->exact->reason[i];
			continue;
		}
		if (later->status[i] == TERNARY_TRUE)
			later->exact->rank[i] = Max(later->exact->rank[i], tier);
		grew = grew || (later->status[i] != TERNARY_FALSE && later->status[i] != pass->status[i]);
		later->status[i] = ternary_or(later->status[i], pass->status[i]);
	}
	return grew;
}

MembershipRun *
membership_passes(Inquiry *inquiry, const TestRow *row, KernelRun run, const NodeId *nodes, uint32 n_nodes,
				  const NodeId *seeds, uint32 n_seeds, Kernel **kernel)
{
	OwnershipTest test = kernel_test_in_run(row, run);
	MembershipRun *pass;

	*kernel = kernel_create(&inquiry->env, inquiry->nb->graph, nodes, n_nodes, &test, run);
	pass = one_pass(inquiry, *kernel, seeds, n_seeds, n_nodes, test.n_measures);
	for (int tier = 2; tier <= row->tiers; tier++)
	{
		NodeId	   *next;
		uint32		n = next_tier_seeds(pass, run, nodes, n_nodes, row->last_tier_pools_base, &next);
		MembershipRun *later = one_pass(inquiry, *kernel, next, n, n_nodes, test.n_measures);
		bool		grew = join_passes(pass, later, n_nodes, (uint32) tier);

		pass = later;
		if (!grew)
			break;
	}
	return pass;
}
