#!/bin/sh
# A book of deals screened in one statement, beside the ownership pass alone (members('31 CFR 850.221') and
# controlled_foreign_entities()) over the same graph in the same session. Writes rows of a Markdown table to standard output.
# Connects as PGHOST, PGPORT, PGUSER and PGDATABASE say, as a superuser; the extension must be installed in the server. Replaces schema bench.
#   bench/screening.sh                     PARTIES=20000 DEALS=2000; RUNS=3; LIMIT_SECONDS=300 a run
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${PARTIES:=20000}" "${DEALS:=2000}" "${RUNS:=3}" "${LIMIT_SECONDS:=300}"
psql -XqAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS outbound'
psql -XqAt -v ON_ERROR_STOP=1 -v parties="$PARTIES" -v kind=voting -f "$here/ownership_graph.sql"
psql -XqAt -v ON_ERROR_STOP=1 -v deals="$DEALS" -f "$here/screening.sql"
psql -XqAt -v ON_ERROR_STOP=1 <<SQL
SET search_path = outbound, bench, pg_catalog;
SET client_min_messages = error;
SET statement_timeout = '${LIMIT_SECONDS}s';
SET outbound.max_graph_memory = '6GB';
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TEMP TABLE run (what text, n int, ms float8, answer text);
CREATE TEMP TABLE asked AS SELECT row_number() OVER () AS n, * FROM (VALUES
	('ownership alone: members(''31 CFR 850.221'') and controlled_foreign_entities()',
	 'SELECT (SELECT count(*) FROM members(''31 CFR 850.221'')) || '' '' || (SELECT count(*) FROM controlled_foreign_entities())'),
	('the book by outcome: deal_screening', 'SELECT string_agg(outcome || '' '' || n, '', '' ORDER BY outcome) FROM (SELECT outcome, count(*) AS n FROM deal_screening GROUP BY 1) o'),
	('every column: (screen(d)).*', 'SELECT string_agg(outcome || '' '' || n, '', '' ORDER BY outcome) FROM (SELECT (s).outcome, count((s).readings) AS n FROM (SELECT screen(d) AS s FROM deal d OFFSET 0) v GROUP BY 1) o'))
	AS a (what, query);
-- each run in a transaction of its own, so that nothing is left from the one before
CREATE PROCEDURE pg_temp.measure(what text, query text, runs int) LANGUAGE plpgsql AS \$\$
DECLARE
	start timestamptz;
	answer text;
BEGIN
	FOR i IN 0 .. runs LOOP
		start := clock_timestamp();
		EXECUTE query INTO answer;
		IF i > 0 OR runs = 0 THEN
			INSERT INTO run VALUES (what, i, 1000 * extract(epoch FROM clock_timestamp() - start), answer);
		END IF;
		COMMIT;
	END LOOP;
END \$\$;
SELECT format('CALL pg_temp.measure(%L, %L, $RUNS)', what, query) FROM asked ORDER BY n \\gexec
WITH median AS (SELECT what, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms, min(answer) AS answer FROM run GROUP BY what)
SELECT format('| %s | %s | %s | %s ms | %s | %s | %s |', (SELECT count(*) FROM party), (SELECT count(*) FROM deal), what, round(ms::numeric),
	round((ms / first_value(ms) OVER (ORDER BY a.n))::numeric, 2),
	CASE WHEN a.n > 1 THEN round((1000 * ms / (SELECT count(*) FROM deal))::numeric) || ' µs' ELSE '' END, answer)
FROM median JOIN asked a USING (what) ORDER BY a.n;
SQL
