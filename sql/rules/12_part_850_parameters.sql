/* The figures the program counts with outside conditions: days, years, shares, money. */

INSERT INTO parameter (ruleset, name, value, unit, cite, origin) VALUES
('FINAL-2025-01-02', 'effective_date', '2025-01-02', 'date', '850.204', 'outbound'),
('FINAL-2025-01-02', 'financial_share', '1/2', 'more than this share', '850.209(a)(2)', 'outbound'),
('FINAL-2025-01-02', 'financial_floor_usd', '50000', 'USD', '850.209(a)(2)', 'outbound'),
('FINAL-2025-01-02', 'lp_commitment_usd', '2000000', 'USD', '850.501(a)(1)(iii)(A)', 'outbound'),
('FINAL-2025-01-02', 'notification_days', '30', 'calendar days from completion', '850.404(c)', 'outbound'),
('FINAL-2025-01-02', 'post_closing_knowledge_days', '30', 'calendar days from the knowledge', '850.403', 'outbound'),
('FINAL-2025-01-02', 'material_change_days', '30', 'calendar days from completion', '850.404(d)', 'outbound'),
('FINAL-2025-01-02', 'information_available_days', '30', 'calendar days from availability', '850.404(e)', 'outbound'),
('FINAL-2025-01-02', 'inaccuracy_days', '30', 'calendar days from learning it', '850.406', 'outbound'),
('FINAL-2025-01-02', 'retention_years', '10', 'years from filing', '850.405(c)', 'outbound'),
('FINAL-2025-01-02', 'civil_penalty_multiple', '2', 'times the transaction amount', '850.701(a)(1)', 'outbound'),
('FINAL-2025-01-02', 'civil_penalty_statutory_usd', '250000', 'USD, before inflation', '850.701(a)(1)', 'outbound'),
('FINAL-2025-01-02', 'criminal_fine_usd', '1000000', 'USD', '850.701(a)(2)', 'outbound'),
('FINAL-2025-01-02', 'criminal_years', '20', 'years, for an individual', '850.701(a)(2)', 'outbound'),
('FINAL-2025-01-02', 'false_statement_years', '5', 'years', '18 U.S.C. 1001', 'outbound');
