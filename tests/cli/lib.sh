# lib.sh - what the tests of the program share.  Sourced by t_*.sh:
#
#   . "$SOURCE_DIR/tests/cli/lib.sh"
#   run index news.jsonl          # stdout, stderr and status are kept
#   expect_status 0
#   expect_empty err
#   finish
#
# Each test works in a folder of its own, which is removed at the end.  Nothing
# of the user's environment gets in.  A failed expectation says what was run
# and shows what came of it; the test goes on.  The program is never run in a
# pipe, which would lose its status.
set -u
: "${REPRINT:?path of the program}" "${SOURCE_DIR:?root of the sources}"
unset REPRINT_DB REPRINT_LOG_FORMAT SOURCE_DATE_EPOCH NO_COLOR COLUMNS POSIXLY_CORRECT
LC_ALL=C
export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/reprint-test.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
n_check=0
n_fail=0
ran='(nothing)'
status=0

# Runs the program; its input is the caller's.
run() {
  ran="reprint $*"
  "$REPRINT" "$@" >out 2>err
  status=$?
}

fail() {
  n_fail=$((n_fail + 1))
  printf 'FAIL: %s\n  after: %s\n  status: %s\n' "$1" "$ran" "$status"
  sed 's/^/  out: /' out | head -n 15
  sed 's/^/  err: /' err | head -n 15
}

check() {
  n_check=$((n_check + 1))
}

expect_status() {
  check
  [ "$status" -eq "$1" ] || fail "status is not $1"
}

# expect_empty out|err|FILE
expect_empty() {
  check
  [ ! -s "$1" ] || fail "$1 is not empty"
}

expect_lines() {
  check
  [ "$(wc -l <"$1")" -eq "$2" ] || fail "$1 has not $2 lines"
}

# expect_match FILE REGEX (extended)
expect_match() {
  check
  grep -Eq -e "$2" "$1" || fail "nothing in $1 matches '$2'"
}

expect_no_match() {
  check
  if grep -Eq -e "$2" "$1"; then fail "something in $1 matches '$2'"; fi
}

expect_same() {
  check
  cmp -s "$1" "$2" || fail "$1 and $2 differ"
}

expect_exists() {
  check
  [ -e "$1" ] || fail "$1 does not exist"
}

expect_absent() {
  check
  [ ! -e "$1" ] || fail "$1 exists"
}

# The program refused: status 2, nothing on stdout, a reason on stderr.
expect_refusal() {
  expect_status 2
  expect_empty out
  expect_match err "$1"
}

finish() {
  printf '%s checks, %s failed\n' "$n_check" "$n_fail"
  [ "$n_check" -gt 0 ] && [ "$n_fail" -eq 0 ]
  exit $?
}

# ---- made-up texts -----------------------------------------------------------

ferry_text='The harbour authority said on Monday that three ferries would stay in port after engineers found cracks in their hulls during a routine inspection. Passengers who had booked crossings for the coming week were told to claim their money back or to travel with another line, and a spokesman for the operator said that the repair would take at least twelve days. Local shopkeepers on the islands, who depend on the boats for fresh goods, asked the ministry to send a replacement from the mainland before the weekend, when a music festival is expected to bring thousands of visitors. The ministry said it was looking into the matter and had spoken to two neighbouring ports about spare vessels. It is the second time in a year that the ageing fleet was taken out of service, and the opposition called for an inquiry into how the money for its renewal was spent.'
# The same with another number, another day, and a sentence of its own.
ferry_copy='The harbour authority said on Tuesday that four ferries would stay in port after engineers found cracks in their hulls during a routine inspection. Passengers who had booked crossings for the coming week were told to claim their money back or to travel with another line, and a spokesman for the operator said that the repair would take at least twelve days. Local shopkeepers on the islands, who depend on the boats for fresh goods, asked the ministry to send a replacement from the mainland before the weekend, when a music festival is expected to bring thousands of visitors. The ministry said it was looking into the matter and had spoken to two neighbouring ports about spare vessels. Our own reporter found nobody on the quay who had heard of it before.'
other_text='Bakers in the old town have begun to sell bread from the day before at half its price, and the queues in the evening now reach around the corner. What started as the idea of one shop against waste has been taken up by eleven others within a month. A student who collects loaves for her shared flat says she saves more than she spends on the tram. The guild of bakers, which at first warned of ruined prices, has changed its mind and prints a map of all shops that take part. Only the pigeons on the market square seem to be unhappy with the new custom, since the crumbs of the evening have become few.'

# news FILE: four articles of four publishers: a wire's story, an edited copy
# three and a half hours later, an equal text two days later, another story.
news() {
  {
    printf '{"id":"wire-1","url":"https://news.wire.example/1","publisher":"Wire","title":"Cracks keep island ferries in port","published":"2020-10-05T10:00:00Z","text":"%s"}\n' "$ferry_text"
    printf '{"id":"paper-1","url":"https://www.paper.example/1","publisher":"Paper","title":"Islanders cut off","published":"2020-10-05T13:30:00Z","text":"%s"}\n' "$ferry_copy"
    printf '{"id":"daily-1","url":"https://daily.example/9","publisher":"Daily","title":"No boats this week","published":"2020-10-07","text":"%s"}\n' "$ferry_text"
    printf '{"id":"town-1","url":"https://town.example/b","publisher":"Town","title":"Bread of yesterday","published":"2020-10-06","text":"%s"}\n' "$other_text"
  } >"$1"
}
