/*
 * Deals as they come to a desk, each with the verdict that the text gives, worked out before it was asked for: by
 * section, with the section that must be among those that decide.  Function, view, explanation and trigger agree.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SET datestyle = iso;
SELECT create_relations('desk');
SELECT configure('source_schema', 'desk');

/* closed registers and complete lists of activities; countries in the order citizenship, residence, law, principal place, headquarters, whereabouts */
INSERT INTO desk.party (party_id, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
SELECT id, 'entity', '{}', '{}', law, coalesce(ppb, law), coalesce(hq, law), law, 'closed', 'complete'
FROM (VALUES ('us', 'US-DE', NULL, NULL), ('us 2', 'US-NY', NULL, NULL), ('stranger', 'FR', NULL, NULL), ('bakery', 'CN', NULL, NULL), ('tea', 'CN', NULL, NULL), ('fab', 'CN', NULL, NULL),
			 ('packager', 'CN', NULL, NULL), ('eda', 'CN', NULL, NULL), ('hk designer', 'HK', NULL, NULL), ('tw fab', 'TW', NULL, NULL), ('cn-tw fab', 'CN-TW', NULL, NULL),
			 ('cayman fab', 'KY', 'CN', NULL), ('run from macau', 'KY', 'KY', 'MO'), ('delaware of bakery', 'US-DE', NULL, NULL), ('us of bakery', 'US-DE', NULL, NULL),
			 ('at half', 'SG', NULL, NULL), ('below half', 'SG', NULL, NULL), ('two quarters', 'SG', NULL, NULL), ('across metrics', 'SG', NULL, NULL), ('half of votes', 'SG', NULL, NULL), ('half of board', 'SG', NULL, NULL),
			 ('d', 'SG', NULL, NULL), ('e', 'MY', NULL, NULL), ('directed', 'VG', NULL, NULL), ('directed by open', 'VG', NULL, NULL), ('open holding', 'CN', NULL, NULL), ('agent', 'SG', NULL, NULL), ('state owned', 'SG', NULL, NULL),
			 ('of green card', 'SG', NULL, NULL), ('of hong konger', 'SG', NULL, NULL), ('of american', 'SG', NULL, NULL),
			 ('cfe', 'SG', NULL, NULL), ('cfe in china', 'CN', NULL, NULL), ('half twice', 'SG', NULL, NULL), ('two americans', 'SG', NULL, NULL), ('cfe of cfe', 'MY', NULL, NULL), ('managed', 'SG', NULL, NULL),
			 ('listed packager', 'CN', NULL, NULL), ('listed bakery', 'CN', NULL, NULL), ('sdn', 'CN', NULL, NULL), ('sdn half', 'CN', NULL, NULL), ('sdn below', 'CN', NULL, NULL), ('sdn own', 'CN', NULL, NULL),
			 ('sdn down', 'CN', NULL, NULL), ('sdn minority', 'CN', NULL, NULL), ('sdn lost', 'CN', NULL, NULL), ('cmic packager', 'CN', NULL, NULL), ('owned by listed', 'CN', NULL, NULL),
			 ('h 51', 'FR', NULL, NULL), ('h 50', 'FR', NULL, NULL), ('h two', 'FR', NULL, NULL), ('h small', 'FR', NULL, NULL), ('h mixed', 'FR', NULL, NULL), ('h traded', 'FR', NULL, NULL), ('h seat', 'FR', NULL, NULL),
			 ('h contract', 'FR', NULL, NULL), ('h note', 'FR', NULL, NULL), ('h idle', 'FR', NULL, NULL), ('h stacked', 'FR', NULL, NULL), ('h above', 'FR', NULL, NULL), ('h packager', 'FR', NULL, NULL), ('h listed', 'FR', NULL, NULL), ('h loss', 'FR', NULL, NULL), ('h both', 'FR', NULL, NULL), ('h little', 'FR', NULL, NULL), ('h enough', 'FR', NULL, NULL), ('h untold', 'FR', NULL, NULL), ('h silent', 'FR', NULL, NULL),
			 ('venture', 'AE', NULL, NULL), ('us venture', 'US-DE', NULL, NULL), ('idle venture', 'AE', NULL, NULL), ('listed venture', 'AE', NULL, NULL), ('new plant', 'CN', NULL, NULL), ('german designer', 'DE', NULL, NULL), ('noodles', 'CN', NULL, NULL), ('silent designer', 'CN', NULL, NULL), ('open designer', 'VG', NULL, NULL), ('pooled', 'SG', NULL, NULL), ('nominee', 'VG', NULL, NULL)) AS p (id, law, ppb, hq);
INSERT INTO desk.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
SELECT id, 'pooled_fund', law, law, law, law, 'closed', 'complete'
FROM (VALUES ('fund', 'KY'), ('us fund', 'US-DE'), ('gp fund', 'KY'), ('advised fund', 'KY'), ('foreign fund', 'LU')) AS p (id, law);
INSERT INTO desk.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register) VALUES
	('government', 'government', 'CN', 'CN', 'CN', 'CN', 'closed', 'complete'), ('us branch', 'branch', 'HK', 'HK', 'HK', 'HK', 'closed', 'complete'), ('bakery branch', 'branch', 'SG', 'SG', 'SG', 'SG', 'closed', 'complete');
INSERT INTO desk.party (party_id, kind, citizenship, permanent_residence, located_in, register, activity_register)
SELECT id, 'individual', citizen, resident, place, 'closed', 'complete'
FROM (VALUES ('american', '{US}'::text[], '{}'::text[], 'SG'), ('green card', '{CN}', '{US}', 'CN'), ('visitor', '{FR}', '{}', 'US'), ('student', '{CN}', '{}', 'US'), ('chinese', '{CN}', '{}', 'CN'),
			 ('hong konger', '{GB}', '{HK}', 'GB'), ('dual', '{CN,US}', '{}', 'CN'), ('frenchman', '{FR}', '{}', 'FR')) AS p (id, citizen, resident, place);
INSERT INTO desk.interest (holder_id, held_id, kind, share) VALUES
	('bakery', 'delaware of bakery', 'equity', '50%'), ('bakery', 'us of bakery', 'equity', '100%'), ('bakery', 'at half', 'equity', '50%'), ('bakery', 'below half', 'equity', '49.99%'),
	('bakery', 'two quarters', 'equity', '25%'), ('tea', 'two quarters', 'equity', '25%'), ('bakery', 'across metrics', 'voting', '30%'), ('bakery', 'across metrics', 'equity', '30%'),
	('bakery', 'half of votes', 'voting', '50%'), ('bakery', 'half of board', 'board', '1/2'), ('bakery', 'd', 'equity', '50%'), ('bakery', 'pooled', 'equity', '30%'), ('d', 'pooled', 'equity', '20%'), ('d', 'e', 'equity', '50%'),
	('government', 'directed', 'direction', NULL), ('open holding', 'directed by open', 'direction', NULL), ('agent', 'government', 'acts_for', NULL), ('government', 'state owned', 'voting', '50%'),
	('green card', 'of green card', 'equity', '100%'), ('hong konger', 'of hong konger', 'equity', '50%'), ('dual', 'of american', 'equity', '100%'),
	('us', 'cfe', 'voting', '50.01%'), ('us', 'cfe in china', 'voting', '100%'), ('us', 'half twice', 'voting', '50%'), ('us', 'half twice', 'board', '50%'),
	('us', 'two americans', 'voting', '30%'), ('us 2', 'two americans', 'voting', '30%'), ('cfe', 'cfe of cfe', 'voting', '41%'), ('us', 'cfe of cfe', 'voting', '10%'), ('us', 'managed', 'managing_member', NULL),
	('us', 'gp fund', 'general_partner', NULL), ('us', 'advised fund', 'investment_adviser', NULL), ('us branch', 'us', 'branch_of', NULL), ('bakery branch', 'bakery', 'branch_of', NULL), ('nominee', 'us', 'acts_for', NULL),
	('sdn', 'sdn half', 'equity', '50%'), ('sdn', 'sdn below', 'equity', '49.99%'), ('sdn', 'sdn own', 'equity', '60%'), ('sdn own', 'sdn down', 'equity', '50%'),
	('sdn', 'sdn minority', 'equity', '40%'), ('sdn minority', 'sdn lost', 'equity', '100%'), ('listed packager', 'owned by listed', 'equity', '100%'),
	('h 51', 'fab', 'equity', '1%'), ('h 50', 'fab', 'equity', '1%'), ('h two', 'fab', 'equity', '1%'), ('h two', 'eda', 'voting', '1%'), ('h small', 'fab', 'equity', '1%'), ('h small', 'eda', 'equity', '1%'),
	('h mixed', 'fab', 'equity', '1%'), ('h mixed', 'eda', 'equity', '1%'), ('h seat', 'fab', 'board_seat', NULL), ('h contract', 'fab', 'direction', NULL), ('h note', 'fab', 'contingent_equity', NULL),
	('h idle', 'fab', 'equity', '30%'), ('h stacked', 'fab', 'equity', '30%'), ('h above', 'h stacked', 'equity', '100%'), ('h packager', 'packager', 'equity', '1%'), ('h listed', 'listed packager', 'equity', '1%'), ('h loss', 'fab', 'equity', '1%');
INSERT INTO desk.interest (holder_id, held_id, kind, share)
SELECT h, s, 'equity', share '1%' FROM unnest('{h both,h little,h enough,h untold}'::text[]) h, unnest('{fab,packager}'::text[]) s UNION ALL SELECT 'h silent', 'silent designer', 'equity', share '1%';
INSERT INTO desk.interest (holder_id, held_id, kind, share, excepted) VALUES ('h traded', 'fab', 'equity', '1%', true);
INSERT INTO desk.listing (party_id, list) VALUES ('listed packager', 'EL'), ('listed bakery', 'EL'), ('listed venture', 'MEU'), ('sdn', 'SDN'), ('cmic packager', 'NS-CMIC');
INSERT INTO desk.activity (party_id, facts)
SELECT id, CASE what WHEN 'fab' THEN '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar"}'
	WHEN 'eda' THEN '{"verbs": ["develops"], "object": "eda_software"}'
	WHEN 'design' THEN '{"verbs": ["designs"], "object": "integrated_circuit", "total_processing_performance": 100, "operating_temperature_k": 300}'
	ELSE '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}' END::jsonb
FROM (SELECT unnest('{fab,tw fab,cn-tw fab,cayman fab,new plant,cfe in china}'::text[]), 'fab' UNION ALL SELECT unnest('{eda,directed,directed by open,agent,state owned}'::text[]), 'eda'
	  UNION ALL SELECT unnest('{hk designer,run from macau,delaware of bakery,at half,below half,two quarters,across metrics,half of votes,half of board,d,e,of green card,of hong konger,of american,venture,us venture,listed venture,german designer,bakery branch,open designer,pooled}'::text[]), 'design'
	  UNION ALL SELECT unnest('{packager,listed packager,cmic packager,sdn half,sdn below,sdn down,sdn lost,owned by listed}'::text[]), 'package') AS a (id, what);
INSERT INTO desk.activity (party_id, facts) VALUES ('silent designer', '{"verbs": ["designs"], "object": "integrated_circuit"}');
UPDATE desk.party SET register = 'open' WHERE party_id IN ('open designer', 'open holding');
/* 850.209(a)(2): what each holder draws, in dollars, of a total of 200,000; what is not said is 0 of 1 */
INSERT INTO desk.financial (holder_id, from_id, metric, amount_usd, basis, year)
WITH drawn (holder, source, metric, amount) AS (VALUES
	('h 51', 'fab', 'revenue', 102000), ('h 50', 'fab', 'revenue', 100000), ('h two', 'fab', 'operating_expense', 60000), ('h two', 'eda', 'operating_expense', 50000),
	('h small', 'fab', 'revenue', 60000), ('h small', 'eda', 'revenue', 49999.99), ('h mixed', 'fab', 'revenue', 80000), ('h mixed', 'eda', 'capital_expenditure', 80000),
	('h traded', 'fab', 'revenue', 190000), ('h seat', 'fab', 'net_income', 100000.01), ('h contract', 'fab', 'revenue', 190000), ('h note', 'fab', 'revenue', 190000), ('h idle', 'fab', 'revenue', 0),
	('h stacked', 'fab', 'revenue', 150000), ('h above', 'fab', 'revenue', 90000), ('h packager', 'packager', 'revenue', 150000), ('h listed', 'listed packager', 'revenue', 150000), ('h loss', 'fab', 'net_income', 60000), ('h both', 'packager', 'revenue', 120000), ('h both', 'fab', 'revenue', 0),
	('h little', 'packager', 'revenue', 120000), ('h little', 'fab', 'revenue', 40000), ('h enough', 'packager', 'revenue', 120000), ('h enough', 'fab', 'revenue', 50000),
	('h untold', 'packager', 'revenue', 120000), ('h untold', 'fab', 'revenue', NULL), ('h silent', 'silent designer', 'revenue', 120000))
SELECT h.holder, h.source, m, CASE WHEN h.source IS NULL THEN CASE WHEN h.holder = 'h loss' AND m = 'net_income' THEN -200000 ELSE 200000 END WHEN d.holder IS NOT NULL THEN d.amount ELSE 0 END, 'audited', 2025
FROM (SELECT DISTINCT holder, NULL AS source FROM drawn UNION SELECT DISTINCT holder, source FROM drawn) AS h
CROSS JOIN unnest('{revenue,net_income,capital_expenditure,operating_expense}'::text[]) AS m
LEFT JOIN drawn AS d ON (d.holder, d.source, d.metric) = (h.holder, h.source, m);

CREATE TABLE desk.expected (n serial, says text, deal jsonb, verdict text, because text);
INSERT INTO desk.expected (says, deal, verdict, because)
SELECT says, '{"investor": "us", "target": "fab", "completion_date": "2026-02-02", "knowledge": true}'::jsonb || deal::jsonb, verdict, because
FROM (VALUES
	/* who acts: 850.206, 850.229, 850.301-303 */
	('a U.S. fund buys shares of a FinFET foundry', '{}', 'prohibited own', '850.301'),
	('a plain packager instead', '{"target": "packager"}', 'notifiable own', '850.401'),
	('a visitor, in the United States for a day', '{"investor": "visitor"}', 'prohibited own', '850.301'),
	('a green card holder who lives in Shanghai', '{"investor": "green card"}', 'prohibited own', '850.301'),
	('a Chinese student in Boston is a U.S. person too', '{"investor": "student"}', 'prohibited own', '850.301'),
	('a Chinese citizen in China', '{"investor": "chinese"}', 'out_of_scope', '850.229'),
	('the Hong Kong branch of a Delaware bank', '{"investor": "us branch"}', 'prohibited own', '850.301'),
	('the Delaware subsidiary of a Chinese bakery', '{"investor": "us of bakery"}', 'prohibited own', '850.301'),
	('a Singapore subsidiary with 50.01 percent of the votes', '{"investor": "cfe"}', 'prohibited controlled_foreign_entity', '850.302'),
	('the same, a notifiable deal', '{"investor": "cfe", "target": "packager"}', 'notifiable controlled_foreign_entity', '850.402'),
	('50 percent of the votes and 50 of the board make no parent', '{"investor": "half twice"}', 'out_of_scope', '850.229'),
	('30 percent each of two Americans who have nothing to do with each other', '{"investor": "two americans"}', 'out_of_scope', '850.229'),
	('41 through a subsidiary and 10 directly', '{"investor": "cfe of cfe"}', 'prohibited controlled_foreign_entity', '850.302'),
	('a Cayman fund with a U.S. general partner that holds nothing', '{"investor": "gp fund", "target": "packager"}', 'notifiable controlled_foreign_entity', '850.402'),
	('a Cayman fund with a U.S. adviser', '{"investor": "advised fund"}', 'prohibited controlled_foreign_entity', '850.302'),
	('a company with a U.S. managing member', '{"investor": "managed"}', 'prohibited controlled_foreign_entity', '850.302'),
	('a U.S. partner of a foreign fund votes for the deal', '{"investor": "foreign fund", "knowledge": null, "directing_person": "american", "directing_authority": true, "directed": true, "directing_knowledge": true}', 'prohibited knowingly_directing', '850.303'),
	('that partner without authority', '{"investor": "foreign fund", "directing_person": "american", "directing_authority": false, "directed": true, "directing_knowledge": true}', 'out_of_scope', '850.229'),
	('that partner, who stayed out of it but signed', '{"investor": "foreign fund", "directing_person": "american", "directing_authority": true, "directed": true, "directing_knowledge": true, "recused_from": ["approval", "negotiation"]}', 'prohibited knowingly_directing', '850.303'),
	('that partner, who stayed out of all three', '{"investor": "foreign fund", "directing_person": "american", "directing_authority": true, "directed": true, "directing_knowledge": true, "recused_from": ["approval", "documents", "negotiation"]}', 'out_of_scope', '850.229'),
	('a French partner directs', '{"investor": "foreign fund", "directing_person": "frenchman", "directing_authority": true, "directed": true, "directing_knowledge": true}', 'out_of_scope', '850.229'),
	('a U.S. partner directs what would only be notifiable', '{"investor": "foreign fund", "target": "packager", "directing_person": "american", "directing_authority": true, "directed": true, "directing_knowledge": true}', 'not_covered', NULL),
	('a nominee buys for a U.S. person: its principal is the investor', '{"investor": "nominee"}', 'prohibited own', '850.301'),

	/* when: 850.204 */
	('closed the day before', '{"completion_date": "2025-01-01"}', 'out_of_scope', '850.204'),
	('signed in 2024, closed on the first day', '{"signed_on": "2024-11-01", "completion_date": "2025-01-02"}', 'prohibited own', '850.301'),

	/* with whom: 850.207, 850.209, 850.221 */
	('a Chinese noodle maker', '{"target": "noodles"}', 'not_covered', NULL),
	('a Hong Kong chip designer', '{"target": "hk designer"}', 'notifiable own', '850.217(a)'),
	('a Taiwanese foundry', '{"target": "tw fab"}', 'not_covered', NULL),
	('the same, under its ISO subdivision', '{"target": "cn-tw fab"}', 'not_covered', NULL),
	('a Cayman foundry run from China', '{"target": "cayman fab"}', 'prohibited own', '850.224(d)(1)'),
	('headquarters in Macau alone', '{"target": "run from macau"}', 'notifiable own', '850.217(a)'),
	('a Delaware designer that a bakery owns by half', '{"target": "delaware of bakery"}', 'notifiable own', '850.217(a)'),
	('exactly half of the equity', '{"target": "at half"}', 'notifiable own', '850.210(a)(1)'),
	('a hundredth of a percent less', '{"target": "below half"}', 'not_covered', NULL),
	('two quarters in aggregate', '{"target": "two quarters"}', 'notifiable own', '850.210(a)(1)'),
	('30 percent of votes and 30 of equity are not added', '{"target": "across metrics"}', 'not_covered', NULL),
	('half of the votes alone', '{"target": "half of votes"}', 'notifiable own', '850.210(a)(1)'),
	('half of the board alone', '{"target": "half of board"}', 'notifiable own', '850.210(a)(1)'),
	('the second tier', '{"target": "e"}', 'notifiable own', '850.210(a)(1)'),
	('directed by the government by contract', '{"target": "directed"}', 'prohibited own', '850.224(a)'),
	('directed by a Chinese company that the government may hold', '{"target": "directed by open"}', 'undetermined own', '850.301'),
	('acts for the government', '{"target": "agent"}', 'prohibited own', '850.224(a)'),
	('the government has half of the votes', '{"target": "state owned"}', 'prohibited own', '850.224(a)'),
	('the owner has a green card', '{"target": "of green card"}', 'not_covered', NULL),
	('the owner is British and resident in Hong Kong', '{"target": "of hong konger"}', 'notifiable own', '850.210(a)(1)'),
	('the owner is a citizen of both', '{"target": "of american"}', 'not_covered', NULL),
	('the Singapore branch of the bakery designs', '{"target": "bakery branch"}', 'notifiable own', '850.210(a)(1)'),
	('a German designer', '{"target": "german designer"}', 'not_covered', NULL),
	('a designer of whose circuit nobody gives the figures', '{"target": "silent designer"}', 'undetermined own', '850.401'),
	('a shell with an open register that designs', '{"target": "open designer"}', 'undetermined own', '850.401'),
	('30 percent of a bakery and 20 of what it half owns (A-09)', '{"target": "pooled"}', 'notifiable own', '850.210(a)(1)'),

	/* holders: 850.209(a)(2), 850.224(l) */
	('51 percent of its revenue from the foundry of which it has 1 percent', '{"target": "h 51"}', 'prohibited own', '850.224(l)'),
	('50 percent', '{"target": "h 50"}', 'not_covered', NULL),
	('30 and 25 percent of operating expense, each 50,000 or more', '{"target": "h two"}', 'prohibited own', '850.224(l)'),
	('30 and 24.999995 percent, one below 50,000', '{"target": "h small"}', 'not_covered', NULL),
	('40 percent of revenue, 40 of capital expenditure', '{"target": "h mixed"}', 'not_covered', NULL),
	('95 percent, held through listed shares alone', '{"target": "h traded"}', 'not_covered', NULL),
	('a board seat and a cent more than half of net income', '{"target": "h seat"}', 'prohibited own', '850.224(l)'),
	('contractual control without a share', '{"target": "h contract"}', 'prohibited own', '850.224(l)'),
	('a convertible note is no equity yet', '{"target": "h note"}', 'not_covered', NULL),
	('30 percent of the foundry, and none of the money: buying the holding is not buying the foundry', '{"target": "h idle"}', 'not_covered', NULL),
	('45 percent through a holding company that is itself covered', '{"target": "h above"}', 'not_covered', NULL),
	('a holder of a packager (A-18)', '{"target": "h packager"}', 'notifiable own', '850.217'),
	('60 percent from the packager, and nothing yet from the foundry of which it has 1 percent too', '{"target": "h both"}', 'notifiable own', '850.217'),
	('the same, with 40,000 from the foundry, which do not count', '{"target": "h little"}', 'notifiable own', '850.217'),
	('the same, with 50,000', '{"target": "h enough"}', 'prohibited own', '850.224(l)'),
	('the same, and nobody gives the foundry''s figure', '{"target": "h untold"}', 'undetermined own', '850.301'),
	('60 percent from a designer of whose circuit nobody gives the figures', '{"target": "h silent"}', 'undetermined own', '850.401'),
	('a holder of a listed packager is not reached by (l) (A-18)', '{"target": "h listed"}', 'notifiable own', '850.217'),
	('a total loss leaves net income open (A-14)', '{"target": "h loss"}', 'undetermined own', '850.301'),

	/* lists: 850.224(m) */
	('a listed packager', '{"target": "listed packager"}', 'prohibited own', '850.224(m)(1)'),
	('a listed bakery', '{"target": "listed bakery"}', 'not_covered', NULL),
	('a company of the NS-CMIC List', '{"target": "cmic packager"}', 'prohibited own', '850.224(m)(5)'),
	('half owned by an SDN', '{"target": "sdn half"}', 'prohibited own', '850.224(m)(4)'),
	('a hundredth of a percent less', '{"target": "sdn below"}', 'notifiable own', '850.217(c)'),
	('half owned by what an SDN owns', '{"target": "sdn down"}', 'prohibited own', '850.224(m)(4)'),
	('wholly owned by what an SDN has 40 percent of', '{"target": "sdn lost"}', 'notifiable own', '850.217(c)'),
	('wholly owned by a company of the Entity List (A-26)', '{"target": "owned by listed"}', 'notifiable own', '850.217(c)'),

	/* limbs: 850.210(a) with its notes */
	('a SAFE', '{"target": "packager", "transaction_type": "contingent_equity"}', 'notifiable own', '850.210(a)(1)'),
	('an ordinary loan', '{"transaction_type": "debt", "lender_rights": []}', 'not_covered', NULL),
	('a loan with a board seat', '{"transaction_type": "debt", "lender_rights": ["board_appointment"]}', 'prohibited own', '850.210(a)(2)'),
	('a loan to the noodle maker, with profits', '{"target": "noodles", "transaction_type": "debt", "lender_rights": ["profits"]}', 'not_covered', NULL),
	('a loan of which nobody says what it gives', '{"transaction_type": "debt"}', 'undetermined own', '850.301'),
	('a note of 2024 converted', '{"transaction_type": "conversion", "contingent_acquired_on": "2025-01-01"}', 'not_covered', NULL),
	('a note of the first day converted', '{"transaction_type": "conversion", "contingent_acquired_on": "2025-01-02"}', 'prohibited own', '850.210(a)(3)'),
	('a note converted into listed shares', '{"transaction_type": "conversion", "contingent_acquired_on": "2025-06-01", "publicly_traded": true}', 'excepted', '850.501(a)(1)(i)'),
	('shares pledged on the first day are taken', '{"foreclosure": true, "pledged_on": "2025-01-02", "knew_pledged_equity": true}', 'prohibited own', '850.210(a)(1)'),
	('shares pledged before are taken', '{"foreclosure": true, "pledged_on": "2025-01-01", "knew_pledged_equity": true}', 'not_covered', NULL),
	('who bought the debt did not know what was pledged', '{"foreclosure": true, "pledged_on": "2025-06-01", "knew_pledged_equity": false}', 'not_covered', NULL),
	('who bought the debt does not say', '{"foreclosure": true, "pledged_on": "2025-06-01"}', 'undetermined own', '850.301'),
	('land in China for a new foundry', '{"target": "new plant", "transaction_type": "asset", "asset_country": "CN", "asset_result": ["establishes_covered_foreign_person"]}', 'prohibited own', '850.210(a)(4)'),
	('a lease in Macau so that a packager starts', '{"target": "packager", "transaction_type": "asset", "asset_country": "MO", "asset_result": ["country_of_concern_person_engages"]}', 'notifiable own', '850.210(a)(4)'),
	('a warehouse in China', '{"target": "new plant", "transaction_type": "asset", "asset_country": "CN", "asset_result": []}', 'not_covered', NULL),
	('a plant in Vietnam', '{"target": "new plant", "transaction_type": "asset", "asset_country": "VN", "asset_result": ["establishes_covered_foreign_person"]}', 'not_covered', NULL),
	('a joint venture in Dubai with a bakery', '{"target": "venture", "transaction_type": "joint_venture", "joint_venture_partner": "bakery"}', 'notifiable own', '850.210(a)(5)'),
	('a joint venture in Delaware', '{"target": "us venture", "transaction_type": "joint_venture", "joint_venture_partner": "bakery"}', 'notifiable own', '850.210(a)(5)'),
	('with a Taiwanese foundry', '{"target": "venture", "transaction_type": "joint_venture", "joint_venture_partner": "tw fab"}', 'not_covered', NULL),
	('a venture that will do nothing covered, with a foundry', '{"target": "idle venture", "transaction_type": "joint_venture", "joint_venture_partner": "fab"}', 'not_covered', NULL),
	('a venture on the Military End-User List', '{"target": "listed venture", "transaction_type": "joint_venture", "joint_venture_partner": "bakery"}', 'prohibited own', '850.224(m)(2)'),
	('the partner is listed, the venture is not', '{"target": "venture", "transaction_type": "joint_venture", "joint_venture_partner": "listed packager"}', 'notifiable own', '850.210(a)(5)'),
	('a limited partner of a fund that then buys the foundry', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 5000000}', 'prohibited own', '850.210(a)(6)'),
	('the fund buys a noodle maker', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "noodles", "committed_capital_usd": 5000000}', 'not_covered', NULL),
	('the fund has bought nothing yet', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": null, "committed_capital_usd": 5000000}', 'undetermined own', NULL),
	('after an inquiry it was not likely', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": false, "reasonable_inquiry": true, "fund_investee": "fab"}', 'not_covered', NULL),
	('without one it was (A-44)', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": false, "fund_investee": "fab"}', 'prohibited own', '850.210(a)(6)'),
	('a limited partner of a U.S. fund', '{"target": "us fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 5000000}', 'not_covered', NULL),
	('a limited partner of a fund whose general partner is American, but which is none itself', '{"investor": "us 2", "target": "gp fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 5000000}', 'prohibited own', '850.210(a)(6)'),
	('that U.S. fund itself', '{"investor": "us fund"}', 'prohibited own', '850.301'),
	('advice for a fee', '{"transaction_type": "other"}', 'not_covered', NULL),

	/* knowledge: 850.104, 850.216, 850.403 */
	('no knowledge after an inquiry', '{"knowledge": false, "reasonable_inquiry": true}', 'not_covered', NULL),
	('no knowledge and no inquiry (A-44)', '{"knowledge": false, "reasonable_inquiry": false}', 'prohibited own', '850.301'),
	('nobody says what was known', '{"knowledge": null}', 'undetermined own', '850.301'),
	('nobody says what was known, and no inquiry was made (A-44)', '{"knowledge": null, "reasonable_inquiry": false}', 'prohibited own', '850.301'),
	('nobody says what was known, and an inquiry was made', '{"knowledge": null, "reasonable_inquiry": true}', 'undetermined own', '850.301'),
	('learned after closing, prohibited', '{"knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-04-01"}', 'not_covered post_closing_knowledge', '850.403'),
	('learned after closing, notifiable, of a subsidiary', '{"investor": "cfe", "target": "packager", "knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-04-01"}', 'not_covered post_closing_knowledge', '850.403'),
	('learned that a German designer designs', '{"target": "german designer", "knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-04-01"}', 'not_covered', NULL),
	('learned of the borrower of an ordinary loan', '{"transaction_type": "debt", "lender_rights": [], "knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-04-01"}', 'not_covered', NULL),
	('learned of the venture, whose partner is Taiwanese', '{"target": "venture", "transaction_type": "joint_venture", "joint_venture_partner": "tw fab", "knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-04-01"}', 'not_covered', NULL),
	('learned of listed shares', '{"publicly_traded": true, "knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-04-01"}', 'excepted', '850.501(a)(1)(i)'),

	/* exceptions: 850.501, 850.210(b)(2); exemptions: 850.502, 850.503 */
	('shares listed abroad', '{"publicly_traded": true}', 'excepted', '850.501(a)(1)(i)'),
	('listed shares with a board seat', '{"publicly_traded": true, "rights_beyond_standard": true}', 'prohibited own', '850.301'),
	('listed shares with rights somebody has yet to review (A-30)', '{"publicly_traded": true, "rights_beyond_standard": null}', 'undetermined own', '850.301'),
	('an allotment that does not trade at settlement', '{"publicly_traded": false}', 'prohibited own', '850.301'),
	('a follow-on of the same CUSIP', '{"fungible_with_publicly_traded": true}', 'excepted', '850.501(a)(1)(i)'),
	('a note convertible only into listed shares', '{"transaction_type": "contingent_equity", "convertible_only_into_publicly_traded": true}', 'excepted', '850.501(a)(1)(i)'),
	('a mutual fund', '{"registered_fund": true}', 'excepted', '850.501(a)(1)(ii)(A)'),
	('a business development company, with a veto over hiring', '{"business_development_company": true, "rights_beyond_standard": true}', 'prohibited own', '850.301'),
	('two million dollars over all vehicles', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 2000000}', 'excepted', '850.501(a)(1)(iii)(A)'),
	('a cent more', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "fab", "committed_capital_usd": 2000000.01}', 'prohibited own', '850.210(a)(6)'),
	('two million dollars of shares are no fund interest', '{"committed_capital_usd": 2000000}', 'prohibited own', '850.301'),
	('an assurance against prohibited deals, and the fund makes a notifiable one (A-29)', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "packager", "lp_assurance": "prohibited"}', 'notifiable own', '850.401'),
	('the same, and the fund makes a prohibited one', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "fab", "lp_assurance": "prohibited"}', 'excepted', '850.501(a)(1)(iii)(B)'),
	('the same, by way of a holder', '{"target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": true, "fund_investee": "h 51", "lp_assurance": "prohibited"}', 'excepted', '850.501(a)(1)(iii)(B)'),
	('a cash-settled swap', '{"transaction_type": "derivative", "derivative_confers": []}', 'excepted', '850.501(a)(1)(iv)'),
	('a swap settled in shares', '{"transaction_type": "derivative", "derivative_confers": ["equity"]}', 'prohibited own', '850.210(a)(1)'),
	('buys out every Chinese owner', '{"target": "at half", "acquires_all_country_of_concern_interests": true, "covered_foreign_person_after": false}', 'excepted', '850.501(b)'),
	('buys out every Chinese owner of a company run from China', '{"target": "cayman fab", "acquires_all_country_of_concern_interests": true, "covered_foreign_person_after": true}', 'prohibited own', '850.301'),
	('leaves one of them in', '{"target": "two quarters", "acquires_all_country_of_concern_interests": false, "covered_foreign_person_after": false}', 'notifiable own', '850.401'),
	('says nothing of what it is afterwards', '{"target": "at half", "acquires_all_country_of_concern_interests": true}', 'undetermined own', '850.401'),
	('capital for the canteen of its subsidiary', '{"target": "cfe in china", "intracompany": true, "supports_only_uncovered_operations": true}', 'excepted', '850.501(c)'),
	('capital for its line of 2024', '{"target": "cfe in china", "intracompany": true, "maintains_existing_activity": true, "existing_activity_since": "2024-06-01"}', 'excepted', '850.501(c)'),
	('capital for its line of the first day', '{"target": "cfe in china", "intracompany": true, "maintains_existing_activity": true, "existing_activity_since": "2025-01-02"}', 'prohibited own', '850.301'),
	('capital for the next line', '{"target": "cfe in china", "intracompany": true, "maintains_existing_activity": false, "existing_activity_since": "2024-06-01"}', 'prohibited own', '850.301'),
	('more capital for its subsidiary, nothing claimed', '{"target": "cfe in china"}', 'prohibited own', '850.301'),
	('a capital call on a commitment of 2024', '{"commitment_binding": true, "commitment_uncalled": true, "commitment_on": "2024-12-31"}', 'excepted', '850.501(d)'),
	('the same on the first day (A-31)', '{"commitment_binding": true, "commitment_uncalled": true, "commitment_on": "2024-12-31", "completion_date": "2025-01-02"}', 'prohibited own', '850.301'),
	('the same on the second', '{"commitment_binding": true, "commitment_uncalled": true, "commitment_on": "2024-12-31", "completion_date": "2025-01-03"}', 'excepted', '850.501(d)'),
	('a letter of intent', '{"commitment_binding": false, "commitment_uncalled": true, "commitment_on": "2024-12-31"}', 'prohibited own', '850.301'),
	('one of thirty lenders gets votes on default', '{"syndicated_loan": true, "lender_can_act_alone": false, "syndication_agent": false}', 'excepted', '850.501(e)'),
	('the agent does', '{"syndicated_loan": true, "lender_can_act_alone": false, "syndication_agent": true}', 'prohibited own', '850.301'),
	('an engineer''s options, with information rights', '{"investor": "american", "employment_compensation": true, "rights_beyond_standard": true}', 'excepted', '850.501(f)'),
	('shares paid to a consulting firm', '{"employment_compensation": true}', 'prohibited own', '850.301'),
	('an official of the Department of Commerce buys samples', '{"us_government_business": true}', 'excepted', '850.210(b)(2)'),
	('a signed determination', '{"national_interest_exemption": true}', 'exempted', '850.502'),
	('a donation of medicine', '{"ieepa_1702b": true}', 'out_of_scope', '850.503')
) AS e (says, deal, verdict, because);

/* where what is found is not what the text gives */
SELECT n, says, verdict, concat_ws(' ', s.outcome, s.obligation) AS found, because, s.limb, s.provisions, s.missing
FROM desk.expected, screen(deal) AS s
WHERE (concat_ws(' ', s.outcome, s.obligation) <> verdict AND s.outcome::text <> verdict)
   OR (because IS NOT NULL AND because <> ALL (s.provisions)) ORDER BY n;

/* the book says what the function says, and so do the last step of the explanation and, where there is a limb, its cite */
INSERT INTO desk.deal (deal_id, investor, target, transaction_type, completion_date, facts)
SELECT n::text, deal ->> 'investor', deal ->> 'target', coalesce(deal ->> 'transaction_type', 'equity'), (deal ->> 'completion_date')::date,
	   deal - '{investor,target,transaction_type,completion_date}'::text[] FROM desk.expected;
SELECT count(*) AS deals,
	   count(*) FILTER (WHERE to_jsonb(s) IS DISTINCT FROM to_jsonb(b) - '{deal_id,investor,target,transaction_type,completion_date,amount_usd}'::text[]) AS other_in_the_book,
	   count(*) FILTER (WHERE s.outcome::text <> (SELECT answer FROM explain(deal) ORDER BY step DESC LIMIT 1)) AS other_explained,
	   count(*) FILTER (WHERE s.limb IS NOT NULL AND NOT EXISTS (SELECT FROM explain(deal) x WHERE x.cite = s.limb AND x.answer <> 'no')) AS limb_not_explained,
	   count(*) FILTER (WHERE (s.outcome = 'undetermined') <> (s.at_least <> s.at_most)) AS not_open,
	   count(*) FILTER (WHERE s.outcome = 'undetermined' AND s.missing = '{}' AND s.readings = '{}') AS nothing_to_ask,
	   count(*) FILTER (WHERE s.notify_by IS DISTINCT FROM CASE WHEN s.outcome = 'notifiable' THEN (deal ->> 'completion_date')::date + 30
							 WHEN s.obligation = 'post_closing_knowledge' THEN (deal ->> 'learned_on')::date + 30 END) AS other_day
FROM desk.expected, screen(deal) AS s, deal_screening AS b WHERE b.deal_id = n::text;

/* what is due: each notifiable deal's notification, and what was learned after closing, by whoever's duty it is */
INSERT INTO desk.expected (says, deal, verdict) VALUES
	('learned after closing that the fund was likely to', '{"investor": "us", "target": "fund", "transaction_type": "limited_partner", "fund_likely_invests": false, "reasonable_inquiry": true, "fund_investee": "fab",
	  "completion_date": "2026-02-02", "learned_on": "2026-04-01"}', 'not_covered post_closing_knowledge');
INSERT INTO desk.deal (deal_id, investor, target, transaction_type, completion_date, facts)
SELECT n::text, deal ->> 'investor', deal ->> 'target', deal ->> 'transaction_type', (deal ->> 'completion_date')::date, deal - '{investor,target,transaction_type,completion_date}'::text[]
FROM desk.expected WHERE says = 'learned after closing that the fund was likely to';
SELECT cite, duty, established, count(*), array_agg(DISTINCT due_date) AS due, count(*) FILTER (WHERE verdict !~ CASE WHEN cite LIKE '850.403%' THEN 'post_closing' WHEN established THEN '^notifiable' ELSE '^undetermined' END) AS wrong
FROM filing_due('2026-03-01') JOIN desk.expected ON n::text = deal_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT verdict, says FROM desk.expected WHERE verdict ~ '^notifiable|post_closing' AND n::text NOT IN (SELECT deal_id FROM filing_due WHERE established);

/* the trigger refuses what is prohibited, and lets everything else in with the same verdict */
CREATE TABLE desk.entered (deal_id text PRIMARY KEY, investor text, target text, transaction_type text, completion_date date, facts jsonb);
CREATE CONSTRAINT TRIGGER block_prohibited AFTER INSERT ON desk.entered FOR EACH ROW EXECUTE FUNCTION block_prohibited();
SELECT configure('undetermined', 'allow');
DO $$
DECLARE d desk.deal;
BEGIN
	FOR d IN SELECT * FROM desk.deal LOOP
		BEGIN
			INSERT INTO desk.entered SELECT d.deal_id, d.investor, d.target, d.transaction_type, d.completion_date, d.facts;
		EXCEPTION WHEN SQLSTATE 'OB001' THEN NULL;
		END;
	END LOOP;
END $$;
SELECT count(*) FILTER (WHERE b.outcome = 'prohibited') > 40 AS many_prohibited, count(*) FILTER (WHERE e.deal_id IS NOT NULL) > 60 AS many_let_in,
	   count(*) FILTER (WHERE (b.outcome = 'prohibited') <> (e.deal_id IS NULL)) AS wrongly_decided, count(*) FILTER (WHERE e.deal_id IS NOT NULL AND t.outcome IS DISTINCT FROM b.outcome::text) AS wrongly_recorded
FROM deal_screening AS b LEFT JOIN desk.entered AS e USING (deal_id) LEFT JOIN desk.determination AS t USING (deal_id);

SELECT configure('undetermined', NULL), configure('source_schema', NULL);
DROP SCHEMA desk CASCADE;
