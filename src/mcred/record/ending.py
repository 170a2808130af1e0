"""When things come to an end: organisations, standards, and credentials that may be offered no longer."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from mcred.diagnostic import Pointer
from mcred.record.ledger import EVER, bounds
from mcred.record.status import stage, status, status_from, status_until
from mcred.record.view import NOTHING, Derived, View


def ends(view: View) -> Derived:
    """The last day of a thing, as it is written; nothing where it goes on, or nobody knows."""
    data = view.record.data
    if view.record.kind == "organisation":
        return _last(organisation_ends(data), "types")
    if view.record.kind == "standard":
        return _last(_standard_ends(data), "versions")
    return _credential_ends(view)


def _last(day: str | None, name: str) -> Derived:
    return Derived(day, (Pointer((name,)),)) if day is not None else NOTHING


def organisation_ends(data: Mapping[str, Any]) -> str | None:
    """The last day on which an organisation was anything that it is said to have been."""
    return _latest(data, "types", [each.get("until") for each in _items(data, "types")])


def _standard_ends(data: Mapping[str, Any]) -> str | None:
    """The last day on which any version of a standard can be used."""
    used = [each for each in _items(data, "versions") if each.get("status") != "proposed"]
    return _latest(data, "versions", [each.get("expires") for each in used])


def _items(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = data.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _latest(data: Mapping[str, Any], name: str, dates: list[Any]) -> str | None:
    """The latest of some dates; nothing where one of them is open, or the list may have further items."""
    if not dates or any(bounds(each) == EVER for each in dates) or _goes_on(data.get("unknown"), name):
        return None
    return str(max(dates, key=lambda each: bounds(each).last))


def _goes_on(unknown: Any, name: str) -> bool:
    """Whether a record says that a list has items that are not known."""
    said: Iterable[Any] = unknown if isinstance(unknown, list) else ()
    return unknown == "rest" or any(isinstance(each, str) and each.split("/")[1:2] == [name] for each in said)


def _credential_ends(view: View) -> Derived:
    """The last day of its status; of one with the last status that there is, the day before it got it."""
    if view.first("status-assigned") is None:
        return NOTHING
    until, now, statuses = status_until(view), status(view), view.head.get("statuses")
    if until.value is not None:
        return until._replace(value=str(until.value))
    final = statuses[-1] if isinstance(statuses, list) and len(statuses) > 1 else None
    began = status_from(view)
    if began.value is None or final is None or now.value != final:
        return Derived(None, (), now.uncertain or began.uncertain)
    first, last = began.value
    said = first - timedelta(days=1) if first == last else None
    return Derived(said.isoformat() if said is not None else None, now.pointers, began.uncertain or said is None)


def last_day(view: View) -> date | None:
    """The last day on which a record is about something of today; none where it goes on."""
    if (given_up := view.latest(*_GIVEN_UP)) and stage(view).value in _GIVEN_UP:
        return given_up.act.days.last if given_up.act.days != EVER else date.min
    day = ends(view).value
    return bounds(day).last if day is not None else None


_GIVEN_UP = ("removed", "withdrawn")


def over(view: View) -> bool:
    """Whether a record is about something of the past."""
    last = last_day(view)
    return last is not None and last < view.day
