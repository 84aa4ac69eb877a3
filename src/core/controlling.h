/*
 * controlling.h
 *		Links that control what they hold and so count as the whole of it.
 */
#ifndef OUTBOUND_CONTROLLING_H
#define OUTBOUND_CONTROLLING_H

#include "model.h"

/* counts the controlling links of a prepared node as the whole */
extern void controlling_count(Model *model, uint32_t local);

/* for CONTROL_BEYOND_SEEDS: a seed's own links count as told (counted false), or as before */
extern void controlling_seed(Model *model, uint32_t seed, bool counted);

#endif							/* OUTBOUND_CONTROLLING_H */
