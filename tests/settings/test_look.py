"""A colour and a logo of one's own: what comes in, what goes out, and what is never let in."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from booking.database import db
from booking.practice import queries as practice
from booking.settings import logos
from tests.web.pages import soup, words

PAGE = "/studio/settings/look"
PURPLE = "#7a1fa2"


def picture(kind: str = "PNG", size=(900, 260), colour=(60, 20, 90, 255), **save) -> bytes:
    drawn = Image.new("RGBA", size)
    drawn.paste(colour, (10, 10, size[0] // 2, size[1] - 10))
    target = io.BytesIO()
    (drawn if kind != "JPEG" else drawn.convert("RGB")).save(target, kind, **save)
    return target.getvalue()


def upload(client, data: bytes, name: str = "logo.png", **more: str):
    answer = client.post(f"{PAGE}/logo", data={"logo": (io.BytesIO(data), name), **more})
    answer.request.environ["wsgi.input"].close()  # A large body stands in a file.
    return answer


def set_accent(client, typed, accent: str):
    path = f"{PAGE}/accent"
    return client.post(path, data=typed(client, PAGE, path, accent=accent))


def test_pages_link_a_sheet_of_their_own_only_when_a_colour_is_chosen(mara, typed, statements):
    assert "look.css" not in mara.get("/").get_data(as_text=True)
    assert mara.get("/look.css").get_data(as_text=True) == ""
    assert set_accent(mara, typed, "7A1FA2").status_code == 303
    db.session.remove()
    assert practice.current().accent == PURPLE
    (link,) = soup(mara.get("/")).select("link[href*='look.css']")
    sheet = mara.get(link["href"])
    assert f"--leaf: {PURPLE}" in sheet.get_data(as_text=True)
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "immutable" not in mara.get("/look.css?v=old").headers["Cache-Control"]
    again = mara.get(link["href"], headers={"If-None-Match": sheet.headers["ETag"]})
    assert again.status_code == 304
    assert "no-store" not in again.headers["Cache-Control"]
    assert set_accent(mara, typed, "green").status_code == 422
    assert set_accent(mara, typed, "").status_code == 303
    assert "look.css" not in mara.get("/").get_data(as_text=True)


def test_a_colour_that_cannot_be_read_is_adjusted_and_shown_so(mara, typed):
    set_accent(mara, typed, "#ffdd00")
    said = words(mara.get(PAGE))
    assert "#7c6b00, so that it can be read" in said
    assert "#ffdd00, so that" not in said


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_shown_in_place_of_the_leaf(mara, client, kind):
    extra = {}
    if kind == "PNG":
        extra["pnginfo"] = PngImagePlugin.PngInfo()
        extra["pnginfo"].add_text("Comment", "taken at 12 Heron Lane")
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x010E] = "taken at 12 Heron Lane"
        exif[0x0112] = 6  # Lies on its side.
        extra["exif"] = exif
    raw = picture(kind, **extra)
    assert kind == "WEBP" or b"Heron Lane" in raw
    assert upload(mara, raw, has_name="y").status_code == 303
    (shown,) = soup(mara.get("/")).select("header img")
    assert shown["alt"] == "Heron Lane Studio"
    assert soup(mara.get("/")).select("header .brand svg") == []
    served = mara.get(shown["src"])
    assert served.mimetype == "image/webp"
    assert "immutable" in served.headers["Cache-Control"]
    assert b"Heron Lane" not in served.data
    with Image.open(io.BytesIO(served.data)) as drawn:
        assert drawn.size == ((35, 120) if kind == "JPEG" else (400, 116))
        assert not drawn.getexif()
        assert not set(drawn.info) & {"exif", "icc_profile", "xmp", "comment"}
    assert mara.post(f"{PAGE}/logo/remove").status_code == 303
    assert soup(mara.get("/")).select("header img") == []
    assert mara.get(shown["src"]).status_code == 404


def bomb() -> bytes:
    """A PNG of a few bytes that claims a hundred thousand dots each way."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


SVG = (
    b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
)
REFUSED = {
    "text by the name of a picture": (b"I am no picture.", "not a picture"),
    "nothing": (b"", "choose a file|not a picture"),
    "a drawing with a program": (SVG, "SVG files can carry programs"),
    "the same as png": (b"\xef\xbb\xbf  <SVG onload=alert(1)>", "SVG files can carry programs"),
    "a bomb": (bomb(), "too many dots"),
    "more dots than are needed": (picture(size=(5000, 4000)), "too many dots"),
    "half a picture": (picture()[:400], "not a picture"),
    "a head without a body": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "not a picture"),
    "a GIF": (b"GIF89a" + b"\1\0\1\0\0\0\0;", "not a picture"),
    "a page in a picture": (b"\xff\xd8\xff<html><script>alert(1)</script>", "not a picture"),
    "a large one": (b"\x89PNG\r\n\x1a\n" + b"\0" * logos.MOST_BYTES, "larger than 1 MB"),
}  # fmt: skip


def test_what_is_no_logo_is_refused_with_a_sentence(mara):
    for name, (data, sentence) in REFUSED.items():
        answer = upload(mara, data)
        assert answer.status_code == 422, name
        said = soup(answer).select_one("#logo-error").get_text()
        assert any(one in said for one in sentence.split("|")), (name, said)
    assert upload(mara, b"\0" * 3 * 1024 * 1024).status_code == 413
    db.session.remove()
    assert practice.current().logo_version == ""


@pytest.mark.parametrize(
    ("colour", "paper"),
    [((20, 20, 20, 255), "light"), ((255, 255, 255, 255), "dark"), ((200, 80, 40, 255), "")],
)
def test_a_logo_gets_the_paper_it_can_be_seen_on(colour, paper):
    assert logos.read_logo(picture(colour=colour)).paper == paper


def test_a_photograph_stays_small_and_a_file_is_taken_nowhere_else(mara):
    noise = Image.effect_noise((800, 240), 90).convert("RGB")
    target = io.BytesIO()
    noise.save(target, "PNG")
    logo = logos.read_logo(target.getvalue())
    assert len(logo.content) < 40_000
    assert logo.paper == ""
    elsewhere = mara.post("/studio/settings/mail", data={"x": (io.BytesIO(b"x"), "x.png")})
    assert elsewhere.status_code == 400
