/*
 * kernel_parts.h
 *		What a kernel consists of, for the kernel itself and the witness.
 */
#ifndef OUTBOUND_KERNEL_PARTS_H
#define OUTBOUND_KERNEL_PARTS_H

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
	uint32_t	reach_root;		/* whose reach the search holds, or NO_NODE */
	bool		links_decided;
	Enclosure  *enclosure;		/* made when first asked, or NULL */
	Sweep	   *one;			/* a sweep for one root after the other, likewise; */
	SweepGraph	graph;			/* ... over this; */
	bool	   *asked;			/* ... by place */
	uint32_t	asked_place;	/* what it found there */
	SweepFinding found;
	uint32_t   *order;			/* room for kernel_find(): components, seeds */
	uint32_t   *seeds;
	NodeId	   *reached;		/* and for kernel_reached() */
	Ternary    *reached_status;
};

#endif							/* OUTBOUND_KERNEL_PARTS_H */
