/*
 * outbound.h
 *		The module's settings.
 */
#ifndef OUTBOUND_H
#define OUTBOUND_H

/* outbound.max_graph_memory, in kilobytes: what one answer may use for its ownership graph */
extern int	outbound_max_graph_memory;

#endif							/* OUTBOUND_H */
