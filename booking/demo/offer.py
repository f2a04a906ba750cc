"""What the demo practice offers: kinds of work, services, people, rooms, hours, topics."""

from dataclasses import dataclass

from booking.demo.cast import LENA, MARCO, MEI, Member


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    slug: str
    name: str
    summary: str
    about: str


@dataclass(frozen=True, slots=True)
class ServicePlan:
    category: str
    slug: str
    name: str
    summary: str
    about: str
    preparation: str
    options: tuple[tuple[int, int], ...]  # (minutes, cents)
    after_minutes: int
    givers: tuple[Member, ...]
    rooms: tuple[str, ...]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class GiverPlan:
    member: Member
    slug: str
    title: str
    licence: str
    about: str
    hours: dict[int, tuple[tuple[int, int], ...]]  # weekday → spells in minutes


def _h(hours: float) -> int:
    return int(hours * 60)


CATEGORIES = (
    CategoryPlan(
        "massage", "Massage", "Slow, exact work on what holds you back.",
        "We begin with how you move and where it stops, and work from there. Pressure is yours to "
        "set; you can change it at any moment, and you can ask for quiet.",
    ),
    CategoryPlan(
        "personal-training", "Personal training", "Strength that fits your life, one step a week.",
        "One person, one plan. We find out what you can do today and make it a little more each "
        "week, with as few machines as possible.",
    ),
    CategoryPlan(
        "yoga", "Yoga", "Private lessons for every level of stiffness.",
        "A lesson for you alone: postures that suit your joints, props where they help, and time "
        "to rest at the end.",
    ),
    CategoryPlan(
        "pilates", "Pilates", "Strength from the middle, with patience.",
        "Mat work in small, exact movements. Good for backs that have had enough of sitting and "
        "for people who are coming back after a pause.",
    ),
    CategoryPlan(
        "tai-chi", "Tai Chi", "Balance and ease, learned slowly.",
        "The short form step by step. Nothing to carry, nothing to jump over; you need flat shoes "
        "and a little curiosity.",
    ),
    CategoryPlan(
        "qi-gong", "Qi Gong", "Standing, breathing, moving little.",
        "Simple exercises repeated until they are quiet. They can be done sitting as well.",
    ),
)  # fmt: skip

SERVICES = (
    ServicePlan(
        "massage", "therapeutic-massage", "Therapeutic massage",
        "Focused work where movement stops.",
        "For a hip that pinches on the stairs, a neck that will not turn, legs after a long run. "
        "We test a few movements, work on what limits them, and test again.",
        "Eat lightly and drink as you like. Wear or bring something you can move in. Tell us about "
        "new pains, medicines that thin the blood, and anything a doctor is looking at.",
        ((60, 9500), (90, 13500), (30, 5500)), 15, (LENA, MARCO), ("quiet-room", "garden-room"),
    ),
    ServicePlan(
        "massage", "resting-massage", "Resting massage",
        "Slow and even, for sleep and calm.",
        "Long, slow strokes over the whole body, warm towels, and no talking unless you want to.",
        "Come ten minutes early, so that you need not hurry.",
        ((60, 9000), (90, 12500)), 15, (LENA,), ("quiet-room",),
    ),
    ServicePlan(
        "personal-training", "personal-training", "Personal training",
        "A plan of your own, coached.",
        "The first session is mostly questions and simple tests. You leave with three exercises, "
        "not thirty.",
        "Bring shoes you would walk a mile in, and water.",
        ((60, 8500), (45, 7000)), 0, (LENA, MARCO), ("studio-floor",),
    ),
    ServicePlan(
        "yoga", "private-yoga", "Private yoga", "One to one, at your pace.",
        "We start from what your body can do today. Blocks, straps and chairs are not a lesser "
        "yoga; they are how the posture fits you.",
        "Leave two hours after a large meal. Mats are here.",
        ((75, 8000), (60, 7000)), 0, (MARCO,), ("studio-floor", "garden-room"),
    ),
    ServicePlan(
        "pilates", "private-pilates", "Private Pilates", "Exact work on the mat.",
        "Breath, pelvis, ribs, and then everything that hangs on them.",
        "Wear socks and something close to the body, so that we can see how you move.",
        ((55, 7500),), 5, (MARCO,), ("studio-floor",),
    ),
    ServicePlan(
        "tai-chi", "private-tai-chi", "Private Tai Chi", "The short form, step by step.",
        "For beginners and for people who want to mend details of a form they know.",
        "Flat shoes or thick socks. In good weather we go outside.",
        ((60, 6500),), 0, (MEI,), ("studio-floor", "garden-room"),
    ),
    ServicePlan(
        "qi-gong", "private-qi-gong", "Private Qi Gong", "Quiet exercises, standing or sitting.",
        "Eight simple movements and what they are good for.",
        "Nothing to prepare. A chair is there.",
        ((45, 5500),), 0, (MEI,), ("garden-room", "studio-floor"),
    ),
    ServicePlan(
        "massage", "massage-at-home", "Massage at home", "For clients we know who cannot come.",
        "We bring the table.", "Clear a space of three by four yards.",
        ((60, 14000),), 45, (LENA,), (), is_hidden=True,
    ),
)  # fmt: skip

ROOMS = (
    ("quiet-room", "Quiet room", "Ground floor, one table, a window to the courtyard."),
    ("garden-room", "Garden room", "Doors to the garden; for massage and for lessons."),
    (
        "studio-floor",
        "Studio floor",
        "Sprung wood, mirrors, mats and weights. Up one flight; there is a lift.",
    ),
)

GIVERS = (
    GiverPlan(
        LENA, "lena-hartmann", "Massage therapist and personal trainer",
        "FL licence MA 00000 (demo)",
        "Lena has spent twenty years getting people moving again. She came to massage through her "
        "own bad knee, and to training because massage alone did not keep it well.",
        {
            0: ((_h(9), _h(13)), (_h(14), _h(18))),
            1: ((_h(9), _h(13)), (_h(14), _h(19))),
            2: ((_h(9), _h(13)),),
            3: ((_h(11), _h(15)), (_h(16), _h(20))),
            4: ((_h(9), _h(14)),),
        },
    ),
    GiverPlan(
        MARCO, "marco-reyes", "Yoga, Pilates, massage", "FL licence MA 00001 (demo)",
        "Marco taught group classes for years before he found out how much happens in a lesson for "
        "one. He is patient with stiff people; he was one.",
        {
            0: ((_h(12), _h(20)),),
            2: ((_h(8), _h(12)), (_h(13), _h(18))),
            3: ((_h(8), _h(12)),),
            5: ((_h(9), _h(15)),),
        },
    ),
    GiverPlan(
        MEI, "mei-tan", "Tai Chi and Qi Gong", "",
        "Mei learned from her grandfather in a car park in Penang, every morning before school. "
        "She teaches the same way: little, often, and outside when it is dry.",
        {
            1: ((_h(7.5), _h(12)),),
            3: ((_h(7.5), _h(12)), (_h(17), _h(20))),
            5: ((_h(8), _h(13)),),
        },
    ),
)  # fmt: skip

BODY_TOPICS = (
    ("hip", "Hip"), ("low-back", "Low back"), ("neck", "Neck"), ("shoulder", "Shoulder"),
    ("knee", "Knee"), ("foot", "Foot"), ("breath", "Breath"), ("balance", "Balance"),
)  # fmt: skip

# Which services fit a region of the body, by the keys of the figure.
_TOUCH, _STRENGTH = ("therapeutic-massage", "resting-massage"), ("personal-training",)
HELPS: dict[str, tuple[str, ...]] = {
    "head": (*_TOUCH, "private-qi-gong"),
    "neck": (*_TOUCH, "private-pilates"),
    "shoulder": ("therapeutic-massage", *_STRENGTH, "private-yoga"),
    "chest": ("resting-massage", "private-qi-gong", "private-yoga"),
    "upper-back": (*_TOUCH, "private-pilates"),
    "elbow": ("therapeutic-massage", *_STRENGTH),
    "belly": ("private-qi-gong", "private-pilates"),
    "low-back": ("therapeutic-massage", "private-pilates", *_STRENGTH, "private-yoga"),
    "hand": ("therapeutic-massage", *_STRENGTH),
    "hip": ("therapeutic-massage", *_STRENGTH, "private-yoga"),
    "gluteal": ("therapeutic-massage", *_STRENGTH),
    "thigh-front": ("therapeutic-massage", *_STRENGTH),
    "thigh-back": ("therapeutic-massage", *_STRENGTH, "private-yoga"),
    "knee": (*_STRENGTH, "private-tai-chi", "therapeutic-massage"),
    "lower-leg": ("therapeutic-massage", *_STRENGTH),
    "foot": (*_STRENGTH, "private-tai-chi", "therapeutic-massage"),
}
# What clients are given to read before a session and the day after, by kind of work.
READ_BEFORE = {
    "massage": "what-massage-can-do", "yoga": "yoga-for-stiff-people",
    "pilates": "pilates-from-the-middle", "personal-training": "gluteus-medius",
    "tai-chi": "stepping-like-a-cat", "qi-gong": "a-breath-without-effort",
}  # fmt: skip
READ_AFTER = {
    "massage": "gluteus-medius", "personal-training": "strong-feet",
    "yoga": "wrists-in-yoga", "pilates": "let-the-belly-breathe-along",
    "tai-chi": "standing-still-working-hard", "qi-gong": "standing-still-working-hard",
}  # fmt: skip
# What stands first of all beside a service, by the service.
TIED = {
    "therapeutic-massage": "gluteus-medius", "resting-massage": "what-massage-can-do",
    "private-qi-gong": "a-breath-without-effort", "private-tai-chi": "stepping-like-a-cat",
}  # fmt: skip
