"""The rules of time, with the sentences that clients will read."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock
from booking.accounts.access import this_actor
from booking.domain.policies import Policy
from booking.practice import queries as practice
from booking.settings import operations
from booking.settings.forms import GRIDS, REMINDERS, PoliciesForm, policies_shown
from booking.settings.preview import preview
from booking.settings.views import bp, save, say_saved
from booking.web.filters import minutes_words
from booking.web.forms import SelectChoice

FEWEST_ROWS = 3


@bp.get("/policies")
def policies() -> ResponseReturnValue:
    shown = policies_shown(practice.current())
    form = PoliciesForm(data=shown)
    form.opened_on(shown)
    return policies_page(form, practice.current().policy)


def offer_grids(form: PoliciesForm) -> None:
    grids = sorted({*GRIDS, practice.current().grid_minutes})
    form.grid_minutes.choices = [SelectChoice(str(one), minutes_words(one)) for one in grids]


def policies_page(form: PoliciesForm, policy: Policy | None, is_typed: bool = False) -> str:
    """Show the rules, and what `policy` means for an example; one row more than has reminders."""
    offer_grids(form)
    filled = [one for one in REMINDERS if form[f"remind_{one}"].raw_data or
              form[f"remind_{one}"].data is not None]  # fmt: skip
    rows = min(max(len(filled) + 1, FEWEST_ROWS), len(REMINDERS))
    now = clock.utcnow()
    return render_template(
        "settings/policies.html",
        form=form,
        reminders=list(form.reminders())[:rows],
        example=preview(policy, practice.current().zone, now) if policy else None,
        is_typed=is_typed,
        now=now,
        kept=policies_words(),
    )


def policies_words() -> dict[str, Any]:
    """Return the lengths that hold now in minutes, by their fields, for who was overtaken."""
    studio = practice.current()
    return {name: getattr(studio, column) for name, column in PoliciesForm.LENGTHS.items()}


@bp.post("/policies")
def change_policies() -> ResponseReturnValue:
    """Save the rules, or only show what they would mean."""
    form = PoliciesForm()
    offer_grids(form)
    if not form.validate_on_submit():
        return policies_page(form, None), 422
    values = form.values()
    if request.form.get("do") == "preview":
        leads = {"reminder_leads": tuple(values["reminder_leads"])}
        typed = replace(practice.current().policy, **{**values, **leads})
        return policies_page(form, typed, is_typed=True)
    changed = save(
        form, policies_shown,
        lambda studio: operations.change_policies(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return policies_page(form, None), 409
    say_saved(changed)
    return redirect(url_for("settings.policies"), code=303)
