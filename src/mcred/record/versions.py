"""Versions, and the days on which a record was submitted, approved and listed."""

from datetime import date

from mcred.record.ledger import EVER, Act, Latest, latest
from mcred.record.view import NOTHING, Derived, View


def version(view: View) -> Derived:
    """The version in force: of the latest content approval or minor change."""
    made = [act for act in view.of("content-approved", "changed") if act.get("kind") != "significant"]
    last = latest([act for act in made if act.get("version") is not None], view.day, lambda act: act.get("version"))
    return Derived(last.act.get("version"), (last.act.at("version"),), last.uncertain) if last else NOTHING


def _day_of(act: Act, uncertain: bool = False) -> Derived:
    """The date of an act as it is written; of one known by its regime, the regime's range."""
    if act.get("date") is not None:
        return Derived(str(act.get("date")), (act.pointer,), uncertain)
    if act.get("under") is not None and act.days != EVER:
        first = act.days.first.isoformat() if act.days.first != date.min else ".."
        last = act.days.last.isoformat() if act.days.last != date.max else ".."
        return Derived(f"{first}/{last}", (act.pointer,), uncertain)
    return Derived(None, (act.pointer,), uncertain)


def content_approved_on(view: View) -> Derived:
    """The day of the latest content approval."""
    last = view.latest("content-approved", "issued")
    return _day_of(last.act, last.uncertain) if last else NOTHING


def _first_day(view: View, *names: str) -> Derived:
    """The day of the first act of some names; not certain where another may have come before it."""
    found = view.of(*names)
    if not found:
        return NOTHING
    day = _day_of(found[0])
    rivals = any(act.days.first < found[0].days.last and _day_of(act).value != day.value for act in found[1:])
    return day._replace(uncertain=rivals or found[0].days.last > view.day)


def first_approved_on(view: View) -> Derived:
    """The day of the first content approval."""
    return _first_day(view, "content-approved", "issued")


def listed_on(view: View) -> Derived:
    """The day of the first listing."""
    return _first_day(view, "listed")


def _submission(view: View) -> Latest | None:
    """The latest submission of the version in force; one made by a minor change is that of the approval before it."""
    approved = view.latest("content-approved", "issued", having="version")
    version = approved.act.get("version") if approved else None
    sent = [act for act in view.of("submitted", "applied") if act.get("for") != "delivery"]
    same = [act for act in sent if version is None or act.get("version") in (None, version)]
    return latest(same or sent, view.day)


def submitted_on(view: View) -> Derived:
    """The day of the latest submission of the version in force."""
    last = _submission(view)
    return _day_of(last.act, last.uncertain) if last else NOTHING


def submitted_for(view: View) -> Derived:
    """What that submission asked for."""
    last = _submission(view)
    if last is None:
        return NOTHING
    if last.act.get("for") is not None:
        return Derived(last.act.get("for"), (last.act.at("for"),), last.uncertain)
    sent, approvals = last.act.days, [act.days for act in view.of("content-approved")]
    earlier = any(days.first < sent.first for days in approvals)
    sure = any(days.last < sent.first for days in approvals) or not any(days.first < sent.last for days in approvals)
    return Derived("change" if earlier else "new", (last.act.pointer,), last.uncertain or not sure)
