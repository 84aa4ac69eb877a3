/*
 * kernel_parts.h
 *		What a kernel consists of, for the kernel itself and the witness.
 */
#ifndef OUTBOUND_KERNEL_PARTS_H
#define OUTBOUND_KERNEL_PARTS_H

#include "any_share.h"
#include "cascade.h"
#include "enclosure.h"
#include "links.h"

struct Kernel
{
	CoreEnv    *env;
	OwnershipTest test;
	Model		model;
	Arena		scratch;		/* one step */
	Arena		middle;			/* one root's run for a link */
	Run			run;
	Search		search;
	bool		links_decided;
	bool		doubts_told;	/* who asks evaluates the upper run too */
	uint64_t	exact_left;		/* work that exact statuses may still take */
	uint64_t	amounts_left;	/* work that exact amounts of one root after the other may */
	Cascade    *cascade;		/* these made when first asked, or NULL */
	AnyShare   *any_share;
	Enclosure  *enclosure;		/* made when first asked, or NULL */
	Sweep	   *one;			/* a sweep for one root after the other, likewise; */
	SweepGraph	graph;			/* ... over this; */
	bool	   *asked;			/* ... by place */
	uint32_t	asked_place;	/* what it found there, or (NO_NODE) by place: */
	SweepFinding found;
	SweepFinding *below;		/* ... root NO_NODE: nothing */
	uint32_t   *order;			/* room for kernel_find(): components, seeds */
	uint32_t   *seeds;
	NodeId	   *reached;		/* and for kernel_reached() */
	Ternary    *reached_status;
};

#define AMOUNT_PART	50			/* of the budget of one ring (ring_budget.h): what exact amounts may take */

/* the distinct seeds that are in the cone, by local number */
extern uint32_t kernel_local_seeds(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, uint32_t *local);

/* may there be more in a place than the run says (run.h)? */
static inline bool
kernel_is_doubtful(const Kernel *kernel, uint32_t place)
{
	return !kernel->doubts_told && kernel->run.doubtful != NULL && kernel->run.doubtful[place];
}

/* makes sure the parent bits are there */
extern void kernel_decide_links(Kernel *kernel);

/* makes the seeds members; what they hold themselves counts as told where the test says so, until the end */
extern void kernel_begin_run(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds);
extern void kernel_end_run(Kernel *kernel, const uint32_t *seeds, uint32_t n_seeds);

#endif							/* OUTBOUND_KERNEL_PARTS_H */
