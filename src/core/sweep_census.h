/*
 * sweep_census.h
 *		A per-root test for all roots at once over a census.
 */
#ifndef OUTBOUND_SWEEP_CENSUS_H
#define OUTBOUND_SWEEP_CENSUS_H

#include "census.h"
#include "sweep.h"

/* a root and a node of which a sweep leaves open whether the one is a member of the other */
typedef struct SweepPair
{
	uint32_t	root;			/* the number of nodes: nobody */
	uint32_t	node;
	Ternary		status;			/* to be filled in */
	uint32_t	next;			/* internal */
	bool		is_told;		/* internal */
} SweepPair;

/* the graph of everybody in a census, nodes by its numbers; scratch: may go at once */
extern void sweep_graph_of_census(CoreEnv *env, CoreEnv *scratch, SweepGraph *graph, const Census *census,
								  const OwnershipTest *test, KernelRun run);

/*
 * Tells of everybody what every root asked (by number; NULL: all) that has anything has there, as sweep.h says;
 * or (members_only) only where it is a member, or may be, and not how much it has.
 */
extern void sweep_everybody(CoreEnv *env, SweepGraph *graph, const bool *asked, bool members_only,
							void (*found) (void *arg, uint32_t node, const SweepFinding *finding), void *arg);

/*
 * Asks about pairs again, all at once, following their roots down to a factor, or (0) everywhere:
 * only what the pairs' nodes rest on is gone over.  Links left open there are decided as far as that goes.
 */
extern void sweep_pairs(CoreEnv *env, SweepGraph *graph, SweepPair *pairs, uint32_t n, uint64_t forget);

/* what is hardly left of a root: a millionth of a millionth */
#define SWEEP_HARDLY	10000

/* of the largest component with more nodes than one; 0 without one */
extern uint32_t sweep_largest_ring(const SweepGraph *graph);

#endif							/* OUTBOUND_SWEEP_CENSUS_H */
