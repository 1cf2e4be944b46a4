#include "ingest/batch.h"

#include <stdio.h>
#include <string.h>

#include "ingest/charset.h"

enum { READ = 256 << 10, UNIT = 128 << 10 };

/* The file at hand.  Positions are those of batch.data: `start` is the first
 * byte that no unit has taken yet, `scanned` how far it was looked at. */
struct open_file {
  bool is_open, is_end, is_named, is_stdin;
  bool skips; /* within a line or record that is too long: nothing is kept */
  rp_str path;
  rp_content content; /* MORE: not known yet */
  size_t start, scanned;
  size_t held;     /* JSON: end of a first record that no unit has taken; 0: none */
  uint64_t line;   /* JSON Lines: of `start` */
  uint64_t record; /* JSON: records so far */
  rp_split split;
};

struct rp_batcher {
  rp_batcher_options options;
  rp_batch batch;
  struct open_file file;
  bool is_done;
};

static rp_unit *add_unit(rp_batcher *b, rp_unit_kind kind) {
  struct open_file *f = &b->file;
  rp_unit unit = {.kind = kind, .path = f->path, .is_stdin = f->is_stdin, .items = {.arena = &b->batch.arena}};
  return rp_vec_push(&b->batch.units, unit) ? &b->batch.units.data[b->batch.units.n - 1] : NULL;
}

/* A problem of the file at hand, in its place among the units. */
static rp_status add_problem(rp_batcher *b, rp_problem_kind kind, uint64_t line, const char *reason, rp_error *error) {
  rp_unit *unit = add_unit(b, RP_UNIT_PROBLEM);
  if (!unit) return rp_fail_memory(error);
  rp_items_problem(&unit->items, kind, (rp_place){b->file.path, line}, "%s", reason);
  return unit->items.failed ? rp_fail_memory(error) : RP_OK;
}

/* ---- JSON Lines ---------------------------------------------------------------- */

static rp_status add_lines(rp_batcher *b, size_t end, uint64_t n_line, rp_error *error) {
  rp_unit *unit = add_unit(b, RP_UNIT_LINES);
  if (!unit) return rp_fail_memory(error);
  unit->start = b->file.start;
  unit->end = end;
  unit->line = b->file.line;
  b->file.start = end;
  b->file.line += n_line;
  return RP_OK;
}

static rp_status too_long(rp_batcher *b, const char *what, uint64_t line, rp_error *error) {
  char reason[96];
  snprintf(reason, sizeof reason, "%s longer than %zu bytes", what, b->options.settings->limits.line);
  return add_problem(b, RP_PROBLEM_SKIPPED, line, reason, error);
}

/* Takes all lines that are complete. */
static rp_status take_lines(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  const rp_buf *data = &b->batch.data;
  uint64_t n_line = 0;
  size_t end = f->start;
  while (f->scanned < data->len) {
    const char *newline = memchr(data->data + f->scanned, '\n', data->len - f->scanned);
    f->scanned = newline ? (size_t)(newline - data->data) + 1 : data->len;
    if (!newline) break;
    if (f->skips) {
      f->skips = false;
      f->start = end = f->scanned;
      f->line++;
      continue;
    }
    n_line++;
    end = f->scanned;
    if (end - f->start < UNIT) continue;
    RP_TRY(add_lines(b, end, n_line, error));
    n_line = 0;
  }
  /* the last line may lack its end */
  if (f->is_end && !f->skips && end < data->len) {
    n_line++;
    end = data->len;
  }
  if (end > f->start) RP_TRY(add_lines(b, end, n_line, error));
  if (f->skips) {
    b->batch.data.len = f->scanned = f->start;
  } else if (data->len - f->start > b->options.settings->limits.line) {
    RP_TRY(too_long(b, "a line", f->line, error));
    b->batch.data.len = f->scanned = f->start;
    f->skips = true;
  }
  return RP_OK;
}

/* ---- JSON ------------------------------------------------------------------------ */

/* The record [f->start, end). */
static rp_status add_record(rp_batcher *b, size_t end, bool is_file, rp_error *error) {
  struct open_file *f = &b->file;
  f->record++;
  rp_range range = {f->start, end};
  f->start = end;
  if (f->skips) {
    f->skips = false;
    return RP_OK;
  }
  rp_unit *last = b->batch.units.n ? &b->batch.units.data[b->batch.units.n - 1] : NULL;
  bool fits = last && last->kind == RP_UNIT_RECORDS && last->path.data == f->path.data &&
              end - b->batch.records.data[last->start].start < UNIT;
  if (!rp_vec_push(&b->batch.records, range)) return rp_fail_memory(error);
  if (!fits) {
    if (!(last = add_unit(b, RP_UNIT_RECORDS))) return rp_fail_memory(error);
    last->start = b->batch.records.n - 1;
    last->line = f->record;
    last->is_file = is_file;
  }
  last->end = b->batch.records.n;
  return RP_OK;
}

static rp_status end_records(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  bool is_single = f->record == 0 && !f->split.saw_array;
  if (f->held) RP_TRY(add_record(b, f->held, true, error));
  if (f->split.in_record) RP_TRY(add_record(b, b->batch.data.len, is_single, error));
  if (f->split.in_array)
    return add_problem(b, RP_PROBLEM_NOTED, 0, "the list of records has no end: the file may be cut off", error);
  if (f->record == 0 && !f->split.saw_array) return add_problem(b, RP_PROBLEM_SKIPPED, 0, "empty file", error);
  return RP_OK;
}

/* Keeps of the bytes only the record that has begun, and not even that where
 * it is too long. */
static rp_status trim_records(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  rp_buf *data = &b->batch.data;
  size_t keep = f->held ? f->held : f->start;
  if (f->split.in_record && !f->skips) {
    if (data->len - f->start <= b->options.settings->limits.line) return RP_OK;
    RP_TRY(too_long(b, "a record", f->record + 1, error));
    f->skips = true;
  }
  data->len = f->scanned = keep;
  return RP_OK;
}

/* The first record is held back until it is known whether it is the only one:
 * then the file is that article. */
static rp_status take_records(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  const rp_buf *data = &b->batch.data;
  for (;;) {
    rp_split_event event = rp_split_next(&f->split, data->data, data->len, &f->scanned);
    if (event == RP_SPLIT_MORE) break;
    if (event == RP_SPLIT_START) {
      if (f->held) RP_TRY(add_record(b, f->held, false, error));
      f->held = 0;
      f->start = f->scanned;
    } else if (f->record == 0 && !f->split.saw_array) {
      f->held = f->scanned;
    } else {
      RP_TRY(add_record(b, f->scanned, false, error));
    }
  }
  return f->is_end ? end_records(b, error) : trim_records(b, error);
}

/* ---- whole files -------------------------------------------------------------------- */

static rp_status take_whole(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  bool is_html = f->content == RP_CONTENT_HTML;
  size_t len = b->batch.data.len - f->start;
  const rp_limits *limits = &b->options.settings->limits;
  /* markup may be many times the text in it; UTF-16 halves */
  size_t most = is_html ? limits->line : limits->article * 2;
  if (len > most) {
    char reason[96];
    snprintf(reason, sizeof reason, "a file longer than %zu bytes", most);
    f->is_end = true;
    b->batch.data.len = f->start;
    return add_problem(b, RP_PROBLEM_SKIPPED, 0, reason, error);
  }
  if (!f->is_end) return RP_OK;
  rp_unit *unit = add_unit(b, is_html ? RP_UNIT_HTML : RP_UNIT_TEXT);
  if (!unit) return rp_fail_memory(error);
  unit->start = f->start;
  unit->end = f->start = b->batch.data.len;
  unit->is_file = true;
  return RP_OK;
}

/* ---- files ------------------------------------------------------------------------------ */

/* UTF-16 is converted as a whole, before anything looks at it. */
static rp_status convert_utf16(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  rp_buf *data = &b->batch.data;
  rp_str text;
  size_t n_replaced;
  RP_TRY(rp_charset_decode((rp_str){data->data + f->start, data->len - f->start}, NULL, &b->batch.arena, &text,
                           &n_replaced, error));
  data->len = f->start;
  rp_buf_add(data, text.data, text.len);
  if (data->failed) return rp_fail_memory(error);
  if (n_replaced == 0) return RP_OK;
  char reason[64];
  snprintf(reason, sizeof reason, "%zu undecodable bytes replaced", n_replaced);
  return add_problem(b, RP_PROBLEM_NOTED, 0, reason, error);
}

/* Tells why a file is not read. */
static rp_status refuse(rp_batcher *b, const char *reason, rp_error *error) {
  struct open_file *f = &b->file;
  f->is_end = true;
  f->content = RP_CONTENT_BINARY;
  b->batch.data.len = f->start;
  return add_problem(b, f->is_named ? RP_PROBLEM_SKIPPED : RP_PROBLEM_IGNORED, 0, reason, error);
}

static rp_content forced_content(rp_input_format format) {
  switch (format) {
    case RP_INPUT_JSONL: return RP_CONTENT_JSONL;
    case RP_INPUT_JSON: return RP_CONTENT_JSON;
    case RP_INPUT_TEXT: return RP_CONTENT_TEXT;
    case RP_INPUT_HTML: return RP_CONTENT_HTML;
    default: return RP_CONTENT_MORE;
  }
}

/* Settles what the file at hand holds, once enough of it is there. */
static rp_status recognise(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  rp_buf *data = &b->batch.data;
  rp_str bytes = {data->data + f->start, data->len - f->start};
  if (bytes.len < 4 && !f->is_end) return RP_OK;
  if (rp_charset_bom(bytes, NULL) == 2) {
    if (bytes.len > b->options.settings->limits.line) return refuse(b, "a file of UTF-16 that is too long", error);
    if (!f->is_end) return RP_OK;
    RP_TRY(convert_utf16(b, error));
    bytes = (rp_str){data->data + f->start, data->len - f->start};
  }
  f->content = bytes.len ? forced_content(b->options.format) : RP_CONTENT_EMPTY;
  if (f->content == RP_CONTENT_MORE) f->content = rp_sniff(bytes, f->path, f->is_end);
  if (f->content == RP_CONTENT_MORE && bytes.len > b->options.settings->limits.line) f->content = RP_CONTENT_JSONL;
  switch (f->content) {
    case RP_CONTENT_EMPTY:
      f->content = RP_CONTENT_BINARY;
      return f->is_end ? add_problem(b, RP_PROBLEM_SKIPPED, 0, "empty file", error) : RP_OK;
    case RP_CONTENT_XML: return refuse(b, "XML of a kind that is not read", error);
    case RP_CONTENT_BINARY: return refuse(b, "not text", error);
    case RP_CONTENT_TEXT:
      if (!f->is_named && b->options.format == RP_INPUT_AUTO && !rp_sniff_is_text_name(f->path))
        return refuse(b, "of no known type", error);
      break;
    case RP_CONTENT_JSONL:
    case RP_CONTENT_JSON: f->start += rp_charset_bom(bytes, NULL); break;
    default: break;
  }
  f->scanned = f->start;
  f->line = 1;
  return RP_OK;
}

static rp_status take(rp_batcher *b, rp_error *error) {
  if (b->file.content == RP_CONTENT_MORE) RP_TRY(recognise(b, error));
  switch (b->file.content) {
    case RP_CONTENT_JSONL: return take_lines(b, error);
    case RP_CONTENT_JSON: return take_records(b, error);
    case RP_CONTENT_TEXT:
    case RP_CONTENT_HTML: return take_whole(b, error);
    default: return RP_OK;
  }
}

static rp_status copy_path(rp_batcher *b, rp_str path, rp_error *error) {
  char *copy = rp_arena_memdup(&b->batch.arena, path.data, path.len);
  if (!copy) return rp_fail_memory(error);
  b->file.path = (rp_str){copy, path.len};
  return RP_OK;
}

static rp_status open_next(rp_batcher *b, rp_error *error) {
  rp_file file;
  b->file = (struct open_file){0};
  rp_unit *unit = add_unit(b, RP_UNIT_PROBLEM);
  if (!unit) return rp_fail_memory(error);
  RP_TRY(rp_source_next(b->options.source, &unit->items, &file, &b->is_done, error));
  if (unit->items.failed) return rp_fail_memory(error);
  if (!unit->items.first) b->batch.units.n--;
  if (b->is_done) return RP_OK;
  RP_TRY(copy_path(b, file.path, error));
  b->file.is_open = true;
  b->file.is_named = file.is_named;
  b->file.is_stdin = file.is_stdin;
  b->file.start = b->file.scanned = b->batch.data.len;
  b->batch.n_file++;
  return RP_OK;
}

/* One read, and what can be taken after it. */
static rp_status go_on(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  rp_buf *data = &b->batch.data;
  rp_error why = {0};
  size_t n = 0;
  if (!rp_buf_reserve(data, READ)) return rp_fail_memory(error);
  rp_status status = rp_source_read(b->options.source, data->data + data->len, READ, &n, &why);
  if (status == RP_ERR_MEMORY) return rp_fail_memory(error);
  data->len += n;
  f->is_end = status != RP_OK || n == 0;
  /* half a page or text is none; lines that came before the damage are good */
  bool is_lost = status != RP_OK && f->content != RP_CONTENT_JSONL && f->content != RP_CONTENT_JSON;
  if (is_lost)
    data->len = f->start;
  else
    RP_TRY(take(b, error));
  if (status != RP_OK) RP_TRY(add_problem(b, RP_PROBLEM_FAILED, 0, why.message, error));
  if (f->is_end) f->is_open = false;
  return RP_OK;
}

/* Moves what no unit has taken to the front, and forgets the rest. */
static rp_status begin(rp_batcher *b, rp_error *error) {
  struct open_file *f = &b->file;
  rp_buf *data = &b->batch.data;
  size_t rest = f->is_open ? data->len - f->start : 0;
  if (rest) memmove(data->data, data->data + f->start, rest);
  data->len = rest;
  f->scanned -= f->is_open ? f->start : 0;
  f->held -= f->held ? f->start : 0;
  f->start = 0;
  rp_vec_clear(&b->batch.units);
  rp_vec_clear(&b->batch.records);
  b->batch.n_file = 0;
  char *path = f->is_open ? rp_memdup(f->path.data, f->path.len) : NULL;
  if (f->is_open && !path) return rp_fail_memory(error);
  rp_arena_clear(&b->batch.arena, 1 << 20);
  rp_status status = f->is_open ? copy_path(b, (rp_str){path, f->path.len}, error) : RP_OK;
  rp_free(path);
  return status;
}

rp_status rp_batcher_next(rp_batcher *b, rp_batch **out, rp_error *error) {
  RP_TRY(begin(b, error));
  while (!b->is_done) {
    if (b->file.is_open) {
      RP_TRY(go_on(b, error));
    } else {
      RP_TRY(open_next(b, error));
    }
    bool is_full = b->batch.data.len >= b->options.target || b->batch.units.n > b->options.target / 256;
    if (!b->batch.units.n) continue;
    if (is_full || (b->file.is_open && rp_source_is_waiting(b->options.source))) break;
  }
  *out = &b->batch;
  return RP_OK;
}

rp_status rp_batcher_new(const rp_batcher_options *options, rp_batcher **out, rp_error *error) {
  rp_batcher *b = rp_calloc(1, sizeof *b);
  if (!b) return rp_fail_memory(error);
  b->options = *options;
  rp_buf_init(&b->batch.data);
  rp_arena_init(&b->batch.arena);
  *out = b;
  return RP_OK;
}

void rp_batcher_free(rp_batcher *b) {
  if (!b) return;
  rp_buf_release(&b->batch.data);
  rp_vec_release(&b->batch.units);
  rp_vec_release(&b->batch.records);
  rp_arena_release(&b->batch.arena);
  rp_free(b);
}
