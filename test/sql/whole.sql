-- A relation that comes to one plain table is read without the executor, any other with it: the same rows, the same privileges.
SET client_min_messages = error;
DROP SCHEMA IF EXISTS plain, columns, computed, parted, numbered, several CASCADE;
SELECT outbound.create_relations('plain'), outbound.configure('source_schema', 'plain') \gset
SELECT setseed(0.205) \gset
INSERT INTO plain.party (party_id, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, register, valid)
SELECT i, (ARRAY['entity', 'entity', 'individual', 'pooled_fund', 'government', NULL])[1 + i % 6], ARRAY[(ARRAY['US', 'CN', NULL])[1 + i % 3]], '{}', c, c, c,
	(ARRAY['closed', 'complete', NULL])[1 + i % 3], (ARRAY['(,)', NULL, '[2020-01-01,2021-01-01)', 'empty', '[2019-01-01,)']::daterange[])[1 + i % 5]
FROM (SELECT i, (ARRAY['CN', 'DE', 'KY', 'Atlantis', NULL])[1 + i * 7 % 5] AS c FROM generate_series(1, 300) i) g;
INSERT INTO plain.interest (holder_id, held_id, kind, share, source, valid)
SELECT 1 + floor(random() * 310), 1 + floor(random() * 310), (ARRAY['voting', 'equity', 'board', 'branch_of', 'whatever', NULL])[1 + i % 6],
	(ARRAY['50%', '1/3', '(25%,50%]', '100%', NULL, '12345678901234567890/98765432109876543211'])[1 + i % 6]::outbound.share,
	CASE WHEN i % 7 = 0 THEN 'register' END, (ARRAY['(,)', NULL, '[2020-01-01,2021-01-01)', '[2019-01-01,)']::daterange[])[1 + i % 4]
FROM generate_series(1, 700) i;
INSERT INTO plain.listing (party_id, list) SELECT party_id, 'SDN' FROM plain.party WHERE party_id LIKE '%3';

-- ids so long that they are toasted, and compressed
ALTER TABLE plain.party DROP CONSTRAINT party_pkey;
DROP INDEX plain.interest_holder_id_idx, plain.interest_held_id_idx, plain.interest_held_id_idx1;
CREATE FUNCTION pg_temp.longer(id text) RETURNS text LANGUAGE sql AS
$$SELECT CASE WHEN id LIKE '%17' THEN id || repeat('x', 3000) WHEN id LIKE '%29' THEN id || (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 300) i) ELSE id END$$;

-- the others show the same
CREATE FUNCTION pg_temp.make_others() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY '{columns,computed,parted,several}'::text[] LOOP
		PERFORM outbound.create_relations(name, relations => '{activity,financial,deal,determination,deal_override}');
		EXECUTE format('CREATE VIEW %I.listing AS SELECT * FROM plain.listing', name);
	END LOOP;
	-- bigint ids are written out
	PERFORM outbound.create_relations('numbered', 'bigint');
	INSERT INTO numbered.party (party_id, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, register, valid)
	SELECT party_id::bigint, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, register, valid FROM plain.party;
	INSERT INTO numbered.interest (holder_id, held_id, kind, share, source, valid) SELECT holder_id::bigint, held_id::bigint, kind, share, source, valid FROM plain.interest;
	INSERT INTO numbered.listing (party_id, list) SELECT party_id::bigint, list FROM plain.listing;
	CREATE VIEW columns.party AS SELECT register::varchar(20), party_id, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, valid FROM plain.party;
	CREATE VIEW columns.interest AS SELECT valid, source, share, kind, held_id, holder_id FROM plain.interest;
	CREATE VIEW computed.party AS SELECT party_id || '' AS party_id, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, register, valid FROM plain.party;
	CREATE VIEW computed.interest AS SELECT * FROM plain.interest WHERE holder_id <> '';
	CREATE TABLE parted.party (LIKE plain.party) PARTITION BY HASH (party_id);
	CREATE TABLE parted.party_0 PARTITION OF parted.party FOR VALUES WITH (MODULUS 2, REMAINDER 0);
	CREATE TABLE parted.party_1 PARTITION OF parted.party FOR VALUES WITH (MODULUS 2, REMAINDER 1);
	INSERT INTO parted.party SELECT * FROM plain.party;
	CREATE TABLE parted.interest (LIKE plain.interest) PARTITION BY LIST (kind);
	CREATE TABLE parted.interest_rest PARTITION OF parted.interest DEFAULT;
	INSERT INTO parted.interest SELECT * FROM plain.interest;
	CREATE TABLE several.party (LIKE plain.party);
	CREATE TABLE several.interest (LIKE plain.interest);
	CREATE TABLE several.more () INHERITS (several.interest);
	INSERT INTO several.party SELECT * FROM plain.party;
	INSERT INTO several.interest SELECT * FROM plain.interest WHERE kind <> 'equity';
	INSERT INTO several.more SELECT * FROM plain.interest WHERE kind IS NULL OR kind = 'equity';
END $$;

CREATE FUNCTION pg_temp.answers(source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	all_of_them text := '';
	test text;
	rows text;
BEGIN
	PERFORM outbound.configure('source_schema', source);
	FOREACH test IN ARRAY '{31 CFR 850.221,OFAC 50}'::text[] LOOP
		FOR day IN 2019..2022 LOOP
			SELECT string_agg(md5(m::text), ' ' ORDER BY m::text COLLATE "C") INTO rows
			FROM outbound.members(test, make_date(day, 6, 1), include_undisclosed => true) m;
			all_of_them := all_of_them || md5(rows) || ' ';
		END LOOP;
	END LOOP;
	RETURN all_of_them;
END $$;
SELECT pg_temp.make_others() \gset
RESET client_min_messages;

SELECT pg_temp.answers('plain') AS plain \gset
SELECT cardinality(string_to_array(trim(:'plain'), ' ')) AS answers, (SELECT count(DISTINCT a) FROM string_to_table(trim(:'plain'), ' ') a) AS distinct;
SELECT name, pg_temp.answers(name) = :'plain' AS equal FROM unnest('{columns,computed,parted,numbered,several}'::text[]) name;
-- a day on which a period is over, and one row more or less
DELETE FROM plain.interest WHERE ctid IN (SELECT ctid FROM plain.interest ORDER BY ctid LIMIT 20);
SELECT pg_temp.answers('columns') = pg_temp.answers('plain') AS equal, pg_temp.answers('plain') <> :'plain' AS different;
UPDATE plain.party SET party_id = pg_temp.longer(party_id);
UPDATE plain.interest SET holder_id = pg_temp.longer(holder_id), held_id = pg_temp.longer(held_id);
SELECT max(length(party_id)) FROM plain.party;
SELECT pg_temp.answers('columns') = pg_temp.answers('plain') AS columns, pg_temp.answers('computed') = pg_temp.answers('plain') AS computed;

-- privileges: of the table, of the columns that are read, of what a view may read
SET client_min_messages = error;
DROP ROLE IF EXISTS regress_outbound_whole;
CREATE ROLE regress_outbound_whole;
SELECT outbound.configure('source_schema', 'plain') \gset
RESET client_min_messages;
SELECT count(*) > 0 AS members FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true);
SET client_min_messages = error;
SET ROLE regress_outbound_whole;
SELECT count(*) > 0 AS members FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true);
RESET ROLE;
GRANT USAGE ON SCHEMA plain, columns TO regress_outbound_whole;
GRANT SELECT ON ALL TABLES IN SCHEMA columns TO regress_outbound_whole;
GRANT SELECT ON plain.activity, plain.listing, plain.financial, plain.deal TO regress_outbound_whole;
SET ROLE regress_outbound_whole;
SELECT count(*) > 0 AS members FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true);
RESET ROLE;
GRANT SELECT (party_id, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, located_in, register, valid) ON plain.party TO regress_outbound_whole;
GRANT SELECT (holder_id, held_id, kind, share, source) ON plain.interest TO regress_outbound_whole;
SET ROLE regress_outbound_whole;
SELECT count(*) > 0 AS members FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true);
RESET ROLE;
GRANT SELECT (valid) ON plain.interest TO regress_outbound_whole;
SET ROLE regress_outbound_whole;
SELECT count(*) > 0 AS members FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true);
RESET ROLE;
REVOKE SELECT (holder_id, held_id, kind, share, source, valid) ON plain.interest FROM regress_outbound_whole;
SELECT outbound.configure('source_schema', 'columns') \gset
SET ROLE regress_outbound_whole;
SELECT count(*) > 0 AS members FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true);
RESET ROLE;

-- row security has its say, whoever asks first
GRANT SELECT ON plain.interest TO regress_outbound_whole;
SELECT outbound.configure('source_schema', 'plain') \gset
CREATE POLICY shares ON plain.interest TO regress_outbound_whole USING (kind = 'voting');
ALTER TABLE plain.interest ENABLE ROW LEVEL SECURITY;
CREATE TEMP TABLE seen AS SELECT * FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true) WHERE grade = 'definite';
GRANT SELECT ON seen TO regress_outbound_whole;
SET ROLE regress_outbound_whole;
SELECT count(*) > 0 AS hidden FROM (SELECT party_id FROM seen EXCEPT SELECT party_id FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true) WHERE grade = 'definite') s;
SET row_security = off;
SELECT count(*) FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true);
RESET row_security;
RESET ROLE;
SELECT count(*) AS changed FROM (SELECT party_id FROM seen EXCEPT SELECT party_id FROM outbound.members('31 CFR 850.221', DATE '2022-06-01', true) WHERE grade = 'definite') s;

SET client_min_messages = error;
SELECT outbound.configure('source_schema', NULL) \gset
DROP SCHEMA plain, columns, computed, parted, numbered, several CASCADE;
DROP OWNED BY regress_outbound_whole;
DROP ROLE regress_outbound_whole;
RESET client_min_messages;
