#include "report/row.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

void rp_row_init(rp_row *row, rp_buf *out, rp_format format) {
  assert(format != RP_FORMAT_TEXT);
  *row = (rp_row){.out = out, .format = format};
  rp_json_init(&row->json, out);
}

static bool is_json(const rp_row *row) { return row->format == RP_FORMAT_JSONL; }

static void add_csv(rp_buf *out, rp_str value) {
  bool quoted = false;
  for (size_t i = 0; i < value.len && !quoted; i++) quoted = strchr(",\"\r\n", value.data[i]) != NULL;
  if (!quoted) {
    rp_buf_add(out, value.data, value.len);
    return;
  }
  rp_buf_add_byte(out, '"');
  for (size_t i = 0; i < value.len; i++) {
    if (value.data[i] == '"') rp_buf_add_byte(out, '"');
    rp_buf_add_byte(out, value.data[i]);
  }
  rp_buf_add_byte(out, '"');
}

static void add_tsv(rp_buf *out, rp_str value) {
  for (size_t i = 0; i < value.len; i++) switch (value.data[i]) {
      case '\t': rp_buf_add_cstr(out, "\\t"); break;
      case '\n': rp_buf_add_cstr(out, "\\n"); break;
      case '\r': rp_buf_add_cstr(out, "\\r"); break;
      case '\\': rp_buf_add_cstr(out, "\\\\"); break;
      default: rp_buf_add_byte(out, value.data[i]);
    }
}

/* True where a value is to follow; else the key was all, or there is no cell. */
static bool begin_cell(rp_row *row, const char *key) {
  if (row->n_list) return false;
  if (row->has_cell) rp_buf_add_byte(row->out, row->format == RP_FORMAT_CSV ? ',' : '\t');
  row->has_cell = true;
  if (!row->is_head) return true;
  for (int i = 0; i < row->depth; i++) rp_buf_printf(row->out, "%s_", row->outer[i]);
  rp_buf_add_cstr(row->out, key);
  return false;
}

static bool is_formula(rp_str value) { return value.len > 0 && strchr("=+-@\t\r", value.data[0]) != NULL; }

static void add_cell(rp_row *row, rp_str value) {
  rp_buf safe;
  rp_buf_init(&safe);
  if (is_formula(value)) rp_buf_add_byte(&safe, '\'');
  for (size_t i = 0; i < value.len; i++) {
    unsigned char c = (unsigned char)value.data[i];
    bool plays = (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
    if (plays)
      rp_buf_add_cstr(&safe, "\xEF\xBF\xBD");
    else
      rp_buf_add_byte(&safe, value.data[i]);
  }
  if (safe.failed)
    row->out->failed = true;
  else if (row->format == RP_FORMAT_CSV)
    add_csv(row->out, (rp_str){safe.data, safe.len});
  else
    add_tsv(row->out, (rp_str){safe.data, safe.len});
  rp_buf_release(&safe);
}

void rp_row_begin(rp_row *row, const char *type) {
  row->has_cell = false;
  if (is_json(row)) rp_json_begin_object(&row->json);
  rp_row_cstr(row, "type", type);
}

void rp_row_end(rp_row *row) {
  if (is_json(row)) {
    rp_json_end_object(&row->json);
    rp_json_init(&row->json, row->out);
  }
  rp_buf_add_byte(row->out, '\n');
}

void rp_row_null(rp_row *row, const char *key) {
  if (!is_json(row)) {
    (void)begin_cell(row, key);
    return;
  }
  rp_json_key(&row->json, key);
  rp_json_null(&row->json);
}

void rp_row_bool(rp_row *row, const char *key, bool value) {
  if (is_json(row)) {
    rp_json_key(&row->json, key);
    rp_json_bool(&row->json, value);
  } else if (begin_cell(row, key)) {
    rp_buf_add_cstr(row->out, value ? "true" : "false");
  }
}

void rp_row_int(rp_row *row, const char *key, int64_t value) {
  if (is_json(row)) {
    rp_json_key(&row->json, key);
    rp_json_int(&row->json, value);
  } else if (begin_cell(row, key)) {
    rp_buf_printf(row->out, "%" PRId64, value);
  }
}

void rp_row_double(rp_row *row, const char *key, double value, int digits) {
  if (!isfinite(value)) {
    rp_row_null(row, key);
  } else if (is_json(row)) {
    rp_json_key(&row->json, key);
    rp_json_double(&row->json, value, digits);
  } else if (begin_cell(row, key)) {
    rp_json number;
    rp_json_init(&number, row->out);
    rp_json_double(&number, value, digits);
  }
}

void rp_row_str(rp_row *row, const char *key, rp_str value) {
  if (value.len)
    rp_row_text(row, key, value);
  else
    rp_row_null(row, key);
}

void rp_row_cstr(rp_row *row, const char *key, const char *value) {
  rp_row_text(row, key, (rp_str){value, strlen(value)});
}

void rp_row_text(rp_row *row, const char *key, rp_str value) {
  if (is_json(row)) {
    rp_json_key(&row->json, key);
    rp_json_str(&row->json, value);
  } else if (begin_cell(row, key)) {
    add_cell(row, value);
  }
}

void rp_row_range(rp_row *row, const char *key, uint32_t start, uint32_t end) {
  if (!is_json(row)) return;
  rp_json_key(&row->json, key);
  rp_json_begin_array(&row->json);
  rp_json_int(&row->json, start);
  rp_json_int(&row->json, end);
  rp_json_end_array(&row->json);
}

void rp_row_open(rp_row *row, const char *key) {
  assert(row->depth < RP_ROW_DEPTH);
  row->outer[row->depth++] = key;
  if (!is_json(row)) return;
  rp_json_key(&row->json, key);
  rp_json_begin_object(&row->json);
}

void rp_row_close(rp_row *row) {
  assert(row->depth > 0);
  row->depth--;
  if (is_json(row)) rp_json_end_object(&row->json);
}

void rp_row_list_begin(rp_row *row, const char *key, rp_str flat) {
  if (is_json(row)) {
    rp_json_key(&row->json, key);
    rp_json_begin_array(&row->json);
  } else if (begin_cell(row, key)) {
    add_cell(row, flat);
  }
  row->n_list++;
}

void rp_row_list_end(rp_row *row) {
  assert(row->n_list > 0);
  row->n_list--;
  if (is_json(row)) rp_json_end_array(&row->json);
}

void rp_row_item_begin(rp_row *row) {
  if (is_json(row)) rp_json_begin_object(&row->json);
}

void rp_row_item_end(rp_row *row) {
  if (is_json(row)) rp_json_end_object(&row->json);
}

void rp_row_item_text(rp_row *row, rp_str value) {
  assert(row->n_list > 0);
  if (is_json(row)) rp_json_str(&row->json, value);
}
