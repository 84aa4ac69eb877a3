/*
 * The inflation-adjusted civil maximum under IEEPA, by the year of assessment.  No
 * adjustment was made for 2026 (OMB M-26-11); the amount of 2025 stays until one is.
 */
INSERT INTO penalty_amount (in_force, amount_usd, cite, origin) VALUES
('[2022-01-01,2023-01-01)', 330947, 'OFAC table of IEEPA penalties, 2022', 'outbound'),
('[2023-01-01,2024-01-01)', 356579, 'OFAC table of IEEPA penalties, 2023', 'outbound'),
('[2024-01-01,2025-01-01)', 368136, '850.701(a)(1); OFAC table of IEEPA penalties, 2024', 'outbound'),
('[2025-01-01,2026-01-01)', 377700, '850.701(a)(1); 90 FR 8429', 'outbound'),
('[2026-01-01,)', 377700, '850.701(a)(1); 90 FR 8429; OMB M-26-11 of 2026-04-17', 'outbound');
