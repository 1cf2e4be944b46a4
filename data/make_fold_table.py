#!/usr/bin/env python3
"""Writes src/text/fold_table.h and src/text/entity_table.h; run by hand:

    python3 data/make_fold_table.py src/text

The tables are made from Unicode 14.0.0 (Python 3.11) and from nothing newer:
signatures depend on them.  docs/signature.md gives the rules; tests/unit/test_fold.c
compares the table with utf8proc.
"""
import html.entities
import sys
import unicodedata

UNICODE = "14.0.0"
PAGE = 128

# One character is one word: scripts that set no spaces between words.
LIGHT = [
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x303C), (0x3040, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0xA4CF), (0xA9E0, 0xA9FF), (0xAA60, 0xAADF), (0xF900, 0xFAFF), (0x1AFF0, 0x1B16F),
    (0x20000, 0x3FFFF),
]
# Letters by category, apostrophes and spacing accents by use.
SEPARATORS = set(range(0x02B9, 0x02C0)) | set(range(0x02C6, 0x02D0))
TATWEEL = 0x0640

SEPARATOR, DROP, WORD, LIGHT_WORD, FIRST_STRING = 0, 1, 2, 3, 4
CAPITAL = 0x8000


def is_dropped(c):
    return unicodedata.category(chr(c)) in ("Mn", "Me", "Cf") or c == TATWEEL


def is_word(c):
    category = unicodedata.category(chr(c))
    return (category[0] in "LN" or category == "Mc") and c not in SEPARATORS and c != TATWEEL


def is_light(c):
    return any(a <= c <= b for a, b in LIGHT)


def is_hangul(c):
    return 0xAC00 <= c <= 0xD7A3


def decompose(text):
    return "".join(x if is_hangul(ord(x)) else unicodedata.normalize("NFKD", x) for x in text)


def step(text):
    out = []
    for x in decompose(decompose(text).casefold()):
        if is_dropped(ord(x)):
            continue
        if not is_word(ord(x)):
            out.append(" ")
        elif unicodedata.category(x) == "Nd":
            out.append(str(unicodedata.decimal(x)))
        else:
            out.append(x)
    return "".join(out)


def fold(c):
    text = chr(c)
    while step(text) != text:
        text = step(text)
    return text


def entries():
    strings = {}
    values = []
    for c in range(0x110000):
        value = SEPARATOR
        if 0xD800 <= c < 0xE000:
            pass
        elif is_dropped(c):
            value = DROP
        elif is_word(c):
            text = fold(c)
            if text == chr(c):
                value = LIGHT_WORD if is_light(c) else WORD
            elif text == "":
                value = DROP
            elif text.strip(" ") == "":
                value = SEPARATOR
            else:
                value = strings.setdefault(text.encode(), len(strings)) + FIRST_STRING
            if unicodedata.category(chr(c)) in ("Lu", "Lt"):
                value |= CAPITAL
        values.append(value)
    assert len(strings) + FIRST_STRING < CAPITAL
    return values, list(strings)


def rows(numbers):
    line = "   "
    for n in numbers:
        item = " %d," % n
        if len(line) + len(item) > 120:
            yield line
            line = "   "
        line += item
    yield line


def write_array(out, kind, name, numbers):
    out.write("%s %s[%d] = {\n" % (kind, name, len(numbers)))
    for line in rows(numbers):
        out.write(line + "\n")
    out.write("};\n")


def write_fold(path):
    values, strings = entries()
    pages = {}
    index = []
    for at in range(0, len(values), PAGE):
        index.append(pages.setdefault(tuple(values[at:at + PAGE]), len(pages)))
    offsets = [0]
    for s in strings:
        offsets.append(offsets[-1] + len(s))
    with open(path, "w", encoding="ascii", newline="\n") as out:
        out.write("/* fold_table.h - made by data/make_fold_table.py from Unicode %s: not to be edited. */\n" % UNICODE)
        out.write("#ifndef RP_TEXT_FOLD_TABLE_H\n#define RP_TEXT_FOLD_TABLE_H\n\n#include <stdint.h>\n\n")
        write_array(out, "const uint16_t", "rp_fold_page", index)
        write_array(out, "const uint16_t", "rp_fold_value", [v for page in pages for v in page])
        write_array(out, "static const uint16_t", "rp_fold_at", offsets)
        write_array(out, "static const uint8_t", "rp_fold_bytes", [b for s in strings for b in s])
        write_array(out, "const uint32_t", "rp_fold_short",
                    [0x80000000 if c < 0xA0 else short_value(values[c], c, strings) for c in range(0x80, 0x800)])
        out.write("\n#endif\n")
    assert offsets[-1] < 65536
    print(len(pages), "pages,", len(strings), "strings,", offsets[-1], "bytes, longest", max(map(len, strings)))


def short_value(value, c, strings):
    """How a character of two bytes is folded in its place: two bytes, then bits (16, 17) for each that is part of a
    word, (18, 19) for each that is dropped, (31) where the definition must be asked."""
    value &= CAPITAL - 1
    if value == SEPARATOR:
        return 0
    if value == DROP:
        return 0xC0000
    if value == LIGHT_WORD:
        return 0x80000000
    text = chr(c).encode() if value == WORD else strings[value - FIRST_STRING]
    if len(text) > 2 or b" " in text:
        return 0x80000000
    return text[0] | (0x90000 if len(text) == 1 else text[1] << 8 | 0x30000)


def write_entities(path):
    names = dict(html.entities.name2codepoint)
    assert len(names) == 252
    names["apos"] = 0x27
    with open(path, "w", encoding="ascii", newline="\n") as out:
        out.write("/* entity_table.h - made by data/make_fold_table.py: not to be edited.\n")
        out.write(" * The 252 entities of HTML 4 and \"apos\", in byte order of their names. */\n")
        out.write("#ifndef RP_TEXT_ENTITY_TABLE_H\n#define RP_TEXT_ENTITY_TABLE_H\n\n#include <stdint.h>\n\n")
        out.write("static const struct {\n  char name[9];\n  uint16_t c;\n} rp_entity_table[%d] = {\n" % len(names))
        line = "   "
        for name in sorted(names):
            item = ' {"%s", %d},' % (name, names[name])
            if len(line) + len(item) > 120:
                out.write(line + "\n")
                line = "   "
            line += item
        out.write(line + "\n};\n\n#endif\n")


def main():
    assert unicodedata.unidata_version == UNICODE, "needs Unicode " + UNICODE
    write_fold(sys.argv[1] + "/fold_table.h")
    write_entities(sys.argv[1] + "/entity_table.h")


main()
