"""What a page is about, in words for machines: schema.org as JSON-LD in the head of the page.

A browser never runs such a block, so the Content-Security-Policy has nothing against it.
"""

from typing import Any

from flask import Flask, current_app
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from booking.practice import queries as practice
from booking.web.links import absolute_url

Node = dict[str, Any]


def init_app(app: Flask) -> None:
    app.add_template_global(structured)
    app.add_template_global(about_practice)
    app.add_template_global(logo_url)


def structured(*nodes: Node) -> Markup:
    """Return the block for the head of a page; nothing in it can end the block early."""
    graph = {"@context": "https://schema.org", "@graph": [_said(node) for node in nodes]}
    return Markup('<script type="application/ld+json">{}</script>').format(
        htmlsafe_json_dumps(graph, ensure_ascii=False)
    )


def _said(node: Any) -> Any:
    """Leave out what nothing is known of."""
    if isinstance(node, dict):
        kept = {key: _said(value) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value not in ("", None, [], {})}
    return [_said(one) for one in node] if isinstance(node, list) else node


def practice_id() -> str:
    """The name that the nodes of all pages have for the practice."""
    return current_app.config["PUBLIC_URL"].rstrip("/") + "/#practice"


def this_practice() -> Node:
    """The practice, as other nodes name it."""
    studio = practice.current()
    home = current_app.config["PUBLIC_URL"].rstrip("/") + "/"
    return {"@type": KIND, "@id": practice_id(), "name": studio.name, "url": home}


KIND = "HealthAndBeautyBusiness"  # A kind of LocalBusiness.


def about_practice() -> Node:
    """The practice with where and how it is found."""
    studio = practice.current()
    return {
        **this_practice(),
        "description": studio.introduction,
        "address": ", ".join(studio.address.splitlines()),
        "telephone": studio.phone,
        "email": studio.email,
        "logo": logo_url(),
        "currenciesAccepted": studio.currency,
    }


def logo_url() -> str:
    """The whole address of the logo; empty when there is none."""
    version = practice.current().logo_version
    return absolute_url("house.logo", v=version) if version else ""


def price(cents: int) -> str:
    """An amount as schema.org has it: 95.00, whatever the language."""
    return f"{cents / 100:.2f}"
