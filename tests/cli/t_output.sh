# What arrives: full disks, closed pipes, hostile texts, tables.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
run index -q news.jsonl
expect_status 0

# A disk that is full.
for line in 'help' 'version' 'params' 'stat' 'show wire-1' 'query --id wire-1' 'query --format jsonl --id wire-1' \
  'extract news.jsonl' 'compare -d reprint.db wire-1 paper-1' 'help --man'; do
  ran="reprint $line > /dev/full"
  # shellcheck disable=SC2086
  "$REPRINT" $line >/dev/full 2>err
  status=$?
  : >out
  expect_status 2
  expect_lines err 1
  expect_match err 'unable to write to standard output'
done

# A reader that has gone away: status 2 without a word.
mkfifo pipe
for line in 'help --man' 'extract news.jsonl' 'query --id wire-1'; do
  ran="reprint $line | (gone)"
  : >out
  # The reader opens the pipe, so that the writer can, and leaves at once.
  (exec 3<pipe) &
  exec 4>pipe
  wait "$!"
  # shellcheck disable=SC2086
  "$REPRINT" $line >&4 2>err 4>&-
  status=$?
  exec 4>&-
  expect_status 2
  expect_empty err
done

# No standard output at all; and a closed one must not become a file of ours.
ran='show wire-1 >&-'
"$REPRINT" show wire-1 >&- 2>err
status=$?
: >out
expect_status 2
expect_match err 'standard output'
ran='query --id wire-1 >&-'
"$REPRINT" query --id wire-1 >&- 2>err
status=$?
expect_status 2
run query --format jsonl --id wire-1
expect_status 0
expect_lines out 2
ran='index with no streams'
"$REPRINT" index -q -d closed.db news.jsonl <&- >&- 2>&-
status=$?
expect_status 0
run query --format jsonl -d closed.db --id wire-1
expect_status 0
expect_lines out 2

# Texts that would play with a terminal or a spreadsheet.
escape=$(printf '\033')
{
  printf '{"id":"=1+2","publisher":"@Evil","title":"=HYPERLINK(\\"x\\",\\"y\\")\\u001b[2J\\u009b31m\\u202eabc","text":"\\u001b]0;owned\\u0007 %s"}\n' "$ferry_text"
  printf '{"id":"tab","publisher":"+Tab\\tbed","title":"two\\nlines, and \\"quotes\\"","text":"%s"}\n' "$ferry_copy"
} >evil.jsonl
run index -q evil.jsonl
expect_status 0
for line in 'query --id wire-1' 'show =1+2 tab' 'extract --format text evil.jsonl' 'query evil.jsonl' \
  'query --format csv --id wire-1' 'query --format tsv --id wire-1' 'query --format jsonl --id wire-1'; do
  # shellcheck disable=SC2086
  run $line
  expect_status 0
  expect_no_match out "$escape"
done
run query --id wire-1
expect_no_match out "$(printf '\302\233')"
expect_no_match out "$(printf '\342\200\256')"

run query --format csv --id wire-1
expect_match out '^type,query,match_id,match_path,match_url,match_publisher,match_title,match_published,verdict,short,jaccard,coverage_query,coverage_match,words,quoted_words,longest_unquoted,passages,passages_hidden,changes,direction,evidence,credit,credit_text,hours_after,cluster,cut,missing_source$'
expect_match out "^match,wire-1,'=1\\+2,"
expect_match out ",'@Evil,"
expect_match out "\"'=HYPERLINK\\(\"\"x\"\",\"\"y\"\"\\)"
expect_match out '"two$'
expect_match out '^lines, and ""quotes"""'
run query --format tsv --id wire-1
expect_lines out 5
expect_match out "'\\+Tab\\\\tbed	two\\\\nlines, and \"quotes\""
check
awk -F '\t' 'NF != 27 { exit 1 }' out || fail 'a line has not 27 cells'

# An empty answer is an empty table, and no line of JSON.
printf 'Nobody has written this sentence about the green door of the mill.\n' >alone.txt
for format in csv tsv; do
  run query --format "$format" alone.txt
  expect_status 1
  expect_lines out 1
  expect_match out '^type.query.match_id'
done
run query --format jsonl alone.txt
expect_status 1
expect_empty out
finish
