"""A Code Quality report of GitLab: an array of findings, each with a fingerprint of its own."""

from collections import Counter

from mcred.diagnostic import Report, Severity
from mcred.reporters import Look
from mcred.text import as_json

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
"""GitLab's word for each severity."""


def report(report: Report, look: Look) -> str:
    """The array, empty where nothing was found: without one GitLab keeps the report of an earlier run."""
    seen: Counter[str] = Counter()
    found = []
    for each in report.diagnostics:
        seen[each.fingerprint] += 1
        again = f":{seen[each.fingerprint]}" if seen[each.fingerprint] > 1 else ""
        found.append(
            {
                "description": each.message,
                "check_name": each.rule if each.rule == each.name else f"{each.rule} {each.name}",
                "fingerprint": f"{each.fingerprint}{again}",
                "severity": SEVERITIES[each.severity],
                "location": {"path": each.path, "lines": {"begin": each.span.line}},
            }
        )
    return as_json(found) + "\n"
