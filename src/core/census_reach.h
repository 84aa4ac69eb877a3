/*
 * census_reach.h
 *		Everything below one party of a census, with all that it hangs on, as a graph for the kernel.
 */
#ifndef OUTBOUND_CENSUS_REACH_H
#define OUTBOUND_CENSUS_REACH_H

#include "census.h"

typedef struct CensusReach
{
	uint32_t   *parties;		/* the party, what is below it level by level, then whoever is above any of that */
	uint32_t	n;
	uint32_t	n_below;		/* of them, the party itself among them */
} CensusReach;

extern CensusReach census_reach(CoreEnv *env, const Census *census, uint32_t party);

/* these parties under their own ids, numbered as they come, and all interests in them, in a graph that holds nothing else */
extern void census_reach_graph(CoreEnv *env, const Census *census, const CensusReach *reach, Graph *graph);

#endif							/* OUTBOUND_CENSUS_REACH_H */
