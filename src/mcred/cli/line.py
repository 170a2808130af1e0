"""What the commits of a first-parent line made of records."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from mcred.cli.revisions import day_at
from mcred.diff import NotCompared
from mcred.diff.recorded import Entry, Made, State, entries
from mcred.document import read
from mcred.history import Changed, Commit, Repository
from mcred.record import KINDS, Record, folder_kind, stem
from mcred.workspace import Workspace

AT_ONCE = 256
"""Commits whose files are read in one go."""


class Kept(NamedTuple):
    """A file as a commit left it; without a blob it was taken away."""

    commit: Commit
    path: str
    blob: str = ""


def _of(line: Iterable[Commit], names: set[str]) -> Iterator[Commit]:
    """The commits that changed files of some names, with these files; what was renamed is followed."""
    for commit in line:
        files = tuple(file for file in commit.files if {stem(file.path or ""), stem(file.was or "")} & names)
        names |= {stem(file.was) for file in files if file.was is not None}
        if files:
            yield commit._replace(files=files)


class Line:
    """The first-parent line of a commit, as far as it changed a catalogue."""

    def __init__(self, repository: Repository, catalogue: Workspace, commit: str) -> None:
        self.repository, self.catalogue, self.commit = repository, catalogue, commit
        self._folder = "" if catalogue.prefix == "." else catalogue.prefix
        self._timezone = catalogue.settings.timezone
        self._language = catalogue.settings.language
        self._data: dict[str, Mapping[str, Any] | None] = {}

    def kept(self, paths: Iterable[str]) -> dict[str, list[Kept]]:
        """What commits left of some files, the latest first, also under the names that they had."""
        found: dict[str, list[Kept]] = {path: [] for path in paths}
        called = {path: path for path in found}
        for each in self.repository.line(self.commit, self._folder) if found else ():
            for file in each.files:
                path = file.path or file.was or ""
                own = called.get(path)
                if own is None:
                    continue
                found[own].append(Kept(each, path, file.after.id if file.after else ""))
                if file.path is not None and file.was != file.path:
                    del called[path]
                    if file.was is not None:
                        called[file.was] = own
        return found

    def last(self, id: str) -> str | None:
        """The last path of a record of an id, also of one that was taken away; None where there was none."""
        for each in self.repository.line(self.commit, self._folder):
            for file in each.files:
                path = file.path or file.was or ""
                if stem(path) == id and self._kind(path):
                    return path
        return None

    def states(self, path: str) -> list[State]:
        """What commits made of a record, the earliest first; what could not be read is passed over."""
        kept = self.kept([path])[path]
        data = {id: read(text).data for id, text in self.repository.read(each.blob for each in kept if each.blob)}
        return [
            (self.made(each.commit), data.get(each.blob))
            for each in reversed(kept)
            if not each.blob or data[each.blob] is not None
        ]

    def made(self, commit: Commit) -> Made:
        """A commit as a log tells it."""
        day = day_at(commit.time, self._timezone)
        return Made(commit.id, commit.time, day, commit.author, commit.subject)

    def entries(self, since: str | None, unread: list[NotCompared], ids: Collection[str] = ()) -> Iterator[Entry]:
        """What each commit after another did to records, the latest first; what could not be read is noted.

        Of all records, or of those of some ids under all the names that their files had.
        """
        line = self.repository.line(self.commit, self._folder, since)
        line = _of(line, {*ids}) if ids else line
        while commits := [*islice(line, AT_ONCE)]:
            self._fetch(file for commit in commits for file in commit.files)
            for commit in commits:
                before, after = self._sides(commit, unread)
                yield from entries(self.made(commit), before, after, self._language)

    def _fetch(self, files: Iterable[Changed]) -> None:
        blobs = {
            blob.id
            for file in files
            if self._kind(file.path or file.was or "")
            for blob in (file.before, file.after)
            if blob
        }
        # What the next commits left is what these found: nothing older is asked for again.
        self._data = {id: self._data[id] for id in blobs & self._data.keys()}
        for id, data in self.repository.read(blobs - self._data.keys()):
            self._data[id] = read(data).data

    def _sides(self, commit: Commit, unread: list[NotCompared]) -> tuple[Sequence[Record], Sequence[Record]]:
        """The records of the files that a commit changed, before and after it."""
        before, after = [], []
        for file in commit.files:
            old = self._record(file.was, file.before.id if file.before else None)
            new = self._record(file.path, file.after.id if file.after else None)
            if (file.before and old is None) or (file.after and new is None):
                path = file.path or file.was or ""
                if self._kind(path):
                    unread.append(NotCompared(path, f"it cannot be read before or after {commit.id[:12]}"))
                continue
            before += [old] if old else []
            after += [new] if new else []
        return before, after

    def _record(self, path: str | None, blob: str | None) -> Record | None:
        kind = self._kind(path) if path is not None else None
        data = self._data.get(blob) if kind is not None and blob is not None else None
        return Record(kind, path, dict(data)) if kind is not None and path is not None and data is not None else None

    def _kind(self, path: str) -> str | None:
        """The kind of record that lies at a path; None where none does."""
        kind = folder_kind(self.catalogue.inside_of(path))
        return kind if kind in KINDS and path.endswith(".yaml") else None
