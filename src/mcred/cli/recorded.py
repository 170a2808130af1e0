"""A catalogue as a commit holds it: what lies in it, and the bytes of its files."""

import stat
from collections.abc import Iterable, Iterator
from functools import cached_property

from mcred.diagnostic import Source
from mcred.errors import McredError
from mcred.history import Blob, Repository, Tree
from mcred.record import folder_kind, stem
from mcred.validation import Entry
from mcred.workspace import Walk, Workspace, sort


class Recorded:
    """The catalogue of a working tree at a commit; where it had none yet, an empty one."""

    def __init__(self, repository: Repository, commit: str, catalogue: Workspace) -> None:
        self.commit = commit
        self._repository = repository
        self._catalogue = catalogue
        self._folder = "" if catalogue.prefix == "." else catalogue.prefix
        self._tree = repository.tree(commit, self._folder) or Tree({})
        self._data: dict[str, bytes] = {}

    @cached_property
    def walk(self) -> Walk:
        """What lay below the root."""
        return sort(self._tree.scan)

    def blob(self, path: str) -> Blob | None:
        """The file at a path from the repository; None where there was none, or a link."""
        found = self._tree.blobs.get(self._catalogue.inside_of(path))
        return found if found is not None and stat.S_ISREG(found.mode) else None

    def fetch(self, paths: Iterable[str]) -> None:
        """Read the files at some paths, all at once."""
        wanted = [blob.id for path in paths if (blob := self.blob(path)) is not None and blob.id not in self._data]
        self._data.update(self._repository.read(wanted))

    def read(self, path: str) -> bytes:
        """The bytes of the file at a path from the repository; nothing where there was none."""
        blob = self.blob(path)
        if blob is None:
            return b""
        if blob.id not in self._data:
            self.fetch([path])
        return self._data[blob.id]

    def whole(self, path: str, most: int) -> bytes:
        """The bytes of a file that is no record and may be larger than one; nothing where there was none."""
        blob = self.blob(path)
        return next((data for _, data in self._repository.read([blob.id], most)), b"") if blob is not None else b""

    def entries(self, kind: str = "") -> Iterator[Entry]:
        """The records, or those of a kind, with their bytes."""
        found = [(self._catalogue.shown(inside), of) for inside, of in self.walk.records if kind in ("", of)]
        self.fetch(path for path, _ in found)
        return (Entry(Source(path, self.read(path)), of) for path, of in found)

    def earlier(self, paths: Iterable[str]) -> dict[str, Entry]:
        """Of the names of some files, the last files that had them and were deleted before this commit, by name.

        What a clone does not have of its history cannot be told from what never was.
        """
        names = {stem(path) for path in paths}
        gone: dict[str, tuple[str, str]] = {}
        try:
            files = [each for commit in self._repository.line(self.commit, self._folder) for each in commit.files]
        except McredError:
            return {}
        for each in files:  # the latest first
            if each.was is not None and each.before is not None and each.path != each.was and stem(each.was) in names:
                gone.setdefault(stem(each.was), (each.was, each.before.id))
        data = dict(self._repository.read(blob for _, blob in gone.values()))
        kinds = {path: folder_kind(self._catalogue.inside_of(path)) for path, _ in gone.values()}
        return {
            name: Entry(Source(path, data[blob]), kind)
            for name, (path, blob) in gone.items()
            if (kind := kinds[path]) is not None
        }
