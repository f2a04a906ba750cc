"""Showing a mail on our pages as mail programs show it, without letting it do anything there.

A mail carries its styles inside itself, which the site's Content-Security-Policy forbids. So its
HTML is an answer of its own, sandboxed, with a policy that lets it have styles and nothing else;
a page shows it in a frame:

    <iframe class="mail-shown" sandbox src="…" title="…"></iframe>

The view of that page answers with `with_frame`, the view of the frame with `mail_answer`.
"""

from flask import Response, make_response

from booking.web.security import CONTENT_SECURITY_POLICY

# No script, no form, no request to anywhere: not even a link leads out of the frame. Styles stand
# in the mail itself; pictures only if they are part of it.
MAIL_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox",
    )
)


def mail_answer(html: str) -> Response:
    """Answer with a mail's HTML, shut off from the site."""
    response = make_response(html)
    response.mimetype = "text/html"
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def with_frame(page: str, status: int = 200) -> Response:
    """Answer with a page of ours that shows a mail in a frame: frames of ours, nobody else's."""
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response
