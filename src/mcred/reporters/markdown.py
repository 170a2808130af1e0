"""A page in Markdown: what it comes to, then a table of the findings of each file."""

from itertools import groupby

from mcred.diagnostic import Diagnostic, Ignored, Report, Severity
from mcred.reporters import Look
from mcred.reporters.changes import silences
from mcred.reporters.text import summary
from mcred.text import literal


def report(report: Report, look: Look) -> str:
    """The page; notes only where they are asked for, else their number."""
    shown = [d for d in report.diagnostics if look.verbose or d.severity is not Severity.NOTE]
    lines = ["# mcred", "", *(literal(line) + "  " for line in summary(report, look)), ""]
    for path, found in groupby(shown, key=lambda each: each.path):
        lines += [f"## {literal(path)}", "", "| | line | what | rule |", "|---|---|---|---|", *map(_row, found), ""]
    if report.ignored:
        head = ["| where | what | why it is ignored | until | rule |", "|---|---|---|---|---|"]
        lines += ["## Ignored", "", *head, *map(_ignored, report.ignored), ""]
    if report.policy_changes:
        lines += ["## What the change does to the rules it is judged by", ""]
        for change in report.policy_changes:
            lines.append(f"- {literal(change.where)}: {literal(change.message)}")
            lines += [f"  - silences {literal(line)}" for line in silences(change)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _ignored(each: Ignored) -> str:
    found = each.diagnostic
    cells = (f"{found.path}:{found.span.line}", found.message, each.reason, each.until or "", found.rule_and_name)
    return "| " + " | ".join(map(literal, cells)) + " |"


def _row(each: Diagnostic) -> str:
    hint = f"<br>{literal(each.hint)}" if each.hint else ""
    return f"| {each.severity} | {each.span.line} | {literal(each.message)}{hint} | {literal(each.rule_and_name)} |"
