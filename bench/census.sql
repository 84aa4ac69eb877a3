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

-- bytes of this backend's peak, shared buffers left out
CREATE FUNCTION pg_temp.peak() RETURNS bigint LANGUAGE sql AS $$
	SELECT 1024 * ((regexp_match(status, 'VmHWM:\s*(\d+)'))[1]::bigint - (regexp_match(status, 'RssShmem:\s*(\d+)'))[1]::bigint)
	FROM (SELECT pg_catalog.pg_read_file('/proc/self/status') AS status) s
$$;

-- a backend that has answered a question about one person; the finished graph: ids, parties, interests both ways, shares, and the
-- answers; and what the backend had more than before when it had most: rows on their way and the table of ids, or the run
SELECT person_of_country_of_concern(party_id) AS one FROM party WHERE kind = 'individual' LIMIT 1 \gset
SELECT pg_temp.peak() AS before \gset
BEGIN;
SELECT count(*) AS members FROM members('31 CFR 850.221') \gset
SELECT sum(total_bytes) AS finished FROM pg_backend_memory_contexts WHERE name = 'outbound census' \gset
COMMIT;
SELECT :parties AS parties, :interests AS interests, round(:finished::numeric / :interests, 1) AS "bytes an interest, finished",
	round((pg_temp.peak() - :before)::numeric / :interests, 1) AS "at the peak", round(:before / 1e6, 1) AS "megabytes before";

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
