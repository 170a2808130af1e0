"""What a change does to that by which it is judged: settings, policies, known debts, and what a record says of itself.

A stranger's change is judged by what was in force before it, so nothing of this takes effect unseen. Each is listed
with the findings that it silences, which are those that come up where it alone is undone.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from mcred.diagnostic import Diagnostic, Ignored, Pointer, PolicyChange, Severity, Source, Span
from mcred.document import read
from mcred.document.reading import Document
from mcred.edits import CannotEdit, Change, Insert, Remove, Set, apply
from mcred.record import Record
from mcred.record.change import paired
from mcred.settings import Settings, settings
from mcred.text import plural, shown
from mcred.validation import Altered, Context, Entry, RecordResult, check_record, ignores_of

KINDS = {
    "setting": "a setting in catalogue.yaml",
    "policy": "a policy or a framework of the catalogue's own",
    "baseline": "the list of known debts",
    "suppression": "a comment that holds findings back",
    "unknown": "a value that is said to be unknown",
    "excepted": "a decision that makes an exception",
    "corrected": "a decision that corrects another",
    "removed": "a decision that takes a record out of the register",
    "custody": "whether a record is the catalogue's own",
    "framework": "under which framework a record stands",
    "stage": "how far a draft has come",
    "fictional": "whether a record is example data",
}
"""The sorts of change that are listed."""


class Rules(NamedTuple):
    """By what a catalogue judges: its settings, its policies and frameworks by id, and its known debts."""

    settings: Source
    own: Mapping[str, Source]
    baseline: Source


class Judging(NamedTuple):
    """How the files of a change are judged.

    `context` is what they are judged by; `known` makes another one of settings and of policies; `results` are those of
    the record stage, by path, and `entry` gives a file once more.
    """

    context: Context
    known: Callable[[Settings, Mapping[str, Source]], Context]
    results: Mapping[str, RecordResult]
    entry: Callable[[str], Entry]
    as_of: date | None = None
    rules_of: date | None = None

    def without(self, entry: Entry, seen: "_Seen") -> tuple[Diagnostic, ...]:
        """What is told of a record, or graver, where one change of it is undone."""
        result = self.results.get(entry.source.path)
        if result is None:
            return ()
        try:
            data = apply(entry.source.data, [seen.undone])
        except CannotEdit:  # the text is at fault there, which is told as such
            return ()
        other = entry._replace(source=entry.source._replace(data=data))
        found = _more(check_record(other, self.context, self.as_of, self.rules_of), result)
        # What a value that is put back may itself contradict was not silenced by taking it away.
        return tuple(
            each for each in found if isinstance(seen.undone, Remove) or not _within(each.pointer, seen.pointer)
        )

    def under(self, held: Settings, own: Mapping[str, Source]) -> tuple[Diagnostic, ...]:
        """What is told of all files, or graver, that would not be under other settings or policies."""
        context = self.known(held, own)
        found: list[Diagnostic] = []
        for path, result in sorted(self.results.items()):
            if result.diagnostics:
                found += _more(result, check_record(self.entry(path), context, self.as_of, self.rules_of))
        return tuple(found)


def _more(one: RecordResult, other: RecordResult) -> Iterator[Diagnostic]:
    """What is told in one result and not in another, or is graver in it."""
    ranks = {each.fingerprint: each.severity.rank for each in other.diagnostics}
    return (each for each in one.diagnostics if each.severity.rank < ranks.get(each.fingerprint, len(Severity)))


def _within(pointer: Pointer, other: Pointer) -> bool:
    return pointer[: len(other)] == other


def policy_changes(
    before: Rules,
    after: Rules,
    altered: Iterable[Altered],
    ignored: Iterable[Ignored],
    told: Iterable[Diagnostic],
    by: Judging,
) -> tuple[PolicyChange, ...]:
    """All of a change that alters by what it is judged, sorted.

    `ignored` and `told` are what the report holds back and what it tells.
    """
    files, ignored, told = list(altered), list(ignored), list(told)
    found = chain(
        _of_settings(before, after, by),
        _of_policies(before, after, by),
        _of_baseline(before.baseline, after.baseline, told),
        *(_of_record(each, by) for each in _paired(files)),
        *(_of_comments(each, ignored) for each in files if each.after is not None),
    )
    return tuple(sorted(found, key=lambda each: (each.path, each.span, each.kind, each.message)))


# --- settings, policies, known debts ---------------------------------------------------------------------------------

ONLY_TOLD = ("title", "publisher", "base_url", "remarks")
"""Keys of catalogue.yaml by which nothing is judged."""


def _of_settings(before: Rules, after: Rules, by: Judging) -> Iterator[PolicyChange]:
    was, now = read(before.settings.data), read(after.settings.data)
    old, new = was.data or {}, now.data or {}
    held, wanted = settings(old), settings(new)
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) == new.get(key) or key in ONLY_TOLD or key.startswith("x-"):
            continue
        pointer = Pointer((key,))
        silenced: tuple[Diagnostic, ...] = ()
        if key in Settings._fields:
            silenced = by.under(held._replace(**{key: getattr(wanted, key)}), _in_use(before, after))
        message = f"'{shown(key)}' is {_said(new.get(key))}; it was {_said(old.get(key))}"
        yield PolicyChange("setting", message, after.settings.path, now.locate(pointer), None, pointer, silenced)


def _of_policies(before: Rules, after: Rules, by: Judging) -> Iterator[PolicyChange]:
    held, in_use = settings(read(before.settings.data).data or {}), _in_use(before, after)
    for name in sorted(in_use):
        old, new = before.own.get(name), after.own.get(name)
        if old is not None and new is not None and _same_text(old, new):
            continue
        rest = {key: source for key, source in in_use.items() if key != name}
        source = new or old
        # What is new takes nothing away from what was there: by it more can be told, not less.
        silenced = by.under(held, rest if new is None else {**rest, name: new}) if old is not None else ()
        what = "is new" if old is None else "is deleted" if new is None else "is changed"
        if source is not None:
            yield PolicyChange(
                "policy", f"the policy '{shown(name)}' {what}", source.path, START, name, Pointer(), silenced
            )


def _in_use(before: Rules, after: Rules) -> Mapping[str, Source]:
    """The policies and frameworks by which a change is judged: those that were there, and what is new beside them."""
    return {**after.own, **before.own}


def _same_text(one: Source, other: Source) -> bool:
    return one.data.replace(b"\r\n", b"\n") == other.data.replace(b"\r\n", b"\n")


def _of_baseline(before: Source, after: Source, told: list[Diagnostic]) -> Iterator[PolicyChange]:
    old, new = _entries(before), _entries(after)
    if gained := new - old:
        debts = {_fingerprint(line) for line in gained}
        silenced = tuple(each for each in told if each.fingerprint in debts)
        message = f"the baseline gains {plural(len(gained), 'entry', 'entries')}"
        yield PolicyChange("baseline", message, after.path, START, silenced=silenced)
    if lost := old - new:
        yield PolicyChange("baseline", f"the baseline loses {plural(len(lost), 'entry', 'entries')}", after.path, START)


def _entries(source: Source) -> set[bytes]:
    """The lines of a baseline, of which each is an entry."""
    return set(filter(None, map(bytes.strip, source.data.split(b"\n"))))


def _fingerprint(line: bytes) -> str | None:
    """The fingerprint of an entry of the baseline; None where the line is none."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    found = entry.get("fingerprint") if isinstance(entry, dict) else None
    return found if isinstance(found, str) else None


# --- what a record says of itself ------------------------------------------------------------------------------------


class _Held(NamedTuple):
    """A file with what was read of it."""

    entry: Entry
    document: Document
    record: Record

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def data(self) -> dict[str, Any]:
        return self.record.data


class _Pair(NamedTuple):
    """A record as it was, or None where it is new, and as it is."""

    before: _Held | None
    after: _Held


def _paired(altered: Iterable[Altered]) -> Iterator[_Pair]:
    """Each record that is there with the one it was."""
    left: list[_Held] = []
    now: list[_Held] = []
    for each in altered:
        left += _held(each.before)
        now += _held(each.after)
    pairs = paired(left, now, lambda held: held.record)
    yield from (_Pair(old, new) for old, new in pairs if new is not None)


def _held(entry: Entry | None) -> list[_Held]:
    """A record that can be read; catalogue.yaml is none."""
    if entry is None or entry.kind == "catalogue":
        return []
    document = read(entry.source.data)
    if document.data is None:
        return []
    return [_Held(entry, document, Record(entry.kind, entry.source.path, document.data))]


class _Seen(NamedTuple):
    """One such change of a record, and what undoes it."""

    kind: str
    message: str
    pointer: Pointer
    undone: Change


def _of_record(pair: _Pair, by: Judging) -> Iterator[PolicyChange]:
    after = pair.after
    for seen in chain(_of_fields(pair), _of_unknowns(pair), _of_decisions(pair)):
        span = after.document.locate(seen.pointer)
        silenced = by.without(after.entry, seen)
        yield PolicyChange(seen.kind, seen.message, after.entry.source.path, span, after.id, seen.pointer, silenced)


FIELDS: dict[str, Any] = {"custody": "own", "framework": None, "stage": None, "fictional": False}
"""The fields that say how a record is judged, with what holds where one is absent."""

NEW = ("custody", "fictional")
"""Those by which a new record is judged less than another one."""


def _of_fields(pair: _Pair) -> Iterator[_Seen]:
    old, new = pair.before.data if pair.before is not None else {}, pair.after.data
    for key, default in FIELDS.items():
        was, now = old.get(key, default), new.get(key, default)
        if was == now or (pair.before is None and key not in NEW):
            continue
        pointer = Pointer((key,))
        said = f"'{key}' is {_said(now)}" + (
            f"; it was {_said(was)}" if pair.before is not None else " in a new record"
        )
        yield _Seen(key, said, pointer, _undone(pointer, old, new))


def _undone(pointer: Pointer, old: dict[str, Any], new: dict[str, Any]) -> Change:
    """What gives a key of a record the value that it had."""
    key = str(pointer[-1])
    if key not in old:
        return Remove(pointer)
    return Set(pointer, old[key]) if key in new else Insert(Pointer(), key, old[key])


def _of_unknowns(pair: _Pair) -> Iterator[_Seen]:
    """What the record newly says to be unknown: under `unknown`, or by the word in the place of a value."""
    before = set(_unknowns(pair.before.data)) if pair.before is not None else set()
    for said, pointer in _unknowns(pair.after.data).items():
        if said not in before:
            yield _Seen("unknown", f"{shown(said)} is said to be unknown", pointer, Remove(pointer))


def _unknowns(data: dict[str, Any]) -> dict[str, Pointer]:
    """What is said to be unknown, as a person reads it, and where it is said."""
    found: dict[str, Pointer] = {}
    listed = data.get("unknown")
    if listed == "rest":
        found["all that is not there"] = Pointer(("unknown",))
    for place, text in enumerate(listed if isinstance(listed, list) else ()):
        found[f"'{text}'"] = Pointer(("unknown", place))
    for named, pointer in _words({key: value for key, value in data.items() if key not in ("unknown", *FIELDS)}):
        found[f"'{named}'"] = pointer
    return found


ROOT = Pointer()


def _words(value: Any, named: str = "", pointer: Pointer = ROOT) -> Iterator[tuple[str, Pointer]]:
    """The places where the word `unknown` stands for a value, with items named by id."""
    if value == "unknown":
        yield named, pointer
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _words(inner, f"{named}/{key}", pointer / key)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            own = inner.get("id") if isinstance(inner, dict) else None
            yield from _words(inner, f"{named}/{place if own is None else own}", pointer / place)


ACTS = {
    "excepted": "a decision makes an exception from '{clause}'",
    "corrected": "a decision corrects '{decision}'",
    "removed": "a decision takes the record out of the register",
}
"""Acts that answer or undo what would be told otherwise."""


def _of_decisions(pair: _Pair) -> Iterator[_Seen]:
    before = Counter(map(_entered, _decisions(pair.before.data))) if pair.before is not None else Counter[str]()
    for place, decision in enumerate(_decisions(pair.after.data)):
        act = decision.get("act") if isinstance(decision, dict) else None
        entered = _entered(decision)
        if before[entered]:
            before[entered] -= 1
        elif isinstance(act, str) and act in ACTS:
            pointer = Pointer(("decisions", place))
            about = {key: shown(decision.get(key, "nothing")) for key in ("clause", "decision")}
            yield _Seen(act, ACTS[act].format_map(about), pointer, Remove(pointer))


def _decisions(data: dict[str, Any]) -> list[Any]:
    decisions = data.get("decisions")
    return decisions if isinstance(decisions, list) else []


def _entered(decision: Any) -> str:
    """A decision as it was entered: giving it an id later is no other decision."""
    if isinstance(decision, dict):
        decision = {key: value for key, value in decision.items() if key != "id"}
    return json.dumps(decision, sort_keys=True, default=str)


# --- comments --------------------------------------------------------------------------------------------------------


def _of_comments(file: Altered, ignored: list[Ignored]) -> Iterator[PolicyChange]:
    if file.after is None:
        return
    path = file.after.source.path
    old = Counter(key for key, _ in _comments(file.before)) if file.before is not None else Counter[tuple[str, str]]()
    for key, span in _comments(file.after):
        if old[key]:
            old[key] -= 1
            continue
        silenced = tuple(each.diagnostic for each in ignored if each.diagnostic.path == path and each.span == span)
        record = next((each.record for each in silenced), None)
        message = f"a comment holds findings back: {shown(key[0])}"
        yield PolicyChange("suppression", message, path, span, record, silenced=silenced)


def _comments(entry: Entry) -> Iterator[tuple[tuple[str, str], Span]]:
    """The comments that hold findings back, each with the text that it is about, so that one that moved is another."""
    lines = read(entry.source.data).lines
    for each in ignores_of(entry):
        line, start, end = lines.line(each.span.line), each.span.column - 1, each.span.end_column - 1
        about = line[:start].strip() or lines.line(each.scope.line).strip()
        yield (line[start:end], about), each.span


START = Span(1, 1, 1, 1)
"""Where a file is meant as a whole, or is gone."""


def _said(value: Any) -> str:
    """A value as a message tells it."""
    if value is None:
        return "absent"
    return f"'{shown(value)}'" if isinstance(value, str) else shown(json.dumps(value, ensure_ascii=False, default=str))
