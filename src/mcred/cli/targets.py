"""What a command is to look at: the whole catalogue, some files of it, or files alone."""

import os
import stat
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mcred.baseline import Baseline
from mcred.cli.options import workspace
from mcred.diagnostic import Source
from mcred.errors import McredError, UsageError
from mcred.record import FOLDERS, folder_kind, stem
from mcred.record.kinds import CATALOGUE_FILE
from mcred.settings import FORMAT, Settings
from mcred.text import did_you_mean, one_of
from mcred.workspace import Walk, Workspace, context, find, read_bytes

if TYPE_CHECKING:
    from mcred.validation import Context, Entry, Misplaced


class Target(NamedTuple):
    """What is to be checked, and what could not be found."""

    entries: "Iterable[Entry]"
    again: Callable[[str], bytes]
    walk: Walk
    timezone: str = "UTC"
    misplaced: "tuple[Misplaced, ...]" = ()
    reported: Callable[[str], bool] | None = None
    context: "Context | None" = None
    workspace: Workspace | None = None
    problems: tuple[str, ...] = ()
    baseline: Baseline = Baseline()
    instead: "Entry | None" = None
    """What stands for a file of the catalogue in its place."""


def whole(
    named: list[Path],
    given: Source | None,
    at: str | None = None,
    prepare: Callable[[Workspace], None] = lambda catalogue: None,
) -> Target:
    """The whole catalogue, of which what is named is reported; `prepare` is done before anything is read of it."""
    catalogue = workspace(named, at)
    prepare(catalogue)
    newer(catalogue)
    walk = catalogue.walk()
    entries: Iterable[Entry] = catalogue.entries(walk)
    again: Callable[[str], bytes] = catalogue.read
    target = Named(catalogue, walk, named)
    reported: Callable[[str], bool] | None = target.covers if named else None
    entry = _standing_for(catalogue, given) if given is not None else None
    if entry is not None:
        entries = chain((other for other in entries if other.source.path != entry.source.path), [entry])
        again = _instead(again, entry.source)
        covers, path = target.covers, entry.source.path
        reported = lambda each: each == path or covers(each)  # noqa: E731 - a name for a line
    return Target(
        entries,
        again,
        walk,
        catalogue.settings.timezone,
        tuple(catalogue.misplaced(walk)),
        reported,
        catalogue.context(walk),
        catalogue,
        tuple(target.problems),
        catalogue.baseline(walk),
        entry,
    )


class WithSettings(Protocol):
    """A catalogue that has settings: as it is, or as it was."""

    @property
    def settings(self) -> Settings: ...


def newer(catalogue: WithSettings, what: str = "the catalogue") -> None:
    """Refuse a catalogue whose format is newer than this mcred."""
    if catalogue.settings.format > FORMAT:
        raise McredError(
            f"{what} has format {catalogue.settings.format}; this mcred knows {FORMAT}: install a newer one"
        )


class Named:
    """What the command line named: the files and folders that a report is about, and what is not there."""

    def __init__(self, catalogue: Workspace, walk: Walk, paths: Iterable[Path]) -> None:
        self._catalogue = catalogue
        self._by_id = {stem(inside): inside for inside, _ in walk.records}
        self._known = {*(inside for inside, _ in walk.records), *(inside for inside, _, _ in walk.misplaced)}
        self._files: set[str] = set()
        self._folders: tuple[str, ...] = ()
        self.problems = [problem for path in paths if (problem := self._add(path))]

    def covers(self, path: str) -> bool:
        """Whether the report is about a path."""
        return path in self._files or path.startswith(self._folders)

    def _add(self, path: Path) -> str | None:
        """Take in one path; what stands in the way of it, if anything does.

        Whether there is such a file the catalogue says, which need not be the one on disk.
        """
        inside = self._catalogue.inside(path)
        mode = self._catalogue.mode(inside) if inside is not None else 0
        if inside is None and os.path.lexists(path):
            if not self._catalogue.root.is_relative_to(os.path.realpath(path)):
                return f"{path} lies outside the catalogue {self._catalogue.root}"
            return self._add_folder(path, "")
        if inside is None or not mode:
            return self._add_id(path)
        if stat.S_ISDIR(mode):
            return self._add_folder(path, inside)
        if inside not in self._known:
            return f"{path} is no record; records are .yaml files in {one_of(FOLDERS)}"
        self._files.add(self._catalogue.shown(inside))
        return None

    def _add_id(self, path: Path) -> str | None:
        if str(path) not in self._by_id:
            return f"no file or folder '{path}'" + did_you_mean(path.name.removesuffix(".yaml"), self._by_id)
        self._files.add(self._catalogue.shown(self._by_id[str(path)]))
        return None

    def _add_folder(self, path: Path, inside: str) -> str | None:
        prefix = f"{inside}/" if inside else ""
        if not any(each.startswith(prefix) for each in self._known):
            return f"no record lies in {path}"
        self._folders += (f"{self._catalogue.shown(inside)}/" if inside else "",)
        return None


def _standing_for(catalogue: Workspace, given: Source) -> "Entry":
    """Standard input as the file of the catalogue that it stands for."""
    from mcred.validation import Entry

    inside = catalogue.inside(Path(given.path))
    kind = folder_kind(inside) if inside else None
    if inside is None or kind is None:
        raise UsageError(f"--stdin-filename: '{given.path}' is no place for a record; records lie in {one_of(FOLDERS)}")
    return Entry(Source(catalogue.shown(inside), given.data), kind)


def alone(
    named: list[Path], given: Source | None, prepare: Callable[[Workspace], None] = lambda catalogue: None
) -> Target:
    """Some files, and nothing else; `prepare` is done with the catalogue that they lie in, before it is read."""
    from mcred.validation import Entry

    if not named and given is None:
        raise UsageError("--alone: name the files to look at")
    entries, problems, again = [], [], {}
    catalogue = find(Path.cwd()) or find((named[0] if named else Path(given.path if given else ".")).parent)
    if catalogue is not None:
        prepare(catalogue)
    for path in named:
        try:
            source = Source(_shown(catalogue, path), read_bytes(path))
        except OSError as error:
            problems.append(f"cannot read {path}: {error.strerror or error}")
            continue
        entries.append(source)
    if given is not None:
        entries.append(Source(_shown(catalogue, Path(given.path)), given.data))
    again = {source.path: source.data for source in entries}
    return Target(
        [Entry(source, _kind(source.path)) for source in entries],
        again.__getitem__,
        Walk(),
        catalogue.settings.timezone if catalogue else "UTC",
        context=_beside(catalogue),
        problems=tuple(problems),
        baseline=catalogue.baseline(Walk()) if catalogue else Baseline(),
    )


def _beside(catalogue: Workspace | None) -> "Context":
    """What files alone are judged by: the policies of the catalogue that they lie in, and none of its records."""
    return catalogue.context(catalogue.walk("policies")) if catalogue is not None else context()


def _shown(catalogue: Workspace | None, path: Path) -> str:
    inside = catalogue.inside(path) if catalogue else None
    return catalogue.shown(inside) if catalogue and inside is not None else path.as_posix()


def _kind(path: str) -> str:
    """The kind of a file by the folders it lies in."""
    parts = Path(path).absolute().as_posix().split("/")
    if parts[-1] == CATALOGUE_FILE:
        return "catalogue"
    for part in reversed([*path.split("/")[:-1], *parts[:-1]]):
        if part in FOLDERS:
            return FOLDERS[part]
    raise McredError(f"{path}: the folder tells what kind of record it is, and it lies in none of {one_of(FOLDERS)}")


def _instead(again: Callable[[str], bytes], source: Source) -> Callable[[str], bytes]:
    return lambda path: source.data if path == source.path else again(path)
