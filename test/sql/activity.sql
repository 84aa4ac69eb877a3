-- what an activity is, and how facts reach the engine
\set SHOW_CONTEXT never
SET search_path = public, outbound;
SET client_min_messages = warning;

-- what a statement raises: SQLSTATE, message, hint
CREATE FUNCTION raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	RETURN sqlstate || ' ' || message || coalesce(' / ' || nullif(hint, ''), '');
END $$;

-- one provision each, on both sides of its threshold
CREATE TABLE fab (id int PRIMARY KEY, verbs text[], object text, ic_kind text, transistor text, node_nm numeric, fdsoi boolean,
	nand_layers int, dram_half_pitch_nm text, gallium_compound boolean, graphene_or_nanotube boolean,
	operating_temperature_k float8, note text, target text);
INSERT INTO fab VALUES
	(1, '{fabricates}', 'integrated_circuit', 'logic', 'planar', 16, false, 0, '0', false, false, 300, 'at the node', 'X'),
	(2, '{fabricates}', 'integrated_circuit', 'logic', 'planar', 16.000000000000000000001, false, 0, '0', false, false, 300, 'just above', 'X'),
	(3, '{fabricates}', 'integrated_circuit', 'logic', 'non_planar', 130, false, 0, '0', false, false, 300, 'any node', 'X'),
	(4, '{fabricates}', 'integrated_circuit', 'nand', 'planar', 130, false, 128, '0', false, false, 300, 'layers', 'X'),
	(5, '{fabricates}', 'integrated_circuit', 'nand', 'planar', 130, false, 127, '0', false, false, 300, 'layers', 'X'),
	(6, '{fabricates}', 'integrated_circuit', 'dram', 'planar', 130, false, 0, '18', false, false, 300, 'half-pitch', 'X'),
	(7, '{fabricates}', 'integrated_circuit', 'dram', 'planar', 130, false, 0, '1.81e1', false, false, 300, 'half-pitch', 'X'),
	(8, '{fabricates}', 'integrated_circuit', 'other', 'planar', 130, false, 0, '0', true, false, 300, 'gallium', 'X'),
	(9, '{fabricates}', 'integrated_circuit', 'other', 'planar', 130, false, 0, '0', false, false, 4.5, 'cold', 'X'),
	(10, '{fabricates}', 'integrated_circuit', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'nothing known', 'X'),
	(11, '{sells}', 'integrated_circuit', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'only sells', 'X'),
	(12, '{sells,NULL}', 'integrated_circuit', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'sells, and more', 'X'),
	(13, '{}', 'integrated_circuit', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'does nothing', 'X'),
	(14, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'nothing known at all', 'X');
SELECT id, note, covered_activity(f) FROM fab f ORDER BY id;

-- the same through a document
SELECT count(*) AS rows, count(*) FILTER (WHERE covered_activity(f) = covered_activity(to_jsonb(f) - '{id,note,target}'::text[])) AS same
FROM fab f;
SELECT count(*) AS same FROM fab f
WHERE covered_activity(f) = covered_activity((to_jsonb(f) - '{id,note,target}'::text[])::text);

-- training operations: exact, strict, as number or string
SELECT o, covered_activity(jsonb_build_object('verbs', '{develops}'::text[], 'object', 'ai_system', 'training_operations', o,
	'primarily_biological_data', false, 'designed_for', '{}'::text[], 'designed_exclusively_for', '{}'::text[], 'intended_for', '{}'::text[]))
FROM unnest('{1e23,1.0001e23,1e24,1e25,10000000000000000000000001,1e26}'::text[]) o;
SELECT covered_activity('{"verbs": ["develops"], "object": "ai_system", "training_operations": 1e25, "primarily_biological_data": false,
	"designed_for": [], "designed_exclusively_for": [], "intended_for": []}');

-- absent, null and an open set are unknown
SELECT covered_activity('{}'), covered_activity('{"verbs": null}'), covered_activity('{"object": "other"}'),
	covered_activity('{"verbs": ["sells"]}'), covered_activity('{"verbs": [], "object": null}');
SELECT covered_activity('{"verbs": ["fabricates", null], "object": "integrated_circuit", "ic_kind": "nand", "nand_layers": 200}');

-- what is missing, provision by provision
SELECT cite, outcome, holds, missing FROM covered_activity_findings('{"verbs": ["packages"], "object": "integrated_circuit"}') WHERE holds IS NOT FALSE;
SELECT count(*) > 30 AS all_provisions, count(*) FILTER (WHERE holds IS NULL) AS undetermined, bool_or(house_rule) AS house
FROM covered_activity_findings((SELECT f FROM fab f WHERE id = 3));

-- NULL in, NULL out
SELECT covered_activity(NULL::jsonb), covered_activity(NULL::text), covered_activity(NULL::fab),
	holds(NULL, '{}'), holds('fdsoi', NULL::jsonb), missing_facts('fdsoi', NULL::text), check_condition(NULL);
SELECT count(*) FROM covered_activity_findings(NULL::jsonb);

-- keys
SELECT raised($$SELECT covered_activity('{"verb": ["sells"]}')$$);
SELECT raised($$SELECT covered_activity('{"zzzzzzzzz": 1}')$$);
SELECT raised($$SELECT covered_activity('{"Verbs": ["sells"]}')$$);
SELECT raised($$SELECT covered_activity('{"target": "X"}')$$);
SELECT raised($$SELECT holds('target_is_covered_foreign_person', '{"target_is_covered_foreign_person": true}')$$);
SELECT raised($$SELECT covered_activity(jsonb_build_object(repeat('x', 5000), 1))$$) LIKE '42703 %' AS long_key;
SELECT covered_activity('{"verbs": ["sells"], "object": "other", "x_note": {"any": ["thing"]}, "x_": 1}');

-- values
SELECT raised($$SELECT covered_activity('[]')$$);
SELECT raised($$SELECT covered_activity('3')$$);
SELECT raised($$SELECT covered_activity('null')$$);
SELECT raised($$SELECT covered_activity('{"verbs"')$$);
SELECT raised($$SELECT covered_activity('{"verbs": "sells"}')$$);
SELECT raised($$SELECT covered_activity('{"verbs": {"sells": true}}')$$);
SELECT raised($$SELECT covered_activity('{"verbs": [["sells"]]}')$$);
SELECT raised($$SELECT covered_activity('{"verbs": ["sell"]}')$$);
SELECT raised($$SELECT covered_activity('{"object": "ai-system"}')$$);
SELECT raised($$SELECT covered_activity('{"object": 1}')$$);
SELECT raised($$SELECT covered_activity('{"fdsoi": "true"}')$$);
SELECT raised($$SELECT covered_activity('{"node_nm": "16 nm"}')$$);
SELECT raised($$SELECT covered_activity('{"node_nm": true}')$$);
SELECT raised($$SELECT covered_activity('{"node_nm": "1e99999"}')$$);
SELECT raised($$SELECT holds('signed_on > date ''2025-01-02''', '{"signed_on": "02/01/2025"}')$$);
SELECT raised($$SELECT holds('signed_on > date ''2025-01-02''', '{"signed_on": "2025-02-30"}')$$);

-- rows: columns of a type that cannot be the fact, values that are none
SELECT raised($$SELECT covered_activity(r) FROM (SELECT 1 AS fdsoi) r$$);
SELECT raised($$SELECT covered_activity(r) FROM (SELECT 'sells' AS verbs) r$$);
SELECT raised($$SELECT covered_activity(r) FROM (SELECT '{sell}'::text[] AS verbs) r$$);
SELECT raised($$SELECT covered_activity(r) FROM (SELECT 'NaN'::numeric AS node_nm) r$$);
SELECT raised($$SELECT covered_activity(r) FROM (SELECT '-infinity'::float8 AS node_nm) r$$);
SELECT raised($$SELECT holds('signed_on > date ''2025-01-02''', r) FROM (SELECT 'infinity'::date AS signed_on) r$$);
SELECT covered_activity(r) FROM (SELECT 'sells' AS prohibited_activity, 1 AS x) r;

-- rows: every type that may hold a fact
CREATE TYPE thing AS ENUM ('ai_system', 'other');
CREATE TYPE doing AS ENUM ('develops', 'sells');
CREATE DOMAIN nanometers AS numeric CHECK (VALUE > 0);
SELECT covered_activity(r) FROM (SELECT 'other'::thing AS object, '{sells}'::doing[] AS verbs) r;
SELECT covered_activity(r) FROM (SELECT '"other"'::jsonb AS object, '["sells"]'::jsonb AS verbs) r;
SELECT covered_activity(r) FROM (SELECT 'other'::varchar(9) AS object, '{sells}'::varchar(9)[] AS verbs) r;
SELECT holds('node_nm = 6.5', r), holds('node_nm = 6.5', s), holds('node_nm = 0.1', t), holds('node_nm = 7', u), holds('node_nm = -7', v)
FROM (SELECT 6.5::nanometers AS node_nm) r, (SELECT '13/2'::text AS node_nm) s, (SELECT 0.1::float8 AS node_nm) t,
	(SELECT 7::int2 AS node_nm) u, (SELECT (-7)::int8 AS node_nm) v;
SELECT holds('signed_on = date ''2025-01-02''', r) AS date, holds('signed_on = date ''2025-01-02''', s) AS timestamp, holds('signed_on = date ''2025-01-02''', t) AS text,
	holds('signed_on = date ''2025-01-01''', u) AS eastern
FROM (SELECT date '2025-01-02' AS signed_on) r, (SELECT timestamp '2025-01-02 23:59' AS signed_on) s, (SELECT '2025-01-02'::text AS signed_on) t,
	(SELECT timestamptz '2025-01-02 04:59 UTC' AS signed_on) u;
SELECT holds('target = ''42''', r), holds('target = ''42''', '{"target": 42}'), holds('target = ''b5a0c0de-0000-4000-8000-000000000001''', s)
FROM (SELECT 42::bigint AS target) r, (SELECT 'b5a0c0de-0000-4000-8000-000000000001'::uuid AS target) s;

-- a column "facts" is read as well; columns win
SELECT covered_activity(r) FROM (SELECT 7 AS party_id, '{"verbs": ["sells"], "object": "ai_system", "x_y": 1}'::jsonb AS facts, 'other' AS object) r;
SELECT i, covered_activity(r) FROM (VALUES (1, '{"verbs": ["sells"], "object": "other"}'::json), (2, NULL), (3, '{"object": "other"}')) r (i, facts);
SELECT raised($$SELECT covered_activity(r) FROM (SELECT '{"objekt": "other"}'::jsonb AS facts) r$$);

-- numbers are exact whatever their stored form
CREATE TABLE number (node_nm numeric);
INSERT INTO number SELECT (s || m || 'e' || e)::numeric FROM unnest('{"",-}'::text[]) s, generate_series(-30, 30, 3) e,
	unnest('{0,1,7,16,9999,10000,10001,99999999,100000001,1234567890123456,12345678901234567890,0.5,0.0001,123.4567,5.92}'::text[]) m;
INSERT INTO number VALUES (repeat('7', 1500)::numeric), (('0.' || repeat('3', 1500))::numeric);
SELECT count(*) AS numbers, count(*) FILTER (WHERE holds(format('node_nm = %s', node_nm)::condition, n)) AS equal,
	count(*) FILTER (WHERE holds(format('node_nm = %s', node_nm)::condition, to_jsonb(n))) AS equal_json,
	count(*) FILTER (WHERE holds(format('node_nm < %s', node_nm)::condition, n)) AS less
FROM number n;

-- conditions over any facts
SELECT holds('node_nm < 10 or object = ''other''', '{"object": "other"}') AS yes, holds('node_nm < 10 and object = ''other''', '{"object": "eda_software"}') AS no,
	holds('node_nm < 10 and object = ''other''', '{"object": "other"}') AS unknown;
SELECT missing_facts('node_nm < 10 or object = ''other''', '{"object": "other"}') AS none, missing_facts('node_nm < 10 and object = ''other''', '{"object": "other"}') AS node,
	missing_facts('node_nm < 10 and object = ''other''', '{}') AS both;
SELECT c, holds(c, '{"node_nm": 5, "amount_usd": "50000.01"}') FROM unnest('{node_nm > 4,node_nm > 5,amount_usd > 50000,fdsoi}'::condition[]) c;

-- the row type may change between calls of one session, and the call site notices
CREATE TABLE shape (object text, verbs text[]);
INSERT INTO shape VALUES ('other', '{sells}');
CREATE FUNCTION shape_class() RETURNS outcome LANGUAGE plpgsql STABLE AS $$
DECLARE
	s shape;
BEGIN
	SELECT * INTO s FROM shape;
	RETURN covered_activity(s);
END $$;
SELECT shape_class();
ALTER TABLE shape DROP COLUMN object;
ALTER TABLE shape ADD COLUMN extra int DEFAULT 7;
ALTER TABLE shape ADD COLUMN object text DEFAULT 'eda_software';
UPDATE shape SET verbs = '{develops}';
SELECT shape_class();

-- nothing is taken from a hostile search_path
CREATE SCHEMA hostile;
CREATE FUNCTION hostile.planted(anyelement, anyelement) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE OPERATOR hostile.= (LEFTARG = anyelement, RIGHTARG = anyelement, FUNCTION = hostile.planted);
CREATE OPERATOR hostile.@> (LEFTARG = anyelement, RIGHTARG = anyelement, FUNCTION = hostile.planted);
CREATE FUNCTION hostile.lower(daterange) RETURNS date LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE TABLE hostile.provision (a int);
SET search_path = hostile, pg_catalog, outbound;
INSERT INTO outbound.provision (ruleset, cite, stage, outcome, condition, summary)
VALUES ('FINAL-2025-01-02', 'house: other', 'activity', 'notifiable', 'object = ''other''', 'Anything else is notifiable here.');
SELECT covered_activity('{"verbs": ["sells"], "object": "other"}');
DELETE FROM outbound.provision WHERE origin OPERATOR(pg_catalog.=) 'firm';
SELECT covered_activity('{"verbs": ["sells"], "object": "other"}');
SET search_path = public, outbound;
DROP SCHEMA hostile CASCADE;
DROP TABLE fab, number, shape CASCADE;
DROP FUNCTION raised, shape_class;
DROP TYPE thing, doing, nanometers;
