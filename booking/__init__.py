"""Booking for a massage therapist or a small studio."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context
from werkzeug.local import LocalProxy

from booking import config
from booking.database import db, prepare_engine
from booking.web.markup import Unindented

PROJECT = Path(__file__).resolve().parent.parent

# What others may find and list, with the arguments that make another page of it; every other page
# asks not to be listed. The addresses that begin like those below need not even be looked at.
FOUND = {
    "scheduling.home": (),
    "scheduling.category": (),
    "scheduling.service": (),
    "classes.timetable": (),
    "classes.series": (),
    "catalog.about": (),
    "catalog.practitioners": (),
    "catalog.practitioner": (),
    "catalog.room": (),
    "articles.index": ("topic", "after"),
    "articles.show": (),
    "articles.body": (),
    "articles.region": (),
    "house.legal_page": (),
}
CLOSED = (
    "/studio/", "/account", "/my/", "/manage/", "/book/", "/classes/book/", "/places/", "/waiting/",
    "/address/", "/this-is-me/", "/second-factor", "/read/preview/", "/mails/",
)  # fmt: skip
# Pages that are the same for everybody who has not told us who they are.
FOR_ALL = frozenset({*FOUND, "scheduling.month", "scheduling.openings"})
# What whoever runs the studio has before them all day: theirs as long as nobody changes anything.
CALENDARS = frozenset(
    {"studio.today", "studio.day", "studio.week", "studio.week_of", "studio.grid"}
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Assemble the application; `overrides` take the place of what the environment says.

    Raises config.ConfigError when a setting is missing or makes no sense.
    """
    app = Flask(
        __name__,
        template_folder=str(PROJECT / "templates"),
        static_folder=str(PROJECT / "static"),
    )
    app.config.from_mapping(config.load())
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=1024 * 1024,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        # What people typed is not for the log, where a failed statement is written.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "hide_parameters": True},
        # Sessions are rows with limits of their own.
        SESSION_PROTECTION=None,
        # A form may lie open overnight; its token lives as long as its cookie.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.config.from_mapping(overrides or {})
    _secure_cookies(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Unindented)
    _init_extensions(app)
    _init_rooms(app)
    return app


def _secure_cookies(app: Flask) -> None:
    if app.config["PUBLIC_URL"].startswith("https://"):
        # The prefix makes browsers refuse the cookie from any other host or path, or without TLS.
        app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")


def _init_extensions(app: Flask) -> None:
    from booking.web.extensions import babel, csrf, login_manager, migrate
    from booking.web.security import refuse_nameless_fields

    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine, app.config["LOCK_SECONDS"])
    migrate.init_app(app, db, directory=str(PROJECT / "migrations"))
    babel.init_app(app, locale_selector=_language)
    app.before_request(refuse_nameless_fields)
    csrf.init_app(app)
    login_manager.init_app(app)


def _language() -> str:
    """Speak to people in the language they chose, to everybody else in the practice's own."""
    from booking.accounts import access
    from booking.practice import queries as practice

    account = access.signed_in() if has_request_context() else None
    return (account.locale if account else None) or practice.current().locale


def _first_page() -> list:
    from booking.web.found import Entry

    return [Entry("scheduling.home")]


def _init_rooms(app: Flask) -> None:
    """Join the rooms: routes, guards, and what one room offers to another."""
    from booking import cli
    from booking.accounts import (  # noqa: F401 - add routes
        access,
        account_views,
        data_views,
        factor_views,
        people_views,
        proof_views,
        records,
        unsubscribe_views,
    )
    from booking.accounts.views import bp as accounts
    from booking.articles import (
        body_views,  # noqa: F401 - adds routes
        collection_views,  # noqa: F401 - adds routes
        editor_views,  # noqa: F401 - adds routes
        feed_views,
        moved_views,  # noqa: F401 - adds routes
        picture_views,  # noqa: F401 - adds routes
        preview_views,
        service_queries,
        writing_views,
    )
    from booking.articles.views import bp as articles
    from booking.bookings import (
        class_views,
        manage_views,
        mine_views,  # noqa: F401 - adds routes
        views,
        waiting_views,
    )
    from booking.bookings import records as booking_records
    from booking.bookings.visitor_access import this_visitor
    from booking.catalog import structured_words as catalog_words
    from booking.catalog.views import bp as catalog
    from booking.classes import structured_words as class_words
    from booking.classes.views import bp as classes
    from booking.clients import records as client_records
    from booking.mail import letters
    from booking.payments import book_views  # noqa: F401 - adds routes
    from booking.payments import records as payment_records
    from booking.payments import views as payments
    from booking.practice import queries as practice
    from booking.scheduling import (
        month_views,  # noqa: F401 - adds routes
        visitor_access,
    )
    from booking.scheduling.views import bp as scheduling
    from booking.settings import (
        body_views as body_settings,  # noqa: F401 - adds routes
    )
    from booking.settings import (
        catalog_views,  # noqa: F401 - adds routes
        legal_views,  # noqa: F401 - adds routes
        look_views,  # noqa: F401 - adds routes
        offer_views,
        own_words_views,  # noqa: F401 - adds routes
        policy_views,  # noqa: F401 - adds routes
        practice_views,  # noqa: F401 - adds routes
        public_views,
        rules_views,  # noqa: F401 - adds routes
        service_views,  # noqa: F401 - adds routes
        which_mails_views,  # noqa: F401 - adds routes
        zone_views,  # noqa: F401 - adds routes
    )
    from booking.settings import (
        mail_views as settings_mail,  # noqa: F401 - adds routes
    )
    from booking.settings.views import bp as settings
    from booking.studio import (
        absence_views,
        book_for_views,  # noqa: F401 - adds routes
        booking_views,  # noqa: F401 - adds routes
        break_views,
        class_change_views,  # noqa: F401 - adds routes
        client_care_views,  # noqa: F401 - adds routes
        client_views,
        date_hours_views,  # noqa: F401 - adds routes
        grid_views,  # noqa: F401 - adds routes
        holidays_views,  # noqa: F401 - adds routes
        hours_views,
        import_views,  # noqa: F401 - adds routes
        invitation_views,  # noqa: F401 - adds routes
        mail_views,
        merge_views,  # noqa: F401 - adds routes
        move_views,  # noqa: F401 - adds routes
        request_views,  # noqa: F401 - adds routes
        series_views,
        team_views,  # noqa: F401 - adds routes
    )
    from booking.studio import (
        class_views as studio_classes,
    )
    from booking.studio.views import bp as studio
    from booking.studio.views import owns_booking
    from booking.upkeep import doctor_views  # noqa: F401 - adds routes
    from booking.web import (
        addresses,
        compression,
        errors,
        filters,
        found,
        kept_pages,
        limits,
        links,
        security,
        structured,
    )

    addresses.init_app(app)
    security.init_app(app)
    compression.init_app(app)
    limits.init_app(app)
    filters.init_app(app)
    links.init_app(app)
    letters.init_app(app)
    errors.init_app(app)
    structured.init_app(app)
    owners = {
        "hold": views.owns_hold,
        "link": manage_views.opens_booking,
        "places": class_views.opens_enrolment,
        "waiting": waiting_views.opens_waiting,
        "stop": unsubscribe_views.may_stop,
        "booking": owns_booking,
        "class_session": studio_classes.teaches_class,
        "series": series_views.runs_series,
        "person": people_views.owns_person,
        "device": account_views.owns_device,
        "client": client_views.knows_client,
        "receipt": payments.sees_receipt,
        "own_receipt": payments.got_receipt,
        "hours": hours_views.owns_hours,
        "break": break_views.owns_break,
        "absence": absence_views.owns_absence,
        "mail": mail_views.sees_mail,
        "profile": offer_views.has_profile,
        "article": writing_views.writes_article,
        "typed": writing_views.typed_it,
        "preview": preview_views.opens_preview,
    }
    access.init_app(app, owners)
    visitor_access.init_app(app, this_visitor)
    app.extensions["records"] = (
        records.PART, booking_records.PART, payment_records.PART, client_records.PART,
    )  # fmt: skip
    # What mails give to read, for rooms that know no article.
    app.extensions["reading"] = service_queries.reading_in_mail
    app.extensions["reading_that_fits"] = service_queries.fitting_in_mail
    # Asked for when a template names it: an error page may have no database to ask.
    app.context_processor(lambda: {"studio": LocalProxy(practice.current)})
    # Routes that take a file, and how large a request may be there: a little more than the file.
    app.extensions["uploads"] = {
        "settings.change_logo": 2 * 1024 * 1024,
        "writing.add_article": 11 * 1024 * 1024,
        "writing.change_article": 11 * 1024 * 1024,
        "writing.add_picture": 11 * 1024 * 1024,
        "studio.upload_clients": 1024 * 1024,
    }
    for blueprint in (
        scheduling, classes, catalog, articles, writing_views.bp, accounts, views.bp, payments.bp,
        settings, studio,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    app.register_blueprint(public_views.bp)
    listed = (_first_page, catalog_words.entries, class_words.entries, feed_views.entries)
    found.init_app(app, FOUND, listed, CLOSED)
    cli.init_app(app)
    kept_pages.init_app(app, FOR_ALL, CALENDARS)
