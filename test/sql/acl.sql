-- Who may ask, who may write, and what nobody may be shown
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_acl_owner;
CREATE ROLE regress_acl_analyst;
CREATE ROLE regress_acl_outsider;
SET client_min_messages = notice;

-- the firm's relations, owned by a role that is no superuser
SELECT format('GRANT CREATE ON DATABASE %I TO regress_acl_owner', current_database()) \gexec
SET ROLE regress_acl_owner;
SELECT outbound.create_relations('acl');
RESET ROLE;
SELECT outbound.configure('source_schema', 'acl');
SET ROLE regress_acl_owner;
INSERT INTO acl.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in, register, activity_register, source) VALUES
	('fund', 'entity', 'US', 'US', 'US', 'US', 'closed', 'complete', NULL),
	('china', 'entity', 'CN', 'CN', 'CN', 'CN', 'closed', 'complete', NULL),
	('shop', 'entity', 'SG', 'SG', 'SG', 'SG', 'closed', 'complete', NULL);
INSERT INTO acl.interest (holder_id, held_id, kind, share) VALUES ('fund', 'shop', 'voting', '60%');
INSERT INTO acl.activity (party_id, facts) VALUES
	('china', '{"verbs": ["develops"], "object": "quantum_computer"}'),
	('shop', '{"verbs": ["sells"], "object": "other"}');
GRANT USAGE ON SCHEMA acl TO regress_acl_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA acl TO regress_acl_analyst;
RESET ROLE;

-- nobody but the owner writes a table of the extension, and everything in it is described
SELECT c.relname
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'outbound'::regnamespace AND a.grantee = 0 AND a.privilege_type <> 'SELECT';
SELECT has_schema_privilege('regress_acl_outsider', 'outbound', 'CREATE') AS creates;
SELECT c.relname
FROM pg_class c
WHERE c.relnamespace = 'outbound'::regnamespace AND c.relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL;
SELECT c.relname, a.attname
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'outbound'::regnamespace AND c.relkind IN ('r', 'v') AND col_description(c.oid, a.attnum) IS NULL;
SELECT p.oid::regprocedure
FROM pg_proc p WHERE p.pronamespace = 'outbound'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL;
SELECT t.oid::regtype
FROM pg_type t
WHERE t.typnamespace = 'outbound'::regnamespace AND t.typelem = 0 AND obj_description(t.oid, 'pg_type') IS NULL
	AND (t.typrelid = 0 OR (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c');
SELECT o.oid::regoperator
FROM pg_operator o WHERE o.oprnamespace = 'outbound'::regnamespace AND obj_description(o.oid, 'pg_operator') IS NULL;

-- no function of the extension runs as its owner
SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'outbound'::regnamespace AND p.prosecdef;

-- who has no rights is told which relation
SET ROLE regress_acl_outsider;
SELECT outbound.us_person('fund');
SELECT outbound.configure('undetermined', 'allow');
SELECT outbound.configure('A-01', 'strict_product');
INSERT INTO outbound.setting (name, value) VALUES ('undetermined', 'allow');
INSERT INTO outbound.ruleset (ruleset) VALUES ('mine');
UPDATE outbound.rule_generation SET generation = 0;
SELECT outbound.covered_activity('{"verbs": ["develops"], "object": "quantum_computer"}');
CREATE EXTENSION outbound;
DROP EXTENSION outbound;
RESET ROLE;
GRANT USAGE ON SCHEMA acl TO regress_acl_outsider;
SET ROLE regress_acl_outsider;
SELECT outbound.us_person('fund');
SELECT outcome FROM outbound.screen('{"investor": "fund", "target": "china"}');
SELECT * FROM outbound.deal_screening;
SELECT * FROM outbound.input_issues;
SELECT outbound.override('{"investor": "fund", "target": "china"}', 'why', 'who', now() + interval '1 day');
RESET ROLE;

-- where row security filters a relation, "no" is unknown, and says why
SET ROLE regress_acl_analyst;
SELECT outbound.person_of_country_of_concern('shop'), outbound.covered_foreign_person('shop'),
	   outbound.controlled_foreign_entity('china'), outbound.us_person('china');
DO $$
DECLARE
	relation text;
	verdict record;
BEGIN
	FOREACH relation IN ARRAY '{party,interest,activity,listing,financial}'::text[] LOOP
		RESET ROLE;
		EXECUTE format('ALTER TABLE acl.%I ENABLE ROW LEVEL SECURITY', relation);
		EXECUTE format('CREATE POLICY everything ON acl.%I USING (true)', relation);
		SET LOCAL ROLE regress_acl_analyst;
		SELECT outbound.person_of_country_of_concern('shop') AS person, outbound.covered_foreign_person('shop') AS covered,
			   outbound.controlled_foreign_entity('china') AS controlled, outbound.us_person('china') AS us, s.*
		INTO verdict FROM outbound.screen('{"investor": "fund", "target": "shop"}') AS s;
		RAISE NOTICE '%: % % % % % % %', relation, verdict.person, verdict.covered, verdict.controlled, verdict.us,
			verdict.at_least, verdict.at_most, 'row_security' = ANY (verdict.missing);
		RESET ROLE;
		EXECUTE format('DROP POLICY everything ON acl.%I', relation);
		EXECUTE format('ALTER TABLE acl.%I DISABLE ROW LEVEL SECURITY', relation);
	END LOOP;
END $$;
RESET ROLE;
SET ROLE regress_acl_analyst;
SELECT outbound.person_of_country_of_concern('shop');
RESET ROLE;

-- policies that ask the session: an answer for one tenant is never given to another, in one transaction or one statement
ALTER TABLE acl.interest ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON acl.interest USING (source IS NULL OR source = current_setting('app.tenant', true));
INSERT INTO acl.interest (holder_id, held_id, kind, share, source) VALUES ('china', 'shop', 'equity', '70%', 'one');
SET ROLE regress_acl_analyst;
BEGIN;
SET LOCAL app.tenant = 'one';
SELECT outbound.person_of_country_of_concern('shop');
SET LOCAL app.tenant = 'two';
SELECT outbound.person_of_country_of_concern('shop');
DO $$
BEGIN
	PERFORM set_config('app.tenant', 'one', true);
	RAISE NOTICE '%', outbound.person_of_country_of_concern('shop');
	PERFORM set_config('app.tenant', 'two', true);
	RAISE NOTICE '%', outbound.person_of_country_of_concern('shop');
END $$;
COMMIT;
RESET ROLE;

-- policies beneath a view count
ALTER TABLE acl.interest RENAME TO interest_of_tenants;
CREATE VIEW acl.interest WITH (security_invoker) AS SELECT * FROM acl.interest_of_tenants;
GRANT SELECT ON acl.interest TO regress_acl_analyst;
SET ROLE regress_acl_analyst;
SELECT outbound.person_of_country_of_concern('shop');
SELECT at_least, at_most, missing FROM outbound.screen('{"investor": "fund", "target": "shop"}');
RESET ROLE;
CREATE OR REPLACE VIEW acl.interest WITH (security_invoker = false) AS
	SELECT * FROM acl.interest_of_tenants WHERE source IS NULL OR source IN (SELECT 'one' FROM acl.party);
SET ROLE regress_acl_analyst;
SELECT outbound.person_of_country_of_concern('shop');
RESET ROLE;

-- views that ask the session
CREATE OR REPLACE VIEW acl.interest AS
	SELECT * FROM acl.interest_of_tenants WHERE source IS NULL OR source = current_setting('app.tenant', true);
BEGIN;
SET LOCAL app.tenant = 'one';
SELECT outbound.person_of_country_of_concern('shop');
SET LOCAL app.tenant = 'two';
SELECT outbound.person_of_country_of_concern('shop');
COMMIT;

-- a view that asks what cannot be answered without reading it
CREATE OR REPLACE VIEW acl.interest AS
	SELECT * FROM acl.interest_of_tenants WHERE outbound.us_person(holder_id);
SELECT outbound.person_of_country_of_concern('shop');
CREATE OR REPLACE VIEW acl.interest AS
	SELECT * FROM acl.interest_of_tenants WHERE outbound.controlled_foreign_entity(holder_id, date '2025-05-05');
SELECT outbound.person_of_country_of_concern('shop');
SELECT * FROM outbound.members('31 CFR 850.221');
DROP VIEW acl.interest;
ALTER TABLE acl.interest_of_tenants RENAME TO interest;
ALTER TABLE acl.interest DISABLE ROW LEVEL SECURITY;
SELECT outbound.person_of_country_of_concern('shop');

-- privileges and roles that change within a transaction
BEGIN;
SET LOCAL ROLE regress_acl_analyst;
SELECT outbound.us_person('fund');
RESET ROLE;
REVOKE SELECT ON acl.party FROM regress_acl_analyst;
SET LOCAL ROLE regress_acl_analyst;
SELECT outbound.us_person('fund');
ROLLBACK;

-- the trigger tells everybody the outcome, and the evidence only who may read it
CREATE TABLE acl.purchase (id int PRIMARY KEY, investor text, target text, completion_date date);
CREATE CONSTRAINT TRIGGER block AFTER INSERT ON acl.purchase FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
GRANT INSERT ON acl.purchase TO regress_acl_outsider, regress_acl_analyst;
\set VERBOSITY default
SET ROLE regress_acl_outsider;
INSERT INTO acl.purchase VALUES (1, 'fund', 'china', '2026-02-02');
RESET ROLE;
SET ROLE regress_acl_analyst;
INSERT INTO acl.purchase VALUES (1, 'fund', 'china', '2026-02-02');
-- nor who it is that somebody knows too little about
RESET ROLE;
INSERT INTO acl.party (party_id, kind) VALUES ('secret', 'individual');
INSERT INTO acl.interest (holder_id, held_id, kind, share) VALUES ('secret', 'shop', 'voting', '50%');
DELETE FROM acl.interest WHERE holder_id = 'china';
INSERT INTO acl.activity (party_id, facts) VALUES ('shop', '{"verbs": ["develops"], "object": "quantum_computer"}');
SET ROLE regress_acl_outsider;
INSERT INTO acl.purchase VALUES (1, 'fund', 'shop', NULL);
RESET ROLE;
SET ROLE regress_acl_analyst;
INSERT INTO acl.purchase VALUES (1, 'fund', 'shop', NULL);
RESET ROLE;
DELETE FROM acl.interest WHERE holder_id = 'secret';
DELETE FROM acl.party WHERE party_id = 'secret';
INSERT INTO acl.interest (holder_id, held_id, kind, share) VALUES ('china', 'shop', 'equity', '70%');
\set VERBOSITY terse

-- a search_path full of traps, for the questions, the trigger and configure()
CREATE SCHEMA trap;
CREATE FUNCTION trap.spring(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.spring(date, date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.spring(bigint, bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.spring(daterange, date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR trap.= (FUNCTION = trap.spring, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR trap.= (FUNCTION = trap.spring, LEFTARG = date, RIGHTARG = date);
CREATE OPERATOR trap.<> (FUNCTION = trap.spring, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR trap.|| (FUNCTION = trap.spring, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR trap.~ (FUNCTION = trap.spring, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR trap.<= (FUNCTION = trap.spring, LEFTARG = date, RIGHTARG = date);
CREATE OPERATOR trap.+ (FUNCTION = trap.spring, LEFTARG = bigint, RIGHTARG = bigint);
CREATE OPERATOR trap.@> (FUNCTION = trap.spring, LEFTARG = daterange, RIGHTARG = date);
CREATE DOMAIN trap.text AS pg_catalog.text CHECK (false);
CREATE DOMAIN trap.date AS pg_catalog.date CHECK (false);
CREATE DOMAIN trap.share AS int CHECK (false);
CREATE FUNCTION trap.now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.unnest(text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.coalesce(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE TABLE trap.party (party_id text, kind text, organized_under text);
CREATE TABLE trap.interest (LIKE acl.interest);
CREATE TABLE trap.fact (fact text); CREATE TABLE trap.provision (cite text); CREATE TABLE trap.setting (name text, value text);
CREATE TABLE trap.ruleset (ruleset text); CREATE TABLE trap.reading (reading text); CREATE TABLE trap.rule_generation (generation int);
GRANT USAGE ON SCHEMA trap TO PUBLIC;
\c
\set VERBOSITY terse
CREATE TEMP TABLE party (LIKE trap.party);
CREATE TEMP TABLE interest (LIKE trap.interest);
CREATE TEMP TABLE fact (fact text);
CREATE TEMP TABLE provision (cite text);
CREATE TEMP TABLE setting (name text, value text);
CREATE TEMP TABLE rule_generation (generation int);
INSERT INTO pg_temp.setting VALUES ('undetermined', 'allow'), ('source_schema', 'trap');
SET search_path = trap, pg_temp, pg_catalog;
SELECT outbound.us_person('fund'::pg_catalog.text), outbound.person_of_country_of_concern('shop'::pg_catalog.text),
	   outbound.controlled_foreign_entity('shop'::pg_catalog.text), outbound.covered_foreign_person('china'::pg_catalog.text);
SELECT outcome, provisions, missing FROM outbound.screen('{"investor": "fund", "target": "china"}'::pg_catalog.text);
SELECT pg_catalog.count(*) > 0 AS shown FROM outbound.explain('{"investor": "fund", "target": "china"}'::pg_catalog.text);
SELECT pg_catalog.count(*) > 0 AS shown FROM outbound.questionnaire('{"investor": "fund", "target": null}'::pg_catalog.text);
SELECT party_id, grade FROM outbound.members('31 CFR 850.221') ORDER BY 1;
SELECT pg_catalog.count(*) FROM outbound.holders('shop'::pg_catalog.text, 'OFAC 50');
SELECT pg_catalog.count(*) > 0 AS shown FROM outbound.explain_ownership('fund'::pg_catalog.text, 'shop'::pg_catalog.text, '31 CFR 850.206');
SELECT pg_catalog.length(outbound.ownership_chart('shop'::pg_catalog.text, 'dot')) > 0 AS drawn;
SELECT outbound.covered_activity('{"verbs": ["develops"], "object": "quantum_computer"}'::pg_catalog.text);
SELECT pg_catalog.count(*) > 0 AS shown FROM outbound.covered_activity_findings('{"verbs": ["develops"]}'::pg_catalog.text);
SELECT outbound.check_condition('object = ''ai_system'''::outbound.condition, 'FINAL-2025-01-02');
SELECT outbound.configure('undetermined', 'warn'), outbound.configure('A-01', 'strict_product');
SELECT outbound.configure('undetermined', NULL), outbound.configure('A-01', NULL);
SELECT outbound.civil_penalty_max(1000000, '2026-02-02');
SELECT * FROM outbound.input_issues;
SELECT * FROM outbound.deal_screening;
SELECT * FROM outbound.filing_due;
INSERT INTO acl.purchase VALUES (1, 'fund', 'china', '2026-02-02');
SELECT outbound.override('{"investor": "fund", "target": "china"}', 'why', 'who', pg_catalog.now() OPERATOR(pg_catalog.+) interval '1 day') IS NOT NULL AS overridden;
INSERT INTO acl.purchase VALUES (1, 'fund', 'china', '2026-02-02');
SELECT outcome, override_id IS NOT NULL AS overridden FROM acl.determination;
SELECT outbound.create_relations('acl_trap');
SELECT pg_catalog.pg_typeof(outbound.record_list_load('SDN', 0));
SELECT list, stale FROM outbound.list_health ORDER BY list LIMIT 1;
CALL outbound.run_audit();
RESET search_path;

-- the extension cannot go while the firm's relations have its type, unless all is let go
DROP EXTENSION outbound;
SET client_min_messages = warning;
BEGIN;
DROP EXTENSION outbound CASCADE;
SELECT pg_catalog.count(*) FROM acl.party;
SELECT attname FROM pg_attribute WHERE attrelid = 'acl.interest'::regclass AND attname = 'share';
ROLLBACK;

SELECT outbound.configure('source_schema', NULL);
DROP SCHEMA trap CASCADE;
DROP SCHEMA acl_trap CASCADE;
DROP SCHEMA acl CASCADE;
SELECT format('REVOKE CREATE ON DATABASE %I FROM regress_acl_owner', current_database()) \gexec
DROP ROLE regress_acl_owner;
DROP ROLE regress_acl_analyst;
DROP ROLE regress_acl_outsider;

-- what cannot be deleted must not meet the tests that follow
DROP EXTENSION outbound CASCADE;
CREATE EXTENSION outbound;
