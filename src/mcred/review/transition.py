"""Reviews that bring earlier awards under new rules: what is in scope and why, when it is due, and how far it has come.

Who is in scope was published in several wordings, which are data of the framework. Each of them is asked by itself, and
only what all of them say is said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

from mcred.dates import Days
from mcred.frameworks import Case, Subject, holds
from mcred.frameworks.requirements import Missing, numbers
from mcred.record import View
from mcred.record.derived import Derivation
from mcred.record.ledger import EVER, Act, bounds
from mcred.record.offerings import name_of
from mcred.record.reviews import Clock, Due, Step, month_end, plus_years
from mcred.record.status import listing, replaced_by, stage
from mcred.review.lead_time import after, before

SCOPES = ("in", "out", "cannot-tell")

STATES = {
    "requested": "requested",
    "not-yet-requested": "not yet requested",
    "cannot-tell": "nobody recorded whether it was requested",
    "extended-until": "extended until",
    "retired": "retired",
    "listed-as": "listed as",
}
"""How far it has come, in words."""

BECAUSE = {
    "wordings-disagree": "the published wordings do not agree",
    "no-wording": "no published wording speaks of it",
    "weeks-unknown": "how many weeks it takes is not known",
    "weeks-differ": "the weeks that it may take lie on both sides of the limit",
    "listing-unknown": "whether it was listed under the current rules is not known",
    "approval-unknown": "whether it was approved under the current rules is not known",
    "stage-unknown": "whether it was approved is not known",
}
"""Why nobody can tell, where the framework has no word for it."""

WEEKS = {"days": (1 / 7, inf), "weeks": (1, 1), "months": (4, 31 / 7), "years": (365 / 7, 366 / 7)}
"""The least and the most weeks of a unit; days may lie apart, and of other units nobody knows."""


class Said(NamedTuple):
    """What one wording says of a record; without a scope it says nothing."""

    wording: str
    says: Any
    """The wording itself, in the framework's words."""
    source: str | None
    scope: str
    because: str


class Answer(NamedTuple):
    """What a transition means for a record on a day."""

    transition: str
    title: Any
    scope: str
    because: str
    said: tuple[Said, ...] = ()
    """What each wording says; none where it was not asked, because the record is no earlier award."""
    due: Due | None = None
    state: str = ""
    detail: str = ""
    """Until when it was extended, or what it is listed as."""
    apply_by: str | None = None
    reported: bool = False
    """Whether its developer has completed a review since the transition began."""

    @property
    def concerned(self) -> bool:
        """Whether the record is an earlier award, or may be one."""
        return self.scope != "out" or bool(self.said)

    @property
    def settled(self) -> bool:
        """Whether nothing has to be done by the due day any more."""
        return self.scope == "out" or self.reported or self.state in ("retired", "listed-as")


def transitions(case: Case, successor: str | None = None) -> Iterator[Answer]:
    """What each transition of its framework means for a record on the day asked about.

    `successor` is the listed record that takes its place, where there is one.
    """
    for transition in case.book.data.get("transitions") or ():
        if case.record.kind in _kinds(transition):
            yield _Asked(case, transition, successor).answer()


def successors(views: Iterable[View]) -> dict[str, str]:
    """What took the place of records: of each that a listed one replaces, the id of that one."""
    return {old: view.record.id for view in views for old in replaced(view)}


def replaced(view: View) -> list[str]:
    """The ids of what a record took the place of, once it is listed."""
    named = view.record.data.get("replaces")
    if not isinstance(named, list) or listing(view).value != "listed":
        return []
    return [name for name in map(name_of, named) if name is not None]


def told(because: str) -> str:
    """A reason in words."""
    return BECAUSE.get(because, because.replace("-", " "))


def _kinds(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(data.get("kinds") or ("micro-credential",))


class _Asked(Case):
    """A record on a day, asked by one transition; what was decided later is left out."""

    def __init__(self, case: Case, transition: Mapping[str, Any], successor: str | None) -> None:
        super().__init__(case.record, case.book, case.organisations, case.as_of, language=case.language)
        self.transition = transition
        self.successor = successor
        self.today = Subject(Days(case.as_of, case.as_of), "as-of", {}, None)
        self.view = View(self.record, self.as_of, self.book.data, self.organisations)
        self.derived = Derivation(self.view)

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.view)

    def answer(self) -> Answer:
        made = Answer(self.transition["id"], self.transition.get("title") or self.transition["id"], *self._earlier())
        if made.scope != "in":
            return made
        said = tuple(map(self._said, self.transition.get("wordings") or ()))
        scope, because = _agreed(said)
        made = made._replace(scope=scope, because=because, said=said)
        if scope == "out":
            return made
        due = self.due()
        state, detail = self._state(due)
        within = (self.transition.get("apply_within") or {}).get("months")
        last = after(due.day, within, "m") if due.day is not None and within is not None else None
        apply_by = last.isoformat() if last is not None else None
        reported = any(act.get("act") == "review-completed" for act in self._since_it_began())
        return made._replace(due=due, state=state, detail=detail, apply_by=apply_by, reported=reported)

    # --- scope --------------------------------------------------------------------------------------------------------

    def _earlier(self) -> tuple[str, str]:
        """Whether it is an earlier award: approved, and neither listed nor first approved under the current rules."""
        come = stage(self.view).value
        if come != "approved":
            return ("cannot-tell", "stage-unknown") if come == "unknown" else ("out", str(come))
        listed, approved = self._since("listed"), self._since("content-approved")
        if listed or approved:
            return "out", f"{'listed' if listed else 'approved'}-under-current-rules"
        if listed is None or approved is None:
            return "cannot-tell", f"{'listing' if listed is None else 'approval'}-unknown"
        return "in", ""

    def _since(self, act: str) -> bool | None:
        """Whether it was listed, or first approved, under the current rules; None where nobody knows."""
        start = self.transition.get("current_rules_from")
        if start is None:
            return False
        acts = list(self.view.of(act))
        if not acts:
            # A copy of what others publish need not know of the listing of what they list.
            return None if self.record.observed and self.record.kind == "micro-credential" else False
        found = [self._on_or_after(each, start) for each in (acts if act == "listed" else acts[:1])]
        return True if True in found else None if None in found else False

    def _on_or_after(self, act: Act, start: object) -> bool | None:
        """Whether an act came when the rules had begun; a month that a regime has too is the same unknown day."""
        regime = self._regime(act)
        if act.days.first >= bounds(start).last or regime.get("from") == start:
            return True
        return False if act.days.last < bounds(start).first or regime.get("until") == start else None

    def _said(self, wording: Mapping[str, Any]) -> Said:
        """What a wording says: the first case that holds decides; where one may hold, all that follow may too."""
        possible, unclear = [], ""
        for each in wording.get("cases") or ():
            held, open_at = self._holds(each)
            if held is False:
                continue
            possible.append((each["scope"], each["because"]))
            unclear = unclear or open_at
            if held:
                break
        else:
            possible.append(("", ""))
        scope, because = possible[-1] if len({scope for scope, _ in possible}) == 1 else ("cannot-tell", unclear)
        return Said(wording["id"], wording.get("says"), wording.get("source"), scope, because)

    def _holds(self, each: Mapping[str, Any]) -> tuple[bool | None, str]:
        """Whether a case of a wording holds; where nobody knows, what is open."""
        found: list[tuple[bool | None, str]] = []
        for wanted, key in ((True, "when"), (False, "unless")):
            for guard in each.get(key) or ():
                held = holds(guard, self, self.today)
                name = str(guard["at"]).rpartition("/")[2].replace("_", "-")
                found.append((None if held is None else held is wanted, f"{name}-unknown"))
        if "weeks_below" in each:
            found.append(self._weeks(lambda weeks: weeks < each["weeks_below"]))
        if "weeks_above" in each:
            found.append(self._weeks(lambda weeks: weeks > each["weeks_above"]))
        if any(held is False for held, _ in found):
            return False, ""
        return next(((held, name) for held, name in found if held is None), (True, ""))

    def _weeks(self, within: Callable[[float], bool]) -> tuple[bool | None, str]:
        """Whether the weeks that it takes are within a limit, whichever way it is taken."""
        spans = [_span(each) for each in self.record.get(("duration",)) or () if isinstance(each, dict)]
        found = {within(weeks) for span in spans for weeks in span}
        if len(found) == 1:
            return found.pop(), ""
        return None, "weeks-differ" if spans and all(most < inf for _, most in spans) else "weeks-unknown"

    # --- due ----------------------------------------------------------------------------------------------------------

    def due(self) -> Due:
        """When it is due: on the day that the authority gave, else on the one that the transition names."""
        rule = next((each for each in self.transition.get("due") or () if self.record.kind in _kinds(each)), None)
        made = self._named(rule) if rule is not None else None
        given = self.clock.assigned()
        year = (rule or {}).get("anniversary_in")
        if given is not None and given.day is not None and (year is None or given.day.year >= year):
            return given
        return made or Due(None, "start-unknown", steps=(Step("the day that it is due by is not recorded"),))

    def _named(self, rule: Mapping[str, Any]) -> Due | None:
        """The day at the place that the transition names, or its anniversary."""
        value = self.values(rule["at"], None, self.today)[0]
        if isinstance(value.value, Missing) or bounds(value.value) == EVER:
            return None
        text, year = str(value.value), rule.get("anniversary_in")
        if year is None:
            step = Step(f"the published register shows {text}", value.pointer)
            return Due(bounds(text).last, "registered-date", month_end(text), text, value.pointer, (step,))
        written, clamped = plus_years(text, year - int(text[:4]))
        on = "on" if text.count("-") == 2 else "in"
        step = Step(f"it was first approved {on} {text}, and the anniversary of {year} counts", value.pointer)
        assumed = (*month_end(written), *(["day-clamped"] if clamped else []))
        return Due(bounds(written).last, "anniversary", assumed, written, value.pointer, (step,))

    # --- state --------------------------------------------------------------------------------------------------------

    def _state(self, due: Due) -> tuple[str, str]:
        """How far it has come; that it was requested is said only where a decision records it."""
        listed_as = self.successor or name_of(replaced_by(self.view).value)
        if listed_as is not None:
            return "listed-as", listed_as
        if self._retired():
            return "retired", ""
        given = self.clock.given
        if given is not None and given.get("act") == "extended" and due.written == str(given.get("next_review")):
            return "extended-until", due.written
        if next(self._since_it_began(), None) is not None:
            return "requested", ""
        months = (self.transition.get("notice") or {}).get("months")
        notice = before(bounds(due.written).first, months, "m") if due.written and months is not None else None
        return ("not-yet-requested" if notice is not None and self.as_of < notice else "cannot-tell"), ""

    def _retired(self) -> bool:
        """Whether it was given the last status there is, or its developer decided not to go on with it."""
        statuses = self.book.data.get("statuses")
        last = self.view.latest("status-assigned")
        ended = last is not None and isinstance(statuses, list) and last.act.get("status") == statuses[-1]
        reviews = [act for act in self._since_it_began() if act.get("act") == "review-completed"]
        return ended or (bool(reviews) and reviews[-1].get("outcome") == "discontinue")

    def _since_it_began(self) -> Iterator[Act]:
        """The decisions since the transition began that nobody takes where no review was asked for."""
        began = bounds(self.transition.get("from")).first
        for act in self.view.of("review-date-assigned", "review-started", "review-completed", "submitted"):
            about = act.get("reviewer") in (None, "developer") and act.get("for") in (None, "change")
            if about and act.days.last >= began:
                yield act


def _agreed(said: Iterable[Said]) -> tuple[str, str]:
    """The scope that all wordings agree on, of those that say anything, and the reason."""
    speaking = [each for each in said if each.scope]
    if len({each.scope for each in speaking}) == 1:
        return speaking[0].scope, speaking[0].because
    unclear = next((each.because for each in speaking if each.scope == "cannot-tell"), None)
    return "cannot-tell", unclear or ("wordings-disagree" if speaking else "no-wording")


def _span(duration: Mapping[str, Any]) -> tuple[float, float]:
    """The least and the most weeks of one way to take it."""
    least, most = numbers(duration.get("amount"))
    short, long = WEEKS.get(str(duration.get("unit")), (0, inf))
    return (least or 0) * short, inf if most is None else most * long
