/*
 * census_cone.h
 *		What some parties of a census hang on, as a graph for the kernel.
 */
#ifndef OUTBOUND_CENSUS_CONE_H
#define OUTBOUND_CENSUS_CONE_H

#include "census.h"

/* adds a party and everybody above it, with all interests in them, to a graph that holds nothing else */
extern void census_cone_add(CoreEnv *env, const Census *census, Graph *graph, uint32_t party);

/* writes one party there: the interests in it, and its principals; by_id: nodes are named by their ids */
extern void census_cone_write(CoreEnv *env, const Census *census, Graph *graph, NodeId node, uint32_t party, bool by_id);

/* a party's node there */
extern bool census_cone_find(const Graph *graph, uint32_t party, NodeId *node);

/* the next party, from *at (0 at first) on, of which this one is the branch; false: no more */
extern bool census_branch_of(const Census *census, uint32_t party, uint32_t *at, uint32_t *principal);

#endif							/* OUTBOUND_CENSUS_CONE_H */
