"""What the one command says when it starts."""

import logging
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from booking.demo import cast
from booking.practice import queries as practice


def migrate() -> None:
    """Bring the database to the newest migration, quietly."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()


def words(app: Flask) -> str:
    """Return the address, the demo's sign-ins and where mail goes."""
    url = app.config["PUBLIC_URL"]
    lines = ["", f"  {practice.current().name}", f"  {url}/", ""]
    if cast.is_here():
        lines += [
            f"  Demo sign-ins ({url}/sign-in, password for all: {cast.PASSWORD})",
            f"    therapist  {cast.LENA.email}",
            f"    manager    {cast.MARA.email}",
            f"    client     {cast.ADA.email}",
            "",
        ]
    lines += [f"  {mail_words(app)}", "  Stop with Ctrl-C.", ""]
    return "\n".join(lines)


def mail_words(app: Flask) -> str:
    """Return where mails go, for people."""
    if app.config["SMTP_URL"]:
        return f"Mails are sent from {app.config['MAIL_FROM']}."
    return (
        f"Mails are written to {Path(app.config['INSTANCE_PATH']) / 'mail'} (no SMTP_URL is set)."
    )
