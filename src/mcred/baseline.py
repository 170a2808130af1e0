"""Known debts: faults that a catalogue had when it took mcred on, one line of JSON each, in a file that only shrinks.

A debt is known again by its fingerprint. What else stands in its line is for those who read it; only the severity
counts too, since a debt that is known as a warning does not answer for an error.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from mcred.diagnostic import FINGERPRINT_VERSION, Diagnostic, Finding, Pointer, Related, Severity, Span
from mcred.text import CONTROL, did_you_mean, one_of, shown

FILE = ".mcred-baseline.jsonl"
"""The name of the baseline, in the root of a catalogue."""

LARGEST = 32 * 1024 * 1024
"""Bytes that a baseline may have: some 100,000 known faults."""

MOST_FAULTS = 1_000
"""Faults of a baseline that are told; of more, their number."""


class Debt(NamedTuple):
    """A known fault: its fingerprint, and what tells people which it is; `record` is empty where it has only a path."""

    fingerprint: str
    rule: str
    severity: Severity
    message: str
    record: str = ""
    path: str = ""
    pointer: str = ""
    line: int = 0
    """Where it stands in the file, from 1; 0 where it does not."""

    @property
    def about(self) -> str:
        """The id of the record that it is about, else the path of the file."""
        return self.record or self.path

    @property
    def order(self) -> tuple[str, ...]:
        """What a baseline is sorted by: the debts of a record stand together."""
        return (self.about, self.rule, self.pointer, self.fingerprint)

    @property
    def text(self) -> str:
        """The line as it is written."""
        said = {
            "record" if self.record else "path": self.about,
            "rule": self.rule,
            "severity": self.severity.value,
            "pointer": self.pointer,
            "message": self.message,
            "fingerprint": self.fingerprint,
        }
        return re.sub(_UNSEEN, lambda found: f"\\u{ord(found[0]):04x}", json.dumps(said, ensure_ascii=False))


_UNSEEN = rf"{CONTROL}|[\x85\u2028\u2029]"
"""What an editor or a terminal would obey, or take for the end of a line."""


class Baseline(NamedTuple):
    """The known debts of a catalogue, as its file has them.

    `faults` say what is wrong in the file, each by its span, and `more` how many others are; `lines` are its bytes.
    Where `every` is set, every fault that may be a known debt is held back, in the file or not: for those who make one.
    """

    path: str = ""
    debts: tuple[Debt, ...] = ()
    faults: tuple[Finding, ...] = ()
    more: int = 0
    lines: tuple[bytes, ...] = ()
    every: bool = False

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return b"\n".join(self.lines)

    def line(self, number: int) -> str:
        """The text of a line, from 1."""
        return _bare(self.lines[number - 1]).decode("utf-8", "replace") if 0 < number <= len(self.lines) else ""

    def without(self, numbers: Collection[int]) -> bytes:
        """The bytes of the file without some lines."""
        return b"\n".join(line for number, line in enumerate(self.lines, 1) if number not in numbers)


def written(debts: Iterable[Debt]) -> str:
    """The text of a baseline: a line for each debt, sorted, so that what two branches took out of it merges."""
    return "".join(f"{debt.text}\n" for debt in sorted(debts, key=lambda debt: debt.order))


def debt(diagnostic: Diagnostic) -> Debt:
    """A finding as a known debt."""
    return Debt(
        fingerprint=diagnostic.fingerprint,
        rule=diagnostic.rule,
        severity=diagnostic.severity,
        message=diagnostic.message,
        record=diagnostic.record or "",
        path="" if diagnostic.record else diagnostic.path,
        pointer=str(diagnostic.pointer),
    )


# --- holding back -----------------------------------------------------------------------------------------------------


class Settled(NamedTuple):
    """Findings to be told, those that are known debts, and the debts that answer to none."""

    told: list[Diagnostic]
    known: list[Diagnostic]
    gone: list[Debt]


def settled(baseline: Baseline, diagnostics: Iterable[Diagnostic], barred: Collection[str]) -> Settled:
    """Take known debts out of findings; those in the files of `barred` paths are told, whatever is known."""
    candidates: list[Diagnostic] = []
    told: list[Diagnostic] = []
    known: list[Diagnostic] = []
    for each in diagnostics:
        (candidates if may_be_known(each) and each.path not in barred else told).append(each)
    answers = paired(baseline.debts, candidates)
    for each in candidates:
        answer = answers.get(each.fingerprint)
        holds = answer is not None and each.severity.rank >= answer.severity.rank
        (known if holds or baseline.every else told).append(each)
    found = {answer.fingerprint for answer in answers.values()}
    return Settled(told, known, [each for each in baseline.debts if each.fingerprint not in found])


def may_be_known(diagnostic: Diagnostic) -> bool:
    """Whether a finding may be a known debt: not a note, which fails no run, and nothing about the run itself."""
    return diagnostic.severity is not Severity.NOTE and not diagnostic.rule.startswith(_OF_THE_RUN)


_OF_THE_RUN = ("MC8", "MC9")
"""The rules about suppressions, about the baseline and about the run: what holds back is not held back."""


def paired(debts: Iterable[Debt], diagnostics: Collection[Diagnostic]) -> Mapping[str, Debt]:
    """The debt of each finding that has one, by the finding's fingerprint.

    A record that was renamed owes what it owed under an earlier id, unless that is another record's debt.
    """
    open_ = {debt.fingerprint: debt for debt in debts}
    found = {each.fingerprint: open_.pop(each.fingerprint) for each in diagnostics if each.fingerprint in open_}
    for each in diagnostics:
        earlier = next((print for print in each.earlier if print in open_), None)
        if earlier is not None and each.fingerprint not in found:
            found[each.fingerprint] = open_.pop(earlier)
    return found


def renewed(baseline: Baseline, gone: Collection[int], known: Collection[Diagnostic]) -> list[Debt]:
    """The debts of a baseline after a run that knew some findings: none from the lines that are `gone`.

    A finding under a new id of its record, or less grave than it was, is entered as it is now. Debts of what could not
    be checked stay as they are.
    """
    answers = paired(baseline.debts, known)
    answered = {answer.fingerprint for answer in answers.values()}
    kept = [each for each in baseline.debts if each.line not in gone and each.fingerprint not in answered]
    return [*kept, *(_as_it_is(each, answers.get(each.fingerprint)) for each in known)]


def _as_it_is(diagnostic: Diagnostic, answer: Debt | None) -> Debt:
    """A finding as a debt, in the words that it was entered with where nothing about it changed."""
    now = debt(diagnostic)
    same = answer is not None and (answer.fingerprint, answer.severity) == (now.fingerprint, now.severity)
    return answer if answer is not None and same else now


def gone(debt: Debt, baseline: Baseline) -> Finding:
    """That the fault of a debt is not found any more."""
    return Finding(
        Pointer(),
        "the known fault '{fault}' of '{about}' is no longer found",
        rule="baseline-entry-gone",
        hint="`mcred baseline prune` takes out this line and all like it",
        span=_whole(debt.line, baseline.line(debt.line)),
        fault=debt.rule,
        about=debt.about,
        fingerprint=debt.fingerprint,
    )


# --- reading ----------------------------------------------------------------------------------------------------------


def parse(path: str, data: bytes) -> Baseline:
    """The baseline in the bytes of a file, whatever is wrong there."""
    if len(data) > LARGEST:
        return Baseline(path, faults=(_too_large(),))
    # Only LF ends a line: what else passes for an end of line may stand in a text of JSON.
    found = Baseline(path, lines=tuple(data.split(b"\n")))
    reading = _Reading(found)
    for number, line in enumerate(found.lines, 1):
        reading.line(number, _bare(line))
    return found._replace(debts=tuple(reading.debts.values()), faults=tuple(reading.faults), more=reading.more)


def _bare(line: bytes) -> bytes:
    """A line without what editors put around it."""
    return line.removeprefix(b"\xef\xbb\xbf").removesuffix(b"\r")


class _Malformed(Exception):
    """A line is no debt; the message says why."""


class _Reading:
    """What was read of a baseline so far."""

    def __init__(self, file: Baseline) -> None:
        self.debts: dict[str, Debt] = {}
        self.faults: list[Finding] = []
        self.more = 0
        self._file = file

    def line(self, number: int, data: bytes) -> None:
        """Take in a line; an empty one is passed over."""
        fault = self._fault(number, data) if data.strip() else None
        if fault is not None and len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        elif fault is not None:
            self.more += 1

    def _fault(self, number: int, data: bytes) -> Finding | None:
        """Take in what a line holds, and say what is wrong with it."""
        if (mark := data[:7].decode("ascii", "replace")) in _CONFLICT:
            return _conflict(mark, self._span(number))
        try:
            found = _debt(data, number)
        except _Malformed as why:
            return _malformed(str(why), self._span(number))
        version = found.fingerprint.partition(":")[0]
        if version != FINGERPRINT_VERSION:
            return _other_version(version, self._span(number))
        first = self.debts.setdefault(found.fingerprint, found)
        return None if first is found else _duplicate(first, self._span(first.line), self._span(number))

    def _span(self, number: int) -> Span:
        return _whole(number, self._file.line(number))


_CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")

_FINGERPRINT = r"[1-9][0-9]{0,3}:[0-9a-f]{8,64}(-[1-9][0-9]{0,5})?"
"""A fingerprint of any version."""

_HALF = "[\ud800-\udfff]"
"""A surrogate: JSON can write one alone, and no text can hold it."""

_KEYS = ("record", "path", "rule", "severity", "pointer", "message", "fingerprint")

_SEVERITIES = (Severity.ERROR.value, Severity.WARNING.value)


def _debt(data: bytes, number: int) -> Debt:
    """The debt that a line holds.

    Raises:
        _Malformed: it holds none.
    """
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise _Malformed("it is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise _Malformed("it is not JSON") from None
    if not isinstance(found, dict):
        raise _Malformed("it is no JSON object, such as {…}")
    for key, value in found.items():
        _text(key, value)
    if ("record" in found) == ("path" in found):
        raise _Malformed("it names either a 'record' or, where there is none, a 'path'")
    if missing := [key for key in _KEYS[2:] if key not in found]:
        raise _Malformed(f"'{missing[0]}' is missing")
    if found["severity"] not in _SEVERITIES:
        raise _Malformed(f"'severity' is {one_of(_SEVERITIES)}; here is '{shown(found['severity'])}'")
    if not re.fullmatch(_FINGERPRINT, found["fingerprint"]):
        raise _Malformed("its 'fingerprint' is none that mcred made")
    if found["rule"].startswith(_OF_THE_RUN):
        raise _Malformed(f"'{shown(found['rule'])}' is told in every run, and is never a known fault")
    return Debt(**{**found, "severity": Severity(found["severity"])}, line=number)


def _text(key: str, value: object) -> None:
    """Refuse a key that there is not, and a value that is not text."""
    if re.search(_HALF, f"{key}{value}"):
        raise _Malformed("it holds half a character, which no text can")
    if key not in _KEYS:
        raise _Malformed(f"there is no key '{shown(key)}'" + did_you_mean(key, _KEYS))
    if not isinstance(value, str):
        raise _Malformed(f"'{key}' is not text")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; one with a key twice would be read in two ways."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Malformed("a key stands twice in it")
    return found


def _whole(number: int, line: str) -> Span:
    return Span(number, 1, number, len(line) + 1)


_ANEW = "`mcred baseline update` writes the file anew, without this line"


def _malformed(why: str, span: Span) -> Finding:
    return Finding(
        Pointer(),
        "this line is no known fault: {why}",
        rule="malformed-baseline-entry",
        hint=_ANEW,
        span=span,
        why=why,
    )


def _conflict(mark: str, span: Span) -> Finding:
    return Finding(
        Pointer(),
        "a merge conflict was left here: '{mark}'",
        rule="conflict-marker",
        hint="`mcred baseline update` keeps what is still known of both sides, and takes out the marks",
        span=span,
        mark=mark,
    )


def _duplicate(first: Debt, there: Span, span: Span) -> Finding:
    return Finding(
        Pointer(),
        "this known fault of '{about}' stands here twice",
        rule="duplicate-baseline-entry",
        label="second",
        hint=_ANEW,
        related=(Related("first here", span=there),),
        span=span,
        about=first.about,
    )


def _other_version(version: str, span: Span) -> Finding:
    return Finding(
        Pointer(),
        "a fingerprint of version {version} stands here; this mcred makes and knows {known}",
        rule="unknown-fingerprint-version",
        hint="use the mcred that wrote it; or delete the line, and `mcred baseline update --add` enters the fault anew",
        span=span,
        version=version,
        known=FINGERPRINT_VERSION,
    )


def _too_large() -> Finding:
    return Finding(
        Pointer(),
        "the baseline is larger than {most} MiB; nothing in it is read",
        rule="file-too-large",
        hint="so many faults have few causes: put those right first, then `mcred baseline create`",
        span=Span(1, 1, 1, 1),
        most=LARGEST // 1024 // 1024,
    )
