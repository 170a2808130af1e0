"""What was found out about each file of a catalogue, and whether the file is still the one that it was."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from mcred.hashing import blake2b
from mcred.store import blocks

GRAIN = 2_000_000_000
"""Nanoseconds within which two changes of a file may bear one time; the coarsest file systems count in twos."""

PER_BLOCK = 256
"""Files that share a block: a change of one writes all of them anew."""


class Known(NamedTuple):
    """How the system knew a file when it was read: size, times and number, the moment, and a digest of its bytes."""

    size: int
    changed: int
    altered: int
    number: int
    read_at: int
    digest: bytes

    @classmethod
    def of(cls, found: os.stat_result, data: bytes, read_at: int) -> "Known":
        """A file by what `lstat` said of it before its bytes were read at `read_at`, in nanoseconds."""
        return cls(*_identity(found), read_at, digest(data))

    def is_still(self, found: os.stat_result, now: int) -> bool:
        """Whether the file is surely the one that was read, by what `lstat` says of it at `now`.

        A file that was written shortly before it was read may have been written again without another time; of a clock
        that has been set back nothing can be told. In both cases only the bytes can tell.
        """
        settled = max(self.changed, self.altered) + GRAIN < self.read_at <= now
        return settled and self[:4] == _identity(found)


def _identity(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


DIGEST = 16
"""Bytes of what stands for those of a file."""


def digest(data: bytes) -> bytes:
    """What stands for the bytes of a file."""
    return blake2b(data, digest_size=DIGEST).digest()


def room(cache: Path, catalogue: str) -> Path:
    """The folder of what is kept of one catalogue, in the cache."""
    return cache / digest(catalogue.encode("utf-8", "surrogateescape")).hex()


class Store:
    """The results of one catalogue, by the paths of its files.

    `folder` is the cache; None where there is none, and then nothing is known and nothing kept. `catalogue` names the
    catalogue among those of the cache, `key` says all that results depend on besides a file's bytes: under another key
    none of them counts. `size` is about how many files there are. Values are bytes: those that nobody asks for take
    no time to read, and little room.
    """

    def __init__(self, folder: Path | None, catalogue: str, key: str, size: int) -> None:
        self._cache = folder
        self._key = key
        self.folder = room(folder, catalogue) if folder else Path()
        self._number = max(1, 1 << (size // PER_BLOCK).bit_length() >> 1)
        self._blocks: dict[int, dict[str, tuple[Any, ...]]] = {}
        self._seen: set[str] = set()
        self._changed: set[int] = set()

    def get(self, path: str) -> tuple[Known, bytes] | None:
        """What was known of a file, and the value kept with it."""
        if self._cache is None:
            return None
        self._seen.add(path)
        found = self._block(path).get(path)
        return (Known(*found[0]), found[1]) if found is not None else None

    def put(self, path: str, known: Known, value: bytes) -> None:
        """Keep a value of a file for later runs."""
        if self._cache is None:
            return
        self._seen.add(path)
        self._block(path)[path] = (tuple(known), value)
        self._changed.add(self._place(path))

    def save(self) -> None:
        """Write what has changed, without files that nobody asked for since the store was opened."""
        if self._cache is None:
            return
        stale = {place for place, block in self._blocks.items() if self._forget(block)}
        for place in stale | self._changed:
            self._write(place, self._blocks[place])
        if stale or self._changed:
            self._tidy(self._cache)
        self._changed.clear()
        with suppress(OSError):
            os.utime(self.folder)

    def _forget(self, block: dict[str, tuple[Any, ...]]) -> bool:
        """Take out of a block what nobody asked for; whether there was any."""
        gone = block.keys() - self._seen
        for path in gone:
            del block[path]
        return bool(gone)

    def _place(self, path: str) -> int:
        return crc32(path.encode("utf-8", "surrogateescape")) & (self._number - 1)

    def _block(self, path: str) -> dict[str, tuple[Any, ...]]:
        place = self._place(path)
        block = self._blocks.get(place)
        if block is None:
            found = blocks.read(self._path(place)) if self._cache is not None else None
            # Data that is whole and not ours (another key, another version) is as good as none.
            match found:
                case (self._key, dict(held)):
                    block = held
                case _:
                    block = {}
            self._blocks[place] = block
        return block

    def _path(self, place: int) -> Path:
        return self.folder / f"{self._number}-{place}"

    def _write(self, place: int, block: dict[str, tuple[Any, ...]]) -> None:
        blocks.put(self._path(place), (self._key, block))

    def _tidy(self, cache: Path) -> None:
        """Remove what earlier runs left behind here, and of other catalogues what is too much."""
        blocks.sweep(self.folder, {self._path(place).name for place in range(self._number)})
        blocks.bound(cache, self.folder)
