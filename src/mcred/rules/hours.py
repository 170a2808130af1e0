"""Hours of learning: the total, and the parts that make it up."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mcred.diagnostic import Anchor, Finding, Pointer, Related, Severity
from mcred.record import Record, View
from mcred.record.once import once, once_each
from mcred.rules.rule import dated_rule, record_rule

PARTS = ("directed", "self_directed", "workplace", "assessment")


class Hours(NamedTuple):
    """Hours, as a number or as the range that a source gives."""

    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.least:g}" if self.least == self.most else f"{self.least:g} to {self.most:g}"


class Stated(NamedTuple):
    """What a record says of hours: the total, and the sum of the parts."""

    total: Hours | None
    parts: Hours | None


@once
def _stated(record: Record) -> Stated:
    stated = record.data.get("hours")
    hours = stated if isinstance(stated, dict) else {}
    parts = [found for part in PARTS if (found := _hours(hours.get(part)))]
    return Stated(
        _hours(hours.get("total")),
        Hours(sum([part.least for part in parts]), sum([part.most for part in parts])) if parts else None,
    )


def _open_ended(record: Record) -> bool:
    """Whether further parts may come to those that are stated.

    A draft is still being written; later, what is absent and not said to be unknown is none.
    """
    hours = record.data["hours"]
    absent = [Pointer(("hours", part)) for part in PARTS if part not in hours]
    return any(not record.decisions or not record.known(pointer) for pointer in absent)


def _disagree(record: Record) -> bool:
    """Whether the parts cannot come to the total."""
    total, parts = _stated(record)
    if total is None or parts is None:
        return False
    return parts.least > total.most or (parts.most < total.least and not _open_ended(record))


@record_rule("hours-disagree")
def hours_disagree(record: Record) -> Iterator[Finding]:
    """The parts come to the total; while one of them is unknown, the others come to no more."""
    if _disagree(record):
        stated = _stated(record)
        yield Finding(
            Pointer(("hours", "total")),
            "'total' is {total} hours, and its parts come to {parts}",
            hint="put right the number that is wrong; without `total`, it follows from the parts",
            severity=Severity.WARNING if record.observed else None,
            total=str(stated.total),
            parts=str(stated.parts),
        )


ROUNDED = 0.5
"""Credits are whole numbers in most frameworks: hours that come to another one are more than this away."""


@dated_rule("hours-credits-disagree")
def hours_credits_disagree(view: View) -> Iterator[Finding]:
    """The hours come to about as many as the credits stand for in the framework."""
    each, credits = _per_credit(view.head), view.record.data.get("credits")
    total, parts = _stated(view.record)
    hours = total or parts
    if each is None or hours is None or not isinstance(credits, (int, float)) or _disagree(view.record):
        return
    whole = total is not None or not _open_ended(view.record)
    if hours.least / each.most > credits + ROUNDED or (whole and hours.most / each.least < credits - ROUNDED):
        yield Finding(
            Pointer(("hours",)),
            "the hours come to {hours}; {credits} of {each} hours each would be {expected}",
            anchor=Anchor.KEY,
            hint="put right the number that is wrong",
            related=(Related("the credits", Pointer(("credits",))),),
            hours=str(hours),
            credits=f"{credits:g} {'credit' if credits == 1 else 'credits'}",
            each=str(each),
            expected=str(Hours(credits * each.least, credits * each.most)),
        )


@once_each
def _per_credit(head: Mapping[str, Any]) -> Hours | None:
    """The hours that a credit stands for in a framework."""
    rule = head.get("hours_per_credit")
    return _hours(rule.get("value")) if isinstance(rule, dict) else None


def _hours(value: Any) -> Hours | None:
    if isinstance(value, dict):
        least, most = value.get("min"), value.get("max")
        return Hours(least, most) if isinstance(least, (int, float)) and isinstance(most, (int, float)) else None
    return Hours(value, value) if isinstance(value, (int, float)) else None
