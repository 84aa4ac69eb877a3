/*
 * The book: rows that cannot be read, facts that two places give, keys that a session would write its own way, and
 * parameters that a firm has mistyped.
 */
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA regress_book;
SELECT outbound.create_relations('regress_book'), outbound.configure('source_schema', 'regress_book') IS NOT NULL AS configured;
INSERT INTO regress_book.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register) VALUES
	('us', 'entity', 'US', 'US', 'US', 'US', 'closed', 'complete'), ('chip', 'entity', 'CN', 'CN', 'CN', 'CN', 'closed', 'complete'),
	('fab', 'entity', 'CN', 'CN', 'CN', 'CN', 'closed', 'complete'), ('tea', 'entity', 'CN', 'CN', 'CN', 'CN', 'closed', 'complete'),
	('murky', 'entity', 'CN', 'CN', 'CN', 'CN', 'closed', 'complete');
INSERT INTO regress_book.activity (party_id, facts) VALUES
	('chip', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('fab', '{"verbs": ["develops"], "object": "quantum_computer"}'), ('fab', '{"verbs": ["devellops"]}'),
	('murky', '["develops"]'), ('murky', '{"verbs": ["sells"], "object": "other"}');

-- an activity that cannot be read may be anything: it never excuses, and what is known stands
SELECT outbound.covered_foreign_person(p) AS covered, p FROM unnest('{chip,fab,tea,murky}'::text[]) p;
SELECT p, s.outcome, s.at_least, s.at_most, s.missing FROM unnest('{chip,fab,tea,murky}'::text[]) p,
	outbound.screen(jsonb_build_object('investor', 'us', 'target', p, 'knowledge', true, 'completion_date', '2026-02-02')) s;
SELECT fact FROM outbound.questionnaire('{"investor": "us", "target": "murky", "completion_date": "2026-02-02"}') WHERE fact IS NOT NULL;
-- asked about by itself it is refused
SELECT outbound.covered_activity('{"verbs": ["devellops"]}');

INSERT INTO regress_book.deal (deal_id, investor, target, completion_date, facts) VALUES
	('good', 'us', 'chip', '2026-02-02', '{}'), ('misspelt', 'us', 'chip', '2026-02-02', '{"knowlege": true}'), ('no object', 'us', 'tea', '2026-02-02', '[]');
SELECT deal_id, outcome, at_least, at_most, missing, ruleset FROM outbound.deal_screening;
SELECT deal_id, cite, duty, due_date, established FROM outbound.filing_due ORDER BY 1;
SELECT issue, relation, party_id, detail, n FROM outbound.input_issues WHERE issue = 'unreadable_facts' ORDER BY 2, 3, 5;
DELETE FROM regress_book.deal;

-- a column and the document give one fact: the column does, also where it is null, through every door
ALTER TABLE regress_book.deal ADD knowledge boolean, ADD publicly_traded boolean;
INSERT INTO regress_book.deal (deal_id, investor, target, completion_date, knowledge, publicly_traded, facts) VALUES
	('column', 'us', 'chip', '2026-02-02', true, false, '{"knowledge": "not even a boolean", "publicly_traded": true}'),
	('null', 'us', 'chip', '2026-02-02', NULL, false, '{"knowledge": true}');
SELECT deal_id, (outbound.screen(d)).outcome, (outbound.screen(d)).missing FROM regress_book.deal d ORDER BY 1;
SELECT deal_id, outcome, missing FROM outbound.deal_screening ORDER BY 1;
CREATE TABLE regress_book.guarded (LIKE regress_book.deal);
CREATE TRIGGER guard AFTER INSERT ON regress_book.guarded FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO regress_book.guarded SELECT * FROM regress_book.deal WHERE deal_id = 'column';
INSERT INTO regress_book.guarded SELECT * FROM regress_book.deal WHERE deal_id = 'null';
SELECT deal_id, outcome, facts ->> 'knowledge' AS knowledge FROM regress_book.determination ORDER BY deal_id;
-- a key that is no fact is refused there as elsewhere
UPDATE regress_book.deal SET facts = '{"knowlege": true}' WHERE deal_id = 'null';
INSERT INTO regress_book.guarded SELECT * FROM regress_book.deal WHERE deal_id = 'null';
DELETE FROM regress_book.deal;

-- a key reads alike whatever the session's settings
CREATE TABLE regress_book.keyed (day date, at timestamptz, price float8, investor text, target text, completion_date date, PRIMARY KEY (day, at, price));
CREATE TRIGGER guard AFTER INSERT ON regress_book.keyed FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
SET timezone = 'UTC';
INSERT INTO regress_book.keyed VALUES ('2026-02-03', '2026-02-03 12:00+00', 0.1::float8 + 0.2, 'us', 'tea', '2026-02-02');
SET datestyle = 'German, DMY';
SET extra_float_digits = -3;
SET timezone = 'Asia/Tokyo';
INSERT INTO regress_book.keyed VALUES ('2026-02-04', '2026-02-03 12:00+00', 0.1::float8 + 0.2, 'us', 'tea', '2026-02-02');
SELECT deal_id FROM regress_book.determination WHERE relation LIKE '%keyed' ORDER BY 1;
SHOW datestyle;
RESET timezone;
RESET extra_float_digits;
SET datestyle = iso;

-- the firm's own parameters: past the end of the calendar, and no number
INSERT INTO regress_book.deal (deal_id, investor, target, completion_date, knowledge, publicly_traded) VALUES ('good', 'us', 'chip', '2026-02-02', true, false);
CREATE FUNCTION pg_temp.under(days text, what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	INSERT INTO outbound.ruleset (ruleset, title, cite, status, summary, base) VALUES ('house', 'House rule', 'policy 1', 'future', 'With days of its own.', 'FINAL-2025-01-02');
	INSERT INTO outbound.parameter (ruleset, name, value, cite) VALUES ('house', 'notification_days', days, 'policy 1'), ('house', 'retention_years', days, 'policy 1');
	PERFORM outbound.configure('ruleset', 'house');
	EXECUTE what INTO found;
	RAISE EXCEPTION USING ERRCODE = 'P0099', MESSAGE = coalesce(found, 'null');
EXCEPTION WHEN OTHERS THEN
	RETURN concat(CASE WHEN SQLSTATE <> 'P0099' THEN SQLSTATE || ' ' END, SQLERRM);
END $$;
SELECT days, coalesce(pg_temp.under(days, 'SELECT notify_by FROM outbound.deal_screening'), '') AS screening,
	coalesce(pg_temp.under(days, 'SELECT due_date FROM outbound.filing_due'), '') AS due,
	coalesce(pg_temp.under(days, $q$SELECT retain_until FROM outbound.screen('{"investor": "us", "target": "tea", "completion_date": "2026-02-02", "filed_on": "2024-02-29"}')$q$), '') AS retention
FROM unnest('{1,45,2147483647,5000000,-1,30 days,1.5,99999999999999999999,""}'::text[]) days;

-- third countries (850.501(g)): none is shipped; the firm's rows except what they name, on their days, and the deal's own word stands against them
DELETE FROM regress_book.deal;
SELECT count(*) AS shipped FROM outbound.third_country WHERE origin = 'outbound';
INSERT INTO regress_book.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register) VALUES
	('german fab', 'entity', 'DE', 'CN', 'CN', 'CN', 'closed', 'complete'), ('nowhere fab', 'entity', NULL, 'CN', 'CN', 'CN', 'closed', 'complete'), ('venture', 'entity', 'SG', 'SG', 'SG', 'SG', 'closed', 'complete');
INSERT INTO regress_book.activity (party_id, facts) SELECT p, '{"verbs": ["develops"], "object": "quantum_computer"}' FROM unnest('{german fab,nowhere fab,venture}'::text[]) p;
CREATE FUNCTION pg_temp.third(deal text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.outcome, s.at_least, s.at_most, s.provisions, s.missing)
	FROM outbound.screen('{"investor": "us", "target": "german fab", "completion_date": "2026-02-02", "knowledge": true}'::jsonb || deal::jsonb) s $$;
SELECT pg_temp.third('{}') AS empty_table;
INSERT INTO outbound.third_country (ruleset, country, transaction_type, name, cite, in_force) VALUES
	('FINAL-2025-01-02', 'DE', 'equity', 'Germany', 'notice 1', '[2026-02-01,2026-03-01)'), ('FINAL-2025-01-02', 'DE', 'joint_venture', 'Germany', 'notice 1', '(,)');
SELECT deal, pg_temp.third(deal) AS verdict FROM unnest(ARRAY['{}', '{"completion_date": "2026-01-31"}', '{"completion_date": "2026-02-01"}', '{"completion_date": "2026-03-01"}',
	'{"transaction_type": "contingent_equity"}', '{"transaction_type": null}', '{"target": "fab"}', '{"target": "nowhere fab"}',
	'{"third_country_determination": false}', '{"third_country_determination": true, "target": "fab"}', '{"third_country_determination": null}',
	'{"transaction_type": "joint_venture", "target": "venture", "joint_venture_partner": "german fab"}',
	'{"transaction_type": "joint_venture", "target": "venture", "joint_venture_partner": "fab"}']) deal;
\set VERBOSITY sqlstate
INSERT INTO outbound.third_country (ruleset, country, transaction_type, name, cite) VALUES ('FINAL-2025-01-02', 'Germany', 'equity', 'Germany', 'x');
INSERT INTO outbound.third_country (ruleset, country, transaction_type, name, cite) VALUES ('FINAL-2025-01-02', 'FR', 'purchase', 'France', 'x');
INSERT INTO outbound.third_country (ruleset, country, transaction_type, name, cite) VALUES ('none', 'FR', 'equity', 'France', 'x');
INSERT INTO outbound.third_country (ruleset, country, transaction_type, name, cite, origin) VALUES ('FINAL-2025-01-02', 'FR', 'equity', 'France', 'x', 'outbound');
\set VERBOSITY default
DELETE FROM outbound.third_country;
SELECT pg_temp.third('{}') AS empty_again;

-- an exemption lifts the duty and says so; what it does not lift stays: 850.406
SELECT s.outcome, s.obligation, s.limb, s.provisions, s.notify_by
FROM outbound.screen('{"investor": "us", "target": "chip", "completion_date": "2026-02-02", "knowledge": true, "national_interest_exemption": true}') s;

SELECT outbound.configure('source_schema', NULL);
DROP SCHEMA regress_book CASCADE;
