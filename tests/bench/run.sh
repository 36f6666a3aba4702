#!/usr/bin/env bash
# Runs bench_tile against a private cluster that holds the sample district, and cleans up.
#
#   tests/bench/run.sh [options of bench_tile]
#
# BENCH_SCALE names the sample (community). MQT_DATABASE_URL takes another database instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$(realpath -m "${BUILD:-.build}")
MQT_COMMIT=$(git describe --always --dirty 2>/dev/null || echo unknown)
export MQT_COMMIT MQT_BUILD=$build

if [ -z "${MQT_DATABASE_URL:-}" ]; then
  prepared=$(tests/support/prepare.sh "${BENCH_SCALE:-community}")
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/mqt-bench-XXXXXX")
  chmod 0711 "$scratch"
  export RUN_DIR=$scratch/run
  trap 'schema/cluster.sh destroy || true; rm -rf "$scratch"' EXIT
  schema/cluster.sh copy "$prepared" >&2
  schema/cluster.sh start >&2
  eval "$(schema/cluster.sh env)"
  export MQT_DATABASE_URL=$MQT_ETL_URL
fi
"$build/bench_tile" --out tests/bench/RESULTS.md "$@"
cat tests/bench/RESULTS.md
