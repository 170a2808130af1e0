"""What two states of a catalogue differ in: the report that every format tells."""

from datetime import date
from typing import Any, NamedTuple

from mcred.diff.event import Event


class Side(NamedTuple):
    """A state that is compared: what it is called, the commit that holds it, and the day on which that was made.

    The files as they lie there have neither.
    """

    name: str
    commit: str | None = None
    day: date | None = None


class Consequence(NamedTuple):
    """A derived value that the change makes another: its name, its title, and what it was and is."""

    name: str
    title: str
    before: Any
    after: Any
    message: str
    uncertain: bool = False


class Ruling(NamedTuple):
    """A clause whose verdict the change makes another."""

    clause: str
    summary: str
    before: str
    after: str


class Touched(NamedTuple):
    """Another record that a change may concern: it names the one that changed, or is named by it, in some fields."""

    record: str
    title: str
    kind: str
    how: str
    """`names` where it names the one that changed, `named` where it is named."""
    fields: tuple[str, ...]


class Changes(NamedTuple):
    """All that a change did to one record, and what follows from it."""

    record: str
    kind: str
    title: str
    path: str
    events: tuple[Event, ...]
    was: str = ""
    """Its id before, where that was another."""
    was_path: str = ""
    framework: str = ""
    observed: bool = False
    fictional: bool = False
    faulty: tuple[str, ...] = ()
    """On which sides it has faults in its shape: `before`, `after`."""
    consequences: tuple[Consequence, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    touched: tuple[Touched, ...] = ()
    since: Side | None = None
    """What it is compared with, where that is another state for each record."""

    @property
    def whole(self) -> str:
        """What became of the record as a whole: added, removed, or only changed."""
        return next((each.what for each in self.events if each.kind in ("record-added", "record-removed")), "changed")

    @property
    def formal(self) -> bool:
        """Whether nothing of what it says changed, but only how or where it is written."""
        return all(each.kind in ("record-reformatted", "record-moved") for each in self.events)


class NotCompared(NamedTuple):
    """What could not be compared: a file or a record, and why."""

    path: str
    because: str


class Difference(NamedTuple):
    """What two states of a catalogue differ in, as of a day."""

    before: Side
    after: Side
    as_of: date
    records: tuple[Changes, ...]
    not_compared: tuple[NotCompared, ...] = ()
    title: str = ""
    language: str = "en"
    timezone: str = "UTC"
    chosen: tuple[str, ...] = ()
    """The ids that it is about; all where there is none."""
    summary: bool = False
    """Whether only is told of each record how much of what changed."""
