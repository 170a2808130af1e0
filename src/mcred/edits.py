"""Changes of a record as minimal edits of its text: comments, order, quoting and every byte beside them stay.

A change speaks of pointers; here it becomes a range of characters and what stands there instead. Whoever applies
changes gets the new text only if reading it again gives exactly the data that the changes declare.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.document import read
from mcred.document.parser import MappingNode, Node, ScalarNode, SequenceNode
from mcred.document.reading import Document
from mcred.document.scalars import ambiguous, plain
from mcred.document.tree import span, step

WIDTH = 120
"""Columns that a new line keeps within where it can."""


class Set(NamedTuple):
    """Another value for what stands at a pointer."""

    pointer: Pointer
    value: Any


class Rename(NamedTuple):
    """Another name for the key at a pointer."""

    pointer: Pointer
    key: str


class Insert(NamedTuple):
    """A new key in the map at a pointer, after one of its keys, or as the last."""

    pointer: Pointer
    key: str
    value: Any
    after: str | None = None


class Remove(NamedTuple):
    """Nothing where the pointer leads: the key with its value, or the item."""

    pointer: Pointer


class Append(NamedTuple):
    """A new last item of the list at a pointer, which is begun where there is none."""

    pointer: Pointer
    item: Any


Change = Set | Rename | Insert | Remove | Append


class Replacement(NamedTuple):
    """What stands instead of the characters from `start` up to `end`."""

    start: int
    end: int
    text: str


class CannotEdit(Exception):
    """The change cannot be made in this text; the message says why."""


def apply(data: bytes, changes: Sequence[Change]) -> bytes:
    """The bytes of a file after some changes, one after the other.

    Raises:
        CannotEdit: the file cannot be read, a place is not there, or the result would not say what was declared.
    """
    for change in changes:
        data = _applied(data, change)
    return data


def _applied(data: bytes, change: Change) -> bytes:
    document = read(data)
    if document.data is None or document.root is None:
        raise CannotEdit("the file cannot be read as a record")
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    text = data.decode("utf-8").removeprefix("\ufeff")
    replacement = _replacement(document, text, change)
    try:
        new = (mark + text[: replacement.start] + replacement.text + text[replacement.end :]).encode("utf-8")
    except UnicodeEncodeError as error:
        raise CannotEdit("the new value is not text that UTF-8 can hold") from error
    again = read(new)
    if not _same(again.data, expected(document.data, change)) or len(again.faults) > len(document.faults):
        raise CannotEdit(f"the change at '{change.pointer}' cannot be made safely in this text")
    return new


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; to Python `1`, `1.0` and `true` are equal."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def expected(data: Any, change: Change) -> Any:
    """The data after a change."""
    if isinstance(change, Append):
        parent = _at(data, change.pointer)
        items = parent if isinstance(parent, list) else []
        return _with(data, change.pointer, [*items, change.item])
    if isinstance(change, Set):
        return _with(data, change.pointer, change.value)
    parent = _at(data, change.pointer.parent if not isinstance(change, Insert) else change.pointer)
    place = change.pointer.parent if not isinstance(change, Insert) else change.pointer
    if isinstance(change, Insert):
        return _with(data, place, {**parent, change.key: change.value})
    last = change.pointer[-1]
    if isinstance(change, Remove) and isinstance(parent, list):
        return _with(data, place, [item for number, item in enumerate(parent) if number != last])
    if isinstance(change, Remove):
        return _with(data, place, {key: value for key, value in parent.items() if key != last})
    return _with(data, place, {change.key if key == last else key: value for key, value in parent.items()})


def _at(data: Any, pointer: Iterable[str | int]) -> Any:
    for part in pointer:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _with(data: Any, pointer: Sequence[str | int], value: Any) -> Any:
    if not pointer:
        return value
    part, rest = pointer[0], pointer[1:]
    if isinstance(data, list):
        return [_with(item, rest, value) if place == part else item for place, item in enumerate(data)]
    inner = data.get(part) if isinstance(data, dict) else None
    return {**(data or {}), part: _with(inner, rest, value)}


# --- places ----------------------------------------------------------------------------------------------------------


def _replacement(document: Document, text: str, change: Change) -> Replacement:
    if isinstance(change, Rename):
        key, _ = _found(document, change.pointer)
        if key is None:
            raise CannotEdit(f"'{change.pointer}' is no key")
        return Replacement(key.start_mark.index, key.end_mark.index, scalar(change.key))
    if isinstance(change, Set):
        return _set(document, text, change)
    if isinstance(change, Insert):
        return _insert(document, text, change)
    if not change.pointer:
        raise CannotEdit("the whole record is neither a list nor a part of one")
    if isinstance(change, Remove):
        return _remove(document, text, change)
    return _append(document, text, change)


def _found(document: Document, pointer: Pointer) -> tuple[Node | None, Node]:
    key, node = None, document.root
    for part in pointer:
        found = step(node, part) if node is not None else None
        if found is None:
            raise CannotEdit(f"nothing stands at '{pointer}'")
        key, node = found
    return key, node


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _set(document: Document, text: str, change: Set) -> Replacement:
    key, node = _found(document, change.pointer)
    if type(node) is not ScalarNode and not node.flow_style:
        raise CannotEdit(f"'{change.pointer}' is a list or map of several lines: edit it in a text editor")
    start, end = node.start_mark.index, node.end_mark.index
    new = flow(change.value)
    if type(node) is ScalarNode and node.style in ("|", ">"):
        place = span(document.lines, node)
        end = document.lines.index(place.end_line, place.end_column)
        remark = re.match(r"[^ \t\r\n]*([ \t]+#[^\r\n]*)?", text[start:end])
        new += remark.group(1) or "" if remark else ""
    elif type(node) is not ScalarNode and re.search(r"\s#", text[start:end]):
        raise CannotEdit(f"'{change.pointer}' has a comment inside: edit it in a text editor")
    if start == end and key is not None and text[start - 1 : start] == ":":
        new = " " + new
    return Replacement(start, end, new)


def _insert(document: Document, text: str, change: Insert) -> Replacement:
    _, node = _found(document, change.pointer)
    if type(node) is not MappingNode:
        raise CannotEdit(f"'{change.pointer}' is no map")
    if node.flow_style and change.after is None:
        comma = ", " if node.value else ""
        at = node.end_mark.index - 1
        return Replacement(at, at, f"{comma}{scalar(change.key)}: {flow(change.value)}")
    after = change.after if change.after is not None else str(node.value[-1][0].value)
    found = step(node, after)
    if found is None:
        raise CannotEdit(f"no field '{after}' at '{change.pointer}'")
    if node.flow_style:
        at = max(_end(document, found[1]), found[0].end_mark.index if found[0] is not None else 0)
        return Replacement(at, at, f", {scalar(change.key)}: {flow(change.value)}")
    indent = node.value[0][0].start_mark.column
    lines = block(change.key, change.value, indent)
    return _after(document, text, found[1], found[0], lines)


def _append(document: Document, text: str, change: Append) -> Replacement:
    parent = change.pointer.parent
    _, holder = _found(document, parent)
    there = step(holder, change.pointer[-1])
    if there is None:
        return _insert(document, text, Insert(parent, str(change.pointer[-1]), [change.item]))
    key, node = there
    if type(node) is not SequenceNode:
        if type(node) is ScalarNode and plain(node.value) is None and not node.style:
            return _after(document, text, node, key, _items([change.item], _column(key) + 2))
        raise CannotEdit(f"'{change.pointer}' is no list")
    if not node.flow_style:
        column = _dash(text, node.value[-1])
        return _after(document, text, node.value[-1], None, _items([change.item], column))
    if not node.value and change.pointer == (str(change.pointer[-1]),):
        lines = _items([change.item], 2)
        start = node.start_mark.index
        while text[start - 1] in " \t":
            start -= 1
        return Replacement(start, node.end_mark.index, _newline(text) + _newline(text).join(lines))
    at = node.end_mark.index - 1
    return Replacement(at, at, (", " if node.value else "") + flow(change.item))


def _column(key: Node | None) -> int:
    return key.start_mark.column if key is not None else 0


def _dash(text: str, item: Node) -> int:
    """The column of the dash before an item."""
    start = item.start_mark.index
    line = text.rfind("\n", 0, start) + 1
    dash = text.rfind("-", line, start)
    while dash < 0 and line > 0:
        line_end = line - 1
        line = text.rfind("\n", 0, line_end) + 1
        dash = text.rfind("-", line, line_end)
    return dash - line


def _after(document: Document, text: str, node: Node, key: Node | None, lines: list[str]) -> Replacement:
    """New lines below the last line of a node, and of a comment on that line."""
    end = max(_end(document, node), key.end_mark.index if key is not None else 0)
    line_end = text.find("\n", end)
    newline = _newline(text)
    body = newline.join(lines)
    if line_end < 0:
        return Replacement(len(text), len(text), newline + body)
    return Replacement(line_end + 1, line_end + 1, body + newline)


def _end(document: Document, node: Node) -> int:
    """The index after the last character of a node: libyaml's marks of blocks run on to what comes next."""
    while True:
        if type(node) is ScalarNode:
            place = span(document.lines, node)
            return document.lines.index(place.end_line, place.end_column)
        if node.flow_style:
            end: int = node.end_mark.index
            return end
        last = node.value[-1]
        inner = last[1] if type(node) is MappingNode else last
        if type(inner) is ScalarNode and inner.start_mark.index == inner.end_mark.index and type(node) is MappingNode:
            after_key: int = last[0].end_mark.index + 1
            return after_key
        node = inner


_OURS = re.compile(r"#[ \t]*mcred:")
"""What a comment begins with that says something of the key or item that it stands by, to mcred and not to people."""

_COMMA = re.compile(r"\s*,[ \t]*")
_BEHIND = re.compile(rf"[ \t]*(?:#[^\n]*)?{_OURS.pattern}[^\r\n]*")


def _remove(document: Document, text: str, change: Remove) -> Replacement:
    """Nothing where something stood, and none of its comments for mcred, which would hold for what comes next."""
    _, holder = _found(document, change.pointer.parent)
    key, node = _found(document, change.pointer)
    start = (key if key is not None else node).start_mark.index
    end = max(_end(document, node), key.end_mark.index if key is not None else 0)
    line = text.rfind("\n", 0, start) + 1
    if holder.flow_style:
        return _without_comments(document, text, start, _remove_in_flow(text, line, start, end))
    if text[line:start].strip(" -"):
        raise CannotEdit(f"'{change.pointer}' shares its line with something else: edit it in a text editor")
    if "-" in text[line:start] and key is not None:
        raise CannotEdit(f"'{change.pointer}' is the first field of an item: edit it in a text editor")
    line_end = text.find("\n", end)
    there = Replacement(line, line_end + 1 if line_end >= 0 else len(text), "")
    return _without_comments(document, text, start, there)


def _remove_in_flow(text: str, line: int, start: int, end: int) -> Replacement:
    """An item between brackets with one of the commas beside it, and with a comment that is about its line alone."""
    comma = _COMMA.match(text, end)
    end = comma.end() if comma else end
    behind = _BEHIND.match(text, end) if not text[line:start].strip() else None
    end = behind.end() if behind else end
    if comma:
        while text[end : end + 1].isspace():
            end += 1
        return Replacement(start, end, "")
    before = re.compile(r",\s*\Z").search(text, 0, start)
    return Replacement(before.start() if before else start, end, "")


def _without_comments(document: Document, text: str, start: int, there: Replacement) -> Replacement:
    """The same, and nothing in the lines above that have a comment for mcred about what begins at `start`."""
    lines = document.lines
    about = {
        comment.span.line
        for comment in document.comments(_OURS)
        if comment.scope and comment.span.line < comment.scope.line and lines.index(*comment.scope[:2]) == start
    }
    if not about:
        return there
    first = lines.index(min(about), 1)
    above = text[first : there.start].splitlines(keepends=True)
    kept = (each for number, each in enumerate(above, min(about)) if number not in about)
    return Replacement(first, there.end, "".join(kept))


# --- new text --------------------------------------------------------------------------------------------------------

_SAFE = re.compile(r"[^\W\d_](?:[\w /.()'’–;+%&@$-]*[\w/.()'’%+$])?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")


def scalar(value: Any) -> str:
    """A scalar as YAML: without quotes where every reader takes it for the same, else in double quotes."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    safe = _SAFE.fullmatch(value) and isinstance(plain(value), str) and not ambiguous(value)
    return value if safe or _DATE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def block(key: str, value: Any, indent: int = 0) -> list[str]:
    """A field on lines of its own: on one line where it fits, else in block style."""
    margin = " " * indent
    one = f"{margin}{scalar(key)}: {flow(value)}"
    if not value or not isinstance(value, dict | list) or (len(one) <= WIDTH and not _holds_maps(value)):
        return [one]
    if isinstance(value, list):
        return [f"{margin}{scalar(key)}:", *_items(value, indent + 2)]
    return [
        f"{margin}{scalar(key)}:",
        *(line for name, inner in value.items() for line in block(name, inner, indent + 2)),
    ]


def _holds_maps(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return any(isinstance(each, dict) for each in inner)


def _items(items: list[Any], column: int) -> list[str]:
    """Items of a list: each on one line where it fits, longer maps with a line for each field."""
    lines = []
    for item in items:
        one = f"{' ' * column}- {flow(item)}"
        if len(one) <= WIDTH or not isinstance(item, dict) or not item:
            lines.append(one)
            continue
        fields = [line for key, value in item.items() for line in block(key, value, column + 2)]
        lines += [f"{' ' * column}- {fields[0].lstrip(' ')}", *fields[1:]]
    return lines
