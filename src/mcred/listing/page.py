"""A document before it has a format."""

from datetime import date
from typing import NamedTuple


class Page(NamedTuple):
    """A document: the fragment of HTML that its template gave, and what stands around it.

    All but `body` is plain text. `language` is what the document is written in; `notices` say what it is and what it
    is not; `day` is the day it is of, from which every date inside a file comes, so that the same document has the same
    bytes on any day; `marked` is empty, or a sentence that warns of the document, such as that its record has errors.
    """

    title: str
    language: str
    body: str
    footer: str
    notices: tuple[str, ...]
    author: str
    day: date
    marked: str = ""
