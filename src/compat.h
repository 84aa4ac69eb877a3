/*
 * compat.h
 *		What differs between PostgreSQL 15 and 18, under names of our own.
 */
#ifndef OUTBOUND_COMPAT_H
#define OUTBOUND_COMPAT_H

#include "postgres.h"

#include "fmgr.h"
#include "storage/shmem.h"

#if PG_VERSION_NUM < 150000
#error "outbound needs PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/*
 * Soft errors (16): ext_ereturn(fcinfo->context, value, (errcode..., errmsg...)) reports to
 * the caller's error context where there is one; before, it raises.
 */
#if PG_VERSION_NUM >= 160000
#define ext_ereturn(context, value, ...)	ereturn(context, value, __VA_ARGS__)
#define ext_errsave(context, ...)			errsave(context, __VA_ARGS__)
#define ext_soft_error_occurred(context)	SOFT_ERROR_OCCURRED(context)
#else
#define ext_ereturn(context, value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return value; \
	} while (0)
#define ext_errsave(context, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
	} while (0)
#define ext_soft_error_occurred(context)	((void) (context), false)
#endif

/* the module's name and version show in pg_get_loaded_modules() (18) */
#if PG_VERSION_NUM >= 180000
#define EXT_MODULE_MAGIC(name_, version_)	PG_MODULE_MAGIC_EXT(.name = name_, .version = version_)
#else
#define EXT_MODULE_MAGIC(name_, version_)	PG_MODULE_MAGIC
#endif

/* in front of the declaration of a function that does not return; 18 drops the form behind it */
#if PG_VERSION_NUM >= 180000
#define EXT_NORETURN		pg_noreturn
#else
#define EXT_NORETURN		__attribute__((noreturn))
#endif

/* all settings, built-in and custom; give the array back with ext_guc_variables_free() */
#if PG_VERSION_NUM >= 160000
#define ext_guc_variables(n)			get_guc_variables(n)
#define ext_guc_variables_free(array)	pfree(array)
#else
#define ext_guc_variables(n)			(*(n) = GetNumConfigOptions(), get_guc_variables())
#define ext_guc_variables_free(array)	((void) (array))
#endif

/* a range of its bounds; errors raise (16 can also report them to a context) */
#if PG_VERSION_NUM >= 160000
#define ext_make_range(type, lower, upper, empty)	make_range(type, lower, upper, empty, NULL)
#else
#define ext_make_range(type, lower, upper, empty)	make_range(type, lower, upper, empty)
#endif

/* the executor's check of a plan's privileges (16 keeps them apart from the range table) */
#if PG_VERSION_NUM >= 160000
#define ext_check_permissions(stmt)	((void) ExecCheckPermissions((stmt)->rtable, (stmt)->permInfos, true))
#else
#define ext_check_permissions(stmt)	((void) ExecCheckRTPerms((stmt)->rtable, true))
#endif

/* an array of n elements, overflow checked; the second form may exceed 1 GB */
#define ext_alloc_array(type, n)	((type *) palloc(mul_size(sizeof(type), (n))))
#define ext_alloc_huge_array(type, n) \
	((type *) MemoryContextAllocHuge(CurrentMemoryContext, mul_size(sizeof(type), (n))))

#endif							/* OUTBOUND_COMPAT_H */
