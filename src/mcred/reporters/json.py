"""The report as JSON: `mcred-report/1`; `mcred schema report` prints its schema. Fields are only ever added."""

from collections.abc import Iterator
from typing import Any

from mcred.diagnostic import Diagnostic, Fix, PolicyChange, Report, Severity, plain
from mcred.reporters import Look
from mcred.text import json_pieces

SCHEMA = "mcred-report/1"


def report(report: Report, look: Look) -> Iterator[str]:
    """Everything that is known of each finding, notes included."""
    yield from json_pieces(_document(report))
    yield "\n"


def _document(report: Report) -> dict[str, Any]:
    """The report as plain data, its lists as iterators."""
    return {
        "schema": SCHEMA,
        "as_of": report.as_of.isoformat() if report.as_of else None,
        "recorded_at": report.recorded.commit if report.recorded else None,
        "checked": {"files": report.checked.files, "records": report.checked.records},
        "summary": {
            **{severity.value: report.number(severity) for severity in Severity},
            "unknown": sum(diagnostic.unknown for diagnostic in report.diagnostics),
            "ignored": len(report.ignored),
            "baseline": len(report.baseline),
        },
        "findings": map(finding, report.diagnostics),
        "not_checked": (each._asdict() for each in report.not_checked),
        "ignored": (
            {"finding": finding(each.diagnostic), "reason": each.reason, "until": each.until, "line": each.span.line}
            for each in report.ignored
        ),
        "policy_changes": map(policy_change, report.policy_changes),
    }


def policy_change(change: PolicyChange) -> dict[str, Any]:
    """What a change does to the rules it is judged by, with the findings that it silences."""
    return {
        "kind": change.kind,
        "message": change.message,
        "path": change.path,
        "line": change.span.line,
        "column": change.span.column,
        "pointer": str(change.pointer),
        "record": change.record,
        "silenced": [finding(each) for each in change.silenced],
    }


def finding(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding as plain data."""
    span = diagnostic.span
    return {
        "rule": diagnostic.rule,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "arguments": dict(diagnostic.arguments),
        "hint": diagnostic.hint or None,
        "path": diagnostic.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "pointer": str(diagnostic.pointer),
        "record": diagnostic.record,
        "clauses": [dict(clause) for clause in diagnostic.clauses],
        "related": [
            {
                "path": related.path,
                "line": related.span.line,
                "column": related.span.column,
                "end_line": related.span.end_line,
                "end_column": related.span.end_column,
                "message": related.message,
            }
            for related in diagnostic.related
        ],
        "fix": _fix(diagnostic.fix),
        "fingerprint": diagnostic.fingerprint,
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    return fix and {"action": fix.action, "pointer": str(fix.pointer), "value": plain(fix.value)}
