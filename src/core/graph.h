/*
 * graph.h
 *		The ownership graph: parties as dense numbers, and for each party the
 *		holdings IN it.
 *
 * A graph grows: a party is "expanded" once every interest in it (and, for
 * branch_of and acts_for, every interest it holds) has been added.  A cone is a
 * set of nodes closed under holders, so every answer about an expanded cone is
 * final whatever is added elsewhere.
 */
#ifndef OUTBOUND_GRAPH_H
#define OUTBOUND_GRAPH_H

#include "share_value.h"

/* relation interest, column kind; percentage kinds first */
typedef enum InterestKind
{
	INTEREST_VOTING,
	INTEREST_BOARD,
	INTEREST_EQUITY,
	INTEREST_PROFITS,
	INTEREST_LIQUIDATION,
	INTEREST_GENERAL_PARTNER,
	INTEREST_MANAGING_MEMBER,
	INTEREST_INVESTMENT_ADVISER,
	INTEREST_BOARD_SEAT,
	INTEREST_DIRECTION,
	INTEREST_ACTS_FOR,
	INTEREST_CONTINGENT_EQUITY,
	INTEREST_LIMITED_PARTNER,
	INTEREST_BRANCH_OF,
	INTEREST_UNMAPPED			/* a kind the data names and the contract does not: any of the above, perhaps */
} InterestKind;

#define N_INTEREST_KINDS	(INTEREST_UNMAPPED + 1)
#define N_PERCENTAGE_KINDS	(INTEREST_LIQUIDATION + 1)

/* relation party, column register: who may hold what the listed holders do not */
typedef enum RegisterState
{
	REGISTER_OPEN,				/* anybody: the default */
	REGISTER_CLOSED,			/* nobody of interest */
	REGISTER_COMPLETE			/* nothing is left: the listed holders hold everything */
} RegisterState;

typedef uint32_t NodeId;

/*
 * One holder's interest of one kind in one party, lots of one source added up and
 * the tellings of several sources joined (smallest lower end, largest upper end).
 * A role kind has share [1,1] and only its presence counts.
 */
typedef struct Holding
{
	NodeId		holder;
	uint8_t		kind;			/* InterestKind */
	bool		excepted;		/* every lot is held through securities that would meet 850.501(a) */
	bool		contradicted;	/* several sources told different shares */
	ShareValue	share;
} Holding;

typedef struct GraphNode
{
	const char *id;				/* as text */
	bool		expanded;		/* holdings is whole */
	bool		unheld;			/* an individual or government: nobody holds it, whatever the register says */
	uint8_t		register_state; /* RegisterState */
	Ternary		pooled_fund;
	uint32_t	n_holdings;		/* in this node, ordered by (holder, kind) once expanded; self-holdings included */
	Holding    *holdings;
	uint32_t	n_principals;	/* of whom this node is the branch or agent: status flows from them */
	struct
	{
		NodeId		principal;
		uint8_t		kind;		/* INTEREST_BRANCH_OF or INTEREST_ACTS_FOR */
	}		   *principals;
} GraphNode;

typedef struct Graph Graph;		/* opaque: see graph.c */

extern Graph *graph_create(CoreEnv *env);
extern uint32_t graph_size(const Graph *graph);

/* the node of an id, made (unexpanded, REGISTER_OPEN, UNKNOWN) if new */
extern NodeId graph_intern(Graph *graph, const char *id, size_t length, bool *is_new);
extern bool graph_find(const Graph *graph, const char *id, size_t length, NodeId *node);
extern GraphNode *graph_node(const Graph *graph, NodeId node);

/*
 * One row of relation interest.  source may be NULL.  Rows are collected on the held
 * node (for branch_of and acts_for on the holder, as a principal) until graph_expand()
 * merges them.  A row equal in all but its lot adds up.
 */
extern void graph_add_interest(Graph *graph, NodeId holder, NodeId held, InterestKind kind,
							   const ShareValue *share, bool excepted, const char *source);

/* all rows of this node are in: merge lots and sources, sort, mark expanded */
extern void graph_expand(Graph *graph, NodeId node);

/*
 * The nodes of target's cone (itself, its holders and principals, theirs, ...) in
 * unspecified order; every one must be expanded.
 */
extern uint32_t graph_cone(CoreEnv *env, const Graph *graph, NodeId target, NodeId **nodes);

#endif							/* OUTBOUND_GRAPH_H */
