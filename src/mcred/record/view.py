"""A record on a day: what derived values are made from, and what one is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record.ledger import NO_HEAD, Act, Latest, latest, ledger
from mcred.record.record import Record


class Derived(NamedTuple):
    """A derived value, the pointers it came from, and whether it may be otherwise."""

    value: Any
    pointers: tuple[Pointer, ...] = ()
    uncertain: bool = False


NOTHING = Derived(None)
"""What follows from nothing: not known, or not the case."""


NO_ORGANISATIONS: Mapping[str, Mapping[str, Any]] = {}
"""What is known of organisations where none may be named."""


def _value_of(key: str) -> Callable[[Act], object]:
    return lambda act: act.get(key)


class View:
    """A record on a day: `head` is its framework's head, `organisations` the data of those it may name, by id."""

    def __init__(
        self,
        record: Record,
        day: date = date.max,
        head: Mapping[str, Any] | None = None,
        organisations: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.record = record
        self.day = day
        self.head = head or NO_HEAD
        self.organisations = organisations or NO_ORGANISATIONS
        self.kept: dict[object, Any] = {}
        """What was derived of it and is asked for again."""
        found = ledger(record, self.head).by(day)
        self.acts = found.acts
        """The decisions that count on the day, in order."""
        self._by_name = found.by_name

    def of(self, *names: str) -> Sequence[Act]:
        """The acts of some names, in order."""
        by_name = self._by_name
        if len(names) == 1:
            return by_name.get(names[0], ())
        there = [name for name in names if name in by_name]
        if len(there) < 2:
            return by_name[there[0]] if there else ()
        return [act for act in self.acts if act.decision.get("act") in there]

    def first(self, name: str) -> Act | None:
        """The first act of a name."""
        found = self._by_name.get(name)
        return found[0] if found is not None else None

    def latest(self, *names: str, having: str = "") -> Latest | None:
        """The last act of some names, of those that have a key."""
        found = self.of(*names)
        if not found:
            return None
        if not having:
            return latest(found, self.day)
        return latest([act for act in found if act.get(having) is not None], self.day, _value_of(having))

    def field(self, *path: str) -> Derived:
        """A value of the specification."""
        value = self.record.get(path)
        return Derived(value, (Pointer(path),)) if value is not None else NOTHING
