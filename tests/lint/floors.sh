#!/bin/sh
# Folders are floors: who may include whom, and which file may include which
# foreign library.  The table of docs/architecture.md, enforced.
set -u
cd "${SOURCE_DIR:?}" || exit 2
fail=0
complain() { echo "$*"; fail=1; }

allowed() {
  case $1 in
    base) echo base ;;
    text) echo base text ;;
    sketch) echo base text sketch ;;
    match) echo base text sketch match ;;
    judge) echo base text sketch match judge ;;
    store) echo base store ;;
    engine) echo base text sketch match judge store engine ;;
    ingest) echo base text ingest ;;
    report) echo base report ;;
    cli) echo base report cli ;;
    *) return 1 ;;
  esac
}

for dir in src/*/; do
  floor=$(basename "$dir")
  list=$(allowed "$floor") || { complain "src/$floor is no floor of the table"; continue; }
  for file in "$dir"*.c "$dir"*.h; do
    [ -f "$file" ] || continue
    for used in $(sed -n 's/^#include "\([a-z_]*\)\/[^"]*".*/\1/p' "$file" | sort -u); do
      [ "$used" = reprint ] && continue
      case " $list " in *" $used "*) ;; *) complain "$file includes $used, which $floor may not" ;; esac
    done
    # generated tables and nothing else may be named without a floor
    grep -n '^#include "[^/"]*"' "$file" | grep -v '_table\.h"' && complain "$file includes a header without its floor"
  done
done

# one foreign library a file
only() { # HEADER-PATTERN ALLOWED-FILES...
  pattern=$1; shift
  for file in $(grep -lE "^#include <($pattern)" -r src include); do
    case " $* " in *" $file "*) ;; *) complain "$file includes <$pattern>; only $* may" ;; esac
  done
}
only 'xxhash\.h' src/base/hash.h
only 'lmdb\.h' "$(echo src/store/*)"
only 'zstd\.h' src/store/document.c
only 'json-c/|json\.h' src/ingest/json.c
only 'libxml/' src/ingest/dom.c
only 'archive' src/ingest/archive.c
only 'libpsl\.h' src/ingest/url.c
only 'iconv\.h' src/ingest/charset.c
only 'pthread\.h' src/base/par.c src/store/inside.h

# memory goes through one door
grep -nE '(^|[^_a-z])(malloc|calloc|realloc|strdup|strndup|asprintf)\(' -r src --include='*.c' --include='*.h' |
  grep -v '^src/base/mem\.' && complain "memory that does not go through base/mem.h"
# unbounded or locale-bound functions
grep -nE '(^|[^_a-z])(strcpy|strcat|sprintf|vsprintf|gets|strtok|gmtime|localtime|setlocale|atoi|atol|system|popen)\(' -r src &&
  complain "a banned function"
# the library neither prints nor exits
grep -nE '(^|[^_a-z])(printf|puts|putchar|perror|exit|_exit|abort)\(|std(out|err)' \
  src/base/*.c src/text/*.c src/sketch/*.c src/match/*.c src/judge/*.c src/store/*.c src/engine/*.c src/ingest/*.c 2>/dev/null &&
  complain "a library file that prints or exits"

# the map names every file, each command's by the pattern cmd_*.c
for file in src/*/*.c; do
  name=$(basename "$file" .c)
  case $name in cmd_*) continue ;; esac
  grep -q "\`$name[.\`]" src/README.md || complain "src/README.md does not name $file"
done
for name in $(sed -n 's/^| \(`.*\) |.*/\1/p' src/README.md | grep -o '`[a-z_]*\.' | tr -d '`.'); do
  ls src/*/"$name".[ch] >/dev/null 2>&1 || complain "src/README.md names $name, which is not there"
done
exit $fail
