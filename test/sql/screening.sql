/*
 * The verdict: screen(), explain(), questionnaire() and the view deal_screening agree, and say what is missing.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SELECT create_relations('scr');
SELECT configure('source_schema', 'scr');

INSERT INTO scr.party (party_id, name, kind, organized_under, principal_place_of_business, headquarters, located_in,
					   register, activity_register, citizenship, permanent_residence)
SELECT id, id, 'entity', country, country, country, country, 'closed', 'complete', '{}', '{}'
FROM (VALUES ('us', 'US-DE'), ('hold', 'SG'), ('sub', 'SG'), ('stranger', 'FR'), ('fab', 'CN'), ('planar', 'CN'), ('ai', 'CN'), ('silent', 'CN'),
			 ('listed', 'CN'), ('sdn', 'RU'), ('owned', 'CN'), ('bakery', 'CN'), ('holdco', 'KY'), ('german', 'DE')) AS p (id, country);
INSERT INTO scr.interest (holder_id, held_id, kind, share) VALUES
	('us', 'hold', 'voting', '51%'), ('hold', 'sub', 'voting', '41%'), ('us', 'sub', 'voting', '10%'),
	('sdn', 'owned', 'equity', '50%'), ('holdco', 'fab', 'equity', '30%'), ('holdco', 'planar', 'direction', NULL);
INSERT INTO scr.activity (party_id, facts) VALUES
	('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "node_nm": 14, "fdsoi": false,
			  "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 300}'),
	('planar', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "node_nm": 28, "fdsoi": false,
			  "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 300}'),
	('listed', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('owned', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('ai', '{"verbs": ["develops"], "object": "ai_system", "training_operations": "3e24", "primarily_biological_data": false,
			 "designed_for": [], "designed_exclusively_for": [], "intended_for": []}'),
	('silent', '{"verbs": ["develops"], "object": "ai_system", "primarily_biological_data": false,
			 "designed_for": [], "designed_exclusively_for": [], "intended_for": []}'),
	('bakery', '{"verbs": ["sells"], "object": "other"}');
INSERT INTO scr.listing (party_id, list) VALUES ('listed', 'EL'), ('sdn', 'SDN');
INSERT INTO scr.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT 'holdco', from_id, metric, CASE WHEN from_id IS NULL THEN 1000000 WHEN metric = 'revenue' THEN 260000 ELSE 0 END, 'audited', 2025
FROM (VALUES (NULL), ('fab'), ('planar')) AS s (from_id),
	 (VALUES ('revenue'), ('net_income'), ('capital_expenditure'), ('operating_expense')) AS m (metric);

/* one deal a line */
INSERT INTO scr.deal (deal_id, investor, target, completion_date, facts, amount_usd)
SELECT i || ' ' || t, i, t, '2026-02-02', '{"knowledge": true}', 1000000
FROM (VALUES ('us', 'fab'), ('us', 'planar'), ('us', 'ai'), ('us', 'silent'), ('us', 'listed'), ('us', 'owned'), ('us', 'bakery'), ('us', 'holdco'),
			 ('us', 'german'), ('hold', 'fab'), ('sub', 'planar'), ('stranger', 'fab'), ('us', 'nobody')) AS d (i, t);
INSERT INTO scr.deal (deal_id, investor, target, completion_date) VALUES ('on the records alone', 'us', 'planar', '2026-02-02');
INSERT INTO scr.deal (deal_id, investor, target, completion_date, facts) VALUES ('too early', 'us', 'fab', '2025-01-01', '{"knowledge": true}');
INSERT INTO scr.deal (deal_id) VALUES ('empty');
SELECT deal_id, outcome, at_least, at_most, obligation, limb, notify_by FROM deal_screening ORDER BY deal_id COLLATE "C";
SELECT deal_id, provisions FROM deal_screening WHERE outcome >= 'notifiable' ORDER BY deal_id COLLATE "C";
SELECT deal_id, missing FROM deal_screening WHERE cardinality(missing) > 0 ORDER BY deal_id COLLATE "C";
SELECT deal_id, readings FROM deal_screening WHERE cardinality(readings) > 0 ORDER BY deal_id COLLATE "C";

/* the same verdict by every door */
SELECT count(*) AS deals, count(*) FILTER (WHERE (s.outcome, s.at_least, s.at_most, s.provisions, s.missing, s.readings) IS NOT DISTINCT FROM
												 (v.outcome, v.at_least, v.at_most, v.provisions, v.missing, v.readings)) AS same
FROM scr.deal d JOIN deal_screening v USING (deal_id) CROSS JOIN LATERAL screen(d) s;
SELECT count(*) FROM scr.deal d CROSS JOIN LATERAL screen(jsonb_build_object('investor', investor, 'target', target, 'completion_date', completion_date) || d.facts) s
	JOIN deal_screening v USING (deal_id) WHERE s IS NOT DISTINCT FROM
	(v.outcome, v.at_least, v.at_most, v.obligation, v.limb, v.provisions, v.missing, v.readings, v.notify_by, v.retain_until, v.ruleset)::screening;

\a
SELECT step, question, answer, cite, because, evidence FROM explain('{"investor": "sub", "target": "holdco", "completion_date": "2026-02-02", "knowledge": true}');
SELECT step, fact, question, cite FROM questionnaire('{"investor": "us", "target": "silent", "completion_date": "2026-02-02", "knowledge": true}') WHERE fact IS NOT NULL;
SELECT count(*) FROM questionnaire('{"investor": "stranger", "target": "fab", "completion_date": "2026-02-02"}');
SELECT limb, holds, metric, share, statement, because, missing FROM covered_foreign_person_findings('holdco');
\a

/* who draws most of its revenue from a covered person may hold it where that register does not tell */
INSERT INTO scr.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT 'german', from_id, metric, CASE WHEN from_id IS NULL THEN 1000000 WHEN metric = 'revenue' THEN 600000 ELSE 0 END, 'audited', 2025
FROM (VALUES (NULL), ('fab')) AS s (from_id),
	 (VALUES ('revenue'), ('net_income'), ('capital_expenditure'), ('operating_expense')) AS m (metric);
SELECT covered_foreign_person('german');
UPDATE scr.party SET register = 'open' WHERE party_id = 'fab';
SELECT covered_foreign_person('german'), (SELECT missing FROM covered_foreign_person_findings('german') WHERE metric = 'revenue');
UPDATE scr.party SET register = 'closed' WHERE party_id = 'fab';

/* answering what is missing narrows, and in the end decides */
UPDATE scr.activity SET facts = facts || '{"training_operations": 1e23}' WHERE party_id = 'silent';
SELECT (screen('{"investor": "us", "target": "silent", "completion_date": "2026-02-02", "knowledge": true}')).outcome;

/* a house rule counts, and is the firm's */
INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary)
VALUES ('FINAL-2025-01-02', 'house rule 1', 'class', 'prohibited', 'target_covered_activity and amount_usd > 500000', 'No more than half a million into any covered activity.');
SELECT outcome, provisions FROM screen('{"investor": "us", "target": "planar", "completion_date": "2026-02-02", "knowledge": true, "amount_usd": 600000}');
SELECT answer, because FROM explain('{"investor": "us", "target": "planar", "completion_date": "2026-02-02", "knowledge": true, "amount_usd": 600000}') WHERE cite = 'house rule 1';
DELETE FROM provision WHERE cite = 'house rule 1';

/* rows that row security hides are not "no" */
CREATE ROLE regress_reader;
GRANT USAGE ON SCHEMA scr TO regress_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA scr TO regress_reader;
ALTER TABLE scr.interest ENABLE ROW LEVEL SECURITY;
SET ROLE regress_reader;
SELECT outcome, at_least, at_most, missing FROM screen('{"investor": "us", "target": "bakery", "completion_date": "2026-02-02", "knowledge": true}');
SELECT person_of_country_of_concern('german'), controlled_foreign_entity('sub');
RESET ROLE;
ALTER TABLE scr.interest DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON scr.party FROM regress_reader;
SET ROLE regress_reader;
\set VERBOSITY sqlstate
SELECT us_person('us');
RESET ROLE;
DROP OWNED BY regress_reader;
DROP ROLE regress_reader;

/* bad input */
SELECT screen(NULL::jsonb), screen(NULL::text);
SELECT count(*) FROM explain(NULL::jsonb);
SELECT screen('{"investor": "us", "tarqet": "fab"}');
SELECT screen('{"investor": "us", "target": "fab", "completion_date": "soon"}');
SELECT screen('[1, 2]');
SELECT screen('{"investor"');
SELECT screen('{"investor": "us", "target": "fab"}', 'NO SUCH RULE');
SELECT screen('{"target_is_covered_foreign_person": false}');
INSERT INTO scr.activity (party_id, facts) VALUES ('bakery', '{"verbs": "sells"}');
SELECT screen('{"investor": "us", "target": "bakery"}');
\set VERBOSITY default
SELECT screen('{"investor": "us", "tarqet": "fab"}');

/* a subtransaction takes its rows back, and what was read in it */
DELETE FROM scr.activity WHERE party_id = 'bakery' AND facts @> '{"verbs": "sells"}';
BEGIN;
SELECT controlled_foreign_entity('sub');
SAVEPOINT s;
DELETE FROM scr.interest WHERE holder_id = 'hold';
SELECT controlled_foreign_entity('sub');
ROLLBACK TO s;
SELECT controlled_foreign_entity('sub');
COMMIT;

/* a name that is far from any may be a part of one */
SELECT screen('{"investor": "us", "target": "fab", "completion": "2026-02-02"}');
SELECT * FROM members('850.221');
SELECT screen('{"investor": "us", "target": "fab", "day": "2026-02-02"}');

/* empty relations, and none */
TRUNCATE scr.deal, scr.activity, scr.listing, scr.financial, scr.interest, scr.party;
SELECT count(*) FROM deal_screening;
SELECT (screen('{"investor": "us", "target": "fab"}')).outcome;
DROP SCHEMA scr CASCADE;
\set VERBOSITY sqlstate
SELECT screen('{"investor": "us", "target": "fab"}');
SELECT count(*) FROM deal_screening;
SELECT configure('source_schema', NULL);
SELECT us_person('us');
