# What an answer claims about all that carry a story: it must not depend on
# which of them are listed, nor say more than the dates do.
. "$SOURCE_DIR/tests/cli/lib.sh"

# record ID PUBLISHER PUBLISHED TEXT
record() {
  printf '{"id":"%s","publisher":"%s","title":"%s","published":"%s","text":"%s"}\n' "$1" "$2" "Ferries, $1" "$3" "$4"
}

# A paper's copy of a wire's story credits it; another paper printed the same
# on an earlier day, at a time that is not known.
{
  record early Northday 2020-10-05 "$ferry_text"
  record wire Reuters 2020-10-05T09:00:00Z "HAVEN, Oct 5 (Reuters) - $ferry_text"
  record copy Copyday 2020-10-06T12:00:00Z "HAVEN (Reuters) - $ferry_text"
  record late Southday 2020-10-08 "$ferry_text"
  record sameday Westday 2020-10-06 "HAVEN (Reuters) - $ferry_copy"
} >wire.jsonl
run index -q wire.jsonl
expect_status 0

# The source that a copy names goes before one that is merely earlier; the count
# and the source are those of all matches, whatever --limit lists.
for limit in 0 1; do
  run query --id copy --limit "$limit"
  expect_status 0
  expect_match out '^4 other articles of 4 publishers carry this story'
  expect_match out '^First was Reuters, 2020-10-05 09:00 UTC \(match [1-4]'
done
expect_match out '^3 matches are not listed below'
expect_no_match out '^2\. '

# A filter leaves matches out, but not what is known of the story: the original
# is in the index.
run query --id copy --exclude-publisher Reuters
expect_status 0
expect_no_match out 'original is not in the index'
run query --id copy --exclude-publisher Reuters --format jsonl
expect_no_match out '"missing_source":"Reuters'

# Distances in time say no more than the dates do.
run query --id copy --limit 0
expect_match out '^[1-4]\. Reuters, 2020-10-05 09:00 UTC \(27 hours before the queried story\)'
expect_match out '^[1-4]\. Northday, 2020-10-05 \(at least 12 hours before the queried story\)'
expect_match out '^[1-4]\. Westday, 2020-10-06 \(the same day as the queried story\)'
expect_match out '^[1-4]\. Southday, 2020-10-08 \(at least 36 hours after the queried'
run query --id copy --format jsonl --publisher Westday
expect_match out '"hours_after":null'
run query --id late
expect_match out '^[1-4]\. Northday, 2020-10-05 \(3 days before the queried story\)'

# A bracket that a wording closes is shown with it.
run query --id wire
expect_match out 'credit: "HAVEN, Oct 5 \(Reuters\)" was dropped'

# An own version owes no credit, and what differs was changed by nobody where
# nobody was first.
{
  record v1 Own 2020-10-05 "$ferry_text"
  record v2 Own 2020-10-05 "$ferry_copy"
} >own.jsonl
run index -q -d own.db own.jsonl
run query -d own.db --id v1
expect_status 0
expect_match out 'own-update: '
expect_no_match out 'credited:'
expect_match out '   what differs \([0-9]+\):'
expect_match out 'Who was first is undecided: the dates do not tell, and none of the texts names'

# Words that only their spelling tells apart are not marked as different.
printf '%s\n' "$ferry_text" | sed 's/second time/sec\xc2\xadond time/' >plain.txt
printf '%s\n' "$ferry_text" | sed 's/The ministry/The min\&shy;istry/; s/fresh goods/fresh\&nbsp;goods/' >spelt.txt
run compare plain.txt spelt.txt
expect_status 0
expect_match out 'word for word'
expect_no_match out '\| .*\['
finish
