"""What falls due of many records, so that a report need look at no item that it does not show."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record.reviews import Due, Step
from mcred.review.items import LAST, Item
from mcred.review.report import CHECKED, Beyond, Group, Wanted

Packed = tuple[Any, ...]
"""An item as plain data."""

UNDATED = 0
"""Stands for the day of what has none."""


class Entries(NamedTuple):
    """The items of a group in the order of their days: the number of each day, and the place of its record."""

    days: "array[int]"
    places: "array[int]"


class Calendar:
    """What falls due of records, by group and day; a record is known by its place among all of them."""

    def __init__(self, groups: Mapping[Group, Entries]) -> None:
        self.groups = groups

    @classmethod
    def of(cls, records: Iterable[Iterable[Packed]]) -> "Calendar":
        """The calendar of records by the items of each, packed."""
        found: dict[Group, list[tuple[int, int]]] = {}
        for place, items in enumerate(records):
            for data in items:
                item: Any = Item._make(data)
                due: Any = Due._make(item.due)
                level = str(item.level) if item.level is not None else None
                because = due.because if due.day is None else ""
                group = Group(item.kind, item.custody, item.lead, item.organisation, level, because)
                found.setdefault(group, []).append((due.day or UNDATED, place))
        return cls({group: _entries(each) for group, each in found.items()})

    def within(self, wanted: Wanted) -> list[int]:
        """The places of the records of which something is shown."""
        places: set[int] = set()
        for group, entries in self._chosen(wanted).items():
            places.update(entries.places[: _shown(group, entries, wanted)])
        return sorted(places)

    def beyond(self, wanted: Wanted, today: date) -> Beyond:
        """How many of the items that are chosen lie outside the window."""
        counts: Counter[str] = Counter()
        undated: Counter[str] = Counter()
        checked = 0
        for group, entries in self._chosen(wanted).items():
            first, number = _shown(group, entries, wanted), len(entries.days)
            checked += (number - first) * (group.kind in CHECKED)
            if group.because:
                undated[group.because] += number - first
                counts["none"] += number - first
                continue
            for name, last in LAST.items():
                end = max(first, bisect_right(entries.days, today.toordinal() + last))
                counts[name] += end - first
                first = end
            counts["later"] += number - first
        return Beyond(counts, +undated, checked)

    def _chosen(self, wanted: Wanted) -> dict[Group, Entries]:
        return {group: entries for group, entries in self.groups.items() if wanted.chooses(group)}

    def packed(self) -> dict[tuple[Any, ...], tuple[bytes, bytes]]:
        """It as plain data."""
        return {tuple(group): (days.tobytes(), places.tobytes()) for group, (days, places) in self.groups.items()}

    @classmethod
    def unpacked(cls, data: Mapping[tuple[Any, ...], tuple[bytes, bytes]]) -> "Calendar":
        """One that was packed."""
        return cls({Group(*group): Entries(*(array("i", each) for each in entries)) for group, entries in data.items()})


def _entries(found: list[tuple[int, int]]) -> Entries:
    found.sort()
    return Entries(array("i", [day for day, _ in found]), array("i", [place for _, place in found]))


def _shown(group: Group, entries: Entries, wanted: Wanted) -> int:
    """How many items of a group lie in the window: they are its first."""
    if group.because:
        return len(entries.days) if wanted.undated else 0
    return bisect_right(entries.days, wanted.until.toordinal()) if wanted.until is not None else len(entries.days)


def packed(item: Item) -> Packed:
    """An item as plain data."""
    return tuple({**item._asdict(), "due": _packed(item.due), "start_by": _number(item.start_by)}.values())


def _packed(due: Due) -> tuple[Any, ...]:
    steps = tuple((says, tuple(pointer)) for says, pointer in due.steps)
    return tuple({**due._asdict(), "day": _number(due.day), "pointer": tuple(due.pointer), "steps": steps}.values())


def unpacked(data: Packed) -> Item:
    """An item that was packed."""
    plain: Any = Item._make(data)
    return Item._make(plain._replace(due=_unpacked(plain.due), start_by=_day(plain.start_by)))


def _unpacked(data: tuple[Any, ...]) -> Due:
    plain: Any = Due._make(data)
    steps = tuple(Step(says, Pointer(pointer)) for says, pointer in plain.steps)
    return Due._make(plain._replace(day=_day(plain.day), pointer=Pointer(plain.pointer), steps=steps))


def _number(day: date | None) -> int | None:
    return day.toordinal() if day is not None else None


def _day(number: int | None) -> date | None:
    return date.fromordinal(number) if number is not None else None
