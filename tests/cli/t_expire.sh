# expire and compact: what is too old goes, what it took is given back.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
printf '{"id":"undated-1","publisher":"Club","text":"%s"}\n' "$other_text Nobody knows when this was written." >undated.jsonl

fresh() {
  rm -rf reprint.db
  run index -q --now 2020-10-10 news.jsonl
  expect_status 0
  run index -q --now 2020-10-06T12:00Z undated.jsonl
  expect_status 0
}

fresh
run stat --format jsonl
expect_match out '"articles":5'

# What is missing or makes no sense is refused, and nothing is changed.
run expire
expect_refusal "needs one of '--before' and '--older-than'"
run expire --before 2020-10-06 --older-than 3d
expect_refusal "needs one of"
run expire --before yesterweek
expect_refusal "not a date"
run expire --older-than 90
expect_refusal "span of time"
run expire --older-than 90d --by birth
expect_refusal "birth"
run expire -d nowhere --older-than 90d
expect_refusal "nowhere"
expect_absent nowhere

# A day goes when all of it is over; the undated one by when it was first seen.
expire() {
  n=$1
  shift
  run expire --dry-run "$@"
  expect_status 0
  expect_empty out
  expect_match err "would expire $n article.* of 5"
  cp -R reprint.db kept.db
  run expire "$@"
  expect_status 0
  expect_match err "expired $n article.* of 5"
  run stat --format jsonl
  expect_match out "\"articles\":$((5 - n)),"
  rm -rf reprint.db
  mv kept.db reprint.db
}
expire 0 --before 2020-10-05
expire 1 --before 2020-10-05T10:01Z
expire 1 --before 2020-10-05T13:30Z
expire 2 --before 2020-10-06
expire 2 --before 2020-10-06T12:00Z
expire 3 --before 2020-10-06T12:01Z
expire 4 --before 2020-10-07
expire 4 --before 2020-10-07T23:00Z
expire 5 --before 2020-10-08
expire 4 --now 2020-10-08 --older-than 1d
expire 0 --now 2020-10-08 --older-than 2w
expire 0 --before 2020-10-06 --by seen
expire 1 --before 2020-10-10 --by seen
expire 5 --before 2020-10-11 --by seen

# The counts that go are those that the articles brought.
run stat --format jsonl
cp out before
run expire -q --before 2020-10-07
expect_status 0
expect_empty err
run query --format jsonl --id daily-1
expect_status 1
expect_empty out
run show wire-1
expect_status 1
printf '%s\n' "$(grep daily-1 news.jsonl)" >daily.jsonl
run index -q -d alone.db daily.jsonl
for key in articles words counted_words text_bytes undated; do
  run stat --format jsonl -d alone.db
  alone=$(grep -o "\"$key\":[0-9]*" out)
  run stat --format jsonl
  check
  [ "$(grep -o "\"$key\":[0-9]*" out)" = "$alone" ] || fail "$key is not $alone"
done
run expire --before 2020-10-07
expect_match err 'expired 0 articles of 1'

# compact says the sizes and leaves the answers alone.
fresh
run expire -q --before 2020-10-05T12:00Z
run query --format jsonl --id daily-1
expect_status 0
cp out before
run compact
expect_status 0
expect_empty out
expect_match err "was [0-9.]+ MB and is [0-9.]+ MB; 1 dead article was left out"
expect_exists reprint.db/2/data.mdb
expect_absent reprint.db/1
run query --format jsonl --id daily-1
expect_same out before
run compact -q
expect_status 0
expect_empty err
run compact -d nowhere
expect_refusal "nowhere"

# Writers take turns: expire and compact give up or wait.
if command -v flock >/dev/null; then
  for line in 'compact --no-wait' 'expire --no-wait --older-than 1d'; do
    # shellcheck disable=SC2086
    flock reprint.db/writer "$REPRINT" $line >out 2>err
    status=$?
    ran=$line
    expect_refusal 'is being written by another process'
  done
  # a dry run does not write
  flock reprint.db/writer "$REPRINT" expire --dry-run --older-than 1d >out 2>err
  status=$?
  expect_status 0
fi
finish
