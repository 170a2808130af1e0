"""A page in Markdown: what it comes to, then a table of the findings of each file."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from mcred.diagnostic import Diagnostic, Ignored, PolicyChange, Report, Severity
from mcred.reporters import Look
from mcred.reporters.changes import silences
from mcred.reporters.text import summary
from mcred.text import literal


def report(report: Report, look: Look) -> Iterator[str]:
    """The page; notes only where they are asked for, else their number."""
    shown = (d for d in report.diagnostics if look.verbose or d.severity is not Severity.NOTE)
    yield "# mcred\n"
    yield _part(literal(line) + "  " for line in summary(report, look))
    for path, found in groupby(shown, key=lambda each: each.path):
        yield _part([f"## {literal(path)}"])
        yield _part(["| | line | what | rule |", "|---|---|---|---|", *map(_row, found)])
    if report.ignored:
        yield _part(["## Ignored"])
        head = ["| where | what | why it is ignored | until | rule |", "|---|---|---|---|---|"]
        yield _part([*head, *map(_ignored, report.ignored)])
    if report.policy_changes:
        yield _part(["## What the change does to the rules it is judged by"])
        yield _part(line for change in report.policy_changes for line in _change(change))


def _part(lines: Iterable[str]) -> str:
    """Lines below an empty one."""
    return "".join(f"{line}\n" for line in ("", *lines))


def _change(change: PolicyChange) -> Iterator[str]:
    yield f"- {literal(change.where)}: {literal(change.message)}"
    yield from (f"  - silences {literal(line)}" for line in silences(change))


def _ignored(each: Ignored) -> str:
    found = each.diagnostic
    cells = (f"{found.path}:{found.span.line}", found.message, each.reason, each.until or "", found.rule_and_name)
    return "| " + " | ".join(map(literal, cells)) + " |"


def _row(each: Diagnostic) -> str:
    hint = f"<br>{literal(each.hint)}" if each.hint else ""
    return f"| {each.severity} | {each.span.line} | {literal(each.message)}{hint} | {literal(each.rule_and_name)} |"
