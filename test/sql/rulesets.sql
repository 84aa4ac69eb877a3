/*
 * Versions of the rule: what came before it, the proposal with its alternatives, the Act to come; and what differs.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SET datestyle = iso;
SELECT create_relations('versions');
SELECT configure('source_schema', 'versions');

INSERT INTO versions.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in,
							citizenship, permanent_residence, register, activity_register)
SELECT id, CASE WHEN id LIKE '%fund' THEN 'pooled_fund' ELSE 'entity' END, country, country, country, country, '{}', '{}', 'closed', 'complete'
FROM (VALUES ('us', 'US-DE'), ('sub', 'SG'), ('stranger', 'FR'), ('fab', 'CN'), ('planar', 'CN'), ('ai', 'CN'), ('bio', 'CN'), ('user', 'CN'),
			 ('bakery', 'CN'), ('russian', 'RU'), ('hypersonic', 'CN'), ('german', 'DE'), ('holder', 'SG'), ('us fund', 'US-DE'), ('fund', 'KY'), ('own fund', 'KY'), ('venture', 'SG')) AS p (id, country);
INSERT INTO versions.interest (holder_id, held_id, kind, share) VALUES
	('us', 'sub', 'voting', '51%'), ('us', 'own fund', 'general_partner', NULL), ('holder', 'planar', 'equity', '10%'), ('holder', 'fab', 'equity', '10%');
INSERT INTO versions.activity (party_id, facts) VALUES
	('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar"}'),
	('planar', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('venture', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('ai', '{"verbs": ["develops"], "object": "ai_system", "training_operations": "5e24", "primarily_biological_data": false,
			 "designed_for": [], "designed_exclusively_for": [], "intended_for": []}'),
	('bio', '{"verbs": ["develops"], "object": "ai_system", "training_operations": "5e23", "primarily_biological_data": true,
			 "designed_for": [], "designed_exclusively_for": [], "intended_for": []}'),
	('user', '{"verbs": ["develops"], "object": "ai_system", "training_operations": "5e25", "primarily_biological_data": false, "uses_third_party_model": true,
			   "modifies_third_party_model": false, "designed_for": [], "designed_exclusively_for": [], "intended_for": []}'),
	('bakery', '{"verbs": ["sells"], "object": "other"}'),
	('russian', '{"verbs": ["develops"], "object": "quantum_computer"}'),
	('hypersonic', '{"verbs": ["develops"], "object": "hypersonic_system"}'),
	('german', '{"verbs": ["develops"], "object": "ai_system", "training_operations": 0, "designed_for": [], "designed_exclusively_for": [], "intended_for": []}');
/* just over half from persons that each give less than $50,000 */
INSERT INTO versions.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT 'holder', from_id, metric, CASE WHEN from_id IS NULL THEN 100000 WHEN metric = 'revenue' THEN amount ELSE 0 END, 'audited', 2025
FROM (VALUES (NULL, 0), ('planar', 30000), ('fab', 25000)) AS s (from_id, amount),
	 (VALUES ('revenue'), ('net_income'), ('capital_expenditure'), ('operating_expense')) AS m (metric);

/* one deal a line, each where the versions part */
INSERT INTO versions.deal (deal_id, investor, target, transaction_type, completion_date, facts)
SELECT t, 'us', t, 'equity', '2026-02-02', '{"knowledge": true}'
FROM unnest('{fab,planar,ai,bio,user,bakery,russian,hypersonic,german,holder}'::text[]) AS t;
INSERT INTO versions.deal (deal_id, investor, target, transaction_type, completion_date, facts) VALUES
	('too early', 'us', 'fab', 'equity', '2024-12-31', '{"knowledge": true}'),
	('old convertible', 'us', 'fab', 'conversion', '2026-02-02', '{"knowledge": true, "contingent_acquired_on": "2024-06-01"}'),
	('old pledge', 'us', 'fab', 'equity', '2026-02-02', '{"knowledge": true, "foreclosure": true, "pledged_on": "2024-06-01", "knew_pledged_equity": true}'),
	('old commitment', 'us', 'fab', 'equity', '2026-02-02', '{"knowledge": true, "commitment_on": "2024-06-01", "commitment_binding": true, "commitment_uncalled": true}'),
	('older commitment', 'us', 'fab', 'equity', '2026-02-02', '{"knowledge": true, "commitment_on": "2023-08-08", "commitment_binding": true, "commitment_uncalled": true}'),
	('commitment of the day', 'us', 'fab', 'equity', '2026-02-02', '{"knowledge": true, "commitment_on": "2023-08-09", "commitment_binding": true, "commitment_uncalled": true}'),
	('day before the Act', 'us', 'fab', 'equity', '2025-12-17', '{"knowledge": true}'),
	('day of the Act', 'us', 'fab', 'equity', '2025-12-18', '{"knowledge": true}'),
	('other type', 'us', 'fab', 'other', '2026-02-02', '{"knowledge": true}'),
	('swap', 'us', 'fab', 'derivative', '2026-02-02', '{"knowledge": true, "derivative_confers": []}'),
	('maintenance', 'us', 'fab', 'equity', '2026-02-02', '{"knowledge": true, "intracompany": true, "maintains_existing_activity": true, "existing_activity_since": "2020-01-01"}'),
	('recused', 'stranger', 'fab', 'equity', '2026-02-02', '{"knowledge": true, "directing_person": "us", "directing_authority": true, "directed": true,
			 "directing_knowledge": true, "recused_from": ["approval", "documents", "negotiation"]}'),
	('directed notifiable', 'stranger', 'planar', 'equity', '2026-02-02', '{"knowledge": true, "directing_person": "us", "directing_authority": true, "directed": true,
			 "directing_knowledge": true}'),
	('lp in a U.S. fund', 'us', 'us fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab"}'),
	('lp 1.5 of 2 million', 'us', 'fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab", "lp_passive": true, "committed_capital_usd": 1500000, "fund_assets_usd": 2000000}'),
	('lp half', 'us', 'fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab", "lp_passive": true, "committed_capital_usd": 5000000, "fund_assets_usd": 10000000}'),
	('lp a dollar over half', 'us', 'fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab", "lp_passive": true, "committed_capital_usd": 5000001, "fund_assets_usd": 10000000}'),
	('lp active, half', 'us', 'fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab", "lp_passive": false, "committed_capital_usd": 5000000, "fund_assets_usd": 10000000}'),
	('lp a million', 'us', 'fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 1000000}'),
	('lp assured', 'us', 'fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab", "lp_passive": true, "lp_assurance": "prohibited", "committed_capital_usd": 9000000, "fund_assets_usd": 10000000}'),
	('lp assured by its own fund', 'us', 'own fund', 'limited_partner', '2026-02-02', '{"fund_likely_invests": true, "fund_investee": "fab", "lp_passive": true, "lp_assurance": "prohibited", "committed_capital_usd": 9000000, "fund_assets_usd": 10000000}'),
	('venture', 'us', 'venture', 'joint_venture', '2026-02-02', '{"knowledge": true, "joint_venture_partner": "russian"}');

/* each deal under each version */
SELECT d.deal_id, (screen(d, 'FINAL-2025-01-02')).outcome AS final, (screen(d, 'NPRM')).outcome AS nprm, (screen(d, 'NPRM alt 2')).outcome AS alt_2,
	   (screen(d, 'COINS')).at_least AS coins_at_least, (screen(d, 'COINS')).at_most AS coins_at_most, (screen(d, 'EO-2023-08-09')).outcome AS eo
FROM versions.deal d ORDER BY deal_id COLLATE "C";

/* compute thresholds of the proposal: every option at its line */
CREATE FUNCTION pg_temp.ladder(ruleset text, bio boolean) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
	PERFORM configure('ruleset', ruleset);
	RETURN ARRAY(SELECT covered_activity(jsonb_build_object('verbs', '{develops}'::text[], 'object', 'ai_system', 'training_operations', n::numeric,
		'primarily_biological_data', bio, 'designed_for', '{}'::text[], 'designed_exclusively_for', '{}'::text[], 'intended_for', '{}'::text[]))
		FROM unnest('{1e23,1.01e23,1e24,1.01e24,1e25,1.01e25,1e26,1.01e26}'::text[]) WITH ORDINALITY AS t (n, place) ORDER BY place);
END $$;
SELECT r.ruleset, pg_temp.ladder(r.ruleset, r.ruleset LIKE '%bio%') FROM ruleset r WHERE r.choices::text LIKE '%AI%' ORDER BY 1;
SELECT configure('ruleset', NULL);

/* what the statute leaves to regulations is a fact nobody has; stating it shows what would follow */
SELECT deal_id, s.missing FROM versions.deal d, screen(d, 'COINS') s WHERE cardinality(s.missing) > 0 ORDER BY deal_id COLLATE "C";
UPDATE versions.activity SET facts = facts || '{"awaiting_regulation_prohibited_technology": false, "awaiting_regulation_notifiable_technology": true}' WHERE party_id IN ('planar', 'hypersonic');
SELECT deal_id, s.outcome, s.obligation, s.provisions, s.notify_by FROM versions.deal d, screen(d, 'COINS') s WHERE target IN ('planar', 'hypersonic') ORDER BY deal_id COLLATE "C";
SELECT deal_id, s.outcome, s.obligation FROM versions.deal d, screen(d) s WHERE deal_id = 'directed notifiable';
/* never a default, and its countries are its own */
SELECT configure('ruleset', 'COINS');
SELECT person_of_country_of_concern('russian');
SELECT configure('ruleset', NULL);
SELECT person_of_country_of_concern('russian'), (screen(d)).ruleset FROM versions.deal d WHERE deal_id = 'fab';

/* what the instrument before the rule leaves out does not fail: no test of half the figures, no penalty */
SELECT configure('ruleset', 'EO-2023-08-09');
SELECT covered_foreign_person('holder'), covered_foreign_person('fab'), civil_penalty_max(1000000, '2026-01-01');
SELECT configure('ruleset', NULL);
SELECT covered_foreign_person('holder'), covered_foreign_person('fab'), civil_penalty_max(1000000, '2026-01-01');
/* an alternative's law is its base's, under its options */
SELECT ruleset, variant, applies FROM law WHERE ruleset IN ('NPRM alt 1', 'NPRM alt 2') AND cite = 'proposed 850.501(a)(1)(iii)' ORDER BY 1, 2;

/* what differs over the book, and by which sections */
SELECT deal_id, outcome_a, outcome_b, only_a, only_b FROM compare_rulesets('NPRM alt 1', 'FINAL-2025-01-02');
SELECT deal_id, outcome_a, outcome_b, only_a, only_b FROM compare_rulesets('NPRM alt 1', 'NPRM alt 2');
SELECT count(*) FROM compare_rulesets('FINAL-2025-01-02', NULL);
SELECT count(*) FROM compare_rulesets('FINAL-2025-01-02', 'FINAL-2025-01-03');
SELECT provisions_only('{"proposed 850.301",850.224}', '{850.301}'), provisions_only(NULL, '{}');

/* an alternative of one's own, and what it may rest on */
INSERT INTO ruleset (ruleset, title, cite, status, base, choices, summary)
VALUES ('house', 'House view', 'memo 7', 'proposal', 'FINAL-2025-01-02', '{"A-18": "literal"}', 'Holders of merely notifiable persons are no concern.'),
	   ('on nothing', 'x', 'x', 'proposal', 'FINAL', '{}', 'x'), ('on no reading', 'x', 'x', 'proposal', 'FINAL-2025-01-02', '{"A-81": "literal"}', 'x');
INSERT INTO provision (ruleset, cite, stage, outcome, condition, summary) VALUES ('house', 'memo 7', 'class', 'prohibited', 'target_covered_activity', 'Nothing covered at all.');
SELECT outcome, provisions, ruleset FROM screen('{"investor": "us", "target": "planar", "knowledge": true}', 'house');
SELECT outcome, provisions, ruleset FROM screen('{"investor": "us", "target": "planar", "knowledge": true}');
SELECT screen('{}', 'on nothing');
SELECT screen('{}', 'on no reading');
DELETE FROM provision WHERE origin = 'firm';
DELETE FROM ruleset WHERE origin = 'firm';

/* under every reading that matters, and none where none does */
INSERT INTO versions.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
VALUES ('soi', 'entity', 'CN', 'CN', 'CN', 'CN', 'closed', 'complete'), ('pooled', 'entity', 'SG', 'SG', 'SG', 'SG', 'closed', 'complete'), ('upper', 'entity', 'SG', 'SG', 'SG', 'SG', 'closed', 'complete');
INSERT INTO versions.interest (holder_id, held_id, kind, share) VALUES ('fab', 'upper', 'equity', '50%'), ('upper', 'pooled', 'equity', '30%'), ('fab', 'pooled', 'equity', '20%');
INSERT INTO versions.activity (party_id, facts) VALUES
	('soi', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "fdsoi": true, "node_nm": 28,
			  "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 300}'),
	('pooled', '{"verbs": ["develops"], "object": "eda_software"}');
SELECT t AS target, u.* FROM unnest('{soi,pooled,fab}'::text[]) t, under_all_readings(jsonb_build_object('investor', 'us', 'target', t, 'knowledge', true)) u;
SELECT u.* FROM under_all_readings('{"investor": "us", "target": "planar", "knowledge": false}'::text) u;
INSERT INTO versions.deal (deal_id, investor, target, facts) VALUES ('lp reading', 'us', 'soi', '{"knowledge": true}');
SELECT u.* FROM versions.deal d, under_all_readings(d, 'NPRM') u WHERE deal_id = 'lp reading';
SELECT count(*) FROM under_all_readings(NULL::jsonb);
/* it says what screen() says is in doubt, and the option in effect is the verdict */
SELECT count(*) AS deals, bool_and(s.readings = ARRAY(SELECT DISTINCT reading FROM under_all_readings(d) ORDER BY 1)) AS same_readings,
	   bool_and(NOT EXISTS (SELECT FROM under_all_readings(d) u WHERE u.chosen AND (u.outcome, u.at_least, u.at_most) IS DISTINCT FROM (s.outcome, s.at_least, s.at_most))) AS same_verdict
FROM versions.deal d, screen(d) s;

SELECT configure('source_schema', NULL);
DROP SCHEMA versions CASCADE;
