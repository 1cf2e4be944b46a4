#include "ingest/hint.h"

#include <string.h>

enum { MAX_WORD = 31 };

/* Words between which a class or id list falls apart: "td-post-sharing" is
 * "td", "post", "sharing"; "relatedPosts" is "related", "posts". */
static const struct {
  const char *words;
  rp_hint hint;
} table[] = {
    {" comment comments commentlist commentform commentarea disqus respond replies kommentare kommentar comentarios "
     "commentaires commenti livefyre discussion trackback trackbacks pingback ",
     RP_HINT_COMMENT},
    {" related relatedposts recommended recommendation recommendations recirc trending popular mostread similar "
     "teaserlist outbrain taboola readmore seealso verwandt empfehlung empfehlungen interlink crosslinks "
     "jp-relatedposts yarpp upnext latest linkbox weiterlesen artikelteaser ",
     RP_HINT_RELATED},
    {" share sharing shares sharebar sharedaddy addthis addtoany shareaholic social socials socialmedia follow "
     "sociable "
     "shariff whatsapp facebook twitter pinterest ",
     RP_HINT_SHARE},
    {" ad ads adbox adslot advert adverts advertisement advertising adsense banner banners sponsor sponsored sponsors "
     "promo promos promotion newsletter newsletters subscribe subscription signup paywall anzeige werbung donate "
     "donation affiliate shop cta optin mailchimp callout ",
     RP_HINT_PROMO},
    {" cookie cookies consent gdpr dsgvo cookiebar eupopup ", RP_HINT_NOTICE},
    {" nav navi navbar navigation menu submenu mainmenu topmenu breadcrumb breadcrumbs breadcrump pagination pager "
     "paging pagenav sidebar sitemap skip skiplink skiplinks toolbar topbar search searchform login "
     "postnav sidenav leftcol rightcol rail infobar dropdown lightbox modal popup overlay ",
     RP_HINT_NAVIGATION},
    {" byline bylines meta postmeta metadata metabox postinfo posted authorbox authorinfo author autor bio tags "
     "taglist "
     "tagcloud posttags keywords categories timestamp published pubdate date datetime datum rating ratings vote "
     "voting poll print printfriendly ",
     RP_HINT_META},
    {" footer foot bottom copyright legal disclaimer colophon impressum ", RP_HINT_FOOTER},
    {" caption captions credit credits bildunterschrift bildnachweis figcaption legende ", RP_HINT_CAPTION},
    {" hidden invisible noprint printonly sronly offscreen ", RP_HINT_HIDDEN},
};

static const char *const body_names[] = {
    "articlebody",   "articlecontent", "articletext",   "entrycontent",   "postcontent", "postbody",
    "posttext",      "postentry",      "storybody",     "storycontent",   "storytext",   "storyfulltext",
    "newsbody",      "newscontent",    "newstext",      "bodytext",       "maintext",    "fulltext",
    "textcontent",   "pagecontent",    "blogcontent",   "blogpost",       "contentbody", "artikeltext",
    "artikelinhalt", "articlemain",    "entrybody",     "contentarticle", "contenttext", "bodycopy",
    "articlecopy",   "storycopy",      "singlecontent", "contentsingle",  "thecontent",  "entrytext",
    "contentpost",   "postarticle",    "bodycontent",
};

static const char *const hint_reason[RP_HINT_COUNT] = {
    [RP_HINT_COMMENT] = "comment",     [RP_HINT_RELATED] = "related stories", [RP_HINT_SHARE] = "share buttons",
    [RP_HINT_PROMO] = "promotion",     [RP_HINT_NOTICE] = "notice",           [RP_HINT_NAVIGATION] = "navigation",
    [RP_HINT_META] = "byline or tags", [RP_HINT_FOOTER] = "footer",           [RP_HINT_CAPTION] = "caption",
    [RP_HINT_HIDDEN] = "hidden",
};

const char *rp_hint_reason(rp_hint hint) { return hint_reason[hint]; }

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || is_upper(c) || (c >= '0' && c <= '9'); }
static char lower(char c) { return is_upper(c) ? (char)(c + 32) : c; }

/* The next word into `word` as " word "; its length without the spaces, 0 at
 * the end. */
static size_t next_word(rp_str *names, char word[MAX_WORD + 3]) {
  size_t n = 0;
  while (names->len && !is_alnum(names->data[0])) names->data++, names->len--;
  word[0] = ' ';
  while (names->len && is_alnum(names->data[0])) {
    bool is_hump = n > 0 && is_upper(names->data[0]) && !is_upper(names->data[-1]);
    if (is_hump) break;
    if (n < MAX_WORD) word[++n] = lower(names->data[0]);
    names->data++;
    names->len--;
  }
  word[n + 1] = ' ';
  word[n + 2] = '\0';
  return n;
}

rp_hint rp_hint_of(rp_str names) {
  char word[MAX_WORD + 3];
  while (next_word(&names, word))
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
      if (strstr(table[i].words, word)) return table[i].hint;
  return RP_HINT_NONE;
}

bool rp_hint_is_body(rp_str names) {
  while (names.len) {
    char joined[MAX_WORD + 1];
    size_t n = 0;
    while (names.len && (unsigned char)names.data[0] <= ' ') names.data++, names.len--;
    for (; names.len && (unsigned char)names.data[0] > ' '; names.data++, names.len--)
      if (is_alnum(names.data[0]) && n < MAX_WORD) joined[n++] = lower(names.data[0]);
    joined[n] = '\0';
    for (size_t i = 0; n && i < sizeof body_names / sizeof *body_names; i++)
      if (strstr(joined, body_names[i])) return true;
  }
  return false;
}

/* Beginnings of lines, lower case in ASCII. */
static const struct {
  const char *start;
  rp_hint hint;
} lines[] = {
    {"related ", RP_HINT_RELATED},
    {"more on this", RP_HINT_RELATED},
    {"read more", RP_HINT_RELATED},
    {"read also", RP_HINT_RELATED},
    {"read next", RP_HINT_RELATED},
    {"see also", RP_HINT_RELATED},
    {"also read", RP_HINT_RELATED},
    {"you may also", RP_HINT_RELATED},
    {"you might also", RP_HINT_RELATED},
    {"recommended", RP_HINT_RELATED},
    {"more from", RP_HINT_RELATED},
    {"more stories", RP_HINT_RELATED},
    {"most read", RP_HINT_RELATED},
    {"up next", RP_HINT_RELATED},
    {"verwandte ", RP_HINT_RELATED},
    {"auch interessant", RP_HINT_RELATED},
    {"das k\xc3\xb6nnte ", RP_HINT_RELATED},
    {"empfohlene ", RP_HINT_RELATED},
    {"mehr zum thema", RP_HINT_RELATED},
    {"mehr zu ", RP_HINT_RELATED},
    {"zum thema", RP_HINT_RELATED},
    {"lesen sie auch", RP_HINT_RELATED},
    {"lies auch", RP_HINT_RELATED},
    {"weitere artikel", RP_HINT_RELATED},
    {"weitere beitr", RP_HINT_RELATED},
    {"weitere themen", RP_HINT_RELATED},
    {"\xc3\xa4hnliche ", RP_HINT_RELATED},
    {"lire aussi", RP_HINT_RELATED},
    {"\xc3\xa0 lire ", RP_HINT_RELATED},
    {"articles similaires", RP_HINT_RELATED},
    {"sur le m", RP_HINT_RELATED},
    {"leggi anche", RP_HINT_RELATED},
    {"lea tambi", RP_HINT_RELATED},
    {"noticias relacionadas", RP_HINT_RELATED},
    {"leia tamb", RP_HINT_RELATED},
    {"czytaj te", RP_HINT_RELATED},
    {"czytaj tak", RP_HINT_RELATED},
    {"lees ook", RP_HINT_RELATED},
    {"leave a reply", RP_HINT_COMMENT},
    {"leave a comment", RP_HINT_COMMENT},
    {"post a comment", RP_HINT_COMMENT},
    {"add a comment", RP_HINT_COMMENT},
    {"comments", RP_HINT_COMMENT},
    {"kommentare", RP_HINT_COMMENT},
    {"kommentar schreiben", RP_HINT_COMMENT},
    {"schreibe einen kommentar", RP_HINT_COMMENT},
    {"deine meinung", RP_HINT_COMMENT},
    {"commentaires", RP_HINT_COMMENT},
    {"laisser un commentaire", RP_HINT_COMMENT},
    {"comentarios", RP_HINT_COMMENT},
    {"share this", RP_HINT_SHARE},
    {"teilen mit", RP_HINT_SHARE},
    {"teilen", RP_HINT_SHARE},
    {"subscribe", RP_HINT_PROMO},
    {"sign up", RP_HINT_PROMO},
    {"newsletter", RP_HINT_PROMO},
    {"advertisement", RP_HINT_PROMO},
    {"anzeige", RP_HINT_PROMO},
    {"follow us", RP_HINT_SHARE},
    {"all rights reserved", RP_HINT_FOOTER},
    {"alle rechte vorbehalten", RP_HINT_FOOTER},
    {"copyright", RP_HINT_FOOTER},
    {"\xc2\xa9", RP_HINT_FOOTER},
};

rp_hint rp_hint_of_line(rp_str line) {
  /* a count may stand first: "12 Comments" */
  while (line.len && ((line.data[0] >= '0' && line.data[0] <= '9') || line.data[0] == ' ')) line.data++, line.len--;
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    size_t n = 0;
    while (n < line.len && lines[i].start[n] && lower(line.data[n]) == lines[i].start[n]) n++;
    if (!lines[i].start[n]) return lines[i].hint;
  }
  return RP_HINT_NONE;
}
