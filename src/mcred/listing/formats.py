"""The formats of documents: one module and one line of this table for each."""

from collections.abc import Callable

from mcred.formats import Format, module
from mcred.listing.page import Page

FORMATS = {
    "html": Format("one page that stands alone and prints well", "html"),
    "md": Format("a page in Markdown", "md"),
    "pdf": Format("tagged pages to print and to hand in", "pdf", "pdf"),
    "docx": Format("a text to edit in a word processor", "docx", "docx"),
    "json": Format("what documents are made from, for programs", "json"),
}
"""Each format. All but `json`, which has no page, are written by the function `write` in the module of their name."""


def writer(name: str) -> Callable[[Page], bytes]:
    """The function that writes a page in a format."""
    written: Callable[[Page], bytes] = module("mcred.listing", name, FORMATS).write
    return written
