/*
 * certificate.h
 *		Checks an attribution against the graph, independently of how it was computed
 *		(engine notes 2.6): it must be a fixpoint, every bit of it, and the least one.
 *
 * Nothing of the kernel is used but its types.  Where no ring is, a fixpoint is the
 * only one; a ring is solved again by plain elimination from its seeds up.
 */
#ifndef OUTBOUND_CERTIFICATE_H
#define OUTBOUND_CERTIFICATE_H

#include "arena.h"
#include "kernel.h"

typedef enum CertificateFault
{
	CERTIFICATE_AMOUNT,			/* the amount is not what the holders make it */
	CERTIFICATE_FACTOR,			/* what is passed on is not what it should be */
	CERTIFICATE_UNSUPPORTED,	/* a member that nothing supports */
	CERTIFICATE_MISSED,			/* no member, and should be */
	CERTIFICATE_CIRCULAR,		/* in a ring that supports itself */
	CERTIFICATE_UNCHECKED		/* in a ring that is too large, or too much of a range, to be solved again */
} CertificateFault;

typedef struct CertificateRow
{
	CertificateFault fault;
	NodeId		node;
	int			measure;		/* -1: the status */
	Fraction	claimed;
	Fraction	found;
} CertificateRow;

/* can a test be checked at all?  Not where links carry more than their shares, or another line says who is reported */
extern bool certificate_covers(const OwnershipTest *test);

/*
 * Checks a claim by place in nodes, a cone or the whole graph; its seeds are taken as
 * they are.  Gives the number of rows, in env's memory: none where all is well.
 */
extern uint32_t certificate_check(CoreEnv *env, const Graph *graph, const NodeId *nodes, uint32_t n_nodes,
								  const OwnershipTest *test, KernelRun run, const Attribution *claim,
								  CertificateRow **rows);

/* the register of one measure as the check reads it (certificate_register.c) */
typedef struct CertificateLot
{
	NodeId		holder;
	Fraction	lower;
	Fraction	upper;
	Fraction	factor;			/* filled in by the caller */
	Fraction	weight;			/* the share at which the bound is reached */
} CertificateLot;

typedef struct CertificateRegister
{
	uint32_t	n;
	CertificateLot *lots;
	bool		box;			/* no completion sums to 100%: every share for itself */
	bool		has_rest;		/* what the lots leave is somebody's */
	bool		rest_counts;
	bool		one_vertex;		/* the weights do not depend on the factors */
	Fraction	slack;
	Fraction	rest;			/* weight of the rest where it counts */
} CertificateRegister;

extern void certificate_register(CoreEnv *env, const GraphNode *node, NodeId number, const OwnershipTest *test,
								 int measure, KernelRun run, CertificateRegister *reg);

/* the least (or, in an upper run, largest) amount that the lots' factors give; sets the weights */
extern Fraction certificate_amount(CoreEnv *env, CertificateRegister *reg, bool upper);

#endif							/* OUTBOUND_CERTIFICATE_H */
