# Deals articles onto nights.  Variables: nights, life, seed, out (a folder).
#
#   awk ... nights_plan.awk ORDER ARTICLES
#
# ORDER has the ids of ARTICLES (JSON Lines) by their date of publication, one a
# line.  A hash of the id and the seed decides what becomes of an article:
#
#   8% arrive 1 to 5 nights late, 4% are edited 1 to 3 nights after their arrival
#   (the last sentence goes, another comes), 1% get the text of another story
#   then, 2% are removed 1 to 5 nights after their arrival.
#
# An article that is LIFE nights old expires.  Written: in.N (what night N
# indexes), remove.N (ids), live.N (id, version and night of arrival of what is
# left after the night), versions (second versions, one a line behind their ids).
function hash(s,   h, i) {
  h = seed * 7919 % 2147483647
  for (i = 1; i <= length(s); i++) h = (h * 31 + code[substr(s, i, 1)]) % 2147483647
  return h
}

# Park and Miller's generator
function draw() {
  state = state * 16807 % 2147483647
  return state / 2147483647
}

# The text as JSON has it; it begins at text_start, 0 where there is none.
function text_of(line,   rest) {
  text_start = 0
  if (!match(line, /"text": *"/)) return ""
  text_start = RSTART + RLENGTH
  rest = substr(line, text_start)
  if (!match(rest, /^([^"\\]|\\.)*"/)) return ""
  return substr(rest, 1, RLENGTH - 1)
}

function edited(text, id,   i) {
  for (i = length(text) - 2; i > length(text) / 2; i--) if (substr(text, i, 2) == ". ") break
  if (i > length(text) / 2) text = substr(text, 1, i)
  return text " The desk has since been told by two people who know the matter of " id " that more is to come."
}

# `other` is an article of which the text is taken.
function second_version(line, id, other,   text, new, start) {
  new = text_of(other)
  text = text_of(line)
  start = text_start
  if (!start) return line
  if (new == "") new = edited(text, id)
  return substr(line, 1, start - 1) new substr(line, start + length(text))
}

BEGIN {
  for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
  order = ARGV[1]
  while ((getline id <order) > 0) n_article++
  close(order)
}

FILENAME == order {
  state = hash($0) + 1
  for (i = 0; i < 4; i++) draw()
  first = int((FNR - 1) * nights / n_article) + 1
  if (draw() < .08) first += 1 + int(draw() * 5)
  if (first > nights) first = nights
  u = draw()
  second = u < .05 ? first + 1 + int(draw() * 3) : 0
  gone = draw() < .02 ? first + 1 + int(draw() * 5) : 0
  arrives[$0] = first
  n_event[first]++
  event[first, n_event[first]] = $0
  if (second && second <= nights) {
    changes[$0] = second
    is_other[$0] = u < .01
    n_event[second]++
    event[second, n_event[second]] = $0
  }
  if (gone && gone <= nights) {
    n_gone[gone]++
    leaves[gone, n_gone[gone]] = $0
  }
  next
}

{
  match($0, /"id": *"[^"]*"/)
  id = substr($0, RSTART, RLENGTH - 1)
  sub(/^"id": *"/, "", id)
  print >(out "/in." arrives[id])
  if (id in changes) {
    line = second_version($0, id, is_other[id] ? ring[NR % 64] : "")
    print line >(out "/in." changes[id])
    print id "\t" line >(out "/versions")
  }
  ring[NR % 64] = $0
}

END {
  for (n = 1; n <= nights; n++) {
    for (i = 1; i <= n_event[n]; i++) {
      id = event[n, i]
      if (!(id in live)) seen[id] = n
      live[id] = n == arrives[id] ? 1 : 2
    }
    for (i = 1; i <= n_gone[n]; i++) {
      if (!(leaves[n, i] in live)) continue
      print leaves[n, i] >(out "/remove." n)
      delete live[leaves[n, i]]
    }
    printf "" >(out "/live." n)
    for (id in live) {
      if (n - seen[id] >= life) delete live[id]
      else print id, live[id], seen[id] >(out "/live." n)
    }
    close(out "/live." n)
  }
}
