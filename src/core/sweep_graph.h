/*
 * sweep_graph.h
 *		What a sweep goes over: who holds how much of whom, in flat arrays, components in
 *		topological order.
 *
 * Shares are in units of 10^-16: a stake in basis points of a stake in basis points, four deep, is
 * exact, and sums of hundreds of wholes fit in 64 bits.  What is no such number stands
 * between two of them.
 */
#ifndef OUTBOUND_SWEEP_GRAPH_H
#define OUTBOUND_SWEEP_GRAPH_H

#include "model.h"

#define SWEEP_ONE	ENDS_ONE

typedef struct SweepShare
{
	AmountEnds		ends;
	Fraction	exact;			/* where is_exact: the share itself, which the ends may only enclose */
	bool		is_exact;
} SweepShare;

#define SWEEP_NO_SHARE	0		/* the first share of the dictionary: none */
#define SWEEP_MOST_WHOLES	900	/* of shares or carrying links of one node: ends stay below 2^64 */

/* of a link */
#define SWEEP_ROLE		0x01	/* a role that confers status */
#define SWEEP_REACHED	0x02	/* others than its holder come down it */
#define SWEEP_PARENT	0x04	/* decided: the holder by itself is a parent of the held */
#define SWEEP_PLAIN		0x08	/* decided: it is not */
#define SWEEP_MAYBE		0x10	/* evaluated, and open: from above it counts as a parent */

/* of a node */
#define SWEEP_DIRTY		0x01	/* sums beyond what can be counted: everybody may be a member */
#define SWEEP_RANGES	0x02	/* some share is a range, or some end is open */

typedef struct SweepGraph
{
	const OwnershipTest *test;
	uint32_t	n;
	uint32_t	max_links;		/* of one node */
	uint32_t   *link_start;		/* n + 1; links of a node, one for each holder */
	uint32_t   *holder;			/* by link */
	uint8_t    *link;			/* by link: SWEEP_ROLE ... */
	uint32_t   *share;			/* [link * n_measures + measure], in shares */
	uint32_t   *own_share;		/* the same of what the link's holder itself is the root of (CONTROL_BEYOND_SEEDS); or NULL */
	uint32_t   *principal_start;	/* n + 1 */
	uint32_t   *principal;
	SweepShare *shares;
	uint8_t    *node;			/* by node: SWEEP_DIRTY ... */
	AmountEnds	   *rest;			/* [node * n_measures + measure]: undisclosed mass that may be anybody's; or NULL */
	const uint32_t *held_start;	/* n + 1: whom a node's status or factor touches */
	const uint32_t *held;
	const Components *components;
} SweepGraph;

/* what a link counts of a measure for a root */
static inline const SweepShare *
sweep_share(const SweepGraph *graph, uint32_t link, size_t measure, bool own)
{
	const uint32_t *shares = own && graph->own_share != NULL ? graph->own_share : graph->share;

	return &graph->shares[shares[link * (size_t) graph->test->n_measures + measure]];
}

/* the graph of a prepared cone; links that the model has decided are */
extern void sweep_graph_of_model(CoreEnv *env, SweepGraph *graph, const Model *model);

/* the ends of a fraction that is not negative */
extern AmountEnds ends_of_fraction(CoreEnv *env, Fraction a);

#endif							/* OUTBOUND_SWEEP_GRAPH_H */
