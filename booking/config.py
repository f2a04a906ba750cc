"""Settings of the installation, read once from the environment.

What belongs to the practice (name, zone, policies) is a row in the database; what belongs to
the machine it runs on is here. Anything wrong is refused at the start with one sentence.
"""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from click import ClickException
from email_validator import EmailNotValidError, validate_email

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ConfigError(ClickException):
    """A setting is missing or makes no sense; the text says which and what would.

    On the command line the sentence is all that is shown.
    """


def load(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return Flask's configuration from environment variables.

    Raises ConfigError with a sentence for the person who started the program.
    """
    instance = Path(environ.get("INSTANCE_PATH") or PROJECT / "instance").resolve()
    public_url = _url(environ, "PUBLIC_URL", "http://127.0.0.1:8000", {"http", "https"})
    smtp_url = _smtp_url(environ)
    host = urlsplit(public_url).hostname or ""
    return {
        "INSTANCE_PATH": str(instance),
        "SQLALCHEMY_DATABASE_URI": database_url(environ.get("DATABASE_URL", ""), instance),
        "SECRET_KEY": _secret_key(environ, instance, is_local=is_local(public_url)),
        "PUBLIC_URL": public_url.rstrip("/"),
        "PUBLIC_URL_IS_DEFAULT": not environ.get("PUBLIC_URL"),
        "SMTP_URL": smtp_url,
        # Who vouches for the mail server, when it is nobody whom the machine knows.
        "SMTP_CA_FILE": _file(environ, "SMTP_CA_FILE"),
        # Mails may travel in the open, through a network of one's own.
        "SMTP_WITHOUT_TLS": _flag(environ, "SMTP_WITHOUT_TLS", False),
        # 0 is as fast as the server takes them.
        "MAIL_PER_MINUTE": _number(environ, "MAIL_PER_MINUTE", 0, 0, 10_000),
        "MAIL_FROM": _mail_from(environ, is_sending=smtp_url is not None),
        "MAIL_DKIM_SELECTOR": _selector(environ),
        # Addresses of name servers instead of the machine's own; tests ask none.
        "NAME_SERVERS": None,
        "TRUSTED_HOSTS": sorted({host, *LOOPBACK, *_words(environ, "TRUSTED_HOSTS")}),
        "PROXY_COUNT": _number(environ, "PROXY_COUNT", 0, 0, 5),
        "RUN_WORKER": _flag(environ, "RUN_WORKER", True),
        "WEB_THREADS": _number(environ, "WEB_THREADS", 8, 1, 64),
        # How long a request waits for another that writes, before it says that we are busy.
        "LOCK_SECONDS": _number(environ, "LOCK_SECONDS", 10, 1, 120),
        # The least time in which a person fills in a form that anybody may send.
        "FORM_SECONDS": _number(environ, "FORM_SECONDS", 2, 0, 30),
        # Public pages are given again while nothing in the database has changed.
        "KEEP_PAGES": _flag(environ, "KEEP_PAGES", True),
        "RATELIMIT_STORAGE_URI": _limits_url(environ),
    }


def database_url(text: str, instance: Path) -> str:
    """Name the database in the words of SQLAlchemy; SQLite in `instance` when none is given."""
    if not text:
        return f"sqlite:///{instance / 'booking.sqlite3'}"
    scheme, separator, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and separator:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and separator:
        return text
    raise ConfigError(
        "DATABASE_URL must begin with sqlite:/// or postgresql://, for example "
        "postgresql://booking:password@127.0.0.1/booking."
    )


def is_local(url: str) -> bool:
    """Tell whether only this machine reaches what has this address."""
    return (urlsplit(url).hostname or "") in LOOPBACK


def _url(environ: Mapping[str, str], name: str, default: str, schemes: set[str]) -> str:
    text = environ.get(name) or default
    parts = _parts(text)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        wanted = " or ".join(sorted(f"{scheme}://" for scheme in schemes))
        raise ConfigError(f"{name} must be a whole address that begins with {wanted}.")
    return text


def _parts(text: str) -> SplitResult | None:
    """Return an address in its parts; None when it has no sensible port, or has a query."""
    try:
        parts = urlsplit(text)
        is_plain = parts.port != 0 and not parts.query and not parts.fragment
    except ValueError:  # A port that is no number, or none that there is.
        return None
    return parts if is_plain else None


def _limits_url(environ: Mapping[str, str]) -> str:
    """Limits are counted in our own table, or in a Redis that several machines share."""
    if not environ.get("LIMITS_URL"):
        return "booking-sql://"
    return _url(environ, "LIMITS_URL", "", {"redis", "rediss"})


def _smtp_url(environ: Mapping[str, str]) -> str | None:
    if not environ.get("SMTP_URL"):
        return None
    url = _url(environ, "SMTP_URL", "", {"smtp", "smtps"})
    parts = urlsplit(url)
    if not unquote(f"{parts.username or ''}{parts.password or ''}").isascii():
        raise ConfigError(
            "SMTP_URL has a name or a password with letters beyond a to z, which cannot be sent to "
            "the mail server. Ask the provider for a password that is made for programs."
        )
    return url


def _file(environ: Mapping[str, str], name: str) -> str | None:
    path = environ.get(name)
    if path and not Path(path).is_file():
        raise ConfigError(f"{name} names {path}, which is not a file.")
    return path or None


def _mail_from(environ: Mapping[str, str], is_sending: bool) -> str:
    address = environ.get("MAIL_FROM", "").strip()
    if address and ("@" not in address or any(char in address for char in "\r\n<> ")):
        raise ConfigError(
            "MAIL_FROM must be one plain mail address, for example studio@example.com."
        )
    if is_sending and not address:
        raise ConfigError(
            "SMTP_URL is set, so MAIL_FROM must say which address the mails come from."
        )
    return _in_ascii(address) or "studio@localhost"


def _in_ascii(address: str) -> str:
    """Return the address as every server can carry it, its domain as the name service has it."""
    if address.isascii():
        return address
    try:
        ascii_address = validate_email(address, check_deliverability=False).ascii_email
    except EmailNotValidError:
        ascii_address = None
    if ascii_address is None:
        raise ConfigError(
            "MAIL_FROM has letters beyond a to z before the @, and many servers take no mail from "
            "such an address."
        )
    return ascii_address


def _selector(environ: Mapping[str, str]) -> str:
    """The name under which the domain publishes its DKIM key; the doctor looks there."""
    text = environ.get("MAIL_DKIM_SELECTOR", "").strip().strip(".")
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,120}", text):
        raise ConfigError("MAIL_DKIM_SELECTOR must be a selector's name, for example s1.")
    return text


def _secret_key(environ: Mapping[str, str], instance: Path, is_local: bool) -> str:
    """Take the key from the environment; a purely local site makes one and keeps it."""
    key = environ.get("SECRET_KEY", "")
    if key:
        if len(key) < 32:
            raise ConfigError("SECRET_KEY must have at least 32 characters.")
        return key
    if not is_local:
        raise ConfigError(
            "PUBLIC_URL names a public host, so SECRET_KEY must be set. "
            'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return _kept_key(instance / "secret_key")


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes that start together, one writes and both read the same key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    key = path.read_text().strip()
    if len(key) < 32:
        raise ConfigError(f"{path} is damaged; delete it and a new key is made.")
    return key


def _words(environ: Mapping[str, str], name: str) -> list[str]:
    return [word.strip() for word in environ.get(name, "").split(",") if word.strip()]


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ConfigError(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def _flag(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name, "").strip().lower()
    if text not in {"", "true", "false"}:
        raise ConfigError(f"{name} must be true or false.")
    return text == "true" if text else default
