"""What stands in the database: whether something has changed it, and to what."""

from sqlalchemy import text

from booking.database import db

# What may change by a visit: a session's last use, that a record was looked at.
VISITED = {"account_session"}
LOOKS = {"audit": "WHERE action <> 'looked'"}


def snapshot(*left_out: str) -> dict[str, list]:
    """All rows of all tables but of those that are left out or may change by a visit."""
    db.session.rollback()
    return {
        table.name: db.session.execute(
            text(f"SELECT * FROM {table.name} {LOOKS.get(table.name, '')} ORDER BY 1, 2")
        ).all()
        for table in db.metadata.sorted_tables
        if table.name not in {*VISITED, *left_out}
    }


def fresh(model: type) -> list:
    """All rows of a table in their order, read anew."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(model).order_by(model.id).all()
