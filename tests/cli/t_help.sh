# Help, manual page and completion: made from the tables, and in step with
# the files in docs/.
. "$SOURCE_DIR/tests/cli/lib.sh"
commands='index query compare pairs clusters dedup show remove expire check backup compact stat extract params help version'

run
expect_status 0
expect_empty err
expect_match out '^Usage: reprint COMMAND'
check
[ "$(grep -c '^  reprint ' out)" -eq 3 ] || fail 'there are not three examples'
for c in $commands; do expect_match out "^  $c +[a-z]"; done
cp out program
run help
expect_status 0
expect_same out program
run --help
expect_status 0
expect_same out program

for c in $commands; do
  run help "$c"
  expect_status 0
  expect_empty err
  expect_match out "^Usage: reprint $c "
  expect_match out '^Exit status:'
  expect_match out '^Examples:'
  check
  awk 'length > 80 { exit 1 }' out || fail 'a line is longer than 80 columns'
  cp out one
  run "$c" --help
  expect_status 0
  expect_same out one
  run -h "$c"
  expect_status 0
  expect_same out one
done

run help nonsense
expect_refusal "'nonsense' is not a command"
run help qeury
expect_refusal "did you mean 'query'"
run help index query
expect_refusal "takes only"

run help --man
expect_status 0
expect_empty err
expect_same out "$SOURCE_DIR/docs/reprint.1"
run help --completion
expect_status 0
expect_same out "$SOURCE_DIR/docs/reprint.bash"

# The completion, asked as bash would.
complete_words() {
  # shellcheck disable=SC2016
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reprint; echo "${COMPREPLY[*]}"' \
    bash "$SOURCE_DIR/docs/reprint.bash" reprint "$@" >completed
}
if command -v bash >/dev/null; then
  complete_words qu
  expect_match completed '^query$'
  complete_words query --look
  expect_match completed '^--look-alikes$'
  complete_words query --format j
  expect_match completed '^jsonl$'
  complete_words stat --lim
  expect_match completed '^$'
fi

# Every option that help knows stands in the manual page and the completion.
for c in $commands; do
  run help "$c"
  for option in $(sed -n 's/^  [ -].*--\([a-z][a-z-]*\).*/\1/p' out); do
    escaped=$(printf '%s' "$option" | sed 's/-/\\\\-/g')
    expect_match "$SOURCE_DIR/docs/reprint.1" "Fl .?-(${option}|${escaped})( |\$)"
    expect_match "$SOURCE_DIR/docs/reprint.bash" "--$option"
  done
done

run version
expect_status 0
expect_lines out 1
expect_match out '^reprint [0-9]+\.[0-9]+\.[0-9]+$'
cp out version
run --version
expect_status 0
expect_same out version

run params
expect_status 0
expect_empty err
expect_match out '35 bands of 3 rows'
run params --bands 20 --rows 5 --format csv
expect_status 0
expect_lines out 21
expect_match out '^type,bands,rows,similarity,found_by_bands$'
expect_match out '^params,20,5,1,1$'
finish
