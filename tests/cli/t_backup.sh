# backup: a copy of an index in use, all of it or nothing.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
run index -q news.jsonl
expect_status 0
run query --format jsonl news.jsonl
cp out answers

run backup copy.db
expect_status 0
expect_empty out
expect_match err "copied './reprint.db' to 'copy.db': [0-9.]+ MB"
ls -A copy.db | sort >names
printf '1\ncurrent\nwriter\n' >expected
expect_same names expected
run query -d copy.db --format jsonl news.jsonl
expect_status 0
expect_same out answers

# The copy lives on its own: it is written to, and copied again.
run remove -q -d copy.db wire-1
expect_status 0
run show wire-1
expect_status 0
mkdir empty
run backup -q -d copy.db empty/
expect_status 0
expect_empty err
run show -d empty wire-1
expect_status 1

# What is there already is left alone.
run backup copy.db
expect_refusal 'holds an index already'
run show -d copy.db daily-1
expect_status 0
mkdir full
echo mine >full/file
run backup full
expect_refusal 'is not empty'
ls -A full >names
echo file >expected
expect_same names expected
run backup full/file
expect_refusal 'file'
run backup missing/copy.db
expect_refusal 'missing/copy.db'
run backup -d nowhere other.db
expect_refusal nowhere
expect_absent other.db
run backup
expect_refusal 'DEST'

# What a copy that was killed left is overwritten.
mkdir -p half/1
: >half/writer
echo rubbish >half/1/data.mdb
run backup -q half
expect_status 0
run query -d half --format jsonl news.jsonl
expect_same out answers

# A copy never waits for a writer, nor two copies to one place for each other.
if command -v flock >/dev/null; then
  flock reprint.db/writer "$REPRINT" backup -q locked.db >out 2>err
  status=$?
  expect_status 0
  mkdir busy.db
  flock busy.db/writer "$REPRINT" backup -q busy.db >out 2>err
  status=$?
  expect_refusal 'is being written by another process'
fi

# A full disk: nothing is left.
(
  trap '' XFSZ
  ulimit -f 20
  "$REPRINT" backup full.db >out 2>err
)
status=$?
ran='backup full.db, 10 KB to be had'
expect_refusal 'full\.db'
expect_absent full.db
mkdir full.db
(
  trap '' XFSZ
  ulimit -f 20
  "$REPRINT" backup full.db >out 2>err
)
status=$?
expect_status 2
ls -A full.db >names
expect_empty names

# A damaged index is not copied, and nothing is left of the attempt.
size=$(wc -c <reprint.db/1/data.mdb)
cp reprint.db/1/data.mdb good.mdb
refused=0
for page in $(seq 2 $((size / 4096 - 1))); do
  cp good.mdb reprint.db/1/data.mdb
  printf 'XXXX' | dd of=reprint.db/1/data.mdb bs=1 seek=$((page * 4096 + 100)) conv=notrunc 2>/dev/null
  run backup -q bad.db
  check
  case $status in
    0)
      run query -d bad.db --format jsonl news.jsonl
      expect_same out answers
      rm -r bad.db
      ;;
    2) refused=$((refused + 1)) ;;
    *) fail "status with page $page damaged" ;;
  esac
  expect_absent bad.db/current
done
check
[ "$refused" -gt 1 ] || fail 'no damage was noticed'
finish
