"""What is offered and by whom, in schema.org's words, and what of it the sitemap lists."""

from collections.abc import Iterator, Sequence

from booking.catalog import queries
from booking.catalog.models import Audience, Practitioner, Service, ServiceOption
from booking.practice import queries as practice
from booking.web.found import Entry
from booking.web.links import absolute_url
from booking.web.structured import Node, practice_id, price, this_practice


def about_practitioner(practitioner: Practitioner) -> Node:
    """A person who works here; the licence is one that they show themselves."""
    licence = {"@type": "EducationalOccupationalCredential", "name": practitioner.licence}
    return {
        "@type": "Person",
        "name": practitioner.name,
        "jobTitle": practitioner.title,
        "url": absolute_url("catalog.practitioner", slug=practitioner.slug),
        "hasCredential": licence if practitioner.licence else None,
        "worksFor": this_practice(),
    }


def about_service_offer(service: Service, options: Sequence[ServiceOption]) -> Node:
    """A service with what each of its lengths costs."""
    address = absolute_url("scheduling.service", slug=service.slug)
    return {
        "@type": "Service",
        "@id": f"{address}#service",
        "name": service.name,
        "description": service.summary,
        "serviceType": service.category.name,
        "url": address,
        "provider": this_practice(),
        "offers": [_offer(service, option, address) for option in options],
    }


def _offer(service: Service, option: ServiceOption, address: str) -> Node:
    return {
        "@type": "Offer",
        "name": f"{service.name}, {option.minutes} min",
        "price": price(option.price_cents),
        "priceCurrency": practice.current().currency,
        "url": f"{address}?option={option.id}",
        "seller": {"@id": practice_id()},
    }


def entries() -> Iterator[Entry]:
    """List for the sitemap what everybody may look at and book."""
    services = [one for one in queries.visible_services() if one.audience is Audience.EVERYONE]
    for slug in dict.fromkeys(service.category.slug for service in services):
        yield Entry("scheduling.category", {"slug": slug})
    for service in services:
        if queries.live_options(service):
            yield Entry("scheduling.service", {"slug": service.slug})
    yield Entry("catalog.about")
    yield Entry("catalog.practitioners")
    for practitioner in queries.practitioners():
        yield Entry("catalog.practitioner", {"slug": practitioner.slug})
    for room in queries.rooms():
        yield Entry("catalog.room", {"slug": room.slug})
