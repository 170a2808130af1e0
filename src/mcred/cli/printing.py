"""The making of documents: from the records that were chosen to the files of a folder."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcred.cli.shelf import Chosen, Shelf
from mcred.document import read
from mcred.errors import McredError
from mcred.listing import view as views
from mcred.listing.documents import DOCUMENTS, INDEX, USUAL, Printer, row, tongues
from mcred.listing.fault import TemplateFault
from mcred.listing.formats import FORMATS, writer
from mcred.listing.page import Page
from mcred.listing.rendering import Template, Templates
from mcred.listing.words import LANGUAGES, Labels, labels
from mcred.record import Record, article
from mcred.text import one_of, plural
from mcred.workspace import document_template
from mcred.workspace.shipped import TEMPLATES

LABELS = "labels.yaml"
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
        self._printer = Printer(Templates(self._template), self._labels(), tongues(language, first))
        self._writers = {name: writer(name) for name in wanted.formats if name != DATA}
        self._rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _IN_THE_INDEX}

    def files(self, chosen: Chosen) -> Iterator[File]:
        """The files of the records that were chosen, by id, and the index where it is wanted."""
        errors = self.shelf.errors()
        everything = not chosen.named and not chosen.filters
        index = INDEX in self.wanted.documents or (everything and not self.wanted.documents)
        for id in chosen.ids:
            documents = self._documents(id)
            if not documents and chosen.named and INDEX not in self.wanted.documents:
                self._refuse(id, self._has_none(id))
            elif documents or index:
                yield from self._record(id, documents, chosen, errors, index)
        if index:
            yield from self._index()

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
        self, id: str, documents: Sequence[str], chosen: Chosen, errors: Mapping[str, int], index: bool
    ) -> Iterator[File]:
        record = self.shelf.record(id)
        if record is None:
            self._refuse(id, f"it cannot be read: `mcred validate {id}` says why")
            return
        number = errors.get(record.path, 0)
        viewed = self.shelf.viewed(record, number)
        if not chosen.holds(viewed):
            return
        if documents and number and not self.wanted.force:
            says = f"it has {plural(number, 'error')}: `mcred validate {id}` shows them; --force renders it, marked"
            self._refuse(id, says)
            documents = ()
        documents = [name for name in documents if self._is_made(name, record, chosen)]
        parts = (
            None if DATA in self.wanted.formats else frozenset().union(*(DOCUMENTS[name].parts for name in documents))
        )
        view = views.view(viewed, parts)
        if index and record.kind in self._rows:
            self._rows[record.kind].append(row(view))
        if documents and DATA in self.wanted.formats:
            yield File(f"{id}/view.json", _json(view))
        for name in documents if self._writers else ():
            yield from self._pages(f"{id}/{name}", self._page(name, view))

    def _is_made(self, name: str, record: Record, chosen: Chosen) -> bool:
        """Whether a document is made of a record; of a summary of what others publish some are not."""
        if not (DOCUMENTS[name].own and record.observed):
            return True
        if chosen.named:
            self._refuse(record.id, f"it is a summary of what others publish, so it has no {name}")
        return False

    def _page(self, name: str, view: Mapping[str, Any]) -> Page:
        try:
            return self._printer.page(name, view)
        except TemplateFault as fault:
            raise McredError(f"{fault} (the record is {view['path']})") from fault

    def _pages(self, path: str, page: Page) -> Iterator[File]:
        for name, write in self._writers.items():
            yield File(f"{path}{self._tag}.{FORMATS[name].ending}", write(page))

    def _index(self) -> Iterator[File]:
        catalogue = {"title": self.shelf.title_of_catalogue, "languages": list(self.shelf.languages)}
        groups = [{"kind": kind, "rows": rows} for kind, rows in self._rows.items() if rows]
        as_of = self.shelf.day.isoformat() if self.shelf.asked else None
        if DATA in self.wanted.formats:
            yield File(
                "index.json",
                _json({"schema": "mcred-index/1", "as_of": as_of, "catalogue": catalogue, "groups": groups}),
            )
        if self._writers:
            yield from self._pages(INDEX, self._printer.index(catalogue, groups, as_of))

    def _template(self, name: str) -> Template | None:
        own = self.shelf.catalogue.own_template(name)
        if own is not None:
            raise McredError(
                f"{TEMPLATES}/{name} is a template of the catalogue's own; this mcred does not run those yet: "
                "take it away to use the one that is shipped"
            )
        shipped = document_template(name)
        return Template(shipped.decode(), f"{TEMPLATES}/{name}") if shipped is not None else None

    def _labels(self) -> Labels:
        document = read(self.shelf.catalogue.own_template(LABELS) or document_template(LABELS) or b"")
        if document.data is None or document.faults:
            why = document.faults[0].message if document.faults else "it is empty"
            raise McredError(f"{TEMPLATES}/{LABELS} cannot be read: {why}")
        return labels(document.data, f"{TEMPLATES}/{LABELS}")


_IN_THE_INDEX = ("micro-credential", "training-scheme", "group", "equivalency", "organisation")


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode()
