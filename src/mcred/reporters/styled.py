"""Lines of text for a terminal: pieces in styles, coloured or not, in what the terminal can write."""

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from mcred.reporters import Look
from mcred.text import encodable, inert

Line = list[tuple[str, str]]
"""A line of output: pieces of text, each with a style's name or none."""


WIDEST = 100
"""Columns of a line where the terminal is wider or not known: longer ones are hard to read."""

NARROWEST = 24
"""Columns that text is wrapped to at the least."""

_COMMAND = re.compile(r"\s*::(?!:)")


def written(lines: Iterable[Line], look: Look) -> str:
    """Lines as text; what the encoding lacks stands there as a code."""
    return "".join(pieces(lines, look))


def pieces(lines: Iterable[Line], look: Look) -> Iterator[str]:
    """The text of `written`, line by line."""
    lines = (_said([(encodable(text, look.encoding), style) for text, style in line]) for line in lines)
    return _coloured(lines) if look.colour else ("".join(text for text, _ in line) + "\n" for line in lines)


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """A text as lines of a width that do nothing in a terminal; those after its first are indented."""
    return wrap(inert(text), max(width, NARROWEST), subsequent_indent=indent, break_on_hyphens=False) or [""]


def _said(line: Line) -> Line:
    """A line that no build log obeys: GitHub takes `::command` at its start for its own, also behind spaces."""
    text = "".join(text for text, _ in line)
    return [("\\", ""), *line] if _COMMAND.match(text) else line


def _coloured(lines: Iterable[Line]) -> Iterator[str]:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", highlight=False, soft_wrap=True, legacy_windows=False
    )
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
