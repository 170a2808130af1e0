"""Annotations of GitHub Actions, beside the whole report.

GitHub shows ten errors and ten warnings of a step, so that no more are written, and the rest is said. Text of a record
gives no command: values are escaped, and around the whole report commands are stopped.
"""

from collections.abc import Iterator

from mcred.diagnostic import Diagnostic, PolicyChange, Report, Severity
from mcred.hashing import blake2b
from mcred.reporters import Look
from mcred.reporters.changes import sentence
from mcred.reporters.text import report as text
from mcred.text import inert, plural

MOST = 10
"""Annotations of one severity that GitHub shows of a step."""


def report(report: Report, look: Look) -> Iterator[str]:
    """The whole report in a group, then the annotations, the gravest first."""
    whole = "".join(text(report, look._replace(colour=False, width=0)))
    token = blake2b(whole.encode(), digest_size=16).hexdigest()
    lines = ["::group::mcred: the whole report", f"::stop-commands::{token}", whole.rstrip("\n"), f"::{token}::"]
    lines.append("::endgroup::")
    for severity in (Severity.ERROR, Severity.WARNING):
        found = [_annotation(each) for each in report.diagnostics if each.severity is severity]
        if severity is Severity.WARNING:
            found = [*map(_change, report.policy_changes), *found]
        lines += found[:MOST]
        if len(found) > MOST:
            rest = f"showing {MOST} of {plural(len(found), severity.value)}; the whole report is in the log"
            lines.append(f"::notice::{_message(rest)}")
    yield "\n".join(lines) + "\n"


def _annotation(each: Diagnostic) -> str:
    said = f"{each.message} (hint: {each.hint})" if each.hint else each.message
    return _command(each.severity, each, each.rule_and_name, said)


def _change(each: PolicyChange) -> str:
    return _command(Severity.WARNING, each, f"policy change: {each.kind}", sentence(each))


def _command(severity: Severity, each: Diagnostic | PolicyChange, title: str, said: str) -> str:
    span = each.span
    where = {
        "file": each.path,
        "line": str(span.line),
        "endLine": str(span.end_line),
        "col": str(span.column),
        "endColumn": str(span.end_column),
        "title": title,
    }
    properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::{severity} {properties}::{_message(said)}"


def _message(text: str) -> str:
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
