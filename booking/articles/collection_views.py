"""The pictures there are, and the topics of the body."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import audit
from booking.accounts.access import this_actor
from booking.articles import pictures, topics, writing_queries
from booking.articles.models import Topic
from booking.articles.writing_forms import AltForm, MergeForm, PictureForm, TopicForm
from booking.articles.writing_views import bp
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.web.addresses import number_argument, page_argument
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice


@bp.get("/pictures", endpoint="pictures")
def show_pictures() -> ResponseReturnValue:
    return _pictures_page(PictureForm(formdata=None))


def _pictures_page(form: PictureForm, changed: tuple[int, AltForm] | None = None) -> str:
    page = page_argument()
    found = pictures.newest(page)
    forms = {one.id: AltForm(formdata=None, data={"alt": one.alt}) for one in found}
    if changed is not None:
        forms[changed[0]] = changed[1]
    return render_template(
        "writing/pictures.html",
        form=form,
        forms=forms,
        pictures=found[: pictures.PER_PAGE],
        page=page,
        has_more=len(found) > pictures.PER_PAGE,
    )


@bp.post("/pictures")
def add_picture() -> ResponseReturnValue:
    form = PictureForm()
    if not form.validate_on_submit():
        return _pictures_page(form), 422
    try:
        drawn = pictures.draw(form.file.data.read(pictures.MOST_BYTES + 1))
        transact(pictures.keep, drawn, form.alt.data or "", clock.utcnow())
    except Refusal as refusal:
        form.file.errors = [refusal_words(refusal)]
        return _pictures_page(form), 422
    flash(_("Kept. Copy its line into a text, or choose it there."), "success")
    return redirect(url_for("writing.pictures"), code=303)


@bp.post("/pictures/<id:picture_id>")
def change_picture(picture_id: int) -> ResponseReturnValue:
    if pictures.find(picture_id) is None:
        abort(404)
    form = AltForm()
    if not form.validate_on_submit():
        return _pictures_page(PictureForm(formdata=None), (picture_id, form)), 422
    transact(_say, picture_id, form.alt.data or "")
    flash(_("Saved."), "success")
    return redirect(url_for("writing.pictures"), code=303)


def _say(picture_id: int, alt: str) -> None:
    picture = pictures.find(picture_id) or abort(404)
    picture.alt = pictures.alt_words(alt)
    audit.record(this_actor(), f"picture:{picture_id}", "picture_described", clock.utcnow())
    db.session.flush()


def this_topic(topic_id: int) -> Topic:
    return topics.find(topic_id) or abort(404)


@bp.get("/topics", endpoint="topics")
def show_topics() -> ResponseReturnValue:
    return _topics_page(opened=number_argument("topic"))


def _topics_page(
    new: TopicForm | None = None,
    changed: tuple[int, TopicForm] | None = None,
    opened: int | None = None,
) -> str:
    """The list; one topic at a time has its forms open, since each lists all the others."""
    body = writing_queries.body_topics()
    if changed is not None:
        opened = changed[0]
    chosen = [one for one in body if one.id == opened]
    forms = {one.id: TopicForm(formdata=None, data={"name": one.name}) for one in chosen}
    forms |= dict([changed] if changed else [])
    return render_template(
        "writing/topics.html",
        new=new or TopicForm(formdata=None),
        topics=body,
        forms=forms,
        opened=opened,
        merges={one.id: _merge_form(one, body, formdata=None) for one in chosen},
        counts=writing_queries.counts(),
        kinds=writing_queries.kinds(),
    )


def _merge_form(topic: Topic, body: Any, **how: Any) -> MergeForm:
    form = MergeForm(**how)
    form.into.choices = [SelectChoice(one.id, one.name) for one in body if one.id != topic.id]
    return form


@bp.post("/topics")
def add_topic() -> ResponseReturnValue:
    form = TopicForm()
    if not form.validate_on_submit():
        return _topics_page(form), 422
    try:
        transact(topics.add, form.name.data or "", this_actor(), clock.utcnow())
    except Refusal as refusal:
        form.name.errors = [refusal_words(refusal)]
        return _topics_page(form), refusal.status
    flash(_("Added: %(name)s.", name=form.name.data), "success")
    return redirect(url_for("writing.topics"), code=303)


@bp.post("/topics/<id:topic_id>")
def change_topic(topic_id: int) -> ResponseReturnValue:
    this_topic(topic_id)
    form = TopicForm()
    if not form.validate_on_submit():
        return _topics_page(changed=(topic_id, form)), 422
    try:
        transact(_rename, topic_id, form.name.data or "")
    except Refusal as refusal:
        form.name.errors = [refusal_words(refusal)]
        return _topics_page(changed=(topic_id, form)), refusal.status
    flash(_("Saved."), "success")
    return redirect(url_for("writing.topics"), code=303)


def _rename(topic_id: int, name: str) -> None:
    topics.rename(this_topic(topic_id), name, this_actor(), clock.utcnow())


@bp.post("/topics/<id:topic_id>/join")
def merge_topic(topic_id: int) -> ResponseReturnValue:
    form = _merge_form(this_topic(topic_id), writing_queries.body_topics())
    if not form.validate_on_submit():
        abort(400)
    transact(_merge, topic_id, form.into.data)
    flash(_("They are one topic now."), "success")
    return redirect(url_for("writing.topics"), code=303)


def _merge(topic_id: int, into: int) -> None:
    topics.merge(this_topic(topic_id), this_topic(into), this_actor(), clock.utcnow())
