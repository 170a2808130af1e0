"""One JSON object a line for each finding, for programs that read as they go; the fields are those of `json`."""

from collections.abc import Iterator

from mcred.diagnostic import Report
from mcred.reporters import Look
from mcred.reporters.json import finding, policy_change
from mcred.text import as_json


def report(report: Report, look: Look) -> Iterator[str]:
    """A line for each finding, notes included, then one for each change of policy; no line where there is none."""
    for each in report.diagnostics:
        yield as_json(finding(each), indent=None) + "\n"
    for change in report.policy_changes:
        yield as_json({"policy_change": policy_change(change)}, indent=None) + "\n"
