"""That a run left a folder as it is: the next run of the same things looks at the files once, and is done.

A stamp lies in the user's cache folder, never in the tree. It says what a run was made from, as one digest, and how the
system knows each file that it wrote. Where anything differs, or the stamp cannot be read, the run is made anew.
"""

import json
import os
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from mcred import __version__
from mcred.errors import McredError
from mcred.workspace.catalogue import Workspace
from mcred.workspace.files import write
from mcred.workspace.shipped import PACKAGE, SHIPPED, TEMPLATES
from mcred.workspace.walking import Walk

_LARGEST = 64 * 1024 * 1024


class Stamp:
    """The stamp of a run: `asked` is what was asked for, in words that tell two runs apart."""

    def __init__(self, catalogue: Workspace, walk: Walk, output: Path, asked: Iterable[str]) -> None:
        self._output = output
        name = blake2b(json.dumps([str(catalogue.root), os.path.abspath(output), *asked]).encode(), digest_size=16)
        cache = _cache_folder()
        self._path = cache / "render" / f"{name.hexdigest()}.json" if cache is not None else None
        self._inputs = _inputs(catalogue, walk) if self._path is not None else ""

    def files(self) -> list[str] | None:
        """The files of the last run, if nothing that it was made from or wrote has changed since; else None."""
        if self._path is None:
            return None
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(_LARGEST))
            same = found["inputs"] == self._inputs and all(
                _known(self._output / path) == known for path, known in found["files"].items()
            )
            return [*found["files"]] if same else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def leave(self, files: Iterable[str]) -> None:
        """Note that a run wrote these files, or found them as they should be."""
        if self._path is None:
            return
        # What cannot be noted costs the next run its time and nothing else.
        with suppress(OSError, McredError):
            noted = {"inputs": self._inputs, "files": {path: _known(self._output / path) for path in files}}
            write(self._path, json.dumps(noted), overwrite=True, durable=False)


def _known(path: Path) -> list[int]:
    """How the system knows a file; whoever changes it cannot keep all of this."""
    found = os.lstat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _inputs(catalogue: Workspace, walk: Walk) -> str:
    """All that documents are made from, as one digest: records, templates, and mcred itself."""
    digest = blake2b(digest_size=16)
    for name in walk.files:
        digest.update(f"{name}\n".encode())
    for entry in catalogue.entries(walk):
        digest.update(f"{entry.source.path} {len(entry.source.data)}\n".encode())
        digest.update(entry.source.data)
    for name, data in catalogue.own_templates.items():
        digest.update(f"{name} {len(data)}\n".encode())
        digest.update(data)
    digest.update(f"{__version__} {sys.version}\n".encode())
    for folder in (PACKAGE, SHIPPED / "schemas", SHIPPED / TEMPLATES):
        for path in sorted(each for each in folder.rglob("*") if each.suffix in _SOURCES):
            digest.update(f"{path} {_known(path)}\n".encode())
    # The names of these folders tell which version of each library is installed.
    installed = (name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info"))
    digest.update("\n".join(sorted(installed)).encode())
    return digest.hexdigest()


_SOURCES = (".py", ".json", ".yaml", ".j2", ".css")


def _cache_folder() -> Path | None:
    """The folder of mcred in the user's cache; None where the user has none."""
    for name, below in (("XDG_CACHE_HOME", ""), ("LOCALAPPDATA", ""), ("HOME", ".cache")):
        found = os.environ.get(name)
        if found and os.path.isabs(found):
            return Path(found, below, "mcred")
    return None
