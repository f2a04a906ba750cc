"""Where it hurts: regions of the body, what the practice says of each, and what fits it."""

from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.articles.models import Topic
from booking.catalog.models import Service
from booking.columns import CleanText
from booking.database import Base, Model

# What the figure of templates/_macros/body.html has a shape for, from top to bottom.
REGIONS = (
    "head", "neck", "shoulder", "chest", "upper-back", "elbow", "belly", "low-back", "hand", "hip",
    "gluteal", "thigh-front", "thigh-back", "knee", "lower-leg", "foot",
)  # fmt: skip

body_region_topic = Table(
    "body_region_topic",
    Base.metadata,
    Column("region_id", ForeignKey("body_region.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_body_region_topic_topic_id", "topic_id"),
)

body_region_service = Table(
    "body_region_service",
    Base.metadata,
    Column("region_id", ForeignKey("body_region.id", ondelete="CASCADE"), primary_key=True),
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_body_region_service_service_id", "service_id"),
)


class BodyRegion(Model):
    """A region of the figure. Its key is fixed by the drawing, everything else is the owner's."""

    __tablename__ = "body_region"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(CleanText(30), unique=True)
    name: Mapped[str] = mapped_column(CleanText(80))
    # What it may be about, in Markdown.
    about: Mapped[str] = mapped_column(CleanText(), default="")
    # When to see a doctor first: a sentence a line, shown above whatever can be booked.
    doctor: Mapped[str] = mapped_column(CleanText(), default="")
    is_hidden: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    topics: Mapped[list[Topic]] = relationship(
        secondary=body_region_topic, order_by="Topic.name, Topic.id"
    )
    # None is all that can be booked: a practice with two services has nothing to tick.
    services: Mapped[list[Service]] = relationship(
        secondary=body_region_service, order_by="Service.position, Service.id"
    )

    @property
    def doctor_first(self) -> list[str]:
        """Return the sentences that say when to see a doctor first."""
        return [line.strip() for line in self.doctor.splitlines() if line.strip()]
