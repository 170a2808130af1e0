"""The record stage over a whole catalogue: what an earlier run found out is taken over, the rest is shared out.

Whatever goes wrong with the cache or with a process costs time and nothing else.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from mcred.cli.means import Means, Sharing, key_of
from mcred.diagnostic import Source
from mcred.errors import Unreadable
from mcred.packing import packed, packed_places, unpacked, unpacked_places
from mcred.places import Asked, Place, Places, Wanted, places
from mcred.store import Known, Store, digest, dumped, loaded
from mcred.validation import Context, Entry, check_record
from mcred.workspace import Walk, Workspace, read_bytes

CHANGED = "it was changed while it was looked at; run again"
"""Why nothing more can be said of a file."""

NO_PLACES = dumped(())


class Days(NamedTuple):
    """The day of acts not yet taken, the one for every act if there is one, and whether they were asked for."""

    as_of: date
    rules_of: date | None = None
    asked: bool = False


class _Unread(NamedTuple):
    """A file that has to be read: its path below the root, its kind and size, and how an earlier run knew it."""

    inside: str
    kind: str
    size: int
    known: Known | None


class _Asked(NamedTuple):
    """A file of which places are asked for, and its size as far as it is known."""

    path: str
    wanted: tuple[Wanted, ...]
    size: int


class Examination:
    """A catalogue as it is looked at: the record stage of each file, and the places that are asked for afterwards.

    `instead` stands for the file of its path, whose bytes `again` gives as it does those of all others. A file that is
    gone when it is wanted once more, or not as it was, is noted in the walk.
    """

    def __init__(
        self,
        catalogue: Workspace,
        walk: Walk,
        context: Context,
        days: Days,
        means: Means,
        again: Callable[[str], bytes],
        instead: Entry | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._walk = walk
        self._context = context
        self._days = days
        self._means = means
        self._again = again
        self._instead = instead
        # What was found for another day has a place of its own, so that it does not push out what is found for today.
        name = f"{catalogue.root} {days}" if days.asked else f"{catalogue.root}"
        self._store = Store(means.cache, name, key_of(catalogue, walk, days), len(walk.records))
        self._sharing = Sharing(means.jobs)
        self._digests: dict[str, bytes] = {}
        """What stands for the bytes of each file that was read, by its path."""

    def entries(self) -> Iterator[Entry]:
        """All records with what the record stage says of them; what cannot be read is noted in the walk."""
        unread: list[_Unread] = []
        now = self._means.clock()
        for inside, kind in self._walk.records:
            path = self._catalogue.shown(inside)
            kept = self._kept(path)
            if self._instead is not None and path == self._instead.source.path:
                continue
            try:
                found = os.lstat(self._place(inside))
            except OSError as error:
                self._walk.unreadable.append((path, error.strerror or str(error)))
                continue
            if kept is not None and self._means.by_time and kept[0].is_still(found, now):
                yield _entry(path, kind, _Kept.of(kept[1]))
            else:
                unread.append(_Unread(inside, kind, found.st_size, kept[0] if kept is not None else None))
        looked = self._sharing.done(self._look, unread, lambda each: each.size, lambda each: each.kind)
        for each, (why, known, result) in looked:
            path = self._catalogue.shown(each.inside)
            if why:
                self._walk.unreadable.append((path, why))
            else:
                found_now = Known(*known)
                entry = _entry(path, each.kind, self._keep(path, found_now, result))
                self._digests[entry.source.path] = found_now.digest
                yield entry
        if self._instead is not None:
            yield self._instead

    def _look(self, each: _Unread) -> tuple[str, tuple[object, ...], bytes]:
        """Why a file cannot be read, else how it is known from now on, and what was found if it is not as it was."""
        path, at = self._catalogue.shown(each.inside), self._means.clock()
        try:
            found = os.lstat(self._place(each.inside))
            data = read_bytes(self._place(each.inside))
        except OSError as error:
            return error.strerror or str(error), (), b""
        known = Known.of(found, data, at)
        if each.known is not None and each.known.digest == known.digest:
            return "", tuple(each.known if each.known.is_still(found, at) else known), b""
        entry = Entry(Source(path, data), each.kind)
        result = check_record(entry, self._context, self._days.as_of, self._days.rules_of)
        return "", tuple(known), dumped(tuple(_Kept(dumped(packed(result)), dumped(packed_places(result.places)))))

    def _place(self, inside: str) -> str:
        """Where a file lies, by its path below the root."""
        return f"{self._catalogue.root}/{inside}"

    def _keep(self, path: str, known: Known, result: bytes) -> "_Kept":
        """Keep what was found in a file; what is known already need not be written anew."""
        before = self._store.get(path)
        value = result or (before[1] if before is not None else b"")
        if result or before is None or known != before[0]:
            self._store.put(path, known, value)
        return _Kept.of(value)

    def places(self, asked: Asked) -> Places:
        """The places that are asked for: those that are kept, and the others by reading their files again."""
        found: dict[str, Mapping[Wanted, Place]] = {}
        unread: list[_Asked] = []
        for path, wanted in sorted(asked.items()):
            kept = self._kept(path)
            known = unpacked_places(loaded(_Kept.of(kept[1]).places)) if kept is not None else {}
            if all(each in known for each in wanted):
                found[path] = known
            else:
                unread.append(_Asked(path, tuple(wanted), kept[0].size if kept is not None else 0))
        for each, (why, there) in self._sharing.done(self._locate, unread, lambda each: each.size):
            if why:
                self._walk.note_unreadable(each.path, why)
                continue
            found[each.path] = unpacked_places(loaded(there))
            kept = self._kept(each.path)
            if kept is not None:
                value = _Kept.of(kept[1])._replace(places=there)
                self._store.put(each.path, kept[0], dumped(tuple(value)))
        return found

    def _locate(self, each: _Asked) -> tuple[str, bytes]:
        """Why a file cannot be read any more, else the places in it."""
        try:
            data = self.again(each.path)
        except Unreadable as error:
            return error.why, b""
        return "", dumped(packed_places(places(data, each.wanted)))

    def again(self, path: str) -> bytes:
        """The bytes of a file once more.

        Raises:
            Unreadable: it is gone, or not as it was.
        """
        kept = self._kept(path)
        was = self._digests.get(path) or (kept[0].digest if kept is not None else b"")
        try:
            data = self._again(path)
        except Unreadable as error:
            data, why = b"", error.why
        else:
            why = CHANGED if was and digest(data) != was else ""
        if not why:
            return data
        # What was no file before is told by the walk as what it is.
        if was:
            self._walk.note_unreadable(path, why)
        raise Unreadable(path, why)

    def _kept(self, path: str) -> tuple[Known, bytes] | None:
        """What is kept of a file, but for one in whose place something else stands."""
        known = self._store.get(path)
        return None if self._instead is not None and path == self._instead.source.path else known

    def save(self) -> None:
        """Keep for later runs what was found."""
        self._store.save()


class _Kept(NamedTuple):
    """What is kept of a file: what the record stage says of it, and the places that were asked for, both packed."""

    result: bytes
    places: bytes = NO_PLACES

    @classmethod
    def of(cls, value: bytes) -> "_Kept":
        return cls(*loaded(value))


def _entry(path: str, kind: str, kept: _Kept) -> Entry:
    """A file of which it is known what the record stage says; nobody needs its bytes any more."""
    result = unpacked(loaded(kept.result))
    # The path stands there already.
    return Entry(Source(result.facts.path if result.facts is not None else path, b""), kind, result)
