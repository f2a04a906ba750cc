"""Pictures: drawn anew, in sizes, and served without anything that came along with the file."""

import io
import struct
import zlib

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from booking.articles import pictures
from booking.articles.markdown import render, to_html
from booking.articles.models import Picture, PictureFile
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.domain.pictures import pictured


def photograph(size=(2400, 1200), **how) -> bytes:
    target = io.BytesIO()
    bands = [Image.effect_noise((size[0] // 8, size[1] // 8), 80) for _band in "RGB"]
    small = Image.merge("RGB", bands)
    small.resize(size, Image.Resampling.BILINEAR).save(target, "JPEG", **how)
    return target.getvalue()


def drawing(size=(700, 300), kind="PNG", **how) -> bytes:
    target = io.BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("green", (0, 0, size[0] // 2, size[1]))
    picture.save(target, kind, **how)
    return target.getvalue()


def from_a_telephone() -> bytes:
    """A photograph that lies on its side, says where it was taken, and is wrong about colours."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x8825] = {1: "N", 2: (28.0, 4.0, 59.0)}
    return photograph(exif=exif, comment=b"Secret garden", icc_profile=b"no profile at all")


def bomb() -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_picture_is_drawn_anew_in_three_widths_and_kept_for_ever(client, app, now):
    kept = transact(
        pictures.keep, pictures.draw(from_a_telephone()), "A  hand on a\nshoulder ", now()
    )
    assert (kept.alt, kept.width, kept.height) == ("A hand on a shoulder", 1200, 2400)
    assert kept.sizes.widths == [480, 960, 1200]
    for width in kept.sizes.widths:
        for ending, kind in (("webp", "image/webp"), ("jpg", "image/jpeg")):
            answer = client.get(kept.sizes.address_of(width, ending))
            assert answer.mimetype == kind
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            shown = Image.open(io.BytesIO(answer.data))
            assert shown.size == (width, width * 2)
            assert not shown.getexif()
            assert b"Secret" not in answer.data
    again = client.get(kept.address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for other in (kept.address.replace("1200x", "1201x"), "/pictures/x.jpg"):
        assert client.get(other).status_code == 404


def test_the_same_picture_again_is_the_same_with_its_new_words(app, now):
    one = transact(pictures.keep, pictures.draw(drawing()), "A field", now()).id
    two = transact(pictures.keep, pictures.draw(drawing()), "A green field", now())
    assert (two.id, two.alt, two.ending) == (one, "A green field", "png")
    assert db.session.query(Picture).count() == 1
    assert db.session.query(PictureFile).count() == 4


def test_a_moving_picture_stands_still_and_holes_stay_holes(app, now):
    frames = [Image.new("P", (40, 20), colour) for colour in (1, 2)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    still = pictures.draw(target.getvalue())
    assert set(still.files) == {
        still.pictured.name_of(40, "webp"),
        still.pictured.name_of(40, "png"),
    }
    for content in still.files.values():
        assert getattr(Image.open(io.BytesIO(content)), "n_frames", 1) == 1
    target = io.BytesIO()
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(target, "PNG")
    for content in pictures.draw(target.getvalue()).files.values():
        assert Image.open(io.BytesIO(content)).convert("RGBA").getpixel((1, 1))[3] == 0


SVG = (
    b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
)
REFUSED = {
    "text": (b"I am no picture.", "A", "not a picture"),
    "nothing": (b"", "A", "not a picture"),
    "svg": (SVG, "A", "SVG files can carry programs"),
    "a bomb": (bomb(), "A", "too many dots"),
    "half of one": (photograph()[:4000], "A", "not a picture"),
    "a page": (b"\xff\xd8\xff<html><script>alert(1)</script>", "A", "not a picture"),
    "too large": (b"\0" * (pictures.MOST_BYTES + 1), "A", "larger than 10 MB"),
    "no words": (drawing(), " \n", "say what the picture shows"),
    "too many words": (drawing(), "a" * 301, "at most 300"),
    "what cannot be kept": (drawing(), "a\0b", "say what the picture shows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_with_a_sentence(name, now):
    data, alt, sentence = REFUSED[name]
    with pytest.raises(Refusal, match=sentence):
        pictures.keep(pictures.draw(data), alt, now())


NAME = "/pictures/" + "a0" * 10


def test_a_text_shows_a_picture_of_ours_in_its_sizes_with_a_caption():
    html = to_html(f'![A "hand"]({NAME}-1600x900.jpg "Slow <b>work</b>")')
    assert "<figcaption>Slow &lt;b&gt;work&lt;/b&gt;</figcaption></figure>" in html
    assert f'type="image/webp" srcset="{NAME}-480x270.webp 480w, {NAME}-960x540.webp 960w' in html
    assert 'width="1600" height="900" alt="A &quot;hand&quot;" loading="lazy"' in html
    assert "<figure" not in to_html(f"Beside ![a]({NAME}-48x90.png) words")


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/x.png", "//elsewhere.example/x.png", "/logo", "data:image/png,x",
     f"https://x.example{NAME}-16x9.jpg", f"{NAME}-0x9.jpg", f"{NAME}-16x9.svg",
     f"{NAME}-16x9.jpg?x", f"{NAME}-16x9.jpg\\ onerror"],
)  # fmt: skip
def test_no_other_picture_is_shown_but_its_words(address):
    html = to_html(f"![Its words]({address})")
    assert "<img" not in html
    assert "<source" not in html
    assert "Its words" in html


def test_headings_go_below_the_title_and_a_long_piece_begins_with_what_is_in_it():
    text = "# Hips\n\n## Why *so*?\n\n## main\n\n" + "word " * 500
    long = render(text)
    assert '<h2 id="part-hips">' in long.html
    assert [tuple(one) for one in long.contents] == [
        ("part-hips", "Hips", False), ("part-why-so", "Why so?", True), ("part-main", "main", True),
    ]  # fmt: skip
    assert render("# A\n\n## B\n\n## C\n\nshort").contents == []
    assert "id=" not in to_html(text)


def test_a_note_and_its_place_in_a_piece_lead_to_each_other_and_say_so():
    piece = BeautifulSoup(render("A.[^1] B, and again.[^1]\n\n[^1]: *Note*.").html, "html.parser")
    (notes,) = piece.select("section.footnotes")
    assert notes["aria-label"] == "Notes"
    there = piece.select("sup a")
    back = notes.select("a")
    assert [one["href"] for one in there] == ["#" + notes.select_one("li")["id"]] * 2
    assert [one["href"] for one in back] == ["#" + one["id"] for one in there]
    assert [one["aria-label"] for one in back] == [
        "Back to [1] in the text", "Back to [1:1] in the text",
    ]  # fmt: skip


def test_tables_are_set_without_a_style():
    html = to_html("|a|b|\n|--|--:|\n|1|2|")
    assert '<td class="set-right">2</td>' in html
    assert "style" not in html


def test_names_tell_every_size():
    found = pictured(f"{NAME}-1000x1.png")
    assert found is not None
    assert found.widths == [480, 960, 1000]
    assert found.srcset("png").startswith(f"{NAME}-480x1.png 480w, {NAME}-960x1.png 960w, ")
