/*
 * The questionnaire: asks what can still move the verdict, most decisive first, and answering it in order settles the verdict.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SET datestyle = iso;
SELECT create_relations('asked');
SELECT configure('source_schema', 'asked');
INSERT INTO asked.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, citizenship, permanent_residence)
SELECT id, kind, country, country, country, country, register, activities, '{}', '{}'
FROM (VALUES ('us', 'entity', 'US-DE', 'closed', 'complete'), ('fund', 'pooled_fund', 'KY', 'closed', 'complete'), ('designer', 'entity', 'CN', 'closed', 'complete'),
			 ('model', 'entity', 'CN', 'closed', 'complete'), ('blank', NULL, NULL, NULL, NULL), ('holdco', 'entity', 'SG', 'open', 'complete'), ('loss', 'entity', 'SG', 'closed', 'complete'),
			 ('chinese', 'entity', 'CN', 'closed', 'complete'), ('stranger', 'entity', 'FR', 'closed', 'complete')) AS p (id, kind, country, register, activities);
UPDATE asked.party SET citizenship = NULL, permanent_residence = NULL WHERE party_id = 'blank';
INSERT INTO asked.interest (holder_id, held_id, kind, share) VALUES ('chinese', 'holdco', 'equity', NULL), ('loss', 'designer', 'equity', '20%');
INSERT INTO asked.activity (party_id, facts) VALUES
	('designer', '{"verbs": ["designs"], "object": "integrated_circuit"}'),
	('model', '{"verbs": ["develops"], "object": "ai_system"}'),
	('holdco', '{"verbs": ["develops"], "object": "eda_software"}');
INSERT INTO asked.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT 'loss', f, m, CASE WHEN m = 'net_income' THEN -1 WHEN f IS NULL THEN 1000000 ELSE 0 END, 'audited', 2025
FROM (VALUES (NULL), ('designer')) AS f (f), unnest('{revenue,net_income,capital_expenditure,operating_expense}'::text[]) m;

/* plays a deal's questionnaire with an answer sheet; says what was asked, where it ended, and whether every answer narrowed */
CREATE FUNCTION pg_temp.play(deal jsonb, sheet jsonb, OUT asked text[], OUT outcome outcome, OUT narrows boolean)
LANGUAGE plpgsql AS $$
DECLARE
	wanted text;
	answer jsonb;
	place text[];
	before screening;
	after screening := screen(deal);
BEGIN
	asked := '{}';
	narrows := true;
	LOOP
		SELECT q.fact INTO wanted FROM questionnaire(deal) q WHERE q.fact IS NOT NULL ORDER BY q.step LIMIT 1;
		EXIT WHEN wanted IS NULL OR cardinality(asked) > 40;
		asked := asked || wanted;
		answer := sheet -> wanted;
		IF answer IS NULL THEN RAISE EXCEPTION 'no answer to %', wanted; END IF;
		place := regexp_match(wanted, '^(party|interest)\((.*?)(?:,(.*))?\)(?:\.([a-z_]+))?$');
		IF place[1] = 'party' THEN
			EXECUTE format('UPDATE asked.party SET %I = (jsonb_populate_record(NULL::asked.party, $1)).%1$I WHERE party_id = $2', place[4])
			USING jsonb_build_object(place[4], answer), place[2];
		ELSIF place[1] = 'interest' THEN
			UPDATE asked.interest i SET share = (answer #>> '{}')::share WHERE i.holder_id = place[2] AND i.held_id = place[3];
		ELSIF (SELECT kind FROM fact AS f WHERE f.fact = wanted) = 'activity' THEN
			UPDATE asked.activity a SET facts = a.facts || jsonb_build_object(wanted, answer) WHERE a.party_id = coalesce(deal ->> 'fund_investee', deal ->> 'target');
		ELSE
			deal := deal || jsonb_build_object(wanted, answer);
		END IF;
		before := after;
		after := screen(deal);
		narrows := narrows AND after.at_least >= before.at_least AND after.at_most <= before.at_most;
	END LOOP;
	outcome := after.outcome;
END $$;

/* what is asked first settles most; the exceptions that cannot apply are not asked about */
SELECT step, fact, question, cite FROM questionnaire('{"investor": "us", "target": "designer", "knowledge": null, "completion_date": "2026-02-02"}');
SELECT step, fact FROM questionnaire('{"investor": "us", "target": "model", "knowledge": true, "transaction_type": null, "completion_date": "2026-02-02"}') WHERE fact IS NOT NULL;
SELECT cite FROM questionnaire('{"investor": "us", "target": "fund", "fund_investee": "designer", "fund_likely_invests": true, "transaction_type": "limited_partner", "completion_date": "2026-02-02"}') WHERE fact IS NULL;
/* nothing to ask */
SELECT count(*) FROM questionnaire('{"investor": "stranger", "target": "designer", "completion_date": "2026-02-02"}');
/* the doubt about a loss is a reading's to settle (A-14); the circuit's figures only bound what is at stake */
SELECT outcome, at_least, at_most, missing, readings FROM screen('{"investor": "us", "target": "loss", "knowledge": true, "completion_date": "2026-02-02"}');
SELECT question, cite FROM questionnaire('{"investor": "us", "target": "loss", "knowledge": true, "completion_date": "2026-02-02"}') WHERE cite = '850.209(a)(2)(ii)';

/* played out: whatever the answers, the end is a verdict, and each answer narrows */
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "target": "designer", "knowledge": null, "completion_date": "2026-02-02"}',
	'{"knowledge": true, "total_processing_performance": 100, "performance_density": 1, "operating_temperature_k": 300}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "target": "designer", "knowledge": null, "completion_date": "2026-02-02"}',
	'{"knowledge": true, "total_processing_performance": 5000, "performance_density": 1, "operating_temperature_k": 300}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "target": "model", "knowledge": true, "completion_date": "2026-02-02"}',
	'{"training_operations": "5e24", "primarily_biological_data": false, "designed_for": [], "designed_exclusively_for": [], "intended_for": ["cybersecurity"]}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "target": "model", "knowledge": true, "completion_date": "2026-02-02"}',
	'{"training_operations": "5e25", "primarily_biological_data": false, "designed_for": [], "designed_exclusively_for": [], "intended_for": []}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "target": "holdco", "knowledge": true, "completion_date": "2026-02-02"}',
	'{"interest(chinese,holdco)": "50%", "party(holdco).register": "closed"}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "target": "holdco", "knowledge": true, "completion_date": "2026-02-02"}',
	'{"interest(chinese,holdco)": "49%", "party(holdco).register": "closed"}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "blank", "target": "designer", "knowledge": true, "completion_date": "2026-02-02"}',
	'{"party(blank).kind": "individual", "party(blank).citizenship": ["FR"], "party(blank).permanent_residence": [], "party(blank).located_in": "US", "party(blank).organized_under": null,
	  "total_processing_performance": 5000, "performance_density": 1, "operating_temperature_k": 300}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"completion_date": "2026-02-02"}',
	'{"investor": "us", "target": "designer", "knowledge": true, "total_processing_performance": 5000, "performance_density": 1, "operating_temperature_k": 300}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "transaction_type": null, "completion_date": "2026-02-02", "knowledge": true}',
	'{"transaction_type": "limited_partner", "target": "fund", "fund_likely_invests": true, "fund_investee": "designer", "derivative_confers": [],
	  "total_processing_performance": 5000, "performance_density": 1, "operating_temperature_k": 300}');
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.play('{"investor": "us", "target": "designer", "knowledge": true, "completion_date": "2026-02-02", "publicly_traded": null, "rights_beyond_standard": null}',
	'{"publicly_traded": true, "rights_beyond_standard": false, "total_processing_performance": 5000, "performance_density": 1, "operating_temperature_k": 300}');
ROLLBACK;

SELECT configure('source_schema', NULL);
DROP SCHEMA asked CASCADE;
