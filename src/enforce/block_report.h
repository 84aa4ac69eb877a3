/*
 * block_report.h
 *		What the trigger tells the session and the server log.
 */
#ifndef OUTBOUND_BLOCK_REPORT_H
#define OUTBOUND_BLOCK_REPORT_H

#include "utils/relcache.h"

#include "compat.h"
#include "screen/screening.h"

typedef struct BlockReport
{
	Relation	rel;
	const char *constraint;
	const Facts *facts;
	const Screening *screening;
	const RuleBook *book;
	bool		with_evidence;	/* the caller may read the relations */
} BlockReport;

/* ERROR OB001 or OB002, and a line in the server log whether or not the session catches it */
EXT_NORETURN extern void report_blocked(const BlockReport *report);

/* WARNING: undetermined, and let in */
extern void report_undetermined(const BlockReport *report);

/* NOTICE: would be blocked, and let in */
extern void report_override(const BlockReport *report, int64 override_id);

#endif							/* OUTBOUND_BLOCK_REPORT_H */
