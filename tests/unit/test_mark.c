/* Marks: in the expected strings a word that counts is '.', one that does not
 * is Q (quoted), T (title), F (furniture), D (dateline) or C (credit). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/credit.h"
#include "text/token.h"

static rp_str str(const char *s) { return (rp_str){s, strlen(s)}; }

static char letter(uint16_t flag) {
  static const char letters[] = "TFDCQ";
  static const uint16_t flags[] = {RP_WORD_TITLE, RP_WORD_FURNITURE, RP_WORD_DATELINE, RP_WORD_CREDIT, RP_WORD_QUOTED};
  for (size_t k = 0; k < 5; k++)
    if (flag & flags[k]) return letters[k];
  return '.';
}

/* One letter a word, '/' between paragraphs. */
static void assert_marks(const char *text, const char *title, const char *expected) {
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w;
  assert_int_equal(rp_words_split(str(text), &arena, &w, NULL), RP_OK);
  assert_int_equal(rp_words_mark(&w, NULL, 0, str(title), &arena, NULL), RP_OK);
  char got[2048];
  size_t n = 0;
  for (size_t i = 0; i < w.n; i++) {
    if (i > 0 && (w.flag[i] & RP_WORD_PARAGRAPH)) got[n++] = '/';
    got[n++] = letter(w.flag[i]);
  }
  got[n] = '\0';
  assert_string_equal(got, expected);
  rp_arena_release(&arena);
}
#define MARKS(text, expected) assert_marks(text, "Untitled", expected)

#define LQ "\xE2\x80\x9C"
#define RQ "\xE2\x80\x9D"
#define LS "\xE2\x80\x98"
#define RS "\xE2\x80\x99"
#define LOW "\xE2\x80\x9E"
#define LOWS "\xE2\x80\x9A"
#define LA "\xC2\xAB"
#define RA "\xC2\xBB"
#define DASH "\xE2\x80\x94"
#define NBSP "\xC2\xA0"

static void marks_of_every_style_quote(void **state) {
  (void)state;
  MARKS("He said " LQ "we will go" RQ " and left.", "..QQQ..");
  MARKS("He said \"we will go\" and left.", "..QQQ..");
  MARKS("He said " LQ "we will go,\" and left.", "..QQQ..");
  MARKS("Er sagte " LOW "wir gehen" LQ " und ging.", "..QQ..");
  MARKS("Er sagte " RA "wir gehen" LA " und ging.", "..QQ..");
  MARKS("Il dit " LA "nous allons" RA " et part.", "..QQ..");
  MARKS("Il dit " LA NBSP "nous allons" NBSP RA " et part.", "..QQ..");
  MARKS("Han sade " RQ "vi ska" RQ " och gick.", "..QQ..");
  MARKS("\xE3\x80\x8C\xE4\xB8\xAD\xE6\x96\x87\xE3\x80\x8D\xE4\xBB\x96", "QQ.");
  MARKS("He said &ldquo;we will go&rdquo; and left.", "..QQQ..");
  MARKS("He said \xC3\xA2\xE2\x82\xAC\xC5\x93we go\xC3\xA2\xE2\x82\xAC\xC2\x9D and left.", "..QQ..");
  MARKS("(" LQ "Yes," RQ " she said; " LQ "[they] know." RQ ")", "Q..QQ");
  MARKS("It is 5\"x7\" large.", ".....");
  MARKS("The 5\" pipe and the 6\" pipe held.", "........");
}

static void single_marks_quote_where_they_are_no_apostrophes(void **state) {
  (void)state;
  MARKS("He said 'we will go' and left.", "..QQQ..");
  MARKS("He said " LS "we don" RS "t know" RS " and left.", "..QQQQ..");
  MARKS("Er sagte " LOWS "wir gehen" LS " und ging.", "..QQ..");
  MARKS("It isn" RS "t the players" RS " fault, the coach" RS "s wife said.", "...........");
  MARKS("In the '90s rock 'n' roll wasn't it.", ".........");
  MARKS("It was 'the workers' own fault' she said.", "..QQQQ..");
  MARKS("He said " LQ "they call it " LS "the pit" RS " here" RQ " and left.", "..QQQQQQ..");
}

static void paragraphs_end_quotations(void **state) {
  (void)state;
  MARKS(LQ "First part.\n" LQ "Second part." RQ " He left.", "QQ/QQ..");
  MARKS(LQ "First part.\nHe left.", "QQ/..");
  char text[1024] = "\"start";
  char expected[256] = ".";
  for (int i = 0; i < 61; i++) {
    strcat(text, " word");
    strcat(expected, ".");
  }
  strcat(text, "\nnext came.");
  strcat(expected, "/..");
  MARKS(text, expected);
}

static void posts_and_transcripts_are_quoted(void **state) {
  (void)state;
  MARKS("He wrote it on Monday.\nWe shall build the bridge. " DASH
        " Ann Hill (@annhill) March 3, 2019\nThe mayor was glad.",
        "...../QQQQQQQQQQQ/....");
  MARKS("He wrote it on Monday.\nWe shall build the bridge.\n" DASH " Ann Hill (@annhill)\nThe mayor was glad.",
        "...../QQQQQ/QQQ/....");
  MARKS("He wrote it on Monday.\nWe shall build the bridge.\nSee this " DASH
        " Ann Hill (@annhill)\nThe mayor was glad.",
        "...../QQQQQ/QQQQQ/....");
  MARKS("See the club (@club) for more of this.", "........");
  MARKS("HILL: We go now.\nLAKE: They stay.\nANN HILL: Yes.\nThen all left.", "QQQQ/QQQ/QQQ/...");
  MARKS("HILL: We go now.\nLAKE: They stay.\nThen all left.", "..../.../...");
  MARKS("WATCH: this now.\nMORE: of that.\nREAD: it all.\nThen all left.", "FFF/FFF/FFF/...");
}

#define STORY                                                                               \
  "The council voted on Tuesday to close the old bridge for a year while it is repaired.\n" \
  "Traffic will be led over the northern road, and buses will run every ten minutes.\n"     \
  "Shops in the quarter fear for their trade and have asked for help from the town.\n"      \
  "The mayor said a fund would be set up before the works begin in the spring.\n"
#define STORY_MARKS "................./.............../................/................"

static void assert_story_kept(const char *before, const char *before_marks, const char *after,
                              const char *after_marks) {
  char text[2048], expected[1024];
  snprintf(text, sizeof text, "%s%s%s", before, STORY, after);
  snprintf(expected, sizeof expected, "%s%s%s", before_marks, STORY_MARKS, after_marks);
  MARKS(text, expected);
}

static void page_lines_are_furniture(void **state) {
  (void)state;
  assert_story_kept("", "", "", "");
  assert_story_kept("Subscribe\n", "F/", "", "");
  assert_story_kept("Share this article\nAdvertisement\n", "FFF/F/", "", "");
  assert_story_kept("\xC2\xA9 Kestrel / Ann Hill\n", "FFF/", "Read more: Bridge of sighs\n", "/FFFFF");
  assert_story_kept("Photo: Ann Hill\nThe bridge on Monday. (Photo: Kestrel)\n", "FFF/FFFFFF/", "", "");
  assert_story_kept("6 hours ago\n4 min read\n", "FFF/FFF/", "Sign up for our newsletter and never miss a story.\n",
                    "/FFFFFFFFFF");
  assert_story_kept("", "", "Newsfeed\n0\nlog in or register\nloader\nSome heading here\n", "/F/F/FFFF/F/FFF");
  assert_story_kept("", "", "Follow Ann Hill on Twitter: @annhill\n", "/FFFFFF");
  assert_story_kept("", "", "The views expressed here are the author's own.\n", "/FFFFFFFFF");
  /* words of pages inside sentences are a story's own */
  assert_story_kept("", "", "Readers who subscribe will comment, share and follow the advertisement.\n", "/..........");
  assert_story_kept("", "", "More and more people watch the video.\n", "/.......");
}

static void captions_and_teasers_stand_in_the_middle(void **state) {
  (void)state;
  MARKS(
      "Boats lie in the harbour of the town, and the water is low.\n"
      "The old harbour at dusk - Kestrel News\n"
      "Fishermen Demand New Quay Before Winter Storms, Mayor Says\n"
      "Most of them were built before the war, the harbour master said.\n\n"
      "A second harbour, on the south side - Kestrel News\n"
      "They will be counted again in the spring, he said.",
      "............./FFFFFFF/FFFFFFFFF/............/FFFFFFFFF/..........");
  MARKS(
      "It rained.\nThe sea was rough.\nBoats lie in the harbour of the town, and the water is low.\nRead more: the old "
      "harbour\n\n"
      "What Fishermen Demand Before Winter\n\nMost of them were built before the war, the harbour master said.",
      "../..../............./FFFFF/...../............");
  MARKS("Ann Lake\nThe first answer was a long one, as always.\nAnn Lake\nThe next answer was short.\nTo the point.",
        "FF/........./FF/...../...");
}

static void titles_are_known_by_their_words(void **state) {
  (void)state;
  assert_marks("Council Votes: Bridge Closed\n\nThe council voted on Tuesday.",
               "Council votes \xE2\x80\x93 bridge closed", "TTTT/.....");
  assert_marks("Council Votes: Bridge Closed\n\nThe council voted.", "Council votes: bridge closed - Kestrel News",
               "TTTT/...");
  assert_marks("Council votes bridge\nThe council voted.", "Council votes bridge closed - Kestrel News", ".../...");
  assert_marks("Council votes bridge closed for a year\nThe council voted.", "Council votes bridge closed",
               "......./...");
  assert_marks("Council Votes on Bridge\n\nOne came now.\nTwo came now.\nThree came now.", "", "TTTT/.../.../...");
  assert_marks("The council voted on it.\n\nOne came now.\nTwo came now.\nThree came now.", "", "...../.../.../...");
}

static void assert_dateline(const char *text, size_t len) {
  size_t got = rp_credit_dateline(str(text));
  if (got != len) fail_msg("'%s': %zu, not %zu", text, got, len);
}

static void datelines_are_read(void **state) {
  (void)state;
  assert_dateline("WASHINGTON (Sputnik) - The", 23);
  assert_dateline("MOSCOW, October 4. /TASS/. The", 26);
  assert_dateline("BEIJING, Sept. 2 (Xinhua) -- The", 29);
  assert_dateline("KYIV , June 16, 2012 /PRNewswire/ -- The", 37);
  assert_dateline("Storrs, Connecticut (CNN) \xE2\x80\x93 The", 30);
  assert_dateline("CHARLESTON, S.C.\xE2\x80\x94The", 19);
  assert_dateline("NEW YORK/BOSTON (Reuters) - The", 28);
  assert_dateline("LAKE BUENA VISTA, Fla. - The", 25);
  assert_dateline("Tokyo (dpa) - The", 14);
  assert_dateline("(Reuters) - The", 12);
  /* a month in lower case, in Russian and French */
  assert_dateline("\xD0\x9C\xD0\x9E\xD0\xA1\xD0\x9A\xD0\x92\xD0\x90, 4 \xD0\xBE\xD0\xBA\xD1\x82 - The", 25);
  assert_dateline("Paris, 4 octobre (AFP) - The", 25);
  assert_dateline("Berlin/Bonn (dpa) \xE2\x80\x93 The", 22);
  assert_dateline("Hill, 4 of them (lately) - came", 0);
  assert_dateline("NEW DELHI (PTI): The", 16);
  assert_dateline("The mayor (pictured) - a man of few words", 0);
  assert_dateline("Ann Hill (R-Ky.) \xE2\x80\x94 who came", 0);
  assert_dateline("Ann Hill \xE2\x80\x94 who came", 0);
  assert_dateline("The harbour - once busy - is empty", 0);
  assert_dateline("US-led forces came", 0);
  assert_dateline("US \xE2\x80\x94 The", 0);
  assert_dateline("I \xE2\x80\x94 we \xE2\x80\x94 came", 0);
  assert_dateline("", 0);
  assert_dateline("((((", 0);
  assert_story_kept("", "", "", "");
  MARKS("KESTREL BAY (Heron) - The council voted on Tuesday to close it.", "DDD........");
}

static void credits_are_marked(void **state) {
  (void)state;
  assert_story_kept("By Ann Hill\n", "CCC/", "", "");
  assert_story_kept("By Ann Hill | Bay Tribune staff\n", "CCCCCC/", "Ann Lake contributed to this report.\n",
                    "/CCCCCC");
  assert_story_kept("Ann Hill\n", "CC/", "(Reporting by Ann Hill; editing by Bob Lake)\n", "/CCCCCCCC");
  assert_story_kept("", "", "Source: Heron News\n", "/CCC");
  assert_story_kept("", "", "Originally published by Heron News.\n", "/CCCCC");
  assert_story_kept("", "", "Copyright 2020 Heron News. All rights reserved.\n", "/CCCCCCC");
  assert_story_kept("", "", "(With files from Heron)\n", "/CCCC");
  assert_story_kept("", "", "He came to the bridge again. Ann Lake of Heron contributed to this report.\n",
                    "/......CCCCCCCC");
  assert_story_kept("", "", "This article originally appeared in Heron News.\n", "/CCCCCCC");
  assert_story_kept("The plan first appeared in a letter last August.\n", "........./", "", "");
  assert_story_kept("The report was compiled by a team of the council.\n", "........../", "", "");
  assert_story_kept("By the end of May the bridge will stand.\n", "........./", "", "");
}

static void the_readers_marks_come_first(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w;
  assert_int_equal(rp_words_split(str("One two three four five six."), &arena, &w, NULL), RP_OK);
  static const rp_mark mark[] = {
      {0, 3, RP_REASON_TITLE}, {4, 7, RP_REASON_CREDIT}, {7, 9, RP_REASON_FURNITURE}, {14, 200, RP_REASON_DATELINE}};
  assert_int_equal(rp_words_mark(&w, mark, 4, str("x"), &arena, NULL), RP_OK);
  char got[7] = "";
  for (size_t i = 0; i < w.n; i++) got[i] = letter(w.flag[i]);
  assert_string_equal(got, "TCFDDD");
  rp_arena_release(&arena);
}

static void lines_broken_by_width_are_no_paragraphs(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  char text[2048] = "";
  for (int i = 0; i < 12; i++)
    strcat(text, i == 6 ? "the last line of it.\n\n" : "and so the lines of this old text are of one width\n");
  rp_words w;
  assert_int_equal(rp_words_split(str(text), &arena, &w, NULL), RP_OK);
  size_t n = 0;
  for (size_t i = 0; i < w.n; i++) n += (w.flag[i] & RP_WORD_PARAGRAPH) != 0;
  assert_int_equal(n, 2);
  rp_arena_release(&arena);
}

static void a_whole_page_keeps_its_story(void **state) {
  (void)state;
  assert_marks(
      "Council 'Far Apart' on Bridge, Hill Says\n\n"
      "\xC2\xA9 Kestrel / Ann Lake / Go to the picture deskMayor Ann Hill speaks to the press.\n"
      "Mayor Ann Hill speaks to the press. - Kestrel News\n"
      "Subscribe\n"
      "KESTREL BAY (Kestrel) - The council is far apart on the bridge, Hill said.\n\n" LQ "We will talk," RQ
      " she said.\n\n"
      "Workers at the old bridge in Kestrel Bay - Kestrel News\n"
      "Bridge Likely to Stay Closed Through Winter, Builder Says\n"
      "The works will begin in the spring.\n\n"
      "Newsfeed\n0\nlog in or register\nloader\nHeading of the open page",
      "Council Far Apart on Bridge, Hill Says",
      "TTTTTTT/FFFFFFFFFFFFFF/FFFFFFFFF/F/DDD........../QQQ../FFFFFFFFFF/FFFFFFFFF/......./F/F/FFFF/F/FFFFF");
}

static void any_bytes_are_marked_in_linear_time(void **state) {
  (void)state;
  static const char *const unit[] = {
      "\" a ",   "' a",     "a\n",          "\n",      "(",      "(@a) ", "\xE2\x80\x94 (@a)",
      "AB: ",    "AB: c\n", "- A B\n",      "share\n", "By A\n", "A (",   "\xE2\x80\x9E\x61",
      "a: \n\"", "(Photo ", "1 min read\n", "A "};
  size_t len = 1 << 18;
  char *text = rp_malloc(len);
  rp_arena arena;
  rp_arena_init(&arena);
  srand(5);
  for (size_t u = 0; u < 200; u++) {
    bool pure = u < sizeof unit / sizeof *unit;
    size_t n = pure ? len : 300;
    for (size_t at = 0; at < n;) {
      const char *piece = unit[pure ? u : (size_t)rand() % (sizeof unit / sizeof *unit)];
      for (size_t k = 0; piece[k] != '\0' && at < n; k++) text[at++] = rand() % 40 || pure ? piece[k] : (char)rand();
    }
    rp_words w;
    assert_int_equal(rp_words_split((rp_str){text, n}, &arena, &w, NULL), RP_OK);
    assert_int_equal(rp_words_mark(&w, NULL, 0, str(u % 2 ? "a" : ""), &arena, NULL), RP_OK);
    rp_arena_clear(&arena, 0);
  }
  rp_free(text);
  rp_arena_release(&arena);
}

static void memory_may_be_short(void **state) {
  (void)state;
  rp_arena arena;
  rp_words w;
  for (long n = 1;; n++) {
    rp_arena_init(&arena);
    char text[8000];
    for (size_t i = 0; i < sizeof text; i++) text[i] = i % 2 ? '\n' : 'a';
    assert_int_equal(rp_words_split((rp_str){text, sizeof text}, &arena, &w, NULL), RP_OK);
    rp_mem_fail_after(n);
    rp_status status = rp_words_mark(&w, NULL, 0, str("a title"), &arena, NULL);
    rp_mem_fail_after(0);
    rp_arena_release(&arena);
    if (status == RP_OK) break;
    assert_int_equal(status, RP_ERR_MEMORY);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(marks_of_every_style_quote),
      cmocka_unit_test(single_marks_quote_where_they_are_no_apostrophes),
      cmocka_unit_test(paragraphs_end_quotations),
      cmocka_unit_test(posts_and_transcripts_are_quoted),
      cmocka_unit_test(page_lines_are_furniture),
      cmocka_unit_test(captions_and_teasers_stand_in_the_middle),
      cmocka_unit_test(titles_are_known_by_their_words),
      cmocka_unit_test(datelines_are_read),
      cmocka_unit_test(credits_are_marked),
      cmocka_unit_test(the_readers_marks_come_first),
      cmocka_unit_test(lines_broken_by_width_are_no_paragraphs),
      cmocka_unit_test(a_whole_page_keeps_its_story),
      cmocka_unit_test(any_bytes_are_marked_in_linear_time),
      cmocka_unit_test(memory_may_be_short),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
