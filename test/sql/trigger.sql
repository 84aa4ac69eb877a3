-- The trigger: what it lets in, what it keeps out, and each way around it.
SET client_min_messages = warning;
\set VERBOSITY sqlstate

CREATE ROLE regress_firm;
CREATE ROLE regress_clerk;
GRANT CREATE ON DATABASE :"DBNAME" TO regress_firm;
SET ROLE regress_firm;
SELECT outbound.create_relations('regress_book');
-- fab: held by a Chinese company, fabricates at 14 nm.  shop: held by a U.S. company, sells nothing covered.
INSERT INTO regress_book.party (party_id, kind, organized_under, principal_place_of_business, headquarters, located_in,
								citizenship, permanent_residence, register, activity_register)
SELECT id, 'entity', country, country, country, country, '{}', '{}', 'closed', 'complete'
FROM (VALUES ('us', 'US'), ('us2', 'US'), ('cn', 'CN'), ('fab', 'SG'), ('shop', 'SG'), ('fab2', 'SG')) AS p (id, country);
INSERT INTO regress_book.interest (holder_id, held_id, kind, share, excepted)
SELECT holder, held, kind, '100%', false
FROM (VALUES ('cn', 'fab'), ('us', 'shop')) AS i (holder, held),
	 (VALUES ('voting'), ('board'), ('equity'), ('profits'), ('liquidation')) AS k (kind);
INSERT INTO regress_book.activity (party_id, facts)
SELECT id, '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar", "node_nm": 14}'
FROM (VALUES ('fab'), ('fab2')) AS p (id);
INSERT INTO regress_book.financial (holder_id, metric, amount_usd, basis, year)
SELECT id, metric, 1000000, 'audited', 2025
FROM (VALUES ('us'), ('cn'), ('fab'), ('shop'), ('fab2')) AS p (id),
	 (VALUES ('revenue'), ('net_income'), ('capital_expenditure'), ('operating_expense')) AS m (metric);
RESET ROLE;

CREATE TABLE regress_deals (id int PRIMARY KEY, buyer_id text, company_id text, closing date, memo text);
GRANT INSERT, UPDATE, DELETE ON regress_deals TO regress_clerk;

-- without a schema to read, nothing goes in
CREATE CONSTRAINT TRIGGER block_prohibited AFTER INSERT OR UPDATE ON regress_deals DEFERRABLE
	FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited('investor=buyer_id', 'target=company_id', 'completion_date=closing');
INSERT INTO regress_deals VALUES (1, 'us', 'shop', '2026-11-30');
SELECT outbound.configure('source_schema', 'regress_book');

-- INSERT
INSERT INTO regress_deals VALUES (1, 'us', 'fab', '2026-11-30');
INSERT INTO regress_deals VALUES (2, 'us', 'shop', '2026-11-30');
INSERT INTO regress_deals VALUES (3, 'us', 'shop', '2026-11-30'), (4, 'us', 'fab', '2026-11-30');
INSERT INTO regress_deals SELECT 5, 'us', p.party_id, '2026-11-30' FROM regress_book.party p WHERE p.party_id = 'fab';
SELECT id, company_id FROM regress_deals ORDER BY id;

-- what is in has been recorded, with its facts
SELECT relation, deal_id, facts, as_of, outcome, ruleset, override_id, determined_by = session_user AS session_user_noted,
	   jsonb_typeof(evidence) AS evidence, extension_version IS NOT NULL AS version, transaction_id IS NOT NULL AS transaction
FROM regress_book.determination ORDER BY determination_id;

-- UPDATE: screened when a mapped fact changes
UPDATE regress_deals SET company_id = 'fab' WHERE id = 2;
UPDATE regress_deals SET memo = 'x' WHERE id = 2;
SELECT count(*) FROM regress_book.determination;
UPDATE regress_deals SET closing = '2026-12-01' WHERE id = 2;
SELECT count(*) FROM regress_book.determination;

-- a deal that is in stays writable where facts do not change, whatever its target has become since
BEGIN;
INSERT INTO regress_book.interest (holder_id, held_id, kind, share) VALUES ('cn', 'shop', 'voting', '100%');
INSERT INTO regress_book.activity (party_id, facts) VALUES ('shop', '{"verbs": ["fabricates"], "object": "integrated_circuit", "ic_kind": "logic", "transistor": "non_planar", "node_nm": 14}');
COMMIT;
UPDATE regress_deals SET memo = 'y' WHERE id = 2;
UPDATE regress_deals SET closing = '2026-12-02' WHERE id = 2;
DELETE FROM regress_book.interest WHERE holder_id = 'cn' AND held_id = 'shop';
DELETE FROM regress_book.activity WHERE party_id = 'shop';

-- COPY, MERGE, ON CONFLICT
COPY regress_deals (id, buyer_id, company_id, closing) FROM stdin;
6	us	fab	2026-11-30
\.
MERGE INTO regress_deals d USING (VALUES (2, 'fab')) AS v (id, target) ON d.id = v.id
	WHEN MATCHED THEN UPDATE SET company_id = v.target;
MERGE INTO regress_deals d USING (VALUES (7, 'fab')) AS v (id, target) ON d.id = v.id
	WHEN NOT MATCHED THEN INSERT VALUES (v.id, 'us', v.target, '2026-11-30');
INSERT INTO regress_deals VALUES (2, 'us', 'shop', '2026-11-30') ON CONFLICT (id) DO UPDATE SET company_id = 'fab';
INSERT INTO regress_deals VALUES (2, 'us', 'fab', '2026-11-30') ON CONFLICT DO NOTHING;
WITH w AS (INSERT INTO regress_deals VALUES (8, 'us', 'fab', '2026-11-30') RETURNING id) SELECT * FROM w;
SELECT id, company_id FROM regress_deals ORDER BY id;

-- deal and interest in one transaction, in either order
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO regress_deals VALUES (10, 'us', 'fab2', '2026-11-30');
INSERT INTO regress_book.interest (holder_id, held_id, kind, share) VALUES ('cn', 'fab2', 'voting', '60%');
COMMIT;
BEGIN;
INSERT INTO regress_book.interest (holder_id, held_id, kind, share) VALUES ('cn', 'fab2', 'voting', '60%');
INSERT INTO regress_deals VALUES (10, 'us', 'fab2', '2026-11-30');
COMMIT;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO regress_book.interest (holder_id, held_id, kind, share) VALUES ('cn', 'fab2', 'voting', '60%');
INSERT INTO regress_deals VALUES (10, 'us', 'fab2', '2026-11-30');
COMMIT;
-- one statement
WITH i AS (INSERT INTO regress_book.interest (holder_id, held_id, kind, share) VALUES ('cn', 'fab2', 'voting', '60%'))
INSERT INTO regress_deals VALUES (10, 'us', 'fab2', '2026-11-30');
SELECT count(*) FROM regress_deals WHERE id = 10;

-- deferred, and the row changes before the end: its last version counts, and it counts
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO regress_deals VALUES (11, 'us', 'fab', '2026-11-30');
UPDATE regress_deals SET memo = 'nothing to see' WHERE id = 11;
COMMIT;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO regress_deals VALUES (11, 'us', 'fab', '2026-11-30');
SAVEPOINT a;
UPDATE regress_deals SET memo = 'nothing to see' WHERE id = 11;
RELEASE a;
UPDATE regress_deals SET memo = 'again' WHERE id = 11;
COMMIT;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO regress_deals VALUES (11, 'us', 'shop', '2026-11-30');
UPDATE regress_deals SET company_id = 'fab' WHERE id = 11;
UPDATE regress_deals SET memo = 'nothing to see' WHERE id = 11;
COMMIT;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO regress_deals VALUES (11, 'us', 'fab', '2026-11-30');
UPDATE regress_deals SET company_id = 'shop' WHERE id = 11;
INSERT INTO regress_deals VALUES (12, 'us', 'fab', '2026-11-30');
DELETE FROM regress_deals WHERE id = 12;
COMMIT;
SELECT id, company_id FROM regress_deals WHERE id > 10 ORDER BY id;

-- the same where updates do not fire the trigger
CREATE TABLE regress_insert_only (id int PRIMARY KEY, investor text, target text, memo text);
CREATE CONSTRAINT TRIGGER insert_only AFTER INSERT ON regress_insert_only DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
BEGIN;
INSERT INTO regress_insert_only VALUES (1, 'us', 'fab');
UPDATE regress_insert_only SET memo = 'x';
COMMIT;
DROP TRIGGER insert_only ON regress_insert_only;
CREATE CONSTRAINT TRIGGER some_columns AFTER INSERT OR UPDATE OF target ON regress_insert_only DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
BEGIN;
INSERT INTO regress_insert_only VALUES (1, 'us', 'fab');
UPDATE regress_insert_only SET memo = 'x';
COMMIT;
DROP TRIGGER some_columns ON regress_insert_only;
CREATE CONSTRAINT TRIGGER some_rows AFTER INSERT OR UPDATE ON regress_insert_only DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW WHEN (new.memo IS NULL) EXECUTE FUNCTION outbound.block_prohibited();
BEGIN;
INSERT INTO regress_insert_only VALUES (1, 'us', 'fab');
UPDATE regress_insert_only SET memo = 'x';
COMMIT;
SELECT count(*) FROM regress_insert_only;
DROP TABLE regress_insert_only;

-- a BEFORE trigger, named to fire last, changes the target: the stored row counts
CREATE FUNCTION regress_swap() RETURNS trigger LANGUAGE plpgsql AS
	$$BEGIN IF NEW.memo = 'swap' THEN NEW.company_id := 'fab'; END IF; RETURN NEW; END$$;
CREATE TRIGGER zz_swap BEFORE INSERT OR UPDATE ON regress_deals FOR EACH ROW EXECUTE FUNCTION regress_swap();
INSERT INTO regress_deals VALUES (20, 'us', 'shop', '2026-11-30', 'swap');
UPDATE regress_deals SET memo = 'swap' WHERE id = 2;
DROP TRIGGER zz_swap ON regress_deals;

-- generated columns and columns that bear facts' names
CREATE TABLE regress_generated (id int, investor text, code text, target text GENERATED ALWAYS AS (lower(code)) STORED, facts jsonb);
CREATE TRIGGER guard AFTER INSERT OR UPDATE ON regress_generated FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO regress_generated VALUES (1, 'us', 'FAB');
INSERT INTO regress_generated VALUES (1, 'us', 'SHOP', DEFAULT, '{"transaction_type": "equity"}');
UPDATE regress_generated SET code = 'FAB';
INSERT INTO regress_generated VALUES (1, 'us', 'SHOP', DEFAULT, '{"transaction_tipe": "equity"}');
SELECT deal_id, facts FROM regress_book.determination ORDER BY determination_id DESC LIMIT 1;
DROP TABLE regress_generated;

-- partitions
CREATE TABLE regress_parts (id int, investor text, target text, year int) PARTITION BY LIST (year);
CREATE TABLE regress_parts_1 PARTITION OF regress_parts FOR VALUES IN (1);
CREATE TABLE regress_parts_2 (year int, target text, dropped int, investor text, id int);
ALTER TABLE regress_parts_2 DROP COLUMN dropped;
CREATE TRIGGER guard AFTER INSERT OR UPDATE ON regress_parts FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited('deal_id=id');
ALTER TABLE regress_parts ATTACH PARTITION regress_parts_2 FOR VALUES IN (2);
INSERT INTO regress_parts VALUES (1, 'us', 'fab', 1);
INSERT INTO regress_parts VALUES (1, 'us', 'fab', 2);
INSERT INTO regress_parts_2 VALUES (2, 'fab', 'us', 1);
INSERT INTO regress_parts VALUES (1, 'us', 'shop', 1);
UPDATE regress_parts SET target = 'fab', year = 2;
UPDATE regress_parts SET year = 2;
SELECT relation, deal_id FROM regress_book.determination ORDER BY determination_id DESC LIMIT 2;
DROP TABLE regress_parts;

-- what a foreign key writes
CREATE TABLE regress_cascade (investor text, target text REFERENCES regress_book.party ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TRIGGER guard AFTER INSERT OR UPDATE ON regress_cascade FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO regress_book.party SELECT 'shop2', p.name, p.kind, p.citizenship, p.permanent_residence, p.organized_under, p.principal_place_of_business,
	p.headquarters, p.located_in, p.register, p.activity_register FROM regress_book.party p WHERE p.party_id = 'shop';
INSERT INTO regress_cascade VALUES ('us', 'shop2');
BEGIN;
INSERT INTO regress_book.activity (party_id, facts) SELECT 'shop3', facts FROM regress_book.activity LIMIT 1;
UPDATE regress_book.party SET party_id = 'shop3', organized_under = 'CN' WHERE party_id = 'shop2';
ROLLBACK;
DELETE FROM regress_book.party WHERE party_id = 'shop2';
SELECT * FROM regress_cascade;
DROP TABLE regress_cascade;
DELETE FROM regress_book.party WHERE party_id = 'shop2';

-- the contract's own relation of deals; a day that is not known does not matter to a deal that is harmless on any day
CREATE TRIGGER guard AFTER INSERT OR UPDATE ON regress_book.deal FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO regress_book.deal (deal_id, investor, target) VALUES ('a', 'us', 'fab');
INSERT INTO regress_book.deal (deal_id, investor, target, completion_date) VALUES ('a', 'us', 'fab', '2026-11-30');
INSERT INTO regress_book.deal (deal_id, investor, target) VALUES ('a', 'us', 'shop');
INSERT INTO regress_book.deal (deal_id, investor, target, completion_date, facts)
	VALUES ('b', 'us', 'fab', '2026-11-30', '{"publicly_traded": true, "rights_beyond_standard": false}');
UPDATE regress_book.deal SET facts = '{}' WHERE deal_id = 'b';
SELECT deal_id, outcome, at_least, at_most FROM regress_book.determination WHERE relation = 'regress_book.deal' ORDER BY determination_id;
DROP TRIGGER guard ON regress_book.deal;

-- a clerk may insert and see nothing
SET ROLE regress_clerk;
INSERT INTO regress_deals VALUES (30, 'us', 'fab', '2026-11-30');
INSERT INTO regress_deals VALUES (31, 'us', 'shop', '2026-11-30');
SELECT count(*) FROM regress_book.determination;
RESET ROLE;
SELECT deal_id, outcome FROM regress_book.determination ORDER BY determination_id DESC LIMIT 1;

-- row security hides everything from everybody but the owner, whom it is forced on
GRANT USAGE ON SCHEMA regress_book TO regress_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA regress_book TO regress_clerk;
ALTER TABLE regress_book.interest ENABLE ROW LEVEL SECURITY;
ALTER TABLE regress_book.interest FORCE ROW LEVEL SECURITY;
ALTER TABLE regress_book.party ENABLE ROW LEVEL SECURITY;
ALTER TABLE regress_book.party FORCE ROW LEVEL SECURITY;
SET ROLE regress_clerk;
SELECT count(*) FROM regress_book.interest;
INSERT INTO regress_deals VALUES (32, 'us', 'fab', '2026-11-30');
SET row_security = off;
INSERT INTO regress_deals VALUES (32, 'us', 'fab', '2026-11-30');
RESET row_security;
RESET ROLE;
ALTER TABLE regress_book.interest NO FORCE ROW LEVEL SECURITY;
ALTER TABLE regress_book.interest DISABLE ROW LEVEL SECURITY;
ALTER TABLE regress_book.party NO FORCE ROW LEVEL SECURITY;
ALTER TABLE regress_book.party DISABLE ROW LEVEL SECURITY;

-- planted relations, functions, operators and types; a planted function runs as nobody else
CREATE SCHEMA regress_plants AUTHORIZATION regress_clerk;
SET ROLE regress_clerk;
GRANT USAGE ON SCHEMA regress_plants TO PUBLIC;
CREATE TABLE regress_plants.party (party_id text);
CREATE TABLE regress_plants.interest (holder_id text, held_id text, kind text);
CREATE TABLE regress_plants.setting (name text, value text);
INSERT INTO regress_plants.setting VALUES ('undetermined', 'allow');
CREATE TEMP TABLE party (party_id text);
CREATE TEMP TABLE setting (name text, value text);
CREATE DOMAIN regress_plants.text AS pg_catalog.text;
CREATE FUNCTION regress_plants.planted(pg_catalog.text, pg_catalog.text) RETURNS boolean LANGUAGE plpgsql AS
	$$BEGIN RAISE EXCEPTION 'planted function called by %', current_user USING ERRCODE = 'ZZ001'; END$$;
CREATE OPERATOR regress_plants.= (LEFTARG = pg_catalog.text, RIGHTARG = pg_catalog.text, FUNCTION = regress_plants.planted);
CREATE FUNCTION regress_plants.now() RETURNS timestamptz LANGUAGE plpgsql AS
	$$BEGIN RAISE EXCEPTION 'planted function called by %', current_user USING ERRCODE = 'ZZ001'; END$$;
SET search_path = pg_temp, regress_plants, pg_catalog;
INSERT INTO public.regress_deals VALUES (33, 'us', 'fab', '2026-11-30');
INSERT INTO public.regress_deals VALUES (33, 'us', 'shop', '2026-11-30');
RESET search_path;
RESET ROLE;

-- a firm's view that calls an unqualified function cannot be made to call the clerk's as the owner
SET ROLE regress_firm;
CREATE FUNCTION regress_book.helper() RETURNS boolean LANGUAGE plpgsql STABLE AS $$BEGIN RETURN now() IS NOT NULL; END$$;
ALTER TABLE regress_book.listing RENAME TO listing_data;
CREATE VIEW regress_book.listing AS SELECT * FROM regress_book.listing_data WHERE regress_book.helper();
RESET ROLE;
SET ROLE regress_clerk;
SET search_path = pg_temp, regress_plants, pg_catalog;
INSERT INTO public.regress_deals VALUES (34, 'us', 'fab', '2026-11-30');
RESET search_path;
RESET ROLE;
DROP VIEW regress_book.listing;
ALTER TABLE regress_book.listing_data RENAME TO listing;

-- settings and records are out of a session's reach
SET ROLE regress_clerk;
SELECT outbound.configure('undetermined', 'allow');
UPDATE outbound.setting SET value = 'allow';
INSERT INTO regress_book.determination (relation, facts, as_of, outcome, at_least, at_most, provisions, missing, readings, ruleset, evidence, extension_version)
	VALUES ('x', '{}', '2026-01-01', 'excepted', 'excepted', 'excepted', '{}', '{}', '{}', 'x', '[]', 'x');
SELECT outbound.override('{"investor": "us", "target": "fab"}', 'because', 'me', '2100-01-01');
SET session_replication_role = replica;
ALTER TABLE regress_deals DISABLE TRIGGER ALL;
RESET ROLE;

-- undetermined: block, warn, allow
INSERT INTO regress_deals VALUES (40, 'us', NULL, '2026-11-30');
SELECT outbound.configure('undetermined', 'warn');
INSERT INTO regress_deals VALUES (40, 'us', NULL, '2026-11-30');
SELECT outbound.configure('undetermined', 'allow');
INSERT INTO regress_deals VALUES (41, 'us', NULL, '2026-11-30');
INSERT INTO regress_deals VALUES (42, 'us', 'fab', '2026-11-30');
SELECT outbound.configure('undetermined', NULL);
SELECT deal_id, outcome FROM regress_book.determination WHERE outcome = 'undetermined' ORDER BY determination_id;

-- a session that catches the error leaves nothing behind
DO $$
BEGIN
	INSERT INTO regress_deals VALUES (43, 'us', 'shop', '2026-11-30'), (44, 'us', 'fab', '2026-11-30');
EXCEPTION WHEN SQLSTATE 'OB001' THEN NULL;
END
$$;
SELECT count(*) FROM regress_deals WHERE id IN (43, 44);
SELECT count(*) FROM regress_book.determination WHERE deal_id IN ('43', '44');

-- approvals
SELECT outbound.override('{"investor": "us", "target": "fab", "transaction_type": "equity"}', 'divests first', 'general counsel', now() + '1 hour');
INSERT INTO regress_deals VALUES (50, 'us', 'fab', '2026-11-30');
SELECT deal_id, outcome, override_id FROM regress_book.determination ORDER BY determination_id DESC LIMIT 1;
INSERT INTO regress_deals VALUES (51, 'us2', 'fab', '2026-11-30');
INSERT INTO regress_book.deal_override (investor, target, transaction_type, facts, reason, approver, expires)
	VALUES ('us', 'fab2', 'equity', '{}', 'lapsed', 'x', now() - interval '1 second');
INSERT INTO regress_book.interest (holder_id, held_id, kind, share) VALUES ('cn', 'fab2', 'voting', '60%');
INSERT INTO regress_deals VALUES (52, 'us', 'fab2', '2026-11-30');
SELECT outbound.override('{"investor": "us"}', 'because', 'me', '2100-01-01');
SELECT outbound.override('{"investor": "us", "target": "fab"}', ' ', 'me', '2100-01-01');
SELECT outbound.override('{"investor": "us", "target": "fab"}', 'because', 'me', '2000-01-01');
SELECT outbound.override('{"investor": "us", "target": "fab"}', 'because', 'me', 'infinity');
SELECT outbound.override('{"investor": "us", "target": "fab"}', 'because', NULL, '2100-01-01');
SELECT outbound.override(NULL, 'because', 'me', '2100-01-01');
SELECT outbound.override('{"investor": "us", "targt": "fab"}', 'because', 'me', '2100-01-01');

-- how it may be attached
CREATE TABLE regress_wrong (investor text, target text);
\set VERBOSITY default
CREATE TRIGGER t BEFORE INSERT ON regress_wrong FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO regress_wrong VALUES ('us', 'shop');
DROP TRIGGER t ON regress_wrong;
CREATE TRIGGER t AFTER INSERT ON regress_wrong EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO regress_wrong VALUES ('us', 'shop');
DROP TRIGGER t ON regress_wrong;
INSERT INTO regress_wrong VALUES ('us', 'shop');
CREATE TRIGGER t AFTER DELETE ON regress_wrong FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
DELETE FROM regress_wrong;
DROP TRIGGER t ON regress_wrong;
CREATE TRIGGER t AFTER INSERT ON regress_wrong FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited('invester=investor');
INSERT INTO regress_wrong VALUES ('us', 'shop');
DROP TRIGGER t ON regress_wrong;
CREATE TRIGGER t AFTER INSERT ON regress_wrong FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited('investor=invester');
INSERT INTO regress_wrong VALUES ('us', 'shop');
DROP TRIGGER t ON regress_wrong;
CREATE TRIGGER t AFTER INSERT ON regress_wrong FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited('investor');
INSERT INTO regress_wrong VALUES ('us', 'shop');
DROP TRIGGER t ON regress_wrong;
CREATE TRIGGER t AFTER INSERT ON regress_wrong FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited('investor=investor', ' investor = target ');
INSERT INTO regress_wrong VALUES ('us', 'shop');
DROP TRIGGER t ON regress_wrong;
CREATE TRIGGER t AFTER INSERT ON regress_wrong FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited('facts=target');
INSERT INTO regress_wrong VALUES ('us', 'shop');
DROP TABLE regress_wrong;
\set VERBOSITY sqlstate

-- who may read the relations is told why, others only what
CREATE FUNCTION regress_told(id int, OUT code text, OUT message text, OUT cites boolean, OUT evidence boolean, OUT hint boolean,
							 OUT "schema" text, OUT "table" text, OUT "constraint" text)
LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
	INSERT INTO regress_deals VALUES (id, 'us', 'fab2', '2026-11-30');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT,
		"schema" = SCHEMA_NAME, "table" = TABLE_NAME, "constraint" = CONSTRAINT_NAME;
	cites := d LIKE 'Outcome is prohibited under %850.%';
	evidence := d LIKE '%' || chr(10) || '%';
	hint := h LIKE '%publicly_traded%';
END$$;
SELECT * FROM regress_told(60);
SET ROLE regress_clerk;
SELECT * FROM regress_told(60);
RESET ROLE;
REVOKE SELECT ON regress_book.interest FROM regress_clerk;
SET ROLE regress_clerk;
SELECT * FROM regress_told(60);
RESET ROLE;

SELECT outbound.configure('source_schema', NULL);
DROP TABLE regress_deals;
DROP FUNCTION regress_told, regress_swap;
DROP SCHEMA regress_book, regress_plants CASCADE;
DROP OWNED BY regress_clerk;
REVOKE CREATE ON DATABASE :"DBNAME" FROM regress_firm;
DROP ROLE regress_firm, regress_clerk;
