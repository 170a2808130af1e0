"""What falls due of each record, reckoned from its file, and of all of them together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from mcred.cli.schedule import One, Whole, awaited
from mcred.diagnostic import Pointer
from mcred.frameworks import Case
from mcred.record import FRAMEWORK, Record, View
from mcred.record.reviews import REVIEWED, at_fault
from mcred.review import (
    Calendar,
    Item,
    Packed,
    items,
    of_framework,
    of_standard,
    of_transition,
    packed,
)
from mcred.review.transition import replaced, transitions
from mcred.validation import Context, Entry, Loaded, load_with_places, view_of
from mcred.workspace import Walk, Workspace


class Reckoning:
    """The records of a catalogue as what falls due of them is known on some days."""

    def __init__(self, catalogue: Workspace, walk: Walk, days: Sequence[date]) -> None:
        self._known = catalogue.context(walk)
        self._settings = catalogue.settings
        self._days = days

    def one(self, entry: Entry) -> Packed:
        """What falls due of a record, as plain data."""
        loaded = load_with_places(entry, self._known)
        if loaded is None or undecidable(loaded.record, self._known):
            return tuple(One(faulty=True))
        record = loaded.record
        if entry.kind == FRAMEWORK:
            item = of_framework(record.id, record.data, entry.source.path)
            return tuple(One(check=(record.id, packed(_placed(item, loaded)) if item is not None else None)))
        days = []
        for day in self._days:
            view = view_of(record, self._known, day)
            found = [packed(_placed(item, loaded)) for item in _items(view, self._known)]
            days.append((found, replaced(view)))
        return tuple(One(framework=record.framework, days=tuple(days)))

    def whole(self, values: Iterable[Packed | None]) -> Packed:
        """What is known of all records together, as plain data; of one that is None nothing is known."""
        records = [One(*value) if value is not None else One() for value in values]
        checks = self._checks(records)
        days = [self._day(number, records, checks) for number in range(len(self._days))]
        faulty = [place for place, record in enumerate(records) if record.faulty]
        return tuple(Whole(faulty, sorted(self._known.organisations), checks, days))

    def _day(self, number: int, records: list[One], checks: list[Packed]) -> tuple[list[str], Any]:
        found = [record.days[number] if record.days else ([], []) for record in records]
        gone = {id for _, ids in found for id in ids}
        return sorted(gone), Calendar.of([*(awaited(items, gone) for items, _ in found), checks]).packed()

    def _checks(self, records: Iterable[One]) -> list[Packed]:
        """When the data of the frameworks and policies in use are to be checked."""
        own = dict(record.check for record in records if record.check is not None)
        used = {self._settings.framework, *self._settings.policies, *(record.framework for record in records)}
        found = (own[name] if name in own else self._shipped(name) for name in sorted(filter(None, used)))
        return [check for check in found if check is not None]

    def _shipped(self, name: str) -> Packed | None:
        """The check of a framework that comes with mcred, and has no path here."""
        book = self._known.books.get(name)
        item = of_framework(name, book.data, "") if book is not None else None
        return packed(item) if item is not None else None


def undecidable(record: Record, known: Context) -> bool:
    """Whether nobody can say when a record falls due before a fault in it is mended.

    One is a framework that does not exist: of that no rule is known either, but that is not what its author means.
    """
    lost = record.kind in REVIEWED and record.framework is not None and record.framework not in known.frameworks
    return lost or at_fault(record)


def _items(view: View, known: Context) -> Iterator[Item]:
    if view.record.kind == "standard":
        if (item := of_standard(view)) is not None:
            yield item
        return
    yield from items(view)
    book = known.books.get(view.record.framework or "")
    if book is not None:
        case = Case(view.record, book, view.organisations, view.day, language=known.language)
        yield from filter(None, (of_transition(view, answer) for answer in transitions(case)))


def _placed(item: Item, loaded: Loaded) -> Item:
    """An item with the line of the fact that decides it; where none does, of the record's id."""
    return item._replace(line=loaded.document.locate(item.due.pointer or Pointer(("id",))).line)
