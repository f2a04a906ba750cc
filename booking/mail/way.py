"""Where mails go and how long we wait there, as the installation has set it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from booking.config import is_local


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds. All of it is well within the lease of a mail."""

    answer: float = 20  # For each answer, and to be connected to.
    whole: float = 60  # To greet and let us in; to take sender and recipient.
    # To take the mail once it is there. Whoever gives up early here sends it a second time.
    taking: float = 120
    goodbye: float = 20


@dataclass(frozen=True, slots=True)
class Way:
    """Where mails go: ``smtp://`` (STARTTLS) or ``smtps://`` (TLS from the first byte on)."""

    url: str
    # How we introduce ourselves; empty is whatever the machine is called.
    name: str = ""
    # Authorities to trust beside the machine's own.
    ca_file: str | None = None
    # Whether a server without TLS gets no mail; a password it never gets.
    needs_tls: bool = True
    patience: Patience = Patience()

    @property
    def place(self) -> tuple[str, int]:
        """Name and port of the server. Raises ValueError when there is no such port."""
        parts = urlsplit(self.url)
        return parts.hostname or "localhost", parts.port or (465 if self.has_tls else 587)

    @property
    def server(self) -> str:
        """Name the server for people, without who signs in there and how."""
        try:
            return ":".join(map(str, self.place))
        except ValueError:
            return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def has_tls(self) -> bool:
        """Tell whether all is encrypted from the first byte on."""
        return urlsplit(self.url).scheme == "smtps"


def way_of(settings: Mapping[str, Any], patience: Patience | None = None) -> Way:
    """Return the way that an installation has set up."""
    public = settings["PUBLIC_URL"]
    name = "localhost" if is_local(public) else urlsplit(public).hostname or ""
    url = settings["SMTP_URL"]
    # Whoever is between us and the server could take its offer of TLS away.
    needs_tls = not (is_local(url) or settings["SMTP_WITHOUT_TLS"])
    return Way(url, name, settings["SMTP_CA_FILE"], needs_tls, patience or Patience())
