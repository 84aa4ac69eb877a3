/*
 * Enforcement: the trigger that keeps prohibited deals out, and the approvals that override it.
 */

CREATE FUNCTION block_prohibited() RETURNS trigger
LANGUAGE C VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'outbound_block_prohibited';

COMMENT ON FUNCTION block_prohibited() IS
'Trigger function, AFTER INSERT OR UPDATE FOR EACH ROW: raises OB001 for a prohibited deal, and OB002 for an undetermined one if setting undetermined is block and the unknown facts leave a notifiable or prohibited deal open; writes table determination for every deal that it lets in.  Arguments fact=column map columns to deal facts; a column that bears a fact''s name needs none; deal_id=column names the key, facts=column a JSON document of further facts; what a column gives, NULL included, the document does not.  An UPDATE that leaves every mapped fact as it was is not screened.  Reads as the owner of the relations (31 CFR 850.301).';

CREATE FUNCTION override(facts jsonb, reason text, approver text, expires timestamptz) RETURNS bigint
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'outbound_override';

COMMENT ON FUNCTION override(jsonb, text, text, timestamptz) IS
'Records an approval that lets blocked deals with the investor, target and transaction type of these facts in until it expires, and returns its number.  Needs INSERT and SELECT on table deal_override of the source schema.  NULL is error 22004; an expiry that has passed or never comes is 22023.';
