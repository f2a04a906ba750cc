"""A mail on our pages: its styles work, nothing else of it does, and the site's policy holds."""

from booking.web.mail_preview import MAIL_POLICY, mail_answer, with_frame
from booking.web.security import CONTENT_SECURITY_POLICY, add_headers


def test_a_mail_is_shut_off_and_its_page_keeps_our_policy(app):
    with app.test_request_context("/"):
        mail = add_headers(mail_answer("<p>Hello</p>"))
        page = add_headers(with_frame("<iframe></iframe>", 422))
    assert mail.headers["Content-Security-Policy"] == MAIL_POLICY
    directives = MAIL_POLICY.split("; ")
    assert "sandbox" in directives  # No script, no form, no origin, no navigation of the page.
    assert "default-src 'none'" in directives
    assert not any(word in MAIL_POLICY for word in ("script", "allow-", "http", "*"))
    assert mail.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Content-Security-Policy"] == f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    assert page.status_code == 422
