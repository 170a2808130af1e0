"""A row for each finding, for a spreadsheet; no cell is a formula."""

from mcred.diagnostic import Report
from mcred.reporters import Look
from mcred.reporters.tabular import csv

HEAD = ("severity", "rule", "name", "path", "line", "column", "record", "pointer", "message", "hint", "fingerprint")


def report(report: Report, look: Look) -> str:
    """A line of names, then a row for each finding, notes included."""
    return csv(
        HEAD,
        [
            (
                *(d.severity.value, d.rule, d.name, d.path, str(d.span.line), str(d.span.column), d.record or ""),
                *(str(d.pointer), d.message, d.hint, d.fingerprint),
            )
            for d in report.diagnostics
        ],
    )
