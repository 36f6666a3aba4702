#!/usr/bin/env bash
# Runs test suites and sums up what their runners said.
#
#   tests/run.sh SUITE...    unit schema etl http fuzz run browser
#
# Everything runs against private clusters and free ports and is gone afterwards. Logs lie in
# $BUILD/test-logs. MQT_UNIT names the unit tests to run (all when unset), MQT_REAL_DATA the folder
# of files that others surveyed, MQT_JOBS how many tests run at a time. Exits 1 when a test failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
make=${MAKE:-make}
build=$(realpath -m "${BUILD:-.build}")
export MQT_BUILD=$build MQT_JOBS=${MQT_JOBS:-$(nproc)}
if [ -n "${MQT_REAL_DATA:-}" ]; then
  MQT_REAL_DATA=$(realpath "$MQT_REAL_DATA")
  export MQT_REAL_DATA
fi
logs=$build/test-logs
export MQT_LOGS=$logs
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0 skipped=0
summary=()
# All that the suites make is made below one directory, so what they leave behind can be seen.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mqt-tests-XXXXXX") || exit 1
chmod 0711 "$scratch"
export TMPDIR=$scratch
cluster_dir=

stop_cluster() {
  [ -z "$cluster_dir" ] || RUN_DIR=$cluster_dir schema/cluster.sh destroy
  cluster_dir=
}
trap 'stop_cluster; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A cluster for the suites that need a database but no district.
private_cluster() {
  cluster_dir=$scratch/cluster
  export MQT_PG_FSYNC=off
  local from
  from=$(tests/support/prepare.sh empty) && RUN_DIR=$cluster_dir schema/cluster.sh copy "$from" &&
    RUN_DIR=$cluster_dir schema/cluster.sh start && eval "$(RUN_DIR=$cluster_dir schema/cluster.sh env)"
}

# Processes that work in a directory of ours or run a program of this build.
left_running() {
  local process place
  for process in /proc/[0-9]*; do
    place="$(readlink "$process/cwd") $(readlink "$process/exe")"
    [[ "$place" == *"$scratch"/* || "$place" == *"$build"/* ]] && echo "${process#/proc/} $place"
  done
}

# count PATTERN FILE...: the sum of the numbers that the sed pattern finds.
count() {
  local pattern=$1
  shift
  cat /dev/null "$@" | sed -n -E "$pattern" | awk '{ sum += $1 } END { print sum + 0 }'
}

# note SUITE STATUS PASSED FAILED SKIPPED SECONDS. A runner that fails without naming a failed test
# counts as one failure, so that the sum never hides it.
note() {
  local bad=$4 word=ok
  [ "$2" = 0 ] || [ "$bad" -gt 0 ] || bad=1
  [ "$bad" = 0 ] || word=FAILED
  passed=$((passed + $3)) failed=$((failed + bad)) skipped=$((skipped + $5))
  summary+=("$(printf '%-8s %4d passed, %d failed, %d skipped  %4d s  %s' "$1" "$3" "$bad" "$5" "$6" "$word")")
}

suite_unit() {
  local names status=0
  names=${MQT_UNIT:-$(cd tests/unit && ls test_*.c 2>/dev/null | sed 's/\.c$//')}
  "$make" --no-print-directory -j"$MQT_JOBS" unit-programs || { note unit 1 0 0 0 0; return; }
  # shellcheck disable=SC2016
  printf '%s\n' $names | xargs -r -P "$MQT_JOBS" -n 1 tests/support/unit.sh || status=1
  note unit $status "$(count 's/^\[  PASSED  \] (.*: )?([0-9]+) test\(s\).*/\2/p' "$logs"/unit-*.log)" \
    "$(count 's/^\[  FAILED  \] (.*: )?([0-9]+) test\(s\).*/\2/p' "$logs"/unit-*.log)" \
    "$(count 's/^\[  SKIPPED \] (.*: )?([0-9]+) test\(s\).*/\2/p' "$logs"/unit-*.log)" $((SECONDS - begun))
}

suite_schema() {
  local log=$logs/schema.log status=0 host=${MQT_ADMIN_URL#*host=}
  psql -XAtq "${MQT_ADMIN_URL/minqingtu/postgres}" -c 'create database schema_test template minqingtu' &&
    psql -XAtq "${MQT_ADMIN_URL/minqingtu/schema_test}" -c 'create extension pgtap' || status=1
  PGHOST=${host%%&*} PGUSER=mqt_admin PGDATABASE=schema_test PGOPTIONS='-c client_min_messages=warning' \
    pg_prove --nocolor -v tests/schema/*.sql >"$log" 2>&1 || status=$?
  if [ $status = 0 ]; then grep -E '^(All tests|Files=|Result:)' "$log"; else cat "$log"; fi
  note schema $status "$(grep -E '^ok [0-9]+' "$log" | grep -cviE '# skip')" "$(grep -cE '^not ok [0-9]+' "$log")" \
    "$(grep -ciE '^ok [0-9]+ .*# skip' "$log")" $((SECONDS - begun))
}

# node's own runner over the files of a folder; each file has a district of its own.
suite_node() {
  local name=$1 log=$logs/$1.log status=0 parallel
  parallel=$([ "$MQT_JOBS" -gt 2 ] && echo 2 || echo "$MQT_JOBS")
  PATH=$(.ci/node.sh) || { note "$name" 1 0 0 0 0; return; }
  node --test --test-concurrency="$parallel" --test-reporter=spec --test-reporter-destination=stdout \
    "tests/$name"/*.test.mjs 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  note "$name" "$status" "$(count 's/^[^ ]+ pass ([0-9]+)$/\1/p' "$log")" \
    "$(count 's/^[^ ]+ (fail|cancelled) ([0-9]+)$/\2/p' "$log")" \
    "$(count 's/^[^ ]+ (skipped|todo) ([0-9]+)$/\2/p' "$log")" $((SECONDS - begun))
}

suite_fuzz() {
  local log=$logs/fuzz.log status=0 program what good=0 bad=0
  "$make" --no-print-directory -j"$MQT_JOBS" replay-programs || { note fuzz 1 0 0 0 0; return; }
  for source in tests/fuzz/fuzz_*.c; do
    [ -f "$source" ] || continue
    what=$(basename "$source" .c)
    what=${what#fuzz_}
    program=$build/fuzz/fuzz_$what
    if timeout 120 "$program" "tests/fuzz/seeds/$what"/* >>"$log" 2>&1; then
      echo "fuzz $what: $(find "tests/fuzz/seeds/$what" -type f | wc -l) seeds replayed"
      good=$((good + 1))
    else
      tail -n 30 "$log"
      bad=$((bad + 1)) status=1
    fi
  done
  note fuzz $status $good $bad 0 $((SECONDS - begun))
}

suite_browser() {
  local log=$logs/browser.log status
  PATH=$(.ci/node.sh) || { note browser 1 0 0 0 0; return; }
  (cd web && CI=1 npm run --silent test:browser -- --reporter=list) 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  note browser "$status" "$(count 's/^ +([0-9]+) passed.*/\1/p' "$log")" \
    "$(count 's/^ +([0-9]+) (failed|flaky|interrupted|did not run).*/\1/p' "$log")" \
    "$(count 's/^ +([0-9]+) skipped.*/\1/p' "$log")" $((SECONDS - begun))
}

.ci/packages.sh run test || exit 1
before=$(left_running)
for suite in "$@"; do
  begun=$SECONDS
  printf '\n== %s\n' "$suite"
  case $suite in
    etl | http | run | browser)
      "$make" --no-print-directory -j"$MQT_JOBS" programs || { note "$suite" 1 0 0 0 0; continue; }
      ;;&
    http | run | browser)
      "$make" --no-print-directory web || { note "$suite" 1 0 0 0 0; continue; }
      ;;&
    unit | schema)
      [ -n "$cluster_dir" ] || private_cluster || { note "$suite" 1 0 0 0 0; continue; }
      ;;&
    unit | schema | fuzz | browser) "suite_$suite" ;;
    etl | http | run) suite_node "$suite" ;;
    *) echo "run: there is no suite '$suite'" >&2; exit 2 ;;
  esac
done
stop_cluster
left=$(left_running | grep -vxF "$before")
if [ -n "$left" ]; then
  printf '\nleft running:\n%s\n' "$left"
  failed=$((failed + 1))
fi

printf '\n'
printf '%s\n' "${summary[@]}"
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
