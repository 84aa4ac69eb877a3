/*
 * errcodes.h
 *		The extension's own SQLSTATEs: class OB.
 */
#ifndef OUTBOUND_ERRCODES_H
#define OUTBOUND_ERRCODES_H

#include "utils/elog.h"

#define ERRCODE_OB_PROHIBITED		MAKE_SQLSTATE('O', 'B', '0', '0', '1')
#define ERRCODE_OB_UNDETERMINED		MAKE_SQLSTATE('O', 'B', '0', '0', '2')
#define ERRCODE_OB_LIST_STALE		MAKE_SQLSTATE('O', 'B', '0', '0', '3')
#define ERRCODE_OB_SOURCE_MISSING	MAKE_SQLSTATE('O', 'B', '0', '1', '0')

#endif							/* OUTBOUND_ERRCODES_H */
