"""A blog's export as articles: what it calls posts, with their authors, topics and addresses."""

import re
from collections import Counter
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from booking.articles.limits import BODY, NAME, SUMMARY, TITLE
from booking.articles.operations import Draft
from booking.articles.sources import dates, html, paragraphs, shortcodes, wordpress_file
from booking.articles.sources.files import Pictures
from booking.articles.sources.found import (
    Found,
    Harvest,
    More,
    SourceError,
    Told,
    Wish,
    check_length,
    counted,
    cut,
    host_of,
    one_line,
    prose,
    slug_of,
    source_key,
    summary_of,
    wish,
)
from booking.articles.sources.wordpress_file import Blog, Row
from booking.articles.sources.wordpress_pictures import Album, PostPictures

TOPIC_DOMAINS = {"category", "tag", "post_tag"}
NO_TOPICS = {"uncategorized", "uncategorised"}
LEFT_STATES = {"trash": "lies in the trash", "auto-draft": "was never written"}
NO_DATE = "0000-00-00"


def from_wordpress(path: Path, told: Told) -> Harvest:
    """Read an export whole; raises SourceError when it is none, and then nothing is taken."""
    blog = wordpress_file.read(path)
    harvest = Harvest()
    if blog.control_characters:
        harvest.notes.append(f"left out: {counted(blog.control_characters, 'control character')}")
    album = Album(blog.rows, Pictures(*filter(None, (told.uploads, path.parent))))
    wanted = {"post", "page"} if told.pages else {"post"}
    others = Counter(row.kind for row in blog.rows if row.kind not in wanted)
    others.pop("attachment", None)  # They come with the posts that show them.
    harvest.notes += [
        f"not taken: {count} of the kind “{one_line(kind, 40)}”"
        for kind, count in sorted(others.items())
    ]
    keys: set[str] = set()
    for row in blog.rows:
        if row.kind not in wanted:
            continue
        try:
            found = _Post(row, blog, album, told).found()
        except SourceError as error:
            harvest.left.append((_called(row), str(error)))
            continue
        if found.key in keys:
            found.key = source_key("wp", f"{row['wp:post_id']} {found.key}")
            found.notes.append("another post of the export is known by the same name")
        keys.add(found.key)
        harvest.found.append(found)
    return harvest


def _called(row: Row) -> str:
    return html.plain(row["title"])[:80] or f"post {one_line(row['wp:post_id'], 20)}"


class _Post:
    """One post on its way to an article; `notes` gathers what the owner has to know."""

    def __init__(self, row: Row, blog: Blog, album: Album, told: Told):
        self.row = row
        self.blog = blog
        self.album = album
        self.told = told
        self.notes: list[str] = []
        self.hosts = frozenset(host_of(address) for address in blog.addresses) - {""}

    def found(self) -> Found:
        """Return the article; raises SourceError for what is no article, saying why."""
        state = self.row["wp:status"].strip()
        if state in LEFT_STATES:
            raise SourceError(LEFT_STATES[state])
        if len(self.row["content:encoded"]) > 3 * BODY:
            raise SourceError("holds more text than an article may")
        pictures = PostPictures(self.album, _called(self.row), self.notes)
        shown, left = shortcodes.expand(self.row["content:encoded"], self.album.gallery)
        for name, count in sorted(Counter(left).items()):
            times = f" ({count} times)" if count > 1 else ""
            self.notes.append(f"the shortcode [{name}] was left out{times}")
        shown = paragraphs.as_html(shown)
        text, first = html.to_markdown(shown, pictures.markdown, self.notes)
        body = prose(text)
        if not body:
            raise SourceError("holds no text")
        check_length(body, len(pictures.seen))
        title = self._title(first)
        published_at = self._published(state)
        draft = Draft(
            title=title,
            slug=self._slug(title),
            body=body,
            author=self._author(),
            summary=self._summary(first),
            published_at=published_at,
        )
        more = More(cover=pictures.cover(self.row.meta.get("_thumbnail_id", "")))
        pictures.note()
        return Found(
            draft,
            self._key(),
            wishes=self._wishes(),
            addresses=self._addresses(),
            hosts=self.hosts,
            pictures=pictures.seen,
            more=more,
            notes=self.notes,
        )

    def _key(self) -> str:
        known = self.row["guid"].strip() or self.row["link"].strip()
        number = self.row["wp:post_id"].strip() or f"{self.row['title']} {self.row['wp:post_date']}"
        return source_key("wp", known or f"post {number}")

    def _title(self, first: str) -> str:
        title = cut("title", html.plain(self.row["title"]), TITLE, self.notes)
        if title:
            return title
        self.notes.append("had no title; its first words stand there")
        return one_line(first, 60) or f"Post {one_line(self.row['wp:post_id'], 20)}".strip()

    def _slug(self, title: str) -> str:
        name = unquote(self.row["wp:post_name"]).strip()
        return slug_of(name or title)

    def _author(self) -> str:
        login = self.row["dc:creator"].strip()
        return cut("author", unescape(self.blog.authors.get(login, login)), NAME, self.notes)

    def _summary(self, first: str) -> str:
        given = html.plain(self.row["excerpt:encoded"])
        return cut("summary", given, SUMMARY, self.notes) or one_line(summary_of(first), SUMMARY)

    def _wishes(self) -> list[Wish]:
        found = [
            wish(unescape(name), unquote(nicename))
            for domain, nicename, name in self.row.terms
            if (domain in TOPIC_DOMAINS or not domain) and nicename not in NO_TOPICS
            and name.lower() not in NO_TOPICS
        ]  # fmt: skip
        # The oldest exports name each twice, once without its slug.
        return list({one.name.casefold(): one for one in found if one}.values())

    def _published(self, state: str) -> datetime | None:
        if state not in {"publish", "future", "private"}:
            if state not in {"draft", "pending"}:
                self.notes.append(
                    f"its state “{one_line(state, 30)}” is not known: kept as a draft"
                )
            return None
        when = self._date()
        if state == "private" or self.row["wp:post_password"].strip():
            self.notes.append("was not for everybody: kept as a draft")
            return None
        if when is None:
            self.notes.append("has no date that can be meant: kept as a draft")
        elif when > self.told.now:
            self.notes.append("its date is to come, so it is planned")
        return when

    def _date(self) -> datetime | None:
        """Return when it was published: by UTC, else by the wall, else as its feed has it."""
        typed_utc, typed = self.row["wp:post_date_gmt"].strip(), self.row["wp:post_date"].strip()
        zone, now = self.told.zone, self.told.now
        as_utc = _aware(typed_utc)
        when = dates.plausible(as_utc, now) if as_utc else None
        if when is None and typed_utc:
            self._note_date(typed_utc)
        if when is None:
            when = dates.instant(typed, zone, now)
            if when is None and typed and typed != typed_utc:
                self._note_date(typed)
        return when or dates.mail_date(self.row["pubDate"], now)

    def _note_date(self, typed: str) -> None:
        self.notes.append(f"the date {one_line(typed, 30)} is wrong")

    def _addresses(self) -> list[str]:
        given = [self.row["link"].strip(), self.row["guid"].strip()]
        number = self.row["wp:post_id"].strip()
        short = [f"/?p={number}"] if number.isascii() and number.isdigit() else []
        ours = [one for one in given if one and (not self.hosts or host_of(one) in self.hosts)]
        return ours + short


def _aware(typed: str) -> datetime | None:
    if typed.startswith(NO_DATE) or not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", typed):
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=UTC)
    except ValueError:
        return None
