# Shell functions of test/run and demo/run: what to install, which server, how a private cluster finds a staged extension.
# POSIX sh; sourced, never run.

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# Prints the newest PostgreSQL major version that Debian's layout has installed, else the distribution's own.
default_version() {
	newest=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sed 's,^/usr/lib/postgresql/\([0-9]*\)/.*,\1,' | sort -n | tail -1)
	if [ -z "$newest" ] && command -v apt-cache >/dev/null 2>&1; then
		[ -n "$(apt-cache depends postgresql 2>/dev/null)" ] || as_root apt-get update -qq >/dev/null 2>&1 || true
		newest=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' | head -1)
	fi
	echo "${newest:-15}"
}

# Runs a command as root: directly, or through a sudo that asks nothing.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Installs those of the named Debian packages that are missing. No cluster is created or started on the way:
# the machine's own PostgreSQL, if there is one, is left as it is.
need_packages() {
	missing=
	for package in "$@"; do
		dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null 2>&1 || die "these Debian packages are missing:$missing"
	as_root true 2>/dev/null || die "not root and no sudo without a password; please install:$missing"
	say "Installing$missing"
	noise=$(mktemp)
	as_root apt-get update -qq >"$noise" 2>&1 || { cat "$noise" >&2; die "apt-get update failed"; }
	conf=/etc/postgresql-common/createcluster.conf
	saved=
	case "$missing" in
	*" postgresql-$PGVERSION"*)
		install_packages postgresql-common
		saved=$(mktemp)
		cat $conf > "$saved"
		printf 'create_main_cluster = false\n' | as_root tee $conf >/dev/null ;;
	esac
	install_packages $missing
	rm -f "$noise"
	if [ -n "$saved" ]; then as_root tee $conf < "$saved" >/dev/null; rm -f "$saved"; fi
}

# Installs packages for need_packages, quietly unless that fails.
install_packages() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$noise" 2>&1 && return
	cat "$noise" >&2
	[ -z "$saved" ] || as_root tee $conf < "$saved" >/dev/null
	die "apt-get install failed"
}

# Copies the sources of $1, without what a build leaves, into $2.
copy_tree() {
	(cd "$1" && tar -cf - --exclude=./.git --exclude=./.demo --exclude='*.o' --exclude='*.bc' --exclude='*.so' \
		--exclude='./outbound--*.sql' --exclude='*_gram.[ch]' --exclude='*_scan.c' --exclude=./results --exclude=./output_iso \
		--exclude='./tmp_check*' --exclude='./regression.*' --exclude='test/unit/*_test' --exclude='test/fuzz/*_fuzz' .) |
		tar -xf - -C "$2"
}

# Prints the settings that let a server of version $1 load an extension staged under $2.
staged_settings() {
	bin=/usr/lib/postgresql/$1/bin
	if [ "$1" -ge 18 ]; then
		printf "extension_control_path = '%s%s:\$system'\n" "$2" "$("$bin/pg_config" --sharedir)"
	else
		printf "extension_destdir = '%s'\n" "$2"
	fi
	printf "dynamic_library_path = '%s%s:\$libdir'\n" "$2" "$("$bin/pg_config" --pkglibdir)"
}

# Forgets every setting of libpq and of the shell that could point at another server.
forget_environment() {
	unset PGHOST PGHOSTADDR PGPORT PGUSER PGDATABASE PGPASSWORD PGPASSFILE PGSERVICE PGSERVICEFILE PGOPTIONS PGDATA PGAPPNAME \
		PGSSLMODE PGCLIENTENCODING PGTZ PGDATESTYLE PSQLRC MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES || true
}
