"""Bytes to text: UTF-8 only, and every character that editors, terminals and libyaml see differently is reported.

What is reported is replaced by U+FFFD, one character for one, so that reading goes on and every place stays right.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from mcred.diagnostic import Finding, Pointer, Related, Span
from mcred.document.limits import LARGEST
from mcred.text import CONTROL, plural

# Few files need any of these, so that each is compiled only when it is first used.

# libyaml takes these for the end of a line; most editors do not.
_SEPARATOR = "[\x85\u2028\u2029]|\r(?!\n)"
_BAD = f"{CONTROL[:-1]}\x85\u2028\u2029]|\r(?!\n)"
_CONFLICT = r"(?m)^(?:<{7}|>{7}|\|{7})(?=[ \r\n]|\Z)"
_CONFLICT_LINE = r"(?m)^(<{7}|={7}|>{7})(?: [^\r\n]*)?\r?$"
_MARKER = r"(?m)^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)"
_DIRECTIVE = r"(?m)^%[^\r\n]*"
_CONTENT = r"(?m)^[ \t]*[^ \t\r\n#%]"

# Every byte but ASCII controls and those that begin the UTF-8 of U+0080-U+00BF, U+2000-U+2FFF and U+F000-U+FFFF.
_HARMLESS = bytes(b for b in range(256) if (b >= 0x20 or b in b"\t\n\r") and b not in (0x7F, 0xC2, 0xE2, 0xEF))

_BIDIRECTIONAL = range(0x202A, 0x202F), range(0x2066, 0x206A)


_Item = TypeVar("_Item")


class Lines:
    """The lines of a text, and the place of any character in them.

    Lines end with LF or CRLF only, as editors and Git count them; columns are characters.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        """The index of each line's first character."""
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, number: int) -> str:
        """The text of a line, by number from 1, without its end; empty past the last."""
        if not 1 <= number <= len(self.starts):
            return ""
        start = self.starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].removesuffix("\r")

    def span(self, start: int, end: int) -> Span:
        """The span of the characters from `start` up to `end`."""
        return Span(*self._place(start), *self._place(max(start, end)))

    def _place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def index(self, line: int, column: int) -> int:
        """The index of a character, by line and column from 1."""
        return self.starts[line - 1] + column - 1


def fault(
    rule: str,
    span: Span,
    template: str,
    hint: str = "",
    label: str = "",
    related: tuple[Related, ...] = (),
    **arguments: Any,
) -> Finding:
    """A finding of the reading stage, which knows places but no pointers."""
    return Finding(Pointer(), template, rule=rule, span=span, hint=hint, label=label, related=related, **arguments)


START = Span(1, 1, 1, 1)


def decode(data: bytes) -> tuple[str | None, list[Finding]]:
    """The text of a file without its byte order mark, or None with the finding that says why there is none."""
    if len(data) > LARGEST:
        return None, [
            fault(
                "file-too-large",
                START,
                "the file has {size} bytes; a record has at most {most}",
                hint="keep long texts as documents beside the record and name them with `document:`",
                size=f"{len(data):,}",
                most=f"{LARGEST:,}",
            )
        ]
    if b"\0" in data[:4] and (wide := _wide(data)):
        return None, [wide]
    try:
        return data.decode("utf-8").removeprefix("\ufeff"), []
    except UnicodeDecodeError as error:
        return None, [_not_utf8(data, error.start)]


def _wide(data: bytes) -> Finding | None:
    """That a file is UTF-16 or UTF-32 text: by its mark, or because nearly every other byte of it is NUL."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
    halves = data[::2].count(0), data[1::2].count(0)
    if not marked and not (max(halves) > 0.4 * len(data) and min(halves) < 0.1 * len(data)):
        return None
    bits = 32 if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")) else 16
    return fault(
        "not-utf8",
        START,
        f"the file is UTF-{bits} text, not UTF-8",
        hint="save the file again and choose the encoding UTF-8",
    )


def _not_utf8(data: bytes, at: int) -> Finding:
    head = data[:at].decode("utf-8").removeprefix("\ufeff")
    place = Lines(head).span(len(head), len(head))
    span = Span(place.line, place.column, place.line, place.column + 1)
    hint = "save the file as UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and (wide := _wide(data)):
        return wide
    guess = data[at : at + 1].decode("cp1252", "replace")
    return fault(
        "not-utf8",
        span,
        "byte {byte} is not UTF-8 text"
        + (" (in Windows text it would be '{guess}')" if guess.isprintable() and guess != "\ufffd" else ""),
        hint=hint,
        byte=f"0x{data[at]:02X}",
        guess=guess,
    )


def conflicts(lines: Lines) -> Iterator[Finding]:
    """Each merge conflict that was left in the text."""
    text = lines.text
    if not any(mark in text for mark in ("<<<<<<<", ">>>>>>>", "|||||||")) or not re.search(_CONFLICT, text):
        return
    found = re.finditer(_CONFLICT_LINE, text)
    marks = [(m[1], lines.span(m.start(), m.start() + len(m[0].rstrip()))) for m in found]
    groups: list[list[tuple[str, Span]]] = []
    for mark, span in marks:
        if mark[0] == "<" or not groups:
            groups.append([])
        groups[-1].append((mark, span))
    for (mark, span), *rest in groups:
        yield fault(
            "conflict-marker",
            span,
            "a merge conflict was left here: '{mark}'",
            hint="keep the lines that are right and delete the marker lines <<<<<<<, ======= and >>>>>>>",
            related=tuple(Related("and here", span=other) for _, other in rest[:MOST_PARTS]),
            mark=mark,
        )


MOST_PARTS = 20
"""Other places that a finding points at, at most: whoever is at the first sees the others."""


def suspicious(data: bytes) -> bool:
    """Whether the bytes may hold a character that is to be reported; quick, and never wrong when it says no."""
    return bool(data.translate(None, _HARMLESS)) or data.count(b"\r") != data.count(b"\r\n")


MOST_TOLD = 1_000
"""Faults of one kind in a file that are told apart; a file with more has one fault, which is to be what it is."""


class Told:
    """Findings of one file as they come, of each kind at most so many; `more` counts the others."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.more = 0

    def of(self, items: Iterable[_Item], make: Callable[[_Item], Finding]) -> list[_Item]:
        """Add the finding of each item, as long as there are not too many; the items that were told."""
        found = list(items)
        self.findings += map(make, found[:MOST_TOLD])
        self.more += max(0, len(found) - MOST_TOLD)
        return found[:MOST_TOLD]


def replaced(lines: Lines, told: Told) -> tuple[str, list[int]]:
    """The text with every bad character as U+FFFD, and the index of each that was told."""
    found = [(match.start(), match[0]) for match in re.finditer(_BAD, lines.text) if match[0] != "\r"]
    shown = told.of(found, lambda each: _bad_character(lines, *each))
    return re.sub(_BAD, "\ufffd", lines.text), [index for index, _ in shown]


def _bad_character(lines: Lines, index: int, character: str) -> Finding:
    span = lines.span(index, index + 1)
    code = f"U+{ord(character):04X}"
    if re.fullmatch(_SEPARATOR, character):
        return fault(
            "line-separator",
            span,
            "{code} stands inside a line; some programs end the line there",
            hint="delete it; if a new line is meant, press Enter",
            code=code,
        )
    if any(ord(character) in block for block in _BIDIRECTIONAL):
        template = "{code} turns the direction of the text around, so that it reads as something else"
    elif character == "\ufeff":
        template = "{code}, a byte order mark, stands in the middle of the text"
    else:
        template = "{code} is a control character"
    return fault("control-character", span, template, hint="delete this character; it cannot be seen", code=code)


def lone_returns(lines: Lines) -> Iterator[Finding]:
    """A file (or a part of one) whose lines end with a carriage return alone."""
    found = [match.start() for match in re.finditer(r"\r(?!\n)", lines.text)]
    if found:
        yield fault(
            "line-separator",
            lines.span(found[0], found[0] + 1),
            "a carriage return alone ends a line here ({places})",
            hint="save the file with line ends LF or CRLF",
            places=plural(len(found), "place"),
        )


def directives(lines: Lines, told: Told) -> str:
    """The text with directives made comments of the same length; they are one finding, on the first."""
    text = lines.text
    if not text.startswith("%") and "\n%" not in text:
        return text
    content = re.search(_CONTENT, text)
    head = text[: content.start()] if content else text
    found = list(re.finditer(_DIRECTIVE, head))
    if found:
        line = found[0]
        more = f" (and {plural(len(found) - 1, 'line')} more)" if len(found) > 1 else ""
        told.findings.append(
            fault(
                "directive",
                lines.span(line.start(), line.end()),
                "'{line}' instructs the YAML reader; a record is plain YAML" + more,
                hint="delete this line" if not more else "delete these lines",
                line=line[0].rstrip(),
            )
        )
    return re.sub(r"(?m)^%", "#", head) + text[len(head) :]


def markers(lines: Lines) -> tuple[list[Finding], bool]:
    """Findings for lines that mark documents, and whether there is more than one document."""
    text = lines.text
    if not text.startswith(("---", "...")) and "\n---" not in text and "\n..." not in text:
        return [], False
    found: list[Finding] = []
    content = re.search(_CONTENT, text)
    ended: int | None = None
    for match in re.finditer(_MARKER, text):
        span = lines.span(match.start(), match.end())
        before = content is not None and content.start() < match.start()
        if match[0] == "---" and (before or found):
            found = [f for f in found if f.span is None or ended is None or f.span != lines.span(ended, ended + 3)]
            return [*found, _several(span)], True
        found.append(
            fault(
                "document-marker",
                span,
                "'{mark}' marks the {end} of a document; a record needs no such line",
                hint="delete this line",
                mark=match[0],
                end="start" if match[0] == "---" else "end",
            )
        )
        if match[0] == "...":
            ended = match.start()
            after = re.compile(_CONTENT).search(text, match.end())
            if after and before:
                return [*found[:-1], _several(lines.span(after.end() - 1, after.end()))], True
        elif not before:
            content = re.compile(_CONTENT).search(text, match.end())
    return found, False


def _several(span: Span) -> Finding:
    return fault(
        "several-documents",
        span,
        "a second YAML document begins here; one file holds one record",
        hint="put the second record into a file of its own, named after its id",
    )


class Begun(NamedTuple):
    """A file whose characters were looked at: its lines, and what was found; the rule that ends the reading, if any."""

    lines: Lines
    told: Told
    stopped: str | None = None
    bad: Sequence[int] = ()
    """Where characters were replaced."""


def begun(data: bytes) -> Begun:
    """Look at the characters of a file."""
    told = Told()
    text, unread = decode(data)
    if text is None:
        told.findings += unread
        return Begun(Lines(data[:LARGEST].decode("utf-8", "replace")), told, unread[0].rule)
    lines = Lines(text)
    for stop in (conflicts, lone_returns):
        if (stop is conflicts or "\r" in text) and (found := list(stop(lines))):
            told.of(found, lambda each: each)
            return Begun(lines, told, found[0].rule)
    if not suspicious(data):
        return Begun(lines, told)
    text, bad = replaced(lines, told)
    return Begun(Lines(text), told, bad=bad)
