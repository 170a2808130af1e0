"""The report of what is due: which items, in which order, and how many there are of each kind of pressing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from mcred.review.items import BUCKETS, Item

SCHEMA = "mcred-due-reviews/1"

CHECKED = ("developer", "expiring")
"""The kinds of item of which each record that is reviewed has one."""

NONE = "none"
"""Stands for a lead, an organisation, a level or a month where there is none; the bucket of what has no date."""

SORTS: dict[str, Callable[[Item], tuple[object, ...]]] = {
    "due": lambda item: (),
    "id": lambda item: (item.record,),
    "title": lambda item: (str(item.title).casefold(),),
    "lead": lambda item: (item.lead is None, item.lead or ""),
    "organisation": lambda item: (item.organisation is None, item.organisation or ""),
    "start-by": lambda item: (item.start_by is None, item.start_by or date.max),
}
"""How the report may be sorted; always by due day then, and so that the order of files changes nothing."""


GROUPS: dict[str, Callable[[Item, date], str]] = {
    "bucket": lambda item, today: item.bucket(today),
    "lead": lambda item, today: item.lead or NONE,
    "organisation": lambda item, today: item.organisation or NONE,
    "kind": lambda item, today: item.kind,
    "level": lambda item, today: str(item.level) if item.level is not None else NONE,
    "month": lambda item, today: item.due.day.strftime("%Y-%m") if item.due.day is not None else NONE,
}
"""What the rows may be grouped by."""


class Group(NamedTuple):
    """What a report chooses items by, and of those without a date why they have none."""

    kind: str
    custody: str
    lead: str | None
    organisation: str | None
    level: str | None
    because: str = ""


class Wanted(NamedTuple):
    """Which items a report shows; an empty set asks for no choice.

    `until` is the last due day, None where any is. `undated` says whether what has no date is listed too.
    """

    until: date | None = None
    undated: bool = False
    kinds: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    custodies: frozenset[str] = frozenset()
    sort: str = "due"
    limit: int | None = None

    def chooses(self, item: Item | Group) -> bool:
        """Whether an item, or one of a group, is counted, be it due in the window or not."""
        return (
            (not self.kinds or item.kind in self.kinds)
            and (not self.leads or (item.lead or NONE) in self.leads)
            and (not self.organisations or item.organisation in self.organisations)
            and (not self.levels or str(item.level) in self.levels)
            and (not self.custodies or item.custody in self.custodies)
        )

    def shows(self, item: Item) -> bool:
        """Whether an item is counted and lies in the window."""
        if not self.chooses(item):
            return False
        if item.due.day is None:
            return self.undated
        return self.until is None or item.due.day <= self.until

    def earlier(self, today: date, since: date) -> "Wanted":
        """The same as a report of an earlier day had it: its window was as wide."""
        return self._replace(until=since + (self.until - today) if self.until is not None else None)


class Beyond(NamedTuple):
    """How many items lie outside the window, of which nothing else is said."""

    counts: Mapping[str, int] = MappingProxyType({})
    """By bucket."""
    undated: Mapping[str, int] = MappingProxyType({})
    """Of those that have no date, by the reason."""
    checked: int = 0
    """How many of them tell of a record that is reviewed."""


NOTHING = Beyond()


class Report(NamedTuple):
    """What is due: the items shown, how many there are of each bucket, and of how many records."""

    as_of: date
    items: tuple[Item, ...]
    counts: dict[str, int]
    """Of every bucket how many items there are, shown or not."""
    checked: int
    """The records that are reviewed."""
    wanted: Wanted
    matching: int
    """How many items would be shown without a limit."""
    rest: dict[str, int]
    """Of every bucket how many items lie outside the window."""
    undated: dict[str, int]
    """How many items have no date, by the reason."""
    due: int
    """How many items in the window are due on some day."""
    since: date | None = None
    """The day since which the items shown are new."""


def report(
    items: Iterable[Item],
    today: date,
    wanted: Wanted,
    since: date | None = None,
    earlier: Iterable[Item] = (),
    beyond: Beyond = NOTHING,
) -> Report:
    """The report of some items on a day; with `since` only what the items of that day, `earlier`, did not show.

    Items outside the window need not be among them: `beyond` counts those that are not.
    """
    every = sorted(filter(wanted.chooses, items), key=_order)
    counts = _counted(every, today, beyond)
    shown = list(filter(wanted.shows, every))
    listed = _counted(shown, today)
    if since is not None:
        then = wanted.earlier(today, since)
        before = {_key(item): item for item in earlier if then.shows(item)}
        shown = [item for item in shown if _is_new(item, today, before.get(_key(item)), since)]
    shown.sort(key=SORTS[wanted.sort])
    return Report(
        as_of=today,
        items=tuple(shown if wanted.limit is None else shown[: wanted.limit]),
        counts=counts,
        checked=sum(item.kind in CHECKED for item in every) + beyond.checked,
        wanted=wanted,
        matching=len(shown),
        rest={name: counts[name] - listed[name] for name in counts},
        undated=dict(sorted((Counter(beyond.undated) + Counter(_undated(every))).items())),
        due=sum(item.due.day is not None for item in shown),
        since=since,
    )


def _counted(items: Iterable[Item], today: date, beyond: Beyond = NOTHING) -> dict[str, int]:
    """How many items each bucket has."""
    counts = {name: beyond.counts.get(name, 0) for name in BUCKETS}
    for item in items:
        counts[item.bucket(today)] += 1
    return counts


def _undated(items: Iterable[Item]) -> Iterator[str]:
    """Why each item that has no date has none."""
    return (item.due.because for item in items if item.due.day is None)


def _key(item: Item) -> tuple[str, str, str]:
    return (item.record, item.kind, item.id)


def _order(item: Item) -> tuple[object, ...]:
    """By due day, what has none last; then by what never changes."""
    return (item.due.day is None, item.due.day or date.max, *_key(item))


def _is_new(item: Item, today: date, before: Item | None, since: date) -> bool:
    """Whether it was not in the earlier report, was there for another day, or has become overdue since."""
    if before is None or before.due.day != item.due.day:
        return True
    return item.bucket(today) == "overdue" and item.bucket(since) != "overdue"


def grouped(report: Report, by: str) -> list[tuple[str, list[Item]]]:
    """The items of a report by group, in the order of the groups' names; buckets in their own."""
    found: dict[str, list[Item]] = {}
    for item in report.items:
        found.setdefault(GROUPS[by](item, report.as_of), []).append(item)
    order = {name: place for place, name in enumerate(BUCKETS)} if by == "bucket" else {}
    return sorted(found.items(), key=lambda group: (order.get(group[0], 0), group[0] == NONE, group[0]))
