"""Commits that mcred makes: of some files alone, beside whatever else is staged, changed or checked out.

No program of the repository has a part in it: hooks are off, bytes are stored as they are, and nothing is signed. What
is staged stays staged, since the commit is put together in an index of its own.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from mcred.errors import McredError, UsageError
from mcred.history.git import Git, GitFailed
from mcred.history.repository import Blob, id_of, unreadable

ATTEMPTS = 5
"""How often a commit is put on the branch anew where somebody else was quicker."""


class File(NamedTuple):
    """A file that is to be committed: its path from the repository, its bytes as they were, and as they are to be."""

    path: str
    old: bytes
    new: bytes


class Made(NamedTuple):
    """A commit that was made, and the branch that it is on."""

    commit: str
    branch: str


class Recording:
    """A commit that is to be made of some files, in the repository whose working tree is a folder.

    It is made on the branch that is checked out, or on a new one that begins there.

    Raises:
        UsageError: the new branch has a name that none may have, or that another one has.
        McredError: nobody could commit here now, or a file has changes that are not of this commit.
    """

    def __init__(self, folder: Path, files: Iterable[File], branch: str | None = None) -> None:
        self._git = Git(folder)
        self._files = tuple(files)
        with _failing(UNWRITTEN):
            self._refuse_unready(folder)
            self._branch = self._current() if branch is None else self._new(branch)
            self._begins = branch is not None
            head = self._head()
            self._fresh = {each.path for each in self._files if self._committed_before(head, each) is None}
            self._refuse_changed(head, UNWRITTEN)

    def commit(self, message: str) -> Made:
        """Commit the files with their new bytes.

        Raises:
            McredError: others keep committing, one of them changed such a file, or Git cannot do it.
        """
        for _ in range(ATTEMPTS):
            with _failing(WRITTEN):
                head = self._head()
                modes = self._refuse_changed(head, WRITTEN)
                stored = {each.path: self._stored(each, modes[each.path]) for each in self._files}
                made = self._committed(head, stored, message)
            if self._moved(head, made):
                self._noted(stored)
                return Made(made, self._branch)
        raise McredError(f"{WRITTEN}: others keep committing; run `git commit` yourself")

    # --- whether it can be done ---------------------------------------------------------------------------------------

    def _refuse_unready(self, folder: Path) -> None:
        try:
            self._git.run("rev-parse", "--git-dir")
        except GitFailed as error:
            raise McredError(f"{UNWRITTEN}: {unreadable(folder, str(error), TO_COMMIT_TO)}") from error
        except McredError as error:  # there is no git
            raise McredError(f"{UNWRITTEN}: {error}") from error
        try:
            self._head()
        except GitFailed as error:
            raise McredError(f"{UNWRITTEN}: the repository has no commit yet; make the first one") from error
        for name, what in UNDER_WAY.items():
            place = folder / self._text("rev-parse", "--git-path", name)
            if place.exists():
                raise McredError(f"{UNWRITTEN}: {what} is under way in this repository; finish it first")
        try:
            self._git.run("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
            self._git.run("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT")
        except GitFailed as error:
            raise McredError(
                f"{UNWRITTEN}: Git does not know who you are; tell it once: "
                'git config --global user.name "Your Name", and git config --global user.email you@example.org'
            ) from error

    def _current(self) -> str:
        try:
            return self._text("symbolic-ref", "--quiet", "HEAD").removeprefix("refs/heads/")
        except GitFailed as error:
            raise McredError(
                f"{UNWRITTEN}: no branch is checked out, so a commit would be lost; "
                "`git switch NAME` goes to one, and --branch NAME begins one"
            ) from error

    def _new(self, name: str) -> str:
        try:
            self._git.run("check-ref-format", f"refs/heads/{name}")
        except GitFailed as error:
            raise UsageError(f"--branch: '{name}' is no name that a branch may have") from error
        if name.startswith("-") or name == "HEAD":
            raise UsageError(f"--branch: '{name}' is no name that a branch may have")
        first = f"refs/heads/{name.partition('/')[0]}"
        for taken in self._text("for-each-ref", "--format=%(refname:lstrip=2)", first).splitlines():
            if taken == name:
                raise UsageError(
                    f"--branch: there is a branch '{name}'; choose another name, or go there by `git switch {name}`"
                )
            # A branch is a file below `refs`, and a file is no folder.
            if f"{taken}/".startswith(f"{name}/") or f"{name}/".startswith(f"{taken}/"):
                raise UsageError(
                    f"--branch: there is a branch '{taken}', so '{name}' cannot be one; choose another name"
                )
        return name

    def _head(self) -> str:
        return self._text("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")

    def _refuse_changed(self, head: str, so_far: str) -> Mapping[str, Blob]:
        """The files as the commit has them; none may differ from it, neither in the folder nor in what is staged.

        Of one that is new to Git the commit holds all, whether it is staged as it was or not at all.
        """
        found: dict[str, Blob] = {}
        for each in self._files:
            blob = self._committed_before(head, each)
            staged = self._listed("ls-files", "-z", "--stage", "--full-name", "--", each.path)
            if blob is None and each.path in self._fresh:
                blob = Blob(REGULAR, id_of(each.old, head))
                staged = staged or blob
            if blob is None or staged is None or staged.id != blob.id or not blob.holds(each.old):
                raise McredError(
                    f"{so_far}: {each.path} has changes that are not committed yet; "
                    "commit them or take them back first, or leave out --commit"
                )
            found[each.path] = blob
        return found

    def _committed_before(self, head: str, file: File) -> Blob | None:
        return self._listed("ls-tree", "-z", "--full-tree", head, "--", file.path)

    # --- doing it -----------------------------------------------------------------------------------------------------

    def _stored(self, file: File, blob: Blob) -> Blob:
        """The new bytes in the repository, with the line ends that its old ones have there."""
        data = file.new if blob.is_of(file.old) else file.new.replace(b"\r\n", b"\n")
        stored = self._git.run("hash-object", "-w", "--no-filters", "--stdin", given=data)
        return Blob(blob.mode, stored.decode("ascii").strip())

    def _committed(self, head: str, files: Mapping[str, Blob], message: str) -> str:
        with TemporaryDirectory(prefix="mcred-") as folder:
            own = self._git.with_index(Path(folder) / "index")
            own.run("read-tree", head)
            _enter(own, files)
            # A partial clone lacks what was never looked at, and nothing is fetched for this.
            tree = own.run("write-tree", "--missing-ok").decode("ascii").strip()
        encoding = ("-c", "i18n.commitEncoding=UTF-8", "-c", "user.useConfigOnly=true")
        made = self._git.run(*encoding, "commit-tree", tree, "-p", head, "-F", "-", given=message.encode())
        return made.decode("ascii").strip()

    def _moved(self, head: str, made: str) -> bool:
        """Whether the branch could be moved on to the commit: not where it is no longer where it was."""
        try:
            old = "0" * len(head) if self._begins else head
            self._git.run("update-ref", "-m", "mcred: commit", f"refs/heads/{self._branch}", made, old)
        except GitFailed as error:
            if not self._begins and self._head() != head:
                return False
            raise McredError(f"{WRITTEN}: git cannot do it: {error}") from error
        if self._begins:
            self._git.run("symbolic-ref", "-m", "mcred: begin a branch", "HEAD", f"refs/heads/{self._branch}")
        return True

    def _noted(self, files: Mapping[str, Blob]) -> None:
        """Note in what is staged that the files are as they were committed; the rest of it stays."""
        index = self._git.folder / self._text("rev-parse", "--git-path", "index")
        try:
            written = index.stat().st_mtime_ns
            # Writing the index, git looks anew at each file that is as young as the index, through filters that the
            # repository names. In an empty folder it finds none, and by the time of the index it goes on to look anew.
            with TemporaryDirectory(prefix="mcred-") as empty:
                _enter(self._git.with_tree(Path(empty)), files)
            os.utime(index, ns=(written, written))
        except (GitFailed, OSError) as error:
            raise McredError(
                f"the change was committed, but Git's list of what is staged is not up to date ({error}); run: "
                f"git reset --quiet -- {' '.join(files)}"
            ) from error

    def _text(self, *arguments: str) -> str:
        return self._git.run(*arguments).decode("utf-8", "surrogateescape").strip()

    def _listed(self, *arguments: str) -> Blob | None:
        """The one file that a command lists; None where there is none, or several as in a conflict."""
        lines = [line for line in self._git.run(*arguments).split(b"\0") if line]
        if len(lines) != 1:
            return None
        mode, *middle = lines[0].partition(b"\t")[0].decode("ascii").split(" ")
        # `ls-tree` tells the type before the id, `ls-files` the stage behind it.
        return Blob(int(mode, 8), next(part for part in middle if len(part) >= ID))


UNWRITTEN = "nothing was written"

WRITTEN = "the change was written and not committed"

TO_COMMIT_TO = "so there is nothing to commit to; `git init` begins one"

REGULAR = 0o100644
"""The mode of a file that is new."""

ID = 40
"""Letters that the id of an object has at least."""

UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "BISECT_LOG": "a bisect",
    "index.lock": "another command of Git",
}
"""What stands in the folder of Git while something is under way into which no commit may come."""


@contextmanager
def _failing(so_far: str) -> Iterator[None]:
    """Say how far it came where Git cannot go on.

    Raises:
        McredError: it cannot.
    """
    try:
        yield
    except GitFailed as error:
        raise McredError(f"{so_far}: git cannot do it: {error}") from error


def _enter(git: Git, files: Mapping[str, Blob]) -> None:
    for path, blob in files.items():
        git.run("update-index", "--add", "--cacheinfo", f"{blob.mode:o},{blob.id},{path}")
