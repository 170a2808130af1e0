"""JUnit XML: a suite for each file, a failing case for each error, a passing one for each file without errors.

What a comment holds back is a case that was skipped.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from mcred.diagnostic import Diagnostic, Ignored, PolicyChange, Report, Severity
from mcred.reporters import Look
from mcred.reporters.changes import sentence
from mcred.text import inert

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(report: Report, look: Look) -> Iterator[str]:
    """The document; what is no error stands in the output of its suite, since a test that warns has passed."""
    by_file = {path: list(found) for path, found in groupby(report.diagnostics, key=lambda each: each.path)}
    ignored = {path: list(held) for path, held in groupby(report.ignored, key=lambda each: each.diagnostic.path)}
    day = f"{report.as_of or date.min}T00:00:00"
    changes = {path: list(found) for path, found in groupby(report.policy_changes, key=lambda each: each.path)}
    paths = sorted({*report.checked.paths, *by_file, *ignored, *changes})
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for place, path in enumerate(paths):
        yield _suite(place, path, by_file.get(path, []), ignored.get(path, []), changes.get(path, []), day) + "\n"
    yield "</testsuites>\n"


def _suite(
    place: int, path: str, found: list[Diagnostic], ignored: list[Ignored], changes: list[PolicyChange], day: str
) -> str:
    errors = [each for each in found if each.severity is Severity.ERROR]
    others = [each for each in found if each.severity is not Severity.ERROR]
    cases = [_failing(path, each) for each in errors] or [f"    <testcase name={_attribute('record')} {_class(path)}/>"]
    cases += [_skipped(path, each) for each in ignored]
    told = "".join(f"{_line(each)}\n" for each in others)
    told += "".join(f"{each.where}: policy change: {sentence(each)} [{each.kind}]\n" for each in changes)
    # The host and the moment are obligatory, and would make each run another document: they are always the same.
    made = f'id="{place}" package="mcred" timestamp="{day}" hostname="localhost" time="0"'
    numbers = f'tests="{len(cases)}" failures="{len(errors)}" errors="0" skipped="{len(ignored)}"'
    head = f"  <testsuite name={_attribute(path)} {made} {numbers}>"
    output = [f"    <system-out>{_text(told)}</system-out>", "    <system-err/>"]
    return "\n".join([head, "    <properties/>", *cases, *output, "  </testsuite>"])


def _failing(path: str, each: Diagnostic) -> str:
    failure = f"<failure type={_attribute(each.name)} message={_attribute(each.message)}>{_text(_line(each))}</failure>"
    return f"    <testcase name={_attribute(_name(each))} {_class(path)}>{failure}</testcase>"


def _skipped(path: str, each: Ignored) -> str:
    name = _attribute(_name(each.diagnostic))
    return f"    <testcase name={name} {_class(path)}><skipped message={_attribute(each.reason)}/></testcase>"


def _name(each: Diagnostic) -> str:
    """The name of a case, which services tell apart by class and name."""
    return f"{each.rule} {each.pointer or '/'} line {each.span.line}:{each.span.column}"


def _class(path: str) -> str:
    return f'classname={_attribute(path)} time="0"'


def _line(each: Diagnostic) -> str:
    hint = f" (hint: {each.hint})" if each.hint else ""
    return inert(f"{each.where}: {each.severity}: {each.message} [{each.rule}]{hint}")


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", inert(text)))
