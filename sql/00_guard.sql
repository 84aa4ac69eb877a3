/* outbound: U.S. outbound investment screening (31 CFR Part 850) */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION outbound" to load this file. \quit

/*
 * Nothing is installed into a schema that somebody else owns or has put objects in:
 * they could capture names used below.
 */
SET LOCAL search_path TO pg_catalog, pg_temp;
DO $guard$
BEGIN
	IF EXISTS (SELECT FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
			   WHERE n.nspname = '@extschema@' AND NOT (r.rolsuper OR r.rolname = current_user))
	   OR EXISTS (SELECT FROM pg_depend d
				  WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = '@extschema@'::regnamespace
					AND d.classid <> 'pg_extension'::regclass AND d.deptype = 'n')
	THEN
		RAISE EXCEPTION USING ERRCODE = 'duplicate_object',
			MESSAGE = 'schema "@extschema@" is not an empty schema owned by the installing role';
	END IF;
END
$guard$;
SET LOCAL search_path TO @extschema@, pg_catalog, pg_temp;
