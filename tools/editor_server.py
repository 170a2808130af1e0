"""Installs the language server with which the tests in tests/editor talk: `make editor-server`.

The version is that of the lock beside those tests. It goes into .venv/editor, so that `make clean` takes it away and
nothing of it can be committed. Without Node.js and npm there is nothing to install: the tests are then skipped and say
so, except in CI, where that is a failure.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ROOT / "tests" / "editor"
FOLDER = ROOT / ".venv" / "editor"
STAMP = FOLDER / "ready"
PROGRAM = FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"

FILES = ("package.json", "package-lock.json")


def in_ci() -> bool:
    """Whether what is missing is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def missing() -> str:
    """What there is no language server without; the empty string if it can be run."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"{program} is not on the path"
    return "" if ready() else "the language server is not installed: make editor-server"


def ready() -> bool:
    """Whether what is installed is what the lock says."""
    return PROGRAM.is_file() and STAMP.is_file() and STAMP.read_text("utf-8") == key()


def key() -> str:
    """What the locked files come to."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((LOCKED / name).read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Install it where that is not done yet."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            print(f"set-up: {program} is not on the path, so the tests with an editor cannot be run", file=sys.stderr)
            return 1 if in_ci() else 0
    if ready():
        return 0
    print("set-up: installing the language server for the tests with an editor", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in FILES:
        shutil.copy(LOCKED / name, FOLDER / name)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(npm, cwd=FOLDER, check=False, stdout=subprocess.DEVNULL).returncode:
        print("set-up: npm could not install it; its message stands above", file=sys.stderr)
        return 1
    STAMP.write_text(key(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
