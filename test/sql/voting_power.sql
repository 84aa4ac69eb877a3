-- What each holder of votes can decide: exact, and only where every vote is known
SET client_min_messages = warning;
SET search_path = outbound, public;
SELECT create_relations('voting_power'), configure('source_schema', 'voting_power');
SET search_path = voting_power, outbound, public;
INSERT INTO party (party_id, kind, register)
SELECT name, 'entity', register FROM (VALUES
	('complete', 'complete'), ('open', 'open'), ('closed', 'closed'), ('majority', 'open'), ('half', 'open'), ('band', 'closed'), ('own', 'complete'),
	('owner of itself', 'complete'), ('own in part', 'complete'), ('dirty', 'open'), ('unmapped', 'closed'), ('unmapped and dirty', 'closed'), ('equity', 'closed'),
	('lots', 'complete'), ('told twice', 'complete'), ('zero', 'closed'), ('ten', 'complete'), ('then', 'complete')) AS p (name, register);
INSERT INTO interest (holder_id, held_id, kind, share, source) VALUES
	('a', 'complete', 'voting', '50%', NULL), ('b', 'complete', 'voting', '49%', NULL), ('c', 'complete', 'voting', '1%', NULL),
	('a', 'open', 'voting', '40%', NULL), ('b', 'open', 'voting', '30%', NULL),
	('a', 'closed', 'voting', '40%', NULL), ('b', 'closed', 'voting', '30%', NULL),
	('a', 'majority', 'voting', '(50%,75%]', NULL), ('b', 'majority', 'voting', NULL, NULL), ('c', 'majority', 'voting', '10%', NULL),
	('a', 'half', 'voting', '50%', NULL), ('b', 'half', 'voting', '10%', NULL),
	('a', 'band', 'voting', '[25%,50%]', NULL), ('b', 'band', 'voting', '50%', NULL),
	('a', 'own', 'voting', '40%', NULL), ('b', 'own', 'voting', '30%', NULL), ('c', 'own', 'voting', '10%', NULL), ('own', 'own', 'voting', '20%', NULL),
	('a', 'owner of itself', 'voting', '10%', NULL), ('owner of itself', 'owner of itself', 'voting', '100%', NULL),
	('a', 'own in part', 'voting', '45%', NULL), ('b', 'own in part', 'voting', '35%', NULL), ('own in part', 'own in part', 'voting', '[10%,20%]', NULL),
	('a', 'dirty', 'voting', '60%', NULL), ('b', 'dirty', 'voting', '40%', NULL), ('c', 'dirty', 'voting', '30%', NULL),
	('a', 'unmapped', 'voting', '60%', NULL), ('b', 'unmapped', 'voting', '40%', NULL), ('c', 'unmapped', 'golden', '10%', NULL),
	('a', 'unmapped and dirty', 'voting', '60%', NULL), ('b', 'unmapped and dirty', 'voting', '50%', NULL), ('c', 'unmapped and dirty', 'golden', '10%', NULL),
	('a', 'equity', 'equity', '100%', NULL),
	('a', 'lots', 'voting', '1/6', NULL), ('a', 'lots', 'voting', '1/6', NULL), ('b', 'lots', 'voting', '1/3', NULL), ('c', 'lots', 'voting', '1/3', NULL),
	('a', 'told twice', 'voting', '40%', 'x'), ('a', 'told twice', 'voting', '45%', 'y'), ('b', 'told twice', 'voting', '60%', NULL),
	('a', 'zero', 'voting', '0%', NULL);
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'h' || i, 'ten', 'voting', share_of(i * 10, 100) FROM generate_series(1, 4) i;
INSERT INTO interest (holder_id, held_id, kind, share, valid) VALUES
	('a', 'then', 'voting', '100%', '(,2020-01-01)'), ('b', 'then', 'voting', '50%', '[2020-01-01,)'), ('c', 'then', 'voting', '50%', '[2020-01-01,)');

SELECT party_id, v.* FROM party, voting_power(party_id) v WHERE party_id <> 'then' ORDER BY party_id, v.share DESC, holder_id;
SELECT day, v.* FROM (VALUES (date '2019-01-01'), ('2021-01-01')) d (day), voting_power('then'::text, day) v;

-- nobody votes in it; nobody knows it; nobody is asked about
SELECT * FROM voting_power('a'::text);
SELECT * FROM voting_power('nobody'::text);
SELECT * FROM voting_power(NULL::text);
SELECT * FROM voting_power('complete'::text, NULL);

-- 120 holders; shares of many digits; too many of them
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'v' || i, 'many', 'voting', share_of(CASE WHEN i <= 10 THEN 45 ELSE 5 END, 1000) FROM generate_series(1, 120) i;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'v' || i, 'few', 'voting', share_of(1000000007 + i, 12 * 1000000007::numeric + 78) FROM generate_series(1, 12) i;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'v' || i, 'too many', 'voting', share_of(1000000007 + i, 50 * 1000000007::numeric + 1275) FROM generate_series(1, 50) i;
SELECT count(*), sum(share) AS share, sum(shapley_shubik) AS shapley_shubik, sum(banzhaf) AS banzhaf, round(percent(max(banzhaf)), 3) AS most FROM voting_power('many'::text);
SELECT count(*), sum(share) AS share, sum(shapley_shubik) AS shapley_shubik, sum(banzhaf) AS banzhaf FROM voting_power('few'::text);
SELECT count(*) FROM voting_power('too many'::text);
\echo :SQLSTATE

-- where rows are hidden nobody's power is known
CREATE ROLE regress_voter;
GRANT USAGE ON SCHEMA voting_power TO regress_voter;
GRANT SELECT ON ALL TABLES IN SCHEMA voting_power TO regress_voter;
ALTER TABLE interest ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_but_one ON interest USING (holder_id <> 'x');
SET ROLE regress_voter;
SELECT * FROM voting_power('complete'::text);
RESET ROLE;
DROP SCHEMA voting_power CASCADE;
DROP ROLE regress_voter;

-- ids of the other types
SELECT create_relations('voting_power', 'bigint');
INSERT INTO voting_power.interest (holder_id, held_id, kind, share) VALUES (1, 9, 'voting', '2/3'), (2, 9, 'voting', '1/3');
SELECT * FROM voting_power(9::bigint);
DROP SCHEMA voting_power CASCADE;
SELECT create_relations('voting_power', 'uuid');
INSERT INTO voting_power.interest (holder_id, held_id, kind, share) VALUES
	('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000009', 'voting', '100%');
SELECT * FROM voting_power('00000000-0000-0000-0000-000000000009'::uuid);
DROP SCHEMA voting_power CASCADE;
