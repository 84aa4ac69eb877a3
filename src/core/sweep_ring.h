/*
 * sweep_ring.h
 *		A strongly connected component in a sweep.  Internal to it: sweep_ring.c
 *		gathers, decides links and keeps tables, sweep_root.c solves one root.
 */
#ifndef OUTBOUND_SWEEP_RING_H
#define OUTBOUND_SWEEP_RING_H

#include <math.h>

#include "sweep_parts.h"

struct SweepRing
{
	uint32_t	component;
	uint32_t	n;
	const uint32_t *members;
	uint32_t   *in_start;		/* links inside, by member (n + 1): */
	uint32_t   *in_link;		/* ... in the graph */
	uint32_t   *in_member;		/* ... whose */
	uint32_t   *out_start;		/* what a member holds inside, by member (n + 1): */
	uint32_t   *out_member;
	uint64_t   *out_weight;		/* ... at how much at most */
	bool		plain;			/* every weight inside is one number */
	bool		feeds;			/* something outside hangs on it */
	double	   *amplifier;		/* y, by member; NULL: there is none */
	double		most_amplified;
	double	   *spread;			/* the same of one for every link inside */
	double		most_spread;
	char	   *inflow;			/* rows of what comes from outside, all members', of one root chained */
	uint32_t	n_inflow;
	uint32_t	allocated_inflow;
	uint32_t	n_roots;
	uint32_t	allocated_roots;
	uint32_t   *roots;			/* whoever has something in the ring, or is in it */
	uint32_t   *nobodys;		/* by member: the row of undisclosed mass, or NO_ROW */

	/* of the root being solved */
	uint32_t	root;
	bool		above;			/* in upper arithmetic, else in lower */
	bool		settled;		/* the iteration has come to an end */
	bool		careful;		/* follow it everywhere, however little of it there is */
	uint64_t	hair;			/* else: not so little */
	uint64_t	width;			/* between the ends of what comes from outside */
	uint64_t	residual;		/* how much one more step may raise what was found from above */
	uint64_t	grain;			/* ... and for every link inside */
	uint32_t   *outside;		/* by member, if touched: its row, or NO_ROW */
	uint32_t   *stamps;
	uint32_t	stamp;
	uint32_t	n_touched;
	uint32_t   *touched;
	uint32_t   *queue;			/* a ring buffer of members */
	uint32_t	queue_head;
	uint32_t	queue_length;
	bool	   *queued;
	char	   *portions;		/* by member, if touched */
	uint64_t   *passed;			/* ... [member * n_slots + slot]: what others were asked again about last */
	Row		   *row;			/* the evaluation at hand */

	/* of all roots solved */
	uint32_t	n_kept;
	uint32_t	allocated_kept;
	char	   *kept;			/* portions; */
	uint32_t   *kept_next;		/* ... chained by member */
	uint32_t   *kept_first;		/* by member */
	uint64_t   *forgotten;		/* by member */
	uint64_t	most_residual;
	uint64_t	most_grain;
	uint32_t	n_reports;
	uint32_t	allocated_reports;
	char	   *reports;		/* rows, if anybody wants them */
};

static inline Portion *
portion_here(const Sweep *sweep, uint32_t member)
{
	return (Portion *) (sweep->ring->portions + member * sweep->portion_size);
}

static inline Row *
inflow_at(const Sweep *sweep, uint32_t i)
{
	return (Row *) (sweep->ring->inflow + i * sweep->row_size);
}

static inline bool
in_ring(const Sweep *sweep, uint32_t node)
{
	return sweep->graph->components->of[node] == sweep->ring->component;
}

static inline bool
is_touched(const SweepRing *ring, uint32_t member)
{
	return ring->stamps[member] == ring->stamp;
}

/* What the residual leaves open at a member. */
static inline uint64_t
residual_at(const SweepRing *ring, uint32_t member)
{
	if (ring->residual == 0 && ring->grain == 0)
		return 0;
	return (uint64_t) ceil(((double) ring->residual * ring->amplifier[member] + (double) ring->grain * ring->spread[member]) *
						   (1 + 0x1p-40));
}

/*
 * Finds what one root has in the ring: first is its first row of inflow, or NO_ROW.  roughly: follow it
 * no further than most gates need; false if it has to be followed further
 */
extern bool ring_solve_root(Sweep *sweep, uint32_t root, uint32_t first, bool roughly);

/* what it has in a member, with all that may be missing */
extern Row *ring_evaluate(Sweep *sweep, uint32_t member);

/* finds vectors y >= 1 + M y and z >= (number of links inside) + M z for the largest weights M inside, or none */
extern void ring_find_amplifiers(Sweep *sweep);

/*
 * What a root that was forgotten before the ring may have in its members at most, and pass on: from what may come in from
 * outside (loss and amount_loss, which are raised to that); whom that may make a member passes on everything.
 */
extern void ring_bound_losses(Sweep *sweep);

/* at how much a link counts at most for what is passed on */
extern uint64_t ring_link_weight(const Sweep *sweep, uint32_t link);

#endif							/* OUTBOUND_SWEEP_RING_H */
