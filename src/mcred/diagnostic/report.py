"""Diagnostics, which know file, line and severity, and the report that holds them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.clocks import Clocks, Moment
from mcred.diagnostic.finding import Fix, Pointer
from mcred.diagnostic.register import RULES, Severity
from mcred.diagnostic.span import Span


class Source(NamedTuple):
    """A file handed to the engine: its path from the repository, with forward slashes, and its bytes."""

    path: str
    data: bytes


class Located(NamedTuple):
    """A related place with its file and lines."""

    path: str
    span: Span
    message: str


class Diagnostic(NamedTuple):
    """A finding made concrete: rule, severity, words, file, lines, record, and a fingerprint that survives edits."""

    rule: str
    name: str
    severity: Severity
    message: str
    arguments: Mapping[str, Any]
    path: str
    span: Span
    pointer: Pointer
    record: str | None
    hint: str = ""
    label: str = ""
    clauses: tuple[Mapping[str, Any], ...] = ()
    related: tuple[Located, ...] = ()
    fix: Fix | None = None
    fingerprint: str = ""
    unknown: bool = False
    """Whether nobody can say if a requirement is met."""
    earlier: tuple[str, ...] = ()
    """The fingerprints that it would have under the earlier ids of its record."""

    @property
    def where(self) -> str:
        """`path:line:column`."""
        return f"{self.path}:{self.span.line}:{self.span.column}"

    @property
    def rule_and_name(self) -> str:
        """The rule's id with its name behind it; a clause has one for both."""
        return self.rule if self.rule == self.name else f"{self.rule} {self.name}"

    @property
    def order(self) -> tuple[object, ...]:
        """What a report is sorted by."""
        return (self.path, self.span, self.rule, str(self.pointer), self.message)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Diagnostics as a report tells them; what they are sorted by is there for one file at once."""
    by_path: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        by_path.setdefault(each.path, []).append(each)
    return [
        each
        for path in sorted(by_path)
        for each in sorted(by_path[path], key=lambda each: (each.order, each.severity.rank))
    ]


class NotChecked(NamedTuple):
    """A record of which less was checked than usual, and the name of the rule or the reason that stopped it."""

    path: str
    record: str
    because: str


class Checked(NamedTuple):
    """How much a run looked at."""

    files: int
    records: int
    paths: tuple[str, ...] = ()
    """The paths of the files, sorted."""


class Ignored(NamedTuple):
    """A finding that a comment in the record holds back: why, until when, and where the comment stands."""

    diagnostic: Diagnostic
    reason: str
    until: str | None
    span: Span
    """The comment's place, in the file of the finding."""


class PolicyChange(NamedTuple):
    """Something in a change that alters by what it is judged, and the findings that would be told without it."""

    kind: str
    message: str
    path: str
    span: Span
    record: str | None = None
    pointer: Pointer = Pointer()
    silenced: tuple[Diagnostic, ...] = ()

    @property
    def where(self) -> str:
        """`path:line:column`."""
        return f"{self.path}:{self.span.line}:{self.span.column}"


def _no_line(path: str, number: int) -> str:
    return ""


class Report(NamedTuple):
    """What a run found, sorted; the same input gives the same report.

    `ignored` are held back by comments, `baseline` are known debts: neither fails a run. `policy_changes` is filled
    where a change is judged.
    """

    diagnostics: tuple[Diagnostic, ...]
    checked: Checked
    not_checked: tuple[NotChecked, ...] = ()
    as_of: date | None = None
    recorded: Moment | None = None
    """The commit that was read, where the files are not those that lie there."""
    select: frozenset[str] = frozenset()
    line: Callable[[str, int], str] = _no_line
    """The text of a line of a file, by path and number from 1: for code frames."""
    ignored: tuple[Ignored, ...] = ()
    baseline: tuple[Diagnostic, ...] = ()
    policy_changes: tuple[PolicyChange, ...] = ()

    @property
    def clocks(self) -> Clocks | None:
        """The day that it is of, and what was read."""
        return Clocks(self.as_of, self.recorded) if self.as_of is not None else None

    def number(self, severity: Severity) -> int:
        """How many diagnostics have this severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)

    def fails(self, fail_on: Severity | None) -> bool:
        """Whether anything is at least as grave as `fail_on`; None never fails."""
        return fail_on is not None and any(d.severity.rank <= fail_on.rank for d in self.diagnostics)


def grave(name: str) -> Severity:
    """The severity that the register gives to a rule's name."""
    return RULES[name].severity
