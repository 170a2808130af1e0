"""A review that is started or completed: what was given, checked against its record, and what follows from it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.dates import days
from mcred.record import View
from mcred.record.developer import developer
from mcred.record.ledger import Act
from mcred.record.offerings import held, name_of
from mcred.record.reviews import ASSUMED, FROM, NO_DATE, Clock, next_due, reviewed, under_way
from mcred.record.status import stage, status
from mcred.text import closest, did_you_mean, one_of

REVIEWERS = ("developer", "provider")
OUTCOMES = ("continue", "change", "discontinue")
ANSWERS = ("confirmed", "changes-needed", "not-checked")
ACTS = {"review-started": "was started", "review-completed": "was completed"}
"""What of a review is recorded, each with its words."""

_ID = re.compile("[a-z0-9]+(-[a-z0-9]+)+")


class Fault(Exception):
    """What was given for a key cannot be; the message says why.

    It `contradicts` where the value as such is one that may be given, and the record says otherwise.
    """

    def __init__(self, key: str, message: str, *, contradicts: bool = False) -> None:
        super().__init__(message)
        self.key = key
        self.contradicts = contradicts


class Missing(Exception):
    """What has to be given for some keys, and was not."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


def questions(head: Mapping[str, Any], reviewer: str | None = None) -> dict[str, Any]:
    """The questions that a framework, by its head, has for a reviewer, or all of them, by their short names."""
    asked = head.get("review_questions")
    groups = [asked.get(each) for each in REVIEWERS if reviewer in (None, each)] if isinstance(asked, dict) else []
    return {name: text for group in groups if isinstance(group, dict) for name, text in group.items()}


# --- what was given --------------------------------------------------------------------------------------------------


def _choice(key: str, text: str, words: tuple[str, ...]) -> str:
    """One of some words, however it is spelt."""
    found = re.sub(r"[\s_-]+", "-", text.strip().casefold())
    if found not in words:
        raise Fault(key, f"no '{text}'; there is {one_of(words)}" + did_you_mean(text, words))
    return found


def _reviewer(key: str, text: str, view: View) -> str:
    return _choice(key, text, REVIEWERS)


def _outcome(key: str, text: str, view: View) -> str:
    return _choice(key, text, OUTCOMES)


def _day(key: str, text: str, view: View) -> str:
    """A date of which the first day has come."""
    try:
        found = days(text)
    except ValueError as error:
        raise Fault(key, str(error)) from error
    if found.first > view.day:
        raise Fault(key, f"{text} is after {view.day}; what is to come is not recorded")
    return text


def _organisation(key: str, text: str, view: View) -> str:
    if text not in view.organisations:
        raise Fault(key, f"no organisation '{text}'" + did_you_mean(text, view.organisations))
    return text


def _heard(key: str, given: Iterable[str], view: View) -> list[Any]:
    """Who was heard: organisations of the catalogue, and others in words."""
    return [_party(key, _text(key, text, view), view) for text in given]


def _party(key: str, text: str, view: View) -> Any:
    if text in view.organisations:
        return text
    if _ID.fullmatch(text) and closest(text, view.organisations) is not None:
        return _organisation(key, text, view)
    return {"title": unicodedata.normalize("NFC", text)}


def _answers(key: str, given: Mapping[str, str], view: View) -> dict[str, str]:
    """The answers to the framework's questions, in its order; where it is not known what it asks, to any."""
    known = questions(view.head)
    for name in given:
        if known and name not in known:
            raise Fault(key, f"no question '{name}'; there is {one_of(known)}" + did_you_mean(name, known))
    names = [*(name for name in known if name in given), *(name for name in given if name not in known)]
    return {name: _choice(f"{key}.{name}", given[name], ANSWERS) for name in names}


def _text(key: str, text: str, view: View) -> str:
    if not text.strip():
        raise Fault(key, "nothing stands in it")
    return text


class Key(NamedTuple):
    """A key of a review: what it asks in words, how what is given for it is read, and whether it has to be given."""

    question: str
    read: Callable[[str, Any, View], Any] = _text
    needed: bool = False
    words: tuple[str, ...] = ()
    """What it may be, where that is a choice."""


KEYS = {
    "reviewer": Key("Whose review is it?", _reviewer, needed=True, words=REVIEWERS),
    "date": Key("When was it? A date such as 2026-11-22", _day, needed=True),
    "by": Key("Which organisation made it? Its id", _organisation, needed=True),
    "input_from": Key("Who was heard? Ids of organisations, or names, with semicolons between", _heard),
    "checked": Key("What is the answer to each question of the framework?", _answers, words=ANSWERS),
    "findings": Key("What was found? Without names of persons"),
    "outcome": Key("What does the reviewer mean to do?", _outcome, needed=True, words=OUTCOMES),
    "report": Key("Where is the report? A path below the folder of catalogue.yaml"),
    "reported_on": Key("When did the report go to the authority?", _day),
}
"""What a completed review is given, in the order in which it is asked for."""

ASKED = {"review-started": ("reviewer", "date", "by"), "review-completed": tuple(KEYS)}
"""The keys of each act that records a review."""


def understood(key: str, given: Any, view: View) -> Any:
    """The value of a key as a decision has it, from what was given.

    Raises:
        Fault: it is not one that the key may have.
    """
    return KEYS[key].read(key, given, view)


# --- against the record ----------------------------------------------------------------------------------------------


def recorded(view: View, act: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a review that was started or completed, on the day of `view`.

    Raises:
        Fault: something is not what its key may have, or contradicts the record.
        Missing: something has to be given and was not.
    """
    approved = next(iter(sorted(view.of("content-approved", "listed"), key=lambda each: each.days)), None)
    if approved is None:
        how = f"it is {stage(view).value}, and only what is approved is reviewed"
        raise Fault("record", f"'{view.record.id}' has no review to record: {how}", contradicts=True)
    made = {key: understood(key, value, view) for key, value in given.items()}
    if "by" not in made and (by := usual(view, made)) is not None:
        made["by"] = by
    missing = [key for key in ASKED[act] if KEYS[key].needed and key not in made]
    if missing:
        raise Missing([key for key in missing if key != "by" or "reviewer" in made])
    when = days(made["date"])
    if when.last < approved.days.first:
        raise Fault(
            "date",
            f"{made['date']} is before the approval{_dated(approved)}; only what is approved is reviewed",
            contradicts=True,
        )
    whole = View(view.record, date.max, view.head, view.organisations)
    _not_twice(whole, act, made)
    begun = under_way(whole, made["reviewer"], name_of(made["by"]), when.last)
    if act == "review-started" and begun is not None:
        raise Fault(
            "date",
            f"{_whose(made)} was started{_dated(begun)} and is under way; `mcred review record` completes it",
            contradicts=True,
        )
    if act == "review-completed" and begun is not None and begun.get("id") is not None:
        made["review"] = begun.get("id")
    return made


def usual(view: View, given: Mapping[str, Any]) -> Any:
    """Whose review it is where nobody says: the developer's own, where it is the same on all days of the date."""
    if given.get("reviewer") != "developer":
        return None
    first, last = (_developer(each) for each in _on(view, given))
    return last if first == last else None


def _developer(view: View) -> Any:
    """Who answers for the content; of what has no developer, the provider."""
    return developer(view).value or view.record.data.get("provider")


def _on(view: View, given: Mapping[str, Any]) -> tuple[View, View]:
    """The record on the first and the last day of a review's date, today where none is given."""
    first, last = days(given["date"]) if "date" in given else (view.day, view.day)
    one, other = (View(view.record, day, view.head, view.organisations) for day in (first, min(last, view.day)))
    return one, other


def _not_twice(whole: View, act: str, made: Mapping[str, Any]) -> None:
    for each in whole.of(act):
        same = (each.get("reviewer"), name_of(each.get("by")), str(each.get("date")))
        if same == (made["reviewer"], name_of(made["by"]), made["date"]):
            name = f" ({each.get('id')})" if each.get("id") is not None else ""
            raise Fault("date", f"{_whose(made)} {ACTS[act]}{_dated(each)} already{name}", contradicts=True)


def _whose(made: Mapping[str, Any]) -> str:
    return f"the {made['reviewer']}'s review by '{name_of(made['by'])}'"


def _dated(act: Act) -> str:
    written = act.get("date")
    if written is None:
        return f" under {act.get('under')}" if act.get("under") is not None else ""
    return f" {'on' if str(written).count('-') == 2 else 'in'} {written}"


# --- what follows ----------------------------------------------------------------------------------------------------


def remarks(view: View, made: Mapping[str, Any]) -> Iterator[str]:
    """What is odd about a review, and no reason not to record it."""
    days_of_it, by = _on(view, made), name_of(made.get("by"))
    if made["reviewer"] == "developer":
        own = [name_of(_developer(each)) for each in days_of_it]
        if by not in own and own[-1] is not None:
            yield f"note: its developer was '{own[-1]}' on that day, not '{by}'"
    elif by not in {name_of(act.get("provider")) for each in days_of_it for act in held(each).acts}:
        yield f"note: no approval for '{by}' to deliver it on that day is recorded"
    reported = made.get("reported_on")
    if reported is not None and days(reported).last < days(made["date"]).first:
        yield f"note: it went to the authority on {reported}, before it was completed on {made['date']}"


def follows(view: View, made: Mapping[str, Any]) -> Iterator[str]:
    """What follows from a review that was recorded: the next date with its assumptions, and what is to be done next."""
    clock = Clock(view)
    if made["act"] == "review-started":
        yield _due(view)
        whose = f" --by {_typed(made.get('by'), 'ORGANISATION')}" if made["reviewer"] == "provider" else ""
        yield f"once it is completed: mcred review record {view.record.id} --reviewer {made['reviewer']}{whose}"
    elif made["reviewer"] == "provider":
        yield f"it is input to the developer's review and moves no date; {_due(view)}"
        yield from _delivery(view, made)
    elif clock.last is None or clock.last.get("id") != made["id"]:
        yield f"a later review counts, so this one moves no date; {_due(view)}"
    else:
        yield _due(view)
        yield from _answer(view, clock, made)
        yield from {"change": _change, "discontinue": _discontinue}.get(made["outcome"], _nothing)(view, made)


def _due(view: View) -> str:
    if not reviewed(view):
        return "no further review is due"
    due = next_due(view)
    if due.because == "expiring-ends":
        return f"its status ends {due.written}, and no further review is due"
    if due.day is None:
        return f"the next review has no date: {NO_DATE[due.because]}"
    assumed = [ASSUMED[word] for word in due.assumed]
    told = f"; assumed: {'; '.join(assumed)}" if assumed else ""
    provisional = ", provisionally" if "provisional" in due.assumed else ""
    return f"the next review is due {due.written}{provisional} ({FROM[due.because]}{told})"


def _answer(view: View, clock: Clock, made: Mapping[str, Any]) -> Iterator[str]:
    if clock.waits:
        yield "once the authority has answered:"
        yield _command(
            view, "review-decided", authority(view, "decide-review"), f"review={made['id']}", "outcome=accepted"
        )


def _change(view: View, made: Mapping[str, Any]) -> Iterator[str]:
    body = authority(view, "approve-content")
    yield "a change needs an application, and the authority's approval of the changed version; once each is done:"
    yield _command(
        view, "submitted", _typed(made.get("by"), "ORGANISATION"), f"to={body}", "for=change", "version=VERSION"
    )
    yield _command(view, "content-approved", body, "version=VERSION")


def _discontinue(view: View, made: Mapping[str, Any]) -> Iterator[str]:
    statuses, now = view.head.get("statuses"), status(view).value
    if not isinstance(statuses, list) or now not in statuses[:-1]:
        yield "it changes no status; what becomes of the record is for the authority to decide"
        return
    then = statuses[statuses.index(now) + 1]
    until = ("until=DATE",) if then != statuses[-1] else ()
    yield f"it changes no status: the listing stays {now} until the authority assigns another; once it has:"
    yield _command(
        view, "status-assigned", authority(view, "assign-status"), f"status={then}", *until, "because=REASON"
    )


def _delivery(view: View, made: Mapping[str, Any]) -> Iterator[str]:
    if made["outcome"] != "discontinue":
        return
    by = name_of(made.get("by"))
    for act in held(view).acts:
        if name_of(act.get("provider")) == by and act.get("id") is not None:
            yield "the approval to deliver stays until the authority ends it; once it has:"
            yield _command(view, "delivery-ended", authority(view, "approve-delivery"), f"delivery={act.get('id')}")


def _nothing(view: View, made: Mapping[str, Any]) -> Iterator[str]:
    return iter(())


def _command(view: View, act: str, by: str, *keys: str) -> str:
    return f"  mcred decide {view.record.id} {act} --date DATE --by {by} {' '.join(keys)}"


def authority(view: View, may: str) -> str:
    """The body that would decide: the last that approved or listed the record, if it may; else the first that may."""
    bodies = view.head.get("bodies")
    able = [
        each.get("organisation")
        for each in (bodies if isinstance(bodies, list) else ())
        if isinstance(each, dict) and may in (each.get("may") or ())
    ]
    acted = [act.get("by") for act in view.of("content-approved", "listed")]
    fit = [by for by in reversed(acted) if not able or by in able or _fictional(view, by)]
    return _typed((*fit, *able, None)[0], "AUTHORITY")


def _typed(organisation: Any, otherwise: str) -> str:
    """An organisation as it is typed in a command: its id, or of one outside the catalogue a word to be replaced."""
    return organisation if isinstance(organisation, str) else otherwise


def _fictional(view: View, by: Any) -> bool:
    return isinstance(by, str) and bool(view.organisations.get(by, {}).get("fictional"))
