"""From bytes to a document: every fault of the text is a finding, none is an exception."""

import re
import unicodedata
from functools import cached_property
from typing import Any

from mcred.diagnostic import Anchor, Finding, Pointer, Related, Span
from mcred.document import decoding, limits, tree
from mcred.document.comment import Comment
from mcred.document.decoding import START, Lines, Told, fault
from mcred.document.parser import (
    MappingNode,
    NamedValues,
    Node,
    ScalarNode,
    YamlError,
    compose,
    deeper_than,
    named_values,
)
from mcred.document.scalars import ambiguous, plain
from mcred.text import CONTROL, plural

# Where a name (&), a repetition (*) or a type (!) can stand; text may hold the same, so it only asks for a second look.
_NAMED = re.compile(r"(?:^|[\s\[{,:])(?:[&*][^\s,\[\]{}]|!)")


class Document:
    """One file, read.

    `data` is plain data (maps, lists, text, numbers, truth values, nothing), or None where `stopped` names the rule
    that ended the reading; `faults` are the findings, `more` counts those that were too many to tell, and `touched`
    are the pointers whose values they spoil.
    """

    def __init__(self, lines: Lines, told: Told, stopped: str | None = None, root: Node | None = None) -> None:
        self.lines = lines
        self.faults = told.findings
        self.more = told.more
        self.stopped = stopped
        self.data: dict[str, Any] | None = None
        self.touched: set[Pointer] = set()
        self.ambiguous = False
        self._root = root

    @property
    def root(self) -> Node | None:
        """The node tree, for who edits the text; None where it could not be read."""
        return self._root

    def locate(self, pointer: Pointer, anchor: Anchor = Anchor.VALUE) -> Span:
        """Where a pointer stands, in lines and characters; of one that leads nowhere, its nearest ancestor."""
        return tree.locate(self.lines, self._root, pointer, anchor) if self._root is not None else START

    def source(self, pointer: Pointer) -> str:
        """The text that a scalar was written with, quotes included; empty for what is no scalar."""
        node = self._node(pointer)
        if type(node) is not ScalarNode:
            return ""
        return self.lines.text[node.start_mark.index : node.end_mark.index]

    def is_plain(self, pointer: Pointer) -> bool:
        """Whether a scalar was written without quotes."""
        node = self._node(pointer)
        return type(node) is ScalarNode and not node.style

    def in_flow(self, pointer: Pointer) -> bool:
        """Whether a key stands inside `{ }`."""
        parent = self._node(pointer.parent)
        return type(parent) is MappingNode and bool(parent.flow_style)

    def order(self, pointer: Pointer) -> list[str]:
        """The keys of the map at a pointer, in the order of the text."""
        node = self._node(pointer)
        return [str(name) for name, _, _ in tree.children(node)] if type(node) is MappingNode else []

    @cached_property
    def plain_texts(self) -> list[tuple[Pointer, str]]:
        """The values without quotes that a reader of YAML 1.1 takes for something else."""
        if not self.ambiguous or self._root is None:
            return []
        return [
            (pointer, node.value)
            for pointer, node, is_key in tree.scalars(self._root)
            if not is_key and not node.style and ambiguous(node.value)
        ]

    def comments(self, sign: re.Pattern[str]) -> tuple[Comment, ...]:
        """The comments in which `sign` matches from a `#` on; none of a file that could not be read."""
        if self._root is None or not sign.search(self.lines.text):
            return ()
        from mcred.document.comments import comments

        return tuple(comments(self.lines, self._root, sign))

    def touch(self, index: int) -> None:
        """Mark the value or key that covers a character as spoilt: nothing more is said of it."""
        found = tree.pointer_at(self._root, index) if self._root is not None else None
        if found:
            self.touched.add(found[0])

    def _node(self, pointer: Pointer) -> Node | None:
        node = self._root
        for part in pointer:
            found = tree.step(node, part) if node is not None else None
            if found is None:
                return None
            node = found[1]
        return node


def read(data: bytes) -> Document:
    """Read one file. Any bytes give a document; what is wrong with them stands in its `faults`."""
    lines, told, stopped, bad = decoding.begun(data)
    if stopped is not None:
        return Document(lines, told, stopped)
    text = decoding.directives(lines, told)
    marked, several = decoding.markers(lines)
    told.of(marked, lambda each: each)
    if several:
        return Document(lines, told, "several-documents")
    document = _parse(text, lines, told)
    for index in bad:
        document.touch(index)
    return document


def _parse(text: str, lines: Lines, told: Told) -> Document:
    deep = limits.too_deep(text)
    if deep is None and limits.many_brackets(text):
        deep = deeper_than(text, limits.DEEPEST)
    if deep is not None:
        return _stopped(lines, told, _too_deep(lines, deep))
    try:
        root = compose(text)
    except YamlError as error:
        return _stopped(lines, told, _syntax(lines, error))
    unfit = _unfit(root, text, lines)
    if unfit is not None:
        return _stopped(lines, told, unfit)
    document = Document(lines, told, root=root)
    deep = _build(document, root, text, told)
    if deep is not None:
        return _stopped(lines, told, _too_deep(lines, deep.start_mark.index))
    document.more = told.more
    return document


def _unfit(root: Node | None, text: str, lines: Lines) -> Finding | None:
    """Say why what was read can be no record: it is empty, too large, or no fields at all."""
    if root is None or (type(root) is ScalarNode and root.value == "" and not root.style):
        message = "the file is empty" if not text.strip() else "the file holds comments, but no record"
        hint = "a first draft needs an id, a title and a framework: `mcred new` writes one"
        return fault("empty-file", START, message, hint=hint)
    if len(text) > limits.MOST_NODES and (nodes := tree.size(root)) > limits.MOST_NODES:
        message = "the file holds {nodes} keys and values; a record has at most {most}"
        hint = "keep tables and measurements as a document beside the record and name it with `document:`"
        return fault("too-many-nodes", START, message, hint, nodes=f"{nodes:,}", most=f"{limits.MOST_NODES:,}")
    return _not_a_mapping(lines, root) if type(root) is not MappingNode else None


def _too_deep(lines: Lines, index: int) -> Finding:
    message = "lists and fields stand more than {most} deep inside each other here"
    hint = "a bracket is probably never closed, or each line is indented more than the one above"
    return fault("too-deep", lines.span(index, index + 1), message, hint, most=limits.DEEPEST)


def _stopped(lines: Lines, told: Told, finding: Finding) -> Document:
    told.findings.append(finding)
    return Document(lines, told, finding.rule)


def _syntax(lines: Lines, error: YamlError) -> Finding:
    from mcred.document import syntax

    context, problem = (
        syntax.Mark(mark.line, mark.column) if mark is not None else None
        for mark in (error.context_mark, error.problem_mark)
    )
    return syntax.explain(lines, error.context or "", context, error.problem or "", problem)


def _not_a_mapping(lines: Lines, root: Node) -> Finding:
    what = "one text" if type(root) is ScalarNode else "a list"
    place = lines.span(root.start_mark.index, root.start_mark.index)
    hint = "begin with `id: …` in the first column; each field is a name, a colon, a space and a value"
    line = lines.line(place.line)
    if "\u00a0" in line:
        hint = "a no-break space (U+00A0) stands in this line: put an ordinary space after the colon"
    return fault(
        "not-a-mapping",
        Span(place.line, place.column, place.line, len(line) + 1),
        "the file is {what}, not a record",
        hint,
        what=what,
    )


def _build(document: Document, root: Node, text: str, told: Told) -> Node | None:
    """Fill in the data, and find what plain YAML may not have; the node that stands too deep, if one does."""
    lines = document.lines
    may_name = "&" in text or "*" in text or "!" in text
    names = named_values(text) if may_name and _NAMED.search(text) else None
    builder = tree.Builder(aliases=bool(names and names.aliases))
    data = builder.value(root)
    if builder.deep is not None:
        return builder.deep
    document.data = data
    document.ambiguous = builder.ambiguous
    told.of(builder.duplicates, lambda pair: _duplicate(lines, *pair))
    told.of(builder.odd_keys, lambda key: _odd_key(lines, key))
    told.of(builder.merges, lambda key: _merge(lines, key))
    for value, _ in told.of(builder.bare, lambda pair: _comma(lines, *pair)):
        document.touch(value.start_mark.index)
    if names:
        _named(document, root, names, told)
    if "\\" in text or not (text.isascii() or unicodedata.is_normalized("NFC", text)):
        _characters(document, root, text, told)
    return None


def _merge(lines: Lines, key: Node) -> Finding:
    message = "'<<' copies the fields of another value in; a record is plain YAML"
    return fault("anchor-or-alias", tree.span(lines, key), message, "write the fields out here")


def _duplicate(lines: Lines, first: Node, second: Node) -> Finding:
    return fault(
        "duplicate-key",
        tree.span(lines, second),
        "'{key}' stands here for the second time; mcred reads the first",
        hint="keep the one that is right",
        label="second",
        related=(Related("first here", span=tree.span(lines, first)),),
        key=second.value,
    )


def _odd_key(lines: Lines, key: Node) -> Finding:
    place = tree.locate(lines, key, Pointer(), Anchor.VALUE) if type(key) is not ScalarNode else tree.span(lines, key)
    if type(key) is not ScalarNode:
        return fault(
            "key-not-text", place, "the name of a field is a list or a set of fields here", "a field's name is a word"
        )
    if key.value == "":
        return fault("key-not-text", place, "a field without a name", "write the name before the colon")
    hint = "if it really is the name of a field, put it in quotes"
    return fault(
        "key-not-text",
        place,
        "'{key}' is read as {what}, not as the name of a field",
        hint,
        key=key.value,
        what=_kind(key),
    )


def _kind(key: Node) -> str:
    value = plain(key.value)
    return {bool: "true or false", type(None): "nothing"}.get(type(value), "a number")


def _comma(lines: Lines, value: Node, keys: list[Node]) -> Finding:
    first, last = keys[0], keys[-1]
    place = lines.span(first.start_mark.index, last.end_mark.index)
    return fault(
        "comma-in-flow-text",
        place,
        "a comma ends a value inside {{ }}, so '{text}' is read as a field of its own",
        hint="put the whole text in quotes",
        related=(Related("the text begins here", span=tree.span(lines, value)),),
        text=lines.text[first.start_mark.index : last.end_mark.index],
    )


def _named(document: Document, root: Node, names: NamedValues, told: Told) -> None:
    lines, text = document.lines, document.lines.text
    uses: dict[str, list[tuple[int, int]]] = {}
    for name, first, last in names.aliases:
        uses.setdefault(name, []).append((first, last))
    told.of(names.anchors, lambda anchor: _anchor(lines, *anchor, uses.get(anchor[0], [])))
    document.touched.update(tree.repeats(root) if names.aliases else ())
    for start in told.of(names.tags, lambda tag: _tag(lines, text.find("!", tag))):
        document.touch(start)


MOST_RELATED = 20
"""Places that a finding shows beside its own."""


def _anchor(lines: Lines, name: str, start: int, uses: list[tuple[int, int]]) -> Finding:
    at = lines.text.find("&" + name, start)
    times = f", and '*{name}' repeats it in {plural(len(uses), 'place')}" if uses else ""
    hint = "write the value out wherever it is meant"
    return fault(
        "anchor-or-alias",
        lines.span(at, at + len(name) + 1),
        "'{sign}' gives a value a name" + times.replace("{", "{{").replace("}", "}}"),
        hint=hint if uses else "delete the name, or put text that begins with '&' in quotes",
        related=tuple(Related("repeated here", span=lines.span(*use)) for use in uses[:MOST_RELATED]),
        sign="&" + name,
    )


_TAG_END = r"[\s,\]}]|\Z"


def _tag(lines: Lines, at: int) -> Finding:
    end = re.compile(_TAG_END).search(lines.text, at)
    stop = max(end.start(), at + 1) if end else at + 1
    return fault(
        "explicit-tag",
        lines.span(at, stop),
        "'{tag}' is read as an instruction, not as text; a record is plain YAML",
        hint="if it belongs to the text, put the whole text in quotes; else delete it",
        tag=lines.text[at:stop],
    )


def _characters(document: Document, root: Node, text: str, told: Told) -> None:
    """Characters that only the value shows (written as a code in double quotes), and letters in two pieces."""
    lines = document.lines
    found = list(tree.scalars(root))
    coded = [(pointer, node) for pointer, node, is_key in found if node.style == '"' and re.search(CONTROL, node.value)]
    told.of(coded, lambda each: _coded(lines, each[1]))
    pieces: list[tuple[Pointer, Node]] = []
    if "\\" in text or not unicodedata.is_normalized("NFC", text):
        pieces = [(pointer, node) for pointer, node, _ in found if not unicodedata.is_normalized("NFC", node.value)]
        told.of(pieces, lambda each: _not_nfc(lines, each[1]))
    document.touched.update(pointer for pointer, _ in (*coded, *pieces))


def _coded(lines: Lines, node: Node) -> Finding:
    match = re.search(CONTROL, node.value)
    return fault(
        "control-character",
        tree.span(lines, node),
        "the text holds {code}, a character that cannot be seen, written as a code",
        "delete the code that begins with '\\'",
        code=f"U+{ord(match[0]):04X}" if match else "",
    )


_CLUSTER = r"(?s).[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a]*|."


def _not_nfc(lines: Lines, node: Node) -> Finding:
    start, end = node.start_mark.index, node.end_mark.index
    source = lines.text[start:end]
    bad = [m for m in re.finditer(_CLUSTER, source) if not unicodedata.is_normalized("NFC", m[0])]
    if not bad:
        written = [m[0] for m in re.finditer(_CLUSTER, node.value) if not unicodedata.is_normalized("NFC", m[0])]
        piece = written[0] if written else node.value
        place, whole = tree.span(lines, node), unicodedata.normalize("NFC", piece)
    else:
        place = lines.span(start + bad[0].start(), start + bad[0].end())
        piece, whole = bad[0][0], unicodedata.normalize("NFC", bad[0][0])
    codes = " ".join(f"U+{ord(c):04X}" for c in piece[:4])
    more = f" (and {plural(len(bad) - 1, 'more place')} in this text)" if len(bad) > 1 else ""
    return fault(
        "not-nfc",
        place,
        "'{whole}' is written in pieces ({codes})" + more,
        hint="type the letter again as one character; text copied from a PDF or a file name often comes in pieces",
        whole=whole,
        codes=codes,
    )
