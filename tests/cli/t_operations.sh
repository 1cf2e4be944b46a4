# The lines of docs/operations.md, run in folders of the test's own.
. "$SOURCE_DIR/tests/cli/lib.sh"
for tool in flock xargs; do
  command -v $tool >/dev/null || { echo "no $tool here"; exit 0; }
done
date -d 'last month' +%F >/dev/null 2>&1 || { echo 'another date here'; exit 0; }
mkdir -p srv/reprint srv/feeds/incoming backup/reprint bin tmp
ln -s "$REPRINT" bin/reprint
PATH=$work/bin:$PATH
export PATH
news srv/feeds/incoming/news.jsonl
echo Daily >srv/reprint/clients
echo paper.example >srv/reprint/licensed

# block KIND NUMBER: a fenced block of the page, its places moved to here
block() {
  awk -v kind="\`\`\`$1" -v n="$2" '$0 == "```" { on = 0 } on { print } $0 == kind { on = ++i == n }' \
    "$SOURCE_DIR/docs/operations.md" |
    sed "s|/srv/|$work/srv/|g; s|/backup/|$work/backup/|g; s|/tmp/findings|$work/tmp/findings|g"
}

block sh 1 >srv/reprint/nightly.sh
chmod +x srv/reprint/nightly.sh
REPRINT_DB=$work/srv/reprint/news.db
SOURCE_DATE_EPOCH=1602500000
export REPRINT_DB SOURCE_DATE_EPOCH
expect_match srv/reprint/nightly.sh 'reprint backup'

# Each line of the crontab is run by a shell and prints nothing; the list of
# pick-ups of the last month is of nobody's.
block cron 1 >crontab
check
[ "$(grep -c '^[0-9*]' crontab)" -eq 7 ] || fail 'there are not seven lines'
grep '^[0-9*]' crontab >lines
while read -r a b c d e line; do
  ran=$line
  line=$(printf '%s' "$line" | sed 's/\\%/%/g')
  case $line in *--publisher*) break ;; esac
  sh -c "$line" >out 2>err
  status=$?
  expect_status 0
  expect_empty err
  case $line in
    *'dedup --keep'*) # the mail: what the night brought
      expect_match out '^run 1, 2020-10-12: [0-9]+ new or updated articles, 1 new group; 3 articles in 1 group$'
      expect_match out '^  keep  reprint .*paper-1$'
      sh -c "$line" >out 2>err ;; # and nothing when nothing is new
  esac
  expect_empty out
  expect_empty err
done <lines
expect_match srv/reprint/groups.jsonl '^{"type":"run","run":1,.*"again":true}$'
expect_match srv/reprint/groups.jsonl '"id":"paper-1".*"keep":true'
sh -c "$(printf '%s' "$line" | sed 's/example\.org/wire.example/; s/--until .* --excl/--excl/; s/--since "[^"]*"/--since 2020-10-01/')" >out 2>err
status=$?
ran=$line
expect_status 0
expect_match out '^1 story, 1 picked up, 1 article by others$'
sh -c "$line" >out 2>err
status=$?
expect_status 0
expect_match out '^0 stories'
check
[ "$a$b$c$d$e" = '071**' ] || fail 'the list is not the last line'

# Seven copies are kept.
for day in 01 02 03 04 05 06 07 08; do cp -R backup/reprint/news-2*.db "backup/reprint/news-1999-01-$day.db" 2>/dev/null; done
rm -rf backup/reprint/news-2*.db
srv/reprint/nightly.sh >out 2>err
status=$?
ran=nightly.sh
expect_status 0
expect_empty out
expect_empty err
check
[ "$(ls backup/reprint | wc -l)" -eq 7 ] || fail 'there are not seven copies'
expect_absent backup/reprint/news-1999-01-02.db
# the same day again: the copy is there, and stays
srv/reprint/nightly.sh >out 2>err
status=$?
expect_refusal 'holds an index already'

# Restoring.
cp -R backup/reprint/news-1999-01-08.db backup/reprint/news-2026-01-31.db
block sh 2 >restore.sh
expect_match restore.sh 'reprint check'
sh -e restore.sh >out 2>err
status=$?
ran=restore.sh
expect_status 0
expect_empty out
expect_exists tmp/findings.jsonl
expect_exists srv/reprint/news.damaged
run show --text paper-1
expect_status 0
run check -q
expect_status 0
finish
