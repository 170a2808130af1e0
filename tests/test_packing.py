"""Results as plain data: nothing is lost on the way through a process or the cache."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from mcred.diagnostic import Source
from mcred.packing import packed, packed_places, unpacked, unpacked_places
from mcred.places import places
from mcred.record import folder_kind
from mcred.store import dumped, loaded
from mcred.validation import Entry, check_record
from mcred.workspace import context
from tests.support import AS_OF, one

ROOT = Path(__file__).resolve().parent.parent


def entries():
    """Every record there is to try a rule on, and those of the catalogue."""
    for folder in ("catalogue", "tests/rules"):
        for path in sorted(each for each in (ROOT / folder).rglob("*.yaml") if each.is_file()):
            inside = path.relative_to(ROOT / folder).as_posix()
            kind = folder_kind(inside) or folder_kind(inside.partition("/")[2].partition("/")[2]) or "micro-credential"
            yield Entry(Source(path.as_posix(), path.read_bytes()), kind)


def types(value):
    """Return the types of a value and of all that is in it: what is equal need not be of one type."""
    if isinstance(value, Mapping):
        return type(value), [types(each) for pair in value.items() for each in pair]
    return (type(value), [types(each) for each in value]) if isinstance(value, tuple | list) else type(value)


def test_what_is_packed_and_unpacked_is_what_it_was():
    known, seen = context(), {"places": 0, "diagnostics": 0, "ignores": 0, "stopped": 0, "fixes": 0}
    for entry in entries():
        result = check_record(entry, known, date.fromisoformat(AS_OF))
        again = unpacked(loaded(dumped(packed(result))))
        noted = unpacked_places(loaded(dumped(packed_places(result.places))))
        assert again._replace(places=noted) == result
        assert types(again._replace(places=noted)) == types(result._replace(places=dict(result.places)))
        assert noted == places(entry.source.data, noted)
        seen["places"] += len(noted)
        seen["diagnostics"] += len(result.diagnostics)
        seen["ignores"] += len(result.ignores)
        seen["stopped"] += result.stopped is not None
        seen["fixes"] += sum(each.fix is not None for each in result.diagnostics)
    assert min(seen.values()) > 5, seen


def test_what_many_records_have_in_common_is_kept_once():
    known = context()

    def found(id):
        text = f"id: {id}\ntitle: A draft\nframework: nzqcf\n"
        entry = Entry(Source(f"micro-credentials/{id}.yaml", text.encode()), "micro-credential")
        return unpacked(loaded(dumped(packed(check_record(entry, known, date.fromisoformat(AS_OF))))))

    first, second = found("one-draft"), found("two-draft")
    assert len(first.diagnostics) == len(second.diagnostics) > 10
    own = {"path", "record", "fingerprint"}
    for a, b in zip(first.diagnostics, second.diagnostics, strict=True):
        assert {name for name in a._fields if getattr(a, name) is not getattr(b, name)} == own
    assert first.facts.kind is second.facts.kind
    assert first.facts.stem is first.facts.id


def test_numbers_that_are_alike_are_not_taken_for_each_other():
    result = check_record(next(entries()), context(), date.fromisoformat(AS_OF))
    diagnostic = one("title: No id\n").diagnostics[0]
    for value in (1, 1.0, True):
        given = diagnostic._replace(arguments={"number": value})
        (again,) = unpacked(packed(result._replace(diagnostics=[given]))).diagnostics
        assert again.arguments == {"number": value}
        assert type(again.arguments["number"]) is type(value)
