#include "judge/credit.h"

#include <time.h>

#include "judge/source_name.h"
#include "match_help.h"

static const char story[] =
    "The old lighthouse at the mouth of the river is lit again after eleven dark years, and ships may once more find "
    "their way in at night without a pilot, as the harbour office wrote in a note to all captains on Monday.\n\n"
    "Money for the lamp came from a fund that the town had set up when the last keeper went into retirement, and from "
    "a fair that the rowing club held each June on the meadow below the tower.\n";

typedef struct pair {
  rp_arena arena;
  rp_article source, copy;
  rp_words source_words, copy_words;
} pair;

static void pair_open(pair *p, const char *publisher, const char *source_text, const char *copy_text) {
  *p = (pair){0};
  rp_arena_init(&p->arena);
  p->source = (rp_article){.size = sizeof p->source, .publisher = STR(publisher), .text = STR(source_text)};
  p->copy = (rp_article){.size = sizeof p->copy, .publisher = STR("Some Paper"), .text = STR(copy_text)};
  p->source_words = words_of(&p->arena, source_text);
  p->copy_words = words_of(&p->arena, copy_text);
}

static rp_credit_finding find(pair *p) {
  rp_credit_finding f;
  assert_int_equal(rp_credit_judge(&p->source, &p->source_words, &p->copy, &p->copy_words, &p->arena, &f, NULL), RP_OK);
  if (f.text.len) {
    assert_true(f.text.data >= p->copy.text.data);
    assert_true(f.text.data + f.text.len <= p->copy.text.data + p->copy.text.len);
  }
  return f;
}

static void assert_text(rp_str found, const char *expected) {
  if (found.len != strlen(expected) || memcmp(found.data ? found.data : "", expected, found.len) != 0)
    fail_msg("'%.*s' instead of '%s'", (int)found.len, found.data, expected);
}

/* The copy is the story between `head` and `tail`. */
static void assert_credit(const char *publisher, const char *head, const char *tail, rp_credit credit,
                          const char *text) {
  char copy[4096];
  pair p;
  snprintf(copy, sizeof copy, "%s%s%s", head, story, tail);
  pair_open(&p, publisher, story, copy);
  rp_credit_finding f = find(&p);
  if (f.credit != credit) fail_msg("'%s' '%s' for %s: %s", head, tail, publisher, rp_credit_name(f.credit));
  assert_text(f.text, text);
  rp_arena_release(&p.arena);
}

static void datelines(void **state) {
  (void)state;
  assert_credit("Sputnik", "WASHINGTON (Sputnik) - ", "", RP_CREDITED, "WASHINGTON (Sputnik)");
  assert_credit("sputniknews.com", "WASHINGTON (Sputnik) - ", "", RP_CREDITED, "WASHINGTON (Sputnik)");
  assert_credit("TASS", "MOSCOW, October 4. /TASS/. ", "", RP_CREDITED, "MOSCOW, October 4. /TASS/");
  assert_credit("Xinhua", "BEIJING, Sept. 2 (Xinhua) -- ", "", RP_CREDITED, "BEIJING, Sept. 2 (Xinhua)");
  assert_credit("PR Newswire", "/PRNewswire/ -- ", "", RP_CREDITED, "/PRNewswire/");
  assert_credit("AP", "(Associated Press) -- ", "", RP_CREDITED, "(Associated Press)");
  assert_credit("Interfax", "[Moscow, Interfax] ", "", RP_CREDITED, "[Moscow, Interfax]");
  assert_credit("Tagus Wire", "Tagus Wire | Lisbon | ", "", RP_CREDITED, "Tagus Wire");
  assert_credit("Reuters", "WASHINGTON (Sputnik) - ", "", RP_UNCREDITED, "");
  assert_credit("Sputnik", "",
                "The keeper is the last of a long line of men who kept the light for the town and for the "
                "ships at sea (Sputnik), and he was not sad to leave, he said, since the wind is cold.\n",
                RP_MENTION, "Sputnik");
}

static void bylines_and_closing_lines(void **state) {
  (void)state;
  assert_credit("Tagus Wire", "By Tagus Wire staff\n\n", "", RP_CREDITED, "By Tagus Wire staff");
  assert_credit("Tagus Wire", "Tagus Wire\n\n", "", RP_CREDITED, "Tagus Wire");
  assert_credit("Tagus Wire", "", "Source: Tagus Wire\n", RP_CREDITED, "Source: Tagus Wire");
  assert_credit("tagus-wire.example", "", "This story was originally published at Tagus-Wire.example.\n", RP_CREDITED,
                "This story was originally published at Tagus-Wire.example");
  assert_credit("Tagus Wire", "", "© 2021 Tagus Wire. All rights reserved.\n", RP_CREDITED,
                "2021 Tagus Wire. All rights reserved");
  assert_credit("Tagus Wire", "", "With files from the Tagus Wire\n", RP_CREDITED, "With files from the Tagus Wire");
  assert_credit("Tagus Wire", "", "Tagus Wire contributed to this report.\n", RP_PARTIAL_CREDIT,
                "Tagus Wire contributed to this report");
  assert_credit("ТАСС", "", "Источник: ТАСС\n", RP_CREDITED, "Источник: ТАСС");
}

static void signing_off(void **state) {
  (void)state;
  const char *line = "(Reporting by Ana Reis; editing by Rui Melo)\n",
             *text = "Reporting by Ana Reis; editing by Rui Melo";
  assert_credit("Reuters", "", line, RP_CREDITED, text);
  assert_credit("Tagus Wire", "", line, RP_UNCREDITED, "");
}

static void mentions(void **state) {
  (void)state;
  const char *told =
      "Work went on for a year, the engineer told Sputnik, and nobody on the site was hurt in that time "
      "although the wind blew hard on many a day and the scaffold shook so that all had to climb down.\n";
  assert_credit("Sputnik", "", told, RP_MENTION, "Sputnik");
  assert_credit("sputniknews.com", "", told, RP_MENTION, "Sputnik");
  assert_credit("Sputnik", "", "", RP_UNCREDITED, "");
  /* whole words, capitals, and no stem of a domain at a sentence's start */
  assert_credit("time.com", "",
                "It took a long time until then. Time went by and the town that owned it had no money.\n",
                RP_UNCREDITED, "");
  assert_credit("AP", "", "An ap from the shop, apt to break, may tell more of it to those who asked us for more.\n",
                RP_UNCREDITED, "");
  assert_credit("AP", "",
                "The tower stood empty, AP wrote about it then, and it was a sight for those who came by sea "
                "from the south in the old days when the light still told the hour to all of them here.\n",
                RP_MENTION, "AP");
  assert_credit("rt.com", "",
                "An rt is no RT for us, they said and went to see what else the paper had to tell them.\n", RP_MENTION,
                "RT");
}

static void pictures_credit_nobody(void **state) {
  (void)state;
  assert_credit("Sputnik", "Photo: Sputnik\n\n", "", RP_UNCREDITED, "");
  assert_credit("Sputnik", "© Sputnik / Ana Reis\n\n", "", RP_MENTION, "Sputnik");
  assert_credit("Reuters", "The lamp in March (Reuters photo: Ana Reis)\n\n", "", RP_UNCREDITED, "");
  assert_credit("Reuters", "LISBON (Reuters) - The lamp in March (Reuters photo: Ana Reis)\n\n", "", RP_CREDITED,
                "LISBON (Reuters)");
}

static void aliases_of_a_domain(void **state) {
  (void)state;
  assert_credit("lisbonpost.example", "", "Source: Lisbon Post\n", RP_CREDITED, "Source: Lisbon Post");
  assert_credit("lisbonpost.example", "", "Source: LisbonPost\n", RP_CREDITED, "Source: LisbonPost");
  assert_credit("lisbonpost.example", "", "Source: Lisbon\n", RP_UNCREDITED, "");
  assert_credit("The Ámbito", "", "Source: the ambito\n", RP_CREDITED, "Source: the ambito");
}

static void the_agency_of_the_sources_own_dateline(void **state) {
  (void)state;
  char source[4096], copy[4096];
  snprintf(source, sizeof source, "LISBON (AP) - %s", story);
  snprintf(copy, sizeof copy, "%sSource: The Associated Press\n", story);
  pair p;
  pair_open(&p, "Coast Paper", source, copy);
  assert_int_equal(find(&p).credit, RP_UNCREDITED); /* the dateline is not marked */
  flag_part(&p.source_words, "LISBON (AP)", 0, RP_WORD_DATELINE);
  rp_credit_finding f = find(&p);
  assert_int_equal(f.credit, RP_CREDITED);
  assert_true(f.by_agency);
  assert_text(f.text, "Source: The Associated Press");
  assert_text(rp_credit_dateline_agency(&p.source, &p.source_words), "Associated Press");
  assert_text(rp_credit_dateline_agency(&p.copy, &p.copy_words), "");
  /* its own name goes first */
  snprintf(copy, sizeof copy, "%sSource: The Associated Press\n\nOriginally in Coast Paper\n", story);
  p.copy.text = STR(copy);
  p.copy_words = words_of(&p.arena, copy);
  f = find(&p);
  assert_false(f.by_agency);
  assert_text(f.text, "Originally in Coast Paper");
  rp_arena_release(&p.arena);
}

static void a_third_party_is_a_mention(void **state) {
  (void)state;
  char copy[4096];
  snprintf(copy, sizeof copy, "LISBON (AP) - %s", story);
  pair p;
  pair_open(&p, "Coast Paper", story, copy);
  flag_part(&p.copy_words, "LISBON (AP)", 0, RP_WORD_DATELINE);
  rp_credit_finding f = find(&p);
  assert_int_equal(f.credit, RP_MENTION);
  assert_text(f.text, "AP");
  rp_arena_release(&p.arena);
}

static size_t match(const char *name, const char *text, size_t i) {
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words words = words_of(&arena, text);
  size_t n = rp_source_name_match(&(rp_source_name){.text = STR(name)}, &words, i);
  rp_arena_release(&arena);
  return n;
}

static void where_a_name_stands(void **state) {
  (void)state;
  assert_int_equal(match("Agence France-Presse", "l'agence France Presse.", 1), 3);
  assert_int_equal(match("Agence France-Presse", "l'agence France Press", 1), 0);
  assert_int_equal(match("Agence France", "agence", 0), 0);
  assert_int_equal(match("reuters.com", "REUTERS.COM", 0), 2);
  assert_int_equal(match("Reuters", "Reutersville", 0), 0);
  assert_int_equal(match("新华社", "新华社北京", 0), 3);
  assert_int_equal(match("риа новости", "РИА «Новости»", 0), 2);
  assert_non_null(rp_agency_by_name(STR("apnews.com")));
  assert_string_equal(rp_agency_by_name(STR("afp"))[0], "Agence France-Presse");
  assert_null(rp_agency_by_name(STR("")));
  assert_null(rp_agency_by_name(STR("af")));
}

/* On texts of any kind the words found lie in the copy. */
static void any_texts(void **state) {
  (void)state;
  static const char *const part[] = {"AP", "(", ")", "/", "\n", " ",    "©", "Source", "photo", "by",  ".",   "Reuters",
                                     "|",  "[", "]", ":", "–",  "\xff", "é", "via",    "TASS",  "xin", "\n\n"};
  uint64_t random = 31;
  for (int round = 0; round < 2000; round++) {
    char text[1024] = "";
    for (size_t k = below(&random, 60); k > 0; k--) strcat(text, part[below(&random, sizeof part / sizeof *part)]);
    pair p;
    pair_open(&p, below(&random, 2) ? "AP" : "reuters.com", "AP Reuters", text);
    for (size_t i = 0; i < p.copy_words.n; i++)
      p.copy_words.flag[i] |= below(&random, 4) ? 0 : RP_WORD_DATELINE | RP_WORD_CREDIT;
    rp_credit_finding f = find(&p);
    assert_int_equal(f.text.len == 0, f.credit == RP_UNCREDITED);
    rp_arena_release(&p.arena);
  }
}

/* Eight MiB of a name in the places that take most looking at. */
static void hostile_texts_take_bounded_time(void **state) {
  (void)state;
  enum { BYTES = 8 << 20 };
  static const char *const part[] = {"(x AP ) ", "x AP x AP x AP x AP x AP x AP x\n", "/AP) ", "(AP "};
  char *text = rp_malloc(BYTES + 1);
  for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
    size_t len = strlen(part[k]);
    for (size_t i = 0; i < BYTES; i++) text[i] = part[k][i % len];
    text[BYTES] = '\0';
    pair p;
    pair_open(&p, "AP", story, text);
    struct timespec start, end;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
    find(&p);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    print_message("  '%.8s' again and again: %.2f s\n", part[k], seconds);
    assert_true(seconds < 120); /* quadratic time would be hours; sanitizers on a busy machine take 35 s */
    rp_arena_release(&p.arena);
  }
  rp_free(text);
}

static void short_memory(void **state) {
  (void)state;
  pair p;
  pair_open(&p, "lisbonpost.example", story, story);
  rp_status status = RP_ERR_MEMORY;
  for (long n = 1; status != RP_OK; n++) {
    rp_credit_finding f;
    rp_arena scratch;
    rp_arena_init(&scratch);
    rp_mem_fail_after(n);
    status = rp_credit_judge(&p.source, &p.source_words, &p.copy, &p.copy_words, &scratch, &f, NULL);
    rp_mem_fail_after(0);
    rp_arena_release(&scratch);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
  }
  rp_arena_release(&p.arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(datelines),
      cmocka_unit_test(bylines_and_closing_lines),
      cmocka_unit_test(signing_off),
      cmocka_unit_test(mentions),
      cmocka_unit_test(pictures_credit_nobody),
      cmocka_unit_test(aliases_of_a_domain),
      cmocka_unit_test(the_agency_of_the_sources_own_dateline),
      cmocka_unit_test(a_third_party_is_a_mention),
      cmocka_unit_test(where_a_name_stands),
      cmocka_unit_test(any_texts),
      cmocka_unit_test(hostile_texts_take_bounded_time),
      cmocka_unit_test(short_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
