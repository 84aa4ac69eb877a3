/* Ownership tests of Part 850 and of OFAC's 50 Percent Rule, and what readings change in them. */

INSERT INTO ownership_test (test, authority, summary, pooled, seeds, measures, thresholds, strict, below, link,
							across_measures, status_feeds_back, roles, fund_roles, roles_carry, tiers, last_tier_pools_base, origin) VALUES
('31 CFR 850.206', '31 CFR 850.206(b), 850.219, 850.227',
 'Parent of a controlled foreign entity: one U.S. person with more than half of the voting interest or of the board, by role, or as a fund''s adviser. A subsidiary''s holdings count whole, others in proportion; votes and board seats are never added.',
 false, 'us_person', '{voting,board}', '{1/2,1/2}', '{true,true}', 'proportion', 'literal',
 true, true, '{general_partner,managing_member}', '{investment_adviser}', true, NULL, true, 'outbound'),
('31 CFR 850.221(c)', '31 CFR 850.221(c)',
 'Held or directed by the government of a country of concern: at least half of the votes, of the board or of the equity, or its management and policies; who acts for that government is one with it.',
 true, 'government_of_country_of_concern', '{voting,board,equity}', '{1/2,1/2,1/2}', '{false,false,false}', 'proportion', 'product',
 false, true, '{direction,acts_for}', '{}', true, NULL, true, 'outbound'),
('31 CFR 850.221', '31 CFR 850.221(d), 850.221(e)',
 'Person of a country of concern by ownership: such persons together hold at least half of the votes, of the board or of the equity, each metric alone. A holder that is one counts whole, any other in the proportion such persons hold of it.',
 true, 'person_of_country_of_concern', '{voting,board,equity}', '{1/2,1/2,1/2}', '{false,false,false}', 'proportion', 'product',
 false, true, '{}', '{}', true, NULL, true, 'outbound'),
('31 CFR 850.221 literal', '31 CFR 850.221(d), 850.221(e)',
 'The two tiers as they are written: (d) once from the persons of (a)-(c), (e) once from the entities of (d) alone, holdings through others in proportion.',
 true, 'person_of_country_of_concern', '{voting,board,equity}', '{1/2,1/2,1/2}', '{false,false,false}', 'proportion', 'product',
 false, false, '{}', '{}', true, 2, false, 'outbound'),
('31 CFR 850.224(m)(4)', '31 CFR 850.224(m)(4)',
 'Owned by persons on the SDN List: together at least half of the equity, counting only holders that are listed or so owned themselves.',
 true, 'list:SDN', '{equity}', '{1/2}', '{false}', 'nothing', 'product',
 false, true, '{}', '{}', true, NULL, true, 'outbound'),
('31 CFR 850.224(m) affiliates', '31 CFR 850.224(m)(1), (m)(2)',
 'Unlisted entities that companies on the Entity List or the Military End-User List together own half of or more: on these lists only under one reading of the text (A-26).',
 true, 'list:EL,MEU', '{equity}', '{1/2}', '{false}', 'nothing', 'product',
 false, true, '{}', '{}', true, NULL, true, 'outbound'),
('OFAC 50', 'OFAC FAQ 398-401; 31 CFR 510.411, 542.411, 583.411',
 'Blocked by ownership: blocked persons together own at least half, counting only holders that are blocked themselves (FAQ 401).',
 true, 'list:SDN', '{equity}', '{1/2}', '{false}', 'nothing', 'product',
 false, true, '{}', '{}', true, NULL, true, 'outbound');

/* 850.206: A-43 asks about several U.S. persons together */
INSERT INTO ownership_test_reading (test, reading, option, changes, origin) VALUES
('31 CFR 850.206', 'A-01', 'strict_product', '{"link": "product"}', 'outbound'),
('31 CFR 850.206', 'A-02', 'same_metric', '{"across_measures": false}', 'outbound'),
('31 CFR 850.206', 'A-02', 'undetermined', '{"across_measures": null}', 'outbound'),
('31 CFR 850.206', 'A-07', 'none', '{"roles_carry": false}', 'outbound'),
('31 CFR 850.206', 'A-43', 'pooled', '{"pooled": true}', 'outbound');

/*
 * 850.221: A-09 literal keeps the persons of (a)-(c) out of every tier but the first, so
 * it goes tier by tier (fifty are more than any structure has) and nothing feeds back
 * within one; A-10 stop_after_e ends with the second.  Within a tier, A-08 then says what
 * "indirectly" passes on: by default the plain proportion; with cascade a holder of half
 * or more counts whole; with direct nothing.  Without tiers, direct and cascade agree:
 * each owned entity counts, by its direct holdings, toward the next.
 */
INSERT INTO ownership_test_reading (test, reading, option, changes, step, origin) VALUES
('31 CFR 850.221', 'A-09', 'literal', '{"tiers": 50, "last_tier_pools_base": false, "status_feeds_back": false}', 1, 'outbound'),
('31 CFR 850.221', 'A-10', 'stop_after_e', '{"tiers": 2, "status_feeds_back": false}', 2, 'outbound'),
('31 CFR 850.221', 'A-08', 'cascade', '{"below": "nothing", "status_feeds_back": true}', 3, 'outbound'),
('31 CFR 850.221', 'A-08', 'direct', '{"below": "nothing"}', 3, 'outbound'),
('31 CFR 850.221(c)', 'A-08', 'cascade', '{"below": "nothing"}', 3, 'outbound'),
('31 CFR 850.221(c)', 'A-08', 'direct', '{"below": "nothing", "status_feeds_back": false}', 3, 'outbound');

/* A-47: a register that gives shares and no votes; votes count in each of these tests */
INSERT INTO ownership_test_reading (test, reading, option, changes, origin) VALUES
('31 CFR 850.206', 'A-47', 'one_share_one_vote', '{"equity_votes": true}', 'outbound'),
('31 CFR 850.221', 'A-47', 'one_share_one_vote', '{"equity_votes": true}', 'outbound'),
('31 CFR 850.221(c)', 'A-47', 'one_share_one_vote', '{"equity_votes": true}', 'outbound'),
('31 CFR 850.221 literal', 'A-47', 'one_share_one_vote', '{"equity_votes": true}', 'outbound');
