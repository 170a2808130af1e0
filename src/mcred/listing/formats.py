"""The formats of documents: one module and one line of this table for each."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from mcred.errors import McredError
from mcred.listing.page import Page


class Format(NamedTuple):
    """A format: what it is for, the ending of its files, and the extra to install for it."""

    help: str
    ending: str
    extra: str = ""


FORMATS = {
    "html": Format("one page that stands alone and prints well", "html"),
    "md": Format("a page in Markdown", "md"),
    "pdf": Format("tagged pages to print and to hand in", "pdf", "pdf"),
    "docx": Format("a text to edit in a word processor", "docx", "docx"),
    "json": Format("what documents are made from, for programs", "json"),
}
"""Each format. All but `json`, which has no page, are written by the function `write` in the module of their name."""


def writer(name: str) -> Callable[[Page], bytes]:
    """The function that writes a page in a format; its module, and the library it is for, are imported only now."""
    try:
        written: Callable[[Page], bytes] = import_module(f"mcred.listing.{name}").write
    except ModuleNotFoundError as missing:
        if not FORMATS[name].extra:
            raise
        install = f"pip install 'mcred-register[{FORMATS[name].extra}]'"
        raise McredError(f"the format {name} needs more: {install}") from missing
    return written
