/*
 * Questions about facts: what an activity is, and whether a condition holds.  Each has
 * three forms: jsonb, text (a JSON document) and record (any row, by column name).
 */

CREATE FUNCTION covered_activity(facts jsonb) RETURNS outcome
AS 'MODULE_PATHNAME', 'outbound_covered_activity_jsonb'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100;

CREATE FUNCTION covered_activity(facts text) RETURNS outcome
AS 'MODULE_PATHNAME', 'outbound_covered_activity_text'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 150;

CREATE FUNCTION covered_activity(facts record) RETURNS outcome
AS 'MODULE_PATHNAME', 'outbound_covered_activity_record'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 50;

CREATE FUNCTION covered_activity_findings(facts jsonb, OUT cite text, OUT outcome outcome, OUT sector text,
	OUT holds boolean, OUT missing text[], OUT summary text, OUT house_rule boolean) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'outbound_covered_activity_findings_jsonb'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000 ROWS 30;

CREATE FUNCTION covered_activity_findings(facts text, OUT cite text, OUT outcome outcome, OUT sector text,
	OUT holds boolean, OUT missing text[], OUT summary text, OUT house_rule boolean) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'outbound_covered_activity_findings_text'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000 ROWS 30;

CREATE FUNCTION covered_activity_findings(facts record, OUT cite text, OUT outcome outcome, OUT sector text,
	OUT holds boolean, OUT missing text[], OUT summary text, OUT house_rule boolean) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'outbound_covered_activity_findings_record'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000 ROWS 30;

CREATE FUNCTION holds(condition condition, facts jsonb) RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_holds_jsonb'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100;

CREATE FUNCTION holds(condition condition, facts text) RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_holds_text'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 150;

CREATE FUNCTION holds(condition condition, facts record) RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_holds_record'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 50;

CREATE FUNCTION missing_facts(condition condition, facts jsonb) RETURNS text[]
AS 'MODULE_PATHNAME', 'outbound_missing_facts_jsonb'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100;

CREATE FUNCTION missing_facts(condition condition, facts text) RETURNS text[]
AS 'MODULE_PATHNAME', 'outbound_missing_facts_text'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 150;

CREATE FUNCTION missing_facts(condition condition, facts record) RETURNS text[]
AS 'MODULE_PATHNAME', 'outbound_missing_facts_record'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 50;

CREATE FUNCTION check_condition(condition condition, ruleset text DEFAULT NULL) RETURNS boolean
AS 'MODULE_PATHNAME', 'outbound_check_condition'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 1000;

COMMENT ON FUNCTION covered_activity(jsonb) IS
'what one activity is under 850.217 and 850.224(a)-(k) and the firm''s house rules: not_covered, notifiable or prohibited, or undetermined where unknown facts decide; NULL for NULL; an unknown key is error 42703, a value that its fact cannot take 22023';
COMMENT ON FUNCTION covered_activity(text) IS
'covered_activity of a JSON document given as text';
COMMENT ON FUNCTION covered_activity(record) IS
'covered_activity of a row: columns named as facts count, others are ignored, a jsonb column "facts" is read as well; a NULL column is unknown; 42804 if a column''s type cannot hold its fact';
COMMENT ON FUNCTION covered_activity_findings(jsonb) IS
'every provision on activities in force today: whether it holds (NULL: cannot be determined) and the facts that are missing to tell; 850.217, 850.224(a)-(k)';
COMMENT ON FUNCTION covered_activity_findings(text) IS
'covered_activity_findings of a JSON document given as text';
COMMENT ON FUNCTION covered_activity_findings(record) IS
'covered_activity_findings of a row, by column name';
COMMENT ON FUNCTION holds(condition, jsonb) IS
'whether a condition holds for the facts of an activity or a deal: true, false, or NULL where unknown facts decide; computed facts are unknown here; errors 42703, 42804 and 22023 as check_condition';
COMMENT ON FUNCTION holds(condition, text) IS
'whether a condition holds for a JSON document given as text';
COMMENT ON FUNCTION holds(condition, record) IS
'whether a condition holds for a row, by column name';
COMMENT ON FUNCTION missing_facts(condition, jsonb) IS
'the facts whose lack leaves the condition undetermined; empty where it holds or fails';
COMMENT ON FUNCTION missing_facts(condition, text) IS
'missing_facts for a JSON document given as text';
COMMENT ON FUNCTION missing_facts(condition, record) IS
'missing_facts for a row, by column name';
COMMENT ON FUNCTION check_condition(condition, text) IS
'true if every name, type and value of the condition is in the dictionary; else error 42703 (name), 42804 (type) or 22023 (value) with the nearest known one; 42704 if the ruleset does not exist; NULL for NULL';
