/*
 * roots.h
 *		The runs of one per-root test over one cone, for roots.c and control.c.
 */
#ifndef OUTBOUND_SCREEN_ROOTS_H
#define OUTBOUND_SCREEN_ROOTS_H

#include "screen/inquiry.h"

/* the three kernels of the test, made when first needed */
typedef struct RootRuns
{
	TestRow		row;
	OwnershipTest test;
	NodeId	   *nodes;
	uint32		n_nodes;
	Kernel	   *kernels[3];
	Kernel	   *through[3];		/* of the test that row.through names */
	Ternary    *controls[3];	/* then: by place, does the party by itself control the target? */
	bool		differs[3];		/* from the run before */
	uint64		gone_over;		/* parties of cones, once for each root that was followed exactly */
} RootRuns;

/* what being a member in a run establishes */
extern const Grade run_grades[];

/* what is established where a run leaves a status open: it is possible, no more */
extern Grade grade_if_open(KernelRun run);

/* over target's cone, or over everybody loaded */
extern RootRuns *root_runs(Inquiry *inquiry, const TestRow *row, NodeId target);
extern RootRuns *root_runs_over(Inquiry *inquiry, const TestRow *row, const NodeId *target);
extern Kernel *root_kernel(Inquiry *inquiry, RootRuns *runs, KernelRun run);

/* the best grade of a pool of seeds in target in some of the runs, mostly without exact amounts */
extern Grade root_grade(Inquiry *inquiry, RootRuns *runs, KernelRun first, KernelRun last,
						const NodeId *seeds, uint32 n_seeds, NodeId target);

#endif							/* OUTBOUND_SCREEN_ROOTS_H */
