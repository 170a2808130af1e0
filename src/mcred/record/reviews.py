"""When a micro-credential is due for its developer's next review, and how that follows from its decisions.

The clock starts where the framework says, runs for the period in force, and starts again when a review is completed.
A date that the authority assigned, or that the published register shows, comes before any arithmetic. Nothing is
assumed in silence: each answer carries what was assumed, and the steps that led to it.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from mcred.dates import Days
from mcred.diagnostic import Pointer
from mcred.record import status
from mcred.record.ledger import EVER, NO_HEAD, Act, bounds, latest, period
from mcred.record.offerings import name_of
from mcred.record.once import once, once_each
from mcred.record.record import Record
from mcred.record.view import NOTHING, Derived, View
from mcred.record.words import word

REVIEWED = ("micro-credential", "training-scheme")
"""The kinds of record that their developers review."""

LONGEST = 10
"""Years from the start of the clock beyond which a date for a review is taken for a slip of the pen."""

NO_DATE = {
    "no-rule-known": "no rule of its framework about its review is known",
    "period-unknown": "no decision and no rule gives a period",
    "start-unknown": "the day on which the period starts is not known",
    "never-scheduled": "neither a period nor the day on which it starts is known",
    "implausible": "the date given for it cannot be right",
}
"""Why no date is known."""

FROM = {
    "assigned-date": "the authority assigned the date",
    "registered-date": "the published register shows the date",
    "period-from-review": "the period from the last review",
    "period-from-start": "the period from its start",
    "further-review": "the authority asked for a further review",
    "expiring-ends": "its status ends",
}
"""How a date came about."""

ASSUMED = {
    "start-is-approval": "the period starts with the approval of the first version",
    "start-is-listing": "the period starts with the listing",
    "next-from-completion": "the next period starts when a review is completed",
    "period-from-instrument": "the period is the one that the rules fix",
    "provisional": "the authority accepts the last review",
    "end-of-month": "it is due on the last day",
    "day-clamped": "29 February becomes 28 February",
}
"""What an answer may rest on that nobody recorded."""


class Step(NamedTuple):
    """One fact that an answer rests on: what it says, and where it stands."""

    says: str
    pointer: Pointer = Pointer()


class Due(NamedTuple):
    """When something is due: the day, the date as precisely as it is known, how it came about, what was assumed."""

    day: date | None
    because: str
    assumed: tuple[str, ...] = ()
    written: str = ""
    pointer: Pointer = Pointer()
    """Where the fact stands that decides it."""
    steps: tuple[Step, ...] = ()
    years: int | None = None
    """The period that it follows from, in years; none where the date was given."""
    stated_by: str = ""
    """The act that states that period; nothing where the rules fix it."""


def review_years(view: View) -> Derived:
    """The period in force: of the latest decision that states one."""
    last = view.latest(*STATING_A_PERIOD, having="review_years")
    return Derived(last.act.get("review_years"), (last.act.at("review_years"),), last.uncertain) if last else NOTHING


STATING_A_PERIOD = ("review-period-assigned", "listed", "content-approved")


def review_period_assigned(view: View) -> Derived:
    """Whether the authority assigned the period in force."""
    stated = [act for act in view.of(*STATING_A_PERIOD) if act.get("review_years") is not None]
    last = latest(stated, view.day, lambda act: act.get("act") == "review-period-assigned")
    if last is None:
        return NOTHING
    return Derived(last.act.get("act") == "review-period-assigned", (last.act.pointer,), last.uncertain)


def next_review(view: View) -> Derived:
    """The date of the next review as it is written, for what is to be reviewed."""
    if not reviewed(view):
        now = status.status(view)
        return Derived(None, now.pointers, status.stage(view).uncertain or now.uncertain)
    due = next_due(view)
    return Derived(due.written or None, (due.pointer,) if due.written else (), _uncertain(view, due))


def _uncertain(view: View, due: Due) -> bool:
    """Whether the answer may be otherwise: a review waits for its answer, or an act that counts has no certain day."""
    acts = view.of(*STATING_A_PERIOD, *_MOVING_THE_DATE, "status-assigned")
    return "provisional" in due.assumed or any(act.days.first != act.days.last for act in acts)


_MOVING_THE_DATE = ("review-completed", "review-decided", "review-date-assigned", "extended")


_RESTS_ON = ("decisions", "framework", "register_entry", "custody", "developer")
"""The fields by which a review falls due, and of decisions the keys."""

_RESTS_ON_KEYS = frozenset(
    "id act date under by decision set void version number review_years next_review reviewer review outcome status "
    "from until provider delivery replaces developer_from developer_to".split()
)


def at_fault(record: Record) -> bool:
    """Whether a fault touches what a review falls due by, so that any date would be one that nobody meant."""
    return any(
        pointer[0] in _RESTS_ON and (pointer[0] != "decisions" or len(pointer) < 3 or pointer[2] in _RESTS_ON_KEYS)
        for pointer in record.touched
        if pointer
    )


@once
def reviewed(view: View) -> bool:
    """Whether it is reviewed at all: approved, and not at the end of its life."""
    if view.record.kind not in REVIEWED:
        return False
    statuses, now = view.head.get("statuses"), status.status(view).value
    last = statuses[-1] if isinstance(statuses, list) and len(statuses) > 1 else None
    return status.stage(view).value == "approved" and (now is None or now != last)


@lru_cache(maxsize=1)
def clock_of(view: View) -> "Clock":
    """The clock by which the reviews of a record go on a day, kept for the one asked about last.

    Kept on the view itself, it would be a circle: nothing frees those while a batch runs without the garbage collector.
    """
    return Clock(view)


def next_due(view: View) -> Due:
    """When its developer's next review is due; of what expires, when it does."""
    due = due_of(view)
    return due._replace(steps=tuple(_marked(view, step) for step in due.steps))


@once
def due_of(view: View) -> Due:
    """The same, for whoever does not tell the steps that lead to it."""
    ends = status.status_until(view)
    if ends.value is not None and status.status(view).value != view.head.get("first_status"):
        until = bounds(ends.value)
        step = Step(f"its status, {status.status(view).value}, ends on {ends.value}", *ends.pointers)
        return Due(until.last, "expiring-ends", month_end(str(ends.value)), str(ends.value), step.pointer, (step,))
    return clock_of(view).due()


def _marked(view: View, step: Step) -> Step:
    """A step; where it rests on a decision of which nobody knows that it was taken by the day, it says so."""
    act = next((each for each in view.acts if step.pointer and each.pointer == step.pointer[:2]), None)
    if act is None or act.get("date") is None or not act.days.first <= view.day < act.days.last:
        return step
    return step._replace(says=f"{step.says} (perhaps only after {view.day})")


def under_way(view: View, reviewer: str, by: str | None = None, until: date = date.max) -> Act | None:
    """The last review of a reviewer, or of one organisation, that was started by a day and never completed."""

    def theirs(act: Act) -> bool:
        return act.get("reviewer") == reviewer and (by is None or name_of(act.get("by")) == by)

    started = [act for act in view.of("review-started") if theirs(act) and act.days.first <= until]
    if not started:
        return None
    last = started[-1]
    completed = view.of("review-completed")
    done = last.get("id") is not None and any(act.get("review") == last.get("id") for act in completed)
    later = any(theirs(act) and view.acts.index(act) > view.acts.index(last) for act in completed)
    return None if done or later else last


@once_each
def _fixed(rule: Mapping[str, Any]) -> list[tuple[Days, Mapping[str, Any]]]:
    """The periods that a framework fixes, each with the days of the first approvals that it is for."""
    return [(period(each.get("approved_from"), each.get("approved_until")), each) for each in rule.get("fixed") or ()]


@once_each
def _is_answered(head: Mapping[str, Any]) -> bool:
    """Whether somebody in a framework answers to completed reviews."""
    bodies = head.get("bodies")
    return isinstance(bodies, list) and any(
        "decide-review" in (body.get("may") or ()) for body in bodies if isinstance(body, dict)
    )


class Clock:
    """The reviews of a record as they stand on a day."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.kept: dict[object, Any] = {}
        rule = view.head.get("review") if view.record.kind == "micro-credential" else None
        self.rule: Mapping[str, Any] | None = rule if isinstance(rule, dict) else None
        self.approved = view.first("content-approved")
        """The approval of the first version."""
        self.completed = [act for act in view.of("review-completed") if act.get("reviewer") == "developer"]
        answers = view.of("review-decided")
        self._answered = {id(about): answer for answer in answers if (about := self._about(answer)) is not None}
        self.start = self._from_start()
        self.counting = [act for act in self.completed if not _is_further(self.answer(act)) and self._follows(act)]

    def _about(self, answer: Act) -> Act | None:
        """The completed review that an answer is about: the one it names, else the latest before it."""
        if answer.get("review") is not None:
            return next((act for act in self.completed if act.get("id") == answer.get("review")), None)
        earlier = [act for act in self.completed if act.days.first <= answer.days.last]
        return earlier[-1] if earlier else None

    def answer(self, review: Act) -> Act | None:
        """What the authority answered to a completed review."""
        return self._answered.get(id(review))

    def _replaced(self, act: Act) -> bool:
        """Whether an act is an answer to a review that was answered again later."""
        about = self._about(act) if act.get("act") == "review-decided" else None
        return about is not None and self.answer(about) is not act

    def _follows(self, review: Act) -> bool:
        """Whether a review may have been completed since the clock started, or started anew."""
        started = self.start.act
        return started is None or review.days.last >= started.days.first

    @property
    def last(self) -> Act | None:
        """The last completed review that counts: the clock runs, and the authority has not asked for another."""
        return self.counting[-1] if self.counting else None

    @property
    def waits(self) -> bool:
        """Whether the last review waits for the authority's answer; where nobody answers, none waits."""
        return self.last is not None and self.answer(self.last) is None and _is_answered(self.view.head)

    @property
    def under_way(self) -> Act | None:
        """The developer's review that was started and not completed."""
        return under_way(self.view, "developer")

    @property
    def state(self) -> str:
        """How far the review has come."""
        if self.under_way is not None:
            return "under-way"
        return "with-the-authority" if self.waits else "not-started"

    @property
    def period(self) -> Act | None:
        """The decision that states the period in force."""
        stated = self.view.latest(*STATING_A_PERIOD, having="review_years")
        return stated.act if stated is not None else None

    @property
    def years(self) -> int | None:
        """The period in force, in years: the one that a decision states, else the one that the rules fix."""
        if self.period is not None:
            return int(self.period.get("review_years"))
        fixed = self.fixed()
        return fixed.years if fixed is not None and fixed.sure else None

    @property
    def given(self) -> Act | None:
        """The act by which the authority gave a date; it holds until a review is completed after it."""
        given = [
            act
            for act in self.view.of("review-date-assigned", "extended", "review-decided")
            if act.get("next_review") is not None and not self._replaced(act)
        ]
        return given[-1] if given and (self.last is None or not self._after(self.last, given[-1])) else None

    # --- what is given ---------------------------------------------------------------------------------------------

    def due(self) -> Due:
        """When the next review is due."""
        found = self.assigned() or self.registered() or self.reckoned()
        return self._plausible(found)

    @once
    def assigned(self) -> Due | None:
        """The date that the authority gave."""
        act = self.given
        if act is None:
            return None
        says = {
            "review-date-assigned": "assigned",
            "extended": "put off",
            "review-decided": "set with the answer to a review",
        }[str(act.get("act"))]
        return _given(
            act.get("next_review"),
            "further-review" if _is_further(act) else "assigned-date",
            Step(f"{says}{_dated(act)}: {act.get('next_review')}", act.at("next_review")),
        )

    def _after(self, later: Act, earlier: Act) -> bool:
        """Whether an act follows another, by date and then by place, as they are ordered on the day."""
        order = self.view.acts
        return order.index(later) > order.index(earlier)

    @once
    def registered(self) -> Due | None:
        """A date that the published register shows: it holds until a review is completed after it was seen there."""
        shown = registered(self.view)
        if shown is None:
            return None
        seen = _seen(self.view)
        if self.last is not None:
            overtaken = self.last.days.first > seen.last if seen else self.last.days.last >= bounds(shown.written).first
            if overtaken:
                return None
        return shown

    def _plausible(self, due: Due) -> Due:
        """A date before the first approval, or more than ten years after it and any review, is a slip of the pen."""
        if due.day is None or self.approved is None:
            return due
        first = self.approved.days
        started = max([first.last, *(act.days.last for act in self.completed)])
        if first.first <= due.day <= date.fromisoformat(plus_years(started.isoformat(), LONGEST)[0]):
            return due
        why = f"{due.written} lies " + (
            "before the first approval" if due.day < first.first else f"more than {LONGEST} years ahead of its start"
        )
        return due._replace(day=None, because="implausible", assumed=(), steps=(*due.steps, Step(why, due.pointer)))

    # --- arithmetic ------------------------------------------------------------------------------------------------

    @once
    def reckoned(self) -> Due:
        """The date that follows from a period and the day on which it starts."""
        if self.rule is None:
            of = f" of {self.view.record.framework}" if self.view.record.framework else ""
            says = f"no rule about the review of a {word(self.view.head, self.view.record.kind)} is known{of}"
            return Due(None, "no-rule-known", steps=(Step(says),))
        start = self._after_review() or self.start
        periods = [*self._periods(start)]
        steps = [*start.steps, *self._undone()]
        if bounds(start.written) == EVER:
            because = "start-unknown" if periods else "never-scheduled"
            return Due(None, because, steps=(*steps, *(each.step for each in periods)))
        if not periods:
            return Due(None, "period-unknown", steps=(*steps, Step("no decision and no rule gives a period")))
        return _counted(start, periods, steps)

    def _after_review(self) -> "Start | None":
        """The start after the last completed review."""
        last = self.last
        if last is None:
            return None
        rule: Mapping[str, Any] = (self.rule or {}).get("next_from") or {}
        answer = self.answer(last)
        act = answer if rule.get("act") == "review-decided" and answer is not None else last
        stated = rule.get("act") == "review-completed" and rule.get("basis") is None
        assumed = ["next-from-completion"] if act is last and not stated else []
        assumed += ["provisional"] if self.waits else []
        answered = f"; the authority answered{_dated(answer)}" if answer is not None else ""
        waits = "; the authority's answer is not recorded" if self.waits else ""
        step = Step(f"its developer's review was completed{_dated(last)}{answered}{waits}", last.pointer)
        return Start(act, "period-from-review", tuple(assumed), (step,))

    def _undone(self) -> Iterator[Step]:
        """The reviews since the start that start nothing, because the authority asked for a further one."""
        for act in self.completed:
            answer = self.answer(act)
            if answer is None or not _is_further(answer) or not self._follows(act):
                continue
            if self.last is None or self._after(act, self.last):
                says = f"the review completed{_dated(act)} starts nothing: a further one was asked for{_dated(answer)}"
                yield Step(says, answer.pointer)

    def _from_start(self) -> "Start":
        """The start before any review: the first approval or the listing, as the framework says."""
        rule: Mapping[str, Any] = (self.rule or {}).get("starts_from") or {}
        listed, approved = self.view.first("listed"), self.approved
        inferred = rule.get("basis") is not None
        if rule.get("act") == "listed" or approved is None:
            if listed is None:
                return Start(None, "period-from-start", (), (Step("neither an approval nor a listing is recorded"),))
            step = Step(f"it was listed{_dated(listed)}", listed.pointer)
            assumed = inferred or rule.get("act") != "listed"
            return Start(listed, "period-from-start", ("start-is-listing",) if assumed else (), (step,))
        step = Step(f"its first version was approved{_dated(approved)}", approved.pointer)
        made = Start(approved, "period-from-start", ("start-is-approval",) if inferred else (), (step,))
        return self._restarted(made, listed) if listed is not None else made

    def _restarted(self, first: "Start", listed: Act) -> "Start":
        """The clock anew: a first listing after an approval of the time in which the rules fixed the period."""
        fixed = self.fixed()
        if fixed is None:
            return first
        earlier = [act for act in self.view.of("content-approved") if _by_then(act, listed)]
        if not earlier:
            return first
        act = earlier[-1]
        says = f"it was listed{_dated(listed)} for the first time, on the approval{_dated(act)}"
        if fixed.sure and _rests_on(listed, act):
            return first._replace(act=act, steps=(Step(says, act.pointer),), from_listing=listed)
        if act is first.act:
            return first
        says += "; whether that starts the clock anew hangs on a day that is not known"
        return first._replace(act=act, steps=(*first.steps, Step(says, act.pointer)), sure=False)

    def _periods(self, start: "Start") -> Iterator["Period"]:
        """The periods that hold from the start on: the one in force there, and those stated later."""
        stated = [act for act in self.view.of(*STATING_A_PERIOD) if act.get("review_years") is not None]
        until = start.from_listing or start.act
        earlier = [act for act in stated if until is None or _by_then(act, until)]
        later = [act for act in stated if act not in earlier]
        if earlier:
            yield _stated(earlier[-1])
        elif (fixed := self.fixed()) is not None and fixed.sure:
            yield Period(fixed.years, None, fixed.step)
        for act in later:
            yield _stated(act)

    @once
    def fixed(self) -> "Fixed | None":
        """The period that the rules fix for what was first approved when this was; not `sure` where days straddle.

        A month written as the end of a regime and of what the rules fix, or as their start, is one unknown day of both.
        """
        first = self.approved
        if first is None:
            return None
        for widest, each in _fixed(self.rule or NO_HEAD):
            if first.days.first > widest.last or first.days.last < widest.first:
                continue
            start, end, regime = each.get("approved_from"), each.get("approved_until"), self._regime(first)
            begun = start is None or first.days.first >= bounds(start).last or regime.get("from") == start
            ended = end is not None and first.days.last > bounds(end).first and regime.get("until") != end
            until = f" until {end}" if end is not None else ""
            step = Step(f"the rules fix {_years(each['years'])} for what was first approved{until}", first.pointer)
            return Fixed(each["years"], begun and not ended, step)
        return None

    def _regime(self, act: Act) -> Mapping[str, Any]:
        """The regime under which an act was taken, where it says so."""
        found = self.view.head.get("regimes")
        known = found if isinstance(found, list) else ()
        return next((each for each in known if isinstance(each, dict) and each.get("id") == act.get("under")), {})


def _by_then(act: Act, other: Act) -> bool:
    """Whether an act came by another: by their days, or where those overlap by the order of recording."""
    return act.days.last <= other.days.first or (act.days.first <= other.days.last and act.place <= other.place)


def _rests_on(listed: Act, approval: Act) -> bool:
    """Whether a listing came after an approval: by their days, or where those overlap by the version of both."""
    of_one = listed.get("version") is not None and listed.get("version") == approval.get("version")
    return approval.days.last <= listed.days.first or (of_one and listed.days != EVER)


class Start(NamedTuple):
    """Where a period starts."""

    act: Act | None
    because: str
    assumed: tuple[str, ...]
    steps: tuple[Step, ...]
    from_listing: Act | None = None
    """The listing that started the clock anew; the period is the one it came with."""
    sure: bool = True
    """Whether the clock starts there for certain."""

    @property
    def written(self) -> str:
        """The date as it is written; nothing where it is not known."""
        return str(self.act.get("date")) if self.act is not None and self.sure else ""


class Period(NamedTuple):
    """A period in years, and the decision that states it; none where the rules fix it."""

    years: int
    act: Act | None
    step: Step

    @property
    def stated_by(self) -> str:
        """The act that states it; nothing where the rules fix it."""
        return str(self.act.get("act")) if self.act is not None else ""


class Fixed(NamedTuple):
    """A period that the rules fix."""

    years: int
    sure: bool
    step: Step


def registered(view: View) -> Due | None:
    """The next review as the published register shows it."""
    shown = view.record.get(("register_entry", "next_review"))
    if bounds(shown) == EVER:
        return None
    return _given(
        shown,
        "registered-date",
        Step(f"the published register shows {shown}", Pointer(("register_entry", "next_review"))),
    )


def _seen(view: View) -> Days | None:
    """When the register was seen."""
    entry = view.record.get(("register_entry",))
    named = entry.get("next_review_source") or entry.get("source")
    sources = [item for _, item in view.record.items("sources") if isinstance(item, dict)]
    seen = [item.get("seen") for item in sources if item.get("id") == named or (named is None and len(sources) == 1)]
    found = bounds(seen[0]) if seen else EVER
    return found if found != EVER else None


def _counted(start: Start, periods: list[Period], steps: list[Step]) -> Due:
    """The start, to which some steps led, and the period in force, which may have changed on the way.

    A longer one does not hide what was overdue that day, and a shorter one makes nothing overdue before that day.
    """
    first, *later = periods
    written, clamped = plus_years(start.written, first.years)
    used, steps = first, [*steps, first.step]
    for changed in later:
        act = changed.act
        if act is None:
            continue
        other, other_clamped = plus_years(start.written, changed.years)
        steps += _told(changed, used)
        day = bounds(written).last
        if day < act.days.first:
            steps.append(
                Step(f"it was overdue then, since {written}, and stays so until a review is completed", act.pointer)
            )
        elif bounds(other).last >= min(act.days.last, day):
            written, clamped, used = other, other_clamped, changed
        else:
            decided = str(act.get("date") or act.days.last)
            written, clamped = min((written, clamped), (decided, False), key=lambda each: bounds(each[0]).last)
            used = changed
            steps.append(Step("shortened, it falls due on that day at the earliest", act.pointer))
    assumed = [*start.assumed]
    assumed += ["period-from-instrument"] if used.act is None else []
    assumed += month_end(written)
    assumed += ["day-clamped"] if clamped else []
    pointer = start.act.at("date") if start.act is not None else Pointer()
    last, told = bounds(written).last, tuple(steps)
    return Due(last, start.because, tuple(assumed), written, pointer, told, used.years, used.stated_by)


def _told(changed: Period, used: Period) -> list[Step]:
    """The step of a period; of one that a decision states and that only says again what is in force, none."""
    return [changed.step] if used.act is None or changed.years != used.years else []


def _stated(act: Act) -> Period:
    """The period that a decision states."""
    years = act.get("review_years")
    says = f"{_years(years)}, {_STATED[str(act.get('act'))]}{_dated(act)}"
    return Period(years, act, Step(says, act.at("review_years")))


_STATED = {"review-period-assigned": "assigned", "listed": "with the listing", "content-approved": "with the approval"}
"""How the acts that state a period state it."""


def _given(value: object, because: str, step: Step) -> Due:
    written = str(value)
    return Due(bounds(written).last, because, month_end(written), written, step.pointer, (step,))


def plus_years(start: str, years: int) -> tuple[str, bool]:
    """A date and some years, as precise as the date is; and whether a 29 February had to give way.

    A month and years make a month, a year and years a year.
    """
    year, dash, rest = start.partition("-")
    if int(year) + years > date.max.year:
        return date.max.isoformat(), False
    if rest.count("-") == 0:
        return f"{int(year) + years:04}{dash}{rest}", False
    # Only this one day may be missing in another year, and the calendar library takes longer to import than all else.
    clamped = rest == "02-29" and not isleap(int(year) + years)
    return f"{int(year) + years:04}-{'02-28' if clamped else rest}", clamped


def month_end(written: str) -> tuple[str, ...]:
    """What is assumed of a date that is known by its month or year alone."""
    return ("end-of-month",) if written.count("-") < 2 else ()


def _is_further(answer: Act | None) -> bool:
    return answer is not None and answer.get("outcome") == "further-review"


def _dated(act: Act) -> str:
    """` on 2026-11-22`, ` in 2026-11`; of an act known by its regime, what is known."""
    written = act.get("date")
    if written is not None:
        return f" {'on' if str(written).count('-') == 2 else 'in'} {written}"
    return f" under {act.get('under')}" if act.get("under") is not None else " on a day that is not known"


def _years(number: int) -> str:
    return "1 year" if number == 1 else f"{number} years"
