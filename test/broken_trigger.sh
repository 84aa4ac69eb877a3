#!/bin/sh
# Breaks the trigger on purpose, one way at a time, and checks that a test notices: test/broken_trigger.sh.
# Each line below is a file, a sed script that breaks it, and the promise that is broken.  Works in copies of the
# tree, with a throw-away cluster; takes PGVERSION.  Run as any user but root.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
bin=/usr/lib/postgresql/${PGVERSION:-15}/bin
pgxs=$(dirname "$("$bin/pg_config" --pgxs)")/../..
work=$(mktemp -d "${TMPDIR:-/tmp}/outbound.XXXXXX")
trap '"$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
. "$top/test/lib.sh"

mkdir "$work/src" "$work/stage" "$work/socket"
cp -R "$top/." "$work/src"
cd "$work/src"
"$bin/initdb" -D "$work/data" -A trust -E UTF8 --no-locale -N >/dev/null
staged_settings "${PGVERSION:-15}" "$work/stage" >> "$work/data/postgresql.conf"
cat >> "$work/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work/socket'
fsync = off
CONF

build() {
	make -s -j2 PG_CONFIG="$bin/pg_config" with_llvm=no >"$work/make.log" 2>&1 || { cat "$work/make.log"; exit 1; }
	make -s install DESTDIR="$work/stage" PG_CONFIG="$bin/pg_config" with_llvm=no >/dev/null
}

# True if every test of the trigger passes.
passes() {
	"$pgxs/src/test/regress/pg_regress" --bindir="$bin" --inputdir=test --outputdir="$work" --host="$work/socket" \
		--load-extension=outbound trigger >"$work/regress.log" 2>&1 &&
	"$pgxs/src/test/isolation/pg_isolation_regress" --bindir="$bin" --inputdir=test/isolation --outputdir="$work" \
		--host="$work/socket" --load-extension=outbound trigger_race >"$work/isolation.log" 2>&1
}

build
"$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start >/dev/null
passes || { cat "$work/regress.log" "$work/isolation.log"; echo "the unbroken trigger fails its tests"; exit 1; }

missed=0 caught=0
while IFS='~' read -r file script promise; do
	case "$file" in ''|'#'*) continue ;; esac
	cp "$file" "$work/saved"
	sed -i "$script" "$file"
	if cmp -s "$file" "$work/saved"; then echo "no longer applies: $promise"; missed=$((missed + 1)); continue; fi
	build
	if passes; then echo "NOT NOTICED: $promise"; missed=$((missed + 1)); else echo "noticed: $promise"; caught=$((caught + 1)); fi
	cp "$work/saved" "$file"
done <<'MUTATIONS'
src/enforce/trigger.c~s/if (!TRIGGER_FIRED_AFTER(trigdata->tg_event))/if (false)/~BEFORE is refused
src/enforce/trigger.c~s/if (!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))/if (false)/~statement level is refused
src/enforce/trigger.c~s/TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ? trigdata->tg_newslot : trigdata->tg_trigslot/trigdata->tg_trigslot/~an update is judged by the new row
src/enforce/trigger.c~s/!deal_changed(guarded->columns/!!deal_changed(guarded->columns/~only an update of a mapped fact is screened
src/enforce/trigger.c~s/ && !written_here(trigdata->tg_trigslot)//~a deferred row that its transaction updates is screened
src/enforce/trigger.c~s/return !table_tuple_satisfies_snapshot(.*/return false;/~a deferred row that is gone is not screened
src/enforce/trigger.c~s/if (!has_versions(trigdata->tg_relation) .*/if (false ||/;s/^\t\ttrigger->tgnattr > 0 .*/\t\tfalse)/~a deferred row is screened where updates do not fire the trigger
src/enforce/trigger.c~s/^\tSetUserIdAndSecContext(owner, .*/\t(void) owner;/~the trigger reads as the owner of the relations
src/enforce/trigger.c~s/ . SECURITY_NOFORCE_RLS//~forced row security does not blind the owner
src/enforce/trigger.c~s/^\tSetUserIdAndSecContext(caller, context);/\t(void) caller;/~the caller is himself again afterwards
src/enforce/trigger.c~s/^\tPushActiveSnapshot(GetTransactionSnapshot());/\tPushActiveSnapshot(GetActiveSnapshot());/~what is committed when the trigger fires is seen
src/enforce/trigger.c~s/^\tCommandCounterIncrement();//~what the same statement wrote is seen
src/enforce/trigger.c~s/(is_open(screening) \&\& strcmp/(false \&\& strcmp/~undetermined is blocked where it is so configured
src/enforce/trigger.c~s/ \&\& screening->at_most > OUTCOME_UNDETERMINED//~what is harmless either way goes in
src/enforce/trigger.c~s/^\tif (!guarded->blocked)$/\tif (false)/~what is let in is recorded
src/enforce/trigger.c~s/if (pg_class_aclcheck(relid.*/if (false \&\&/;s/^\t\t\tcheck_enable_rls(relid, InvalidOid, true) == RLS_ENABLED)/\t\t\ttrue)/~evidence only for those who may read
src/enforce/trigger.c~s/relid = llast_oid(get_partition_ancestors(relid));//~a decision names the table, not the partition
src/enforce/determination.c~s/"AND o.expires OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp() "//~an approval lapses
src/enforce/determination.c~s/"WHERE o.investor OPERATOR(pg_catalog.=) $1 AND/"WHERE $1 IS NOT NULL AND/~an approval is for one investor
src/enforce/deal_columns.c~s/column_of\[fact\] = column;/column_of[fact] = column + 1;/~arguments map facts to columns
src/enforce/block_report.c~s/^\t\t\t errtableconstraint(report->rel, report->constraint)));/\t\t\t 0));/~the error names table and constraint
sql/80_enforce.sql~s/^SET search_path = pg_catalog, pg_temp$//~the caller's search_path is nobody's business
MUTATIONS
echo "$caught noticed, $missed not"
[ "$missed" = 0 ]
