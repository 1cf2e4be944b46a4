# What is refused, and how: status 2, nothing on stdout, a reason on stderr,
# and nothing written.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl

run audit
expect_refusal "'audit' is not a command of reprint"
run qurey
expect_refusal "did you mean 'query'"
run idnex news.jsonl
expect_refusal "did you mean 'index'"
expect_absent reprint.db

run query --limt 3 news.jsonl
expect_refusal "unknown option '--limt'; did you mean '--limit'"
run query --nonsense-of-all-kinds news.jsonl
expect_refusal "unknown option '--nonsense-of-all-kinds'"
run query -x news.jsonl
expect_refusal "unknown option '-x'"
run query --limit
expect_refusal "option '--limit' needs a value"
run query --look-alikes=yes news.jsonl
expect_refusal "option '--look-alikes' takes no value"
run --limit 3
expect_refusal 'no command given'
run stat --limit 3
expect_refusal "option '--limit' is not one of 'stat'"
run stat news.jsonl
expect_refusal "'stat' takes no operand"
run show
expect_refusal "'show' needs ID"
run remove
expect_refusal "'remove' needs ID"

# name, values that are out of range or no value at all
refuse() {
  name=$1
  shift
  for value in "$@"; do
    run "$command" "$name=$value" news.jsonl
    expect_refusal "option '$name'"
  done
}
command=query
refuse --limit -1 1000000001 99999999999999999999 x 1x '' ' 1'
refuse --min-passage 0 1000001
refuse --min-coverage -0.1 1.1 101% nan inf 0x1 ''
refuse --window 14 14y d -1d 0d 99999999999999999999d
refuse --sort random
refuse --format xml
refuse --color maybe
refuse --input-format pdf
refuse --since yesterday 2020-13-45
refuse --until yesterday
refuse --now soon
refuse --timezone 2 +2 +25:00 +02:99 Europe/Berlin
refuse --verdict plagiarism identical,,reprint identical,
refuse --field text text= =body colour=body
refuse --id-prefix ''
refuse --max-article 0 2G 1X
refuse --max-depth 0 1001
refuse --max-expansion 0
refuse --jobs 0 1025 many
command=index
refuse --memory 3 1P x
refuse --bands 0 129
refuse --rows 0 129
refuse --max-skipped -1 101% many %
run index --bands 60 --rows 3 news.jsonl
expect_refusal "'--bands' and '--rows'"
run query --since 2020-10-06 --until 2020-10-05 news.jsonl
expect_refusal 'is before'
run query --exclude-publisher @missing news.jsonl
expect_refusal "unable to open 'missing'"
expect_absent reprint.db

# An index that is not there, or no index.
run query news.jsonl
expect_refusal 'reprint\.db'
run stat -d nowhere
expect_refusal 'nowhere'
expect_absent nowhere
mkdir empty
run stat -d empty
expect_refusal 'empty'

# Options anywhere, values joined or apart, and what stands behind '--'.
run -d one.db -q index news.jsonl
expect_status 0
run index news.jsonl -q --db=two.db
expect_status 0
run index -q news.jsonl -dthree.db
expect_status 0
expect_empty err
for db in one.db two.db three.db; do expect_exists "$db"; done
run --format jsonl query -d one.db --id daily-1 --verdict identical
expect_status 0
expect_lines out 1
REPRINT_DB=two.db
export REPRINT_DB
run stat
expect_status 0
run -d one.db stat
expect_status 0
expect_match out 'one\.db'
unset REPRINT_DB
cp news.jsonl ./-odd.jsonl
run index -d four.db -q -- -odd.jsonl
expect_status 0
POSIXLY_CORRECT=1
export POSIXLY_CORRECT
run query --id daily-1 -d one.db --format=jsonl
expect_status 0
unset POSIXLY_CORRECT
SOURCE_DATE_EPOCH=soon
export SOURCE_DATE_EPOCH
run index -q -d five.db news.jsonl
expect_refusal "SOURCE_DATE_EPOCH"
finish
