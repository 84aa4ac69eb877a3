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

SELECT outbound.configure('source_schema', NULL);
DROP SCHEMA regress_audit CASCADE;
