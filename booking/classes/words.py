"""What is known of classes, in a person's words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.classes.models import ClassSession, Level


def level_words(level: Level) -> str:
    """A level as the timetable says it."""
    return {
        Level.ALL: _("all levels"),
        Level.BEGINNERS: _("beginners"),
        Level.IMPROVERS: _("some experience"),
        Level.ADVANCED: _("advanced"),
    }[level]


def places_words(session: ClassSession, waiting: int = 0) -> str:
    """3 places left; full, 2 waiting"""
    if session.free:
        return ngettext("%(num)s place left", "%(num)s places left", session.free)
    if waiting:
        return ngettext("full, %(num)s waiting", "full, %(num)s waiting", waiting)
    return _("full")
