/*
 * What would be, what was, and what tips it: answers checked by hand.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SELECT create_relations('own');
SELECT configure('source_schema', 'own');

CREATE FUNCTION pg_temp.entity(id text, country text, register text DEFAULT 'closed', kind text DEFAULT 'entity') RETURNS void
BEGIN ATOMIC
	INSERT INTO own.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in,
						   register, activity_register, citizenship, permanent_residence)
	VALUES (id, kind, country, country, country, country, register, 'complete', ARRAY[country], '{}');
END;
CREATE FUNCTION pg_temp.holds(holder text, held text, kind text, share text DEFAULT NULL) RETURNS void
BEGIN ATOMIC
	INSERT INTO own.interest (holder_id, held_id, kind, share) VALUES (holder, held, kind, share::outbound.share);
END;

/* 51 percent of B, B 41 percent of C, 10 percent of C directly, and C's branch; half of H, half of K */
SELECT pg_temp.entity('A', 'US'), pg_temp.entity('B', 'SG'), pg_temp.entity('C', 'SG'), pg_temp.entity('C-hk', 'HK', kind => 'branch'),
	   pg_temp.entity('P', 'CN'), pg_temp.entity('H', 'KY'), pg_temp.entity('K', 'SG');
SELECT pg_temp.holds('A', 'B', 'voting', '51%'), pg_temp.holds('B', 'C', 'voting', '41%'), pg_temp.holds('A', 'C', 'voting', '10%'),
	   pg_temp.holds('C-hk', 'C', 'branch_of'), pg_temp.holds('P', 'H', 'equity', '50%'), pg_temp.holds('H', 'K', 'equity', '50%');

/* at exactly half B is no subsidiary, so C has 10% and half of 41%; the branch goes with C */
SELECT * FROM what_if('[{"op": "change", "holder": "A", "held": "B", "kind": "voting", "share": "50%"}]', '31 CFR 850.206')
ORDER BY party_id, holder_id;
/* 31 percent of K is no control; with the 20 percent of its subsidiary it is */
SELECT party_id, holder_id, before, after, before_share, after_share
FROM what_if('[{"op": "add", "holder": "A", "held": "K", "kind": "voting", "share": "31%"}]', '31 CFR 850.206');
SELECT party_id, holder_id, before, after, before_share, after_share
FROM what_if('[{"op": "add", "holder": "A", "held": "K", "kind": "voting", "share": "31%"},
			   {"op": "add", "holder": "B", "held": "K", "kind": "voting", "share": "20%"}]', '31 CFR 850.206') ORDER BY holder_id;
/* pooled: a ten-thousandth less than half, the removal, a lot on top of a lot, a role */
SELECT * FROM what_if('[{"op": "change", "holder": "P", "held": "H", "kind": "equity", "share": "49.99%"}]', '31 CFR 850.221') ORDER BY party_id;
SELECT party_id, before, after, after_share FROM what_if('[{"op": "remove", "holder": "P", "held": "H", "kind": "equity"}]', '31 CFR 850.221') ORDER BY party_id;
SELECT party_id, before, after, after_share
FROM what_if('[{"op": "change", "holder": "P", "held": "H", "kind": "equity", "share": "30%"},
			   {"op": "add", "holder": "P", "held": "H", "kind": "equity", "share": "1/5"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holder": "P", "held": "A", "kind": "equity", "share": "[40%,60%]"}]', '31 CFR 850.221') ORDER BY party_id;
SELECT party_id, holder_id, before, after, kind, proof
FROM what_if('[{"op": "add", "holder": "A", "held": "H", "kind": "general_partner"}]', '31 CFR 850.206');
SELECT party_id, holder_id, before, after FROM what_if('[{"op": "remove", "holder": "C-hk", "held": "C", "kind": "branch_of"}]', '31 CFR 850.206');
SELECT count(*) FROM what_if('[]', '31 CFR 850.221');
/* nothing was written, and the answers of before stand */
SELECT holder_id, held_id, kind, share FROM own.interest ORDER BY holder_id, held_id;
SELECT controlled_foreign_entity('C'), person_of_country_of_concern('K');

/* what is not well formed, and who is not known */
SELECT * FROM what_if('{"op": "add"}', '31 CFR 850.221');
SELECT * FROM what_if('"add"', '31 CFR 850.221');
SELECT * FROM what_if('[1]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "ad", "holder": "P", "held": "H", "kind": "equity", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holder": "P", "held": "H", "kind": "equit", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holdr": "P", "held": "H", "kind": "equity", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holder": ["P"], "held": "H", "kind": "equity", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "held": "H", "kind": "equity", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holder": "P", "held": "H", "kind": "equity"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holder": "P", "held": "H", "kind": "direction", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "change", "holder": "P", "held": "H", "kind": "direction"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "remove", "holder": "P", "held": "H", "kind": "equity", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "remove", "holder": "P", "held": "H", "kind": "voting"}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holder": "P", "held": "H", "kind": "equity", "share": 51}]', '31 CFR 850.221');
SELECT * FROM what_if('[{"op": "add", "holder": "nobody", "held": "H", "kind": "equity", "share": "1%"}]', '31 CFR 850.221');
SELECT * FROM what_if('[]', '31 CFR 850.212');
SELECT count(*) FROM what_if(NULL, '31 CFR 850.221');

/* C has more than half while B adds more than 40 percent, A itself more than 9, and B is A's */
SELECT * FROM ownership_tipping('A', 'C', '31 CFR 850.206') ORDER BY holder_id, held_id, kind;
SELECT * FROM ownership_tipping('A', 'C-hk', '31 CFR 850.206') ORDER BY holder_id, held_id, kind;
/* at least half is enough here; of C, P could take half of the board or of the equity, but only 49 percent of the votes are left */
SELECT * FROM ownership_tipping('P', 'K', '31 CFR 850.221') ORDER BY holder_id, held_id, kind;
SELECT * FROM ownership_tipping('P', 'C', '31 CFR 850.221') ORDER BY holder_id, held_id, kind;
/* in proportion: 40% of 60% and 26%; 37.77% and 40% of 30.575%; 37.77% and 1223/6000 of 60% make half */
SELECT pg_temp.entity('U', 'US'), pg_temp.entity('V', 'SG'), pg_temp.entity('W', 'SG');
SELECT pg_temp.holds('U', 'V', 'equity', '40%'), pg_temp.holds('V', 'W', 'equity', '60%'), pg_temp.holds('U', 'W', 'equity', '37.77%');
SELECT *, attributed_share('U', 'W', 'equity', '31 CFR 850.221') FROM ownership_tipping('U', 'W', '31 CFR 850.221') ORDER BY holder_id, held_id, kind;
/* round a ring: X has x + 1/2 * Y and Y has 1/2 * X, so X has 4/3 x, and half of it from 3/8 on */
SELECT pg_temp.entity('X', 'SG'), pg_temp.entity('Y', 'SG');
SELECT pg_temp.holds('U', 'X', 'equity', '0.3'), pg_temp.holds('Y', 'X', 'equity', '0.5'), pg_temp.holds('X', 'Y', 'equity', '0.5');
SELECT * FROM ownership_tipping('U', 'X', '31 CFR 850.221') ORDER BY holder_id, held_id, kind;
/* a range stands at its lower end; an open end cannot */
SELECT pg_temp.entity('R', 'SG'), pg_temp.entity('S', 'SG');
SELECT pg_temp.holds('U', 'R', 'voting', '[30%,80%]'), pg_temp.holds('V', 'S', 'voting', '>50%');
SELECT * FROM ownership_tipping('U', 'R', '31 CFR 850.206') ORDER BY holder_id, held_id, kind;
SET client_min_messages = notice;
SELECT * FROM ownership_tipping('U', 'S', '31 CFR 850.206');
SET client_min_messages = warning;
SELECT count(*) FROM ownership_tipping('U', 'U', '31 CFR 850.206');
SELECT * FROM ownership_tipping('nobody', 'C', '31 CFR 850.206');
SELECT * FROM ownership_tipping('A', 'nobody', '31 CFR 850.206');
SELECT * FROM ownership_tipping('A', 'C', 'nothing');
SELECT count(*) FROM ownership_tipping('A', NULL, '31 CFR 850.206');

/* the whole answer stands: rings that would hold themselves, own shares, ranges, open registers */
SELECT pg_temp.entity('M', 'SG'), pg_temp.entity('N', 'SG'), pg_temp.entity('O', 'SG', 'open'), pg_temp.entity('Q', 'SG', 'complete');
SELECT pg_temp.holds('M', 'N', 'equity', '60%'), pg_temp.holds('N', 'M', 'equity', '60%'), pg_temp.holds('P', 'M', 'equity', '10%'),
	   pg_temp.holds('O', 'O', 'equity', '10%'), pg_temp.holds('P', 'O', 'equity', '[40%,50%)'), pg_temp.holds('O', 'Q', 'equity', '[25%,50%]'),
	   pg_temp.holds('M', 'Q', 'equity', '[25%,75%]');
SELECT party_id, grade FROM members('31 CFR 850.221', include_undisclosed => true) ORDER BY party_id;
SELECT * FROM verify('31 CFR 850.221');
SELECT * FROM verify('31 CFR 850.206');
SELECT * FROM verify('EU AMLR 54');
SELECT * FROM verify('nothing');
SELECT count(*) FROM verify(NULL);
/* every test there is, tier by tier, root by root, through another, by a line of its own */
SELECT count(*) > 40 AS tests, count(*) FILTER (WHERE fault IS NOT NULL) AS faults, bool_and(checked = parties) FILTER (WHERE fault IS NULL) AS all_checked
FROM ownership_test, verify(test);
/* and where all U.S. persons are one pool, or links carry their shares */
INSERT INTO reading_choice (reading, option, why) VALUES ('A-43', 'pooled', 'test');
SELECT * FROM verify('31 CFR 850.206');
UPDATE reading_choice SET reading = 'A-01', option = 'strict_product' WHERE reading = 'A-43';
SELECT * FROM verify('31 CFR 850.206');
/* or what only board seats upstream give is left open */
UPDATE reading_choice SET reading = 'A-02', option = 'undetermined' WHERE reading = 'A-01';
SELECT * FROM verify('31 CFR 850.206');
DELETE FROM reading_choice WHERE reading = 'A-02';

/* the day decides: A holds B for a while, and in the middle of it more of C */
UPDATE own.interest SET valid = '[2020-01-01,2024-07-01)' WHERE holder_id = 'A' AND held_id = 'B';
INSERT INTO own.interest (holder_id, held_id, kind, share, valid) VALUES ('A', 'C', 'voting', '41%', '[2024-03-01,2025-03-01)');
SELECT * FROM status_history('C', '31 CFR 850.206');
SELECT * FROM status_history('C-hk', '31 CFR 850.206', '[2024-06-01,2025-06-01)');
SELECT * FROM status_history('K', '31 CFR 850.221');
/* anybody at all: A with B's 41 percent, then with 41 of its own, has half; B's 41 percent alone are a quarter all along */
SELECT * FROM status_history('C', 'company control');
SELECT * FROM status_history('C', 'UK PSC', '[2023-01-01,2026-01-01)');
UPDATE own.party SET valid = '[2021-01-01,2022-01-01)' WHERE party_id = 'P';
SELECT * FROM status_history('P', '31 CFR 850.221', '(,2023-01-01)');
SELECT count(*) FROM status_history('C', '31 CFR 850.206', 'empty');
SELECT count(*) FROM status_history(NULL::text, '31 CFR 850.206');
SELECT * FROM status_history('nobody', '31 CFR 850.221');
SELECT * FROM status_history('C', 'nothing');

/* random graphs: what_if() against the tables changed, tipping shares against what_if() on both sides, every answer verified */
CREATE FUNCTION pg_temp.after(held text, holder text, kind text, share share, party text) RETURNS text
LANGUAGE sql AS $$
	SELECT coalesce((SELECT w.after FROM what_if(jsonb_build_array(jsonb_build_object(
			'op', CASE WHEN EXISTS (SELECT FROM own.interest i WHERE (i.holder_id, i.held_id, i.kind) = ($2, $1, $3)) THEN 'change' ELSE 'add' END,
			'holder', $2, 'held', $1, 'kind', $3, 'share', $4::text)), '31 CFR 850.206') AS w WHERE w.party_id = $5 AND w.holder_id = 'n1'),
		(SELECT grade FROM parents($5) WHERE party_id = 'n1'), 'no')
$$;
CREATE FUNCTION pg_temp.random_graph(n_ranges int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE own.party, own.interest;
	PERFORM pg_temp.entity('n' || i, CASE WHEN i <= 2 THEN 'US' WHEN i <= 4 THEN 'CN' ELSE 'SG' END,
						   CASE WHEN n_ranges = 0 THEN 'closed' ELSE (ARRAY['closed', 'open', 'complete'])[1 + floor(random() * 3)] END)
	FROM generate_series(1, 10) AS i;
	PERFORM pg_temp.holds('n' || 1 + floor(random() * 10), 'n' || 2 + floor(random() * 9), (ARRAY['voting', 'equity', 'board'])[1 + floor(random() * 3)],
						  (ARRAY['5%', '25%', '30%', '12.5%', '1/3', '49%', '50%', '[20%,60%]', '(30%,50%]'])[1 + floor(random() * (7 + n_ranges))])
	FROM generate_series(1, 16) AS i;
END
$$;
DO $$
DECLARE
	changes	jsonb;
	test	text;
	wrong	int := 0;
	tried	int := 0;
	n		int;
BEGIN
	PERFORM setseed(0.42);
	FOR round IN 1..15 LOOP
		PERFORM pg_temp.random_graph(2);
		changes := jsonb_build_array(
			jsonb_build_object('op', 'add', 'holder', 'n' || 1 + round % 4, 'held', 'n' || 5 + round % 5, 'kind', 'equity', 'share', '50%'),
			jsonb_build_object('op', 'add', 'holder', 'n' || 1 + round % 2, 'held', 'n' || 6 + round % 3, 'kind', 'voting', 'share', '51%'));
		FOREACH test IN ARRAY ARRAY['31 CFR 850.221', '31 CFR 850.206'] LOOP
			CREATE TEMP TABLE told ON COMMIT DROP AS SELECT party_id, before, after FROM what_if(changes, test) WHERE holder_id IS NULL;
			CREATE TEMP TABLE was ON COMMIT DROP AS SELECT party_id, grade FROM members(test, include_undisclosed => true);
			BEGIN
				INSERT INTO own.interest (holder_id, held_id, kind, share)
				SELECT holder, held, kind, share::share FROM jsonb_to_recordset(changes) AS c (holder text, held text, kind text, share text);
				CREATE TEMP TABLE is_now ON COMMIT DROP AS SELECT party_id, grade FROM members(test, include_undisclosed => true);
				SELECT count(*) INTO n
				FROM (SELECT party_id, coalesce(was.grade, 'no') AS before, coalesce(is_now.grade, 'no') AS after
					  FROM own.party LEFT JOIN was USING (party_id) LEFT JOIN is_now USING (party_id)) AS real
				FULL JOIN told USING (party_id)
				WHERE (told.before, told.after) IS DISTINCT FROM (real.before, real.after)
				  AND (told.party_id IS NOT NULL OR real.before <> real.after);
				wrong := wrong + n;
				RAISE EXCEPTION 'take it back' USING ERRCODE = 'P0099';
			EXCEPTION WHEN SQLSTATE 'P0099' THEN
				NULL;
			END;
			tried := tried + (SELECT count(*) FROM told);
			DROP TABLE told, was;
		END LOOP;
		SELECT count(*) INTO n
		FROM unnest(ARRAY['31 CFR 850.221', '31 CFR 850.221 literal', '31 CFR 850.206', 'UK PSC', 'EU AMLR 54', 'CFIUS substantial interest']) AS t, verify(t)
		WHERE fault NOT LIKE '%could not be decided';
		wrong := wrong + n;
	END LOOP;
	FOR round IN 1..6 LOOP
		PERFORM pg_temp.random_graph(0);
		tried := tried + (SELECT count(*) FROM own.party AS p, ownership_tipping('n1', p.party_id, '31 CFR 850.206')
						  WHERE EXISTS (SELECT FROM own.interest WHERE holder_id = 'n1'));
		SELECT count(*) INTO n
		FROM own.party AS p, ownership_tipping('n1', p.party_id, '31 CFR 850.206') AS t
		WHERE t.tips_at IS NOT NULL AND EXISTS (SELECT FROM own.interest WHERE holder_id = 'n1')
		  AND (pg_temp.after(t.held_id, t.holder_id, t.kind, t.tips_at + '1/1000000000000'::share, p.party_id) <> 'definite'
			   OR (pg_temp.after(t.held_id, t.holder_id, t.kind, t.tips_at, p.party_id) = 'definite') <> (t.bound = 'at least'));
		wrong := wrong + n;
	END LOOP;
	RAISE WARNING '% wrong, more than 100 tried: %', wrong, tried > 100;
END
$$;

DROP SCHEMA own CASCADE;
SELECT configure('source_schema', NULL);
