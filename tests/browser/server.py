"""The site for the browser tests: all of it, but one fast visitor may press as often as they like.

Started as a process of its own: ``flask --app tests.browser.server up``.
"""

from booking import create_app

app = create_app({"RATELIMIT_ENABLED": False, "FORM_SECONDS": 0})
