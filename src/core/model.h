/*
 * model.h
 *		A cone prepared for one ownership test and one run: local numbers, registers
 *		with self-holdings taken out, roles, links, components in topological order.
 */
#ifndef OUTBOUND_MODEL_H
#define OUTBOUND_MODEL_H

#include "components.h"
#include "register.h"

#define NO_NODE		UINT32_MAX

typedef enum LinkState
{
	LINK_UNDECIDED,
	LINK_PARENT,				/* the holder by itself is a parent of the held */
	LINK_PLAIN
} LinkState;

/* somebody who holds a measure of an entity or has a role in it */
typedef struct Link
{
	uint32_t	holder;
	bool		role;			/* by a role that confers status */
	uint8_t		state;			/* LinkState; used by LINK_LITERAL alone */
} Link;

typedef struct ModelNode
{
	NodeId		node;			/* in the graph */
	Register   *registers;		/* by measure of the test */
	uint32_t	n_links;
	Link	   *links;			/* by holder */
	uint32_t	n_principals;
	uint32_t   *principals;
} ModelNode;

typedef struct Model
{
	CoreEnv    *env;
	const Graph *graph;
	const OwnershipTest *test;
	KernelRun	run;
	bool		upper;			/* not RUN_DEFINITE */
	bool		has_open_ends;	/* some lot has an open end: bounds may be unattained */
	uint32_t	n;
	ModelNode  *nodes;
	uint32_t	max_links;		/* of one node */
	uint32_t   *place;			/* hash of NodeId: local number + 1 */
	size_t		place_size;
	uint32_t   *held_start;		/* n + 1: whom a holder's status or factor touches */
	uint32_t   *held;
	Components	components;
	bool	   *open_ends;		/* by component: some lot of it or above it has one; NULL: none has */
	bool	   *rest_reaches;	/* undisclosed mass can reach the node (RUN_UNDISCLOSED) */
} Model;

extern void model_build(CoreEnv *env, Model *model, const Graph *graph, const NodeId *nodes,
						uint32_t n_nodes, const OwnershipTest *test, KernelRun run);

/* the local number, or NO_NODE */
extern uint32_t model_find(const Model *model, NodeId node);

#endif							/* OUTBOUND_MODEL_H */
