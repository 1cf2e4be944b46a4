#!/usr/bin/env python3
"""Checks labels.tsv against the stories of this folder. Standard library only.

  python3 corpus/check_labels.py [-v]

Says whether every label names a story, whether every labelled copy shares enough words outside quotation
marks with its source, whether the look-alikes share few, and whether a pair without a label shares a run of
25 words. This is a check of the corpus, not a detector: it reads the whole visible text of a page and knows
nothing of datelines or furniture. Status 0 if all is well, 1 if not.
"""
import difflib, glob, json, os, sys, unicodedata
from html.parser import HTMLParser

HERE = os.path.dirname(os.path.abspath(__file__))
IDS = ("id", "doc_id", "uid", "uri", "guid", "url", "link")
TEXTS = ("maintext", "text", "body", "content")
TITLES = ("title", "headline")
LINKS = {"identical", "reprint", "partial", "round-up", "own-update"}
LOOKALIKES = {"quote-only", "common-source", "template", "boilerplate-only", "none"}
DIRECTIONS = {"a->b", "b->a", "undecided"}
CREDITS = {"credited", "partial-credit", "mention", "uncredited", "-"}
# longest run a look-alike of this kind may share, in words; None: no limit (the shared text is the point of it)
LIMITS = {"template": None, "site-box": None, "company-text": 40}
LIMIT = 20          # the other look-alikes
NEED_RUN = 45       # a copy shares one run, small edits allowed, of this many unquoted words ...
NEED_COVER = .60    # ... or covers this share of the shorter text
FREE_RUN = 25       # a pair without a label shares no run of this many words, quoted or not


class Page(HTMLParser):
    BLOCK = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "figure", "figcaption", "section", "aside", "article",
             "header", "footer", "nav", "td", "tr", "table", "br", "form", "button", "main", "body", "blockquote"}
    SKIP = {"script", "style", "title"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.skip, self.meta, self.quote = [], 0, {}, 0

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta":
            self.meta[attrs.get("property") or attrs.get("name")] = attrs.get("content")
        if tag in self.SKIP:
            self.skip += 1
        if tag in self.BLOCK:
            self.out.append("\n")

    def handle_endtag(self, tag):
        if tag in self.SKIP:
            self.skip -= 1
        if tag in self.BLOCK:
            self.out.append("\n")

    def handle_data(self, data):
        if not self.skip:
            self.out.append(data.replace("\n", " "))


def load():
    """id -> (file, text)"""
    stories = {}

    def put(key, where, text):
        if not key or not text:
            sys.exit("%s: no id or no text" % where)
        if key in stories:
            sys.exit("%s: id %s is taken" % (where, key))
        stories[key] = (where, text)

    for path in sorted(glob.glob(os.path.join(HERE, "*.jsonl"))):
        with open(path, encoding="utf-8") as f:
            for n, line in enumerate(f, 1):
                rec = json.loads(line)
                first = lambda names: next((rec[k] for k in names if rec.get(k)), None)
                put(first(IDS), "%s:%d" % (os.path.basename(path), n), first(TEXTS))
    for path in sorted(glob.glob(os.path.join(HERE, "pages", "*"))):
        name = os.path.basename(path)
        with open(path, encoding="utf-8") as f:
            data = f.read()
        if name.endswith(".html"):
            page = Page()
            page.feed(data)
            put(page.meta.get("og:url"), "pages/" + name, "".join(page.out))
        else:
            put("corpus/pages/" + name, "pages/" + name, data)
    return stories


def spaceless(c):
    return "\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff"


def words(text):
    """[(word, weight, quoted)]; a character of a script without spaces weighs one half"""
    out = []
    for para in text.split("\n"):
        opened, i, n = "", 0, len(para)
        while i < n:
            c = para[i]
            before, after = para[i - 1:i] if i else "", para[i + 1:i + 2]
            if c in "\"“”«»„‟「」‘’'":
                single = c in "‘’'"
                if single and before.isalnum() and after.isalnum():
                    pass                                        # an apostrophe
                elif c in "„「" or (not before.isalnum() and after.isalnum()):
                    opened = opened or ("single" if single else "double")
                elif not single or opened == "single":
                    opened = ""
                i += 1
            elif spaceless(c):
                out.append((c, .5, bool(opened)))
                i += 1
            elif c.isalnum():
                j = i + 1
                while j < n and not spaceless(para[j]) and (para[j].isalnum() or
                        (para[j] in ".," and para[j - 1].isdigit() and para[j + 1:j + 2].isdigit())):
                    j += 1
                w = unicodedata.normalize("NFKD", para[i:j]).casefold()
                out.append(("".join(x for x in w if not unicodedata.combining(x)), 1, bool(opened)))
                i = j
            else:
                i += 1
    return out


def weight(ws):
    return sum(w[1] for w in ws)


def longest(a, b):
    x, y = [w[0] for w in a], [w[0] for w in b]
    m = difflib.SequenceMatcher(None, x, y, autojunk=False).find_longest_match(0, len(x), 0, len(y))
    return weight(a[m.a:m.a + m.size])


def unquoted_run(a, b):
    """longest exact run that holds no quoted word on either side"""
    x = [w[0] if not w[2] else ("a", i) for i, w in enumerate(a)]
    y = [w[0] if not w[2] else ("b", i) for i, w in enumerate(b)]
    m = difflib.SequenceMatcher(None, x, y, autojunk=False).find_longest_match(0, len(x), 0, len(y))
    return weight(a[m.a:m.a + m.size])


def chained(a, b, gap=12):
    """unquoted words only: (longest chain of runs of >= 3 words with small gaps, all words in chains of >= 8)"""
    a, b = [w for w in a if not w[2]], [w for w in b if not w[2]]
    blocks = difflib.SequenceMatcher(None, [w[0] for w in a], [w[0] for w in b], autojunk=False).get_matching_blocks()
    chains, last = [0], None
    for m in blocks:
        if weight(a[m.a:m.a + m.size]) < 3:
            continue
        if last and m.a - last[0] <= gap and m.b - last[1] <= gap:
            chains[-1] += weight(a[m.a:m.a + m.size])
        else:
            chains.append(weight(a[m.a:m.a + m.size]))
        last = (m.a + m.size, m.b + m.size)
    return max(chains), sum(c for c in chains if c >= 8)


def grams(ws, n=5):
    t = [w[0] for w in ws]
    return {tuple(t[i:i + n]) for i in range(len(t) - n + 1)}


def main():
    verbose = "-v" in sys.argv[1:]
    stories = load()
    toks = {k: words(v[1]) for k, v in stories.items()}
    bad, seen, rows = [], set(), []
    with open(os.path.join(HERE, "labels.tsv"), encoding="utf-8") as f:
        head = f.readline().rstrip("\n").split("\t")
        if head != ["a", "b", "kind", "verdicts", "direction", "credit", "note"]:
            bad.append("labels.tsv: head line")
        for n, line in enumerate(f, 2):
            row = line.rstrip("\n").split("\t")
            if len(row) != 7:
                bad.append("labels.tsv:%d: %d fields" % (n, len(row)))
                continue
            a, b, kind, verdicts, direction, credit, note = row
            verdicts = verdicts.split("|")
            for k in (a, b):
                if k not in stories:
                    bad.append("labels.tsv:%d: no story %s" % (n, k))
            for v in verdicts:
                if v not in LINKS | LOOKALIKES:
                    bad.append("labels.tsv:%d: verdict %s" % (n, v))
            if len({v in LINKS for v in verdicts}) != 1:
                bad.append("labels.tsv:%d: verdicts that link and that do not" % n)
            if direction not in DIRECTIONS or credit not in CREDITS:
                bad.append("labels.tsv:%d: direction or credit" % n)
            if a == b or frozenset((a, b)) in seen:
                bad.append("labels.tsv:%d: pair given twice" % n)
            seen.add(frozenset((a, b)))
            if a in stories and b in stories:
                rows.append((n, a, b, kind, verdicts))
    if verbose:
        print("5-grams\tcovered\trun\tedited\tquoted+\tkind\ta\tb")
    for n, a, b, kind, verdicts in rows:
        x, y = toks[a], toks[b]
        g, h = grams(x), grams(y)
        contained = len(g & h) / max(1, min(len(g), len(h)))
        run, (chain, matched) = unquoted_run(x, y), chained(x, y)
        cover = matched / max(1, min(weight([w for w in t if not w[2]]) for t in (x, y)))
        if verbose:
            print("%.2f\t%.2f\t%g\t%g\t%g\t%s\t%s\t%s" % (contained, cover, run, chain, longest(x, y), kind, a, b))
        if verdicts[0] in LINKS:
            if chain < NEED_RUN and (cover < NEED_COVER or matched < 25):
                bad.append("labels.tsv:%d: copy shares too little (%g words, %.2f)" % (n, chain, cover))
        else:
            limit = LIMITS.get(kind, LIMIT)
            if limit is not None and max(run, chain) >= limit:
                bad.append("labels.tsv:%d: look-alike shares %g words" % (n, max(run, chain)))
    ids, most = sorted(stories), (0, "", "")
    for i, a in enumerate(ids):
        for b in ids[i + 1:]:
            if frozenset((a, b)) in seen:
                continue
            m = longest(toks[a], toks[b])
            most = max(most, (m, a, b))
            if m >= FREE_RUN:
                bad.append("no label, but %g words in a row: %s, %s" % (m, a, b))
    for line in bad:
        print(line, file=sys.stderr)
    links = sum(r[4][0] in LINKS for r in rows)
    print("%d stories, %d labels: %d pairs that link, %d look-alikes; longest run without a label: %g words (%s, %s)"
          % (len(stories), len(rows), links, len(rows) - links, *most))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
