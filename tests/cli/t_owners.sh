# --owners and --exclude-same-owner: which publishers belong together.
. "$SOURCE_DIR/tests/cli/lib.sh"
# A wire, its daily, a paper of somebody else, a post known by its name alone,
# two of unknown publishers; another story of the wire's.
{
  news fifth.jsonl
  sed 's/town.example/photo.wire.example/' fifth.jsonl
  printf '{"id":"post-1","publisher":"The Evening Post","published":"2020-10-08","text":"%s"}\n' "$ferry_text"
  printf '{"id":"nobody-1","published":"2020-10-09","text":"%s"}\n' "$ferry_text"
  printf '{"id":"nobody-2","published":"2020-10-09","text":"%s"}\n' "$ferry_text"
} >news.jsonl
run index -q news.jsonl
expect_status 0
tab=$(printf '\t')
cat >owners <<END
# who owns whom

  daily.example     Example   Media  
wire.example${tab}Example   Media
the evening post${tab}paper.example
nowhere.example Example   Media
wire.example Example   Media
END

# ids of the two sides, a line a pair
sides() { sed 's/.*"a":{"id":"\([^"]*\)".*"b":{"id":"\([^"]*\)".*/\1 \2/' out | sort >"$1"; }
matches() { sed 's/.*"match":{"id":"\([^"]*\)".*/\1/' out | sort >"$1"; }

# ---- pairs
run pairs
expect_status 0
expect_lines out 15
sides all
run pairs --owners owners
expect_status 0
expect_empty err
sides same
expect_same same all
run pairs --owners owners --exclude-same-owner
expect_status 0
sides told
grep -v -e '^daily-1 wire-1$' -e '^paper-1 post-1$' all >expected
expect_same told expected
expect_lines told 13
run pairs --exclude-same-owner
sides told
expect_same told all

# ---- query
run query --format jsonl --id wire-1
matches all
expect_lines all 5
run query --format jsonl --id wire-1 --exclude-same-owner
matches told
expect_same told all
run query --format jsonl --id wire-1 --exclude-same-owner --owners owners
matches told
printf 'nobody-1\nnobody-2\npaper-1\npost-1\n' >expected
expect_same told expected
run query --format jsonl --id nobody-1 --exclude-same-owner --owners owners
expect_lines out 5
printf 'daily.example Media\npaper.example Media\nthe evening post%sMedia\nwire.example Media\n' "$tab" >one
run query --format jsonl --id wire-1 --exclude-same-owner --owners one --verdict reprint
expect_status 1
expect_empty out
run query --id town-1 --exclude-same-owner
expect_status 1
expect_match out 'that fits the filters given'
# the same publisher without a list
sed -n 1p news.jsonl | sed 's/wire-1/wire-9/; s/wire.example.1/wire.example\/9/' >again.jsonl
run query --format jsonl again.jsonl
matches told
expect_match told '^wire-1$'
run query --format jsonl --exclude-same-owner again.jsonl
matches told
expect_no_match told '^wire-1$'
expect_lines told 5
run query --publisher wire.example --since 2020-10-01 --format jsonl --owners owners --exclude-same-owner
expect_status 0
matches told
printf 'nobody-1\nnobody-2\npaper-1\npost-1\n' >expected
expect_same told expected

# ---- clusters: owners are counted, of the whole group
run clusters
expect_match out '"size":6,"publishers":4,"owners":null,'
run clusters --owners owners
expect_status 0
expect_match out '"size":6,"publishers":4,"owners":2,'
run clusters --owners one
expect_match out '"publishers":4,"owners":1,'
printf 'nowhere.example Nobody\n' >others
run clusters --owners others
expect_match out '"publishers":4,"owners":4,'
printf '# nothing\n' >empty
run clusters --owners empty
expect_match out '"publishers":4,"owners":null,'
run clusters --owners owners --format csv
expect_match out '^cluster,c:[0-9a-f]*,[^,]*,6,4,2,'
run clusters --owners owners --format text
expect_match out '^  6 articles, 4 known publishers, 2 owners, group c:'
run clusters --format text
expect_match out '^  6 articles, 4 known publishers, group c:'
run clusters --owners owners --exclude-same-owner
expect_match out '"lead":"wire-1","size":6,"publishers":4,"owners":2,'
expect_match out '"id":"paper-1"'
expect_no_match out '"id":"daily-1"'
printf '{"id":"x","text":"%s"}\n{"id":"y","text":"%s"}\n' "$other_text" "$other_text" >unknown.jsonl
run index -q -d unknown.db unknown.jsonl
run clusters -d unknown.db --owners owners
expect_match out '"size":2,"publishers":0,"owners":0,'
run clusters -d unknown.db --owners owners --exclude-same-owner
expect_match out '"id":"x".*"id":"y"'

# ---- the file
run clusters --owners missing
expect_refusal "unable to open 'missing'"
printf 'a.example A\n\nb.example\n' >bad
run clusters --owners bad
expect_refusal "^reprint: bad:3: publisher 'b.example' has no owner beside it$"
printf 'b.example \t \n' >bad
run query --owners bad news.jsonl
expect_refusal "bad:1: publisher 'b.example' has no owner"
printf 'a.example A\r\n# b\r\nb.example B\r\na.example C\r\na.example A\r\n' >bad
run pairs --owners bad
expect_refusal "bad:4: publisher 'a.example' has another owner already"
printf 'wire.example\tM\r\ndaily.example M\r\n\r\npaper.example M\r\nthe evening post\tM' >crlf
run clusters --owners crlf
expect_status 0
expect_match out '"owners":1,'
run clusters --owners bad --owners crlf
expect_refusal 'bad:4'
run clusters --owners one --owners others
expect_match out '"owners":4,'
ran='clusters --owners -'
"$REPRINT" clusters --owners - <crlf >out 2>err
status=$?
expect_status 0
expect_match out '"owners":1,'
printf 'x' | "$REPRINT" clusters --owners - >out 2>err
status=$?
expect_refusal 'standard input:1: '
head -c 20000 "$REPRINT" >noise
run clusters --owners noise
check
[ "$status" -eq 0 ] || [ "$status" -eq 2 ] || fail 'noise'
run compare --owners owners news.jsonl news.jsonl
expect_refusal "option '--owners' is not one of 'compare'"
run stat --exclude-same-owner
expect_refusal "option '--exclude-same-owner' is not one of 'stat'"
finish
