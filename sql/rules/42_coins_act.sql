/*
 * The COINS Act, 50 U.S.C. 4581-4589: in force for no deal until there are regulations,
 * and here only as far as the statute itself speaks.  It names technologies and leaves
 * every threshold to the Secretary, so whether an activity is a prohibited or a notifiable
 * technology is a fact that nobody can know yet: awaiting_regulation_*.  A firm may state
 * it to see what would follow.  Who may rely on an exception shows it, as under Part 850.
 */

INSERT INTO fact (fact, kind, type, question, cite, when_absent, origin) VALUES
('awaiting_regulation_prohibited_technology', 'activity', 'boolean',
 'Will the regulations make this a prohibited technology? No threshold is set yet.', '50 U.S.C. 4581, 4589(10)', 'unknown', 'outbound'),
('awaiting_regulation_notifiable_technology', 'activity', 'boolean',
 'Will the regulations make this a notifiable technology? No threshold is set yet.', '50 U.S.C. 4582, 4589(7)', 'unknown', 'outbound'),
('awaiting_regulation_foreign_person', 'deal', 'boolean',
 'Is the target in the political leadership of a country of concern, or subject to its direction or control as the regulations will define it?', '50 U.S.C. 4589(3)(B), 4589(3)(C)', 'unknown', 'outbound'),
('awaiting_regulation_transaction_type', 'deal', 'boolean',
 'Will the regulations name this further type of transaction?', '50 U.S.C. 4589(4)(A)(viii)', 'unknown', 'outbound'),
('awaiting_regulation_de_minimis', 'deal', 'boolean',
 'Is the value below the one that the regulations will except?', '50 U.S.C. 4589(4)', 'not_claimed', 'outbound'),
('awaiting_regulation_national_interest', 'deal', 'boolean',
 'Is the transaction of a category that the Secretary will except in the national interest?', '50 U.S.C. 4589(4)', 'not_claimed', 'outbound'),
('awaiting_regulation_limited_partner', 'deal', 'boolean',
 'Does the limited partner interest meet the conditions that the regulations will set?', '50 U.S.C. 4589(4)', 'not_claimed', 'outbound'),
('ancillary_financial_service', 'deal', 'boolean',
 'Is it a service of a financial institution ancillary to a transaction, such as underwriting?', '50 U.S.C. 4589(4)', 'not_claimed', 'outbound'),
('buyout_outside_country_of_concern', 'deal', 'boolean',
 'Is the whole interest of a covered foreign person acquired, outside a country of concern?', '50 U.S.C. 4589(4)', 'not_claimed', 'outbound'),
('secondary_transaction', 'deal', 'boolean',
 'Is it secondary: a contract without technology transfer, procurement of raw materials, bank lending, payments, rating, prime brokerage, custody, research?', '50 U.S.C. 4589(4)', 'not_claimed', 'outbound'),
('ordinary_business', 'deal', 'boolean',
 'Is it an ordinary or administrative business transaction?', '50 U.S.C. 4589(4)', 'not_claimed', 'outbound'),
('authorized_intelligence_activity', 'deal', 'boolean',
 'Is it an authorized intelligence activity of the United States?', '50 U.S.C. 4581', 'not_claimed', 'outbound');

INSERT INTO fact (fact, kind, type, cite, derived, question, origin) VALUES
('fund_investee_is_person_of_country_of_concern', 'deal', 'boolean', '850.221', true, 'The person the fund invested in is a person of a country of concern.', 'outbound');

/* technologies: the same areas for both classes, advanced semiconductors only for the prohibited */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, origin)
SELECT 'COINS-2025-12-18', v.cite, a.area, 'activity', v.outcome::outcome, a.sector,
	   format('object in (%s) and %s', a.objects, v.fact)::condition,
	   format('Works in %s, as far as the regulations will make that %s.', a.area, v.words), 'outbound'
FROM (VALUES
	('semiconductors and microelectronics', 'semiconductors',
	 $$'integrated_circuit', 'eda_software', 'fabrication_equipment', 'advanced_packaging_equipment', 'euv_item'$$),
	('artificial intelligence systems', 'ai', $$'ai_system'$$),
	('quantum information', 'quantum', $$'quantum_computer', 'quantum_component', 'quantum_sensing_platform', 'quantum_network'$$),
	('high-performance computing and supercomputing', 'semiconductors', $$'supercomputer'$$),
	('hypersonic systems', 'other', $$'hypersonic_system'$$)) AS a (area, sector, objects),
	(VALUES ('50 U.S.C. 4589(10)', 'prohibited', 'awaiting_regulation_prohibited_technology', 'a prohibited technology'),
			('50 U.S.C. 4589(7)', 'notifiable', 'awaiting_regulation_notifiable_technology', 'a notifiable technology')) AS v (cite, outcome, fact, words);

/* scope */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('COINS-2025-12-18', '50 U.S.C. 4581', 'nobody with a duty', 'scope',
 $$not investor_is_us_person and not investor_acts_for_us_person and not investor_is_controlled_foreign_entity
   and not (directing_person_is_us_person and directing_authority and directed and directing_knowledge)$$,
 'The investor is neither a U.S. person, nor an intermediary of one, nor the controlled foreign entity of one, and no U.S. person knowingly directs it.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4581', 'intelligence', 'scope', 'authorized_intelligence_activity',
 'Authorized intelligence activities of the United States are left out.', 'outbound');

/* types of transaction: the six of Part 850, a conversion without date or knowledge, and what regulations add */
INSERT INTO provision (ruleset, cite, variant, stage, limb, condition, summary, origin) VALUES
('COINS-2025-12-18', '50 U.S.C. 4589(4)(A)', 'equity', 'limb', '4589(4)(A)',
 $$transaction_type in ('equity', 'contingent_equity', 'derivative') and (knows or directing_knowledge)
   and (target_is_person_of_country_of_concern or awaiting_regulation_foreign_person)$$,
 'Knowingly acquires an equity interest, or a contingent one, in a covered foreign person.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)(A)', 'debt', 'limb', '4589(4)(A)',
 $$transaction_type = 'debt' and lender_rights && {profits, board_appointment, equity_like} and (knows or directing_knowledge)
   and (target_is_person_of_country_of_concern or awaiting_regulation_foreign_person)$$,
 'Knowingly gives a covered foreign person a loan with rights of equity.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)(A)', 'conversion', 'limb', '4589(4)(A)',
 $$transaction_type = 'conversion' and (target_is_person_of_country_of_concern or awaiting_regulation_foreign_person)$$,
 'Converts a contingent interest, whenever acquired, into equity in a covered foreign person.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)(A)', 'asset', 'limb', '4589(4)(A)',
 $$transaction_type = 'asset' and asset_in_country_of_concern
   and asset_result && {establishes_covered_foreign_person, country_of_concern_person_engages} and (knows or directing_knowledge)$$,
 'Knowingly acquires or develops assets in a country of concern to set up a covered foreign person or its activity.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)(A)', 'joint venture', 'limb', '4589(4)(A)',
 $$transaction_type = 'joint_venture' and joint_venture_partner_is_person_of_country_of_concern and (knows or directing_knowledge)$$,
 'Knowingly enters a joint venture with a covered foreign person.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)(A)', 'limited partner', 'limb', '4589(4)(A)',
 $$transaction_type = 'limited_partner' and not target_is_us_person and knows_fund_likely_invests and fund_investee_is_person_of_country_of_concern$$,
 'Acquires a limited partner interest in a fund that is not a U.S. person, knowing that it likely will invest in a covered foreign person.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)(A)(viii)', '', 'limb', '4589(4)(A)(viii)',
 $$transaction_type = 'other' and awaiting_regulation_transaction_type and (knows or directing_knowledge)
   and (target_is_person_of_country_of_concern or awaiting_regulation_foreign_person)$$,
 'Any other transaction that the regulations will name.', 'outbound');

/* exceptions */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'before enactment', 'exception', $$completion_date < date '2025-12-18'$$,
 'Completed before 2025-12-18, the day of enactment.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'de minimis', 'exception', 'awaiting_regulation_de_minimis',
 'Of a value below the one that the regulations will set.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'national interest', 'exception', 'awaiting_regulation_national_interest',
 'Of a category that the Secretary will except in the national interest.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'traded securities', 'exception', 'publicly_traded',
 'A security traded on an exchange or over the counter.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'registered funds', 'exception', 'registered_fund',
 'A security of an SEC-registered investment company.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'limited partner', 'exception', $$transaction_type = 'limited_partner' and awaiting_regulation_limited_partner$$,
 'A limited partner interest within the conditions that the regulations will set.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'derivatives', 'exception', $$transaction_type = 'derivative' and (publicly_traded or registered_fund)$$,
 'A derivative of a traded or registered-fund security.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'financial services', 'exception', 'ancillary_financial_service',
 'Ancillary services of financial institutions, underwriting included.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'buyout', 'exception', 'buyout_outside_country_of_concern',
 'Acquires the whole interest of a covered foreign person outside a country of concern.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'intracompany', 'exception', 'intracompany',
 'Between a U.S. person and its controlled foreign entity.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'secondary', 'exception', 'secondary_transaction',
 'Secondary transactions, such as contracts without technology transfer, bank lending, payments or custody.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589(4)', 'ordinary business', 'exception', 'ordinary_business',
 'Ordinary or administrative business.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4581', 'exemption', 'exemption', 'national_interest_exemption',
 'Exempted by the Secretary in the national interest.', 'outbound');

/* classes: knowingly directing is reached for both */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, condition, summary, origin) VALUES
('COINS-2025-12-18', '50 U.S.C. 4581', 'technology', 'class', 'prohibited',
 $$not transaction_type = 'limited_partner' and target_prohibited_activity$$,
 'In a prohibited technology.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4581', 'technology, fund', 'class', 'prohibited',
 $$transaction_type = 'limited_partner' and fund_investee_prohibited_activity$$,
 'The person the fund invested in works on a prohibited technology.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4582', 'technology', 'class', 'notifiable',
 $$not transaction_type = 'limited_partner' and target_covered_activity$$,
 'In a prohibited technology that is not banned, or in a notifiable one.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4582', 'technology, fund', 'class', 'notifiable',
 $$transaction_type = 'limited_partner' and fund_investee_covered_activity$$,
 'The person the fund invested in works on a prohibited or notifiable technology.', 'outbound');

/* duties; of a directed transaction only once nobody else has one */
INSERT INTO provision (ruleset, cite, variant, stage, obligation, condition, summary, origin)
SELECT 'COINS-2025-12-18', coalesce(d.cite, o.cite), o.variant, 'obligation', d.obligation, d.condition::condition, o.words || d.words, 'outbound'
FROM (VALUES ('50 U.S.C. 4581', 'prohibited', 'May be prohibited by regulation: '),
			 ('50 U.S.C. 4582', 'notifiable', 'Is notified within 30 days of completion: ')) AS o (cite, variant, words),
	 (VALUES (NULL, 'own', 'investor_is_us_person or investor_acts_for_us_person', 'what a U.S. person does.'),
			 ('50 U.S.C. 4589(4)(A)(vi)', 'knowingly_directing',
			  'not investor_is_us_person and not investor_acts_for_us_person and directing_person_is_us_person and directing_authority and directed and directing_knowledge',
			  'what a U.S. person knowingly directs a foreign person to do.')) AS d (cite, obligation, condition, words);

INSERT INTO provision (ruleset, cite, variant, stage, obligation, condition, summary, origin) VALUES
('COINS-2025-12-18', '50 U.S.C. 4581(a)', 'prohibited', 'obligation', 'controlled_foreign_entity',
 'not investor_is_us_person and not investor_acts_for_us_person and investor_is_controlled_foreign_entity',
 'May be prohibited by regulation: what a controlled foreign entity of a U.S. person does.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4582(a)', 'notifiable', 'obligation', 'controlled_foreign_entity',
 'not investor_is_us_person and not investor_acts_for_us_person and investor_is_controlled_foreign_entity',
 'Is notified within 30 days of completion: what a controlled foreign entity of a U.S. person does.', 'outbound');

INSERT INTO parameter (ruleset, name, value, unit, cite, origin) VALUES
('COINS-2025-12-18', 'enacted', '2025-12-18', 'date', '50 U.S.C. 4581 note', 'outbound'),
('COINS-2025-12-18', 'rulemaking_days', '450', 'calendar days from enactment', '50 U.S.C. 4582(a)', 'outbound'),
('COINS-2025-12-18', 'notification_days', '30', 'calendar days from completion', '50 U.S.C. 4582(a)', 'outbound');

INSERT INTO country_of_concern (ruleset, country, name, cite, origin)
SELECT 'COINS-2025-12-18', v.country, v.name, '50 U.S.C. 4589(2)', 'outbound'
FROM (VALUES ('CN', 'People''s Republic of China'), ('HK', 'Special Administrative Region of Hong Kong'), ('MO', 'Special Administrative Region of Macau'),
			 ('CN-HK', 'Special Administrative Region of Hong Kong'), ('CN-MO', 'Special Administrative Region of Macau'), ('CU', 'Cuba'),
			 ('IR', 'Iran'), ('KP', 'North Korea'), ('RU', 'Russia'), ('VE', 'Venezuela, under the regime that the Act names')) AS v (country, name);

/* what else the Act says, to be read */
INSERT INTO section (ruleset, cite, title, summary, origin) VALUES
('COINS-2025-12-18', '50 U.S.C. 4581', 'Prohibitions', 'The Secretary may prohibit by regulation that U.S. persons and their controlled foreign entities knowingly engage in covered national security transactions in prohibited technologies; with feedback to inquiries, account of self-disclosure, a bar on evasion and an exemption in the national interest.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4582', 'Notifications', 'Within 450 days of enactment, by 2027-03-13, regulations require written notification within 30 days of completion, for prohibited technologies that are not banned and for notifiable ones; they amend, supersede or streamline Part 850.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4583', 'Reports', 'A report within 18 months and yearly after it; testimony within a year and yearly for five.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4584', 'Allies', 'Coordination with allied governments.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4585', 'Database', 'The Treasury may keep a public database of covered foreign persons, which is not exhaustive, and takes tips.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4587', 'Penalties', 'Civil penalties in the amounts of section 206(b) of the International Emergency Economic Powers Act; divestment; relief that the Attorney General seeks.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4588', 'Confidentiality', 'Exempt from disclosure under 5 U.S.C. 552.', 'outbound'),
('COINS-2025-12-18', '50 U.S.C. 4589', 'Definitions', 'Countries, covered foreign persons, technologies and transactions; every threshold is left to regulations.', 'outbound');
