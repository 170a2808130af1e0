"""PyYAML's parser with our own reading of scalars: the one place that imports yaml.

libyaml (the C parser) where its extension is installed, PyYAML's Python parser otherwise; both give the same nodes.
The tag of a node tells what stood in the text: `(plain, quoted)` or a truth value for nodes without a tag of their own,
and text for an explicit one.
"""

from typing import Any

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

try:
    from yaml._yaml import CParser as _Parser

    C_PARSER = True
except ImportError:  # pragma: no cover - there is a wheel for every platform we know
    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class _Parser(Reader, Scanner, Parser, Composer):  # type: ignore[no-redef]
        def __init__(self, stream: str) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

    C_PARSER = False

Node = Any
"""A ScalarNode, SequenceNode or MappingNode of PyYAML."""

__all__ = [
    "C_PARSER",
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "YamlError",
    "compose",
    "deeper_than",
    "named_values",
]

YamlError = yaml.MarkedYAMLError


class _Composer(_Parser):
    def descend_resolver(self, parent: Any, index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass

    def resolve(self, kind: type, value: str | None, implicit: Any) -> Any:
        return implicit


def deeper_than(text: str, most: int) -> int | None:
    """The place where lists and maps stand more than `most` deep inside each other, or None.

    Exact, and without a stack that could overflow; text that is not YAML is left for `compose` to tell.
    """
    parser: Any = _Parser(text)
    depth = 0
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > most:
                    place: Any = event.start_mark
                    return int(place.index)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except YamlError:
        return None
    return None


def compose(text: str) -> Node | None:
    """The node tree of the first document of `text`, or None where there is nothing.

    Raises:
        YamlError: the text is not YAML.
    """
    parser: Any = _Composer(text)
    if not parser.check_node():
        return None
    node: Node = parser.get_node()
    # Composing stops at the end of the first document; what is wrong right after it shows only on asking for more.
    parser.check_node()
    return node


class NamedValues:
    """The anchors, aliases and explicit tags of a text, in its order: (name, start index, end index)."""

    def __init__(self) -> None:
        self.anchors: list[tuple[str, int]] = []
        self.aliases: list[tuple[str, int, int]] = []
        self.tags: list[int] = []


def named_values(text: str) -> NamedValues:
    """Where values are named, repeated or given a type. A second pass, for the few files that may hold such things."""
    found = NamedValues()
    parser: Any = _Composer(text)
    alias: Any = yaml.AliasEvent
    event: Any = parser.get_event()
    while event is not None and type(event) is not yaml.StreamEndEvent:
        if type(event) is alias:
            found.aliases.append((event.anchor, event.start_mark.index, event.end_mark.index))
        else:
            if getattr(event, "anchor", None) is not None:
                found.anchors.append((event.anchor, event.start_mark.index))
            if getattr(event, "tag", None) is not None:
                found.tags.append(event.start_mark.index)
        event = parser.get_event()
    return found
