"""What is offered, by whom and where."""

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.columns import Cents, CleanText, check, choice
from booking.database import Base, Model


class Audience(StrEnum):
    """Who may book a service."""

    EVERYONE = "everyone"
    RETURNING = "returning"  # Who has been here before.
    INVITED = "invited"  # Whom the studio has invited to it.


class ResourceKind(StrEnum):
    PRACTITIONER = "practitioner"
    ROOM = "room"


class Resource(Model):
    """What can only be in one session at a time. One table, so that the ids never collide."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("kind", "slug"),)
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 - SQLAlchemy's own convention

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ResourceKind] = mapped_column(choice(ResourceKind, "kind"))
    slug: Mapped[str] = mapped_column(CleanText(60))
    name: Mapped[str] = mapped_column(CleanText(120))
    position: Mapped[int] = mapped_column(default=0)
    is_archived: Mapped[bool] = mapped_column(default=False)


class Practitioner(Resource):
    """Who gives sessions; signs in through an account when they have one."""

    __tablename__ = "practitioner"
    __mapper_args__ = {"polymorphic_identity": ResourceKind.PRACTITIONER}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    title: Mapped[str] = mapped_column(CleanText(120), default="")
    about: Mapped[str] = mapped_column(CleanText(), default="")
    licence: Mapped[str] = mapped_column(CleanText(120), default="")
    email: Mapped[str | None] = mapped_column(CleanText(254))
    # The most that is offered in a day and in a week; None is no limit. Minutes are hands-on.
    day_sessions: Mapped[int | None]
    day_minutes: Mapped[int | None]
    week_sessions: Mapped[int | None]
    week_minutes: Mapped[int | None]
    # Whether they get the day's sheet each morning, whether what is new waits for it, and the
    # local date whose sheet was written last.
    has_sheet: Mapped[bool] = mapped_column(default=False)
    news_in_sheet: Mapped[bool] = mapped_column(default=False)
    sheet_on: Mapped[date | None]

    services: Mapped[list["Service"]] = relationship(
        secondary="service_practitioner",
        back_populates="practitioners",
        order_by="Service.position",
    )


class Room(Resource):
    """Where sessions are given."""

    __tablename__ = "room"
    __mapper_args__ = {"polymorphic_identity": ResourceKind.ROOM}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    about: Mapped[str] = mapped_column(CleanText(), default="")

    services: Mapped[list["Service"]] = relationship(
        secondary="service_room", back_populates="rooms", order_by="Service.position"
    )


service_practitioner = Table(
    "service_practitioner",
    Base.metadata,
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
    Column("practitioner_id", ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True),
)

service_room = Table(
    "service_room",
    Base.metadata,
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
    Column("room_id", ForeignKey("room.id", ondelete="CASCADE"), primary_key=True),
)


class Category(Model):
    """A kind of work: massage, personal training, yoga, Pilates, Tai Chi, Qi Gong."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(CleanText(60), unique=True)
    name: Mapped[str] = mapped_column(CleanText(80))
    summary: Mapped[str] = mapped_column(CleanText(200), default="")
    about: Mapped[str] = mapped_column(CleanText(), default="")
    drawing: Mapped[str] = mapped_column(CleanText(40), default="")
    # Only when all its services are: see `ordering.archive`.
    is_archived: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    services: Mapped[list["Service"]] = relationship(
        back_populates="category", order_by="Service.position"
    )


class Service(Model):
    """A kind of session. Needs one of its practitioners and, if it has rooms, one of these."""

    __tablename__ = "service"
    __table_args__ = (
        check("before", "before_minutes BETWEEN 0 AND 240"),
        check("after", "after_minutes BETWEEN 0 AND 240"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    slug: Mapped[str] = mapped_column(CleanText(60), unique=True)
    name: Mapped[str] = mapped_column(CleanText(120))
    summary: Mapped[str] = mapped_column(CleanText(200), default="")
    about: Mapped[str] = mapped_column(CleanText(), default="")
    preparation: Mapped[str] = mapped_column(CleanText(), default="")
    # Minutes before a session to remind of it; None is the practice's own way.
    reminder_leads: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    drawing: Mapped[str] = mapped_column(CleanText(40), default="")
    before_minutes: Mapped[int] = mapped_column(default=0)
    after_minutes: Mapped[int] = mapped_column(default=0)
    is_hands_on: Mapped[bool] = mapped_column(default=True)
    audience: Mapped[Audience] = mapped_column(
        choice(Audience, "audience"), default=Audience.EVERYONE
    )
    is_hidden: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    category: Mapped[Category] = relationship(back_populates="services")
    options: Mapped[list["ServiceOption"]] = relationship(
        back_populates="service", order_by="ServiceOption.position, ServiceOption.minutes"
    )
    practitioners: Mapped[list[Practitioner]] = relationship(
        secondary=service_practitioner, back_populates="services", order_by="Practitioner.position"
    )
    rooms: Mapped[list[Room]] = relationship(
        secondary=service_room, back_populates="services", order_by="Room.position"
    )


class ServiceOption(Model):
    """A length of a service and what it costs."""

    __tablename__ = "service_option"
    __table_args__ = (
        check("minutes", "minutes BETWEEN 5 AND 720"),
        check("price", "price_cents >= 0"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    minutes: Mapped[int]
    price_cents: Mapped[int] = mapped_column(Cents())
    is_archived: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    service: Mapped[Service] = relationship(back_populates="options")


class ServiceInvitation(Model):
    """Somebody whom the studio has invited to a service that is not for everyone."""

    __tablename__ = "service_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
