-- The contract: create_relations, configure, configuration, input_issues, and what a reader finds.
SET client_min_messages = warning;
\set VERBOSITY terse

-- until a schema is chosen, everything that needs it says so
\set VERBOSITY default
SELECT * FROM outbound.input_issues;
\set VERBOSITY terse

-- made as ordinary tables of the caller
CREATE ROLE regress_relations_owner;
GRANT CREATE ON DATABASE :"DBNAME" TO regress_relations_owner;
SET ROLE regress_relations_owner;
SELECT outbound.create_relations('regress_screening');
RESET ROLE;
SELECT c.relname, c.relkind, pg_get_userbyid(c.relowner) AS owner,
	   (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
	   obj_description(c.oid, 'pg_class') IS NOT NULL
	   AND NOT EXISTS (SELECT FROM pg_attribute a
					   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
						 AND col_description(c.oid, a.attnum) IS NULL) AS commented,
	   EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') AS member
FROM pg_class c
WHERE c.relnamespace = 'regress_screening'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname COLLATE "C";

-- a second time, nothing is made and nothing half made
CREATE SCHEMA regress_half;
CREATE TABLE regress_half.determination (x int);
SELECT outbound.create_relations('regress_half');
SELECT relname FROM pg_class WHERE relnamespace = 'regress_half'::regnamespace;
SELECT outbound.create_relations('regress_half', relations => '{deal_override}');
SELECT relname FROM pg_class WHERE relnamespace = 'regress_half'::regnamespace AND relkind = 'r' ORDER BY 1;
SELECT outbound.create_relations('regress_screening');
SELECT outbound.create_relations(NULL);
SELECT outbound.create_relations('regress_x', 'integer');
SELECT outbound.create_relations('regress_x', relations => '{partie}');
SELECT count(*) FROM pg_namespace WHERE nspname = 'regress_x';
DROP SCHEMA regress_half CASCADE;

-- odd names
SELECT outbound.create_relations('Regress "Odd" %s'), outbound.configure('source_schema', 'Regress "Odd" %s');
SELECT count(*) FROM outbound.input_issues;
DROP SCHEMA "Regress ""Odd"" %s" CASCADE;
SELECT * FROM outbound.input_issues;

-- configure
\set VERBOSITY default
SELECT outbound.configure('source_schema', 'regress_nowhere');
SELECT outbound.configure('source_shema', 'regress_screening');
SELECT outbound.configure('undetermined', 'blok');
SELECT outbound.configure('ruleset', 'FINAL-2025-01-0');
SELECT outbound.configure('A-01', 'strict_prodct');
SELECT outbound.configure(NULL, 'x');
\set VERBOSITY terse
SELECT outbound.configure('source_schema', 'regress_screening'), outbound.configure('undetermined', 'warn'),
	   outbound.configure('A-01', 'strict_product');
SELECT name, value, default_value, allowed, set_by IS NOT NULL AS chosen
FROM outbound.configuration() WHERE name IN ('source_schema', 'undetermined', 'register_default', 'A-01', 'A-02')
ORDER BY name COLLATE "C";
SELECT outbound.configure('undetermined', NULL), outbound.configure('A-01', NULL);
SELECT name, value, set_by IS NOT NULL AS chosen
FROM outbound.configuration() WHERE name IN ('undetermined', 'A-01') ORDER BY name COLLATE "C";

-- an ordinary role reads the settings and writes none
CREATE ROLE regress_relations_reader;
SET ROLE regress_relations_reader;
SELECT value FROM outbound.configuration() WHERE name = 'source_schema';
SELECT outbound.configure('undetermined', 'allow');
SELECT outbound.configure('A-01', 'strict_product');
\set VERBOSITY sqlstate
SELECT * FROM outbound.input_issues;
\set VERBOSITY terse
RESET ROLE;

-- one owner
ALTER TABLE regress_screening.listing OWNER TO CURRENT_USER;
\set VERBOSITY default
SELECT outbound.configure('source_schema', 'regress_screening');
\set VERBOSITY terse
ALTER TABLE regress_screening.listing OWNER TO regress_relations_owner;

-- dirty data comes in and is counted
INSERT INTO regress_screening.party (party_id, kind, organized_under, register, citizenship) VALUES
	('cn', 'entity', 'CN', NULL, NULL), ('us', 'entity', 'US-DE', 'complete', NULL),
	('t', 'entity', 'XX', 'opne', NULL), ('i', 'individual', NULL, NULL, '{US,hk,Atlantis}'),
	('a', 'company', NULL, NULL, NULL), ('b', 'entity', NULL, NULL, NULL), ('c', 'entity', NULL, NULL, NULL);
INSERT INTO regress_screening.interest (holder_id, held_id, kind, share, valid, source) VALUES
	('cn', 't', 'voting', '60%', DEFAULT, 'a'), ('us', 't', 'voting', '25%', DEFAULT, 'a'),
	('us', 't', 'voting', '25%', DEFAULT, 'a'), ('cn', 't', 'voting', '61%', DEFAULT, 'b'),
	('t', 't', 'equity', '5%', DEFAULT, NULL), ('nobody', 't', 'votes', NULL, DEFAULT, NULL),
	('cn', 'us', 'equity', '1/3', NULL, NULL), ('us', 'i', 'equity', NULL, DEFAULT, NULL),
	('a', 'b', 'equity', '10%', DEFAULT, NULL), ('b', 'c', 'voting', '10%', DEFAULT, NULL),
	('c', 'a', 'general_partner', NULL, DEFAULT, NULL),
	('cn', 'a', 'profits', '200%', '[2000-01-01,2001-01-01)', NULL);
INSERT INTO regress_screening.interest (holder_id, held_id, kind, share, valid) VALUES
	('cn', 'c', 'board', '200%', 'empty');
INSERT INTO regress_screening.activity (party_id) VALUES ('gone');
INSERT INTO regress_screening.listing (party_id, list) VALUES ('cn', 'NOT A LIST'), ('cn', 'EL');
INSERT INTO regress_screening.financial (holder_id, from_id, metric, amount_usd, basis) VALUES
	('cn', NULL, 'revenue', -5, 'guess'), ('cn', 't', 'net_income', -5, 'audited'), ('cn', 'gone', 'turnover', NULL, NULL);
INSERT INTO regress_screening.deal (deal_id, investor, target) VALUES ('d', 'us', 'gone');
SELECT * FROM outbound.input_issues
ORDER BY issue COLLATE "C", relation COLLATE "C", party_id COLLATE "C", kind COLLATE "C", detail COLLATE "C";
SELECT issue, party_id, kind FROM outbound.input_issues('2000-06-01') WHERE issue = 'sum_above_100' ORDER BY kind COLLATE "C";

-- the firm's views, in other types; optional columns are absent
CREATE SCHEMA regress_views;
CREATE VIEW regress_views.party AS SELECT 1::bigint AS party_id, 'entity'::varchar AS kind;
CREATE VIEW regress_views.interest AS SELECT 1::bigint AS holder_id, 2::bigint AS held_id, 'voting'::name AS kind;
CREATE VIEW regress_views.activity AS SELECT 1::bigint AS party_id WHERE false;
CREATE MATERIALIZED VIEW regress_views.listing AS SELECT 1::bigint AS party_id, 'EL'::text AS list;
CREATE TABLE regress_views.financial (holder_id bigint, from_id bigint, metric text, amount_usd int) PARTITION BY LIST (metric);
\set VERBOSITY default
SELECT outbound.configure('source_schema', 'regress_views');
CREATE VIEW regress_views.deal AS SELECT 7 AS deal_id, 1::bigint AS investor, 2::bigint AS target;
SELECT outbound.configure('source_schema', 'regress_views');
\set VERBOSITY terse
SELECT outbound.create_relations('regress_views', 'bigint', '{determination,deal_override}'),
	   outbound.configure('source_schema', 'regress_views');
SELECT * FROM outbound.input_issues
ORDER BY issue COLLATE "C", relation COLLATE "C", party_id COLLATE "C", kind COLLATE "C", detail COLLATE "C";

-- wrong types and missing columns are named
CREATE OR REPLACE VIEW regress_views.deal AS SELECT 7 AS deal_id, 1::bigint AS investor, 2::bigint AS target, 'x'::text AS facts;
\set VERBOSITY default
SELECT count(*) FROM outbound.input_issues;
DROP VIEW regress_views.deal;
CREATE VIEW regress_views.deal AS SELECT 7 AS deal_id, 1 AS investor;
SELECT count(*) FROM outbound.input_issues;
DROP VIEW regress_views.interest;
CREATE VIEW regress_views.interest AS SELECT 1::bigint AS holder_id, 'voting' AS kind;
SELECT count(*) FROM outbound.input_issues;
DROP VIEW regress_views.party;
CREATE VIEW regress_views.party AS SELECT 1 AS party_id;
SELECT count(*) FROM outbound.input_issues;
DROP VIEW regress_views.party;
CREATE SEQUENCE regress_views.party;
SELECT count(*) FROM outbound.input_issues;
\set VERBOSITY terse

-- what has been checked is forgotten when it changes, within one transaction too
SELECT outbound.configure('source_schema', 'regress_screening');
BEGIN;
SELECT count(*) > 0 AS answers FROM outbound.input_issues;
SAVEPOINT s;
ALTER TABLE regress_screening.interest RENAME COLUMN held_id TO other;
SELECT count(*) FROM outbound.input_issues;
ROLLBACK TO s;
SELECT count(*) > 0 AS answers FROM outbound.input_issues;
ALTER SCHEMA regress_screening RENAME TO regress_renamed;
SELECT count(*) FROM outbound.input_issues;
ROLLBACK;

-- uuid
SELECT outbound.create_relations('regress_uuid', 'uuid'), outbound.configure('source_schema', 'regress_uuid');
INSERT INTO regress_uuid.interest (holder_id, held_id, kind, share)
	VALUES ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a', 'voting', '1%');
SELECT * FROM outbound.input_issues
ORDER BY issue COLLATE "C", relation COLLATE "C", party_id COLLATE "C", kind COLLATE "C", detail COLLATE "C";

-- planted objects change nothing
CREATE TEMP TABLE party (party_id text);
CREATE FUNCTION pg_temp.country_known(text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
SET search_path = pg_temp, public;
SELECT issue, party_id FROM outbound.input_issues ORDER BY issue COLLATE "C", detail COLLATE "C";
RESET search_path;

-- determination and deal_override are append-only
SELECT outbound.configure('source_schema', 'regress_screening');
UPDATE regress_screening.determination SET outcome = 'excepted';
DELETE FROM regress_screening.determination;
TRUNCATE regress_screening.deal_override;
SET session_replication_role = replica;
DELETE FROM regress_screening.determination;
RESET session_replication_role;

SELECT outbound.configure('source_schema', NULL);
DROP SCHEMA regress_screening, regress_views, regress_uuid CASCADE;
REVOKE CREATE ON DATABASE :"DBNAME" FROM regress_relations_owner;
DROP ROLE regress_relations_owner, regress_relations_reader;
