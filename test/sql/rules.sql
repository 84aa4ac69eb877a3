-- the rule tables: what is kept, checked, refused and forgotten
\set SHOW_CONTEXT never
SET search_path = public, outbound;
SET client_min_messages = warning;

CREATE FUNCTION raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN sqlstate || ' ' || message || coalesce(' / ' || nullif(detail, ''), '') || coalesce(' / ' || nullif(hint, ''), '');
END $$;

-- what a party that sells other things is: the law says nothing
CREATE FUNCTION verdict() RETURNS outcome LANGUAGE sql STABLE RETURN covered_activity('{"verbs": ["sells"], "object": "other"}'::jsonb);
SELECT verdict();

-- every shipped provision compiles, in every ruleset
SELECT count(*) > 50 AS provisions, bool_and(check_condition(condition, ruleset)) AS compile FROM provision;

-- a house rule takes effect at once, within its transaction and in other sessions after commit
\set house 'INSERT INTO outbound.provision (ruleset, cite, stage, outcome, condition, summary) VALUES (''FINAL-2025-01-02'', ''house 1'', ''activity'', ''prohibited'', ''verbs && {sells} and object = ''''other'''''', ''Nothing is sold.'')'
BEGIN;
:house;
SELECT verdict();
SAVEPOINT a;
DELETE FROM provision WHERE origin = 'firm';
SELECT verdict();
ROLLBACK TO a;
SELECT verdict();
COMMIT;
SELECT verdict();
SELECT cite, outcome, holds, house_rule FROM covered_activity_findings('{"verbs": ["sells"], "object": "other"}') WHERE holds;
\c -
SET search_path = public, outbound;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SELECT verdict();

-- what is rolled back is forgotten, also when this session had read it
BEGIN;
DELETE FROM provision WHERE origin = 'firm';
SELECT verdict();
ROLLBACK;
SELECT verdict();
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT verdict();
SAVEPOINT a;
UPDATE provision SET outcome = 'notifiable' WHERE origin = 'firm';
SELECT verdict();
ROLLBACK TO a;
SELECT verdict();
DELETE FROM provision WHERE origin = 'firm';
SELECT verdict();
ROLLBACK;
SELECT verdict();
DELETE FROM provision WHERE origin = 'firm';
SELECT verdict();

-- a reader in the middle of a writing statement leaves nothing behind
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM verdict(); RETURN NULL; END $$;
CREATE TRIGGER look AFTER INSERT ON provision FOR EACH ROW EXECUTE FUNCTION look();
BEGIN;
:house;
ROLLBACK;
SELECT verdict();
BEGIN;
:house;
SELECT verdict();
COMMIT;
SELECT verdict();
DROP TRIGGER look ON provision;
DELETE FROM provision WHERE origin = 'firm';

-- many changes in one statement: every verdict is that of its moment
CREATE FUNCTION flip(n int) RETURNS TABLE (outcome outcome, times bigint) LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE seen (o outcome);
	FOR i IN 1..n LOOP
		INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary)
		VALUES ('FINAL-2025-01-02', 'house', 'activity', 'notifiable', 'object = ''other''', 'Flips.');
		INSERT INTO seen SELECT verdict();
		DELETE FROM provision WHERE cite = 'house';
		INSERT INTO seen SELECT verdict();
	END LOOP;
	RETURN QUERY SELECT o, count(*) FROM seen GROUP BY o ORDER BY o;
END $$;
SELECT * FROM flip(50);

-- readings
SELECT covered_activity('{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "node_nm": 28,
	"fdsoi": true, "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 300}');
BEGIN;
INSERT INTO reading_choice (reading, option, why) VALUES ('A-19', 'node_limited', 'test');
SELECT reading, default_option, chosen, in_effect, why FROM readings WHERE reading = 'A-19';
SELECT cite, variant, applies FROM law WHERE reading = 'A-19' AND ruleset = 'FINAL-2025-01-02' ORDER BY variant;
SELECT covered_activity('{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "node_nm": 28,
	"fdsoi": true, "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 300}');
ROLLBACK;
SELECT raised($$INSERT INTO reading_choice (reading, option, why) VALUES ('A-19', 'node_limit', 'test')$$);
SELECT raised($$INSERT INTO reading_choice (reading, option, why) VALUES ('A-19', 'never', 'test')$$);
SELECT raised($$INSERT INTO ownership_test_reading (test, reading, option, changes) VALUES ('31 CFR 850.206', 'A-19', 'any', '{}')$$);

-- rows that name each other
SELECT raised($$INSERT INTO country_of_concern (ruleset, country, name, cite) VALUES ('none', 'XX', 'Nowhere', 'x')$$);
SELECT raised($$INSERT INTO reading_choice (reading, option, why) VALUES ('A-99', 'x', 'test')$$);
SELECT raised($$INSERT INTO ownership_test_reading (test, reading, option, changes) VALUES ('none', 'A-19', 'any_node', '{}')$$);
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary) VALUES ('house', '1', 'activity', 'notifiable', 'fdsoi', 'x');
INSERT INTO ruleset (ruleset, title, cite, status, summary) VALUES ('house', 'House rules', 'memo 7', 'proposal', 'None.');
COMMIT;
SELECT raised($$DELETE FROM ruleset WHERE ruleset = 'house'$$);
SELECT raised($$UPDATE ruleset SET ruleset = 'home' WHERE ruleset = 'house'$$);
DELETE FROM provision WHERE ruleset = 'house';
DELETE FROM ruleset WHERE ruleset = 'house';

-- rulesets
SELECT raised($$SELECT check_condition('fdsoi', 'FINAL-2025-01-01')$$);
SELECT check_condition('fdsoi', 'FINAL-2025-01-02');
BEGIN;
INSERT INTO ruleset (ruleset, title, cite, status, in_force, summary) VALUES ('house', 'House rules', 'memo 7', 'law', '[2000-01-01,2000-02-01)', 'None.');
INSERT INTO setting (name, value) VALUES ('ruleset', 'house');
SELECT covered_activity('{}');
UPDATE setting SET value = 'hose' WHERE name = 'ruleset';
SELECT raised($$SELECT covered_activity('{}')$$);
ROLLBACK;
SELECT covered_activity('{}');

-- dates: a rule counts on its days alone
BEGIN;
INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary, in_force) VALUES
	('FINAL-2025-01-02', 'house past', 'activity', 'prohibited', 'object = ''other''', 'Gone.', daterange(NULL, current_date)),
	('FINAL-2025-01-02', 'house future', 'activity', 'prohibited', 'object = ''other''', 'To come.', daterange(current_date + 1, NULL));
SELECT verdict();
UPDATE provision SET in_force = daterange(current_date, current_date, '[]') WHERE cite = 'house past';
SELECT verdict();
ROLLBACK;

-- conditions are checked when they are written
CREATE FUNCTION written(condition text) RETURNS text LANGUAGE sql
RETURN raised(format('INSERT INTO outbound.provision (ruleset, cite, stage, outcome, condition, summary) VALUES (''FINAL-2025-01-02'', ''house x'', ''activity'', ''prohibited'', %L, ''x'')', condition));
SELECT c, written(c) FROM unnest(ARRAY['objekt = ''other''', 'object = ''othr''', 'object > 3', 'node_nm = ''16''', 'verbs && {sell}', 'fdsoi >', 'object = ''other''']) c;
DELETE FROM provision WHERE origin = 'firm';
SELECT raised($$SELECT check_condition('objekt = ''other''')$$);
SELECT raised($$SELECT check_condition('object = ''othr''')$$);
SELECT raised($$SELECT holds('objekt', '{}')$$);
SELECT raised($$INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary) VALUES ('FINAL-2025-01-02', 'house', 'activity', 'excepted', 'fdsoi', 'x')$$);
SELECT raised($$INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary, reading, options) VALUES ('FINAL-2025-01-02', 'house', 'activity', 'notifiable', 'fdsoi', 'x', 'A-19', '{no_node}')$$);
SELECT raised($$INSERT INTO provision (ruleset, cite, variant, stage, outcome, condition, summary) SELECT ruleset, cite, variant, stage, outcome, condition, summary FROM provision WHERE cite = '850.224(a)' AND ruleset = 'FINAL-2025-01-02'$$);

-- a house fact may come after the provision that asks for it, within one transaction; it stays while it is needed
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary) VALUES
	('FINAL-2025-01-02', 'house', 'activity', 'prohibited', 'drone_range_km > 300', 'Long-range drones.'),
	('FINAL-2025-01-02', 'house wrong', 'activity', 'prohibited', 'drone_rang_km > 300', 'Corrected below.');
UPDATE provision SET condition = 'drone_range_km > 1000' WHERE cite = 'house wrong';
INSERT INTO fact (fact, kind, type, unit, question) VALUES ('drone_range_km', 'activity', 'number', 'km', 'How far does the drone fly?');
COMMIT;
SELECT covered_activity('{"verbs": ["sells"], "object": "other", "drone_range_km": 300}'), covered_activity('{"verbs": ["sells"], "object": "other", "drone_range_km": "300.1"}'),
	covered_activity('{"verbs": ["sells"], "object": "other"}');
SELECT raised($$DELETE FROM fact WHERE fact = 'drone_range_km'$$);
SELECT raised($$UPDATE fact SET type = 'boolean' WHERE fact = 'drone_range_km'$$);
SELECT raised($$UPDATE fact SET question = 'How far can the drone fly?' WHERE fact = 'drone_range_km'$$);
DELETE FROM provision WHERE origin = 'firm';
DELETE FROM fact WHERE origin = 'firm';

-- what is shipped stays
SELECT t, raised(format('UPDATE %I SET origin = origin', t)) FROM unnest('{ruleset,fact,reading,provision,country_of_concern,third_country,list,ownership_test,ownership_test_reading,parameter,penalty_amount}'::text[]) t;
SELECT t, raised(format('DELETE FROM %I', t)) LIKE '%cannot be changed%' AS refused, raised(format('TRUNCATE %I CASCADE', t)) LIKE '%cannot be changed%' AS refused
FROM unnest('{ruleset,fact,reading,provision,country_of_concern,third_country,list,ownership_test,ownership_test_reading,parameter,penalty_amount}'::text[]) t;
SELECT raised($$INSERT INTO country_of_concern (ruleset, country, name, cite, origin) VALUES ('FINAL-2025-01-02', 'XX', 'Nowhere', 'x', 'outbound')$$);
SELECT raised($$INSERT INTO country_of_concern (ruleset, country, name, cite) VALUES ('FINAL-2025-01-02', 'XX', 'Nowhere', 'x')$$);
SELECT raised($$UPDATE country_of_concern SET origin = 'outbound' WHERE country = 'XX'$$);
DELETE FROM country_of_concern WHERE country = 'XX';

-- the triggers are for the extension's own tables
CREATE TABLE mine (a int);
CREATE TRIGGER t BEFORE UPDATE ON mine FOR EACH STATEMENT EXECUTE FUNCTION announce_rule_change();
SELECT raised('UPDATE mine SET a = 1');
CREATE TRIGGER u BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION protect_shipped_rows();
SELECT raised('INSERT INTO mine VALUES (1)');
SELECT raised('SELECT check_provision()');
DROP TABLE mine;

-- announced twice a statement, settled in the end, and one row for ever
SELECT generation AS before FROM rule_generation \gset
INSERT INTO setting (name, value) VALUES ('ruleset', 'FINAL-2025-01-02');
DELETE FROM setting;
SELECT generation - :before AS announced, writers FROM rule_generation;
SELECT raised('INSERT INTO rule_generation VALUES (1, 0)');

-- who may not write rules may read them; who may write needs no right on rule_generation
CREATE ROLE regress_outbound_reader;
GRANT USAGE ON SCHEMA outbound, public TO regress_outbound_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA outbound TO regress_outbound_reader;
SET ROLE regress_outbound_reader;
SELECT verdict();
SELECT raised($$INSERT INTO setting VALUES ('ruleset', 'NPRM-2024-07-05')$$);
RESET ROLE;
GRANT INSERT ON setting TO regress_outbound_reader;
BEGIN;
SET LOCAL ROLE regress_outbound_reader;
INSERT INTO setting VALUES ('ruleset', 'FINAL-2025-01-02');
SELECT current_user, verdict();
ROLLBACK;
DROP OWNED BY regress_outbound_reader;
DROP ROLE regress_outbound_reader;

-- the firm's rows alone are dumped
SELECT c.relname, x.condition FROM pg_extension e, unnest(e.extconfig, e.extcondition) AS x (table_, condition)
JOIN pg_class c ON c.oid = x.table_ WHERE e.extname = 'outbound' AND c.relname IN ('ruleset', 'fact', 'reading', 'reading_choice',
	'provision', 'country_of_concern', 'third_country', 'list', 'ownership_test', 'ownership_test_reading', 'parameter', 'penalty_amount', 'setting', 'rule_generation')
ORDER BY c.relname COLLATE "C";

-- everything has a comment
SELECT c.relname, a.attname FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'outbound'
	LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relname IN ('ruleset', 'fact', 'reading', 'reading_choice', 'provision', 'country_of_concern', 'third_country', 'list', 'ownership_test', 'ownership_test_reading',
	'parameter', 'penalty_amount', 'setting', 'rule_generation', 'readings', 'law') AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL);

DROP FUNCTION raised, verdict, look, flip, written;
