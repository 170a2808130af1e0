"""How large and how deeply nested a record may be, decided before a parser sees it.

libyaml crashes on some 30,000 open brackets and slows down badly before that, so nesting is bounded by one linear
pass over the text. Brackets inside quotes and comments count too, so that it may be a little strict; where they could
hide a nesting that a parser does not survive, `many_brackets` asks for an exact count.
"""

import re

LARGEST = 256 * 1024
"""Bytes a file may have."""

DEEPEST = 64
"""Lists and maps that may stand inside each other."""

MOST_NODES = 20_000
"""Keys, values, lists and maps that a file may have."""

MANY_BRACKETS = 1_000
"""Opened brackets from which on no guess about nesting will do; the parser's stack holds many more."""

_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"[]{}")
_FLOW = r"[\[\]{}]"
_WIDE_INDENT = re.compile(rf"\n[ \t?:-]{{{DEEPEST // 2}}}")
_LINE_PREFIX = r"(?m)^[ \t]*(?:[-?:][ \t]+|[-?:]$)*"


def too_deep(text: str) -> int | None:
    """The place in `text` where nesting passes the bound, or None."""
    brackets = text.count("[") + text.count("{")
    flow = _flow_too_deep(text) if brackets > DEEPEST and _maybe_deep(text) else None
    return flow if flow is not None or not _WIDE_INDENT.search("\n" + text) else _block_too_deep(text)


def many_brackets(text: str) -> bool:
    """Whether so many brackets are opened that what closes them has to be known exactly."""
    return text.count("[") + text.count("{") > MANY_BRACKETS


def _maybe_deep(text: str) -> bool:
    """Whether brackets may stand too deep: pairs are taken out from the inside, a level at a time."""
    brackets = text.encode("utf-8", "replace").translate(None, _NO_BRACKET)
    for _ in range(DEEPEST // 2):
        rest = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(rest) <= DEEPEST or rest == brackets:
            return len(rest) > DEEPEST
        brackets = rest
    return True


def _flow_too_deep(text: str) -> int | None:
    depth = 0
    for match in re.finditer(_FLOW, text):
        if match[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                return match.start()
        elif depth:
            depth -= 1
    return None


def _block_too_deep(text: str) -> int | None:
    open_columns: list[int] = []
    for match in re.finditer(_LINE_PREFIX, text):
        if not match[0].strip() and (match.end() == len(text) or text[match.end()] in "\r\n#"):
            continue
        starts = [i for i, c in enumerate(match[0]) if c in "-?:"] + [len(match[0])]
        while open_columns and open_columns[-1] >= starts[0]:
            open_columns.pop()
        if len(open_columns) + len(starts) > DEEPEST:
            return match.start() + starts[max(0, DEEPEST - len(open_columns))]
        open_columns.extend(starts)
    return None
