"""Files are sent compressed to whoever takes them so; pages never are."""

import gzip

import pytest

SHEET = "/static/css/base.css"
PACKED = {"Accept-Encoding": "gzip, deflate"}


@pytest.mark.parametrize("path", [SHEET, "/static/js/forms.js", "/static/img/icon.svg"])
def test_a_file_is_the_same_and_smaller(client, path):
    plain, packed = client.get(path), client.get(path, headers=PACKED)
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert packed.content_encoding == "gzip"
    assert "Accept-Encoding" in packed.vary
    assert plain.content_encoding is None
    assert client.get(path, headers=PACKED).data == packed.data


def test_what_a_browser_has_is_not_sent_again(client):
    tag = client.get(SHEET, headers=PACKED).headers["ETag"]
    assert tag.startswith("W/")
    answer = client.get(SHEET, headers={**PACKED, "If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_page_is_sent_as_it_is(client, studio):
    assert client.get("/", headers=PACKED).content_encoding is None
