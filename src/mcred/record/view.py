"""A record on a day: what derived values are made from, and what one is."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record.ledger import Act, Latest, acts, latest
from mcred.record.record import Record


class Derived(NamedTuple):
    """A derived value, the pointers it came from, and whether it may be otherwise."""

    value: Any
    pointers: tuple[Pointer, ...] = ()
    uncertain: bool = False


NOTHING = Derived(None)
"""What follows from nothing: not known, or not the case."""


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
        self.head = head or {}
        self.organisations = organisations or {}

    @cached_property
    def acts(self) -> list[Act]:
        """The decisions that count on the day, in order."""
        return acts(self.record, self.head, self.day)

    @cached_property
    def _by_name(self) -> dict[str, list[Act]]:
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            found.setdefault(str(act.get("act")), []).append(act)
        return found

    def of(self, *names: str) -> Iterator[Act]:
        """The acts of some names, in order."""
        if len(names) == 1:
            return iter(self._by_name.get(names[0], ()))
        return (act for act in self.acts if act.get("act") in names)

    def latest(self, *names: str, having: str = "") -> Latest | None:
        """The last act of some names, of those that have a key."""
        return latest(
            (act for act in self.of(*names) if not having or act.get(having) is not None),
            self.day,
            (lambda act: act.get(having)) if having else (lambda act: act.place),
        )

    def surely(self, *names: str) -> bool:
        """Whether an act of some names was taken by the day, whatever days the acts stand for."""
        return any(act.days.last <= self.day for act in self.of(*names))

    def field(self, *path: str) -> Derived:
        """A value of the specification."""
        value = self.record.get(path)
        return Derived(value, (Pointer(path),)) if value is not None else NOTHING
