"""A page in Markdown: what it comes to, then a table of the findings of each file."""

from itertools import groupby

from mcred.diagnostic import Diagnostic, Report, Severity
from mcred.reporters import Look
from mcred.reporters.text import summary
from mcred.text import literal


def report(report: Report, look: Look) -> str:
    """The page; notes only where they are asked for, else their number."""
    shown = [d for d in report.diagnostics if look.verbose or d.severity is not Severity.NOTE]
    lines = ["# mcred", "", *(literal(line) + "  " for line in summary(report, look)), ""]
    for path, found in groupby(shown, key=lambda each: each.path):
        lines += [f"## {literal(path)}", "", "| | line | what | rule |", "|---|---|---|---|", *map(_row, found), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(each: Diagnostic) -> str:
    hint = f"<br>{literal(each.hint)}" if each.hint else ""
    rule = each.rule if each.rule == each.name else f"{each.rule} {each.name}"
    return f"| {each.severity} | {each.span.line} | {literal(each.message)}{hint} | {literal(rule)} |"
