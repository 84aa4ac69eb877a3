/*
 * run.h
 *		One computation of the kernel over a prepared cone: the state of every node
 *		and the steps that raise it.  Internal to the kernel.
 */
#ifndef OUTBOUND_RUN_H
#define OUTBOUND_RUN_H

#include "model.h"

typedef struct NodeState
{
	bool		touched;		/* a seed's holding, role or principal can matter here */
	bool		status;
	bool		whole;			/* passes on all it holds */
	int8_t		reason;			/* as in Attribution */
	int8_t		cause;
	uint32_t	rank;
	uint32_t	depth;			/* largest rank that what it passes on rests on */
	const Bound *support;		/* in a ring: the lots' factors when the amount passed */
} NodeState;

/* what made a node one, and from which rank on */
typedef struct Cause
{
	uint32_t	rank;			/* UINT32_MAX: nothing did */
	int8_t		reason;			/* as in Attribution */
} Cause;

/* what a node is to be raised to */
typedef struct Raise
{
	Cause		status;			/* rank UINT32_MAX: not */
	Cause		whole;
	const Bound *support;		/* as in NodeState */
} Raise;

typedef struct Run
{
	Model	   *model;
	Arena	   *scratch;		/* reset at will by every step */
	CoreEnv    *keep;			/* where numbers of the state live */
	uint32_t	root;			/* the only seed, or NO_NODE */
	NodeState  *state;
	Bound	   *amount;			/* [local * n_measures + measure] */
	Bound	   *factor;
	Cause	   *reported;		/* with reports: what makes a member; else NULL */
	uint32_t   *queue;			/* room for every node; see component.c */
	bool	   *queued;
	uint32_t   *position;
	bool	   *doubtful;		/* in the definite run, below a link of which it was not decided whether it is parental: there may be more; NULL: nothing is */
	bool		guessed;		/* of some link it was not decided whether it is parental: the upper runs take it for one */
} Run;

/* room for a run over the model, in env's memory */
extern void run_create(CoreEnv *env, Run *run, Model *model, Arena *scratch);

/* forgets what is known of a node */
extern void run_forget(Run *run, uint32_t local);

/* takes back that an exact run was given up over its budget (ring_budget.h); true if one was */
extern bool run_over_budget(Run *run);

/* makes a node a seed */
extern void run_seed(Run *run, uint32_t local);

/* evaluates one component; those it depends on have been */
extern void run_component(Run *run, uint32_t component);

/* the parts shared with component.c */
extern bool run_failed(Run *run);
extern bool run_is_touched(const Run *run, uint32_t local);
extern Bound run_amount(Run *run, uint32_t local, int measure);
extern Bound run_upstream(Run *run, uint32_t local, int measure, Fraction *weights);
extern bool run_link_carries(const Run *run, const Link *link);
extern void run_factor(Run *run, uint32_t local, Bound *factors);

/*
 * As far as gates, roles and principals raise a node: found first and done then, so that in a ring ranks are
 * rounds, whatever order its nodes are in.  run_raise() tells whether anything rose.
 */
extern Raise run_find_raise(Run *run, uint32_t local, const Bound *amounts, bool settled, bool in_ring);
extern bool run_raise(Run *run, uint32_t local, const Raise *raise);

extern void run_keep_amounts(Run *run, uint32_t local);

/* with reports: the smallest rank that an amount which reaches its line can have, or UINT32_MAX */
extern uint32_t run_report_rank(Run *run, uint32_t local, int measure);

/* with reports, once the component has been evaluated: who of it is a member (report.c) */
extern void run_report(Run *run, uint32_t component);

/* what makes the node a member */
extern Cause run_membership(const Run *run, uint32_t local);

/* takes a cause if it comes earlier */
static inline void
cause_offer(Cause *cause, uint32_t rank, int8_t reason)
{
	if (rank < cause->rank)
		*cause = (Cause) {rank, reason};
}

/* the ring part: a component of several nodes */
extern void ring_solve(Run *run, uint32_t component);

#endif							/* OUTBOUND_RUN_H */
