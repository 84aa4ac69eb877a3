/*
 * Who is what, and who holds how much: the questions about parties, on data good and bad.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SELECT create_relations('own');
SELECT configure('source_schema', 'own');

/* every country column alike, registers closed: only what a test is about stays open */
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

/* 51 percent of B, B 41 percent of C, and 10 percent of C directly: 850.206(b)(1), (3) */
SELECT pg_temp.entity('A', 'US'), pg_temp.entity('B', 'SG'), pg_temp.entity('C', 'SG');
SELECT pg_temp.holds('A', 'B', 'voting', '51%'), pg_temp.holds('B', 'C', 'voting', '41%'), pg_temp.holds('A', 'C', 'voting', '10%');
SELECT us_person('A'), us_person('B'), controlled_foreign_entity('A'), controlled_foreign_entity('C'),
	   controlled_foreign_entity('C', 'A'), controlled_foreign_entity('C', 'B');
SELECT attributed_share('A', 'C', 'voting', '31 CFR 850.206'), attributed_share('B', 'C', 'voting', '31 CFR 850.206'),
	   attributed_share('C', 'A', 'voting', '31 CFR 850.206');
SELECT * FROM parents('C');
SELECT * FROM subsidiaries('A');
SELECT * FROM holders('C', '31 CFR 850.206');
SELECT * FROM holdings('A', '31 CFR 850.206') ORDER BY party_id;
SELECT * FROM controlled_foreign_entities() ORDER BY party_id;
/* a branch goes with its entity: whose subsidiary it is stands among its parents; asked of one party and, later, of many */
BEGIN;
SELECT pg_temp.entity('C-hk', 'HK', kind => 'branch'), pg_temp.holds('C-hk', 'C', 'branch_of');
SELECT party_id, grade, tier, limb, distance FROM subsidiaries('A') ORDER BY party_id;
SELECT party_id FROM subsidiaries('C-hk');
SELECT count(*) AS many FROM members('31 CFR 850.206');
SELECT x.party_id AS parent, array_agg(s.party_id ORDER BY s.party_id) AS subsidiaries FROM own.party x, subsidiaries(x.party_id) s GROUP BY 1 ORDER BY 1;
SELECT p.party_id AS parent, array_agg(y.party_id ORDER BY y.party_id) AS parents_of FROM own.party y, parents(y.party_id) p GROUP BY 1 ORDER BY 1;
ROLLBACK;

/* exactly half is no parent, and is a person of a country of concern */
SELECT pg_temp.entity('P', 'CN'), pg_temp.entity('H', 'KY'), pg_temp.entity('K', 'SG');
SELECT pg_temp.holds('P', 'H', 'equity', '50%'), pg_temp.holds('H', 'K', 'equity', '50%'), pg_temp.holds('A', 'H', 'voting', '50%');
SELECT controlled_foreign_entity('H'), person_of_country_of_concern('P'), person_of_country_of_concern('H'), person_of_country_of_concern('K');
SELECT limb, holds, metric, share, missing FROM person_of_country_of_concern_findings('K');
SELECT party_id, grade, tier, limb FROM members('31 CFR 850.221') ORDER BY party_id;
SELECT configure('A-08', 'cascade');
SELECT person_of_country_of_concern('K');
SELECT configure('A-08', NULL);
SELECT party_id, grade, tier FROM members('31 CFR 850.221 literal') ORDER BY party_id;

/* a branch is its principal; an agent of the government and what the government directs are persons of (c) */
SELECT pg_temp.entity('A-cn', 'CN', kind => 'branch'), pg_temp.entity('gov', 'CN', kind => 'government'),
	   pg_temp.entity('agent', 'FR', kind => 'individual'), pg_temp.entity('vie', 'SG'), pg_temp.entity('pet', 'SG');
SELECT pg_temp.holds('A-cn', 'A', 'branch_of'), pg_temp.holds('agent', 'gov', 'acts_for'), pg_temp.holds('gov', 'vie', 'direction'),
	   pg_temp.holds('P', 'pet', 'direction');
SELECT us_person('A-cn'), person_of_country_of_concern('agent'), person_of_country_of_concern('vie'), person_of_country_of_concern('pet');
SELECT limb FROM person_of_country_of_concern_findings('vie') WHERE metric IS NULL;

/* a general partner without a share; an adviser only of a pooled fund (850.219(b), (c)) */
SELECT pg_temp.entity('fund', 'KY', kind => 'pooled_fund'), pg_temp.entity('co', 'KY'), pg_temp.entity('sub', 'VG');
SELECT pg_temp.holds('A', 'fund', 'investment_adviser'), pg_temp.holds('A', 'co', 'investment_adviser'), pg_temp.holds('fund', 'sub', 'voting', '60%');
SELECT controlled_foreign_entity('fund'), controlled_foreign_entity('co'), controlled_foreign_entity('sub');
SELECT party_id, grade, limb FROM parents('sub');

/* what is not known is not "no" */
SELECT pg_temp.entity('open', 'SG', 'open'), pg_temp.entity('band', 'SG'), pg_temp.entity('odd', 'SG');
INSERT INTO own.party (party_id) VALUES ('blank');
INSERT INTO own.party (party_id, kind, citizenship, permanent_residence) VALUES ('somebody', 'individual', NULL, '{}');
SELECT pg_temp.holds('A', 'open', 'voting', '30%'), pg_temp.holds('A', 'band', 'voting', '[25%,75%]'), pg_temp.holds('A', 'odd', 'a handshake'),
	   pg_temp.holds('somebody', 'odd', 'equity', '60%');
SELECT controlled_foreign_entity('open'), controlled_foreign_entity('band'), controlled_foreign_entity('odd'),
	   us_person('blank'), us_person('somebody'), person_of_country_of_concern('blank'), person_of_country_of_concern('odd');
SELECT attributed_share('A', 'open', 'voting', '31 CFR 850.206'), attributed_share('A', 'band', 'voting', '31 CFR 850.206'),
	   attributed_share('A', 'odd', 'voting', '31 CFR 850.206');
SELECT limb, holds, metric, share, missing FROM person_of_country_of_concern_findings('odd');
SELECT party_id, grade, limb FROM members('31 CFR 850.221') WHERE grade <> 'definite' ORDER BY party_id;
SELECT party_id, grade, limb FROM members('31 CFR 850.221', include_undisclosed => true) WHERE grade = 'undisclosed' ORDER BY party_id;
SELECT grade FROM parents('band');

/* shares but no votes: equity is read as votes only where that reading is chosen, and only where nobody recorded votes */
SELECT pg_temp.entity('shares', 'SG'), pg_temp.entity('both', 'SG');
SELECT pg_temp.holds('A', 'shares', 'equity', '60%'), pg_temp.holds('A', 'both', 'equity', '60%'), pg_temp.holds('A', 'both', 'voting', '40%');
SELECT controlled_foreign_entity('shares'), controlled_foreign_entity('both');
SELECT configure('A-47', 'one_share_one_vote');
SELECT controlled_foreign_entity('shares'), controlled_foreign_entity('both'), attributed_share('A', 'shares', 'voting', '31 CFR 850.206');
SELECT configure('A-47', NULL);

/* dirty data: a ring that holds itself, own shares, three times too much, strangers */
SELECT pg_temp.entity('ring1', 'SG'), pg_temp.entity('ring2', 'SG'), pg_temp.entity('own', 'SG'), pg_temp.entity('triple', 'SG');
SELECT pg_temp.holds('ring1', 'ring2', 'equity', '60%'), pg_temp.holds('ring2', 'ring1', 'equity', '60%'), pg_temp.holds('P', 'ring1', 'equity', '10%'),
	   pg_temp.holds('own', 'own', 'voting', '20%'), pg_temp.holds('A', 'own', 'voting', '41%'),
	   pg_temp.holds('A', 'triple', 'voting', '100%'), pg_temp.holds('B', 'triple', 'voting', '100%'), pg_temp.holds('stranger', 'triple', 'voting', '100%');
SELECT person_of_country_of_concern('ring1'), attributed_share('P', 'ring1', 'equity', '31 CFR 850.221'),
	   controlled_foreign_entity('own'), attributed_share('A', 'own', 'voting', '31 CFR 850.206'),
	   attributed_share('A', 'triple', 'voting', '31 CFR 850.206'), us_person('stranger');

/* the day decides */
UPDATE own.interest SET valid = '[2020-01-01,2024-07-01)' WHERE holder_id = 'A' AND held_id = 'B';
SELECT controlled_foreign_entity('B', as_of => '2024-06-30'), controlled_foreign_entity('B', as_of => '2024-07-01');

/* unknown ids, tests and kinds; NULL in each place */
SELECT us_person('nobody'), controlled_foreign_entity('C', 'nobody'), attributed_share('nobody', 'C', 'voting', '31 CFR 850.206');
\set VERBOSITY sqlstate
SELECT * FROM parents('nobody');
SELECT * FROM holders('C', '31 CFR 850.2O6');
SELECT attributed_share('A', 'C', 'equity', '31 CFR 850.206');
SELECT * FROM members('DOJ');
SELECT * FROM person_of_country_of_concern_findings('nobody');
SELECT * FROM covered_foreign_person_findings('nobody');
SELECT ownership_chart('nobody', 'dot');
SELECT ownership_chart('C', 'jpeg');
\set VERBOSITY default
SELECT us_person(NULL::text), us_person('A', NULL), person_of_country_of_concern(NULL::text), controlled_foreign_entity(NULL::text),
	   controlled_foreign_entity('C', NULL::text), covered_foreign_person(NULL::text), ownership_chart('C', NULL),
	   attributed_share(NULL::text, 'C', 'voting', '31 CFR 850.206'), attributed_share('A', 'C', NULL, '31 CFR 850.206');
SELECT count(*) FROM parents(NULL::text);
SELECT count(*) FROM holders('C', NULL);
SELECT count(*) FROM members(NULL);

/* ids of other types probe as what they are */
SELECT create_relations('own8', 'bigint');
SELECT create_relations('ownu', 'uuid');
INSERT INTO own8.party (party_id, kind, organized_under, located_in, register) VALUES (1, 'entity', 'US-DE', 'US', 'closed'), (2, 'entity', 'KY', 'KY', 'closed');
INSERT INTO own8.interest (holder_id, held_id, kind, share) VALUES (1, 2, 'voting', '50.01%');
INSERT INTO ownu.party (party_id, kind, organized_under, located_in, register)
VALUES ('00000000-0000-0000-0000-000000000001', 'entity', 'PR', 'US', 'closed'), ('00000000-0000-0000-0000-000000000002', 'entity', 'KY', 'KY', 'closed');
INSERT INTO ownu.interest (holder_id, held_id, kind, share)
VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 'board', '2/3');
SELECT configure('source_schema', 'own8');
SELECT us_person(1::bigint), controlled_foreign_entity(2::bigint), controlled_foreign_entity(2::bigint, 1::bigint), us_person('no number');
SELECT configure('source_schema', 'ownu');
SELECT controlled_foreign_entity('00000000-0000-0000-0000-000000000002'::uuid), (parents('00000000-0000-0000-0000-000000000002'::uuid)).*;

/* names are data: no chart lets one out of its label */
SELECT configure('source_schema', 'own');
UPDATE own.party SET name = E'B"; evil -> "\\<b>&`|#\n' WHERE party_id = 'B';
SELECT ownership_chart('C', 'dot', '2024-01-01');
SELECT ownership_chart('C', 'mermaid', '2024-01-01');

/* an individual is told to be held, which nobody is: neither it nor what it holds is below the holder, but by other ways */
TRUNCATE own.party, own.interest;
SELECT pg_temp.entity('A', 'US'), pg_temp.entity('B', 'SG', kind => 'individual'), pg_temp.entity('C', 'SG'), pg_temp.entity('D', 'SG'), pg_temp.entity('E', 'SG');
SELECT pg_temp.holds('A', 'B', 'voting', '50%'), pg_temp.holds('B', 'C', 'voting', '20%'), pg_temp.holds('B', 'E', 'voting', '30%'),
	   pg_temp.holds('A', 'D', 'voting', '60%'), pg_temp.holds('D', 'E', 'voting', '70%');
SELECT * FROM holdings('A', '31 CFR 850.206') ORDER BY 1;
SELECT e.id, h.party_id, h.distance FROM unnest('{B,C,D,E}'::text[]) AS e (id), holders(e.id, '31 CFR 850.206') h WHERE h.party_id = 'A' ORDER BY 1;

TRUNCATE own.party, own.interest;
/* a chain of ten thousand */
INSERT INTO own.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register)
SELECT 'link' || i, 'entity', c, c, c, c, 'closed'
FROM generate_series(0, 10000) AS i, LATERAL (SELECT CASE i WHEN 0 THEN 'US' ELSE 'SG' END) AS x (c);
INSERT INTO own.interest (holder_id, held_id, kind, share)
SELECT 'link' || i - 1, 'link' || i, 'voting', '60%' FROM generate_series(1, 10000) AS i;
SELECT controlled_foreign_entity('link10000', 'link0'), attributed_share('link0', 'link10000', 'voting', '31 CFR 850.206');

DROP SCHEMA own, own8, ownu CASCADE;
SELECT configure('source_schema', NULL);
