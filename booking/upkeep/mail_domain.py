"""What the name service says of the sender's domain: who may send for it (SPF, RFC 7208), how its
mails are signed (DKIM, RFC 6376), and what becomes of others (DMARC, RFC 7489).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dns.exception
import dns.name
import dns.resolver

from booking.domain.errors import sentence
from booking.upkeep.findings import Finding, look, ok, wrong

SECONDS = 4
# Where keys lie with many providers; which it is, nobody can ask for.
COMMON = (
    "default", "mail", "dkim", "selector1", "selector2", "google", "k1", "k2", "s1", "s2", "fm1",
    "mx", "smtp", "pm", "zoho", "protonmail",
)  # fmt: skip
ABSENT = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)


def resolver(servers: Sequence[str] | None = None) -> dns.resolver.Resolver:
    """Return the machine's own way of asking, or one by other servers; with little patience."""
    try:
        found = dns.resolver.Resolver(configure=servers is None)
    except dns.resolver.NoResolverConfiguration:
        found = dns.resolver.Resolver(configure=False)
    if servers is not None:
        found.nameservers = list(servers)
    found.lifetime = SECONDS
    return found


def check(settings: Mapping[str, Any], ask: dns.resolver.Resolver) -> list[Finding]:
    """Look up what receivers of our mails look up. Without a name service it says just that."""
    domain = settings["MAIL_FROM"].rpartition("@")[2].lower()
    if "." not in domain:
        return [look("domain", sentence(
            "Mails are from %(sender)s, which is no address of a domain of yours. Set MAIL_FROM."
        ), sender=settings["MAIL_FROM"])]  # fmt: skip
    try:
        return [
            _spf(domain, ask),
            _dkim(domain, settings.get("MAIL_DKIM_SELECTOR") or "", ask),
            _dmarc(domain, ask),
        ]
    except (dns.exception.DNSException, OSError) as error:
        return [look("domain", sentence(
            "The name service could not be asked about %(domain)s (offline? %(why)s), so SPF, DKIM "
            "and DMARC were not looked at."
        ), domain=domain, why=type(error).__name__)]  # fmt: skip


def _texts(name: str, ask: dns.resolver.Resolver) -> list[str]:
    """Return the TXT records of a name, none when there is no such name."""
    try:
        found = ask.resolve(dns.name.from_text(name), "TXT", search=False)
    except ABSENT:
        return []
    return [b"".join(one.strings).decode("utf-8", "replace") for one in found]


def _spf(domain: str, ask: dns.resolver.Resolver) -> Finding:
    found = [one for one in _texts(domain, ask) if one.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return look("domain", sentence(
            "SPF: %(domain)s does not say which servers send for it. Add a TXT record such as "
            "“v=spf1 include:… ~all”; your mail provider tells the middle."
        ), domain=domain)  # fmt: skip
    if len(found) > 1:
        return wrong("domain", sentence(
            "SPF: %(domain)s has %(count)s records where only one may be, so none counts. Make "
            "one of them."
        ), domain=domain, count=len(found))  # fmt: skip
    if found[0].lower().split()[-1] in ("+all", "all"):
        return wrong("domain", sentence(
            "SPF: %(record)s lets every server of the world send for %(domain)s. End it with ~all."
        ), domain=domain, record=found[0])  # fmt: skip
    return ok("domain", sentence("SPF: %(record)s. Your mail server should be among these."),
              record=found[0])  # fmt: skip


def _dkim(domain: str, selector: str, ask: dns.resolver.Resolver) -> Finding:
    tried = (selector,) if selector else COMMON
    for one in tried:
        keys = [key for key in _texts(f"{one}._domainkey.{domain}", ask) if "p=" in key]
        if keys and any(_has_key(key) for key in keys):
            return ok("domain", sentence(
                "DKIM: there is a key at %(selector)s._domainkey.%(domain)s. A test mail shows in "
                "its headers whether mails are signed with it."
            ), selector=one, domain=domain)  # fmt: skip
        if keys:
            return wrong("domain", sentence(
                "DKIM: the key at %(selector)s._domainkey.%(domain)s was withdrawn (it is empty)."
            ), selector=one, domain=domain)  # fmt: skip
    if selector:
        return wrong("domain", sentence(
            "DKIM: there is no key at %(selector)s._domainkey.%(domain)s. Publish the one that "
            "your mail provider shows, or mend MAIL_DKIM_SELECTOR."
        ), selector=selector, domain=domain)  # fmt: skip
    return look("domain", sentence(
        "DKIM: no key was found under the usual names (%(tried)s). Your mail provider says which "
        "name it uses; set MAIL_DKIM_SELECTOR to look there."
    ), tried=", ".join(tried))  # fmt: skip


def _has_key(record: str) -> bool:
    fields = (part.strip().partition("=") for part in record.split(";"))
    return any(name == "p" and value.strip() for name, _equals, value in fields)


def _dmarc(domain: str, ask: dns.resolver.Resolver) -> Finding:
    """The domain's own word, or that of one above it."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        name = "_dmarc." + ".".join(labels[start:])
        found = [one for one in _texts(name, ask) if one.lower().startswith("v=dmarc1")]
        if len(found) > 1:
            return wrong("domain", sentence(
                "DMARC: there are %(count)s records at %(name)s, so none counts. Make one of them."
            ), count=len(found), name=name)  # fmt: skip
        if found:
            return ok("domain", sentence("DMARC: %(record)s"), record=found[0])
    return look("domain", sentence(
        "DMARC: %(domain)s does not say what becomes of mails that only pretend to be from it, "
        "and large providers want that. Add a TXT record at %(name)s: “v=DMARC1; p=none”."
    ), domain=domain, name=f"_dmarc.{domain}")  # fmt: skip
