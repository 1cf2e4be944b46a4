/* Shared passages in two columns.  Unequal words are marked; long stretches of
 * equal words are abridged, with the same place left out on both sides. */
#include <stdio.h>

#include "base/err.h"
#include "base/vec.h"
#include "report/diff.h"
#include "report/plain.h"
#include "report/text_part.h"

enum {
  INDENT = 3,
  GAP = 3, /* " | " */
  LEAST_COLUMN = 16,
  MOST_COLUMN = 60,
  PASSAGES = 5,  /* shown unless all are asked for */
  OPENING = 20,  /* equal words shown at the beginning of a passage */
  CONTEXT = 8,   /* and around a difference */
  ABRIDGED = 12, /* fewer words are not worth leaving out */
  BUDGET = 110,  /* words of a passage shown on one side */
};

/* A stretch of both sides that is shown or left out. */
typedef struct stretch {
  size_t a_start, a_end, b_start, b_end;
  bool is_shown;
} stretch;

typedef RP_VEC(stretch) stretches;

typedef struct side {
  rp_str text;
  rp_pieces pieces;
  const bool *differs; /* of each piece */
  size_t at, end;      /* pieces still to print */
} side;

static bool add_stretch(stretches *list, stretch s) {
  if (s.a_start == s.a_end && s.b_start == s.b_end) return true;
  stretch *last = list->n ? &list->data[list->n - 1] : NULL;
  if (last && last->is_shown == s.is_shown) {
    last->a_end = s.a_end;
    last->b_end = s.b_end;
    return true;
  }
  return rp_vec_push(list, s);
}

/* An equal run: its ends are shown, its middle is not. */
static bool add_equal(stretches *list, const rp_diff_run *run, bool is_first, bool is_last) {
  size_t n = run->a_end - run->a_start, head = is_first ? OPENING : CONTEXT, tail = is_last ? 0 : CONTEXT;
  if (n <= head + tail + ABRIDGED) {
    head = n;
    tail = 0;
  }
  size_t a = run->a_start, b = run->b_start, skip = n - head - tail;
  return add_stretch(list, (stretch){a, a + head, b, b + head, true}) &&
         add_stretch(list, (stretch){a + head, a + head + skip, b + head, b + head + skip, false}) &&
         add_stretch(list, (stretch){a + head + skip, run->a_end, b + head + skip, run->b_end, true});
}

/* Leaves out what is beyond the budget, to the end. */
static void keep_budget(stretches *list) {
  size_t shown = 0;
  for (size_t i = 0; i < list->n; i++) {
    stretch *s = &list->data[i];
    if (!s->is_shown) continue;
    size_t a = s->a_end - s->a_start, b = s->b_end - s->b_start, more = a > b ? a : b, room = BUDGET - shown;
    if (more <= room) {
      shown += more;
      continue;
    }
    stretch rest = {s->a_start + (a < room ? a : room), list->data[list->n - 1].a_end,
                    s->b_start + (b < room ? b : room), list->data[list->n - 1].b_end, false};
    s->a_end = rest.a_start;
    s->b_end = rest.b_start;
    list->n = i + 1;
    (void)add_stretch(list, rest); /* plan() made room for it */
    return;
  }
}

static bool plan(stretches *list, const rp_diff_run *run, size_t n_run, bool full) {
  for (size_t i = 0; i < n_run; i++) {
    const rp_diff_run *r = &run[i];
    bool ok = r->is_equal && !full ? add_equal(list, r, i == 0, i + 1 == n_run)
                                   : add_stretch(list, (stretch){r->a_start, r->a_end, r->b_start, r->b_end, true});
    if (!ok) return false;
  }
  if (!rp_vec_reserve(list, 1)) return false;
  if (!full) keep_budget(list);
  return true;
}

static void add_spaces(rp_buf *out, size_t n) { rp_buf_printf(out, "%*s", (int)n, ""); }

/* One line of a side in `column` columns; returns the columns used.  In
 * brackets mode a run of unequal pieces stands in [ ]. */
static size_t add_line(rp_text *text, side *s, size_t column) {
  size_t used = 0;
  for (; s->at < s->end; s->at++) {
    const rp_piece *p = &s->pieces.data[s->at];
    bool differs = s->differs[s->at];
    bool opens = differs && (s->at == 0 || !s->differs[s->at - 1]);
    bool closes = differs && (s->at + 1 >= s->pieces.n || !s->differs[s->at + 1]);
    size_t marks = text->color ? 0 : (size_t)opens + (size_t)closes;
    size_t space = used && p->space_before ? 1 : 0;
    if (used && used + space + p->width + marks > column) break;
    if (space) rp_buf_add_byte(text->out, ' ');
    if (differs && text->color) rp_buf_add_cstr(text->out, "\x1b[1;31m");
    if (opens && !text->color) rp_buf_add_byte(text->out, '[');
    rp_plain_add(text->out, (rp_str){s->text.data + p->start, p->end - p->start});
    if (closes && !text->color) rp_buf_add_byte(text->out, ']');
    if (differs && text->color) rp_buf_add_cstr(text->out, "\x1b[0m");
    used += space + p->width + marks;
  }
  return used;
}

static void add_row_end(rp_buf *out) {
  while (out->len && out->data[out->len - 1] == ' ') out->len--;
  rp_buf_add_byte(out, '\n');
}

static void show(rp_text *text, side *a, side *b, const stretch *s, size_t column) {
  a->at = s->a_start;
  a->end = s->a_end;
  b->at = s->b_start;
  b->end = s->b_end;
  while (a->at < a->end || b->at < b->end) {
    add_spaces(text->out, INDENT);
    size_t used = add_line(text, a, column);
    add_spaces(text->out, used < column ? column - used : 0);
    rp_buf_add_cstr(text->out, " | ");
    (void)add_line(text, b, column);
    add_row_end(text->out);
  }
}

static void name_skip(char *out, size_t cap, size_t n) {
  out[0] = '\0';
  if (n) snprintf(out, cap, "... %zu word%s ...", n, n == 1 ? "" : "s");
}

static void show_skip(rp_text *text, const stretch *s, size_t column) {
  char a[48], b[48];
  name_skip(a, sizeof a, s->a_end - s->a_start);
  name_skip(b, sizeof b, s->b_end - s->b_start);
  rp_buf_printf(text->out, "%*s%-*s | %s", INDENT, "", (int)column, a, b);
  add_row_end(text->out);
}

/* Words that only spelling tells apart (entities, hidden characters) are equal
 * to the comparison; where it found all equal, nothing is marked. */
static bool *differing(rp_arena *arena, size_t n, const rp_diff_run *run, size_t n_run, bool of_a) {
  bool *flag = RP_NEW0(arena, bool, n);
  if (!flag) return NULL;
  for (size_t i = 0; i < n_run; i++) {
    if (run[i].is_equal) continue;
    size_t end = of_a ? run[i].a_end : run[i].b_end;
    for (size_t k = of_a ? run[i].a_start : run[i].b_start; k < end; k++) flag[k] = true;
  }
  return flag;
}

static rp_status passage(rp_text *text, const rp_match *match, const rp_passage *p, size_t column, rp_arena *arena) {
  side a = {.text = match->a->text}, b = {.text = match->b->text};
  const rp_diff_run *run;
  size_t n_run;
  RP_TRY(rp_diff_split(a.text, p->a_start, p->a_end, column - 2, arena, &a.pieces));
  RP_TRY(rp_diff_split(b.text, p->b_start, p->b_end, column - 2, arena, &b.pieces));
  RP_TRY(rp_diff_align(a.pieces, b.pieces, arena, &run, &n_run));
  size_t n_marked = p->is_exact ? 0 : n_run;
  a.differs = differing(arena, a.pieces.n, run, n_marked, true);
  b.differs = differing(arena, b.pieces.n, run, n_marked, false);
  if (!a.differs || !b.differs) return RP_ERR_MEMORY;
  stretches list = {0};
  bool ok = plan(&list, run, n_run, text->full);
  for (size_t i = 0; ok && i < list.n; i++) {
    if (list.data[i].is_shown)
      show(text, &a, &b, &list.data[i], column);
    else
      show_skip(text, &list.data[i], column);
  }
  rp_vec_release(&list);
  return ok ? RP_OK : RP_ERR_MEMORY;
}

static void add_rule(rp_text *text, size_t column) {
  add_spaces(text->out, INDENT);
  for (size_t i = 0; i < column; i++) rp_buf_add_byte(text->out, '-');
  rp_buf_add_cstr(text->out, "-+-");
  for (size_t i = 0; i < column; i++) rp_buf_add_byte(text->out, '-');
  rp_buf_add_byte(text->out, '\n');
}

static void add_head(rp_text *text, const rp_match *match, size_t at, size_t column, const rp_text_names *names) {
  const rp_passage *p = &match->passage[at];
  rp_buf_printf(text->out, "\n%*spassage %zu of %zu: %u shared word%s", INDENT, "", at + 1, match->n_passage, p->n_word,
                p->n_word == 1 ? "" : "s");
  if (p->n_quoted) rp_buf_printf(text->out, ", %u of them quoted", p->n_quoted);
  rp_buf_add_cstr(text->out, p->is_exact ? ", word for word\n" : ", edited\n");
  rp_buf_printf(text->out, "%*s%-*s | %s\n", INDENT, "", (int)column, names->a_column, names->b_column);
  add_rule(text, column);
}

void rp_text_passages(rp_text *text, const rp_match *match, const rp_text_names *names) {
  size_t column = text->width > INDENT + GAP ? (text->width - INDENT - GAP) / 2 : 0;
  column = column < LEAST_COLUMN ? LEAST_COLUMN : column > MOST_COLUMN ? MOST_COLUMN : column;
  size_t n = text->full || match->n_passage < PASSAGES ? match->n_passage : PASSAGES;
  rp_arena arena;
  rp_arena_init(&arena);
  for (size_t i = 0; i < n; i++) {
    rp_arena_clear(&arena, 1 << 20);
    add_head(text, match, i, column, names);
    if (passage(text, match, &match->passage[i], column, &arena) != RP_OK) text->out->failed = true;
  }
  rp_arena_release(&arena);
  if (n < match->n_passage)
    rp_buf_printf(text->out, "\n%*s%zu more passages (--full prints all)\n", INDENT, "", match->n_passage - n);
  if (match->n_passage_hidden)
    rp_buf_printf(text->out, "\n%*s%zu shorter passage%s not listed (--min-passage)\n", INDENT, "",
                  match->n_passage_hidden, match->n_passage_hidden == 1 ? "" : "s");
}
