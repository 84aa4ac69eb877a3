#!/bin/sh
# Ownership questions over generated registers (ownership_graph.sql says what they follow), beside what a user
# would run instead (ownership_peers.sql, duckdb.mjs), in one run on the same tables. Fills schema measured;
# results.sql writes it up. Connects as PGHOST, PGPORT and PGUSER say, as a superuser; the extension must be installed in the server.
#   bench/ownership.sh [parties ...]           default 10000 100000 1000000
#   LIMIT_SECONDS=300                          a run that takes longer is "over", and its contender is not tried again
#   RUNS=3                                     runs that are counted, after one that is not
#   GRAPH_MEMORY=6GB                           outbound.max_graph_memory
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${LIMIT_SECONDS:=300}" "${RUNS:=3}" "${GRAPH_MEMORY:=6GB}"
[ $# -gt 0 ] || set -- 10000 100000 1000000

sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

# Measures one contender in a session of its own: parties, question, contender, query, who is asked about (a row of bench.sample, or nothing), runs
measure() {
	printf '  %-42s %-28s' "$2" "$3" >&2
	if sql -v n="$1" -v q="$2" -v c="$3" -v query="$4" -v who="${5:-}" -v runs="${6:-$RUNS}" -v seconds="$LIMIT_SECONDS" >/dev/null 2>"$errors" <<SQL
SET search_path = outbound, bench, pg_catalog;
SET client_min_messages = error;
SET work_mem = '256MB';
SET outbound.max_graph_memory = '$GRAPH_MEMORY';
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SELECT set_config('bench.began', clock_timestamp()::text, false) \\gset
SET statement_timeout = '${LIMIT_SECONDS}s';
SELECT format('CALL bench.measure(%s, %L, %L, %L, %L, %s, %s)', :n, :'q', :'c', :'query', asked, run, :seconds)
FROM (SELECT NULL AS asked, 1 AS place WHERE :'who' = '' UNION ALL
	  SELECT asked, place FROM bench.sample, unnest(parties) WITH ORDINALITY u (asked, place) WHERE who = :'who') a, generate_series(0, :runs) run
ORDER BY place, run \\gexec
INSERT INTO measured.memory
SELECT :n, :'q', :'c', (regexp_match(status, 'VmHWM:\\s*(\\d+)'))[1]::bigint, (regexp_match(status, 'RssShmem:\\s*(\\d+)'))[1]::bigint
FROM (SELECT pg_read_file('/proc/self/status') AS status) s;
SQL
	then
		sql -c "SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 3) || ' ms' FROM measured.run WHERE (parties, question, contender) = ($1, '$2', '$3')" >&2
	else
		error=$(sed -n 's/^\(psql:[^ ]* \)\{0,1\}ERROR: *//p' "$errors" | head -1)
		printf '%s\n' "$error" >&2
		sql -v who="${5:-}" -v error="$error" <<SQL
INSERT INTO measured.run (parties, question, contender, asked, run, error) VALUES ($1, '$2', '$3', nullif(:'who', ''), 0, :'error');
SQL
	fi
}

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
sql -c 'SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS outbound; DROP SCHEMA IF EXISTS measured CASCADE; CREATE SCHEMA measured'
for n in "$@"; do
	printf '%s parties\n' "$n" >&2
	sql -v parties="$n" -f "$here/ownership_graph.sql"
	sql -f "$here/ownership_peers.sql"
	sql -c 'SET client_min_messages = warning' -c "CREATE TABLE IF NOT EXISTS measured.graph (parties bigint, stakes bigint, whole float8, core bigint, persons float8);
		INSERT INTO measured.graph SELECT $n, (SELECT count(*) FROM bench.stake), (SELECT avg((share = 1)::int) FROM bench.stake),
			(SELECT count(*) FROM bench.core_member), (SELECT avg((kind = 'individual')::int) FROM bench.party)"

	# one party: entities that somebody holds; a member of the core, whose cones are the largest; holders; the largest holder
	sql -c 'SET client_min_messages = warning' -c "CREATE TABLE bench.sample AS
		SELECT 'typical' AS who, array_agg(held) AS parties FROM (SELECT DISTINCT held FROM bench.stake ORDER BY 1 LIMIT 101) t
		UNION ALL SELECT 'hub', array_agg(party_id) FROM (SELECT party_id FROM bench.core_member ORDER BY 1 LIMIT 1) t
		UNION ALL SELECT 'owner', array_agg(holder) FROM (SELECT DISTINCT holder FROM bench.stake ORDER BY 1 LIMIT 101) t
		UNION ALL SELECT 'largest owner', array_agg(holder) FROM (SELECT holder FROM bench.stake GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) t"
	for who in typical hub; do
		if [ $who = typical ]; then runs=1; else runs=$RUNS; fi
		measure "$n" "person of a country of concern, $who" outbound 'SELECT person_of_country_of_concern($1)' $who "$runs"
		measure "$n" "person of a country of concern, $who" 'PL/pgSQL, same answer' 'SELECT bench.peer_221_one($1)' $who "$runs"
		measure "$n" "person of a country of concern, $who" 'recursive CTE, nexus alone' 'SELECT bench.peer_nexus($1)' $who "$runs"
	done

	# the whole graph
	measure "$n" 'members of 31 CFR 850.221' outbound "SELECT count(*) FROM members('31 CFR 850.221') WHERE grade = 'definite'"
	measure "$n" 'members of 31 CFR 850.221' 'PL/pgSQL, semi-naive' 'SELECT bench.peer_221()'
	measure "$n" 'members of OFAC 50' outbound "SELECT count(*) FROM members('OFAC 50') WHERE grade = 'definite'"
	measure "$n" 'members of OFAC 50' 'PL/pgSQL, semi-naive' 'SELECT bench.peer_ofac()'
	measure "$n" 'members of OFAC 50 and all possible ones' outbound "SELECT count(*) FROM members('OFAC 50', include_undisclosed => true) WHERE grade = 'definite'"
	measure "$n" 'a scalar for every party' outbound 'SELECT count(*) FROM bench.party WHERE person_of_country_of_concern(party_id)'
	if [ -n "${DUCKDB:-}" ]; then
		sql -c "COPY bench.stake TO STDOUT CSV" > "$DUCKDB/stake.csv"
		sql -c "COPY (SELECT party_id FROM bench.base_person) TO STDOUT CSV" > "$DUCKDB/base.csv"
		sql -c "COPY (SELECT DISTINCT party_id FROM bench.listing WHERE list = 'SDN') TO STDOUT CSV" > "$DUCKDB/listed.csv"
		node "$here/duckdb.mjs" "$DUCKDB" "$n" "$RUNS" "$LIMIT_SECONDS" | sql || printf '  DuckDB: failed\n' >&2
	fi

	# parents are told by votes
	sql -c "SET maintenance_work_mem = '1GB'" -c "ALTER TABLE bench.interest ALTER kind TYPE text USING 'voting'" -c 'VACUUM ANALYZE bench.interest' -c CHECKPOINT
	for who in typical hub; do
		measure "$n" "controlled foreign entity, $who" outbound 'SELECT controlled_foreign_entity($1)' $who 1
		measure "$n" "parents, $who" outbound 'SELECT count(*) FROM parents($1)' $who 1
		measure "$n" "parents, $who" 'recursive CTE, chains alone' 'SELECT bench.peer_controllers($1)' $who 1
	done
	measure "$n" 'all controlled foreign entities' outbound "SELECT count(*) FROM controlled_foreign_entities() WHERE grade = 'definite'"
	measure "$n" 'every attributed share of at least 1 % of every U.S. person' outbound "SELECT count(*) FROM attributed_shares('31 CFR 850.206', '1%')"
	measure "$n" '... of at least one in a million' outbound "SELECT count(*) FROM attributed_shares('31 CFR 850.206', '0.0001%')"
	measure "$n" 'all that one controls, typical' outbound 'SELECT count(*) FROM subsidiaries($1)' owner 1
	measure "$n" 'all that one controls, typical' 'PL/pgSQL, no leak alone' 'SELECT bench.peer_controlled($1)' owner 1
	measure "$n" 'all that one controls, hub' outbound 'SELECT count(*) FROM subsidiaries($1)' 'largest owner' 1
	measure "$n" 'all that one controls, hub' 'PL/pgSQL, no leak alone' 'SELECT bench.peer_controlled($1)' 'largest owner' 1
done
