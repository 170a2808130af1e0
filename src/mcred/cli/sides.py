"""The two sides of a comparison: a catalogue as it lies there, and as a commit holds it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from mcred.cli.at import Committed, recorded
from mcred.cli.revisions import made_on
from mcred.diagnostic import Source
from mcred.diff import Held, Side
from mcred.document.limits import LARGEST
from mcred.frameworks import Case
from mcred.history import Blob, Repository
from mcred.record import Record, stem
from mcred.record.change import aliases
from mcred.settings import Settings
from mcred.validation import JUDGED, Context, Entry, load, load_with_places, view_of
from mcred.workspace import Walk, Workspace

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

    def at(self, paths: Iterable[str]) -> Iterator[Entry]:
        """The records at some paths."""
        wanted = {self.catalogue.inside_of(path) for path in paths}
        return self.catalogue.entries(Walk(records=[each for each in self.walk.records if each[0] in wanted]))

    def unlike(self, before: "State") -> Iterator[Entry]:
        """The records whose bytes are not those that a commit holds at their path."""
        if self.side.commit is not None:
            yield from self.at(path for path in self.paths if self.blob(path) != before.blob(path))
            return
        for entry in self.entries():
            blob, data = before.blob(entry.source.path), entry.source.data
            # Of what is too large for a record only the beginning is ever read.
            if blob is None or not (
                blob.holds(data) or (len(data) > LARGEST and data == before.read(entry.source.path))
            ):
                yield entry

    def blob(self, path: str) -> Blob | None:
        """The blob that a commit holds at a path; None where it holds none, and of the files as they lie there."""
        files = self.catalogue.files
        return files.blob(path) if isinstance(files, Committed) else None

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self.catalogue.read(path)

    def path_of(self, id: str) -> str | None:
        """The path of the record that has an id, else of one that had it earlier."""
        if id in self.by_id:
            return self.by_id[id]
        naming = (entry for entry in self.entries() if id.encode() in entry.source.data)
        had = (entry for entry in naming if (record := load(entry, self.context)) and id in aliases(record))
        return next((entry.source.path for entry in had), None)

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


def state(catalogue: Workspace, revision: str, option: str) -> State:
    """The state that a revision or a date names; `option` asked for it.

    Raises:
        McredError: it names none, or there was no catalogue in it that this mcred reads.
        UsageError: it is a date that does not exist.
    """
    found = recorded(catalogue, revision, option)
    moment = found.recorded
    return State(found, Side(revision, moment.commit, moment.day) if moment is not None else Side(revision))


def of_commit(repository: Repository, commit: str, name: str, timezone: str) -> Side:
    """The state that a commit holds."""
    return Side(name, commit, made_on(repository, commit, timezone))
