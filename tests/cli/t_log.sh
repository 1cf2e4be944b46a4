# --log-format json: every message is a line of JSON with its level, its time,
# its command, and the record that it is about.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
SOURCE_DATE_EPOCH=1795485723
export SOURCE_DATE_EPOCH
stamp='^\{"time":"2026-11-24T02:02:03Z"'

# expect_log FILE...: every line of each is a whole object with its four keys
expect_log() {
  for log in "$@"; do
    check
    [ "$(wc -l <"$log")" -eq "$(grep -Ec "$stamp,\"level\":\"(error|warning|info)\",\"command\":(null|\"[a-z]+\"),\"message\":\"([^\"\\\\]|\\\\.)*\"(,\"[a-z]+\":(null|[0-9]+|\"([^\"\\\\]|\\\\.)*\"))*\\}\$" "$log")" ] ||
      fail "not every line of $log is a line of the log"
    expect_no_match "$log" "$(printf '[\001-\010\013-\037\177]')"
  done
}
# expect_line LEVEL COMMAND MESSAGE-AND-MORE: regular expressions
expect_line() { expect_match err "$stamp,\"level\":\"$1\",\"command\":$2,\"message\":$3\\}\$"; }
logged() { run --log-format json "$@"; }

# ---- index: a summary with numbers, warnings with their places
logged index news.jsonl
expect_status 0
expect_lines err 1
expect_line info '"index"' '"read 4, added 4, updated 0, [^"]*","read":4,"added":4,"updated":0,"metadata":0,"unchanged":0,"repeated":0,"conflicts":0,"ignored":0,"skipped":0,"failed":0'
logged index -q news.jsonl
expect_empty err
{
  sed -n 1p news.jsonl | sed 's/Cracks/Deep cracks/'
  printf '{"id":"broken", "text": \n'
  printf '{"id":"wire-1","url":"https://elsewhere.example/x","publisher":"Elsewhere","text":"%s"}\n' "$other_text"
  printf '{"id":"signs","text":"... --- !!!"}\n'
} >bad.jsonl
logged index bad.jsonl missing.jsonl
expect_status 2
expect_log err
expect_line warning '"index"' '"[^"]+","path":"bad.jsonl","line":2'
expect_line warning '"index"' '"[^"]+","path":"bad.jsonl","line":3'
expect_line warning '"index"' '"[^"]+","path":"bad.jsonl","line":4'
expect_line error '"index"' '"[^"]+","path":"missing.jsonl","line":null'
expect_line info '"index"' '"read [^"]*","read":4,"added":0,"updated":1,"metadata":1,"unchanged":0,"repeated":0,"conflicts":1,"ignored":0,"skipped":2,"failed":1'
expect_line info '"index"' '"conflicts are ids [^"]*"'
expect_lines err 6
logged index -q --strict -d strict.db bad.jsonl
expect_status 2
expect_line error '"index"' '"[^"]+","path":"bad.jsonl","line":2'
expect_line error '"index"' '"stopped at the first bad record \(--strict\)"'
mkdir folder
printf '\000\001\002\003\000\000\000\000' >folder/x.bin
printf '{"text":"%s"}\n{"text":"%s"}\n' "$other_text" "$other_text" >folder/twice.jsonl
logged index -v -d folder.db folder
expect_status 0
expect_log err
expect_line info '"index"' '"repeated record[^"]*","path":"folder/twice.jsonl","line":2'
expect_line info '"index"' '"[^"]+","path":"folder/x.bin","line":null'
expect_line info '"index"' '"read [^"]*","read":2,"added":1,"updated":0,"metadata":0,"unchanged":1,"repeated":1,"conflicts":0,"ignored":1,"skipped":0,"failed":0'

# ---- levels of the others
logged show nobody
expect_status 1
expect_lines err 1
expect_line warning '"show"' "\"no article 'nobody' in the index\""
logged query --publisher nobody.example --since 2020-01-01 --format csv
expect_status 1
expect_line warning '"query"' "\"no article of publisher [^\"]*\""
logged query bad.jsonl
expect_status 2
expect_log err
expect_line error '"query"' '"[^"]+","path":"bad.jsonl","line":2'
logged query --format jsonl --limit 1 --id wire-1
expect_status 0
expect_line info '"query"' "\"'wire-1': 1 more match was left out \\(--limit\\)\""
expect_lines err 1
logged compare news.jsonl missing.txt
expect_status 2
expect_log err
expect_line error '"compare"' "\"'news.jsonl' holds more than one article\""
printf 'news.jsonl\tmissing.txt\nodd\n' >list.tsv
logged compare --pairs list.tsv
expect_status 3
expect_log err
expect_line warning '"compare"' "\"'news.jsonl' holds more than one article\""
expect_line warning '"compare"' '"pair not compared","path":"list.tsv","line":1'
expect_line warning '"compare"' '"not two paths with a tab between","path":"list.tsv","line":2'
expect_no_match err '"level":"error"'
sed -n 1p news.jsonl >one.jsonl
printf 'one.jsonl\tmissing.txt\n' >list.tsv
logged compare --pairs list.tsv
expect_status 3
expect_line warning '"compare"' '"[^"]+","path":"missing.txt","line":null'
expect_no_match err '"level":"error"'
logged compare one.jsonl missing.txt
expect_status 2
expect_line error '"compare"' '"[^"]+","path":"missing.txt","line":null'
logged pairs --limit 1
expect_status 0
expect_line info '"pairs"' '"2 more pairs left out \(--limit\)"'
logged clusters -v
expect_status 0
expect_log err
expect_lines err 4
expect_no_match err '"level":"(error|warning)"'
logged expire --dry-run --older-than 2w
expect_line info '"expire"' '"would expire 4 articles of 4"'
logged expire
expect_refusal "'--before' and '--older-than'"
expect_line error '"expire"' '"[^"]*"'
logged backup copy.db
expect_line info '"backup"' "\"copied '[^']*' to 'copy.db': [^\"]*\""
expect_log err
logged check
expect_status 0
expect_line info '"check"' '"[^"]*: no damage"'
logged remove -d copy.db town-1 nobody
expect_status 1
expect_line warning '"remove"' "\"no article 'nobody' in the index\""
expect_line info '"remove"' '"removed 1 article, 1 missing"'
logged compact -d copy.db
expect_status 0
expect_line info '"compact"' '"[^"]*left out"'
logged stat -d nowhere
expect_refusal nowhere
expect_log err
expect_line error '"stat"' '"[^"]*nowhere[^"]*"'
expect_line info '"stat"' '"[^"]* makes an index"'

# ---- what a file is called and an id says cannot break the line
odd=$(printf 'odd\033"\\\303(\n.jsonl')
logged index -q -d odd.db "$odd"
expect_status 2
expect_lines err 1
expect_log err
replaced=$(printf '\357\277\275')
expect_line error '"index"' '"[^"]+","path":"odd\\u001b\\"\\\\'"$replaced"'\(\\n.jsonl","line":null'
logged show "$odd"
expect_status 1
expect_lines err 1
expect_log err
long=$(printf '%03000d' 7)
logged show "$long"
expect_status 1
expect_lines err 1
expect_log err

# ---- mistakes on the line: where the option comes first, or the environment says so
logged query --limt 3
expect_refusal "unknown option '--limt'"
expect_match err '"level":"error","command":null,"message":"unknown option'
logged qurey
expect_match err '"level":"error","command":null,"message":".qurey. is not a command'
expect_log err
logged index --bands 60 --rows 3 news.jsonl
expect_refusal "'--bands' and '--rows'"
expect_line error '"index"' '"[^"]*"'
logged stat --limit 3
expect_refusal "option '--limit' is not one of 'stat'"
expect_line error '"stat"' '"[^"]*"'
run --log-format xml stat
expect_refusal "option '--log-format'"
ran='help --log-format json > /dev/full'
"$REPRINT" help --log-format json >/dev/full 2>err
status=$?
expect_status 2
expect_line error '"help"' '"unable to write to standard output: [^"]*"'

# ---- the environment, and what goes before it
REPRINT_LOG_FORMAT=json
export REPRINT_LOG_FORMAT
run show nobody
expect_line warning '"show"' "\"no article 'nobody' in the index\""
run query --limt 3
expect_match err '^\{"time":"[0-9TZ:-]+","level":"error","command":null,"message":"unknown option'
run show --log-format text nobody
expect_match err "^reprint: no article 'nobody' in the index\$"
REPRINT_LOG_FORMAT=text
run show nobody
expect_match err '^reprint: '
REPRINT_LOG_FORMAT=
run show nobody
expect_match err '^reprint: '
REPRINT_LOG_FORMAT=xml
run show nobody
expect_refusal "environment variable 'REPRINT_LOG_FORMAT': 'xml' is neither text nor json"
run --log-format json show nobody
expect_status 1
expect_line warning '"show"' '"[^"]*"'
unset REPRINT_LOG_FORMAT

# ---- the clock: --now before the environment, and the system's without either
logged index --now 2020-01-02T03:04:05Z news.jsonl
expect_match err '^\{"time":"2020-01-02T03:04:05Z","level":"info","command":"index",'
unset SOURCE_DATE_EPOCH
before=$(date -u +%FT%TZ)
logged show nobody
after=$(date -u +%FT%TZ)
sed 's/^{"time":"\([^"]*\)".*/\1/' err >time
printf '%s\n%s\n%s\n' "$before" "$(cat time)" "$after" >times
sort -c times 2>/dev/null || fail 'the time is not the time'
check

# ---- a terminal: the progress line is for people
if script -qec 'echo it works' /dev/null </dev/null 2>/dev/null | grep -q 'it works'; then
  cat >slow.sh <<'END'
(sed -n 1p news.jsonl; sleep 1.2; sed 1d news.jsonl) | "$REPRINT" index --log-format "$1" -d slow.db >/dev/null
END
  for format in text json; do
    ran="index --log-format $format on a terminal"
    script -qec "sh slow.sh $format" /dev/null >"$format" </dev/null
  done
  expect_match text ' articles, [0-9]+ a second'
  expect_match json '"level":"info","command":"index"'
  expect_no_match json ' a second'
  expect_no_match json "$(printf '\033')"
fi

# ---- a damaged index, whoever notices it
SOURCE_DATE_EPOCH=1795485723
export SOURCE_DATE_EPOCH
cp -R reprint.db good.db
for file in $(cd good.db && find . -type f -size +0); do
  size=$(wc -c <"good.db/$file")
  for keep in 0 $((size / 8)) $((size / 3)) $((size / 2)) $((size - 4096)); do
    [ "$keep" -ge 0 ] || continue
    rm -rf reprint.db
    cp -R good.db reprint.db
    head -c "$keep" "good.db/$file" >"reprint.db/$file"
    for line in 'stat' 'query --id wire-1' 'check' 'index -q news.jsonl'; do
      # shellcheck disable=SC2086
      logged $line
      expect_log err
    done
  done
done

# A fault while the index is read: here, while another writer is waited for.
if command -v flock >/dev/null; then
  rm -rf reprint.db
  cp -R good.db reprint.db
  : >held
  flock reprint.db/writer sh -c 'echo >held; while [ -e held ]; do sleep 0.05; done' &
  while [ ! -s held ]; do sleep 0.05; done
  ran='index --log-format json (SIGBUS)'
  "$REPRINT" index --log-format json news.jsonl >out 2>err &
  while [ ! -s err ] && kill -0 $!; do sleep 0.05; done
  sleep 0.1
  kill -BUS $!
  wait $!
  status=$?
  rm held
  wait
  expect_status 2
  expect_lines err 2
  expect_log err
  expect_line info '"index"' '"waiting for another process [^"]*"'
  expect_line error '"index"' "\"'./reprint.db': index is damaged: 'reprint check' says where; [^\"]*\""
fi
finish
