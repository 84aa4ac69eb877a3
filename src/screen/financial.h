/*
 * financial.h
 *		The four financial tests of 850.209(a)(2).
 */
#ifndef OUTBOUND_FINANCIAL_H
#define OUTBOUND_FINANCIAL_H

#include "screen/foreign_person.h"

#define N_FINANCIAL_METRICS	4	/* revenue, net income, capital expenditure, operating expense */

/* a person of 850.209(a)(1) from or through which the holder may draw */
typedef struct FinancialSource
{
	NodeId		party;
	Ternary		of_concern;
	Ternary		held;
	const ActivityProfile *activity;
	Ternary		counts;			/* an (a)(1) person that is held */
	Ternary		draws;			/* a test that is met counts what is drawn from it; set by financial_tests() */
} FinancialSource;

/* the parties that the holder's figures name as sources, their cones loaded; each once */
extern uint32 financial_sources(Inquiry *inquiry, NodeId holder, NodeId **parties);

/* one finding per metric, and which sources they draw on; none where the ruleset knows no such tests */
extern int	financial_tests(Inquiry *inquiry, NodeId holder, FinancialSource *sources, int n_sources,
							ForeignPersonFinding *findings);

/* its ground in words, and what it lacks while it is unknown: of all sources, or of those that may do what is prohibited */
extern const char *financial_because(Inquiry *inquiry, const ForeignPersonFinding *finding, int n_sources);
extern void financial_missing(Inquiry *inquiry, NodeId holder, const ForeignPersonFinding *finding,
							  const FinancialSource *sources, int n_sources, bool prohibited_only, MissingList *missing);

#endif							/* OUTBOUND_FINANCIAL_H */
