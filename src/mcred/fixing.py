"""Safe repairs of a record's text: what a finding is sure to mean, and what no reader can see."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from mcred.diagnostic import Diagnostic, Pointer
from mcred.document import read
from mcred.document.reading import Document
from mcred.edits import CannotEdit, Change, Rename, Set, apply

_EDITOR_LINE = re.compile(r"# yaml-language-server: \$schema=\S*")


class Fixed(NamedTuple):
    """The bytes after repairs, what was repaired, and what could not be."""

    data: bytes
    done: tuple[str, ...]
    left: tuple[str, ...]


def fixed(data: bytes, diagnostics: Iterable[Diagnostic], editor_line: str) -> Fixed:
    """Repair one file: text first, then what its findings propose, then the editor's line.

    A file that cannot be read even then stays as it is: what is meant by it nobody can be sure of.
    """
    done: list[str] = []
    left: list[str] = []
    whole = _text(data, done)
    before, after = read(data), read(whole)
    if after.data is None or (before.data is not None and _rules(after) - _rules(before)):
        return Fixed(data, (), ())
    data = whole
    for diagnostic in diagnostics:
        if diagnostic.fix is None:
            continue
        action, pointer, value = diagnostic.fix
        change: Change = Rename(Pointer(pointer), str(value)) if action == "rename" else Set(Pointer(pointer), value)
        try:
            data = apply(data, [change])
        except CannotEdit as error:
            left.append(f"{diagnostic.where}: {error}")
        else:
            verb = "named" if action == "rename" else "set to"
            done.append(f"line {diagnostic.span.line}: {pointer} {verb} '{value}' [{diagnostic.rule}]")
    return Fixed(_editor(data, editor_line, done), tuple(done), tuple(left))


def _rules(document: Document) -> set[str]:
    return {fault.rule for fault in document.faults}


def _text(data: bytes, done: list[str]) -> bytes:
    """Letters in one piece, one kind of line end, a line end at the end; nothing where the file is no UTF-8 text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    whole = unicodedata.normalize("NFC", text)
    if whole != text:
        done.append("letters and their marks written as one character")
    ends = whole.replace("\r\n", "\n").replace("\r", "\n")
    if "\r" in whole.replace("\r\n", ""):
        done.append("line ends that were carriage returns alone")
        whole = ends
    elif 0 < whole.count("\r\n") < whole.count("\n"):
        done.append("two kinds of line end made one")
        whole = ends
    if whole and not whole.endswith("\n"):
        done.append("a line end at the end of the file")
        whole += "\r\n" if "\r\n" in whole else "\n"
    return whole.encode("utf-8")


def _editor(data: bytes, line: str, done: list[str]) -> bytes:
    """The line by which an editor finds the schema, first in the file; one that points elsewhere is put right."""
    document = read(data)
    if document.data is None:
        return data
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data.removeprefix(mark).decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    wanted = line.rstrip("\n")
    there = _EDITOR_LINE.match(text)
    new = wanted + text[there.end() :] if there else f"{wanted}{newline}{text}"
    if new == text:
        return data
    done.append("the editor's schema line")
    return mark + new.encode()
