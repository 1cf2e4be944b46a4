#!/bin/sh
# What goes wrong around the program: does it say so, is everything kept, and
# does the same command end where it would have?
#
#   bench/faults.sh [--data DIR] [--articles N] [--trials N] [--rounds N] [--runs N] [--limits "KB..."]
#                   [--seed N] [--only KINDS] [--bin PATH] [--scratch DIR]
#
# `index`, `dedup`, `expire` and `compact` meet:
#   full      a disk that is full after a random number of bytes (--trials in all)
#   readonly  a disk that may only be read
#   limit     little address space (ulimit -v; --limits), down to where nothing works
#   writers   another writer, with --wait and --no-wait (--rounds each)
#   reader    readers that stay open for 100 runs of `index` (--runs)
#   report    a reader of `dedup` that goes away, a report that does not fit, kills
#
# --only names some of them, with commas between.  DIR holds JSON Lines
# (*.jsonl) with ids and dates; else --articles are generated.  A seventh of the
# articles comes later, another seventh later still.  full, readonly and a part
# of report mount small disks (tmpfs) and are skipped where that is not allowed.
#
# Printed is a table: kind, trials, failures, remarks.  The status is 1 where
# something failed; the scratch folder is kept then.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/bench/lib.sh"
data='' articles=12000 trials=60 rounds=6 runs=100 seed=1 only=full,readonly,limit,writers,reader,report bin='' scratch=''
limits='4000000 1000000 500000 350000 250000 200000 170000 150000 130000 110000 90000 70000 50000 20000'
command="bench/faults.sh $*"
while [ $# -gt 0 ]; do
  case $1 in
    --data) data=$(cd "${2:?}" && pwd) ; shift 2 ;;
    --articles) articles=${2:?} ; shift 2 ;;
    --trials) trials=${2:?} ; shift 2 ;;
    --rounds) rounds=${2:?} ; shift 2 ;;
    --runs) runs=${2:?} ; shift 2 ;;
    --limits) limits=${2:?} ; shift 2 ;;
    --seed) seed=${2:?} ; shift 2 ;;
    --only) only=${2:?} ; shift 2 ;;
    --bin) bin=${2:?} ; shift 2 ;;
    --scratch) scratch=${2:?} ; shift 2 ;;
    *) quit "what is '$1'? see the head of the script" ;;
  esac
done
campaign_begin
trap 'umount "$scratch/disk" 2>/dev/null || :; [ ! -s "$scratch/faults" ] || scratch_is_ours=; campaign_end' EXIT
cd "$scratch"
clock='--now 2025-01-01'
kinds='index dedup expire compact'
mkdir disk start want tried
: >faults
: >remarks

machine
echo
echo "    $command"
echo

# ---- counting ------------------------------------------------------------------

kind=none
trial() { echo >>"tried/$kind"; }
remark() { echo "$kind|$*" >>remarks; }
fault() {
  echo "$kind: $*: $(head -c 300 err 2>/dev/null | tr '\n' ' ')" | tee -a faults >&2
}

# expect WHAT STATUS...: `status` is one of them
expect() {
  expected_of=$1
  shift
  for good; do [ "$status" -ne "$good" ] || return 0; done
  fault "$expected_of: status $status, not $*"
}

# expect_message WHAT PATTERN: one line on stderr, which says why
expect_message() {
  [ "$(wc -l <err)" -eq 1 ] && grep -q "^reprint: .*$2" err || fault "$1: message is not '$2'"
}

n_random=0
# random LOW HIGH: `drawn` is one of them
random() {
  n_random=$((n_random + 1))
  drawn=$(awk -v seed="$((seed * 100003 + n_random * 7919))" -v low="$1" -v high="$2" 'BEGIN { srand(seed); rand(); rand(); print int(low + rand() * (high - low + 1)) }')
}

# run COMMAND...: status, out and err are kept
run() {
  status=0
  "$@" >out 2>err || status=$?
}

# ---- what is done, and what should come of it --------------------------------------

# do_it KIND DB [OPTION]...: in place of this shell
do_it() {
  it=$1 at=$2
  shift 2
  # shellcheck disable=SC2086
  case $it in
    index) exec "$reprint" index -q $clock -d "$at" "$@" more.jsonl ;;
    third) exec "$reprint" index -q $clock -d "$at" "$@" third.jsonl ;;
    dedup) exec "$reprint" dedup -q $clock -d "$at" --format jsonl "$@" ;;
    expire) exec "$reprint" expire -q $clock -d "$at" --before "$middle" "$@" ;;
    compact) exec "$reprint" compact -q -d "$at" "$@" ;;
  esac
}
do_kind() { (do_it "$@"); }

# content DB: a number made of all pairs and groups
content() {
  { "$reprint" pairs -q -d "$1" && "$reprint" clusters -q -d "$1"; } >listing 2>err || fault "pairs or groups of '$1'"
  cksum <listing
}
# The same, but for the ids of groups and what their order depends on.
content_bare() {
  content "$1" >/dev/null
  sed 's/"c:[0-9a-f]*"/""/g' listing | sort | cksum
}
told() { sed 's/"again":true/"again":false/' "$1"; }
same_report() { told "$1" | cmp -s - "$2"; }
kilobytes() { du -sk "$1" | cut -f1; }
copy_of() { rm -rf "$2" && cp -R "$1" "$2"; }

# sound DB WHAT
sound() {
  run "$reprint" check -q -d "$1"
  [ "$status" -eq 0 ] || fault "$2: check finds $(head -n 3 out)"
}

# answers DB WHAT: a query of articles that are there has matches
answers() {
  run "$reprint" query -d "$1" --format jsonl ask.jsonl
  expect "$2: query" 0
}

# kept KIND DB WHAT: whatever was committed before is there
kept() {
  n_kept=$(stat_of "$2" articles)
  n_before=$(cat "start/$1.n") n_after=$(cat "want/$1.n")
  case $1 in
    index) [ "$n_kept" -ge "$n_before" ] ;;
    expire) [ "$n_kept" -le "$n_before" ] && [ "$n_kept" -ge "$n_after" ] ;;
    *) [ "$n_kept" -eq "$n_before" ] ;;
  esac || fault "$3: $n_kept articles, $n_before before"
}

# again KIND DB WHAT: the same command ends where it ends undisturbed.  `first`
# has the report that the disturbed one told.
again() {
  run do_kind "$1" "$2"
  expect "$3: again" 0
  if [ "$1" = dedup ] && ! same_report out want/report; then
    [ ! -s out ] && same_report first want/report || fault "$3: the report has not arrived"
  fi
  kept_content=$(content "$2")
  [ "$kept_content" = "$(cat "want/$1")" ] || fault "$3: pairs or groups are others"
  sound "$2" "$3: at the end"
}

if [ -n "$data" ]; then
  find "$data" -name '*.jsonl' -type f | sort | tr '\n' '\0' | xargs -0 cat >all.jsonl
else
  "$tools/reprint-bench" generate --articles "$articles" --copies 0.3 --seed "$seed" >all.jsonl
fi
awk '{ print >(NR % 7 == 3 ? "more.jsonl" : NR % 7 == 5 ? "third.jsonl" : "first.jsonl") }' all.jsonl
# Published in the first third goes; what is asked for is from the last.
middle=$(sed -n 's/.*"published": *"\([0-9-]*\).*/\1/p' all.jsonl | sort | awk '{ d[NR] = $0 } END { print d[int(NR / 3) + 1] }')
[ -n "$middle" ] || quit 'the articles have no dates'

run "$reprint" index -q $clock -d db first.jsonl
expect 'first index' 0
do_kind dedup db >first
awk -v middle="$middle" 'match($0, /"published": *"[0-9-]+/) { d = substr($0, RSTART, RLENGTH); sub(/.*"/, "", d); if (d > middle) print }' first.jsonl |
  awk 'NR % 97 == 1' | head -n 40 >ask.jsonl
[ -s ask.jsonl ] || head -n 5 first.jsonl >ask.jsonl
for it in $kinds; do
  # a file with pages to use again is expired without any room
  [ "$it" != expire ] || "$reprint" compact -q -d db
  copy_of db "start/$it"
  do_kind "$it" db >"want/report.new" || quit "'$it' failed"
  [ "$it" != dedup ] || mv want/report.new want/report
  content db >"want/$it"
  stat_of "start/$it" articles >"start/$it.n"
  stat_of db articles >"want/$it.n"
  peak=$(kilobytes db)
  [ "$it" != compact ] || peak=$((peak + $(kilobytes "start/$it")))
  # a little more than it takes, so that some runs go through
  echo $((peak + (peak - $(kilobytes "start/$it")) / 4 + 4)) >"want/$it.kb"
done
run "$reprint" query -d start/compact --format jsonl ask.jsonl
[ "$status" -eq 0 ] || quit 'no article that is asked about has a match; take more articles'
[ -s want/report ] || quit "nothing is new for 'dedup'; take more articles"
echo "$(wc -l <all.jsonl) articles; the index has $(kilobytes start/compact) KB, the report $(wc -l <want/report) lines."
echo

# ---- disks -----------------------------------------------------------------------------

# shellcheck disable=SC2015
can_mount=$([ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null && umount disk && echo 1 || :)

# full_trial KIND; `it` is the same
full_trial() {
  random "$(kilobytes "start/$it")" "$(cat "want/$it.kb")"
  kb=$drawn
  what="full $it at $kb KB"
  mount -t tmpfs -o size="${kb}k" tmpfs disk
  cp -R "start/$it" disk/db || quit "a copy of the index does not fit into $kb KB"
  trial
  run do_kind "$it" disk/db
  mv out first
  if [ "$status" -eq 0 ]; then
    echo "$it" >>went_through
  else
    expect "$what" 2
    expect_message "$what" 'No space left on device'
    echo "$it" >>broken_off
  fi
  answers disk/db "$what"
  run "$reprint" check -q -d disk/db
  [ "$status" -eq 0 ] || fault "$what: check while it is full"
  mount -o remount,size="$(($(cat "want/$it.kb") * 4 + 8192))k" disk
  sound disk/db "$what"
  kept "$it" disk/db "$what"
  again "$it" disk/db "$what"
  umount disk
}

full() {
  [ -n "$can_mount" ] || { remark 'skipped: only root mounts disks'; return 0; }
  : >broken_off
  : >went_through
  n_full=0
  while [ $n_full -lt "$trials" ]; do
    for it in $kinds; do full_trial "$it"; done
    n_full=$((n_full + 4))
  done
  for it in $kinds; do remark "$it: $(grep -c "^$it$" broken_off || :) broken off, $(grep -c "^$it$" went_through || :) went through"; done
}

readonly_() {
  [ -n "$can_mount" ] || { remark 'skipped: only root mounts disks'; return 0; }
  for it in $kinds; do
    mount -t tmpfs tmpfs disk
    cp -R "start/$it" disk/db
    for line in pairs clusters "query --format jsonl ask.jsonl" stat check "show g0"; do
      run "$reprint" $line -d disk/db
      mv out "can.${line%% *}"
      echo "$status" >>"can.${line%% *}"
    done
    mount -o remount,ro disk
    run do_kind "$it" disk/db
    trial
    expect "$it" 2
    expect_message "$it" 'Read-only file system'
    for line in pairs clusters "query --format jsonl ask.jsonl" stat check "show g0"; do
      trial
      run "$reprint" $line -d disk/db
      echo "$status" >>out
      cmp -s out "can.${line%% *}" || fault "$line is not as it is on a disk that may be written"
    done
    run "$reprint" backup -q -d disk/db copied
    trial
    expect backup 0
    sound copied backup
    rm -rf copied
    mount -o remount,rw disk
    : >first
    again "$it" disk/db "$it"
    umount disk
  done
  remark 'pairs, clusters, query, stat, check, show: the same bytes as before; backup works'
}

# ---- address space ---------------------------------------------------------------------

# limited KB COMMAND...
limited() {
  (ulimit -v "$1" && shift && "$@")
}

limit() {
  if ! limited 4000000 "$reprint" --version >out 2>err; then
    remark 'skipped: this build needs more than 4 GB of address space'
    return 0
  fi
  for it in $kinds; do
    works='' fails='' starts_not=''
    for kb in $limits; do
      copy_of "start/$it" db
      trial
      run limited "$kb" do_kind "$it" db
      mv out first
      what="$it, ulimit -v $kb"
      if [ "$status" -eq 127 ]; then
        starts_not="$starts_not $kb"
        continue
      fi
      if [ "$status" -eq 0 ]; then
        works=$kb
      else
        fails="$fails $kb"
        expect "$what" 2
        expect_message "$what" '\(memory\|address space\|Cannot allocate\)'
      fi
      kept "$it" db "$what"
      sound db "$what"
      again "$it" db "$what"
    done
    remark "$it: works down to ${works:-nowhere} KB, says why not at${fails:- none}, is not loaded at${starts_not:- none}"
  done
}

# What the index of 100 MB takes, and one that all but fills its map.
limit_large() {
  for n in 42000 55000; do
    trial
    "$tools/reprint-bench" generate --articles $n --copies 0.3 --seed "$seed" | "$reprint" index -q $clock -d large -
    mb=$(($(kilobytes large) * 1024 / 1000000))
    run limited 500000 do_kind dedup large
    expect "dedup of $mb MB, ulimit -v 500000" 0
    sound large "dedup of $mb MB"
    remark "dedup of $mb MB with ulimit -v 500000: status $status"
    rm -rf large
  done
}

# ---- writers ------------------------------------------------------------------------------

# both A B OPTION: at the same time; out.1, err.1, status_1 and so on
both() {
  (do_it "$1" db "$3" >out.1 2>err.1) &
  one=$!
  [ "$pause" -eq 0 ] || sleep "0.0$pause"
  (do_it "$2" db "$3" >out.2 2>err.2) &
  two=$!
  status_1=0 status_2=0
  wait $one || status_1=$?
  wait $two || status_2=$?
}

# writers_pair START A B WANTED
writers_pair() {
  for option in --wait --no-wait; do
    round=0 refused=0
    while [ $round -lt "$rounds" ]; do
      round=$((round + 1))
      random 0 9
      pause=$drawn
      copy_of "start/$1" db
      trial
      both "$2" "$3" $option
      what="$2 + $3 $option"
      for i in 1 2; do
        [ $i = 1 ] && status=$status_1 it=$2 || { status=$status_2; it=$3; }
        cp "err.$i" err
        if [ $option = --no-wait ] && [ "$status" -eq 2 ]; then
          expect_message "$what" 'is being written\|another'
          refused=$((refused + 1))
        else
          expect "$what, $it" 0
          [ ! -s err ] || fault "$what, $it says something"
        fi
      done
      sound db "$what"
      for it in "$2" "$3" dedup; do
        run do_kind "$it" db
        expect "$what: again $it" 0
        cat out >>out.2
      done
      # as long as it is one run, its report is in one piece
      if [ "$2$3" = dedupdedup ]; then
        cat out.1 out.2 >out
        same_report out want/report || fault "$what: the report is another"
      fi
      [ "$(content_bare db)" = "$4" ] || fault "$what: pairs or groups are others"
    done
    [ $option = --wait ] || remark "$2 + $3: $refused of $((2 * rounds)) refused with --no-wait"
  done
}

writers() {
  copy_of start/dedup db
  do_kind dedup db >out
  with_more=$(content_bare db)
  do_kind third db
  do_kind dedup db >out
  with_third=$(content_bare db)
  writers_pair index index third "$with_third"
  writers_pair dedup third dedup "$with_third"
  writers_pair dedup dedup dedup "$with_more"
  writers_pair dedup compact dedup "$with_more"
}

# ---- readers ----------------------------------------------------------------------------------

# ask_all DB: what every article of `asked` is answered now
ask_all() {
  "$reprint" query -d "$1" --format jsonl --limit 0 asked 2>err || [ $? -eq 1 ] || fault "query of '$1'"
}

# The same runs, nobody reading: what `asked` is answered after each.
alone() {
  n=0
  ask_all alone >legal/0
  for part in parts/*; do
    n=$((n + 1))
    "$reprint" index -q $clock -d alone "$part"
    ask_all alone >legal/$n
  done
}

# judge_answers: of each article of `fed` (a run and an id), is its answer that
# of the index after that run or a later one?
judge_answers() {
  awk -v runs="$runs" '
    function id_of() { match($0, /"query":"[^"]*"/); return substr($0, RSTART, RLENGTH) }
    FILENAME == "fed" { since["\"query\":\"" $2 "\""] = $1; next }
    FILENAME ~ /^legal/ { n = FILENAME; sub(/.*\//, "", n); id = id_of(); legal[id, n] = legal[id, n] $0; next }
    { id = id_of(); answer[id] = answer[id] $0 }
    END {
      for (id in since) {
        is_right = 0
        for (n = since[id]; n <= runs && !is_right; n++) is_right = legal[id, n] == answer[id]
        if (!is_right) wrong++
      }
      print wrong + 0
    }' fed $(seq -f 'legal/%g' 0 "$runs") answered
}

reader() {
  rm -rf parts legal
  mkdir parts legal
  n_line=$(cat more.jsonl third.jsonl | wc -l)
  cat more.jsonl third.jsonl | split -l $(((n_line + runs - 1) / runs)) -a 3 - parts/
  runs=$(ls parts | wc -l)
  # its copies come meanwhile
  cat first.jsonl more.jsonl third.jsonl | awk -v step="$(($(wc -l <all.jsonl) / (2 * runs) + 1))" 'NR % step == 0' >asked
  per_run=$(($(wc -l <asked) / (runs + 1) + 1))
  for db in alone asked.db listed.db; do copy_of start/index $db; done
  alone

  # one that is fed through a fifo, and one that stops in the middle of its list
  # of pairs, since nobody reads on
  "$reprint" pairs -q -d listed.db >listed.before
  rm -f feed list
  mkfifo feed list
  "$reprint" query -q -d asked.db --format jsonl --limit 0 - <feed >answered 2>err.query &
  asker=$!
  "$reprint" pairs -q -d listed.db >list 2>err.pairs &
  lister=$!
  exec 9>feed 8<list
  head -c 1 <&8 >listed
  : >fed
  n=0
  for part in parts/*; do
    sed -n "$((per_run * n + 1)),$((per_run * (n + 1)))p" asked >now
    sed "s/.*\"id\": *\"\([^\"]*\)\".*/$n \1/" now >>fed
    cat now >&9
    n=$((n + 1))
    for db in asked.db listed.db; do
      trial
      run "$reprint" index -q $clock -d $db "$part"
      expect "run $n of 'index' beside a reader" 0
    done
  done
  sizes="$(stat_of asked.db file_bytes) $(stat_of listed.db file_bytes) $(stat_of alone file_bytes) $(stat_of start/index file_bytes)"
  sed -n "$((per_run * n + 1)),\$p" asked >now
  sed "s/.*\"id\": *\"\([^\"]*\)\".*/$n \1/" now >>fed
  cat now >&9
  exec 9>&-
  cat <&8 >>listed
  exec 8<&-
  status=0
  wait $asker || status=$?
  cp err.query err
  expect 'the query' 0 1
  status=0
  wait $lister || status=$?
  cp err.pairs err
  expect 'the list of pairs' 0
  cmp -s listed listed.before || fault 'the list of pairs is not of the index as it was when it began'
  wrong=$(judge_answers)
  [ "$wrong" -eq 0 ] || fault "$wrong of $(wc -l <asked) answers are those of no moment since they were asked for"
  for db in asked.db listed.db; do
    sound $db "$db"
    ask_all $db | cmp -s - "legal/$runs" || fault "$db: afterwards answers are not those without a reader"
  done
  remark "$runs runs, KB: $(echo "$sizes" | awk '{ printf "%d beside a query, %d beside a list of pairs that stands still, %d with nobody, %d before", $1 / 1000, $2 / 1000, $3 / 1000, $4 / 1000 }')"
  remark "$(wc -l <asked) answers of the query, $(wc -l <listed) pairs of the list: right"
}

# ---- reports --------------------------------------------------------------------------------------

# arrived WHAT: told in full by the next, or already (`first`); --again works
arrived() {
  run do_kind dedup db
  expect "$1: the next" 0
  if same_report out want/report; then
    n_told=$((n_told + 1))
  else
    [ ! -s out ] && same_report first want/report || fault "$1: the report has not arrived"
    n_earlier=$((n_earlier + 1))
  fi
  ! same_report first want/report || n_whole=$((n_whole + 1))
  run do_kind dedup db
  [ "$status" -eq 0 ] && [ ! -s out ] || fault "$1: told again, or status $status"
  run do_kind dedup db --again
  [ "$status" -eq 0 ] && same_report out want/report || fault "$1: --again"
}

# begin: a run that is stored and not finished, or not begun
begin() {
  copy_of "start/dedup" db
  trial
}

report_remark() {
  remark "$1: $n_told told by the next run, $((n_whole - n_earlier)) of them for the second time; $n_earlier had arrived before"
  n_told=0 n_earlier=0 n_whole=0
}

report() {
  bytes=$(wc -c <want/report)
  n_told=0 n_earlier=0 n_whole=0
  if [ -c /dev/full ]; then
    begin
    status=0
    do_kind dedup db >/dev/full 2>err || status=$?
    expect /dev/full 2
    expect_message /dev/full 'No space left on device'
    : >first
    arrived /dev/full
    report_remark /dev/full
  fi

  round=0
  rm -f pipe
  mkfifo pipe
  while [ $round -lt $((2 * rounds)) ]; do
    round=$((round + 1))
    random 0 $((bytes - 1))
    k=$drawn
    begin
    head -c "$k" <pipe >first &
    reading=$!
    status=0
    do_kind dedup db >pipe 2>err || status=$?
    wait $reading
    what="pipe closed after $k of $bytes bytes"
    # what the pipe took had been written for all that can be known
    [ "$status" -eq 0 ] && [ $((bytes - k)) -gt 65536 ] && fault "$what: status 0"
    expect "$what" 2 0
    [ ! -s err ] || fault "$what: it says something"
    if [ "$status" -eq 0 ]; then cp want/report first; fi
    arrived "$what"
  done
  report_remark 'closed pipes'

  if [ -n "$can_mount" ]; then
    round=0
    while [ $round -lt "$rounds" ]; do
      round=$((round + 1))
      random 4 $((bytes / 1024))
      kb=$drawn
      begin
      mount -t tmpfs -o size="${kb}k" tmpfs disk
      status=0
      do_kind dedup db >disk/report 2>err || status=$?
      what="report of $bytes bytes to a disk of $kb KB"
      expect "$what" 2
      expect_message "$what" 'No space left on device'
      umount disk
      : >first
      arrived "$what"
    done
    report_remark 'full disks'
  else
    remark 'full disks skipped: only root mounts disks'
  fi

  # killed the moment the last byte is there
  round=0
  while [ $round -lt $((4 * rounds)) ]; do
    round=$((round + 1))
    begin
    (do_it dedup db >pipe 2>err) &
    killed=$!
    head -c "$bytes" <pipe >first
    kill -9 $killed 2>/dev/null || :
    wait $killed 2>/dev/null || :
    arrived 'killed after the last byte'
  done
  report_remark 'killed after the last byte'

  # and at any time
  begin
  "$tools/reprint-run" -o time -l - "$reprint" dedup -q $clock -d db --format jsonl >out
  ms=$(awk 'END { print int($2 * 1000) + 1 }' time)
  round=0
  while [ $round -lt $((4 * rounds)) ]; do
    round=$((round + 1))
    begin
    random 0 "$ms"
    after=$(awk -v ms="$drawn" 'BEGIN { print ms / 1000 }')
    "$tools/reprint-run" -o time -l - -k "$after" "$reprint" dedup -q $clock -d db --format jsonl >first 2>err || :
    sound db "killed after $after s"
    arrived "killed after $after s"
    [ "$(content db)" = "$(cat want/dedup)" ] || fault "killed after $after s: pairs or groups are others"
  done
  report_remark 'killed at any time'
}

# ---- all of it --------------------------------------------------------------------------------------

for kind in $(echo "$only" | tr , ' '); do
  case $kind in
    full | limit | writers | reader | report) $kind ;;
    readonly) readonly_ ;;
    *) quit "there is no kind '$kind'" ;;
  esac
  # measured on a large index: not where a few articles are asked for
  [ "$kind" != limit ] || [ "$articles" -lt 12000 ] || limit_large
done

echo "| kind | trials | failures | remarks |"
echo "|---|---:|---:|---|"
for kind in $(echo "$only" | tr , ' '); do
  touch "tried/$kind"
  echo "| $kind | $(wc -l <"tried/$kind") | $(grep -c "^$kind: " faults || :) | $(sed -n "s/^$kind|//p" remarks | tr '\n' ';' | sed 's/;$//; s/;/; /g') |"
done
[ ! -s faults ] || { echo; cat faults; exit 1; }
