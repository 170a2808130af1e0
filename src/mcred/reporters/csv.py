"""A row for each finding, for a spreadsheet; no cell is a formula."""

from collections.abc import Iterator
from itertools import chain

from mcred.diagnostic import Diagnostic, PolicyChange, Report
from mcred.reporters import Look
from mcred.reporters.changes import RULE, fingerprint, sentence
from mcred.reporters.tabular import csv_lines

HEAD = (
    *("severity", "rule", "name", "path", "line", "column", "record", "pointer", "message", "hint", "fingerprint"),
    "ignored",
)


def report(report: Report, look: Look) -> Iterator[str]:
    """A line of names, a row for each finding, notes and what is ignored included, and for each change of policy."""
    told = (_row(each, "") for each in report.diagnostics)
    ignored = (_row(each.diagnostic, each.reason) for each in report.ignored)
    return csv_lines(HEAD, chain(told, ignored, map(_change, report.policy_changes)))


def _row(d: Diagnostic, ignored: str) -> tuple[str, ...]:
    return (
        *(d.severity.value, d.rule, d.name, d.path, str(d.span.line), str(d.span.column), d.record or ""),
        *(str(d.pointer), d.message, d.hint, d.fingerprint, ignored),
    )


def _change(c: PolicyChange) -> tuple[str, ...]:
    return (
        *("policy change", RULE, c.kind, c.path, str(c.span.line), str(c.span.column), c.record or ""),
        *(str(c.pointer), sentence(c), "", fingerprint(c), ""),
    )
