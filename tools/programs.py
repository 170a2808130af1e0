"""Installs the programs that only some tests need: `make test-programs`.

What runs under Node.js has its version in the lock beside its tests, and goes into .venv, so that `make clean` takes it
away and nothing of it can be committed. A browser and an office program come from Debian, where this may install them.
What cannot be had here is named; its tests are then skipped and say so, except in CI, where that is a failure.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tools import environment

ROOT = Path(__file__).resolve().parent.parent
FILES = ("package.json", "package-lock.json")


class Packages(NamedTuple):
    """Packages of Node.js that the tests in a folder need: that folder's name, and what they are called."""

    tests: str
    about: str

    @property
    def locked(self) -> Path:
        """Where their versions stand."""
        return ROOT / "tests" / self.tests

    @property
    def folder(self) -> Path:
        """Where they are installed."""
        return ROOT / ".venv" / self.tests

    def missing(self) -> str:
        """What there is to say if they cannot be used; the empty string if they can."""
        for program in ("node", "npm"):
            if shutil.which(program) is None:
                return f"{program} is not on the path, so {self.about} cannot be run"
        stamp = self.folder / "ready"
        ready = stamp.is_file() and stamp.read_text("utf-8") == self._key()
        return "" if ready else f"{self.about} is not installed: make test-programs"

    def install(self) -> None:
        """Install what the lock says."""
        if shutil.which("npm") is None:
            return
        environment.say(f"installing {self.about}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name in FILES:
            shutil.copy(self.locked / name, self.folder / name)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run(npm, cwd=self.folder, check=False, stdout=subprocess.DEVNULL).returncode == 0:
            (self.folder / "ready").write_text(self._key(), "utf-8")

    def _key(self) -> str:
        digest = hashlib.sha256()
        for name in FILES:
            digest.update((self.locked / name).read_bytes())
        return digest.hexdigest()


class Program(NamedTuple):
    """A program of the system: its command, and Debian's package that brings it."""

    command: str
    package: str

    def missing(self) -> str:
        """What there is to say if it is not there; the empty string if it is."""
        return (
            "" if shutil.which(self.command) else f"{self.command} is not on the path: apt-get install {self.package}"
        )

    def install(self) -> None:
        """Install it where that is possible."""
        environment.install(self.package)


class Printing(NamedTuple):
    """What WeasyPrint needs of the system to write PDF."""

    def missing(self) -> str:
        """What there is to say if it is not there; the empty string if it is."""
        return (
            ""
            if environment.can_print()
            else f"no PDF can be written: apt-get install {' '.join(environment.PRINTING)}"
        )

    def install(self) -> None:
        """Install it where that is possible."""
        environment.install(*environment.PRINTING)


LANGUAGE_SERVER = Packages("editor", "the language server")
PAGE_CHECKER = Packages("browser", "what looks at pages")
WORKFLOW_CHECKER = Packages("ci", "what reads workflows")
BROWSER = Program("chromium", "chromium")
OFFICE = Program("soffice", "libreoffice-calc")
WRITER = Program("lowriter", "libreoffice-writer")
PRINTING = Printing()


def in_ci() -> bool:
    """Whether what is missing is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def main() -> int:
    """Install what is not there yet."""
    status = 0
    for needed in (LANGUAGE_SERVER, PAGE_CHECKER, WORKFLOW_CHECKER, BROWSER, OFFICE, WRITER, PRINTING):
        if needed.missing():
            needed.install()
        if reason := needed.missing():
            environment.say(reason)
            status = 1 if in_ci() else 0
    return status


if __name__ == "__main__":
    sys.exit(main())
