"""The records of a catalogue with their derived values, as lists, cards and counts show them."""

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.cli.options import today_there, workspace
from mcred.cli.progress import with_progress
from mcred.cli.recalling import recalled
from mcred.cli.rows import tell
from mcred.cli.targets import newer
from mcred.clocks import Clocks
from mcred.diagnostic import Source
from mcred.errors import UsageError
from mcred.query import Filter, Row, names, parse
from mcred.record import Record, View, derive
from mcred.validation import Context, Entry, load
from mcred.workspace import Workspace


class Register(NamedTuple):
    """A catalogue that was read: its records by id, and what is needed to derive from them."""

    workspace: Workspace
    context: Context
    records: Mapping[str, Record]
    unread: tuple[str, ...]
    day: date
    language: str
    asked: bool
    """Whether a day or a commit was asked for, and it is not just today in what lies there."""

    @property
    def clocks(self) -> Clocks:
        """The day that is shown, and the commit that was read, if one was."""
        return Clocks(self.day, self.workspace.recorded)

    def view(self, record: Record) -> View:
        """A record on the day that was asked for."""
        of = self.context.frameworks.get(record.framework or "")
        return View(record, self.day, of.head if of else None, self.organisations)

    @property
    def organisations(self) -> Mapping[str, Mapping[str, Any]]:
        """The data of the organisations, by id."""
        return {name: record.data for name, record in self.records.items() if record.kind == "organisation"}

    def views(self) -> Iterator[View]:
        """All records on the day that was asked for, by id."""
        organisations = self.organisations
        for name in sorted(self.records):
            record = self.records[name]
            of = self.context.frameworks.get(record.framework or "")
            yield View(record, self.day, of.head if of else None, organisations)

    def rows(self) -> Iterator[Row]:
        """All records with their derived values, by id."""
        for view in self.views():
            yield Row(view.record, derive(view))


def filters(texts: Iterable[str], context: Context, kinds: Collection[str]) -> list[Filter]:
    """The filters that texts such as `level=3` write, over what records of some kinds have.

    Raises:
        UsageError: one is no filter, or names a field that there is not.
    """
    known = names({kind: context.schemas.shape(kind).schema["properties"] for kind in kinds}, kinds)
    try:
        return [parse(text, known) for text in texts]
    except ValueError as error:
        raise UsageError(str(error)) from error


def open_register(as_of: date | None, at: str | None = None) -> Register:
    """Read the catalogue of the current folder, as it lies there or as it was recorded.

    Files that cannot be read are left out, and standard error says so.
    """
    gc.disable()
    catalogue = workspace(at=at)
    recalled(catalogue)
    newer(catalogue)
    walk = catalogue.walk()
    known = catalogue.context(walk)
    records: dict[str, Record] = {}
    unread = []
    for entry in with_progress(catalogue.entries(walk), "reading", "file"):
        if entry.kind == "catalogue":
            continue
        record = load(Entry(Source(entry.source.path, entry.source.data), entry.kind), known)
        if record is None:
            unread.append(entry.source.path)
        else:
            records.setdefault(record.id, record)
    unread += [path for path, _ in walk.unreadable]
    tell(unread, catalogue)
    settings = catalogue.settings
    day = as_of or today_there(settings.timezone)
    asked = as_of is not None or at is not None
    return Register(catalogue, known, records, tuple(unread), day, settings.language, asked)
