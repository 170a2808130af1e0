"""What lies in a catalogue: records by their folders, and what is in the way of one."""

import os
import stat
from collections.abc import Callable, Iterable
from typing import Protocol

from mcred.baseline import FILE as BASELINE
from mcred.diagnostic import Finding, Pointer, Source
from mcred.record import FOLDERS, folder_kind
from mcred.record.kinds import CATALOGUE_FILE
from mcred.text import did_you_mean, one_of, shown


class Walk:
    """What lies below a catalogue's root, in a fixed order.

    `files` are the paths below the root of everything that is a regular file, `records` those that are records, each
    with its kind, `misplaced` what is in the way of a record, and `unreadable` what the system does not let us read.
    `sources` are those records that were read as a whole, by kind: what is made of them is made of the same bytes.
    """

    def __init__(self, records: Iterable[tuple[str, str]] = ()) -> None:
        self.files: list[str] = []
        self.records: list[tuple[str, str]] = list(records)
        self.misplaced: list[tuple[str, Finding, str]] = []
        self.unreadable: list[tuple[str, str]] = []
        self.sources: dict[str, list[Source]] = {}

    def note_unreadable(self, path: str, why: str) -> None:
        """Note what the system does not let us read; once, however often that is tried."""
        if (path, why) not in self.unreadable:
            self.unreadable.append((path, why))


class Standing(Protocol):
    """What stands in a folder, as `os.scandir` tells it."""

    @property
    def name(self) -> str: ...
    def is_file(self, *, follow_symlinks: bool) -> bool: ...
    def is_dir(self, *, follow_symlinks: bool) -> bool: ...
    def is_symlink(self) -> bool: ...


Scan = Callable[[str], Iterable[Standing]]
"""What stands in a folder, by its path below the root."""


def sort(scan: Scan, folder: str = "") -> Walk:
    """Everything below a root, or a folder there, wherever it is kept.

    Hidden files are passed over, and links are not followed.
    """
    found = Walk()
    _enter(scan, found, folder, folder_kind(f"{folder}/"))
    found.files.sort()
    found.records.sort()
    return found


def _enter(scan: Scan, walk: Walk, folder: str, kind: str | None) -> None:
    strays: list[str] = []
    try:
        entries = sorted(scan(folder), key=lambda entry: entry.name)
    except OSError as error:
        walk.unreadable.append((folder, error.strerror or str(error)))
        return
    for entry in entries:
        inside = f"{folder}/{entry.name}" if folder else entry.name
        if entry.name.startswith("."):
            _pass_over(walk, entry, inside)
            continue
        if not _is_text(entry.name):
            walk.misplaced.append((inside.encode("utf-8", "backslashreplace").decode(), _name(), kind or ""))
        elif entry.is_file(follow_symlinks=False):
            _sort(walk, inside, kind, strays)
        elif kind is not None and looks_like_record(entry.name):
            walk.misplaced.append((inside, _irregular(_what(entry)), kind))
        elif entry.is_dir(follow_symlinks=False):
            _enter(scan, walk, inside, kind or folder_kind(inside + "/"))
        elif below := kind or folder_kind(inside + "/"):
            walk.misplaced.append((inside, _irregular(_what(entry)), below))
    if strays:
        walk.misplaced.append((strays[0], _stray(folder, strays), ""))


def _pass_over(walk: Walk, entry: Standing, inside: str) -> None:
    """Pass over a hidden name, but for the baseline, whose place only a file may take."""
    if inside == BASELINE and not entry.is_file(follow_symlinks=False):
        walk.misplaced.append((inside, _irregular(_what(entry), "the baseline"), ""))


def _sort(walk: Walk, inside: str, kind: str | None, strays: list[str]) -> None:
    """Sort one regular file: a record, one that would be with another name or place, or something beside."""
    name = inside.rpartition("/")[2]
    walk.files.append(inside)
    if inside == CATALOGUE_FILE:
        walk.records.append((inside, "catalogue"))
    elif kind is None:
        if looks_like_record(name):
            strays.append(inside)
    elif name.endswith(".yaml"):
        walk.records.append((inside, kind))
    elif looks_like_record(name) or name.lower().endswith(".json"):
        walk.misplaced.append((inside, _extension(name), kind))


def looks_like_record(name: str) -> bool:
    """Whether a file's name says YAML, however it is spelt: `x.yml`, `X.YAML`, `x.yaml.txt`."""
    lower = name.lower()
    return lower.removesuffix(".txt").endswith((".yaml", ".yml"))


def _is_text(name: str) -> bool:
    """Whether a name is UTF-8: one that is not comes from the system in pieces that no report could hold."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _name() -> Finding:
    return Finding(
        Pointer(),
        "the name of this file or folder is not UTF-8 text, so nothing in it is read",
        rule="not-utf8",
        hint="rename it: lower-case letters, digits and hyphens",
    )


def _extension(name: str) -> Finding:
    stem = name.lower()
    for ending in (".txt", ".yaml", ".yml", ".json"):
        stem = stem.removesuffix(ending)
    return Finding(
        Pointer(),
        "'{name}' is not read: a record's file ends in '.yaml'",
        rule="wrong-extension",
        hint=f"rename it to {shown(stem)}.yaml"
        if not name.lower().endswith(".json")
        else "records are YAML; documents lie in a folder of their own",
        name=name,
    )


def _irregular(what: str, instead: str = "the record") -> Finding:
    return Finding(
        Pointer(),
        "this is {what}, not a file; it is not opened",
        rule="not-a-regular-file",
        hint=f"put {instead} itself here",
        what=what,
    )


def _what(entry: Standing) -> str:
    if entry.is_dir(follow_symlinks=False):
        return "a folder"
    if entry.is_symlink():
        return "a link"
    mode = entry.stat(follow_symlinks=False).st_mode if isinstance(entry, os.DirEntry) else 0
    kinds = (
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISCHR, "a device"),
    )
    return next((name for test, name in kinds if test(mode)), "no regular file")


def stale(kind: str) -> Finding:
    """That the schema which the editor reads is not that of this mcred."""
    return Finding(
        Pointer(),
        "the editor's schema of {kind} is not that of this mcred",
        rule="editor-schema-stale",
        hint="`mcred init --editor` writes the editor's schemas anew",
        kind=kind,
    )


def _stray(folder: str, names: list[str]) -> Finding:
    first = folder.partition("/")[0]
    return Finding(
        Pointer(),
        (
            "no kind of record is kept in '{folder}'"
            if folder
            else "'{name}' lies beside catalogue.yaml, where no record is read"
        )
        + (did_you_mean(first, FOLDERS) if folder else ""),
        rule="unknown-folder",
        hint=f"records lie in {one_of(FOLDERS)}" + (f"; {len(names)} files lie here" if len(names) > 1 else ""),
        folder=folder,
        name=names[0].rpartition("/")[2],
    )
