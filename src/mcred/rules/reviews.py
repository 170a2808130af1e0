"""Reviews: that each falls due on a day that is known, is led by somebody, done in time, and more than a new date."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mcred.dates import MONTHS
from mcred.diagnostic import Anchor, Finding, Pointer, Related
from mcred.record import Catalogue, Facts, View
from mcred.record.developer import developer
from mcred.record.ledger import EVER, Act, bounds
from mcred.record.once import once
from mcred.record.reviews import STATING_A_PERIOD, Clock, Due, clock_of, due_of, plus_years, reviewed
from mcred.rules.rule import catalogue_rule, dated_rule
from mcred.text import did_you_mean, plural

TOGETHER = 3
"""Reviews of one organisation completed on one day, with the same findings or none, from which on they are told."""

NAMED = 5
"""Of those, how many a finding points at beside the one that it stands at."""


class _Review(NamedTuple):
    """The next review of a record: the clock that it goes by, and when it is due."""

    clock: Clock
    due: Due


@lru_cache(maxsize=1)
def _review(view: View) -> _Review | None:
    """The next review of what its developer is to review; None of what ends, and of what nobody reviews.

    Kept for the record at hand: each rule here asks for it.
    """
    due = due_of(view) if reviewed(view) else None
    return _Review(clock_of(view), due) if due is not None and due.because != "expiring-ends" else None


def _own(view: View) -> _Review | None:
    """The same, but none of copies of what others publish: what is missing there is no fault of the copy."""
    return _review(view) if not view.record.observed else None


@dated_rule("no-review-date")
def no_review_date(view: View) -> Iterator[Finding]:
    """A review that has no date is never overdue, and so it is the one that nobody does."""
    review = _own(view)
    if review is not None and review.due.because in _WITHOUT:
        says, hint = _WITHOUT[review.due.because]
        if review.due.because == "implausible":
            yield Finding(review.due.pointer, says, hint=hint, day=review.due.written)
        else:
            yield Finding(_start(review.clock), says, hint=hint, anchor=Anchor.MISSING)


_WITHOUT = {
    "period-unknown": (
        "nothing says how often it is reviewed, so that no review is ever due",
        "the decision that lists or approves it says so by `review_years`; `mcred decide ID corrected` adds it",
    ),
    "start-unknown": (
        "the day on which its review period starts is not known, so that no review is ever due",
        "give the approval its date with `mcred decide ID corrected`, or enter the date that the authority assigned",
    ),
    "never-scheduled": (
        "neither a review period nor the day on which it starts is known, so that no review is ever due",
        "enter the approval with its date and `review_years`, or the date that the authority assigned",
    ),
    "implausible": (
        "the next review cannot be due on {day}",
        "check the year; `mcred why ID review` tells where the date comes from",
    ),
}
"""Why there is no date, and what to do. That no rule is known of a framework is no fault of the record."""


def _start(clock: Clock) -> Pointer:
    """The decision from which the period would run; else the record's id."""
    act = clock.last or clock.approved or clock.view.first("listed")
    return act.pointer if act is not None else Pointer()


@dated_rule("review-overdue")
def review_overdue(view: View) -> Iterator[Finding]:
    """The day by which the developer was to review it has passed, and no review is recorded."""
    review = _own(view)
    if review is None or review.due.day is None or review.due.day >= view.day or _second(review) is not None:
        return
    clock, due = review
    waits = "; the one that was completed waits for the authority's answer" if clock.waits else ""
    yield Finding(
        due.pointer,
        "review was due {when} {against} ({days} ago){waits}",
        hint="`mcred review record ID` records one that was done; `mcred why ID review` tells how the day follows",
        when=_in_words(due.written),
        against=_against(due),
        days=plural((view.day - review.due.day).days, "day"),
        waits=waits,
    )


@dated_rule("two-periods-missed")
def two_periods_missed(view: View) -> Iterator[Finding]:
    """A second review fell due before the first was done: nobody looks after it any more."""
    review = _own(view)
    second = _second(review) if review is not None else None
    if review is not None and review.due.day is not None and second is not None:
        due = review.due
        yield Finding(
            due.pointer,
            "review was due {when} {against} ({days} ago), and another would have been due {second}",
            hint="`mcred review record ID` records one that was done; ask its developer whether it is still needed",
            when=_in_words(due.written),
            against=_against(due),
            days=plural((view.day - review.due.day).days, "day"),
            second=_in_words(second),
        )


def _second(review: _Review) -> str | None:
    """The date on which another review would have been due since, if it has passed."""
    clock, due = review
    if due.day is None or due.day >= clock.view.day or clock.years is None:
        return None
    second = plus_years(due.written, clock.years)[0]
    return second if bounds(second).last < clock.view.day else None


def _in_words(written: str) -> str:
    """`on 30 June 2026`, and of a month `by the end of June 2026`."""
    year, *rest = written.split("-")
    if len(rest) == 2:
        return f"on {int(rest[1])} {MONTHS[int(rest[0]) - 1]} {year}"
    return f"by the end of {MONTHS[int(rest[0]) - 1]} {year}" if rest else f"by the end of {year}"


def _against(due: Due) -> str:
    """What it was due by: a period, or a day that was given."""
    if due.because == "registered-date":
        return "by the date that the register shows"
    if due.years is None:
        return "by the date that the authority assigned"
    how = {"listed": "listed", "review-period-assigned": "assigned", "content-approved": "approved", "": "fixed"}
    return f"against the {how[due.stated_by]} period of {_years(due.years)}"


def _years(number: int | None) -> str:
    return plural(number, "year") if number is not None else "unknown length"


@dated_rule("review-period-disagrees")
def review_period_disagrees(view: View) -> Iterator[Finding]:
    """The approval and the listing of one version give two periods, or the specification proposes a third."""
    stated = [act for act in view.of(*STATING_A_PERIOD) if act.get("review_years") is not None]
    proposed, periods = view.record.get(("review", "years")), [act.get("review_years") for act in stated]
    if not periods or (periods.count(periods[0]) == len(periods) and proposed in (None, periods[0])):
        return
    for listed in (act for act in stated if act.get("act") == "listed"):
        approval = next((act for act in reversed(stated) if _approves(act, listed)), None)
        if approval is None or approval.get("review_years") == listed.get("review_years"):
            continue
        # What was approved while the rules fixed the period is listed later with one of its own.
        if clock_of(view).fixed() is None:
            yield Finding(
                listed.at("review_years"),
                "listed with a review period of {here}, but approved with {there}",
                hint="correct the one that is wrong, or enter the `review-period-assigned` that changed it",
                related=(Related("approved here", approval.at("review_years")),),
                here=_years(listed.get("review_years")),
                there=_years(approval.get("review_years")),
            )
    last = stated[-1]
    if view.record.observed or last.get("act") == "review-period-assigned" or not reviewed(view):
        return
    if proposed is not None and proposed != last.get("review_years"):
        yield Finding(
            Pointer(("review", "years")),
            "a review period of {here} is proposed, and {there} is in force",
            hint="the period in force is what counts; write it here too, unless you are about to apply for another",
            related=(Related("in force by this", last.at("review_years")),),
            here=_years(proposed),
            there=_years(last.get("review_years")),
        )


def _approves(approval: Act, listed: Act) -> bool:
    """Whether an act is the approval of the version that was listed."""
    return (
        approval.get("act") == "content-approved"
        and approval.days != EVER
        and approval.days.first <= listed.days.last
        and (listed.get("version") is None or approval.get("version") in (None, listed.get("version")))
    )


@dated_rule("review-date-disagrees")
def review_date_disagrees(view: View) -> Iterator[Finding]:
    """The date that was assigned, that the register shows, and that follows from the period are not the same."""
    review = _review(view)
    if review is None:
        return
    clock = review.clock
    assigned, shown = clock.assigned(), clock.registered()
    if assigned is None and shown is None:
        return
    reckoned = clock.reckoned()
    for date_given, words in ((shown, "the register shows"), (assigned, "the authority assigned")):
        if date_given is None or (date_given is assigned and _explained(clock)):
            continue
        others = ((assigned, "assigned"), (reckoned, "reckoned from the period"))
        other, how = next(((each, how) for each, how in others if each not in (None, date_given)), (None, ""))
        if other is None or other.day is None or _agree(date_given, other):
            continue
        yield Finding(
            date_given.pointer,
            "{words} {here} as the next review; {how} it is {there}",
            hint="`mcred why ID review` tells how the date follows; correct the one that is wrong",
            related=(Related(f"{how}: {other.written}", other.pointer),),
            words=words,
            here=date_given.written,
            how=how,
            there=other.written,
        )


def _explained(clock: Clock) -> bool:
    """Whether the authority meant to give another date than the period: it put the review off, or says why."""
    act = clock.given
    return act is not None and (act.get("act") != "review-date-assigned" or act.get("why") is not None)


def _agree(one: Due, other: Due) -> bool:
    """Whether two dates can be one day, each known as precisely as it is written."""
    here, there = bounds(one.written), bounds(other.written)
    return here.first <= there.last and there.first <= here.last


@dated_rule("review-without-findings")
def review_without_findings(view: View) -> Iterator[Finding]:
    """A completed review without input, findings or a change is a new date and nothing more."""
    if view.record.observed:
        return
    for act in view.of("review-completed"):
        told = act.get("findings") or act.get("input_from") or act.get("checked") or act.get("report")
        if not told and act.get("outcome") in (None, "continue"):
            yield Finding(
                act.pointer,
                "the review records no input, no findings and no change",
                anchor=Anchor.MISSING,
                hint="add who was asked (`input_from`) and what was found (`findings`) with a `corrected` decision",
            )


@catalogue_rule("reviews-bumped-together")
def reviews_bumped_together(catalogue: Catalogue) -> Iterator[Finding]:
    """Many reviews completed on one day with the same findings, or none, were hardly done one by one."""
    groups: dict[tuple[str, str, str], list[tuple[Facts, tuple[str | int, ...]]]] = {}
    for facts in catalogue.records:
        for review in facts.reviews:
            groups.setdefault((review.by, review.date, review.says), []).append((facts, review.pointer))
    for (by, day, says), found in sorted(groups.items()):
        if len({facts.id for facts, _ in found}) < TOGETHER:
            continue
        *others, (facts, pointer) = sorted(found, key=lambda each: (each[0].id, each[1]))
        yield Finding(
            Pointer(pointer),
            "{by} completed {number} reviews on {day}, all with {says}",
            anchor=Anchor.MISSING,
            hint="a review looks at one credential; say of each what was found",
            related=tuple(
                Related(f"'{other.id}' on the same day", Pointer(at), other.path, Anchor.MISSING)
                for other, at in others[:NAMED]
            ),
            path=facts.path,
            by=by or "nobody",
            number=len(found),
            day=day,
            says="the same findings" if says else "no findings",
        )


@dated_rule("lead-missing")
def lead_missing(view: View) -> Iterator[Finding]:
    """A review that nobody leads is nobody's; the lead is a role that its developer has."""
    review = _own(view)
    if review is None or review.clock.rule is None:
        return
    plan = view.record.data.get("review")
    lead = plan.get("lead") if isinstance(plan, dict) else None
    roles = _roles(view)
    if lead is not None and (roles is None or lead in roles):
        return
    if not view.record.known(Pointer(("review", "lead"))):
        return
    if lead is None:
        yield Finding(
            Pointer(("review",)) if isinstance(plan, dict) else Pointer(),
            "no role leads its reviews",
            anchor=Anchor.MISSING,
            hint="name one with `review: {lead: …}`, a role of its developer and never a person",
        )
    elif roles is not None:
        known = [name for name in roles if name]
        yield Finding(
            Pointer(("review", "lead")),
            "'{lead}' is no role of {developer}{guess}",
            hint="the developer's record lists its `roles`",
            lead=lead,
            developer=developer(view).value,
            guess=did_you_mean(str(lead), known),
        )


@dated_rule("lead-ended")
def lead_ended(view: View) -> Iterator[Finding]:
    """The role that leads its reviews has come to an end."""
    lead, roles = view.record.get(("review", "lead")), _roles(view)
    until = roles[lead] if roles and lead in roles else None
    if until is not None and bounds(until) != EVER and bounds(until).last < view.day and _own(view) is not None:
        yield Finding(
            Pointer(("review", "lead")),
            "the role '{lead}' of {developer} ended {until}",
            hint="name the role that has its work now",
            lead=lead,
            developer=developer(view).value,
            until=until,
        )


@once
def _roles(view: View) -> dict[str, object] | None:
    """The roles of the developer, each with its last day; None where the developer's record names none."""
    organisation = view.organisations.get(str(developer(view).value))
    roles = organisation.get("roles") if organisation is not None else None
    if not isinstance(roles, list):
        return None
    return {str(each.get("id")): each.get("until") for each in roles if isinstance(each, dict)}
