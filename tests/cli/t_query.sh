# query: statuses, keys, filters, and the answer for people.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
run index -q news.jsonl
expect_status 0
printf 'No ferries\n\n%s\n' "$ferry_text" >story.txt
printf 'A walk in the hills above the lake takes four hours and needs good shoes, says the guide who has led it for years.\n' >alone.txt

# Status 0 with matches, 1 without, 2 where an input failed; stderr is silent.
run query story.txt
expect_status 0
expect_empty err
run query alone.txt
expect_status 1
expect_empty err
expect_match out 'No other article in the index carries this story'
run query -q --format jsonl alone.txt
expect_status 1
expect_empty out
expect_empty err
run query --format jsonl missing.txt story.txt
expect_status 2
expect_match err 'missing\.txt'
expect_lines out 3
run query --id nobody
expect_status 2
expect_match err 'nobody'
"$REPRINT" query --format jsonl <story.txt >out 2>err
status=$?
ran='query < story.txt'
expect_status 0
expect_lines out 3
"$REPRINT" query --format jsonl - <story.txt >out2 2>err
expect_same out out2
printf '{"id":"q1","text":"%s"}\n{broken\n' "$ferry_text" >two.jsonl
run query --format jsonl two.jsonl
expect_status 2
expect_match err '^two\.jsonl:2: '
expect_lines out 3

# The article itself is never reported.
run query --format jsonl --id wire-1
expect_status 0
expect_empty err
expect_lines out 2
expect_no_match out '"match":\{"id":"wire-1"'
run query --format jsonl --id https://news.wire.example/1
expect_status 0
expect_lines out 2
run query --format jsonl news.jsonl
expect_status 0
expect_lines out 6

# Keys, all there and in order; the best match first.
run query --format jsonl --id wire-1
expect_match out '^\{"type":"match","query":"wire-1","match":\{"id":"daily-1","path":"news\.jsonl:3","url":"https://daily\.example/9","publisher":"Daily","title":"No boats this week","published":"2020-10-07"\},"verdict":"identical","short":false,"jaccard":1,"coverage_query":1,"coverage_match":1,"words":[0-9]+,"quoted_words":0,"longest_unquoted":[0-9]+,"passages":\[\{"q":\[0,[0-9]+\],"m":\[0,[0-9]+\],"words":[0-9]+,"quoted_words":0,"exact":true\}\]'
expect_match out '"match":\{"id":"paper-1",.*"verdict":"reprint"'
expect_match out '"changes":\[.*\{"kind":"number","q":\[[0-9]+,[0-9]+\],"m":\[[0-9]+,[0-9]+\],"q_text":"three","m_text":"four"\}'
expect_match out '"direction":"query->match","evidence":\[.*\{"kind":"earlier","direction":"query->match","text":null,"hours":3\.5\}'
expect_match out '"credit":"uncredited","credit_text":null,"hours_after":3\.5,"cluster":null'
run query --format jsonl --id paper-1 --publisher Wire
expect_match out '"direction":"match->query"'

# Filters.
count() {
  expected=$1
  shift
  run query --format jsonl --id wire-1 "$@"
  if [ "$expected" -eq 0 ]; then expect_status 1; else expect_status 0; fi
  expect_lines out "$expected"
}
count 2
count 1 --verdict identical
count 1 --verdict reprint
count 2 --verdict reprint,identical
count 0 --verdict partial
count 1 --since 2020-10-06
count 1 --until 2020-10-05
count 2 --since 2020-10-05 --until 2020-10-07
count 0 --since 2020-10-08
count 1 --window 12h
count 2 --window 1w
count 1 --publisher Paper
count 1 --publisher paper.example
count 1 --exclude-publisher daily.example
count 0 --exclude-publisher 'Paper, Daily'
printf 'Paper\n\nDaily\n' >clients
count 0 --exclude-publisher @clients
count 1 --min-coverage 99%
count 0 --min-words 100000
run query --format jsonl --id wire-1 --sort date
check
[ "$(sed -n 1p out | grep -c '"id":"paper-1"')" -eq 1 ] || fail 'the earliest is not first'
run query --format jsonl --id wire-1 --limit 1
expect_status 0
expect_lines out 1
expect_match err '1 more match'
run query -q --format jsonl --id wire-1 --limit 1
expect_empty err

# The threads do not show.
cat news.jsonl news.jsonl news.jsonl >many.jsonl
for format in text jsonl csv; do
  run query -j 1 --format "$format" many.jsonl story.txt
  cp out one
  run query -j 3 --format "$format" many.jsonl story.txt
  expect_status 0
  expect_same out one
done

# The answer for people: what was asked, how many, who was first and why.
run query --id wire-1
expect_status 0
expect_empty err
expect_match out '^Asked about: Cracks keep island ferries in port$'
expect_match out '^  Wire, 2020-10-05 10:00 UTC, [0-9]+ words'
expect_match out '^2 other articles of 2 publishers carry this story'
expect_match out 'queried story was first: it was published'
expect_match out '^1\. Daily, 2020-10-07'
expect_match out '^2\. Paper, 2020-10-05 13:30 UTC \(3 hours 30 minutes after the queried'
expect_match out '   identical: '
expect_match out '   reprint: [0-9]+% of this article is text of the queried story'
expect_match out '   uncredited: '
expect_match out 'number: "three" became "four"'
expect_match out '\[three\] ferries'
expect_match out '\[four\] ferries'
expect_match out '\.\.\. 1[0-9][0-9] words \.\.\. +\| \.\.\. 1[0-9][0-9] words \.\.\.$'
expect_no_match out "$(printf '\033')"
check
awk 'length > 80 { exit 1 }' out || fail 'a line is longer than 80 columns'
run query --id wire-1 --full
expect_no_match out '\.\.\. [0-9]+ words \.\.\.'
run query --id wire-1 --color always
expect_match out "$(printf '\033')\[1;31mfour"
expect_no_match out '\[four\]'
COLUMNS=60
export COLUMNS
run query --id wire-1
check
awk 'length > 60 { exit 1 }' out || fail 'a line is longer than 60 columns'
unset COLUMNS
run query --id wire-1 --since 2021-01-01
expect_status 1
expect_match out 'fits the filters given'
run query --limit 1 --id wire-1
expect_match out '1 match is not listed below'

# Look-alikes: a long quotation that two stories share is no reprint.
quote='We have asked for new boats in every year since the bridge was closed, and in every year we were told that the money had gone to the roads; now the hulls are cracking, the winter is near, and nobody in the capital picks up the telephone when the islands call'
printf '{"id":"quote-1","url":"https://isle.example/q","publisher":"Isle","text":"At the assembly in the school hall the mayor of the northern island spoke for a minute and no longer. \\"%s.\\" Then she sat down, and the hall was silent until an old fisherman began to clap. The assembly had been called to talk about the fees of the marina, which rise every spring, and about the lights on the pier, two of which have been broken since the storm in March. Both points were put off after some debate. A teacher reported on the choir that sings at the summer feast, and asked for chairs that do not creak. Towards ten the rain began, and most of those who had come on foot stayed for tea, which the baker had brought in two large cans."}\n' "$quote" >quote.jsonl
printf '{"id":"quote-2","url":"https://coast.example/q","publisher":"Coast","text":"Relations between the islands and the government have reached a low. \\"%s,\\" the mayor complained to her council this week. Officials in charge of transport answered our questions with a reference to the budget of next year, which parliament will debate in spring. Three parties have tabled motions on the matter, though none of them names a sum. Trade on the coast depends on the crossing more than it did ten years ago: a study by the chamber of commerce counts four hundred jobs, most of them in hotels, and warns that young families will move away. The fishing cooperative has offered two of its own vessels for the transport of post and medicine until the matter is settled, an offer that the regional governor called generous but that no insurer has so far been willing to cover."}\n' "$quote" >>quote.jsonl
run index -q quote.jsonl
expect_status 0
run query --format jsonl --id quote-1
expect_status 1
expect_empty out
run query --id quote-1
expect_status 1
expect_match out 'look-alikes'
run query --format jsonl --look-alikes --id quote-1
expect_status 1
expect_lines out 1
expect_match out '"verdict":"quote-only"'
expect_match out '"credit":null'
run query --look-alikes --id quote-1
expect_status 1
expect_match out '^Look-alikes, compared and refused:$'
expect_match out 'inside quotation marks'
run query --format jsonl --verdict quote-only --id quote-1
expect_status 0
expect_lines out 1
finish
