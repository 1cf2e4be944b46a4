# Folders as people have them: the index lies in the folder that is read, and a
# feed's first line may be broken.
. "$SOURCE_DIR/tests/cli/lib.sh"

# `reprint index .` with the default index beside the articles reads them alone,
# also the second time.
mkdir site
cd site || exit 1
news news.jsonl
run index -q -d reprint.db news.jsonl
rm -f out err
"$REPRINT" index . >../stdout 2>../summary
status=$?
ran='reprint index .'
expect_status 0
expect_empty ../stdout
expect_match ../summary 'read 4, added 0, updated 0, unchanged 4, conflicts 0, ignored files 1, skipped 0'
"$REPRINT" index -v . >../stdout 2>../summary
expect_match ../summary '^reprint\.db: an index of reprint$'
run stat --format jsonl
expect_match out '"articles":4,'
cd .. || exit 1

# A folder that only looks a little like one is read.
mkdir -p plain/1
printf 'One\n\n%s\n' "$ferry_text" >plain/current
run extract plain
expect_lines out 1

# One bad line at the start of a feed is one bad line, in a folder, too, and
# when it is packed; a text of another name may begin with anything.
mkdir feeds
{
  echo 'oops: connection reset'
  cat site/news.jsonl
} >feeds/feed.jsonl
run extract feeds/feed.jsonl
expect_status 3
expect_lines out 4
expect_match err '^feeds/feed\.jsonl:1: not a JSON object$'
run extract feeds
expect_status 3
expect_lines out 4
gzip feeds/feed.jsonl
run extract feeds
expect_status 3
expect_lines out 4
printf '[1, 2]\n' | cat - site/news.jsonl >feeds/b.ndjson
run extract feeds/b.ndjson
expect_status 3
expect_lines out 4
printf 'A list\n\n%s\n' "$ferry_text" >feeds/c.txt
run extract feeds/c.txt
expect_status 0
expect_lines out 1
finish
