"""A repository as far as the register asks: revisions, and what a folder held at one."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from mcred.document.limits import LARGEST
from mcred.errors import McredError
from mcred.history.git import Git, GitFailed


class Blob(NamedTuple):
    """A file of a tree: its mode as the system writes it, and the id that its bytes have."""

    mode: int
    id: str

    def holds(self, data: bytes) -> bool:
        """Whether these bytes are the file's; a checkout may have made its line feeds CRLF, and that is no change."""
        return self._is_of(data) or self._is_of(data.replace(b"\r\n", b"\n"))

    def _is_of(self, data: bytes) -> bool:
        algorithm = "sha1" if len(self.id) == 40 else "sha256"
        return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == self.id


class Item(NamedTuple):
    """What stands in a folder of a tree, as `os.scandir` tells it of one on disk."""

    name: str
    mode: int

    def is_file(self, *, follow_symlinks: bool = False) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.mode)

    def is_dir(self, *, follow_symlinks: bool = False) -> bool:
        """Whether it is a folder, or a repository inside this one."""
        return stat.S_ISDIR(self.mode)

    def is_symlink(self) -> bool:
        """Whether it is a link."""
        return stat.S_ISLNK(self.mode)


class Tree:
    """A folder as a commit holds it: its files by the path below it."""

    def __init__(self, blobs: Mapping[str, Blob]) -> None:
        self.blobs = blobs

    def scan(self, folder: str) -> list[Item]:
        """What stands in a folder below this one."""
        return self._folders.get(folder, [])

    @cached_property
    def _folders(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {"": []}
        for path, blob in self.blobs.items():
            folder, _, name = path.rpartition("/")
            item = Item(name, blob.mode)
            while folder not in found:
                found[folder] = [item]
                folder, _, name = folder.rpartition("/")
                item = Item(name, stat.S_IFDIR)
            found[folder].append(item)
        return found


class Repository:
    """The repository whose working tree is a folder.

    Raises:
        McredError: there is no git, no repository, none that git would read, or no commit in it yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._git = Git(folder)
        try:
            self._shallow = self._git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
        except GitFailed as error:
            raise McredError(self._unreadable(str(error))) from error
        if self._id("HEAD") is None:
            raise McredError("the repository has no commit yet, so there is nothing to compare with")

    def _unreadable(self, said: str) -> str:
        if "dubious ownership" in said:
            return (
                f"the repository {self.folder} belongs to another user, and git does not read it; if you trust who "
                f"made it, run: git config --global --add safe.directory {self.folder}"
            )
        if "not a git repository" in said:
            return f"{self.folder} is no Git repository, so there is nothing to compare with"
        return f"git cannot read the repository {self.folder}: {said}"

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names, however it is written.

        Raises:
            McredError: it names none here.
        """
        found = self._id(revision)
        if found is not None:
            return found
        if self._shallow:
            raise McredError(f"no revision '{revision}' in this clone, which is shallow; run: {UNSHALLOW}")
        raise McredError(f"no revision '{revision}' in this repository")

    def _id(self, revision: str) -> str | None:
        try:
            # In two steps: behind a revision such as `:/words`, what asks for its commit would be one of the words.
            return self._verified(f"{self._verified(revision)}^{{commit}}")
        except GitFailed:
            return None

    def _verified(self, name: str) -> str:
        """The id of an object that a name stands for, and no option and no range."""
        found = self._git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode("ascii").strip()
        if not _ID.fullmatch(found):
            raise GitFailed(f"'{name}' is no object")
        return found

    def merge_base(self, revision: str) -> str:
        """The id of the last commit that is part of both a revision and HEAD.

        Raises:
            McredError: the revision does not exist, there is no such commit, or the clone lacks what would tell.
        """
        other = self.commit(revision)
        try:
            base = self._git.run("merge-base", other, self.commit("HEAD")).decode("ascii").strip()
        except GitFailed:
            base = ""
        # Where history is cut off, the real one may be among what is missing; unless it is the revision itself.
        if self._shallow and base != other:
            raise McredError(
                f"this clone is shallow and lacks the commit at which HEAD and '{revision}' part; run: {UNSHALLOW}"
            )
        if not base:
            raise McredError(f"HEAD and '{revision}' have no commit in common")
        return base

    def tree(self, commit: str, folder: str) -> Tree | None:
        """What a folder, by its path in the repository, held at a commit; None where there was no such folder.

        Raises:
            McredError: the clone lacks it.
        """
        try:
            tree = self._verified(f"{commit}:{folder}")
        except GitFailed:
            self._refuse_partial()
            return None
        try:
            listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", tree)
        except GitFailed as error:
            self._refuse_partial()
            raise McredError(f"git cannot list what {folder} held at {commit[:12]}: {error}") from error
        return Tree(dict(map(_listed, filter(None, listed.split(b"\0")))))

    def read(self, ids: Iterable[str], most: int = LARGEST) -> Iterator[tuple[str, bytes]]:
        """The bytes of some blobs by their ids, as they were written; of each at most one more than `most`.

        Raises:
            McredError: the clone lacks one.
        """
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return
        with self._git.reading(wanted, "cat-file", "--batch") as answers:
            for blob in wanted:
                head = answers.readline().split()
                if len(head) != 3:
                    self._refuse_partial()
                    raise McredError(f"the repository lacks the object {blob}: `git fsck` says more")
                size = int(head[2])
                data = answers.read(min(size, most + 1))
                left = size + 1 - len(data)
                while left:
                    left -= len(answers.read(min(left, LARGEST))) or left
                yield blob, data

    def authors(self, path: str, data: bytes) -> dict[int, str]:
        """Who wrote the lines of a file as it is now, by the numbers of the lines: the authors of HEAD's.

        Nobody of a line that HEAD does not have, nor of one that is older than what a shallow clone knows.

        Raises:
            McredError: HEAD has no such file, or the clone lacks what would tell.
        """
        # Of HEAD and not of the file: to compare with that, git would run the filters that the repository names.
        said = self._git.run(
            "blame", "--porcelain", "--no-textconv", "--encoding=UTF-8", self.commit("HEAD"), "--", path
        )
        wrote: dict[bytes, list[str | None]] = {}
        for line, author in _blamed(said, whole=not self._shallow):
            wrote.setdefault(line, []).append(author)
        now: dict[bytes, list[int]] = {}
        for number, text in enumerate(data.split(b"\n"), 1):
            now.setdefault(text.removesuffix(b"\r"), []).append(number)
        return {
            number: author
            for text, numbers in now.items()
            # Of lines that are alike the order tells which is whose, unless one came or went.
            if len(numbers) == len(wrote.get(text, ()))
            for number, author in zip(numbers, wrote[text], strict=True)
            if author is not None
        }

    def _refuse_partial(self) -> None:
        """Say so where the clone was told to leave out what is missing.

        Raises:
            McredError: it was.
        """
        try:
            self._git.run("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$")
        except GitFailed:
            return
        raise McredError(f"this clone is partial and lacks what is to be compared with; run: {COMPLETE}")


_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")

UNSHALLOW = "git fetch --unshallow (in GitHub Actions: `fetch-depth: 0` for actions/checkout)"
COMPLETE = "git fetch --refetch --no-filter"


_OF_COMMIT = re.compile(rb"([0-9a-f]{40,64}) [0-9]+ [0-9]+")


def _blamed(said: bytes, *, whole: bool) -> Iterator[tuple[bytes, str | None]]:
    """The lines of `blame --porcelain`, each with its author; None where history is cut off at its commit."""
    authors: dict[bytes, str | None] = {}
    commit = b""
    for line in said.split(b"\n"):
        if line.startswith(b"\t"):
            yield line[1:].removesuffix(b"\r"), authors[commit]
        elif of := _OF_COMMIT.match(line):
            commit = of[1]
        elif line.startswith(b"author "):
            authors[commit] = line.removeprefix(b"author ").decode("utf-8", "replace")
        elif line == b"boundary" and not whole:
            authors[commit] = None


def _listed(line: bytes) -> tuple[str, Blob]:
    """A line of `ls-tree`: mode, type and id, and behind a tab the path as it is."""
    head, _, path = line.partition(b"\t")
    mode, _, blob = head.decode("ascii").split(" ")
    # A repository inside this one is a folder to whoever looks at files.
    return os.fsdecode(path), Blob(stat.S_IFDIR if mode == "160000" else int(mode, 8), blob)
