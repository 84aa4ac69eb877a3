-- The audit: what is due, what it can cost, how fresh the lists are, what has changed since the last run.
SET client_min_messages = warning;
\set VERBOSITY sqlstate

-- nothing to read yet
SELECT * FROM outbound.filing_due;
SELECT outbound.create_relations('regress_audit');
SELECT outbound.configure('source_schema', 'regress_audit');

-- an empty book
SELECT * FROM outbound.filing_due;

-- us: the investor; cfe: its controlled foreign entity; chip designs ordinary ICs, fab fabricates at 14 nm, shop does neither
INSERT INTO regress_audit.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in,
								 citizenship, permanent_residence, register, activity_register)
SELECT id, 'entity', country, country, country, country, '{}', '{}', 'closed', 'complete'
FROM (VALUES ('us', 'US-DE'), ('cfe', 'SG'), ('chip', 'CN'), ('fab', 'CN'), ('shop', 'CN')) AS p (id, country);
INSERT INTO regress_audit.interest (holder_id, held_id, kind, share)
SELECT 'us', 'cfe', kind, '100%' FROM unnest('{voting,board,equity}'::text[]) AS kind;
INSERT INTO regress_audit.activity (party_id, facts) VALUES
('chip', '{"verbs": ["designs"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "node_nm": 130, "operating_temperature_k": 300, "total_processing_performance": 100, "performance_density": 0}'),
('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar", "node_nm": 14, "operating_temperature_k": 300}'),
('shop', '{"verbs": ["sells"], "object": "other"}');

CREATE FUNCTION pg_temp.book(deals jsonb) RETURNS void LANGUAGE SQL AS $$
	DELETE FROM regress_audit.deal;
	INSERT INTO regress_audit.deal (deal_id, investor, target, transaction_type, completion_date, facts)
	SELECT coalesce(d.value->>'deal_id', 'D' || d.ordinality), coalesce(d.value->>'investor', 'us'), coalesce(d.value->>'target', 'chip'),
		   coalesce(d.value->>'transaction_type', 'equity'), (d.value->>'completion_date')::date,
		   '{"knowledge": true, "reasonable_inquiry": true}' || (d.value - '{deal_id,investor,target,transaction_type,completion_date}'::text[])
	FROM jsonb_array_elements(deals) WITH ORDINALITY AS d;
$$;

-- notification, 850.401 and 850.402: 30 calendar days from completion, over the ends of months, a leap day and a weekend
SELECT pg_temp.book('[
	{"completion_date": "2025-01-31"}, {"completion_date": "2026-01-09"}, {"completion_date": "2028-01-30"},
	{"completion_date": "2028-02-29"}, {"completion_date": "2027-12-02"}, {"completion_date": "2025-01-31", "investor": "cfe"},
	{"completion_date": null}]');
SELECT * FROM outbound.filing_due('2026-02-08') ORDER BY deal_id;
SELECT count(*), count(days_left) FROM outbound.filing_due(NULL);
SELECT count(*), count(days_left) FROM outbound.filing_due('infinity');

-- no notification: of what is prohibited, not covered, out of scope before the rule, or filed, be it late or on the last day
SELECT pg_temp.book('[
	{"completion_date": "2026-02-02", "target": "fab"}, {"completion_date": "2026-02-02", "target": "shop"},
	{"completion_date": "2025-01-01"}, {"completion_date": "2026-02-02", "filed_on": "2026-03-04"},
	{"completion_date": "2026-02-02", "filed_on": "2026-06-01"}, {"completion_date": "2026-02-02", "national_interest_exemption": true}]');
SELECT * FROM outbound.filing_due('2026-03-04') ORDER BY deal_id;

-- a day on which it was filed that is not known is not a filing; what is not determined may be due, under one section or another
INSERT INTO regress_audit.party (party_id) VALUES ('stranger');
SELECT pg_temp.book('[
	{"completion_date": "2026-02-02", "filed_on": null}, {"completion_date": "2026-02-02", "target": "stranger"},
	{"completion_date": "2026-02-02", "investor": "stranger"}, {"completion_date": "2026-02-02", "knowledge": null}]');
SELECT * FROM outbound.filing_due('2026-03-04') ORDER BY deal_id;

-- 850.403: learned after completion, notifiable or prohibited; nothing for what is not covered, known before, or notified since
SELECT pg_temp.book('[
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-07-01", "target": "fab"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-07-01"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-02-10"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-02-09"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-07-01", "target": "shop"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-07-01", "filed_on": "2025-07-01"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-07-01", "filed_on": "2025-06-30"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-07-01", "target": "stranger"},
	{"completion_date": "2025-02-10", "knowledge": false, "learned_on": "2025-07-01", "national_interest_exemption": true}]');
SELECT * FROM outbound.filing_due('2025-07-31') WHERE cite ~ '850.403' ORDER BY deal_id;

-- a limited partner may learn of the fund's deal late: due from completion and from the knowledge (A-33)
INSERT INTO regress_audit.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
VALUES ('fund', 'pooled_fund', 'KY', 'KY', 'KY', 'KY', 'closed', 'complete');
SELECT pg_temp.book('[{"completion_date": "2025-02-10", "transaction_type": "limited_partner", "target": "fund", "fund_investee": "chip",
	"fund_likely_invests": true, "learned_on": "2025-05-01"}]');
SELECT * FROM outbound.filing_due('2025-05-31') ORDER BY trigger_date;

-- 850.404(d): filed before completion and changed; 850.404(e): available since; 850.406: learned to be wrong
SELECT pg_temp.book('[
	{"completion_date": "2025-06-15", "filed_on": "2025-05-01", "material_change": true},
	{"completion_date": "2025-06-15", "filed_on": "2025-05-01", "material_change": false},
	{"completion_date": "2025-06-15", "filed_on": "2025-05-01"},
	{"completion_date": "2025-06-15", "filed_on": "2025-05-01", "material_change": null},
	{"completion_date": "2025-06-15", "filed_on": "2025-06-15", "material_change": true},
	{"completion_date": null, "filed_on": "2025-05-01", "material_change": true},
	{"completion_date": "2025-06-15", "filed_on": "2025-07-01", "information_available_on": "2025-09-01"},
	{"completion_date": "2025-06-15", "filed_on": "2025-09-01", "information_available_on": "2025-09-01"},
	{"completion_date": "2025-06-15", "filed_on": "2025-07-01", "inaccuracy_learned_on": "2025-08-01", "national_interest_exemption": true}]');
SELECT * FROM outbound.filing_due('2025-09-10') ORDER BY deal_id;

-- what has been filed since is done
SELECT pg_temp.book('[
	{"completion_date": "2025-06-15", "filed_on": "2025-05-01", "material_change": true, "update_filed_on": "2025-05-02"},
	{"completion_date": "2025-06-15", "filed_on": "2025-05-01", "material_change": true, "update_filed_on": "2025-05-01"},
	{"completion_date": "2025-06-15", "filed_on": "2025-07-01", "information_available_on": "2025-09-01", "update_filed_on": "2025-09-01"},
	{"completion_date": "2025-06-15", "filed_on": "2025-07-01", "information_available_on": "2025-09-01", "update_filed_on": "2025-08-31"},
	{"completion_date": "2025-06-15", "filed_on": "2025-07-01", "inaccuracy_learned_on": "2025-08-01", "update_filed_on": "2025-08-01"},
	{"completion_date": "2025-06-15", "filed_on": "2025-07-01", "inaccuracy_learned_on": "2025-08-01", "update_filed_on": "2025-07-31"},
	{"completion_date": "2025-06-15", "filed_on": "2025-07-01", "inaccuracy_learned_on": "2025-08-01", "update_filed_on": null}]');
SELECT deal_id, cite, due_date FROM outbound.filing_due('2025-09-10') ORDER BY deal_id;

-- facts may be columns; a day beyond the calendar is an error
SELECT pg_temp.book('[{"completion_date": "2025-01-31"}]');
ALTER TABLE regress_audit.deal ADD filed_on date;
SELECT deal_id, due_date FROM outbound.filing_due;
UPDATE regress_audit.deal SET filed_on = '2025-02-01';
SELECT deal_id, due_date FROM outbound.filing_due;
UPDATE regress_audit.deal SET filed_on = NULL, completion_date = '5874897-12-31';
SELECT deal_id, due_date FROM outbound.filing_due;
ALTER TABLE regress_audit.deal DROP filed_on;

-- the civil maximum: the year's amount, or twice the transaction
SELECT outbound.civil_penalty_max(188850, '2025-05-05') AS even, outbound.civil_penalty_max(188850.01, '2025-05-05') AS above,
	   outbound.civil_penalty_max(1000000, '2026-06-01') AS multiple, outbound.civil_penalty_max(0, '2024-12-31') AS last_of_2024,
	   outbound.civil_penalty_max(0, '2025-01-01') AS first_of_2025, outbound.civil_penalty_max(0, '2040-01-01') AS until_adjusted;
SELECT outbound.civil_penalty_max(NULL) AS no_amount, outbound.civil_penalty_max(1, NULL) AS no_day,
	   outbound.civil_penalty_max(1, '2021-12-31') AS before_the_first, outbound.civil_penalty_max(1, 'infinity') AS never,
	   outbound.civil_penalty_max('infinity', '2026-01-01') AS no_end;
SELECT outbound.civil_penalty_max(-0.01);
SELECT outbound.civil_penalty_max('NaN');
SELECT * FROM outbound.criminal_penalty_max;

-- an adjustment to come is a row of the firm's
BEGIN;
INSERT INTO outbound.penalty_amount (in_force, amount_usd, cite) VALUES ('[2027-01-15,)', 400000, 'a notice');
SELECT outbound.civil_penalty_max(1, '2027-01-14'), outbound.civil_penalty_max(1, '2027-01-15');
ROLLBACK;

-- lists: nothing is judged until a load has been recorded
SELECT list, parties, oldest, newest, sources, loads, age_days, change, stale FROM outbound.list_health;
INSERT INTO regress_audit.listing (party_id, list, valid, source) VALUES
('fab', 'EL', '[2025-03-01,)', 'BIS'), ('fab', 'EL', '[2025-04-01,)', 'a vendor'), ('shop', 'EL', '[2026-01-01,)', 'BIS'),
('chip', 'EL', '[2020-01-01,2020-02-01)', 'BIS'), ('chip', 'SDN', NULL, NULL), ('chip', 'no list', NULL, NULL), ('chip', NULL, NULL, NULL);
SELECT list, parties, oldest, newest, sources, loads, age_days, change, stale FROM outbound.list_health WHERE parties > 0;
SELECT outbound.list_is_stale('EL'), outbound.list_is_stale('no list'), outbound.list_is_stale(NULL);

-- a load, and the same once more; a list that has become shorter is stale until that is confirmed
BEGIN;
SET LOCAL client_min_messages = error;
SELECT outbound.record_list_load('EL') > 0 AS recorded;
SELECT list, parties, loads, age_days, max_age_days, loaded_parties, change, stale FROM outbound.list_health WHERE list = 'EL';
DELETE FROM regress_audit.listing WHERE party_id = 'shop';
SELECT loaded_parties, change, stale FROM outbound.list_health WHERE list = 'EL';
SELECT outbound.record_list_load('EL') > 0 AS recorded;
SELECT outbound.list_is_stale('EL') AS shrank;
SELECT outbound.record_list_load('EL') > 0 AS recorded;
SELECT outbound.list_is_stale('EL') AS confirmed;
SELECT outbound.record_list_load('EL', 700) > 0 AS recorded, outbound.record_list_load('EL', 699) > 0 AS recorded;
SELECT outbound.list_is_stale('EL') AS shorter_as_published;
ROLLBACK;
BEGIN;
SELECT outbound.record_list_load('EL') > 0 AS recorded;
DELETE FROM regress_audit.listing WHERE party_id = 'shop';
\set VERBOSITY default
SELECT outbound.record_list_load('EL', 10) > 0 AS recorded;
\set VERBOSITY sqlstate
ROLLBACK;

-- who is not on a stale list may be: a notifiable deal may be prohibited; who is on it, is
BEGIN;
SET LOCAL client_min_messages = error;
DELETE FROM regress_audit.listing WHERE party_id = 'chip';
SELECT outbound.record_list_load('EL') > 0 AS recorded;
SELECT outcome, missing FROM outbound.screen('{"investor": "us", "target": "chip", "knowledge": true, "completion_date": "2026-02-02"}');
DELETE FROM regress_audit.listing WHERE party_id = 'shop';
SELECT outbound.record_list_load('EL') > 0 AS recorded;
SELECT outcome, at_least, at_most, missing FROM outbound.screen('{"investor": "us", "target": "chip", "knowledge": true, "completion_date": "2026-02-02"}');
SELECT outcome, missing FROM outbound.screen('{"investor": "us", "target": "shop", "knowledge": true, "completion_date": "2026-02-02"}');
INSERT INTO regress_audit.listing (party_id, list) VALUES ('chip', 'EL');
SELECT outcome, missing FROM outbound.screen('{"investor": "us", "target": "chip", "knowledge": true, "completion_date": "2026-02-02"}');
DELETE FROM regress_audit.listing WHERE party_id = 'chip' AND list = 'EL';
SELECT outbound.record_list_load('EL') > 0 AS recorded;
SELECT outcome, missing FROM outbound.screen('{"investor": "us", "target": "chip", "knowledge": true, "completion_date": "2026-02-02"}');
INSERT INTO regress_audit.listing (party_id, list) VALUES ('cfe', 'SDN'), ('shop', 'SDN');
SELECT outbound.record_list_load('SDN') > 0 AS recorded;
DELETE FROM regress_audit.listing WHERE list = 'SDN';
SELECT outbound.record_list_load('SDN') > 0 AS recorded;
SELECT outcome, at_least, at_most, missing FROM outbound.screen('{"investor": "us", "target": "chip", "knowledge": true, "completion_date": "2026-02-02"}');
ROLLBACK;

-- too old: counted to today, or to the day of the question where that is earlier
BEGIN;
SELECT outbound.record_list_load('FTO', loaded_at => now() - interval '10 days', max_age_days => 10) > 0 AS recorded;
SELECT outbound.list_is_stale('FTO') AS ten_days;
SELECT outbound.record_list_load('FTO', loaded_at => now() - interval '9 days', max_age_days => 8) > 0 AS recorded;
SELECT outbound.list_is_stale('FTO') AS nine_of_eight, outbound.list_is_stale('FTO', CURRENT_DATE - 1) AS yesterday,
	   outbound.list_is_stale('FTO', CURRENT_DATE + 400) AS to_come;
SELECT age_days, max_age_days, stale FROM outbound.list_health WHERE list = 'FTO';
INSERT INTO outbound.list (ruleset, list, title, cite, max_age_days) VALUES ('FINAL-2025-01-02', 'house', 'Our own', 'policy 7', 3);
SELECT outbound.record_list_load('house', loaded_at => now() - interval '4 days') > 0 AS recorded;
SELECT outbound.list_is_stale('house') AS four_of_three;
ROLLBACK;
SELECT outbound.record_list_load('EI');
SELECT outbound.record_list_load(NULL);
SELECT outbound.record_list_load('EL', loaded_at => 'infinity');
SELECT outbound.record_list_load('EL', -1);
SELECT outbound.record_list_load('EL') > 0 AS recorded;
UPDATE outbound.list_load SET parties = 9;
DELETE FROM outbound.list_load;

-- the audit of an empty book
DELETE FROM regress_audit.deal;
CREATE VIEW pg_temp.runs AS SELECT run - first_value(run) OVER (ORDER BY run) + 1 AS run, deals, prohibited, notifiable, undetermined,
	never_screened AS never, problems, changes, stale_lists, started <= finished AS in_time, by_user = session_user AS me, source_schema FROM outbound.audit_run;
CREATE VIEW pg_temp.drifts AS SELECT d.run - (SELECT min(run) FROM outbound.audit_run) + 1 AS run, d.deal_id, d.before, d.after,
	d.before_at_least AS b_least, d.before_at_most AS b_most, d.after_at_least AS a_least, d.after_at_most AS a_most, d.cause FROM outbound.drift d;
CALL outbound.run_audit();
SELECT * FROM pg_temp.runs;
SELECT * FROM pg_temp.drifts;

-- new deals; then nothing
DELETE FROM regress_audit.listing;
SET client_min_messages = error;
SELECT outbound.record_list_load('EL') > 0 AS recorded, outbound.record_list_load('EL') > 0 AS recorded;
SET client_min_messages = warning;
SELECT pg_temp.book('[{"completion_date": "2026-02-02"}, {"completion_date": "2026-02-02", "target": "fab"},
	{"completion_date": "2026-02-02", "target": "shop"}, {"completion_date": "2026-02-02", "target": "stranger"}]');
CALL outbound.run_audit();
CALL outbound.run_audit();
SELECT * FROM pg_temp.runs ORDER BY run;
SELECT * FROM pg_temp.drifts ORDER BY run, deal_id;
SELECT deal_id, outcome, at_least, at_most, obligation, provisions, ruleset, as_of, facts, never_screened, problem FROM outbound.audit_verdict ORDER BY deal_id;

-- what changed: facts, ownership, rules, lists; deals that come and go
UPDATE regress_audit.deal SET target = 'fab' WHERE deal_id = 'D1';
UPDATE regress_audit.party SET organized_under = 'CN', activity_register = 'complete' WHERE party_id = 'stranger';
DELETE FROM regress_audit.deal WHERE deal_id = 'D3';
INSERT INTO regress_audit.deal (deal_id, investor, target, completion_date) VALUES ('D5', 'us', 'shop', '2026-02-02');
CALL outbound.run_audit();
INSERT INTO outbound.provision (ruleset, cite, variant, stage, outcome, condition, summary)
VALUES ('FINAL-2025-01-02', 'house', '', 'activity', 'prohibited', 'verbs && {sells}', 'no sellers');
CALL outbound.run_audit();
DELETE FROM outbound.provision WHERE origin = 'firm';
CALL outbound.run_audit();
SELECT * FROM pg_temp.drifts WHERE run > 3 ORDER BY run, deal_id;

-- the digest of the rules does not hang on how a session shows dates
SET datestyle = 'ISO, DMY';
CREATE TEMP TABLE digest AS SELECT outbound.rules_digest() AS iso;
RESET datestyle;
SELECT outbound.rules_digest() = iso AS same, length(iso) FROM digest;

-- a run that is rolled back leaves nothing
SELECT count(*) AS runs FROM outbound.audit_run;
BEGIN;
DELETE FROM regress_audit.deal;
CALL outbound.run_audit();
SELECT count(*) AS runs FROM outbound.audit_run;
SELECT count(*) AS verdicts FROM outbound.audit_verdict;
ROLLBACK;
SELECT count(*) AS runs FROM outbound.audit_run;
SELECT count(*) AS verdicts FROM outbound.audit_verdict;
DO $$ BEGIN
	CALL outbound.run_audit();
	RAISE 'no';
EXCEPTION WHEN raise_exception THEN NULL;
END $$;
SELECT count(*) AS runs FROM outbound.audit_run;
SELECT current_user = session_user AS myself;

-- facts that cannot be read: undetermined, with the problem, and the others as ever; a view of the book says so at once
UPDATE regress_audit.deal SET facts = '{"knowlege": true}' WHERE deal_id = 'D5';
SELECT count(*) FROM outbound.filing_due;
CALL outbound.run_audit();
SELECT deal_id, outcome, at_least, at_most, ruleset, facts, problem FROM outbound.audit_verdict WHERE problem IS NOT NULL;
SELECT deals, problems, undetermined FROM pg_temp.runs ORDER BY run DESC LIMIT 1;
UPDATE regress_audit.deal SET facts = '{}' WHERE deal_id = 'D5';

-- a list that lost parties since it was loaded
SET client_min_messages = error;
INSERT INTO regress_audit.deal (deal_id, investor, target, completion_date) VALUES ('D7', 'us', 'chip', '2026-02-02');
INSERT INTO regress_audit.listing (party_id, list) VALUES ('stranger', 'EL');
SELECT outbound.record_list_load('EL') > 0 AS recorded, outbound.record_list_load('EL') > 0 AS recorded;
CALL outbound.run_audit();
DELETE FROM regress_audit.listing;
CALL outbound.run_audit();
SET client_min_messages = warning;
SELECT list, parties, loads, loaded_parties, change, stale FROM outbound.list_health WHERE list = 'EL';
SELECT changes, stale_lists FROM pg_temp.runs ORDER BY run DESC LIMIT 2;
SELECT deal_id, before, after, cause FROM pg_temp.drifts WHERE run >= (SELECT max(run) - 1 FROM pg_temp.runs) ORDER BY run, deal_id;

SELECT outbound.record_list_load('EL') > 0 AS recorded;
DELETE FROM regress_audit.deal WHERE deal_id = 'D7';

-- never screened: those without a determination of their table
CREATE CONSTRAINT TRIGGER block_prohibited AFTER INSERT OR UPDATE ON regress_audit.deal DEFERRABLE
	FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO regress_audit.deal (deal_id, investor, target, completion_date) VALUES ('D6', 'us', 'chip', '2026-02-02');
CALL outbound.run_audit();
SELECT deals, never FROM pg_temp.runs ORDER BY run DESC LIMIT 1;
SELECT deal_id, never_screened FROM outbound.audit_verdict ORDER BY deal_id;

-- a book that is a view, with ids that come twice or are missing
ALTER TABLE regress_audit.deal RENAME TO contracts;
CREATE VIEW regress_audit.deal AS
SELECT deal_id, investor, target, completion_date, facts FROM regress_audit.contracts
UNION ALL SELECT 'D6', 'us', 'fab', '2026-02-02', '{}' UNION ALL SELECT NULL, 'us', 'fab', '2026-02-02', '{}';
CALL outbound.run_audit();
SELECT deals, never FROM pg_temp.runs ORDER BY run DESC LIMIT 1;
SELECT deal_id, outcome, never_screened FROM outbound.audit_verdict WHERE deal_id = 'D6';
DROP VIEW regress_audit.deal;
ALTER TABLE regress_audit.contracts RENAME TO deal;

-- whose eyes: an auditor reads as the owner of the relations, and only an auditor
CREATE ROLE regress_auditor;
CREATE ROLE regress_firm;
GRANT USAGE ON SCHEMA regress_audit TO regress_firm;
SELECT format('ALTER TABLE %s OWNER TO regress_firm', oid::regclass) FROM pg_class WHERE relnamespace = 'regress_audit'::regnamespace AND relkind = 'r' ORDER BY relname \gexec
SET ROLE regress_auditor;
CALL outbound.run_audit();
SELECT * FROM outbound.audit_book();
SELECT * FROM outbound.audit_verdict;
SELECT outbound.record_list_load('EL');
RESET ROLE;
GRANT EXECUTE ON PROCEDURE outbound.run_audit TO regress_auditor;
GRANT EXECUTE ON FUNCTION outbound.audit_book, outbound.audit_listed_parties TO regress_auditor;
SET ROLE regress_auditor;
CALL outbound.run_audit();
SELECT * FROM outbound.audit_book();
SELECT * FROM outbound.audit_listed_parties();
RESET ROLE;
GRANT SELECT, INSERT ON outbound.audit_run, outbound.drift, outbound.list_load TO regress_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbound.audit_verdict TO regress_auditor;
ALTER TABLE regress_audit.party ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SET ROLE regress_auditor;
CALL outbound.run_audit();
SELECT * FROM regress_audit.deal;
SELECT changes, deals, prohibited, notifiable, undetermined FROM outbound.audit_run ORDER BY run DESC LIMIT 1;
RESET ROLE;

-- no schema, no audit; the record stays as it is
UPDATE outbound.audit_run SET deals = 0;
TRUNCATE outbound.drift;
SELECT outbound.configure('source_schema', NULL);
CALL outbound.run_audit();
SELECT * FROM outbound.list_health;
DROP OWNED BY regress_auditor;
DROP ROLE regress_auditor;
DROP SCHEMA regress_audit CASCADE;
DROP ROLE regress_firm;

-- as it was before, for the tests that follow
ALTER TABLE outbound.list_load DISABLE TRIGGER append_only;
ALTER TABLE outbound.audit_run DISABLE TRIGGER append_only;
ALTER TABLE outbound.drift DISABLE TRIGGER append_only;
TRUNCATE outbound.list_load, outbound.audit_run, outbound.audit_verdict, outbound.drift;
ALTER TABLE outbound.list_load ENABLE TRIGGER append_only;
ALTER TABLE outbound.audit_run ENABLE TRIGGER append_only;
ALTER TABLE outbound.drift ENABLE TRIGGER append_only;
