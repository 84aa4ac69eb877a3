/*
 * row_security.h
 *		Would policies hide rows of a relation from whoever reads it here?
 */
#ifndef OUTBOUND_ROW_SECURITY_H
#define OUTBOUND_ROW_SECURITY_H

#include "postgres.h"

/* for the current user; policies on what a view reads count as the view's */
extern bool rows_are_filtered(Oid relid);

/* can what the relation shows change with the session's settings alone, within one snapshot? */
extern bool rows_hang_on_session(Oid relid);

/* a fingerprint of what policies and views ask of a session besides its user */
extern uint64 session_fingerprint(void);

#endif							/* OUTBOUND_ROW_SECURITY_H */
