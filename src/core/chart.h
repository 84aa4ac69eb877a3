/*
 * chart.h
 *		Structure charts the way transaction lawyers draw them: holders above, the
 *		party in question marked, what is held on the lines.  DOT and Mermaid.
 */
#ifndef OUTBOUND_CHART_H
#define OUTBOUND_CHART_H

#include "core.h"

typedef enum ChartShape
{
	CHART_COMPANY,				/* box */
	CHART_PERSON,				/* ellipse */
	CHART_FUND,					/* triangle in practice: a trapezium here, labels must fit */
	CHART_GOVERNMENT			/* hexagon */
} ChartShape;

typedef struct ChartNode
{
	const char *name;			/* UTF-8; escaped here */
	const char *detail;			/* second line, or NULL */
	ChartShape	shape;
	bool		marked;			/* the party in question */
} ChartNode;

typedef struct ChartEdge
{
	uint32_t	from;			/* index of the holder */
	uint32_t	to;
	const char *label;
	bool		dashed;			/* not ownership: direction, roles, agency */
} ChartEdge;

typedef struct Chart
{
	const ChartNode *nodes;
	uint32_t	n_nodes;
	const ChartEdge *edges;
	uint32_t	n_edges;
} Chart;

/* NUL-terminated, in env's memory */
extern char *chart_dot(CoreEnv *env, const Chart *chart);
extern char *chart_mermaid(CoreEnv *env, const Chart *chart);

#endif							/* OUTBOUND_CHART_H */
