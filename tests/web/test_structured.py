"""Structured data, read by a parser that is not ours and held to schema.org's own words."""

import json

import pytest
from rdflib import RDF, Graph
from rdflib.namespace import SDO

from booking.articles import operations
from booking.articles.operations import Draft
from booking.database import transact
from tests.cast_classes import plan_class, take
from tests.web.pages import soup

# The parser's own affair.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")

# A picture of ours is called by its digest and its size; no page shows any other.
SHOWN = "/pictures/0123456789abcdef0123-900x400.png"
PICTURES = f"Text. ![Hip](/pictures/hip.png) ![Hip][it] `![No]({SHOWN[:-3]}jpg)`\n\n[it]: {SHOWN}"
VOCABULARY = "https://schema.org"
EVIL = '</script><script>alert("1 & 2")</script>\u2028 \'<!--'


def graph_of(client, path: str) -> Graph:
    """Return what a page says of itself; every kind and property has to be one of schema.org."""
    (block,) = soup(client.get(path)).select('script[type="application/ld+json"]')
    data = json.loads(block.string)
    assert data.pop("@context") == VOCABULARY
    # The vocabulary's own context lies elsewhere, and nobody is asked for anything here.
    data["@context"] = {"@vocab": str(SDO)}
    graph = Graph().parse(data=json.dumps(data), format="json-ld")
    said = {*graph.predicates(), *graph.objects(predicate=RDF.type)} - {RDF.type}
    assert [one for one in said if one not in SDO] == []
    return graph


def of_kind(graph: Graph, kind) -> list[dict[str, str]]:
    """Return the values of each node of a kind by their names, links as their addresses."""
    return [
        {str(name).rpartition("/")[2]: str(value) for name, value in graph.predicate_objects(node)}
        for node in graph.subjects(RDF.type, kind)
    ]


def cards(client, path: str) -> dict[str, str]:
    """Return what other places show of a page that is passed on."""
    found = soup(client.get(path)).select("meta[property]")
    return {one["property"]: one["content"] for one in found}


def test_an_article_says_who_wrote_what_when(client, studio, now):
    draft = Draft(
        title=EVIL[:180], slug="evil", body=PICTURES, author="Rosa Field",
        summary=EVIL, topics=("hip",), published_at=now(),
    )  # fmt: skip
    transact(operations.save, draft, now())
    graph = graph_of(client, "/read/evil")
    (article,) = of_kind(graph, SDO.Article)
    assert article["headline"] == article["description"] == EVIL
    assert article["url"] == "http://localhost/read/evil"
    assert article["datePublished"] == article["dateModified"] == now().isoformat()
    assert article["image"] == f"http://localhost{SHOWN}"
    (author,) = of_kind(graph, SDO.Person)
    (publisher,) = of_kind(graph, SDO.HealthAndBeautyBusiness)
    assert (author["name"], publisher["name"]) == ("Rosa Field", "Heron Lane Studio")
    (node,) = graph.subjects(RDF.type, SDO.Article)
    assert (graph.value(node, SDO.author), RDF.type, SDO.Person) in graph
    assert str(graph.value(node, SDO.publisher)) == "http://localhost/#practice"
    card = cards(client, "/read/evil")
    assert (card["og:type"], card["og:description"]) == ("article", EVIL)
    assert (card["og:image"], card["og:image:alt"]) == (f"http://localhost{SHOWN}", "Hip")
    assert card["article:published_time"] == now().isoformat()
    assert cards(client, "/read")["og:type"] == "website"
    assert b"<script>alert" not in client.get("/read/evil").data


def test_the_practice_its_services_and_people_say_what_they_are(client, studio):
    (practice,) = of_kind(graph_of(client, "/"), SDO.HealthAndBeautyBusiness)
    assert practice["name"] == "Heron Lane Studio"
    assert practice["url"] == "http://localhost/"
    graph = graph_of(client, "/services/massage")
    (service,) = of_kind(graph, SDO.Service)
    assert service["name"] == "Massage"
    offers = of_kind(graph, SDO.Offer)
    assert {(one["price"], one["priceCurrency"]) for one in offers} >= {("95.00", "USD")}
    (person,) = of_kind(graph_of(client, "/practitioners/lena"), SDO.Person)
    assert person["name"].startswith("Lena")


def test_a_class_says_when_it_is_and_what_is_left(client, studio, now):
    first = plan_class(studio, now(), capacity=1)[0]
    take(first, now(), "Grace Hill")
    graph = graph_of(client, "/classes/gentle-yoga")
    events = sorted(of_kind(graph, SDO.Event), key=lambda one: one["startDate"])
    assert len(events) > 1
    assert events[0]["startDate"].endswith("-05:00")
    assert [one["remainingAttendeeCapacity"] for one in events[:2]] == ["0", "1"]
    (organizer,) = of_kind(graph, SDO.HealthAndBeautyBusiness)
    assert organizer["name"] == "Heron Lane Studio"
    assert {(one["name"], one["address"]) for one in of_kind(graph, SDO.Place)} == {
        ("Hall", "12 Heron Lane, Melbourne, FL 32901")
    }  # fmt: skip
    for event in graph.subjects(RDF.type, SDO.Event):
        assert str(graph.value(event, SDO.organizer)) == "http://localhost/#practice"
        assert (graph.value(event, SDO.location), RDF.type, SDO.Place) in graph
        offer = graph.value(event, SDO.offers)
        assert [str(graph.value(offer, one)) for one in (SDO.price, SDO.priceCurrency)] == [
            "18.00", "USD",
        ]  # fmt: skip
    assert {one["availability"] for one in of_kind(graph, SDO.Offer)} == {
        f"{SDO}InStock", f"{SDO}SoldOut"
    }  # fmt: skip
