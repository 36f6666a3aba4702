#!/usr/bin/env bash
# The house rules that a compiler does not see: who may include whom, one foreign library in one .c
# file, what may stand at the top, how long a file and a function may be. Prints each breach.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
breaches=0
breach() {
  echo "$*"
  breaches=$((breaches + 1))
}

# Folder -> folders that it may include from. The server may use two pure rooms of etl.
declare -A may=([tiles]="tiles" [schema]="schema tiles" [etl]="etl schema tiles" [server]="server schema tiles")
for folder in tiles schema etl server; do
  while IFS=: read -r file line include; do
    target=$(realpath -m --relative-to=. "$(dirname "$file")/$(sed 's/.*"\(.*\)".*/\1/' <<<"$include")")
    case " ${may[$folder]} " in *" ${target%%/*} "*) continue ;; esac
    case $folder:$target in server:etl/address.h | server:etl/crs.h) continue ;; esac
    breach "$file:$line: $folder may not include $target"
  done < <(grep -nHE '^ *# *include +"' "$folder"/*.[ch] 2>/dev/null)
done

# Header of a foreign library -> the only .c file that may include it; tests may too.
foreign='(gdal|ogr_|cpl_|vrtdataset)[a-z_]*\.h|ogr_api\.h => etl/source.c etl/sink.c
proj\.h => etl/crs.c
libpq-fe\.h|libpq/.* => schema/db.c
microhttpd\.h => server/http.c
pango/.*|cairo.*|fontconfig/.* => tiles/text.c
isa-l.*|igzip_lib\.h|libdeflate\.h => tiles/deflate.c
xlsxwriter.*|xlsxwriter/.* => etl/workbook.c
expat\.h => etl/merge.c'
while read -r rule; do
  headers=${rule% => *}
  owners=" ${rule#* => } "
  while IFS=: read -r file line include; do
    [[ $owners == *" $file "* ]] || breach "$file:$line: only${owners}may include ${include#*include }"
  done < <(grep -nHE "^ *# *include +[<\"]($headers)[>\"]" ./{tiles,schema,etl,server}/*.[ch] 2>/dev/null | sed 's#^\./##')
done <<<"$foreign"
crypto=$(grep -lE '^ *# *include +<openssl/' {tiles,schema,etl,server}/*.[ch] 2>/dev/null)
[ "$(wc -w <<<"$crypto")" -le 1 ] || breach "cryptography stands in more than one file: $(echo $crypto)"

# tiles/ is a pure library: no SQL, no sockets, no clock. The code without its comments is searched.
strip_comments() {
  sed -E -e 's#//.*##' -e 's#/\*([^*]|\*[^/])*\*/##g' "$1" | awk '/\/\*/ { sub(/\/\*.*/, ""); print; skip = 1; next } /\*\// { if (skip) { sub(/.*\*\//, ""); skip = 0 } } { print skip ? "" : $0 }'
}
for file in tiles/*.[ch]; do
  while IFS=: read -r line text; do
    breach "$file:$line: tiles/ has no sockets, clock or environment: ${text# }"
  done < <(strip_comments "$file" | grep -nE '<(sys/socket|netinet/|time|sys/time)[a-z/]*\.h>|\b(clock_gettime|gettimeofday|time|getenv|rand|socket|connect)\(')
done

# No mutable globals: nothing of ours stands in a writable data section of what was compiled last.
check_globals() {
  local source object symbol
  # A signal handler can reach nothing else.
  local allowed=" server/main.c:signal_pipe "
  for source in {tiles,schema,etl,server}/*.c; do
    object=${BUILD:-.build}/${source%.c}.o
    [ -f "$object" ] || continue
    while read -r symbol; do
      [[ $allowed == *" $source:$symbol "* ]] || breach "$source: mutable global $symbol"
    done < <(objdump -t "$object" | awk '/ O / && $4 ~ /^(\.data|\.bss|\.data\.rel(\.local)?|\*COM\*)$/ { print $NF }')
  done
}
check_globals

# What may stand at the top.
while read -r name; do
  case $name in
    .* | server | tiles | schema | etl | web | tests | Makefile | README.md | LICENSE | CHANGELOG.md) ;;
    *) breach "$name: does not belong at the top" ;;
  esac
done < <(git ls-files | cut -d/ -f1 | sort -u)

# Lengths. With clang-format's style a function begins with { and ends with } in the first column.
# A test may hold a table of labelled rows.
while read -r file; do
  [ -f "$file" ] || continue
  lines=$(wc -l <"$file")
  [ "$lines" -le 600 ] || breach "$file: $lines lines, more than 600"
  case $file in
    *.c)
      most=60
      [[ $file == tests/unit/* ]] && most=100
      while read -r line length; do
        breach "$file:$line: function of $length lines, $most or more"
      done < <(awk -v most=$most '/^\{/ { begin = NR } /^\}[^;]*$/ && begin { if (NR - begin - 1 >= most) print begin, NR - begin - 1; begin = 0 }' "$file")
      ;;
  esac
done < <(git ls-files '*.c' '*.h' '*.ts')

# Enough for one reading; what is unfinished by its own words is not finished.
while IFS=: read -r file line text; do
  breach "$file:$line: unfinished: $text"
done < <(git grep -nE '\b(TODO|FIXME|XXX)\b|not implemented' -- '*.c' '*.h' '*.ts' '*.sql' '*.mjs')

[ $breaches = 0 ] && echo "include rules: no breach"
[ $breaches = 0 ]
