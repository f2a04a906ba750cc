"""Pages travel without the indentation of their templates; what people typed keeps its own."""

from jinja2 import DictLoader, Environment

from booking.web.markup import Unindented


def render(name: str, source: str, **values: str) -> str:
    loader = DictLoader({name: source})
    env = Environment(loader=loader, trim_blocks=True, lstrip_blocks=True, extensions=[Unindented])
    return env.get_template(name).render(values)


def test_a_page_keeps_one_space_of_its_indentation():
    assert render("page.html", "<p>\n      words\n</p>") == "<p>\n words\n</p>"


def test_words_stay_apart_where_a_block_ends_between_them():
    assert render("page.html", "{% if 1 %}Today,{% endif %}\n    Monday") == "Today, Monday"


def test_what_is_put_in_and_what_is_no_page_stay_as_they_are():
    assert render("page.html", "{{ note }}", note="a\n    b") == "a\n    b"
    assert render("mail.txt", "a\n    b") == "a\n    b"
