"""The record stage over a whole catalogue: what an earlier run found out is taken over, the rest is shared out.

Whatever goes wrong with the cache or with a process costs time and nothing else.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from mcred.diagnostic import Source
from mcred.packing import packed, unpacked
from mcred.processes.pool import processors, shared
from mcred.record import FRAMEWORK
from mcred.store import Known, Store, dumped, loaded
from mcred.validation import Context, Entry, check_record
from mcred.workspace import Walk, Workspace, cache_folder, program_digest, read_bytes

BATCH = 256 * 1024
"""Bytes of records that a process looks at before it hands in what it found."""

MOST_JOBS = 8
"""Processes that a run divides its work among unless it is told otherwise."""

WORTH_A_COPY = 256 * 1024
"""Bytes of records below which one process is done sooner than two."""


class Means(NamedTuple):
    """With what a catalogue is looked at.

    A cache or none, and whether size and times tell in it that a file is as it was; how many processes there are; and
    a clock of nanoseconds, the one that files get their times from.
    """

    cache: Path | None = None
    by_time: bool = True
    jobs: int = 1
    clock: Callable[[], int] = time.time_ns

    @classmethod
    def given(cls, catalogue: Workspace, cache: bool = True, by_time: bool = True, jobs: int | None = None) -> "Means":
        """What the options of a command say; where they say nothing, what is best on this machine."""
        environment = os.environ
        # A service checks a fresh checkout, whose times tell nothing.
        by_time = by_time and environment.get("CI", "").lower() in ("", "0", "false")
        # A hook runs while somebody waits, beside other hooks.
        hooked = any(name in environment for name in ("GIT_INDEX_FILE", "PRE_COMMIT"))
        most = 1 if hooked else jobs or min(processors(), MOST_JOBS)
        return cls(cache_of(catalogue) if cache else None, by_time, most)


def cache_of(catalogue: Workspace) -> Path | None:
    """The user's cache; not where it lies in the repository, since what is in there may come from a stranger."""
    folder = cache_folder()
    if folder is None or folder.resolve().is_relative_to(catalogue.base.resolve()):
        return None
    return folder


class Days(NamedTuple):
    """The day of acts not yet taken, the one for every act if there is one, and whether they were asked for."""

    as_of: date
    rules_of: date | None = None
    asked: bool = False


class _Unread(NamedTuple):
    """A file that has to be read: its path below the root and its kind, and what `lstat` says of it."""

    inside: str
    kind: str
    found: os.stat_result
    digest: bytes
    """Of the bytes that an earlier run read; empty where none did."""


def examined(
    catalogue: Workspace, walk: Walk, context: Context, days: Days, means: Means, instead: Entry | None = None
) -> Iterator[Entry]:
    """All records with what the record stage says of them; what cannot be read is noted in the walk.

    `instead` stands for the file of its path.
    """
    # What was found for another day has a place of its own, so that it does not push out what is found for today.
    name = f"{catalogue.root} {days}" if days.asked else f"{catalogue.root}"
    store = Store(means.cache, name, _key(catalogue, walk, days), len(walk.records))
    unread: list[_Unread] = []
    now = means.clock()
    for inside, kind in walk.records:
        path = catalogue.shown(inside)
        if instead is not None and path == instead.source.path:
            continue
        try:
            found = os.lstat(catalogue.root / inside)
        except OSError as error:
            walk.unreadable.append((path, error.strerror or str(error)))
            continue
        kept = store.get(path)
        if kept is not None and means.by_time and kept[0].is_still(found, now):
            yield _known(path, kind, kept[1])
        else:
            unread.append(_Unread(inside, kind, found, kept[0].digest if kept is not None else b""))
    if unread:
        yield from _read(_Work(catalogue, context, days, means.clock), unread, store, walk, means.jobs)
    if instead is not None:
        yield instead
    store.save()


def _known(path: str, kind: str, value: bytes) -> Entry:
    """A file of which it is known what the record stage says; nobody needs its bytes any more."""
    return Entry(Source(path, b""), kind, unpacked(loaded(value)))


def _key(catalogue: Workspace, walk: Walk, days: Days) -> str:
    """All that results depend on besides the bytes of a file: mcred itself, what all records are judged by, the day."""
    digest = blake2b(f"{program_digest()} {days}\n".encode(), digest_size=16)
    for kind in ("catalogue", FRAMEWORK, "organisation"):
        for source in catalogue.sources(walk, kind):
            digest.update(f"{source.path} {len(source.data)}\n".encode())
            digest.update(source.data)
    return digest.hexdigest()


class _Work:
    """What is done with a batch of files, wherever it is done: plain data about each, in their order."""

    def __init__(self, catalogue: Workspace, context: Context, days: Days, clock: Callable[[], int]) -> None:
        self.catalogue = catalogue
        self.clock = clock
        self._context = context
        self._days = days

    def __call__(self, batch: list[_Unread]) -> bytes:
        return dumped([self._look(each) for each in batch])

    def _look(self, each: _Unread) -> tuple[str, tuple[object, ...], bytes]:
        """Why a file cannot be read, else how it is known from now on, and what was found if it is not as it was."""
        path, at = self.catalogue.shown(each.inside), self.clock()
        try:
            data = read_bytes(self.catalogue.root / each.inside)
        except OSError as error:
            return error.strerror or str(error), (), b""
        known = Known.of(each.found, data, at)
        if each.digest == known.digest:
            return "", tuple(known), b""
        entry = Entry(Source(path, data), each.kind)
        result = check_record(entry, self._context, self._days.as_of, self._days.rules_of)
        return "", tuple(known), dumped(packed(result))


def _read(work: _Work, unread: list[_Unread], store: Store, walk: Walk, jobs: int) -> Iterator[Entry]:
    """The files that have to be read, each with what the record stage says of it, and all of it kept in the store."""
    batches = list(_batches(unread))
    enough = sum(each.found.st_size for each in unread) >= WORTH_A_COPY
    for place, done in shared(work, batches, jobs if enough else 1, _told_once()):
        for each, (why, known, found) in zip(batches[place], loaded(done), strict=True):
            path = work.catalogue.shown(each.inside)
            if why:
                walk.unreadable.append((path, why))
                continue
            kept = store.get(path)
            value = found or (kept[1] if kept is not None else b"")
            # What is known already need not be written anew.
            if found or kept is None or not kept[0].is_still(each.found, work.clock()):
                store.put(path, Known(*known), value)
            yield _known(path, each.kind, value)


def _batches(unread: list[_Unread]) -> Iterator[list[_Unread]]:
    """The files in stretches of about as many bytes."""
    batch: list[_Unread] = []
    size = 0
    for each in unread:
        batch.append(each)
        size += each.found.st_size
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _told_once() -> Callable[[], None]:
    """Says on standard error, the first time it is called, that a process died."""
    told: list[bool] = []

    def lost() -> None:
        if not told:
            sys.stderr.write("mcred: a process ended before its work was done; the rest is done without it\n")
            told.append(True)

    return lost
