"""Commands, a few lines each: the rules are in the rooms."""

import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import inspect

from booking import clock, config
from booking.accounts import audit, passwords, staff
from booking.accounts import operations as accounts
from booking.accounts.models import Role
from booking.articles import body, search
from booking.articles.import_cli import export_articles, import_articles
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice

articles_group = AppGroup("articles", help="Bring articles in, and take them out.")


def init_app(app: Flask) -> None:
    for command in (
        up,
        worker,
        make_manager,
        reset_second_factor,
        backup,
        restore,
        check,
        doctor,
        demo,
        sentences,
    ):
        app.cli.add_command(command)
    articles_group.add_command(import_articles)
    articles_group.add_command(export_articles)
    app.cli.add_command(articles_group)


def this_app() -> Flask:
    """Return the application itself, not the proxy, which means nothing to another thread."""
    proxy: Any = current_app
    return proxy._get_current_object()  # noqa: SLF001 - the way Flask documents


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def up(host: str, port: int) -> None:
    """Bring the database up to date, fill in the demo at the first start, and serve."""
    from booking import server, welcome
    from booking.demo import fill

    app = this_app()
    if app.config["PUBLIC_URL_IS_DEFAULT"]:
        app.config["PUBLIC_URL"] = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
    welcome.migrate()
    _index(search.all_ids(without_terms=True))
    # Its password is known to everybody, so a site that others can reach never gets it unasked.
    if fill.is_empty() and config.is_local(app.config["PUBLIC_URL"]):
        click.echo("Filling in a demo practice …")
        fill.fill(clock.utcnow())
    click.echo(welcome.words(app))
    db.session.remove()
    server.serve(app, host, port)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and end: for cron.")
@click.option(
    "--clock-is-right", is_flag=True, help="Go on after the clock ran ahead and was set right."
)
def worker(once: bool, clock_is_right: bool) -> None:
    """Send reminders and mails, as a process of its own; a signal ends it between two mails."""
    from booking.mail import pulse
    from booking.upkeep import right_clock
    from booking.worker import Loop

    if clock_is_right:
        transact(lambda: right_clock.trust(practice.current(), clock.utcnow()))
    # Each run is another process: under its number each would be another worker for a day.
    name = f"{socket.gethostname()}:once" if once else None
    if once and not transact(pulse.Pulse(name).beat, clock.utcnow()):
        raise click.ClickException("The clock stands back, so nothing was sent.")
    loop = Loop(this_app(), name=name)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: loop.stop())
    signal.signal(signal.SIGINT, lambda _signal, _frame: loop.stop())
    loop.run(once=once)


@click.command("make-manager")
@click.argument("email")
@click.password_option(help="At least 15 characters; asked for when left out.")
def make_manager(email: str, password: str) -> None:
    """Make the account that runs the studio, or give one a new password."""
    email = _mail_address(email)
    try:
        hashed = passwords.hash_password(password, (email, practice.current().name))
    except Refusal as refusal:
        raise click.ClickException(str(refusal) % refusal.values) from refusal
    transact(accounts.make_staff, email, hashed, Role.MANAGER, clock.utcnow())
    transact(_begin_practice)
    click.echo(f"{email} may now sign in as manager.")


def _mail_address(typed: str) -> str:
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.ClickException(f"{typed} is not a mail address: {error}") from error


def _begin_practice() -> None:
    """Give a practice that is new what it can begin with."""
    studio = practice.current()
    if inspect(studio).transient:
        body.install(studio, audit.SYSTEM, clock.utcnow())


@click.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second step from an account, when no other manager is there to do it."""
    account = accounts.find_account(email)
    if account is None:
        raise click.ClickException(f"{email} has no account.")
    transact(staff.reset_factor, account.id, audit.SYSTEM, clock.utcnow())
    click.echo(f"{email} signs in with the password alone and sets the second step up anew.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a whole, consistent copy of the database to FILE, while the site runs."""
    from booking.upkeep.backup import BackupError, save

    try:
        save(file)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Saved to {file} ({file.stat().st_size:,} bytes).")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option(prompt="This replaces everything in the database. Go on?")
def restore(file: Path) -> None:
    """Put a backup in the place of the database; stop the site before."""
    from booking.upkeep.backup import BackupError, load

    try:
        held_back = load(file)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored from {file}. {held_back} old mails are kept from going out again.")


@click.command()
def check() -> None:
    """Hold the data to the rules that must never break; exit code 1 when one does."""
    from booking.upkeep.check import findings

    found = findings(clock.utcnow())
    for finding in found:
        click.echo(f"✗ {finding}")
    click.echo("All rules hold." if not found else f"{len(found)} findings.")
    sys.exit(1 if found else 0)


@click.command()
@click.option("--here", is_flag=True, help="Ask neither the mail server nor the name service.")
@click.option("--test-mail", metavar="ADDRESS", help="Hand a mail over, and say what became of it.")
def doctor(here: bool, test_mail: str | None) -> None:
    """Look whether the installation runs well; exit code 1 when something is wrong."""
    from booking.upkeep import doctor as checks
    from booking.upkeep.findings import Verdict

    address = _mail_address(test_mail) if test_mail else None

    found = checks.machine(current_app.config, clock.utcnow())
    if not here:
        db.session.rollback()
        found += checks.outside(current_app.config)
    if address:
        found.append(checks.test_mail(current_app.config, address, clock.utcnow()))
    for finding in found:
        click.echo(f"{finding.verdict.value:<6}{finding.about:<10}{finding}")
    sys.exit(1 if any(one.verdict is Verdict.WRONG for one in found) else 0)


@click.command()
def demo() -> None:
    """Fill an empty database with a demo practice."""
    from booking.demo import fill

    if not fill.is_empty():
        raise click.ClickException("The database is not empty; the demo would mix with your data.")
    fill.fill(clock.utcnow())
    click.echo("Filled.")


@click.command()
def sentences() -> None:
    """Gather what people read into the catalogues in booking/translations, for translators."""
    from booking.upkeep import sentences as found

    for language in found.languages():
        left = found.update(language)
        click.echo(f"{language}: {left} sentences to translate.")


@articles_group.command("index")
def index_articles() -> None:
    """Write the words of all articles anew, for searching: after a change of topics' names."""
    click.echo(f"{_index(search.all_ids())} articles can be found by their words.")


def _index(ids: Sequence[int]) -> int:
    """Write the terms of these articles, some at a time, so that nobody waits long to write."""
    return sum(transact(search.index_some, ids[at : at + 50]) for at in range(0, len(ids), 50))
