/*
 * kernel.h
 *		The least fixpoint of an ownership test over a cone of the graph.
 *
 * One kernel serves every regime: it knows thresholds and flows, not agencies.
 * For a seed set Q, amount A_k(e) = SUM phi_k(x) w_k(x,e); status P(e) if e is a
 * seed, an amount passes its gate, or a role confers it; phi_k(x) is 1 for a
 * member and, below the gate, nothing or x's own proportion.  Amounts are exact;
 * three runs give sound bounds where the data are ranges.
 */
#ifndef OUTBOUND_KERNEL_H
#define OUTBOUND_KERNEL_H

#include "graph.h"

#define MAX_MEASURES	N_PERCENTAGE_KINDS

typedef enum PassBelow
{
	PASS_NOTHING,				/* a holder below the threshold passes nothing */
	PASS_PROPORTION				/* ... its own attributed proportion, at most 1 */
} PassBelow;

typedef enum LinkFactor
{
	LINK_PRODUCT,				/* a link carries its share */
	LINK_LITERAL				/* a link that is itself parent-subsidiary carries 1 */
} LinkFactor;

typedef enum ControlCounts
{
	CONTROL_AS_SHARE,			/* a link counts with its share */
	CONTROL_BEYOND_SEEDS,		/* a controlling link counts as the whole, except the seeds' own (31 CFR 800.244) */
	CONTROL_WHOLE				/* every controlling link does (47 CFR 1.5002) */
} ControlCounts;

/* a line and on which side of it one stands at the line */
typedef struct Gate
{
	Fraction	threshold;
	bool		strict;			/* > rather than >= */
} Gate;

/* one row of outbound.ownership_test under the readings in force */
typedef struct OwnershipTest
{
	int			n_measures;
	struct
	{
		InterestKind kind;
		Fraction	threshold;	/* the gate inside the recursion */
		bool		strict;
		Gate		report;		/* with reports: what makes a member */
		Gate		control;	/* with control_counts: what makes a holder's link controlling */
	}			measures[MAX_MEASURES];
	bool		reports;		/* the gates say who counts whole and confers by roles; members are read off at the end, by report */
	ControlCounts control_counts;	/* a link is controlling by its share of any measure or by a role */
	PassBelow	below;
	LinkFactor	link;
	bool		across_measures;	/* a holder's factor is the largest over the measures (A-02 max), else the same measure */
	bool		status_feeds_back;	/* a member counts as 1; false: proportions only, status is read off at the end */
	uint32_t	roles;			/* bit per InterestKind: the holder of such an interest confers status on the held */
	uint32_t	fund_roles;		/* the same, only where the held is a pooled fund */
	uint32_t	principal_roles;	/* bits of BRANCH_OF, ACTS_FOR: the principal's status flows to the branch or agent */
	bool		equity_votes;	/* where an entity has no voting row at all, its equity rows are read as votes */
	bool		own_shares_count;	/* own shares are outstanding, and nobody's; only with PASS_NOTHING.  Else they are left out */
	bool		roles_carry;	/* a role link counts as parent-subsidiary in LINK_LITERAL (A-07 full) */
} OwnershipTest;

typedef enum KernelRun
{
	RUN_DEFINITE,				/* lower bound: what every completion of the data gives */
	RUN_DISCLOSED,				/* upper bound within the disclosed holders' ranges */
	RUN_UNDISCLOSED				/* upper bound: undisclosed mass of open registers belongs to the seeds */
} KernelRun;

typedef struct Bound
{
	Fraction	value;
	bool		strict;			/* the end itself is not attained */
} Bound;

typedef struct Attribution
{
	uint32_t	n_nodes;		/* length of the arrays: by NodeId, or by place in the cone */
	bool	   *status;
	uint32_t   *rank;			/* 0 for seeds; a member's support has smaller rank; UINT32_MAX for non-members */
	int8_t	   *reason;			/* measure index that first passed, -1 a seed, -2 a role, -3 a principal; -4 no member */
	Bound	   *amount[MAX_MEASURES];	/* A_k(e), not capped; zero outside the reach of the seeds */
	Bound	   *factor[MAX_MEASURES];	/* what e passes on per measure: 1 for members */

	/* for the witness (witness.h) */
	NodeId		root;			/* the only seed in the cone, or UINT32_MAX */
	bool	   *whole;			/* counts in full; a member by role alone does not where roles do not carry */
	int8_t	   *cause;			/* as reason: why it counts in full, else why roles confer its status; -4 they do not */
	uint32_t   *cause_rank;		/* ... its support has smaller rank or depth; UINT32_MAX: no cause */
	uint32_t   *depth;			/* largest rank that what e passes on rests on */
	const Bound **support;		/* by lot: factors when e passed, where a ring changed them since; else NULL */
} Attribution;

typedef struct Kernel Kernel;	/* parent bits of links are computed once and kept */

/* nodes: a cone (closed under holders and principals), all expanded */
extern Kernel *kernel_create(CoreEnv *env, const Graph *graph, const NodeId *nodes, uint32_t n_nodes,
							 const OwnershipTest *test, KernelRun run);

/*
 * The fixpoint for one pool of seeds (or one root).  No seeds at all asks about a
 * holder nobody has disclosed.  The result lives in env's memory.
 */
extern Attribution *kernel_attribute(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds);

/*
 * The same with arrays by place in the cone: for one question of many over a large
 * graph.  A node's place is its index among kernel_create()'s nodes, UINT32_MAX outside.
 */
extern Attribution *kernel_attribute_cone(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds);
extern uint32_t kernel_place(const Kernel *kernel, NodeId node);

#define ENDS_ONE	UINT64_C(10000000000000000)

/* lower <= the true value <= upper, in units of 1 / ENDS_ONE; upper UINT64_MAX: no bound */
typedef struct AmountEnds
{
	uint64_t	lower;
	uint64_t	upper;
} AmountEnds;

/* how much work a ring may take (ring_budget.h): where one pool is asked, and where one root after the other is */
typedef enum RingLimit
{
	RINGS_OF_POOL,
	RINGS_OF_ROOT
} RingLimit;

/*
 * kernel_attribute() (or _cone()), but for what hangs on a ring that is too large for exact numbers
 * and that the seeds reach: *open tells of those, by place; NULL if there are none.  Nobody who is
 * open has an amount in the attribution, nor a status but the seeds.
 */
extern Attribution *kernel_attribute_affordable(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, bool by_place,
												RingLimit limit, bool **open);

/* how many nodes its largest ring has; 0 without one */
extern uint32_t kernel_largest_ring(const Kernel *kernel);

/*
 * Of the definite run: are there links of which it could not be decided whether they are parental, for a ring too large?
 * The upper runs take them for parental and this one does not, so the disclosed run is another one even
 * where the data are exact.  Unless this was asked, what hangs on such links is UNKNOWN, not FALSE.
 */
extern bool kernel_has_doubts(Kernel *kernel);

/* Once something was attributed: are there such links, in whatever run?  Then it is a bound, and no least fixpoint. */
extern bool kernel_has_guessed(const Kernel *kernel);

/* are all its rings together small enough for exact numbers (ring_budget.h)? */
extern bool kernel_is_affordable(const Kernel *kernel);

/* what a pool of seeds has in one node */
typedef struct KernelFinding
{
	bool		status;
	uint32_t	rank;			/* these as in Attribution */
	int8_t		reason;
	bool		whole;
	Bound		amount[MAX_MEASURES];
} KernelFinding;

/*
 * The same for one node of the cone: costs what the seeds reach of it, and no more.
 * For asking about one root after another.  False, and nothing found, if a ring on the way is too
 * large for exact numbers, or has been solved for too many roots already.
 */
extern bool kernel_find(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target,
						KernelFinding *finding);

/*
 * Only whether the seeds make target a member: mostly without long numbers.  UNKNOWN where a ring
 * on the way is too large for them.
 */
extern Ternary kernel_status(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target);

/* the same by an exact run at once, for who has tried the others */
extern Ternary kernel_status_exactly(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target);

/* what they have in target by each measure, enclosed; false if the test is none for enclosures */
extern bool kernel_enclose(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds, NodeId target, AmountEnds *amounts);

/*
 * The same for everything that the seeds reach: the nodes, and of each TRUE, FALSE or,
 * where an exact run has to decide, UNKNOWN.  The arrays are the kernel's, until it is asked again.
 */
extern uint32_t kernel_reached(Kernel *kernel, const NodeId *seeds, uint32_t n_seeds,
							   const NodeId **nodes, const Ternary **status);

/* ... and how much of each measure in a node that was reached */
extern void kernel_reached_amounts(const Kernel *kernel, NodeId node, AmountEnds *amounts);

/* what one root has in a node, as far as integers with two ends tell */
typedef struct RootFinding
{
	Ternary		status;			/* UNKNOWN: an exact run has to decide */
	int8_t		reason;			/* as in Attribution, where status is TRUE: one of what holds */
	AmountEnds		amount[MAX_MEASURES];
} RootFinding;

typedef void (*KernelFound) (void *arg, NodeId root, NodeId node, const RootFinding *finding);

/*
 * Every root by itself, all at once, in one pass over the cone: tells of each node (or of one only,
 * unless that is UINT32_MAX) and each root asked (by NodeId; NULL: all) that has anything there.  A root
 * of which no more than forget is left on the way (in units of 1 / ENDS_ONE) may be forgotten.
 * Root UINT32_MAX is a holder nobody has disclosed (RUN_UNDISCLOSED); whoever is not told of has what
 * that one has.  In the other runs it stands for whoever is not told of, where something was forgotten:
 * with the most that it can have been, and status UNKNOWN if that may be enough.
 * False if the test is none for a sweep; then nothing is told.
 */
extern bool kernel_sweep(Kernel *kernel, const bool *asked, NodeId only, uint64_t forget, KernelFound found, void *arg);

/* up to which factor where statuses matter, and where amounts do */
#define FORGET_ROUGHLY	(ENDS_ONE / 10000)
#define FORGET_FINELY	(ENDS_ONE / 1000000)

/* that, where the cone or a ring in it is so large that a sweep is the quicker for it; else 0 */
extern uint64_t forget_if_large(const Kernel *kernel, uint64_t forget);

#endif							/* OUTBOUND_KERNEL_H */
