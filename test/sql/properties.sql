/*
 * Properties of verdicts, over random deals and random records: knowing less never narrows, an answer never widens,
 * and every door gives the same verdict.  Seeded, so that a failure can be had again.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SET datestyle = iso;
SELECT create_relations('random');
SELECT configure('source_schema', 'random');
SELECT setseed(0.850);

INSERT INTO random.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, citizenship, permanent_residence)
SELECT id, kind, country, country, country, country, register, activities, CASE kind WHEN 'individual' THEN ARRAY[country] ELSE '{}' END, '{}'
FROM (VALUES ('us', 'entity', 'US', 'closed', 'complete'), ('sub', 'entity', 'SG', 'closed', 'complete'), ('half', 'entity', 'SG', 'closed', 'complete'), ('french', 'entity', 'FR', 'complete', 'complete'),
			 ('officer', 'individual', 'US', NULL, 'complete'), ('somebody', 'individual', 'CN', NULL, 'complete'), ('fab', 'entity', 'CN', 'closed', 'complete'), ('chips', 'entity', 'HK', 'closed', 'complete'),
			 ('ai', 'entity', 'CN', 'closed', 'complete'), ('quantum', 'entity', 'CN', 'closed', 'open'), ('tea', 'entity', 'CN', 'closed', 'complete'), ('holder', 'entity', 'SG', 'closed', 'complete'),
			 ('owned', 'entity', 'KY', 'closed', 'complete'), ('maybe', 'entity', 'KY', 'open', 'complete'), ('fund', 'pooled_fund', 'KY', 'closed', 'complete'), ('us fund', 'pooled_fund', 'US', 'closed', 'complete'),
			 ('listed', 'entity', 'CN', 'closed', 'complete')) AS p (id, kind, country, register, activities);
INSERT INTO random.interest (holder_id, held_id, kind, share) VALUES
	('us', 'sub', 'voting', '51%'), ('us', 'half', 'voting', '50%'), ('sub', 'half', 'board', '40%'), ('holder', 'chips', 'equity', '10%'), ('holder', 'fab', 'equity', '5%'),
	('fab', 'owned', 'equity', '30%'), ('somebody', 'owned', 'equity', '20%'), ('ai', 'maybe', 'equity', '30%'), ('owned', 'maybe', 'equity', '19%'), ('us', 'fund', 'general_partner', NULL);
INSERT INTO random.listing (party_id, list) VALUES ('listed', 'EL'), ('tea', 'EL');
INSERT INTO random.activity (party_id, facts) VALUES
	('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "nand", "nand_layers": 232, "fdsoi": false, "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 300}'),
	('chips', '{"verbs": ["designs"], "object": "integrated_circuit", "total_processing_performance": 100, "performance_density": 1, "operating_temperature_k": 300}'),
	('ai', '{"verbs": ["develops"], "object": "ai_system", "training_operations": "5e23", "primarily_biological_data": false, "designed_for": [], "designed_exclusively_for": [], "intended_for": ["robotic_control"]}'),
	('owned', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": true}'), ('maybe', '{"verbs": ["develops"], "object": "quantum_computer"}'),
	('listed', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'), ('tea', '{"verbs": ["sells"], "object": "other"}');
INSERT INTO random.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT 'holder', f, m, CASE WHEN f IS NULL THEN 1000000 WHEN m = 'revenue' THEN amount ELSE 0 END, 'audited', 2025
FROM (VALUES (NULL, 0), ('chips', 400000), ('fab', 200000)) AS f (f, amount), unnest('{revenue,net_income,capital_expenditure,operating_expense}'::text[]) m;

/* a value a fact may have, near the lines the law draws */
CREATE FUNCTION pg_temp.some_value(name text) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT CASE
		WHEN name IN ('investor', 'directing_person') THEN to_jsonb(('{us,us,sub,half,french,officer}'::text[])[1 + floor(random() * 6)])
		WHEN name IN ('target', 'fund_investee', 'joint_venture_partner') THEN to_jsonb(('{fab,chips,ai,quantum,tea,holder,owned,maybe,fund,us fund,listed,nobody}'::text[])[1 + floor(random() * 12)])
		WHEN name = 'asset_country' THEN to_jsonb(('{CN,HK,SG,TW}'::text[])[1 + floor(random() * 4)])
		WHEN f.type = 'boolean' THEN to_jsonb(random() < 0.5)
		WHEN f.type = 'number' THEN to_jsonb(('{0,1000000,2000000,2000001,1e9}'::numeric[])[1 + floor(random() * 5)])
		WHEN f.type = 'date' THEN to_jsonb(('{2023-08-08,2025-01-01,2025-01-02,2025-01-03,2026-02-02}'::text[])[1 + floor(random() * 5)])
		WHEN f.type = 'text' AND f.allowed IS NOT NULL THEN to_jsonb(f.allowed[1 + floor(random() * cardinality(f.allowed))])
		WHEN f.type = 'set' THEN (SELECT coalesce(jsonb_agg(a), '[]') FROM unnest(f.allowed) a WHERE random() < 0.4)
		ELSE '"stated"' END
	FROM outbound.fact AS f WHERE f.fact = name $$;
CREATE FUNCTION pg_temp.some_deal(n int) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	deal jsonb := '{}';
	f record;
BEGIN
	FOR f IN SELECT fact AS name, CASE WHEN fact IN ('investor', 'target', 'knowledge') THEN 0.95 WHEN fact IN ('transaction_type', 'completion_date', 'reasonable_inquiry') THEN 0.6
			 WHEN fact IN ('ieepa_1702b', 'us_government_business', 'third_country_determination', 'national_interest_exemption') THEN 0.05 ELSE 0.25 END AS chance
			 FROM outbound.fact WHERE kind = 'deal' AND NOT derived AND fact !~ '^awaiting' AND cite !~ '405\(b\)' ORDER BY fact COLLATE "C" LOOP
		IF random() < f.chance THEN
			deal := deal || jsonb_build_object(f.name, CASE WHEN random() < 0.1 THEN 'null' ELSE pg_temp.some_value(f.name) END);
		END IF;
	END LOOP;
	RETURN deal;
END $$;
CREATE FUNCTION pg_temp.within(inner_verdict screening, outer_verdict screening) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT (outer_verdict).at_least <= (inner_verdict).at_least AND (inner_verdict).at_most <= (outer_verdict).at_most $$;
CREATE TABLE random.try AS SELECT n, pg_temp.some_deal(n) AS deal FROM generate_series(1, 150) n;
/* the deals reach every verdict */
SELECT outcome, count(*) > 0 AS some FROM random.try, screen(deal) GROUP BY 1 ORDER BY 1;

/* bounds and outcome agree, and only an undetermined deal lacks anything */
SELECT count(*) FILTER (WHERE s.at_least > s.at_most) AS crossed,
	   count(*) FILTER (WHERE (s.outcome = 'undetermined') IS DISTINCT FROM (s.at_least <> s.at_most)) AS mislabelled,
	   count(*) FILTER (WHERE s.outcome <> 'undetermined' AND (s.missing <> '{}' OR s.outcome <> s.at_least)) AS settled_but_missing,
	   count(*) FILTER (WHERE s.outcome = 'undetermined' AND s.missing = '{}' AND s.readings = '{}') AS nothing_to_ask
FROM random.try, screen(deal) s;

/*
 * A value forgotten never narrows.  The one exception is the law's own: with no knowledge, an inquiry that is not
 * shown is as good as knowledge (850.104(b), A-44).
 */
SELECT count(*) AS forgotten, count(*) FILTER (WHERE NOT pg_temp.within(s, less)) AS narrowed,
	   min((deal || jsonb_build_object('forgotten', k))::text) FILTER (WHERE NOT pg_temp.within(s, less)) AS example
FROM random.try, jsonb_object_keys(deal) k, screen(deal) s, screen(deal || jsonb_build_object(k, NULL)) less
WHERE k <> 'reasonable_inquiry';
/* an answer never widens, and is about something that mattered */
SELECT count(*) AS answers, count(*) FILTER (WHERE NOT pg_temp.within(more, s)) AS widened,
	   min((deal || jsonb_build_object(k, v))::text) FILTER (WHERE NOT pg_temp.within(more, s)) AS example
FROM random.try, screen(deal) s, unnest(s.missing) k JOIN fact f ON f.fact = k AND f.kind = 'deal', generate_series(1, 3) i,
	 LATERAL (SELECT pg_temp.some_value(k) AS v, i) a, screen(deal || jsonb_build_object(k, v)) more;
/* the questionnaire asks for just what is missing */
SELECT count(*) AS deals, count(*) FILTER (WHERE ARRAY(SELECT unnest(s.missing) ORDER BY 1) IS DISTINCT FROM ARRAY(SELECT q.fact FROM questionnaire(deal) q WHERE q.fact IS NOT NULL ORDER BY 1)) AS differ
FROM random.try, screen(deal) s;

/* the same of the records: one value after another is forgotten, and the whole book looked at again */
INSERT INTO random.deal (deal_id, investor, target, transaction_type, completion_date, facts)
SELECT n, deal ->> 'investor', deal ->> 'target', coalesce(deal ->> 'transaction_type', 'equity'), (deal ->> 'completion_date')::date,
	   deal - '{investor,target,transaction_type,completion_date,amount_usd,signed_on}'::text[] FROM random.try WHERE n <= 60;
CREATE TABLE random.verdict AS SELECT d.deal_id, s FROM random.deal d, screen(d) s;
CREATE FUNCTION pg_temp.forget(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	bad text;
BEGIN
	BEGIN
		EXECUTE command;
		SELECT min(d.deal_id) INTO bad FROM random.deal d JOIN random.verdict v USING (deal_id), outbound.screen(d) s WHERE NOT pg_temp.within(v.s, s);
		RAISE EXCEPTION 'undone';
	EXCEPTION WHEN raise_exception THEN
		RETURN bad;
	END;
END $$;
SELECT count(*) AS forgotten, string_agg(command || ': deal ' || bad, '; ') AS narrowed
FROM (SELECT format('UPDATE random.party SET %I = NULL WHERE party_id = %L', c, p) AS command
	  FROM unnest('{kind,citizenship,permanent_residence,organized_under,principal_place_of_business,headquarters,located_in,activity_register}'::text[]) c, unnest('{us,sub,fab,owned,holder,fund}'::text[]) p
	  UNION ALL SELECT format('UPDATE random.party SET register = ''open'' WHERE party_id = %L', p) FROM unnest('{us,half,sub,owned,maybe}'::text[]) p
	  UNION ALL SELECT format('UPDATE random.interest SET share = NULL WHERE interest_id = %s', interest_id) FROM random.interest WHERE share IS NOT NULL
	  UNION ALL SELECT format('UPDATE random.activity SET facts = facts || jsonb_build_object(%L, NULL) WHERE activity_id = %s', k, activity_id) FROM random.activity, jsonb_object_keys(facts) k
	  UNION ALL SELECT format('UPDATE random.financial SET amount_usd = NULL WHERE financial_id = %s', financial_id) FROM random.financial) AS c,
	 LATERAL pg_temp.forget(command) AS bad;

/* every door: function over each form, view, last step of the explanation, trigger */
SELECT count(*) AS deals, count(*) FILTER (WHERE screen(d) IS DISTINCT FROM (v.outcome, v.at_least, v.at_most, v.obligation, v.limb, v.provisions, v.missing, v.readings, v.notify_by, v.retain_until, v.ruleset)::screening) AS view_differs,
	   count(*) FILTER (WHERE screen(d) IS DISTINCT FROM screen(deal_document(d)) OR screen(d) IS DISTINCT FROM screen(deal_document(d)::text)) AS form_differs,
	   count(*) FILTER (WHERE v.outcome::text IS DISTINCT FROM (SELECT e.answer FROM explain(d) e ORDER BY e.step DESC LIMIT 1)) AS explanation_differs
FROM random.deal d JOIN deal_screening v USING (deal_id);
CREATE TABLE random.guarded (LIKE random.deal INCLUDING ALL);
CREATE TRIGGER guard AFTER INSERT ON random.guarded FOR EACH ROW EXECUTE FUNCTION block_prohibited();
CREATE FUNCTION pg_temp.let_in(id text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO random.guarded SELECT * FROM random.deal WHERE deal_id = id;
	RETURN 'in';
EXCEPTION WHEN SQLSTATE 'OB001' THEN RETURN 'OB001'; WHEN SQLSTATE 'OB002' THEN RETURN 'OB002';
END $$;
CREATE TABLE random.door AS SELECT deal_id, pg_temp.let_in(deal_id) AS answer FROM random.deal;
SELECT count(*) AS deals, count(*) FILTER (WHERE (answer = 'OB001') IS DISTINCT FROM ((v.s).outcome = 'prohibited')) AS blocked_otherwise,
	   count(*) FILTER (WHERE answer = 'OB002' AND NOT ((v.s).outcome = 'undetermined' AND (v.s).at_most >= 'notifiable')) AS held_otherwise,
	   count(*) FILTER (WHERE answer = 'in' AND ((v.s).outcome, (v.s).at_least, (v.s).at_most)::text IS DISTINCT FROM (SELECT (r.outcome, r.at_least, r.at_most)::text FROM random.determination r WHERE r.deal_id = d.deal_id)) AS recorded_otherwise
FROM random.door d JOIN random.verdict v USING (deal_id);

SELECT configure('source_schema', NULL);
DROP SCHEMA random CASCADE;
