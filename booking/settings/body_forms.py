"""Forms of "Where does it hurt?": whether it is shown, and what is said of a region."""

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms import BooleanField

from booking.articles.body import Wanted
from booking.articles.body_models import BodyRegion
from booking.articles.models import Topic
from booking.catalog.models import Service
from booking.web.editing import EditForm
from booking.web.forms import prose_field, text_field, ticked
from booking.web.words import lazy as _l


class BodyForm(EditForm):
    """Whether clients are shown the figure."""

    shows_body = BooleanField(_l("Show the figure on the site"))


class RegionForm(EditForm):
    """What is said of a region. `fitted` adds a tick for each topic and service."""

    topic_rows: ClassVar[dict[str, Topic]] = {}
    service_rows: ClassVar[dict[str, Service]] = {}

    name = text_field(_l("Name"), 80, _l("Please type a name."), autocomplete="off")
    about = prose_field(_l("What it may be about"), 4000, rows=8)
    doctor = prose_field(_l("When to see a doctor first"), 2000, rows=6)
    is_shown = BooleanField(_l("Clients can choose this region"))

    @property
    def topics(self) -> list[Any]:
        return [self[name] for name in self.topic_rows]

    @property
    def services(self) -> list[Any]:
        return [self[name] for name in self.service_rows]

    def wanted(self, row: BodyRegion) -> Wanted:
        """Return what was typed; a service that is no longer offered stays as it was."""
        kept = {one.id for one in row.services} - {one.id for one in self.service_rows.values()}
        return Wanted(
            name=self.name.data or "",
            about=(self.about.data or "").replace("\r\n", "\n"),
            doctor=(self.doctor.data or "").replace("\r\n", "\n"),
            is_hidden=not self.is_shown.data,
            topic_ids=ticked(self, self.topic_rows),
            service_ids=ticked(self, self.service_rows) | kept,
        )

    @classmethod
    def values(cls, row: BodyRegion) -> dict[str, Any]:
        """Return what the form shows of a region."""
        topics = {one.id for one in row.topics}
        services = {one.id for one in row.services}
        return {
            "name": row.name, "about": row.about, "doctor": row.doctor,
            "is_shown": not row.is_hidden,
            **{name: one.id in topics for name, one in cls.topic_rows.items()},
            **{name: one.id in services for name, one in cls.service_rows.items()},
        }  # fmt: skip


def fitted(topics: Iterable[Topic], services: Iterable[Service]) -> type[RegionForm]:
    """Return the form with a tick for each of these."""
    topic_rows = {f"topic_{one.id}": one for one in topics}
    service_rows = {f"service_{one.id}": one for one in services}
    ticks: dict[str, Any] = {
        name: BooleanField(one.name) for name, one in {**topic_rows, **service_rows}.items()
    }
    rows = {"topic_rows": topic_rows, "service_rows": service_rows}
    return type(RegionForm.__name__, (RegionForm,), {**ticks, **rows})
