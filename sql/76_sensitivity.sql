/*
 * What would be, what was, what tips it, and whether the answer holds.
 */

CREATE FUNCTION what_if(changes jsonb, test text, as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (party_id text, holder_id text, before text, after text, kind text, before_share share, after_share share, proof text)
AS 'MODULE_PATHNAME', 'outbound_what_if'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION what_if(jsonb, text, date) IS
	'The parties whose status under an ownership test would change; no table is written. changes: an array of {"op": "add" | "change" | "remove", "holder", "held", "kind", "share"}: add is one more lot, change sets what the holder has of that kind, remove takes it away; several apply in order. before, after: definite, possible, undisclosed or no. holder_id: whose the party would (cease to) be, in a test asked root by root; NULL in a pooled test and, for 31 CFR 850.206, for being a controlled foreign entity of some U.S. person. kind: the measure of before_share and after_share, the amounts attributed, exact or bounds. proof: of the higher of the two grades. 22023 for a change that is not well formed, 42704 for an unknown party, test or interest';

CREATE FUNCTION status_history(party text, test text, span daterange DEFAULT NULL)
RETURNS TABLE (during daterange, grade text)
AS 'MODULE_PATHNAME', 'outbound_status_history'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION status_history(text, text, daterange) IS
	'A party''s status under a pooled ownership test, or as a controlled foreign entity (31 CFR 850.206), as the step function of time: definite, possible, undisclosed, no, or NULL while no row of party or interest speaks of it or the test does not exist. Days outside span are left out. 42704 for an unknown party or test, 22023 for a test asked root by root, 54000 over 100000 days of change';

CREATE FUNCTION status_history(party bigint, test text, span daterange DEFAULT NULL)
RETURNS TABLE (during daterange, grade text)
AS 'MODULE_PATHNAME', 'outbound_status_history'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION status_history(bigint, text, daterange) IS
	'A party''s status under a pooled ownership test, or as a controlled foreign entity (31 CFR 850.206), as the step function of time: definite, possible, undisclosed, no, or NULL while no row of party or interest speaks of it or the test does not exist. Days outside span are left out. 42704 for an unknown party or test, 22023 for a test asked root by root, 54000 over 100000 days of change';

CREATE FUNCTION status_history(party uuid, test text, span daterange DEFAULT NULL)
RETURNS TABLE (during daterange, grade text)
AS 'MODULE_PATHNAME', 'outbound_status_history'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION status_history(uuid, text, daterange) IS
	'A party''s status under a pooled ownership test, or as a controlled foreign entity (31 CFR 850.206), as the step function of time: definite, possible, undisclosed, no, or NULL while no row of party or interest speaks of it or the test does not exist. Days outside span are left out. 42704 for an unknown party or test, 22023 for a test asked root by root, 54000 over 100000 days of change';
