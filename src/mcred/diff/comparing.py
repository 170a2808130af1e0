"""A record before and after: what the change did to it, and what follows from that."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.diff.difference import Changes, Consequence, Ruling, Touched
from mcred.diff.event import Event
from mcred.diff.events import brief, events
from mcred.frameworks import Case, judge
from mcred.record import TABLE, Record, View, derive
from mcred.record.derived import fictional
from mcred.record.ledger import bounds


class Held(NamedTuple):
    """A record as one side has it: on a day and without what is at fault in it, its bytes, and all that they say.

    `case` is what it is judged by, where it is.
    """

    view: View
    text: bytes
    data: Mapping[str, Any]
    case: Case | None = None

    @property
    def record(self) -> Record:
        """The record without what is at fault in it."""
        return self.view.record


class Names(NamedTuple):
    """What ids stand for: the title of a record, and the language of texts."""

    title: Callable[[str], str]
    language: str = "en"


def changes(before: Held | None, after: Held | None, names: Names) -> Changes:
    """What became of a record; one of the two is there."""
    held = after or before
    if held is None:
        raise ValueError("a change is of a record")
    record = held.record
    found = events(before.data if before else None, after.data if after else None, names.language)
    # Of the same data nothing else follows, and to find that out takes longer than all the rest.
    said_otherwise = bool(found)
    if before is not None and after is not None:
        found = [*_of_file(before, after, found), *found]
    return Changes(
        record=record.id,
        kind=record.kind,
        title=title(record, names.language),
        path=record.path,
        events=tuple(_weighed(each, held) for each in found),
        was=before.record.id if before and before.record.id != record.id else "",
        was_path=before.record.path if before and before.record.path != record.path else "",
        framework=record.framework or "",
        observed=record.observed,
        fictional=fictional(held.view).value is True,
        faulty=tuple(name for name, each in (("before", before), ("after", after)) if each and each.record.touched),
        consequences=tuple(_consequences(before, after, names)) if said_otherwise else (),
        rulings=tuple(_rulings(before, after)) if said_otherwise else (),
    )


def title(record: Record, language: str) -> str:
    """The title of a record in a language, else in its own first; of a standard that of its last version."""
    versions = [each["title"] for _, each in record.items("versions") if isinstance(each, dict) and "title" in each]
    own = record.data.get("title") or (versions[-1] if versions else "")
    return brief(own.get(language) or next(iter(own.values()), "")) if isinstance(own, dict) else brief(own)


def _of_file(before: Held, after: Held, found: list[Event]) -> Iterator[Event]:
    """What became of the file: it lies elsewhere, or is only written in another way."""
    was, now = before.record.path, after.record.path
    id = after.record.id
    if was.rpartition("/")[0] != now.rpartition("/")[0]:
        yield Event("record", "moved", id, f"file moved: {was} is {now}", "file moved", before=was, after=now)
    if not found and before.text != after.text:
        said = "formatting only: layout, comments, or the order of fields"
        yield Event("record", "reformatted", id, said, said)


# --- what the framework says of a change -----------------------------------------------------------------------------


def _weighed(event: Event, held: Held) -> Event:
    """An event with what the framework says of such a change; where it says nothing, nobody knows."""
    if event.subject in ("record", "decision"):
        return event
    stated = [each for each in held.view.head.get("significant_changes") or () if isinstance(each, dict)]
    return event._replace(significant=True) if any(_is_meant(each, event, held) for each in stated) else event


def _is_meant(stated: Mapping[str, Any], event: Event, held: Held) -> bool:
    """Whether what a framework calls a significant change is this one, on the day that counts."""
    if held.record.kind not in (stated.get("kinds") or ("micro-credential",)):
        return False
    day = held.view.day
    if "from" in stated and bounds(stated["from"]).last > day:
        return False
    if "until" in stated and bounds(stated["until"]).first < day:
        return False
    parts = Pointer.parse(str(stated.get("at", "")))
    return len(event.pointer) >= len(parts) and all(
        part in ("*", str(own)) for part, own in zip(parts, event.pointer, strict=False)
    )


# --- what follows ----------------------------------------------------------------------------------------------------

ASIDE = frozenset(("kind", "custody", "offerings", "fees", "submitted_on", "submitted_for", "review_period_assigned"))
"""Derived values that say no more than the events, or than another of them."""


HOURS = ("directed", "self_directed", "workplace", "assessment")
"""The parts of the hours of learning."""


def _consequences(before: Held | None, after: Held | None, names: Names) -> Iterator[Consequence]:
    """The derived values that are not what they were."""
    if before is None or after is None:
        return
    was, now = derive(before.view), derive(after.view)
    for name, field in TABLE.items():
        if name in ASIDE or name not in was or name not in now:
            continue
        old, new = was[name], now[name]
        if old.value == new.value and old.uncertain == new.uncertain:
            continue
        said = f"{field.title[:1].lower()}{field.title[1:]}: {_became(old.value, new.value, names)}"
        doubt = " (not certain)" if new.uncertain else ""
        yield Consequence(name, field.title, old.value, new.value, said + doubt, new.uncertain)
    hours = [_hours(each.data.get("hours")) for each in (before, after)]
    if hours[0] != hours[1] and None not in hours:
        said = f"hours in all: {hours[0]:g} → {hours[1]:g}"
        yield Consequence("hours", "Hours in all", hours[0], hours[1], said)


def _hours(stated: Any) -> float | None:
    """The hours of learning in all, where they are numbers: those that are stated, else the sum of their parts."""
    if not isinstance(stated, dict):
        return None
    parts = [stated["total"]] if "total" in stated else [stated[part] for part in HOURS if part in stated]
    return sum(parts) if parts and all(isinstance(each, int | float) for each in parts) else None


def _became(before: Any, after: Any, names: Names) -> str:
    """What a derived value was and is; of a list what came to it and what left it."""
    if isinstance(before or [], list) and isinstance(after or [], list):
        gone = [each for each in before or () if each not in (after or ())]
        come = [each for each in after or () if each not in (before or ())]
        parts = (("also", come), ("no longer", gone))
        told = [f"{word} {_named(each, names)}" for word, part in parts for each in part]
        return ", ".join(told) or f"{_named(before, names)} → {_named(after, names)}"
    return f"{_named(before, names)} → {_named(after, names)}"


def _named(value: Any, names: Names) -> str:
    """A derived value in words; a range of days as one, and an id with the title of its record."""
    if isinstance(value, str):
        if match := _REGIME.fullmatch(value):
            return f"{match[1]} to {match[2]}"
        found = names.title(value)
        return f"{found} ({value})" if found else value
    return ", ".join(_named(each, names) for each in value) or "none" if isinstance(value, list) else brief(value)


_REGIME = re.compile(r"(\d{4}-\d{2}-\d{2}|\.\.)/(\d{4}-\d{2}-\d{2}|\.\.)")


def _rulings(before: Held | None, after: Held | None) -> Iterator[Ruling]:
    """The clauses that come to something else, and those that are asked in another edition."""
    if before is None or after is None or before.case is None or after.case is None:
        return
    was = {clause.id: judge(clause, before.case).verdict for clause in before.case.book.clauses}
    editions: Counter[tuple[str, str]] = Counter()
    for clause in after.case.book.clauses:
        old, new = was.get(clause.id), judge(clause, after.case).verdict
        if old is None:
            continue
        if old.verdict != new.verdict:
            yield Ruling(clause.id, clause.text("summary"), old.verdict, new.verdict)
        if old.editions and new.editions and old.editions != new.editions:
            editions[", ".join(old.editions), ", ".join(new.editions)] += 1
    for (old_ones, new_ones), number in sorted(editions.items()):
        told = f"The edition by which {number} {'clause is' if number == 1 else 'clauses are'} judged."
        yield Ruling("", told, old_ones, new_ones)


# --- which other records are touched ----------------------------------------------------------------------------------

CONCERNED = ("micro-credential", "training-scheme", "qualification", "standard", "group", "equivalency")
"""The kinds that a change of a record may concern where it names them; bodies and frameworks are but told of."""


def references(record: Record) -> Iterator[tuple[str, str]]:
    """The ids that a record names, each with the field that names it."""
    for pointer, value, mark in record.marked:
        if mark.references and isinstance(value, str) and pointer:
            yield str(pointer[0]), value


class Others:
    """Records that a change may concern, by their ids and by the ids that they name: each is looked through once."""

    def __init__(self, records: Iterable[Record], language: str) -> None:
        self._by_id = {each.id: each for each in records}
        self._language = language
        self._naming: dict[str, dict[str, list[str]]] = {}
        for record in self._by_id.values():
            for field, target in references(record):
                self._naming.setdefault(target, {}).setdefault(record.id, []).append(field)

    def touched(self, id: str, was: str, record: Record | None) -> Iterator[Touched]:
        """What names a record, by its id or the one that it had, and what it names, with the fields."""
        named: dict[str, list[str]] = {}
        for field, target in references(record) if record is not None else ():
            named.setdefault(target, []).append(field)
        naming: dict[str, list[str]] = {}
        for target in dict.fromkeys((id, was)):
            for name, fields in self._naming.get(target, {}).items():
                naming.setdefault(name, []).extend(fields)
        for name in sorted({*naming, *named} & self._by_id.keys() - {id}):
            other = self._by_id[name]
            concerned = named.get(name, []) if other.kind in CONCERNED else []
            for how, fields in (("names", naming.get(name, [])), ("named", concerned)):
                if fields:
                    told = title(other, self._language)
                    yield Touched(name, told, other.kind, how, tuple(dict.fromkeys(fields)))
