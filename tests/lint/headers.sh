#!/bin/sh
# The public headers compile alone, as C11 and as C++, without a warning; every
# header of ours compiles alone as C11.
set -u
cd "${SOURCE_DIR:?}" || exit 2
fail=0
cc=${CC:-cc}
for header in include/reprint/*.h; do
  $cc -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c "$header" || fail=1
  $cc -std=c++11 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c++ "$header" || fail=1
done
for header in src/*/*.h; do
  case $header in *_table.h) continue ;; esac
  $cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Iinclude -Isrc -fsyntax-only -x c "$header" || { echo "$header"; fail=1; }
done
exit $fail
