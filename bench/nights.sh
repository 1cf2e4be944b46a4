#!/bin/sh
# Thirty nights of a desk: articles come, change and go, and every night
# `reprint dedup` tells what that did to the groups.  Does it tell all of it, and
# does it come to what indexing everything at once comes to?
#
#   bench/nights.sh [--data FILE|DIR | --articles N] [--nights N] [--life N] [--compact N] [--kills N] [--every N]
#                   [--seed N] [--bin PATH] [--scratch DIR]
#
# The articles (FILE, or DIR/articles.jsonl; else N generated ones, 15000) are
# dealt onto nights as nights_plan.awk says.  A night is index, remove, expire,
# dedup, and every seventh (--compact) compact.  What is older than 20 nights
# (--life) expires.  Three runs are made and held against each other:
#
#   plain  the nights
#   kill   the same nights, but 300 (--kills) times a command is killed by signal
#          9 and started again
#   once   what is live after the last night, and after each tenth (--every), in
#          an index of its own
#
# After every night of plain and kill: `check`, the number of live articles, and
# whether a reader that has applied all reports holds what `clusters` prints.
#
# The status is 1 where anything was wrong; faults are listed.  Needs 30 KB of
# disk an article.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/bench/lib.sh"
data='' articles=15000 nights=30 life=20 compact=7 kills=300 every=10 seed=1 bin='' scratch=''
command="bench/nights.sh $*"
while [ $# -gt 0 ]; do
  case $1 in
    --data) data=${2:?} ; shift 2 ;;
    --articles) articles=${2:?} ; shift 2 ;;
    --nights) nights=${2:?} ; shift 2 ;;
    --life) life=${2:?} ; shift 2 ;;
    --compact) compact=${2:?} ; shift 2 ;;
    --kills) kills=${2:?} ; shift 2 ;;
    --every) every=${2:?} ; shift 2 ;;
    --seed) seed=${2:?} ; shift 2 ;;
    --bin) bin=${2:?} ; shift 2 ;;
    --scratch) scratch=${2:?} ; shift 2 ;;
    *) quit "what is '$1'? see the head of the script" ;;
  esac
done
if [ -n "$data" ]; then
  [ ! -d "$data" ] || data=$data/articles.jsonl
  [ -r "$data" ] || quit "cannot read '$data'"
  data=$(cd "$(dirname -- "$data")" && pwd)/${data##*/}
fi
campaign_begin
cd "$scratch"
mkdir night
: >faults
fault() { echo "$1" >>faults; }

machine
echo
echo "    $command"
echo

# ---- articles ------------------------------------------------------------------

if [ -z "$data" ]; then
  data=$scratch/articles
  "$tools/reprint-bench" generate --articles "$articles" --copies 0.3 --seed "$seed" >"$data"
fi

# An article without a date stands by the one before it.
awk '
  {
    head = substr($0, 1, 2000)
    match(head, /"id": *"[^"]*"/)
    id = substr(head, RSTART, RLENGTH - 1)
    sub(/^"id": *"/, "", id)
    if (match(head, /"published": *"[^"]*"/)) {
      date = substr(head, RSTART, RLENGTH - 1)
      sub(/^"published": *"/, "", date)
      if (split(date, d, " ") >= 5)
        date = sprintf("%s-%02d-%02d %s", d[4], (index("JanFebMarAprMayJunJulAugSepOctNovDec", d[3]) + 2) / 3, d[2], d[5])
    }
    print date "\t" id
  }' "$data" | sort | cut -f 2 >order
awk -v nights="$nights" -v life="$life" -v seed="$seed" -v out=night -f "$here/bench/nights_plan.awk" order "$data"

# at NIGHT HOUR: the clock of the commands that follow
at() {
  SOURCE_DATE_EPOCH=$((1767225600 + $1 * 86400 + $2 * 3600))
  export SOURCE_DATE_EPOCH
}

# ---- kills -----------------------------------------------------------------------

# below N: `drawn`, a number from 0 to N - 1
state=$seed
below() {
  state=$(((state * 6364136223846793005 + 1442695040888963407) & 0x7fffffffffffffff))
  drawn=$(((state >> 24) % ($1 > 0 ? $1 : 1)))
}

seconds() { printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)); }

weight() {
  case $1 in
    index | compact) echo 3 ;;
    dedup) echo 6 ;;
    *) echo 1 ;;
  esac
}

# quota NAME REST...: how often NAME is to be killed, where REST follow tonight.
# A night early, since some processes end before they are met.
quota() {
  goal=$((run_kills * (night + 1) / nights))
  [ $goal -le "$run_kills" ] || goal=$run_kills
  own=$(weight "$1")
  sum=0
  for name in "$@"; do sum=$((sum + $(weight "$name"))); done
  quota=$(((goal - hits) * own / sum))
}

# process HOW COMMAND...: runs it once; its output is in the file `to`.  HOW:
#   whole  nothing is done to it
#   early  killed after a part of the time that it took in the plain run; in the
#          last night, when no miss can be made up for, in the first half of it
#   told   killed up to 4 ms after the first byte of its output
#   pipe   killed when it cannot go on writing, since nobody reads on
process() {
  how=$1
  shift
  usual=$(awk -v label="$night:$step" '$1 == label { t = $2 * 1000000 } END { printf "%d", t }' plain/log)
  case $how in
    whole) "$tools/reprint-run" -o $run/log -l "$night:$step" "$@" >"$to" 2>said || : ;;
    early)
      below $((night < nights ? usual : usual / 2))
      "$tools/reprint-run" -o $run/log -l "$night:$step" -k "$(seconds $drawn)" "$@" >"$to" 2>said || : ;;
    told)
      below 4000
      : >"$to"
      "$tools/reprint-run" -o $run/log -l "$night:$step" -k "$(seconds $drawn)" -w "$to" "$@" >"$to" 2>said || : ;;
    pipe)
      below 60000
      {
        "$tools/reprint-run" -o $run/log -l "$night:$step" -k "$(seconds $((usual * 3 / 2 + 100000)))" "$@" 2>said || :
        exec >&-
        echo >gate
      } | {
        dd bs=$((drawn + 1)) count=1 2>/dev/null
        read -r _ <gate
        cat
      } >"$to" ;;
  esac
}

# whole_lines FILE: drops a last line that was cut off
whole_lines() {
  [ -s "$1" ] || return 0
  [ -n "$(tail -c 1 "$1")" ] || return 0
  echo "$night" >>$run/cut
  sed '$d' "$1" >cut.tmp
  mv cut.tmp "$1"
}

# step NAME "REST" COMMAND...: a command of the night; `rest` are the steps to come
step() {
  step=$1
  # shellcheck disable=SC2086
  quota "$1" $2
  shift 2
  killed=0 part=0 status=
  while [ -z "$status" ]; do
    how=whole
    if [ $killed -lt $quota ]; then
      how=early
      if [ "$step" = dedup ] && [ "$night" -lt "$nights" ]; then
        below 3
        case $drawn in
          1) how=told ;;
          2) how=pipe ;;
        esac
      fi
    fi
    part=$((part + 1))
    to=$run/out.$step.$part
    process $how "$@"
    was_killed=0
    # shellcheck disable=SC2046
    set_ended $(tail -n 1 $run/log)
    echo "$step $how $was_killed" >>$run/ways
    if [ $was_killed -eq 1 ]; then
      killed=$((killed + 1)) hits=$((hits + 1)) status=
    fi
    # what a killed `remove` has removed is not there any more
    if [ "$step" = remove ] && [ $killed -gt 0 ]; then
      grep -v ": no article '" said >said.tmp || :
      mv said.tmp said
      [ "$status" != 1 ] || status=0
    fi
    cat said >>messages
    whole_lines "$to"
    cat "$to" >>$run/out
    rm "$to"
  done
  [ "$status" -eq 0 ] || fault "$run, night $night: $step ended with status $status"
}

set_ended() { status=$6 was_killed=$7; }

# ---- nights ------------------------------------------------------------------------

# groups FILE: members of what `clusters` printed, sorted
groups() { awk -f "$here/bench/nights_read.awk" "$1" | sort; }

# read_reports: applies tonight's reports to what the reader of the run holds
read_reports() {
  awk -v held=1 -v last="$last_run" -v told=told -v faults=faults.new -f "$here/bench/nights_read.awk" $run/held $run/out | sort >held.new
  mv held.new $run/held
  read -r n_new n_grown n_other n_ended n_run last_run n_changed <told
  if [ -s faults.new ]; then
    sed "s/^/$run, night $night: /" faults.new >>faults
    rm faults.new
  fi
}

# differ WHAT A B: counts lines that are in one file alone
differ() {
  cmp -s "$2" "$3" || fault "$1: $(comm -3 "$2" "$3" | wc -l) lines differ: $(comm -3 "$2" "$3" | head -n 10 | tr '\n\t' ';>')"
}

one_night() {
  night=$1
  : >$run/out
  weekly=
  [ $((night % compact)) -ne 0 ] || weekly=compact
  at $night 1
  step index "remove expire dedup $weekly" "$reprint" index -q --memory 1M -d $run/db night/in.$night
  at $night 2
  # shellcheck disable=SC2046
  [ ! -f night/remove.$night ] || step remove "expire dedup $weekly" "$reprint" remove -q -d $run/db -- $(cat night/remove.$night)
  step expire "dedup $weekly" "$reprint" expire -q -d $run/db --by seen --older-than ${life}d
  [ ! -s $run/out ] || fault "$run, night $night: index, remove or expire said: $(head -c 200 $run/out)"
  : >$run/out
  step dedup "$weekly" "$reprint" dedup -q --format jsonl -d $run/db
  read_reports
  [ -z "$weekly" ] || step compact '' "$reprint" compact -q -d $run/db
  # shellcheck disable=SC2046
  set_size $(stat_of $run/db articles file_bytes groups)
  echo "$night $live $bytes $n_group $n_new $n_grown $n_other $n_ended $n_run $n_changed" >>$run/nights
  [ "$live" -eq "$(wc -l <night/live.$night)" ] || fault "$run, night $night: $live live articles, not $(wc -l <night/live.$night | tr -d ' ')"
  "$reprint" check -q -d $run/db >>messages 2>&1 || fault "$run, night $night: check found damage"
  "$reprint" clusters -q -d $run/db >clusters
  groups clusters >$run/groups.$night
  differ "$run, night $night: what the reader holds and what clusters prints" $run/held $run/groups.$night
}

set_size() { live=$1 bytes=$2 n_group=$3; }

# all_nights RUN KILLS
all_nights() {
  run=$1 run_kills=$2 hits=0 last_run=0
  mkdir "$run"
  : >"$run/held"
  : >"$run/log"
  : >"$run/cut"
  n=0
  while [ $n -lt "$nights" ]; do
    n=$((n + 1))
    one_night $n
  done
  [ "$(wc -l <$run/nights)" -eq "$nights" ] || fault "$run: not all nights were run"
}

# ---- comparisons ---------------------------------------------------------------------

# sets FILE: of members, each group as a line of its members
sets() {
  awk '{ list[$2] = list[$2] " " $1 } END { for (id in list) print list[id] }' "$1" | sort
}

# compare WHAT NIGHT A B: two files of members, sorted; a row of the table.
# `is_history`: A and B have another past, so ids are not compared, and of
# copies of one date that is kept which arrived first; B arrived at once.
compare() {
  sets "$3" >sets.a
  sets "$4" >sets.b
  differ "$1: groups as sets" sets.a sets.b
  awk -v what="$1" -v is_history="$is_history" -v n_set="$(wc -l <sets.a)" -v n_differ="$(comm -3 sets.a sets.b | wc -l)" -v live="night/live.$2" '
    FILENAME == live { seen[$1] = $3; next }
    FILENAME == ARGV[2] { group[$1] = $2; lead[$1] = $3; kept[$1] = $4; verdict[$1] = $5; if ($4) keeper[$2] = $1; next }
    !($1 in group) { next }
    {
      if (group[$1] != $2) n_id++
      if (lead[$1] != $3) n_lead++
      if (verdict[$1] != $5) n_verdict++
      if (!$4 || kept[$1]) next
      if (is_history && seen[keeper[group[$1]]] < seen[$1]) n_earlier++
      else n_kept++
    }
    END {
      printf "| %s | %d | %d | %s | %d | %d | %s | %d |\n", what, n_set, n_differ, is_history ? "-" : n_id + 0, n_lead, n_kept, is_history ? n_earlier + 0 : "-", n_verdict
      exit n_lead + n_kept + n_verdict + (is_history ? 0 : n_id) > 0
    }' "night/live.$2" "$3" "$4" || fault "$1: ids, leads, kept copies or verdicts differ"
}

# contents DB: a number made of the texts of all that should be live at the end
contents() {
  cut -d' ' -f1 "night/live.$nights" | sort | xargs -n 1000 "$reprint" show -d "$1" --format jsonl -- 2>>messages | sed 's/"path":"[^"]*",//' | cksum
}

# once NIGHT: the index of what is live after it, the groups in once/groups.NIGHT
once() {
  night=$1
  awk -v data="$data" '
    FILENAME != data && FILENAME != "night/versions" { version[$1] = $2; next }
    FILENAME == data {
      match($0, /"id": *"[^"]*"/)
      id = substr($0, RSTART, RLENGTH - 1)
      sub(/^"id": *"/, "", id)
      if (version[id] == 1) print
      next
    }
    { at = index($0, "\t"); if (version[substr($0, 1, at - 1)] == 2) print substr($0, at + 1) }' "night/live.$night" "$data" night/versions >once/in
  at "$night" 2
  rm -rf once/db
  "$tools/reprint-run" -o once/log -l "$night:index" "$reprint" index -q -d once/db once/in 2>>messages || fault "once, night $night: index failed"
  "$tools/reprint-run" -o once/log -l "$night:clusters" "$reprint" clusters -q -d once/db >clusters 2>>messages || fault "once, night $night: clusters failed"
  groups clusters >"once/groups.$night"
}

# took RUN LABEL: seconds, processor seconds and megabytes of a process
took() { awk -v label="$2" '$1 == label { printf "%.2f s (processor %.2f), %.0f MB", $2, $3 + $4, $5 * 1.024 / 1000 }' "$1/log"; }

# ---- all of it -------------------------------------------------------------------------

: >messages
[ -f night/versions ] || : >night/versions
mkfifo gate
all_nights plain 0
echo "$(wc -l <order) articles, $nights nights; seconds and MB (largest resident, mapped pages of the index among them) of each command of the plain run."
echo
echo "| night | index | MB | remove | MB | expire | MB | dedup | MB | processor s | index, MB | live | groups | new | grown | other | ended |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
awk '
  function cells(name) {
    return (night ":" name) in wall ? sprintf("%.3f | %.0f", wall[night ":" name], memory[night ":" name]) : "- | -"
  }
  FILENAME == "plain/log" { wall[$1] = $2; cpu[$1] = $3 + $4; memory[$1] = $5 * 1.024 / 1000; next }
  {
    night = $1
    printf "| %d | %s | %s | %s | %s | %.2f | %.1f | %d | %d | %d | %d | %d | %d |\n", night, cells("index"), cells("remove"), cells("expire"), cells("dedup"), cpu[night ":dedup"], $3 / 1e6, $2, $4, $5, $6, $7, $8
  }' plain/log plain/nights
echo
awk -F'[: ]' '$2 == "compact" { printf "%s %s: %.2f s, %.0f MB", n++ ? ";" : "Compact, night", $1, $3, $6 * 1.024 / 1000 } END { if (n) print "." }' plain/log

mkdir once
[ "$kills" -eq 0 ] || all_nights kill "$kills"
night=0
compared=
while [ $night -lt "$nights" ]; do
  night=$((night + every))
  [ $night -le "$nights" ] || night=$nights
  once $night
  compared="$compared $night"
done

echo
echo "| compared | groups | other sets | members with another id | lead | kept | kept, since it came first | verdict |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|"
is_history=
compare 'what the reader of plain holds, clusters' "$nights" plain/held "plain/groups.$nights"
if [ "$kills" -gt 0 ]; then
  compare 'what the reader of kill holds, clusters' "$nights" kill/held "kill/groups.$nights"
  n=0
  while [ $((n += 1)) -lt "$nights" ]; do differ "plain and kill, night $n" plain/groups.$n kill/groups.$n; done
  compare "plain, kill" "$nights" "plain/groups.$nights" "kill/groups.$nights"
fi
is_history=1
for n in $compared; do compare "plain, once: night $n" "$n" plain/groups.$n once/groups.$n; done
text=$(contents plain/db)
[ "$text" = "$(contents once/db)" ] || fault 'plain and once have other articles'
if [ "$kills" -gt 0 ]; then
  [ "$text" = "$(contents kill/db)" ] || fault 'plain and kill have other articles'
  echo
  echo '| killed | processes | killed | ended before |'
  echo '|---|---:|---:|---:|'
  awk '
    $2 != "whole" { key = $1 ", " $2; n[key]++; hit[key] += $3; all++; all_hit += $3 }
    END {
      for (key in n) printf "| %s | %d | %d | %d |\n", key, n[key], hit[key], n[key] - hit[key] | "sort"
      close("sort")
      printf "| all | %d | %d of %d | %d |\n", all, all_hit, kills, all - all_hit
    }' kills="$kills" kill/ways
  echo
  awk -v n_cut="$(wc -l <kill/cut)" -v bytes="$(awk '{ b = $3 } END { print b }' plain/nights)" '
    { n_run += $9; if ($9 > most) most = $9; file = $3 }
    END {
      printf "Reports cut off within a line: %d. Runs told: %d in %d nights, at most %d a night. Index at the end: %.1f MB, of plain %.1f MB.\n", n_cut, n_run, NR, most, file / 1e6, bytes / 1e6
    }' kill/nights
fi
echo
"$tools/reprint-run" -o once/log -l last:dedup "$reprint" dedup -q --format jsonl -d once/db >report 2>>messages || fault 'once: dedup failed'
echo "Last night's dedup: $(took plain "$nights:dedup"). All that is live, from scratch: index $(took once "$nights:index"), clusters $(took once "$nights:clusters"), dedup $(took once last:dedup)."
[ ! -s messages ] || fault "messages: $(wc -l <messages | tr -d ' ') lines: $(head -n 3 messages)"
echo
echo "$(wc -l <faults | tr -d ' ') faults."
cat faults
[ ! -s faults ]
