"""Reading and writing single files: nothing but a regular file is opened, and a file is written whole or not at all."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from mcred.document.limits import LARGEST
from mcred.errors import McredError
from mcred.workspace.walking import Standing

_READ_SIZE = 64 * 1024


def read_bytes(path: Path | str, most: int = LARGEST) -> bytes:
    """The bytes of a file, some more than `most` where it has more; nothing but a regular file is opened.

    Raises:
        OSError: it is not there, not readable, or no regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        data = os.read(handle, _READ_SIZE)
        if len(data) < _READ_SIZE:
            if not data and not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError("it is no regular file")
            return data
        parts, size = [data], len(data)
        while size <= most and (data := os.read(handle, _READ_SIZE)):
            parts.append(data)
            size += len(data)
        return b"".join(parts)
    finally:
        os.close(handle)


class Files(Protocol):
    """Where the files of a catalogue are: a repository on disk, or a commit of one. Paths are those from it."""

    def scan(self, folder: str) -> Iterable[Standing]:
        """What stands in a folder; OSError where the system does not tell."""

    def mode(self, path: str) -> int:
        """What stands at a path, as `stat` tells it of a link itself; 0 where nothing does."""

    def read(self, path: str, most: int = LARGEST) -> bytes:
        """The bytes of a file, some more than `most` where it has more; OSError where there is none to be read."""


class OnDisk:
    """The files below a folder, as they lie there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def scan(self, folder: str) -> Iterable[Standing]:
        """What stands in a folder."""
        return os.scandir(self._folder / folder)

    def mode(self, path: str) -> int:
        """What stands at a path, be it a link; 0 where nothing does."""
        try:
            return os.lstat(self._folder / path).st_mode
        except OSError:
            return 0

    def read(self, path: str, most: int = LARGEST) -> bytes:
        """The bytes of a regular file."""
        return read_bytes(self._folder / path, most)


def write(path: Path, content: str | bytes | Iterable[str], overwrite: bool = False, durable: bool = True) -> None:
    """Write a file whole or not at all; a file that is there already is kept unless `overwrite` says otherwise.

    Content may come in pieces, of which one is there at once.

    What is not `durable` may be lost in a power cut, and is written much faster.

    Raises:
        FileExistsError: it is there.
        McredError: it cannot be written.
    """
    parts = (content,) if isinstance(content, str | bytes) else content
    _write(path, (part.encode("utf-8") if isinstance(part, str) else part for part in parts), overwrite, durable)


def refuse_links(root: Path, paths: Iterable[Path]) -> None:
    """Refuse to write below a folder where one on the way is a link: it may lead to anybody's files.

    Raises:
        McredError: one is.
    """
    for path in paths:
        for folder in path.relative_to(root).parents[:-1]:
            if (root / folder).is_symlink():
                raise McredError(f"cannot write {path}: {root / folder} is a link; a catalogue is whole in itself")


def replace(path: Path, old: bytes, new: bytes) -> None:
    """Put new bytes in the place of old ones, whole or not at all.

    Raises:
        McredError: the file is not as it was when it was read, or cannot be written.
    """
    with alone(path.parent):
        try:
            now = read_bytes(path, len(old))
        except OSError as error:
            raise McredError(f"cannot read {path}: {error.strerror or error}") from error
        if now != old:
            raise McredError(f"{path} was changed by somebody else in the meantime; nothing was written: run again")
        _write(path, (new,), overwrite=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other runs of mcred from what they do alone in a folder, such as looking at a file and writing it.

    The folder itself is locked, so that nothing is left behind. Where a system has no such locks there are none.
    """
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows
        yield
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # the folder is gone or may not be opened: whoever reads the file tells why
        yield
        return
    try:
        with suppress(OSError):  # some network file systems
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, parts: Iterable[bytes], overwrite: bool, durable: bool = True) -> None:
    import tempfile

    try:
        _free(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".mcred-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(parts)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            os.chmod(name, _mode(path, overwrite))
            if overwrite:
                os.replace(name, path)
            else:
                _claim(name, path)
        finally:
            if os.path.exists(name):
                os.unlink(name)
    except FileExistsError:
        if not path.parent.is_dir():
            raise McredError(f"cannot write {path}: a file stands where its folder should be") from None
        raise
    except OSError as error:
        raise McredError(f"cannot write {path}: {error.strerror or error}") from error


def _free(path: Path) -> None:
    """Refuse to replace a device or a pipe: where that may be done, /dev/null would be no more for anybody.

    Raises:
        OSError: one is there.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        mode = os.lstat(path).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
            raise OSError("it is no regular file")


def _mode(path: Path, overwrite: bool) -> int:
    """The rights of a file that is replaced, else those that a new file has."""
    if overwrite and path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _claim(name: str, path: Path) -> None:
    """Give a written file its name, if the name is free."""
    # A hard link fails where the name is taken, so that of two processes one loses nothing of the other's.
    try:
        os.link(name, path)
    except (NotImplementedError, PermissionError, AttributeError):
        if path.exists():
            raise FileExistsError(str(path)) from None
        os.replace(name, path)
