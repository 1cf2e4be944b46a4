# query --publisher: who picked up the stories of one publisher; and articles
# asked about by where they were read.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl
# Another story of the wire's, a day before, that nobody carries; a version of
# the first one under its own roof, which is no pick-up; one without a date.
printf '{"id":"wire-0","url":"https://news.wire.example/0","publisher":"Wire","title":"Bread of yesterday is news","published":"2020-10-04","text":"%s"}\n' "The last tram of the night now waits for the bakers, who asked for it because their shift begins when everybody else is asleep." >more.jsonl
printf '{"id":"wire-2","url":"https://photo.wire.example/2","publisher":"Wire Pictures","title":"Ferries in port","published":"2020-10-05T12:00:00Z","text":"%s"}\n' "$ferry_text" >>more.jsonl
printf '{"id":"wire-3","url":"https://news.wire.example/3","publisher":"Wire","text":"%s"}\n' "Undated and short, this was written by nobody for nobody, and it is about nothing that has happened in the harbour or elsewhere." >>more.jsonl
run index -q news.jsonl more.jsonl
expect_status 0

# By domain: the wire's three dated stories, by date, with what others made of them.
run query --publisher wire.example --since 2020-10-01 --format jsonl
expect_status 0
expect_empty err
expect_lines out 4
sed 's/.*"query":"\([^"]*\)","match":{"id":"\([^"]*\)".*/\1 \2/' out >pairs
printf 'wire-1 daily-1\nwire-1 paper-1\nwire-2 daily-1\nwire-2 paper-1\n' >expected
expect_same pairs expected
cp out all
run query --publisher wire.example --since 2020-10-01 --format jsonl -j 1
expect_same out all

# By the name as printed: the two stories under it.
run query --publisher Wire --since 2020-10-01 --format jsonl
expect_status 0
expect_lines out 2
expect_no_match out '"query":"wire-2"'

# Dates are those of the stories, not of the matches.
run query --publisher wire.example --since 2020-10-05T11:00Z --format jsonl
expect_lines out 2
expect_no_match out '"query":"wire-1"'
run query --publisher wire.example --since 2020-10-01 --until 2020-10-04 --format jsonl
expect_status 1
expect_empty out
expect_empty err
run query --publisher wire.example --since 2021-01-01
expect_status 1
expect_match out '^0 stories, 0 picked up, 0 articles by others$'
expect_match err "no article of publisher 'wire.example'"
run query --publisher nobody.example --since 2020-01-01
expect_status 1

# Licensed clients are left out; other filters are of the matches.
run query --publisher wire.example --since 2020-10-01 --format jsonl --exclude-publisher daily.example
expect_lines out 2
expect_no_match out '"match":\{"id":"daily-1"'
printf 'Daily\npaper.example\n' >clients
run query --publisher wire.example --since 2020-10-01 --format jsonl --exclude-publisher @clients
expect_status 1
expect_empty out
run query --publisher wire.example --since 2020-10-01 --format jsonl --verdict reprint
expect_lines out 2
run query --publisher wire.example --since 2020-10-01 --format csv
expect_lines out 5

# The list for a mail.
run query --publisher wire.example --since 2020-10-01
expect_status 0
expect_empty err
cat >expected <<'EOF'
Cracks keep island ferries in port
  Wire, 2020-10-05 10:00 UTC
    https://news.wire.example/1
  - Daily, 2020-10-07: identical, 100% of the story, 100% of theirs; uncredited;
    at least 38 hours after the story
    https://daily.example/9
EOF
head -n 6 out >first
expect_same first expected
expect_match out '^  - Paper, 2020-10-05 13:30 UTC: reprint, [0-9]+% of the story, [0-9]+% of'
expect_match out 'after the story'
expect_match out '^3 stories, 2 picked up, 4 articles by others$'
expect_no_match out 'Bread of yesterday'
check
awk 'length > 80 { exit 1 }' out || fail 'a line is longer than 80 columns'
run query --publisher wire.example --since 2020-10-01 --full
expect_match out '^Bread of yesterday is news$'
expect_match out '^  Wire, 2020-10-04: not picked up$'
run query --publisher wire.example --since 2020-10-01 --limit 1
expect_match out '1 more was left out'
run query --publisher paper.example --since 2020-10-01
expect_match out '; they had it first'
expect_match out 'before the story'

# One question at a time.
run query --publisher wire.example
expect_refusal "needs '--since'"
run query --id wire-1 news.jsonl
expect_refusal "not both"
run query --publisher Paper --format jsonl --id wire-1
expect_status 0
expect_lines out 1
"$REPRINT" query --format jsonl --publisher Paper - <news.jsonl >out 2>err
status=$?
expect_status 0
expect_match out '"query":"wire-1","match":\{"id":"paper-1"'
expect_no_match out '"match":\{"id":"daily-1"'

# An article of the index by where it was read, as answers print it.
run query --format jsonl --id wire-1
cp out by_id
run query --format jsonl --id news.jsonl:1
expect_status 0
expect_same out by_id
run query --format jsonl --id https://news.wire.example/1
expect_same out by_id
run query --format jsonl --id news.jsonl:99
expect_status 2
expect_match err "no article 'news.jsonl:99'"
run query --id 'news.jsonl:'
expect_status 2
run query --id ':1'
expect_status 2

# A file whose id is its path: asked about as a file or by its path, it is not
# its own match.
mkdir pages
printf 'No ferries\n\n%s\n' "$ferry_text" >pages/story.txt
run index -q pages
expect_status 0
run query --format jsonl pages/story.txt
expect_status 0
expect_no_match out '"match":\{"id":"pages/story\.txt"'
cp out as_file
run query --format jsonl --id pages/story.txt
expect_status 0
expect_same out as_file
rm pages/story.txt
run query --format jsonl --id ./pages/story.txt
expect_same out as_file
run query --format jsonl pages/story.txt
expect_status 0
expect_same out as_file
run query --format jsonl news.jsonl pages/story.txt nowhere.txt news.jsonl:1 news.jsonl
expect_status 2
expect_match err 'nowhere\.txt'
cp out mixed
run query --format jsonl news.jsonl
cp out from_file
cat from_file as_file >expected
run query --format jsonl news.jsonl:1
expect_status 0
cat out from_file >>expected
expect_same mixed expected
finish
