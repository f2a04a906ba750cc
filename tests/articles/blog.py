"""A blog's export as WordPress writes it, made for tests."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file -->
<rss version="2.0"
 xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/{version}/">
<channel>
 <title>Willow Street</title>
 <link>https://willow.example</link>
 <wp:wxr_version>{version}</wp:wxr_version>
 <wp:base_site_url>https://willow.example</wp:base_site_url>
 <wp:base_blog_url>https://willow.example</wp:base_blog_url>
 <wp:author><wp:author_login>rosa</wp:author_login>
  <wp:author_display_name><![CDATA[Rosa Field]]></wp:author_display_name></wp:author>
"""


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


@dataclass
class Post:
    """An item of the export; what is left empty is made from its number."""

    number: int
    content: str = "Words."
    title: str | None = None
    name: str | None = None
    date: str = "2019-05-01 10:00:00"
    date_utc: str = "2019-05-01 14:00:00"
    pub_date: str = ""
    status: str = "publish"
    kind: str = "post"
    creator: str = "rosa"
    excerpt: str = ""
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    more: str = ""

    def xml(self) -> str:
        title = f"Post {self.number}" if self.title is None else self.title
        name = f"post-{self.number}" if self.name is None else self.name
        terms = "".join(
            f"<category domain={quoteattr(domain)} nicename={quoteattr(slug)}>"
            f"{cdata(words)}</category>"
            for domain, slug, words in self.terms
        )
        return f"""<item><title>{cdata(title)}</title>
<link>https://willow.example/2019/05/{escape(name) or self.number}/</link>
<pubDate>{self.pub_date}</pubDate><dc:creator>{cdata(self.creator)}</dc:creator>
<guid isPermaLink="false">https://willow.example/?p={self.number}</guid>
<content:encoded>{cdata(self.content)}</content:encoded>
<excerpt:encoded>{cdata(self.excerpt)}</excerpt:encoded>
<wp:post_id>{self.number}</wp:post_id><wp:post_date>{self.date}</wp:post_date>
<wp:post_date_gmt>{self.date_utc}</wp:post_date_gmt><wp:post_name>{cdata(name)}</wp:post_name>
<wp:status>{self.status}</wp:status><wp:post_type>{self.kind}</wp:post_type>
{terms}{self.more}
<wp:comment><wp:comment_content>{cdata("A stranger's words")}</wp:comment_content></wp:comment>
</item>
"""


def picture(number: int, path: str, alt: str) -> Post:
    """A file that was uploaded, as an item of its own."""
    return Post(
        number, "", kind="attachment", status="inherit",
        more=f"<wp:attachment_url>https://willow.example/wp-content/uploads/{path}"
        "</wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>"
        f"<wp:meta_value>{cdata(alt)}</wp:meta_value></wp:postmeta>",
    )  # fmt: skip


def export(*posts: Post, version: str = "1.2") -> str:
    return HEAD.format(version=version) + "".join(post.xml() for post in posts) + "</channel></rss>"


BLOCKS = """<!-- wp:heading {"level":3} --><h3>The ankle &amp; you</h3><!-- /wp:heading -->
<!-- wp:paragraph --><p>Stand on <strong>one</strong> leg&nbsp;&ndash; 3&lt;5 minutes.</p>
<!-- /wp:paragraph -->
<!-- wp:list --><ul><li>toes<ol><li>spread<ul><li>wide</li></ul></li><li>lift</li></ol></li>
<li>heel</li></ul><!-- /wp:list -->
<!-- wp:quote --><blockquote class="wp-block-quote"><p>Slowly.</p><cite>R.</cite></blockquote>
<!-- /wp:quote -->
<!-- wp:table --><figure class="wp-block-table"><table><thead><tr><th>Day</th><th>Minutes</th></tr>
</thead><tbody><tr><td>One</td><td>2|3</td></tr></tbody></table></figure><!-- /wp:table -->
<!-- wp:embed {"url":"https://video.example/v"} --><figure class="wp-block-embed">
<div class="wp-block-embed__wrapper">
https://video.example/v
</div></figure><!-- /wp:embed -->"""

CLASSIC = """First line,
second line &eacute;&#8217;s.

Another <em>paragraph</em> with a <a href="https://willow.example/2019/05/post-1/">link</a>.

<ul>
 <li>one</li>
 <li>two
<ul>
 <li>deep</li>
</ul>
</li>
</ul>
https://video.example/v

[contact-form-7 id="3"] and [sic] and [[gallery]] stay or go."""


# What is wrong with every twentieth post, by its number's rest.
WRONG: dict[int, dict] = {
    3: {"date_utc": "0000-00-00 00:00:00"},  # By the wall: 10:00 in New York.
    5: {"date_utc": "0000-00-00 00:00:00", "date": "0000-00-00 00:00:00"},
    7: {"title": ""},
    9: {"name": "the-same"},
    11: {"status": "draft", "date_utc": "0000-00-00 00:00:00"},
    13: {"status": "future", "date_utc": "2027-01-10 14:00:00"},
    15: {"status": "trash"},
    17: {"status": "private"},
    19: {
        "title": "Knees &amp; <b>caf\u00e9s</b>",
        "terms": [("category", "hip", "Hip"), ("post_tag", "knees", "Knees")],
    },
}


def whole_blog(twenties: int) -> list[Post]:
    """Many times twenty posts with all that goes wrong in a blog, and what is not a post."""
    posts = [
        Post(number, BLOCKS if number % 2 else CLASSIC, **WRONG.get(number % 20, {}))
        for number in range(1, 20 * twenties + 1)
    ]
    return [*posts, Post(900, kind="page"), Post(901, kind="nav_menu_item")]
