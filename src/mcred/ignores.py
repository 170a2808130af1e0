"""Comments that hold a finding back: `# mcred: ignore[MC213] until=2027-03-01 -- why it may stay`.

What may be held back is mcred's own advice: its warnings and notes, and a field that it does not know. Any other error,
a requirement of a framework, what stands in the way of reading a file, and what is said here of such comments may not.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mcred.dates import ImpossibleDate, days
from mcred.diagnostic import RULES, Diagnostic, Finding, Ignored, Pointer, Related, Severity, Span, rule_id
from mcred.document import Comment
from mcred.text import Suggestions, inert, plural

SIGN = re.compile(
    r"#[ \t]*(?:mcred[ \t]*(?::|[-_]?ignore\b)|ignore\[|noqa\b|yamllint[ \t]+(?:disable|enable)\b)", re.IGNORECASE
)
"""What a comment begins with that is meant for a checker; some are written for others, or wrongly."""

FORM = "# mcred: ignore[MC213] -- why it may stay"

# Few files have such a comment, so that these are compiled only when they are first used. Nothing is given back once it
# matched: a comment may be as long as a file.
_FORM = r"#\s*+mcred:\s*+ignore\s*+(?:\[(?P<rules>[^\]]*+)\])?\s*+(?:until=(?P<until>\S*+))?\s*+(?:--(?P<reason>.*+))?"
_OTHERS = r"(?i)#\s*(noqa|yamllint)\b"
_LATE_UNTIL = r"(?i)(?<!\S)until="
_WORD = r"[^\s,]+"

_EVERYTHING = ("*", "all")
"""What people write who mean every rule."""

_KEPT = {
    "MC0": "it is about whether the file can be read",
    "MC8": "it is about what is held back",
    "MC9": "it is about the run",
}
"""Why the rules of a group may not be ignored, by the first letters of their ids."""

LEFT_OUT = ("unknown-field",)
"""The errors that may be ignored: a record is judged as if what they are about were not there, so it hides nothing."""

_IDS = frozenset(rule.id for rule in RULES.values())


class Named(NamedTuple):
    """A rule that a comment names: its name, as it is written there, and where."""

    name: str
    written: str
    span: Span


class Ignore(NamedTuple):
    """A comment as it was understood: the rules it is for, where it holds, until when, and why."""

    rules: tuple[Named, ...]
    until: str | None
    reason: str
    span: Span
    scope: Span

    def covers(self, place: Span) -> bool:
        """Whether something begins or ends where this holds."""
        first, last = self.scope[:2], self.scope[2:]
        return first <= place[:2] < last or first < place[2:] <= last

    def is_for(self, rule: str, place: Span) -> bool:
        """Whether what a rule, by name, finds in a place is what this is about."""
        return any(rule == each.name for each in self.rules) and self.covers(place)

    def expired(self, day: date | None) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and day is not None and days(self.until).last < day


class Understood(NamedTuple):
    """What comments come to: those that hold something back if they may, and what is wrong with the comments."""

    ignores: list[Ignore]
    faults: list[Finding]


class HeldBack(NamedTuple):
    """What is told still, what is held back, and what is wrong with the comments, by path.

    `unused` are the findings about rules that hold nothing back, each by the path and the rule.
    """

    told: list[Diagnostic]
    ignored: list[Ignored]
    faults: list[tuple[str, Finding]]
    unused: dict[tuple[str, str], list[Finding]]


def understood(comments: Iterable[Comment]) -> Understood:
    """What the comments of a file say; one that names no rule that may be ignored, or gives no reason, is no ignore."""
    ignores: list[Ignore] = []
    faults: list[Finding] = []
    suggestions = Suggestions()
    for comment in comments:
        wrong = list(_faults(comment, suggestions))
        faults += wrong
        written = re.fullmatch(_FORM, comment.text)
        if written is None or comment.scope is None or any(fault.rule in _SPOILING for fault in wrong):
            continue
        known = [Named(name, text, place) for text, place in _named(comment, written) if (name := _advice(text))]
        if known:
            reason = inert((written["reason"] or "").strip())
            ignores.append(Ignore(tuple(known), written["until"], reason, comment.span, comment.scope))
    return Understood(ignores, faults)


_SPOILING = ("malformed-ignore", "blanket-ignore", "missing-reason")
"""The rules of which a finding says that the whole comment holds nothing back."""


def _fault(
    rule: str, place: Span, template: str, hint: str, related: tuple[Related, ...] = (), **arguments: Any
) -> Finding:
    return Finding(Pointer(), template, rule=rule, span=place, hint=hint, related=related, **arguments)


def _faults(comment: Comment, suggestions: Suggestions) -> Iterator[Finding]:
    """What is wrong with a comment by itself."""
    form = f"write `{FORM}`; `until=2027-03-01` before the `--` lets it end"
    written = re.fullmatch(_FORM, comment.text)
    if written is None:
        other = re.match(_OTHERS, comment.text)
        template = "'# {other}' holds nothing of mcred's back" if other else "mcred does not understand '{comment}'"
        fault = _fault(
            "malformed-ignore", comment.span, template, form, other=other[1] if other else "", comment=comment.text
        )
        fault.severity = Severity.WARNING if other else None
        yield fault
        return
    if written["until"] is not None and (why := _no_date(written["until"])):
        hint = "write `until=2027-03-01`, or a month or a year, whose last day counts"
        yield _fault("malformed-ignore", comment.span, "'until' has no date: {why}", hint, why=why)
    if re.search(_LATE_UNTIL, written["reason"] or ""):
        hint = "put it before the two hyphens: `until=2027-03-01 -- why it may stay`"
        yield _fault("malformed-ignore", comment.span, "'until=' stands in the reason, where it ends nothing", hint)
    if comment.scope is None:
        hint = "put it on a line of its own above a key or an item, or behind it on its line"
        yield _fault("malformed-ignore", comment.span, "nothing follows that this comment could be about", hint)
    if not any(letter.isalnum() for letter in written["reason"] or ""):
        hint = "say why it may stay, after two hyphens: `-- the register spells it so`"
        yield _fault("missing-reason", comment.span, "no reason is given for what is ignored here", hint)
    named = _named(comment, written)
    if not named or any(text.casefold() in _EVERYTHING for text, _ in named):
        hint = "write the rules that it is for, by id or name, in brackets: `ignore[MC213]`"
        yield _fault("blanket-ignore", comment.span, "no rule is named, and all of them cannot be ignored", hint)
        return
    for text, place in named:
        yield from _not_advice(text, place, suggestions)


def _named(comment: Comment, written: re.Match[str]) -> list[tuple[str, Span]]:
    """The rules between the brackets, each with its place."""
    line, column = comment.span[:2]
    start = column + written.start("rules")
    return [
        (word[0], Span(line, start + word.start(), line, start + word.end()))
        for word in re.finditer(_WORD, written["rules"] or "")
    ]


def _no_date(text: str) -> str:
    """Why a text is no date, or nothing."""
    try:
        days(text)
    except (ImpossibleDate, ValueError) as error:
        return str(error)
    return ""


def _advice(text: str) -> str:
    """The name of the rule that a text names, if it may be ignored; else nothing."""
    rule = rule_id(text)
    return rule.name if rule is not None and rule.id[:3] not in _KEPT else ""


def _not_advice(text: str, place: Span, suggestions: Suggestions) -> Iterator[Finding]:
    """Why what stands between the brackets may not be ignored, if it may not."""
    rule = rule_id(text)
    if "." in text:
        template = "'{written}' is a requirement of a framework, which no comment answers"
        hint = f"where it is waived, record who did so: `mcred decide ID excepted clause={text} why=…`"
        yield _fault("not-ignorable", place, template, hint, written=text)
    elif rule is None:
        names = _IDS if text[:2].upper() == "MC" else RULES
        suggestion = suggestions.did_you_mean(text, names)
        yield _fault(
            "unknown-rule", place, "no rule '{written}'" + suggestion, "`mcred rules` lists them", written=text
        )
    elif why := _KEPT.get(rule.id[:3]):
        template = "'{written}' may not be ignored: {why}"
        yield _fault("not-ignorable", place, template, f"mcred explain {rule.id}", written=text, why=why)


def held_back(
    diagnostics: Iterable[Diagnostic],
    comments: Mapping[str, Sequence[Comment]],
    day: date | None,
    longest: str | None,
    exact: Collection[str],
) -> HeldBack:
    """Hold back what the comments of files are about, by path; of several about a finding the nearest does.

    On `day` an ignore has expired or not; `longest` is how far off its end may be. In the files of `exact` paths no
    error is ignored.
    """
    found = {path: understood(each) for path, each in comments.items()}
    about = _about(found)
    ended = {
        (path, ignore): fault
        for path, each in found.items()
        for ignore in each.ignores
        if (fault := _ended(ignore, day, longest))
    }
    used: set[tuple[str, Ignore, str]] = set()
    errors: dict[tuple[str, Ignore, str], Diagnostic] = {}
    told: list[Diagnostic] = []
    ignored: list[Ignored] = []
    for diagnostic in diagnostics:
        path, name = diagnostic.path, diagnostic.name
        nearest = next((each for each in about.get((path, name), ()) if each.covers(diagnostic.span)), None)
        if nearest is None:
            told.append(diagnostic)
            continue
        used.add((path, nearest, name))
        if diagnostic.severity is Severity.ERROR and (name not in LEFT_OUT or path in exact):
            errors.setdefault((path, nearest, name), diagnostic)
        elif (path, nearest) not in ended:
            ignored.append(Ignored(diagnostic, nearest.reason, nearest.until, nearest.span))
            continue
        told.append(diagnostic)
    faults = [(path, fault) for path, each in found.items() for fault in each.faults]
    faults += [(path, fault) for (path, _), fault in ended.items()]
    faults += [(path, _is_error(ignore, error)) for (path, ignore, _), error in errors.items()]
    unused: dict[tuple[str, str], list[Finding]] = {}
    for path, each in found.items():
        for ignore in each.ignores:
            for rule in ignore.rules:
                if (path, ignore, rule.name) not in used and (path, ignore) not in ended:
                    unused.setdefault((path, rule.name), []).append(_unused(ignore, rule))
    return HeldBack(told, ignored, faults, unused)


def _about(found: Mapping[str, Understood]) -> dict[tuple[str, str], list[Ignore]]:
    """The ignores of each file and rule, those that begin last first."""
    about: dict[tuple[str, str], list[Ignore]] = {}
    for path, each in found.items():
        for ignore in sorted(each.ignores, key=lambda ignore: ignore.scope, reverse=True):
            for rule in ignore.rules:
                about.setdefault((path, rule.name), []).append(ignore)
    return about


_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


def _ended(ignore: Ignore, day: date | None, longest: str | None) -> Finding | None:
    """Why an ignore does not hold on a day, though it is written as it should be."""
    from mcred.review.lead_time import after, span

    rules = ", ".join(f"'{rule.written}'" for rule in ignore.rules)
    if ignore.expired(day):
        hint = "put right what it held back, or give it another end and say why in the reason"
        return _fault(
            "expired-ignore", ignore.span, f"the ignore of {rules} held until {{until}}", hint, until=str(ignore.until)
        )
    most = span(longest)
    if most is None or day is None:
        return None
    longest = plural(most[0], _UNITS[most[1]])
    if ignore.until is None:
        template = f"the ignore of {rules} never ends; in this catalogue one holds for {{longest}} at most"
        hint = "write `until=…` before the `--`; `settings` in catalogue.yaml say how far off it may be"
        return _fault("long-ignore", ignore.span, template, hint, longest=longest)
    last = after(day, *most)
    if last is None or days(ignore.until).last <= last:
        return None
    fault = _fault(
        "long-ignore",
        ignore.span,
        f"the ignore of {rules} ends on {{until}}; in this catalogue one holds for {{longest}} at most",
        f"let it end on {last} or before, and look at it again then",
        until=ignore.until,
        longest=longest,
    )
    # Nights make it right, and an error would come and go with the day.
    fault.severity = Severity.WARNING
    return fault


def _is_error(ignore: Ignore, diagnostic: Diagnostic) -> Finding:
    rule = next(each for each in ignore.rules if each.name == diagnostic.name)
    return _fault(
        "not-ignorable",
        rule.span,
        "'{written}' is an error here, and an error is put right, not ignored",
        "only what mcred advises, its warnings and notes, and in a record a field that it does not know may be ignored",
        (Related("this error", span=diagnostic.span),),
        written=rule.written,
    )


def _unused(ignore: Ignore, rule: Named) -> Finding:
    rest = len(ignore.rules) > 1
    hint = "take it out of the brackets" if rest else "delete the comment"
    return _fault(
        "unused-ignore", rule.span, "nothing to ignore: '{written}' finds nothing here", hint, written=rule.written
    )
