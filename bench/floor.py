"""The floor: what a page costs that does nothing but one indexed select and a small template.

Bare Flask, the database's driver itself and a connection that each thread keeps: no session, no
form, nobody signed in. What the real site is measured against, on the same server and database.
"""

import os
import sqlite3
import sys
import threading
from typing import Any

import psycopg
from flask import Flask, render_template
from sqlalchemy import make_url

app = Flask(__name__)
_own = threading.local()
URL = make_url(os.environ.get("DATABASE_URL", "sqlite://"))
MARK = "?" if URL.get_backend_name() == "sqlite" else "%s"
ASK = f"SELECT name, summary FROM service WHERE slug = {MARK}"
PAGE = app.jinja_env.from_string("""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ name }}</title></head>
<body><h1>{{ name }}</h1><p>{{ summary }}</p></body>
</html>
""")


def connection() -> Any:
    """Return this thread's connection."""
    if not hasattr(_own, "connection"):
        if URL.get_backend_name() == "sqlite":
            _own.connection = sqlite3.connect(URL.database or "", isolation_level=None)
        else:
            _own.connection = psycopg.connect(
                f"user={URL.username} dbname={URL.database} host={URL.query['host']}",
                autocommit=True,
            )
    return _own.connection


@app.get("/floor/<slug>")
def floor(slug: str) -> str:
    name, summary = connection().execute(ASK, (slug,)).fetchone()
    return render_template(PAGE, name=name, summary=summary)


if __name__ == "__main__":
    from waitress import serve

    serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, ident=None)
