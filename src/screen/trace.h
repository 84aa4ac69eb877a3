/*
 * trace.h
 *		What was asked on the way to a verdict, and the evidence: the matter of explain().
 */
#ifndef OUTBOUND_TRACE_H
#define OUTBOUND_TRACE_H

#include "screen/screening.h"
#include "screen/transaction.h"

/* one per provision of the rule book */
typedef struct ProvisionTrace
{
	bool		asked;
	Ternary		holds;
	bool		decides;		/* it holds, and the verdict rests on it */
} ProvisionTrace;

/* fills in screening->steps */
extern void trace_steps(Screening *screening, Transaction *transaction, const ProvisionTrace *trace);

/* how a party is held, as far as it bears on a test: one line per holding, nearest first */
extern char *ownership_evidence(Inquiry *inquiry, const char *test, NodeId party);

/* the same for what one root has of a party */
extern char *root_evidence(Inquiry *inquiry, const TestRow *row, NodeId root, NodeId party);

#endif							/* OUTBOUND_TRACE_H */
