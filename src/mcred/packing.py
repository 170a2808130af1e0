"""What the record stage says of a file as plain data, for a process or a cache to hand on, and back again.

Plain data are texts, numbers, lists, tuples and dicts, and nothing that Python would have to make an object of.
"""

from collections.abc import Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from mcred.diagnostic import Anchor, Diagnostic, Fix, Located, Named, Pointer, Severity, Span
from mcred.document import Comment
from mcred.places import Place, Wanted
from mcred.record import Facts, Reference
from mcred.record.facts import Reviewed, Use, Version
from mcred.validation import RecordResult

Packed = tuple[Any, ...]


def packed(result: RecordResult) -> Packed:
    """A result as plain data, without its places: `packed_places` has those."""
    diagnostics, facts, stopped, text, uncounted, ignores, unjudged_by, _ = result
    return (
        [_diagnostic(each) for each in diagnostics],
        _facts(facts) if facts is not None else None,
        stopped,
        text,
        uncounted,
        tuple((said, tuple(span), scope and tuple(scope)) for said, span, scope in ignores),
        unjudged_by,
    )


def unpacked(data: Packed) -> RecordResult:
    """A result that was packed."""
    diagnostics, facts, stopped, text, uncounted, ignores, unjudged_by = data
    return RecordResult(
        [_diagnostic_again(each) for each in diagnostics],
        _facts_again(facts) if facts is not None else None,
        stopped,
        text,
        uncounted,
        tuple(Comment(said, Span(*span), scope and Span(*scope)) for said, span, scope in ignores),
        unjudged_by,
    )


def packed_places(places: Mapping[Wanted, Place]) -> Packed:
    """Places of a file as plain data."""
    return tuple(
        (tuple(pointer), anchor.value, tuple(span), tuple(named)) for (pointer, anchor), (span, named) in places.items()
    )


def unpacked_places(data: Packed) -> dict[Wanted, Place]:
    """Places that were packed."""
    return {
        (Pointer(pointer), Anchor(anchor)): Place(Span(*span), Named(*named)) for pointer, anchor, span, named in data
    }


def _diagnostic(each: Diagnostic) -> Packed:
    fix = each.fix
    return tuple(
        {
            **each._asdict(),
            "severity": each.severity.value,
            "arguments": dict(each.arguments),
            "span": tuple(each.span),
            "pointer": tuple(each.pointer),
            "clauses": tuple(tuple(clause.items()) for clause in each.clauses),
            "related": tuple((path, tuple(span), message) for path, span, message in each.related),
            "fix": fix and (fix.action, tuple(fix.pointer), fix.value),
        }.values()
    )


def _diagnostic_again(data: Packed) -> Diagnostic:
    each = Diagnostic._make(data)
    fix = each.fix
    return each._replace(
        # What many findings have in common is kept once, as it is where they are made.
        rule=intern(each.rule),
        name=intern(each.name),
        path=intern(each.path),
        hint=intern(each.hint),
        label=intern(each.label),
        clauses=_clauses(each.clauses),
        message=_text(each.message),
        arguments=_arguments(each.arguments),
        severity=Severity(each.severity),
        span=_span(each.span),
        pointer=_pointer(each.pointer),
        related=tuple(Located(path, Span(*span), message) for path, span, message in each.related),
        fix=fix and Fix(fix[0], Pointer(fix[1]), fix[2]),
    )


@lru_cache(maxsize=4096)
def _clauses(data: tuple[Packed, ...]) -> tuple[dict[str, Any], ...]:
    return tuple(map(dict, data))


@lru_cache(maxsize=4096)
def _text(data: str) -> str:
    return data


@lru_cache(maxsize=4096)
def _span(data: Packed) -> Span:
    return Span(*data)


@lru_cache(maxsize=4096)
def _pointer(data: Packed) -> Pointer:
    return Pointer(data)


def _arguments(data: Mapping[str, Any]) -> Mapping[str, Any]:
    # Numbers are left alone: 1, 1.0 and true are not told apart by what keeps values.
    return _texts(tuple(data.items())) if all(type(each) is str for each in data.values()) else data


@lru_cache(maxsize=4096)
def _texts(data: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(data)


_PARTS = tuple(
    (Facts._fields.index(name), of)
    for name, of in (("references", Reference), ("reviews", Reviewed), ("uses", Use), ("versions", Version))
)
"""Where facts have several things, and the type of each."""

_REFERENCES = Facts._fields.index("references")

_POINTING = tuple(map(Facts._fields.index, ("numbers", "documents", "reviews", "uses")))
"""Where facts have several things that begin with a pointer."""

_KIND, _ID, _STEM = map(Facts._fields.index, ("kind", "id", "stem"))


def _facts(facts: Facts) -> Packed:
    parts: list[Any] = [*facts]
    for place, _ in _PARTS:
        parts[place] = tuple(map(tuple, parts[place]))
    return tuple(parts)


def _facts_again(data: Packed) -> Facts:
    parts = [*data]
    parts[_KIND] = intern(parts[_KIND])
    if parts[_STEM] == parts[_ID]:
        parts[_STEM] = parts[_ID]
    for place in _POINTING:
        if parts[place]:
            parts[place] = tuple((_shared(each[0]), *each[1:]) for each in parts[place])
    for place, of in _PARTS:
        if parts[place]:
            again = _reference if place == _REFERENCES else of._make
            parts[place] = tuple(map(again, parts[place]))
    return Facts._make(parts)


@lru_cache(maxsize=16384)
def _reference(data: Packed) -> Reference:
    """A reference, one for all records that name the same at the same place, as many do with an organisation."""
    pointer, target, kinds, relation = data
    return Reference(_shared(pointer), target, _shared(kinds), relation)


@lru_cache(maxsize=4096)
def _shared(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """A value, one for all that have it."""
    return value
