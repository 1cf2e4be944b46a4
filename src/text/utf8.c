#include "text/utf8.h"

#include <string.h>

#include "text/entity_table.h"

enum {
  ENTITY_MAX = 8, /* characters between '&' and ';' */
  AMP_MAX = 3,    /* "&amp;" repeated: text that was escaped several times */
};

uint32_t rp_utf8_next(rp_str text, size_t *at) {
  const uint8_t *p = (const uint8_t *)text.data + *at;
  size_t left = text.len - *at;
  *at += 1;
  uint32_t c = p[0];
  if (c < 0x80) return c;
  if (c < 0xC2 || c > 0xF4) return RP_UTF8_BAD;
  size_t n = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
  if (left <= n) return RP_UTF8_BAD;
  c &= 0x3Fu >> n;
  for (size_t i = 1; i <= n; i++) {
    if ((p[i] & 0xC0) != 0x80) return RP_UTF8_BAD;
    c = c << 6 | (p[i] & 0x3Fu);
  }
  if (n == 2 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) return RP_UTF8_BAD;
  if (n == 3 && (c < 0x10000 || c > 0x10FFFF)) return RP_UTF8_BAD;
  *at += n;
  return c;
}

size_t rp_utf8_put(uint32_t c, char out[4]) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xC0 | c >> 6);
    out[1] = (char)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | c >> 18);
  out[1] = (char)(0x80 | (c >> 12 & 0x3F));
  out[2] = (char)(0x80 | (c >> 6 & 0x3F));
  out[3] = (char)(0x80 | (c & 0x3F));
  return 4;
}

/* ---- Windows-1252 ----------------------------------------------------- */

static const uint16_t cp1252[32] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                    0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

/* The bytes 80 to 9F of Windows-1252 where they stand as control characters. */
static uint32_t uncontrol(uint32_t c) { return c >= 0x80 && c < 0xA0 ? cp1252[c - 0x80] : c; }

/* The byte 80 to BF that Windows-1252 reads as `c`; 0 where there is none. */
static uint32_t continuation(uint32_t c) {
  if (c >= 0xA0 && c < 0xC0) return c;
  if (c < 0x80 || c > 0x2122) return 0;
  for (uint32_t i = 0; i < 32; i++)
    if (cp1252[i] == c) return 0x80 + i;
  return 0;
}

/* What repair may give.  Elsewhere a sequence is as likely meant: a capital
 * with an accent before a closing mark, or a French no-break space before one. */
static bool is_repaired(uint32_t c) {
  return (c >= 0x80 && c < 0x180) || (c >= 0x218 && c < 0x21C) || (c >= 0x380 && c < 0x480) ||
         (c >= 0x5C0 && c < 0x700) || (c >= 0x900 && c < 0xE80) || (c >= 0x2000 && c < 0x2300) ||
         (c >= 0x3000 && c < 0x3100) || (c >= 0xFB00 && c < 0xFB07) || c == 0xFEFF || c == 0xFFFD ||
         (c >= 0x1F000 && c < 0x20000);
}

/* ---- entities --------------------------------------------------------- */

uint32_t rp_entity_find(const char *name, size_t len) {
  if (len == 0 || len > ENTITY_MAX) return 0;
  size_t low = 0, high = sizeof rp_entity_table / sizeof rp_entity_table[0];
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    const char *known = rp_entity_table[mid].name; /* padded with NULs */
    int order = memcmp(known, name, len);
    if (order == 0 && known[len] != '\0') order = 1;
    if (order == 0) return known[len - 1] != '\0' ? rp_entity_table[mid].c : 0;
    if (order < 0)
      low = mid + 1;
    else
      high = mid;
  }
  return 0;
}

static int digit_of(char c, uint32_t base) {
  int d = c >= '0' && c <= '9'   ? c - '0'
          : c >= 'a' && c <= 'f' ? c - 'a' + 10
          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                 : 16;
  return d < (int)base ? d : -1;
}

/* "#8217", "#x2019"; 0 where it is no number. */
static uint32_t numeric_entity(const char *name, size_t len) {
  uint32_t base = len > 1 && (name[1] == 'x' || name[1] == 'X') ? 16 : 10, c = 0;
  size_t i = base == 16 ? 2 : 1;
  if (i >= len) return 0;
  for (; i < len; i++) {
    int d = digit_of(name[i], base);
    if (d < 0) return 0;
    c = c * base + (uint32_t)d;
  }
  return c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? RP_UTF8_BAD : c;
}

/* The character of the entity whose name begins at `at`; 0 where there is
 * none.  `*end` becomes the place behind its semicolon. */
static uint32_t entity_at(rp_str text, size_t at, size_t *end) {
  size_t left = text.len - at, n = 0;
  while (n < left && n <= ENTITY_MAX && text.data[at + n] != ';') n++;
  if (n == 0 || n == left || n > ENTITY_MAX) return 0;
  const char *name = text.data + at;
  uint32_t c = name[0] == '#' ? numeric_entity(name, n) : rp_entity_find(name, n);
  if (c != 0) *end = at + n + 1;
  return c;
}

/* ---- characters ------------------------------------------------------- */

/* A code point, entities and control characters undone. */
static uint32_t read_plain(rp_str text, size_t *at) {
  uint32_t c = rp_utf8_next(text, at);
  if (c != '&') return uncontrol(c);
  size_t end = *at;
  for (int i = 0; i <= AMP_MAX && c == '&'; i++) {
    uint32_t entity = entity_at(text, end, &end);
    if (entity == 0) break;
    c = entity;
    *at = end;
  }
  return uncontrol(c);
}

uint32_t rp_char_decode(rp_str text, size_t *at) {
  uint32_t c = read_plain(text, at);
  if (c < 0xC2 || c > 0xF4) return c;
  size_t n = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3, end = *at;
  uint32_t repaired = c & (0x3Fu >> n);
  for (size_t i = 0; i < n; i++) {
    uint32_t byte = end < text.len ? continuation(read_plain(text, &end)) : 0;
    if (byte == 0) return c;
    repaired = repaired << 6 | (byte & 0x3F);
  }
  static const uint32_t least[3] = {0x80, 0x800, 0x10000};
  if (repaired < least[n - 1] || !is_repaired(repaired)) return c;
  *at = end;
  return uncontrol(repaired);
}
