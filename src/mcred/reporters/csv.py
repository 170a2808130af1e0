"""A row for each finding, for a spreadsheet; no cell is a formula."""

from mcred.diagnostic import Diagnostic, Report
from mcred.reporters import Look
from mcred.reporters.tabular import csv

HEAD = (
    *("severity", "rule", "name", "path", "line", "column", "record", "pointer", "message", "hint", "fingerprint"),
    "ignored",
)


def report(report: Report, look: Look) -> str:
    """A line of names, then a row for each finding, notes included; last those that are ignored, with the reason."""
    told = [_row(each, "") for each in report.diagnostics]
    return csv(HEAD, [*told, *(_row(each.diagnostic, each.reason) for each in report.ignored)])


def _row(d: Diagnostic, ignored: str) -> tuple[str, ...]:
    return (
        *(d.severity.value, d.rule, d.name, d.path, str(d.span.line), str(d.span.column), d.record or ""),
        *(str(d.pointer), d.message, d.hint, d.fingerprint, ignored),
    )
