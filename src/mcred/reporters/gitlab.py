"""A Code Quality report of GitLab: an array of findings, each with a fingerprint of its own."""

from collections import Counter

from mcred.diagnostic import Report, Severity
from mcred.reporters import Look
from mcred.reporters.changes import RULE, fingerprint, sentence
from mcred.text import as_json

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
"""GitLab's word for each severity."""


def report(report: Report, look: Look) -> str:
    """The array, empty where nothing was found: without one GitLab keeps the report of an earlier run."""
    seen: Counter[str] = Counter()
    found = [
        {
            "description": each.message,
            "check_name": each.rule_and_name,
            "fingerprint": _of_its_own(each.fingerprint, seen),
            "severity": SEVERITIES[each.severity],
            "location": {"path": each.path, "lines": {"begin": each.span.line}},
        }
        for each in report.diagnostics
    ]
    found += [
        {
            "description": sentence(change),
            "check_name": f"{RULE} {change.kind}",
            "fingerprint": _of_its_own(fingerprint(change), seen),
            "severity": SEVERITIES[Severity.WARNING],
            "location": {"path": change.path, "lines": {"begin": change.span.line}},
        }
        for change in report.policy_changes
    ]
    return as_json(found) + "\n"


def _of_its_own(fingerprint: str, seen: Counter[str]) -> str:
    """The fingerprint, with a number where an entry before has it too."""
    seen[fingerprint] += 1
    return f"{fingerprint}:{seen[fingerprint]}" if seen[fingerprint] > 1 else fingerprint
