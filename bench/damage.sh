#!/bin/sh
# What becomes of a damaged index?
#
#   bench/damage.sh [--cases N] [--articles N] [--seed N] [--jobs N] [--only CASE] [--aim notes|pages] [--bin PATH] [--scratch DIR]
#
# An index of corpus/ and generated articles after two runs of `dedup`, with
# articles added and removed between and after them. N copies of it are damaged in
# one place each, and every command is run on each copy; bench/damage.c tells how,
# and what is wrong. The status is 1 where something was.
#
# --only runs one case, and says what each command made of it; with --scratch
# the damaged copy stays there.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/bench/lib.sh"
cases=2000 articles=900 seed=1 jobs=$(getconf _NPROCESSORS_ONLN) only='' aim=notes bin='' scratch=''
command="bench/damage.sh $*"
while [ $# -gt 0 ]; do
  case $1 in
    --cases) cases=${2:?} ; shift 2 ;;
    --articles) articles=${2:?} ; shift 2 ;;
    --seed) seed=${2:?} ; shift 2 ;;
    --jobs) jobs=${2:?} ; shift 2 ;;
    --only) only=${2:?} ; shift 2 ;;
    --aim) aim=${2:?} ; shift 2 ;;
    --bin) bin=${2:?} ; shift 2 ;;
    --scratch) scratch=${2:?} ; shift 2 ;;
    *) quit "what is '$1'? see the head of the script" ;;
  esac
done
campaign_begin
[ -x "$tools/reprint-damage" ] || quit "no program '$tools/reprint-damage'; build it with -DRP_BENCH=ON"
cd "$scratch"
clock=--now=2026-01-01
make() { "$reprint" "$@" -d db -q >/dev/null || quit "'reprint $1' failed"; }

# ids FILE EVERY FROM: of every so-manieth article
ids() {
  awk -v every="$2" -v from="$3" 'NR % every == from && match($0, /"id":"[^"]*"/) { print substr($0, RSTART + 6, RLENGTH - 7) }' "$1" | tr '\n' ' '
}

"$tools/reprint-bench" generate --articles "$articles" --copies 0.4 --seed "$seed" >all
awk -v n="$articles" '{ print >(NR <= n * 2 / 3 ? "first" : NR <= n * .87 ? "second" : NR <= n * .98 ? "third" : "new") }' all
make index "$clock" "$here/corpus/wire.jsonl" "$here/corpus/outlets.jsonl" "$here/corpus/pages" first
make dedup "$clock"
make index "$clock" second
# shellcheck disable=SC2046
make remove $(ids first 25 3)
make dedup "$clock"
make index "$clock" third
# shellcheck disable=SC2046
make remove $(ids second 20 3)

shown=$(ids first 9 1)$(ids second 7 1)$(ids third 5 1)
gone=$(ids second 6 1)$(ids third 9 2)
awk 'NR % 40 == 1' all >asked.jsonl
two=$(ids all "$articles" 5)$(ids all "$articles" 6)
# What a writer leaves is read as a whole.
after() {
  echo "after $reprint clusters -d $1 --format jsonl --quiet"
  echo "after $reprint check -q -d $1"
}
{
  echo "check $reprint check -q -d db"
  echo "read stat $reprint stat -d db --format jsonl"
  echo "read show $reprint show -d db --format jsonl $shown"
  echo "read query $reprint query -d db --format jsonl --limit 0 -q $scratch/asked.jsonl"
  echo "read compare $reprint compare -d db --format jsonl $two"
  echo "read pairs $reprint pairs -d db --format jsonl -q"
  echo "read clusters $reprint clusters -d db --format jsonl -q"
  echo "read expirable $reprint expire -d db --dry-run --before 2024-07-01"
  echo "read again $reprint dedup -d db --again --format jsonl --full -q"
  echo "write dedup $reprint dedup -d db --format jsonl --full -q $clock"
  echo "after $reprint dedup -d db --again --format jsonl --full -q"
  after db
  echo "write backup $reprint backup -d db -q copy"
  after copy
  echo "write compact $reprint compact -d db -q"
  after db
  echo "write expire $reprint expire -d db --before 2024-07-01 -q"
  after db
  echo "write index $reprint index -d db -q $clock $scratch/new"
  after db
  echo "write remove $reprint remove -d db -q $gone"
  after db
  echo "write purge $reprint remove --purge -d db -q $gone"
  after db
} >commands

machine
echo
echo "    $command"
echo
"$reprint" stat -d db --format jsonl | awk '{
  n = split("articles removed segments groups pairs_known", key, " ")
  for (i = 1; i <= n; i++)
    if (match($0, "\"" key[i] "\":[0-9]+")) printf "%s%s %s", (i > 1 ? ", " : ""), substr($0, RSTART + length(key[i]) + 3, RLENGTH - length(key[i]) - 3), key[i]
  print "."
}'
mkdir jobs
"$tools/reprint-damage" --db db --commands commands --scratch "$scratch/jobs" --cases "$cases" --seed "$seed" --jobs "$jobs" --aim "$aim" ${only:+--only "$only"}
