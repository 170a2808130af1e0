"""A repository as far as the register asks: revisions, and what a folder held at one."""

import hashlib
import os
import re
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import IO, NamedTuple, cast
from weakref import finalize

from mcred.document.limits import LARGEST
from mcred.errors import McredError
from mcred.history.git import Git, GitFailed


class Blob(NamedTuple):
    """A file of a tree: its mode as the system writes it, and the id that its bytes have."""

    mode: int
    id: str

    def holds(self, data: bytes) -> bool:
        """Whether these bytes are the file's; a checkout may have made its line feeds CRLF, and that is no change."""
        return self.is_of(data) or self.is_of(data.replace(b"\r\n", b"\n"))

    def is_of(self, data: bytes) -> bool:
        """Whether these bytes are the file's to the last one."""
        return id_of(data, self.id) == self.id


def id_of(data: bytes, like: str) -> str:
    """The id that some bytes have as a file, in a repository with ids like another one."""
    algorithm = "sha1" if len(like) == 40 else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


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


class Changed(NamedTuple):
    """What became of a file between two commits: its path and its blob before and after, None where it was not there.

    Two paths: it was renamed.
    """

    was: str | None
    path: str | None
    before: Blob | None
    after: Blob | None


class Commit(NamedTuple):
    """A commit: its id, when it was made (seconds since 1970), by whom, the first line of its message, its files."""

    id: str
    time: int
    author: str
    subject: str
    files: tuple[Changed, ...] = ()


class Tree:
    """A folder as a commit holds it: its files by the path below it."""

    def __init__(self, blobs: Mapping[str, Blob]) -> None:
        self.blobs = blobs

    def scan(self, folder: str) -> list[Item]:
        """What stands in a folder below this one."""
        return self._folders.get(folder, [])

    def mode(self, path: str) -> int:
        """What stands at a path, as the system would tell it of one on disk; 0 where nothing does."""
        found = self.blobs.get(path)
        return found.mode if found is not None else stat.S_IFDIR if path in self._folders else 0

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
        self._reader: subprocess.Popen[bytes] | None = None
        try:
            self._shallow = self._git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
        except GitFailed as error:
            raise McredError(unreadable(folder, str(error), "so nothing was recorded in it")) from error
        if self._id("HEAD") is None:
            raise McredError("the repository has no commit yet, so nothing was recorded in it")

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

    def by(self, time: int) -> str | None:
        """The id of the last commit of HEAD's first-parent line by a time, in seconds since 1970, if any.

        Raises:
            McredError: the clone lacks what would tell.
        """
        asked = ("rev-list", "--first-parent", "--max-count=1", f"--min-age={time}", "HEAD", "--")
        found = self._git.run(*asked).decode("ascii").strip()
        if found:
            return found
        if self._shallow:
            raise McredError(f"this clone is shallow and lacks what was recorded by then; run: {UNSHALLOW}")
        return None

    def changed(self, before: str, after: str, folder: str) -> list[Changed]:
        """The files of a folder that differ between two commits, each with its path from the repository."""
        return [*_changes(iter(self._compared("diff-tree", *_COMPARING, before, after, "--", folder or ".")))]

    def line(self, commit: str, folder: str, since: str | None = None) -> Iterator[Commit]:
        """The commits of a first-parent line that changed a folder, the latest first, with the files of it.

        What a merge brought in is its own. `since` is a commit: what it holds too is left out.
        """
        shown = f"--format={_MARK}%H{_MARK}%ct{_MARK}%an{_MARK}%s"
        asked = ("-c", "log.showRoot=true", "log", "--first-parent", "--diff-merges=first-parent", "--no-notes")
        range_ = (commit, f"^{since}") if since is not None else (commit,)
        parts = self._compared(*asked, "--no-show-signature", shown, *_COMPARING, *range_, "--", folder or ".")
        return _commits(parts)

    def last_changes(self, commit: str, folder: str) -> dict[str, Commit]:
        """The commit of a first-parent line that last changed each file that a folder holds, in one pass."""
        tree = self.tree(commit, folder) or Tree({})
        left = {f"{folder}/{path}" if folder else path for path in tree.blobs}
        found: dict[str, Commit] = {}
        for each in self.line(commit, folder):
            for file in each.files:
                if file.path in left:
                    left.remove(file.path)
                    found[file.path] = each._replace(files=())
            if not left:
                break
        return found

    def about(self, commit: str) -> Commit:
        """What a commit says of itself, without its files."""
        shown = f"--format={_MARK}%H{_MARK}%ct{_MARK}%an{_MARK}%s"
        asked = ("log", "--max-count=1", "--no-notes", "--no-show-signature", "--no-patch", "-z", shown)
        return next(_commits(self._compared(*asked, commit, "--")))

    @property
    def shallow(self) -> bool:
        """Whether the clone lacks what was recorded earlier: its first commit looks as if it had made all files."""
        return self._shallow

    def refuse_shallow(self) -> None:
        """Say so where what was recorded earlier would be needed and is not there.

        Raises:
            McredError: the clone is shallow.
        """
        if self._shallow:
            raise McredError(f"this clone is shallow and lacks what was recorded earlier; run: {UNSHALLOW}")

    def parent(self, commit: str) -> str | None:
        """The commit before one on its first-parent line; None where it is the first."""
        return self._id(f"{commit}^1")

    def _compared(self, *arguments: str) -> list[bytes]:
        try:
            return self._git.run(*arguments).split(b"\0")
        except GitFailed as error:
            self._refuse_partial()
            raise McredError(f"git cannot compare commits: {error}") from error

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
        return self._listed(f"what {folder} held at {commit[:12]}", tree)

    def held(self, commit: str, folders: Iterable[str]) -> Tree:
        """What some folders held at a commit, by paths from the repository; "." stands for all that there was.

        Raises:
            McredError: the clone lacks some of it.
        """
        return self._listed(f"what {commit[:12]} held", commit, "--", *folders)

    def _listed(self, what: str, *arguments: str) -> Tree:
        try:
            listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", *arguments)
        except GitFailed as error:
            self._refuse_partial()
            raise McredError(f"git cannot list {what}: {error}") from error
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
                yield blob, self._answer(answers, blob, most)

    def blob(self, id: str, most: int = LARGEST) -> bytes:
        """The bytes of one blob, as `read` gives those of many; whoever asks for the next need not know it yet.

        Raises:
            McredError: the clone lacks it.
        """
        return self._answer(self._asked(id), id, most)

    def _asked(self, id: str) -> IO[bytes]:
        """What answers for one object: a process that waits for the next, until nobody needs the repository."""
        if self._reader is None:
            self._reader = self._git.asking("cat-file", "--batch")
            finalize(self, self._reader.communicate)
        asks, answers = cast("IO[bytes]", self._reader.stdin), cast("IO[bytes]", self._reader.stdout)
        # One that ended already says nothing, which is told of the object as any other that is not there.
        with suppress(BrokenPipeError):
            asks.write(f"{id}\n".encode())
            asks.flush()
        return answers

    def _answer(self, answers: IO[bytes], blob: str, most: int) -> bytes:
        """The bytes of a blob, from what `cat-file --batch` says of it; of a large one the rest is passed over."""
        head = answers.readline().split()
        if len(head) != 3:
            self._refuse_partial()
            raise McredError(f"the repository lacks the object {blob}: `git fsck` says more")
        size = int(head[2])
        data = answers.read(min(size, most + 1))
        left = size + 1 - len(data)
        while left:
            left -= len(answers.read(min(left, LARGEST))) or left
        return data

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
        raise McredError(f"this clone is partial and lacks some of what was recorded; run: {COMPLETE}")


def unreadable(folder: Path, said: str, so: str) -> str:
    """Why git does not read a repository, by what it said; `so` is what follows where there is none."""
    if "dubious ownership" in said:
        return (
            f"the repository {folder} belongs to another user, and git does not read it; if you trust who "
            f"made it, run: git config --global --add safe.directory {folder}"
        )
    if "not a git repository" in said:
        return f"{folder} is no Git repository, {so}"
    return f"git cannot read the repository {folder}: {said}"


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


_COMPARING = ("-r", "-M", "-z", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--no-color")
"""How commits are compared: by the ids of blobs, with renames, and by no program that the repository names."""

_MARK = "\x01"
"""Stands before each thing that is told of a commit; in a path behind a colon it stands for itself."""


def _commits(parts: list[bytes]) -> Iterator[Commit]:
    """What `log` prints, commit by commit."""
    left = iter(parts)
    head: list[str] | None = None
    files: list[Changed] = []
    for part in left:
        part = part.lstrip(b"\n")  # noqa: PLW2901 - git ends the line of a commit before its files
        if part.startswith(_MARK.encode()):
            if head is not None:
                yield _commit(head, files)
            # Of what names hold, the last takes all that is left.
            head, files = part.decode("utf-8", "replace").split(_MARK, 4)[1:], []
        elif part:
            files += _changes(chain([part], islice(left, _paths(part))))
    if head is not None:
        yield _commit(head, files)


def _commit(head: list[str], files: list[Changed]) -> Commit:
    return Commit(head[0], int(head[1]), head[2], head[3], tuple(files))


def _changes(parts: Iterator[bytes]) -> Iterator[Changed]:
    """The lines of a raw comparison: modes, ids and what was done, then one path or two."""
    for part in filter(None, parts):
        old_mode, new_mode, old, new, _ = part.decode("ascii").removeprefix(":").split(" ")
        paths = [os.fsdecode(next(parts)) for _ in range(_paths(part))]
        before = _blob(old_mode, old)
        after = _blob(new_mode, new)
        yield Changed(paths[0] if before else None, paths[-1] if after else None, before, after)


def _paths(part: bytes) -> int:
    """How many paths follow what is said of a file: of a rename or a copy, the old one too."""
    return 2 if part.rpartition(b" ")[2][:1] in b"RC" else 1


def _blob(mode: str, id: str) -> Blob | None:
    return Blob(stat.S_IFDIR if mode == "160000" else int(mode, 8), id) if id.strip("0") else None


def _listed(line: bytes) -> tuple[str, Blob]:
    """A line of `ls-tree`: mode, type and id, and behind a tab the path as it is."""
    head, _, path = line.partition(b"\t")
    mode, _, blob = head.decode("ascii").split(" ")
    # A repository inside this one is a folder to whoever looks at files.
    return os.fsdecode(path), Blob(stat.S_IFDIR if mode == "160000" else int(mode, 8), blob)
