/*
 * share.h
 *		The SQL type share as other parts of the module see it.
 *
 * On disk (after the varlena header, unaligned, native byte order):
 *		uint8	version			1
 *		uint8	flags			SHARE_RANGE, ...
 *		uint16	reserved		0
 *	then one end (exact) or two (lower, upper), each
 *		uint64	num, den		1/0 is infinity
 *	or, where the flag says the end is big,
 *		uint32	n_num, n_den
 *		uint64	limbs[n_num + n_den]	least significant first
 * Equal shares are equal bytes.
 */
#ifndef OUTBOUND_SHARE_H
#define OUTBOUND_SHARE_H

#include "postgres.h"

#include "fmgr.h"

#include "core/share_value.h"

#define SHARE_VERSION		1

#define SHARE_RANGE			0x01	/* two ends follow */
#define SHARE_LOWER_OPEN	0x02
#define SHARE_UPPER_OPEN	0x04
#define SHARE_LOWER_BIG		0x08
#define SHARE_UPPER_BIG		0x10
#define SHARE_ALL_FLAGS		0x1f

/* the value, its limbs (if any) in env's memory */
extern ShareValue share_datum_value(CoreEnv *env, Datum datum);

/* is it, the header taken off, one finite fraction of 64 bits? */
static inline bool
share_bytes_small(const char *bytes, size_t length, uint64 *num, uint64 *den)
{
	static const uint8 exact[4] = {SHARE_VERSION, 0, 0, 0};

	if (length != sizeof(exact) + 2 * sizeof(uint64) || memcmp(bytes, exact, sizeof(exact)) != 0)
		return false;
	memcpy(num, bytes + sizeof(exact), sizeof(uint64));
	memcpy(den, bytes + sizeof(exact) + sizeof(uint64), sizeof(uint64));
	return *den != 0;
}

/* a new datum in the current memory context; ERROR 54000 if its text could not be read back */
extern Datum share_value_datum(CoreEnv *env, const ShareValue *value);

/* the flags byte of a value, stored and sent */
extern uint8 share_value_flags(const ShareValue *value);

/* the type's OID in the schema the extension lives in */
extern Oid	share_type_oid(void);

#define PG_GETARG_SHARE(env, n)			share_datum_value((env), PG_GETARG_DATUM(n))
#define PG_RETURN_SHARE(env, value)		return share_value_datum((env), (value))

#endif							/* OUTBOUND_SHARE_H */
