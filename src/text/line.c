#include "text/line.h"

#include <string.h>

#include "base/sort.h"

enum {
  NOTICE_MAX = 30,  /* words of a line that begins like a notice */
  WHOLE_MAX = 8,    /* words of a known line */
  LABEL_MAX = 40,   /* bytes up to the colon of a label */
  CAPTION_MAX = 60, /* words of a caption with its credit */
  TEASER_MAX = 20,  /* words of a headline between paragraphs */
  REPEAT_MAX = 12,  /* words of a short line that repeats */
  TAIL_MAX = 8,     /* words of a line in the remains of a page's end */
  TAIL_LINES = 3,
  VIEWS_MAX = 50, /* words of "views expressed are their own" */
};

/* clang-format off */
/* Lines that consist of this alone. */
static const char *const whole[] = {
    "ad", "ads", "advertisement", "advertisement advertisement", "advertising", "sponsored", "sponsored content",
    "promoted", "promoted content", "paid content", "story continued below", "story continues below",
    "article continues below", "article continues below advertisement", "continue reading", "continue reading below",
    "continue reading the main story", "advertisement continue reading the main story", "skip advertisement",
    "read more", "read more here", "read next", "read also", "also read", "see also", "learn more", "show more",
    "load more", "view more", "see more", "related", "related stories", "related articles", "related content",
    "related news", "related topics", "more on this", "more on this story", "more stories", "most read", "most popular",
    "most viewed", "trending", "trending now", "recommended", "recommended for you", "you may also like",
    "you might also like", "editor s picks", "top stories", "latest news", "watch", "watch live", "watch now", "video",
    "videos", "photo", "photos", "image", "images", "gallery", "slideshow", "close", "share", "shares", "share this",
    "share this article", "share this story", "share on facebook", "share on twitter", "tweet", "email", "e mail",
    "print", "facebook", "twitter", "whatsapp", "pinterest", "linkedin", "reddit", "instagram", "youtube", "telegram",
    "messenger", "pocket", "copy link", "link copied", "save", "bookmark", "subscribe", "subscribe now",
    "subscribe today", "sign up", "sign up now", "sign in", "log in", "login", "log out", "register",
    "log in or register", "log in to comment", "to participate in the discussion", "join the conversation",
    "join the discussion", "newsfeed", "loader", "loading", "chats", "chat", "comments", "comment", "leave a comment",
    "leave a reply", "add a comment", "no comments", "view comments", "show comments", "post comment", "post a comment",
    "reply", "report abuse", "newsletter", "newsletters", "newsletter sign up", "play", "pause", "play video", "menu",
    "search", "home", "back to top", "next", "previous", "prev", "pullquote", "toggle caption", "hide caption",
    "share tweet post email", "follow us", "contact us", "about us", "privacy policy", "cookie policy", "terms of use",
    "terms of service", "terms and conditions", "getty images", "tags", "topics", "anzeige", "werbung",
    "mehr zum thema", "lesen sie auch", "weiterlesen", "teilen", "kommentare", "publicite", "lire aussi",
    "a lire aussi", "partager", "commentaires", "publicidad", "leer mas", "lea tambien", "compartir", "comentarios",
    "publicidade", "leia mais", "leia tambem", "compartilhar", "pubblicita", "leggi anche", "condividi", "commenti",
    "реклама", "читаите также", "подписаться", "поделиться", "комментарии", NULL};

/* How notices of a page begin. */
static const char *const notice[] = {
    "sign up for", "sign up to", "subscribe to", "subscribe for", "subscribe now", "click here to", "click here for",
    "click to", "follow us on", "like us on", "join us on", "find us on", "get the latest", "get breaking news",
    "get all the latest", "get our", "thank you for signing up", "thanks for signing up", "thank you for subscribing",
    "image copyright", "image caption", "image source", "media caption", "media playback is", "enlarge this image",
    "toggle caption", "hide caption", "this article is more than", "by signing up", "by subscribing",
    "by using this site", "we use cookies", "this site uses cookies", "this website uses cookies",
    "this site is protected", "please enable", "your browser does not", "your browser doesn t", "photo by",
    "photo courtesy", "photograph by", "photos by", "picture by", "file photo", "share this", "slideshow",
    "scroll down to", "scroll to continue", "download our app", "download the app", "download our free",
    "watch the latest", "see the app", "read more about", "read the full story", "read the full article", "read also",
    "also read", "see also", "you can unsubscribe", "newsletter sign up", "already a subscriber",
    "already have an account", "want more", "don t miss", "this is a rush transcript", "this video is no longer",
    "this content is not available", "story continued below", "story continues below", "article continues below",
    "updated see the", "contact the newsroom", NULL};

/* What a page puts before a colon. */
static const char *const label[] = {
    "photo", "photos", "image", "images", "picture", "pictures", "pictured", "video", "videos", "watch", "watch live",
    "read", "read more", "read also", "read next", "also read", "see also", "more", "related", "related stories",
    "related coverage", "related story", "related article", "recommended", "gallery", "slideshow", "listen",
    "photo credit", "image credit", "image source", "file photo", "credit", "foto", "bild", "photo by", "tags",
    "topics", "filed under", "also on", "lesen sie auch", "lire aussi", "lea tambien", "leia tambem", "leggi anche",
    NULL};

/* Whose pictures these are, where a bracket, bar or slash stands before it. */
static const char *const picture[] = {
    "photo", "photos", "file photo", "ap photo", "ap photos", "afp photo", "reuters photo", "getty", "getty images",
    "image", "images", "picture", "pictures", "credit", "foto", "shutterstock", "istock", "epa", "reuters", "afp", "ap",
    NULL};

static const char *const views[] = {
    "views expressed", "opinions expressed", "views and opinions", "the views of", "own views", NULL};
static const char *const disclaims[] = {
    "their own", "his own", "her own", "the author s own", "those of the author", "do not necessarily",
    "does not necessarily", "not the views of", "do not represent", "do not reflect", "not necessarily those", NULL};
/* clang-format on */

/* ---- one line by itself ----------------------------------------------------- */

static size_t n_words(const rp_line *line) { return line->last - line->first; }

/* "6 years ago", "4 min read", and bare numbers of counters. */
static bool is_age(const rp_words *words, const rp_line *line) {
  static const char *const unit[] = {"second", "seconds", "minute", "minutes", "min",  "mins",
                                     "hour",   "hours",   "day",    "days",    "week", "weeks",
                                     "month",  "months",  "year",   "years",   NULL};
  static const char *const tail[] = {"ago", "read", NULL};
  size_t i = line->first;
  if ((words->flag[i] & RP_WORD_NUMBER) == 0 || n_words(line) != 3) return false;
  return rp_phrase_any(words, i + 1, line->last, unit) == 1 && rp_phrase_any(words, i + 2, line->last, tail) == 1;
}

static bool has_byte(const rp_words *words, const rp_line *line, char byte) {
  return memchr(words->text.data + line->start, byte, line->end - line->start) != NULL;
}

static bool is_follow(const rp_words *words, const rp_line *line) {
  static const char *const network[] = {"twitter", "facebook", "instagram", "youtube", "linkedin", "telegram", NULL};
  if (n_words(line) > 15 || rp_phrase_at(words, line->first, line->last, "follow") == 0) return false;
  return has_byte(words, line, '@') || rp_phrase_find(words, line->first, line->last, network) < line->last;
}

static bool is_labelled(const rp_words *words, const rp_line *line) {
  size_t reach = line->end - line->start < LABEL_MAX ? line->end - line->start : LABEL_MAX;
  if (n_words(line) > NOTICE_MAX || memchr(words->text.data + line->start, ':', reach) == NULL) return false;
  size_t n = rp_phrase_any(words, line->first, line->last, label);
  if (n == 0) return false;
  size_t at = words->end[line->first + n - 1];
  while (at < line->end && words->text.data[at] == ' ') at++;
  return at < line->end && words->text.data[at] == ':';
}

/* Nothing but the wording of pages; sure enough to judge its neighbours by. */
static bool is_interface(const rp_words *words, const rp_line *line) {
  if (n_words(line) > WHOLE_MAX) return false;
  return rp_phrase_any(words, line->first, line->last, whole) == n_words(line) || is_age(words, line);
}

static bool is_notice(const rp_words *words, const rp_line *line) {
  return (n_words(line) <= NOTICE_MAX && rp_phrase_any(words, line->first, line->last, notice) > 0) ||
         is_follow(words, line) || is_labelled(words, line);
}

static bool is_disclaimer(const rp_words *words, const rp_line *line) {
  return n_words(line) <= VIEWS_MAX && rp_phrase_find(words, line->first, line->last, views) < line->last &&
         rp_phrase_find(words, line->first, line->last, disclaims) < line->last;
}

static bool begins_with(const rp_words *words, const rp_line *line, const char *bytes) {
  size_t n = strlen(bytes);
  return line->end - line->start >= n && memcmp(words->text.data + line->start, bytes, n) == 0;
}

/* A bracket, bar, slash or © right before word `i`. */
static bool is_set_off(const rp_words *words, size_t i, size_t floor) {
  size_t at = words->start[i];
  while (at > floor && words->text.data[at - 1] == ' ') at--;
  if (at == floor) return false;
  char c = words->text.data[at - 1];
  return c == '(' || c == '[' || c == '|' || c == '/' || (c == '\xA9' && at >= floor + 2);
}

static bool is_caption(const rp_words *words, const rp_line *line) {
  if (n_words(line) > CAPTION_MAX) return false;
  if (begins_with(words, line, "\xC2\xA9") || begins_with(words, line, "FILE - ") ||
      begins_with(words, line, "FILE PHOTO"))
    return true;
  /* (Reuters) is a dateline near the beginning: a credit stands at the end. */
  size_t i = n_words(line) > 10 ? line->last - 10 : line->first;
  for (; i < line->last; i++) {
    if (!is_set_off(words, i, line->start)) continue;
    size_t n = rp_phrase_any(words, i, line->last, picture);
    if (n == 0) continue;
    char c = words->text.data[line->end - 1];
    bool short_tail = line->last - i - n <= 4;
    if (c == ')' || c == ']' || (short_tail && !line->is_sentence)) return true;
  }
  return false;
}

/* ---- lines among others ------------------------------------------------------ */

static bool is_furniture(const rp_words *words, const rp_line *line) {
  return (words->flag[line->first] & RP_WORD_FURNITURE) != 0;
}

/* Most of its longer words begin with a capital. */
static bool is_title_case(const rp_words *words, const rp_line *line) {
  size_t n = 0, capital = 0;
  for (size_t i = line->first; i < line->last; i++) {
    if (words->end[i] - words->start[i] < 4) continue;
    n++;
    capital += (words->flag[i] & RP_WORD_CAPITAL) != 0;
  }
  return n >= 3 && capital * 10 >= n * 7;
}

/* A headline that stands right beside furniture, with no empty line between. */
static bool is_teaser(const rp_words *words, const rp_lines *lines, size_t k) {
  const rp_line *line = &lines->line[k];
  if (line->is_sentence || n_words(line) > TEASER_MAX || !is_title_case(words, line)) return false;
  return (k > 0 && !line->is_alone && is_furniture(words, line - 1)) ||
         (k + 1 < lines->n && !line[1].is_alone && is_furniture(words, line + 1));
}

/* The first word of " - Site Name" or " | Site Name" at the end of a line. */
static size_t tail_of(const rp_words *words, const rp_line *line) {
  if (line->is_sentence || n_words(line) < 3) return line->last;
  for (size_t i = line->last - 1; i > line->first && line->last - i <= 4; i--) {
    if ((words->flag[i] & RP_WORD_CAPITAL) == 0) break;
    size_t at = words->start[i], from = words->end[i - 1];
    if (at - from < 3) continue;
    const char *gap = words->text.data + from;
    if (memchr(gap, '|', at - from) != NULL || memchr(gap, '-', at - from) != NULL ||
        (at - from > 4 && memcmp(words->text.data + at - 4, "\xE2\x80", 2) == 0))
      return i;
  }
  return line->last;
}

static uint64_t hash_words(const rp_words *words, size_t first, size_t last) {
  uint64_t h = last - first;
  for (size_t i = first; i < last; i++) h = (h ^ words->hash[i]) * 0x9E3779B97F4A7C15u;
  return h | 1;
}

/* What a line shares with others that repeat: all of it, or its tail; 0: nothing. */
static uint64_t repeat_key(const rp_words *words, const rp_line *line) {
  size_t tail = tail_of(words, line);
  if (tail < line->last && n_words(line) <= NOTICE_MAX) return hash_words(words, tail, line->last);
  if (line->is_sentence || n_words(line) > REPEAT_MAX) return 0;
  return hash_words(words, line->first, line->last);
}

static rp_status mark_repeats(rp_words *words, const rp_lines *lines, rp_arena *arena, rp_error *error) {
  uint64_t *key = RP_NEW(arena, uint64_t, lines->n), *sorted = RP_NEW(arena, uint64_t, lines->n);
  uint64_t *scratch = RP_NEW(arena, uint64_t, lines->n);
  if (key == NULL || sorted == NULL || scratch == NULL) return rp_fail_memory(error);
  for (size_t k = 0; k < lines->n; k++) sorted[k] = key[k] = repeat_key(words, &lines->line[k]);
  rp_sort_u64(sorted, scratch, lines->n);
  for (size_t k = 0; k < lines->n; k++) {
    if (key[k] == 0) continue;
    size_t low = 0, high = lines->n;
    while (low < high) {
      size_t mid = low + (high - low) / 2;
      if (sorted[mid] < key[k])
        low = mid + 1;
      else
        high = mid;
    }
    if (low + 1 < lines->n && sorted[low + 1] == key[k]) {
      rp_phrase_flag(words, lines->line[k].first, lines->line[k].last, RP_WORD_FURNITURE);
    }
  }
  return RP_OK;
}

/* The remains at a page's end: short lines, one of them surely an interface. */
static void mark_tail(rp_words *words, const rp_lines *lines) {
  size_t from = lines->n;
  bool sure = false;
  while (from > 0 && n_words(&lines->line[from - 1]) <= TAIL_MAX && !lines->line[from - 1].is_sentence) {
    from--;
    sure = sure || is_interface(words, &lines->line[from]);
  }
  if (!sure || lines->n - from < TAIL_LINES) return;
  rp_phrase_flag(words, lines->line[from].first, words->n, RP_WORD_FURNITURE);
}

rp_status rp_line_mark(rp_words *words, const rp_lines *lines, rp_arena *arena, rp_error *error) {
  for (size_t k = 0; k < lines->n; k++) {
    const rp_line *line = &lines->line[k];
    if (n_words(line) > CAPTION_MAX) continue;
    if (is_interface(words, line) || is_notice(words, line) || is_caption(words, line) || is_disclaimer(words, line)) {
      rp_phrase_flag(words, line->first, line->last, RP_WORD_FURNITURE);
    }
  }
  rp_arena_mark before = rp_arena_get(arena);
  rp_status status = mark_repeats(words, lines, arena, error);
  rp_arena_rewind(arena, before);
  if (status != RP_OK) return status;
  mark_tail(words, lines);
  for (size_t k = 0; k < lines->n; k++) {
    if (is_teaser(words, lines, k)) {
      rp_phrase_flag(words, lines->line[k].first, lines->line[k].last, RP_WORD_FURNITURE);
    }
  }
  return RP_OK;
}
