# Usage: smoke_generate.sh REPRINT-BENCH.  Articles come out as asked for: one a
# line, the same for one seed, others for another, copies where wanted.
set -eu
bench=$1
fail() { echo "smoke_generate: $1" >&2; exit 1; }

n=$("$bench" generate --articles 50 --copies 0.5 | wc -l)
[ "$n" -eq 50 ] || fail "50 articles gave $n lines"
first=$("$bench" generate --articles 50 --copies 0.5 --seed 3 | cksum)
again=$("$bench" generate --articles 50 --copies 0.5 --seed 3 | cksum)
other=$("$bench" generate --articles 50 --copies 0.5 --seed 4 | cksum)
[ "$first" = "$again" ] || fail "one seed gave two outputs"
[ "$first" != "$other" ] || fail "two seeds gave one output"
titles() { "$bench" generate --articles 200 --copies "$1" | sed 's/.*"title":"\([^"]*\)".*/\1/' | sort -u | wc -l; }
[ "$(titles 0)" -eq 200 ] || fail "stories repeat without copies"
[ "$(titles 0.5)" -lt 150 ] || fail "no copies where half of all were asked for"
"$bench" --mb nonsense 2>/dev/null && fail "a number that is none was taken"
"$bench" --filter nothing-of-that-name --mb 0.01 >/dev/null 2>&1 && fail "a case that is none was run"
"$bench" --list | grep -q '^hash ' || fail "the list lacks a case"
exit 0
