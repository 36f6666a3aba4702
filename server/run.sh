#!/usr/bin/env bash
# `make run`: packages, build, database, schema, sample, browser side, server; then it serves until
# Ctrl-C and stops what it started. What is there and up to date is skipped, so a second run keeps
# the data and serves at once.
#
#   PORT              8080
#   LISTEN            127.0.0.1
#   RUN_DIR           .run: the database, the sample's files, the tokens
#   SCALE             community: the sample's size; or district, or city
#   HOUSEHOLDS        1 brings the registers of a city's 6 million people too
#   SAMPLE            1 loads the sample although there is data, 0 never loads it
#   LIVE              a rate such as 60 (an hour) or 2/min at which invented tickets keep coming in
#   MQT_DATABASE_URL  an existing PostGIS database to use instead of a private one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
make=${MAKE:-make}
build=${BUILD:-.build}
: "${PORT:=8080}" "${LISTEN:=127.0.0.1}" "${RUN_DIR:=.run}" "${SCALE:=community}"
mkdir -p "$RUN_DIR"
RUN_DIR=$(cd "$RUN_DIR" && pwd)
export RUN_DIR
cluster=schema/cluster.sh
began=$EPOCHREALTIME
server=
live=
steps=6
step=0

die() {
  echo "run: $*" >&2
  exit 1
}

seconds_since() {
  awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'
}

# step TITLE COMMAND...: the command's own output shows that it goes on. A function given here must
# return its failures itself, because `set -e` does not reach into a condition.
step() {
  local title=$1 from=$EPOCHREALTIME
  shift
  step=$((step + 1))
  echo "[$step/$steps] $title"
  "$@" || die "step $step failed: $title"
  echo "      $(seconds_since "$from") s"
}

stop_all() {
  trap '' INT TERM HUP
  if [ -n "$live" ]; then
    kill "$live" 2>/dev/null || true
    wait "$live" || true
  fi
  if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
    kill "$server" && wait "$server" || true
    echo "mqt-server has stopped"
  fi
  # The note outlives a crash of this script, so the next run still knows whose cluster it is.
  if [ -f "$RUN_DIR/cluster-of-run" ]; then
    $cluster stop && rm "$RUN_DIR/cluster-of-run"
    echo "PostgreSQL has stopped"
  fi
}

database() {
  if [ -n "$MQT_DATABASE_URL" ]; then
    echo "      MQT_DATABASE_URL names an existing database: no cluster is made"
    etl_url=$MQT_DATABASE_URL
    web_url=$MQT_DATABASE_URL
    $cluster deploy "$MQT_DATABASE_URL"
    return
  fi
  $cluster status || touch "$RUN_DIR/cluster-of-run"
  $cluster start 8>&- || return
  eval "$($cluster env)" || return
  etl_url=$MQT_ETL_URL
  web_url=$MQT_WEB_URL
}

has_buildings() {
  [ "$(psql -XAtq "$etl_url" -c 'set role mqt_etl; select exists (select from twin.building)')" = t ]
}

# A note tells that loading began; it is taken away at the end, so a run that was cut off goes on.
sample() {
  local dir=$RUN_DIR/sample/$SCALE households=()
  # Smaller samples have their people anyhow. Files with and without them are different files.
  if [ "$SCALE" = city ] && [ "${HOUSEHOLDS:-0}" = 1 ]; then
    households=(--households)
    dir+=-households
  fi
  if [ "${SAMPLE:-}" = 0 ]; then
    echo "      not wanted (SAMPLE=0)"
    return
  fi
  if [ "${SAMPLE:-}" != 1 ] && [ ! -f "$RUN_DIR/sample-begun" ] && has_buildings; then
    echo "      the database has data, which is kept (SAMPLE=1 loads the sample into it)"
    return
  fi
  touch "$RUN_DIR/sample-begun"
  if [ ! -f "$dir/load.list" ]; then
    rm -rf "$dir.making"
    mkdir -p "$dir.making"
    "$build/mqt-etl" sample --scale "$SCALE" --seed 1 "${households[@]}" --out "$dir.making" || return
    rm -rf "$dir"
    mv "$dir.making" "$dir"
  fi
  MQT_DATABASE_URL=$etl_url etl/load-list.sh "$build/mqt-etl" "$dir" || return
  rm "$RUN_DIR/sample-begun"
}

# Random ones, made once. A token that the caller has set counts more.
tokens() {
  local name
  if [ ! -f "$RUN_DIR/tokens" ]; then
    (
      umask 077
      for name in MQT_WORK_TOKEN MQT_STEWARD_TOKEN; do
        echo "$name=$(od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n')"
      done >"$RUN_DIR/tokens.making"
      mv "$RUN_DIR/tokens.making" "$RUN_DIR/tokens"
    )
  fi
  while IFS='=' read -r name value; do
    [ -n "${!name:-}" ] || export "$name=$value"
  done <"$RUN_DIR/tokens"
}

port_is_taken() {
  [ "$PORT" != 0 ] && (exec 7<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}

announce() {
  local line
  while read -r line; do
    echo "$line"
    [[ $line == "listening on "* ]] || continue
    echo
    echo "  电子民情图 is at ${line#listening on }/ after $(seconds_since "$began") s. Ctrl-C stops it."
    echo "  Tokens for writing are in $RUN_DIR/tokens; load your own files with:"
    echo "    RUN_DIR='$RUN_DIR' MQT_DATABASE_URL='$etl_url' $build/mqt-etl load FILE"
    echo
  done
}

serve() {
  tokens
  MQT_DATABASE_URL=$web_url "$build/mqt-server" --port "$PORT" --listen "$LISTEN" --web web/dist \
    --styles web/styles --run-dir "$RUN_DIR" 8>&- > >(announce) &
  server=$!
}

# Beside the server, which does not know of it.
file_tickets() {
  [ -n "${LIVE:-}" ] || return 0
  MQT_DATABASE_URL=$etl_url "$build/mqt-etl" sample --live "$LIVE" --quiet 8>&- &
  live=$!
}

: "${MQT_DATABASE_URL:=}"
exec 8>"$RUN_DIR/run.lock"
flock -n 8 || die "a district is running in $RUN_DIR already; another one needs RUN_DIR=… PORT=…"
if port_is_taken; then die "port $PORT is in use; choose another one with PORT=…"; fi
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

step "Debian packages" .ci/packages.sh run
step "Building the programs" "$make" --no-print-directory -j"$(nproc)" programs
step "Building the browser side" "$make" --no-print-directory web
if [ -n "${LIVE:-}" ]; then
  "$build/mqt-etl" sample --live "$LIVE" --help >/dev/null || die "LIVE=$LIVE is no rate"
fi
step "PostgreSQL with PostGIS, schema" database
step "Sample district: $SCALE" sample
step "Serving" serve
file_tickets
# From here on Ctrl-C is how one ends it, no failure.
trap 'exit 0' INT TERM HUP
status=0
wait "$server" || status=$?
exit "$status"
