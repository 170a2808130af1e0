"""A folder that documents are written into: only what changed is written, and nothing outside it."""

import os
import stat
from enum import Enum
from pathlib import Path

from mcred.errors import McredError
from mcred.workspace.files import write


class Outcome(Enum):
    """What became, or would become, of a file."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"


class Output:
    """A folder to write into. It may be a link itself, since the user named it; below it no link is followed."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which need not be there yet.

        Raises:
            McredError: something that is no folder stands in its place or on the way there.
        """
        found = next((each for each in (folder, *folder.parents) if each.exists()), folder)
        if found.exists() and not found.is_dir():
            raise McredError(f"{found} is no folder, so nothing is written there: name another --output")
        self.folder = folder
        self._made: set[Path] = set()

    def shown(self, inside: str) -> str:
        """A path below the folder as the user would write it."""
        return (self.folder / inside).as_posix()

    def compare(self, inside: str, data: bytes) -> Outcome:
        """What writing would change.

        Raises:
            McredError: the path leads out of the folder, or cannot be read.
        """
        path = self._path(inside)
        try:
            found = os.lstat(path)
            if not stat.S_ISREG(found.st_mode):
                return Outcome.CHANGED
            same = found.st_size == len(data) and path.read_bytes() == data
        except FileNotFoundError:
            return Outcome.NEW
        except OSError as error:
            raise McredError(f"cannot read {path}: {error.strerror or error}") from error
        return Outcome.UNCHANGED if same else Outcome.CHANGED

    def write(self, inside: str, data: bytes) -> Outcome:
        """Write a file where it is not yet as it should be, whole or not at all.

        Raises:
            McredError: the path leads out of the folder, or cannot be written.
        """
        outcome = self.compare(inside, data)
        if outcome is not Outcome.UNCHANGED:
            # What is lost in a power cut is made again by the next run.
            write(self._path(inside), data, overwrite=True, durable=False)
        return outcome

    def _path(self, inside: str) -> Path:
        path = self.folder / inside
        for folder in reversed(path.relative_to(self.folder).parents[:-1]):
            self._enter(self.folder / folder)
        return path

    def _enter(self, folder: Path) -> None:
        if folder in self._made:
            return
        try:
            mode = os.lstat(folder).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(mode):
            what = "a link" if stat.S_ISLNK(mode) else "no folder"
            raise McredError(f"{folder} is {what}, so nothing is written there: take it away or name another --output")
        self._made.add(folder)
