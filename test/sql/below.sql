-- What is below a party is read over indexes or, where that takes longer, from a census of everything: the same answers.
SET client_min_messages = error;
SET search_path = outbound, pg_catalog;
CREATE SCHEMA below_scan;
SELECT create_relations('below_scan'), configure('source_schema', 'below_scan') \gset
SELECT setseed(0.206) \gset
SET search_path = below_scan, outbound, pg_catalog;
INSERT INTO party (party_id, kind, organized_under, register)
SELECT 'p' || i, (ARRAY['entity', 'entity', 'pooled_fund', 'individual', NULL])[1 + i % 5], (ARRAY['US', 'DE', NULL])[1 + i % 3], (ARRAY['closed', 'complete', 'open', NULL])[1 + i % 4]
FROM generate_series(1, 260) i;
-- mostly downward; roles, branches, own shares, people who are told to be held, holders without a row
INSERT INTO interest (holder_id, held_id, kind, share, source)
SELECT 'p' || greatest(1, least(270, i / 3 - floor(random() * 20))), 'p' || (i / 3 + floor(random() * 6)),
	(ARRAY['voting', 'voting', 'equity', 'board', 'general_partner', 'branch_of', 'investment_adviser', 'profits', 'whatever', 'acts_for'])[1 + floor(random() * 10)],
	(ARRAY['50%', '1/3', '(25%,50%]', '60%', NULL, '12345678901234567890/98765432109876543211'])[1 + floor(random() * 6)]::share, CASE WHEN i % 7 = 0 THEN 'register' END
FROM generate_series(1, 780) i;
CREATE TEMP TABLE answer AS
SELECT false AS from_census, root, t.test, h.* FROM unnest('{p2,p40}'::text[]) root, ownership_test t, holdings(root, t.test) h WHERE NOT t.pooled;
ANALYZE interest;
ANALYZE party;
INSERT INTO answer
SELECT true, root, t.test, h.* FROM unnest('{p2,p40}'::text[]) root, ownership_test t, holdings(root, t.test) h WHERE NOT t.pooled;
SELECT count(DISTINCT test) AS tests, count(*) > 5000 AS many, count(DISTINCT (root, party_id)) > 200 AS pairs, count(DISTINCT grade) AS grades FROM answer WHERE from_census;
SELECT count(*) AS differ FROM (
	(SELECT root, test, party_id, grade, tier, limb, voting, board, equity, distance FROM answer WHERE from_census
	 EXCEPT SELECT root, test, party_id, grade, tier, limb, voting, board, equity, distance FROM answer WHERE NOT from_census)
	UNION ALL
	(SELECT root, test, party_id, grade, tier, limb, voting, board, equity, distance FROM answer WHERE NOT from_census
	 EXCEPT SELECT root, test, party_id, grade, tier, limb, voting, board, equity, distance FROM answer WHERE from_census)) d;
SELECT configure('source_schema', NULL) \gset
DROP SCHEMA below_scan CASCADE;
RESET client_min_messages;
