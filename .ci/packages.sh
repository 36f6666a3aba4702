#!/usr/bin/env bash
# Installs the Debian packages that a target needs and that are missing, after naming them.
#
#   .ci/packages.sh run|test|check|node ...
#
# Nothing is asked of apt, and no rights are needed, when all of them are there.
set -euo pipefail

# To build and run a district.
run=(gcc libc6-dev make pkg-config libgdal-dev libproj-dev libmicrohttpd-dev libpq-dev libisal-dev
  libdeflate-dev libpango1.0-dev libjansson-dev libssl-dev libxlsxwriter-dev libexpat1-dev fonts-noto-cjk
  postgresql-15 postgresql-client-15 postgresql-15-postgis-3 postgresql-15-postgis-3-scripts
  sqitch libdbd-pg-perl ca-certificates)
# To test one.
test=(libcmocka-dev gdal-bin postgresql-15-pgtap libtap-parser-sourcehandler-pgtap-perl chromium)
# To read the code as strictly as we can.
check=(clang libclang-rt-14-dev clang-format shellcheck libcmocka-dev)
# Only where no node is: node.sh asks for them.
node=(nodejs npm)

wanted=()
for set in "$@"; do
  case $set in
    run) wanted+=("${run[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    check) wanted+=("${check[@]}") ;;
    node) wanted+=("${node[@]}") ;;
    *) echo "packages: there is no set '$set'" >&2; exit 2 ;;
  esac
done

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "${wanted[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing ${#missing[@]} Debian packages and what they depend on: ${missing[*]}" >&2
as_root=()
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "packages: this needs root once: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

# Debian would start a cluster of its own, on TCP, with a first PostgreSQL. The wish is put down
# before the installation and taken back after it.
no_cluster=/etc/postgresql-common/createcluster.d/minqingtu.conf
if ! is_installed postgresql-15; then
  "${as_root[@]}" mkdir -p "${no_cluster%/*}"
  echo 'create_main_cluster = false' | "${as_root[@]}" tee "$no_cluster" >/dev/null
  trap '"${as_root[@]}" rm -f "$no_cluster"' EXIT
fi

apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
"${apt[@]}" update >&2
"${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
