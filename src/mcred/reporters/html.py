"""The report as one page that needs nothing else: what is wrong, by file and by rule, to be read and printed."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from mcred.diagnostic import Diagnostic, Report, Severity, rule_named
from mcred.reporters import Look
from mcred.reporters.changes import silences
from mcred.reporters.pages import page
from mcred.reporters.text import summary


def report(report: Report, look: Look) -> Iterator[str]:
    """The page; notes only where they are asked for, else their number."""
    shown = [each for each in report.diagnostics if look.verbose or each.severity is not Severity.NOTE]
    yield page(
        "mcred.reporters",
        "report.html.j2",
        summary=summary(report, look),
        files=[(path, list(found)) for path, found in groupby(shown, key=lambda each: each.path)],
        rules=_rules(shown),
        ignored=report.ignored,
        changes=[(each.where, each.message, silences(each)) for each in report.policy_changes],
        line=lambda each: report.line(each.path, each.span.line).strip()[:200],
    )


def _rules(shown: list[Diagnostic]) -> list[tuple[str, str, str, int]]:
    """Of each rule that found something its id, severity and summary, and how often it did."""
    counts = Counter((each.severity, each.rule, each.name) for each in shown)
    ordered = sorted(counts.items(), key=lambda item: (item[0][0].rank, -item[1], item[0][1]))
    return [(rule, severity.value, rule_named(name).summary, number) for (severity, rule, name), number in ordered]
