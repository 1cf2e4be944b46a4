#!/bin/sh
# What does it cost to feed an index by many small runs?
#
#   bench/increments.sh [--steps N] [--size N] [--queries] [--seed N] [--bin PATH] [--scratch DIR]
#
# N runs of `reprint index`, each with the next few generated articles, against
# one run over the same files.  Printed for each tenth of the runs: time and
# processor time of a run, segments, bytes; then what the last tenth costs
# against the first, the size against that of the one run (at the end, and at
# the worst moment after the first tenth against as many articles of it), and
# whether 200 queries have the same answers, byte for byte.
#
# --queries: meanwhile another process asks, one query after the other, about
# copies in what is committed.  Each must find its original and nothing that is
# no copy of it.
#
# The status is 1 where answers were wrong.  Needs 6 KB of disk an article.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/bench/lib.sh"
steps=1000 size=1000 seed=1 with_queries= bin='' scratch=''
command="bench/increments.sh $*"
while [ $# -gt 0 ]; do
  case $1 in
    --steps) steps=${2:?} ; shift 2 ;;
    --size) size=${2:?} ; shift 2 ;;
    --seed) seed=${2:?} ; shift 2 ;;
    --bin) bin=${2:?} ; shift 2 ;;
    --scratch) scratch=${2:?} ; shift 2 ;;
    --queries) with_queries=1 ; shift ;;
    *) quit "what is '$1'? see the head of the script" ;;
  esac
done
campaign_begin
cd "$scratch"
clock='--now 2026-01-01'
group=$((steps < 10 ? 1 : steps / 10))

machine
echo
echo "    $command"
echo

# ---- articles ----------------------------------------------------------------

mkdir in ask
"$tools/reprint-bench" generate --articles $((steps * size)) --copies 0.3 --seed "$seed" | split -l "$size" -a 4 - in/
ls in >files

# Of each file the first story with a copy in the same file: ask/STEP.jsonl has
# the copy, ask/list the step and the numbers of the story's first and last
# article.  Articles of a story stand together under one title.
awk -v size="$size" '
  function tell() { if (last > first && asked) print asked, first, last }
  {
    head = substr($0, 1, 400)
    match(head, /"title":"[^"]*"/)
    name = substr(head, RSTART, RLENGTH)
    step = int((NR - 1) / size) + 1
    if (name != title) { tell(); title = name; first = last = NR - 1; asked = 0; next }
    last = NR - 1
    if (!asked && step != done && int(first / size) + 1 == step) {
      asked = done = step
      file = "ask/" step ".jsonl"
      print >file
      close(file)
    }
  }
  END { tell() }' $(sed 's|^|in/|' files) >ask/list
[ -s ask/list ] || quit 'no file holds a story and its copy; take a larger --size'

# What is asked at the end: copies, and articles of any kind.
awk -v steps="$steps" -v size="$size" 'BEGIN { for (i = 0; i < 200; i++) print int((i + .5) * steps / 200) + 1, i * 7 % size + 1, i % 2 }' |
  while read -r step line is_copy; do
    if [ "$is_copy" = 1 ] && [ -f "ask/$step.jsonl" ]; then cat "ask/$step.jsonl"
    else sed -n "${line}{p;q;}" "in/$(sed -n "${step}p" files)"; fi
  done >ask/last.jsonl

# ---- who asks meanwhile ------------------------------------------------------

# judge FIRST LAST: an answer in jsonl on stdin; is the original among the
# matches, and nothing but the story's articles?
judge() {
  awk -v first="$1" -v last="$2" '
    match($0, /"match":\{"id":"g[0-9]+"/) {
      id = substr($0, RSTART + 16, RLENGTH - 17) + 0
      if (id == first) found = 1
      if (id < first || id > last) wrong = wrong " g" id
    }
    END { if (!found) print "original g" first " not found"; if (wrong) print "of another story:" wrong }'
}

# ask LOG: one query about an article that was committed before it began
ask() {
  at=$(awk -v done="$(cat done)" -v seed="$n_asked" -v file="$1" '
    BEGIN {
      srand(seed * 7919 + 1)
      while ((getline <"ask/list") > 0) if ($1 <= done) line[n++] = $0
      if (n) print line[int(rand() * n)]
    }')
  [ -n "$at" ] || return 0
  n_asked=$((n_asked + 1))
  set -- "$1" $at
  status=0
  "$tools/reprint-run" -o "$1" -l "$2" "$reprint" query -d db --format jsonl --limit 0 "ask/$2.jsonl" >answer 2>&1 || status=$?
  fault=$(judge "$3" "$4" <answer)
  [ "$status" -eq 0 ] || fault="status $status: $(head -c 300 answer)"
  [ -z "$fault" ] || echo "step $2: $fault" >>faults
}

ask_on() {
  n_asked=0
  while [ ! -e stop ]; do ask queries; done
}

# latency LOG WHO
latency() {
  awk '{ print $2 * 1000 }' "$1" | sort -n | awk -v who="$2" '
    { v[NR] = $1 }
    END { if (NR) printf "| %s | %d | %.1f | %.1f | %.1f |\n", who, NR, v[int((NR + 1) / 2)], v[int(NR * .99 + .999)], v[NR] }'
}

# ---- many runs -----------------------------------------------------------------

echo 0 >done
: >faults
if [ -n "$with_queries" ]; then
  in_background ask_on
  asker=$!
fi
n=0
while read -r file; do
  n=$((n + 1))
  # shellcheck disable=SC2086
  "$tools/reprint-run" -o runs -l "$n" "$reprint" index -q $clock -d db "in/$file" || quit "run $n failed"
  echo $n >done.new
  mv done.new done
  echo "$n $(stat_of db segments file_bytes)" >>sizes
done <files
if [ -n "$with_queries" ]; then
  : >stop
  wait "$asker"
fi

echo "| runs | median s | sum s | processor, median s | processor, sum s | longest s | segments | most | MB |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
awk -v group="$group" '
  function sort_up(v, n,   i, j, t) { for (i = 2; i <= n; i++) { t = v[i]; for (j = i - 1; j > 0 && v[j] > t; j--) v[j + 1] = v[j]; v[j + 1] = t } }
  function median(v, n) { sort_up(v, n); return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2 }
  function tell(   i) {
    printf "| %d-%d | %.3f | %.1f | %.3f | %.1f | %.3f | %d | %d | %.0f |\n", from, at, median(wall, n), sum, median(cpu, n), cpu_sum, longest, segments, most, bytes / 1e6
    n = sum = cpu_sum = longest = most = 0
  }
  {
    if ((getline size <"sizes") > 0) { split(size, s, " "); segments = s[2]; bytes = s[3]; if (s[2] > most) most = s[2] }
    if (!n) from = $1
    at = $1
    n++
    wall[n] = $2; sum += $2; cpu[n] = $3 + $4; cpu_sum += $3 + $4
    if ($2 > longest) longest = $2
    if ($1 % group == 0) tell()
  }
  END { if (n) tell() }' runs | tee table
echo

# ---- one run ---------------------------------------------------------------------

# a thousand names fit a command line
# shellcheck disable=SC2046,SC2086
"$tools/reprint-run" -o bulk -l bulk "$reprint" index -q $clock -d bulk.db $(sed 's|^|in/|' files) || quit 'the one run failed'
bulk_bytes=$(stat_of bulk.db file_bytes)
"$reprint" compact -q -d bulk.db
awk -v group="$group" -v steps="$steps" -v bulk_bytes="$bulk_bytes" -v compact_bytes="$(stat_of bulk.db file_bytes)" '
  FILENAME == "bulk" { bulk_wall = $2; bulk_cpu = $3 + $4; next }
  FILENAME == "sizes" {
    bytes = $3
    times = bytes / (bulk_bytes * $1 / steps)
    if ($1 > group && times > worst) { worst = times; worst_at = $1 }
    next
  }
  { wall += $2; cpu += $3 + $4; line[++n] = $2; work[n] = $3 + $4 }
  END {
    for (i = 1; i <= group; i++) { a += line[i]; b += line[n - group + i]; c += work[i]; d += work[n - group + i] }
    printf "Last %d runs against the first: %.2f of the time, %.2f of the processor time. All runs: %.1f s, processor %.1f s.\n", group, b / a, d / c, wall, cpu
    printf "One run over the same articles: %.1f s, processor %.1f s; its index %.1f MB, compacted %.1f MB.\n", bulk_wall, bulk_cpu, bulk_bytes / 1e6, compact_bytes / 1e6
    printf "Many runs: %.1f MB, %.3f of it; at most %.3f, after run %d.\n", bytes / 1e6, bytes / bulk_bytes, worst, worst_at
  }' bulk sizes runs

wrong=0
for db in db bulk; do
  name=$db
  [ $db = db ] || name=bulk.db
  status=0
  "$tools/reprint-run" -o last -l $db "$reprint" query -d $name --format jsonl --limit 0 ask/last.jsonl >$db.answers || status=$?
  [ $status -le 1 ] || quit "queries of '$name' failed"
done
if cmp -s db.answers bulk.answers; then
  echo "200 queries, $(wc -l <db.answers) matches: the same bytes from both."
else
  echo "200 queries: $(diff db.answers bulk.answers | grep -c '^[<>]') lines differ."
  wrong=1
fi

if [ -n "$with_queries" ]; then
  mv faults faults.during
  : >faults
  n_asked=1000000
  while [ $n_asked -lt 1000200 ]; do ask alone; done
  echo
  echo "| queries, a process each | number | median ms | 99% ms | longest ms |"
  echo "|---|---:|---:|---:|---:|"
  touch queries
  latency queries 'while the runs went on'
  latency alone 'afterwards, alone'
  echo
  n_fault=$(cat faults.during faults | wc -l)
  echo "$n_fault wrong answers."
  cat faults.during faults
  [ "$n_fault" -eq 0 ] && [ -s queries ] || wrong=1
fi
"$reprint" check -q -d db || wrong=1
exit $wrong
