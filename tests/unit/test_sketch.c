#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sketch/kernel.h"
#include "sketch/sketch.h"
#include "words_by_hand.h"

/* The vectors of docs/signature-sketch.md.  A digest is the XXH3-64 of the
 * values as little-endian integers, of fingerprints hash and word by turns as
 * 64-bit ones. */
typedef struct vector {
  const char *name, *text; /* words between spaces; NULL: the generated one */
  uint32_t n_word;
  uint64_t equal;
  size_t n_three, n_five;
  uint64_t three, five;  /* digests of the shingles */
  uint32_t signature[8]; /* the first ones */
  uint64_t signature_digest;
  uint64_t first_band, last_band, band_digest; /* 35 of 3 */
  size_t n_fingerprint;
  uint64_t fingerprint_digest;
} vector;

static const vector known[] = {
    {.name = "no word",
     .text = "",
     .equal = UINT64_C(0x2d06800538d394c2),
     .three = UINT64_C(0x2d06800538d394c2),
     .five = UINT64_C(0x2d06800538d394c2),
     .fingerprint_digest = UINT64_C(0x2d06800538d394c2)},
    {.name = "one word",
     .text = "storm",
     .n_word = 1,
     .equal = UINT64_C(0x1d3ea1fb2b9d741d),
     .n_three = 1,
     .n_five = 1,
     .three = UINT64_C(0xa11ad17b00b2541d),
     .five = UINT64_C(0xa11ad17b00b2541d),
     .signature = {0x2118760d, 0xfb5ac1ca, 0x697cc6ab, 0xbe984ce5, 0xc1f915ee, 0xb6886d0d, 0xad9182b4, 0xde123890},
     .signature_digest = UINT64_C(0x8a042af94ec008e3),
     .first_band = UINT64_C(0xef5d330527eae166),
     .last_band = UINT64_C(0x5303c8eb5e0cc0c8),
     .band_digest = UINT64_C(0xab68ba2b04edfa5c),
     .n_fingerprint = 1,
     .fingerprint_digest = UINT64_C(0xfcc3f8724a244ffc)},
    {.name = "two words",
     .text = "no comment",
     .n_word = 2,
     .equal = UINT64_C(0x6957fdac70b40b3f),
     .n_three = 1,
     .n_five = 1,
     .three = UINT64_C(0xf292ff03306464a5),
     .five = UINT64_C(0xf292ff03306464a5),
     .signature = {0xf8e2fd08, 0xa7f7bef0, 0xb38df8b3, 0xa90f8ee6, 0x193887a6, 0x7c122c0e, 0x0a9b0490, 0x9811d7b0},
     .signature_digest = UINT64_C(0xe3793be4fa8d979d),
     .first_band = UINT64_C(0x88079500a71b47f8),
     .last_band = UINT64_C(0x6e6736dbfc3c05f8),
     .band_digest = UINT64_C(0xadd38d535e0196fb),
     .n_fingerprint = 1,
     .fingerprint_digest = UINT64_C(0x84ee516a6c60f847)},
    {.name = "sentence",
     .text = "the harbour was closed on monday after a storm damaged the pier",
     .n_word = 12,
     .equal = UINT64_C(0xe017a3285b0ca637),
     .n_three = 10,
     .n_five = 8,
     .three = UINT64_C(0x3613e39899f6676f),
     .five = UINT64_C(0x529077179791b2f4),
     .signature = {0x145505f6, 0x19f9988f, 0xde1a0c6d, 0x048d8e7b, 0x42c3b7b7, 0x07719722, 0x069a2dac, 0x05969ce3},
     .signature_digest = UINT64_C(0x778f986c30607c61),
     .first_band = UINT64_C(0x9360f6fa1659d14e),
     .last_band = UINT64_C(0xb13a1beb5565d863),
     .band_digest = UINT64_C(0x59e3301a910d10ad),
     .n_fingerprint = 1,
     .fingerprint_digest = UINT64_C(0x415c6c85077cb7ae)},
    {.name = "thousand words",
     .n_word = 1000,
     .equal = UINT64_C(0x0dd2bf83d2fc70c8),
     .n_three = 998,
     .n_five = 996,
     .three = UINT64_C(0x1c661d02d0ed956f),
     .five = UINT64_C(0xbda986a4a91d69d6),
     .signature = {0x02150beb, 0x3c2312a9, 0x0ec24c95, 0x32512881, 0x27c8ad11, 0x0ce058ca, 0x0c5d8d3d, 0x04309046},
     .signature_digest = UINT64_C(0x857357d39b759fbd),
     .first_band = UINT64_C(0x7d25c1d637c74e98),
     .last_band = UINT64_C(0x0e3ace8322c1835a),
     .band_digest = UINT64_C(0x5af9b08fca79d0ad),
     .n_fingerprint = 214,
     .fingerprint_digest = UINT64_C(0x6521b11d77358820)},
    {.name = "characters",
     .text = "新 华 社 北 京 9 月 2 日 电",
     .n_word = 10,
     .equal = UINT64_C(0x5e9d02b1b0cfcb73),
     .n_three = 6,
     .n_five = 3,
     .three = UINT64_C(0xcf54113d7e3635f0),
     .five = UINT64_C(0x0ebac56f9b3b94b6),
     .signature = {0x0920e27f, 0x0df914f4, 0x008f3dc6, 0xc947c6c9, 0x0c465516, 0x0f24d27e, 0x2a28aefc, 0x04c1d7d8},
     .signature_digest = UINT64_C(0xfb0a16d57d6af0ef),
     .first_band = UINT64_C(0x9376e1b643a2c322),
     .last_band = UINT64_C(0xbc6521c266d8705c),
     .band_digest = UINT64_C(0x92e04bc71f8192cb),
     .n_fingerprint = 1,
     .fingerprint_digest = UINT64_C(0x040da38783ed68ea)},
};
enum { N_KNOWN = sizeof known / sizeof *known };

/* A thousand of five hundred words. */
static const char *generated_text(void) {
  static char text[8000];
  uint64_t x = 1;
  size_t len = 0;
  for (int i = 0; i < 1000; i++) {
    x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    len += (size_t)snprintf(text + len, sizeof text - len, "%sw%u", i ? " " : "", (unsigned)((x >> 33) % 500));
  }
  return text;
}

static uint64_t digest64(const uint64_t *value, size_t n) {
  uint8_t bytes[8 * 1000];
  assert_true(n <= 1000);
  for (size_t i = 0; i < n; i++)
    for (size_t b = 0; b < 8; b++) bytes[8 * i + b] = (uint8_t)(value[i] >> 8 * b);
  return test_hash(bytes, 8 * n);
}

static uint64_t digest32(const uint32_t *value, size_t n) {
  uint64_t pair[RP_SIGNATURE_SIZE / 2];
  for (size_t i = 0; i < n / 2; i++) pair[i] = value[2 * i] | (uint64_t)value[2 * i + 1] << 32;
  return digest64(pair, n / 2);
}

static void check_shingles(rp_arena *arena, const rp_words *words, unsigned size, size_t n, uint64_t digest) {
  rp_shingles s;
  assert_int_equal(rp_shingles_make(words, size, arena, &s, NULL), RP_OK);
  assert_int_equal(s.n, n);
  assert_true(digest64(s.hash, s.n) == digest);
}

static void check_sketch(const vector *v, const rp_sketch *s) {
  assert_int_equal(s->n_word, v->n_word);
  assert_true(s->equal == v->equal);
  if (v->n_word > 0) {
    uint64_t key[35];
    assert_memory_equal(s->signature, v->signature, sizeof v->signature);
    assert_true(digest32(s->signature, RP_SIGNATURE_SIZE) == v->signature_digest);
    rp_lsh_bands(s->signature, 35, 3, key);
    assert_true(key[0] == v->first_band);
    assert_true(key[34] == v->last_band);
    assert_true(digest64(key, 35) == v->band_digest);
  }
  uint64_t pair[1000];
  assert_int_equal(s->n_fingerprint, v->n_fingerprint);
  for (size_t i = 0; i < s->n_fingerprint; i++) {
    pair[2 * i] = s->fingerprint[i].hash;
    pair[2 * i + 1] = s->fingerprint[i].word;
  }
  assert_true(digest64(pair, 2 * s->n_fingerprint) == v->fingerprint_digest);
}

static void known_answers(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  for (size_t i = 0; i < N_KNOWN; i++) {
    const vector *v = &known[i];
    rp_words words = words_by_hand(&arena, v->text ? v->text : generated_text());
    check_shingles(&arena, &words, RP_SKETCH_SHINGLE, v->n_three, v->three);
    check_shingles(&arena, &words, RP_WINNOW_SHINGLE, v->n_five, v->five);
    rp_sketch sketch;
    assert_int_equal(rp_sketch_make(&words, &arena, &sketch, NULL), RP_OK);
    check_sketch(v, &sketch);
  }
  rp_arena_release(&arena);
}

/* The vectors down to single values, as the document prints them. */
static void known_values(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words words = words_by_hand(&arena, known[3].text);
  rp_shingles three, five;
  assert_int_equal(rp_shingles_make(&words, 3, &arena, &three, NULL), RP_OK);
  assert_int_equal(rp_shingles_make(&words, 5, &arena, &five, NULL), RP_OK);
  assert_true(words.hash[0] == UINT64_C(0xcb1283631cf33d7d));
  assert_true(words.hash[11] == UINT64_C(0xfa67543038f2ae95));
  assert_true(three.hash[0] == UINT64_C(0xa783ed9714c3b481));
  assert_true(three.hash[9] == UINT64_C(0x607cd64d7fba1ced));
  assert_true(five.hash[0] == UINT64_C(0x8f5c147908a334e0));
  assert_true(five.hash[7] == UINT64_C(0x2ba7815e29b3b1b7));
  rp_arena_release(&arena);
}

static char *read_document(void) {
  static const char *const path[] = {RP_SOURCE_DIR "/docs/signature.md", RP_SOURCE_DIR "/docs/signature-sketch.md"};
  static char text[200000];
  for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
    FILE *file = fopen(path[i], "rb");
    if (!file) continue;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    if (strstr(text, "Known answers") && strstr(text, "no comment")) return text;
  }
  return NULL;
}

static void assert_printed(const char *document, uint64_t value) {
  char hex[24];
  snprintf(hex, sizeof hex, "`%016llx`", (unsigned long long)value);
  if (!strstr(document, hex)) fail_msg("the document lacks %s", hex);
}

static void assert_words_printed(rp_arena *arena, const char *document, const char *text) {
  rp_words words = words_by_hand(arena, text);
  for (size_t w = 0; w < words.n; w++) assert_printed(document, words.hash[w]);
  for (unsigned size = 3; size <= 5; size += 2) {
    rp_shingles s;
    assert_int_equal(rp_shingles_make(&words, size, arena, &s, NULL), RP_OK);
    for (size_t k = 0; k < s.n; k++) {
      char cell[24];
      snprintf(cell, sizeof cell, "%016llx`", (unsigned long long)s.hash[k]);
      if (!strstr(document, cell)) fail_msg("the document lacks %s", cell);
    }
  }
}

static void assert_sketch_printed(const char *document, const vector *v) {
  char first[80];
  int len = 0;
  for (int k = 0; k < 8; k++)
    len += snprintf(first + len, sizeof first - (size_t)len, "%s%08x", k ? " " : "", v->signature[k]);
  assert_non_null(strstr(document, first));
  assert_printed(document, v->signature_digest);
  assert_printed(document, v->first_band);
  assert_printed(document, v->last_band);
  assert_printed(document, v->band_digest);
  if (v->n_word > 2) {
    assert_printed(document, v->three);
    assert_printed(document, v->five);
  }
}

/* What the document prints is what comes out: every word hash, shingle, key and
 * digest of the short texts, the digests of the long one. */
static void the_document_has_the_same_numbers(void **state) {
  (void)state;
  const char *document = read_document();
  assert_non_null(document);
  rp_arena arena;
  rp_arena_init(&arena);
  for (size_t i = 0; i < N_KNOWN; i++) {
    assert_printed(document, known[i].equal);
    if (known[i].n_word > 0) assert_sketch_printed(document, &known[i]);
    if (known[i].text) assert_words_printed(&arena, document, known[i].text);
  }
  assert_printed(document, known[4].fingerprint_digest);
  rp_arena_release(&arena);
}

/* Texts whose folded words are those of the vectors. */
static void text_to_the_same_sketch(void **state) {
  (void)state;
  static const char *const text[N_KNOWN] = {
      " … — !\n",
      "STORM!",
      "“No comment.”",
      "The harbour was closed on Monday, after a storm damaged the pier.",
      NULL,
      "新华社北京9月2日电",
  };
  rp_arena arena;
  rp_arena_init(&arena);
  for (size_t i = 0; i < N_KNOWN; i++) {
    const char *given = text[i] ? text[i] : generated_text();
    rp_words words;
    rp_sketch sketch;
    assert_int_equal(rp_words_fold((rp_str){given, strlen(given)}, &arena, &words, NULL), RP_OK);
    assert_int_equal(rp_sketch_make(&words, &arena, &sketch, NULL), RP_OK);
    check_sketch(&known[i], &sketch);
  }
  rp_arena_release(&arena);
}

/* The fast way joined is what the parts give one by one. */
static void joins_its_parts(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  uint64_t seed = 1, hash[700];
  for (size_t n = 0; n <= 700; n += n < 20 ? 1 : 37) {
    for (int has_light = 0; has_light <= 1; has_light++) {
      for (size_t i = 0; i < n; i++) hash[i] = test_random(&seed) % 300;
      rp_words words = words_of_hashes(&arena, hash, n);
      for (size_t i = 0; has_light && i < n; i++) words.flag[i] = test_random(&seed) % 3 ? 0 : (uint16_t)RP_WORD_LIGHT;
      rp_shingles three, five;
      rp_sketch sketch;
      assert_int_equal(rp_shingles_make(&words, 3, &arena, &three, NULL), RP_OK);
      assert_int_equal(rp_shingles_make(&words, 5, &arena, &five, NULL), RP_OK);
      uint32_t signature[RP_SIGNATURE_SIZE] = {0};
      if (n > 0) rp_minhash_sign(three.hash, three.n, signature);
      rp_fingerprint *chosen = RP_NEW(&arena, rp_fingerprint, five.n);
      size_t n_chosen = rp_winnow(&five, chosen);
      assert_int_equal(rp_sketch_make(&words, &arena, &sketch, NULL), RP_OK);
      assert_int_equal(sketch.n_word, n);
      assert_memory_equal(sketch.signature, signature, sizeof signature);
      assert_int_equal(sketch.n_fingerprint, n_chosen);
      for (size_t i = 0; i < n_chosen; i++) {
        assert_true(sketch.fingerprint[i].hash == chosen[i].hash);
        assert_int_equal(sketch.fingerprint[i].word, chosen[i].word);
      }
      rp_arena_clear(&arena, 1 << 20);
    }
  }
  rp_arena_release(&arena);
}

/* A text that goes round has the shingles of one round, however often. */
static void signature_depends_on_the_set_alone(void **state) {
  (void)state;
  enum { ROUND = 40, TIMES = 60 };
  rp_arena arena;
  rp_arena_init(&arena);
  uint64_t seed = 2, hash[ROUND * TIMES + 2];
  for (size_t i = 0; i < ROUND; i++) hash[i] = test_random(&seed);
  for (size_t i = ROUND; i < sizeof hash / sizeof *hash; i++) hash[i] = hash[i - ROUND];
  rp_words once = words_of_hashes(&arena, hash, ROUND + 2), turned = words_of_hashes(&arena, hash + 7, ROUND + 2),
           often = words_of_hashes(&arena, hash, ROUND * TIMES + 2);
  rp_sketch a, b, c;
  assert_int_equal(rp_sketch_make(&once, &arena, &a, NULL), RP_OK);
  assert_int_equal(rp_sketch_make(&turned, &arena, &b, NULL), RP_OK);
  assert_int_equal(rp_sketch_make(&often, &arena, &c, NULL), RP_OK);
  assert_memory_equal(a.signature, b.signature, sizeof a.signature);
  assert_memory_equal(a.signature, c.signature, sizeof a.signature);
  rp_arena_release(&arena);
}

static void fingerprints_do_not_touch_what_was_there(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  uint64_t seed = 3, hash[3000];
  for (size_t i = 0; i < 3000; i++) hash[i] = test_random(&seed);
  rp_words words = words_of_hashes(&arena, hash, 3000);
  rp_sketch sketch[50];
  for (int i = 0; i < 50; i++) {
    rp_words part = words;
    part.n = 60 * (size_t)i + 10;
    assert_int_equal(rp_sketch_make(&part, &arena, &sketch[i], NULL), RP_OK);
  }
  /* one arena held them all: each must still be what it is alone */
  for (int i = 0; i < 50; i++) {
    rp_arena other;
    rp_arena_init(&other);
    rp_sketch alone;
    rp_words part = words;
    part.n = 60 * (size_t)i + 10;
    assert_int_equal(rp_sketch_make(&part, &other, &alone, NULL), RP_OK);
    assert_int_equal(alone.n_fingerprint, sketch[i].n_fingerprint);
    for (size_t k = 0; k < alone.n_fingerprint; k++) {
      assert_true(alone.fingerprint[k].hash == sketch[i].fingerprint[k].hash);
      assert_int_equal(alone.fingerprint[k].word, sketch[i].fingerprint[k].word);
    }
    rp_arena_release(&other);
  }
  rp_arena_release(&arena);
}

static void short_of_memory(void **state) {
  (void)state;
  rp_arena scratch, arena;
  rp_arena_init(&scratch);
  uint64_t seed = 4, hash[20000];
  for (size_t i = 0; i < 20000; i++) hash[i] = test_random(&seed);
  for (int has_light = 0; has_light <= 1; has_light++) {
    rp_words words = words_of_hashes(&scratch, hash, 20000);
    if (has_light) words.flag[5] = RP_WORD_LIGHT;
    rp_status status = RP_ERR_MEMORY;
    long n = 1;
    for (; status != RP_OK; n++) {
      rp_arena_init(&arena);
      rp_sketch sketch, before;
      memset(&sketch, 0x5a, sizeof sketch);
      before = sketch;
      rp_mem_fail_after(n);
      status = rp_sketch_make(&words, &arena, &sketch, NULL);
      rp_mem_fail_after(0);
      if (status != RP_OK) {
        assert_int_equal(status, RP_ERR_MEMORY);
        assert_memory_equal(&sketch, &before, sizeof sketch);
      }
      rp_arena_release(&arena);
    }
    assert_true(n > 3);
  }
  rp_arena_release(&scratch);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_answers),
      cmocka_unit_test(known_values),
      cmocka_unit_test(the_document_has_the_same_numbers),
      cmocka_unit_test(text_to_the_same_sketch),
      cmocka_unit_test(joins_its_parts),
      cmocka_unit_test(signature_depends_on_the_set_alone),
      cmocka_unit_test(fingerprints_do_not_touch_what_was_there),
      cmocka_unit_test(short_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
