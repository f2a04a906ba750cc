"""A database connection that breaks when the work is done takes nothing from the answer."""

import pytest
from flask import Response
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from booking.catalog.models import Service
from booking.database import Work, db

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


def _break(cut: list[int]) -> None:
    """End the server's side of the connection that this request works with."""
    work = db.session.connection().connection.driver_connection
    with db.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({work.info.backend_pid}, 5000)")
    cut.append(work.info.backend_pid)


@pytest.fixture
def cut() -> list[int]:
    return []


@pytest.fixture
def client(make_app, cut):
    app = make_app()

    def break_it(answer: Response) -> Response:
        _break(cut)
        return answer

    app.after_request(break_it)
    with app.app_context():
        yield app.test_client()
        db.session.remove()


def test_the_answer_stands(client, studio, cut):
    assert client.get("/").status_code == 200
    assert len(cut) == 1


def test_without_the_guard_it_turns_into_a_fault(client, studio, cut, monkeypatch):
    """The control: a session that passes on what a broken connection says to its rollback."""
    for name in ("rollback", "close"):
        monkeypatch.delattr(Work, name)
    with pytest.raises(DBAPIError):
        client.get("/")
    assert len(cut) == 1


def test_the_session_works_again_afterwards(app, studio):
    assert db.session.scalars(select(Service)).all()
    _break([])
    db.session.rollback()
    assert db.session.scalars(select(Service)).all()
