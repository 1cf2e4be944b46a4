#include "report/plain.h"

#include <string.h>

typedef struct range {
  uint32_t first, last;
} range;

static const range invisible[] = {
    {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200B, 0x200F},
    {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE0FFF},
};
static const range combining[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},   {0x64B, 0x65F}, {0x93C, 0x93C},
    {0x941, 0x948},   {0x94D, 0x94D},   {0xE31, 0xE31},   {0xE34, 0xE3A},   {0xE47, 0xE4E}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};
static const range wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF}, {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

static bool is_in(uint32_t c, const range *table, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (c >= table[i].first && c <= table[i].last) return true;
  return false;
}
#define IS_IN(c, table) is_in((c), (table), sizeof(table) / sizeof *(table))

/* The code point at p and its length; length 0 where the bytes are not UTF-8. */
static uint32_t decode(const unsigned char *p, size_t left, size_t *len) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t n = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
  *len = 0;
  if (n == 0 || n > left) return 0;
  uint32_t c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80) return 0;
    c = c << 6 | (p[i] & 0x3F);
  }
  if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return 0;
  *len = n;
  return c;
}

static bool is_space(uint32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x3000;
}

rp_glyph rp_plain_glyph(rp_str text, size_t at) {
  static const char replacement[] = "\xEF\xBF\xBD";
  size_t len;
  uint32_t c = decode((const unsigned char *)text.data + at, text.len - at, &len);
  if (len == 0) return (rp_glyph){replacement, 3, 1, 1, false};
  if (is_space(c)) return (rp_glyph){" ", 1, len, 1, true};
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return (rp_glyph){replacement, 3, len, 1, false};
  if (c < 0x7F) return (rp_glyph){text.data + at, 1, 1, 1, false};
  if (IS_IN(c, invisible)) return (rp_glyph){"", 0, len, 0, false};
  int width = IS_IN(c, combining) ? 0 : IS_IN(c, wide) ? 2 : 1;
  return (rp_glyph){text.data + at, len, len, width, false};
}

size_t rp_plain_width(rp_str text) {
  size_t width = 0;
  bool after_space = true;
  for (size_t at = 0; at < text.len;) {
    rp_glyph g = rp_plain_glyph(text, at);
    at += g.taken;
    if (g.len == 0) continue;
    if (!g.is_space || !after_space) width += (size_t)g.width;
    after_space = g.is_space;
  }
  return width;
}

void rp_plain_add(rp_buf *out, rp_str text) { rp_plain_add_cut(out, text, SIZE_MAX); }

void rp_plain_add_cut(rp_buf *out, rp_str text, size_t width) {
  size_t used = 0;           /* columns printed */
  size_t cut_len = out->len; /* where "..." goes when the text turns out too long */
  bool after_space = true;
  for (size_t at = 0; at < text.len;) {
    rp_glyph g = rp_plain_glyph(text, at);
    at += g.taken;
    if (g.len == 0 || (g.is_space && after_space)) continue;
    after_space = g.is_space;
    if (used + (size_t)g.width > width) {
      out->len = cut_len;
      rp_buf_add_cstr(out, "...");
      return;
    }
    rp_buf_add(out, g.data, g.len);
    used += (size_t)g.width;
    if (width >= 3 && used <= width - 3) cut_len = out->len;
  }
}

void rp_plain_add_lines(rp_buf *out, rp_str text) {
  for (size_t at = 0; at < text.len;) {
    char c = text.data[at];
    rp_glyph g = rp_plain_glyph(text, at);
    if (c == '\n' || c == '\t')
      rp_buf_add_byte(out, c);
    else if (c != '\r')
      rp_buf_add(out, g.data, g.len);
    at += g.taken;
  }
}

/* Columns and bytes of the word that begins at `at`. */
static size_t word_at(rp_str text, size_t at, size_t *width) {
  size_t end = at;
  *width = 0;
  while (end < text.len) {
    rp_glyph g = rp_plain_glyph(text, end);
    if (g.is_space) break;
    *width += (size_t)g.width;
    end += g.taken;
  }
  return end;
}

void rp_plain_wrap(rp_buf *out, const char *first, rp_str text, size_t width) {
  for (; *first == '\n'; first++) rp_buf_add_byte(out, '\n');
  size_t indent = strlen(first), used = indent;
  bool at_start = true;
  rp_buf_add_cstr(out, first);
  for (size_t at = 0; at < text.len;) {
    rp_glyph g = rp_plain_glyph(text, at);
    if (g.is_space) {
      at += g.taken;
      continue;
    }
    size_t columns, end = word_at(text, at, &columns);
    if (!at_start && used + 1 + columns > width) {
      rp_buf_printf(out, "\n%*s", (int)indent, "");
      used = indent;
      at_start = true;
    }
    if (!at_start) rp_buf_add_byte(out, ' ');
    rp_plain_add(out, (rp_str){text.data + at, end - at});
    used += columns + (at_start ? 0 : 1);
    at_start = false;
    at = end;
  }
  rp_buf_add_byte(out, '\n');
}

rp_str rp_plain_cstr(const char *text) { return (rp_str){text, strlen(text)}; }
