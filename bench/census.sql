-- What a census costs over the graph of ownership_graph.sql, in the database at hand: memory an interest, and the constants by which
-- load_census.c and spread_census.c choose a way. psql -f bench/census.sql, as a superuser, after ownership_graph.sql
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
SET search_path = outbound, bench, pg_catalog;
SET outbound.max_graph_memory = '16GB';
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TEMP TABLE timed (what text, ms float8);
CREATE PROCEDURE pg_temp.time(what text, query text) LANGUAGE plpgsql AS $$
DECLARE
	start timestamptz := clock_timestamp();
BEGIN
	EXECUTE query;
	INSERT INTO timed VALUES (what, 1000 * extract(epoch FROM clock_timestamp() - start));
	COMMIT;
END $$;
SELECT count(*) AS interests FROM interest \gset
SELECT count(*) AS parties FROM party \gset

-- the finished graph: ids, parties, table of ids, interests both ways, shares; then the backend's peak, the run and its answers and all
BEGIN;
SELECT count(*) AS members FROM members('31 CFR 850.221') \gset
SELECT :parties AS parties, :interests AS interests, round(sum(total_bytes) / :interests, 1) AS "bytes an interest, finished"
FROM pg_backend_memory_contexts WHERE name = 'outbound census';
COMMIT;
SELECT round(((regexp_match(status, 'VmHWM:\s*(\d+)'))[1]::numeric - (regexp_match(status, 'RssShmem:\s*(\d+)'))[1]::numeric) * 1024 / :interests, 1) AS "bytes an interest, backend's peak"
FROM (SELECT pg_read_file('/proc/self/status') AS status) s;

-- reading everything, and probes for ids that are there: PROBE_ROWS and SECONDS_PER_INTEREST
SELECT array_agg(held_id)::text AS some FROM (SELECT DISTINCT held_id FROM interest TABLESAMPLE BERNOULLI (2) REPEATABLE (206) LIMIT 20000) i \gset
SELECT cardinality(:'some'::text[]) AS n \gset
CALL pg_temp.time('census', 'SELECT count(*) FROM outbound.members(''OFAC 50'', include_undisclosed => true)');
CALL pg_temp.time('census', 'SELECT count(*) FROM outbound.members(''OFAC 50'', include_undisclosed => true)');
CALL pg_temp.time('census', 'SELECT count(*) FROM outbound.members(''OFAC 50'', include_undisclosed => true)');
CALL pg_temp.time('spread', 'SELECT count(*) FROM outbound.members(''OFAC 50'')');
CALL pg_temp.time('spread', 'SELECT count(*) FROM outbound.members(''OFAC 50'')');
CALL pg_temp.time('spread', 'SELECT count(*) FROM outbound.members(''OFAC 50'')');
SET enable_seqscan = off;
CALL pg_temp.time('probe', format('SELECT count(share) FROM bench.interest WHERE held_id = ANY (%L)', :'some'));
CALL pg_temp.time('probe', format('SELECT count(share) FROM bench.interest WHERE held_id = ANY (%L)', :'some'));
CALL pg_temp.time('probe', format('SELECT count(share) FROM bench.interest WHERE held_id = ANY (%L)', :'some'));
SELECT round((c.ms / :interests * 1000)::numeric, 3) AS "microseconds an interest, census", round((p.ms / :n * 1000)::numeric, 3) AS "microseconds a probe",
	round(((p.ms / :n) / (c.ms / :interests))::numeric, 1) AS "PROBE_ROWS", round((c.ms / s.ms)::numeric, 1) AS "census over spread"
FROM (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms FROM timed WHERE what = 'census') c,
	(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms FROM timed WHERE what = 'spread') s,
	(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms FROM timed WHERE what = 'probe') p;
