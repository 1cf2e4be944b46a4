/* row.h - the one writer of records for programs: JSON Lines, CSV, TSV.
 *
 * Whoever writes a record names its keys and values once; the format decides
 * what becomes of them.  JSON Lines: an object a line, nested as written.  CSV
 * and TSV: a head line with the keys (nested ones joined by '_'), then a line a
 * record.  A list has no place in a cell, so there it is given by the short
 * form that its writer names (the number of its items, say).
 *
 * A string of no bytes is an unknown value: null in JSON, an empty cell.
 * Strings in cells that begin with = + - @ (formulas to a spreadsheet) get an
 * apostrophe before them; CSV quotes by RFC 4180, but lines end in LF; TSV
 * writes a tab, a line end and a backslash as \t \n \r \\. */
#ifndef RP_REPORT_ROW_H
#define RP_REPORT_ROW_H

#include "base/json_write.h"

typedef enum rp_format {
  RP_FORMAT_TEXT = 0,
  RP_FORMAT_JSONL = 1,
  RP_FORMAT_CSV = 2,
  RP_FORMAT_TSV = 3,
} rp_format;

enum { RP_ROW_DEPTH = 4 };

typedef struct rp_row {
  rp_buf *out;
  rp_format format;
  rp_json json;
  bool is_head;                    /* CSV, TSV: the keys are written, not the values */
  bool has_cell;                   /* of this line */
  int n_list;                      /* lists open: nothing inside them is a cell */
  const char *outer[RP_ROW_DEPTH]; /* keys of the objects open */
  int depth;
} rp_row;

/* `format` is not RP_FORMAT_TEXT. */
void rp_row_init(rp_row *row, rp_buf *out, rp_format format);

/* A record; its first key is `type`. */
void rp_row_begin(rp_row *row, const char *type);
void rp_row_end(rp_row *row);

void rp_row_null(rp_row *row, const char *key);
void rp_row_bool(rp_row *row, const char *key, bool value);
void rp_row_int(rp_row *row, const char *key, int64_t value);
void rp_row_double(rp_row *row, const char *key, double value, int digits);
void rp_row_str(rp_row *row, const char *key, rp_str value);
void rp_row_cstr(rp_row *row, const char *key, const char *value);
/* A string that is known even where it has no bytes. */
void rp_row_text(rp_row *row, const char *key, rp_str value);
/* [start, end] inside a list's item; not for cells. */
void rp_row_range(rp_row *row, const char *key, uint32_t start, uint32_t end);

void rp_row_open(rp_row *row, const char *key);
void rp_row_close(rp_row *row);

/* A list of objects or of strings; `flat` stands for it in a cell. */
void rp_row_list_begin(rp_row *row, const char *key, rp_str flat);
void rp_row_list_end(rp_row *row);
void rp_row_item_begin(rp_row *row);
void rp_row_item_end(rp_row *row);
void rp_row_item_text(rp_row *row, rp_str value);

#endif
