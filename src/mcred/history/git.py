"""Running git on a repository that may have been made to do harm.

Configuration of a repository names programs (hooks, a file system monitor, filters, pagers, helpers of transport), and
a clone may fetch what it lacks from an address of its own choosing. So every call switches these off, and none is made
that would need them: objects are read by their ids, and a revision becomes an id in one place.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from mcred.errors import McredError

SWITCHED_OFF = (
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "log.showSignature=false"),
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
)
"""What stands before every command of git."""

ENVIRONMENT = {
    # Over every `protocol.*.allow` that a repository may set for a transport of its own.
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # What git says is recognised by its words.
    "LC_ALL": "C",
}


class GitFailed(McredError):
    """Git could not do what was asked; the message is what it said."""


class Git:
    """The git of a repository, by the folder of its working tree, which holds `.git`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        # In a hook GIT_DIR and GIT_INDEX_FILE name another repository; nor may one around this folder stand in for it.
        self._environment = {**inherited, **ENVIRONMENT, "GIT_CEILING_DIRECTORIES": os.path.realpath(folder.parent)}

    def with_index(self, file: Path) -> "Git":
        """The same, with a file that stands for the index."""
        other = Git(self.folder)
        other._environment["GIT_INDEX_FILE"] = str(file)
        return other

    def with_tree(self, folder: Path) -> "Git":
        """The same repository, with a folder that stands for the working tree."""
        other = Git(folder)
        other._environment["GIT_DIR"] = os.fsdecode(self.run("rev-parse", "--absolute-git-dir")).strip()
        other._environment["GIT_WORK_TREE"] = os.path.realpath(folder)
        return other

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """What a command prints, to which some bytes may be given.

        Raises:
            GitFailed: it ended with a fault.
            McredError: there is no git.
        """
        with self._started(arguments, subprocess.DEVNULL if given is None else subprocess.PIPE) as process:
            out, said = process.communicate(given)
        if process.returncode:
            raise GitFailed(_plain(said))
        return out

    @contextmanager
    def reading(self, lines: Iterable[str], *arguments: str) -> Iterator[IO[bytes]]:
        """What a command prints that is given some lines, to be read as it comes."""
        # From a file, not through a pipe: neither side has to wait for the other.
        with TemporaryFile() as given:
            given.writelines(f"{line}\n".encode() for line in lines)
            given.seek(0)
            with self._started(arguments, given, subprocess.DEVNULL) as process:
                yield cast("IO[bytes]", process.stdout)

    def asking(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A command that is running, to be asked and answered line by line."""
        return self._started(arguments, subprocess.PIPE, subprocess.DEVNULL)

    def _started(
        self, arguments: Iterable[str], given: int | IO[bytes], said: int = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - a fixed command, and revisions only behind --end-of-options
            [_program(), *SWITCHED_OFF, *arguments],
            cwd=os.path.realpath(self.folder),
            env=self._environment,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=said,
        )


def _program() -> str:
    """The git of the PATH; not one that lies in the folder where mcred runs, which may be anybody's.

    Raises:
        McredError: there is none.
    """
    found = shutil.which("git")
    if found is None or not Path(found).is_absolute():
        raise McredError("there is no git on the PATH: install Git, which keeps what was there before")
    return found


def _plain(said: bytes) -> str:
    """What git said, without the word that it begins with."""
    lines = (line.strip() for line in said.decode("utf-8", "replace").splitlines())
    return "; ".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in lines if line)
