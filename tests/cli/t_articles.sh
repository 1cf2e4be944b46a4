# extract, show, remove, stat.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
run index -q news.jsonl
expect_status 0
printf 'A headline of four words\n\n%s\n' "$ferry_text" >story.txt

run extract news.jsonl story.txt
expect_status 0
expect_empty err
expect_lines out 5
expect_match out '^\{"type":"article","path":"news\.jsonl:1","id":"wire-1","url":"https://news\.wire\.example/1","publisher":"Wire",.*"title":"Cracks keep island ferries in port",.*"published":"2020-10-05T10:00:00Z","lang":null,"words":[0-9]+,"counted_words":[0-9]+,"truncated":false,"text":"The harbour.*","left_out":\[\]\}$'
expect_match out '^\{"type":"article","path":"story\.txt","id":"story\.txt".*"left_out":\[\{"range":\[0,24\],"reason":"title","text":"A headline of four words"\}\]\}$'
run extract --format text story.txt
expect_status 0
expect_match out '^title +A headline of four words$'
expect_match out '^  title, bytes 0-24: A headline of four words$'
printf '{"text":"Some words of no weight."}\n{broken\n' >bad.jsonl
run extract bad.jsonl
expect_status 3
expect_lines out 1
expect_match err '^bad\.jsonl:2: '
run extract --max-skipped 1 bad.jsonl
expect_status 0
run extract missing.html story.txt
expect_status 2
expect_lines out 1
expect_match err 'missing\.html'

run show wire-1
expect_status 0
expect_empty err
expect_match out '^title +Cracks keep island ferries in port$'
expect_match out '^published +2020-10-05 10:00 UTC$'
run show https://daily.example/9 --format jsonl
expect_status 0
expect_match out '"id":"daily-1"'
run show wire-1 nobody town-1
expect_status 1
expect_match err "'nobody'"
expect_match out 'Bread of yesterday'
run show --text wire-1
expect_status 0
printf '%s' "$ferry_text" >text
expect_same out text
run show --text wire-1 town-1
expect_refusal 'one id'
run index -q story.txt
run show --text story.txt
expect_same out story.txt

run stat
expect_status 0
expect_empty err
expect_match out '^  articles +5$'
run stat --format jsonl
expect_status 0
expect_match out '^\{"type":"stat","path":"\./reprint\.db","articles":5,"removed":0,.*"undated":1,.*"bands":35,"rows":3,'

run remove --dry-run daily-1 nobody
expect_status 1
expect_match err "'nobody'"
expect_match err 'would remove 1 article, 1 missing'
run show daily-1
expect_status 0
run remove daily-1
expect_status 0
expect_empty out
expect_match err '^reprint: removed 1 article, 0 missing$'
run show daily-1
expect_status 1
run query --format jsonl --id wire-1
expect_status 0
expect_no_match out 'daily-1'
run remove -q daily-1 paper-1
expect_status 1
expect_lines err 1
run remove -q --purge https://town.example/b
expect_status 0
expect_empty err
run stat --format jsonl
expect_match out '"articles":2,"removed":0,'
run remove -d nowhere wire-1
expect_refusal 'nowhere'
expect_absent nowhere
finish
