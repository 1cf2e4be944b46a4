#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/check.h"

void rp_findings_init(rp_findings *findings) {
  *findings = (rp_findings){0};
  rp_arena_init(&findings->arena);
}

void rp_findings_release(rp_findings *findings) {
  rp_vec_release(&findings->list);
  rp_arena_release(&findings->arena);
}

const char *rp_table_name(rp_table table) {
  static const char *const name[RP_N_TABLE] = {"bands", "fingerprints", "equal texts", "ids", "urls"};
  return name[table];
}

void rp_findings_add(rp_findings *f, const rp_finding_place *place, const char *format, ...) {
  if (!f) return;
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  rp_finding finding = {
      .size = sizeof finding,
      .part = place->part,
      .table = place->table < 0 ? "" : rp_table_name((rp_table)place->table),
      .segment = place->segment,
      .document = place->document,
      .id = {rp_arena_memdup(&f->arena, place->id.len ? place->id.data : "", place->id.len), place->id.len},
      .message = rp_arena_memdup(&f->arena, text, strlen(text)),
  };
  if (!finding.message || !finding.id.data || !rp_vec_push(&f->list, finding)) f->failed = true;
}
