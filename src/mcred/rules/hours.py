"""Hours of learning: the total, and the parts that make it up."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from mcred.diagnostic import Finding, Pointer, Severity
from mcred.record import Record
from mcred.rules.rule import record_rule

PARTS = ("directed", "self_directed", "workplace", "assessment")


class Hours(NamedTuple):
    """Hours, as a number or as the range that a source gives."""

    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.least:g}" if self.least == self.most else f"{self.least:g} to {self.most:g}"


@record_rule("hours-disagree")
def hours_disagree(record: Record) -> Iterator[Finding]:
    """The parts come to the total; while one of them is unknown, the others come to no more."""
    stated = record.get(("hours",))
    total = _hours(stated.get("total")) if isinstance(stated, dict) else None
    parts = [found for part in PARTS if stated and (found := _hours(stated.get(part)))]
    if total is None or not parts:
        return
    sum_of = Hours(sum(part.least for part in parts), sum(part.most for part in parts))
    absent = [Pointer(("hours", part)) for part in PARTS if part not in stated]
    # A draft is still being written; later, what is absent and not said to be unknown is none.
    open_ended = any(not record.decisions or not record.known(pointer) for pointer in absent)
    if sum_of.least > total.most or (sum_of.most < total.least and not open_ended):
        yield Finding(
            Pointer(("hours", "total")),
            "'total' is {total} hours, and its parts come to {parts}",
            hint="put right the number that is wrong; without `total`, it follows from the parts",
            severity=Severity.WARNING if record.observed else None,
            total=str(total),
            parts=str(sum_of),
        )


def _hours(value: Any) -> Hours | None:
    if isinstance(value, dict):
        least, most = value.get("min"), value.get("max")
        return Hours(least, most) if isinstance(least, int | float) and isinstance(most, int | float) else None
    return Hours(value, value) if isinstance(value, int | float) else None
