"""What comes with mcred: schemas, frameworks and the pages of rules, and how a catalogue's own policies join them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mcred import __version__
from mcred.diagnostic import Source
from mcred.document import read
from mcred.errors import McredError
from mcred.frameworks import framework, rulebook
from mcred.levels import Tables
from mcred.record import FRAMEWORK, KINDS, chosen, stem
from mcred.record.kinds import CATALOGUE_FILE
from mcred.shape import Schemas
from mcred.validation import Context, Entry, unsound
from mcred.workspace.files import Files

PACKAGE = Path(__file__).parents[1]
SHIPPED = PACKAGE / "_shipped" if (PACKAGE / "_shipped").is_dir() else PACKAGE.parents[1]
"""Where schemas and templates lie: inside an installed package, at the root of the repository in an editable one."""


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
    from hashlib import blake2b

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


def shipped_frameworks() -> Iterable[Path]:
    """The files of the frameworks that come with mcred."""
    return sorted((SHIPPED / "schemas" / "frameworks").glob("*.yaml"))


def level_tables(known: Context) -> Tables:
    """How levels compare, by what comes with mcred, among the frameworks that are known."""
    paths = sorted((SHIPPED / "schemas" / "level-references").glob("*.yaml"))
    return Tables([_undamaged(path) for path in paths], known.frameworks)


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
) -> Context:
    """What the engine needs to know besides files: the frameworks that come with mcred, and what the catalogue adds.

    `own` are its policies and frameworks, `enabled` the policies in force, `organisations` those of its records,
    `language` is the one in which rules hold, `terms` are the words that were chosen where a framework has several.
    By one that has faults nothing is judged, and what it would have been judged by is not checked; that is said of the
    file, or of the settings where they name a policy that is not there.
    """
    return _context(
        tuple(own), frozenset(enabled), tuple(organisations), settings_path, language, tuple(sorted(terms.items()))
    )


@lru_cache(maxsize=1)  # a run that checks again and again asks for the same
def _context(
    own: tuple[Source, ...],
    enabled: frozenset[str],
    organisations: tuple[Source, ...],
    settings_path: str,
    language: str,
    terms: tuple[tuple[str, str], ...],
) -> Context:
    known = schemas()
    paths = {path.stem: path for path in shipped_frameworks()}
    sources = {stem(source.path): source for source in own}
    added = {name: found for name, source in sources.items() if (found := read(source.data).data) is not None}
    people = {stem(source.path): read(source.data).data or {} for source in organisations}
    names = {name for id, each in people.items() for name in (id, *_names(each))}
    whole = [name for name, found in added.items() if known.shape(FRAMEWORK).valid(found)]
    frameworks = [*paths, *(name for name in whole if "extends" not in added[name] and name not in paths)]
    files = _Lazy(frameworks, lambda name: _undamaged(paths[name]) if name in paths else added[name])
    data = _Lazy(frameworks, lambda name: chosen(served(files[name], files), dict(terms)))
    extended = {name: found["extends"] for name, found in added.items() if "extends" in found}
    made = Context(
        known,
        _Lazy(frameworks, lambda name: framework(data[name])),
        frozenset(paths),
        # Last those known by their ids: an earlier id of one does not stand for another.
        organisations={name: each for each in people.values() for name in _names(each)}
        | {each["id"]: each for each in people.values() if isinstance(each.get("id"), str)},
        policies=frozenset(extended),
    )
    broken = {
        name: source.path
        for name, source in sources.items()
        if name not in whole or unsound(Entry(source, FRAMEWORK), made, lambda name: not people or name in names)
    }
    for name in sorted(enabled - sources.keys() - paths.keys()):
        broken[name] = settings_path
    for name in sorted(enabled & broken.keys()):
        of = extended.get(name)
        broken |= dict.fromkeys([of] if isinstance(of, str) and of in data else data, broken[name])
    layers = [added[name] for name in sorted(enabled & extended.keys() - broken.keys())]
    books = _Lazy(
        (name for name in frameworks if name not in broken),
        lambda name: rulebook(data[name], [policy for policy in layers if policy["extends"] == name]),
    )
    return made._replace(books=books, broken=broken, language=language)


def served(data: dict[str, Any], files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The data of a framework's file; what it leaves out of one that uses another is that other's.

    Its sources come beside the other's, because what both say cites them.
    """
    other = files.get(framework(data).uses or "", data)
    if other is data:
        return data
    own = {each["id"] for each in data.get("sources") or ()}
    theirs = [each for each in other.get("sources") or () if each["id"] not in own]
    return {**other, **data, "sources": [*(data.get("sources") or ()), *theirs]}


def _names(data: Mapping[str, Any]) -> Iterator[str]:
    """The id of a record and its earlier ids, whatever its faults."""
    aliases = data.get("aliases")
    for name in (data.get("id"), *(aliases if isinstance(aliases, list) else ())):
        if isinstance(name, str):
            yield name


def _undamaged(path: Path) -> dict[str, Any]:
    """The data of a file that comes with mcred.

    Raises:
        McredError: it is no YAML any more.
    """
    found = read(path.read_bytes()).data
    if found is None:
        raise McredError(f"the file {path.name} that came with mcred is damaged: install mcred again")
    return found
