#!/usr/bin/env bash
# The private PostgreSQL cluster of one district: unix socket only, nothing listens on TCP.
#
#   RUN_DIR=.run schema/cluster.sh start     make it if needed, start it, deploy the schema
#                                  stop      stop it (`stop immediate`: as a crash would)
#                                  status    exit 0 when it answers
#                                  psql ...  psql as the administrator
#                                  env       shell lines: RUN_DIR and the three connection URLs
#                                  deploy [URL]  bring a schema up to date: this one or any other
#                                  copy DIR  begin with the data of the stopped cluster of RUN_DIR DIR
#                                  destroy   stop it and delete its data
#
# Root may not run PostgreSQL, so as root the cluster belongs to user postgres; any other user
# runs it himself. Its login is trusted because only its owner (and root) can enter the socket's
# directory. Where the data and the socket lie is noted in $RUN_DIR/cluster, because neither is
# always below RUN_DIR: user postgres may not enter a private home, and a socket's path ends at
# 107 bytes. MQT_PG_FSYNC=off trades safety after a power cut for speed: for tests only.
set -euo pipefail

schema_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${RUN_DIR:=$schema_dir/../.run}"
database=minqingtu
admin=mqt_admin

die() {
  echo "cluster: $*" >&2
  exit 1
}

find_bindir() {
  local dir
  for dir in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin; do
    [ -x "$dir/initdb" ] && { echo "$dir"; return; }
  done
  die "initdb was not found: install postgresql-15"
}

# Runs a PostgreSQL program as the cluster's owner, from a directory that everyone may enter.
as_owner() {
  if [ "$(id -un)" = "$owner" ]; then
    (cd / && exec "$@")
  else
    (cd / && exec runuser -u "$owner" -- "$@")
  fi
}

read_note() {
  base=
  socket=
  if [ -f "$RUN_DIR/cluster" ]; then
    base=$(sed -n 's/^base=//p' "$RUN_DIR/cluster")
    socket=$(sed -n 's/^socket=//p' "$RUN_DIR/cluster")
  fi
  data=$base/data
}

choose_owner() {
  if [ -n "$base" ] && [ -d "$base" ]; then
    owner=$(stat -c %U "$base")
  elif [ "$(id -u)" = 0 ]; then
    owner=postgres
  else
    owner=$(id -un)
  fi
  if [ "$(id -u)" != 0 ] && [ "$owner" != "$(id -un)" ]; then
    die "$base belongs to $owner: run this as root or choose another RUN_DIR"
  fi
}

# A directory below RUN_DIR when its owner can work there, else one beside his home.
choose_base() {
  [ -n "$base" ] && [ -d "$base" ] && return
  base=$RUN_DIR/pg
  mkdir -p "$base"
  chmod 0700 "$base"
  if [ "$(id -u)" = 0 ]; then
    chown "$owner" "$base"
    if ! as_owner test -w "$base"; then
      rmdir "$base"
      base=/var/lib/postgresql/minqingtu-$(printf %s "$RUN_DIR" | sha256sum | cut -c1-12)
      install -d -o "$owner" -m 0700 "$base"
    fi
  fi
  data=$base/data
}

# A socket directory that only the owner can enter. A long or unusual path goes to /tmp.
choose_socket() {
  if [ -n "$socket" ] && [ -d "$socket" ] && [ "$(stat -c '%U %a' "$socket")" = "$owner 700" ]; then
    return
  fi
  socket=$base/socket
  if [ ${#socket} -gt 80 ] || [[ $socket =~ [^A-Za-z0-9/._-] ]]; then
    socket=$(mktemp -d /tmp/mqt-XXXXXX)
    chown "$owner" "$socket"
  else
    as_owner mkdir -p -m 0700 "$socket"
  fi
}

# Made under another name and renamed when whole, so that a cut-off attempt is never mistaken for data.
init_data() {
  local sync=() making=$base/making
  [ "${MQT_PG_FSYNC:-on}" = off ] && sync=(--no-sync)
  as_owner rm -rf "$making"
  as_owner "$bindir/initdb" -D "$making" -U "$admin" --auth=trust -E UTF8 --locale=C.UTF-8 \
    "${sync[@]}" >"$RUN_DIR/initdb.log" 2>&1 || die "initdb failed, see $RUN_DIR/initdb.log"
  as_owner sh -c 'echo "include = '\''minqingtu.conf'\''" >>"$1/postgresql.conf"' sh "$making"
  as_owner mv "$making" "$data"
}

configure() {
  choose_socket
  as_owner tee "$data/minqingtu.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$socket'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = ${MQT_PG_BUFFERS:-256MB}
maintenance_work_mem = 128MB
work_mem = 16MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
fsync = ${MQT_PG_FSYNC:-on}
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  printf 'base=%s\nsocket=%s\n' "$base" "$socket" >"$RUN_DIR/cluster"
}

answers() {
  [ -n "$socket" ] && "$bindir/pg_isready" -q -h "$socket" -d postgres -U "$admin"
}

url() {
  echo "postgresql:///$database?host=$socket&user=$1"
}

# One query tells whether every change of the plan is deployed; sqitch itself takes seconds.
# sqitch notes the SHA-1 of each script, which shows one that was edited after it was deployed.
deployed() {
  local change want='' names='' have
  for change in $(sed -n 's/^\([a-z][a-z0-9_]*\) .*/\1/p' "$schema_dir/sqitch.plan"); do
    names+="$change "
    want+="$change:$(sha1sum <"$schema_dir/deploy/$change.sql" | cut -c1-40) "
  done
  have=$(psql -XAtq "$1" -c "select string_agg(change || ':' || script_hash, ' ' order by committed_at) || ' '
    from sqitch.changes where project = 'minqingtu'" 2>/dev/null) || return 1
  [ "$want" = "$have" ] && return
  [ "$names" = "$(sed 's/:[0-9a-f]*//g' <<<"$have")" ] || return 1
  echo "cluster: warning: a deploy script differs from the one that made this database" >&2
}

# sqitch takes a libpq URL when its scheme is spelt db:pg.
deploy() {
  [[ $1 == postgres*://* ]] || die "the database must be given as postgresql://user@host/name"
  psql -XAtq "$1" -c '' || die "the database cannot be reached"
  deployed "$1" && return
  command -v sqitch >/dev/null || die "sqitch was not found: install sqitch"
  # Its psql prints empty lines where a function returns void.
  (cd "$schema_dir" && sqitch --quiet deploy --verify "db:pg:${1#*:}") </dev/null 2>&1 | sed '/^$/d' >&2 ||
    die "the schema could not be deployed"
}

start() {
  mkdir -p "$RUN_DIR"
  exec 9>"$RUN_DIR/cluster.lock"
  flock -w 120 9 || die "another start of $RUN_DIR does not end"
  choose_base
  if ! answers; then
    as_owner test -d "$data" || init_data
    configure
    # The cluster outlives its caller, whose open files (a lock, say) it must not keep.
    as_owner "$bindir/pg_ctl" -D "$data" -l "$data/server.log" -w -t 60 start \
      >/dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- ||
      die "PostgreSQL does not start, see $data/server.log"
  fi
  if ! psql -XAtq -h "$socket" -U "$admin" -d "$database" -c 'select 1' >/dev/null 2>&1; then
    "$bindir/createdb" -h "$socket" -U "$admin" "$database"
  fi
  deploy "$(url $admin)"
}

copy() {
  local from
  from=$(sed -n 's/^base=//p' "$1/cluster")/data
  choose_base
  as_owner test ! -e "$data" || die "$RUN_DIR has data already"
  as_owner test ! -e "$from/postmaster.pid" || die "the cluster of $1 is running"
  as_owner cp -a "$from" "$data"
}

stop() {
  [ -n "$base" ] && as_owner test -f "$data/postmaster.pid" || return 0
  as_owner "$bindir/pg_ctl" -D "$data" -m "$1" -w -t 60 stop >/dev/null
}

mkdir -p "$RUN_DIR"
RUN_DIR=$(cd "$RUN_DIR" && pwd)
bindir=$(find_bindir)
read_note
choose_owner
command=${1:-}
shift || true
case $command in
  start) start ;;
  stop) stop "${1:-fast}" ;;
  status) answers ;;
  psql) exec psql -X "$(url $admin)" "$@" ;;
  env)
    [ -n "$socket" ] || die "there is no cluster in $RUN_DIR yet"
    printf 'export RUN_DIR=%q\n' "$RUN_DIR"
    for role in admin etl web; do
      echo "export MQT_${role^^}_URL='$(url mqt_$role)'"
    done
    ;;
  deploy) deploy "${1:-$(url $admin)}" ;;
  copy) copy "$1" ;;
  destroy)
    stop immediate || true
    if [ -n "$base" ]; then rm -rf "$base" "$socket" "$RUN_DIR/cluster"; fi
    ;;
  *)
    sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
