/* Groups against a plain reading of their rules, and examples of each rule. */
#include "judge/group.h"
#include "test.h"

enum { MOST = 14, MOST_LINKS = 40 };

/* ---- the rules, read plainly ---------------------------------------------------- */

struct plain {
  size_t n, n_link;
  const rp_group_link *link;
  const bool *leaf;
  uint32_t label[MOST];
};

static void relabel(struct plain *p, uint32_t from, uint32_t to) {
  for (size_t i = 0; i < p->n; i++)
    if (p->label[i] == from) p->label[i] = to;
}

static size_t size_of(const struct plain *p, uint32_t label) {
  size_t n = 0;
  for (size_t i = 0; i < p->n; i++) n += p->label[i] == label;
  return n;
}

/* The lowest number among the members. */
static uint32_t lowest(const struct plain *p, uint32_t label) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->label[i] == label) return i;
  return UINT32_MAX;
}

static bool ties(const struct plain *p, const rp_group_link *l) {
  return l->verdict == RP_PARTIAL && l->coverage >= .3 && !p->leaf[l->a] && !p->leaf[l->b];
}

static bool is_before(const rp_group_link *x, const rp_group_link *y) {
  if (x->words != y->words) return x->words > y->words;
  return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static void plain_singletons(struct plain *p) {
  bool done[MOST_LINKS] = {false};
  for (;;) {
    const rp_group_link *best = NULL;
    for (size_t i = 0; i < p->n_link; i++)
      if (!done[i] && ties(p, &p->link[i]) && (!best || is_before(&p->link[i], best))) best = &p->link[i];
    if (!best) return;
    done[best - p->link] = true;
    uint32_t a = p->label[best->a], b = p->label[best->b];
    if (a != b && (size_of(p, a) == 1 || size_of(p, b) == 1)) relabel(p, a, b);
  }
}

static void plain_small(struct plain *p) {
  uint32_t moves_to[MOST];
  struct plain before = *p;
  for (uint32_t g = 0; g < p->n; g++) {
    moves_to[g] = UINT32_MAX;
    bool several = false;
    for (size_t i = 0; i < p->n_link; i++) {
      const rp_group_link *l = &p->link[i];
      uint32_t a = p->label[l->a], b = p->label[l->b];
      if (!ties(p, l) || a == b || (a != g && b != g)) continue;
      uint32_t other = a == g ? b : a;
      several = several || (moves_to[g] != UINT32_MAX && moves_to[g] != other);
      moves_to[g] = other;
    }
    if (moves_to[g] == UINT32_MAX) continue;
    size_t own = size_of(p, g), theirs = size_of(p, moves_to[g]);
    bool smaller = own < theirs || (own == theirs && lowest(p, g) > lowest(p, moves_to[g]));
    if (several || !smaller || own > RP_GROUP_SMALL) moves_to[g] = UINT32_MAX;
  }
  for (uint32_t g = 0; g < p->n; g++)
    if (moves_to[g] != UINT32_MAX)
      for (size_t i = 0; i < p->n; i++)
        if (before.label[i] == g) p->label[i] = before.label[lowest(&before, moves_to[g])];
}

static void plain_groups(struct plain *p, uint32_t *group) {
  for (uint32_t i = 0; i < p->n; i++) p->label[i] = i;
  for (size_t i = 0; i < p->n_link; i++) {
    const rp_group_link *l = &p->link[i];
    bool carries = l->verdict == RP_IDENTICAL || l->verdict == RP_REPRINT || l->verdict == RP_OWN_UPDATE;
    if (carries && !p->leaf[l->a] && !p->leaf[l->b]) relabel(p, p->label[l->a], p->label[l->b]);
  }
  plain_singletons(p);
  plain_small(p);
  for (uint32_t r = 0; r < p->n; r++) {
    const rp_group_link *best = NULL;
    for (size_t i = 0; i < p->n_link; i++) {
      const rp_group_link *l = &p->link[i];
      if ((l->a != r && l->b != r) || !p->leaf[r] || p->leaf[l->a == r ? l->b : l->a]) continue;
      if (!best || is_before(l, best)) best = l;
    }
    if (best) p->label[r] = p->label[best->a == r ? best->b : best->a];
  }
  for (uint32_t i = 0; i < p->n; i++) group[i] = lowest(p, p->label[i]);
}

/* ---- tests ------------------------------------------------------------------------ */

static rp_group_link a_link(uint32_t a, uint32_t b, rp_verdict verdict, uint32_t words, double coverage) {
  return (rp_group_link){a, b, verdict, words, coverage, coverage, coverage, RP_UNDECIDED};
}

static void groups_are_those_of_the_plain_rules(void **state) {
  (void)state;
  static const rp_verdict verdicts[] = {RP_IDENTICAL, RP_REPRINT, RP_PARTIAL, RP_PARTIAL, RP_PARTIAL, RP_ROUND_UP};
  uint64_t seed = 7;
  size_t n_joined = 0;
  for (int round = 0; round < 20000; round++) {
    struct plain p = {.n = 2 + test_below(&seed, MOST - 1)};
    bool leaf[MOST] = {false};
    bool used[MOST][MOST] = {{false}};
    rp_group_link link[MOST_LINKS];
    size_t wanted = test_below(&seed, 2 * p.n + 2);
    for (size_t i = 0; i < wanted && p.n_link < MOST_LINKS; i++) {
      uint32_t a = (uint32_t)test_below(&seed, p.n), b = (uint32_t)test_below(&seed, p.n);
      if (a >= b || used[a][b]) continue;
      used[a][b] = true;
      link[p.n_link++] = a_link(a, b, verdicts[test_below(&seed, 6)], (uint32_t)test_below(&seed, 5) * 40,
                                (double)test_below(&seed, 11) / 10);
    }
    for (size_t i = 0; i < p.n; i++) leaf[i] = test_below(&seed, 6) == 0;
    p.link = link;
    p.leaf = leaf;
    uint32_t expected[MOST], got[MOST];
    plain_groups(&p, expected);
    assert_int_equal(rp_groups_form(link, p.n_link, leaf, p.n, got, NULL), RP_OK);
    for (size_t i = 0; i < p.n; i++) {
      if (expected[i] != got[i]) fail_msg("round %d: %zu is in %u, not in %u", round, i, got[i], expected[i]);
      n_joined += got[i] != i;
    }
  }
  assert_true(n_joined > 10000);
}

static void a_round_up_glues_nothing(void **state) {
  (void)state;
  /* 0-1 and 2-3 are stories; 4 has copy of both */
  const rp_group_link link[] = {a_link(0, 1, RP_REPRINT, 300, .9), a_link(2, 3, RP_REPRINT, 300, .9),
                                a_link(0, 4, RP_ROUND_UP, 80, .4), a_link(2, 4, RP_ROUND_UP, 90, .4)};
  bool leaf[5] = {false, false, false, false, true};
  uint32_t group[5];
  assert_int_equal(rp_groups_form(link, 4, leaf, 5, group, NULL), RP_OK);
  const uint32_t expected[] = {0, 0, 2, 2, 2};
  for (int i = 0; i < 5; i++) assert_int_equal(group[i], expected[i]);
}

static void partials_bring_home_and_merge_nothing_large(void **state) {
  (void)state;
  const rp_group_link link[] = {
      a_link(0, 1, RP_REPRINT, 300, .9), a_link(2, 3, RP_REPRINT, 300, .9), a_link(1, 2, RP_PARTIAL, 50, .2),
      a_link(0, 4, RP_PARTIAL, 60, .29), a_link(3, 5, RP_PARTIAL, 60, .3),
  };
  bool leaf[6] = {false};
  uint32_t group[6];
  assert_int_equal(rp_groups_form(link, 5, leaf, 6, group, NULL), RP_OK);
  const uint32_t expected[] = {0, 0, 2, 2, 4, 2};
  for (int i = 0; i < 6; i++) assert_int_equal(group[i], expected[i]);
}

/* Groups of `n` and of n + 1 articles, tied by one passage. */
static uint32_t groups_tied(uint32_t n) {
  rp_group_link link[64];
  bool leaf[64] = {false};
  uint32_t group[64];
  size_t n_link = 0;
  for (uint32_t i = 1; i < n; i++) link[n_link++] = a_link(0, i, RP_REPRINT, 300, .9);
  for (uint32_t i = 1; i <= n; i++) link[n_link++] = a_link(n, n + i, RP_REPRINT, 300, .9);
  link[n_link++] = a_link(1, n + 1, RP_PARTIAL, 60, .4);
  assert_int_equal(rp_groups_form(link, n_link, leaf, 2 * n + 1, group, NULL), RP_OK);
  return group[n];
}

static void only_small_groups_join_another(void **state) {
  (void)state;
  assert_int_equal(groups_tied(RP_GROUP_SMALL), 0);
  assert_int_equal(groups_tied(RP_GROUP_SMALL + 1), RP_GROUP_SMALL + 1);
}

static uint32_t lead_of(rp_group_link *link, size_t n_link, const rp_date *published, const bool *leaf, size_t n) {
  uint32_t group[MOST] = {0}, lead[MOST];
  rp_group_members members = {n, group, published, leaf};
  assert_int_equal(rp_groups_lead(&members, link, n_link, lead, NULL), RP_OK);
  return lead[0];
}

static void the_lead_is_the_earliest_with_evidence(void **state) {
  (void)state;
  bool leaf[3] = {false};
  rp_date published[3] = {{300, 300}, {100, 100}, {200, 200}};
  rp_group_link link[] = {a_link(0, 1, RP_REPRINT, 300, .9), a_link(1, 2, RP_REPRINT, 300, .9),
                          a_link(0, 2, RP_REPRINT, 300, .9)};
  link[0].direction = RP_B_TO_A;
  link[1].direction = RP_A_TO_B;
  link[2].direction = RP_B_TO_A;
  assert_int_equal(lead_of(link, 3, published, leaf, 3), 1);
  /* a credit in the earlier text: 2 is the source of all */
  link[1].direction = RP_B_TO_A;
  assert_int_equal(lead_of(link, 3, published, leaf, 3), 2);
  /* no evidence: the one that holds most of the others; of equals the lowest */
  for (int i = 0; i < 3; i++) link[i].direction = RP_UNDECIDED;
  assert_int_equal(lead_of(link, 3, published, leaf, 3), 0);
  link[1].coverage_a = 1; /* of 1, in 2 */
  assert_int_equal(lead_of(link, 3, published, leaf, 3), 2);
  /* an earlier article with a passage of it does not lead */
  rp_date dates[3] = {{50, 50}, {100, 100}, {200, 200}};
  rp_group_link passage[] = {a_link(0, 1, RP_PARTIAL, 300, .3), a_link(1, 2, RP_REPRINT, 300, .9)};
  passage[0].direction = passage[1].direction = RP_A_TO_B;
  assert_int_equal(lead_of(passage, 2, dates, leaf, 3), 1);
  passage[1].direction = RP_UNDECIDED;
  assert_int_equal(lead_of(passage, 2, dates, leaf, 3), 0);
  /* a round-up leads nothing else */
  leaf[2] = true;
  assert_int_equal(lead_of(link, 3, published, leaf, 3), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(groups_are_those_of_the_plain_rules),         cmocka_unit_test(a_round_up_glues_nothing),
      cmocka_unit_test(partials_bring_home_and_merge_nothing_large), cmocka_unit_test(only_small_groups_join_another),
      cmocka_unit_test(the_lead_is_the_earliest_with_evidence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
