"""The decisions of a record as they stood on a day: corrected, dated as ranges of days, in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from mcred.dates import Days, days
from mcred.diagnostic import Pointer
from mcred.record.decisions import in_effect
from mcred.record.once import once, once_each
from mcred.record.record import Record

EVER = Days(date.min, date.max)
"""The range of an act of which no day is known."""


class Act(NamedTuple):
    """A decision that counts: the days on which it may have been taken, its place in the file, its keys."""

    days: Days
    place: int
    decision: dict[str, Any]
    corrected: Mapping[str, int] = MappingProxyType({})
    """The place of the correction that gave a key its value."""

    @property
    def pointer(self) -> Pointer:
        """Where it stands."""
        return Pointer(("decisions", self.place))

    def at(self, key: str) -> Pointer:
        """Where the value of one of its keys stands: in the decision, or in what corrected it."""
        if key in self.corrected:
            return Pointer(("decisions", self.corrected[key], "set", key))
        return self.pointer / key

    def get(self, key: str) -> Any:
        """The value of one of its keys, or None."""
        return self.decision.get(key)


def period(start: object, end: object) -> Days:
    """From the first day that `start` may mean to the last that `end` may mean; what is absent or no date is open."""
    return Days(bounds(start).first if start else date.min, bounds(end).last if end else date.max)


def bounds(value: object) -> Days:
    """The days that a date stands for; of what is no date, all."""
    try:
        return days(value) if isinstance(value, (str, int)) else EVER
    except ValueError:
        return EVER


def act_days(decision: Mapping[str, Any], regimes: Mapping[str, Days]) -> Days:
    """The days on which a decision may have been taken: its date, else its regime's range, else any."""
    if "date" in decision:
        return bounds(decision["date"])
    return regimes.get(decision.get("under", ""), EVER)


NO_HEAD: Mapping[str, Any] = {}
"""The head of no framework: of a decision that says its regime and no date, no day is known then."""


@once_each
def regimes(head: Mapping[str, Any]) -> dict[str, Days]:
    """The range of days of each regime of a framework, from the framework's head."""
    found = head.get("regimes")
    if not isinstance(found, list):
        return {}
    return {each["id"]: period(each.get("from"), each.get("until")) for each in found if isinstance(each, dict)}


class Ledger(NamedTuple):
    """What was decided at any time, by date and then by place; and the same by what was done."""

    head: Mapping[str, Any]
    acts: list[Act]
    by_name: dict[str, list[Act]]

    def by(self, day: date) -> "Ledger":
        """What was decided by a day. An act that may lie on either side of the day counts."""
        if not self.acts or self.acts[-1].days.first <= day:  # as on most days that are asked about
            return self
        return _ledger(self.head, [act for act in self.acts if act.days.first <= day])


def ledger(record: Record, head: Mapping[str, Any] = NO_HEAD) -> Ledger:
    """The ledger of a record; the framework's head tells the days of an act that is known by its regime alone."""
    if head is NO_HEAD or _all_dated(record):
        return _by_date_alone(record)
    key = (ledger, id(head))
    if key not in record.kept:
        record.kept[key] = _made(record, head)
    made: Ledger = record.kept[key]
    return made


@once
def _all_dated(record: Record) -> bool:
    return all("date" in each.decision for each in in_effect(record))


@once
def _by_date_alone(record: Record) -> Ledger:
    return _made(record, NO_HEAD)


def _made(record: Record, head: Mapping[str, Any]) -> Ledger:
    ranges = regimes(head)
    acts = [
        Act(act_days(decision, ranges), place, decision, corrected) for place, decision, corrected in in_effect(record)
    ]
    # They come in the order of recording, and keep it on one day. The head is kept in the ledger, so that no other may
    # come to have its identity.
    return _ledger(head, sorted(acts, key=attrgetter("days")))


def _ledger(head: Mapping[str, Any], acts: list[Act]) -> Ledger:
    by_name: dict[str, list[Act]] = {}
    for act in acts:
        by_name.setdefault(str(act.decision.get("act")), []).append(act)
    return Ledger(head, acts, by_name)


class Latest(NamedTuple):
    """The last of some acts, and whether what it says may be otherwise: another may be the last, or none was taken."""

    act: Act
    uncertain: bool


def latest(acts: Sequence[Act], day: date, value: Callable[[Act], object] = lambda act: act.place) -> Latest | None:
    """The last of some acts in order; `value` tells acts apart that would say the same."""
    if not acts:
        return None
    last = acts[-1]
    if len(acts) == 1:
        return Latest(last, last.days.last > day)
    taken, said = [act for act in acts if act.days.last <= day], value(last)
    rivals = any(value(act) != said and not _passed(act, taken) for act in acts[:-1])
    return Latest(last, rivals or not taken)


def surely(acts: Iterable[Act], day: date) -> bool:
    """Whether one of some acts was taken by a day, whatever days they stand for."""
    return any(act.days.last <= day for act in acts)


def _passed(act: Act, taken: list[Act]) -> bool:
    """Whether an act was surely followed by another: most often by the last one."""
    end = (act.days.last, act.place)
    return any(other is not act and (other.days.first, other.place) > end for other in reversed(taken))
