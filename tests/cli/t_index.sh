# index: what it counts, what it says, and when it fails.
. "$SOURCE_DIR/tests/cli/lib.sh"
news news.jsonl

run index news.jsonl
expect_status 0
expect_empty out
expect_lines err 1
expect_match err '^reprint: read 4, added 4, updated 0, unchanged 0, conflicts 0, ignored files 0, skipped 0$'
run index news.jsonl
expect_status 0
expect_lines err 1
expect_match err 'read 4, added 0, updated 0, unchanged 4, .*: nothing new$'
run index -q news.jsonl
expect_status 0
expect_empty err
expect_empty out

# Standard input, with and without naming it.
ran='index < news.jsonl'
"$REPRINT" index -d stdin.db -q <news.jsonl >out 2>err
status=$?
expect_status 0
expect_empty err
"$REPRINT" index -d stdin.db - <news.jsonl >out 2>err
status=$?
expect_status 0
expect_match err 'added 0, .*unchanged 4'

# An update, new metadata alone, and an id that somebody else has.
sed 's/Cracks keep/Cracks still keep/' news.jsonl | sed -n 1p >meta.jsonl
run index meta.jsonl
expect_status 0
expect_match err 'read 1, added 0, updated 1 '
sed 's/thousands of visitors/hundreds of visitors/' news.jsonl | sed -n 1p >version.jsonl
run index version.jsonl
expect_status 0
expect_match err 'read 1, added 0, updated 1, '
printf '{"id":"wire-1","url":"https://elsewhere.example/x","publisher":"Elsewhere","text":"%s"}\n' "$other_text" >conflict.jsonl
run index conflict.jsonl
expect_status 3
expect_match err '^conflict\.jsonl:1: '
expect_match err 'conflicts 1'
expect_match err 'id-prefix'
run index --id-prefix other: conflict.jsonl
expect_status 0
expect_match err 'added 1,'
run show other:wire-1
expect_status 0

# Records that cannot be read: named, counted, and no reason to stop.
{
  sed -n 1p news.jsonl
  printf '{"id":"broken", "text": \n'
  printf '{"id":"empty","text":""}\n'
  printf '{"id":"signs","text":"... --- !!!"}\n'
  sed -n 2p news.jsonl
} >bad.jsonl
run index -d bad.db bad.jsonl
expect_status 3
expect_empty out
expect_match err '^bad\.jsonl:2: '
expect_match err '^bad\.jsonl:3: '
expect_match err '^bad\.jsonl:4: '
expect_match err 'read 5, added 2, .*skipped 3 \('
run show -d bad.db paper-1
expect_status 0
run show -d bad.db signs
expect_status 1
run index -q -d bad.db bad.jsonl
expect_status 3
expect_lines err 3
for allowed in 3 60% 100%; do
  run index -d bad.db --max-skipped "$allowed" bad.jsonl
  expect_status 0
done
for allowed in 0 2 59%; do
  run index -d bad.db --max-skipped "$allowed" bad.jsonl
  expect_status 3
done

# --strict stops; what came before the bad record is written.
run index -d strict.db --strict bad.jsonl
expect_status 2
expect_match err '^bad\.jsonl:2: '
expect_match err 'strict'
expect_no_match err '^bad\.jsonl:4: '
expect_match err 'added 1,'
expect_no_match err 'nothing new'
run stat -d strict.db --format jsonl
expect_match out '"articles":1,'

# What cannot be opened is named, the others are done.
run index -d some.db missing.jsonl news.jsonl
expect_status 2
expect_match err 'missing\.jsonl'
expect_match err 'added 4,'
run index -d some.db -q missing.jsonl
expect_status 2
expect_lines err 1
run index -d none.db missing.jsonl
expect_status 2
expect_absent none.db

# Two equal files are two articles; equal records without an id are one.
printf 'A headline\n\n%s\n' "$ferry_text" >a.txt
cp a.txt b.txt
run index -d files.db a.txt ./b.txt
expect_status 0
expect_match err 'added 2,'
printf '{"text":"%s"}\n{"text":"%s"}\n' "$other_text" "$other_text" >twice.jsonl
run index -d files.db twice.jsonl
expect_status 0
expect_match err 'read 2, added 1, .*repeated records 1'
run index -d files.db -v twice.jsonl
expect_status 0
expect_match err '^twice\.jsonl:1: repeated record'

# A folder, and what in it is of no known type.
mkdir folder
cp a.txt folder/
printf '\000\001\002\003\000\000\000\000' >folder/x.bin
run index -d folder.db folder
expect_status 0
expect_match err 'added 1, .*ignored files 1, skipped 0$'

# The program's own clock.
run index -q -d clock.db --now 2020-10-06T00:00:00Z news.jsonl
expect_status 0

# A file name cannot play with the terminal.
odd=$(printf 'odd\033[31m.jsonl')
run index -d odd.db "$odd"
expect_status 2
check
if LC_ALL=C grep -q "$(printf '\033')" err; then fail 'an escape sequence reached stderr'; fi
finish
