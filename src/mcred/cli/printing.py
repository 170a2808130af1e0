"""The making of documents: from the records that were chosen to the files of a folder."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcred.cli.approvals import approvals
from mcred.cli.shelf import Chosen, Shelf
from mcred.diff import Changes
from mcred.document import read
from mcred.errors import McredError
from mcred.listing import documents
from mcred.listing import view as views
from mcred.listing.documents import DOCUMENTS, INDEX, USUAL, Printer, tongues
from mcred.listing.fault import CannotBeWritten, TemplateFault
from mcred.listing.formats import FORMATS, writer
from mcred.listing.page import Page
from mcred.listing.rendering import ENDING, Fragments, Template, checked
from mcred.listing.words import LANGUAGES, Labels, Wordings, labels
from mcred.processes.confined import Confined
from mcred.record import Record, article
from mcred.text import as_json, one_of, plural
from mcred.workspace import TEMPLATES, document_templates

LABELS = "labels.yaml"
CHANGED = "changes"
"""The part of a view that takes what commits held."""

DATA = "json"
"""The format that is written from a view, and is one for all documents of a record."""


class Wanted(NamedTuple):
    """What is to be made: documents by name, or none for the usual ones; formats; the language; whether to force it."""

    documents: tuple[str, ...]
    formats: tuple[str, ...]
    language: str | None
    force: bool


class File(NamedTuple):
    """A file to write: its path below the output folder, and its bytes."""

    path: str
    data: bytes


class Press:
    """Makes the documents of a run; `refused` says of what none was made, and why."""

    def __init__(self, shelf: Shelf, wanted: Wanted) -> None:
        self.shelf, self.wanted = shelf, wanted
        self.refused: list[str] = []
        first = shelf.language if shelf.language in LANGUAGES else LANGUAGES[0]
        language = wanted.language or first
        self._tag = "" if language == first else f".{language}"
        self._templates = {
            name: Template(_text(name, data), f"{TEMPLATES}/{name}")
            for name, data in {**document_templates(), **shelf.catalogue.own_templates}.items()
        }
        self._languages = tongues(language, first)
        self._labels = _labels(self._templates[LABELS])
        wordings = Wordings(self._labels, self._languages)
        self._confined: Confined | None = None
        foreign = [name for name in shelf.catalogue.own_templates if name != LABELS]
        fragment = self._foreign if foreign else Fragments(self._templates.get, wordings)
        self._printer = Printer(fragment, wordings)
        self._writers = {name: writer(name) for name in wanted.formats if name != DATA}
        self._parts = frozenset().union(*(DOCUMENTS[name].parts for name in wanted.documents))
        self._changes: dict[str, Changes] = {}
        self._not_compared: dict[str, str] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _IN_THE_INDEX}

    def files(self, chosen: Chosen) -> Iterator[File]:
        """The files of the records that were chosen, by id, and the index where it is wanted."""
        errors = self.shelf.errors()
        if CHANGED in self._parts:
            compared = approvals(self.shelf.catalogue, self.shelf.day).difference(tuple(chosen.ids))
            self._changes = {each.path: each for each in compared.records}
            self._not_compared = {each.path: each.because for each in compared.not_compared}
        everything = not chosen.named and not chosen.filters
        index = INDEX in self.wanted.documents or (everything and not self.wanted.documents)
        for id in chosen.ids:
            found = self._documents(id)
            if not found and chosen.named and INDEX not in self.wanted.documents:
                self._refuse(id, self._has_none(id))
            elif found or (index and self.shelf.kinds[id] in _IN_THE_INDEX):
                yield from self._record(id, found, chosen, errors, index)
        if index:
            yield from self._index(selected=not everything)

    def _documents(self, id: str) -> list[str]:
        """The documents of a record, of those that are wanted."""
        kind = self.shelf.kinds[id]
        usual = [USUAL[kind]] if kind in USUAL else []
        return (
            [name for name in self.wanted.documents if kind in DOCUMENTS[name].kinds]
            if self.wanted.documents
            else usual
        )

    def _has_none(self, id: str) -> str:
        of = article(self.shelf.kinds[id])
        if self.wanted.documents:
            return f"{of} has no {' or '.join(self.wanted.documents)}"
        return f"{of} has no document; there is one of {one_of(USUAL)}"

    def _refuse(self, id: str, because: str) -> None:
        self.refused.append(f"{self.shelf.path(id)}: {because}")

    def _record(
        self, id: str, wanted: Sequence[str], chosen: Chosen, errors: Mapping[str, int], index: bool
    ) -> Iterator[File]:
        record = self.shelf.record(id)
        if record is None:
            self._refuse(id, f"it cannot be read: `{self.shelf.catalogue.validating(id)}` says why")
            return
        number = errors.get(record.path, 0)
        viewed = self.shelf.viewed(record, number, self._changes.get(record.path))
        if not chosen.holds(viewed):
            return
        if wanted and number and not self.wanted.force:
            shows = f"`{self.shelf.catalogue.validating(id)}` shows them"
            self._refuse(id, f"it has {plural(number, 'error')}: {shows}; --force renders it, marked")
            wanted = ()
        names = [name for name in wanted if self._is_made(name, record, chosen)]
        parts = None if DATA in self.wanted.formats else frozenset().union(*(DOCUMENTS[name].parts for name in names))
        view = views.view(viewed, parts)
        if index:
            self._rows[record.kind].append(documents.row(view))
        if names and DATA in self.wanted.formats:
            yield File(f"{id}/view.json", _json(view))
        for name in names if self._writers else ():
            yield from self._pages(f"{id}/{name}", self._page(name, view), record.path)

    def _is_made(self, name: str, record: Record, chosen: Chosen) -> bool:
        """Whether a document is made of a record; of a summary of what others publish some are not."""
        if DOCUMENTS[name].own and record.observed:
            because = f"it is a summary of what others publish, so it has no {name}"
        elif CHANGED in DOCUMENTS[name].parts and not self._has_changed(record, chosen):
            because = f"it has no {name}: {self._not_compared.get(record.path, 'it is not compared')}"
        else:
            return True
        if chosen.named:
            self._refuse(record.id, because)
        return False

    def _has_changed(self, record: Record, chosen: Chosen) -> bool:
        """Whether there is something to tell of what changed; of a record that is named also that nothing did."""
        found = self._changes.get(record.path)
        return found is not None and bool(found.events or chosen.named)

    def _page(self, name: str, view: Mapping[str, Any]) -> Page:
        try:
            return self._printer.page(name, view)
        except TemplateFault as fault:
            raise McredError(f"{fault} (the record is {view['path']})") from fault

    def _pages(self, path: str, page: Page, of: str) -> Iterator[File]:
        """A page in each format; `of` names what it is of where a format cannot write it."""
        for name, write in self._writers.items():
            try:
                data = write(page)
            except CannotBeWritten as fault:
                self.refused.append(f"{of}: no {name} of it, since {fault}")
            else:
                yield File(f"{path}{self._tag}.{FORMATS[name].ending}", data)

    def _index(self, selected: bool) -> Iterator[File]:
        catalogue = {"title": self.shelf.title_of_catalogue, "languages": list(self.shelf.languages)}
        day = self.shelf.day.isoformat() if self.shelf.asked else None
        index = documents.index(catalogue, self._rows, day, self.shelf.catalogue.recorded, selected)
        if DATA in self.wanted.formats:
            yield File("index.json", _json(index))
        if self._writers:
            yield from self._pages(INDEX, self._printer.index(index), INDEX)

    def _foreign(self, name: str, values: Mapping[str, Any]) -> str:
        """What a template gives where the catalogue has some of its own: they run in a process that can do no harm."""
        if self._confined is None:
            given = {
                "templates": self._templates,
                **self._labels._asdict(),
                "languages": self._languages,
            }
            self._confined = Confined("mcred.listing.rendering:confined", given)
        return checked(self._confined(f"{TEMPLATES}/{name}{ENDING}", {"name": name, "values": values}))

    def close(self) -> None:
        """End what was started."""
        if self._confined is not None:
            self._confined.close()


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise McredError(f"{TEMPLATES}/{name} is not UTF-8 text: byte {error.start + 1}") from error


def _labels(file: Template) -> Labels:
    document = read(file.text.encode())
    if document.data is None or document.faults:
        raise McredError(
            f"{file.path} cannot be read: {document.faults[0].message if document.faults else 'it is empty'}"
        )
    return labels(document.data, file.path)


_IN_THE_INDEX = ("micro-credential", "training-scheme", "group", "equivalency", "organisation")


def _json(data: Mapping[str, Any]) -> bytes:
    return (as_json(data, default=str) + "\n").encode()
