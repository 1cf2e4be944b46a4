# lib.sh - what the campaigns of bench/ share.  Sourced after the script has set
# `here`.  `bin` and `scratch` may have been set by its options.

quit() {
  echo "${0##*/}: $1" >&2
  exit 2
}

# Finds the programs and makes the scratch folder, which is removed at the end
# if it is ours.
campaign_begin() {
  LC_ALL=C
  export LC_ALL
  unset REPRINT_DB SOURCE_DATE_EPOCH
  reprint=${bin:-$here/build/release/reprint}
  tools=$(dirname -- "$reprint")/bench
  [ -x "$reprint" ] || quit "no program '$reprint'; build it: cmake --preset release && cmake --build --preset release"
  [ -x "$tools/reprint-run" ] || quit "no program '$tools/reprint-run'; build it with -DRP_BENCH=ON"
  reprint=$(cd "$(dirname -- "$reprint")" && pwd)/${reprint##*/}
  tools=$(cd "$tools" && pwd)
  if [ -n "${scratch:-}" ]; then
    mkdir -p "$scratch" || exit 2
    [ -z "$(ls -A "$scratch")" ] || quit "'$scratch' is not empty"
    scratch=$(cd "$scratch" && pwd)
  else
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/reprint-bench.XXXXXX") || exit 2
    scratch_is_ours=1
  fi
  trap campaign_end EXIT
  trap 'exit 1' HUP INT TERM
}

# in_background COMMAND...: it ends with the script at the latest; `$!` is its
# process.
in_background() {
  "$@" &
  background="${background:-} $!"
}

campaign_end() {
  for process in ${background:-}; do kill "$process" 2>/dev/null || :; done
  [ -z "${scratch_is_ours:-}" ] || rm -rf "$scratch"
}

# machine: where and with what this was measured, for the head of a table
machine() {
  model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
  commit=$(git -C "$here" log -1 --format=%h 2>/dev/null || echo unknown)
  [ -z "$(git -C "$here" status --porcelain -- src include CMakeLists.txt 2>/dev/null)" ] || commit="$commit, changed"
  echo "${model:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) processors, load before $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown); commit $commit."
}

# stat_of DIR KEY...: figures of an index, on one line
stat_of() {
  stat_dir=$1
  shift
  "$reprint" stat -d "$stat_dir" --format jsonl | awk -v keys="$*" '{
    n = split(keys, key, " ")
    for (i = 1; i <= n; i++) {
      value = match($0, "\"" key[i] "\":[0-9]+") ? substr($0, RSTART + length(key[i]) + 3, RLENGTH - length(key[i]) - 3) : "?"
      printf "%s%s", value, i < n ? " " : "\n"
    }
  }'
}
