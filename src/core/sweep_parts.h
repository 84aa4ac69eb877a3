/*
 * sweep_parts.h
 *		What a sweep consists of.  Internal to it.
 */
#ifndef OUTBOUND_SWEEP_PARTS_H
#define OUTBOUND_SWEEP_PARTS_H

#include "arena.h"
#include "sweep.h"

#define NO_ROW			UINT32_MAX
#define NO_SLOT			(UINT32_MAX - 1)
#define MOST_LOSS		(2 * SWEEP_ONE)

/* flags of a portion or row */
#define SURE_STATUS		0x01
#define SURE_WHOLE		0x02	/* counts in full */
#define MAY_STATUS		0x04	/* as far as the ends tell */
#define MAY_WHOLE		0x08
#define OVER_LOWER		0x10	/* << slot: the factor is certainly more than its lower end */

/* what a root has in a node, as it is passed on */
typedef struct Portion
{
	uint32_t	root;
	uint32_t	flags;
	AmountEnds		factor[];		/* by slot: one across the measures, or one for each */
} Portion;

typedef struct Table
{
	uint32_t	n;
	uint32_t	size_class;
	struct Table *next;			/* in the list of those free */
	uint64_t	portions[];		/* n of them, sweep->portion_size apart */
} Table;

/* a sum with its ends; over counts terms that are certainly more than what they added below */
typedef struct Tally
{
	uint64_t	lower;
	uint64_t	upper;
	int32_t		over;
} Tally;

/* what flows to a node from one root */
typedef struct Row
{
	uint32_t	root;
	uint32_t	flags;
	uint32_t	member;			/* of a ring: its index there */
	uint32_t	n_known;		/* holders where something was forgotten that have something of the root recorded */
	uint32_t	next;			/* of the same root in a ring, or NO_ROW */
	int8_t		reason;
	Tally		tallies[];		/* amounts by measure, then what comes down by measure */
} Row;

/* rows of one node or ring, found by root */
typedef struct Rows
{
	uint32_t	n;
	uint32_t	allocated;
	char	   *rows;			/* sweep->row_size apart */
	uint32_t   *place;			/* hash: row number + 1; stamps say whose */
	uint32_t   *stamps;
	uint32_t	n_places;
	uint32_t	stamp;
} Rows;

typedef struct SweepRing SweepRing;

struct Sweep
{
	CoreEnv    *env;
	SweepGraph *graph;
	const OwnershipTest *test;
	SweepOptions options;
	size_t		n_measures;
	size_t		n_slots;
	size_t		portion_size;
	size_t		row_size;
	bool		literal;		/* links have parent bits */
	bool		status_flows;	/* from a member to whoever it holds, has a role in or is the principal of */
	bool		with_rest;		/* the root nobody, graph->n, stands for undisclosed mass */
	uint32_t   *needed_until;	/* by root: 1 + the last component with a link of its to decide, 0 without */
	uint32_t   *pending;		/* by node: what it holds that is not closed */
	Table	  **tables;			/* by node */
	Table	   *free[40];		/* by size class */
	uint64_t   *loss;			/* by node: of a root that was forgotten, what it can pass on at most unless that is recorded */
	uint64_t   *amount_loss;	/* ... and have there at most; MOST_LOSS: or more; in a ring, beside what is recorded */
	bool	   *forgotten;		/* by root */
	uint64_t	missing[2 * MAX_MEASURES];	/* at the node at hand: what a forgotten root of which nothing is recorded may have, as tallies */
	uint32_t	n_lossy;		/* holders there where something was forgotten */
	uint64_t	whole;			/* if only members matter there: what all its holders together have at most; else UINT64_MAX */
	uint64_t	forget_now;		/* up to which factor, at the node at hand */
	Rows		rows;
	Arena		scratch;		/* of one exact comparison */
	Arena		middle;			/* of one ring */

	/* the ring being solved: sweep_ring.c */
	SweepRing  *ring;
	uint32_t   *position;		/* by node: index in its ring */
	uint32_t   *slots;			/* by root: the first row of its chain, NO_ROW, or NO_SLOT if it has none */
	uint32_t   *seen;			/* by node: the last search upward that met it */
	uint32_t	search;
	uint32_t   *stack;
	uint64_t	least_gate;		/* of those that are more than nothing; SWEEP_ONE without one */
	bool		any_share_passes;	/* some gate is nothing */
};

static inline Row *
row_at(const Sweep *sweep, const Rows *rows, uint32_t i)
{
	return (Row *) (rows->rows + i * sweep->row_size);
}

static inline Tally *
row_amount(Row *row, size_t k)
{
	return &row->tallies[k];
}

static inline Tally *
row_down(const Sweep *sweep, Row *row, size_t k)
{
	return &row->tallies[sweep->n_measures + k];
}

static inline Portion *
portion_at(const Sweep *sweep, const Table *table, uint32_t i)
{
	return (Portion *) ((char *) table->portions + i * sweep->portion_size);
}

/* does anybody want to be told of a node? */
static inline bool
sweep_tells_of(const Sweep *sweep, uint32_t node)
{
	return sweep->options.found != NULL && (sweep->options.only == NO_NODE || sweep->options.only == node);
}

/* does what this root has below a component matter to anybody? */
static inline bool
root_matters(const Sweep *sweep, uint32_t root, uint32_t component)
{
	return root == sweep->graph->n || sweep->options.asked == NULL || sweep->options.asked[root] ||
		sweep->needed_until[root] > component + 1;
}

/* sweep_rows.c: sums of flows */
extern Row *rows_find(const Sweep *sweep, const Rows *rows, uint32_t root);
extern void row_clear(const Sweep *sweep, Row *row, uint32_t root);

/* adds what a portion of a link's holder brings the held (sign 1), or takes it off again (-1) */
extern void row_add(const Sweep *sweep, Row *row, uint32_t link, const Portion *portion, int sign);

/* adds what a principal's portion brings its branch or agent */
extern void row_add_principal(Row *row, const Portion *portion);

/* from all holders and principals of a node outside a component (NO_NODE: all): rows by root */
extern void rows_gather(Sweep *sweep, Rows *rows, uint32_t node, uint32_t but_component);

/* what remains of forgotten roots at a node, from outside a component */
extern void node_loss(const Sweep *sweep, uint32_t node, uint32_t but_component, uint64_t *amount, uint64_t *down);

/* takes off a row what a holder in which nothing of its root is recorded may have brought down a link: it brings nothing */
extern void row_miss_nothing(const Sweep *sweep, Row *row, uint32_t link);

/* may there be more of a root in the node at hand than its row records? */
static inline bool
row_misses(const Sweep *sweep, const Row *row)
{
	return row->root < sweep->graph->n && sweep->forgotten[row->root] && row->n_known < sweep->n_lossy;
}

/* sweep_gate.c: status and what is passed on */
extern void row_decide(Sweep *sweep, uint32_t node, Row *row);
extern AmountEnds row_factor(const Sweep *sweep, Row *row, size_t slot, bool *over);
extern bool may_pass_with(const Sweep *sweep, uint32_t node, Row *row, const uint64_t *more);
extern void decide_direct(Sweep *sweep, uint32_t node);

/* what a root passes on at a node of another component or of the ring at hand; flags and all */
extern void portion_of(Sweep *sweep, uint32_t root, uint32_t node, Portion *portion);

/* sweep.c */
extern bool row_portion(Sweep *sweep, Row *row, uint32_t component, uint64_t missing, Portion *portion, uint64_t *forgotten);
extern void table_keep(Sweep *sweep, uint32_t node, uint32_t n, Portion *(*portion) (void *arg, uint32_t i), void *arg);
extern uint64_t forget_at(const Sweep *sweep, uint64_t lost);
extern uint64_t loss_after(const Sweep *sweep, uint32_t node, uint64_t unrecorded, uint64_t forgotten);
extern void row_report(Sweep *sweep, uint32_t node, Row *row);

/* sweep_ring.c: a component of several nodes */
extern bool ring_sweep(Sweep *sweep, uint32_t component);
extern void ring_close(Sweep *sweep, uint32_t component);

/* the portion of the root being solved in a member of the ring; false: no member */
extern bool ring_portion(const Sweep *sweep, uint32_t node, Portion *portion);

#endif							/* OUTBOUND_SWEEP_PARTS_H */
