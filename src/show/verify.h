/*
 * verify.h
 *		Shared by the parts of verify(test).
 */
#ifndef OUTBOUND_VERIFY_H
#define OUTBOUND_VERIFY_H

#include "postgres.h"

#include "core/certificate.h"
#include "nodes/execnodes.h"
#include "screen/inquiry.h"

typedef struct Verification
{
	ReturnSetInfo *rsinfo;
	Inquiry    *inquiry;
	TestRow		row;			/* under the readings */
	uint64		checked;		/* parties whose answer was checked */
} Verification;

/* one row of something wrong in a run; holder: whose attribution it is, or NULL */
extern void verify_put_fault(Verification *v, KernelRun run, const char *holder, const CertificateRow *row);

/* one row of an answer that is another than the checked one */
extern void verify_put_grade(Verification *v, const char *door, NodeId party, const char *holder,
							 Grade told, Grade found);

/* checks a test of one holder at a time (verify_roots.c) */
extern void verify_roots(Verification *v);

#endif							/* OUTBOUND_VERIFY_H */
