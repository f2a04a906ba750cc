"""The doctor: a sentence for each thing that is not as it should be, and no network in tests."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import dns.flags
import dns.message
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from booking.database import transact
from booking.mail.pulse import Pulse
from booking.mail.way import Patience
from booking.upkeep import doctor, mail_domain, mail_server
from booking.upkeep.findings import Finding, Verdict
from tests.cast import sign_in
from tests.mail.conftest import Mailbox, mailbox
from tests.web.pages import press, send, soup, words

__all__ = ["mailbox"]
SENDER = {"MAIL_FROM": "studio@mail.heron.example"}
NO_CA = {"SMTP_CA_FILE": None, "SMTP_WITHOUT_TLS": False, **SENDER}
KEY = "v=DKIM1; k=rsa; p=MIGfMA0"
WELL = {
    "mail.heron.example.": ["v=spf1 include:post.example ~all", "another=thing"],
    "s1._domainkey.mail.heron.example.": [KEY],
    "_dmarc.heron.example.": ["v=DMARC1; p=reject"],
}


class Names(threading.Thread):
    """A name server that knows a few texts."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.records: dict[str, list[str]] = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    def run(self) -> None:
        while True:
            asked, whom = self.socket.recvfrom(4096)
            if not asked:
                return
            query = dns.message.from_wire(asked)
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            name = query.question[0].name.to_text()
            if name in self.records:
                quoted = [f'"{record}"' for record in self.records[name]]
                answer.answer.append(
                    dns.rrset.from_text_list(name, 60, "IN", dns.rdatatype.TXT, quoted)
                )
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self.socket.sendto(answer.to_wire(), whom)

    def resolver(self) -> dns.resolver.Resolver:
        ask = mail_domain.resolver(["127.0.0.1"])
        ask.port = self.socket.getsockname()[1]
        return ask


@pytest.fixture
def names() -> Iterator[Names]:
    server = Names()
    server.start()
    yield server
    server.socket.sendto(b"", server.socket.getsockname())
    server.join(5)
    server.socket.close()


def verdicts(found: list[Finding]) -> list[str]:
    assert all(str(one) for one in found)
    return [one.verdict.value for one in found]


def test_a_domain_that_says_all_it_should(names):
    names.records = WELL
    settings = SENDER | {"MAIL_DKIM_SELECTOR": ""}
    found = mail_domain.check(settings, names.resolver())
    assert verdicts(found) == ["ok", "ok", "ok"]
    assert "s1._domainkey" in str(found[1])


@pytest.mark.parametrize(
    ("records", "selector", "wanted", "words"),
    [
        ({}, "", ["look"] * 3, "usual names (default, mail, dkim"),
        ({}, "own", ["look", "wrong", "look"], "own._domainkey.mail.heron.example"),
        ({"mail.heron.example.": ["v=spf1 a ~all", "v=spf1 mx -all"]}, "",
         ["wrong", "look", "look"], "only one may be"),
        ({"mail.heron.example.": ["v=spf1 +all"]}, "", ["wrong", "look", "look"], "every server"),
        ({"mail._domainkey.mail.heron.example.": ["v=DKIM1; p="]}, "", ["look", "wrong", "look"],
         "withdrawn"),
        ({"_dmarc.heron.example.": ["v=DMARC1; p=none"] * 2}, "", ["look", "look", "wrong"],
         "none counts"),
    ],
)  # fmt: skip
def test_a_domain_that_says_too_little_or_too_much(names, records, selector, wanted, words):
    # Two records that are the same are one to a name server.
    names.records = {
        name: [f"{one}; x={number}" if "DMARC" in one else one for number, one in enumerate(texts)]
        for name, texts in records.items()
    }
    found = mail_domain.check(SENDER | {"MAIL_DKIM_SELECTOR": selector}, names.resolver())
    assert verdicts(found) == wanted
    assert words in " ".join(map(str, found))


def test_offline_it_says_so_and_nothing_is_wrong():
    (found,) = mail_domain.check(SENDER, mail_domain.resolver([]))
    assert (found.verdict, "could not be asked" in str(found)) == (Verdict.LOOK, True)
    (found,) = mail_domain.check({"MAIL_FROM": "studio@localhost"}, mail_domain.resolver([]))
    assert "no address of a domain" in str(found)


def settings_of(mailbox: Mailbox, url: str = "") -> dict[str, object]:
    return {"SMTP_URL": url or mailbox.url, "PUBLIC_URL": "http://localhost", **NO_CA}


def test_the_mail_server_is_gone_through_up_to_the_mail(mailbox):
    found = mail_server.check(settings_of(mailbox))
    assert (found.verdict, "in the open" in str(found)) == (Verdict.LOOK, True)
    assert mailbox.taken == []
    mailbox.sender_answer = "550 who are you"
    found = mail_server.check(settings_of(mailbox))
    assert (found.verdict, "550 who are you" in str(found)) == (Verdict.WRONG, True)
    found = mail_server.check(settings_of(mailbox, f"smtp://me:word@127.0.0.1:{mailbox.port}"))
    assert (found.verdict, "no TLS" in str(found)) == (Verdict.WRONG, True)
    found = mail_server.check(settings_of(mailbox, "smtp://127.0.0.1:1"))
    assert "cannot be reached" in str(found)
    found = mail_server.check({**settings_of(mailbox), "MAIL_FROM": "hola@peluquería.es"})
    assert (found.verdict, "cannot be told" in str(found)) == (Verdict.WRONG, True)
    found = mail_server.check(settings_of(mailbox, "smtp://me:word@127.0.0.1:99999"))
    assert (found.verdict, "127.0.0.1:99999 cannot be reached" in str(found)) == (
        Verdict.WRONG, True,
    )  # fmt: skip


def test_a_test_mail_is_handed_over_at_once_and_the_servers_word_is_said(app, studio, mailbox):
    app.config["SMTP_URL"] = mailbox.url
    run = app.test_cli_runner().invoke
    answer = run(args=["doctor", "--here", "--test-mail", "mara@heronlane.example"])
    assert "took a mail to mara@heronlane.example" in answer.output
    assert [mail["To"] for mail in mailbox.taken] == ["mara@heronlane.example"]
    assert "Whoever runs the machine asked" in str(mailbox.taken[0])
    mailbox.recipient_answer = "550 5.1.1 <b>no such</b> user"
    answer = run(args=["doctor", "--here", "--test-mail", "mara@heronlane.example"])
    assert (answer.exit_code, "550 5.1.1 <b>no such</b> user" in answer.output) == (1, True)
    assert "is not a mail address" in run(args=["doctor", "--test-mail", "mara"]).output


def test_a_server_that_never_answers_is_waited_for_so_long_and_no_longer():
    silent = socket.create_server(("127.0.0.1", 0))
    url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
    settings = {"SMTP_URL": url, "PUBLIC_URL": "http://localhost", **NO_CA}
    found = mail_server.check(settings, Patience(answer=0.2, whole=5))
    assert (found.verdict, "did not answer in time" in str(found)) == (Verdict.WRONG, True)
    silent.close()


@pytest.mark.parametrize(
    ("url", "more", "wanted"),
    [
        ("https://book.example.com", {}, ["ok"]),
        ("http://localhost:8000", {}, ["look"]),
        ("http://book.example.com", {}, ["wrong"]),
        ("https://book.example.com", {"PROXY_COUNT": 0}, ["look"]),
        ("https://book.example.com/site", {}, ["look"]),
        ("https://192.0.2.7", {}, ["look"]),
        ("https://book.example.com", {"TRUSTED_HOSTS": ["other.example"]}, ["wrong"]),
    ],
)
def test_the_address_in_mails(url, more, wanted):
    host = url.split("/")[2].partition(":")[0]
    settings = {"PUBLIC_URL": url, "PROXY_COUNT": 1, "TRUSTED_HOSTS": [host]} | more
    assert verdicts(doctor.public_address(settings)) == wanted


def test_the_command_says_what_is_wrong_and_ends_with_1(app, studio, now, monkeypatch):
    monkeypatch.setattr(doctor, "seconds_apart", lambda _now: 0)  # The server's clock is real.
    run = app.test_cli_runner().invoke
    answer = run(args=["doctor"])
    assert (answer.exit_code, "Nothing has sent mails yet" in answer.output) == (1, True)
    transact(Pulse("one:1").beat, now())
    answer = run(args=["doctor"])
    assert "no mail server is set up" in answer.output.lower()
    assert (answer.exit_code, "wrong" in answer.output) == (0, False), answer.output
    monkeypatch.setattr(doctor.ScriptDirectory, "get_heads", lambda _self: ["newer"])
    monkeypatch.setattr(doctor.guards, "missing", lambda _connection: ["time_claim_no_overlap"])
    assert "time_claim_no_overlap" in run(args=["doctor", "--here"]).output
    assert "flask db upgrade" in run(args=["doctor", "--here"]).output


def test_a_clock_that_stands_back_and_full_disks_are_seen(app, studio, now, monkeypatch):
    transact(Pulse("one:1").beat, now())
    for apart, wanted in ((0, "ok"), (7, "look"), (61, "wrong")):
        monkeypatch.setattr(doctor, "seconds_apart", lambda _now, apart=apart: apart)
        assert verdicts(doctor.clock(now())) == [wanted]
    assert verdicts(doctor.clock(now() - timedelta(hours=2))) == ["wrong"]
    monkeypatch.setattr(doctor, "LITTLE_FREE", 2**62)
    assert "look" in verdicts(doctor.disk(app.config))
    assert verdicts(doctor.zones(now() + timedelta(days=900))) == ["look"]


def test_the_page_asks_others_only_when_pressed(client, studio, now, monkeypatch):
    asked = []
    visit = mail_server.check
    monkeypatch.setattr(mail_server, "check", lambda *given: asked.append(1) or visit(*given))
    sign_in(client, studio.accounts["mara"], now())
    page = client.get("/studio/settings/doctor")
    assert (page.status_code, asked) == (200, [])
    assert "Nothing has sent mails yet" in page.text
    sent = send(client, press(soup(page), "Send a test mail to mara@heronlane.example"))
    assert "On its way" in words(client.get(sent.location.partition("#")[0]))
    page = client.post("/studio/settings/doctor")
    assert (page.status_code, asked) == (200, [1])
    assert "could not be asked about heronlane.example" in page.text


def test_a_manager_believes_the_clock(client, studio, now):
    transact(Pulse("ahead:1").beat, now() + timedelta(hours=2))
    sign_in(client, studio.accounts["mara"], now())
    assert "the clock of this machine is wrong" in client.get("/studio/").text
    assert "The clock is right" in client.get("/studio/settings/doctor").text
    client.post("/studio/settings/doctor/clock")
    assert "the clock of this machine is wrong" not in client.get("/studio/").text
