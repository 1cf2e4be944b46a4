# check: silent about what is sound, and names what is not.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
run index -q news.jsonl
expect_status 0
run check
expect_status 0
expect_empty out
expect_lines err 1
expect_match err "checked 4 articles, 1 segment, [0-9]+ entries: no damage"
run check -q
expect_status 0
expect_empty out
expect_empty err
run check --format csv
expect_status 0
expect_lines out 1
expect_match out '^type,part,segment,table,document,id,message$'
run check -d nowhere
expect_refusal nowhere

# Updates, removals, many segments, compaction: still sound.
for i in 1 2 3 4 5 6 7 8 9 10; do
  printf '{"id":"n-%s","publisher":"P%s","url":"https://p.example/%s","text":"%s Number %s."}\n' "$i" "$i" "$i" "$other_text" "$i" >one.jsonl
  run index -q one.jsonl
  run check -q -j 3
  expect_status 0
done
printf '{"id":"n-1","publisher":"P1","url":"https://p.example/1","text":"%s Number 1 again."}\n' "$other_text" >one.jsonl
run index -q one.jsonl
run remove -q n-2 wire-1
run check
expect_status 0
expect_match err 'checked 12 articles'
run compact -q
run check -q
expect_status 0
run expire -q --older-than 1m --now 2020-10-06T12:00Z
run check -q
expect_status 0

# Every byte of what the index holds is covered: whatever page is hit, either
# nothing changes or check says so.
rm -rf reprint.db
run index -q news.jsonl
run query --format jsonl news.jsonl
cp out answers
cp reprint.db/1/data.mdb good.mdb
size=$(wc -c <good.mdb)
n_found=0
for page in $(seq 2 $((size / 4096 - 1))); do
  for at in 30 700 2500; do
    cp good.mdb reprint.db/1/data.mdb
    printf 'X' | dd of=reprint.db/1/data.mdb bs=1 seek=$((page * 4096 + at)) conv=notrunc 2>/dev/null
    run query --format jsonl news.jsonl
    query=$status
    check
    [ "$query" -eq 2 ] || cmp -s out answers || fail "another answer with page $page hit"
    run check --format jsonl
    check
    case $status in
      0) [ "$query" -ne 2 ] || fail "page $page: check did not find what stopped a query" ;;
      2)
        n_found=$((n_found + 1))
        [ -s out ] || [ -s err ] || fail 'nothing was said'
        ;;
      *) fail 'no such status' ;;
    esac
    expect_no_match out '"message":null'
  done
done
check
[ "$n_found" -gt 3 ] || fail 'no damage was found'

# While a writer works.
cp good.mdb reprint.db/1/data.mdb
(
  i=0
  while [ $i -lt 40 ] && [ ! -e stop ]; do
    i=$((i + 1))
    printf '{"id":"w-%s","publisher":"W","text":"%s Version %s."}\n' "$i" "$other_text" "$i" >w.jsonl
    "$REPRINT" index -q w.jsonl
  done
) &
writer=$!
for i in 1 2 3 4 5 6 7 8; do
  run check -q
  expect_status 0
  expect_empty out
done
: >stop
wait "$writer"
run check
expect_status 0
finish
