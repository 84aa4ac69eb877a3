#!/bin/sh
# How long after a cancel does a question go on?  Asks the dear questions over a generated register (ownership_graph.sql) and
# cancels each at moments drawn at random from its duration.  Prints per question the longest and the 99th percentile of
# the milliseconds between the moment of the cancel and the moment when the statement has given up, its memory freed.
# Connects as PGHOST, PGPORT, PGUSER and PGDATABASE say, as a superuser; the extension must be installed in the server, and
# schema bench of the database is replaced.
#   bench/cancel.sh [parties ...]              default 20000
#   TRIES=100                                  cancels a question
#   MEMORY=1GB                                 outbound.max_graph_memory; giving memory back takes some 30 ms a gigabyte
#   QUESTIONS='%'                              those whose names are like this
#   LONGEST=20                                 seconds after which a question is not waited for; cancels fall within them
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${TRIES:=100}" "${LONGEST:=20}" "${MEMORY:=1GB}" "${QUESTIONS:=%}"
[ $# -gt 0 ] || set -- 20000

for n in "$@"; do
	if [ -z "${KEEP_GRAPH:-}" ]; then
		psql -XqAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS outbound'
		psql -XqAt -v ON_ERROR_STOP=1 -v parties="$n" -v kind=voting -f "$here/ownership_graph.sql"
	fi
	printf '%s parties\n' "$n"
	psql -Xq -v ON_ERROR_STOP=1 -v tries="$TRIES" -v longest="$LONGEST" -v memory="$MEMORY" -v questions="$QUESTIONS" <<'SQL'
SET client_min_messages = error;
SET search_path = outbound, bench, pg_catalog;
SET outbound.max_graph_memory = :'memory';
SET jit = off;
SELECT setseed(0.5) \gset
CREATE TEMP TABLE question AS
SELECT row_number() OVER () AS n, * FROM (
	SELECT 'parents of a core member' AS what, format('SELECT count(*) FROM parents(%L::text)', max(party_id)) AS query FROM core_member
	UNION ALL SELECT 'subsidiaries of a core member', format('SELECT count(*) FROM subsidiaries(%L::text)', max(party_id)) FROM core_member
	UNION ALL SELECT 'subsidiaries of the largest hub',
		format('SELECT count(*) FROM subsidiaries(%L::text)', (SELECT holder FROM stake GROUP BY 1 ORDER BY count(*) DESC LIMIT 1))
	UNION ALL SELECT 'integrated holders of a core member', format('SELECT count(*) FROM holders(%L::text, ''integrated ownership'')', max(party_id)) FROM core_member
	UNION ALL SELECT 'integrated holdings of a core member', format('SELECT count(*) FROM holdings(%L::text, ''integrated ownership'')', max(party_id)) FROM core_member
	UNION ALL SELECT 'person of a country of concern, everybody', 'SELECT count(person_of_country_of_concern(party_id)) FROM party'
	UNION ALL SELECT 'members, OFAC 50', 'SELECT count(*) FROM members(''OFAC 50'', include_undisclosed => true)'
	UNION ALL SELECT 'members, 850.221', 'SELECT count(*) FROM members(''31 CFR 850.221'', include_undisclosed => true)'
	UNION ALL SELECT 'members, company control', 'SELECT count(*) FROM members(''company control'')'
	UNION ALL SELECT 'controlled foreign entities', 'SELECT count(*) FROM controlled_foreign_entities()'
	UNION ALL SELECT 'who would be, were one stake otherwise', format('SELECT count(*) FROM ownership_tipping(%L::text, %L::text, ''31 CFR 850.206'')', max(party_id), min(party_id)) FROM core_member
	UNION ALL SELECT 'chart of a core member', format('SELECT length(ownership_chart(%L::text, ''dot''))', max(party_id)) FROM core_member
	UNION ALL SELECT 'proof of a core member', format('SELECT count(*) FROM explain_ownership(%L::text, %L::text, ''31 CFR 850.206'')', min(party_id), max(party_id)) FROM core_member
	UNION ALL SELECT 'screening of deals in the core', 'SELECT count(*) FROM (SELECT screen(jsonb_build_object(''investor'', u.party_id, ''target'', c.party_id)) FROM core_member c, (SELECT party_id FROM party WHERE citizenship = ''{US}'' ORDER BY 1 LIMIT 3) u OFFSET 0) s WHERE s IS NOT NULL'
	UNION ALL SELECT 'input issues', 'SELECT count(*) FROM input_issues'
	UNION ALL SELECT 'verification', 'SELECT count(*) FROM verify(''31 CFR 850.221'')'
	UNION ALL SELECT 'what if the largest hub were bought', format('SELECT count(*) FROM what_if(jsonb_build_array(jsonb_build_object(''op'', ''add'', ''holder'', %L, ''held'', %L, ''kind'', ''voting'', ''share'', ''60%%'')), ''31 CFR 850.206'')',
		(SELECT min(party_id) FROM party WHERE kind = 'individual'), (SELECT holder FROM stake GROUP BY 1 ORDER BY count(*) DESC LIMIT 1))
	UNION ALL SELECT 'history of a core member', format('SELECT count(*) FROM status_history(%L::text, ''31 CFR 850.221'')', max(party_id)) FROM core_member
	UNION ALL SELECT 'parents of all that the largest hub controls', format('SELECT count(*) FROM subsidiaries(%L::text) s, parents(s.party_id)', (SELECT holder FROM stake GROUP BY 1 ORDER BY count(*) DESC LIMIT 1))
	UNION ALL SELECT 'a core member under all readings', format('SELECT count(*) FROM ownership_under_all_readings(%L::text, ''31 CFR 850.221'')', max(party_id)) FROM core_member
	UNION ALL SELECT 'members under all readings', 'SELECT count(*) FROM members_under_all_readings(''31 CFR 850.221'')'
	UNION ALL SELECT 'red flags', 'SELECT count(*) FROM red_flags(''BIS affiliates'', ''2025-10-15'')'
	) q WHERE what LIKE :'questions';
CREATE TEMP TABLE duration (n int, ms float8, error text);
CREATE TEMP TABLE late (n int, at float8, ms float8);

-- milliseconds that a question takes, and how it ends if not with an answer
CREATE FUNCTION pg_temp.ask(query text, OUT ms float8, OUT error text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
	ms := extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000;
EXCEPTION WHEN query_canceled OR program_limit_exceeded OR feature_not_supported OR no_data_found OR raise_exception THEN
	ms := extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000;
	error := SQLERRM;
END $$;

SELECT format('SET statement_timeout = %s', :longest * 1000), format('INSERT INTO duration SELECT %s, * FROM pg_temp.ask(%L)', n, query)
FROM question ORDER BY n \gexec
SELECT format('SET statement_timeout = %s', at), format('INSERT INTO late SELECT %s, %s, ms - %2$s FROM pg_temp.ask(%L) WHERE error LIKE ''%%statement timeout''', n, at, query)
FROM (SELECT n, query, 1 + floor(random() * ms)::int AS at FROM question JOIN duration USING (n), generate_series(1, :tries)) a ORDER BY n \gexec
RESET statement_timeout;
\pset null ''
SELECT what, round(d.ms::numeric, 1) AS "takes ms", count(l.ms) AS cancels, round(max(l.ms)::numeric, 1) AS "longest ms",
	round((percentile_cont(0.99) WITHIN GROUP (ORDER BY l.ms))::numeric, 1) AS "99 % ms",
	(SELECT round(at::numeric) FROM late WHERE late.n = q.n ORDER BY late.ms DESC LIMIT 1) AS "cancelled at", left(d.error, 50) AS ended
FROM question q JOIN duration d USING (n) LEFT JOIN late l USING (n) GROUP BY q.n, what, d.ms, d.error ORDER BY q.n;
SQL
done
