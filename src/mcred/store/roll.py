"""What was found in all files of a catalogue, in one piece: where nothing changed, few words say so of all of them."""

import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from mcred.store import blocks
from mcred.store.results import DIGEST, GRAIN, room

_NUMBERS = 4
"""Numbers by which the system knows a file."""

_WIDTH = 8 * _NUMBERS

_MOST = (1 << 64) - 1
"""The largest number there is room for; of a file of which times tell nothing, each number."""


NEVER = -1
"""When files were read of which nothing is known."""


class Standing:
    """Files in an order, and how the system knows each: by its size, its times and its number."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._numbers = array("Q")

    def add(self, path: str, found: os.stat_result) -> None:
        """Add a file, by what `lstat` says of it."""
        self.paths.append(path)
        # Whatever a file system says has its place in 64 bits: a day before 1970, one after 2262.
        self._numbers.extend(
            (found.st_size, found.st_mtime_ns & _MOST, found.st_ctime_ns & _MOST, found.st_ino & _MOST)
        )

    def size(self, place: int) -> int:
        """How many bytes a file has."""
        return self._numbers[_NUMBERS * place]

    def read(self, place: int, at: int) -> None:
        """Note when a file was read: of one that was written shortly before, times will tell nothing."""
        first = _NUMBERS * place
        if max(self._numbers[first + 1 : first + 3]) + GRAIN >= at:
            self.doubt(place)

    def doubt(self, place: int) -> None:
        """Note that a file will have to be read again, whatever its times say."""
        self._numbers[_NUMBERS * place : _NUMBERS * (place + 1)] = array("Q", [_MOST] * _NUMBERS)

    def packed(self) -> tuple[str, bytes]:
        """It as plain data."""
        return "\0".join(self.paths), self._numbers.tobytes()


class Found(NamedTuple):
    """What was found in a file: what stands for its bytes, and a value; without a value it could not be read."""

    digest: bytes = bytes(DIGEST)
    value: bytes = b""


class Roll:
    """What is kept of files: how the system knew them when they were read, what was found in each, and of all of them.

    `whole` is plain data that was made of all values. Values are bytes, those that nobody asks for take no time.
    """

    def __init__(
        self,
        paths: str = "",
        numbers: bytes = b"",
        digests: bytes = b"",
        ends: bytes = b"",
        values: bytes = b"",
        whole: Any = None,
        read_at: int = NEVER,
    ) -> None:
        self._parts = (paths, numbers, digests, ends, values, whole, read_at)
        self._paths, self._numbers, self._digests, self._values = paths, numbers, digests, values
        self._ends = array("Q", ends)
        self.whole = whole
        self._read_at = read_at

    def updated(
        self, standing: Standing, found: Sequence[Found], whole: Callable[[Iterable[bytes]], Any], read_at: int
    ) -> "Roll":
        """What is known of files from now on, which is this where nothing is new.

        `whole` makes one thing of all values; `read_at` is not before any of the files was read.
        """
        ends = array("Q", accumulate(len(each.value) for each in found)).tobytes()
        digests, values = (b"".join(column) for column in zip(*(found or [Found()]), strict=True))
        paths, numbers = standing.packed()
        same = self._read_at != NEVER and (paths, ends, values) == (self._paths, self._ends.tobytes(), self._values)
        if same and (numbers, digests) == (self._numbers, self._digests) and self._read_at <= read_at:
            return self
        made = self.whole if same else whole(each.value for each in found)
        return Roll(paths, numbers, digests, ends, values, made, read_at)

    def tells_of(self, standing: Standing, now: int) -> bool:
        """Whether all files surely are those that were read, and there are no others."""
        return NEVER < self._read_at <= now and (self._paths, self._numbers) == standing.packed()

    def __getitem__(self, place: int) -> Found:
        """What was found in the file at a place."""
        start = self._ends[place - 1] if place else 0
        value = self._values[start : self._ends[place]]
        return Found(self._digests[DIGEST * place : DIGEST * (place + 1)], value)

    def __len__(self) -> int:
        return len(self._ends)

    def known(self, standing: Standing, now: int) -> Iterator[tuple[Found, bool]]:
        """What was found in each of some files, nothing in a new one, and whether it surely is as it was then."""
        _, numbers = standing.packed()
        for place, path in enumerate(standing.paths):
            before = self._places.get(path)
            if before is None:
                yield Found(), False
                continue
            new, old = (slice(_WIDTH * each, _WIDTH * (each + 1)) for each in (place, before))
            yield self[before], self._read_at <= now and numbers[new] == self._numbers[old]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {path: place for place, path in enumerate(self._paths.split("\0"))} if self._ends else {}

    # --- on disk ------------------------------------------------------------------------------------------------------

    @classmethod
    def kept(cls, cache: Path | None, catalogue: str, key: str) -> "Roll":
        """What an earlier run kept of a catalogue under a key; nothing where it did not, or it cannot be read."""
        match blocks.read(_path(cache, catalogue)) if cache is not None else None:
            case (str(known), tuple(parts)) if known == key:
                return cls(*parts)
        return cls()

    def keep(self, cache: Path | None, catalogue: str, key: str) -> None:
        """Keep it for later runs, in the place of what was kept."""
        if cache is None:
            return
        path = _path(cache, catalogue)
        blocks.put(path, (key, self._parts))
        blocks.sweep(path.parent, {path.name})
        blocks.bound(cache, path.parent)

    @staticmethod
    def used(cache: Path | None, catalogue: str) -> None:
        """Note that what is kept of a catalogue is still asked for."""
        if cache is not None:
            with suppress(OSError):
                os.utime(room(cache, catalogue))


def _path(cache: Path, catalogue: str) -> Path:
    return room(cache, catalogue) / "roll"
