-- ownership tests of the neighbouring regimes: what their rows can say, and a firm's own
\pset null NULL
SELECT outbound.create_relations('regimes');
SELECT outbound.configure('source_schema', 'regimes');
SET search_path = regimes, outbound, public;
SET outbound.max_graph_memory = '64MB';

-- every shipped test has an authority, a summary and words that the engine reads
SELECT count(*) >= 50 AS many, bool_and(length(authority) > 5 AND length(summary) > 20) AS told FROM ownership_test WHERE origin = 'outbound';
SELECT test FROM unnest(ARRAY['31 CFR 850.206', '31 CFR 850.221', '31 CFR 850.221 literal', '31 CFR 850.224(m)(4)', 'OFAC 50', 'OFAC SSI',
	'BIS affiliates', 'EU', 'EU before 2024-07-03', 'UK', 'Switzerland', 'DOJ data rule', 'CHIPS guardrail', 'CFIUS parent',
	'CFIUS substantial interest', 'CFIUS excepted investor', 'HSR', 'UK PSC', 'EU AMLR 52', 'EU AMLR 54', 'FinCEN', 'FATCA', 'DAC6', 'GwG',
	'ECB close links', 'integrated ownership', 'company control']) AS t(test) WHERE test NOT IN (SELECT o.test FROM ownership_test o);

INSERT INTO party (party_id, kind, organized_under, principal_place_of_business, headquarters, register) VALUES
('U', 'entity', 'SG', 'SG', 'SG', 'closed'), ('A', 'entity', 'SG', 'SG', 'SG', 'closed'), ('B', 'entity', 'SG', 'SG', 'SG', 'closed'),
('C', 'entity', 'SG', 'SG', 'SG', 'closed'), ('V', 'entity', 'SG', 'SG', 'SG', 'closed');
INSERT INTO interest (holder_id, held_id, kind, share) VALUES
('U', 'A', 'voting', '60%'), ('V', 'A', 'voting', '40%'), ('A', 'B', 'voting', '50%'), ('V', 'B', 'voting', '50%'),
('B', 'C', 'voting', '30%'), ('A', 'C', 'voting', '10%');

-- the same chain under a product, with controlling links as the whole, and with the holder's own link as told
SELECT t.test, e.held, attributed_share('U', e.held, 'voting', t.test)
FROM unnest(ARRAY['FATCA', 'FCC voting', 'CFIUS substantial interest', 'DAC6', 'UK PSC', 'company control']) AS t(test), unnest(ARRAY['A', 'B', 'C']) AS e(held)
ORDER BY 1, 2;
SELECT party_id, grade, tier, limb, parent_id FROM members('UK PSC') ORDER BY parent_id, party_id;
SELECT party_id, grade, tier, limb, parent_id FROM members('FCC voting') ORDER BY parent_id, party_id;
SELECT party_id, grade, limb, voting, distance FROM holders('C', 'FCC voting') ORDER BY 1;
SELECT party_id, grade, limb, voting, distance FROM holdings('U', 'UK PSC') ORDER BY 1;
-- nothing counts for more than the whole, and a role controls
INSERT INTO interest (holder_id, held_id, kind) VALUES ('V', 'C', 'direction');
SELECT attributed_share('V', 'C', 'voting', 'FCC voting'), attributed_share('V', 'C', 'voting', 'FATCA');
DELETE FROM interest WHERE kind = 'direction';
-- ranges: a link that may control counts for anything from its share to the whole
UPDATE interest SET share = '[45%,55%]' WHERE holder_id = 'A' AND held_id = 'B';
SELECT attributed_share('A', 'B', 'voting', 'FCC voting'), attributed_share('U', 'B', 'voting', 'FCC voting'), attributed_share('U', 'B', 'voting', 'FATCA');
UPDATE interest SET share = '50%' WHERE holder_id = 'A' AND held_id = 'B';
-- an undisclosed rest large enough to control may be the whole
UPDATE party SET register = 'open' WHERE party_id = 'C';
SELECT attributed_share('U', 'C', 'voting', 'FCC voting'), attributed_share('U', 'C', 'voting', 'FATCA');
UPDATE party SET register = 'closed' WHERE party_id = 'C';

-- the proof of what makes a member without counting whole
SELECT step, party_id, holder_id, basis, contribution, amount, threshold, passes FROM explain_ownership('U', 'B', 'UK PSC') ORDER BY step;

SELECT step, party_id, holder_id, basis, contribution, amount, threshold, passes FROM explain_ownership('U', 'B', 'CFIUS substantial interest') ORDER BY step;
SELECT step, party_id, holder_id, basis, contribution, amount, threshold, passes FROM explain_ownership('U', 'B', 'FCC voting') ORDER BY step;
SELECT holder_id, held_id, kind, critical, bound, tips_at FROM ownership_tipping('U', 'B', 'FCC voting') ORDER BY 1, 2;
SELECT holder_id, held_id, kind, critical, bound, tips_at FROM ownership_tipping('U', 'B', 'UK PSC') ORDER BY 1, 2;

-- AMLR 54: an interest in a party that controls, and control of parties that hold
INSERT INTO party (party_id, kind, register) SELECT id, 'entity', 'closed' FROM unnest('{N,H,T,M,S}'::text[]) AS id;
INSERT INTO interest (holder_id, held_id, kind, share) VALUES
('N', 'H', 'equity', '30%'), ('H', 'T', 'equity', '60%'), ('M', 'S', 'equity', '60%'), ('S', 'T', 'equity', '25%');
SELECT party_id, grade, limb, parent_id FROM members('EU AMLR 54', '2027-07-10') WHERE party_id = 'T' ORDER BY parent_id;
SELECT party_id, grade, limb, parent_id FROM members('EU AMLR 52', '2027-07-10') WHERE party_id = 'T' ORDER BY parent_id;
SELECT step, party_id, holder_id, basis, contribution, amount, threshold, passes FROM explain_ownership('N', 'T', 'EU AMLR 54', '2027-07-10') ORDER BY step;
SELECT step, party_id, holder_id, basis, contribution, amount, threshold, passes FROM explain_ownership('M', 'T', 'EU AMLR 54', '2027-07-10') ORDER BY step;
SELECT * FROM ownership_tipping('N', 'T', 'EU AMLR 54', '2027-07-10');
SELECT count(*) FROM members('EU AMLR 52', '2027-07-09');

-- days, places and who is left out
INSERT INTO party (party_id, kind, organized_under, principal_place_of_business, register) VALUES
('EL', 'entity', 'CN', 'CN', 'closed'), ('FO', 'entity', 'SG', 'SG', 'closed'), ('US', 'entity', 'US', 'US', 'closed'), ('UN', 'entity', NULL, 'SG', 'closed'),
('MIN', 'entity', 'SG', 'SG', 'closed'), ('RU', 'entity', 'RU', NULL, 'closed'), ('VE', 'entity', NULL, 'VE', 'closed'), ('Q', 'entity', NULL, 'SG', 'closed');
INSERT INTO listing (party_id, list) VALUES ('EL', 'EL'), ('RU', 'UVL');
INSERT INTO interest (holder_id, held_id, kind, share) VALUES ('EL', 'FO', 'equity', '50%'), ('EL', 'US', 'equity', '50%'), ('EL', 'UN', 'equity', '50%'),
('EL', 'MIN', 'equity', '10%'), ('US', 'MIN', 'equity', '45%'), ('RU', 'Q', 'equity', '20%'), ('VE', 'Q', 'equity', '30%');
SELECT party_id, grade, tier, limb FROM members('BIS affiliates', '2025-10-15') ORDER BY 1;
SELECT party_id, grade FROM members('BIS affiliates', '2025-09-28') ORDER BY 1;
SELECT party_id, grade FROM members('BIS affiliates', '2026-11-09') ORDER BY 1;
SELECT party_id, grade FROM members('BIS affiliates', '2026-11-10') ORDER BY 1;
SELECT party_id, grade FROM red_flags('BIS affiliates', '2025-10-15') ORDER BY 1;
SELECT party_id, grade FROM red_flags('BIS affiliates', '2025-12-01') ORDER BY 1;
SELECT party_id, grade, tier FROM members('DOJ data rule', '2025-06-01') ORDER BY 1;
SELECT red_flags('UK');

-- a regime of the firm's own, and rows that say nothing sensible
INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, status_feeds_back, control_counts, control, control_strict)
VALUES ('house', 'house policy', 'a tenth, controlling links as the whole', true, 'list:UVL place:VE', '{equity}', '{10%}', '{false}', 'proportion', false, 'whole', '{30%}', '{false}');
SELECT party_id, grade, tier, limb FROM members('house') ORDER BY 1;
-- a report stricter than the gate: a role keeps its status though the holding alone would not report, and a branch has its entity's
INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, roles, report, report_strict)
VALUES ('strict report', 'house policy', 'nine tenths, or a general partner who controls', false, 'root', '{equity}', '{1/2}', '{true}', 'nothing', '{general_partner}', '{9/10}', '{false}');
INSERT INTO party (party_id, kind, organized_under, register)
SELECT x, 'entity', 'SG', 'closed' FROM unnest('{S0,S1,S2,S3,S4,S5}'::text[]) x;
INSERT INTO interest (holder_id, held_id, kind, share) VALUES
('S0', 'S1', 'equity', '60%'), ('S1', 'S2', 'equity', '70%'), ('S0', 'S3', 'equity', '95%'), ('S2', 'S3', 'equity', '5%');
INSERT INTO interest (holder_id, held_id, kind) VALUES ('S1', 'S2', 'general_partner'), ('S4', 'S3', 'branch_of'), ('S5', 'S1', 'branch_of');
SELECT party_id, grade, tier, limb FROM members('strict report') WHERE parent_id = 'S0' ORDER BY 1;
SELECT party_id, grade, tier, limb FROM holdings('S0', 'strict report') ORDER BY 1;
SELECT step, party_id, holder_id, kind, basis, contribution, amount, threshold, passes FROM explain_ownership('S0', 'S2', 'strict report') ORDER BY 1;
SELECT step, party_id, holder_id, kind, basis, contribution, amount, threshold, passes FROM explain_ownership('S0', 'S1', 'strict report') ORDER BY 1;
SELECT * FROM verify('strict report');
INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below) VALUES ('bad', '', '', true, 'list:', '{equity}', '{10%}', '{false}', 'nothing');
SELECT count(*) FROM members('bad');
DELETE FROM ownership_test WHERE test = 'bad';
INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, report) VALUES ('bad', '', '', true, 'root', '{equity}', '{10%}', '{false}', 'nothing', '{20%}');
INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, control_counts) VALUES ('bad', '', '', true, 'root', '{equity}', '{10%}', '{false}', 'nothing', 'whole');
INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, through) VALUES ('bad', '', '', true, 'root', '{equity}', '{10%}', '{false}', 'nothing', 'UK');
INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, report, report_strict)
VALUES ('bad', '', '', false, 'root', '{equity}', '{10%}', '{false}', 'nothing', '{"[10%,20%]"}', '{true}');
SELECT count(*) FROM members('bad');
DELETE FROM ownership_test WHERE origin = 'firm';
SET client_min_messages = warning;
DROP SCHEMA regimes CASCADE;
SELECT configure('source_schema', NULL);
