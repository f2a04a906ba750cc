"""The guards that live in the database itself: no time twice, no row of audit or money changed.

PostgreSQL refuses an overlap by an exclusion constraint, SQLite by triggers that raise the same
name; both arrive as IntegrityError. A SQLite migration that copies `time_claim` or `audit` drops
the triggers without a word and must call `install` again; one that copies `payment` or `receipt`
calls `seal`.
"""

from sqlalchemy import Connection, text

NO_OVERLAP = "time_claim_no_overlap"
APPEND_ONLY = "audit_append_only"
# Tables whose rows are only ever added, each guarded by a trigger of its own name.
SEALED = ("payment", "receipt")

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
CREATE TRIGGER {guard}_{event} BEFORE {action} ON {table}
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

_POSTGRES_SEAL = """
CREATE TRIGGER {guard} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {guard}()
"""

_POSTGRES_SEAL_FUNCTION = """
CREATE OR REPLACE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION '{guard}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

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
    return triggers | _sqlite_append("audit")


def _sqlite_append(table: str) -> dict[str, str]:
    guard = f"{table}_append_only"
    return {
        f"{guard}_{event}": _SQLITE_APPEND.format(
            guard=guard, event=event, action=event.upper(), table=table
        )
        for event in ("update", "delete")
    }


def seal(connection: Connection) -> None:
    """Let rows of money only ever be added; the tables have to be there."""
    for table in SEALED:
        guard = f"{table}_append_only"
        if connection.dialect.name == "sqlite":
            for name, statement in _sqlite_append(table).items():
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
                connection.exec_driver_sql(statement)
        else:
            connection.exec_driver_sql(_POSTGRES_SEAL_FUNCTION.format(guard=guard))
            connection.exec_driver_sql(_POSTGRES_SEAL.format(guard=guard, table=table))


def unseal(connection: Connection) -> None:
    """Take the guards of the rows of money away, for a migration down."""
    for table in SEALED:
        guard = f"{table}_append_only"
        if connection.dialect.name == "sqlite":
            for name in _sqlite_append(table):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard} ON {table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {guard}()")


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
        wanted = set(_sqlite()).union(*map(_sqlite_append, SEALED))
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = {NO_OVERLAP, "time_claim_length", APPEND_ONLY}
        wanted |= {f"{table}_append_only" for table in SEALED}
        query = (
            "SELECT conname FROM pg_constraint UNION ALL "
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
    return sorted(wanted - set(connection.scalars(text(query))))
