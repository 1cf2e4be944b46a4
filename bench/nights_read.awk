# Groups from records: each member a line "MEMBER GROUP LEAD KEPT VERDICT".
#
#   awk -f nights_read.awk CLUSTERS                      what `clusters` prints
#   awk -v held=1 ... nights_read.awk HELD REPORTS       what `dedup` prints
#
# The second is the reader of reports: it begins with what it held (lines as
# above) and applies record after record.  A record is the whole state of its
# group, so one that comes again does no harm.  Variables: last (number of the
# run that was read before), told (file: new, grown, other changed, ended groups,
# run records, the last run, changed groups of it), faults (file to append to).
# What the first telling of a run says about the state before is held against
# what the reader holds.  Ids must have no spaces and no quotes.
BEGIN { last_read = last + 0 }

function value(s, key,   at) {
  at = index(s, "\"" key "\":")
  if (!at) return ""
  s = substr(s, at + length(key) + 3)
  if (substr(s, 1, 1) == "\"") return substr(s, 2, index(substr(s, 2), "\"") - 1)
  match(s, /^[^],}]*/)
  return substr(s, 1, RLENGTH)
}

function fault(text) { print "run " run ", group " group ": " text >>faults }

# Members of the record to text[group]
function take_members(lead, part,   n, i, id, verdict, lines) {
  n = split(part, member, /[{]"id":"/)
  for (i = 2; i <= n; i++) {
    id = substr(member[i], 1, index(member[i], "\"") - 1)
    lines = lines id " " group " " (id == lead) " " (index(member[i], "\"keep\":true") > 0) " " value(member[i], "verdict") "\n"
  }
  text[group] = lines
  size[group] = n - 1
}

function forget(id) {
  delete text[id]
  delete size[id]
}

function end_run() {
  if (has_run && n_told != n_changed) fault("it tells of " n_told " groups, its head of " n_changed)
}

function check_laws(tail, what) {
  if ((group in text) == (what ~ /"new"/)) fault("called " what ", but " (group in text ? "known" : "not known"))
  if (what !~ /"merged"/ && value(tail, "size_before") != size[group] + 0)
    fault("size_before " value(tail, "size_before") ", but held were " size[group] + 0)
}

held && FNR == NR && FILENAME == ARGV[1] {
  text[$2] = text[$2] $0 "\n"
  size[$2]++
  next
}

/^[{]"type":"run"/ {
  run = value($0, "run") + 0
  group = "none"
  if (run == last_read) n_told = n_changed
  end_run()
  is_again = run <= last + 0
  if (run > last + 1) fault("the run told before is " last + 0)
  last = last_read = run
  has_run = 1
  n_changed = value($0, "changed") + 0
  n_told = 0
  n_run++
  next
}

/^[{]"type":"cluster"/ {
  at = index($0, "\"members\":[")
  head = substr($0, 1, at - 1)
  part = substr($0, at)
  group = value(head, "id")
  end = match(part, /[]],"run":/)
  if (end) {
    tail = substr(part, end)
    part = substr(part, 1, end - 1)
    match(tail, /"changes":\[[^]]*\]/)
    what = substr(tail, RSTART, RLENGTH)
    if (!is_again) check_laws(tail, what)
    n_told++
    n[what ~ /"new"/ ? "new" : what ~ /"ended"/ ? "ended" : what ~ /"grown"/ ? "grown" : "other"]++
    match(tail, /"merged":\[[^]]*\]/)
    n_alias = split(substr(tail, RSTART + 10, RLENGTH - 11), alias, ",")
    for (i = 1; i <= n_alias; i++) {
      gsub(/"/, "", alias[i])
      forget(alias[i])
    }
    if (what ~ /"ended"/) {
      forget(group)
      next
    }
  }
  take_members(value(head, "lead"), part)
}

END {
  group = "none"
  end_run()
  for (id in text) printf "%s", text[id]
  if (told) print n["new"] + 0, n["grown"] + 0, n["other"] + 0, n["ended"] + 0, n_run + 0, last + 0, n_changed + 0 >told
}
