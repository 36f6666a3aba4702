#!/usr/bin/env bash
# Feeds each line of DIR/load.list to `mqt-etl load`: a file name relative to DIR and its options.
#
#   etl/load-list.sh MQT_ETL DIR
#
# The output of each load is the loader's own. Ends at the first load that fails.
set -euo pipefail
program=$(realpath "$1")
cd "$2"
while read -r -a arguments; do
  [ ${#arguments[@]} -gt 0 ] || continue
  "$program" load "${arguments[@]}" </dev/null
done <load.list
