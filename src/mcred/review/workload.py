"""How much falls due when and with whom, and which reviews could come earlier to level that."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mcred.record.ledger import bounds
from mcred.review.items import Item
from mcred.review.lead_time import before
from mcred.review.report import NONE


class Load(NamedTuple):
    """A month, or a lead: how much falls due there, and how much of it is overdue."""

    name: str
    number: int
    overdue: int


OVERDUE = "overdue"

LOADS = ("month", "lead")
"""What the load may be told by."""


def load(items: Iterable[Item], today: date, by: str) -> list[Load]:
    """The load by `month` or by `lead`: what is overdue first, every month up to the last, what has no date last."""
    counts: dict[str, list[int]] = {}
    for item in items:
        late = item.due.day is not None and item.due.day < today
        each = counts.setdefault(_month(item, today) if by == "month" else item.lead or NONE, [0, 0])
        each[0] += 1
        each[1] += late
    names = _months(counts) if by == "month" else sorted(counts, key=lambda name: (name == NONE, name))
    return [Load(name, *counts.get(name, (0, 0))) for name in names]


def _month(item: Item, today: date) -> str:
    if item.due.day is None:
        return NONE
    return OVERDUE if item.due.day < today else item.due.day.strftime("%Y-%m")


def _months(counts: Iterable[str]) -> list[str]:
    """The months from the first to the last of them, also those without any, between what is overdue and undated."""
    found = sorted(name for name in counts if name not in (OVERDUE, NONE))
    between = []
    if found:
        first, last = (_ordinal(name) for name in (found[0], found[-1]))
        between = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
    return [name for name in (OVERDUE, *between, NONE) if name in between or name in counts]


def _ordinal(month: str) -> int:
    """A month such as 2026-11 as a number that grows by one each month."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


class Earlier(NamedTuple):
    """A review that could come earlier, and the day it would be done by."""

    item: Item
    day: date


def spread(items: Iterable[Item], today: date) -> list[Earlier]:
    """Earlier days for some developers' reviews, so that no month has more of them than is unavoidable.

    None moves to a later day, none to a day before today, and none that has begun or is overdue moves at all. From the
    last month backwards what is beyond the smallest possible load goes into the month before; those whose own month it
    is go first, so that none moves further than it has to.
    """
    reviews = [item for item in items if item.kind == "developer" and item.due.day is not None]
    ahead = [item for item in reviews if item.due.day is not None and item.due.day >= today]
    free = [item for item in ahead if item.state == "not-started"]
    now = today.year * 12 + today.month - 1
    due: dict[int, list[Item]] = {}
    for item in sorted(free, key=lambda item: (item.due.day or today, item.record)):
        due.setdefault(_month_of(item) - now, []).append(item)
    fixed: dict[int, int] = {}
    for item in ahead:
        if item.state != "not-started":
            fixed[_month_of(item) - now] = fixed.get(_month_of(item) - now, 0) + 1
    most = _smallest_load(due, fixed)
    moved: list[Earlier] = []
    carried: list[Item] = []
    for month in range(max(due, default=0), -1, -1):
        room = max(most - fixed.get(month, 0), 0)
        waiting = [*due.get(month, []), *carried]  # carried ones are due later, and stay where they are first
        kept = waiting[-room:] if room else []
        carried = waiting[: len(waiting) - len(kept)]
        moved += [Earlier(item, _day(item, now + month, today)) for item in kept if _month_of(item) - now > month]
    return sorted(moved, key=lambda each: (each.day, each.item.record))


def _month_of(item: Item) -> int:
    return item.due.day.year * 12 + item.due.day.month - 1 if item.due.day is not None else 0


def _smallest_load(due: dict[int, list[Item]], fixed: dict[int, int]) -> int:
    """The least that the fullest month must have: of each stretch from now on, what falls due in it, shared evenly."""
    most, in_all = max(fixed.values(), default=0), 0
    for month in range(max([*due, *fixed], default=0) + 1):
        in_all += len(due.get(month, ())) + fixed.get(month, 0)
        most = max(most, -(-in_all // (month + 1)))
    return most


def _day(item: Item, month: int, today: date) -> date:
    """The same day in an earlier month; where that has passed, the last day of the month."""
    due = item.due.day or today
    same = before(due, _month_of(item) - month, "m") or today
    return same if same > today else bounds(f"{today:%Y-%m}").last
