#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/json_write.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/par.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/vec.h"
#include "test.h"

static void error_messages_are_safe_and_named(void **state) {
  (void)state;
  rp_error error;
  assert_int_equal(rp_fail(&error, RP_ERR_INPUT, "no '%s'", "a\x1b[31m\nb"), RP_ERR_INPUT);
  assert_string_equal(error.message, "no 'a?[31m?b'");
  assert_int_equal(rp_fail_errno(&error, ENOSPC, "unable to write '%s'", "x"), RP_ERR_FULL);
  assert_int_equal(error.status, RP_ERR_FULL);
  assert_non_null(strstr(error.message, "unable to write 'x': "));
  assert_int_equal(rp_fail_errno(NULL, ENOENT, "x"), RP_ERR_NOT_FOUND);
  assert_int_equal(rp_fail_errno(NULL, EACCES, "x"), RP_ERR_IO);
  char longer[3000];
  memset(longer, 'x', sizeof longer - 1);
  longer[sizeof longer - 1] = '\0';
  rp_fail(&error, RP_ERR_IO, "%s", longer);
  assert_int_equal(strlen(error.message), sizeof error.message - 1);
  assert_string_equal(rp_status_name((rp_status)999), "unknown status");
}

static void memory_fails_on_demand_and_sizes_never_wrap(void **state) {
  (void)state;
  rp_mem_fail_after(2);
  void *first = rp_malloc(1), *second = rp_malloc(1), *third = rp_malloc(1);
  rp_mem_fail_after(0);
  assert_non_null(first);
  assert_null(second);
  assert_null(third);
  rp_free(first);
  assert_null(rp_realloc(NULL, SIZE_MAX / 2, 4));
  rp_arena arena;
  rp_arena_init(&arena);
  assert_null(rp_arena_alloc(&arena, SIZE_MAX / 2, 4));
  rp_arena_release(&arena);
}

static void arena_keeps_blocks_apart_and_rewinds(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  uint64_t seed = 1;
  for (int round = 0; round < 3; round++) {
    unsigned char *block[300];
    size_t size[300];
    for (size_t i = 0; i < 300; i++) {
      size[i] = test_below(&seed, 5000);
      block[i] = rp_arena_alloc(&arena, size[i], 1);
      assert_int_equal((uintptr_t)block[i] % 16, 0);
      memset(block[i], (int)(i & 255), size[i]);
    }
    for (size_t i = 0; i < 300; i++)
      for (size_t k = 0; k < size[i]; k++) assert_int_equal(block[i][k], i & 255);
    size_t total = arena.total;
    rp_arena_clear(&arena, SIZE_MAX);
    assert_int_equal(arena.total, total);
  }
  rp_arena_mark mark = rp_arena_get(&arena);
  void *a = rp_arena_alloc(&arena, 10, 1);
  rp_arena_rewind(&arena, mark);
  assert_ptr_equal(rp_arena_alloc(&arena, 10, 1), a);
  rp_arena_clear(&arena, 0);
  assert_int_equal(arena.total, 0);
  rp_arena_release(&arena);
}

static void varints_and_strings_round_trip(void **state) {
  (void)state;
  const uint64_t value[] = {0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};
  rp_buf buf;
  rp_buf_init(&buf);
  for (size_t i = 0; i < 8; i++) rp_buf_add_varint(&buf, value[i]);
  rp_buf_add_str(&buf, TEST_STR("wire"));
  rp_buf_add64(&buf, 0x0102030405060708u);
  rp_reader_bytes r = {(const uint8_t *)buf.data, (const uint8_t *)buf.data + buf.len, false};
  for (size_t i = 0; i < 8; i++) assert_true(rp_read_varint(&r) == value[i]);
  rp_str s = rp_read_str(&r);
  assert_int_equal(s.len, 4);
  assert_memory_equal(s.data, "wire", 4);
  assert_true(rp_read64(&r) == 0x0102030405060708u);
  assert_false(r.failed);
  assert_int_equal(rp_read8(&r), 0);
  assert_true(r.failed);
  rp_buf_release(&buf);
}

static void damaged_bytes_fail_and_stay_failed(void **state) {
  (void)state;
  const uint8_t endless[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  rp_reader_bytes r = {endless, endless + sizeof endless, false};
  assert_int_equal(rp_read_varint(&r), 0);
  assert_true(r.failed);
  const uint8_t overlong[] = {200, 1, 'x'};
  r = (rp_reader_bytes){overlong, overlong + sizeof overlong, false};
  assert_int_equal(rp_read_str(&r).len, 0);
  assert_true(r.failed);
  assert_int_equal(rp_read8(&r), 0);
}

static void json_is_escaped_and_always_utf8(void **state) {
  (void)state;
  rp_buf buf;
  rp_buf_init(&buf);
  rp_json json;
  rp_json_init(&json, &buf);
  rp_json_begin_object(&json);
  rp_json_key(&json, "a\"b");
  rp_json_str(&json, (rp_str){"x\n\x01\\\xff\xc3\xa9\xed\xa0\x80", 10});
  rp_json_key(&json, "n");
  rp_json_begin_array(&json);
  rp_json_int(&json, -5);
  rp_json_double(&json, 0.5, 4);
  rp_json_double(&json, 1.0, 2);
  rp_json_double(&json, -0.00001, 2);
  rp_json_double(&json, (double)NAN, 2);
  rp_json_bool(&json, true);
  rp_json_str_or_null(&json, (rp_str){NULL, 0});
  rp_json_end_array(&json);
  rp_json_key(&json, "o");
  rp_json_begin_object(&json);
  rp_json_end_object(&json);
  rp_json_end_object(&json);
  assert_string_equal(buf.data,
                      "{\"a\\\"b\":\"x\\n\\u0001\\\\\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\","
                      "\"n\":[-5,0.5,1,0,null,true,null],\"o\":{}}");
  rp_buf_release(&buf);
}

static void buffer_remembers_that_memory_was_short(void **state) {
  (void)state;
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add_cstr(&buf, "kept");
  rp_mem_fail_after(1);
  rp_buf_add_zero(&buf, 100000);
  rp_mem_fail_after(0);
  assert_true(buf.failed);
  rp_buf_add_cstr(&buf, "more");
  assert_string_equal(buf.data, "kept");
  rp_buf_clear(&buf);
  rp_buf_printf(&buf, "%d-%s", 7, "x");
  assert_string_equal(buf.data, "7-x");
  rp_buf_release(&buf);
}

static void map_agrees_with_an_array(void **state) {
  (void)state;
  enum { N = 5000 };
  static uint32_t truth[N];
  static uint8_t known[N];
  rp_map map;
  rp_map_init(&map);
  assert_null(rp_map_get(&map, 7));
  uint64_t seed = 3;
  for (int i = 0; i < 20000; i++) {
    size_t key = test_below(&seed, N);
    uint32_t value = (uint32_t)i;
    bool is_new;
    uint32_t *at = rp_map_put(&map, key * UINT64_C(0x100000001), value, &is_new);
    assert_int_equal(is_new, !known[key]);
    if (is_new) truth[key] = value;
    assert_int_equal(*at, truth[key]);
    known[key] = 1;
  }
  for (size_t key = 0; key < N; key++) {
    uint32_t *at = rp_map_get(&map, key * UINT64_C(0x100000001));
    if (known[key])
      assert_int_equal(*at, truth[key]);
    else
      assert_null(at);
  }
  rp_map_release(&map);
}

static int compare_keys(const void *x, const void *y) {
  const rp_key32 *p = x, *q = y;
  if (p->key != q->key) return p->key < q->key ? -1 : 1;
  return (p->value > q->value) - (p->value < q->value);
}

static void radix_sort_is_stable_and_right(void **state) {
  (void)state;
  uint64_t seed = 9;
  const size_t size[] = {0, 1, 2, 47, 48, 49, 1000, 20000};
  for (size_t s = 0; s < 8; s++)
    for (int bits = 3; bits <= 64; bits += 61) {
      size_t n = size[s];
      rp_key32 *item = rp_calloc(n, sizeof *item), *scratch = rp_calloc(n, sizeof *scratch);
      rp_key32 *truth = rp_calloc(n, sizeof *truth);
      uint64_t *plain = rp_calloc(n, sizeof *plain), *plain_scratch = rp_calloc(n, sizeof *plain);
      for (size_t i = 0; i < n; i++) {
        uint64_t key = test_random(&seed) >> (64 - bits);
        item[i] = truth[i] = (rp_key32){key, (uint32_t)i};
        plain[i] = key;
      }
      rp_sort_key32(item, scratch, n);
      rp_sort_u64(plain, plain_scratch, n);
      qsort(truth, n, sizeof *truth, compare_keys);
      for (size_t i = 0; i < n; i++) {
        assert_true(item[i].key == truth[i].key && item[i].value == truth[i].value);
        assert_true(plain[i] == truth[i].key);
      }
      rp_free(item);
      rp_free(scratch);
      rp_free(truth);
      rp_free(plain);
      rp_free(plain_scratch);
    }
}

struct tally {
  atomic_uint *called;
  unsigned n_worker;
  atomic_bool is_wrong;
};

static void tally_one(void *user, unsigned worker, size_t i) {
  struct tally *t = user;
  if (worker >= t->n_worker) atomic_store(&t->is_wrong, true);
  atomic_fetch_add(&t->called[i], 1);
}

static void parallel_for_calls_each_once(void **state) {
  (void)state;
  const size_t size[] = {0, 1, 5, 1000, 100000};
  for (size_t s = 0; s < 5; s++)
    for (unsigned n_thread = 0; n_thread < 9; n_thread += 4) {
      struct tally t = {rp_calloc(size[s], sizeof(atomic_uint)), rp_par_workers(n_thread), false};
      rp_par_for(n_thread, size[s], tally_one, &t);
      for (size_t i = 0; i < size[s]; i++) assert_int_equal(atomic_load(&t.called[i]), 1);
      assert_false(atomic_load(&t.is_wrong));
      rp_free(t.called);
    }
}

static void strings_are_ordered_by_their_bytes(void **state) {
  (void)state;
  static const char *const ascending[] = {"", "A", "a", "ab", "b", "\xC3\xA9"};
  for (size_t i = 0; i < 6; i++)
    for (size_t k = 0; k < 6; k++) {
      int order = rp_str_compare(TEST_STR(ascending[i]), TEST_STR(ascending[k]));
      assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
      assert_int_equal(rp_str_equal(TEST_STR(ascending[i]), TEST_STR(ascending[k])), i == k);
    }
  assert_true(rp_str_equal((rp_str){NULL, 0}, TEST_STR("")));
}

static void vectors_grow(void **state) {
  (void)state;
  RP_VEC(uint32_t) v = {0};
  for (uint32_t i = 0; i < 1000; i++) assert_true(rp_vec_push(&v, i));
  for (uint32_t i = 0; i < 1000; i++) assert_int_equal(v.data[i], i);
  while (v.n < v.cap) assert_true(rp_vec_push(&v, 7));
  rp_mem_fail_after(1);
  assert_false(rp_vec_push(&v, 8));
  rp_mem_fail_after(0);
  assert_int_equal(v.data[999], 999);
  rp_vec_release(&v);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(error_messages_are_safe_and_named),
      cmocka_unit_test(memory_fails_on_demand_and_sizes_never_wrap),
      cmocka_unit_test(arena_keeps_blocks_apart_and_rewinds),
      cmocka_unit_test(varints_and_strings_round_trip),
      cmocka_unit_test(damaged_bytes_fail_and_stay_failed),
      cmocka_unit_test(json_is_escaped_and_always_utf8),
      cmocka_unit_test(buffer_remembers_that_memory_was_short),
      cmocka_unit_test(map_agrees_with_an_array),
      cmocka_unit_test(radix_sort_is_stable_and_right),
      cmocka_unit_test(parallel_for_calls_each_once),
      cmocka_unit_test(strings_are_ordered_by_their_bytes),
      cmocka_unit_test(vectors_grow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
