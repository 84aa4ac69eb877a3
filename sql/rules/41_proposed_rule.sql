/*
 * The proposed rule, as the final one apart from what follows.  Where a point is known
 * only of the final text (the holdings that 850.209(a)(2) leaves out, the rights that
 * defeat 850.501(a)) the proposal is taken to be alike.  It had no effective date, so no
 * deal is too early for it.
 */

/* activities: alike but for compute thresholds, and for the Notes on third-party models, which it had not */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, reading, options, origin)
SELECT 'NPRM-2024-07-05', 'proposed ' || cite, variant, stage, outcome, sector, condition, summary, reading, options, 'outbound'
FROM provision
WHERE ruleset = 'FINAL-2025-01-02' AND stage = 'activity' AND sector <> 'ai';

INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, origin) VALUES
('NPRM-2024-07-05', 'proposed 850.224(j)(1)', '', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and (designed_exclusively_for && {military} or intended_for && {military})$$,
 'Develops an AI system designed to be used exclusively for, or intended by it for, a military end use.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.224(j)(2)', '', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system'
   and (designed_exclusively_for && {government_intelligence, mass_surveillance} or intended_for && {government_intelligence, mass_surveillance})$$,
 'Develops an AI system designed to be used exclusively for, or intended by it for, a government intelligence or mass-surveillance end use.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.217(d)(1)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and designed_for && {military, government_intelligence, mass_surveillance}$$,
 'Develops an AI system designed to be used for a military, government intelligence or mass-surveillance end use.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.217(d)(2)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and intended_for && {cybersecurity, digital_forensics, penetration_testing, robotic_control}$$,
 'Develops an AI system it intends for cybersecurity, digital forensics, penetration testing or the control of robotic systems.', 'outbound');

INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, reading, options, origin) VALUES
('NPRM-2024-07-05', 'proposed 850.224(k)', 'above 1e24', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e24$$,
 'Develops an AI system trained with more than 10^24 computational operations.', 'NPRM-AI', '{1e24}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.224(k)', 'above 1e25', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e25$$,
 'Develops an AI system trained with more than 10^25 computational operations.', 'NPRM-AI', '{1e25}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.224(k)', 'above 1e26', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e26$$,
 'Develops an AI system trained with more than 10^26 computational operations.', 'NPRM-AI', '{1e26}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.224(k)', 'biological, above 1e23', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e23 and primarily_biological_data$$,
 'Develops an AI system trained with more than 10^23 computational operations using primarily biological sequence data.',
 'NPRM-AI-BIO', '{biological_1e23}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.224(k)', 'biological, above 1e24', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e24 and primarily_biological_data$$,
 'Develops an AI system trained with more than 10^24 computational operations using primarily biological sequence data.',
 'NPRM-AI-BIO', '{biological_1e24}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.217(d)(3)', 'above 1e23', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e23$$,
 'Develops an AI system trained with more than 10^23 computational operations.', 'NPRM-AI-NOTIFIABLE', '{notifiable_1e23}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.217(d)(3)', 'above 1e24', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e24$$,
 'Develops an AI system trained with more than 10^24 computational operations.', 'NPRM-AI-NOTIFIABLE', '{notifiable_1e24}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.217(d)(3)', 'above 1e25', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e25$$,
 'Develops an AI system trained with more than 10^25 computational operations.', 'NPRM-AI-NOTIFIABLE', '{notifiable_1e25}', 'outbound');

/* scope: who recuses does not direct; the three parts of recusal were spelled out only later */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('NPRM-2024-07-05', 'proposed 850.229', 'nobody with a duty', 'scope',
 $$not investor_is_us_person and not investor_acts_for_us_person and not investor_is_controlled_foreign_entity
   and not (directing_person_is_us_person and directing_authority and directed and directing_knowledge)$$,
 'The investor is neither a U.S. person, nor an intermediary of one, nor the controlled foreign entity of one, and no U.S. person knowingly directs it.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.503', '', 'scope', $$ieepa_1702b$$,
 'Conduct within 50 U.S.C. 1702(b) is outside the part.', 'outbound');

/* limbs: no Note on foreclosure, no date for conversions, funds of U.S. persons not left out */
INSERT INTO provision (ruleset, cite, variant, stage, limb, condition, summary, origin) VALUES
('NPRM-2024-07-05', 'proposed 850.210(a)(1)', '', 'limb', '850.210(a)(1)',
 $$transaction_type = 'equity' and target_is_covered_foreign_person and (knows or directing_knowledge)$$,
 'Acquires an equity interest, by foreclosing on a pledge too, in a person it knows to be a covered foreign person.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.210(a)(3)', '', 'limb', '850.210(a)(3)',
 $$transaction_type = 'conversion' and target_is_covered_foreign_person and (knows or directing_knowledge)$$,
 'Converts a contingent equity interest, whenever acquired, into equity in a person it knows to be a covered foreign person.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.210(a)(6)', '', 'limb', '850.210(a)(6)',
 $$transaction_type = 'limited_partner' and knows_fund_likely_invests and fund_investee_is_covered_foreign_person$$,
 'Acquires a limited partner interest in a pooled fund, knowing that the fund likely will invest in a person of a country of concern in the semiconductor, quantum or AI sectors; the person the fund invests in gives the class.', 'outbound');

INSERT INTO provision (ruleset, cite, variant, stage, limb, condition, summary, origin)
SELECT 'NPRM-2024-07-05', 'proposed ' || cite, variant, stage, limb, condition, summary, 'outbound'
FROM provision
WHERE ruleset = 'FINAL-2025-01-02' AND stage = 'limb'
	AND (cite, variant) NOT IN (('850.210(a)(1)', ''), ('850.210(a)(3)', ''), ('850.210(a)(6)', ''));

/* exceptions: limited partners in two alternatives, derivatives of fund securities only, no pay in equity */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, reading, options, origin) VALUES
('NPRM-2024-07-05', 'proposed 850.501(a)(1)(iii)', 'alternative 1', 'exception',
 $$transaction_type = 'limited_partner' and lp_passive
   and (committed_capital_usd * 2 <= fund_assets_usd
        or (not target_is_us_person and not target_is_controlled_foreign_entity and lp_assurance in ('prohibited', 'both')))$$,
 'A passive limited partner: its commitment is at most half of the fund''s assets with all co-investment vehicles, or the fund is neither a U.S. person nor a controlled foreign entity and gives a binding assurance that its capital goes into no prohibited transaction.',
 'NPRM-LP', '{alternative_1}', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.501(a)(1)(iii)', 'alternative 2', 'exception',
 $$transaction_type = 'limited_partner' and committed_capital_usd <= 1000000$$,
 'A limited partner''s committed capital of not more than $1,000,000, aggregated.',
 'NPRM-LP', '{alternative_2}', 'outbound');

INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('NPRM-2024-07-05', 'proposed 850.501(a)(1)(iv)', '', 'exception',
 $$transaction_type = 'derivative' and (registered_fund or business_development_company) and not rights_beyond_standard$$,
 'A derivative of a security issued by an SEC-registered investment company or a business development company.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.501(c)', '', 'exception',
 $$intracompany and supports_only_uncovered_operations and not transaction_type in ('joint_venture', 'asset')$$,
 'Between a U.S. person and its controlled foreign entity, to support its operations; joint ventures and new or converted businesses apart.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.501(d)', '', 'exception',
 $$commitment_binding and commitment_uncalled and commitment_on < date '2023-08-09'$$,
 'Made under a binding, uncalled capital commitment entered into before 2023-08-09.', 'outbound');

INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin)
SELECT 'NPRM-2024-07-05', 'proposed ' || cite, variant, stage, condition, summary, 'outbound'
FROM provision
WHERE ruleset = 'FINAL-2025-01-02' AND stage IN ('exception', 'exemption') AND variant NOT IN ('fungible', 'convertible')
	AND cite NOT IN ('850.501(a)(1)(iii)(A)', '850.501(a)(1)(iii)(B)', '850.501(a)(1)(iv)', '850.501(c)', '850.501(d)', '850.501(f)');

/* class and duties: alike but for recusal */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, condition, summary, reading, options, origin)
SELECT 'NPRM-2024-07-05', 'proposed ' || cite, variant, stage, outcome, condition, summary, reading, options, 'outbound'
FROM provision
WHERE ruleset = 'FINAL-2025-01-02' AND stage = 'class';

INSERT INTO provision (ruleset, cite, variant, stage, obligation, condition, summary, origin) VALUES
('NPRM-2024-07-05', 'proposed 850.303', 'prohibited', 'obligation', 'knowingly_directing',
 $$not investor_is_us_person and not investor_acts_for_us_person and directing_person_is_us_person and directing_authority and directed and directing_knowledge$$,
 'A U.S. person may not knowingly direct a transaction of a non-U.S. person that would be prohibited for a U.S. person.', 'outbound'),
('NPRM-2024-07-05', 'proposed 850.403', 'not_covered', 'obligation', 'post_closing_knowledge',
 $$(investor_is_us_person or investor_acts_for_us_person or investor_is_controlled_foreign_entity) and learned_on >= completion_date
   and (not (knows or directing_knowledge)
        and (transaction_type in ('equity', 'contingent_equity', 'conversion') and target_is_covered_foreign_person
             or transaction_type = 'derivative' and derivative_confers && {equity, equity_rights} and target_is_covered_foreign_person
             or transaction_type = 'debt' and lender_rights && {profits, board_appointment, equity_like} and target_is_covered_foreign_person
             or (transaction_type = 'asset' or (transaction_type = 'derivative' and derivative_confers && {assets})) and asset_in_country_of_concern
                 and asset_result && {establishes_covered_foreign_person, country_of_concern_person_engages}
             or transaction_type = 'joint_venture' and joint_venture_partner_is_person_of_country_of_concern and target_covered_activity)
        or transaction_type = 'limited_partner' and not knows_fund_likely_invests and fund_investee_is_covered_foreign_person)$$,
 'A U.S. person that learns only after completion what would have made the transaction covered, prohibited or notifiable, notifies within 30 days of learning it.', 'outbound');

INSERT INTO provision (ruleset, cite, variant, stage, obligation, condition, summary, origin)
SELECT 'NPRM-2024-07-05', 'proposed ' || cite, variant, stage, obligation, condition, summary, 'outbound'
FROM provision
WHERE ruleset = 'FINAL-2025-01-02' AND stage = 'obligation' AND cite NOT IN ('850.303', '850.403');

/* figures: no floor under the financial tests */
INSERT INTO parameter (ruleset, name, value, unit, cite, origin) VALUES
('NPRM-2024-07-05', 'financial_floor_usd', '0', 'USD', 'proposed 850.209(a)(2)', 'outbound'),
('NPRM-2024-07-05', 'lp_commitment_usd', '1000000', 'USD', 'proposed 850.501(a)(1)(iii), alternative 2', 'outbound');

INSERT INTO parameter (ruleset, name, value, unit, cite, origin)
SELECT 'NPRM-2024-07-05', name, value, unit, 'proposed ' || cite, 'outbound'
FROM parameter
WHERE ruleset = 'FINAL-2025-01-02'
	AND name IN ('financial_share', 'notification_days', 'post_closing_knowledge_days', 'material_change_days',
				 'information_available_days', 'inaccuracy_days', 'retention_years');

INSERT INTO country_of_concern (ruleset, country, name, cite, origin)
SELECT 'NPRM-2024-07-05', country, name, 'proposed ' || cite, 'outbound'
FROM country_of_concern
WHERE ruleset = 'FINAL-2025-01-02';

INSERT INTO list (ruleset, list, title, cite, relevant, test, origin)
SELECT 'NPRM-2024-07-05', list, title, 'proposed ' || cite, relevant, test, 'outbound'
FROM list
WHERE ruleset = 'FINAL-2025-01-02';
