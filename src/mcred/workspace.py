"""The only module that touches files: finds the catalogue, reads what lies in it, and writes, atomically."""

import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from mcred.diagnostic import Finding, Pointer, Source
from mcred.document import read
from mcred.document.limits import LARGEST
from mcred.errors import McredError
from mcred.frameworks import framework, rulebook
from mcred.record import FOLDERS, FRAMEWORK, KINDS, folder_kind
from mcred.record.kinds import CATALOGUE_FILE
from mcred.settings import Settings, settings
from mcred.shape import Schemas
from mcred.text import did_you_mean, one_of, shown
from mcred.validation import Context, Entry, Misplaced, unsound

_PACKAGE = Path(__file__).parent
SHIPPED = _PACKAGE / "_shipped" if (_PACKAGE / "_shipped").is_dir() else _PACKAGE.parents[1]
"""Where schemas and templates lie: inside an installed package, at the root of the repository in an editable one."""

SCHEMA_FOLDER = Path(".mcred") / "schemas"
"""Where the editor finds the schemas, beside the catalogue."""

_READ_SIZE = 64 * 1024


class Walk:
    """What lies below a catalogue's root, in a fixed order.

    `files` are the paths below the root of everything that is a regular file, `records` those that are records, each
    with its kind, `misplaced` what is in the way of a record, and `unreadable` what the system does not let us read.
    """

    def __init__(self, records: Iterable[tuple[str, str]] = ()) -> None:
        self.files: list[str] = []
        self.records: list[tuple[str, str]] = list(records)
        self.misplaced: list[tuple[str, Finding, str]] = []
        self.unreadable: list[tuple[str, str]] = []


class Workspace:
    """A catalogue on disk: `root` holds catalogue.yaml, `base` is the repository that paths are told from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.base = _repository(root)
        self.prefix = _posix(root.relative_to(self.base))

    @property
    def editor_schemas(self) -> Path:
        """The folder of the schemas that the editor's lines name."""
        return (self.root if self.root == self.base else self.root.parent) / SCHEMA_FOLDER

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
        resolved = absolute.parent.resolve() / absolute.name
        return _posix(resolved.relative_to(self.root)) if resolved.is_relative_to(self.root) else None

    def read(self, path: str) -> bytes:
        """The bytes of a file, by its path from the repository.

        Raises:
            McredError: it cannot be read.
        """
        try:
            return read_bytes(self.base / path)
        except OSError as error:
            raise McredError(f"cannot read {path}: {error.strerror or error}") from error

    def entries(self, walk: Walk) -> Iterator[Entry]:
        """The records of a walk with their bytes; one that cannot be read is noted in the walk and left out."""
        for inside, kind in walk.records:
            path = self.shown(inside)
            try:
                yield Entry(Source(path, read_bytes(self.root / inside)), kind)
            except OSError as error:
                walk.unreadable.append((path, error.strerror or str(error)))

    def misplaced(self, walk: Walk) -> list[Misplaced]:
        """The findings of a walk about paths."""
        found = [Misplaced(self.shown(inside), finding, kind) for inside, finding, kind in walk.misplaced]
        for kind in editor_schemas_stale(self):
            path = self.editor_schemas / f"{kind}.schema.json"
            found.append(Misplaced(Path(os.path.relpath(path, self.base)).as_posix(), _stale(kind), is_record=False))
        return found

    @cached_property
    def settings(self) -> Settings:
        """What catalogue.yaml says, whatever its faults; they are findings of the report."""
        try:
            document = read(read_bytes(self.root / CATALOGUE_FILE))
        except OSError as error:
            raise McredError(f"cannot read {self.shown(CATALOGUE_FILE)}: {error.strerror or error}") from error
        return settings(document.data or {})

    def context(self, walk: Walk) -> Context:
        """What the engine needs to know besides the records, as this catalogue has it."""
        return context(
            self._sources(walk, FRAMEWORK),
            self.settings.policies,
            self._sources(walk, "organisation"),
            self.shown(CATALOGUE_FILE),
        )

    def _sources(self, walk: Walk, kind: str) -> list[Source]:
        return [entry.source for entry in self.entries(Walk(records=[r for r in walk.records if r[1] == kind]))]

    def walk(self, folder: str = "") -> Walk:
        """Everything below the root, or below a folder there; hidden files are passed over, links are not followed."""
        walk = Walk()
        if not folder or (self.root / folder).is_dir():
            self._walk(walk, folder, folder_kind(f"{folder}/"))
        walk.files.sort()
        walk.records.sort()
        return walk

    def _walk(self, walk: Walk, folder: str, kind: str | None) -> None:
        strays: list[str] = []
        try:
            entries = sorted(os.scandir(self.root / folder), key=lambda entry: entry.name)
        except OSError as error:
            walk.unreadable.append((self.shown(folder), error.strerror or str(error)))
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            inside = f"{folder}/{entry.name}" if folder else entry.name
            if not _is_text(entry.name):
                walk.misplaced.append((inside.encode("utf-8", "backslashreplace").decode(), _name(), kind or ""))
            elif entry.is_file(follow_symlinks=False):
                self._file(walk, inside, kind, strays)
            elif kind is not None and looks_like_record(entry.name):
                walk.misplaced.append((inside, _irregular(_what(entry)), kind))
            elif entry.is_dir(follow_symlinks=False):
                self._walk(walk, inside, kind or folder_kind(inside + "/"))
            elif kind is not None:
                walk.misplaced.append((inside, _irregular(_what(entry)), kind))
        if strays:
            walk.misplaced.append((strays[0], _stray(folder, strays), ""))

    def _file(self, walk: Walk, inside: str, kind: str | None, strays: list[str]) -> None:
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


def _irregular(what: str) -> Finding:
    return Finding(
        Pointer(),
        "this is {what}, not a file; it is not opened",
        rule="not-a-regular-file",
        hint="put the record itself here",
        what=what,
    )


def _what(entry: os.DirEntry[str]) -> str:
    if entry.is_dir(follow_symlinks=False):
        return "a folder"
    if entry.is_symlink():
        return "a link"
    mode = entry.stat(follow_symlinks=False).st_mode
    kinds = (
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISCHR, "a device"),
    )
    return next((name for test, name in kinds if test(mode)), "no regular file")


def _stale(kind: str) -> Finding:
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


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, at most one more than a record may have; nothing but a regular file is opened.

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
        while size <= LARGEST and (data := os.read(handle, _READ_SIZE)):
            parts.append(data)
            size += len(data)
        return b"".join(parts)
    finally:
        os.close(handle)


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


def write(path: Path, text: str, overwrite: bool = False) -> None:
    """Write a file whole or not at all; a file that is there already is kept unless `overwrite` says otherwise.

    Raises:
        FileExistsError: it is there.
        McredError: it cannot be written.
    """
    _write(path, text.encode("utf-8"), overwrite)


def replace(path: Path, old: bytes, new: bytes) -> None:
    """Put new bytes in the place of old ones, whole or not at all.

    Raises:
        McredError: the file is not as it was when it was read, or cannot be written.
    """
    try:
        now = read_bytes(path)
    except OSError as error:
        raise McredError(f"cannot read {path}: {error.strerror or error}") from error
    if now != old:
        raise McredError(f"{path} was changed by somebody else in the meantime; nothing was written: run again")
    _write(path, new, overwrite=True)


def _write(path: Path, data: bytes, overwrite: bool) -> None:
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".mcred-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
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
        raise
    except OSError as error:
        raise McredError(f"cannot write {path}: {error.strerror or error}") from error


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


# --- what mcred ships ------------------------------------------------------------------------------------------------


def schemas() -> Schemas:
    """The JSON Schemas that come with mcred; each file is read when its kind is first asked for."""
    return Schemas(_SchemaFiles(SHIPPED / "schemas"))


def schema_text(kind: str) -> str:
    """A kind's schema in one piece, as the editor reads it; the first line tells which edition it is."""
    from mcred.scaffold import example
    from mcred.shape.editors import for_editors

    schema = for_editors(schemas().bundle(kind), example)
    return json.dumps({"$comment": _edition(kind), **schema}, ensure_ascii=False, indent=1) + "\n"


def editor_schemas() -> Iterator[tuple[str, str]]:
    """The name and text of each schema that editors read."""
    for kind in ("catalogue", *KINDS):
        yield kind, schema_text(kind)


def editor_schemas_stale(workspace: Workspace) -> list[str]:
    """The kinds whose schema was written for the editor and is not that of this mcred; only heads are read."""
    stale = []
    for kind in ("catalogue", *KINDS):
        try:
            with (workspace.editor_schemas / f"{kind}.schema.json").open("rb") as file:
                head = file.read(200)
        except OSError:
            continue
        if _edition(kind).encode() not in head:
            stale.append(kind)
    return stale


def _edition(kind: str) -> str:
    """What the schema of a kind is known by: a digest of the files it is made of, and of what makes it."""
    from hashlib import blake2b

    digest = blake2b(digest_size=6)
    made_of = [SHIPPED / "schemas" / f"{name}.schema.json" for name in (kind, "common")]
    for path in (*made_of, _PACKAGE / "shape" / "editors.py"):
        digest.update(path.read_bytes())
    return f"written by mcred, edition {digest.hexdigest()}: `mcred init --editor` writes it anew"


def rule_page(rule: str) -> str:
    """The page of a rule, by id."""
    return (_PACKAGE / "rules" / "docs" / f"{rule}.md").read_text("utf-8")


class _SchemaFiles(dict[str, dict[str, Any]]):
    """The shipped schema files by kind, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__()

    def __missing__(self, kind: str) -> dict[str, Any]:
        try:
            self[kind] = json.loads((self._folder / f"{kind}.schema.json").read_bytes())
        except FileNotFoundError:
            raise KeyError(kind) from None
        return self[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.name.removesuffix(".schema.json") for path in self._folder.glob("*.schema.json")))


def shipped_frameworks() -> Iterable[Path]:
    """The files of the frameworks that come with mcred."""
    return sorted((SHIPPED / "schemas" / "frameworks").glob("*.yaml"))


class _Lazy(Mapping[str, Any]):
    """Values by name, each made when it is first asked for: most runs need one framework of several."""

    def __init__(self, names: Iterable[str], make: Callable[[str], Any]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def context(
    own: Iterable[Source] = (),
    enabled: Iterable[str] = (),
    organisations: Iterable[Source] = (),
    settings_path: str = CATALOGUE_FILE,
) -> Context:
    """What the engine needs to know besides files: the frameworks that come with mcred, and what the catalogue adds.

    `own` are its policies and frameworks, `enabled` the policies in force, `organisations` those of its records. By one
    that has faults nothing is judged, and what it would have been judged by is not checked; that is said of the file,
    or of the settings where they name a policy that is not there.
    """
    known = schemas()
    paths = {path.stem: path for path in shipped_frameworks()}
    sources = {_stem(source): source for source in own}
    added = {name: found for name, source in sources.items() if (found := read(source.data).data) is not None}
    people = {_stem(source): read(source.data).data or {} for source in organisations}
    names = {name for stem, each in people.items() for name in (stem, *_names(each))}
    whole = [name for name, found in added.items() if known.shape(FRAMEWORK).valid(found)]
    frameworks = [*paths, *(name for name in whole if "extends" not in added[name] and name not in paths)]
    data = _Lazy(frameworks, lambda name: _shipped_framework(paths[name]) if name in paths else added[name])
    extended = {name: found["extends"] for name, found in added.items() if "extends" in found}
    made = Context(
        known,
        _Lazy(frameworks, lambda name: framework(data[name])),
        frozenset(paths),
        organisations={each["id"]: each for each in people.values() if isinstance(each.get("id"), str)},
        policies=frozenset(extended),
    )
    broken = {
        name: source.path
        for name, source in sources.items()
        if name not in whole or unsound(Entry(source, FRAMEWORK), made, lambda name: not people or name in names)
    }
    wanted = frozenset(enabled)
    for name in sorted(wanted - sources.keys() - paths.keys()):
        broken[name] = settings_path
    for name in sorted(wanted & broken.keys()):
        of = extended.get(name)
        broken |= dict.fromkeys([of] if isinstance(of, str) and of in data else data, broken[name])
    layers = [added[name] for name in sorted(wanted & extended.keys() - broken.keys())]
    books = _Lazy(
        (name for name in frameworks if name not in broken),
        lambda name: rulebook(data[name], [policy for policy in layers if policy["extends"] == name]),
    )
    return made._replace(books=books, broken=broken)


def _stem(source: Source) -> str:
    return source.path.rpartition("/")[2].removesuffix(".yaml")


def _names(data: Mapping[str, Any]) -> Iterator[str]:
    """The id of a record and its earlier ids, whatever its faults."""
    aliases = data.get("aliases")
    for name in (data.get("id"), *(aliases if isinstance(aliases, list) else ())):
        if isinstance(name, str):
            yield name


def _shipped_framework(path: Path) -> dict[str, Any]:
    found = read(path.read_bytes()).data
    if found is None:
        raise McredError(f"the framework file {path.name} that came with mcred is damaged: install mcred again")
    return found
