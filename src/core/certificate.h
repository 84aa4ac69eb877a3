/*
 * certificate.h
 *		Checks attributions against the graph, independently of how they were computed
 *		(engine notes 2.6): each must be a fixpoint, every bit of it, and the least one.
 *
 * Nothing of the kernel is used but its types.  A fixpoint is never below the least one
 * (Park induction).  Nor is it above it where its members can be raised from the seeds up
 * and whatever flows round a ring is fed from outside: the step is concave in what is
 * passed on, and such a step has one fixpoint that is fed everywhere.
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
	CERTIFICATE_UNCHECKED		/* in a ring in which a gate is met only in the limit, too large to be solved */
} CertificateFault;

typedef struct CertificateRow
{
	CertificateFault fault;
	NodeId		node;
	int			measure;		/* -1: the status */
	Fraction	claimed;
	Fraction	found;
} CertificateRow;

/* what was evaluated for a check; see counters.h for what a computation counts */
typedef struct CertificateCounts
{
	uint64_t	parties;		/* of all claims */
	uint64_t	rings;			/* of several parties, of all claims */
	uint32_t	largest_ring;
} CertificateCounts;

/* an attribution by place in the nodes, and the seeds it should have started from */
typedef struct CertificateClaim
{
	const Attribution *attribution;
	const bool *seeds;
} CertificateClaim;

typedef struct Certificate Certificate;

/* nodes: a cone (closed under holders and principals), or everything there is; many: claims to come */
extern Certificate *certificate_create(CoreEnv *env, const Graph *graph, const NodeId *nodes, uint32_t n_nodes,
									   const OwnershipTest *test, KernelRun run, bool many);

/*
 * Where links carry more than their shares (LINK_LITERAL): a link does if its holder alone
 * makes the held whole.  claims[i] is the one of the node at place i as the only seed; they
 * are taken as they are for what follows, and their bits round rings must be founded.
 */
extern void certificate_links(Certificate *certificate, const CertificateClaim *claims);

/* checks one claim; gives the rows of all calls since certificate_create(), in env's memory */
extern uint32_t certificate_check(Certificate *certificate, const CertificateClaim *claim, CertificateRow **rows);

extern const CertificateCounts *certificate_counts(const Certificate *certificate);

#endif							/* OUTBOUND_CERTIFICATE_H */
