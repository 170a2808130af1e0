"""One line a finding, for editors and grep."""

from collections.abc import Iterator

from mcred.diagnostic import Report, Severity
from mcred.reporters import Look
from mcred.reporters.changes import sentence
from mcred.text import inert


def report(report: Report, look: Look) -> Iterator[str]:
    """One line a finding: `path:line:col: severity: message [MC102 unknown-field]`."""
    for d in report.diagnostics:
        if look.verbose or d.severity is not Severity.NOTE:
            yield _line(f"{d.where}: {d.severity}: {d.message} [{d.rule_and_name}]") + "\n"
    for c in report.policy_changes:
        yield _line(f"{c.where}: policy change: {sentence(c)} [{c.kind}]") + "\n"


def _line(text: str) -> str:
    """A line that no build log takes for a command: those begin with two colons."""
    return inert(f"./{text}" if text.lstrip().startswith("::") else text)
