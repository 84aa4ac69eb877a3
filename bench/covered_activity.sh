#!/bin/sh
# What covered_activity() costs a row, beside a hand-written CASE expression and a PL/pgSQL function.
# Connects as PGHOST, PGPORT, PGUSER and PGDATABASE say; the extension must be installed in the server.
#   bench/covered_activity.sh [rows]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
psql -XqAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS outbound'
exec psql -Xq -v rows="${1:-1000000}" -f "$here/covered_activity.sql"
