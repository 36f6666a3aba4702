#!/usr/bin/env bash
# Rows a second from a survey file into the served tables, beside ogr2ogr's COPY of the same file into a
# plain table with a spatial index. Checks, hashes, history and the feed are what the loader does more.
#
#   BUILD=DIR tests/bench/load.sh [ROUNDS]
#
# The district's buildings, laid out BENCH_COPIES times (8) beside each other with codes of their own. In
# every round each of the three works once, in turn: ogr2ogr, the first load, the same load again. The
# counts of rows read must agree. Prints medians and writes nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$(realpath -m "${BUILD:-.build}")
rounds=${1:-3}
copies=${BENCH_COPIES:-8}
export MQT_BUILD=$build

prepared=$(tests/support/prepare.sh empty)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mqt-bench-load-XXXXXX")
chmod 0711 "$scratch"
export RUN_DIR=$scratch/run
trap 'schema/cluster.sh destroy || true; rm -rf "$scratch"' EXIT
schema/cluster.sh copy "$prepared"
schema/cluster.sh start
eval "$(schema/cluster.sh env)"

sql() {
  psql -XAtqv ON_ERROR_STOP=1 "$MQT_ADMIN_URL" -c "$1"
}

"$build/mqt-etl" sample --scale district --seed 1 --out "$scratch/sample" >/dev/null
file=$scratch/buildings.gpkg
ogr2ogr -q -f GPKG "$scratch/one.gpkg" "$scratch/sample/楼栋.shp" --config SHAPE_ENCODING CP936 -nlt PROMOTE_TO_MULTI -nln one
columns=$(ogrinfo -so "$scratch/one.gpkg" one | sed -nE 's/^([^ :]+): (String|Integer|Real).*/"\1"/p' | grep -v '楼栋编号' | paste -sd,)
ogr2ogr -q -f GPKG "$file" "$scratch/one.gpkg" -dialect SQLite -nln buildings -a_srs EPSG:4548 -sql "
  with recursive copy(n) as (select 0 union all select n + 1 from copy where n < $copies - 1)
  select \"楼栋编号\" || '-' || n as \"楼栋编号\", $columns, ShiftCoords(geom, n * 8000.0, 0.0) as geom from one, copy"

declare -A times=()
# timed NAME COMMAND...
timed() {
  local name=$1 from=$EPOCHREALTIME
  shift
  "$@" >"$scratch/said" 2>&1 || { cat "$scratch/said" >&2; exit 1; }
  times[$name]+="$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }') "
}
load() {
  MQT_DATABASE_URL=$MQT_ETL_URL "$build/mqt-etl" load "$file" --kind building
}
socket=${MQT_ADMIN_URL#*host=}
peer_url="host=${socket%%&*} user=mqt_admin dbname=minqingtu"
peer() {
  ogr2ogr --config PG_USE_COPY YES -f PostgreSQL "PG:$peer_url" "$file" -nln peer -overwrite -lco GEOMETRY_NAME=geom \
    -t_srs EPSG:4490 -nlt PROMOTE_TO_MULTI
}
median() {
  tr ' ' '\n' <<<"${times[$1]}" | grep . | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

for ((round = 0; round < rounds; round++)); do
  sql 'set client_min_messages = error; truncate twin.building cascade; drop table if exists peer'
  timed peer peer
  timed first load
  grep -q "read=$(sql 'select count(*) from peer') " "$scratch/said" || { echo "the row counts differ" >&2; exit 1; }
  timed again load
  grep -q 'inserted=0 updated=0' "$scratch/said" || { echo "the second load was not unchanged" >&2; exit 1; }
done

rows=$(sql 'select count(*) from peer')
echo "buildings from a GeoPackage, $rows rows, median of $rounds rounds, rows a second"
for name in peer first again; do
  case $name in
  peer) title='ogr2ogr, COPY into a table with a spatial index' ;;
  first) title='mqt-etl load, all new' ;;
  again) title='mqt-etl load, nothing new' ;;
  esac
  awk -v rows="$rows" -v s="$(median $name)" -v peer="$(median peer)" -v title="$title" \
    'BEGIN { printf "  %-50s %9.0f   %5.2f x ogr2ogr\n", title, rows / s, peer / s }'
done
