#!/bin/sh
# dedup: what is told, that it is told once, that nothing is lost where it does
# not arrive, and which copy is kept.
. "$SOURCE_DIR/tests/cli/lib.sh"
SOURCE_DATE_EPOCH=1606013400
export SOURCE_DATE_EPOCH
extra='A second sentence of its own makes this version longer than all others that the sample has, and it says nothing that anybody would miss.'

# copy ID PUBLISHER DATE TEXT: a line of JSON
copy() {
  printf '{"id":"%s","url":"https://www.%s.example/x","publisher":"%s","published":"%s","text":"%s"}\n' \
    "$1" "$(printf '%s' "$2" | tr 'A-Z' 'a-z')" "$2" "$3" "$4"
}

# ---- before there is anything
run dedup
expect_refusal "reprint.db"
news news.jsonl
run index -q news.jsonl
expect_status 0
run dedup --again
expect_refusal "no run is stored in './reprint.db'"

# ---- the first run
run dedup --format jsonl
expect_status 0
expect_lines out 2
expect_match out '^\{"type":"run","run":1,"started":"2020-11-22T02:50:00Z","articles":4,"new":4,"gone":0,"groups":1,"grouped":3,"changed":1,"new_groups":1,"grown":0,"shrunk":0,"merged":0,"split":0,"new_lead":0,"new_keep":0,"updated":0,"rejudged_groups":0,"ended":0,"rejudged":0,"again":false\}$'
expect_match out '^\{"type":"cluster","id":"c:[0-9a-f]{16}","lead":"wire-1","size":3,"publishers":3,"owners":null,"first_seen":"[^"]*","last_seen":"[^"]*","members":\[\{"id":"wire-1","path":"news.jsonl:1","verdict":null,"of":null,"coverage":null,"hours_after":null,"credit":null,"keep":true,"new":true,"updated":false,"verdict_before":null\},'
expect_match out '\],"run":1,"changes":\["new"\],"merged":\[\],"split_from":null,"lead_before":null,"kept_before":null,"size_before":0,"left":\[\]\}$'
expect_lines err 1
expect_match err '^reprint: run 1, 2020-11-22: 4 new or updated articles, 1 new group; 3 articles in 1 group$'
cp out first
group=$(sed -n 's/.*"id":"\(c:[0-9a-f]*\)".*/\1/p' out)

# the group is the one that clusters tells, with more keys
run clusters
expect_status 0
sed -n '2s/"new":[a-z]*,"updated":[a-z]*,"verdict_before":null}/}/g; 2s/,}/}/g; 2s/,"run":1,.*/}/p' first >cluster
expect_same out cluster

# ---- nothing new, nothing said
for format in text jsonl csv tsv; do
  run dedup --format $format
  expect_status 0
  expect_empty out
  expect_empty err
done
run dedup -v
expect_status 0
expect_empty out
expect_match err '^reprint: nothing is new$'

# ---- once more
sed '1s/"again":false/"again":true/' first >again
run dedup --again --format jsonl
expect_status 0
expect_same out again
expect_match err '^reprint: run 1, 2020-11-22, told again: '
run dedup --again --format jsonl -q
expect_same out again
expect_empty err
run dedup --again
expect_status 0
expect_empty err
expect_match out '^run 1, 2020-11-22, told again: 4 new or updated articles, 1 new group; 3 articles in 1 group$'
expect_match out "^group $group\$"
expect_match out '^  new: 3 articles, 3 known publishers$'
expect_match out '^  keep  first       Wire, 2020-10-05 10:00 UTC, wire-1$'
expect_match out '^  copy  reprint     [0-9]+%, 3 hours 30 minutes after, uncredited: Paper, 2020-10-05 13:30 UTC, paper-1$'
run query --id paper-1 --format jsonl
expect_match out "\"match\":{\"id\":\"wire-1\",.*\"cluster\":\"$group\""
run dedup --again --format csv
expect_lines out 2
expect_match out '^type,id,lead,size,publishers,owners,first_seen,last_seen,members,run,changes,merged,split_from,lead_before,kept_before,size_before,left$'
expect_match out "^cluster,$group,wire-1,3,3,,[^,]*,[^,]*,wire-1 paper-1 daily-1,1,new,,,,,0,\$"
run dedup --format jsonl
expect_empty out

# ---- which groups are told
run dedup --again --format jsonl --min-publishers 9
expect_status 0
expect_lines out 1
run dedup --again --format csv --min-publishers 9
expect_lines out 1
run dedup --again --format jsonl --verdict identical
expect_lines out 2
expect_no_match out 'paper-1'
run dedup --again --format jsonl --exclude-publisher Daily
expect_no_match out 'daily-1'

# ---- what has changed
copy late-1 Evening 2020-10-08T08:00:00Z "$ferry_text" >late.jsonl
run index -q late.jsonl
run dedup --format jsonl -j 1
expect_status 0
expect_lines out 2
expect_match out '"run":2,.*"articles":5,"new":1,"gone":0,"groups":1,"grouped":4,"changed":1,"new_groups":0,"grown":1,'
expect_match out "\"id\":\"$group\",\"lead\":\"wire-1\",\"size\":4,"
expect_match out '"id":"late-1",[^}]*"keep":false,"new":true,'
expect_match out '"id":"daily-1",[^}]*"keep":false,"new":false,"updated":false,"verdict_before":"identical"\}'
expect_match out '"changes":\["grown"\],.*"size_before":3,"left":\[\]'
expect_match err 'run 2, 2020-11-22: 1 new or updated article, 1 group grown; 4 articles in 1 group$'
run remove -q late-1
run dedup --format jsonl
expect_match out '"run":3,.*"new":0,"gone":1,'
expect_match out '"changes":\["shrunk"\],.*"size_before":4,"left":\[\{"id":"late-1","reason":"removed","to":null\}\]'
copy paper-1 Paper 2020-10-05T13:30:00Z "$other_text" >changed.jsonl
run index -q changed.jsonl
run dedup --format jsonl
expect_match out '"left":\[\{"id":"paper-1","reason":"(updated|moved)"'
run remove -q daily-1
run dedup
expect_status 0
expect_match out '1 group ended'
expect_match out '^  left  removed     daily-1$'
expect_match out '^  left  in no group wire-1$'
run dedup
expect_empty out
run stat --format jsonl
expect_match out '"run":5,"run_started":"2020-11-22T02:50:00Z","groups":[0-9]+,"matched_articles":3,'
run check -q
expect_status 0

# ---- what does not arrive is told by the next run
rm -rf reprint.db
run index -q news.jsonl
ran='dedup --format jsonl >/dev/full'
"$REPRINT" dedup --format jsonl >/dev/full 2>err
status=$?
: >out
expect_status 2
expect_lines err 1
expect_match err 'unable to write to standard output'
run dedup --format jsonl
expect_status 0
sed '1s/"again":true/"again":false/' out >told
expect_same told first
run dedup --format jsonl
expect_empty out

# a reader that has gone away; the run after it tells its own as well
mkfifo pipe
run index -q late.jsonl
ran='dedup | (gone)'
(exec 3<pipe) &
exec 4>pipe
wait "$!"
"$REPRINT" dedup --format jsonl >&4 2>err 4>&-
status=$?
exec 4>&-
: >out
expect_status 2
expect_empty err
copy more-1 More 2020-10-09T08:00:00Z "$ferry_text" >more.jsonl
run index -q more.jsonl
cp -R reprint.db untold.db
run dedup --format jsonl
expect_status 0
expect_lines out 4
sed -n 's/^{"type":"run","run":\([0-9]*\),.*/\1/p' out | tr '\n' ' ' >runs
expect_match runs '^2 3 $'
expect_match err 'run 2, '
expect_match err 'run 3, '
run dedup -d untold.db --format csv
expect_status 0
expect_lines out 3
expect_match out '^cluster,.*,2,grown,'
expect_match out '^cluster,.*,3,grown,'

# none at all
copy last-1 Last 2020-10-10T08:00:00Z "$ferry_text" >last.jsonl
run index -q last.jsonl
ran='dedup >&-'
"$REPRINT" dedup >&- 2>err
status=$?
: >out
expect_status 2
expect_match err 'standard output'
# told once more before it has arrived, it counts as told
run dedup --again --format jsonl
expect_status 0
expect_match out '"run":4,'
run dedup
expect_status 0
expect_empty out

# ---- which copy is kept
mkdir -p licensed
{
  printf '{"id":"long-1","url":"https://blog.long.example/1","publisher":"Long","lang":"en-GB","authors":"Ann Reader","published":"2020-10-09","text":"%s %s"}\n' "$ferry_text" "$extra"
} >licensed/long.jsonl
# keeps ID OPTION...: by clusters, and by the first run of an index of its own
keeps() {
  id=$1
  shift
  run clusters -d keep.db "$@"
  expect_status 0
  expect_match out "\"id\":\"$id\",[^}]*\"keep\":true"
  check
  [ "$(grep -o '"keep":true' out | wc -l)" -eq 1 ] || fail 'not one copy is kept'
  rm -rf run.db
  cp -R keep.db run.db
  run dedup -d run.db --format jsonl -q "$@"
  expect_status 0
  expect_match out "\"id\":\"$id\",[^}]*\"keep\":true"
}
run index -q -d keep.db news.jsonl licensed/long.jsonl
keeps wire-1
keeps wire-1 --keep earliest
keeps long-1 --keep longest
keeps daily-1 --keep source=Daily
keeps daily-1 --keep source=daily.example
keeps daily-1 --keep 'source=nobody, Daily,Wire'
keeps wire-1 --keep source=nobody
keeps wire-1 --keep lang=xx
keeps long-1 --keep lang=en-GB
keeps paper-1 --keep host=www.paper.example
keeps long-1 --keep 'authors=Ann Reader'
keeps long-1 --keep path=licensed
keeps long-1 --keep path=licensed/long.jsonl
keeps wire-1 --keep path=lice
printf 'nobody\n  Paper \r\n\nWire\n' >list
keeps paper-1 --keep source=@list
keeps long-1 --keep source=Daily --keep longest
keeps wire-1 --keep source=Daily --keep earliest
run clusters -d keep.db --keep source=Daily --format text
expect_match out '^  keep  identical   100%, .*: Daily, 2020-10-07, daily-1$'
expect_match out '^  copy  first       Wire, '

# ---- wrong options
run dedup --keep newest
expect_refusal "'newest' is not earliest, longest or FIELD=LIST"
run dedup --keep colour=red
expect_refusal "'colour' is none of source, lang, host, authors, path"
run dedup --keep =red
expect_refusal "'' is none of source"
run dedup --keep 'source= , '
expect_refusal "names no source"
run dedup --keep lang=@missing
expect_refusal "unable to open 'missing'"
run dedup --keep
expect_refusal "needs a value"
run pairs --keep longest
expect_refusal "'--keep' is not one of 'pairs'"
run clusters --again
expect_refusal "'--again' is not one of 'clusters'"
run dedup news.jsonl
expect_refusal "takes no operand"
run dedup --look-alikes
expect_refusal "'--look-alikes' is not one of 'dedup'"

# ---- one job at a time
if command -v flock >/dev/null; then
  run index -q -d keep.db late.jsonl
  (
    flock 9
    : >held
    while [ -e held ]; do sleep 0.05; done
  ) 9>>keep.db/job &
  while [ ! -e held ]; do sleep 0.05; done
  run dedup -d keep.db --no-wait
  expect_refusal 'keep.db'
  ran='dedup, waiting'
  : >err
  "$REPRINT" dedup -d keep.db >out 2>err &
  waiting=$!
  n=0
  while [ ! -s err ] && [ $n -lt 200 ]; do
    n=$((n + 1))
    sleep 0.05
  done
  expect_empty out
  expect_match err "^reprint: waiting for another 'dedup' of 'keep.db' "
  rm held
  wait "$waiting"
  status=$?
  expect_status 0
  expect_lines err 1
  expect_match out '^run 1, '
  wait
fi

# ---- an index that is only read, a limit, figures
run index -q -d keep.db more.jsonl
run dedup -d keep.db -v --format tsv
expect_status 0
expect_lines out 2
expect_match err 'postings read, [0-9.]+ an article'
expect_match err 'pairs compared, [0-9.]+ an article, [0-9]+ of them inside groups; [0-9]+ were known already$'
ln -s "$SOURCE_DIR/corpus" corpus
run index -q --now 2025-01-01 -d corpus.db corpus
run dedup -d corpus.db --format jsonl --limit 2
expect_status 0
expect_lines out 3
expect_match err '^reprint: [0-9]+ more groups left out \(--limit\)$'
run dedup -d corpus.db --again --format jsonl
cp out by_size
run dedup -d corpus.db --again --format jsonl --sort date
expect_status 0
sort by_size >a
sort out >b
expect_same a b
check
cmp -s by_size out && fail 'the order is the same'

# ---- texts that would play with a terminal or a spreadsheet
escape=$(printf '\033')
{
  printf '{"id":"=1+2\\u001b[2J","publisher":"@Evil\\u009b31m\\u202eabc","text":"%s"}\n' "$ferry_text"
  printf '{"id":"tab\\tbed\\nline","publisher":"+Tab","text":"%s"}\n' "$ferry_copy"
} >evil.jsonl
run index -q -d evil.db evil.jsonl
for format in text jsonl csv tsv; do
  rm -rf one.db
  cp -R evil.db one.db
  run dedup -d one.db --format $format
  expect_status 0
  expect_no_match out "$escape"
  cp out evil.$format
done
expect_no_match evil.text "$(printf '\302\233')"
expect_no_match evil.text "$(printf '\342\200\256')"
expect_lines evil.tsv 2
expect_lines evil.jsonl 2
finish
