/*
 * Alternatives that the proposal left open, as readings of it: a firm may choose, and a
 * ruleset based on the proposal fixes one of them.  Known from what was written about the
 * proposal, not from its text.
 */

INSERT INTO reading (reading, question, options, default_option, cite, tested, origin) VALUES
('NPRM-LP', 'Which exception for limited partners: passive, with at most half of the fund''s assets or a binding assurance (alternative_1), or at most $1,000,000 committed (alternative_2)?',
 '{alternative_1,alternative_2}', 'alternative_1', 'proposed 850.501(a)(1)(iii)', true, 'outbound'),
('NPRM-AI', 'Above how many training operations is an AI system prohibited: 10^24, 10^25 or 10^26?',
 '{1e24,1e25,1e26}', '1e24', 'proposed 850.224(k)', true, 'outbound'),
('NPRM-AI-BIO', 'Above how many training operations is an AI system trained with primarily biological sequence data prohibited: 10^23 or 10^24?',
 '{biological_1e23,biological_1e24}', 'biological_1e23', 'proposed 850.224(k)', true, 'outbound'),
('NPRM-AI-NOTIFIABLE', 'Above how many training operations is an AI system notifiable: 10^23, 10^24 or 10^25?',
 '{notifiable_1e23,notifiable_1e24,notifiable_1e25}', 'notifiable_1e23', 'proposed 850.217(d)', true, 'outbound');

INSERT INTO ruleset (ruleset, title, cite, status, base, choices, summary, origin) VALUES
('NPRM', 'Proposed rule', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{}',
 'The proposed rule of 2024-07-05 under the alternatives that the firm has chosen.', 'outbound'),
('NPRM alt 1', 'Proposed rule, limited partners, alternative 1', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-LP": "alternative_1"}',
 'The proposed rule, excepting passive limited partners with at most half of the fund or an assurance.', 'outbound'),
('NPRM alt 2', 'Proposed rule, limited partners, alternative 2', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-LP": "alternative_2"}',
 'The proposed rule, excepting limited partners with at most $1,000,000 committed.', 'outbound'),
('NPRM option 1e24', 'Proposed rule, AI prohibited above 10^24', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI": "1e24"}',
 'The proposed rule, with AI systems prohibited above 10^24 training operations.', 'outbound'),
('NPRM option 1e25', 'Proposed rule, AI prohibited above 10^25', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI": "1e25"}',
 'The proposed rule, with AI systems prohibited above 10^25 training operations.', 'outbound'),
('NPRM option 1e26', 'Proposed rule, AI prohibited above 10^26', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI": "1e26"}',
 'The proposed rule, with AI systems prohibited above 10^26 training operations.', 'outbound'),
('NPRM biological 1e23', 'Proposed rule, AI on biological data prohibited above 10^23', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI-BIO": "biological_1e23"}',
 'The proposed rule, with AI systems on biological sequence data prohibited above 10^23 training operations.', 'outbound'),
('NPRM biological 1e24', 'Proposed rule, AI on biological data prohibited above 10^24', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI-BIO": "biological_1e24"}',
 'The proposed rule, with AI systems on biological sequence data prohibited above 10^24 training operations.', 'outbound'),
('NPRM notifiable 1e23', 'Proposed rule, AI notifiable above 10^23', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI-NOTIFIABLE": "notifiable_1e23"}',
 'The proposed rule, with AI systems notifiable above 10^23 training operations.', 'outbound'),
('NPRM notifiable 1e24', 'Proposed rule, AI notifiable above 10^24', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI-NOTIFIABLE": "notifiable_1e24"}',
 'The proposed rule, with AI systems notifiable above 10^24 training operations.', 'outbound'),
('NPRM notifiable 1e25', 'Proposed rule, AI notifiable above 10^25', '89 FR 55846', 'proposal', 'NPRM-2024-07-05', '{"NPRM-AI-NOTIFIABLE": "notifiable_1e25"}',
 'The proposed rule, with AI systems notifiable above 10^25 training operations.', 'outbound'),
('COINS', 'COINS Act', '50 U.S.C. 4581-4589', 'future', 'COINS-2025-12-18', '{}',
 'The COINS Act of 2025-12-18, as far as it says enough to apply without regulations.', 'outbound');

/*
 * The order and the advance notice put no duty on anybody: every deal is outside them.
 * The order names the countries.
 */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('EO-2023-08-09', 'EO 14105', '', 'scope', 'true',
 'The order directs that rules be written; by itself it neither prohibits a transaction nor calls for a notification.', 'outbound'),
('ANPRM-2023-08-14', '88 FR 54961', '', 'scope', 'true',
 'Concepts and questions for comment: no rule text, no thresholds, no duty.', 'outbound');

INSERT INTO country_of_concern (ruleset, country, name, cite, origin)
SELECT v.ruleset, c.country, c.name, 'EO 14105, Annex', 'outbound'
FROM country_of_concern AS c,
	(VALUES ('EO-2023-08-09'), ('ANPRM-2023-08-14')) AS v (ruleset)
WHERE c.ruleset = 'FINAL-2025-01-02';
