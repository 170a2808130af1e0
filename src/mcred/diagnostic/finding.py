"""What a rule yields: a place in the data and what is wrong there. No file, no line, no severity."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple, Self

from mcred.diagnostic.register import Severity
from mcred.diagnostic.span import Span
from mcred.text import shown


class Pointer(tuple[str | int, ...]):
    """A place in a record's data: the parts of a JSON Pointer (RFC 6901), keys as text, places in lists as numbers."""

    __slots__ = ()

    def __truediv__(self, part: str | int) -> "Pointer":
        return Pointer((*self, part))

    def __str__(self) -> str:
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self)

    @property
    def parent(self) -> "Pointer":
        """The pointer without its last part; of the root, the root."""
        return Pointer(self[:-1])

    @classmethod
    def parse(cls, text: str) -> Self:
        """The pointer that `text` writes; numbers stay text, since only the data can tell a key from a place.

        Raises:
            ValueError: it is not empty and does not begin with a slash.
        """
        if not text:
            return cls()
        if not text.startswith("/"):
            raise ValueError("a JSON Pointer begins with '/'")
        return cls(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


ROOT = Pointer()


def plain(value: object) -> Any:
    """A value as data that any format can hold: texts, numbers, lists; of what is something else, its text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return +value
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


class Anchor(Enum):
    """Which part of the text at a pointer a finding stands on."""

    VALUE = "value"
    """The value; of a block of several lines, its key."""

    KEY = "key"
    """The key."""

    MISSING = "missing"
    """Where something is missing in what the pointer names: its key; of the root or an item, `id` or the first key."""


class Fix(NamedTuple):
    """A repair as data, in pointer terms: `rename` a key to, or `set` a value to, `value`."""

    action: str
    pointer: Pointer
    value: Any


class Related(NamedTuple):
    """Another place that a finding is about: in the same record, or by path in another."""

    message: str
    pointer: Pointer = ROOT
    path: str | None = None
    anchor: Anchor = Anchor.VALUE
    span: Span | None = None


class Finding:
    """One fault, as the stage that saw it tells it.

    The message is `template` with `arguments` put in; values are cut and made inert there, and kept whole apart.
    `label` stands under the caret. `severity` is given where it is less than the register's, `span` only where no
    pointer can say the place (YAML itself), `path` where the rule looks across records. `clauses` are cited where a
    framework's requirement is not met; `unknown` says that nobody can tell whether it is.
    """

    __slots__ = (
        "anchor",
        "arguments",
        "clauses",
        "fix",
        "hint",
        "label",
        "path",
        "pointer",
        "related",
        "rule",
        "severity",
        "span",
        "template",
        "unknown",
    )

    def __init__(
        self,
        pointer: Pointer,
        template: str,
        *,
        rule: str = "",
        anchor: Anchor = Anchor.VALUE,
        label: str = "",
        hint: str = "",
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        span: Span | None = None,
        path: str | None = None,
        severity: Severity | None = None,
        clauses: tuple[Mapping[str, Any], ...] = (),
        unknown: bool = False,
        **arguments: object,
    ) -> None:
        self.pointer = pointer
        self.template = template
        self.rule = rule
        self.anchor = anchor
        self.label = label
        self.hint = hint
        self.related = related
        self.fix = fix
        self.span = span
        self.path = path
        self.severity = severity
        self.clauses = clauses
        self.unknown = unknown
        self.arguments: Mapping[str, object] = arguments

    @property
    def message(self) -> str:
        """The sentence a person reads: lower case, no full stop."""
        return self.template.format_map({key: shown(value) for key, value in self.arguments.items()})

    def __repr__(self) -> str:
        return f"Finding({self.rule} at '{self.pointer}': {self.message})"
