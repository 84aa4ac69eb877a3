/*
 * sweep.h
 *		A per-root test for all roots at once, in one topological pass.
 *
 * Every node gets a table of what each root above it has in it: the tables of its
 * holders, times their shares, added up.  That decides the parent bits of links (A-01 link_literal)
 * on the way, since those of a node rest on what is above it alone.  A table goes as soon
 * as all that its node holds is done.
 *
 * Numbers are integers with a lower and an upper end (sweep_graph.h); what they leave open
 * (a tie of long products, a register of ranges) is UNKNOWN, for the exact run.  A root
 * of which very little is left may be forgotten; how much that can have been is added
 * to its upper ends from then on, so that nothing is ever said wrongly.
 */
#ifndef OUTBOUND_SWEEP_H
#define OUTBOUND_SWEEP_H

#include "sweep_graph.h"

/* what a root has in a node */
typedef struct SweepFinding
{
	uint32_t	root;			/* the number of nodes: a holder nobody has disclosed; or, where no such counts, whoever was forgotten and is not told of */
	Ternary		status;			/* a member? */
	int8_t		reason;			/* as in Attribution, where status is TRUE; any of those that hold */
	AmountEnds		amount[MAX_MEASURES];	/* upper UINT64_MAX: no bound */
} SweepFinding;

typedef struct Sweep Sweep;

typedef struct SweepOptions
{
	const bool *asked;			/* the roots to report of, by node; NULL: all */
	uint32_t	only;			/* the node to report of; NO_NODE: every node */
	uint64_t	forget;			/* what is left of a root may be forgotten up to this factor; 0: never */
	/* told of every node what every asked root has in it that has anything, or NULL */
	void		(*found) (void *arg, uint32_t node, const SweepFinding *finding);
	void	   *arg;
	bool		members_only;	/* found is told of those who are members, or may be; not how much they have */
	uint64_t	withhold;		/* of a node where so much of a root may have been forgotten, or it is blind, only that is told; 0: never */
	bool		keeps;			/* tables stand until sweep_drop(): components may be taken again, for other roots */
} SweepOptions;

/* links that the graph says are decided stay so; the others are decided in it */
extern Sweep *sweep_create(CoreEnv *env, SweepGraph *graph, const SweepOptions *options);

/*
 * Evaluates one component; those of smaller number have been.  False if it leaves a link open.
 * It may be evaluated again, links having been decided otherwise, until it is closed.
 */
extern bool sweep_component(Sweep *sweep, uint32_t component);

/* tells what was found in a component; what it rests on may go */
extern void sweep_close(Sweep *sweep, uint32_t component);

/* up to which factor a root may be forgotten from now on; all components have been dropped */
extern void sweep_forget(Sweep *sweep, uint32_t root, uint64_t forget);

/* forgets what was found in a component */
extern void sweep_drop(Sweep *sweep, uint32_t component);

/* so much was forgotten above a node that any root might be a member of it */
extern bool sweep_is_blind(const Sweep *sweep, uint32_t node);

/* over which a sweep is the quicker for forgetting */
#define SWEEP_LARGE_GRAPH	2000
#define SWEEP_LARGE_RING	40

/* what is hardly left of a root: a millionth of a millionth */
#define SWEEP_HARDLY	10000

/* does the sweep know this kind of test? */
static inline bool
sweep_serves(const OwnershipTest *test)
{
	for (int k = 0; k < test->n_measures; k++)
	{
		Fraction	threshold = test->measures[k].threshold;

		if (threshold.big != NULL || threshold.den == 0 || threshold.num > UINT32_MAX || threshold.den > UINT32_MAX)
			return false;
		/* the sum of what counts as the whole is held against a gate before it is cut to the whole */
		if (test->control_counts != CONTROL_AS_SHARE && threshold.num >= threshold.den)
			return false;
	}
	return !test->reports;
}

/*
 * ... in this run?  What nobody has disclosed may come down a seed's own link, which counts for that as the whole
 * and for the seed as told: then a root need not have what nobody has.
 */
static inline bool
sweep_serves_run(const OwnershipTest *test, KernelRun run)
{
	return sweep_serves(test) && (run != RUN_UNDISCLOSED || test->control_counts != CONTROL_BEYOND_SEEDS);
}

#endif							/* OUTBOUND_SWEEP_H */
