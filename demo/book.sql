/*
 * An invented firm, Tern Capital, and its invented deals.  Every company here is made up, and so is every deal; the real
 * companies of the registers appear with what their registers say, and with nothing else that would not be found at their
 * registered address.  Holders who would be people are called holder A, holder B.
 */
\set ON_ERROR_STOP on
SET search_path = screening, outbound, public;
BEGIN;

-- Ours: a Delaware fund, its general partner and adviser, and what it controls abroad
INSERT INTO party (party_id, name, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, source) VALUES
	('tern-adviser',	'Tern Management LLC',					'entity',		'US-DE', 'US-NY', 'US-NY', 'US', 'closed', 'complete', 'Tern legal'),
	('tern-gp',			'Tern Partners GP LLC',					'entity',		'US-DE', 'US-NY', 'US-NY', 'US', 'closed', 'complete', 'Tern legal'),
	('tern-fund',		'Tern Fund II LP',						'pooled_fund',	'US-DE', 'US-NY', 'US-NY', 'US', 'closed', 'complete', 'Tern legal'),
	('tern-offshore',	'Tern Offshore Feeder LP',				'pooled_fund',	'KY', 'US-NY', 'US-NY', 'KY', 'closed', 'complete', 'Tern legal'),
	('tern-asia',		'Tern Asia Holdings Pte Ltd',			'entity',		'SG', 'SG', 'SG', 'SG', 'closed', 'complete', 'Tern legal'),
	('tern-korea',		'Tern Plover Ventures Co Ltd',			'entity',		'KR', 'KR', 'KR', 'KR', 'complete', 'complete', 'Tern legal'),
	('plover',			'Plover Partners Co Ltd',				'entity',		'KR', 'KR', 'KR', 'KR', 'closed', 'complete', 'Tern legal'),
	('sandpiper',		'Sandpiper Holdings Pte Ltd',			'entity',		'SG', 'SG', 'SG', 'SG', 'closed', 'complete', 'Tern legal');
INSERT INTO interest (holder_id, held_id, kind, share, source) VALUES
	('tern-gp',		'tern-fund',	'general_partner',		NULL,	'Tern legal'),
	('tern-adviser','tern-fund',	'investment_adviser',	NULL,	'Tern legal'),
	('tern-gp',		'tern-offshore','general_partner',		NULL,	'Tern legal'),
	-- 51% makes Tern Asia a subsidiary, so all of its 41% counts: 41 + 10 = 51 (850.206(b)), where 0.51 x 41 + 10 would not do
	('tern-fund',	'tern-asia',	'voting',				'51%',	'Tern legal'),
	('sandpiper',	'tern-asia',	'voting',				'49%',	'Tern legal'),
	('tern-asia',	'tern-korea',	'voting',				'41%',	'Tern legal'),
	('tern-fund',	'tern-korea',	'voting',				'10%',	'Tern legal'),
	('plover',		'tern-korea',	'voting',				'49%',	'Tern legal');

-- Those we may invest in
INSERT INTO party (party_id, name, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, source) VALUES
	('cormorant',	'Cormorant Foundry Co Ltd',			'entity',	NULL, NULL, 'CN', 'CN', 'CN', 'CN', 'closed', 'complete', 'diligence'),
	('kingfisher',	'Kingfisher Advanced Foundry Co Ltd','entity',	NULL, NULL, 'CN', 'CN', 'CN', 'CN', 'closed', 'complete', 'diligence'),
	('heron-op',	'Heron Intelligence Co Ltd',		'entity',	NULL, NULL, 'CN', 'CN', 'CN', 'CN', 'closed', 'complete', 'diligence'),
	('heron',		'Heron Holdings Ltd',				'entity',	NULL, NULL, 'KY', 'SG', 'SG', 'SG', 'closed', 'complete', 'diligence'),
	('bittern',		'Bittern Models Co Ltd',			'entity',	NULL, NULL, 'CN', 'CN', 'CN', 'CN', 'closed', 'complete', 'diligence'),
	('egret',		'Egret AI Co Ltd',					'entity',	NULL, NULL, 'HK', 'CN', 'CN', 'HK', 'closed', 'complete', 'diligence'),
	('shrike',		'Shrike Packaging Co Ltd',			'entity',	NULL, NULL, 'CN', 'CN', 'CN', 'CN', 'closed', 'complete', 'diligence'),
	('wagtail',		'Wagtail Foods Co Ltd',				'entity',	NULL, NULL, 'CN', 'CN', 'CN', 'CN', 'closed', 'complete', 'diligence'),
	('dunlin',		'Dunlin Devices Ltd',				'entity',	NULL, NULL, 'VG', 'MY', 'MY', 'MY', 'open', 'complete', 'diligence'),
	('osprey',		'Osprey Asia Fund LP',				'pooled_fund', NULL, NULL, 'KY', 'SG', 'SG', 'SG', 'closed', 'complete', 'diligence'),
	('holder-a',	'holder A',							'individual', '{CN}', '{}', NULL, NULL, NULL, 'CN', NULL, 'complete', 'diligence'),
	('holder-b',	'holder B',							'individual', '{SG}', '{}', NULL, NULL, NULL, 'SG', NULL, 'complete', 'diligence');
INSERT INTO interest (holder_id, held_id, kind, share, source) VALUES
	-- the offshore holding company directs the operating company by contract, without a share in it
	('heron',		'heron-op',		'direction',NULL,	'diligence'),
	('holder-a',	'heron-op',		'equity',	'100%',	'diligence'),
	('holder-a',	'heron-op',		'voting',	'100%',	'diligence'),
	('holder-b',	'heron',		'equity',	'60%',	'diligence'),
	('holder-b',	'heron',		'voting',	'60%',	'diligence'),
	('holder-b',	'heron',		'board',	'60%',	'diligence'),
	('holder-a',	'dunlin',		'equity',	'30%',	'diligence'),
	('holder-a',	'dunlin',		'voting',	'30%',	'diligence');
INSERT INTO financial (holder_id, from_id, metric, amount_usd, basis, year, source) VALUES
	('heron', NULL,			'revenue', 310000000, 'audited', 2025, 'annual report'),
	('heron', 'heron-op',	'revenue', 285000000, 'audited', 2025, 'annual report');
INSERT INTO listing (party_id, list, reference, source) VALUES
	('shrike', 'EL', 'supplement 4 to part 744', 'Entity List');
INSERT INTO activity (party_id, facts, source) VALUES
	('cormorant', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "planar", "node_nm": 28, "fdsoi": false, "gallium_compound": false, "graphene_or_nanotube": false, "operating_temperature_k": 233}', 'diligence'),
	('kingfisher', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar", "node_nm": 14}', 'diligence'),
	('heron-op', '{"verbs": ["develops"], "object": "ai_system", "training_operations": 3e24, "primarily_biological_data": false, "designed_for": ["other"], "designed_exclusively_for": [], "intended_for": ["other"]}', 'diligence'),
	('bittern', '{"verbs": ["develops"], "object": "ai_system", "training_operations": null, "primarily_biological_data": false, "designed_for": ["other"], "designed_exclusively_for": [], "intended_for": ["other"]}', 'diligence'),
	('egret', '{"verbs": ["develops"], "object": "ai_system", "training_operations": 4e25, "primarily_biological_data": false, "designed_for": ["other"], "designed_exclusively_for": [], "intended_for": ["other"]}', 'prospectus'),
	('shrike', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}', 'diligence'),
	('wagtail', '{"verbs": ["sells"], "object": "other"}', 'diligence'),
	('dunlin', '{"verbs": ["designs"], "object": "integrated_circuit", "total_processing_performance": 90, "performance_density": 1.2, "operating_temperature_k": 233}', 'diligence');

-- What we found out about the companies of D09 and D10: where their registered offices are, and that a listed group owns the one above D09
UPDATE party SET principal_place_of_business = 'GB', headquarters = 'GB', located_in = 'GB'
WHERE name IN ('ENQUEST UKCS LIMITED', 'ENQUEST HEATHER LIMITED', 'ENQUEST BRITAIN LIMITED', 'HORNSEA 1 LIMITED');
UPDATE party SET register = 'closed' WHERE name IN ('ENQUEST HEATHER LIMITED', 'ENQUEST BRITAIN LIMITED');

-- The book
INSERT INTO deal (deal_id, investor, target, transaction_type, signed_on, completion_date, amount_usd, facts, source) VALUES
	('D01', 'tern-fund',	'cormorant',	'equity',			'2026-01-12', '2026-02-02', 25000000, '{}', 'deal team'),
	('D02', 'tern-fund',	'kingfisher',	'contingent_equity','2026-01-20', '2026-03-02', 40000000, '{}', 'deal team'),
	('D03', 'tern-fund',	'heron',		'equity',			'2026-02-03', '2026-03-16', 60000000, '{}', 'deal team'),
	('D04', 'tern-fund',	'bittern',		'equity',			'2026-02-10', '2026-03-30', 15000000, '{}', 'deal team'),
	('D05', 'tern-fund',	'shrike',		'equity',			'2026-02-17', '2026-04-01', 8000000, '{}', 'deal team'),
	('D06', 'tern-korea',	'cormorant',	'equity',			'2026-02-24', '2026-04-13', 12000000, '{}', 'deal team'),
	('D07', 'tern-fund',	'wagtail',		'equity',			'2026-03-03', '2026-04-20', 5000000, '{}', 'deal team'),
	('D08', 'tern-fund',	'dunlin',		'equity',			'2026-03-10', '2026-05-04', 9000000, '{}', 'deal team'),
	('D09', 'tern-fund',	(SELECT party_id FROM party WHERE name = 'ENQUEST UKCS LIMITED'),
											'equity',			'2026-03-17', '2026-05-18', 30000000, '{}', 'deal team'),
	('D10', 'tern-fund',	(SELECT party_id FROM party WHERE name = 'HORNSEA 1 LIMITED' AND source LIKE 'Companies House%'),
											'equity',			'2026-03-24', '2026-06-01', 75000000, '{}', 'deal team'),
	('D11', 'tern-fund',	'osprey',		'limited_partner',	'2026-04-07', '2026-06-15', 1500000,
		'{"fund_likely_invests": true, "fund_investee": "cormorant", "committed_capital_usd": 1500000, "rights_beyond_standard": false}', 'deal team'),
	('D12', 'tern-fund',	'egret',		'equity',			'2026-04-14', '2026-06-22', 3000000,
		'{"publicly_traded": true, "rights_beyond_standard": false}', 'deal team'),
	('D13', 'tern-asia',	'cormorant',	'equity',			'2024-11-04', '2024-12-20', 18000000, '{}', 'deal team');
COMMIT;
ANALYZE;
