"""A connection that is not safe gets neither a mail nor a password."""

import ssl
from datetime import timedelta

import trustme

from booking.mail import lane
from booking.upkeep import mail_server
from booking.upkeep.findings import Verdict
from booking.worker import turn
from tests.faults.rude_letters import write


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
