#!/usr/bin/env bash
# A throw-away PostgreSQL server for tests and benchmarks on this machine.
#
#   scripts/pg.sh start    start it (or reuse the one that runs) and print its URL
#   scripts/pg.sh url      print the URL of the running server; fails when there is none
#   scripts/pg.sh status   say whether it runs
#   scripts/pg.sh stop     stop it
#   scripts/pg.sh destroy  stop it and delete its files
#
# It listens on loopback only, on a free port, and trusts everybody there: never keep real data in it.
# Durability is switched off because a test database need not survive a power cut;
# AFTERCARE_PG_DURABLE=1 at the first start keeps it on, which is what benchmarks want.
# AFTERCARE_PG_DIR names another folder, for a second server beside the first.
set -euo pipefail
umask 022
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# The folder is outside the checkout: the server's own user may not be allowed to enter the checkout.
dir=${AFTERCARE_PG_DIR:-${TMPDIR:-/tmp}/aftercare-pg-$(id -u)-$(printf '%s' "$root" | cksum | cut -d' ' -f1)}
data=$dir/data
log=$dir/server.log

say() { printf 'pg.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

bin_dir() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
  if [ -n "$found" ] && [ -x "$found/initdb" ]; then echo "$found"; return; fi
  found=$(command -v initdb || true)
  [ -n "$found" ] || die "no PostgreSQL server programs found (Debian package: postgresql)"
  dirname "$(readlink -f "$found")"
}

# PostgreSQL refuses to run as root, so root hands over to an unprivileged user.
if [ "$(id -u)" = 0 ]; then
  runs_as=nobody
  if id postgres >/dev/null 2>&1; then runs_as=postgres; fi
  as_server() { (cd / && runuser -u "$runs_as" -- "$@"); }
else
  runs_as=$(id -un)
  as_server() { (cd / && "$@"); }
fi

running() { [ -f "$data/postmaster.pid" ] && as_server "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; }
port() { sed -n 4p "$data/postmaster.pid"; }
url() { printf 'postgres://postgres@127.0.0.1:%s/postgres\n' "$(port)"; }
answers() { as_server "$bin/pg_isready" -q -h 127.0.0.1 -p "$(port)" -t 3; }

free_port() {
  local try p
  for try in $(seq 1 50); do
    p=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    # A connection that is refused means that nobody listens there.
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null; then echo "$p"; return; fi
  done
  die "no free port found"
}

init() {
  rm -rf "$data"
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then chown "$runs_as" "$dir"; fi
  as_server "$bin/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "unix_socket_directories = ''"
    echo "max_connections = 200"
    echo "shared_buffers = '256MB'"
    echo "max_wal_size = '2GB'"
    echo "jit = off"
    echo "timezone = 'UTC'"
    echo "log_min_messages = 'warning'"
    echo "log_min_error_statement = 'panic'"
    if [ "${AFTERCARE_PG_DURABLE:-}" != 1 ]; then
      echo "fsync = off"
      echo "synchronous_commit = off"
      echo "full_page_writes = off"
    fi
  } | as_server tee -a "$data/postgresql.conf" >/dev/null
}

launch() {
  # The server must not keep this script's output open, or whoever reads it would wait for ever.
  as_server "$bin/pg_ctl" -D "$data" -l "$log" -w -t 60 -o "-p $1" start </dev/null >/dev/null 2>&1
}

start() {
  if running && answers; then url; return; fi
  # What a killed server or a reboot left behind is not worth repairing.
  if running; then as_server "$bin/pg_ctl" -D "$data" -m immediate -w -t 20 stop >/dev/null 2>&1 || true; fi
  if [ -f "$data/PG_VERSION" ] && [ "$(cat "$data/PG_VERSION")" = "$major" ]; then
    rm -f "$data/postmaster.pid"
  else
    init
  fi
  local try
  for try in 1 2 3; do
    if launch "$(free_port)"; then url; return; fi
    say "start attempt $try failed"
    tail -n 5 "$log" >&2 2>/dev/null || true
    if [ "$try" = 2 ]; then init; fi
  done
  die "the server did not start; see $log"
}

stop() {
  if running; then as_server "$bin/pg_ctl" -D "$data" -m fast -w -t 60 stop >/dev/null; fi
}

bin=$(bin_dir)
major=$("$bin/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')

# Two callers at once (two test runs) must not both create the server.
if [ "${1:-}" = start ] && command -v flock >/dev/null; then
  exec 9>"$dir.lock"
  flock -w 120 9
fi

case "${1:-}" in
  start) start 9>&- ;;
  url) if running && answers; then url; else die "not running"; fi ;;
  status) if running && answers; then say "running: $(url)"; else say "not running"; exit 3; fi ;;
  stop) stop ;;
  destroy) stop; rm -rf "$dir" "$dir.lock" ;;
  *) sed -n '2,12p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
