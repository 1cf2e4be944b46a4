# A damaged index is refused in words, never by a crash.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
run index -q news.jsonl
expect_status 0
cp -R reprint.db good.db

# harm FILE: what every command makes of the index afterwards
harm() {
  for line in 'stat' 'query --id wire-1' 'query news.jsonl' 'show paper-1' 'remove town-1' 'index -q news.jsonl'; do
    # shellcheck disable=SC2086
    run $line
    check
    [ "$status" -le 3 ] || fail "a crash with $1 damaged"
    if [ "$status" -eq 2 ]; then expect_match err '^reprint: '; fi
  done
}

find good.db -type f -size +0 | sort >files
check
[ -s files ] || fail 'the index has no files'
n_refused=0
while read -r file; do
  target=reprint.db${file#good.db}
  size=$(wc -c <"$file")
  for keep in 0 100 $((size / 2)) $((size - 1)); do
    rm -rf reprint.db
    cp -R good.db reprint.db
    head -c "$keep" "$file" >"$target"
    harm "$file cut to $keep"
    [ "$status" -eq 2 ] && n_refused=$((n_refused + 1))
  done
  rm -rf reprint.db
  cp -R good.db reprint.db
  # every page overwritten from its middle on
  tr '\000-\377' '\125' <"$file" | dd of="$target" bs=512 skip=1 seek=1 conv=notrunc 2>/dev/null
  harm "$file overwritten"
  [ "$status" -eq 2 ] && n_refused=$((n_refused + 1))
done <files
check
[ "$n_refused" -gt 0 ] || fail 'no damage was noticed'
# A file where a folder should be.
echo 'no index' >plain.db
run query -d plain.db --id x
expect_status 2
expect_match err "'plain\.db' is not an index"

finish
