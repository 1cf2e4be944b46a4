# A damaged index is refused in words, never by a crash.
. "$SOURCE_DIR/tests/cli/lib.sh"

# story ID TEXT: an article of a publisher of its own
story() {
  printf '{"id":"%s","publisher":"P-%s","published":"2020-10-08T10:00:00Z","text":"%s"}\n' "$1" "$1" "$2" >one.jsonl
  run index -q one.jsonl
  expect_status 0
}

# Groups, and news for the next run.
news news.jsonl
run index -q news.jsonl
expect_status 0
run dedup
expect_status 0
story late-1 "$ferry_copy And more of it."
story bread-1 "$other_text"
run remove -q daily-1
run dedup
expect_status 0
expect_match out 'bread-1'
story late-2 "$ferry_text One sentence more."
run remove -q late-1
cp -R reprint.db good.db

# harm FILE: what every command makes of the index afterwards
harm() {
  n_stopped=0
  for line in 'check -q' 'stat' 'query news.jsonl' 'show paper-1 town-1' 'pairs' 'clusters' \
    'dedup --again' 'backup -q copy.db' 'dedup -q' 'compact -q' 'expire -q --before 2020-10-06' 'index -q news.jsonl'; do
    # shellcheck disable=SC2086
    run $line
    check
    [ "$status" -le 3 ] || fail "a crash with $1 damaged"
    if [ "$status" -eq 2 ]; then
      case $line in
        check*) cat out >>err ;;
        *) expect_match err '^reprint: ' ;;
      esac
      n_stopped=$((n_stopped + 1))
      [ -s err ] || fail 'nothing was said'
    fi
    [ "$line" != 'check -q' ] || found=$status
    if [ "$line" = 'backup -q copy.db' ]; then
      if [ "$status" -eq 2 ]; then expect_absent copy.db; else rm -rf copy.db; fi
    fi
  done
  check
  [ "$n_stopped" -eq 0 ] || [ "$found" -eq 2 ] || fail "$1: something stops, and the check finds nothing"
}

find good.db -type f -size +0 | sort >files
check
[ -s files ] || fail 'the index has no files'
n_refused=0
while read -r file; do
  target=reprint.db${file#good.db}
  size=$(wc -c <"$file")
  case $file in
    *data.mdb) cuts="0 $((size / 2)) $((size - 1))" ;;
    *) cuts=0 ;;
  esac
  for keep in $cuts; do
    rm -rf reprint.db
    cp -R good.db reprint.db
    head -c "$keep" "$file" >"$target"
    harm "$file cut to $keep"
    n_refused=$((n_refused + n_stopped))
  done
  rm -rf reprint.db
  cp -R good.db reprint.db
  # every page overwritten from its middle on
  tr '\000-\377' '\125' <"$file" | dd of="$target" bs=512 skip=1 seek=1 conv=notrunc 2>/dev/null
  harm "$file overwritten"
  n_refused=$((n_refused + n_stopped))
done <files
check
[ "$n_refused" -gt 0 ] || fail 'no damage was noticed'
# A file where a folder should be.
echo 'no index' >plain.db
run query -d plain.db --id x
expect_status 2
expect_match err "'plain\.db' is not an index"

finish
