/*
 * What a notification says of a deal beside the facts that decide on it (850.405(b)).  No
 * rule asks about these: silence changes no verdict, and the checklist names what is
 * still to be written.
 */

INSERT INTO fact (fact, kind, type, allowed, question, cite, when_absent, origin) VALUES
('filer_contact', 'deal', 'text', NULL, 'Who answers for the filing: name, title, e-mail, telephone, address?', '850.405(b)(1)', 'not_claimed', 'outbound'),
('us_person_details', 'deal', 'text', NULL, 'What are the U.S. person''s principal place of business, place of organization, address and web site?', '850.405(b)(2)', 'not_claimed', 'outbound'),
('us_person_ultimate_owner', 'deal', 'text', NULL, 'Who ultimately owns the U.S. person?', '850.405(b)(2)', 'not_claimed', 'outbound'),
('us_person_chart', 'deal', 'text', NULL, 'Where is the chart of the U.S. person''s organization after the transaction, with parents, controlled foreign entities and the covered foreign person?', '850.405(b)(3)', 'not_claimed', 'outbound'),
('commercial_rationale', 'deal', 'text', NULL, 'What is the commercial rationale of the transaction?', '850.405(b)(4)', 'not_claimed', 'outbound'),
('transaction_description', 'deal', 'text', NULL, 'What are the nature and the structure of the transaction?', '850.405(b)(5)', 'not_claimed', 'outbound'),
('transaction_status', 'deal', 'text', NULL, 'What is the status of the transaction?', '850.405(b)(6)', 'not_claimed', 'outbound'),
('value_basis', 'deal', 'text', NULL, 'How was the total value determined?', '850.405(b)(7)', 'not_claimed', 'outbound'),
('consideration', 'deal', 'set', '{cash,securities,other_assets,debt_forgiveness}', 'What is given for it: cash, securities, other assets, forgiveness of debt?', '850.405(b)(7)', 'not_claimed', 'outbound'),
('holdings_after', 'deal', 'text', NULL, 'What equity, votes and board seats will the U.S. person and its affiliates hold together?', '850.405(b)(8)', 'not_claimed', 'outbound'),
('future_investment', 'deal', 'text', NULL, 'Which commitments or options for future investment are there?', '850.405(b)(8)', 'not_claimed', 'outbound'),
('foreign_person_details', 'deal', 'text', NULL, 'What are the covered foreign person''s place of organization, principal place of business, address and web site?', '850.405(b)(9)', 'not_claimed', 'outbound'),
('foreign_person_ultimate_owner', 'deal', 'text', NULL, 'Who ultimately owns the covered foreign person?', '850.405(b)(9)', 'not_claimed', 'outbound'),
('foreign_person_management', 'deal', 'text', NULL, 'Who are its officers, directors and senior managers?', '850.405(b)(9)', 'not_claimed', 'outbound'),
('foreign_person_chart', 'deal', 'text', NULL, 'Where is the chart of its organization after the transaction?', '850.405(b)(9)', 'not_claimed', 'outbound'),
('end_uses', 'deal', 'text', NULL, 'Which end uses and end users of the covered activity are known?', '850.405(b)(10)', 'not_claimed', 'outbound'),
('foreign_person_attributes', 'deal', 'text', NULL, 'What makes it a covered foreign person?', '850.405(b)(11)', 'not_claimed', 'outbound'),
('technology_nodes', 'deal', 'text', NULL, 'At which technology nodes are the integrated circuits made?', '850.405(b)(12)', 'not_claimed', 'outbound'),
('learned_fact', 'deal', 'text', NULL, 'Which fact was learned after completion?', '850.405(b)(13)', 'not_claimed', 'outbound'),
('why_not_known_before', 'deal', 'text', NULL, 'Why was it not known before?', '850.405(b)(13)', 'not_claimed', 'outbound'),
('prior_diligence', 'deal', 'text', NULL, 'Which diligence was done before the transaction?', '850.405(b)(13)', 'not_claimed', 'outbound'),
('missing_items_explanation', 'deal', 'text', NULL, 'For each item that is missing: why, and what was done to get it?', '850.405(b)', 'not_claimed', 'outbound');
