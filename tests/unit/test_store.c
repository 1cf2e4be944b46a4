#include "store_fixture.h"

/* ---- against the model ---- */

static void test_random_batches(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    char *dir = new_folder();
    model *m = model_new(seed);
    rp_store *store = open_store(dir, true);
    check_all(m, store, 10);
    for (int step = 0; step < 24; step++) {
      uint32_t kind = below(&m->random, 10);
      if (kind < 6)
        commit_random(store, m, 1 + below(&m->random, step % 5 ? 30 : 900), below(&m->random, 20), 4);
      else if (kind == 6)
        commit_random(store, m, 0, 30, 5);
      else if (kind == 7)
        OK(rp_store_merge(store, 2, &error));
      else if (kind == 8)
        OK(rp_store_compact(store, 2, &error));
      else {
        rp_store_close(store);
        store = open_store(dir, step % 2);
      }
      if (step % 4 == 3) check_all(m, store, 25);
    }
    OK(rp_store_merge(store, 1, &error));
    check_all(m, store, 60);
    OK(rp_store_compact(store, 1, &error));
    check_all(m, store, 60);
    rp_store_close(store);
    store = open_store(dir, false);
    check_all(m, store, 60);
    rp_store_close(store);
    model_free(m);
    drop_folder(dir);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_batches),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
