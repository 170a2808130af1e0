"""The report for people: each finding with the lines it is about, and a last line that says what it comes to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from mcred.diagnostic import RULES, Diagnostic, Report, RuleId, Severity, Span
from mcred.reporters import Look
from mcred.reporters.changes import silences
from mcred.reporters.styled import Line, pieces
from mcred.text import drawn, encodable, fitting, inert, plural

LONGEST_LINE = 160
"""Characters of a source line that are shown where the width is not known."""

STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "bold cyan",
    "frame": "blue",
    "strong": "bold",
    "related": "blue",
    "good": "bold green",
}
"""The terminal's own sixteen colours, which every theme makes readable on its background."""


class Mark(NamedTuple):
    """A stretch of source to underline: with what, in which style, and what to write behind it."""

    path: str
    span: Span
    sign: str
    style: str
    label: str


def report(report: Report, look: Look) -> Iterator[str]:
    """Each finding as a frame of source lines, then the summary."""
    return pieces(_lines(report, look), look)


def _lines(report: Report, look: Look) -> Iterator[Line]:
    listed = _listed_elsewhere(report) if not look.verbose else {}
    for diagnostic in report.diagnostics:
        if (look.verbose or diagnostic.severity is not Severity.NOTE) and diagnostic.rule not in listed:
            yield from _finding(diagnostic, report, look)
            yield []
    for rule, number in listed.values():
        yield [(f"{rule.severity}[{rule.id}]", STYLES[rule.severity]), (_in_a_line(rule, number), "")]
    if not look.verbose:
        yield from _open(report)
    yield from _changes(report, look)
    yield from _summary(report, look)


def _finding(diagnostic: Diagnostic, report: Report, look: Look) -> Iterator[Line]:
    severity = diagnostic.severity
    yield [
        (f"{severity}[{diagnostic.rule}]", STYLES[severity]),
        (f": {inert(diagnostic.message)}", STYLES["strong"]),
    ]
    marks = [Mark(diagnostic.path, diagnostic.span, "^", STYLES[severity], diagnostic.label)]
    marks += [Mark(each.path, each.span, "-", STYLES["related"], each.message) for each in diagnostic.related]
    digits = len(str(max(mark.span.line for mark in marks)))
    paths = [diagnostic.path, *sorted({mark.path for mark in marks} - {diagnostic.path})]
    for path in paths:
        own = [mark for mark in marks if mark.path == path]
        arrow = "-->" if path == diagnostic.path else ":::"
        where = f"{own[0].path}:{own[0].span.line}:{own[0].span.column}"
        yield [(" " * (digits + 1) + arrow, STYLES["frame"]), (" " + inert(where), "")]
        yield from _frame(own, report, digits, look)
    margin = " " * (digits + 2)
    for clause in diagnostic.clauses:
        yield from _wrapped(margin, "rule", inert(_cited(clause)), look.width)
    if diagnostic.hint:
        yield from _wrapped(margin, "hint", inert(diagnostic.hint), look.width)
    yield from _wrapped(margin, "help", f"mcred explain {diagnostic.rule}", look.width)


def _listed_elsewhere(report: Report) -> dict[str, tuple[RuleId, int]]:
    """The rules that found several things which another command lists better, by id, each with their number."""
    rules = {rule.id: rule for rule in RULES.values() if rule.listed_by}
    counts = Counter(diagnostic.rule for diagnostic in report.diagnostics if diagnostic.rule in rules)
    return {id: (rules[id], number) for id, number in sorted(counts.items()) if number > 1}


def _in_a_line(rule: RuleId, number: int) -> str:
    says = rule.summary[:1].lower() + rule.summary[1:].rstrip(".")
    return f": in {plural(number, 'record')} {says}: `{rule.listed_by}` lists them"


def _cited(clause: Mapping[str, Any]) -> str:
    """Where a requirement comes from: instrument, place in it, edition, and what it rests on."""
    source = ", ".join(filter(None, (clause["instrument"], clause["citation"])))
    in_force = f"in force {clause['in_force']}" if clause["in_force"] else ""
    return "; ".join(filter(None, (source, in_force, f"basis: {str(clause['basis']).replace('-', ' ')}")))


def _wrapped(margin: str, word: str, text: str, width: int) -> Iterator[Line]:
    parts = [text]
    if width:
        from textwrap import wrap

        parts = wrap(text, max(width - len(margin) - len(word) - 4, 24), break_long_words=False, break_on_hyphens=False)
    yield [(f"{margin}= ", STYLES["frame"]), (f"{word}:", STYLES["strong"]), (f" {parts[0]}", "")]
    for part in parts[1:]:
        yield [(" " * (len(margin) + len(word) + 4) + part, "")]


def _frame(marks: list[Mark], report: Report, digits: int, look: Look) -> Iterator[Line]:
    bar = (" " * (digits + 2) + "|", STYLES["frame"])
    room = max(look.width - digits - 5, 40) if look.width else LONGEST_LINE
    ordered = sorted(marks, key=lambda mark: (mark.span.line, mark.sign == "-", mark.span.column))
    shown = [(line, list(group)) for line, group in groupby(ordered, key=lambda mark: mark.span.line)]
    if not any(report.line(marks[0].path, line) for line, _ in shown):
        return
    yield [bar]
    before = None
    for number, group in shown:
        if before is not None and number > before + 1:
            yield [("...".rjust(digits + 2), STYLES["frame"])]
        before = number
        yield from _source(group, report.line(group[0].path, number), digits, room, look.encoding)


def _source(marks: list[Mark], source: str, digits: int, room: int, encoding: str) -> Iterator[Line]:
    """A source line, and below it a line for each of its marks."""
    bar = (" " * (digits + 2) + "|", STYLES["frame"])
    number = marks[0].span.line
    first = True
    for mark in marks:
        start = mark.span.column - 1
        end = mark.span.end_column - 1 if mark.span.end_line == number else len(source.rstrip())
        part, begin, stop = fitting(source, start, max(end, start + 1), room)
        line, indent, wide = drawn(
            part, min(begin, len(part)), min(stop, len(part)), lambda text: encodable(inert(text), encoding)
        )
        if first:
            yield [
                (f" {str(number).rjust(digits)} |", STYLES["frame"]),
                (f" {line.rstrip()}" if line.strip() else "", ""),
            ]
            first = False
        label = f" {inert(mark.label)}" if mark.label else ""
        yield [bar, (" " + " " * indent + mark.sign * max(wide, 1) + label, mark.style)]


MOST_NAMED = 5
"""Files that a summary names."""

MOST_OPEN = 10
"""Records of which a report says how many requirements are open."""


def _open(report: Report) -> Iterator[Line]:
    """How many requirements are open, a record: those that hold only later, and those that nobody can judge yet."""
    counts = Counter(d.record or d.path for d in report.diagnostics if d.severity is Severity.NOTE and d.clauses)
    for record, number in sorted(counts.items())[:MOST_OPEN]:
        open_ = f": {record} has {plural(number, 'requirement')} open: `mcred ready {record}` lists them"
        yield [("note", STYLES[Severity.NOTE]), (open_, "")]
    if len(counts) > MOST_OPEN:
        rest = plural(len(counts) - MOST_OPEN, "more record")
        yield [("note", STYLES[Severity.NOTE]), (f": requirements are open in {rest}", "")]


def _changes(report: Report, look: Look) -> Iterator[Line]:
    """What the change does to that by which it is judged."""
    for change in report.policy_changes:
        yield [("policy change", STYLES[Severity.WARNING]), (f": {inert(change.message)}", STYLES["strong"])]
        yield [("  -->", STYLES["frame"]), (f" {inert(change.where)}", "")]
        for text in silences(change):
            yield from _wrapped("   ", "silences", inert(text), look.width)
        yield []


def summary(report: Report, look: Look) -> list[str]:
    """The last lines of the report as plain text: what it comes to."""
    return ["".join(text for text, _ in line) for line in _summary(report, look)]


def _summary(report: Report, look: Look) -> Iterator[Line]:
    counts = {severity: report.number(severity) for severity in Severity}
    day = f" (as of {report.clocks})" if report.clocks else ""
    files, bad = report.checked.files, len({d.path for d in report.diagnostics if d.severity is not Severity.NOTE})
    found = [plural(counts[each], each.value) for each in (Severity.ERROR, Severity.WARNING) if counts[each]]
    notes = plural(counts[Severity.NOTE], "note") if counts[Severity.NOTE] else ""
    if notes and not look.verbose:
        notes += " (--verbose lists them)"
    ignored = f"{len(report.ignored):,} ignored" if report.ignored else ""
    after = "".join(f"; {each}" for each in (notes, ignored) if each)
    if found:
        style = STYLES[Severity.ERROR if counts[Severity.ERROR] else Severity.WARNING]
        of = f" of {files:,} checked" if files > bad else ""
        yield [(", ".join(found), style), (f" in {plural(bad, 'file')}{of}{day}{after}", "")]
    else:
        only = f" of {', '.join(sorted(report.select))}" if report.select else ""
        new = "new " if report.baseline else ""
        yield [(f"no {new}faults{only}", STYLES["good"]), (f" in {plural(files, 'file')}{day}{after}", "")]
    if report.policy_changes:
        changes = plural(len(report.policy_changes), "policy change")
        yield [(f"{changes}: the change was judged by what was in force before it", STYLES[Severity.WARNING])]
    unread = [each for each in report.not_checked if each.because in RULES]
    if unread:
        names = ", ".join(each.path.rpartition("/")[2] for each in unread[:MOST_NAMED])
        more = f" and {len(unread) - MOST_NAMED} more" if len(unread) > MOST_NAMED else ""
        yield [(inert(f"not checked any further, since it is not readable: {names}{more}"), "")]
    because = Counter(each.because for each in report.not_checked if each.because not in RULES)
    for why, number in sorted(because.items()):
        yield [(f"{plural(number, 'record')} not checked against the framework: {inert(why)}", "")]
    if report.baseline:
        known = plural(len(report.baseline), "known fault")
        yield [(f"{known} in the baseline (--no-baseline tells them)", "")]
