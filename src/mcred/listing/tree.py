"""The fragment of HTML that a template gives, as a tree: a small part of HTML, strictly, from which all formats come.

Whatever is not in that part is a fault of the template: another element, an attribute that could fetch or act, a value
without quotes, an element left open. So every reader of HTML understands a fragment as this module does.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from itertools import groupby
from typing import NamedTuple, TypeAlias, cast

from mcred.listing.fault import TemplateFault
from mcred.text import CONTROL, did_you_mean, shown

DEEPEST = 32
"""Elements inside each other that a fragment may have."""

HEADINGS = ("h1", "h2", "h3", "h4")
INLINE = frozenset({"strong", "em", "code", "span", "a", "br"})

_TEXT = "#text"
_PHRASE = INLINE | {_TEXT}
_CELL = _PHRASE | {"p", "ul", "ol", "dl"}
_FLOW = _CELL | {*HEADINGS, "table", "section", "header", "footer", "aside", "div"}

CONTENT: Mapping[str, frozenset[str]] = {
    "": _FLOW - _PHRASE,
    **dict.fromkeys(("section", "header", "footer", "aside", "div"), _FLOW),
    **dict.fromkeys((*HEADINGS, "p", "dt", "caption", "th"), _PHRASE),
    **dict.fromkeys(("strong", "em", "code", "span", "a"), _PHRASE),
    **dict.fromkeys(("li", "dd", "td"), _CELL),
    **dict.fromkeys(("ul", "ol"), frozenset({"li"})),
    "dl": frozenset({"dt", "dd"}),
    "table": frozenset({"caption", "thead", "tbody"}),
    **dict.fromkeys(("thead", "tbody"), frozenset({"tr"})),
    "tr": frozenset({"th", "td"}),
    "br": frozenset(),
}
"""What may stand directly in each element; the empty name is the fragment itself."""

_EVERYWHERE = {
    "lang": re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "class": re.compile("[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)*"),
    "id": re.compile("[a-z][a-z0-9-]*"),
}
_HERE = {
    ("a", "href"): re.compile(r"(https?://|mailto:)[^\s\x00-\x1f\x7f<>\"\\^`{|}]+", re.IGNORECASE),
    ("th", "scope"): re.compile("row|col|rowgroup|colgroup"),
    ("th", "colspan"): re.compile("[1-9][0-9]?"),
    ("td", "colspan"): re.compile("[1-9][0-9]?"),
}

_TOKEN = re.compile(
    r"""(?P<text>[^<]+)
    |<(?P<open>[a-z][a-z0-9]*)(?P<attributes>(?:[ \t\r\n]+[a-z-]+="[^"<]*")*)[ \t\r\n]*/?>
    |</(?P<close>[a-z][a-z0-9]*)[ \t\r\n]*>
    |<!--@(?P<template>[^<>]*):(?P<line>[0-9]+)-->""",
    re.VERBOSE,
)
_MARK = re.compile("<!--@[^<>]*-->")
_ATTRIBUTE = re.compile('([a-z-]+)="([^"]*)"')
_SPACE = re.compile("[ \t\r\n\f\x85\u2028\u2029]+")


class Node(NamedTuple):
    """An element: its name, its attributes, and the texts and elements in it. Runs of blanks are one blank."""

    tag: str
    attributes: Mapping[str, str]
    children: "tuple[Child, ...]"

    @property
    def elements(self) -> "Iterator[Node]":
        """The elements in it."""
        return (child for child in self.children if isinstance(child, Node))

    @property
    def text(self) -> str:
        """Its text, without the elements."""
        return "".join(
            child if isinstance(child, str) else "\n" if child.tag == "br" else child.text for child in self.children
        )

    def blocks(self) -> "Iterator[Node]":
        """What stands in it one below the other; texts and elements in a line are put into a `p`."""
        for inline, run in groupby(self.children, is_inline):
            if not inline:
                yield from cast("Iterator[Node]", run)
            elif children := _trimmed(tuple(run)):
                yield Node("p", {}, children)

    def find(self, *tags: str) -> "Iterator[Node]":
        """The elements of these names in it, at any depth, in order."""
        for child in self.elements:
            if child.tag in tags:
                yield child
            yield from child.find(*tags)


Child: TypeAlias = Node | str


def is_inline(child: Child) -> bool:
    """Whether it stands in a line of text."""
    return isinstance(child, str) or child.tag in INLINE


def plain(text: str) -> str:
    """`text` with runs of blanks and breaks of lines as one blank, and with characters that act made visible."""
    return _SPACE.sub(" ", re.sub(CONTROL, lambda found: f"<U+{ord(found[0]):04X}>", text))


def facts(node: Node) -> Iterator[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    """The terms of a `dl` and what they come to: one or more `dt` with the `dd` that follow."""
    terms: list[Node] = []
    bodies: list[Node] = []
    for each in node.elements:
        if each.tag == "dt" and bodies:
            yield tuple(terms), tuple(bodies)
            terms, bodies = [], []
        (terms if each.tag == "dt" else bodies).append(each)
    if terms or bodies:
        yield tuple(terms), tuple(bodies)


def mark(source: str, template: str, line: int) -> str:
    """`source`, a piece of a template that begins at `line`, with its place before each element.

    `parse` reads such marks, so that a fault is found in the template and not in what came of it.
    """
    pieces = source.split("<")
    marked = [pieces[0]]
    for piece in pieces[1:]:
        line += marked[-1].count("\n")
        marked.append(f"<!--@{template}:{line}--><{piece}")
    return "".join(marked)


def parse(fragment: str) -> Node:
    """The tree of a fragment; what is not in the small part of HTML that documents use raises a TemplateFault."""
    return _Parser(fragment).tree()


def headed(tree: Node) -> tuple[Node, Node]:
    """The head of a document, which is its first block if the title stands in it, and the rest."""
    first, rest = Node("", {}, tree.children[:1]), Node("", {}, tree.children[1:])
    return (first, rest) if next(first.find("h1"), None) else (Node("", {}, ()), tree)


def markup(node: Node) -> str:
    """The fragment of a tree."""
    return "".join(escape(child, quote=False) if isinstance(child, str) else _element(child) for child in node.children)


def _element(node: Node) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    return f"<{node.tag}{attributes}>" + ("" if node.tag == "br" else f"{markup(node)}</{node.tag}>")


class _Open(NamedTuple):
    tag: str
    attributes: dict[str, str]
    children: list[Child]


class _Parser:
    """Reads one fragment, once, from left to right."""

    def __init__(self, fragment: str) -> None:
        self.fragment = fragment
        self.stack = [_Open("", {}, [])]
        self.ids: set[str] = set()
        self.place = ("", 0)

    def tree(self) -> Node:
        at = 0
        while at < len(self.fragment):
            token = _TOKEN.match(self.fragment, at)
            if token is None:
                raise self.fault(_unread(self.fragment[at : at + 200]))
            at = token.end()
            match token.lastgroup:
                case "text":
                    self.add_text(token["text"])
                case "attributes":
                    self.open(token["open"], token["attributes"])
                case "close":
                    self.close(token["close"])
                case _:
                    self.place = (token["template"], int(token["line"]))
        if len(self.stack) > 1:
            raise self.fault(f"<{self.stack[-1].tag}> is left open")
        return _closed(self.stack[0])

    def add_text(self, raw: str) -> None:
        parent = self.stack[-1]
        text = plain(unescape(raw))
        if _TEXT in CONTENT[parent.tag]:
            parent.children.append(text)
        elif text != " ":
            where = f"directly in <{parent.tag}>" if parent.tag else "outside an element such as <p>"
            raise self.fault(f"text stands {where}: '{shown(text.strip())}'")

    def open(self, tag: str, attributes: str) -> None:
        if tag not in CONTENT:
            raise self.fault(f"<{tag}> is not an element that documents have{did_you_mean(tag, CONTENT)}")
        parent = self.stack[-1]
        if tag not in CONTENT[parent.tag] or (tag == "a" and any(each.tag == "a" for each in self.stack)):
            raise self.fault(f"<{tag}> cannot stand {f'in <{parent.tag}>' if parent.tag else 'by itself'}")
        if len(self.stack) > DEEPEST:
            raise self.fault(f"more than {DEEPEST} elements stand inside each other")
        opened = _Open(tag, self.attributes(tag, attributes), [])
        if tag == "br":
            parent.children.append(_closed(opened))
        else:
            self.stack.append(opened)

    def attributes(self, tag: str, text: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, raw in _ATTRIBUTE.findall(text):
            allowed = _EVERYWHERE.get(name) or _HERE.get((tag, name))
            if allowed is None:
                raise self.fault(f"<{tag}> cannot have the attribute '{name}'")
            value = unescape(raw)
            if name in found or (name == "id" and value in self.ids):
                raise self.fault(f"the {name} '{shown(value)}' stands twice")
            if not allowed.fullmatch(value):
                raise self.fault(_unfit(tag, name, value))
            found[name] = value
            if name == "id":
                self.ids.add(value)
        return found

    def close(self, tag: str) -> None:
        opened = self.stack[-1]
        if tag != opened.tag:
            expected = f"</{opened.tag}>" if opened.tag else "no end of an element"
            raise self.fault(f"</{tag}> stands where {expected} is expected")
        self.stack.pop()
        self.stack[-1].children.append(_closed(opened))

    def fault(self, reason: str) -> TemplateFault:
        return TemplateFault(reason, *self.place)


def _closed(opened: _Open) -> Node:
    children = tuple(opened.children)
    if opened.tag not in INLINE and not all(map(is_inline, children)):
        # Between blocks, blanks only lay out the template.
        children = tuple(child for child in children if child != " ")
    elif opened.tag not in INLINE:
        children = _trimmed(children)
    return Node(opened.tag, opened.attributes, children)


def _trimmed(children: tuple[Child, ...]) -> tuple[Child, ...]:
    """The same without the blanks at both ends."""
    kept = list(children)
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip(" ")
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip(" ")
    return tuple(child for child in kept if child != "")


def _unread(rest: str) -> str:
    """Why no piece of a fragment begins here."""
    rest = _MARK.sub("", rest)
    if re.match(r"<[A-Za-z][A-Za-z0-9]*\s", rest):
        return f"attributes are in lower case with values in double quotes, as in <p lang=\"mi\">: '{shown(rest)}'"
    return f"'<' stands where no element begins; as text it is &lt;: '{shown(rest)}'"


def _unfit(tag: str, name: str, value: str) -> str:
    """Why a value does not do for an attribute."""
    if name == "href":
        return f"a link leads to http, https or mailto, not to '{shown(value)}'"
    return f"'{shown(value)}' is not a value for '{name}' of <{tag}>"
