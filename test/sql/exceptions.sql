/*
 * Decision tables of 850.210 and 850.501: every combination of what each limb and exception asks for, true, false,
 * unknown and not stated, against the section written once more in SQL, whose NULL is Kleene's unknown.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SET datestyle = iso;
SELECT create_relations('tables');
SELECT configure('source_schema', 'tables');
INSERT INTO tables.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, citizenship, permanent_residence)
SELECT id, kind, country, country, country, country, 'closed', 'complete', CASE kind WHEN 'individual' THEN ARRAY[country] ELSE '{}' END, '{}'
FROM (VALUES ('us', 'entity', 'US'), ('person', 'individual', 'US'), ('stranger', 'entity', 'FR'), ('fab', 'entity', 'CN'), ('packager', 'entity', 'CN'), ('fund', 'pooled_fund', 'KY'),
			 ('us fund', 'pooled_fund', 'US'), ('venture', 'entity', 'SG'), ('idle', 'entity', 'SG')) AS p (id, kind, country);
INSERT INTO tables.activity (party_id, facts) VALUES ('fab', '{"verbs": ["develops"], "object": "eda_software"}'), ('venture', '{"verbs": ["develops"], "object": "eda_software"}'),
	('packager', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}');

/* a fact as stated: boolean, number, day, text, set; what nobody states is not claimed, or unknown */
CREATE FUNCTION pg_temp.silent(name text) RETURNS boolean LANGUAGE sql AS $$ SELECT when_absent = 'not_claimed' FROM outbound.fact WHERE fact = name $$;
CREATE FUNCTION pg_temp.b(c jsonb, name text) RETURNS boolean LANGUAGE sql AS $$
	SELECT CASE WHEN c ? name THEN (c ->> name)::boolean WHEN pg_temp.silent(name) THEN false END $$;
CREATE FUNCTION pg_temp.n(c jsonb, name text) RETURNS numeric LANGUAGE sql AS $$
	SELECT CASE WHEN c ? name THEN (c ->> name)::numeric WHEN pg_temp.silent(name) THEN 'NaN' END $$;
CREATE FUNCTION pg_temp.d(c jsonb, name text) RETURNS date LANGUAGE sql AS $$
	SELECT CASE WHEN c ? name THEN (c ->> name)::date WHEN pg_temp.silent(name) THEN 'infinity' END $$;
CREATE FUNCTION pg_temp.t(c jsonb, name text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN c ? name THEN c ->> name WHEN pg_temp.silent(name) THEN '' END $$;
CREATE FUNCTION pg_temp.s(c jsonb, name text) RETURNS text[] LANGUAGE sql AS $$
	SELECT CASE WHEN c ? name THEN CASE jsonb_typeof(c -> name) WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(c -> name)) END WHEN pg_temp.silent(name) THEN '{}' END $$;

/*
 * Every combination: of each fact the values listed (true stands for true, false and null) and its absence.  The
 * section holds: the deal is what; it does not: what else; it is unknown: undetermined between the two.
 */
CREATE FUNCTION pg_temp.decide(section text, base jsonb, facts jsonb, holds text, holding outcome, otherwise outcome,
	OUT deals bigint, OUT held bigint, OUT failed bigint, OUT open bigint, OUT wrong text) LANGUAGE plpgsql AS $$
DECLARE
	combinations text := 'SELECT $1';
	f record;
BEGIN
	FOR f IN SELECT key, CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[true, false, null]' END AS list FROM jsonb_each(facts) LOOP
		combinations := format('SELECT c.d || v.o FROM (%s) AS c (d), (SELECT jsonb_build_object(%L, e) FROM jsonb_array_elements(%L) e UNION ALL SELECT ''{}'') AS v (o)',
							   combinations, f.key, f.list);
	END LOOP;
	EXECUTE format($q$
		WITH c AS MATERIALIZED (SELECT c.d AS c FROM (%s) AS c (d)), v AS MATERIALIZED (SELECT c, outbound.screen(c) AS s, (%s) AS h FROM c)
		SELECT count(*), count(*) FILTER (WHERE h), count(*) FILTER (WHERE NOT h), count(*) FILTER (WHERE h IS NULL),
			   min(c::text) FILTER (WHERE CASE WHEN h IS NULL THEN (s).outcome <> 'undetermined' OR least($2, $3) < (s).at_least OR greatest($2, $3) > (s).at_most
										  WHEN h THEN (s).outcome <> $2 ELSE (s).outcome <> $3 END)
		FROM v $q$, combinations, regexp_replace(holds, '\m([bndts])\((\w+)\)', 'pg_temp.\1(c, ''\2'')', 'g'))
	INTO deals, held, failed, open, wrong USING base, holding, otherwise;
END $$;

/* 850.210(a), with notes and dates */
SELECT section, t.* FROM (VALUES
	('(a)(1)', '{"knowledge": true}', '{"foreclosure": true, "knew_pledged_equity": true, "pledged_on": ["2025-01-01", "2025-01-02", null]}',
	 'NOT b(foreclosure) OR (b(knew_pledged_equity) AND NOT d(pledged_on) < ''2025-01-02'')', 'prohibited', 'not_covered'),
	('(a)(1) contingent', '{"knowledge": true, "transaction_type": "contingent_equity"}', '{}', 'true', 'prohibited', 'not_covered'),
	('(a)(2)', '{"knowledge": true, "transaction_type": "debt"}', '{"lender_rights": [[], ["profits"], ["board_appointment"], ["equity_like"], ["profits", "equity_like"], null]}',
	 's(lender_rights) <> ''{}''', 'prohibited', 'not_covered'),
	('(a)(3)', '{"knowledge": true, "transaction_type": "conversion"}', '{"contingent_acquired_on": ["2025-01-01", "2025-01-02", "2026-01-01", null]}',
	 'd(contingent_acquired_on) >= ''2025-01-02''', 'prohibited', 'not_covered'),
	('(a)(4)', '{"knowledge": true, "transaction_type": "asset"}', '{"asset_country": ["CN", "HK", "CN-MO", "TW", "SG", null], "asset_result": [[], ["establishes_covered_foreign_person"], ["country_of_concern_person_engages"], null]}',
	 't(asset_country) IN (''CN'', ''HK'', ''CN-MO'') AND s(asset_result) <> ''{}''', 'prohibited', 'not_covered'),
	('(a)(5)', '{"knowledge": true, "transaction_type": "joint_venture"}', '{"target": ["venture", "idle"], "joint_venture_partner": ["fab", "packager", "stranger", null]}',
	 't(target) IN (''venture'', ''fab'') AND t(joint_venture_partner) IN (''fab'', ''packager'')', 'prohibited', 'not_covered'),
	('(a)(6)', '{"transaction_type": "limited_partner"}', '{"target": ["fund", "us fund"], "fund_likely_invests": true, "reasonable_inquiry": true, "fund_investee": ["fab", "stranger", null]}',
	 't(target) <> ''us fund'' AND (b(fund_likely_invests) OR CASE WHEN NOT b(fund_likely_invests) THEN b(reasonable_inquiry) IS NOT TRUE WHEN NOT b(reasonable_inquiry) THEN true END) AND t(fund_investee) = ''fab''', 'prohibited', 'not_covered'),
	('derivative', '{"knowledge": true, "transaction_type": "derivative"}', '{"derivative_confers": [[], ["equity"], ["equity_rights"], ["equity", "equity_rights"], null]}',
	 's(derivative_confers) <> ''{}''', 'prohibited', 'excepted'),
	('other', '{"knowledge": true, "transaction_type": "other"}', '{}', 'false', 'prohibited', 'not_covered'),
	/* A-44: no knowledge, and no inquiry shown, is knowledge; A-46: the records know */
	('850.216', '{}', '{"knowledge": true, "reasonable_inquiry": true}',
	 'CASE WHEN NOT c ? ''knowledge'' THEN true WHEN b(knowledge) IS NULL THEN CASE WHEN NOT b(reasonable_inquiry) THEN true END ELSE b(knowledge) OR b(reasonable_inquiry) IS NOT TRUE END', 'prohibited', 'not_covered'),
	('850.204', '{"knowledge": true}', '{"completion_date": ["2025-01-01", "2025-01-02", "2024-12-31", null]}',
	 'NOT coalesce(d(completion_date), CASE WHEN NOT c ? ''completion_date'' THEN ''infinity''::date END) < ''2025-01-02''', 'prohibited', 'out_of_scope'),
	('850.229', '{"knowledge": true, "investor": "stranger", "directing_person": "us"}',
	 '{"directing_authority": true, "directed": true, "directing_knowledge": true, "recused_from": [["approval", "documents"], ["approval", "documents", "negotiation"], null]}',
	 'b(directing_authority) AND b(directed) AND b(directing_knowledge) AND NOT s(recused_from) @> ''{approval,documents,negotiation}''', 'prohibited', 'out_of_scope')
) AS d (section, base, facts, holds, holding, otherwise),
LATERAL pg_temp.decide(section, '{"investor": "us", "target": "fab"}'::jsonb || base::jsonb, facts::jsonb, holds, holding::outcome, otherwise::outcome) t;

/* 850.501, 850.502, 850.503, 850.210(b)(2): against a deal that is prohibited without them */
SELECT section, t.* FROM (VALUES
	('(a)(1)(i)', '{}', '{"publicly_traded": true, "rights_beyond_standard": true}', 'b(publicly_traded) AND NOT b(rights_beyond_standard)', 'excepted'),
	('(a)(1)(i) fungible', '{}', '{"fungible_with_publicly_traded": true, "rights_beyond_standard": true}', 'b(fungible_with_publicly_traded) AND NOT b(rights_beyond_standard)', 'excepted'),
	('(a)(1)(i) convertible', '{"transaction_type": "contingent_equity"}', '{"convertible_only_into_publicly_traded": true, "rights_beyond_standard": true}',
	 'b(convertible_only_into_publicly_traded) AND NOT b(rights_beyond_standard)', 'excepted'),
	('(a)(1)(ii)', '{}', '{"registered_fund": true, "business_development_company": true, "rights_beyond_standard": true}',
	 '(b(registered_fund) OR b(business_development_company)) AND NOT b(rights_beyond_standard)', 'excepted'),
	('(a)(1)(iii) prohibited', '{"transaction_type": "limited_partner", "target": "fund", "fund_likely_invests": true, "fund_investee": "fab"}',
	 '{"committed_capital_usd": [0, 2000000, 2000000.01, null], "lp_assurance": ["none", "prohibited", "notifiable", "both", null], "rights_beyond_standard": true}',
	 '(n(committed_capital_usd) <= 2000000 OR t(lp_assurance) IN (''prohibited'', ''both'')) AND NOT b(rights_beyond_standard)', 'excepted'),
	('(a)(1)(iv) with rights', '{"transaction_type": "derivative", "derivative_confers": ["equity"]}', '{"rights_beyond_standard": true}', 'false', 'excepted'),
	('(b)', '{}', '{"acquires_all_country_of_concern_interests": true, "covered_foreign_person_after": true}', 'b(acquires_all_country_of_concern_interests) AND NOT b(covered_foreign_person_after)', 'excepted'),
	('(c)', '{}', '{"intracompany": true, "supports_only_uncovered_operations": true, "maintains_existing_activity": true, "existing_activity_since": ["2025-01-01", "2025-01-02", null]}',
	 'b(intracompany) AND (b(supports_only_uncovered_operations) OR (b(maintains_existing_activity) AND d(existing_activity_since) < ''2025-01-02''))', 'excepted'),
	('(d)', '{}', '{"commitment_binding": true, "commitment_uncalled": true, "commitment_on": ["2025-01-01", "2025-01-02", null], "completion_date": ["2025-01-02", "2025-01-03", "2026-01-01"]}',
	 'b(commitment_binding) AND b(commitment_uncalled) AND d(commitment_on) < ''2025-01-02'' AND (NOT c ? ''completion_date'' OR d(completion_date) > ''2025-01-02'')', 'excepted'),
	('(e)', '{}', '{"syndicated_loan": true, "lender_can_act_alone": true, "syndication_agent": true}', 'b(syndicated_loan) AND NOT b(lender_can_act_alone) AND NOT b(syndication_agent)', 'excepted'),
	('(f)', '{}', '{"employment_compensation": true, "investor": ["us", "person"]}', 'b(employment_compensation) AND c ->> ''investor'' = ''person''', 'excepted'),
	('(g)', '{}', '{"third_country_determination": true}', 'b(third_country_determination)', 'excepted'),
	('850.210(b)(2)', '{}', '{"us_government_business": true}', 'b(us_government_business)', 'excepted'),
	('850.502', '{}', '{"national_interest_exemption": true}', 'b(national_interest_exemption)', 'exempted'),
	('850.503', '{}', '{"ieepa_1702b": true}', 'b(ieepa_1702b)', 'out_of_scope')
) AS d (section, base, facts, holds, holding),
LATERAL pg_temp.decide(section, '{"investor": "us", "target": "fab", "knowledge": true}'::jsonb || base::jsonb, facts::jsonb, holds, holding::outcome, 'prohibited') t;
/* a merely notifiable deal of the fund: the assurance that counts is the other one (A-29) */
SELECT t.* FROM pg_temp.decide('(a)(1)(iii) notifiable', '{"investor": "us", "transaction_type": "limited_partner", "target": "fund", "fund_likely_invests": true, "fund_investee": "packager"}',
	'{"committed_capital_usd": [2000000, 2000000.01, null], "lp_assurance": ["none", "prohibited", "notifiable", "both", null], "rights_beyond_standard": true}',
	'(n(committed_capital_usd) <= 2000000 OR t(lp_assurance) IN (''notifiable'', ''both'')) AND NOT b(rights_beyond_standard)', 'excepted', 'notifiable') t;

/* a derivative that confers nothing meets no limb either */
SELECT t.* FROM pg_temp.decide('(a)(1)(iv)', '{"investor": "us", "target": "fab", "knowledge": true, "transaction_type": "derivative", "derivative_confers": []}',
	'{"rights_beyond_standard": true}', 'NOT b(rights_beyond_standard)', 'excepted', 'not_covered') t;

SELECT configure('source_schema', NULL);
DROP SCHEMA tables CASCADE;
