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
	int8_t		reason;			/* ... where it is TRUE, as in SweepFinding */
	uint32_t	next;			/* internal */
	bool		is_told;		/* internal */
} SweepPair;

/* the graph of everybody in a census, nodes by its numbers; scratch: may go at once */
extern void sweep_graph_of_census(CoreEnv *env, CoreEnv *scratch, SweepGraph *graph, const Census *census,
								  const OwnershipTest *test, KernelRun run);

/*
 * Tells of everybody what every root asked (by number; NULL: all) that has anything has there, as sweep.h says;
 * or (members_only) only where it is a member, or may be, and not how much it has.  Roots are followed
 * down to a factor, and (withhold) told of where hardly anything was forgotten.
 */
typedef struct SweepRequest
{
	const bool *asked;
	bool		members_only;
	uint64_t	forget;
	uint64_t	withhold;		/* as in SweepOptions */
	void		(*found) (void *arg, uint32_t node, const SweepFinding *finding);
	void	   *arg;
} SweepRequest;

extern void sweep_everybody(CoreEnv *env, SweepGraph *graph, const SweepRequest *request);

/* the same of some nodes: only what they rest on is gone over */
extern void sweep_nodes(CoreEnv *env, SweepGraph *graph, const uint32_t *nodes, uint32_t n, const SweepRequest *request);

/* down to which factor roots are followed where it matters only who is a member: a five hundredth, or 0 where the graph is small */
extern uint64_t sweep_forget_roughly(const SweepGraph *graph);

/*
 * Asks about pairs again, all at once, following their roots down to a factor, or (0) everywhere:
 * only what the pairs' nodes rest on is gone over.  Links left open there are decided as far as that goes.
 */
extern void sweep_pairs(CoreEnv *env, SweepGraph *graph, SweepPair *pairs, uint32_t n, uint64_t forget);

/* of the largest component with more nodes than one; 0 without one */
extern uint32_t sweep_largest_ring(const SweepGraph *graph);

#endif							/* OUTBOUND_SWEEP_CENSUS_H */
