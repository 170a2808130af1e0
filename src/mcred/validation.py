"""The engine: names and bytes in, a report out. It opens no file, asks no clock and prints nothing.

Two stages. The *record* stage looks at one file alone: reading, shape, the rules of one record, its facts; it depends
on nothing but the file's bytes and the context, and drops the node tree when it is done. The *catalogue* stage looks
at the facts of all records. Findings speak pointers; only here do they get lines.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mcred.baseline import Baseline, Debt, Settled, gone, settled
from mcred.diagnostic import (
    RULES,
    Anchor,
    Checked,
    Diagnostic,
    Finding,
    Located,
    NotChecked,
    Pointer,
    Report,
    Severity,
    Source,
    Span,
    digest,
    fingerprint,
    in_order,
    numbered,
    plain,
    rule_named,
)
from mcred.document import Comment, lines, read
from mcred.errors import McredError, Unreadable
from mcred.frameworks import (
    Case,
    Framework,
    Rulebook,
    bodies,
    exceptions,
    judged,
    typed,
)
from mcred.ignores import LEFT_OUT, SIGN, HeldBack, Ignore, held_back, understood
from mcred.places import Answer, Place, Wanted, one_by_one, place, usual
from mcred.record import FRAMEWORK, Catalogue, Facts, Record, View, facts, stem
from mcred.rules import CATALOGUE_RULES, DATED_CATALOGUE_RULES, DATED_RULES, RECORD_RULES, change_rules
from mcred.shape import Checked as Shaped
from mcred.shape import Schemas, Shape, check

if TYPE_CHECKING:
    from mcred.document.reading import Document

MOST_PER_FILE = 100
"""Findings of one file that a report shows."""


class Context(NamedTuple):
    """What the engine knows besides files.

    The schemas; the heads of frameworks by id, and which of them come with mcred; the frameworks with their clauses and
    those of policies; of each by which nothing can be judged the path of the file that has faults; the data of
    organisations, whose types count by date; the ids of the policies that there are, in force or not; the language in
    which rules hold.
    """

    schemas: Schemas
    frameworks: Mapping[str, Framework]
    shipped: frozenset[str]
    books: Mapping[str, Rulebook] = MappingProxyType({})
    broken: Mapping[str, str] = MappingProxyType({})
    organisations: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
    policies: Collection[str] = frozenset()
    language: str = ""
    longest_ignore: str | None = None


class Misplaced(NamedTuple):
    """A finding of the workspace about a path: a wrong extension, a link, an unknown folder."""

    path: str
    finding: Finding
    kind: str = ""
    is_record: bool = True
    """Whether a record might have been meant, so that references to its name are not broken."""


class Entry(NamedTuple):
    """A file to check: its source, and the kind that its folder says.

    `result` is what the record stage says of it where that is known already; then nobody needs its bytes.
    """

    source: Source
    kind: str
    result: "RecordResult | None" = None


class Altered(NamedTuple):
    """A file that differs: as it was, or None where it is new, and as it is, or None where it is gone."""

    before: Entry | None
    after: Entry | None


class Changes(NamedTuple):
    """What differs, and of each new record whose id another one had before, the file of that other one, by id."""

    altered: Iterable[Altered]
    earlier: Mapping[str, Entry] = MappingProxyType({})


class RecordResult(NamedTuple):
    """What the record stage says of one file."""

    diagnostics: list[Diagnostic]
    facts: Facts | None
    stopped: str | None = None
    text: str = ""
    uncounted: int = 0
    """Findings beyond those in `diagnostics`: of a file with thousands nobody reads the last."""
    ignores: tuple[Comment, ...] = ()
    """The comments that are meant for a checker."""
    unjudged_by: str | None = None
    """The path of the file by which the record would have been judged, where that has faults."""
    places: Mapping[Wanted, Place] = MappingProxyType({})
    """Places in it that findings across records may turn out to be about."""


class Request(NamedTuple):
    """What to check.

    `entries` are all files of the catalogue (or those named, with `alone`); `files` the paths below its root of all
    that lies there, for documents; `reported` limits the report to some paths; `select` to some rules, by name.
    `again` gives the bytes of a path once more, for the lines of findings across records; `places` answers for it where
    somebody knows them. What either cannot read any more has no lines; telling so is up to them. `baseline` holds back
    known debts; `unreadable` is what the system does not let us read, known only when all entries were. Of each
    file at most `most` findings are shown. `caused` tells which findings beyond `reported` are told all the same.
    `changes` is what differs from an earlier state, known only when all entries were read.
    """

    entries: Iterable[Entry]
    again: Callable[[str], bytes]
    root: str = ""
    files: Iterable[str] = ()
    misplaced: Iterable[Misplaced] = ()
    alone: bool = False
    reported: Callable[[str], bool] | None = None
    select: frozenset[str] = frozenset()
    as_of: date | None = None
    rules_of: date | None = None
    not_checked: tuple[NotChecked, ...] = ()
    baseline: Baseline = Baseline()
    unreadable: Collection[object] = ()
    caused: Callable[[Diagnostic], bool] | None = None
    changes: Callable[[], Changes] | None = None
    most: int = MOST_PER_FILE
    places: Answer | None = None


def validate(request: Request, context: Context) -> Report:
    """Check everything the request names, and report on it."""
    diagnostics: list[Diagnostic] = []
    found: list[Facts] = []
    unread: dict[str, str] = {}
    uncounted: dict[str, int] = {}
    not_checked = list(request.not_checked)
    causes: set[str] = set()
    unjudged: list[str] = []
    paths: list[str] = []
    comments: dict[str, Sequence[Comment]] = {}
    records = 0
    for entry in request.entries:
        result = entry.result or check_record(entry, context, request.as_of, request.rules_of)
        diagnostics += result.diagnostics
        if result.ignores:
            comments[entry.source.path] = result.ignores
        if result.uncounted:
            uncounted[entry.source.path] = result.uncounted
        reported = request.reported is None or request.reported(entry.source.path)
        paths += [entry.source.path] * reported
        if result.facts is not None:
            records += reported and entry.kind != "catalogue"
            found.append(result.facts)
        cause = result.unjudged_by
        unjudged += [entry.source.path] * bool(cause)
        if cause and reported and result.facts is not None:
            not_checked.append(NotChecked(entry.source.path, result.facts.id, f"{cause} has faults"))
            causes.add(cause)
        if result.stopped:
            unread[entry.source.path] = result.text
            if reported:
                not_checked.append(NotChecked(entry.source.path, stem(entry.source.path), result.stopped))
    line = _line_of(request.again)
    for misplaced in request.misplaced:
        diagnostics.append(_concrete(misplaced.finding, misplaced.path))
        if misplaced.is_record:
            found.append(_unread(misplaced.path, misplaced.kind))
    catalogue = Catalogue(found, context.shipped, request.files, unread)
    diagnostics += _together(request, context, catalogue)
    # Numbered before anything is held back, so that a fingerprint does not depend on what else is told.
    every = in_order(numbered(diagnostics))
    held = _held_back(every, comments, request, context, found, {*uncounted, *(e.path for e in not_checked)})
    debts = _against_baseline(held.told, request, context, catalogue, {*uncounted}, unjudged)
    uncounted[request.baseline.path] = request.baseline.more
    # What nobody could judge has not passed: the faults that stood in the way are told, whatever was asked for.
    chosen = _chosen(debts.told, request, causes)
    return Report(
        diagnostics=tuple(_cut(chosen, uncounted, request.most)),
        checked=Checked(len(paths), records, tuple(sorted(paths))),
        not_checked=tuple(sorted(not_checked)),
        as_of=request.as_of,
        select=request.select,
        line=lambda path, number: (
            request.baseline.line(number) if path == request.baseline.path else line(path, number)
        ),
        baseline=tuple(_chosen(debts.known, request)),
        ignored=tuple(each for each in held.ignored if _wanted(each.diagnostic, request, causes)),
    )


def _against_baseline(
    diagnostics: list[Diagnostic],
    request: Request,
    context: Context,
    catalogue: Catalogue,
    uncounted: Collection[str],
    unjudged: Collection[str],
) -> Settled:
    """Take known debts out of findings, and add what is wrong in the baseline.

    In a file that cannot be read, by which others cannot be judged, or of which not every finding is known there is no
    known debt: what it hides has not passed.
    """
    known = request.baseline
    if not (known.debts or known.faults or known.every):
        return Settled(diagnostics, [], [])
    barred = {*uncounted, *context.broken.values(), *(each.path for each in catalogue.records if not each.parsed)}
    debts = settled(known, diagnostics, barred)
    if request.alone:
        return debts
    # Under the rules of another day, or where a folder could not be opened, nobody can tell what is gone.
    sure = request.rules_of is None and not request.unreadable
    misshapen = {each.path for each in debts.told if each.rule.startswith(_SHAPE) and each.severity is Severity.ERROR}
    doubtful = _doubt(catalogue, barred.union(unjudged), misshapen)
    findings = [*known.faults, *(gone(debt, known) for debt in debts.gone if sure and not doubtful(debt))]
    return debts._replace(told=[*debts.told, *(_concrete(each, known.path) for each in findings)])


_DATED = frozenset(rule.name for rule in DATED_RULES) | {rule.name for rule in DATED_CATALOGUE_RULES}
"""The names of rules that look at a day."""

_ACROSS = frozenset(rule.name for rule in CATALOGUE_RULES) | {rule.name for rule in DATED_CATALOGUE_RULES}
"""The names of rules that look across records."""

_SHAPE = ("MC0", "MC1")
"""The rules about how a file is written, and about its shape: what they find is taken out, and others do not see it."""


def _doubt(catalogue: Catalogue, paths: Collection[str], misshapen: Collection[str]) -> Callable[[Debt], bool]:
    """Whether a fault may be there and not be found: in the files of `paths` not all was looked at.

    In `misshapen` ones a new fault of shape keeps the other rules from what it touches. Rules across records are silent
    about what may be in a file that cannot be read.
    """
    unseen, half_seen = _names(catalogue, paths), _names(catalogue, misshapen)
    whole = all(each.parsed for each in catalogue.records)
    across = {rule_named(name).id for name in _ACROSS if not whole}

    def doubtful(debt: Debt) -> bool:
        half = debt.about in half_seen and not debt.rule.startswith(_SHAPE)
        return half or debt.about in unseen or debt.rule in across or catalogue.may_be_unread(debt.about)

    return doubtful


def _names(catalogue: Catalogue, paths: Collection[str]) -> set[str]:
    """What the records in the files of some paths are, or were, called, and the paths."""
    there = [each for each in catalogue.records if each.path in paths]
    return {*paths, *(name for each in there for name in (each.id, each.stem, *(alias for _, alias in each.aliases)))}


def _unjudged(record: Record, context: Context) -> str | None:
    """The path of the file with faults by which a record would have been judged."""
    of = record.framework or ""
    return context.broken.get(of) if record.kind in JUDGED or of not in context.frameworks else None


def check_record(
    entry: Entry, context: Context, as_of: date | None = None, rules_of: date | None = None
) -> RecordResult:
    """The record stage: one file, alone. `as_of` is the day of acts not yet taken, `rules_of` one for every act."""
    path, kind = entry.source.path, entry.kind
    document = read(entry.source.data)
    findings = document.faults
    if document.data is None:
        findings, rest = _told(findings, document)
        unread = _unread(path, kind)
        diagnostics = _located(findings, unread, stem(path), _in(document))
        return RecordResult(diagnostics, unread, document.stopped, document.lines.text, uncounted=rest + document.more)
    shaped = _shaped(document, kind, context.schemas.shape(kind))
    record = Record(kind, path, shaped.data, shaped.marked, shaped.touched, context.schemas.shape(kind))
    findings = [*findings, *shaped.findings]
    if kind != "catalogue":
        mistyped = list(typed(record, context.frameworks))
        record.touched |= {finding.pointer for finding in mistyped}
        findings += mistyped
        for rule in RECORD_RULES:
            for finding in rule.check(record):
                finding.rule = rule.name
                findings.append(finding)
        if as_of is not None:
            findings += _dated(record, context, as_of)
        findings += _required(record, context, as_of, rules_of)
    name = record.id if kind != "catalogue" else None
    found = facts(record, _head(record, context))
    if kind == "catalogue":
        found = found._replace(id=_CATALOGUE, stem=_CATALOGUE)
    if kind == FRAMEWORK:
        from mcred.frameworks.checking import Known, framework_faults, framework_references

        known = Known(context.schemas.shape, context.frameworks, context.policies)
        findings += framework_faults(record, known)
        found = found._replace(references=(*found.references, *framework_references(record, known)))
    findings, rest = _told(findings, document)
    diagnostics = _located(findings, found, name, _in(document)) if findings else []
    return RecordResult(
        diagnostics,
        found,
        uncounted=rest + document.more,
        ignores=document.comments(SIGN),
        unjudged_by=_unjudged(record, context),
        places=usual(document),
    )


EXACT = ("catalogue", FRAMEWORK)
"""The kinds by which others are judged: a field that nobody knows may be one that was to ask for more."""


def _shaped(document: "Document", kind: str, shape: Shape) -> Shaped:
    """A document held against its schema, as if a field that mcred does not know and a comment ignores were not there.

    So what is missing without it is told, which is never said to be missing beside a misspelt one.
    """
    found = check(document, shape)
    unknown = [finding for finding in found.findings if finding.rule in LEFT_OUT]
    if not unknown or kind in EXACT:
        return found
    ignores = understood(document.comments(SIGN)).ignores
    left_out = [
        finding
        for finding in unknown
        if any(each.is_for(finding.rule, document.locate(finding.pointer, finding.anchor)) for each in ignores)
    ]
    if not left_out:
        return found
    rest = check(document, shape, [finding.pointer for finding in left_out])
    return rest._replace(findings=[*left_out, *rest.findings])


MOST_LOCATED = 1_000
"""Findings of one file that are made diagnostics; of more, the gravest and first."""


def _told(findings: list[Finding], document: "Document") -> tuple[list[Finding], int]:
    """The findings of a file that a report may come to show, and the number of the others."""
    if len(findings) <= MOST_LOCATED:
        return findings, 0

    def order(finding: Finding) -> tuple[int, Span]:
        rank = (finding.severity or rule_named(finding.rule).severity).rank
        return rank, finding.span or document.locate(finding.pointer, finding.anchor)

    return sorted(findings, key=order)[:MOST_LOCATED], len(findings) - MOST_LOCATED


def ignores_of(entry: Entry) -> list[Ignore]:
    """The comments of a file that ignore a finding, whether it is there or not; none of a file that cannot be read."""
    return understood(read(entry.source.data).comments(SIGN)).ignores if b"ignore" in entry.source.data else []


def unsound(entry: Entry, context: Context, named: Callable[[str], bool]) -> bool:
    """Whether a framework or policy has errors, so that nothing is judged by it.

    `named` tells whether an organisation that it names is there.
    """
    result = check_record(entry, context)
    missing = result.facts is not None and any(
        not named(reference.target) for reference in result.facts.references if reference.kinds == ("organisation",)
    )
    return missing or any(found.severity is Severity.ERROR for found in result.diagnostics)


class Loaded(NamedTuple):
    """A record, and its document, which knows where everything stands."""

    record: Record
    document: "Document"


def load(entry: Entry, context: Context) -> Record | None:
    """A record as `load_with_places` gives it, for whoever needs no places."""
    found = load_with_places(entry, context)
    return found.record if found is not None else None


def load_with_places(entry: Entry, context: Context) -> Loaded | None:
    """A record without what is at fault in it, for whoever only reads; None where the file cannot be read."""
    document = read(entry.source.data)
    if document.data is None:
        return None
    shape = context.schemas.shape(entry.kind)
    shaped = _shaped(document, entry.kind, shape)
    return Loaded(Record(entry.kind, entry.source.path, shaped.data, shaped.marked, shaped.touched, shape), document)


def _dated(record: Record, context: Context, as_of: date) -> Iterator[Finding]:
    """What the day by which is judged brings up."""
    view = view_of(record, context, as_of)
    for rule in DATED_RULES:
        for finding in rule.check(view):
            finding.rule = rule.name
            yield finding


def view_of(record: Record, context: Context, day: date) -> View:
    """A record on a day, with what is needed to derive from it."""
    return View(record, day, _head(record, context), context.organisations)


def _head(record: Record, context: Context) -> Mapping[str, Any] | None:
    """What the framework of a record calls things; None where it has none that is known."""
    of = context.frameworks.get(record.framework or "")
    return of.head if of is not None else None


def _required(record: Record, context: Context, as_of: date | None, rules_of: date | None) -> Iterator[Finding]:
    """What the record's framework requires of it."""
    book = context.books.get(record.framework or "")
    if book is not None and record.kind in JUDGED:
        case = Case(record, book, context.organisations, as_of or date.max, rules_of, context.language)
        yield from judged(case)
        yield from bodies(case)
        yield from exceptions(case)


JUDGED = ("micro-credential", "training-scheme", "equivalency")
"""The kinds that clauses may speak of."""

_CATALOGUE = "catalogue.yaml"
"""Stands for the id of the catalogue's own file, which has none: no id can be spelt so."""


def _unread(path: str, kind: str) -> Facts:
    stem = path.rpartition("/")[2].split(".")[0]
    return Facts(path, kind, stem, stem, parsed=False)


def _line_of(again: Callable[[str], bytes]) -> Callable[[str, int], str]:
    """What gives the lines of code frames. The last few files are kept: findings come file by file."""
    kept = lru_cache(maxsize=16)(lambda path: lines(again(path)))

    def line(path: str, number: int) -> str:
        try:
            return kept(path).line(number)
        except McredError:  # a link, a folder, a pipe: what is not opened has no lines to show
            return ""

    return line


def _together(request: Request, context: Context, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """The findings that no file has alone."""
    if not request.alone:
        yield from _across(catalogue, request.places or one_by_one(request.again), request.as_of)
    if request.changes is not None:
        yield from _changed(request.changes(), context, request.as_of or date.max, catalogue, request.again)


def _across(catalogue: Catalogue, answer: Answer, as_of: date | None) -> Iterator[Diagnostic]:
    """The findings of the rules across records, with their places."""
    by_path = {found.path: found for found in catalogue.records}
    grouped: dict[str, list[Finding]] = {}
    asked: dict[str, dict[Wanted, None]] = {}
    checks = [(rule.name, rule.check(catalogue)) for rule in CATALOGUE_RULES]
    if as_of is not None:
        checks += [(rule.name, rule.check(catalogue, as_of)) for rule in DATED_CATALOGUE_RULES]
    for name, found in checks:
        for finding in found:
            path = finding.path or ""
            finding.rule = name
            grouped.setdefault(path, []).append(finding)
            asked.setdefault(path, {})[finding.pointer, finding.anchor] = None
            for other in finding.related:
                asked.setdefault(other.path or path, {})[other.pointer, other.anchor] = None
    places = answer(asked)

    def at(path: str, pointer: Pointer, anchor: Anchor) -> Place:
        return places[path][pointer, anchor] if path in places else place(None, pointer, anchor)

    for path, findings in sorted(grouped.items()):
        yield from _located(findings, by_path[path], by_path[path].id, at)


_At = Callable[[str, Pointer, Anchor], Place]
"""What gives a place of a file by its path."""


def _in(document: "Document | None") -> _At:
    """The places of one document; where there is none, the beginning."""
    return lambda path, pointer, anchor: place(document, pointer, anchor)


_NOWHERE = _in(None)


def _read_again(path: str, again: Callable[[str], bytes]) -> "Document | None":
    """The document of a path; None where it cannot be read any more."""
    try:
        return read(again(path))
    except Unreadable:
        return None


def _in_one_of(known: Mapping[str, "Document | None"], other: Callable[[str], "Document | None"]) -> _At:
    """The places of documents that are known by their path, and of others."""
    return lambda path, pointer, anchor: place(known[path] if path in known else other(path), pointer, anchor)


class Pair(NamedTuple):
    """A record as it was, or None where it is new, and as it is, or None where it is gone."""

    before: Loaded | None
    after: Loaded | None


def changed(
    changes: Changes, context: Context, day: date, catalogue: Catalogue, again: Callable[[str], bytes]
) -> list[Diagnostic]:
    """The findings of the rules about changes; `catalogue` is what there is now, whether it differs or not."""
    return list(_changed(changes, context, day, catalogue, again))


def _changed(
    changes: Changes, context: Context, day: date, catalogue: Catalogue, again: Callable[[str], bytes]
) -> Iterator[Diagnostic]:
    from mcred.record.change import Change
    from mcred.record.change import aliases as earlier_ids

    pairs = list(_pairs(changes.altered, context))
    was_called = {name: was for was, _ in pairs if was for name in (was.record.id, *earlier_ids(was.record))}

    def view(loaded: Loaded | None) -> View | None:
        return view_of(loaded.record, context, day) if loaded is not None else None

    def earlier(pair: Pair) -> Record | None:
        """What had the id of a new record; nothing where it is still an earlier id of another, told as a duplicate."""
        id = pair.after.record.id if pair.before is None and pair.after is not None else ""
        if not id or catalogue.by_alias.get(id):
            return None
        entry, was = changes.earlier.get(id), was_called.get(id)
        return was.record if was is not None else load(entry, context) if entry is not None else None

    made = [
        Change(view(pair.before), view(pair.after), earlier(pair), context.language)
        for pair in pairs
        if pair.after is not None or (pair.before is not None and not _there(catalogue, pair.before.record))
    ]
    # What stands in the place of a record that is gone is what a finding there is about.
    places = {each.record.path: each for side in zip(*pairs, strict=True) for each in side if each is not None}
    now = {pair.after.record.path for pair in pairs if pair.after is not None}
    other = lru_cache(maxsize=16)(lambda path: _read_again(path, again))
    for rule in change_rules():
        for finding in rule.check(made):
            finding.rule = rule.name
            record, there = places[finding.path or ""]
            name = record.id if record.kind != "catalogue" else None
            here = {record.path: there if record.path in now else None}
            yield from _located([finding], facts(record), name, _in_one_of(here, other))


def _pairs(altered: Iterable[Altered], context: Context) -> Iterator[Pair]:
    """Which record was which, of those that can be read before and after."""
    from mcred.record.change import paired

    before: list[Loaded] = []
    after: list[Loaded] = []
    for each in altered:
        was, now = (load_with_places(entry, context) if entry is not None else None for entry in each)
        if (was is None, now is None) != (each.before is None, each.after is None):
            continue
        if any(entry is not None and entry.kind == "catalogue" for entry in each):
            yield Pair(was, now)
            continue
        before += [was] if was is not None else []
        after += [now] if now is not None else []
    yield from (Pair(*each) for each in paired(before, after, lambda loaded: loaded.record))


def _there(catalogue: Catalogue, record: Record) -> bool:
    """Whether a record that is gone from its file may be in another, which may be one that cannot be read."""
    return catalogue.find(record.id) is not None or catalogue.may_be_unread(record.id)


MOST_EARLIER = 10
"""Earlier ids of a record under which its findings are known again."""


def _located(findings: Iterable[Finding], facts: Facts, record: str | None, at: _At) -> list[Diagnostic]:
    aliases = tuple(alias for _, alias in facts.aliases[:MOST_EARLIER])
    return [_concrete(finding, facts.path, record, at, aliases) for finding in findings]


def _concrete(
    finding: Finding, path: str, record: str | None = None, at: _At = _NOWHERE, aliases: Iterable[str] = ()
) -> Diagnostic:
    """A finding with its lines, and what it is known by. The one place where a pointer becomes a span."""
    rule = rule_named(finding.rule)
    own = at(path, finding.pointer, finding.anchor)
    related = tuple(
        Located(where := other.path or path, other.span or at(where, other.pointer, other.anchor).span, other.message)
        for other in finding.related
    )
    return Diagnostic(
        rule=rule.id,
        name=rule.name,
        severity=finding.severity or rule.severity,
        message=finding.message,
        arguments={key: plain(value) for key, value in finding.arguments.items() if value is not None},
        path=path,
        span=finding.span or own.span,
        pointer=finding.pointer,
        record=record,
        hint=finding.hint,
        label=finding.label,
        clauses=finding.clauses,
        unknown=finding.unknown,
        related=related,
        fix=finding.fix,
        fingerprint=fingerprint(finding, record or path, own.named),
        earlier=tuple(fingerprint(finding, alias, own.named) for alias in aliases),
    )


def _chosen(diagnostics: Iterable[Diagnostic], request: Request, causes: Collection[str] = ()) -> list[Diagnostic]:
    """What the report is about, sorted."""
    wanted = (diagnostic for diagnostic in diagnostics if _wanted(diagnostic, request, causes))
    return in_order(wanted)


def _wanted(diagnostic: Diagnostic, request: Request, causes: Collection[str]) -> bool:
    """Whether the report is about a finding: of the paths and rules asked for, or of `causes`."""
    return (not request.select or diagnostic.name in request.select) and (
        diagnostic.path in causes or _asked_for(diagnostic, request)
    )


def _held_back(
    diagnostics: list[Diagnostic],
    comments: Mapping[str, Sequence[Comment]],
    request: Request,
    context: Context,
    found: Iterable[Facts],
    unfinished: Collection[str],
) -> HeldBack:
    """Hold back what comments ignore, and tell what is wrong with those.

    `unfinished` are the paths of files of which less was checked, or not all was told.
    """
    if not comments:
        return HeldBack(diagnostics, [], [], {})
    exact = {each.path for each in found if each.kind in EXACT}
    held = held_back(diagnostics, comments, request.as_of, context.longest_ignore, exact)
    seen = (*held.told, *(each.diagnostic for each in held.ignored if each.diagnostic.name not in LEFT_OUT))
    spoilt = {each.path for each in seen if each.rule.startswith(_SHAPE)}
    whole = not request.alone and not spoilt
    passed_over = {name for name in _ACROSS if not whole}
    # Those by the day also look at organisations, which other files hold.
    passed_over |= {name for name in _DATED if not whole or request.as_of is None}
    # Those about changes find something while it is new, and nothing once it is merged.
    passed_over |= {rule.name for rule in change_rules()}

    def looked_for(path: str, rule: str) -> bool:
        return path not in spoilt and path not in unfinished and rule not in passed_over

    unused = (
        (path, fault) for (path, rule), faults in held.unused.items() if looked_for(path, rule) for fault in faults
    )
    ids = {each.path: each.id for each in found}
    faults = (
        _concrete(fault, path, ids[path] if ids[path] != _CATALOGUE else None)
        for path, fault in (*held.faults, *unused)
    )
    return held._replace(told=[*held.told, *numbered(faults)])


def _asked_for(diagnostic: Diagnostic, request: Request) -> bool:
    """Whether a finding lies in what the report is about, or comes of it."""
    if request.reported is None or request.reported(diagnostic.path):
        return True
    return request.caused is not None and request.caused(diagnostic)


def _cut(diagnostics: Iterable[Diagnostic], uncounted: Mapping[str, int], most: int) -> Iterator[Diagnostic]:
    """Of each file at most `most` findings, the gravest first, then one that says how many are left out."""
    for path, group in groupby(diagnostics, key=lambda diagnostic: diagnostic.path):
        own = list(group)
        if len(own) <= most:
            yield from own
            continue
        ranked = sorted(own, key=lambda diagnostic: (diagnostic.severity.rank, diagnostic.order))
        shown, rest = ranked[:most], ranked[most:]
        yield from sorted(shown, key=lambda diagnostic: diagnostic.order)
        number = len(rest) + uncounted.get(path, 0)
        yield rest[0]._replace(
            rule=RULES["findings-left-out"].id,
            name="findings-left-out",
            severity=rest[0].severity,
            message=f"{number:,} more findings in this file are not shown",
            arguments={"number": number},
            hint="put right what stands above and run again",
            label="",
            related=(),
            clauses=(),
            fix=None,
            unknown=False,
            pointer=Pointer(),
            fingerprint=digest(path),
        )
