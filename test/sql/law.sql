/*
 * The law as it is shipped: that its rows hang together, and what they decide on either
 * side of every line that 850.217 and 850.224 draw.
 */
SET search_path = outbound, public;
SET datestyle = iso;

-- every condition names facts that exist, and values they can take
SELECT count(*) > 0 AS some, bool_and(check_condition(condition, ruleset)) AS all_pass FROM provision WHERE origin = 'outbound';

-- facts that no condition asks about: those of other instruments and of filings
SELECT f.fact, f.kind FROM fact f
WHERE f.origin = 'outbound'
  AND NOT EXISTS (SELECT FROM provision p WHERE p.condition::text ~ ('\m' || f.fact || '\M'))
ORDER BY f.kind, f.fact COLLATE "C";

-- how silence is read
SELECT when_absent, kind, count(*) FROM fact WHERE origin = 'outbound' AND NOT derived GROUP BY 1, 2 ORDER BY 1, 2;

-- a silent excuse is no excuse: no exception, exemption or scope row holds of a deal that says nothing
SELECT cite, variant FROM provision
WHERE stage IN ('scope', 'exception', 'exemption') AND holds(condition, '{}') AND origin = 'outbound'
  AND ruleset NOT IN (SELECT ruleset FROM ruleset WHERE status = 'history');

-- readings and where they take effect
SELECT r.reading, r.options, r.tested,
	   ARRAY(SELECT DISTINCT p.cite FROM provision p WHERE p.reading = r.reading ORDER BY 1) AS provisions,
	   ARRAY(SELECT DISTINCT t.test FROM ownership_test_reading t WHERE t.reading = r.reading ORDER BY 1) AS tests
FROM reading r WHERE cardinality(r.options) > 1 AND r.origin = 'outbound' ORDER BY r.reading COLLATE "C";

-- a row under a reading names options it has
SELECT p.cite, p.variant FROM provision p JOIN reading r USING (reading) WHERE NOT p.options <@ r.options;
SELECT t.test, t.reading FROM ownership_test_reading t JOIN reading r USING (reading) WHERE NOT t.option = ANY (r.options);

-- every line of the two lists
SELECT outcome, sector, string_agg(cite || CASE variant WHEN '' THEN '' ELSE ' (' || variant || ')' END, ', ' ORDER BY cite COLLATE "C", variant COLLATE "C")
FROM provision WHERE stage = 'activity' AND origin = 'outbound' AND ruleset = 'FINAL-2025-01-02' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT stage, outcome, cite, variant FROM provision
WHERE stage <> 'activity' AND origin = 'outbound' AND ruleset = 'FINAL-2025-01-02' ORDER BY stage, outcome DESC, cite COLLATE "C", variant COLLATE "C";

-- figures
SELECT name, value, unit, cite FROM parameter WHERE origin = 'outbound' AND ruleset = 'FINAL-2025-01-02' ORDER BY name COLLATE "C";
SELECT in_force, amount_usd FROM penalty_amount WHERE origin = 'outbound' ORDER BY in_force;
SELECT list, cite, test FROM list WHERE origin = 'outbound' AND relevant AND ruleset = 'FINAL-2025-01-02' ORDER BY cite COLLATE "C";
SELECT array_agg(country ORDER BY country COLLATE "C") FROM country_of_concern WHERE ruleset = 'FINAL-2025-01-02' AND origin = 'outbound';
SELECT ruleset, status, in_force, base, choices FROM ruleset WHERE origin = 'outbound' ORDER BY ruleset COLLATE "C";

-- the law as it is read: every section, in the order of the regulation, each row with its effect, summary and days
SELECT effect, count(*), count(condition) AS conditions, bool_and(summary <> '') AS summaries, range_agg(in_force) FILTER (WHERE variant <> 'civil maximum') AS days
FROM law WHERE ruleset = 'FINAL-2025-01-02' AND origin = 'outbound' GROUP BY effect ORDER BY effect COLLATE "C";
SELECT string_agg(section, ' ' ORDER BY section) FROM (SELECT DISTINCT substring(cite FROM '850[.][0-9]+') AS section FROM law WHERE ruleset = 'FINAL-2025-01-02') AS s;
SELECT ruleset, count(*) FILTER (WHERE place < last) AS out_of_order
FROM (SELECT ruleset, section_order(cite) AS place, max(section_order(cite)) OVER (PARTITION BY ruleset ORDER BY n ROWS UNBOUNDED PRECEDING) AS last
	  FROM (SELECT *, row_number() OVER () AS n FROM law) AS l WHERE cite ~ '^(proposed )?850') AS o GROUP BY ruleset ORDER BY ruleset COLLATE "C";
SELECT array_agg(c ORDER BY section_order(c)) FROM unnest('{850.224(d)(10),proposed 850.224(d)(2),850.5,50 U.S.C. 4589(10),50 U.S.C. 4589(7)}'::text[]) c;
-- whatever section a fact, reading, figure, question or item names is there to be read
SELECT DISTINCT m[1] AS not_there FROM (SELECT cite FROM fact UNION ALL SELECT cite FROM reading UNION ALL SELECT cite FROM source_question UNION ALL SELECT item FROM notification_item
	UNION ALL SELECT authority FROM ownership_test) AS c, regexp_matches(cite, '(850[.][0-9]+)', 'g') AS m
WHERE m[1] NOT IN (SELECT substring(cite FROM '850[.][0-9]+') FROM law WHERE ruleset = 'FINAL-2025-01-02' AND cite ~ '850[.]');

-- decision tables: a known and harmless activity, and what one step over each line makes of it
CREATE TEMP TABLE harmless (facts jsonb);
INSERT INTO harmless
SELECT jsonb_object_agg(fact, CASE type WHEN 'boolean' THEN 'false'::jsonb WHEN 'set' THEN '[]' WHEN 'number' THEN '0' END)
	   || '{"object": "other", "ic_kind": "other", "transistor": "planar", "node_nm": 130, "operating_temperature_k": 300}'
FROM fact WHERE kind = 'activity' AND type <> 'text' AND origin = 'outbound';

CREATE FUNCTION pg_temp.activity(verb text, what text, facts jsonb) RETURNS outcome
BEGIN ATOMIC
	SELECT covered_activity(harmless.facts || jsonb_build_object('verbs', jsonb_build_array(verb), 'object', what) || $3) FROM harmless;
END;

-- verbs: which make an activity of which object
SELECT o AS object, string_agg(v, ', ' ORDER BY p.position) FILTER (WHERE c = 'notifiable') AS notifiable,
	   string_agg(v, ', ' ORDER BY p.position) FILTER (WHERE c = 'prohibited') AS prohibited
FROM fact f, unnest(f.allowed) o,
	 LATERAL (SELECT * FROM fact, unnest(allowed) WITH ORDINALITY AS u (v, position) WHERE fact.fact = 'verbs') p,
	 LATERAL pg_temp.activity(v, o, '{"volume_fabrication": true, "euv_exclusive": true, "advanced_ics": true, "fp64_petaflops": 100, "training_operations": 2e25, "designed_for": ["military"]}') c
WHERE f.fact = 'object' GROUP BY o ORDER BY o COLLATE "C";

-- 850.224(c): 3A090.a and cold circuits
SELECT tpp, density, kelvin, pg_temp.activity('designs', 'integrated_circuit', jsonb_build_object(
	   'total_processing_performance', tpp, 'performance_density', density, 'operating_temperature_k', kelvin))
FROM (VALUES (4800, 0, 300), (4799.999, 5.92, 300), (4799.999, 5.919, 300), (1600, 5.92, 300), (1599.999, 50, 300),
	  (4992, NULL, 300), (1600, NULL, 300), (1599, NULL, 300), (NULL, 5.92, 300), (0, 0, 4.5), (0, 0, 4.501)) AS t (tpp, density, kelvin);

-- 850.224(d): what makes the fabrication of a circuit prohibited
SELECT facts, pg_temp.activity('fabricates', 'integrated_circuit', facts)
FROM (VALUES ('{"ic_kind": "logic", "node_nm": 16}'::jsonb), ('{"ic_kind": "logic", "node_nm": 16.1}'), ('{"ic_kind": "logic", "node_nm": null}'),
	  ('{"ic_kind": "logic", "transistor": "non_planar", "node_nm": null}'), ('{"ic_kind": "logic", "transistor": null}'),
	  ('{"ic_kind": "logic", "fdsoi": true, "node_nm": 28}'), ('{"ic_kind": "logic", "fdsoi": null}'),
	  ('{"ic_kind": "nand", "nand_layers": 128}'), ('{"ic_kind": "nand", "nand_layers": 127}'), ('{"ic_kind": "nand", "nand_layers": null}'),
	  ('{"ic_kind": "dram", "dram_half_pitch_nm": 18}'), ('{"ic_kind": "dram", "dram_half_pitch_nm": 18.1}'),
	  ('{"ic_kind": "other", "node_nm": 7}'), ('{"ic_kind": null, "node_nm": 7}'),
	  ('{"gallium_compound": true}'), ('{"graphene_or_nanotube": true}'), ('{"graphene_or_nanotube": null}'),
	  ('{"operating_temperature_k": 4.5}'), ('{"operating_temperature_k": 4.51}')) AS t (facts);
SELECT a AS advanced_packaging, pg_temp.activity('packages', 'integrated_circuit', jsonb_build_object('advanced_packaging', a))
FROM (VALUES (true), (false), (NULL)) AS t (a);

-- 850.224(b): equipment and materials
SELECT o AS object, f AS flag, pg_temp.activity('produces', o, jsonb_build_object('volume_fabrication', f, 'euv_exclusive', f))
FROM unnest('{fabrication_equipment,advanced_packaging_equipment,euv_item}'::text[]) o, (VALUES (true), (false), (NULL)) AS t (f) ORDER BY o COLLATE "C", f;

-- 850.224(f): supercomputers, and how large the whole may be
SELECT fp64, fp32, feet, advanced, pg_temp.activity('sells', 'supercomputer', jsonb_build_object(
	   'fp64_petaflops', fp64, 'fp32_petaflops', fp32, 'envelope_cubic_feet', feet, 'advanced_ics', advanced))
FROM (VALUES (100, 0, 41600, true), (99.999, 199.999, 41600, true), (0, 200, 41600, true), (100, 0, 41601, true), (150, 0, 62400, true),
	  (150, 0, 62401, true), (0, 400, 83200, true), (0, 400, 83201, true), (100, 0, NULL, true), (99, 199, NULL, true), (100, 0, 1, false),
	  (100, 0, 1, NULL)) AS t (fp64, fp32, feet, advanced);

-- 850.224(g)-(i): quantum
SELECT o AS object, u AS end_use, pg_temp.activity('develops', o, jsonb_build_object('designed_for', jsonb_build_array(u))) AS designed,
	   pg_temp.activity('develops', o, jsonb_build_object('intended_for', jsonb_build_array(u))) AS intended
FROM unnest('{quantum_sensing_platform,quantum_network}'::text[]) o,
	 (SELECT * FROM fact, unnest(allowed) WITH ORDINALITY AS a (u, position) WHERE fact = 'intended_for') uses ORDER BY o COLLATE "C", position;

-- 850.224(k), 850.217(d)(3): the compute ladder
SELECT n AS operations, pg_temp.activity('develops', 'ai_system', jsonb_build_object('training_operations', n::numeric)) AS general,
	   pg_temp.activity('develops', 'ai_system', jsonb_build_object('training_operations', n::numeric, 'primarily_biological_data', true)) AS biological,
	   pg_temp.activity('develops', 'ai_system', jsonb_build_object('training_operations', n::numeric, 'primarily_biological_data', NULL)) AS unknown_data
FROM unnest('{0,1e23,1.0001e23,1e24,1.0001e24,1e25,1.0001e25}'::text[]) n;
SELECT pg_temp.activity('develops', 'ai_system', '{"training_operations": null}') AS unknown_compute;

-- 850.224(j), 850.217(d)(1)-(2): designed exclusively, designed, intended
SELECT u AS end_use, pg_temp.activity('develops', 'ai_system', jsonb_build_object('designed_for', jsonb_build_array(u), 'designed_exclusively_for', jsonb_build_array(u))) AS exclusively,
	   pg_temp.activity('develops', 'ai_system', jsonb_build_object('designed_for', jsonb_build_array(u))) AS designed,
	   pg_temp.activity('develops', 'ai_system', jsonb_build_object('intended_for', jsonb_build_array(u))) AS intended
FROM fact, unnest(allowed) WITH ORDINALITY AS a (u, position) WHERE fact = 'intended_for' ORDER BY position;

-- Notes 2 and 3: a third party's model of 2e25 operations, merely used, modified, fine-tuned for internal use
SELECT m AS modifies, i AS internal, u AS end_use,
	   pg_temp.activity('develops', 'ai_system', jsonb_build_object('training_operations', 2e25, 'uses_third_party_model', true,
						'modifies_third_party_model', m, 'internal_noncommercial_use', i, 'intended_for', jsonb_build_array(u)))
FROM (VALUES (false, false, 'other'), (true, false, 'other'), (NULL, false, 'other'), (true, true, 'other'), (true, true, 'cybersecurity'), (true, true, 'military'),
	  (true, true, 'government_intelligence'), (true, true, 'mass_surveillance'), (true, true, 'digital_forensics'),
	  (true, true, 'penetration_testing'), (true, true, 'robotic_control'), (true, NULL, 'other'), (false, true, 'military')) AS t (m, i, u);
SELECT pg_temp.activity('develops', 'ai_system', '{"training_operations": 2e25, "internal_noncommercial_use": true}') AS own_model_used_internally;

-- what an unfinished questionnaire already decides
SELECT facts, covered_activity(facts)
FROM (VALUES ('{"verbs": ["designs"], "object": "integrated_circuit"}'), ('{"verbs": ["develops"], "object": "eda_software"}'),
	  ('{"verbs": ["sells"], "object": "eda_software"}'), ('{"verbs": ["develops"], "object": "ai_system"}'),
	  ('{"verbs": ["develops"], "object": "ai_system", "training_operations": 2e25}'), ('{"object": "other"}'), ('{}')) AS t (facts);
SELECT cite, outcome, holds, missing FROM covered_activity_findings('{"verbs": ["designs"], "object": "integrated_circuit"}')
WHERE holds IS NOT FALSE ORDER BY cite COLLATE "C", missing;
SELECT cite, outcome, holds, missing FROM covered_activity_findings('{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar"}')
WHERE holds ORDER BY cite COLLATE "C";

-- the other readings: FDSOI only at 16/14 nm (A-19), the supercomputer as a whole (A-25)
BEGIN;
INSERT INTO reading_choice (reading, option, why) VALUES ('A-19', 'node_limited', 'test'), ('A-25', 'whole_system', 'test');
SELECT node, pg_temp.activity('fabricates', 'integrated_circuit', jsonb_build_object('ic_kind', 'logic', 'fdsoi', true, 'node_nm', node))
FROM (VALUES (28), (16), (NULL)) AS t (node);
SELECT feet, pg_temp.activity('develops', 'supercomputer', jsonb_build_object('fp64_petaflops', 150, 'advanced_ics', true, 'envelope_cubic_feet', feet))
FROM (VALUES (41600), (41601), (NULL)) AS t (feet);
ROLLBACK;

-- transactions: a U.S. fund, its foreign subsidiary, a stranger, a Chinese fab, what each may do
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT create_relations('law_test'), configure('source_schema', 'law_test');
SET LOCAL search_path = law_test, outbound, public;
INSERT INTO party (party_id, name, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
SELECT id, id, kind, country, country, country, country, 'closed', 'complete'
FROM (VALUES ('us_fund', 'entity', 'US'), ('subsidiary', 'entity', 'SG'), ('stranger', 'entity', 'SG'), ('us_pool', 'pooled_fund', 'US'),
	  ('ky_pool', 'pooled_fund', 'KY'), ('fab', 'entity', 'CN'), ('old_fab', 'entity', 'CN'), ('listed_fab', 'entity', 'CN'), ('bakery', 'entity', 'CN'),
	  ('venture', 'entity', 'AE'), ('holder', 'entity', 'SG')) AS t (id, kind, country);
INSERT INTO party (party_id, name, kind, citizenship, permanent_residence, located_in) VALUES ('officer', 'officer', 'individual', '{US}', '{}', 'SG');
INSERT INTO interest (holder_id, held_id, kind, share) VALUES ('us_fund', 'subsidiary', 'voting', '100%'), ('holder', 'old_fab', 'equity', '10%');
INSERT INTO financial (holder_id, from_id, metric, amount_usd, basis, year) VALUES
('holder', NULL, 'revenue', 1000000, 'audited', 2025), ('holder', 'old_fab', 'revenue', 600000, 'audited', 2025);
INSERT INTO listing (party_id, list) VALUES ('listed_fab', 'EL'), ('bakery', 'EL');
INSERT INTO activity (party_id, facts)
SELECT id, harmless.facts || f::jsonb FROM harmless, (VALUES
	('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "nand", "nand_layers": 232}'),
	('old_fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "nand", "nand_layers": 64}'),
	('listed_fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "nand", "nand_layers": 64}'),
	('bakery', '{"verbs": ["produces"], "object": "other"}'), ('venture', '{"verbs": ["designs"], "object": "integrated_circuit"}')) AS t (id, f);
CREATE FUNCTION pg_temp.deal(facts text) RETURNS text
BEGIN ATOMIC
	SELECT concat_ws(' ', outcome, CASE WHEN outcome = 'undetermined' THEN '[' || at_least || ', ' || at_most || ']' END, limb, obligation, provisions[1])
	FROM screen('{"investor": "us_fund", "target": "old_fab", "completion_date": "2026-02-02"}'::jsonb || facts::jsonb);
END;

-- who, when and with whom
SELECT d AS deal, pg_temp.deal(d) FROM unnest(ARRAY['{}', '{"target": "fab"}', '{"target": "listed_fab"}', '{"target": "bakery"}', '{"target": "holder"}',
	'{"completion_date": "2025-01-02"}', '{"completion_date": "2025-01-01"}', '{"ieepa_1702b": true}',
	'{"investor": "subsidiary"}', '{"investor": "subsidiary", "target": "fab"}', '{"investor": "stranger", "target": "fab"}',
	'{"investor": "stranger", "target": "fab", "directing_person": "officer", "directing_authority": true, "directed": true, "directing_knowledge": true}',
	'{"investor": "stranger", "target": "fab", "directing_person": "officer", "directing_authority": true, "directed": true, "directing_knowledge": true, "recused_from": ["approval", "documents"]}',
	'{"investor": "stranger", "target": "fab", "directing_person": "officer", "directing_authority": true, "directed": true, "directing_knowledge": true, "recused_from": ["approval", "documents", "negotiation"]}',
	'{"investor": "stranger", "target": "old_fab", "directing_person": "officer", "directing_authority": true, "directed": true, "directing_knowledge": true}',
	'{"knowledge": false, "reasonable_inquiry": true}', '{"knowledge": false}', '{"knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-03-01"}']) d;

-- 850.210(a): the limbs, and what keeps a deal out of them
SELECT d AS deal, pg_temp.deal(d) FROM unnest(ARRAY['{"transaction_type": "contingent_equity"}',
	'{"transaction_type": "debt", "lender_rights": ["profits"]}', '{"transaction_type": "debt", "lender_rights": []}', '{"transaction_type": "debt"}',
	'{"transaction_type": "conversion", "contingent_acquired_on": "2025-01-02"}', '{"transaction_type": "conversion", "contingent_acquired_on": "2025-01-01"}', '{"transaction_type": "conversion"}',
	'{"transaction_type": "asset", "asset_country": "CN", "asset_result": ["establishes_covered_foreign_person"]}',
	'{"transaction_type": "asset", "asset_country": "VN", "asset_result": ["establishes_covered_foreign_person"]}',
	'{"transaction_type": "asset", "asset_country": "HK", "asset_result": []}',
	'{"transaction_type": "joint_venture", "target": "venture", "joint_venture_partner": "bakery", "knowledge": true}',
	'{"transaction_type": "joint_venture", "target": "venture", "joint_venture_partner": "stranger", "knowledge": true}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "fab"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": false, "fund_investee": "fab"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": false, "reasonable_inquiry": true, "fund_investee": "fab"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": false, "reasonable_inquiry": true, "fund_investee": "fab", "learned_on": "2026-03-01"}',
	'{"transaction_type": "limited_partner", "target": "us_pool", "fund_likely_invests": true, "fund_investee": "fab"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true}',
	'{"foreclosure": true, "pledged_on": "2025-01-02", "knew_pledged_equity": true}', '{"foreclosure": true, "pledged_on": "2025-01-01", "knew_pledged_equity": true}',
	'{"foreclosure": true, "pledged_on": "2025-01-02", "knew_pledged_equity": false}', '{"foreclosure": true, "pledged_on": "2025-01-02"}',
	'{"transaction_type": "derivative", "derivative_confers": ["equity"]}', '{"transaction_type": "derivative"}', '{"transaction_type": "other"}']) d;

-- 850.501, 850.502: each exception as it holds, with rights beyond the standard ones, and short of one element
SELECT d AS deal, pg_temp.deal(d), pg_temp.deal((d::jsonb || '{"rights_beyond_standard": true}')::text) AS with_more_rights
FROM unnest(ARRAY['{"publicly_traded": true}', '{"fungible_with_publicly_traded": true}', '{"convertible_only_into_publicly_traded": true, "transaction_type": "contingent_equity"}',
	'{"registered_fund": true}', '{"business_development_company": true}', '{"transaction_type": "derivative", "derivative_confers": []}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 2000000}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 2000000.01}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "fab", "lp_assurance": "prohibited"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "fab", "lp_assurance": "notifiable"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "old_fab", "lp_assurance": "notifiable"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "old_fab", "lp_assurance": "prohibited"}',
	'{"transaction_type": "limited_partner", "target": "ky_pool", "fund_likely_invests": true, "fund_investee": "old_fab", "lp_assurance": "both"}']) d;
SELECT d AS deal, pg_temp.deal(d) FROM unnest(ARRAY['{"acquires_all_country_of_concern_interests": true, "covered_foreign_person_after": false}',
	'{"acquires_all_country_of_concern_interests": true, "covered_foreign_person_after": true}', '{"acquires_all_country_of_concern_interests": true}',
	'{"intracompany": true, "supports_only_uncovered_operations": true}', '{"intracompany": true, "maintains_existing_activity": true, "existing_activity_since": "2025-01-01"}',
	'{"intracompany": true, "maintains_existing_activity": true, "existing_activity_since": "2025-01-02"}',
	'{"commitment_binding": true, "commitment_uncalled": true, "commitment_on": "2025-01-01"}', '{"commitment_binding": true, "commitment_uncalled": true, "commitment_on": "2025-01-02"}',
	'{"commitment_binding": true, "commitment_uncalled": true, "commitment_on": "2025-01-01", "completion_date": "2025-01-02"}',
	'{"syndicated_loan": true, "lender_can_act_alone": false, "syndication_agent": false}', '{"syndicated_loan": true, "lender_can_act_alone": false, "syndication_agent": true}',
	'{"syndicated_loan": true}', '{"investor": "officer", "employment_compensation": true}', '{"employment_compensation": true}', '{"third_country_determination": true}',
	'{"us_government_business": true}', '{"national_interest_exemption": true}', '{"national_interest_exemption": true, "target": "bakery"}', '{"publicly_traded": true, "target": "bakery"}']) d;

-- 850.217 has no counterpart of 850.224(l): the literal reading (A-18)
INSERT INTO reading_choice (reading, option, why) VALUES ('A-18', 'literal', 'test');
SELECT pg_temp.deal('{"target": "holder"}');
ROLLBACK;
