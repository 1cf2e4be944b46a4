#include "ingest/sniff.h"

#include <string.h>

#include "ingest/charset.h"
#include "ingest/split.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

static bool begins_with(rp_str s, const char *lower_prefix) {
  size_t n = strlen(lower_prefix);
  if (s.len < n) return false;
  for (size_t i = 0; i < n; i++)
    if (lower(s.data[i]) != lower_prefix[i]) return false;
  return true;
}

static rp_str skip_space(rp_str s) {
  while (s.len && is_space(s.data[0])) s.data++, s.len--;
  return s;
}

static rp_str name_of(rp_str path) {
  for (size_t i = path.len; i > 0; i--)
    if (path.data[i - 1] == '/') return (rp_str){path.data + i, path.len - i};
  return path;
}

static rp_str extension_of(rp_str path) {
  rp_str name = name_of(path);
  for (size_t i = name.len; i > 1; i--)
    if (name.data[i - 1] == '.') return (rp_str){name.data + i, name.len - i};
  return (rp_str){0};
}

/* `list`: words with a space on both sides, lower case. */
static bool is_one_of(rp_str word, const char *list) {
  char key[18];
  if (word.len == 0 || word.len > sizeof key - 3) return false;
  key[0] = ' ';
  for (size_t i = 0; i < word.len; i++) key[i + 1] = lower(word.data[i]);
  key[word.len + 1] = ' ';
  key[word.len + 2] = '\0';
  return strstr(list, key) != NULL;
}

/* "feed.jsonl", "feed.ndjson.gz" */
static bool is_jsonl_name(rp_str path) {
  rp_str extension = extension_of(path);
  if (is_one_of(extension, " gz zst xz bz2 "))
    extension = extension_of((rp_str){path.data, path.len - extension.len - 1});
  return is_one_of(extension, " jsonl ndjson jl ");
}

bool rp_sniff_is_hidden(rp_str path) {
  rp_str name = name_of(path);
  return name.len && name.data[0] == '.';
}

bool rp_sniff_is_text_name(rp_str path) {
  return !is_one_of(extension_of(path),
                    " c h cc cpp hpp py pyc js ts mjs css scss less java go rs rb pl php sh bat ps1 sql r m swift kt "
                    "csv tsv tab xml xsl xsd svg rss atom json jsonl ndjson map yml yaml toml ini cfg conf lock log "
                    "md rst tex bib cmake mk make diff patch po pot bak tmp swp dat idx cdx properties gitignore ");
}

/* Comments and a byte-order mark may stand before the first tag. */
static rp_str skip_preamble(rp_str s) {
  size_t bom = rp_charset_bom(s, NULL);
  s = skip_space((rp_str){s.data + bom, s.len - bom});
  while (begins_with(s, "<!--")) {
    size_t i = 4;
    while (i + 3 <= s.len && memcmp(s.data + i, "-->", 3) != 0) i++;
    if (i + 3 > s.len) return s;
    s = skip_space((rp_str){s.data + i + 3, s.len - i - 3});
  }
  return s;
}

static bool is_html(rp_str s) {
  static const char *const tags[] = {"html", "head", "body", "title",  "meta",   "link", "script",  "style",   "div",
                                     "p",    "h1",   "h2",   "table",  "a",      "br",   "article", "section", "main",
                                     "span", "font", "b",    "center", "header", "nav",  "base"};
  if (begins_with(s, "<!doctype html")) return true;
  if (s.len < 2 || s.data[0] != '<') return false;
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
    rp_str rest = {s.data + 1, s.len - 1};
    size_t n = strlen(tags[i]);
    if (begins_with(rest, tags[i]) && (rest.len == n || is_space(rest.data[n]) || strchr("/>", rest.data[n])))
      return true;
  }
  return false;
}

/* "<?xml ...": XHTML or another language? */
static bool is_xhtml(rp_str s) {
  size_t n = s.len < 2048 ? s.len : 2048;
  for (size_t i = 0; i + 14 < n; i++) {
    rp_str rest = {s.data + i, s.len - i};
    if (begins_with(rest, "<!doctype html") || begins_with(rest, "<html")) return true;
  }
  return false;
}

/* JSON Lines where the first line is one whole value, or was cut: a line end
 * inside a string, or a line that begins a new object though the one before it
 * does not go on. */
static rp_content json_kind(rp_str s, rp_str path, bool is_all) {
  if (is_jsonl_name(path)) return RP_CONTENT_JSONL;
  if (s.data[0] == '[') return RP_CONTENT_JSON;
  const char *newline = memchr(s.data, '\n', s.len);
  if (!newline && !is_all) return RP_CONTENT_MORE;
  size_t line = newline ? (size_t)(newline - s.data) : s.len, at = 0;
  rp_split split = {0};
  bool has_ended = false;
  for (rp_split_event e; (e = rp_split_next(&split, s.data, line, &at)) != RP_SPLIT_MORE;) {
    if (e == RP_SPLIT_START && has_ended) return RP_CONTENT_JSON;
    has_ended |= e == RP_SPLIT_END;
  }
  if (!split.in_record) return newline ? RP_CONTENT_JSONL : RP_CONTENT_JSON;
  if (!newline) return RP_CONTENT_JSON;
  if (split.in_string) return RP_CONTENT_JSONL;
  while (line > 0 && is_space(s.data[line - 1])) line--;
  rp_str next = skip_space((rp_str){newline, s.len - (size_t)(newline - s.data)});
  bool goes_on = line == 0 || strchr("{[,:", s.data[line - 1]);
  return !goes_on && next.len && next.data[0] == '{' ? RP_CONTENT_JSONL : RP_CONTENT_JSON;
}

static rp_str after(rp_str s, size_t n) { return skip_space((rp_str){s.data + n, s.len - n}); }

/* A string and a colon: the first member of an object.  What the bytes at hand
 * cut off is taken for granted. */
static bool is_member(rp_str s) {
  for (size_t i = 1; i < s.len; i++) {
    if (s.data[i] == '\\') {
      i++;
    } else if (s.data[i] == '"') {
      rp_str rest = after(s, i + 1);
      return rest.len == 0 || rest.data[0] == ':';
    } else if (s.data[i] == '\n') {
      return false;
    }
  }
  return true;
}

/* Prose may begin with a bracket, too: "[] edit History". */
static bool is_json(rp_str s) {
  if (s.len == 0 || (s.data[0] != '{' && s.data[0] != '[')) return false;
  rp_str rest = after(s, 1);
  if (rest.len == 0) return true;
  if (s.data[0] == '{' && rest.data[0] == '"') return is_member(rest);
  if (s.data[0] == '[' && rest.data[0] == '{') return true;
  if (rest.data[0] != (s.data[0] == '{' ? '}' : ']')) return false;
  rp_str next = after(rest, 1);
  return next.len == 0 || next.data[0] == s.data[0];
}

rp_content rp_sniff(rp_str bytes, rp_str path, bool is_all) {
  if (bytes.len == 0) return is_all ? RP_CONTENT_EMPTY : RP_CONTENT_MORE;
  rp_str s = skip_preamble(bytes);
  if (s.len < 16 && !is_all) return RP_CONTENT_MORE;
  if (is_json(s)) return json_kind(s, path, is_all);
  if (bytes.len < RP_SNIFF_BYTES && !is_all) return RP_CONTENT_MORE;
  if (is_html(s)) return RP_CONTENT_HTML;
  if (begins_with(s, "<?xml")) return is_xhtml(s) ? RP_CONTENT_HTML : RP_CONTENT_XML;
  if (begins_with(s, "<rss") || begins_with(s, "<feed") || begins_with(s, "<newsitem") || begins_with(s, "<nitf"))
    return RP_CONTENT_XML;
  if (begins_with(bytes, "%pdf-") || begins_with(bytes, "warc/")) return RP_CONTENT_BINARY;
  rp_str head = {bytes.data, bytes.len < RP_SNIFF_BYTES ? bytes.len : RP_SNIFF_BYTES};
  if (rp_charset_noise(head) > 0.05) return RP_CONTENT_BINARY;
  /* one bad line at the start makes no article of a feed */
  return is_jsonl_name(path) ? RP_CONTENT_JSONL : RP_CONTENT_TEXT;
}
