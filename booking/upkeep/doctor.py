"""What an installation needs to run well, looked at one thing after the other.

Each check says ok, look (something a person should know) or wrong, with a sentence about what to
do. `machine` asks the machine and the database alone; `outside` the mail server and the name
service. The sentences are English, as with refusals, and translated by whoever shows them.
"""

import ipaddress
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from booking import config, guards
from booking.database import db
from booking.domain.errors import sentence
from booking.mail import health, pulse
from booking.upkeep import mail_domain, mail_server, trial_mail
from booking.upkeep.findings import Finding, look, ok, wrong

MEGABYTE = 1024 * 1024
LEAST_FREE, LITTLE_FREE = 100 * MEGABYTE, 1024 * MEGABYTE
# The database's clock and ours may differ by so many seconds, and by so many before it is wrong.
CLOSE, FAR = 5, 60
# Zones change a few times a year, and are announced months before, mostly.
OLD_ZONES = timedelta(days=550)

Settings = Mapping[str, Any]


def machine(settings: Settings, now: datetime) -> list[Finding]:
    """Check what can be seen from here: no other machine is asked but the database's."""
    return [
        *worker(now),
        *clock(now),
        *public_address(settings),
        *database(),
        *disk(settings),
        *zones(now),
    ]


def outside(settings: Settings) -> list[Finding]:
    """Check the mail server and the sender's domain; takes seconds when one does not answer."""
    ask = mail_domain.resolver(settings["NAME_SERVERS"])
    return [mail_server.check(settings), *mail_domain.check(settings, ask)]


def test_mail(settings: Settings, address: str, now: datetime) -> Finding:
    """Hand a mail to the server, past the outbox; takes seconds when it does not answer."""
    message = trial_mail.compose(address, settings, now)
    db.session.rollback()  # Nothing is held while it is slow.
    return mail_server.send(settings, message, address)


def worker(now: datetime) -> list[Finding]:
    """Whether anything sends, and what waits or got stuck."""
    found, state = [], health.look(now)
    if state.last_run is None:
        found.append(wrong("worker", sentence(
            "Nothing has sent mails yet. Start the site without RUN_WORKER=false, or run "
            "“flask worker”, or “flask worker --once” each minute."
        )))  # fmt: skip
    elif state.has_stopped and not state.is_clock_back:
        found.append(wrong("worker", sentence(
            "What sends mails was last at work on %(when)s. Start it again: nothing is lost."
        ), when=state.last_run))  # fmt: skip
    else:
        found.append(ok("worker", sentence(
            "Mails: %(waiting)s waiting, last run on %(when)s."
        ), waiting=state.waiting, when=state.last_run))  # fmt: skip
    if state.is_shut_out:
        found.append(wrong("worker", sentence(
            "The mail server has served nobody since %(when)s, and mails wait for it: %(why)s"
        ), when=state.trouble_since, why=state.trouble))  # fmt: skip
    elif state.overdue:
        found.append(look("worker", sentence(
            "%(count)s mails should have left a quarter of an hour ago: the mail server or the "
            "worker is too slow."
        ), count=state.overdue))  # fmt: skip
    if state.stuck:
        found.append(look("worker", sentence(
            "%(count)s mails got stuck within the last week. The log of mails says why."
        ), count=state.stuck))  # fmt: skip
    if state.setbacks:
        found.append(look("worker", sentence(
            "%(count)s pieces of work have failed, so mails may be missing. The program’s own log "
            "says why. What is not too late is tried again by itself."
        ), count=state.setbacks))  # fmt: skip
    return found


def clock(now: datetime) -> list[Finding]:
    """Whether the clock agrees with the database's, and with what has happened."""
    event = pulse.last_event()
    if event is not None and pulse.stands_back(now, event):
        return [wrong("clock", sentence(
            "The clock shows %(now)s, but something happened at %(event)s already, so no mail is "
            "sent. Set the clock right; if it is right, say so (“flask worker --clock-is-right”)."
        ), now=now, event=event)]  # fmt: skip
    apart = seconds_apart(now)
    if apart > CLOSE:
        tell = wrong if apart > FAR else look
        return [tell("clock", sentence(
            "The clocks of this machine and of the database differ by %(count)s seconds. Let both "
            "be set by the network (NTP)."
        ), count=round(apart))]  # fmt: skip
    if event is not None and event > now + timedelta(minutes=5):
        return [look("clock", sentence(
            "Another machine’s clock runs ahead of this one: something happened at %(event)s. Let "
            "all be set by the network (NTP)."
        ), event=event)]  # fmt: skip
    return [ok("clock", sentence("The clock agrees with the database and with what happened."))]


def seconds_apart(now: datetime) -> float:
    """Return how far the database's clock is from `now`; in a file it is the same clock."""
    if db.engine.dialect.name == "sqlite":
        return 0
    theirs = db.session.scalar(text("SELECT clock_timestamp()"))
    return abs((theirs - now).total_seconds()) if theirs else 0


def public_address(settings: Settings) -> list[Finding]:
    """Whether the links in mails lead here, safely."""
    url = settings["PUBLIC_URL"]
    parts = urlsplit(url)
    host = parts.hostname or ""
    if config.is_local(url):
        return [look("address", sentence(
            "PUBLIC_URL is %(url)s, which only this machine reaches: links in mails work for "
            "nobody else. Set it to the address that clients type."
        ), url=url)]  # fmt: skip
    found = []
    if parts.scheme != "https":
        found.append(wrong("address", sentence(
            "PUBLIC_URL is %(url)s, without https: passwords and sessions travel in the open. Put "
            "a proxy with a certificate in front and name the https address."
        ), url=url))  # fmt: skip
    elif not settings["PROXY_COUNT"]:
        found.append(look("address", sentence(
            "PUBLIC_URL is https, but PROXY_COUNT is 0: behind a proxy all visitors count as one "
            "in the limits. Set PROXY_COUNT=1 for one proxy."
        )))  # fmt: skip
    if host not in settings["TRUSTED_HOSTS"]:
        found.append(wrong("address", sentence(
            "TRUSTED_HOSTS does not name %(host)s, so the site refuses its own address."
        ), host=host))  # fmt: skip
    if parts.path.strip("/"):
        found.append(look("address", sentence(
            "PUBLIC_URL has a path, %(path)s: the proxy must pass it on as the script’s name, or "
            "links in mails lead nowhere. A host of its own is simpler."
        ), path=parts.path))  # fmt: skip
    if _is_number(host) or "." not in host:
        found.append(look("address", sentence(
            "PUBLIC_URL names no host with a dot (%(host)s): mail programs distrust such links."
        ), host=host))  # fmt: skip
    return found or [ok("address", sentence("Links lead to %(url)s."), url=url)]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def database() -> list[Finding]:
    """Whether the database is the one this version wants, with its guards."""
    connection = db.session.connection()
    here = set(MigrationContext.configure(connection).get_current_heads())
    wanted = set(ScriptDirectory(str(config.PROJECT / "migrations")).get_heads())
    found = []
    if here != wanted:
        found.append(wrong("database", sentence(
            "The database is at %(here)s, this version wants %(wanted)s. Run “flask db upgrade”, "
            "or start the version that it belongs to."
        ), here=_listed(here), wanted=_listed(wanted)))  # fmt: skip
    if missing := guards.missing(connection):
        found.append(wrong("database", sentence(
            "Guards are missing in the database: %(names)s. Without them two people can get one "
            "time. Restore the newest backup, or ask whoever changed the database."
        ), names=_listed(missing)))  # fmt: skip
    return found or [ok("database", sentence(
        "The database is at the newest version, and its guards are in place."
    ))]  # fmt: skip


def disk(settings: Settings) -> list[Finding]:
    """Whether there is room for the database, its backups and mails that are files."""
    folders = {Path(settings["INSTANCE_PATH"])}
    if db.engine.dialect.name == "sqlite" and db.engine.url.database:
        folders.add(Path(db.engine.url.database).resolve().parent)
    found = []
    for folder in sorted(folders):
        there = next(one for one in (folder, *folder.parents) if one.exists())
        free = shutil.disk_usage(there).free
        if free < LITTLE_FREE:
            tell = wrong if free < LEAST_FREE else look
            found.append(tell("disk", sentence(
                "Only %(free)s MB are free at %(folder)s. When it is full, nothing can be booked."
            ), free=free // MEGABYTE, folder=str(folder)))  # fmt: skip
    return found or [ok("disk", sentence("There is room on the disk."))]


def zones(now: datetime) -> list[Finding]:
    """Whether the rules of the time zones are new enough."""
    version = metadata.version("tzdata")
    year = version.partition(".")[0]
    age = now.replace(tzinfo=None) - datetime(int(year), 1, 1)  # noqa: DTZ001 - a date of a file
    if age > OLD_ZONES:
        return [look("zones", sentence(
            "The time zones are those of %(version)s. Bring in a newer tzdata: governments change "
            "their clocks at short notice."
        ), version=version)]  # fmt: skip
    return [ok("zones", sentence("The time zones are those of %(version)s."), version=version)]


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "–"
