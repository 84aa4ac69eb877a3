-- members() of a test whose seeds are listed reads what those seeds reach, where indexes make that shorter and nobody is
-- to be told how many are possible only through undisclosed holders. Both ways must give the same rows, whatever the data.
SET client_min_messages = error;
DROP SCHEMA IF EXISTS spread CASCADE;
SELECT setseed(0.398) \gset

CREATE FUNCTION pg_temp.pick(VARIADIC words text[]) RETURNS text LANGUAGE sql VOLATILE RETURN words[1 + floor(random() * cardinality(words))];

-- a world of its own a round, dirty and with ranges in some; p(i) is the id of the i-th party
CREATE PROCEDURE pg_temp.make_world(dirty boolean, ranges boolean) LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE party, interest, listing;
	ALTER TABLE party SET (autovacuum_enabled = false);
	ALTER TABLE interest SET (autovacuum_enabled = false);
	INSERT INTO party (party_id, kind, organized_under, register, valid)
	SELECT pg_temp.p(i), pg_temp.pick('entity', 'entity', 'entity', 'individual', 'pooled_fund', CASE WHEN dirty THEN NULL ELSE 'government' END),
		pg_temp.pick('DE', 'US', 'FR', CASE WHEN dirty THEN NULL ELSE 'GB' END),
		pg_temp.pick('closed', 'complete', CASE WHEN dirty THEN NULL ELSE 'closed' END),
		CASE WHEN random() < 0.03 THEN daterange('1999-01-01', '2000-01-01') ELSE '(,)' END
	FROM generate_series(1, CASE WHEN dirty THEN 140 ELSE 160 END) i;
	INSERT INTO interest (holder_id, held_id, kind, share, source, valid)
	SELECT pg_temp.p((8 * block + 1 + floor(random() * 9))::int), pg_temp.p((8 * block + 1 + floor(random() * 8))::int),
		CASE WHEN random() < 0.8 THEN pg_temp.pick('equity', 'equity', 'equity', 'voting', 'board')
			ELSE pg_temp.pick('direction', 'acts_for', 'branch_of', 'general_partner', 'contingent_equity', CASE WHEN dirty THEN 'whatever' ELSE 'profits' END) END,
		pg_temp.pick('50%', '25%', '10%', '40%', '30%', '20%', '60%', '5%', '1/3', '1/6', '49.999999999999999%', '100%', '100%',
			CASE WHEN ranges THEN '(25%,50%]' ELSE '12.5%' END, CASE WHEN ranges THEN '>50%' ELSE '1/7' END, CASE WHEN ranges THEN NULL ELSE '0' END)::outbound.share,
		CASE WHEN random() < 0.1 THEN 'other' END, CASE WHEN random() < 0.05 THEN daterange('1999-01-01', '2000-01-01') ELSE '(,)' END
	FROM (SELECT floor(random() * 20)::int AS block FROM generate_series(1, 260)) b;
	INSERT INTO listing (party_id, list, valid)
	SELECT pg_temp.p(i), CASE WHEN dirty AND random() < 0.1 THEN 'unheard of' ELSE pg_temp.pick('SDN', 'EU', 'EL', 'MEU', 'SSI-1', 'CH') END,
		CASE WHEN random() < 0.05 THEN daterange('1999-01-01', '2000-01-01') ELSE '(,)' END
	FROM generate_series(1, 170) i, generate_series(1, 2) WHERE random() < 0.15;
	-- so that the planner believes reading everything to be dear
	UPDATE pg_class SET reltuples = 1e6, relpages = 1 WHERE oid IN ('party'::regclass, 'interest'::regclass);
END $$;

-- scans of everything in this transaction
CREATE FUNCTION pg_temp.scans() RETURNS bigint LANGUAGE sql VOLATILE 
	RETURN (SELECT sum(seq_scan) FROM pg_stat_xact_user_tables WHERE relname = 'interest');

-- rounds in which the two ways differ, and answers that were spread
CREATE PROCEDURE pg_temp.compare(rounds int, INOUT different bigint, INOUT answers bigint, INOUT spread bigint, INOUT beyond_seeds boolean) LANGUAGE plpgsql AS $$
DECLARE
	asked text;
	found bigint;
	scanned bigint;
	beyond bigint := 0;
BEGIN
	different := 0;
	answers := 0;
	spread := 0;
	FOR round IN 1..rounds LOOP
		CALL pg_temp.make_world(round % 3 = 0, round % 2 = 0);
		COMMIT;
		FOREACH asked IN ARRAY '{OFAC 50,EU,BIS affiliates,OFAC SSI,Switzerland,31 CFR 850.224(m)(4)}'::text[] LOOP
			scanned := pg_temp.scans();
			CREATE TEMP TABLE by_spread AS SELECT * FROM outbound.members(asked, '2025-10-15');
			spread := spread + (pg_temp.scans() IS NOT DISTINCT FROM scanned)::int;
			COMMIT;
			SELECT count(*) INTO found
			FROM by_spread s FULL JOIN (SELECT * FROM outbound.members(asked, '2025-10-15', include_undisclosed => true) WHERE grade <> 'undisclosed') m USING (party_id)
			WHERE (s.grade, s.tier, s.limb) IS DISTINCT FROM (m.grade, m.tier, m.limb);
			answers := answers + 1;
			different := different + (found > 0)::int;
			beyond := beyond + (SELECT count(*) FROM by_spread WHERE tier = 2);
			DROP TABLE by_spread;
			COMMIT;
		END LOOP;
	END LOOP;
	beyond_seeds := beyond > 0;
END $$;

-- ids of each type; with the index for holdings in oneself, and without
SELECT outbound.create_relations('spread'), outbound.configure('source_schema', 'spread') \gset
SET search_path = spread;
CREATE FUNCTION pg_temp.p(i int) RETURNS text LANGUAGE sql IMMUTABLE RETURN 'p' || i;
CALL pg_temp.compare(15, 0, 0, 0, false);
DROP INDEX interest_held_id_idx1;
CALL pg_temp.compare(15, 0, 0, 0, false);
-- without an index for what a party holds everything is read
DROP INDEX interest_holder_id_idx;
CALL pg_temp.compare(2, 0, 0, 0, false);

-- views over the firm's own tables
CREATE SCHEMA own;
ALTER TABLE interest SET SCHEMA own;
ALTER TABLE party SET SCHEMA own;
ALTER TABLE listing SET SCHEMA own;
CREATE INDEX ON own.interest (holder_id);
CREATE VIEW spread.interest AS SELECT * FROM own.interest WHERE kind IS DISTINCT FROM 'board';
CREATE VIEW spread.party AS SELECT * FROM own.party;
CREATE VIEW spread.listing AS SELECT * FROM own.listing;
SET search_path = own;
CALL pg_temp.compare(6, 0, 0, 0, false);
DROP SCHEMA own CASCADE;

DROP SCHEMA spread CASCADE;
SELECT outbound.create_relations('spread', 'bigint'), outbound.configure('source_schema', 'spread') \gset
SET search_path = spread;
DROP FUNCTION pg_temp.p;
CREATE FUNCTION pg_temp.p(i int) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN i;
CALL pg_temp.compare(6, 0, 0, 0, false);
DROP SCHEMA spread CASCADE;
SELECT outbound.create_relations('spread', 'uuid'), outbound.configure('source_schema', 'spread') \gset
DROP FUNCTION pg_temp.p;
CREATE FUNCTION pg_temp.p(i int) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(i::text)::uuid;
CALL pg_temp.compare(6, 0, 0, 0, false);

-- whoever may see the notice is told how many are possible only through undisclosed holders: everything is read
TRUNCATE party, interest, listing;
INSERT INTO interest (holder_id, held_id, kind, share) VALUES (pg_temp.p(1), pg_temp.p(2), 'equity', '60%'), (pg_temp.p(3), pg_temp.p(4), 'equity', '10%');
INSERT INTO listing (party_id, list) VALUES (pg_temp.p(1), 'SDN'), (pg_temp.p(9), 'SDN');
UPDATE pg_class SET reltuples = 1e6, relpages = 1 WHERE oid IN ('party'::regclass, 'interest'::regclass);
SELECT grade, tier, limb FROM outbound.members('OFAC 50') ORDER BY tier;
SET client_min_messages = notice;
SELECT grade, tier, limb FROM outbound.members('OFAC 50') ORDER BY tier;
SET client_min_messages = error;

RESET search_path;
SELECT outbound.configure('source_schema', NULL) \gset
DROP SCHEMA spread CASCADE;
