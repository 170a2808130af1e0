"""The two sides of a comparison: a catalogue as it lies there, and as a commit holds it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar

from mcred.cli.recorded import Recorded
from mcred.cli.revisions import made_on, revision
from mcred.cli.targets import newer
from mcred.diagnostic import Source
from mcred.diff import Held, Side
from mcred.document import read
from mcred.document.limits import LARGEST
from mcred.errors import McredError
from mcred.frameworks import Case
from mcred.history import Repository
from mcred.record import FRAMEWORK, Record, stem
from mcred.record.change import aliases
from mcred.record.kinds import CATALOGUE_FILE
from mcred.settings import Settings, settings
from mcred.validation import JUDGED, Context, Entry, load, load_with_places, view_of
from mcred.workspace import Walk, Workspace

T = TypeVar("T")
R = TypeVar("R")

WORKING_TREE = "the working tree"


class State:
    """A catalogue in one state: what lies in it, its bytes, and what its records are read by."""

    def __init__(self, catalogue: Workspace, side: Side) -> None:
        self.catalogue, self.side = catalogue, side

    @cached_property
    def walk(self) -> Walk:
        """What lies below the root."""
        return self.catalogue.walk()

    @property
    def settings(self) -> Settings:
        """What catalogue.yaml says."""
        return self.catalogue.settings

    @cached_property
    def context(self) -> Context:
        """What records are read by."""
        return self.catalogue.context(self.walk)

    @cached_property
    def paths(self) -> dict[str, str]:
        """The kind of each record by its path from the repository."""
        return {self.catalogue.shown(inside): kind for inside, kind in self.walk.records}

    def entries(self) -> Iterator[Entry]:
        """The records with their bytes."""
        return self.catalogue.entries(self.walk)

    def unlike(self, before: "Committed") -> Iterator[Entry]:
        """The records whose bytes are not those that a commit holds at their path."""
        for entry in self.entries():
            blob, data = before.recorded.blob(entry.source.path), entry.source.data
            # Of what is too large for a record only the beginning is ever read.
            if blob is None or not (
                blob.holds(data) or (len(data) > LARGEST and data == before.read(entry.source.path))
            ):
                yield entry

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self.catalogue.read(path)

    def has_alias(self, id: str) -> bool:
        """Whether a record had an id earlier."""
        return any(
            id in aliases(record)
            for entry in self.entries()
            if id.encode() in entry.source.data and (record := load(entry, self.context)) is not None
        )

    def held(self, entry: Entry, day: date) -> Held | None:
        """A record on a day; None where its file cannot be read."""
        return held(entry, self.context, day)

    @cached_property
    def by_id(self) -> Mapping[str, str]:
        """The paths of the records by the ids that the names of their files tell."""
        return {stem(path): path for path in self.paths}

    def record(self, id: str) -> Record | None:
        """The record of an id."""
        path = self.by_id.get(id)
        if path is None:
            return None
        return load(Entry(Source(path, self.read(path)), self.paths[path]), self.context)


class Committed(State):
    """A catalogue as a commit holds it.

    Raises:
        McredError: there was none yet, or its format is newer than this mcred.
    """

    def __init__(self, catalogue: Workspace, repository: Repository, side: Side) -> None:
        super().__init__(catalogue, side)
        self.recorded = Recorded(repository, side.commit or "", catalogue)
        path = catalogue.shown(CATALOGUE_FILE)
        if self.recorded.blob(path) is None:
            raise McredError(f"there was no catalogue yet at {side.name}: it holds no {path}")
        try:
            newer(self)
        except McredError as error:
            raise McredError(f"{side.name}: {error}") from error

    @cached_property
    def walk(self) -> Walk:
        """What lay below the root."""
        return self.recorded.walk

    @cached_property
    def settings(self) -> Settings:
        """What catalogue.yaml said."""
        return settings(read(self.read(self.catalogue.shown(CATALOGUE_FILE))).data or {})

    @cached_property
    def context(self) -> Context:
        """What records were read by."""
        own, people = ([each.source for each in self.recorded.entries(kind)] for kind in (FRAMEWORK, "organisation"))
        return self.catalogue.known(self.settings, own, people)

    def entries(self) -> Iterator[Entry]:
        """The records with their bytes."""
        return self.recorded.entries()

    def at(self, paths: Iterable[str]) -> Iterator[Entry]:
        """The records at some paths, read all at once."""
        wanted = [*paths]
        self.recorded.fetch(wanted)
        return (Entry(Source(path, self.read(path)), self.paths[path]) for path in wanted)

    def unlike(self, before: "Committed") -> Iterator[Entry]:
        """The records whose bytes are not those that another commit holds at their path."""
        return self.at(path for path in self.paths if self.recorded.blob(path) != before.recorded.blob(path))

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self.recorded.read(path)


def held(entry: Entry, context: Context, day: date) -> Held | None:
    """A record on a day, with what it is judged by; None where its file cannot be read."""
    found = load_with_places(entry, context)
    if found is None:
        return None
    record, framework = found.record, found.record.framework or ""
    judged = record.kind in JUDGED and not record.observed and framework not in context.broken
    book = context.books.get(framework) if judged else None
    case = Case(record, book, context.organisations, day, language=context.language) if book is not None else None
    return Held(view_of(record, context, day), entry.source.data, found.document.data or {}, case)


def side(repository: Repository, text: str, timezone: str) -> Side:
    """The state that a revision or a date names.

    Raises:
        McredError: it names none.
    """
    return of_commit(repository, revision(repository, text, timezone), text, timezone)


def of_commit(repository: Repository, commit: str, name: str, timezone: str) -> Side:
    """The state that a commit holds."""
    return Side(name, commit, made_on(repository, commit, timezone))
