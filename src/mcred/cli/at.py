"""`--at REV|DATE`: a catalogue as its repository recorded it, in the place of the one on disk."""

import errno
import os
import stat
from collections.abc import Iterable

from mcred.cli.revisions import made_on, revision
from mcred.cli.targets import newer
from mcred.clocks import Moment
from mcred.document.limits import LARGEST
from mcred.errors import McredError
from mcred.history import Blob, Item, Repository
from mcred.record.kinds import CATALOGUE_FILE
from mcred.workspace import Workspace


def recorded(catalogue: Workspace, at: str, option: str = "--at") -> Workspace:
    """A catalogue as a revision holds it, or as the last commit by the end of a day does; `option` asked for it.

    A day is one of the time zone that HEAD names, since what was not committed was recorded nowhere.

    Raises:
        McredError: there is no such commit, none of it in this clone, no catalogue in it, or one of a newer format.
        UsageError: it is a date that does not exist.
    """
    repository = Repository(catalogue.base)
    head = _held(catalogue, repository, repository.commit("HEAD"))
    timezone = head.settings.timezone if head.mode(CATALOGUE_FILE) else "UTC"
    commit = revision(repository, at, timezone, option)
    moment = Moment(commit, made_on(repository, commit, timezone))
    found = _held(catalogue, repository, commit, moment)
    path = catalogue.shown(CATALOGUE_FILE)
    if not stat.S_ISREG(found.mode(CATALOGUE_FILE)):
        raise McredError(f"there was no catalogue yet at {moment}: it holds no file {path}")
    newer(found, f"the catalogue recorded at {moment}")
    return found


def _held(catalogue: Workspace, repository: Repository, commit: str, moment: Moment | None = None) -> Workspace:
    return Workspace(catalogue.root, Committed(repository, commit, catalogue.folders), moment)


class Committed:
    """The files of a commit in some folders, as a checkout of it would have them where nothing alters line ends."""

    def __init__(self, repository: Repository, commit: str, folders: Iterable[str]) -> None:
        self._repository = repository
        self._tree = repository.held(commit, folders)

    def scan(self, folder: str) -> list[Item]:
        """What stands in a folder."""
        return self._tree.scan(folder.strip("/"))

    def mode(self, path: str) -> int:
        """What stands at a path; 0 where nothing does."""
        return self._tree.mode(path.strip("/"))

    def blob(self, path: str) -> Blob | None:
        """The blob of a regular file; None where there is none."""
        found = self._tree.blobs.get(path)
        return found if found is not None and stat.S_ISREG(found.mode) else None

    def read(self, path: str, most: int = LARGEST) -> bytes:
        """The bytes of a regular file; OSError where there is none."""
        found = self._tree.blobs.get(path)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if not stat.S_ISREG(found.mode):
            raise OSError("it is no regular file")
        return self._repository.blob(found.id, most)
