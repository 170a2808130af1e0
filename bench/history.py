"""When each file was changed last, once as mcred tells it and once by nothing but the command of Git underneath.

`history.py mcred FOLDER` or `history.py bare FOLDER`, where FOLDER is a Git repository with a catalogue. Both start
Python and import the same.
"""

import sys
from pathlib import Path

from mcred.history import Repository
from mcred.history.git import Git

FOLDER = "catalogue"
LOG = (
    *("log", "--first-parent", "--diff-merges=first-parent", "--format=%x01%H%x01%ct%x01%an%x01%s"),
    *("-r", "-M", "-z", "--raw", "--no-abbrev", "HEAD", "--", FOLDER),
)


def bare(folder: Path) -> int:
    """What Git prints of all commits; nobody reads it."""
    return Git(folder).run(*LOG).count(b"\x01") // 4


def mcred(folder: Path) -> int:
    """The last change of each file."""
    repository = Repository(folder)
    return len(repository.last_changes(repository.commit("HEAD"), FOLDER))


if __name__ == "__main__":
    if {"mcred": mcred, "bare": bare}[sys.argv[1]](Path(sys.argv[2])) < 1000:
        sys.exit(f"history: {sys.argv[2]} has not a thousand of what is counted")
