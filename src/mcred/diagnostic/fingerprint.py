"""What identifies a finding over edits, so that services and the baseline know it again.

A fingerprint is made of the rule, the record, the place with list items named by their ids, and the value there; never
of a line, a message or a day. So it stays the same when keys and items are put in another order, when others are put
in before, when the text is written in another style, and it changes with the value.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from mcred.diagnostic.finding import Anchor, Finding, Pointer
from mcred.diagnostic.report import Diagnostic

VERSION = "1"
"""The version of the fingerprint: raised when what goes into it changes."""


def digest(text: str) -> str:
    """A fingerprint made of a text."""
    from mcred.hashing import blake2b

    return f"{VERSION}:{blake2b(text.encode(), digest_size=12).hexdigest()}"


class Named(NamedTuple):
    """A place as fingerprints know it: its parts, items of lists by their ids, and the value there."""

    parts: tuple[str, ...]
    value: Any
    """Without what is only a way to write it; None for lists and maps, which change for other reasons."""


def named(pointer: Pointer, data: Any) -> Named:
    """The place of a pointer in data; None is data of which nothing is known."""
    parts: list[str] = []
    value = data
    for part in pointer:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
        parts.append(_name(part, value))
    return Named(tuple(parts), _normal(value))


def fingerprint(finding: Finding, subject: str, place: Named) -> str:
    """The fingerprint of a finding about a subject: the id of its record, else the path of its file."""
    about = place.value
    if not finding.pointer:
        # Where a finding has no pointer, what it says of the text stands for the place.
        about = sorted((key, str(said)) for key, said in finding.arguments.items())
    elif finding.anchor is Anchor.MISSING:
        # What is missing has no value, and its parent may lack several: the name tells them apart.
        about = finding.arguments.get("field")
    parts = [VERSION, finding.rule, subject, place.parts, about]
    return digest(_JSON.encode(parts))


# Made once: asked in words, `json` makes one for every text.
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)


def _name(part: str | int, value: Any) -> str:
    """A part of a place: a key; of a list an item by its id, since places in lists change with every item put in."""
    if not isinstance(part, int):
        return part
    own = value.get("id") if isinstance(value, dict) else None
    return f"={own}" if own is not None else "*"


def _normal(value: Any) -> Any:
    """A value as places are known by it."""
    if isinstance(value, dict | list):
        return None
    return " ".join(unicodedata.normalize("NFC", value).split()) if isinstance(value, str) else value


def numbered(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Diagnostics in any order: those that are alike in all that a fingerprint is made of get a number, gravest first.

    So it is how many there are that counts, and not which of them stands above the other.
    """
    seen: dict[str, Diagnostic] = {}
    alike: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        first = seen.setdefault(each.fingerprint, each)
        if first is not each:
            alike.setdefault(each.fingerprint, [first]).append(each)
    yield from (each for print, each in seen.items() if print not in alike)
    for several in alike.values():
        yield from _numbered(several)


def _numbered(alike: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    for times, each in enumerate(sorted(alike, key=lambda each: (each.severity.rank, each.order)), 1):
        if times == 1:
            yield each
        else:
            earlier = tuple(f"{one}-{times}" for one in each.earlier)
            yield each._replace(fingerprint=f"{each.fingerprint}-{times}", earlier=earlier)
