#!/usr/bin/env bash
# Makes a stopped cluster that test suites copy, once a build, and prints its RUN_DIR.
#
#   tests/support/prepare.sh empty       with the schema
#   tests/support/prepare.sh community   with the schema and that sample, loaded
#
# The sample's survey files lie in its sample/SCALE. It is made anew when the schema or the loader
# has changed, and each day, because its tickets are recent ones. MQT_BUILD names the build directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
what=$1
build=$(realpath -m "${MQT_BUILD:-.build}")
export RUN_DIR=$build/prepared/$what MQT_PG_FSYNC=off
mkdir -p "$RUN_DIR"
exec 8>"$build/prepared/$what.lock"
flock -w 600 8

key=$( (cat schema/sqitch.plan schema/deploy/*.sql schema/cluster.sh
  [ "$what" = empty ] || { cat "$build/mqt-etl"; date +%F; }) | sha256sum | cut -c1-40)
if [ "$(cat "$RUN_DIR/key" 2>/dev/null)" != "$key" ]; then
  # No `make_it || …`: in a condition `set -e` would let a failed step pass.
  exec 3>&1 4>&2 >"$RUN_DIR/prepare.log" 2>&1
  trap 'schema/cluster.sh stop; tail -n 20 "$RUN_DIR/prepare.log" >&4' EXIT
  schema/cluster.sh destroy
  rm -rf "$RUN_DIR/sample" "$RUN_DIR/key"
  schema/cluster.sh start 3>&- 4>&- 8>&-
  if [ "$what" != empty ]; then
    eval "$(schema/cluster.sh env)"
    "$build/mqt-etl" sample --scale "$what" --seed 1 --out "$RUN_DIR/sample/$what"
    MQT_DATABASE_URL=$MQT_ETL_URL etl/load-list.sh "$build/mqt-etl" "$RUN_DIR/sample/$what"
  fi
  schema/cluster.sh stop
  trap - EXIT
  exec >&3 2>&4 3>&- 4>&-
  echo "$key" >"$RUN_DIR/key"
fi
echo "$RUN_DIR"
