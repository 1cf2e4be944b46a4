#include "text/fold.h"

#include <string.h>

#include "base/bytes.h"
#include "text/fold_table.h"

rp_str rp_fold_string(uint32_t value) {
  uint32_t i = value - RP_FOLD_STRING;
  return (rp_str){(const char *)rp_fold_bytes + rp_fold_at[i], (size_t)(rp_fold_at[i + 1] - rp_fold_at[i])};
}

/* Keys of "zero" to "twelve"; the empty places can match nothing. */
const rp_fold_name rp_fold_names[32] = {
    [8] = {0x6f72657a, 0},       /* zero */
    [19] = {0x656e6f, 1},        /* one */
    [30] = {0x6f7774, 2},        /* two */
    [17] = {0x6565726874, 3},    /* three */
    [7] = {0x72756f66, 4},       /* four */
    [31] = {0x65766966, 5},      /* five */
    [9] = {0x786973, 6},         /* six */
    [22] = {0x6e65766573, 7},    /* seven */
    [18] = {0x7468676965, 8},    /* eight */
    [6] = {0x656e696e, 9},       /* nine */
    [14] = {0x6e6574, 10},       /* ten */
    [24] = {0x6e6576656c65, 11}, /* eleven */
    [15] = {0x65766c657774, 12}, /* twelve */
};

int rp_fold_number(const char *word, size_t len) {
  char bytes[8] = {0};
  if (len < 3 || len > 6) return -1;
  memcpy(bytes, word, len);
  return rp_fold_number_of(rp_load64(bytes));
}
