"""The reviews of a record, in order: what came of each, what the authority answered, and when the next was due."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from mcred.record import View
from mcred.record.ledger import Act
from mcred.record.offerings import name_of
from mcred.record.reviews import Clock, Due, next_due, reviewed, under_way


class Past(NamedTuple):
    """A review that was completed, or one that was started and not completed; its outcome is then None."""

    act: Act
    organisation: str | None
    outcome: str | None
    input: tuple[str, ...] = ()
    answer: str | None = None
    due: Due | None = None
    """When the next was due by it; None for a provider's, which moves no date."""

    @property
    def date(self) -> str:
        """Its date as it is written; of one known by its regime, that."""
        return str(self.act.get("date") or self.act.get("under") or "")

    @property
    def reviewer(self) -> str:
        """Whose review it is."""
        return str(self.act.get("reviewer") or "")


def past(view: View) -> list[Past]:
    """The reviews that are recorded by the day of `view`, by date."""
    return sorted([*_completed(view), *_under_way(view)], key=lambda each: (each.act.days, each.act.place))


def _completed(view: View) -> Iterator[Past]:
    clock = Clock(view)
    for act in view.of("review-completed"):
        own = act.get("reviewer") == "developer"
        answer = clock.answer(act) if own else None
        yield Past(
            act,
            name_of(act.get("by")),
            act.get("outcome"),
            tuple(name for each in act.get("input_from") or () if (name := name_of(each)) is not None),
            answer.get("outcome") if answer is not None else None,
            _due(view, clock, act) if own else None,
        )


def _due(view: View, clock: Clock, act: Act) -> Due | None:
    """When the next was due, as it stood until the next one was completed."""
    later = [each for each in clock.completed if each.days.first > act.days.last]
    until = min([view.day, *(each.days.first - timedelta(days=1) for each in later[:1])])
    then = _on(view, max(until, act.days.first))
    return next_due(then) if reviewed(then) else None


def _on(view: View, day: date) -> View:
    return View(view.record, day, view.head, view.organisations)


def _under_way(view: View) -> Iterator[Past]:
    """The developer's review that is under way, and that of each provider."""
    reviewers = dict.fromkeys(
        (str(act.get("reviewer")), name_of(act.get("by")) if act.get("reviewer") == "provider" else None)
        for act in view.of("review-started")
    )
    for reviewer, by in reviewers:
        act = under_way(view, reviewer, by)
        if act is not None:
            yield Past(act, name_of(act.get("by")), None)


def plain(each: Past) -> dict[str, Any]:
    """A review as data for other programs."""
    return {
        "id": each.act.get("id"),
        "date": each.date or None,
        "reviewer": each.reviewer or None,
        "organisation": each.organisation,
        "outcome": each.outcome,
        "input": list(each.input),
        "answer": each.answer,
        "next_due": each.due.written or None if each.due is not None else None,
        "because": each.due.because if each.due is not None else None,
        "assumed": list(each.due.assumed) if each.due is not None else [],
    }
