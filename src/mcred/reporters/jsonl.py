"""One JSON object a line for each finding, for programs that read as they go; the fields are those of `json`."""

from mcred.diagnostic import Report
from mcred.reporters import Look
from mcred.reporters.json import finding, policy_change
from mcred.text import as_json


def report(report: Report, look: Look) -> str:
    """A line for each finding, notes included, then one for each change of policy; no line where there is none."""
    found = [finding(each) for each in report.diagnostics]
    changes = [{"policy_change": policy_change(each)} for each in report.policy_changes]
    return "".join(as_json(each, indent=None) + "\n" for each in (*found, *changes))
