#!/bin/sh
# The sample corpus against its labels: every pair that should link does, with
# an accepted verdict, direction and credit; no other pair links.  The floors
# only ever rise.
. "$SOURCE_DIR/tests/cli/lib.sh"

ln -s "$SOURCE_DIR/corpus" corpus
run index -q corpus
expect_status 0
expect_empty err

# one line a pair: verdicts of both askers must agree, so each is listed twice
: >answers
while read -r id; do
  run query --id "$id" --look-alikes --limit 0 --format tsv
  sed 1d out >>answers
done <<END
$(awk -F '\t' 'NR > 1 { print $1; print $2 }' corpus/labels.tsv | sort -u)
END

cat >judge.awk <<'END'
BEGIN { FS = "\t"; split("identical reprint partial round-up own-update", names, " "); for (v in names) links[names[v]] = 1 }
function key(a, b) { return a < b ? a "\t" b : b "\t" a }
FNR == 1 { file++ }
file == 1 { # answers
  k = key($2, $3)
  if (k in verdict && verdict[k] != $9) { print "asymmetric: " k ": " verdict[k] ", " $9; bad++ }
  verdict[k] = $9
  way = $20 == "query->match" ? $2 ">" $3 : $20 == "match->query" ? $3 ">" $2 : "undecided"
  if (k in direction && direction[k] != way) { print "asymmetric direction: " k ": " direction[k] ", " way; bad++ }
  direction[k] = way
  credit[k] = $22
  next
}
FNR > 1 {
  k = key($1, $2); known[k] = 1; got = k in verdict ? verdict[k] : "none"
  n++
  if (index("|" $4 "|", "|" got "|")) right++
  else { print "verdict: " $1 " " $2 " (" $3 "): " got ", not " $4 }
  should = 0; for (v in links) if (index("|" $4 "|", "|" v "|")) should = 1
  if (should) { n_link++; if (got in links) n_found++; else print "missed: " $1 " " $2 " (" $3 "): " got }
  else if (got in links) { n_false++; print "false: " $1 " " $2 " (" $3 "): " got }
  if (should && $5 == "a->b") { n_way++; if (direction[k] == $1 ">" $2) way_right++; else print "direction: " $1 " " $2 ": " direction[k] }
  if (should && $6 != "-") { n_credit++; if (credit[k] == $6) credit_right++; else print "credit: " $1 " " $2 ": " credit[k] ", not " $6 }
}
END {
  for (k in verdict) if (!(k in known) && verdict[k] in links) { n_false++; print "unlabelled link: " k ": " verdict[k] }
  printf "%d labels, %d right; %d of %d links found; %d false; direction %d of %d; credit %d of %d\n", n, right, n_found, n_link, n_false, way_right, n_way, credit_right, n_credit
  exit (bad + 0 > 0 || n_found < n_link - MISSED || n_false + 0 > FALSE || n - right > WRONG || n_way - way_right > WAY || n_credit - credit_right > CREDIT)
}
END
check
awk -v MISSED=0 -v FALSE=6 -v WRONG=6 -v WAY=0 -v CREDIT=0 -f judge.awk answers corpus/labels.tsv >verdicts || fail "the labels do not hold: $(cat verdicts)"
cat verdicts
finish
