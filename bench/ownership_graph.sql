-- A register-like ownership graph of :parties parties in schema bench: the six relations of the contract and,
-- for the peers, the same stakes in a table of their own with numeric shares. Needs extension outbound.
--
-- What it follows (company registers, beneficial ownership data, the network literature):
--   46 % of the parties are natural persons; about 1.25 stakes a party; 20-character text ids in no order.
--   6 % of the entities list no holder, 42 % have exactly one (18 % of all stakes are exactly 100 %), the rest two and
--   more, geometrically (mean 3.6). A fifth of the pairs is 50:50: ties are common.
--   The others share unevenly, and now and then one holder has two lots.
--   Holders are scale-free: few hold very many. A holder that is an entity stands close by (one corporate group: chains
--   of 20 to 30 links, longer ones through the core) in seven of ten cases, else anywhere, the old and large more often.
--   One strongly connected core of 0.2 % of the parties, picked among the early ones so that much hangs below it; 0.1 % of the
--   entities in pairs that hold each other.
--   Registers are closed (the rest belongs to nobody of interest); a third of the larger ones lists less than 100 %.
--   4 % of the persons are citizens of CN, 30 % of US; 1 % of the entities are organized in CN, 25 % in US;
--   0.15 % of the parties are listed (SDN).
-- Every stake is one row of kind equity; setting "kind" tells another.
-- The tables are unlogged and get their keys and indexes once they are full: ten million parties take some two minutes.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET synchronous_commit = off;
SET work_mem = '1GB';
SET maintenance_work_mem = '1GB';
SET max_parallel_maintenance_workers = 1;
SET jit = off;
\if :{?kind}
\else
	\set kind equity
\endif
DROP SCHEMA IF EXISTS bench CASCADE;
SELECT outbound.create_relations('bench'), outbound.configure('source_schema', 'bench') \gset
SET search_path = bench, pg_catalog;
SELECT setseed(0.206) \gset

-- keys and indexes come when the tables are full
CREATE TEMP TABLE index_of AS
SELECT c.conname IS NOT NULL AS is_key, i.indrelid::regclass AS relation, coalesce(c.conname, x.relname) AS name,
	coalesce(pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) AS definition
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
WHERE i.indrelid IN ('party'::regclass, 'interest'::regclass, 'listing'::regclass);
SELECT format('ALTER TABLE %s SET UNLOGGED', relation) FROM index_of GROUP BY relation \gexec
SELECT CASE WHEN is_key THEN format('ALTER TABLE %s DROP CONSTRAINT %I', relation, name) ELSE format('DROP INDEX %I', name) END FROM index_of \gexec

CREATE FUNCTION party_id(i bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(substr(int8send(hashint8extended(i, 206)) || int8send(hashint8extended(i, 850)), 1, 10), 'hex');

-- parties 1 .. entities are entities, the others persons
SELECT floor(:parties * 0.54)::bigint AS entities, greatest(3, round(:parties * 0.002))::bigint AS core_size \gset

-- per entity how many holders, how much of it the register lists in basis points, whether two holders share evenly, how unevenly the others do
CREATE TEMP TABLE entity AS
SELECT i, CASE WHEN i <= 2 OR u < 0.06 THEN 0 WHEN u < 0.48 THEN 1 ELSE least(40, 2 + floor(ln(1 - v) / ln(0.62)))::int END AS n_holders,
	CASE WHEN random() < 0.7 THEN 10000 ELSE 4000 + floor(random() * 6000)::int END AS listed, random() < 0.3 AS even, 1 + 3 * random() AS skew
FROM (SELECT i, random() AS u, random() AS v FROM generate_series(1, :entities) i) e;

-- the core, in a ring with three chords a member; pairs that hold each other
CREATE TEMP TABLE core AS
SELECT i, row_number() OVER () - 1 AS place
FROM (SELECT i FROM entity WHERE n_holders > 1 ORDER BY random() * i LIMIT :core_size) c;
CREATE UNIQUE INDEX ON core (place);
CREATE UNIQUE INDEX ON core (i);
CREATE TEMP TABLE pair AS
SELECT i, lead(i) OVER (ORDER BY i) AS other, row_number() OVER (ORDER BY i) AS n
FROM (SELECT i FROM entity WHERE n_holders > 1 AND i NOT IN (SELECT i FROM core) ORDER BY random() LIMIT (:entities / 1000) * 2) p;
CREATE TEMP TABLE cross_stake AS
SELECT o.i AS holder, c.i AS held, 500 AS points FROM core c JOIN core o ON o.place = (c.place + 1) % :core_size
UNION ALL
SELECT DISTINCT o.i, c.i, 300 FROM (SELECT i, (random() * (:core_size - 1))::bigint AS chord FROM core, generate_series(1, 3)) c JOIN core o ON o.place = c.chord WHERE o.i <> c.i
UNION ALL
SELECT p.i, p.other, 400 FROM pair p WHERE n % 2 = 1 AND other IS NOT NULL
UNION ALL
SELECT p.other, p.i, 400 FROM pair p WHERE n % 2 = 1 AND other IS NOT NULL;
ANALYZE entity;
ANALYZE cross_stake;

-- every holder's part of what the register lists and the core or the pair leaves of it
CREATE UNLOGGED TABLE stake AS
SELECT party_id(holder) AS holder, party_id(held) AS held, 0.0001 * points AS share
FROM (SELECT i AS held, CASE WHEN u < CASE WHEN n_holders = 1 THEN 0.65 ELSE 0.25 END
				THEN greatest(1, CASE WHEN v < 0.7 THEN i - 1 - floor(w * 6) ELSE 1 + floor((i - 1) * w * w) END)::bigint
				ELSE :entities + 1 + floor((:parties - :entities) * w * sqrt(w))::bigint END AS holder,
			CASE WHEN n_holders = 1 THEN 10000
				WHEN n_holders = 2 AND listed = 10000 AND even THEN 5000
				ELSE round(listed * (0.3 * place + 0.7 * n_holders * (place / n_holders) ^ skew) / n_holders)
					- round(listed * (0.3 * (place - 1) + 0.7 * n_holders * ((place - 1) / n_holders) ^ skew) / n_holders) END::int AS points
	  FROM (SELECT *, random() AS u, random() AS v, random() AS w
			FROM (SELECT i, n_holders::float8, CASE WHEN c.held IS NULL THEN listed ELSE least(listed, 9999) - c.points END AS listed, even, skew,
					generate_series(1, n_holders)::float8 AS place
				  FROM entity LEFT JOIN (SELECT held, sum(points)::int AS points FROM cross_stake GROUP BY held) c ON c.held = i OFFSET 0) h OFFSET 0) d
	  UNION ALL
	  SELECT held, holder, points FROM cross_stake) s;

INSERT INTO party (party_id, name, kind, citizenship, permanent_residence, organized_under, principal_place_of_business, headquarters, located_in, register)
SELECT party_id(i), NULL, CASE WHEN i <= :entities THEN 'entity' ELSE 'individual' END,
	CASE WHEN i > :entities THEN ARRAY[CASE WHEN u < 0.04 THEN 'CN' WHEN u < 0.34 THEN 'US' WHEN u < 0.5 THEN 'GB' WHEN u < 0.65 THEN 'DE' ELSE 'SG' END] END,
	CASE WHEN i > :entities THEN '{}'::text[] END, country, country, country,
	CASE WHEN i <= :entities THEN country ELSE CASE WHEN u BETWEEN 0.04 AND 0.3 THEN 'US' ELSE 'GB' END END, 'closed'
FROM (SELECT i, u, CASE WHEN i <= :entities THEN CASE WHEN u < 0.01 THEN 'CN' WHEN u < 0.26 THEN 'US' WHEN u < 0.4 THEN 'KY' WHEN u < 0.7 THEN 'GB' ELSE 'DE' END END AS country
	  FROM (SELECT i, random() AS u FROM generate_series(1, :parties) i) p) p;

INSERT INTO interest (holder_id, held_id, kind, share)
SELECT holder, held, :'kind', outbound.share_of(share, 1) FROM stake;

INSERT INTO listing (party_id, list) SELECT party_id, 'SDN' FROM party WHERE random() < 0.0015;

SELECT definition FROM index_of WHERE NOT is_key \gexec
SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', relation, name, definition) FROM index_of WHERE is_key \gexec
CREATE INDEX ON stake (holder);
CREATE INDEX ON stake (held);
CREATE TABLE core_member AS SELECT party_id(i) AS party_id FROM core;
SET search_path = pg_catalog;
VACUUM ANALYZE bench.party;
VACUUM ANALYZE bench.interest;
VACUUM ANALYZE bench.listing;
VACUUM ANALYZE bench.stake;
CHECKPOINT;
