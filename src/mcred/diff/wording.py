"""Texts: whether two say the same, and by which words they differ."""

import json
import re
from difflib import SequenceMatcher
from typing import Any
from unicodedata import normalize

from mcred.diff.event import Word

_SAYS = re.compile(r"\w")
_WORDS = re.compile(r"\w+(?:[-'’]\w+)*|\s+|[^\w\s]")


def plain(text: str) -> str:
    """A text without what only its layout or its spelling in code points makes."""
    return " ".join(normalize("NFC", text).split())


def canonical(value: Any) -> str:
    """A value as a text that is the same for all that says the same: the order of keys and the layout are left out."""
    return json.dumps(_bare(value), sort_keys=True, ensure_ascii=False, default=str)


def _bare(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {str(key): _bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same."""
    return canonical(one) == canonical(other)


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same words in the same order: from 0 to 1."""
    return SequenceMatcher(None, plain(one).split(), plain(other).split(), autojunk=False).ratio()


def reworded(before: str, after: str) -> tuple[Word, ...]:
    """A text as pieces that were kept, that are gone and that are new."""
    old, new = _WORDS.findall(plain(before)), _WORDS.findall(plain(after))
    found: list[Word] = []
    gone = come = ""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, start, end, first, last) in enumerate(steps):
        was, now = "".join(old[start:end]), "".join(new[first:last])
        # A space or a comma between two changes would make one that is read at a glance into many.
        if tag != "equal" or (0 < number < len(steps) - 1 and not _SAYS.search(was)):
            gone, come = gone + was, come + now
            continue
        found += [*_changed(gone, come), Word("kept", was)]
        gone = come = ""
    return (*found, *_changed(gone, come))


def _changed(gone: str, come: str) -> list[Word]:
    return [Word("gone", gone)] * bool(gone) + [Word("new", come)] * bool(come)
