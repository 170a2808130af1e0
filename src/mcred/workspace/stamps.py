"""That a run left a folder as it is: the next run of the same things looks at the files once, and is done.

A stamp lies in the user's cache folder, never in the tree. It says what a run was made from, as one digest, and how the
system knows each file that it wrote. Where anything differs, or the stamp cannot be read, the run is made anew.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from mcred.errors import McredError
from mcred.hashing import blake2b
from mcred.workspace.catalogue import Workspace
from mcred.workspace.files import write
from mcred.workspace.program import cache_folder, identity, program_digest
from mcred.workspace.walking import Walk

_LARGEST = 64 * 1024 * 1024


class Stamp:
    """The stamp of a run: `asked` is what was asked for, in words that tell two runs apart."""

    def __init__(self, catalogue: Workspace, walk: Walk, output: Path, asked: Iterable[str]) -> None:
        self._output = output
        name = blake2b(json.dumps([str(catalogue.root), os.path.abspath(output), *asked]).encode(), digest_size=16)
        cache = cache_folder()
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
                identity(self._output / path) == known for path, known in found["files"].items()
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
            noted = {"inputs": self._inputs, "files": {path: identity(self._output / path) for path in files}}
            write(self._path, json.dumps(noted), overwrite=True, durable=False)


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
    digest.update(program_digest().encode())
    return digest.hexdigest()
