"""A catalogue to make documents from: one record at a time, and of others only what a document says of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from mcred.cli.options import workspace
from mcred.cli.progress import with_progress
from mcred.cli.records import filters
from mcred.cli.targets import newer
from mcred.diagnostic import Severity, Source
from mcred.diff import Changes
from mcred.errors import McredError
from mcred.frameworks import Case
from mcred.levels import Tables
from mcred.listing.plain import text
from mcred.listing.view import Forms, card, forms
from mcred.listing.view import Source as Viewed
from mcred.query import Filter, Row
from mcred.record import KINDS, Record, stem
from mcred.record.derived import Derivation
from mcred.text import did_you_mean
from mcred.validation import JUDGED, Entry, Request, load, validate, view_of
from mcred.workspace import Walk, Workspace, level_tables

KEPT = 4096
"""Records that others refer to, of which is kept what documents say of them."""


class Chosen(NamedTuple):
    """What a command line names: ids, whether it named them, and filters."""

    ids: list[str]
    named: bool
    filters: list[Filter]

    def holds(self, viewed: Viewed) -> bool:
        """Whether a record meets the filters."""
        row = Row(viewed.view.record, Derivation(viewed.view))
        return all(each.holds(row) for each in self.filters)


class Shelf:
    """The records of a catalogue by id, read when they are asked for. It is the `Catalogue` that views ask."""

    def __init__(self, catalogue: Workspace, walk: Walk, day: date, asked: bool) -> None:
        self.catalogue, self.walk, self.known = catalogue, walk, catalogue.context(walk)
        self.day, self.asked = day, asked
        self.languages = catalogue.settings.languages or ("en",)
        self.language = self.languages[0]
        self.title_of_catalogue = {self.language: catalogue.settings.title or "A catalogue of micro-credentials"}
        self.kinds = {stem(inside): kind for inside, kind in walk.records if kind in KINDS}
        self._paths = {stem(inside): inside for inside, kind in walk.records if kind in KINDS}
        self._forms: dict[str, Forms] = {}
        self.card = lru_cache(maxsize=KEPT)(self._card)

    def title(self, id: str) -> dict[str, str] | None:
        """The title of a record, or of a framework that comes with mcred; None where there is none of that id."""
        found = self.card(id)
        if found is None and id in self.known.frameworks:
            return text(self.known.frameworks[id].head.get("title"), self)
        return found["title"] if found is not None else None

    def _card(self, id: str) -> dict[str, Any] | None:
        found = self.known.organisations.get(id)
        record = Record("organisation", "", dict(found)) if found is not None else self.record(id)
        return card(record, self) if record is not None else None

    def path(self, id: str) -> str:
        """The path of a record's file, from the repository."""
        return self.catalogue.shown(self._paths[id])

    def record(self, id: str) -> Record | None:
        """The record of an id or an earlier id; None where there is none, or its file cannot be read."""
        own = id if id in self._paths else self._aliases.get(id)
        if own is None:
            return None
        source = Source(self.path(own), self.catalogue.read(self.path(own)))
        return load(Entry(source, self.kinds[own]), self.known)

    @cached_property
    def _tables(self) -> Tables:
        return level_tables(self.known)

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        """The id of each earlier id. Few records have one, so the files are only looked through when one is named."""
        return {
            str(alias): stem(entry.source.path)
            for entry in self.catalogue.entries(self.walk)
            if b"aliases" in entry.source.data and (record := load(entry, self.known)) is not None
            for _, alias in record.items("aliases")
            if stem(entry.source.path) in self._paths
        }

    def choose(self, texts: Sequence[str], kinds: Sequence[str]) -> Chosen:
        """The records that texts name by ids and filters; all where no id is named.

        Raises:
            McredError: there is no record of an id.
            UsageError: a filter names a field that there is not.
        """
        conditions = filters((text for text in texts if not _is_id(text)), self.known, kinds)
        ids = sorted({self._id(text) for text in texts if _is_id(text)})
        return Chosen(ids or sorted(self._paths), bool(ids), conditions)

    def _id(self, text: str) -> str:
        found = text if text in self._paths else self._aliases.get(text)
        if found is None:
            raise McredError(f"no record '{text}'" + did_you_mean(text, self._paths))
        return found

    def errors(self) -> dict[str, int]:
        """The errors that `mcred validate` finds, by path."""
        found: dict[str, int] = {}
        request = Request(
            entries=with_progress(self.catalogue.entries(self.walk), "checking", "file"),
            again=self.catalogue.read,
            files=self.walk.files,
            misplaced=self.catalogue.misplaced(self.walk),
            as_of=self.day,
        )
        for diagnostic in validate(request, self.known).diagnostics:
            if diagnostic.severity is Severity.ERROR:
                found[diagnostic.path] = found.get(diagnostic.path, 0) + 1
        return found

    def viewed(self, record: Record, errors: int, changes: Changes | None = None) -> Viewed:
        """What the view of a record is made from; `changes` are those since its approval, where they are asked for."""
        if record.kind not in self._forms:
            self._forms[record.kind] = forms(self.known.schemas, record.kind)
        of = record.framework or ""
        book = self.known.books.get(of) if record.kind in JUDGED and of not in self.known.broken else None
        case = Case(record, book, self.known.organisations, self.day) if book is not None else None
        view, recorded = view_of(record, self.known, self.day), self.catalogue.recorded
        return Viewed(view, self._forms[record.kind], self, case, self.asked, errors, self._tables, recorded, changes)


def opened(at: str | None = None) -> tuple[Workspace, Walk]:
    """The catalogue of the current folder, as it lies there or as it was recorded, and what lies in it."""
    catalogue = workspace(at=at)
    newer(catalogue)
    return catalogue, catalogue.walk()


def _is_id(text: str) -> bool:
    """Whether a text may be an id, and so is no filter."""
    return text.replace("-", "").isalnum()
