"""A connection that is not safe gets neither a mail nor a password."""

import ssl
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import trustme

from booking.mail import lane
from booking.mail.answers import NoTlsProblem
from booking.mail.outlet import SmtpOutlet
from booking.mail.way import way_of
from booking.upkeep import mail_server
from booking.upkeep.findings import Verdict
from booking.worker import turn
from tests.faults.mail_server import RudeServer, serving
from tests.faults.rude_letters import fates, write


def test_certificates_are_held_to_their_word(app, now, rude, tmp_path):
    authority, other = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    past = now() - timedelta(days=3650)
    good = authority.issue_cert("localhost")
    for cert, said in (
        (authority.issue_cert("localhost", not_after=past), "expired"),
        (authority.issue_cert("elsewhere.example"), "localhost"),
        (other.issue_cert("localhost"), "not good"),
        (good, ""),
    ):
        rude.tls = _server_side(cert)
        app.config["SMTP_CA_FILE"] = str(tmp_path / "ca.pem")
        write(now, said or "good")
        turn()
        trouble = lane.state()
        assert said in trouble.trouble
        assert bool(rude.taken) is (cert is good)
        seen = mail_server.check(app.config)
        assert (seen.verdict is Verdict.OK, said in str(seen)) == (cert is good, True)
        now.set(trouble.closed_until or now())
    # Nobody vouches for it but the file: without the file it is refused as well.
    app.config["SMTP_CA_FILE"] = None
    write(now, "again")
    turn()
    assert "certificate" in lane.state().trouble


def _server_side(cert: trustme.LeafCert):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    return context


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mails_leave_once_we_are_signed_in_over_tls(app, now, rude, tmp_path, scheme):
    """Over STARTTLS and over TLS from the first byte; with a wrong password none is offered."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    rude.tls = _server_side(authority.issue_cert("localhost"))
    rude.is_safe_at_once = scheme == "smtps"
    rude.offers.append("AUTH PLAIN")
    right = "PLAIN " + b64encode(b"\0me\0hush").decode()
    rude.answers["AUTH"] = lambda said: "235 welcome" if said == right else "535 5.7.8 who is that"
    write(now, "a")
    for password, state in (("loud", ("waiting", 0)), ("hush", ("sent", 1))):
        app.config["SMTP_URL"] = f"{scheme}://me:{password}@localhost:{rude.port}"
        app.config["SMTP_CA_FILE"] = str(tmp_path / "ca.pem")
        turn()
        assert fates() == {"a": state}
        seen = mail_server.check(app.config)
        assert (seen.verdict is Verdict.OK) == (state[0] == "sent"), str(seen)
        assert "535 5.7.8" in lane.state().trouble or state[0] == "sent"
        now.set(lane.state().closed_until or now())
    heard = [one for one in rude.heard if "STARTTLS" in one or "AUTH" in one]
    assert heard[0].startswith("STARTTLS" if scheme == "smtp" else "AUTH")
    rude.tls = _server_side(trustme.CA().issue_cert("localhost"))
    write(now, "b")
    turn()
    assert "certificate" in lane.state().trouble


@pytest.mark.parametrize(
    ("url", "without", "needs_tls"),
    [
        ("smtp://mail.example", False, True),
        ("smtp://mail.example", True, False),
        ("smtp://localhost:25", False, False),
    ],
)
def test_a_server_elsewhere_gets_no_mail_without_tls(url, without, needs_tls):
    settings = {"SMTP_URL": url, "SMTP_WITHOUT_TLS": without, "SMTP_CA_FILE": None}
    way = way_of({**settings, "PUBLIC_URL": "http://localhost"})
    assert way.needs_tls is needs_tls
    with serving(RudeServer()) as server, closing(SmtpOutlet(replace(way, url=server.url))) as out:
        if needs_tls:
            with pytest.raises(NoTlsProblem):
                out.make_ready()
        else:
            out.make_ready()


def test_a_server_that_refuses_to_begin_tls_gets_neither_password_nor_mail(app, now, rude):
    authority = trustme.CA()
    rude.tls = _server_side(authority.issue_cert("localhost"))
    rude.answers["STARTTLS"] = "454 4.7.0 TLS not available"
    app.config["SMTP_URL"] = f"smtp://me:hush@localhost:{rude.port}"
    write(now, "a")
    turn()
    assert "454" in lane.state().trouble
    assert [one.partition(" ")[0] for one in rude.heard][:2] == ["ehlo", "STARTTLS"]
    assert len(rude.heard) == 2
