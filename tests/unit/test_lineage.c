#include "judge/lineage.h"

#include "base/mem.h"
#include "test.h"

/* Groups as words: "abc de" are two groups of articles a, b, c and d, e; the
 * first letter leads. */
struct side {
  rp_lineage_member member[64];
  rp_lineage_group group[16];
  rp_lineage_side side;
};

static void read_side(const char *text, const uint64_t *born, struct side *out) {
  uint32_t n_group = 0;
  size_t n = 0;
  for (const char *p = text; *p; p++) {
    if (*p == ' ') continue;
    if (p == text || p[-1] == ' ') {
      out->group[n_group] = (rp_lineage_group){100 + (uint64_t)*p, born ? born[n_group] : 0, (uint64_t)*p};
      n_group++;
    }
    out->member[n++] = (rp_lineage_member){(uint64_t)*p, n_group - 1};
  }
  out->side = (rp_lineage_side){out->member, n, out->group, n_group};
}

static rp_lineage trace(const char *before, const uint64_t *born, const char *now, rp_arena *arena) {
  static struct side x, y;
  rp_lineage lineage;
  read_side(before, born, &x);
  read_side(now, NULL, &y);
  assert_int_equal(rp_lineage_trace(&x.side, &y.side, arena, &lineage, NULL), RP_OK);
  return lineage;
}

static void assert_list(const uint32_t *list, size_t n, const int *expected) {
  for (size_t i = 0; i < n; i++) assert_int_equal(list[i], expected[i] < 0 ? RP_LINEAGE_NONE : (uint32_t)expected[i]);
}

static void groups_go_on_grow_and_end(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  uint64_t born[] = {1, 1, 2};
  rp_lineage l = trace("abc de fg", born, "zed xcba hi", &arena);
  assert_list(l.heir, 3, (int[]){1, 0, -1});
  assert_list(l.origin, 3, (int[]){1, 0, -1});
  assert_list(l.parent, 3, (int[]){-1, -1, -1});
  rp_arena_release(&arena);
}

static void the_oldest_of_merged_groups_stays(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_lineage l = trace("abcd ef gh", (uint64_t[]){3, 2, 2}, "hgfedcba", &arena);
  assert_list(l.heir, 3, (int[]){0, 0, 0});
  assert_list(l.origin, 1, (int[]){1}); /* of run 2, and e comes before g */
  l = trace("ab cdef", (uint64_t[]){2, 2}, "fedcba", &arena);
  assert_list(l.origin, 1, (int[]){1}); /* brings more */
  rp_arena_release(&arena);
}

static void a_split_group_stays_where_most_of_it_is(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_lineage l = trace("abcde", (uint64_t[]){1}, "ab cde", &arena);
  assert_list(l.heir, 1, (int[]){1});
  assert_list(l.origin, 2, (int[]){-1, 0});
  assert_list(l.parent, 2, (int[]){0, -1});
  l = trace("cabd", (uint64_t[]){1}, "ab cd", &arena); /* equal parts: where its lead is */
  assert_list(l.origin, 2, (int[]){-1, 0});
  l = trace("xabcd", (uint64_t[]){1}, "ba dc", &arena); /* its lead is gone: the first */
  assert_list(l.origin, 2, (int[]){0, -1});
  assert_list(l.parent, 2, (int[]){-1, 0});
  rp_arena_release(&arena);
}

/* ---- an oracle ---------------------------------------------------------------- */

static uint32_t naive_shared(const rp_lineage_side *x, uint32_t i, const rp_lineage_side *y, uint32_t k, bool *lead) {
  uint32_t n = 0;
  for (size_t p = 0; p < x->n_member; p++)
    for (size_t q = 0; q < y->n_member; q++)
      if (x->member[p].group == i && y->member[q].group == k && x->member[p].key == y->member[q].key) {
        n++;
        *lead |= x->group[i].lead == x->member[p].key;
      }
  return n;
}

static uint32_t naive_heir(const rp_lineage_side *x, uint32_t i, const rp_lineage_side *y) {
  uint32_t best = RP_LINEAGE_NONE, most = 0;
  bool best_lead = false;
  for (uint32_t k = 0; k < y->n_group; k++) {
    bool lead = false;
    uint32_t n = naive_shared(x, i, y, k, &lead);
    if (n > most || (n && n == most && lead && !best_lead)) {
      best = k;
      most = n;
      best_lead = lead;
    }
  }
  return best;
}

static void random_side(uint64_t *random, struct side *out) {
  uint32_t n_group = (uint32_t)test_below(random, 6);
  size_t n = 0;
  for (uint64_t key = 0; key < 24; key++) {
    uint64_t g = test_below(random, n_group + 2u);
    if (g < n_group) out->member[n++] = (rp_lineage_member){key * 7919 % 24, (uint32_t)g};
  }
  for (uint32_t g = 0; g < n_group; g++)
    out->group[g] = (rp_lineage_group){test_below(random, 1000), test_below(random, 3), test_below(random, 24)};
  out->side = (rp_lineage_side){out->member, n, out->group, n_group};
}

static void random_groups_are_traced_as_by_hand(void **state) {
  (void)state;
  static struct side x, y;
  uint64_t random = 5;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 2000; round++) {
    rp_lineage l;
    rp_arena_clear(&arena, 1 << 16);
    random_side(&random, &x);
    random_side(&random, &y);
    assert_int_equal(rp_lineage_trace(&x.side, &y.side, &arena, &l, NULL), RP_OK);
    for (uint32_t i = 0; i < x.side.n_group; i++) assert_int_equal(l.heir[i], naive_heir(&x.side, i, &y.side));
    for (uint32_t k = 0; k < y.side.n_group; k++) {
      uint32_t best = RP_LINEAGE_NONE;
      for (uint32_t i = 0; i < x.side.n_group; i++) {
        if (l.heir[i] != k) continue;
        bool lead = false;
        const rp_lineage_group *p = &x.group[i], *q = best == RP_LINEAGE_NONE ? NULL : &x.group[best];
        uint32_t n = naive_shared(&x.side, i, &y.side, k, &lead);
        uint32_t m = q ? naive_shared(&x.side, best, &y.side, k, &lead) : 0;
        if (!q || p->born < q->born || (p->born == q->born && (n > m || (n == m && p->id < q->id)))) best = i;
      }
      assert_int_equal(l.origin[k], best);
      if (best != RP_LINEAGE_NONE) assert_int_equal(l.parent[k], RP_LINEAGE_NONE);
      uint32_t most = 0, parent = RP_LINEAGE_NONE;
      bool lead = false;
      for (uint32_t i = 0; i < x.side.n_group; i++)
        if (naive_shared(&x.side, i, &y.side, k, &lead) > most) {
          most = naive_shared(&x.side, i, &y.side, k, &lead);
          parent = i;
        }
      if (best == RP_LINEAGE_NONE) assert_int_equal(l.parent[k], parent);
    }
  }
  rp_arena_release(&arena);
}

static void short_memory_is_said(void **state) {
  (void)state;
  static struct side x, y;
  read_side("abc de", (uint64_t[]){1, 1}, &x);
  read_side("abd ce", NULL, &y);
  bool done = false;
  for (long n = 1; !done; n++) {
    rp_arena arena;
    rp_lineage l;
    rp_arena_init(&arena);
    rp_mem_fail_after(n);
    rp_status status = rp_lineage_trace(&x.side, &y.side, &arena, &l, NULL);
    rp_mem_fail_after(0);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
    done = status == RP_OK;
    assert_true(done || n < 100);
    rp_arena_release(&arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(groups_go_on_grow_and_end),
      cmocka_unit_test(the_oldest_of_merged_groups_stays),
      cmocka_unit_test(a_split_group_stays_where_most_of_it_is),
      cmocka_unit_test(random_groups_are_traced_as_by_hand),
      cmocka_unit_test(short_memory_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
