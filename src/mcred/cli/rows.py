"""The records of a catalogue as rows of a list, kept so that the next list reads none that did not change."""

import sys
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from mcred.cli.gathering import Asked, Gathered, gathered
from mcred.cli.means import Means
from mcred.query import Row
from mcred.record import KINDS, Derived, Record, derive
from mcred.store import dumped, loaded
from mcred.text import plural
from mcred.workspace import Walk, Workspace

if TYPE_CHECKING:
    from mcred.validation import Entry

FASTEST = 1
"""The level of compression: records are text, so that this one halves them, and is done soonest."""


class Rows:
    """All records of a catalogue with their derived values on a day, each made when it is asked for."""

    def __init__(self, catalogue: Workspace, day: date, name: str, means: Means) -> None:
        walk = catalogue.walk()
        making = cache(lambda: _Making(catalogue, walk, day))
        asked = Asked(name, str(day), frozenset(KINDS), lambda entry: making().one(entry), _whole)
        self._found: Gathered = gathered(catalogue, walk, asked, means)
        self._shown = catalogue.shown
        self._places, faulty = self._found.whole
        self.unread = [self._shown(self._found.insides[place]) for place in faulty]
        """The paths of records that could not be read."""
        self.unread += [path for path, _ in walk.unreadable]

    def of(self, kinds: Collection[str]) -> Iterator[Row]:
        """The rows of some kinds of record, by id."""
        for place, kind in self._places:
            if kind in kinds:
                _, _, row = self._found.one(place)
                data, derived = loaded(zlib.decompress(row))
                record = Record(kind, self._shown(self._found.insides[place]), data)
                yield Row(record, {name: Derived(value, (), uncertain) for name, (value, uncertain) in derived.items()})


class _Making:
    """What is needed to make rows of files."""

    def __init__(self, catalogue: Workspace, walk: Walk, day: date) -> None:
        self._catalogue = catalogue
        self._walk = walk
        self._day = day
        self._known = catalogue.context(walk)

    @cached_property
    def _organisations(self) -> Mapping[str, Mapping[str, Any]]:
        """The data of the organisations, by id."""
        from mcred.validation import Entry, load

        sources = self._catalogue.sources(self._walk, "organisation")
        found = [load(Entry(source, "organisation"), self._known) for source in sources]
        return {record.id: record.data for record in reversed(found) if record is not None}

    def one(self, entry: "Entry") -> tuple[Any, ...]:
        """The id, the kind and the row of a record, packed; nothing of one that cannot be read."""
        from mcred.validation import load, view_of

        record = load(entry, self._known)
        if record is None:
            return ()
        view = view_of(record, self._known._replace(organisations=self._organisations), self._day)
        derived = {name: (each.value, each.uncertain) for name, each in derive(view).items()}
        return record.id, record.kind, zlib.compress(dumped((record.data, derived)), FASTEST)


def _whole(values: Iterable[tuple[Any, ...] | None]) -> tuple[list[tuple[int, str]], list[int]]:
    """The place and the kind of each record, by id, of several with one id the first; the places of the unread."""
    places: dict[str, tuple[int, str]] = {}
    faulty = []
    for place, value in enumerate(values):
        if value:
            places.setdefault(value[0], (place, value[1]))
        elif value is not None:
            faulty.append(place)
    return [places[id] for id in sorted(places)], faulty


def tell(unread: Collection[str], catalogue: Workspace) -> None:
    """Say on standard error that some files could not be read."""
    if unread:
        left = "is" if len(unread) == 1 else "are"
        sys.stderr.write(
            f"mcred: {plural(len(unread), 'file')} could not be read and {left} left out: `{catalogue.validating()}`\n"
        )
