-- Rings too large for exact numbers: what hangs on them is left open or bounded, and nothing fails.
SET client_min_messages = warning;
SET search_path = outbound, public;
CREATE SCHEMA rings;
SELECT create_relations('rings'), configure('source_schema', 'rings');
SET search_path = rings, outbound, public;

-- a ring of 240 whose members hold each other crosswise, by shares that have no denominator in common
INSERT INTO party (party_id, kind, register, organized_under, principal_place_of_business, headquarters)
SELECT 'r' || i, 'entity', 'closed', 'DE', 'DE', 'DE' FROM generate_series(0, 239) i;
INSERT INTO party (party_id, kind, register, citizenship, permanent_residence)
VALUES ('us', 'individual', 'closed', '{US}', '{US}'), ('cn', 'individual', 'closed', '{CN}', '{CN}');
INSERT INTO party (party_id, kind, register, organized_under, principal_place_of_business, headquarters)
SELECT id, 'entity', 'closed', 'DE', 'DE', 'DE' FROM unnest('{below,much,tie,free,branch}'::text[]) id;
INSERT INTO listing (party_id, list) SELECT 'cn', list FROM list GROUP BY list;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'r' || (i + step) % 240, 'r' || i, k, share_of(100000000 + (i * 7919 + step * 104729) % 99999989, 999999937 + i * 240 + step)
FROM generate_series(0, 239) i, unnest('{1,7,61,139}'::int[]) step, unnest('{voting,equity}'::text[]) k;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT p, 'r' || i * 10, k, '20%' FROM generate_series(0, 23) i, unnest('{us,cn}'::text[]) p, unnest('{voting,equity}'::text[]) k;
-- below: a little through the ring; much: enough beside it; tie: what the ring gives decides; free: not below the ring at all
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT h, d, k, s::share FROM (VALUES ('r5', 'below', '60%'), ('us', 'much', '60%'), ('r5', 'much', '40%'), ('cn', 'free', '60%'), ('us', 'free', '40%'))
	AS v (h, d, s), unnest('{voting,equity}'::text[]) k;
INSERT INTO interest (holder_id, held_id, kind) VALUES ('branch', 'below', 'branch_of');
ANALYZE party;
ANALYZE interest;

-- a stake that brings what all of concern have in "tie" to about a half, as near as bounds go: whether to it, nobody can say
INSERT INTO interest (holder_id, held_id, kind, share) VALUES ('r5', 'tie', 'equity', '50%');
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'cn', 'tie', 'equity', share_percent(50 - percent(lower(a), 18) / 2)
FROM (SELECT share FROM person_of_country_of_concern_findings('r5'::text) WHERE metric = 'equity') f (a);
SELECT party, person_of_country_of_concern(party) FROM unnest('{r5,below,much,tie,free}'::text[]) party;
SELECT party_id, grade, tier, limb FROM members('31 CFR 850.221') ORDER BY 1;
SELECT limb, holds, metric, lower(share) < upper(share) AS bounds, because FROM person_of_country_of_concern_findings('tie'::text);
SELECT party, controlled_foreign_entity(party), controlled_foreign_entity(party, 'us') FROM unnest('{r5,much,free}'::text[]) party;
-- a member of the ring that is of concern by itself: what it is held by beside is not nothing
UPDATE party SET organized_under = 'CN' WHERE party_id = 'r100';
SELECT limb, holds, metric, lower(share) > '20%' AS more, lower(share) < upper(share) AS bounds FROM person_of_country_of_concern_findings('r100'::text);
UPDATE party SET organized_under = 'DE' WHERE party_id = 'r100';

-- bounds, and no proof; said in words
SET client_min_messages = notice;
SELECT step, party_id, holder_id, kind, basis, lower(amount) < upper(amount) AS bounds, threshold, passes
FROM explain_ownership('us', 'below', '31 CFR 850.206') WHERE kind = 'voting';
SELECT step, party_id, holder_id, kind, basis, amount, threshold, passes FROM explain_ownership('cn', 'free', '31 CFR 850.206');
SELECT * FROM ownership_tipping('us', 'below', '31 CFR 850.206');
SELECT holder_id, held_id, kind, share, critical, bound, tips_at FROM ownership_tipping('cn', 'free', '31 CFR 850.206');
SELECT run, fault, checked, parties FROM verify('31 CFR 850.221') WHERE fault LIKE 'a ring too large%';
SELECT party_id, holder_id, before, after FROM what_if('[{"op": "change", "holder": "us", "held": "much", "kind": "voting", "share": "40%"}]', '31 CFR 850.206')
WHERE holder_id = 'us';
SET client_min_messages = warning;

-- no question fails, whatever the test
CREATE FUNCTION pg_temp.failures(test text, questions text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	question text;
BEGIN
	FOREACH question IN ARRAY questions LOOP
		BEGIN
			EXECUTE format('SELECT count(*) FROM ' || question, test);
		EXCEPTION WHEN OTHERS THEN
			RETURN NEXT format(question, test) || ': ' || SQLSTATE || ' ' || SQLERRM;
		END;
	END LOOP;
END $$;
SELECT t.test, f.failure FROM unnest('{31 CFR 850.206,UK PSC,EU AMLR 52,EU AMLR 54,integrated ownership,DAC6}'::text[]) AS t (test),
	pg_temp.failures(t.test, ARRAY['holdings(''us'', %1$L)', 'explain_ownership(''us'', ''below'', %1$L)', 'attributed_share(''cn'', ''r5'', ''voting'', ''FATCA'')']) AS f (failure);
SELECT t.test, f.failure FROM unnest('{31 CFR 850.221,31 CFR 850.221 literal,OFAC 50}'::text[]) AS t (test),
	pg_temp.failures(t.test, ARRAY['members(%1$L)', 'status_history(''tie'', %1$L)', 'verify(%1$L)',
		'what_if(''[{"op": "remove", "holder": "us", "held": "much", "kind": "equity"}]'', %1$L)']) AS f (failure);
SELECT count(*) FROM parents('r5'::text);
SELECT count(*) FROM subsidiaries('us'::text);
SELECT count(*) > 0 FROM controlled_foreign_entities();
SELECT covered_foreign_person('r5'::text);
SELECT count(*) FROM covered_foreign_person_findings('r5'::text);
SELECT outcome, at_least, at_most FROM screen(jsonb_build_object('investor', 'us', 'target', 'tie', 'completion_date', '2025-06-01'));
-- whoever holds anything in the ring has something of what is below it, under every test that multiplies, and as much from above as from below
SELECT t.test, count(*) AS holders, count(*) FILTER (WHERE upper(coalesce(nullif(h.voting, '0'), h.equity)) > '0'::share) AS with_something,
	bool_and(h.grade = 'definite') FILTER (WHERE t.test = 'integrated ownership') AS all_definite
FROM unnest('{31 CFR 850.206,EU AMLR 52,CFIUS substantial interest,DAC6,FCC voting,FATCA,integrated ownership,UK PSC}'::text[]) AS t (test),
	holders('below'::text, t.test) AS h WHERE h.party_id ~ '^(r|us|cn)' GROUP BY 1 ORDER BY 1;
SELECT t.test, h.grade, lower(h.voting) <= upper(b.voting) AND upper(h.voting) >= lower(b.voting) AS agree
FROM unnest('{EU AMLR 52,CFIUS substantial interest,DAC6}'::text[]) AS t (test), holders('below'::text, t.test) AS h, holdings('us'::text, t.test) AS b
WHERE h.party_id = 'us' AND b.party_id = 'below' ORDER BY 1;

-- a link that is parental by less than a millionth of a millionth, and makes "us" a parent: proved, by every door
INSERT INTO party (party_id, kind, register, organized_under, principal_place_of_business, headquarters)
SELECT id, 'entity', 'closed', 'DE', 'DE', 'DE' FROM unnest('{lt,lz,nt,nz}'::text[]) id;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'r5', 'lt', 'voting', share_percent(50 - percent(lower(a), 18) * 40 / 100) FROM attributed_share('r5', 'r7', 'voting', '31 CFR 850.206') a;
INSERT INTO interest (holder_id, held_id, kind, share) VALUES
('r7', 'lt', 'voting', '40%'), ('us', 'r5', 'voting', '45%'), ('lt', 'lz', 'voting', '60%'), ('us', 'lz', 'voting', '30%');
-- and one so near a half, computed elsewhere to thirty digits, that nobody can say: no "no", and no "yes", by no door
INSERT INTO interest (holder_id, held_id, kind, share) VALUES
('r5', 'nt', 'voting', '49.97347402315384956476771325477%'), ('r7', 'nt', 'voting', '40%'), ('nt', 'nz', 'voting', '60%'), ('us', 'nz', 'voting', '30%');
SELECT party, controlled_foreign_entity(party, 'us') AS by_us, controlled_foreign_entity(party) AS by_anybody,
	(SELECT grade FROM parents(party) WHERE party_id = 'us') AS upward, (SELECT grade FROM subsidiaries('us'::text) WHERE party_id = party) AS downward,
	(SELECT grade FROM holders(party, '31 CFR 850.206') WHERE party_id = 'us') AS of_holders,
	(SELECT grade FROM controlled_foreign_entities() WHERE party_id = party) AS at_once
FROM unnest('{lz,nz}'::text[]) party;
-- a ring so large that a sweep forgets what hardly anything is left of: upward it is told, as it is downward
TRUNCATE party, interest, listing;
INSERT INTO party (party_id, kind, register) SELECT 'm' || i, 'entity', 'closed' FROM generate_series(0, 59) i;
INSERT INTO party (party_id, kind, register) VALUES ('little', 'entity', 'closed'), ('owner', 'entity', 'closed'), ('below', 'entity', 'closed');
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'm' || i, 'm' || (i + 1) % 60, 'voting', '30%'::share FROM generate_series(0, 59) i
UNION ALL VALUES ('little', 'm0', 'voting', '1/12345'::share), ('owner', 'm0', 'voting', '40%'), ('m20', 'below', 'voting', '50%');
ANALYZE party;
ANALYZE interest;
SELECT h.party_id, h.voting > '0' AS something, h.voting = d.voting AS alike,
	h.voting = attributed_share(h.party_id, 'below', 'voting', '31 CFR 850.206') AS by_itself
FROM holders('below', '31 CFR 850.206') h, LATERAL (SELECT g.voting FROM holdings(h.party_id, '31 CFR 850.206') g WHERE g.party_id = 'below') d
WHERE h.party_id IN ('little', 'owner', 'm20', 'm30') ORDER BY 1;
SET client_min_messages = warning;
DROP SCHEMA rings CASCADE;
SELECT configure('source_schema', NULL);
