"""Files of the cache, each whole or of no account.

A block is a small file that holds plain data behind its checksum. It is written beside its place and moved there, so
that whoever reads it finds the old one or the new one; where it is damaged, foreign or of another Python, it says
nothing and is written anew. Of two that write one block the last one stays, and either is right.
"""

import marshal
import os
import shutil
import stat
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from mcred.hashing import blake2b

_HEAD = b"mcred block 1\n"
_SUM = 16

LARGEST = 512 * 1024 * 1024
"""Bytes that the cache may come to; what was not used for longest goes first."""

DAY = 24 * 3600

OLDEST = 90 * DAY
"""Seconds after which a part of the cache that nobody used goes."""

_ABANDONED = 3600
"""Seconds after which nobody is still writing a block."""

_TIDIED = "tidied"
"""The file whose time tells when the cache was last looked through for what is too much."""


def dumped(data: Any) -> bytes:
    """Plain data as bytes: texts, numbers, bytes, None, and tuples, lists and dicts of these.

    Raises:
        ValueError: it is something else.
    """
    return marshal.dumps(data)


def loaded(data: bytes | memoryview) -> Any:
    """The plain data of bytes that this Python made: out of a block, or in another process."""
    return marshal.loads(data)  # noqa: S302 - nothing else is handed in


def read(path: Path) -> Any:
    """The data of a block, or None where there is none that can be trusted."""
    try:
        with os.fdopen(_opened(path), "rb") as file:
            text = file.read()
    except OSError:
        return None
    start = len(_HEAD) + _SUM
    body = memoryview(text)[start:]
    if text[: len(_HEAD)] != _HEAD or text[len(_HEAD) : start] != checksum(body):
        return None
    try:
        return loaded(body)
    except (ValueError, EOFError, TypeError):  # written whole by a Python that knew more of marshal than this one
        return None


def noted(folder: Path | None, key: str, make: Callable[[], Any]) -> Any:
    """What an earlier run noted in a folder under a key, else what is made, and noted there in its place."""
    path = folder / "note" if folder is not None else None
    match read(path) if path is not None else None:
        case (str(known), found) if known == key:
            return found
    made = make()
    if path is not None:
        put(path, (key, made))
    return made


def _opened(path: Path) -> int:
    """A file of one's own, opened: another user's, a link or a pipe in its place may be meant to harm."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or (hasattr(os, "geteuid") and found.st_uid != os.geteuid()):
        os.close(handle)
        raise PermissionError(path)
    return handle


def write(path: Path, data: Any) -> None:
    """Put a block in its place, or leave what is there: a cache that cannot be written costs time and nothing else."""
    body = dumped(data)
    beside = path.with_name(f"{path.name}.{os.urandom(8).hex()}.new")
    try:
        with beside.open("xb") as file:
            file.write(_HEAD + checksum(body) + body)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()


def put(path: Path, data: Any) -> None:
    """Write a block, in a folder that is made where it is not there yet."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(path, data)


def checksum(body: bytes | memoryview) -> bytes:
    """What stands before the data of a block."""
    return blake2b(body, digest_size=_SUM).digest()


class Usage(NamedTuple):
    """What a cache holds."""

    files: int
    size: int


def usage(folder: Path) -> Usage:
    """How many files the cache has, and how many bytes they come to."""
    sizes = [found.st_size for found in _files(folder)]
    return Usage(len(sizes), sum(sizes))


def _files(folder: Path) -> Iterator[os.stat_result]:
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                yield Path(where, name).lstat()


def clear(folder: Path) -> Usage:
    """Take the cache away, and say what it held.

    Raises:
        OSError: something in it cannot be removed.
    """
    held = usage(folder)
    if folder.exists():
        shutil.rmtree(folder)
    return held


def sweep(folder: Path, own: Collection[str]) -> None:
    """Remove from the folder of a catalogue all but its own blocks: what earlier runs left behind."""
    with suppress(OSError):
        for path in folder.iterdir():
            # A block that another process is about to put in its place is new; one that was left behind is not.
            if path.name not in own and path.stat().st_mtime < time.time() - _ABANDONED:
                path.unlink()


def bound(folder: Path, own: Path, most: int = LARGEST) -> None:
    """Once a day remove of a cache, but for `own`, what nobody used for long, and what makes it too large."""
    now = time.time()
    noted = folder / _TIDIED
    with suppress(OSError):
        if noted.exists() and 0 <= now - noted.stat().st_mtime < DAY:
            return
        noted.touch()
        parts = [(part.stat().st_mtime, usage(part).size, part) for part in folder.iterdir() if part != own]
        room = most - usage(own).size
        for used, size, part in sorted(parts, reverse=True):
            room -= size
            if room < 0 or now - used > OLDEST:
                shutil.rmtree(part, ignore_errors=True)
