"""The site for the browser tests: all of it, but one fast visitor may press as often as they like.

Started as a process of its own: ``flask --app tests.browser.server up``. Mails leave at once, so
that no test waits for them.
"""

from functools import partial

from booking import create_app, server, worker

server.Loop = partial(worker.Loop, idle_seconds=0.3)
app = create_app({"RATELIMIT_ENABLED": False, "FORM_SECONDS": 0, "NAME_SERVERS": []})
