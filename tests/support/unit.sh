#!/usr/bin/env bash
# Runs one unit test program, test_<module>, with a database of its own when its source asks for
# MQT_TEST_DATABASE_URL or includes the helper that does. Called by tests/run.sh, several at a time.
set -uo pipefail
name=$1
log=$MQT_LOGS/unit-$name.log
if grep -qE 'MQT_TEST_DATABASE_URL|"database\.h"' "tests/unit/$name.c"; then
  # From another database: a session in the template would keep it from being copied.
  psql -XAtq "${MQT_ADMIN_URL/minqingtu/postgres}" -c "create database $name template minqingtu" || exit 1
  export MQT_TEST_DATABASE_URL=${MQT_ADMIN_URL/minqingtu/$name}
fi
timeout "${MQT_UNIT_SECONDS:-300}" "$MQT_BUILD/unit/$name" >"$log" 2>&1
status=$?
# One write, so that the output of two programs does not mix.
if [ $status = 0 ]; then
  output=$(grep -E '^\[(  PASSED  |  SKIPPED )\]' "$log")
else
  output=$(cat "$log"; echo "$name ended with $status")
fi
printf '%s\n' "== $name" "$output"
exit $status
