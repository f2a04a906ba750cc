"""A shelf of pieces in English and Spanish, and what questions find on it, in this order."""

from datetime import timedelta

from booking.articles import operations
from booking.articles.models import TopicKind
from booking.articles.operations import Draft
from booking.database import transact

TOPICS = ("massage", "training", "yoga", "pilates", "hip", "neck", "foot", "breath")

# Slug, title, summary, topics and text; written in this order, so that later ones have higher ids.
PIECES = (
    ("gluteus", "The gluteus medius", "What keeps your pelvis level.", "hip massage",
     "It lifts the leg. A hip that drops tires *runners*, and the runner's knee complains."),
    ("runners", "For runners", "Calves and feet on long roads.", "training",
     "Strong calves spare the knee. Run slowly at first; see [this](https://hip.example/yoga)."),
    ("cadera", "Dolores de cadera", "Músculos cansados y qué ayuda.", "hip",
     "La cadera y las rodillas trabajan juntas. El café no ayuda a los niños."),
    ("cafe", "A café before yoga?", "Coffee and breath.", "yoga",
     "One cup is fine. Breathe out slowly, and wait for the light (luz) of the morning."),
    ("breathing", "Breathing exercises", "Exercises for the breath.", "breath",
     "Sit, breathe, exercise the diaphragm. A good stretch of the ribs helps."),
    ("neck", "Your neck at the desk", "Stiff necks and screens.", "neck massage",
     "Massages ease a stiff neck for a while. Screens tire the eyes."),
    ("pies", "Pies fuertes", "Pie y tobillo.", "foot",
     "Los pies tienen huesos, músculos y tensiones. Las luces y las vértebras no."),
    ("pilates", "Pilates from the middle", "Core and control.", "pilates",
     "The bodies of dancers. A body needs time, and a hip needs room."),
    ("stretches", "Do stretches help?", "On stretching.", "training hip",
     "A stretch of the hip flexor for thirty seconds, whatever others say."),
    ("twin-one", "Twins", "The same.", "", "Level ground."),
    ("twin-two", "Twins", "The same.", "", "Level ground."),
    ("draft", "A draft on hips and runners", "Draft.", "hip", "Nobody finds a draft."),
    ("planned", "Planned for hips and runners", "Planned.", "hip", "Nobody finds it yet."),
)  # fmt: skip
# What each question finds, the best first.
QUESTIONS = {
    "gluteus": "gluteus",
    "GLUTEUS MEDIUS": "gluteus",
    "glut": "gluteus",
    "hip": "stretches gluteus cadera pilates",
    "hips": "stretches gluteus cadera pilates",
    "runner": "runners gluteus",
    "runners": "runners gluteus",
    "cadera": "cadera",
    "caderas": "cadera",
    "dolor": "cadera",
    "músculo": "cadera pies",
    "musculos": "cadera pies",
    "cafe": "cafe cadera",
    "café": "cafe cadera",
    "breath": "breathing cafe",
    "breathing": "breathing",
    "exercise": "breathing",
    "massages": "neck gluteus",
    "neck massage": "neck",
    "stiff necks": "neck",
    "pie": "pies",
    "pies": "pies",
    "bodies": "pilates",
    "stretch": "stretches breathing",
    "stretching": "stretches",
    "level": "gluteus twin-two twin-one",
    "luz": "pies cafe",
    "vertebra": "pies",
    "tension": "pies",
    "what is the hip": "stretches gluteus cadera pilates",
    "hip zebra": "stretches gluteus cadera pilates",
    "zebra": "",
    "knee": "runners gluteus",
    "draft": "",
    "planned": "",
    "calf": "runners",
    "foot": "runners pies",
    "feet": "runners pies",
    "yoga": "cafe",
    "the": "",
    "core control": "pilates",
    "strong calv": "runners",
    "x'; drop table article; --": "gluteus",
    "%": "",
}  # fmt: skip


def fill(now) -> None:
    for slug in TOPICS:
        transact(operations.ensure_topic, slug, slug.title(), TopicKind.BODY)
    days = {"draft": None, "planned": 1}
    for slug, title, summary, topics, body in PIECES:
        day = days.get(slug, 0)
        draft = Draft(
            title=title, slug=slug, body=body, author="Lena", summary=summary,
            topics=tuple(topics.split()),
            published_at=None if day is None else now + timedelta(days=day),
        )  # fmt: skip
        transact(operations.save, draft, now)
