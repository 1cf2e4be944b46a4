#!/bin/sh
# pairs and clusters: records, formats, filters, and the sample corpus against
# its labels.  The floors only ever rise.
. "$SOURCE_DIR/tests/cli/lib.sh"

# ---- three articles of one story, one of another
news news.jsonl
run index -q news.jsonl
expect_status 0
run pairs
expect_status 0
expect_empty err
expect_lines out 3
expect_match out '^\{"type":"pair","a":\{"id":"daily-1","path":"news.jsonl:3","publisher":"Daily","published":"2020-10-07"\},"b":\{"id":"paper-1",'
expect_match out '"b":\{"id":"wire-1",[^}]*\},"verdict":"identical","short":false,"jaccard":1,"coverage_a":1,"coverage_b":1,"words":[0-9]+,"longest_unquoted":[0-9]+,"direction":"b->a","credit":"uncredited","evidence":\[\{"kind":"earlier"'
expect_match out '"b":\{"id":"wire-1",[^}]*\},"verdict":"reprint",'
expect_no_match out 'town-1'
expect_no_match out 'passages'
cp out plain
run pairs -j 1
expect_same out plain
run pairs --passages
expect_match out '"passages":\[\{"a":\[0,[0-9]+\],"b":\[0,[0-9]+\],"words":'
run pairs --format csv
expect_lines out 4
expect_match out '^type,a_id,a_path,a_publisher,a_published,b_id,b_path,b_publisher,b_published,verdict,short,jaccard,coverage_a,coverage_b,words,longest_unquoted,direction,credit,evidence$'
run pairs --format text
expect_status 0
expect_match out '^identical: [0-9]+ words shared, 100% of A, 100% of B, from B to A, uncredited$'
run pairs -v -q
expect_status 0
expect_match err '4 articles, 1 of them with the words of another'
expect_match err 'postings read, [0-9.]+ an article'
expect_match err 'pairs compared, [0-9.]+ an article'
expect_match err '3 pairs linked, 1 groups'
expect_match err '3 pairs linked, 1 groups; [0-9.]+ s$'

# ---- filters
run pairs --verdict reprint
expect_lines out 2
run pairs --limit 1
expect_lines out 1
expect_match err '2 more pairs left out'
run pairs --window 5h
expect_lines out 1
run pairs --publisher Daily
expect_lines out 2
run pairs --exclude-publisher Daily
expect_lines out 1
run pairs --since 2020-10-07
expect_lines out 2
run pairs --until 2020-10-04
expect_status 0
expect_empty out
run pairs --min-publishers 4
expect_empty out
run pairs --min-publishers 3
expect_same out plain
run pairs --min-coverage 0.99
expect_lines out 1
run pairs --min-words 100000
expect_empty out
run pairs --min-words 140
expect_lines out 1
run pairs --sort date
expect_match out 'paper-1'
expect_lines out 3
run pairs news.jsonl
expect_refusal 'takes no'
run pairs -d missing.db
expect_refusal "missing.db"

# ---- groups
run clusters
expect_status 0
expect_empty err
expect_lines out 1
expect_match out '^\{"type":"cluster","id":"c:[0-9a-f]{16}","lead":"wire-1","size":3,"publishers":3,"owners":null,"first_seen":"[^"]*","last_seen":"[^"]*","members":\[\{"id":"wire-1","path":"news.jsonl:1","verdict":null,"of":null,"coverage":null,"hours_after":null,"credit":null,"keep":true\},'
expect_match out '\{"id":"paper-1","path":"news.jsonl:2","verdict":"reprint","of":"wire-1","coverage":0?\.?[0-9.]+,"hours_after":3.5,"credit":"uncredited","keep":false\}'
run clusters --format csv
expect_lines out 2
expect_match out '^type,id,lead,size,publishers,owners,first_seen,last_seen,members$'
expect_match out ',wire-1 paper-1 daily-1$'
run clusters --format text
expect_match out '^  keep  first       Wire, 2020-10-05 10:00 UTC, wire-1$'
run clusters --verdict identical
expect_match out '"size":3'
expect_no_match out 'paper-1'
run clusters --min-publishers 4
expect_status 0
expect_empty out
# of a member, not of what it is a copy of
run clusters --publisher Daily
expect_match out '"size":3'
expect_match out '"id":"daily-1"'
expect_no_match out '"id":"paper-1"'
run clusters --publisher Wire
expect_empty out
run clusters --exclude-publisher Wire
expect_match out '"id":"paper-1".*"id":"daily-1"'
run clusters --until 2020-10-05T12:00Z
expect_empty out
run clusters --min-words 140
expect_match out '"id":"daily-1"'
expect_no_match out '"id":"paper-1"'
run clusters --passages
expect_refusal "passages"

# ---- an index that is only read, and one without an article
chmod -R a-w reprint.db
run pairs
expect_same out plain
chmod -R u+w reprint.db
printf '{"id":"x","text":"%s"}\n' "$other_text" >one.jsonl
run index -q -d one.db one.jsonl
run pairs -d one.db
expect_status 0
expect_empty out
run remove -q -d one.db x
run clusters -d one.db
expect_status 0
expect_empty out

# ---- the sample corpus
ln -s "$SOURCE_DIR/corpus" corpus
run index -q -d corpus.db corpus
expect_status 0
run pairs -d corpus.db --look-alikes --format tsv
expect_status 0
cp out answers
cat >judge.awk <<'END'
BEGIN { FS = "\t"; split("identical reprint partial round-up own-update", names, " "); for (v in names) links[names[v]] = 1 }
function key(a, b) { return a < b ? a "\t" b : b "\t" a }
FNR == 1 { file++; next }
file == 1 {
  k = key($2, $6)
  if (k in verdict) { print "twice: " k; bad++ }
  if ($2 "" > $6 "") { print "order: " k; bad++ }
  verdict[k] = $10
  direction[k] = $17 == "a->b" ? $2 ">" $6 : $17 == "b->a" ? $6 ">" $2 : "undecided"
  credit[k] = $18
  next
}
{
  k = key($1, $2); known[k] = 1; got = k in verdict ? verdict[k] : "none"
  n++
  if (index("|" $4 "|", "|" got "|")) right++
  else print "verdict: " $1 " " $2 " (" $3 "): " got ", not " $4
  should = 0; for (v in links) if (index("|" $4 "|", "|" v "|")) should = 1
  if (should) { n_link++; if (got in links) n_found++; else print "missed: " $1 " " $2 " (" $3 "): " got }
  else if (got in links) n_false++
  if (should && $5 == "a->b") { n_way++; if (direction[k] == $1 ">" $2) way_right++; else print "direction: " $1 " " $2 ": " direction[k] }
  if (should && $6 != "-") { n_credit++; if (credit[k] == $6) credit_right++; else print "credit: " $1 " " $2 ": " credit[k] ", not " $6 }
}
END {
  for (k in verdict) if (!(k in known) && verdict[k] in links) { n_false++; print "unlabelled link: " k ": " verdict[k] }
  printf "%d labels, %d right; %d of %d links found; %d false; direction %d of %d; credit %d of %d\n", n, right, n_found, n_link, n_false, way_right, n_way, credit_right, n_credit
  exit (bad + 0 > 0 || n_found < n_link || n_false + 0 > FALSE || n - right > WRONG || n_way > way_right || n_credit > credit_right)
}
END
check
awk -v FALSE=6 -v WRONG=6 -f judge.awk answers corpus/labels.tsv >verdicts || fail "the labels do not hold: $(cat verdicts)"
cat verdicts
run clusters -d corpus.db
expect_status 0
expect_match out '"lead":"mw-1","size":7,"publishers":6'
expect_match out '"lead":"mw-2"'
expect_match out '"lead":"mw-3","size":3'
finish
