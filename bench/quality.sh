#!/bin/sh
# Quality figures: what is found and what is linked wrongly.
#
#   ./dev quality                 the sample corpus against its labels
#   ./dev quality --data DIR      also planted collections in DIR: every folder
#                                 with articles.jsonl and truth.jsonl, whose
#                                 lines are edges (src, copy, kind,
#                                 expected_verdicts, direction, credit),
#                                 negatives (a, b, kind) and docs (id, families)
set -eu
: "${REPRINT:?path of the program}"
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
data=
while [ $# -gt 0 ]; do
  case $1 in
    --data) data=${2:?a folder}; shift 2 ;;
    *) echo "usage: quality.sh [--data DIR]" >&2; exit 2 ;;
  esac
done

echo "== corpus"
SOURCE_DIR=$here REPRINT=$REPRINT sh "$here/tests/cli/t_corpus.sh" | tail -n 2
[ -n "$data" ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

cat >"$work/score.awk" <<'END'
function field(name,   s) {
  if (!match($0, "\"" name "\": *\"[^\"]*\"")) return ""
  s = substr($0, RSTART, RLENGTH); sub("^\"" name "\": *\"", "", s); sub("\"$", "", s); return s
}
function list(name,   s) { return match($0, "\"" name "\": *\\[[^]]*\\]") ? substr($0, RSTART, RLENGTH) : "" }
function key(a, b) { return a < b ? a "\t" b : b "\t" a }
BEGIN { linking["identical"]; linking["reprint"]; linking["partial"]; linking["round-up"]; linking["own-update"] }
FNR == 1 { file++ }
file == 1 {
  split($0, cell, "\t"); k = key(cell[2], cell[3])
  if (k in verdict) next
  verdict[k] = cell[9]; credit[k] = cell[22]
  direction[k] = cell[20] == "query->match" ? cell[2] : cell[20] == "match->query" ? cell[3] : ""
  next
}
/"type": *"doc"/ { role[field("id")] = field("role"); next }
/"type": *"edge"/ {
  src = field("src"); k = key(src, field("copy")); kind = field("kind"); edge[k]
  v = k in verdict ? verdict[k] : "none"; n[kind]++; all++
  if (v in linking) {
    hit[kind]++; hits++
    if (direction[k] != "" ) { told++; if (direction[k] == src) told_right++ }
    want = field("credit"); if (want != "") { credits++; if (credit[k] == want) credits_right++ }
  }
  if (index(list("expected_verdicts"), "\"" v "\"")) right[kind]++
  next
}
/"type": *"negative"/ {
  k = key(field("a"), field("b")); kind = field("kind"); negative[k]; m[kind]++
  if (k in verdict && verdict[k] in linking && !index(list("accepted_verdicts"), "\"" verdict[k] "\"")) wrong[kind]++
}
END {
  print "kind of edit           edges  recall  verdict"
  for (kind in n) printf "%-20s %7d  %6.3f  %7.3f\n", kind, n[kind], hit[kind] / n[kind], right[kind] / n[kind] | "sort"
  close("sort")
  printf "%-20s %7d  %6.3f\n\nlook-alike             pairs  linked\n", "all", all, hits / all
  for (kind in m) printf "%-20s %7d  %6d\n", kind, m[kind], wrong[kind] | "sort"
  close("sort")
  for (k in verdict) if (verdict[k] in linking) { split(k, id, "\t"); if (role[id[1]] == "background" || role[id[2]] == "background") background++ }
  printf "\nlinks of a background article %d; direction right %d of %d told; credit right %d of %d\n", background, told_right, told, credits_right, credits
}
END

for truth in "$data"/*/truth.jsonl; do
  [ -f "$truth" ] || continue
  set=$(dirname "$truth")
  echo "== $set"
  "$REPRINT" index -q -d "$work/db" "$set/articles.jsonl"
  "$REPRINT" query -d "$work/db" --look-alikes --limit 0 --format tsv "$set/articles.jsonl" >"$work/answers"
  awk -f "$work/score.awk" "$work/answers" "$truth"
  rm -rf "$work/db"
done
