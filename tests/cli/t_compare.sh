# compare: one pair and lists of pairs, with an index and without.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
printf '%s\n' "$ferry_text" >a.txt
printf '%s\n' "$ferry_copy" >b.txt
printf '%s\n' "$other_text" >c.txt
: >empty.txt

run compare a.txt b.txt
expect_status 0
expect_empty err
expect_match out 'reprint: '
expect_match out 'Compared without an index'
run compare a.txt c.txt
expect_status 1
expect_empty err
run compare a.txt a.txt
expect_status 0
expect_match out 'identical: '
run compare a.txt missing.txt
expect_refusal 'missing\.txt'
run compare a.txt empty.txt
expect_refusal 'empty\.txt'
run compare a.txt
expect_refusal "'compare' takes two articles"
run compare a.txt b.txt c.txt
expect_refusal 'takes only'
run compare a.txt news.jsonl
expect_refusal 'more than one article'
ran='compare a.txt - < b.txt'
"$REPRINT" compare a.txt - <b.txt >out 2>err
status=$?
expect_status 0

run compare --format jsonl a.txt b.txt
expect_status 0
expect_lines out 1
expect_match out '^\{"type":"comparison","a":\{"id":"a\.txt","path":"a\.txt",.*"b":\{"id":"b\.txt","path":"b\.txt",.*"verdict":"reprint","short":false,"jaccard":0\.[0-9]+,"coverage_a":[01][.0-9]*,"coverage_b":0\.[0-9]+,"words":[0-9]+,"quoted_words":0,"longest_unquoted":[0-9]+,"direction":"[^"]+","credit":"[^"]+","evidence":\['
expect_match out '"passages":\[\{"a":\[[0-9]+,[0-9]+\],"b":\[[0-9]+,[0-9]+\],"words":[0-9]+,"quoted_words":0,"exact":false\}'
expect_match out '"a_text":"three","b_text":"four"'
expect_no_match out '"explanation"'
run compare --format jsonl --explain a.txt c.txt
expect_status 1
expect_match out '"passages":\[\]'
expect_match out '"explanation":\{"stage":"(candidate|gate)"'
run compare --explain a.txt b.txt
expect_status 0
expect_match out '^Every figure of this verdict:$'
expect_match out '^  stage +linked$'

# With an index its articles have names, and recurrence is looked at.
run index -q news.jsonl
expect_status 0
run compare -d reprint.db wire-1 paper-1
expect_status 0
expect_no_match out 'Compared without an index'
run compare -d reprint.db a.txt town-1
expect_status 1
run compare -d reprint.db wire-1 nobody
expect_refusal "'nobody' is neither a file nor an article"
run compare wire-1 paper-1
expect_status 2

# Lists.
printf 'a.txt\tb.txt\na.txt\tc.txt\r\n' >good.tsv
run compare --format jsonl --pairs good.tsv
expect_status 0
expect_empty err
expect_lines out 2
printf 'a.txt\tb.txt\na.txt b.txt\n\ta.txt\na.txt\tmissing.txt\na.txt\tb.txt\tc.txt\na.txt\tc.txt' >bad.tsv
run compare --format jsonl --pairs bad.tsv
expect_status 3
expect_lines out 2
expect_match err '^bad\.tsv:2: not two paths'
expect_match err '^bad\.tsv:3: not two paths'
expect_match err '^bad\.tsv:4: '
expect_match err '^bad\.tsv:5: not two paths'
expect_no_match err '^bad\.tsv:[16]: '
run compare --format jsonl --max-skipped 4 --pairs bad.tsv
expect_status 0
run compare --format jsonl --strict --pairs bad.tsv
expect_status 2
expect_lines out 1
run compare --pairs missing.tsv
expect_refusal 'missing\.tsv'
run compare --pairs good.tsv a.txt
expect_refusal 'no further operand'
ran='compare --pairs - < good.tsv'
"$REPRINT" compare --format jsonl --pairs - <good.tsv >out 2>err
status=$?
expect_status 0
expect_lines out 2
mkdir sub
mv a.txt b.txt sub
printf 'sub/a.txt\tsub/b.txt\n' >sub/pairs.tsv
run compare --format csv --pairs sub/pairs.tsv
expect_status 0
expect_lines out 2
expect_match out '^type,a_id,a_path,.*,b_id,b_path,.*,verdict,'
finish
