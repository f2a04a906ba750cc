"""Rows of many bookings, copied by the database itself from one that was booked in earnest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from booking.database import db

# Bookings of an hour, eight a day: they begin so many hours after midnight, UTC.
A_DAY, FIRST_HOUR = 8, 14
# So many days of the calendar lie ahead; the others are past.
AHEAD = 60
# Every client comes back ten times.
EACH_COMES = 10
# Ids of what is copied begin here, far above those of the demo.
FAR = 1_000_000
# So many of the practitioners give the service whose openings are looked for.
GIVING = 20
# A booking to copy, with all that belongs to one.
ONE = """
    SELECT b.* FROM booking b JOIN agreed_time a ON a.booking_id = b.id
    JOIN reminder r ON r.booking_id = b.id JOIN person p ON p.id = b.person_id
    JOIN time_claim t ON t.claim_id = b.claim_id AND t.resource_id = b.practitioner_id
    WHERE b.option_id IS NOT NULL AND p.account_id IS NOT NULL ORDER BY b.id LIMIT 1"""

SEQUENCE = """
    SELECT setval(of, (SELECT max(id) FROM {table}))
    FROM pg_get_serial_sequence('{table}', 'id') AS of WHERE of IS NOT NULL"""

START = (
    "date_trunc('day', CAST(:now AS timestamptz)) + (n / :people / 8 - :days + :ahead) "
    "* interval '1 day' + (n / :people % 8 + 14) * interval '1 hour'"
)
STATUS = f"CASE WHEN {START} < CAST(:now AS timestamptz) THEN 'arrived' ELSE 'booked' END"


@dataclass(frozen=True)
class Plan:
    """How much there shall be, seen from `now` (UTC)."""

    bookings: int
    practitioners: int
    now: datetime

    @property
    def values(self) -> dict[str, object]:
        days = -(-self.bookings // self.practitioners // A_DAY)
        return {
            "n": self.bookings, "people": self.practitioners, "days": days, "ahead": AHEAD,
            "now": self.now, "clients": max(1, self.bookings // EACH_COMES), "far": FAR,
            "giving": min(GIVING, self.practitioners),
        }  # fmt: skip


def copy_all(connection: Connection, plan: Plan) -> None:
    """Write all rows, in one transaction; ends with the sequences moved on."""
    booking = connection.execute(text(ONE)).mappings().one()
    source = {
        "booking": booking["id"],
        "person": booking["person_id"],
        "claim": booking["claim_id"],
        "giver": booking["practitioner_id"],
        "service": booking["service_id"],
    }
    values = {**plan.values, **source}
    for table, where, how_many, changed in ROWS:
        columns = [column.name for column in db.metadata.tables[table].columns]
        shown = ", ".join(changed.get(name, f"old.{name}") for name in columns)
        connection.execute(
            text(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {shown} "
                 f"FROM (SELECT * FROM {table} WHERE {where} LIMIT 1) AS old, "
                 f"generate_series(0, {how_many} - 1) AS n"),
            values,
        )  # fmt: skip
        if "id" in columns:
            connection.execute(text(SEQUENCE.format(table=table)))


_END = f"{START} + interval '1 hour'"
_LOCAL = f"({START}) AT TIME ZONE old.zone_name"
_GIVER = ":far + n % :people"


def _due(lead: int) -> str:
    """When a reminder is due that goes so many minutes before."""
    return f"{START} - interval '{lead} minutes'"


ROWS = (
    ("resource", "id = :giver", ":people",
     {"id": ":far + n", "slug": "'giver-' || n", "name": "'Giver ' || n"}),
    ("practitioner", "id = :giver", ":people",
     {"id": ":far + n", "account_id": "CAST(NULL AS integer)"}),
    ("service_practitioner", "service_id = :service AND practitioner_id = :giver", ":giving",
     {"practitioner_id": ":far + n"}),
    *(("opening_hours", "practitioner_id = :giver", ":giving",
       {"id": f":far + n * 5 + {day}", "practitioner_id": ":far + n", "weekday": str(day),
        "valid_from": "CAST(NULL AS date)", "valid_until": "CAST(NULL AS date)",
        "opens_minute": "540", "closes_minute": "1200"})
      for day in range(5)),
    ("person", "id = :person", ":clients",
     {"id": ":far + n", "account_id": "CAST(NULL AS integer)",
      "name": "'Client ' || md5(n::text)", "folded_name": "'client ' || md5(n::text)",
      "email": "'client' || n || '@example.com'"}),
    ("claim", "id = :claim", ":n", {"id": ":far + n", "session_at": START}),
    ("time_claim", "claim_id = :claim AND resource_id = :giver", ":n",
     {"id": ":far + n", "claim_id": ":far + n", "resource_id": _GIVER, "starts_at": START,
      "ends_at": _END}),
    ("booking", "id = :booking", ":n",
     {"id": ":far + n", "claim_id": ":far + n", "person_id": ":far + n % :clients",
      "booked_by_id": "CAST(NULL AS integer)", "hold_token": "CAST(NULL AS varchar)",
      "practitioner_id": _GIVER, "room_id": "CAST(NULL AS integer)", "starts_at": START,
      "ends_at": _END, "local_start": _LOCAL, "status": STATUS, "revision": "1",
      "cancel_until": START, "move_until": START,
      "done_at": "CAST(NULL AS timestamptz)", "restorable_until": "CAST(NULL AS timestamptz)",
      "answer_by": "CAST(NULL AS timestamptz)"}),
    ("agreed_time", "booking_id = :booking", ":n",
     {"booking_id": ":far + n", "revision": "1", "starts_at": START, "practitioner_id": _GIVER}),
    *(("reminder", "booking_id = :booking", ":n",
       {"id": f":far * {number} + n * 2 + {number}", "booking_id": ":far + n", "revision": "1",
        "lead_minutes": str(lead), "due_at": _due(lead),
        "done_at": f"CASE WHEN {_due(lead)} < CAST(:now AS timestamptz) THEN {_due(lead)} END",
        "outcome": f"CASE WHEN {_due(lead)} < CAST(:now AS timestamptz) THEN 'sent' END"})
      for number, lead in ((1, 2880), (2, 180))),
    *(("audit", "true", ":n",
       {"id": f":far * {number} + n * 2 + {number}", "at": START,
        "subject": "'booking:' || :far + n", "action": f"'{action}'"})
      for number, action in ((1, "booked"), (2, "arrived"))),
    *(("outgoing_mail", "kind = 'confirmed'", ":n",
       {"id": f":far * {number} + n * 3 + {number}", "dedupe_key": f"'{kind}-' || n",
        "kind": f"'{kind}'", "about": "'booking:' || :far + n",
        "person_id": ":far + n % :clients", "to_address": "'client' || n || '@example.com'",
        "subject": "'A mail'", "body_text": "''", "body_html": "''",
        "calendar_text": "CAST(NULL AS varchar)", "state": "'sent'", "due_at": START,
        "sent_at": START, "created_at": START, "lease": "CAST(NULL AS varchar)",
        "useless_after": "CAST(NULL AS timestamptz)", "erase_at": "CAST(NULL AS timestamptz)"})
      for number, kind in ((1, "confirmed"), (2, "reminder"), (3, "reminder_soon"))),
)  # fmt: skip
