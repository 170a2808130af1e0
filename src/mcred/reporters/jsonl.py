"""One JSON object a line for each finding, for programs that read as they go; the fields are those of `json`."""

from mcred.diagnostic import Report
from mcred.reporters import Look
from mcred.reporters.json import finding
from mcred.text import as_json


def report(report: Report, look: Look) -> str:
    """A line for each finding, notes included; no line where there is none."""
    return "".join(as_json(finding(each), indent=None) + "\n" for each in report.diagnostics)
