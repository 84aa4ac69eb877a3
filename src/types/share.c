/*
 * share.c
 *		The SQL type share: storage, text and binary form, comparison, arithmetic.
 *
 * Thin glue over core/share_value.c.  Values are canonical, so that equality is
 * equality of bytes; order needs the fractions.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_type.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/syscache.h"

#include "compat.h"
#include "read/rules.h"
#include "types/share.h"

#define SHARE_HEADER_SIZE	4

static void
share_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored share is not valid")));
}

static void
share_too_long(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("share is too long"),
			 errdetail("A numerator, a denominator or a percentage may have at most %d digits.",
					   FRACTION_MAX_DIGITS)));
}

/* take size bytes of a stored share */
static const char *
take_bytes(const char **at, size_t *left, size_t size)
{
	const char *taken = *at;

	if (*left < size)
		share_corrupt();
	*at += size;
	*left -= size;
	return taken;
}

/* read one stored end; what GMP must not see, zero denominators and leading zeros, is refused */
static Fraction
read_end(CoreEnv *env, const char **at, size_t *left, bool big)
{
	uint64		numbers[2];
	uint32		counts[2];
	FractionLimbs *limbs;
	size_t		size;

	if (!big)
	{
		memcpy(numbers, take_bytes(at, left, sizeof(numbers)), sizeof(numbers));
		if (numbers[1] == 0 && numbers[0] != 1)
			share_corrupt();
		return (Fraction) {numbers[0], numbers[1], NULL, false};
	}
	memcpy(counts, take_bytes(at, left, sizeof(counts)), sizeof(counts));
	size = ((size_t) counts[0] + counts[1]) * sizeof(uint64);
	if (counts[0] == 0 || counts[1] == 0 || size > *left || (counts[0] == 1 && counts[1] == 1) ||
		counts[0] > FRACTION_MAX_BITS / 64 || counts[1] > FRACTION_MAX_BITS / 64)
		share_corrupt();
	limbs = env->allocate(env->arg, sizeof(FractionLimbs) + size);
	limbs->n_num = counts[0];
	limbs->n_den = counts[1];
	memcpy(limbs->limbs, take_bytes(at, left, size), size);
	if (limbs->limbs[counts[0] - 1] == 0 || limbs->limbs[counts[0] + counts[1] - 1] == 0)
		share_corrupt();
	return (Fraction) {0, 0, limbs, false};
}

ShareValue
share_datum_value(CoreEnv *env, Datum datum)
{
	struct varlena *stored = PG_DETOAST_DATUM_PACKED(datum);
	const char *at = VARDATA_ANY(stored);
	size_t		left = VARSIZE_ANY_EXHDR(stored);
	const uint8 *header = (const uint8 *) take_bytes(&at, &left, SHARE_HEADER_SIZE);
	uint8		flags = header[1];
	ShareValue	value;

	if (header[0] != SHARE_VERSION || (flags & ~SHARE_ALL_FLAGS) != 0 ||
		header[2] != 0 || header[3] != 0)
		share_corrupt();
	value.lower = read_end(env, &at, &left, (flags & SHARE_LOWER_BIG) != 0);
	if ((flags & SHARE_RANGE) != 0)
		value.upper = read_end(env, &at, &left, (flags & SHARE_UPPER_BIG) != 0);
	else
		value.upper = value.lower;
	value.lower_open = (flags & SHARE_LOWER_OPEN) != 0;
	value.upper_open = (flags & SHARE_UPPER_OPEN) != 0;
	if (left != 0)
		share_corrupt();
	if ((Pointer) stored != DatumGetPointer(datum))
		pfree(stored);
	return value;
}

/* bytes of one stored end */
static size_t
end_size(const Fraction *a)
{
	if (a->big == NULL)
		return 2 * sizeof(uint64);
	return 2 * sizeof(uint32) + ((size_t) a->big->n_num + a->big->n_den) * sizeof(uint64);
}

static char *
write_end(char *at, const Fraction *a)
{
	if (a->big == NULL)
	{
		memcpy(at, &a->num, sizeof(uint64));
		memcpy(at + sizeof(uint64), &a->den, sizeof(uint64));
	}
	else
		memcpy(at, a->big, end_size(a));
	return at + end_size(a);
}

/* the flags byte of a value */
uint8
share_value_flags(const ShareValue *value)
{
	bool		exact = share_value_is_exact(value);
	uint8		flags = exact ? 0 : SHARE_RANGE;

	if (value->lower_open)
		flags |= SHARE_LOWER_OPEN;
	if (value->upper_open)
		flags |= SHARE_UPPER_OPEN;
	if (value->lower.big != NULL)
		flags |= SHARE_LOWER_BIG;
	if (!exact && value->upper.big != NULL)
		flags |= SHARE_UPPER_BIG;
	return flags;
}

Datum
share_value_datum(CoreEnv *env, const ShareValue *value)
{
	bool		exact = share_value_is_exact(value);
	size_t		size = VARHDRSZ + SHARE_HEADER_SIZE + end_size(&value->lower);
	char	   *datum;
	char	   *at;

	core_check(env);
	if (value->lower.negative || value->upper.negative)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("share must not be negative")));
	if (!share_value_fits(env, value))
		share_too_long();
	if (!exact)
		size += end_size(&value->upper);
	datum = palloc(size);
	SET_VARSIZE(datum, size);
	at = VARDATA(datum);
	at[0] = SHARE_VERSION;
	at[1] = (char) share_value_flags(value);
	at[2] = at[3] = 0;
	at = write_end(at + SHARE_HEADER_SIZE, &value->lower);
	if (!exact)
		write_end(at, &value->upper);
	return PointerGetDatum(datum);
}

static Oid	cached_type_oid = InvalidOid;

static void
forget_type_oid(Datum arg, int cacheid, uint32 hashvalue)
{
	cached_type_oid = InvalidOid;
}

/* the schema that the extension's catalog entry names */
static Oid
extension_namespace(void)
{
	Oid			namespace = InvalidOid;
	Relation	extensions = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum("outbound"));
	scan = systable_beginscan(extensions, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		namespace = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
	systable_endscan(scan);
	table_close(extensions, AccessShareLock);
	return namespace;
}

Oid
share_type_oid(void)
{
	static bool registered = false;
	Oid			namespace;

	if (OidIsValid(cached_type_oid))
		return cached_type_oid;
	if (!registered)
	{
		CacheRegisterSyscacheCallback(TYPEOID, forget_type_oid, (Datum) 0);
		registered = true;
	}
	namespace = extension_namespace();
	if (OidIsValid(namespace))
		cached_type_oid = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
										  CStringGetDatum("share"), ObjectIdGetDatum(namespace));
	if (!OidIsValid(cached_type_oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type \"share\" of extension \"outbound\" does not exist"),
				 errhint("Run CREATE EXTENSION outbound.")));
	return cached_type_oid;
}
