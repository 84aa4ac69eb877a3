/*
 * links.h
 *		Which links of a cone are parent-subsidiary (A-01 link_literal).
 */
#ifndef OUTBOUND_LINKS_H
#define OUTBOUND_LINKS_H

#include "run.h"
#include "sweep.h"

/* scratch of searches through the model */
typedef struct Search
{
	uint32_t	stamp;
	uint32_t   *seen;			/* stamp of the search that met the node */
	uint32_t   *stack;
} Search;

extern void search_create(CoreEnv *env, Search *search, const Model *model);

/* forgets what was seen */
extern void search_begin(Search *search, const Model *model);

/*
 * Decides every link whose holder can be reached by others.  run is a run of the same
 * model; its state is used and left forgotten.  middle holds numbers of one root's run.
 * forget: as SweepOptions has it, on the way; what that leaves open is decided exactly
 */
extern void links_decide(Run *run, Search *search, Arena *middle, uint64_t forget);

/* The same, telling on the way what options ask about.  graph is filled.  NULL: out of memory */
extern Sweep *links_sweep(Run *run, Search *search, Arena *middle, SweepGraph *graph, SweepOptions options);

#endif							/* OUTBOUND_LINKS_H */
