-- Whatever the input: a clear answer or a clear error with its SQLSTATE, never an internal one
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = error;

-- what a statement answers: its value, or its SQLSTATE and message
CREATE FUNCTION pg_temp.answer(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	value text;
BEGIN
	EXECUTE statement INTO value;
	RETURN coalesce(value, 'NULL');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;

-- every function of the extension that takes what SQL can write
CREATE TEMP VIEW callable AS
SELECT p.oid, p.proname, p.proisstrict, array_agg(format_type(a.type, NULL) ORDER BY a.n) FILTER (WHERE a.type IS NOT NULL) AS types
FROM pg_proc p LEFT JOIN LATERAL unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (type, n) ON true
WHERE p.pronamespace = 'outbound'::regnamespace AND p.prokind = 'f' AND p.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype)
	AND NOT p.proargtypes::oid[] && ARRAY['internal'::regtype::oid, 'cstring'::regtype::oid]
GROUP BY p.oid, p.proname, p.proisstrict;

CREATE TEMP TABLE literal (n int GENERATED ALWAYS AS IDENTITY, type text, written text);
INSERT INTO literal (type, written) VALUES
	('text', $$'fund'$$), ('text', $$''$$), ('text', $$' '$$), ('text', $$'a,b'$$), ('text', $$'a(b)'$$), ('text', $$'it''s "x"'$$), ('text', $$E'new\nline'$$),
	('text', $$'%s%n'$$), ('text', $$repeat('z', 100000)$$), ('text', $$'nobody'$$), ('text', $$'31 CFR 850.206'$$), ('text', $$'OFAC 50'$$), ('text', $$'dot'$$),
	('text', $$'voting'$$), ('text', $$'{}'$$), ('text', $$'[]'$$), ('text', $$'null'$$), ('text', $$'{"investor": "fund", "target": "fab"}'$$), ('text', $$'{'$$),
	('text', $$'{"a": "\u0000"}'$$), ('text', $$'{"investor": "fund", "investor": "fab"}'$$), ('text', $$repeat('[', 100000)$$), ('text', $$'FINAL-2025-01-02'$$),
	('date', $$'2026-02-02'$$), ('date', $$'infinity'$$), ('date', $$'-infinity'$$), ('date', $$'4713-01-01 BC'$$), ('date', $$'5874897-12-31'$$),
	('timestamp with time zone', $$'2100-01-01'$$), ('timestamp with time zone', $$'infinity'$$), ('timestamp with time zone', $$'-infinity'$$),
	('numeric', '1'), ('numeric', $$'NaN'$$), ('numeric', $$'Infinity'$$), ('numeric', $$'-Infinity'$$), ('numeric', '-1'), ('numeric', '1e1000'), ('numeric', '1e-1000'),
	('bigint', '1'), ('bigint', '9223372036854775807'), ('bigint', '-9223372036854775808'),
	('integer', '1'), ('integer', '2147483647'), ('integer', '-2147483648'),
	('uuid', $$'00000000-0000-0000-0000-000000000000'$$), ('boolean', 'true'), ('regtype', $$'text'$$), ('regtype', '0'), ('regtype', '4000000000'),
	('text[]', $$'{}'$$), ('text[]', $$'{NULL}'$$), ('text[]', $$'{{a,b},{c,d}}'$$), ('text[]', $$'[5:6]={a,b}'$$),
	('share', $$'50%'$$), ('share', $$'unknown'$$), ('share', $$'infinity'$$), ('share', $$'(25%,50%]'$$), ('share', $$'0'$$), ('share', $$'1/' || repeat('9', 4000)$$),
	('outcome', $$'prohibited'$$),
	('condition', $$'object = ''ai_system'' and training_operations > 1e25'$$), ('condition', $$'nonsense > 3'$$), ('condition', $$'training_operations / 0 > 1'$$),
	('condition', $$'object > 3'$$), ('condition', $$repeat('not ', 60) || 'fdsoi'$$),
	('jsonb', $$'{"investor": "fund", "target": "fab"}'$$), ('jsonb', $$'{}'$$), ('jsonb', $$'[]'$$), ('jsonb', $$'null'$$), ('jsonb', $$'1'$$), ('jsonb', $$'"x"'$$),
	('jsonb', $$'{"": 1}'$$), ('jsonb', $$'{"verbs": [["develops"]]}'$$), ('jsonb', $$'{"verbs": ["develops", null, 3, {}]}'$$), ('jsonb', $$'{"object": ["ai_system"]}'$$),
	('jsonb', $$'{"training_operations": "1e25"}'$$), ('jsonb', $$'{"training_operations": 1e-16383}'$$), ('jsonb', $$'{"training_operations": 1e100000}'$$),
	('jsonb', $$'{"investor": {}, "target": []}'$$), ('jsonb', $$'{"investor": 1, "target": true}'$$), ('jsonb', $$'{"completion_date": "infinity"}'$$),
	('jsonb', $$'{"investor": "fund", "target": "fab", "completion_date": "5874897-12-31", "filed_on": "5874897-12-31"}'$$),
	('jsonb', $$'{"completion_date": "2026-02-30"}'$$), ('jsonb', $$'{"completion_date": 20260202}'$$), ('jsonb', $$'{"amount_usd": "NaN"}'$$), ('jsonb', $$'{"amount_usd": -1}'$$),
	('jsonb', $$('{"x_deep": ' || repeat('[', 3000) || repeat(']', 3000) || '}')$$), ('jsonb', $$json_build_object(repeat('n', 100000), 1)::text$$),
	('record', 'ROW(1, 2)'), ('record', 'ROW()'), ('record', $$(SELECT r FROM (SELECT 'x'::xml AS verbs, 3 AS object) AS r)$$),
	('record', $$(SELECT r FROM (SELECT 'infinity'::timestamptz AS completion_date, 'NaN'::float8 AS amount_usd, 'fund' AS investor) AS r)$$),
	('record', $$(SELECT r FROM (SELECT '{develops}'::name[] AS verbs, 'ai_system'::char(20) AS object, 'infinity'::float8 AS training_operations) AS r)$$);

-- each argument in turn from the list, the others from the first of their type; in place 0, all are NULL
CREATE FUNCTION pg_temp.calls() RETURNS TABLE (called text) LANGUAGE sql AS $$
	WITH first AS (SELECT DISTINCT ON (type) type, written FROM literal ORDER BY type, n), places AS (
		SELECT c.*, i.place, l.written AS varied
		FROM callable c, generate_series(0, coalesce(array_length(c.types, 1), 0)) AS i (place)
		LEFT JOIN LATERAL (SELECT written FROM literal WHERE type = replace(c.types[i.place], 'outbound.', '')
						   UNION ALL SELECT 'NULL' WHERE i.place > 0) AS l ON true)
	SELECT format('SELECT count(q::text) FROM outbound.%I(%s) AS q', proname,
				  (SELECT string_agg(CASE WHEN t.type = 'record' THEN coalesce(CASE WHEN t.n = place THEN nullif(varied, 'NULL') END, 'ROW(1)')
									 WHEN place = 0 THEN 'NULL' ELSE coalesce(CASE WHEN t.n = place THEN '(' || varied || ')' END,
										'(' || (SELECT f.written FROM first f WHERE f.type = replace(t.type, 'outbound.', '')) || ')', 'NULL') END
									 || CASE WHEN t.type = 'record' THEN '' ELSE '::' || t.type END, ', ' ORDER BY t.n)
				   FROM unnest(types) WITH ORDINALITY AS t (type, n)))
	FROM places
$$;

-- undone at once: some of these functions write
CREATE FUNCTION pg_temp.undone(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := '00000';
BEGIN
	BEGIN
		EXECUTE statement;
		RAISE EXCEPTION USING ERRCODE = 'ZZ000';
	EXCEPTION WHEN OTHERS THEN
		state := CASE WHEN SQLSTATE <> 'ZZ000' THEN SQLSTATE ELSE state END;
	END;
	RETURN state;
END $$;

-- nothing configured: OB010 or an answer that needs no relation
SELECT a.called, a.state FROM (SELECT called, pg_temp.undone(called) AS state FROM pg_temp.calls()) AS a
WHERE state NOT IN ('00000', 'OB010') AND state !~ '^22' AND state NOT IN ('42703', '42704', '42804', '42P01', '54000', '54001', '0A000');

-- configured, with dirty data
SELECT outbound.create_relations('robust'), outbound.configure('source_schema', 'robust');
INSERT INTO robust.party (party_id, kind, citizenship, organized_under, register, activity_register)
SELECT v, (ARRAY['individual', 'entity', 'pooled_fund', 'government', 'branch', 'x', NULL])[1 + i % 7],
	   (ARRAY['{CN,NULL}', '{}', NULL])[1 + i % 3]::text[], (ARRAY['CN', 'US', 'SG', NULL, '', '??', 'US-DE', 'CN-TW'])[1 + i % 8],
	   (ARRAY['closed', 'complete', 'open', NULL, 'x'])[1 + i % 5], 'complete'
FROM unnest(ARRAY['fund', 'fab', 'a,b', 'a(b)', 'it''s "x"', E'new\nline', '', ' ', 'X', 'x', 'X ', '%s%n', repeat('z', 1000)]) WITH ORDINALITY AS u (v, i);
INSERT INTO robust.interest (holder_id, held_id, kind, share, excepted)
SELECT a.party_id, b.party_id,
	   (ARRAY['voting', 'board', 'equity', 'profits', 'liquidation', 'general_partner', 'managing_member', 'investment_adviser', 'board_seat',
			  'direction', 'acts_for', 'contingent_equity', 'limited_partner', 'branch_of', 'x', NULL])[1 + (row_number() OVER (ORDER BY a.party_id, b.party_id)) % 16],
	   (ARRAY['60%', '(25%,50%]', 'unknown', NULL, '300%', 'infinity', '0', '1/3', '100%'])[1 + (row_number() OVER (ORDER BY a.party_id, b.party_id)) % 9]::outbound.share,
	   (ARRAY[true, false, NULL])[1 + (row_number() OVER (ORDER BY a.party_id, b.party_id)) % 3]
FROM robust.party a, robust.party b WHERE (length(a.party_id) + length(b.party_id)) % 3 = 0;
INSERT INTO robust.activity (party_id, facts)
SELECT party_id, f::jsonb FROM robust.party, unnest(ARRAY['{"verbs": ["develops"], "object": "quantum_computer"}', '{}', '{"verbs": null}']) AS f WHERE length(party_id) % 2 = 0;
INSERT INTO robust.listing (party_id, list) SELECT party_id, l FROM robust.party, unnest(ARRAY['SDN', 'x', NULL]) AS l WHERE length(party_id) % 3 = 0;
INSERT INTO robust.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT a.party_id, b.party_id, m, x, 'audited', y
FROM robust.party a LEFT JOIN robust.party b ON length(b.party_id) = 1, unnest(ARRAY['revenue', 'net_income', 'x', NULL]) AS m,
	 unnest(ARRAY['NaN', 'Infinity', '-Infinity', '0', '1e100', NULL]::numeric[]) AS x, unnest(ARRAY[2024, NULL, 2147483647, -2147483648]) AS y
WHERE length(a.party_id) BETWEEN 3 AND 4;
SELECT a.called, a.state FROM (SELECT called, pg_temp.undone(called) AS state FROM pg_temp.calls()) AS a
WHERE state <> '00000' AND state !~ '^22' AND state NOT IN ('42703', '42704', '42804', '42P01', '42P06', '42P07', '54000', '54001', '0A000', '42501');

-- every party against every test, grades and proofs alike
SELECT t.test, count(*) > 0 AS asked,
	   count(*) FILTER (WHERE pg_temp.answer(format('SELECT count(*) FROM outbound.%s(%L, %L)', f, p.party_id, t.test)) !~ '^[0-9]+$') AS errors
FROM robust.party p, (SELECT DISTINCT test FROM outbound.ownership_test) AS t, unnest('{holders,holdings}'::text[]) AS f
GROUP BY t.test HAVING count(*) FILTER (WHERE pg_temp.answer(format('SELECT count(*) FROM outbound.%s(%L, %L)', f, p.party_id, t.test)) !~ '^[0-9]+$') > 0;
SELECT test FROM (SELECT DISTINCT test FROM outbound.ownership_test) AS t
WHERE pg_temp.answer(format('SELECT count(*) FROM outbound.members(%L)', t.test)) !~ '^[0-9]+$';

-- dates at the ends of time
SELECT f AS facts, pg_temp.answer(format('SELECT (outcome, notify_by, retain_until)::text FROM outbound.screen(%L)', f))
FROM unnest(ARRAY['{"completion_date": "infinity"}', '{"completion_date": "-infinity"}', '{"completion_date": "4713-01-01 BC"}', '{"completion_date": "10000-01-01"}',
				  '{"completion_date": "2026-13-01"}', '{"completion_date": ""}', '{"completion_date": "0000-01-01"}', '{"completion_date": "0001-01-01"}',
				  '{"completion_date": "9999-12-31", "filed_on": "9999-12-31"}']) AS f;
SELECT d AS as_of, pg_temp.answer(format('SELECT outcome FROM outbound.screen(''{"investor": "fund", "target": "fab"}'', NULL, %L)', d)),
	   pg_temp.answer(format('SELECT outbound.us_person(''fund'', date %L)', d)), pg_temp.answer(format('SELECT outbound.civil_penalty_max(1, %L)', d))
FROM unnest(ARRAY['infinity', '-infinity', '5874897-12-31', '4713-01-01 BC']) AS d;

SELECT d AS completion_date, pg_temp.answer(format('SELECT (outcome, notify_by, retain_until)::text FROM (SELECT ''fund''::text AS investor, ''fab''::text AS target, date %L AS completion_date, date %L AS filed_on) AS d, outbound.screen(d)', d, d))
FROM unnest(ARRAY['infinity', '-infinity', '5874897-12-31', '4713-01-01 BC', '10000-01-01', '9999-12-31']) AS d;

-- ids that differ in case and blanks are different; quotes, commas and line breaks stay as they are
SELECT quote_literal(p) AS party, (SELECT array_agg(m ORDER BY m COLLATE "C") FROM unnest(s.missing) AS m WHERE starts_with(m, 'party(' || p || ')')) AS missing
FROM unnest(ARRAY['X', 'x', 'X ', 'x ', 'a,b', 'it''s "x"', E'new\nline', '']) AS p,
	 outbound.screen(jsonb_build_object('investor', 'fund', 'target', p)) AS s;
SELECT pg_temp.answer(format('SELECT length(outbound.ownership_chart(%L, %L)) > 0', p, f)) AS drawn, count(*)
FROM unnest(ARRAY['a,b', 'it''s "x"', E'new\nline', '%s%n', '']) AS p, unnest('{dot,mermaid}'::text[]) AS f GROUP BY 1;

-- the relations in every form: a partitioned table, a materialized view, views; domains, enums, char(n), varchar, arrays of them
SELECT outbound.configure('source_schema', NULL);
DROP SCHEMA robust CASCADE;
SELECT outbound.create_relations('robust', relations => '{financial,deal,determination,deal_override}');
CREATE TYPE robust.kinds AS ENUM ('entity', 'individual', 'voting', 'equity');
CREATE DOMAIN robust.id AS varchar(20) NOT NULL;
CREATE DOMAIN robust.part AS outbound.share;
CREATE DOMAIN robust.country AS char(2);
CREATE TYPE robust.place AS ENUM ('US', 'CN', 'SG');
CREATE TABLE robust.party (party_id robust.id PRIMARY KEY, kind robust.kinds, organized_under robust.country, principal_place_of_business char(6),
						   headquarters robust.place, citizenship varchar(5)[], register name) PARTITION BY HASH (party_id);
CREATE TABLE robust.party_0 PARTITION OF robust.party FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE robust.party_1 PARTITION OF robust.party FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO robust.party VALUES ('fund', 'entity', 'US', 'US-DE', NULL, NULL, 'closed'), ('fab', 'entity', 'SG', 'SG', NULL, NULL, 'closed'),
	('boss', 'individual', NULL, NULL, NULL, '{CN}', NULL);
CREATE TABLE robust.holding (holder_id robust.id, held_id robust.id, kind robust.kinds, share robust.part);
INSERT INTO robust.holding VALUES ('boss', 'fab', 'equity', '50%');
CREATE VIEW robust.interest AS SELECT * FROM robust.holding;
CREATE MATERIALIZED VIEW robust.activity AS SELECT 'fab'::varchar(9) AS party_id, '{"verbs": ["develops"], "object": "quantum_computer"}'::json AS facts;
CREATE TABLE robust.base (party_id text, list char(5));
CREATE TABLE robust.listing () INHERITS (robust.base);
SELECT pg_temp.answer($$SELECT outbound.configure('source_schema', 'robust')$$);
SELECT outbound.us_person('fund'), outbound.person_of_country_of_concern('fab'), outbound.covered_foreign_person('fab');
UPDATE robust.party SET citizenship = '{CN}' WHERE party_id = 'boss';
ALTER TABLE robust.party ADD COLUMN permanent_residence varchar(5)[];
UPDATE robust.party SET permanent_residence = '{}' WHERE party_id = 'boss';
SELECT outbound.person_of_country_of_concern('fab'), outbound.covered_foreign_person('fab');
SELECT outcome, missing FROM outbound.screen('{"investor": "fund", "target": "fab"}');
SELECT issue, relation, party_id FROM outbound.input_issues;
INSERT INTO robust.deal (deal_id, investor, target, completion_date, facts) VALUES (1, 'fund', 'fab', '2026-02-02', '{"learned_on": "2026-03-03", "knowledge": false}');
SELECT d AS as_of, pg_temp.answer(format('SELECT string_agg(days_left::text, '' '') FROM outbound.filing_due(%L)', d))
FROM unnest(ARRAY['infinity', '-infinity', '5874897-12-31', '4713-01-01 BC']) AS d;

-- a deal, or an activity, whose facts cannot be read does not hide the others, and is named
INSERT INTO robust.deal (deal_id, investor, target, completion_date, facts) VALUES
	(2, 'fund', 'fab', 'infinity', '{}'), (3, 'fund', 'fab', '2026-02-02', '{"nonsense": 1}'), (4, 'fund', 'fab', '2026-02-02', '[]');
SET client_min_messages = warning;
\set VERBOSITY default
\set SHOW_CONTEXT errors
SELECT deal_id, outcome, at_least, at_most, missing FROM outbound.deal_screening ORDER BY deal_id;
SELECT question FROM outbound.missing_question('deal(2)');
SELECT deal_id, cite, duty, trigger_date, due_date, days_left < 0 AS overdue, established FROM outbound.filing_due;
DROP MATERIALIZED VIEW robust.activity;
CREATE MATERIALIZED VIEW robust.activity AS SELECT 'fab'::varchar(9) AS party_id, '{"verb": ["develops"]}'::json AS facts;
SELECT outbound.covered_foreign_person('fab');
DROP MATERIALIZED VIEW robust.activity;
CREATE MATERIALIZED VIEW robust.activity AS SELECT 'fab'::varchar(9) AS party_id, '{"verbs": ["develops"], "object": "quantum_computer"}'::json AS facts;
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = error;
DELETE FROM robust.deal WHERE deal_id <> '1';

-- columns may be named as they like
CREATE TABLE robust.doing AS SELECT * FROM robust.activity;
DROP MATERIALIZED VIEW robust.activity;
CREATE VIEW robust.activity AS SELECT *, 42 AS a, 'x'::text AS activity FROM robust.doing;
ALTER TABLE robust.party ADD COLUMN p int DEFAULT 42, ADD COLUMN party text;
ALTER TABLE robust.deal ADD COLUMN d int DEFAULT 42, ADD COLUMN deal text;
SELECT outcome FROM outbound.deal_screening;
SELECT count(*) FROM outbound.filing_due;
SELECT outcome FROM outbound.audit_book();

-- settings of the session that change how SQL is written
SET quote_all_identifiers = on;
SET transform_null_equals = on;
SET array_nulls = off;
SET DateStyle = 'German';
SET standard_conforming_strings = off;
SELECT outcome FROM outbound.deal_screening;
SELECT * FROM outbound.input_issues;
SELECT outbound.configure('undetermined', 'allow');
CREATE CONSTRAINT TRIGGER block AFTER INSERT ON robust.deal FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO robust.deal (deal_id, investor, target, completion_date) VALUES (5, 'fund', 'boss', '2026-02-02') RETURNING deal_id;
SELECT relation, deal_id, as_of = '2026-02-02' AS that_day FROM robust.determination;
RESET quote_all_identifiers;
SELECT outbound.configure('undetermined', NULL);
RESET transform_null_equals;
RESET array_nulls;
RESET DateStyle;
RESET standard_conforming_strings;
DELETE FROM robust.deal WHERE deal_id = '5';

-- under a case-insensitive collation too, x and X are two, and neither is read twice
CREATE COLLATION robust.insensitive (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
INSERT INTO robust.party (party_id, kind, organized_under, principal_place_of_business, register) VALUES
	('x', 'entity', 'SG', 'SG', 'closed'), ('X', 'entity', 'SG', 'SG', 'closed'), ('china', 'entity', 'CN', 'CN', 'closed');
DROP VIEW robust.interest;
CREATE TABLE robust.interest (holder_id text COLLATE robust.insensitive, held_id text COLLATE robust.insensitive, kind text, share outbound.share);
INSERT INTO robust.interest VALUES ('china', 'x', 'equity', '30%'), ('x', 'X', 'equity', '1%'), ('X', 'x', 'equity', '1%');
BEGIN;
SELECT outbound.attributed_share('china', 'X', 'equity', 'OFAC 50'), outbound.attributed_share('china', 'x', 'equity', 'OFAC 50');
COMMIT;

-- a relation that goes, or changes its types, is named
CREATE FUNCTION pg_temp.after(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	BEGIN
		EXECUTE change;
		result := pg_temp.answer('SELECT outbound.us_person(''fund'')');
		RAISE EXCEPTION USING ERRCODE = 'ZZ000';
	EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
		RETURN result;
	END;
END $$;
SELECT c.change, pg_temp.after(c.change)
FROM unnest(ARRAY['DROP TABLE robust.interest', 'ALTER TABLE robust.party RENAME COLUMN party_id TO id', 'ALTER TABLE robust.base ALTER party_id TYPE bigint USING 1',
				  'ALTER TABLE robust.base ALTER list TYPE int USING 1', 'ALTER TABLE robust.party ADD COLUMN valid tstzrange',
				  'ALTER TABLE robust.party ADD COLUMN located_in "char"', 'ALTER SCHEMA robust RENAME TO elsewhere', 'ALTER TABLE robust.party RENAME TO partie',
				  'ALTER TABLE robust.party RENAME TO p; CREATE SEQUENCE robust.party', 'ALTER TABLE robust.financial DROP COLUMN amount_usd']) AS c (change);
SELECT outbound.us_person('fund');

-- a chain of a thousand, everybody also holding himself, three times over
SELECT outbound.configure('source_schema', NULL);
DROP SCHEMA robust CASCADE;
SELECT outbound.create_relations('robust', 'bigint'), outbound.configure('source_schema', 'robust');
INSERT INTO robust.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
SELECT i, 'entity', c, c, c, c, 'closed', 'complete' FROM generate_series(0, 1000) AS i, LATERAL (SELECT CASE i WHEN 0 THEN 'CN' ELSE 'SG' END) AS p (c);
INSERT INTO robust.interest (holder_id, held_id, kind, share)
SELECT greatest(0, i - d), i, 'equity', '100%' FROM generate_series(1, 1000) AS i, generate_series(0, 2) AS d;
SELECT outbound.person_of_country_of_concern(1000::bigint), outbound.attributed_share(0::bigint, 1000::bigint, 'equity', 'OFAC 50');
SELECT count(*) FROM outbound.members('31 CFR 850.221');
SELECT count(*) FROM outbound.explain_ownership(0::bigint, 1000::bigint, '31 CFR 850.221');
SELECT issue, count(*) FROM outbound.input_issues GROUP BY issue ORDER BY issue;
SELECT outbound.us_person('1'), pg_temp.answer($$SELECT outbound.us_person('01')$$), pg_temp.answer($$SELECT outbound.us_person('9223372036854775808')$$),
	   pg_temp.answer($$SELECT outbound.us_person('')$$), pg_temp.answer($$SELECT outbound.us_person('00000000-0000-0000-0000-000000000000'::uuid)$$);
SELECT outbound.configure('source_schema', NULL);
DROP SCHEMA robust CASCADE;
