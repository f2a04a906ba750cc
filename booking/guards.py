"""The guards that live in the database itself: no time twice, no audit row changed.

PostgreSQL refuses an overlap by an exclusion constraint, SQLite by triggers that raise the same
name; both arrive as IntegrityError. A SQLite migration that copies `time_claim` or `audit` drops
the triggers without a word and must call `install` again.
"""

from sqlalchemy import Connection, text

NO_OVERLAP = "time_claim_no_overlap"
APPEND_ONLY = "audit_append_only"

# A claim is at most 24 hours long (its CHECK says so), so what overlaps began within a day:
# that keeps each search a short range of the index on resource and start.
_SQLITE_OVERLAP = """
CREATE TRIGGER {guard}_{event} BEFORE {action} ON time_claim
WHEN EXISTS (
  SELECT 1 FROM time_claim
  WHERE resource_id = NEW.resource_id
    AND starts_at < NEW.ends_at
    AND starts_at >= strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-1 day')
    AND ends_at > NEW.starts_at
    AND id IS NOT {self}
)
BEGIN SELECT RAISE(ABORT, '{guard}'); END
"""

_SQLITE_LENGTH = """
CREATE TRIGGER time_claim_length_{event} BEFORE {action} ON time_claim
WHEN julianday(NEW.ends_at) - julianday(NEW.starts_at) > 1.00001
BEGIN SELECT RAISE(ABORT, 'time_claim_length'); END
"""

_SQLITE_APPEND = """
CREATE TRIGGER {guard}_{event} BEFORE {action} ON audit
BEGIN SELECT RAISE(ABORT, '{guard}'); END
"""

_POSTGRES = (
    # int8range makes the resource comparable in GiST without an extension.
    f"""
    ALTER TABLE time_claim ADD CONSTRAINT {NO_OVERLAP} EXCLUDE USING gist (
      int8range(resource_id, resource_id, '[]') WITH =,
      tstzrange(starts_at, ends_at, '[)') WITH &&
    )""",
    """
    ALTER TABLE time_claim ADD CONSTRAINT time_claim_length
    CHECK (ends_at - starts_at <= interval '24 hours')""",
    f"""
    CREATE FUNCTION {APPEND_ONLY}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER {APPEND_ONLY} BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION {APPEND_ONLY}()
    """,
)

_POSTGRES_REMOVE = (
    f"DROP TRIGGER IF EXISTS {APPEND_ONLY} ON audit",
    f"DROP FUNCTION IF EXISTS {APPEND_ONLY}()",
    "ALTER TABLE time_claim DROP CONSTRAINT IF EXISTS time_claim_length",
    f"ALTER TABLE time_claim DROP CONSTRAINT IF EXISTS {NO_OVERLAP}",
)


def _sqlite() -> dict[str, str]:
    """Return the triggers by name."""
    both = (("insert", "INSERT", "NULL"), ("update", "UPDATE", "NEW.id"))
    triggers = {}
    for event, action, self in both:
        triggers[f"{NO_OVERLAP}_{event}"] = _SQLITE_OVERLAP.format(
            guard=NO_OVERLAP, event=event, action=action, self=self
        )
        triggers[f"time_claim_length_{event}"] = _SQLITE_LENGTH.format(event=event, action=action)
    for event, action in (("update", "UPDATE"), ("delete", "DELETE")):
        triggers[f"{APPEND_ONLY}_{event}"] = _SQLITE_APPEND.format(
            guard=APPEND_ONLY, event=event, action=action
        )
    return triggers


def install(connection: Connection) -> None:
    """Put all guards in place."""
    if connection.dialect.name == "sqlite":
        for name, statement in _sqlite().items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
        return
    for statement in _POSTGRES:
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take all guards away, for a migration down."""
    if connection.dialect.name == "sqlite":
        for name in _sqlite():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    for statement in _POSTGRES_REMOVE:
        connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """Return the names of the guards that are not in place."""
    if connection.dialect.name == "sqlite":
        wanted = set(_sqlite())
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = {NO_OVERLAP, "time_claim_length", APPEND_ONLY}
        query = (
            "SELECT conname FROM pg_constraint UNION ALL "
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
    return sorted(wanted - set(connection.scalars(text(query))))
