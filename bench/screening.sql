-- A book of :deals deals over the graph of ownership_graph.sql (run that first, with kind voting), in the same schema bench.
--
-- What it follows: deal books of funds and banks, as lawyers describe them.
--   Few parties do anything in semiconductors, AI or quantum: 1.5 % of the entities, a third of those in China; what they do is
--   told fully in seven of ten cases, else a fact or two are unknown. One party in fifty does something nobody has listed wholly.
--   Half of the targets are such parties, a fifth are organized in China, the rest anybody; popular targets come back.
--   Half of the investors are U.S. persons, a third are entities that somebody holds, the rest persons.
--   Types of transaction, knowledge, exceptions and days of completion (January 2025 to November 2026, a few before) are drawn
--   apart from each other. Most facts are in columns of their own, as a firm would have them; some in the document.
--   A hundredth of the entities publishes figures that draw on what it holds.
--   A quarter of the interests began on some day of the past ten years, the others have no days.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET synchronous_commit = off;
SET work_mem = '256MB';
SET search_path = bench, pg_catalog;
SELECT setseed(0.850) \gset
SELECT floor(count(*) * 0.54)::bigint AS entities, count(*) AS parties FROM party \gset

TRUNCATE activity, financial, deal;
UPDATE party SET activity_register = 'complete' WHERE random() < 0.98;
UPDATE interest SET valid = daterange(date '2014-01-01' + (random() * 3650)::int, NULL) WHERE random() < 0.25;

-- who does something
CREATE TEMP TABLE actor AS
SELECT row_number() OVER () AS n, party_id, country
FROM (SELECT party_id, organized_under AS country FROM party WHERE kind = 'entity' AND random() < CASE organized_under WHEN 'CN' THEN 0.5 ELSE 0.01 END
	  ORDER BY party_id) p;
INSERT INTO activity (party_id, facts)
SELECT party_id, CASE WHEN random() < 0.3 THEN facts || missing ELSE facts END
FROM (SELECT party_id, floor(random() * 10)::int AS what, '{100,1600,4800,9000}'::int[] AS tpp FROM actor, generate_series(1, 2) i WHERE i = 1 OR random() < 0.2) a,
LATERAL (SELECT CASE what
	WHEN 0 THEN jsonb_build_object('verbs', '["designs"]'::jsonb, 'object', 'integrated_circuit', 'total_processing_performance', tpp[1 + floor(random() * 4)::int], 'performance_density', 1 + floor(random() * 9), 'operating_temperature_k', 300)
	WHEN 1 THEN jsonb_build_object('verbs', '["fabricates"]'::jsonb, 'object', 'integrated_circuit', 'ic_kind', 'logic', 'transistor', 'planar', 'node_nm', 7 + floor(random() * 60), 'fdsoi', false, 'gallium_compound', false, 'graphene_or_nanotube', false, 'operating_temperature_k', 300)
	WHEN 2 THEN jsonb_build_object('verbs', '["fabricates"]'::jsonb, 'object', 'integrated_circuit', 'ic_kind', 'nand', 'nand_layers', 64 + floor(random() * 128), 'fdsoi', false, 'gallium_compound', false, 'graphene_or_nanotube', false, 'operating_temperature_k', 300)
	WHEN 3 THEN jsonb_build_object('verbs', '["packages"]'::jsonb, 'object', 'integrated_circuit', 'advanced_packaging', random() < 0.5)
	WHEN 4 THEN jsonb_build_object('verbs', '["develops"]'::jsonb, 'object', 'quantum_computer')
	WHEN 5 THEN jsonb_build_object('verbs', '["sells"]'::jsonb, 'object', 'other')
	ELSE jsonb_build_object('verbs', '["develops"]'::jsonb, 'object', 'ai_system', 'training_operations', '1e' || (22 + floor(random() * 5)), 'primarily_biological_data', random() < 0.1, 'designed_for', '[]'::jsonb, 'designed_exclusively_for', '[]'::jsonb, 'intended_for', CASE WHEN random() < 0.2 THEN '["robotic_control"]' ELSE '["other"]' END::jsonb, 'uses_third_party_model', false)
	END AS facts,
	CASE WHEN what = 0 THEN '{"total_processing_performance": null}' WHEN what IN (1, 2) THEN '{"gallium_compound": null}' WHEN what = 3 THEN '{"advanced_packaging": null}'
		 WHEN what > 5 THEN '{"training_operations": null}' ELSE '{}' END::jsonb AS missing) f;

-- what holders draw from what they hold
INSERT INTO financial (holder_id, from_id, metric, amount_usd, basis, year)
SELECT holder_id, held_id, metric, CASE WHEN held_id IS NULL THEN 1e8 ELSE floor(random() * 8e7) END, CASE WHEN random() < 0.8 THEN 'audited' ELSE 'unaudited' END, 2025
FROM (SELECT holder_id, held_id FROM interest WHERE holder_id IN (SELECT party_id FROM party WHERE kind = 'entity' AND random() < 0.02)
	  UNION ALL SELECT DISTINCT holder_id, NULL FROM interest WHERE holder_id IN (SELECT party_id FROM party WHERE kind = 'entity' AND random() < 0.02)) h,
	 unnest('{revenue,net_income,capital_expenditure,operating_expense}'::text[]) metric WHERE random() < 0.9;

ALTER TABLE deal ADD COLUMN IF NOT EXISTS knowledge boolean, ADD COLUMN IF NOT EXISTS reasonable_inquiry boolean,
	ADD COLUMN IF NOT EXISTS publicly_traded boolean, ADD COLUMN IF NOT EXISTS rights_beyond_standard boolean;
CREATE TEMP TABLE us_party AS SELECT row_number() OVER () AS n, party_id FROM party WHERE organized_under = 'US';
CREATE TEMP TABLE cn_party AS SELECT row_number() OVER () AS n, party_id FROM party WHERE organized_under = 'CN';
CREATE UNIQUE INDEX ON us_party (n);
CREATE UNIQUE INDEX ON cn_party (n);
CREATE UNIQUE INDEX ON actor (n);
ANALYZE us_party; ANALYZE cn_party; ANALYZE actor;
SELECT (SELECT count(*) FROM us_party) AS n_us, (SELECT count(*) FROM cn_party) AS n_cn, (SELECT count(*) FROM actor) AS n_actors \gset

INSERT INTO deal (deal_id, investor, target, transaction_type, completion_date, amount_usd, knowledge, reasonable_inquiry, publicly_traded, rights_beyond_standard, facts)
SELECT 'D' || d.i,
	CASE WHEN v < 0.5 THEN us.party_id WHEN v < 0.85 THEN party_id(1 + floor(:entities * v2)::bigint) ELSE party_id(:entities + 1 + floor((:parties - :entities) * v2)::bigint) END,
	CASE WHEN t < 0.5 THEN actor.party_id WHEN t < 0.7 THEN cn.party_id ELSE party_id(1 + floor(:entities * t2)::bigint) END,
	type, completion, round(1e6 * (1 + 99 * v2 ^ 3)::numeric), CASE WHEN k < 0.4 THEN true WHEN k < 0.6 THEN false END, CASE WHEN k BETWEEN 0.4 AND 0.8 THEN true END,
	CASE WHEN x < 0.06 THEN true WHEN x < 0.08 THEN NULL ELSE false END, CASE WHEN x < 0.02 THEN true ELSE false END,
	CASE type WHEN 'debt' THEN '{"lender_rights": ["profits"]}' WHEN 'conversion' THEN '{"contingent_acquired_on": "2025-03-01"}'
		WHEN 'asset' THEN '{"asset_country": "CN", "asset_result": ["establishes_covered_foreign_person"]}'
		WHEN 'derivative' THEN '{"derivative_confers": ["equity"]}' ELSE '{}' END::jsonb
	|| CASE WHEN type = 'joint_venture' THEN jsonb_build_object('joint_venture_partner', cn.party_id)
			WHEN type = 'limited_partner' THEN jsonb_build_object('fund_likely_invests', v2 < 0.7, 'fund_investee', actor.party_id, 'committed_capital_usd', round(1e7 * v2)) ELSE '{}' END
FROM (SELECT i, random() AS v, random() ^ 2 AS v2, random() AS t, random() ^ 2 AS t2, random() AS k, random() AS x, random() AS y,
			 (ARRAY['contingent_equity', 'debt', 'limited_partner', 'limited_partner', 'joint_venture', 'asset', 'conversion', 'derivative',
					'equity', 'equity', 'equity', 'equity', 'equity', 'equity', 'equity', 'equity', 'equity', 'equity', 'equity', 'equity'])[1 + floor(random() * 20)::int] AS type,
			 date '2024-12-15' + (random() * 700)::int AS completion
	  FROM generate_series(1, :deals) i) d
LEFT JOIN us_party us ON us.n = 1 + floor(:n_us * v2)::bigint
LEFT JOIN cn_party cn ON cn.n = 1 + floor(:n_cn * t2)::bigint
LEFT JOIN actor ON actor.n = 1 + floor(:n_actors * t2)::bigint;
SET search_path = pg_catalog;
VACUUM FULL ANALYZE bench.party;
VACUUM FULL ANALYZE bench.interest;
VACUUM ANALYZE bench.activity;
VACUUM ANALYZE bench.financial;
VACUUM ANALYZE bench.deal;
CHECKPOINT;
