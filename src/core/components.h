/*
 * components.h
 *		Strongly connected components in topological order.
 */
#ifndef OUTBOUND_COMPONENTS_H
#define OUTBOUND_COMPONENTS_H

#include "core.h"

/* edges lead from start[i] to start[i + 1] - 1 of target */
typedef struct Digraph
{
	uint32_t	n;
	const uint32_t *start;		/* n + 1 */
	const uint32_t *target;
} Digraph;

typedef struct Components
{
	uint32_t	n;
	uint32_t   *of;				/* component of a node; an edge never leads to a larger one */
	uint32_t   *start;			/* n + 1: where a component begins in members */
	uint32_t   *members;
} Components;

/*
 * Components of a digraph.  What a node's edges lead to is in the same component or
 * one of smaller number: with edges from held to holder, holders come first.
 */
extern void components_find(CoreEnv *env, const Digraph *graph, Components *result);

#endif							/* OUTBOUND_COMPONENTS_H */
