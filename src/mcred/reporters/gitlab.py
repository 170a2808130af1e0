"""A Code Quality report of GitLab: an array of findings, each with a fingerprint of its own."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mcred.diagnostic import Report, Severity
from mcred.reporters import Look
from mcred.reporters.changes import RULE, fingerprint, sentence
from mcred.text import json_pieces

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
"""GitLab's word for each severity."""


def report(report: Report, look: Look) -> Iterator[str]:
    """The array, empty where nothing was found: without one GitLab keeps the report of an earlier run."""
    yield from json_pieces(_entries(report))
    yield "\n"


def _entries(report: Report) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for each in report.diagnostics:
        yield {
            "description": each.message,
            "check_name": each.rule_and_name,
            "fingerprint": _of_its_own(each.fingerprint, seen),
            "severity": SEVERITIES[each.severity],
            "location": {"path": each.path, "lines": {"begin": each.span.line}},
        }
    for change in report.policy_changes:
        yield {
            "description": sentence(change),
            "check_name": f"{RULE} {change.kind}",
            "fingerprint": _of_its_own(fingerprint(change), seen),
            "severity": SEVERITIES[Severity.WARNING],
            "location": {"path": change.path, "lines": {"begin": change.span.line}},
        }


def _of_its_own(fingerprint: str, seen: Counter[str]) -> str:
    """The fingerprint, with a number where an entry before has it too."""
    seen[fingerprint] += 1
    return f"{fingerprint}:{seen[fingerprint]}" if seen[fingerprint] > 1 else fingerprint
