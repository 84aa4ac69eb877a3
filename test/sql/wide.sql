/*
 * Levels of more parties than one query asks about: a holding with nine thousand subsidiaries, all of which hold one
 * party, down from the holding and up from that party.
 */
SET search_path = outbound, pg_catalog;
SET client_min_messages = warning;
SELECT create_relations('wide'), configure('source_schema', 'wide');
INSERT INTO wide.party (party_id, kind, organized_under, register) VALUES ('top', 'entity', 'US', 'closed'), ('below', 'entity', 'DE', 'closed');
INSERT INTO wide.party (party_id, kind, organized_under, register)
SELECT md5(i::text), 'entity', CASE WHEN i % 9 = 0 THEN 'CN' ELSE 'DE' END, 'closed' FROM generate_series(1, 9000) i;
INSERT INTO wide.interest (holder_id, held_id, kind, share)
SELECT 'top', party_id, 'voting', CASE WHEN organized_under = 'CN' THEN '50%' ELSE '51%' END::share FROM wide.party WHERE party_id NOT IN ('top', 'below')
UNION ALL SELECT party_id, 'below', 'voting', share_of(1, 9000) FROM wide.party WHERE party_id NOT IN ('top', 'below');
SELECT count(*), count(*) FILTER (WHERE party_id = 'below') AS below FROM subsidiaries('top');
SELECT party_id FROM parents('below');
SELECT count(*), max(voting) FROM holders('below', '31 CFR 850.206');
SELECT count(*) FROM holdings('top', '31 CFR 850.206');
SELECT configure('source_schema', NULL);
DROP SCHEMA wide CASCADE;
