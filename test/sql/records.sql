/*
 * The firm's paper: the checklist of a notification, what was known when, what a violation entails.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SET datestyle = iso;
SET timezone = 'UTC';
SELECT create_relations('records');
SELECT configure('source_schema', 'records');
INSERT INTO records.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register)
SELECT id, 'entity', country, country, country, country, 'closed', 'complete'
FROM (VALUES ('us', 'US-DE'), ('fab', 'CN'), ('packager', 'CN'), ('ai', 'CN'), ('bakery', 'CN')) AS p (id, country);
INSERT INTO records.activity (party_id, facts) VALUES
	('fab', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar"}'),
	('packager', '{"verbs": ["packages"], "object": "integrated_circuit", "advanced_packaging": false}'),
	('ai', '{"verbs": ["develops"], "object": "ai_system", "training_operations": "5e23", "primarily_biological_data": false,
			 "designed_for": [], "designed_exclusively_for": [], "intended_for": []}'),
	('bakery', '{"verbs": ["sells"], "object": "other"}');
INSERT INTO records.deal (deal_id, investor, target, completion_date, amount_usd, facts)
SELECT t, 'us', t, '2026-02-02', 1000000, '{"knowledge": true, "filer_contact": "desk", "consideration": ["cash"]}' FROM unnest('{fab,packager,ai,bakery}'::text[]) t;
INSERT INTO records.deal (deal_id, investor, target, completion_date, amount_usd, facts)
VALUES ('learned', 'us', 'fab', '2026-02-02', NULL, '{"knowledge": false, "reasonable_inquiry": true, "learned_on": "2026-03-03", "learned_fact": "what it makes"}'),
	   ('open', 'us', 'packager', NULL, NULL, '{"knowledge": null}');

/* the items name facts and parts of a verdict that there are */
SELECT item, f FROM notification_item, unnest(facts) f WHERE f NOT IN (SELECT fact FROM fact WHERE kind = 'deal');
SELECT item, v FROM notification_item, unnest(verdict) v
WHERE v NOT IN (SELECT attname FROM pg_attribute WHERE attrelid = 'screening'::regclass);

/* what is given and what is missing, item by item */
SELECT c.item, c.given, c.missing FROM records.deal d, notification_checklist(d) c WHERE deal_id = 'packager';
/* technology nodes of circuits only; what was learned later, where it was, prohibited or not; nothing for the rest */
SELECT deal_id, count(*) AS items, bool_or(c.item = '850.405(b)(12)') AS nodes, bool_or(c.item = '850.405(b)(13)') AS learned
FROM records.deal d, notification_checklist(d) c GROUP BY 1 ORDER BY 1;
SELECT c.given, c.missing FROM records.deal d, notification_checklist(d) c WHERE deal_id = 'learned' AND c.item = '850.405(b)(13)';
/* complete: no explanation is asked for */
SELECT count(*) AS items, count(*) FILTER (WHERE missing <> '{}') AS incomplete
FROM notification_checklist((SELECT jsonb_object_agg(f, CASE f WHEN 'investor' THEN '"us"' WHEN 'target' THEN '"ai"' WHEN 'transaction_type' THEN '"equity"' WHEN 'completion_date' THEN '"2026-02-02"'
	WHEN 'learned_on' THEN NULL WHEN 'amount_usd' THEN '1' WHEN 'consideration' THEN '["cash"]' ELSE '"stated"' END::jsonb) || '{"knowledge": true}'
	FROM notification_item, unnest(facts) f));
SELECT count(*) FROM notification_checklist('{"investor": "us", "target": "ai", "knowledge": true}'::text);
SELECT count(*) FROM notification_checklist(NULL::jsonb);
SELECT notification_checklist('{"investr": "us"}'::jsonb);

/* a row as a document, and the same verdict */
SELECT deal_document(d) FROM records.deal d WHERE deal_id IN ('learned', 'open') ORDER BY deal_id;
SELECT count(*), bool_and(screen(d) IS NOT DISTINCT FROM screen(deal_document(d))) FROM records.deal d;

/* what was known: recorded by then, and true of that day */
INSERT INTO records.diligence (deal_id, factor, finding, valid, source, recorded) VALUES
	('packager', 'inquiry', 'no answer yet', '[2026-01-01,2026-01-15)', 'call', '2026-01-05 09:00'),
	('packager', 'inquiry', 'packages without through-silicon vias', '[2026-01-15,)', 'letter', '2026-01-15 18:00'),
	('packager', 'databases', 'no hit', NULL, 'vendor', '2026-02-02 23:59:59'),
	('packager', 'warning_signs', 'a customer in the armed forces', NULL, 'press', '2026-02-03 00:00'),
	('fab', 'inquiry', 'another deal', NULL, 'letter', '2026-01-01');
SELECT factor, finding, source, recorded FROM known_at('packager') WHERE finding IS NOT NULL;
SELECT factor, finding FROM known_at('packager', '2026-01-10') WHERE finding IS NOT NULL;
SELECT factor, finding FROM known_at('packager', '2026-02-03') WHERE finding IS NOT NULL;
SELECT cite, count(*) AS factors, count(finding) AS found FROM known_at('packager') GROUP BY 1 ORDER BY 1;
SELECT count(*) AS factors, count(finding) AS found FROM known_at('no such deal');
/* kept as it was written */
UPDATE records.diligence SET finding = 'nothing';
DELETE FROM records.diligence;
TRUNCATE records.diligence;
/* a schema without it says so */
ALTER TABLE records.diligence RENAME TO elsewhere;

\set SHOW_CONTEXT never
DO $$ BEGIN PERFORM known_at('packager'); EXCEPTION WHEN SQLSTATE 'OB010' THEN RAISE WARNING '% %', SQLSTATE, SQLERRM; END $$;
\set VERBOSITY default
SELECT create_relations('records', relations => '{diligence}');
SELECT count(finding) FROM known_at('packager');

/* the other ids */
SELECT create_relations('records_bigint', 'bigint', '{deal,diligence}');
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'records_bigint.diligence'::regclass AND attname = 'deal_id';

/* subparts F and G */
SELECT kind, string_agg(cite || CASE variant WHEN '' THEN '' ELSE ' ' || variant END, ', ' ORDER BY cite, variant) FROM enforcement_rule GROUP BY 1 ORDER BY 1;

SELECT configure('source_schema', NULL);
DROP SCHEMA records CASCADE;
DROP SCHEMA records_bigint CASCADE;
