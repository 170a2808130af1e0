"""mcred as it is installed, and where it may keep what it found out: what a cache of results needs to know of both."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from mcred import __version__
from mcred.workspace.shipped import PACKAGE, SHIPPED, TEMPLATES

_SOURCES = (".py", ".json", ".yaml", ".j2", ".css")


@cache
def program_digest() -> str:
    """What stands for this mcred: its code, schemas, frameworks and templates, Python, and the libraries installed."""
    from mcred.hashing import blake2b

    parts = [f"{__version__} {sys.version}"]
    for folder in filter(Path.is_dir, (PACKAGE, SHIPPED / "schemas", SHIPPED / TEMPLATES)):
        parts += sorted(f"{path} {found}" for path, found in _files(folder))
    for folder in map(Path, sys.path):
        # The names of these folders tell which version of each library is installed.
        with suppress(OSError):
            parts += sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))
    return blake2b("\n".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _files(folder: Path | str) -> Iterator[tuple[str, list[int]]]:
    """The files that mcred is made of below a folder, and how the system knows each."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == "__pycache__":  # what Python keeps of them, by their size and time
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            elif entry.name.endswith(_SOURCES):
                yield entry.path, _identity(entry.stat(follow_symlinks=False))


def identity(path: Path) -> list[int]:
    """How the system knows a file; whoever changes it cannot keep all of this."""
    return _identity(os.lstat(path))


def _identity(found: os.stat_result) -> list[int]:
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def cache_folder() -> Path | None:
    """The folder of mcred in the user's cache; None where the user has none."""
    for name, below in (("XDG_CACHE_HOME", ""), ("LOCALAPPDATA", ""), ("HOME", ".cache")):
        found = os.environ.get(name)
        if found and os.path.isabs(found):
            return Path(found, below, "mcred")
    return None
