"""What comes with mcred: schemas, frameworks and the pages of rules, and how a catalogue's own policies join them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mcred import __version__
from mcred.diagnostic import Source
from mcred.document import read
from mcred.errors import McredError
from mcred.record import FRAMEWORK, KINDS, chosen, stem
from mcred.record.kinds import CATALOGUE_FILE
from mcred.workspace.files import Files

if TYPE_CHECKING:  # what judges records is imported where some have to be judged
    from mcred.frameworks import Framework, Rulebook
    from mcred.levels import Tables
    from mcred.shape import Schemas
    from mcred.validation import Context

PACKAGE = Path(__file__).parents[1]
SHIPPED = PACKAGE / "_shipped" if (PACKAGE / "_shipped").is_dir() else PACKAGE.parents[1]
"""Where schemas and templates lie: inside an installed package, at the root of the repository in an editable one."""


def schemas() -> "Schemas":
    """The JSON Schemas that come with mcred; each file is read when its kind is first asked for."""
    from mcred.shape import Schemas

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


def editor_schemas_stale(files: Files, folder: str) -> list[str]:
    """The kinds whose schema in an editor's folder is not that of this mcred; only heads are read."""
    stale = []
    for kind in ("catalogue", *KINDS):
        try:
            head = files.read(f"{folder}/{kind}.schema.json", 200)[:200]
        except OSError:
            continue
        if _edition(kind).encode() not in head:
            stale.append(kind)
    return stale


def _edition(kind: str) -> str:
    """What the schema of a kind is known by: a digest of the files it is made of, and of what makes it."""
    from mcred.hashing import blake2b

    digest = blake2b(digest_size=6)
    made_of = [SHIPPED / "schemas" / f"{name}.schema.json" for name in (kind, "common")]
    for path in (*made_of, PACKAGE / "shape" / "editors.py"):
        digest.update(path.read_bytes())
    return f"written by mcred, edition {digest.hexdigest()}: `mcred init --editor` writes it anew"


def ci_files(service: str) -> Iterator[tuple[Path, str]]:
    """The place in a repository and the text of each file that a service for automatic checks is set up by."""
    folder = SHIPPED / TEMPLATES / "ci" / service
    for path in sorted(folder.iterdir()):
        yield _CI_FOLDERS[service] / path.name, path.read_text("utf-8").replace("MCRED_VERSION", __version__)


PRE_COMMIT = "pre-commit"
"""The service that runs before a commit, on the machine of whoever makes it."""

_CI_FOLDERS = {"github": Path(".github/workflows"), "gitlab": Path(), PRE_COMMIT: Path()}
CI_SERVICES = tuple(_CI_FOLDERS)
"""The services for which `mcred init --ci` writes files."""


def rule_page(rule: str) -> str:
    """The page of a rule, by id."""
    return (PACKAGE / "rules" / "docs" / f"{rule}.md").read_text("utf-8")


TEMPLATES = "templates"
"""The folder of templates: as shipped, and beside a catalogue that has its own."""


TEMPLATE_FILES = (".html.j2", "labels.yaml")
"""How the names of files end that documents are made with."""


def document_template(name: str) -> bytes | None:
    """What comes with mcred under a name in the folder of templates; None where there is nothing."""
    return document_templates().get(name)


@lru_cache(maxsize=1)
def document_templates() -> dict[str, bytes]:
    """What documents are made with: templates and labels, by name."""
    found = (path for path in sorted((SHIPPED / TEMPLATES).iterdir()) if path.name.endswith(TEMPLATE_FILES))
    return {path.name: path.read_bytes() for path in found}


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


Recall = Callable[[str, bytes, Callable[[], Any]], Any]
"""What gives the plain data that is made of some bytes, by a name for it: what it has kept, or what is made now."""


def afresh(name: str, data: bytes, make: Callable[[], Any]) -> Any:
    """What is made now: nothing was kept."""
    return make()


def shipped_frameworks() -> Iterable[Path]:
    """The files of the frameworks that come with mcred."""
    return sorted((SHIPPED / "schemas" / "frameworks").glob("*.yaml"))


def level_tables(known: "Context") -> "Tables":
    """How levels compare, by what comes with mcred, among the frameworks that are known."""
    from mcred.levels import Tables

    paths = sorted((SHIPPED / "schemas" / "level-references").glob("*.yaml"))
    return Tables([_undamaged(path.name, path.read_bytes()) for path in paths], known.frameworks)


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
    language: str = "",
    terms: Mapping[str, str] = MappingProxyType({}),
    recall: Recall = afresh,
) -> "Context":
    """What the engine needs to know besides files: the frameworks that come with mcred, and what the catalogue adds.

    `own` are its policies and frameworks, `enabled` the policies in force, `organisations` those of its records,
    `language` is the one in which rules hold, `terms` are the words that were chosen where a framework has several.
    `recall` may keep between runs what is made of these and of the files that come with mcred.
    By one that has faults nothing is judged, and what it would have been judged by is not checked; that is said of the
    file, or of the settings where they name a policy that is not there.
    """
    return _context(
        tuple(own),
        frozenset(enabled),
        tuple(organisations),
        settings_path,
        language,
        tuple(sorted(terms.items())),
        recall,
    )


@lru_cache(maxsize=1)  # a run that checks again and again asks for the same
def _context(
    own: tuple[Source, ...],
    enabled: frozenset[str],
    organisations: tuple[Source, ...],
    settings_path: str,
    language: str,
    terms: tuple[tuple[str, str], ...],
    recall: Recall,
) -> "Context":
    added = _Added(own, enabled, organisations, settings_path, dict(terms), recall)
    return added.context._replace(
        books=_Deferred(lambda: added.books), broken=_Deferred(lambda: added.broken), language=language
    )


class _Deferred(Mapping[str, Any]):
    """Values by name that are found out when the first is asked for: a run in which nothing changed needs none."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, name: str) -> Any:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class _Added:
    """What the engine knows of the policies, frameworks and organisations that a catalogue adds to what is shipped."""

    def __init__(
        self,
        own: Iterable[Source],
        enabled: frozenset[str],
        organisations: Iterable[Source],
        settings_path: str,
        terms: Mapping[str, str],
        recall: Recall,
    ) -> None:
        self._paths = {path.stem: path for path in shipped_frameworks()}
        self._sources = {stem(source.path): source for source in own}
        self._people = organisations
        self._enabled = enabled
        self._settings_path = settings_path
        self._terms = terms
        self._recall = recall
        from mcred.validation import Context

        self.context = Context(
            schemas(),
            _Deferred(lambda: self._frameworks),
            frozenset(self._paths),
            organisations=_Deferred(lambda: self._organisations),
            policies=_Deferred(lambda: self._extended).keys(),
        )

    @cached_property
    def _read(self) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """The data of what can be read, and the names of what of it has the shape of a framework."""
        if not self._sources:
            return {}, []

        def made() -> tuple[dict[str, dict[str, Any]], list[str]]:
            found = {name: read(source.data).data for name, source in self._sources.items()}
            added = {name: data for name, data in found.items() if data is not None}
            return added, [name for name, data in added.items() if self.context.schemas.shape(FRAMEWORK).valid(data)]

        kept: tuple[dict[str, dict[str, Any]], list[str]] = self._recall(
            "policies", _in_one(self._sources.values()), made
        )
        return kept

    @property
    def _added(self) -> dict[str, dict[str, Any]]:
        """The data of what can be read."""
        return self._read[0]

    @property
    def _whole(self) -> list[str]:
        """What has the shape of a framework."""
        return self._read[1]

    @cached_property
    def _extended(self) -> dict[str, Any]:
        """The framework of each policy."""
        return {name: found["extends"] for name, found in self._added.items() if "extends" in found}

    @cached_property
    def _files(self) -> Mapping[str, dict[str, Any]]:
        """The data of the file of each framework."""
        own = [name for name in self._whole if name not in self._extended and name not in self._paths]
        return _Lazy([*self._paths, *own], self._data_of)

    def _data_of(self, name: str) -> dict[str, Any]:
        if name not in self._paths:
            return self._added[name]
        path = self._paths[name]
        written = path.read_bytes()
        data: dict[str, Any] = self._recall(f"framework {name}", written, lambda: _undamaged(path.name, written))
        return data

    @cached_property
    def _data(self) -> Mapping[str, dict[str, Any]]:
        """The data of each framework, with what those that it uses give it."""
        return _Lazy(self._files, lambda name: chosen(served(self._files[name], self._files), self._terms))

    @cached_property
    def _frameworks(self) -> "Mapping[str, Framework]":
        from mcred.frameworks import framework

        return _Lazy(self._data, lambda name: framework(self._data[name]))

    @cached_property
    def _records(self) -> dict[str, dict[str, Any]]:
        """The data of the organisations, by the names of their files."""
        return {stem(source.path): read(source.data).data or {} for source in self._people}

    @cached_property
    def _organisations(self) -> dict[str, dict[str, Any]]:
        # Last those known by their ids: an earlier id of one does not stand for another.
        return {name: each for each in self._records.values() for name in _names(each)} | {
            each["id"]: each for each in self._records.values() if isinstance(each.get("id"), str)
        }

    @cached_property
    def broken(self) -> dict[str, str]:
        """The path of the file that has faults, for each by which nothing can be judged."""
        if not self._sources:  # nothing has to be read
            return self._find_broken()
        by = f"{sorted(self._enabled)} {self._settings_path!r} {sorted(self._terms.items())}\n".encode()
        made_of = by + _in_one(self._sources.values()) + _in_one(self._people)
        found: dict[str, str] = self._recall("broken policies", made_of, self._find_broken)
        return found

    def _find_broken(self) -> dict[str, str]:
        from mcred.validation import Entry, unsound

        broken = {
            name: source.path
            for name, source in self._sources.items()
            if name not in self._whole or unsound(Entry(source, FRAMEWORK), self.context, self._may_name)
        }
        for name in sorted(self._enabled - self._sources.keys() - self._paths.keys()):
            broken[name] = self._settings_path
        for name in sorted(self._enabled & broken.keys()):
            of = self._extended.get(name)
            broken |= dict.fromkeys([of] if isinstance(of, str) and of in self._data else self._data, broken[name])
        return broken

    def _may_name(self, organisation: str) -> bool:
        """Whether an organisation is there, as far as the organisations are known."""
        return not self._records or organisation in self._known_as

    @cached_property
    def _known_as(self) -> set[str]:
        """What the organisations are called, or their files."""
        return {name for id, each in self._records.items() for name in (id, *_names(each))}

    @cached_property
    def books(self) -> "Mapping[str, Rulebook]":
        """The clauses of each framework, with those of the policies in force."""
        from mcred.frameworks import rulebook

        names = sorted(self._enabled & self._extended.keys() - self.broken.keys())
        layers = [self._added[name] for name in names]
        return _Lazy(
            (name for name in self._data if name not in self.broken),
            lambda name: rulebook(self._data[name], [policy for policy in layers if policy["extends"] == name]),
        )


REQUIREMENTS = ("instruments", "clauses", "disagreements")
"""The keys of a framework that say what it asks, and speak of each other."""


def served(data: dict[str, Any], files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The data of a framework's file; what it leaves out of one that uses another is that other's.

    Its sources come beside the other's, because what both say cites them. Instruments, clauses and what sources say of
    them are one thing: whoever has some of it has none of the other's.
    """
    from mcred.frameworks import framework

    other = files.get(framework(data).uses or "", data)
    if other is data:
        return data
    if any(key in data for key in REQUIREMENTS):
        other = {key: value for key, value in other.items() if key not in REQUIREMENTS}
    own = {each["id"] for each in data.get("sources") or ()}
    theirs = [each for each in other.get("sources") or () if each["id"] not in own]
    return {**other, **data, "sources": [*(data.get("sources") or ()), *theirs]}


def _names(data: Mapping[str, Any]) -> Iterator[str]:
    """The id of a record and its earlier ids, whatever its faults."""
    aliases = data.get("aliases")
    for name in (data.get("id"), *(aliases if isinstance(aliases, list) else ())):
        if isinstance(name, str):
            yield name


def _in_one(sources: Iterable[Source]) -> bytes:
    """Files with their paths as one piece, which stands for what is made of all of them."""
    return b"".join(part for path, data in sources for part in (f"{path!r} {len(data)}\n".encode(), data))


def _undamaged(name: str, written: bytes) -> dict[str, Any]:
    """The data of a file that comes with mcred.

    Raises:
        McredError: it is no YAML any more.
    """
    found = read(written).data
    if found is None:
        raise McredError(f"the file {name} that came with mcred is damaged: install mcred again")
    return found
