"""A catalogue: where it is, what belongs to it, and how its paths are told."""

import os
import stat
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcred.baseline import FILE as BASELINE
from mcred.baseline import LARGEST as LARGEST_BASELINE
from mcred.baseline import Baseline, parse
from mcred.clocks import Moment
from mcred.dates import ZONE_NAME, zone_exists
from mcred.diagnostic import Finding, Pointer, Source
from mcred.document import read
from mcred.document.limits import LARGEST
from mcred.errors import McredError, Unreadable
from mcred.record import FRAMEWORK, folder_kind, forms
from mcred.record.kinds import CATALOGUE_FILE
from mcred.settings import Settings, settings
from mcred.text import did_you_mean, one_of
from mcred.workspace.files import Files, OnDisk
from mcred.workspace.shipped import (
    TEMPLATE_FILES,
    TEMPLATES,
    Recall,
    afresh,
    context,
    document_template,
    editor_schemas_stale,
)
from mcred.workspace.walking import Walk, looks_like_record, sort, stale

if TYPE_CHECKING:  # what judges records is imported where some have to be judged
    from mcred.document.reading import Document
    from mcred.validation import Context, Entry, Misplaced

SCHEMA_FOLDER = Path(".mcred") / "schemas"
"""Where the editor finds the schemas, beside the catalogue."""


class Workspace:
    """A catalogue: `root` holds catalogue.yaml, `base` is the repository that paths are told from.

    It is read as it lies there, unless `files` are those of a commit, which `recorded` then names. `recall` may keep
    between runs what catalogue.yaml and the frameworks say.
    """

    def __init__(self, root: Path, files: Files | None = None, recorded: Moment | None = None) -> None:
        self.root = root
        self.recall: Recall = afresh
        self.base = _repository(root)
        self.prefix = _posix(root.relative_to(self.base))
        self.files: Files = files or OnDisk(self.base)
        self.recorded = recorded

    def validating(self, named: str = "") -> str:
        """The command that says what is wrong in it, or in a record of it."""
        at = f"--at {self.recorded.commit[:12]}" if self.recorded is not None else ""
        return " ".join(filter(None, ("mcred validate", named, at)))

    @property
    def editor_schemas(self) -> Path:
        """The folder of the schemas that the editor's lines name."""
        return (self.root if self.root == self.base else self.root.parent) / SCHEMA_FOLDER

    @property
    def folders(self) -> list[str]:
        """The folders of the repository that anything is read from: its own, and what stands beside it for it."""
        beside = (self.root.parent / TEMPLATES, self.editor_schemas)
        return [self.prefix, *(self._beside(each) for each in beside if each.is_relative_to(self.base))]

    def mode(self, inside: str) -> int:
        """What stands at a path below the root, as `stat` tells it of a link itself; 0 where nothing does."""
        return self.files.mode(self.shown(inside))

    def shown(self, inside: str) -> str:
        """A path below the root as reports tell it: from the repository."""
        return f"{self.prefix}/{inside}" if self.prefix != "." else inside

    def inside(self, path: Path) -> str | None:
        """A path as one below the root; None where it lies elsewhere."""
        absolute = Path(os.path.abspath(path))
        for root in (self.root, Path(os.path.abspath(self.root))):
            if absolute == root:
                return ""
            if absolute.is_relative_to(root):
                return _posix(absolute.relative_to(root))
        # `Path.resolve` raises where links lead in a circle.
        real = Path(os.path.realpath(absolute.parent), absolute.name)
        return _posix(real.relative_to(self.root)) if real.is_relative_to(self.root) else None

    def reads(self, path: Path) -> bool:
        """Whether a file is read as a part of the catalogue, or would be if it were there."""
        inside = self.inside(path)
        if inside is None:
            return False
        is_record = folder_kind(inside) is not None and looks_like_record(path.name)
        return is_record or inside in (CATALOGUE_FILE, BASELINE)

    def read(self, path: str) -> bytes:
        """The bytes of a file, by its path from the repository.

        Raises:
            Unreadable: it cannot be read.
        """
        try:
            return self.files.read(path)
        except OSError as error:
            raise Unreadable(path, error.strerror or str(error)) from error

    def baseline(self, walk: Walk) -> Baseline:
        """The known debts of the catalogue; none where there is no file. One that cannot be read is noted in the walk.

        What stands in its place and is no file, the walk has told, and it is not opened.
        """
        path = self.shown(BASELINE)
        if not stat.S_ISREG(self.files.mode(path)):
            return Baseline(path)
        try:
            return parse(path, self.files.read(path, LARGEST_BASELINE))
        except OSError as error:
            walk.unreadable.append((path, error.strerror or str(error)))
            return Baseline(path)

    def entries(self, walk: Walk) -> Iterator["Entry"]:
        """The records of a walk with their bytes; one that cannot be read is noted in the walk and left out."""
        from mcred.validation import Entry

        return (Entry(source, kind) for source, kind in self._read(walk))

    def _read(self, walk: Walk) -> Iterator[tuple[Source, str]]:
        for inside, kind in walk.records:
            path = self.shown(inside)
            try:
                yield Source(path, self.files.read(path)), kind
            except OSError as error:
                walk.unreadable.append((path, error.strerror or str(error)))

    def misplaced(self, walk: Walk) -> "list[Misplaced]":
        """The findings of a walk about paths."""
        from mcred.validation import Misplaced

        found = [
            Misplaced(self.shown(inside), finding, kind, is_record=inside != BASELINE)
            for inside, finding, kind in walk.misplaced
        ]
        for kind in self.editor_schemas_stale:
            path = f"{self._beside(self.editor_schemas)}/{kind}.schema.json"
            found.append(Misplaced(path, stale(kind), is_record=False))
        own = [*self._unknown_zone(), *self._unknown_terms(walk), *self._no_policies(walk)]
        return found + [Misplaced(self.shown(CATALOGUE_FILE), each, is_record=False) for each in own]

    @property
    def editor_schemas_stale(self) -> list[str]:
        """The kinds whose schema the editor reads as another mcred wrote it."""
        return editor_schemas_stale(self.files, self._beside(self.editor_schemas))

    def _unknown_terms(self, walk: Walk) -> Iterator[Finding]:
        """Words that were chosen though no framework has them."""
        chosen = self.settings.terms
        heads = [each.head for each in self.context(walk).frameworks.values()] if chosen else []
        for name, text in chosen.items():
            offered = [head.get("terms", {}).get(name, {}) for head in heads]
            offered += [
                other["text"] for head in heads for other in head.get("other_terms") or () if other["term"] == name
            ]
            words = sorted({form for each in offered for form in forms(each).values()})
            if text not in words:
                pointer = Pointer(("settings", "terms", name))
                yield Finding(
                    pointer,
                    "no framework calls '{name}' '{text}'" + did_you_mean(text, words),
                    rule="not-allowed-value",
                    span=self._document.locate(pointer),
                    hint=f"frameworks call it {one_of(words)}"
                    if words
                    else "no framework has a word of its own for it",
                    text=text,
                    name=name,
                )

    def _no_policies(self, walk: Walk) -> Iterator[Finding]:
        """Frameworks that are named as policies: they lie on nothing, and so would add nothing in silence."""
        named = self.settings.policies
        frameworks = context(self.sources(walk, FRAMEWORK)).frameworks if named else {}
        for place, name in enumerate(named):
            if name in frameworks:
                pointer = Pointer(("policies", place))
                yield Finding(
                    pointer,
                    "'{name}' is a framework of its own; a policy lies on one",
                    rule="not-allowed-value",
                    span=self._document.locate(pointer),
                    hint="leave it out: records choose their framework; a policy has 'extends'",
                    name=name,
                )

    def _unknown_zone(self) -> Iterator[Finding]:
        """That nobody knows the catalogue's time zone: the system's data tell, so that no schema can."""
        zone = self._data.get("timezone") if self._data else None
        # One that is not written as zones are is told by the schema.
        if not isinstance(zone, str) or not ZONE_NAME.fullmatch(zone) or zone_exists(zone):
            return
        from zoneinfo import available_timezones

        yield Finding(
            Pointer(("timezone",)),
            "no time zone '{zone}'" + did_you_mean(zone, available_timezones()),
            rule="not-allowed-value",
            span=self._document.locate(Pointer(("timezone",))),
            hint="until it is right, days are those of UTC",
            zone=zone,
        )

    @cached_property
    def settings(self) -> Settings:
        """What catalogue.yaml says, whatever its faults; they are findings of the report."""
        return settings(self._data or {})

    @cached_property
    def _data(self) -> dict[str, Any] | None:
        data: dict[str, Any] | None = self.recall("settings", self.written, lambda: self._document.data)
        return data

    @cached_property
    def _document(self) -> "Document":
        return read(self.written)

    @cached_property
    def written(self) -> bytes:
        """The bytes of catalogue.yaml."""
        return self.read(self.shown(CATALOGUE_FILE))

    def context(self, walk: Walk) -> "Context":
        """What the engine needs to know besides the records, as this catalogue has it."""
        return self.known(self.settings, self.sources(walk, FRAMEWORK), self.sources(walk, "organisation"))

    def known(self, held: Settings, own: Iterable[Source], organisations: Iterable[Source]) -> "Context":
        """What the engine needs to know under some settings, policies and frameworks, and organisations."""
        known = context(
            own,
            held.policies,
            organisations,
            self.shown(CATALOGUE_FILE),
            held.language,
            held.terms,
            self.recall,
        )
        return known._replace(longest_ignore=held.longest_ignore)

    @cached_property
    def own_templates(self) -> dict[str, bytes]:
        """The files in the folder of templates beside the catalogue, by name, but for those that are as shipped.

        Raises:
            McredError: one is a link, is no file, cannot be read, or is larger than any template.
        """
        folder = self._beside(self.root.parent / TEMPLATES)
        mode = self.files.mode(folder)
        if stat.S_ISLNK(mode):
            raise McredError(f"{folder} is a link, so no template is read from it")
        if not stat.S_ISDIR(mode):
            return {}
        try:
            entries = sorted(self.files.scan(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise McredError(f"cannot read {folder}: {error.strerror or error}") from error
        own = {}
        for entry in (each for each in entries if each.name.endswith(TEMPLATE_FILES)):
            name, path = entry.name, f"{folder}/{entry.name}"
            if not entry.is_file(follow_symlinks=False):
                what = "a link" if entry.is_symlink() else "no file"
                raise McredError(f"{path} is {what}, so no template is read from it")
            found = self.read(path)
            if len(found) > LARGEST:
                raise McredError(f"{path} is larger than {LARGEST:,} bytes, as no template is")
            if found != document_template(name):
                own[name] = found
        return own

    def _beside(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.base)).as_posix()

    def sources(self, walk: Walk, kind: str) -> list[Source]:
        """The records of a kind with their bytes, as they were when they were first asked for."""
        if kind not in walk.sources:
            own = Walk(records=[record for record in walk.records if record[1] == kind])
            walk.sources[kind] = [source for source, _ in self._read(own)]
        return walk.sources[kind]

    def inside_of(self, path: str) -> str:
        """A path as reports tell it, as one below the root."""
        return path.removeprefix(self.shown(""))

    def walk(self, folder: str = "") -> Walk:
        """Everything below the root, or below a folder there."""
        if folder and not stat.S_ISDIR(self.mode(folder)):
            return Walk()
        found = sort(lambda inside: self.files.scan(self.shown(inside)), folder)
        found.unreadable = [(self.shown(inside), why) for inside, why in found.unreadable]
        return found


def find(start: Path) -> Workspace | None:
    """The catalogue that a folder belongs to: its own, one above it, or `catalogue/` in one above it."""
    start = Path(os.path.abspath(start))
    for folder in (start, *start.parents):
        for root in (folder, folder / "catalogue"):
            if (root / CATALOGUE_FILE).is_file():
                return Workspace(root)
    return None


def _repository(root: Path) -> Path:
    """The folder that paths are told from: the Git work tree around a catalogue, else the folder it lies in."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return folder
    return root.parent


def _posix(path: Path) -> str:
    return path.as_posix()
