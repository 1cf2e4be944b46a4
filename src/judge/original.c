#include "judge/original.h"

#include <string.h>

#include "judge/source_name.h"

typedef const char *const *agency;

static agency agency_of_dateline(const rp_words *words) {
  size_t start = 0, end = 0;
  return rp_agency_of_dateline(words, &start, &end);
}

static bool is_of(const rp_article *article, agency row) {
  return rp_agency_by_name(article->publisher) == row || rp_agency_by_name(article->publisher_key) == row;
}

rp_str rp_original_missing(const rp_original_member *member, size_t n) {
  agency best = NULL;
  size_t best_count = 0;
  for (size_t i = 0; i < n; i++) {
    agency row = agency_of_dateline(member[i].words);
    if (!row || row == best) continue;
    size_t count = 0;
    bool is_there = false;
    for (size_t k = 0; k < n; k++) {
      count += agency_of_dateline(member[k].words) == row;
      is_there = is_there || is_of(member[k].article, row);
    }
    /* rows are parts of one table: their order is that of their addresses */
    if (!is_there && (count > best_count || (count == best_count && row < best))) {
      best = row;
      best_count = count;
    }
  }
  return best ? (rp_str){best[0], strlen(best[0])} : (rp_str){NULL, 0};
}
