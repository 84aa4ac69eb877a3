-- members() of a test of one holder at a time: one party after the other where they are few, sweeps where they are many
SET client_min_messages = error;
SELECT outbound.create_relations('everybody'), outbound.configure('source_schema', 'everybody') \gset
SET search_path = outbound, everybody;
RESET client_min_messages;

-- entities 1 to 500, persons to 700: two to four holders each, rings among them, votes, boards, capital and both, some ranges, some roles
INSERT INTO party (party_id, kind, register, citizenship, organized_under, located_in)
SELECT 'p' || i, CASE WHEN i <= 500 THEN 'entity' ELSE 'individual' END, 'closed',
	CASE WHEN i > 500 THEN ARRAY[CASE WHEN i % 3 = 0 THEN 'US' ELSE 'GB' END] END,
	CASE WHEN i <= 500 AND i % 11 <> 0 THEN CASE WHEN i % 5 = 0 THEN 'US' ELSE 'KY' END END, 'GB'
FROM generate_series(1, 700) i;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'p' || CASE WHEN (held * 7 + j) % 5 < 2 THEN 501 + (held * 31 + j * 17) % 200
				WHEN (held + j) % 29 = 0 THEN 1 + (held * 13 + j * 71) % 500 ELSE 1 + (held * 19 + j * 23) % greatest(held - 1, 1) END,
	'p' || held, k, CASE WHEN (held + j) % 37 = 0 THEN '[10%,60%]' WHEN j = 0 AND held % 4 = 0 THEN '50%' WHEN j = 0 AND held % 4 = 1 THEN '100%'
				WHEN j = 0 AND held % 4 = 2 THEN '55%' WHEN held % 4 = 1 THEN '0%' ELSE (4 + (held * 3 + j * 5) % 12) || '%' END::share
FROM generate_series(1, 500) held, generate_series(0, 3) j,
	unnest(CASE held % 4 WHEN 0 THEN '{voting}' WHEN 1 THEN '{equity,voting}' WHEN 2 THEN '{equity}' ELSE '{voting,board,profits}' END::text[]) k
WHERE j < 2 + held % 3 AND (held + j) % 13 <> 0;
INSERT INTO interest (holder_id, held_id, kind)
SELECT 'p' || 1 + i * 3, 'p' || 2 + i * 5, (ARRAY['general_partner', 'direction', 'branch_of'])[1 + i % 3] FROM generate_series(1, 30) i;
INSERT INTO listing (party_id, list) SELECT 'p' || i, 'UK' FROM generate_series(1, 700, 9) i;

SET client_min_messages = error;
CREATE TEMP TABLE one_by_one AS
SELECT test, party_id, m.grade, m.parent_id FROM ownership_test, members(test, '2027-08-01') m WHERE NOT pooled AND test <> '31 CFR 850.206';
INSERT INTO party (party_id, kind, register) SELECT 'idle' || i, 'individual', 'closed' FROM generate_series(1, 3500) i;
CREATE TEMP TABLE swept AS
SELECT test, party_id, m.grade, m.parent_id FROM ownership_test, members(test, '2027-08-01') m WHERE NOT pooled AND test <> '31 CFR 850.206';
SELECT count(*) > 10000 AS many, count(DISTINCT test) AS tests, count(*) FILTER (WHERE grade = 'possible') > 100 AS possible FROM swept;
(TABLE one_by_one EXCEPT TABLE swept) UNION ALL (TABLE swept EXCEPT TABLE one_by_one);
SELECT count(*) - (SELECT count(*) FROM one_by_one) AS more FROM swept;
-- limbs are told, tiers are not
SELECT limb, count(tier) FROM members('UK', '2027-08-01') WHERE grade = 'definite' GROUP BY limb ORDER BY limb;
-- where a register is open and the NOTICE would count, everyone is asked about; where it would not, it is swept
UPDATE party SET register = 'open' WHERE party_id = 'p400';
SELECT count(*) - (SELECT count(*) FROM swept WHERE test = 'UK') AS more FROM members('UK', '2027-08-01');
SELECT count(tier) > 0 AS by_party FROM members('UK', '2027-08-01', true);

-- attributed_shares(): every amount that holders() tells of, and of whom the test asks about, with what is exact and in its bounds
CREATE FUNCTION pg_temp.compare_shares(test text, at_least share, bounded_by numeric) RETURNS TABLE (many boolean, missing bigint, more bigint, outside bigint, graded bigint, open bigint)
LANGUAGE sql AS $$
	WITH a AS MATERIALIZED (SELECT * FROM attributed_shares(test, at_least)),
	h AS MATERIALIZED (SELECT p.party_id AS held, s.* FROM generate_series(1, 120) i, LATERAL (SELECT 'p' || i) p (party_id), holders(p.party_id, test) s
		WHERE test <> '31 CFR 850.206' OR us_person(s.party_id) IS NOT FALSE)
	SELECT (SELECT count(*) FROM a) > 100,
		count(*) FILTER (WHERE a.party_id IS NULL AND coalesce(upper(h.voting) > at_least, false) AND upper(h.voting) > '0%' AND lower(h.voting) > '0%'),
		(SELECT count(*) FROM a WHERE party_id IN (SELECT held FROM h) AND NOT EXISTS (SELECT FROM h WHERE h.held = a.party_id AND h.party_id = a.holder_id)),
		count(*) FILTER (WHERE lower(a.voting) > lower(h.voting) OR upper(a.voting) < upper(h.voting) OR lower(a.board) > lower(h.board) OR upper(a.board) < upper(h.board)
			OR lower(a.equity) > lower(h.equity) OR upper(a.equity) < upper(h.equity)
			OR percent(upper(a.voting), 9) - percent(upper(h.voting), 9) > bounded_by OR percent(lower(h.voting), 9) - percent(lower(a.voting), 9) > bounded_by),
		count(*) FILTER (WHERE a.grade <> CASE WHEN test = '31 CFR 850.206' AND us_person(h.party_id) IS NULL AND h.grade = 'definite' THEN 'possible' ELSE h.grade END),
		count(*) FILTER (WHERE upper(a.voting) > lower(a.voting)) FROM h LEFT JOIN a ON a.holder_id = h.party_id AND a.party_id = h.held
$$;
UPDATE party SET register = 'closed' WHERE party_id = 'p400';
SELECT * FROM pg_temp.compare_shares('31 CFR 850.206', '0%', 5.1);
SELECT * FROM pg_temp.compare_shares('31 CFR 850.206', '5%', 5.1);
SELECT * FROM pg_temp.compare_shares('FCC equity', '0%', 0);
SELECT * FROM pg_temp.compare_shares('UK PSC', '10%', 0);
UPDATE party SET register = 'open' WHERE party_id IN ('p10', 'p27', 'p50');
SELECT * FROM pg_temp.compare_shares('31 CFR 850.206', '0%', 5.1);
SELECT count(*) FROM attributed_shares('31 CFR 850.206', NULL);
-- what cannot be asked
SELECT count(*) FROM attributed_shares('31 CFR 850.206', '[10%,20%]');
SELECT count(*) FROM attributed_shares('no such test', '1%');
SELECT count(*) FROM attributed_shares('31 CFR 850.221', '1%');

SET client_min_messages = error;
SELECT configure('source_schema', NULL) \gset
DROP SCHEMA everybody CASCADE;
