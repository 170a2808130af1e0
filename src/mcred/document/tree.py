"""A node tree: plain data out of it, and where each pointer stands in the text."""

import re
from collections.abc import Iterator
from typing import Any

from mcred.diagnostic import Anchor, Pointer, Span
from mcred.document.decoding import Lines
from mcred.document.limits import DEEPEST
from mcred.document.parser import MappingNode, Node, ScalarNode, SequenceNode
from mcred.document.scalars import NUMBER_STARTS, ODD_WORDS, ambiguous, is_text, plain


class Builder:
    """Builds plain data from nodes in one walk, and remembers what a record may not have.

    Of a key that stands twice the first value is kept; keys that are not text are left out.
    """

    def __init__(self, aliases: bool = False) -> None:
        self.duplicates: list[tuple[Node, Node]] = []
        self.odd_keys: list[Node] = []
        self.merges: list[Node] = []
        self.bare: list[tuple[Node, list[Node]]] = []
        self.ambiguous = False
        self.deep: Node | None = None
        """The first list or map that stands too deep; what is in it is left out."""
        self._depth = 0
        self._seen: set[int] | None = set() if aliases else None

    def value(self, node: Node) -> Any:
        """The plain data of a node; an alias gives nothing."""
        kind = type(node)
        if kind is ScalarNode:
            text: str = node.value
            return text if node.style or is_text(text) else self._plain(text)
        if self._seen is not None:
            if id(node) in self._seen:
                return None
            self._seen.add(id(node))
        if self._depth >= DEEPEST:
            self.deep = self.deep or node
            return None
        self._depth += 1
        data = [self.value(item) for item in node.value] if kind is SequenceNode else self._mapping(node)
        self._depth -= 1
        return data

    def _plain(self, text: str) -> Any:
        """What text without quotes stands for that may be no text."""
        found = plain(text)
        if found is text and not self.ambiguous and ambiguous(text):
            self.ambiguous = True
        return found

    def _mapping(self, node: Node) -> dict[str, Any]:
        # Nearly all of the time of reading goes by here: what a key or a value mostly is, is seen without a call.
        data: dict[str, Any] = {}
        keys: dict[str, Node] = {}
        previous: Node | None = None
        broken: list[Node] | None = None
        flow = node.flow_style
        for key, value in node.value:
            name, text = key.value, value.value
            if flow and text == "" and previous is not None and _is_bare(key, value):
                if broken is None:
                    broken = []
                    self.bare.append((previous, broken))
                broken.append(key)
                continue
            broken, previous = None, value
            if type(key) is not ScalarNode or not (
                key.style or (name not in ODD_WORDS and name[0] not in NUMBER_STARTS) or isinstance(plain(name), str)
            ):
                self.odd_keys.append(key)
            elif name == "<<" and not key.style:
                self.merges.append(key)
            elif name in keys:
                self.duplicates.append((keys[name], key))
            else:
                keys[name] = key
                if type(value) is ScalarNode and (
                    value.style or (text not in ODD_WORDS and text[0] not in NUMBER_STARTS)
                ):
                    data[name] = text
                else:
                    data[name] = self.value(value)
        return data


def _is_bare(key: Node, value: Node) -> bool:
    """Whether a pair inside `{ }` is a key without a colon: what a comma makes of the rest of a text."""
    return (
        type(value) is ScalarNode
        and value.value == ""
        and not value.style
        and value.start_mark.index == key.end_mark.index
    )


def span(lines: Lines, node: Node) -> Span:
    """The span of a node's text: exact for scalars and for what stands in brackets."""
    start, end = node.start_mark, node.end_mark
    if type(node) is ScalarNode and node.style in ("|", ">"):
        return lines.span(start.index, _block_end(lines, node, start.line, end.index))
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _block_end(lines: Lines, node: Node, header: int, limit: int) -> int:
    """Where a block text ends: libyaml's mark runs on over blank lines and comments to the next field."""
    text = lines.text
    first = next((line for line in node.value.split("\n") if line.strip(" ")), "")
    number = header + 2
    indent: int | None = None
    last = lines.starts[header] + len(lines.line(header + 1))
    while number <= len(lines.starts) and lines.starts[number - 1] < limit:
        line = lines.line(number)
        if line.strip(" "):
            margin = len(line) - len(line.lstrip(" "))
            if indent is None:  # `|2` leaves the text some spaces of its own
                indent = margin - (len(first) - len(first.lstrip(" ")))
            if margin < indent:
                break
            last = lines.starts[number - 1] + len(line)
        number += 1
    return min(last, len(text))


def is_block(node: Node) -> bool:
    """Whether a node is a list or map of several lines, whose end no mark gives."""
    return type(node) is not ScalarNode and not node.flow_style


def children(node: Node) -> Iterator[tuple[str | int, Node | None, Node]]:
    """The parts of a list or map: key or place, the key's node, the value's node; of a double key the first."""
    if type(node) is SequenceNode:
        for place, item in enumerate(node.value):
            yield place, None, item
    elif type(node) is MappingNode:
        names: set[str] = set()
        for key, value in node.value:
            if type(key) is ScalarNode and key.value not in names:
                names.add(key.value)
                yield key.value, key, value


def step(node: Node, part: str | int) -> tuple[Node | None, Node] | None:
    """The key's and the value's node of one part of a list or map, or None."""
    if type(node) is SequenceNode:
        place = part if isinstance(part, int) else int(part) if _PLACE.fullmatch(part) else len(node.value)
        return (None, node.value[place]) if 0 <= place < len(node.value) else None
    return _member(node, part) if type(node) is MappingNode else None


_PLACE = re.compile("[0-9]{1,6}")

_LARGE = 64


def _member(node: Node, name: str | int) -> tuple[Node, Node] | None:
    """The key's and the value's node of a key; of a large map all are kept, since each of its findings asks again."""
    if len(node.value) < _LARGE:
        return next(((key, value) for key, value in node.value if key.value == name and type(key) is ScalarNode), None)
    # PyYAML's nodes are plain objects that live as long as the document does.
    if not hasattr(node, "members"):
        node.members = {name: (key, value) for name, key, value in children(node)}
    found: tuple[Node, Node] | None = node.members.get(name)
    return found


def locate(lines: Lines, root: Node, pointer: Pointer, anchor: Anchor) -> Span:
    """Where a pointer stands in the text; of one that leads nowhere, its nearest ancestor."""
    node, key = root, None
    path: list[tuple[Node | None, Node]] = [(None, root)]
    for part in pointer:
        found = step(node, part)
        if found is None:
            break
        path.append(found)
        node = found[1]
    key, node = path[-1]
    if len(path) <= len(pointer) and anchor is not Anchor.MISSING:
        anchor = Anchor.MISSING
    if anchor is Anchor.MISSING:
        return _missing(lines, path)
    if key is not None and (anchor is Anchor.KEY or is_block(node) or _is_nothing(node)):
        return span(lines, key)
    if is_block(node):
        return _missing(lines, path)
    return span(lines, node)


def _is_nothing(node: Node) -> bool:
    return type(node) is ScalarNode and node.start_mark.index == node.end_mark.index


def _missing(lines: Lines, path: list[tuple[Node | None, Node]]) -> Span:
    """Where to say that something is missing in the last node of a path."""
    key, node = path[-1]
    if key is not None:
        return span(lines, key)
    while type(node) is SequenceNode and node.value:
        node = node.value[0]
    if type(node) is MappingNode and node.value:
        named = step(node, "id")
        return span(lines, named[0] if named and named[0] is not None else node.value[0][0])
    return span(lines, node)


def pointer_at(root: Node, index: int) -> tuple[Pointer, bool] | None:
    """The deepest pointer whose key or value covers a character, and whether it is the key; None in comments."""
    pointer, node = Pointer(), root
    while True:
        for part, key, value in children(node):
            if key is not None and key.start_mark.index <= index < key.end_mark.index:
                return pointer / part, True
            if value.start_mark.index <= index < value.end_mark.index:
                pointer, node = pointer / part, value
                break
        else:
            inside = type(node) is ScalarNode and pointer
            return (pointer, False) if inside else None


def scalars(root: Node) -> Iterator[tuple[Pointer, Node, bool]]:
    """Every scalar of a tree with its pointer, keys too, in the order of the text; whether it is a key comes third."""
    pending: list[tuple[Pointer, Node, bool]] = [(Pointer(), root, False)]
    visited: set[int] = set()
    while pending:
        pointer, node, is_key = pending.pop()
        if type(node) is ScalarNode:
            yield pointer, node, is_key
        elif id(node) not in visited:
            visited.add(id(node))
            inner: list[tuple[Pointer, Node, bool]] = []
            for part, key, value in children(node):
                if key is not None:
                    inner.append((pointer / part, key, True))
                inner.append((pointer / part, value, False))
            pending.extend(reversed(inner))


def repeats(root: Node) -> Iterator[Pointer]:
    """The pointers at which aliases repeat a list or map."""
    visited: set[int] = set()
    pending: list[tuple[Pointer, Node]] = [(Pointer(), root)]
    while pending:
        pointer, node = pending.pop()
        if type(node) is ScalarNode:
            continue
        if id(node) in visited:
            yield pointer
            continue
        visited.add(id(node))
        pending.extend(reversed([(pointer / part, value) for part, _, value in children(node)]))


def size(root: Node) -> int:
    """How many nodes a tree has, each counted once."""
    seen: set[int] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if type(node) is SequenceNode:
            pending.extend(node.value)
        elif type(node) is MappingNode:
            for pair in node.value:
                pending.extend(pair)
    return len(seen)
