#include "engine/settings.h"

#include "base/bytes.h"
#include "engine/index.h"
#include "sketch/sketch.h"
#include "test.h"

static void encode(rp_buf *out) {
  rp_index_params params = {.size = sizeof params};
  assert_int_equal(rp_settings_complete(&params, NULL), RP_OK);
  rp_buf_init(out);
  assert_int_equal(rp_settings_encode(&params, out, NULL), RP_OK);
  assert_int_equal(out->len, 40);
}

static rp_status decode(const rp_buf *bytes, rp_error *error) {
  rp_index_params params;
  return rp_settings_decode((rp_str){bytes->data, bytes->len}, &params, error);
}

static void a_header_comes_back(void **state) {
  (void)state;
  rp_buf bytes;
  encode(&bytes);
  rp_index_params params;
  assert_int_equal(rp_settings_decode((rp_str){bytes.data, bytes.len}, &params, NULL), RP_OK);
  assert_int_equal(params.n_band, 35);
  assert_int_equal(params.n_row, 3);
  rp_buf_release(&bytes);
}

/* Another version, other parameters, another way to read words: each is
 * refused with the advice to index again, and none is misread. */
static void what_is_not_ours_is_refused(void **state) {
  (void)state;
  static const struct {
    size_t at;
    uint32_t value;
    rp_status status;
    const char *says;
  } change[] = {
      {4, RP_SIGNATURE_VERSION + 1, RP_ERR_VERSION, "signatures of version 2"},
      {8, 0, RP_ERR_DAMAGED, "damaged"},
      {8, 100, RP_ERR_DAMAGED, "damaged"},
      {16, 64, RP_ERR_VERSION, "other parameters"},
      {20, 4, RP_ERR_VERSION, "other parameters"},
      {24, 6, RP_ERR_VERSION, "other parameters"},
      {28, 9, RP_ERR_VERSION, "other parameters"},
      {32, 12345, RP_ERR_VERSION, "reads words differently"},
      {0, 12345, RP_ERR_DAMAGED, "damaged"},
  };
  for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
    rp_buf bytes;
    rp_error error;
    encode(&bytes);
    rp_store32(bytes.data + change[i].at, change[i].value);
    assert_int_equal(decode(&bytes, &error), change[i].status);
    assert_non_null(strstr(error.message, change[i].says));
    if (change[i].status == RP_ERR_VERSION) assert_non_null(strstr(error.message, "index the articles again"));
    rp_buf_release(&bytes);
  }
  rp_buf bytes;
  encode(&bytes);
  for (bytes.len = 0; bytes.len < 40; bytes.len++) assert_int_equal(decode(&bytes, NULL), RP_ERR_DAMAGED);
  rp_buf_release(&bytes);
}

static void dates_of_rows_stay_in_range(void **state) {
  (void)state;
  int32_t earliest, latest;
  rp_index_row_date((rp_date){119, 120}, &earliest, &latest);
  assert_int_equal(earliest, 1);
  assert_int_equal(latest, 2);
  rp_index_row_date((rp_date){-1, 0}, &earliest, &latest);
  assert_int_equal(earliest, -1);
  rp_index_row_date((rp_date){INT64_MIN, INT64_MAX}, &earliest, &latest);
  assert_int_equal(earliest, INT32_MIN);
  assert_int_equal(latest, RP_ROW_UNDATED - 1);
  rp_index_row_date(RP_DATE_UNKNOWN, &earliest, &latest);
  assert_int_equal(earliest, RP_ROW_UNDATED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_header_comes_back),
      cmocka_unit_test(what_is_not_ours_is_refused),
      cmocka_unit_test(dates_of_rows_stay_in_range),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
