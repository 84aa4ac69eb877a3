/* Countries of concern and the lists of 850.224(m). */

/* the PRC with its Special Administrative Regions, under both of their codes; Taiwan (TW, CN-TW) is not included */
INSERT INTO country_of_concern (ruleset, country, name, cite, origin) VALUES
('FINAL-2025-01-02', 'CN', 'People''s Republic of China', '850.207', 'outbound'),
('FINAL-2025-01-02', 'HK', 'Special Administrative Region of Hong Kong', '850.207', 'outbound'),
('FINAL-2025-01-02', 'MO', 'Special Administrative Region of Macau', '850.207', 'outbound'),
('FINAL-2025-01-02', 'CN-HK', 'Special Administrative Region of Hong Kong', '850.207', 'outbound'),
('FINAL-2025-01-02', 'CN-MO', 'Special Administrative Region of Macau', '850.207', 'outbound');

/* only the SDN List reaches entities its members own; "included on" the others means named there (A-26) */
INSERT INTO list (ruleset, list, title, cite, relevant, test, origin) VALUES
('FINAL-2025-01-02', 'EL', 'BIS Entity List, 15 CFR 744 supp. 4', '850.224(m)(1)', true, NULL, 'outbound'),
('FINAL-2025-01-02', 'MEU', 'BIS Military End-User List, 15 CFR 744 supp. 7', '850.224(m)(2)', true, NULL, 'outbound'),
('FINAL-2025-01-02', 'MIEU', 'Military intelligence end-users, 15 CFR 744.22(f)(2)', '850.224(m)(3)', true, NULL, 'outbound'),
('FINAL-2025-01-02', 'SDN', 'OFAC Specially Designated Nationals and Blocked Persons List', '850.224(m)(4)', true, '31 CFR 850.224(m)(4)', 'outbound'),
('FINAL-2025-01-02', 'NS-CMIC', 'OFAC Non-SDN Chinese Military-Industrial Complex Companies List', '850.224(m)(5)', true, NULL, 'outbound'),
('FINAL-2025-01-02', 'FTO', 'Foreign terrorist organizations designated under 8 U.S.C. 1189', '850.224(m)(6)', true, NULL, 'outbound');
