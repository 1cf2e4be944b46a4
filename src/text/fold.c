#include "text/fold.h"

#include <string.h>

#include "text/fold_table.h"

rp_str rp_fold_string(uint32_t value) {
  uint32_t i = value - RP_FOLD_STRING;
  return (rp_str){(const char *)rp_fold_bytes + rp_fold_at[i], (size_t)(rp_fold_at[i + 1] - rp_fold_at[i])};
}

int rp_fold_number(const char *word, size_t len) {
  static const char name[13][7] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                   "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  static const int8_t by_length[7][5] = {{-1},          {-1},        {-1}, {1, 2, 6, 10, -1}, {0, 4, 5, 9, -1},
                                         {3, 7, 8, -1}, {11, 12, -1}};
  if (len < 3 || len > 6) return -1;
  for (const int8_t *n = by_length[len]; *n >= 0; n++)
    if (memcmp(word, name[*n], len) == 0) return *n;
  return -1;
}
