#include "text/scan.h"

#include <string.h>

#include "base/hash.h"
#include "text/fold.h"
#include "text/utf8.h"

typedef struct scanner {
  rp_str text;
  rp_words *out; /* NULL: counting */
  size_t n_word, n_byte;
  size_t word_at;                     /* its first byte in `folded` */
  size_t start, end;                  /* its range in the text */
  enum { CLOSED, PLAIN, LIGHT } open; /* a light word waits for marks on it */
  char last;                          /* last byte of the open word */
} scanner;

enum { NONE = 0, POINT = 1, AMPERSAND = 2 };

/* What an ASCII byte does; letters and digits give their folded byte. */
/* clang-format off */
static const uint8_t ascii[128] = {
    ['&'] = AMPERSAND, ['.'] = POINT, [','] = POINT,
    ['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
    ['A'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
            'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
    ['a'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
            'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
};
/* clang-format on */

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

static inline void put_byte(scanner *s, char c) {
  if (s->out != NULL) s->out->folded[s->n_byte] = c;
  s->n_byte++;
  s->last = c;
}

static void store_word(scanner *s, uint16_t flag) {
  rp_words *out = s->out;
  char *word = out->folded + s->word_at;
  size_t len = s->n_byte - s->word_at;
  int number = rp_fold_number(word, len);
  if (number >= 0) {
    len = 0;
    if (number > 9) word[len++] = '1';
    word[len++] = (char)('0' + number % 10);
    s->n_byte = s->word_at + len;
  }
  out->hash[s->n_word] = rp_hash64(word, len);
  out->flag[s->n_word] = flag;
  out->folded_at[s->n_word] = (uint32_t)s->word_at;
  if (out->start != NULL) {
    out->start[s->n_word] = (uint32_t)s->start;
    out->end[s->n_word] = (uint32_t)s->end;
  }
}

static inline void end_word(scanner *s) {
  if (s->open == CLOSED) return;
  if (s->out != NULL) store_word(s, s->open == LIGHT ? RP_WORD_LIGHT : 0);
  put_byte(s, '\n');
  s->n_word++;
  s->open = CLOSED;
}

/* Goes on with the word at hand, or begins one at `at`. */
static inline void begin_word(scanner *s, size_t at) {
  if (s->open == PLAIN) return;
  end_word(s);
  s->open = PLAIN;
  s->word_at = s->n_byte;
  s->start = at;
}

size_t rp_scan_digits(rp_str text, size_t at, size_t max) {
  size_t n = 0;
  while (n < max && at < text.len) {
    uint32_t c = rp_char_next(text, &at);
    uint32_t value = rp_fold_of(c) & 0x7FFFu;
    if (value == RP_FOLD_DROP) continue;
    if (c >= '0' && c <= '9') {
      n++;
      continue;
    }
    if (value < RP_FOLD_STRING) break;
    rp_str folded = rp_fold_string(value);
    size_t i = 0;
    while (i < folded.len && n < max && is_digit(folded.data[i])) i++, n++;
    if (i < folded.len) break;
  }
  return n;
}

/* A point or comma whose next character is at `at`. */
static void take_point(scanner *s, char c, size_t at) {
  if (s->open != CLOSED && is_digit(s->last)) {
    size_t digits = rp_scan_digits(s->text, at, 4);
    if (c == '.' && digits > 0) {
      put_byte(s, c);
      s->end = at;
      return;
    }
    if (c == ',' && digits == 3) {
      s->end = at;
      return;
    }
  }
  end_word(s);
}

/* A character that is a word of its own. */
static void take_light(scanner *s, const char *bytes, size_t len, size_t start, size_t end) {
  end_word(s);
  begin_word(s, start);
  for (size_t i = 0; i < len; i++) put_byte(s, bytes[i]);
  s->end = end;
  s->open = LIGHT;
}

static void take_string(scanner *s, rp_str folded, size_t start, size_t end) {
  for (size_t at = 0; at < folded.len;) {
    size_t from = at;
    uint32_t c = rp_utf8_next(folded, &at);
    if (c == ' ') {
      end_word(s);
      continue;
    }
    if (rp_fold_of(c) == RP_FOLD_LIGHT) {
      take_light(s, folded.data + from, at - from, start, end);
    } else {
      begin_word(s, start);
      for (size_t i = from; i < at; i++) put_byte(s, folded.data[i]);
      s->end = end;
    }
    start = end; /* a further word of the same character takes none of it */
  }
}

static void take_char(scanner *s, uint32_t c, size_t start, size_t end) {
  if (c < 128 && ascii[c] >= '0') {
    begin_word(s, start);
    put_byte(s, (char)ascii[c]);
    s->end = end;
    return;
  }
  if (c == '.' || c == ',') {
    take_point(s, (char)c, end);
    return;
  }
  uint32_t value = rp_fold_of(c) & 0x7FFFu;
  char bytes[4];
  switch (value) {
    case RP_FOLD_SEPARATOR: end_word(s); break;
    case RP_FOLD_DROP:
      if (s->open != CLOSED) s->end = end;
      break;
    case RP_FOLD_WORD:
      begin_word(s, start);
      for (size_t i = 0, n = rp_utf8_put(c, bytes); i < n; i++) put_byte(s, bytes[i]);
      s->end = end;
      break;
    case RP_FOLD_LIGHT: take_light(s, bytes, rp_utf8_put(c, bytes), start, end); break;
    default: take_string(s, rp_fold_string(value), start, end);
  }
}

static inline void scan(rp_str text, rp_words *out, rp_scan_size *size) {
  scanner s = {.text = text, .out = out};
  for (size_t at = 0; at < text.len;) {
    uint8_t byte = (uint8_t)text.data[at];
    uint8_t does = byte < 128 ? ascii[byte] : AMPERSAND;
    if (does >= '0') {
      begin_word(&s, at);
      put_byte(&s, (char)does);
      s.end = ++at;
    } else if (does == NONE) {
      end_word(&s);
      at++;
    } else {
      size_t start = at;
      uint32_t c = rp_char_next(text, &at);
      take_char(&s, c, start, at);
    }
  }
  end_word(&s);
  *size = (rp_scan_size){s.n_word, s.n_byte};
}

rp_scan_size rp_scan_bound(rp_str text) {
  /* Only characters of three bytes and more, and entities, fold to more than
   * twice their bytes or more than one word for two bytes: at most 33 bytes
   * and 6 words. */
  size_t two = 0, wide = 0;
  for (size_t i = 0; i < text.len; i++) {
    uint8_t b = (uint8_t)text.data[i];
    two += b >= 0xC0;
    wide += (size_t)(b >= 0xE0) + (size_t)(b == '&');
  }
  size_t words = text.len / 2 + 1 + 6 * wide;
  return (rp_scan_size){words, text.len + 2 * two + 33 * wide + words};
}

rp_scan_size rp_scan_count(rp_str text) {
  rp_scan_size size;
  scan(text, NULL, &size);
  return size;
}

void rp_scan_words(rp_str text, rp_words *words) {
  rp_scan_size size;
  scan(text, words, &size);
  words->n = size.n_word;
  words->folded_at[size.n_word] = (uint32_t)size.n_byte;
}
