"""Annotations of GitHub Actions, beside the whole report.

GitHub shows ten errors and ten warnings of a step, so that no more are written, and the rest is said. Text of a record
gives no command: values are escaped, and around the whole report commands are stopped.
"""

from hashlib import blake2b

from mcred.diagnostic import Diagnostic, Report, Severity
from mcred.reporters import Look
from mcred.reporters.text import report as text
from mcred.text import inert, plural

MOST = 10
"""Annotations of one severity that GitHub shows of a step."""


def report(report: Report, look: Look) -> str:
    """The whole report in a group, then the annotations, the gravest first."""
    whole = text(report, look._replace(colour=False, width=0))
    token = blake2b(whole.encode(), digest_size=16).hexdigest()
    lines = ["::group::mcred: the whole report", f"::stop-commands::{token}", whole.rstrip("\n"), f"::{token}::"]
    lines.append("::endgroup::")
    for severity in (Severity.ERROR, Severity.WARNING):
        found = [each for each in report.diagnostics if each.severity is severity]
        lines += map(_annotation, found[:MOST])
        if len(found) > MOST:
            rest = f"showing {MOST} of {plural(len(found), severity.value)}; the whole report is in the log"
            lines.append(f"::notice::{_message(rest)}")
    return "\n".join(lines) + "\n"


def _annotation(each: Diagnostic) -> str:
    span = each.span
    where = {
        "file": each.path,
        "line": str(span.line),
        "endLine": str(span.end_line),
        "col": str(span.column),
        "endColumn": str(span.end_column),
        "title": each.rule if each.rule == each.name else f"{each.rule} {each.name}",
    }
    said = f"{each.message} (hint: {each.hint})" if each.hint else each.message
    properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::{each.severity} {properties}::{_message(said)}"


def _message(text: str) -> str:
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
