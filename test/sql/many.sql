/*
 * One way or another: a book of deals in one statement, which comes to the whole graph, to a census and to days that
 * are alike, gives each deal the verdict that it has by itself, from the cones above its parties.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SELECT create_relations('many');
SELECT configure('source_schema', 'many');
SELECT setseed(0.206);
INSERT INTO many.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, citizenship, permanent_residence, valid)
SELECT 'p' || i, k, CASE WHEN random() < 0.98 THEN c END, c, c, c, CASE WHEN random() < 0.96 THEN 'closed' WHEN random() < 0.5 THEN 'open' ELSE 'complete' END,
	CASE WHEN random() < 0.97 THEN 'complete' ELSE 'open' END, CASE k WHEN 'individual' THEN ARRAY[c] ELSE '{}' END, '{}', '(,)'
FROM (SELECT i, ('{entity,entity,entity,entity,individual,pooled_fund}'::text[])[1 + floor(random() * 6)] AS k,
			 ('{US,US,SG,KY,SG,CN,FR}'::text[])[1 + floor(random() * 7)] AS c FROM generate_series(1, 300) i) x;
INSERT INTO many.interest (holder_id, held_id, kind, share, valid)
SELECT 'p' || h, 'p' || t, k, CASE WHEN k IN ('general_partner', 'direction') THEN NULL WHEN random() < 0.02 THEN '(25%,50%]'
	ELSE ('{10%,20%,30%,40%,49%,50%,51%,1/3,60%,100%}'::text[])[1 + floor(random() * 10)] END::share,
	CASE WHEN random() < 0.1 THEN daterange('2025-09-01', NULL) WHEN random() < 0.1 THEN daterange(NULL, '2026-01-15') END
FROM (SELECT greatest(1, t - 1 - floor(random() * 40)::int) AS h, t, ('{voting,voting,equity,equity,board,general_partner,direction}'::text[])[1 + floor(random() * 7)] AS k
	  FROM generate_series(2, 300) t, generate_series(1, 2)) x WHERE h <> t AND random() < 0.7;
INSERT INTO many.interest (holder_id, held_id, kind, share) SELECT 'p' || t, 'p' || t - 20, 'equity', '5%' FROM generate_series(60, 300, 30) t;
INSERT INTO many.activity (party_id, facts)
SELECT 'p' || i, f::jsonb FROM generate_series(1, 300) i, LATERAL (SELECT ('{"{\"verbs\": [\"develops\"], \"object\": \"quantum_computer\"}","{\"verbs\": [\"sells\"], \"object\": \"other\"}",'
	'"{\"verbs\": [\"designs\"], \"object\": \"integrated_circuit\", \"operating_temperature_k\": 300, \"total_processing_performance\": 100, \"performance_density\": 1}",'
	'"{\"verbs\": [\"packages\"], \"object\": \"integrated_circuit\", \"advanced_packaging\": null}","{\"verbs\": \"unreadable\"}"}')::text[] AS choice) c,
	LATERAL (SELECT choice[CASE WHEN random() < 0.02 THEN 5 ELSE 1 + floor(random() * 4 + i * 0) END] AS f) v WHERE random() < 0.4;
INSERT INTO many.listing (party_id, list) SELECT 'p' || i, ('{SDN,EL}'::text[])[1 + i % 2] FROM generate_series(1, 300, 17) i;
INSERT INTO many.financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT h, f, m, CASE WHEN f IS NULL THEN 1e6 ELSE floor(random() * 9e5) END, 'audited', 2025
FROM (SELECT holder_id AS h, held_id AS f FROM many.interest WHERE random() < 0.3 GROUP BY 1, 2 UNION ALL SELECT DISTINCT holder_id, NULL FROM many.interest) x, unnest('{revenue,net_income}'::text[]) m;
INSERT INTO many.deal (deal_id, investor, target, transaction_type, completion_date, facts)
SELECT i, 'p' || 1 + floor(random() * 300), 'p' || 1 + floor(random() * 300), ('{equity,equity,equity,debt,limited_partner,joint_venture,conversion}'::text[])[1 + floor(random() * 7)],
	date '2024-12-01' + floor(random() * 700)::int,
	jsonb_build_object('lender_rights', '["profits"]'::jsonb, 'fund_likely_invests', true, 'fund_investee', 'p' || 1 + floor(random() * 300),
					   'joint_venture_partner', 'p' || 1 + floor(random() * 300), 'contingent_acquired_on', '2025-05-05')
	|| CASE WHEN random() < 0.6 THEN jsonb_build_object('knowledge', random() < 0.8, 'reasonable_inquiry', random() < 0.5) ELSE '{}' END
FROM generate_series(1, 250) i;
INSERT INTO many.activity (party_id, facts) SELECT 'unheard ' || i, '{"verbs": ["develops"], "object": "quantum_computer"}' FROM generate_series(1, 3) i;
UPDATE many.deal SET target = 'unheard ' || 1 + deal_id::int % 3 WHERE deal_id::int % 40 = 7;
ANALYZE many.party, many.interest, many.activity, many.listing, many.financial;

-- by itself: what is written in between leaves nothing of what was read before
CREATE TEMP TABLE alone (deal_id text, verdict screening);
DO $$
DECLARE
	d many.deal;
BEGIN
	SET LOCAL client_min_messages = error;
	FOR d IN SELECT * FROM many.deal LOOP
		INSERT INTO alone VALUES (d.deal_id, screen(d));
	END LOOP;
END $$;
SET client_min_messages = error;
CREATE FUNCTION pg_temp.in_order(names text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT ARRAY(SELECT n FROM unnest(names) n ORDER BY n COLLATE "C") $$;
SELECT count(*) AS deals, count(DISTINCT outcome) > 3 AS many_outcomes, count(*) FILTER (WHERE readings <> '{}') > 5 AS readings_matter,
	count(*) FILTER (WHERE ((a.verdict).outcome, (a.verdict).at_least, (a.verdict).at_most, (a.verdict).obligation, (a.verdict).limb, (a.verdict).provisions, (a.verdict).readings, (a.verdict).notify_by, (a.verdict).ruleset)
		IS DISTINCT FROM (v.outcome, v.at_least, v.at_most, v.obligation, v.limb, v.provisions, v.readings, v.notify_by, v.ruleset)) AS differ,
	count(*) FILTER (WHERE pg_temp.in_order((a.verdict).missing) <> pg_temp.in_order(v.missing)) AS miss_otherwise
FROM alone a JOIN deal_screening v USING (deal_id);
-- whatever is open says what it hangs on: a fact, or a reading
SELECT count(*) FILTER (WHERE (verdict).outcome = 'undetermined') > 20 AS some_open,
	count(*) FILTER (WHERE (verdict).outcome = 'undetermined' AND (verdict).missing = '{}' AND (verdict).readings = '{}') AS nothing_to_ask FROM alone;
-- the same in the order of the table, day after day as they come, and column by column
SELECT count(*) AS deals, count(*) FILTER (WHERE ((a.verdict).outcome, (a.verdict).at_most, (a.verdict).provisions, (a.verdict).readings) IS DISTINCT FROM (s.outcome, s.at_most, s.provisions, s.readings)) AS differ
FROM (SELECT deal_id, (screen(d)).* FROM many.deal d) s JOIN alone a USING (deal_id);

SELECT configure('source_schema', NULL);
DROP SCHEMA many CASCADE;
