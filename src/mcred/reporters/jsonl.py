"""One JSON object a line for each finding, for programs that read as they go; the fields are those of `json`."""

import json

from mcred.diagnostic import Report
from mcred.reporters import Look
from mcred.reporters.json import finding


def report(report: Report, look: Look) -> str:
    """A line for each finding, notes included; no line where there is none."""
    return "".join(json.dumps(finding(each), ensure_ascii=False) + "\n" for each in report.diagnostics)
