/* plain.h - text made fit for a terminal.
 *
 * Articles come from strangers: control characters, escape sequences and
 * characters that turn the direction of writing must not reach the terminal.
 * They are printed as U+FFFD, bytes that are not UTF-8 too; invisible ones are
 * left out.  Widths are columns of a fixed-width font: 2 for the wide
 * characters of East Asia, 0 for combining marks, 1 for the rest. */
#ifndef RP_REPORT_PLAIN_H
#define RP_REPORT_PLAIN_H

#include "base/buf.h"

/* One character of a text, as it may be printed. */
typedef struct rp_glyph {
  const char *data; /* what to print: `len` bytes, none where it is left out */
  size_t len;
  size_t taken; /* bytes of the text it stands for, at least 1 */
  int width;    /* columns */
  bool is_space;
} rp_glyph;

/* The character at byte `at` of `text`; `at` is less than its length. */
rp_glyph rp_plain_glyph(rp_str text, size_t at);

/* Columns of `text` as rp_plain_add prints it. */
size_t rp_plain_width(rp_str text);

/* The text on one line, each run of white space as one space. */
void rp_plain_add(rp_buf *out, rp_str text);
/* The same in at most `width` columns; "..." ends what was cut. */
void rp_plain_add_cut(rp_buf *out, rp_str text, size_t width);
/* The text with its line ends and tabs. */
void rp_plain_add_lines(rp_buf *out, rp_str text);

/* The text broken into lines of `width` columns; `first` (ASCII; line ends at
 * its beginning are extra) begins the first line, as many spaces each other.
 * Ends with a line end. */
void rp_plain_wrap(rp_buf *out, const char *first, rp_str text, size_t width);

/* A string literal or other C string as rp_str. */
rp_str rp_plain_cstr(const char *text);

#endif
