/*
 * Every reading that is marked as tested: a deal whose verdict turns on it alone.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SELECT create_relations('doubt');
SELECT configure('source_schema', 'doubt');
INSERT INTO doubt.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, citizenship, permanent_residence)
SELECT id, CASE WHEN id LIKE '%fund' THEN 'pooled_fund' ELSE 'entity' END, country, country, country, country, 'closed', 'complete', '{}', '{}'
FROM (VALUES ('us', 'US'), ('us2', 'US'), ('eda', 'CN'), ('packager', 'CN'), ('source', 'CN'), ('a1', 'SG'), ('b1', 'SG'), ('c1', 'SG'), ('a2', 'SG'), ('c2', 'SG'), ('own fund', 'KY'), ('c7', 'SG'), ('x8', 'SG'), ('y8', 'SG'),
			 ('d9', 'SG'), ('y9', 'SG'), ('e10', 'SG'), ('f10', 'SG'), ('h13', 'SG'), ('h14', 'SG'), ('h16', 'SG'), ('h18', 'SG'), ('soi', 'CN'), ('super', 'CN'), ('c43', 'SG'), ('c47', 'SG'),
			 ('tuned ai', 'CN'), ('desktop chip', 'CN'), ('affiliate', 'CN'), ('listed', 'CN'), ('big ai', 'CN'), ('small ai', 'CN'), ('bio ai', 'CN'), ('fund', 'KY')) AS p (id, country);
INSERT INTO doubt.interest (holder_id, held_id, kind, share) VALUES
	('us', 'a1', 'voting', '40%'), ('a1', 'b1', 'voting', '60%'), ('b1', 'c1', 'voting', '80%'), ('us', 'c1', 'voting', '20%'),		/* 52 or 39.2 percent */
	('us', 'a2', 'board', '40%'), ('us', 'a2', 'voting', '10%'), ('a2', 'c2', 'voting', '80%'), ('us', 'c2', 'voting', '20%'),		/* 52 or 28 percent */
	('us', 'own fund', 'general_partner', NULL), ('own fund', 'c7', 'voting', '30%'), ('us', 'c7', 'voting', '25%'),				/* 55 or 25 percent */
	('eda', 'x8', 'equity', '40%'), ('x8', 'y8', 'equity', '60%'), ('eda', 'y8', 'equity', '30%'),									/* 54 or 30 percent */
	('eda', 'd9', 'equity', '50%'), ('d9', 'y9', 'equity', '30%'), ('eda', 'y9', 'equity', '20%'),									/* 50 percent of (c) and (d) together */
	('d9', 'e10', 'equity', '50%'), ('e10', 'f10', 'equity', '50%'),																/* the third tier */
	('h13', 'source', 'equity', '1%'), ('h14', 'source', 'equity', '1%'), ('h16', 'source', 'equity', '1%'), ('h18', 'packager', 'equity', '1%'),
	('us', 'c43', 'voting', '30%'), ('us2', 'c43', 'voting', '30%'), ('us', 'c47', 'equity', '51%'), ('listed', 'affiliate', 'equity', '50%');
INSERT INTO doubt.listing (party_id, list) VALUES ('listed', 'EL');
INSERT INTO doubt.activity (party_id, facts)
SELECT id, '{"verbs": ["develops"], "object": "eda_software"}' FROM unnest('{eda,source,y8,y9,f10}'::text[]) id
UNION ALL SELECT id, ('{"verbs": ["develops"], "object": "ai_system", "designed_for": [], "designed_exclusively_for": [], "intended_for": [], "primarily_biological_data": ' || (id = 'bio ai') || ', "training_operations": "' || ops || '"}')::jsonb
FROM (VALUES ('big ai', '5e24'), ('small ai', '5e23'), ('bio ai', '5e23')) AS a (id, ops);
INSERT INTO doubt.activity (party_id, facts) VALUES
	('affiliate', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('tuned ai', '{"verbs": ["develops"], "object": "ai_system", "designed_for": [], "designed_exclusively_for": [], "intended_for": [], "primarily_biological_data": false,
				   "training_operations": "5e25", "own_training_operations": "5e23"}'),
	('desktop chip', '{"verbs": ["designs"], "object": "integrated_circuit", "total_processing_performance": 2000, "performance_density": 6, "operating_temperature_k": 300, "not_for_data_centers": true}'),
	('packager', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('soi', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "fdsoi": true, "node_nm": 28, "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 300}'),
	('super', '{"verbs": ["develops"], "object": "supercomputer", "advanced_ics": true, "fp64_petaflops": 150, "fp32_petaflops": 0, "envelope_cubic_feet": 60000}');
INSERT INTO doubt.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT h, f, m, CASE WHEN m = metric THEN CASE WHEN f IS NULL THEN total ELSE part END WHEN f IS NULL THEN 1000000 ELSE 0 END, basis, year
FROM (VALUES ('h13', 'source', 'revenue', 80000, 45000, 'audited', 2025),		/* more than half, less than $50,000 */
			 ('h14', 'source', 'net_income', -1, 0, 'audited', 2025),			/* a loss */
			 ('h16', 'source', 'revenue', 1000000, 400000, 'audited', 2024), ('h16', 'source', 'revenue', 1000000, 600000, 'unaudited', 2025),
			 ('h18', 'packager', 'revenue', 1000000, 600000, 'audited', 2025)) AS s (h, source, metric, total, part, basis, year),
	 LATERAL unnest(ARRAY[NULL, source]) f, unnest('{revenue,net_income,capital_expenditure,operating_expense}'::text[]) m;

CREATE FUNCTION pg_temp.door(choice text, ask text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
	PERFORM configure('A-02', choice);
	EXECUTE ask INTO answer;
	PERFORM configure('A-02', NULL);
	RETURN answer;
END $$;
CREATE TABLE doubt.expected (reading text PRIMARY KEY, ruleset text, deal jsonb);
INSERT INTO doubt.expected
SELECT reading, ruleset, '{"investor": "us", "target": "eda", "completion_date": "2026-02-02"}'::jsonb || deal::jsonb
FROM (VALUES ('A-01', NULL, '{"investor": "c1", "knowledge": true}'), ('A-02', NULL, '{"investor": "c2", "knowledge": true}'), ('A-07', NULL, '{"investor": "c7", "knowledge": true}'),
			 ('A-08', NULL, '{"target": "y8", "knowledge": true}'), ('A-09', NULL, '{"target": "y9", "knowledge": true}'), ('A-10', NULL, '{"target": "f10", "knowledge": true}'),
			 ('A-13', NULL, '{"target": "h13", "knowledge": true}'), ('A-14', NULL, '{"target": "h14", "knowledge": true}'), ('A-16', NULL, '{"target": "h16", "knowledge": true}'),
			 ('A-18', NULL, '{"target": "h18", "knowledge": true}'), ('A-19', NULL, '{"target": "soi", "knowledge": true}'), ('A-25', NULL, '{"target": "super", "knowledge": true}'),
			 ('A-21', NULL, '{"target": "tuned ai", "knowledge": true}'), ('A-24', NULL, '{"target": "desktop chip", "knowledge": true}'), ('A-26', NULL, '{"target": "affiliate", "knowledge": true}'),
			 ('A-31', NULL, '{"knowledge": true, "completion_date": "2025-01-02", "commitment_on": "2024-06-01", "commitment_binding": true, "commitment_uncalled": true}'),
			 ('A-43', NULL, '{"investor": "c43", "knowledge": true}'), ('A-44', NULL, '{"knowledge": false}'), ('A-46', NULL, '{}'), ('A-47', NULL, '{"investor": "c47", "knowledge": true}'),
			 ('NPRM-AI', 'NPRM', '{"target": "big ai", "knowledge": true}'), ('NPRM-AI-BIO', 'NPRM', '{"target": "bio ai", "knowledge": true}'),
			 ('NPRM-AI-NOTIFIABLE', 'NPRM', '{"target": "small ai", "knowledge": true}'),
			 ('NPRM-LP', 'NPRM', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "eda", "committed_capital_usd": 1000000}')) AS e (reading, ruleset, deal);
SELECT r.reading, u.option, u.chosen, u.outcome, u.at_least, u.at_most
FROM doubt.expected e JOIN reading r USING (reading), under_all_readings(e.deal, e.ruleset) u WHERE u.reading = r.reading ORDER BY r.reading COLLATE "C", array_position(r.options, u.option);
/* what is marked as tested is tested here, and what is tested is marked */
SELECT r.reading, r.tested FROM reading r LEFT JOIN doubt.expected e USING (reading)
WHERE r.tested IS DISTINCT FROM EXISTS (SELECT FROM under_all_readings(e.deal, e.ruleset) u WHERE u.reading = r.reading);
/* the firm's choice is what screen() follows, and the reading stays named */
CREATE FUNCTION pg_temp.under(reading text, option text, deal jsonb, ruleset text) RETURNS screening LANGUAGE plpgsql AS $$
DECLARE s screening;
BEGIN
	PERFORM configure(reading, option);
	s := screen(deal, ruleset);
	PERFORM configure(reading, NULL);
	RETURN s;
END $$;
SELECT count(*) AS options, count(*) FILTER (WHERE (s.outcome, s.at_least, s.at_most)::text <> (u.outcome, u.at_least, u.at_most)::text) AS differ,
	   count(*) FILTER (WHERE u.reading <> ALL (s.readings)) AS unnamed
FROM doubt.expected e, under_all_readings(e.deal, e.ruleset) u, pg_temp.under(u.reading, u.option, e.deal, e.ruleset) s WHERE u.reading = e.reading;

/* A-02 undetermined: what the larger factor alone gives is possible by every door, what both give is definite */
SELECT o AS option, pg_temp.door(o, $$SELECT controlled_foreign_entity('c2')$$) AS c2, pg_temp.door(o, $$SELECT controlled_foreign_entity('c2', 'us')$$) AS of_us,
	   pg_temp.door(o, $$SELECT attributed_share('us', 'c2', 'voting', '31 CFR 850.206')$$) AS share,
	   pg_temp.door(o, $$SELECT string_agg(party_id || ' ' || grade, ', ') FROM parents('c2')$$) AS parents,
	   pg_temp.door(o, $$SELECT string_agg(party_id || ' ' || grade, ', ' ORDER BY party_id) FROM controlled_foreign_entities() WHERE party_id IN ('c1', 'c2')$$) AS everybody,
	   pg_temp.door(o, $$SELECT string_agg(party_id || ' ' || grade, ', ' ORDER BY party_id) FROM holdings('us', '31 CFR 850.206') WHERE party_id IN ('c1', 'c2')$$) AS holdings
FROM unnest('{max,same_metric,undetermined}'::text[]) o;

/* answers about ownership say what they hang on too: of one party, of one holder, of everybody */
SELECT p AS party, u.* FROM unnest('{y8,y9,f10,x8}'::text[]) p, ownership_under_all_readings(p, '31 CFR 850.221') u;
SELECT p AS party, u.* FROM unnest('{c1,c2,c7,c43,c47,us}'::text[]) p, ownership_under_all_readings(p, '31 CFR 850.206') u;
SELECT u.* FROM ownership_under_all_readings('us', 'c1', '31 CFR 850.206') u;
SELECT u.* FROM ownership_under_all_readings('us', 'c2', '31 CFR 850.206') u;
SELECT count(*) FROM ownership_under_all_readings('us', 'a1', '31 CFR 850.206') u;
SELECT * FROM members_under_all_readings('31 CFR 850.221') ORDER BY reading, option, party_id;
SELECT * FROM members_under_all_readings('31 CFR 850.206') ORDER BY reading, option, party_id;
SELECT count(*) FROM members_under_all_readings('OFAC 50');
/* they are what the doors say once the option is chosen */
CREATE FUNCTION pg_temp.told(reading text, option text, test text, party text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
	PERFORM configure(reading, option);
	found := coalesce((SELECT grade FROM members(test, include_undisclosed => true) WHERE party_id = party), 'no');
	PERFORM configure(reading, NULL);
	RETURN found;
END $$;
SELECT count(*) > 3 AS some, count(*) FILTER (WHERE pg_temp.told(reading, option, '31 CFR 850.221', party_id) <> grade) AS differ FROM members_under_all_readings('31 CFR 850.221');
SELECT ownership_under_all_readings('nobody', '31 CFR 850.221');
SELECT ownership_under_all_readings('us', 'nobody', '31 CFR 850.206');
SELECT ownership_under_all_readings('us', '31 CFR 850.222');
SELECT members_under_all_readings('31 CFR 850.222');

SELECT configure('source_schema', NULL);
DROP SCHEMA doubt CASCADE;
