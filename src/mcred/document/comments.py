"""Comments: where one that somebody may read as an instruction stands, and which part of the record it is about."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from mcred.diagnostic import Span
from mcred.document.comment import Comment
from mcred.document.decoding import Lines
from mcred.document.parser import MappingNode, Node, ScalarNode
from mcred.document.tree import children, is_block, scalars, span

# Whatever stands before a comment on a line of its own: nothing, the hyphen of an item, or the rest of a comment.
_ALONE = re.compile(r"[\s-]*(?:#|\Z)")


def comments(lines: Lines, root: Node, sign: re.Pattern[str]) -> Iterator[Comment]:
    """The comments in which `sign` matches from a `#` on, in the order of the text, each up to the next in its line.

    libyaml gives no comments. But a `#` that stands in no key and no value begins one, or stands in one.
    """
    text = lines.text
    found = list(sign.finditer(text))
    if not found:
        return
    texts, parts = _Texts(lines, root), _Parts(lines, root)
    begins = [match.start() for match in found if not texts.hold(match.start())]
    for index, following in pairwise([*begins, len(text)]):
        start = text.rfind("\n", 0, index) + 1
        last = text.find("\n", index, following)
        said = text[index : last if last >= 0 else following].rstrip()
        before = _ALONE.match(text, start, index)
        alone = before is not None and (before.end() == index or not texts.hold(before.end() - 1))
        place = lines.span(index, index + len(said))
        yield Comment(said, place, parts.after(index) if alone else Span(place.line, 1, place.line + 1, 1))


class _Texts:
    """The stretches of a text that are keys and values."""

    def __init__(self, lines: Lines, root: Node) -> None:
        ends = sorted(_extent(lines, node) for _, node, _ in scalars(root))
        self._starts = [start for start, _ in ends]
        self._ends = [end for _, end in ends]

    def hold(self, index: int) -> bool:
        """Whether a character belongs to one of them."""
        place = bisect_right(self._starts, index) - 1
        return place >= 0 and index < self._ends[place]


def _extent(lines: Lines, node: Node) -> tuple[int, int]:
    """Where a text begins and ends; of one in a block the line with its `|` is none of it."""
    place = span(lines, node)
    end = lines.index(place.end_line, place.end_column)
    if node.style in ("|", ">"):
        return min(lines.index(place.line + 1, 1), end) if place.end_line > place.line else end, end
    return int(node.start_mark.index), end


class _Parts:
    """The keys and items of a record by where they begin, the outermost first, and values below their keys."""

    def __init__(self, lines: Lines, root: Node) -> None:
        self._lines = lines
        self._parts = sorted(_parts(root), key=lambda part: part[0])
        self._starts = [start for start, _, _ in self._parts]

    def after(self, index: int) -> Span | None:
        """The span of the first that begins after a character, with all under it; None where there is none."""
        place = bisect_left(self._starts, index)
        if place == len(self._parts):
            return None
        start, key, value = self._parts[place]
        return self._lines.span(start, _end(self._lines, key, value))


def _parts(root: Node) -> Iterator[tuple[int, Node, Node]]:
    """The start, the key and the value of every key and item, and of every value that may stand below its key."""
    pending = [root]
    seen: set[int] = set()  # an alias may hold itself
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        for _, key, value in children(node):
            begin = key if key is not None else value
            yield begin.start_mark.index, begin, value
            if key is not None and not is_block(value):
                yield value.start_mark.index, value, value
            pending.append(value)


def _end(lines: Lines, key: Node, value: Node) -> int:
    """Where the last thing in a value ends: the mark of a block runs on over comments to what comes next."""
    seen: set[int] = set()
    while is_block(value) and value.value and id(value) not in seen:
        seen.add(id(value))
        last = value.value[-1]
        key, value = last if type(value) is MappingNode else (last, last)
    place = span(lines, value) if type(value) is ScalarNode or not is_block(value) else span(lines, key)
    return max(lines.index(place.end_line, place.end_column), key.end_mark.index if key is not value else 0)
