"""Where pointers stand in files that were let go of: asked for all at once, so that what is known need not be read."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from mcred.diagnostic import Anchor, Named, Pointer, Span, named
from mcred.document import read

if TYPE_CHECKING:
    from mcred.document.reading import Document

Wanted = tuple[Pointer, Anchor]
"""A pointer, and the part of the text there that is meant."""

Asked = Mapping[str, Collection[Wanted]]
"""What is wanted of each file, by its path."""


class Place(NamedTuple):
    """A place of a file: where it stands, and what fingerprints know it by."""

    span: Span
    named: Named


Places = Mapping[str, Mapping[Wanted, Place]]
"""The places that were asked for, by the path of their file."""

Answer = Callable[[Asked], Places]
"""What gives the places that are asked for; of a file that cannot be read any more there are none."""

USUAL: tuple[Wanted, ...] = (
    (Pointer(("id",)), Anchor.VALUE),
    (Pointer(("title",)), Anchor.VALUE),
    (Pointer(("outcomes",)), Anchor.KEY),
)
"""What findings across records are nearly always about: noted while a record is there, so that it need not be read
again for its place."""

START = Span(1, 1, 1, 1)


def place(document: "Document | None", pointer: Pointer, anchor: Anchor) -> Place:
    """A place of a document; of a file of which there is none, its beginning."""
    if document is None:
        return Place(START, named(pointer, None))
    return Place(document.locate(pointer, anchor), named(pointer, document.data))


def places(data: bytes, wanted: Collection[Wanted]) -> dict[Wanted, Place]:
    """What is wanted of a file, by its bytes."""
    document = read(data)
    return {each: place(document, *each) for each in wanted}


def usual(document: "Document") -> dict[Wanted, Place]:
    """The usual places of a document that holds them."""
    data = document.data or {}
    return {each: place(document, *each) for each in USUAL if each[0][0] in data}


def one_by_one(again: Callable[[str], bytes]) -> Answer:
    """An answer that reads each file once more; `again` gives its bytes."""
    return lambda asked: {path: places(again(path), wanted) for path, wanted in sorted(asked.items())}
