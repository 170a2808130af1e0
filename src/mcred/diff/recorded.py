"""What was recorded, commit by commit: the register's log, and the story of one record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.dates import Days
from mcred.diff.comparing import title
from mcred.diff.difference import NotCompared, Side
from mcred.diff.event import Event
from mcred.diff.events import decided, events
from mcred.record import Record
from mcred.record.change import paired
from mcred.record.ledger import act_days, regimes


class Made(NamedTuple):
    """A commit as a log tells it: its id, when it was made (seconds since 1970, and the day), by whom, its subject."""

    commit: str
    time: int
    day: date
    author: str
    subject: str


class Entry(NamedTuple):
    """What a commit did to a record."""

    made: Made
    record: str
    kind: str
    title: str
    path: str
    events: tuple[Event, ...]
    was: str = ""
    """Its id before, where that was another."""


class Log(NamedTuple):
    """What was recorded after a state, or from the beginning on, the latest first."""

    since: Side | None
    until: Side
    entries: tuple[Entry, ...]
    not_compared: tuple[NotCompared, ...] = ()
    title: str = ""
    language: str = "en"
    timezone: str = "UTC"
    base_url: str = ""
    by: str = "record"


def entries(made: Made, before: Iterable[Record], after: Iterable[Record], language: str) -> Iterator[Entry]:
    """What a commit did to the records of the files that it changed, by id."""
    found = []
    for old, new in paired(before, after, lambda each: each):
        record = new or old
        if record is None:
            continue
        told = tuple(events(old.data if old else None, new.data if new else None, language))
        if told:
            was = old.id if old and old.id != record.id else ""
            found.append(Entry(made, record.id, record.kind, title(record, language), record.path, told, was))
    yield from sorted(found, key=lambda each: (each.record, each.path))


GROUPS: dict[str, Callable[[Entry, Event], str]] = {
    "record": lambda entry, event: entry.record,
    "kind": lambda entry, event: entry.kind,
    "change": lambda entry, event: event.kind,
    "commit": lambda entry, event: entry.made.commit,
}
"""By what a log may be grouped."""


def grouped(log: Log) -> list[tuple[str, list[Entry]]]:
    """The entries by what the log is grouped by; of each only the events of its group. Commits keep their order.

    A record that was renamed stands under the name that it got last.
    """
    found: dict[str, list[Entry]] = {}
    names: dict[str, str] = {}
    for entry in log.entries:
        called = names.get(entry.record, entry.record)
        names |= {entry.was: called} if entry.was else {}
        by_group: dict[str, list[Event]] = {}
        for event in entry.events:
            by_group.setdefault(GROUPS[log.by](entry._replace(record=called), event), []).append(event)
        for name, own in by_group.items():
            found.setdefault(name, []).append(entry._replace(events=tuple(own)))
    return [*found.items()] if log.by == "commit" else sorted(found.items())


# --- the story of one record ------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A step of a record's story: when it was so in the world, which commit recorded it, and what it was.

    What was written into the specification has no day in the world but that of its recording. `made` is None for what
    no commit holds yet.
    """

    date: str
    made: Made | None
    event: Event
    message: str


class Story(NamedTuple):
    """A record's story, by what was so in the world, else by what was recorded, the earliest first."""

    record: str
    kind: str
    title: str
    path: str
    steps: tuple[Step, ...]
    timezone: str = "UTC"


State = tuple[Made | None, Mapping[str, Any] | None]
"""What a commit, or the working tree, made of a record: its data, or None where it took it away."""


def story(states: Iterable[State], head: Mapping[str, Any], today: date, language: str) -> list[Step]:
    """The steps from one state of a record to the next; `today` stands for the day of what no commit holds yet."""
    found: list[tuple[date, int, Step]] = []
    ranges = regimes(head)
    before: Mapping[str, Any] | None = None
    for made, after in states:
        for event in _each(before, after, language):
            day, step = _step(event, made, ranges)
            found.append((day or (made.day if made else today), len(found), step))
        before = after
    return [step for *_, step in sorted(found, key=lambda each: each[:2])]


def _each(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, language: str) -> Iterator[Event]:
    """The events of a change; of a record that is new also the decisions that it came with."""
    yield from events(before, after, language)
    if before is None and after is not None:
        bare = {key: value for key, value in after.items() if key != "decisions"}
        yield from events({**bare, "decisions": []}, {**bare, "decisions": after.get("decisions") or []}, language)


def _step(event: Event, made: Made | None, ranges: Mapping[str, Days]) -> tuple[date | None, Step]:
    """An event as a step, with the day in the world of a decision that was taken."""
    decision = event.after if event.kind == "decision-added" and isinstance(event.after, dict) else None
    if decision is None:
        return None, Step("", made, event, event.message)
    when = decision.get("date") or decision.get("under")
    said = {key: value for key, value in decision.items() if key not in ("date", "under")}
    first = act_days(decision, ranges).first
    day = first if first > date.min else None
    return day, Step(str(when) if when is not None else "", made, event, decided(said))
