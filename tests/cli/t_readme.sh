#!/bin/sh
# The answer that the README shows is the one the program gives.
. "$SOURCE_DIR/tests/cli/lib.sh"
ln -s "$SOURCE_DIR/corpus" corpus
commands=$(sed -n 's/^<!-- example: \(.*\) -->$/\1/p' "$SOURCE_DIR/README.md")
index=${commands%%; *}
query=${commands#*; }
# the words of the two commands hold no blanks
# shellcheck disable=SC2086
run ${index#reprint }
expect_status 0
# shellcheck disable=SC2086
run ${query#reprint }
expect_status 0
sed -n '/^<!-- example/,/^## /p' "$SOURCE_DIR/README.md" | sed -n '/^```$/,/^```$/p' | sed '1d;$d' >shown
check
cmp -s out shown || { diff shown out >differences; fail "README.md shows another answer: $(cat differences)"; }
finish
