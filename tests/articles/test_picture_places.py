"""Pictures in a text are found where the parser that shows them finds them, and nowhere else."""

import pytest

from booking.articles.sources.picture_places import Named, readdress

TEXTS = {
    "![a](x.png)": "![a](new:x.png)",
    '![a](<b c.png> "t") [![d](e)](f)': '![a](new:b%20c.png "t") [![d](new:e)](f)',
    "`![a](x)` ![a](x) \\![a](x)": "`![a](x)` ![a](new:x) \\![a](x)",
    "    ![a](x)\n\n```\n![a](x)\n```\n![a](x)": "    ![a](x)\n\n```\n![a](x)\n```\n![a](new:x)",
    '> ![a\n> b](x "t\n> u")\n> ![c](d)': '> ![a\n> b](new:x "t\n> u")\n> ![c](new:d)',
    "|a|\n|-|\n|![b\\|c](x) ![b](x)|": "|a|\n|-|\n|![b\\|c](new:x) ![b](new:x)|",
    "one\n\nt^[in ![a](x)] [^1]\n\n[^1]: ![b](y)":
        "one\n\nt^[in ![a](new:x)] [^1]\n\n[^1]: ![b](new:y)",
    '![a][b] ![b] ![][b]\n\n[b]:\n x "t"': '![a][b] ![b] ![a][b]\n\n[b]:\n new:x "t"',
    "![ ](x) ![*a*](y)": "![title](new:x) ![*a*](new:y)",
    "![a]() ![a](keep) ![a](javascript:x)": "![a](new:) ![a](keep) ![a](javascript:x)",
    "![a](b(1).png)": "![a](new:b%281%29.png)",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_pictures_are_led_elsewhere_and_nothing_else_changes(text):
    def lead(one: Named) -> Named | None:
        if one.address == "keep":
            return None
        return Named(one.words or "title", f"new:{one.address}")

    assert readdress(text, lead) == TEXTS[text]
    assert readdress(text, lambda one: None) == text
