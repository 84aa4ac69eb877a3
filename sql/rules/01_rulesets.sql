/* The instruments, oldest first.  Only a ruleset of status 'law' is in force on any day. */

INSERT INTO ruleset (ruleset, title, cite, status, in_force, summary, origin) VALUES
('EO-2023-08-09', 'Executive Order 14105', '88 FR 54867', 'history', 'empty',
 'Authority for the program, signed 2023-08-09; its Annex names the one country of concern: the PRC with the Hong Kong and Macau SARs. No duties of its own.', 'outbound'),
('ANPRM-2023-08-14', 'Advance notice of proposed rulemaking', '88 FR 54961', 'history', 'empty',
 'Concepts and questions published on 2023-08-14. Never law.', 'outbound'),
('NPRM-2024-07-05', 'Notice of proposed rulemaking', '89 FR 55846', 'proposal', 'empty',
 'Draft rule text published on 2024-07-05, with alternatives for the compute thresholds and the limited partner exception. Never law; for reference.', 'outbound'),
('FINAL-2025-01-02', '31 CFR Part 850, final rule', '89 FR 90398', 'law', '[2025-01-02,)',
 'Published on 2024-11-15, effective 2025-01-02: applies to every transaction whose completion date is on or after that day.', 'outbound'),
('COINS-2025-12-18', 'Comprehensive Outbound Investment National Security Act of 2025', '50 U.S.C. 4581-4589', 'future', 'empty',
 'Enacted 2025-12-18. Its duties come only with new regulations, due within 450 days; 31 CFR Part 850 stays in force meanwhile.', 'outbound');
