"""How far a record has come, whether it is listed, and with what status."""

from collections.abc import Callable

from mcred.dates import Days
from mcred.diagnostic import Pointer
from mcred.record.ledger import Act, bounds, latest, surely
from mcred.record.once import once
from mcred.record.view import NOTHING, Derived, View

MAY_NOT_BE_OFFERED = "may-not-be-offered"


@once
def stage(view: View) -> Derived:
    """How far it has come."""
    if removed := view.latest("removed"):
        return Derived("removed", (removed.act.pointer,), removed.uncertain)
    if approved := view.of(*_APPROVING):
        return Derived("approved", (approved[-1].pointer,), not surely(approved, view.day))
    tried = [act for act in view.of(*_TRYING) if act.get("for") != "delivery"]
    if last := latest(tried, view.day, lambda act: act.get("act")):
        return Derived(_TRYING[last.act.decision["act"]], (last.act.pointer,), last.uncertain)
    stage = view.field("stage")
    if stage.value is not None or not view.record.observed:
        return stage if stage.value is not None else Derived("draft", ())
    shown = listing(view)
    return Derived("approved", shown.pointers) if shown.value == "listed" else Derived("unknown")


_APPROVING = ("content-approved", "listed", "issued")
_TRYING = {"submitted": "submitted", "applied": "submitted", "not-approved": "not-approved", "withdrawn": "withdrawn"}


@once
def listing(view: View) -> Derived:
    """Whether it stands in the published register."""
    if removed := view.latest("removed"):
        return Derived("unlisted", (removed.act.pointer,), removed.uncertain)
    if listed := view.of("listed"):
        return Derived("listed", (listed[0].pointer,), not surely(listed, view.day))
    for key in ("number", "status"):
        if view.record.get(("register_entry", key)) is not None:
            return Derived("listed", (Pointer(("register_entry", key)),))
    return Derived("unknown" if view.record.observed else "unlisted")


def _assigned(view: View, key: str, says: Callable[[Act], object] | None = None) -> Derived:
    """What the status in force says, by one of its keys: assigned, its beginning reached, the entry not removed."""
    if removed := view.latest("removed"):
        return Derived(None, (removed.act.pointer,), removed.uncertain)
    assigned = view.of("status-assigned")
    if not assigned:
        return NOTHING
    reached = [act for act in assigned if start(act).first <= view.day]
    says = says or (lambda act: act.get(key))
    last = latest(reached, view.day, says)
    if last is None:
        return NOTHING
    before = says(reached[-2]) if len(reached) > 1 else None
    begins = start(last.act).last > view.day and before != says(last.act)
    pointers = (last.act.at(key),) if last.act.get(key) is not None else ()
    return Derived(says(last.act), pointers, last.uncertain or begins)


def start(act: Act) -> Days:
    """The days on which what an act gives may begin: those of its `from`, else its own."""
    return bounds(act.get("from")) if act.get("from") is not None else act.days


@once
def status(view: View) -> Derived:
    """The status assigned last, else what the register showed, else the first one that its framework gives.

    Of what others keep, not every decision is known: a status nobody saw may have been followed by another.
    """
    listed_as = listing(view)
    if listed_as.value != "listed":
        return Derived(None, listed_as.pointers, listed_as.uncertain)
    assigned = _assigned(view, "status")
    if assigned.value is not None:
        return assigned
    statuses = view.head.get("statuses")
    known = statuses if isinstance(statuses, list) else []
    listed, first = view.first("listed"), view.head.get("first_status")
    if view.record.observed or listed is None:
        shown = str(view.record.get(("register_entry", "status"), "")).strip().casefold()
        if shown:
            return Derived(shown, (Pointer(("register_entry", "status")),)) if shown in known else NOTHING
    if listed is None or first not in known:
        return NOTHING
    return Derived(first, (listed.pointer,), listed_as.uncertain or view.record.observed)


def status_from(view: View) -> Derived:
    """The days on which the status that was assigned may have begun."""
    return _assigned(view, "from", start)


def status_until(view: View) -> Derived:
    """The last day of the status."""
    return _assigned(view, "until")


def effective_status(view: View) -> Derived:
    """The status; past its last day it may not be offered, whatever the file says."""

    def past(act: Act) -> str | None:
        until = act.get("until")
        return MAY_NOT_BE_OFFERED if until is not None and bounds(until).first < view.day else act.get("status")

    effective = _assigned(view, "until", past)
    if effective.value != MAY_NOT_BE_OFFERED:
        now = status(view)
        return now._replace(uncertain=True) if effective.uncertain else now
    last = bounds(status_until(view).value).last
    return effective._replace(uncertain=effective.uncertain or last >= view.day)


def replaced_by(view: View) -> Derived:
    """What takes its place."""
    return _assigned(view, "replaced_by")


def number(view: View) -> Derived:
    """Its number in the register."""
    if listed := view.latest("listed", having="number"):
        return Derived(listed.act.get("number"), (listed.act.at("number"),), listed.uncertain)
    return view.field("register_entry", "number")
