#!/usr/bin/env bash
# Feeds each line of DIR/load.list to `mqt-etl load`: a file name relative to DIR and its options.
#
#   etl/load-list.sh MQT_ETL DIR
#
# Areas and buildings come first and alone, because all others are placed in them; of the others
# MQT_JOBS are loaded at a time (as many as there are processors, four at most). What a load says is
# shown when it has ended, one after another. The first one that fails ends all.
set -euo pipefail
program=$(realpath "$1")
cd "$2"
: "${MQT_JOBS:=$(($(nproc) < 4 ? $(nproc) : 4))}"
[ "$MQT_JOBS" -ge 1 ] 2>/dev/null || {
  echo "load-list: MQT_JOBS must be a whole number from 1, not $MQT_JOBS" >&2
  exit 2
}
said=$(mktemp -d "${TMPDIR:-/tmp}/mqt-list-XXXXXX")
declare -A said_by=() # process: the file with what it says
started=0

# Loads that are still under way are told to end: without a terminal of their own Ctrl-C passes them by.
stop_all() {
  trap '' INT TERM HUP
  local process
  for process in "${!said_by[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$said"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

wait_for_one() {
  local status=0 process
  wait -n -p process "${!said_by[@]}" || status=$?
  cat "${said_by[$process]}"
  rm "${said_by[$process]}"
  unset "said_by[$process]"
  return "$status"
}

start_load() {
  started=$((started + 1))
  "$program" load "$@" </dev/null >"$said/$started" 2>&1 &
  said_by[$!]=$said/$started
}

while read -r -a arguments || [ ${#arguments[@]} -gt 0 ]; do
  [ ${#arguments[@]} -gt 0 ] || continue
  if [[ " ${arguments[*]} " =~ " --kind "(area|building)" " ]]; then
    while [ ${#said_by[@]} -gt 0 ]; do wait_for_one; done
    "$program" load "${arguments[@]}" </dev/null
    continue
  fi
  [ ${#said_by[@]} -lt "$MQT_JOBS" ] || wait_for_one
  start_load "${arguments[@]}"
done <load.list
while [ ${#said_by[@]} -gt 0 ]; do wait_for_one; done
