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
said=$(mktemp -d "${TMPDIR:-/tmp}/mqt-list-XXXXXX")
declare -A file_of=()

# Loads that are still under way are told to end: without a terminal of their own Ctrl-C passes them by.
stop_all() {
  trap '' INT TERM HUP
  local process
  for process in "${!file_of[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$said"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

wait_for_one() {
  local status=0 process
  wait -n -p process "${!file_of[@]}" || status=$?
  cat "$said/$process"
  rm "$said/$process"
  unset "file_of[$process]"
  return "$status"
}

start_load() {
  "$program" load "$@" </dev/null >"$said/new" 2>&1 &
  mv "$said/new" "$said/$!"
  file_of[$!]=$1
}

while read -r -a arguments; do
  [ ${#arguments[@]} -gt 0 ] || continue
  if [[ " ${arguments[*]} " =~ " --kind "(area|building)" " ]]; then
    while [ ${#file_of[@]} -gt 0 ]; do wait_for_one; done
    "$program" load "${arguments[@]}" </dev/null
    continue
  fi
  [ ${#file_of[@]} -lt "$MQT_JOBS" ] || wait_for_one
  start_load "${arguments[@]}"
done <load.list
while [ ${#file_of[@]} -gt 0 ]; do wait_for_one; done
