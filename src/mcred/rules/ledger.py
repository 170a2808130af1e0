"""Decisions against each other: an order that can be, no contradiction, and days that make sense."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from mcred.dates import Days
from mcred.diagnostic import Anchor, Finding, Pointer, Related, Severity
from mcred.record import Record, View
from mcred.record.decisions import NEVER_CORRECTED, correcting
from mcred.record.ledger import EVER, Act, Ledger, act_days, bounds, ledger
from mcred.rules.rule import dated_rule, record_rule
from mcred.shape.corrections import DATES

EARLIEST = date(1990, 1, 1)
"""No framework of this kind is older."""

LONGEST = 20
"""Years beyond a decision that no end, due day or next review lies."""


def _grave(record: Record) -> Severity | None:
    """On a copy of what others publish a contradiction is a warning: the fault may be theirs."""
    return Severity.WARNING if record.observed else None


ORDER: tuple[tuple[str, str, str, str], ...] = (
    ("status-assigned", "listed", "", "a status is assigned to what is listed"),
    ("delivery-approved", "content-approved", "", "delivery is approved of content that is approved"),
    ("review-completed", "review-started", "review", "a review is completed after it was started"),
    ("review-decided", "review-completed", "review", "a review is decided on after it was completed"),
    ("delivery-ended", "delivery-approved", "delivery", "delivery ends after it was approved"),
    ("not-approved", "submitted", "version", "what is not approved was submitted first"),
    ("withdrawn", "submitted", "version", "what is withdrawn was submitted first"),
    ("content-approved", "submitted", "version", "what is approved was submitted first"),
    ("issued", "applied", "", "what is issued was applied for first"),
)
"""Acts that come after another: the later, the earlier, the key by which the two belong together, and why."""


@record_rule("date-order")
def date_order(record: Record) -> Iterator[Finding]:
    """Some decisions can only follow others; a day typed wrongly shows here first."""
    by_name = ledger(record).by_name
    # What a decision at fault was may be the very one that is asked for: then nothing tells that the order is wrong.
    whole = all(isinstance(decision, dict) and "act" in decision for decision in record.decisions)
    for later, earlier, key, reason in ORDER if whole else ():
        others = by_name.get(earlier, ())
        for act in by_name.get(later, ()):
            if not others or others[-1].days.first <= act.days.last:  # as it should be, whichever of them it follows
                continue
            before = _before(others, act, key)
            if before is not None and act.days.last < before.days.first:
                yield Finding(
                    act.pointer / "date",
                    "'{later}' on {day} comes before '{earlier}' on {other}; {reason}",
                    severity=_grave(record),
                    hint="correct the day that is wrong with a `corrected` decision",
                    related=(Related(f"'{earlier}' is here", before.pointer / "date"),),
                    later=later,
                    day=act.get("date"),
                    earlier=earlier,
                    other=before.get("date"),
                    reason=reason,
                )
    yield from _periods(record)


def _before(earlier: Sequence[Act], act: Act, key: str) -> Act | None:
    """Of the acts that must have come before, the first: the one it names, else the first of its version.

    None where it is not there, or where one that it may be has no day.
    """
    found = [each for each in earlier if each.get("for") != "delivery"]
    if key in ("review", "delivery"):
        found = [each for each in found if each.get("id") is not None and each.get("id") == act.get(key)]
    elif key == "version" and act.get("version") is not None:
        found = [each for each in found if each.get("version") in (None, act.get("version"))]
    return found[0] if found and EVER not in (act.days, *(each.days for each in found)) else None


def _periods(record: Record) -> Iterator[Finding]:
    """A period that ends before it begins."""
    for pointer, decision in record.items("decisions"):
        start, end = decision.get("from"), decision.get("until")
        if start is not None and end is not None and bounds(end).last < bounds(start).first:
            yield Finding(
                pointer / "until",
                "it ends on {end}, before it begins on {start}",
                severity=_grave(record),
                hint="correct the day that is wrong",
                related=(Related("it begins here", pointer / "from"),),
                end=end,
                start=start,
            )


def _corrections(record: Record) -> Iterator[Finding]:
    for pointer, decision in correcting(record):
        if any(touched[:2] == pointer for touched in record.touched):
            continue
        changes, void = decision.get("set"), decision.get("void") is True
        if bool(changes) == void:
            yield Finding(
                pointer,
                "a correction says either what is set or that the decision is void"
                if void
                else "the correction changes nothing",
                anchor=Anchor.MISSING,
                severity=_grave(record),
                hint="write `set: {…}` with the right values, or `void: true`",
            )
        for key in DATES:
            if isinstance(changes, dict) and key in changes and bounds(changes[key]) == EVER:
                yield Finding(
                    pointer / "set" / key,
                    "'{key}' is corrected to {value}, which is no date that exists",
                    severity=_grave(record),
                    hint="write a date such as 2026-11-22, 2026-11 or 2026",
                    key=key,
                    value=changes[key],
                )
        for key in NEVER_CORRECTED:
            if isinstance(changes, dict) and key in changes:
                yield Finding(
                    pointer / "set" / key,
                    "'{key}' of a decision is not corrected; the decision is made void, and another added",
                    anchor=Anchor.KEY,
                    severity=_grave(record),
                    key=key,
                )


def _numbers(record: Record, decided: Ledger) -> Iterator[Finding]:
    listed = [act for act in decided.by_name["listed"] if act.get("number") is not None]
    for act in listed[1:]:
        if act.get("number") != listed[0].get("number"):
            yield Finding(
                act.pointer / "number",
                "the register number is '{number}' here and '{other}' in an earlier listing",
                severity=_grave(record),
                hint="one credential has one number; correct the one that is wrong",
                related=(Related("listed here before", listed[0].pointer / "number"),),
                number=act.get("number"),
                other=listed[0].get("number"),
            )


def _after_removal(record: Record, decided: Ledger) -> Iterator[Finding]:
    removed = decided.by_name["removed"][0]
    for act in decided.acts:
        if act.days != EVER and act.days.first > removed.days.last:
            yield Finding(
                act.pointer,
                "'{act}' comes after the record was removed from the register",
                severity=_grave(record),
                hint="what was listed by mistake is recorded anew under another id",
                related=(Related("removed here", removed.pointer),),
                act=act.get("act"),
            )


def _met_twice(record: Record, decided: Ledger) -> Iterator[Finding]:
    for name, key, words in (
        ("condition-met", "condition", "the condition '{what}' was met before"),
        ("delivery-ended", "delivery", "the delivery '{what}' was ended before"),
    ):
        first: dict[Any, Act] = {}
        for act in decided.by_name.get(name, ()):
            if act.get(key) is None:
                continue
            earlier = first.setdefault(act.get(key), act)
            if earlier is not act:
                yield Finding(
                    act.pointer / key,
                    words,
                    severity=_grave(record),
                    hint="make the one that is wrong void with a `corrected` decision",
                    related=(Related("here", earlier.pointer),),
                    what=act.get(key),
                )


NAMED: tuple[tuple[str, str, str], ...] = (
    ("delivery-approved", "replaces", "delivery-approved"),
    ("delivery-ended", "delivery", "delivery-approved"),
    ("excepted", "delivery", "delivery-approved"),
    ("review-completed", "review", "review-started"),
    ("review-decided", "review", "review-completed"),
)
"""Acts that name another decision, the key by which they do, and the act that is meant."""


def _of_another_act(record: Record, decided: Ledger) -> Iterator[Finding]:
    """A decision that names one of another act, or one that is void: what it says would follow from nothing."""
    naming = [
        (act, key, meant)
        for name, key, meant in NAMED
        for act in decided.by_name.get(name, ())
        if act.get(key) is not None
    ]
    if not naming:
        return
    by_id = {act.get("id"): act for act in decided.acts if act.get("id") is not None}
    places = {each["id"]: pointer for pointer, each in record.items("decisions") if each.get("id") is not None}
    for act, key, meant in naming:
        if act.get(key) in places:
            named = by_id.get(act.get(key))
            if named is None:
                yield Finding(
                    act.at(key),
                    "'{named}' is void, and '{act}' names it",
                    severity=_grave(record),
                    hint="make this one void too, or correct what it names",
                    related=(Related("the void decision", places[act.get(key)]),),
                    named=act.get(key),
                    act=act.get("act"),
                )
            elif named.get("act") != meant:
                yield Finding(
                    act.at(key),
                    "'{named}' is a decision '{other}'; '{key}' names one that is '{meant}'",
                    severity=_grave(record),
                    related=(Related("the decision named", named.pointer),),
                    named=act.get(key),
                    other=named.get("act"),
                    key=key,
                    meant=meant,
                )


PREMISES: tuple[tuple[str, str, str], ...] = (
    ("removed", "listed", "no listing is recorded that could be removed"),
    ("not-approved", "submitted", "nothing was submitted that waits for an answer"),
    ("withdrawn", "submitted", "nothing was submitted that waits for an answer"),
)
"""Acts that can only follow or answer another, which a record of one's own has too; and what to say without it."""

ANSWERS = {"delivery": ("delivery-approved", "not-approved", "withdrawn")}
"""Acts that answer a submission, by what it is for."""

OTHER_ANSWERS = ("content-approved", "listed", "not-approved", "withdrawn")
"""Acts that answer a submission for anything else."""


def _without(record: Record, decided: Ledger) -> Iterator[Finding]:
    """A decision without the one that it needs; a copy of what others publish may know of it alone."""
    if record.observed:
        return
    for name, earlier, words in PREMISES:
        for act in decided.by_name.get(name, ()):
            if not any(_stands(each, act, decided.acts) for each in decided.by_name.get(earlier, ())):
                yield Finding(
                    act.pointer,
                    "'{act}' has nothing to stand on: " + words,
                    hint="record what came before it, or make it void with a `corrected` decision",
                    act=name,
                )


def _stands(earlier: Act, act: Act, ledger: list[Act]) -> bool:
    """Whether a decision may rest on an earlier one: a submission only until it was answered."""
    return earlier.get("act") != "submitted" or not any(_answered(earlier, each, act) for each in ledger)


def _answered(submission: Act, answer: Act, later: Act) -> bool:
    """Whether something surely answered a submission before a later act; another body may still have to answer."""
    return (
        answer.get("act") in ANSWERS.get(str(submission.get("for")), OTHER_ANSWERS)
        and submission.days.last < answer.days.first
        and answer.days.last < later.days.first
        and (later.get("act") == "withdrawn" or answer.get("by") == later.get("by"))
        and all(
            None in (submission.get(key), answer.get(key)) or submission.get(key) == answer.get(key)
            for key in ("version", "for")
        )
    )


def _twice(record: Record, decided: Ledger) -> Iterator[Finding]:
    """The same decision of a day, entered again."""
    of_a_day: dict[tuple[Any, Any], list[Act]] = {}
    for act in (*decided.acts, *_correcting(record)):
        if act.days == EVER:
            continue
        others = of_a_day.setdefault((act.get("act"), act.get("date") or act.get("under")), [])
        earlier = next((each for each in others if _said(each) == _said(act)), None) if others else None
        others.append(act)
        if earlier is not None:
            yield Finding(
                act.pointer,
                "the same decision '{act}' of {day} stands here twice",
                severity=_grave(record),
                hint="make one of the two void with a `corrected` decision",
                related=(Related("here", earlier.pointer),),
                act=act.get("act"),
                day=act.get("date") or act.get("under"),
            )


def _correcting(record: Record) -> Iterator[Act]:
    """The corrections that are not void themselves; of the decisions that count they are none."""
    found = correcting(record)
    void = {each.get("decision") for _, each in found if each.get("void") is True}
    for pointer, each in found:
        if each.get("id") is None or each["id"] not in void:
            yield Act(act_days(each, {}), int(pointer[-1]), each)


def _said(act: Act) -> dict[str, Any]:
    """What a decision says, but for its own id."""
    return {key: value for key, value in act.decision.items() if key != "id"}


def _transfers(record: Record, decided: Ledger) -> Iterator[Finding]:
    transfers = decided.by_name["transferred"]
    for act in transfers:
        if act.get("developer_to") is not None and act.get("developer_to") == act.get("developer_from"):
            yield Finding(
                act.at("developer_to"),
                "it passes from {there} to the same",
                severity=_grave(record),
                hint="`developer_to` is who answers for it from that day on",
                there=act.get("developer_to"),
            )
    for earlier, act in pairwise(transfers):
        if act.get("developer_from") is not None and act.get("developer_from") != earlier.get("developer_to"):
            yield Finding(
                act.pointer / "developer_from",
                "it passes from {here}, but the transfer before it went to {there}",
                severity=_grave(record),
                related=(Related("the transfer before", earlier.pointer / "developer_to"),),
                here=act.get("developer_from"),
                there=earlier.get("developer_to"),
            )
    developer = record.data.get("developer")
    if developer is not None and transfers[-1].get("developer_to") not in (None, developer):
        yield Finding(
            Pointer(("developer",)),
            "the developer is {developer}, but the last transfer went to {there}",
            severity=_grave(record),
            hint="`mcred decide ID transferred` changes both",
            related=(Related("transferred here", transfers[-1].pointer / "developer_to"),),
            developer=developer,
            there=transfers[-1].get("developer_to"),
        )


CONTRADICTIONS: tuple[tuple[frozenset[str], Callable[[Record, Ledger], Iterator[Finding]]], ...] = (
    (frozenset(("listed",)), _numbers),
    (frozenset(("removed",)), _after_removal),
    (frozenset(("condition-met", "delivery-ended")), _met_twice),
    (frozenset(("transferred",)), _transfers),
    (frozenset(name for name, _, _ in NAMED), _of_another_act),
    (frozenset(name for name, _, _ in PREMISES), _without),
)
"""The names of the acts that something may contradict, and what tells whether it does."""


@record_rule("decision-contradiction")
def decision_contradiction(record: Record) -> Iterator[Finding]:
    """Two decisions that cannot both hold."""
    if not record.decisions:
        return
    decided, corrected = ledger(record), bool(correcting(record))
    if corrected:
        yield from _corrections(record)
    for names, contradictions in CONTRADICTIONS:
        if not names.isdisjoint(decided.by_name):
            yield from contradictions(record, decided)
    if corrected or len(decided.by_name) < len(decided.acts):  # only two of one name can be the same
        yield from _twice(record, decided)


@record_rule("implausible-date")
def implausible_date(record: Record) -> Iterator[Finding]:
    """A year with two digits exchanged is a date like any other, but no day of a register."""
    for pointer, decision in record.items("decisions"):
        when = bounds(decision["date"]) if "date" in decision else EVER
        if when.last < EARLIEST:
            yield _implausible(pointer / "date", decision["date"], f"before {EARLIEST.year}")
        for key in ("until", "next_review", "from"):
            if key in decision and when != EVER and _years_after(when, decision[key]) > LONGEST:
                yield _implausible(pointer / key, decision[key], f"more than {LONGEST} years after the decision")


def _years_after(when: Days, value: object) -> int:
    end = bounds(value)
    return end.first.year - when.last.year if end != EVER else 0


def _implausible(pointer: Pointer, value: object, why: str) -> Finding:
    return Finding(pointer, "{day} is {why}", hint="check the year", day=value, why=why)


@dated_rule("date-in-future")
def date_in_future(view: View) -> Iterator[Finding]:
    """A decision is recorded once it is made; what is to come stands in `from`, `until` and `next_review`."""
    for pointer, decision in view.record.items("decisions"):
        when = bounds(decision["date"]) if "date" in decision else EVER
        if when != EVER and when.first > view.day:
            yield Finding(
                pointer / "date",
                "the decision is dated {date}, after {today}",
                hint="record a decision when it is made; `from` says when it takes effect",
                date=decision["date"],
                today=view.day,
            )


@dated_rule("status-date-passed")
def status_date_passed(view: View) -> Iterator[Finding]:
    """A status with an end has passed it, and the authority assigned no other."""
    assigned = ledger(view.record).by_name.get("status-assigned")
    last = assigned[-1] if assigned else None
    if last is not None and last.get("until") is not None and bounds(last.get("until")).last < view.day:
        yield Finding(
            last.pointer / "until",
            "the status '{status}' ended on {until}; it may not be offered, and no other status was assigned",
            hint="once the authority has decided what follows, `mcred decide ID status-assigned` records it",
            status=last.get("status"),
            until=last.get("until"),
        )


@dated_rule("condition-overdue")
def condition_overdue(view: View) -> Iterator[Finding]:
    """A condition of a decision was due and is not recorded as met."""
    decided = ledger(view.record)
    imposing = [act for act in decided.acts if act.get("conditions")]
    if not imposing:
        return
    met = {act.get("condition") for act in decided.by_name.get("condition-met", ())}
    imposed = {each.get("id") for act in imposing for each in act.get("conditions") if isinstance(each, dict)}
    if met - imposed:  # a condition was met whose name is misspelt, which is told there: it may be any of these
        return
    for act in imposing:
        for place, condition in enumerate(act.get("conditions")):
            if not isinstance(condition, dict) or "due" not in condition or condition.get("id") in met:
                continue
            if bounds(condition["due"]).last < view.day:
                yield Finding(
                    act.pointer / "conditions" / place / "due",
                    "the condition '{condition}' was due on {due} and is not met",
                    hint="`mcred decide ID condition-met` records that it is",
                    condition=condition.get("id"),
                    due=condition["due"],
                )
