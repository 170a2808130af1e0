"""References inside one record: to its own assessments, standards, sources and decisions."""

from collections.abc import Iterator

from mcred.diagnostic import Finding, Pointer
from mcred.record import Record
from mcred.rules.rule import record_rule
from mcred.text import Suggestions


@record_rule("broken-reference")
def broken_local_reference(record: Record) -> Iterator[Finding]:
    """What an item names by id stands in the same record."""
    ids: dict[str, dict[str, bool]] = {}
    suggestions = Suggestions()
    for pointer, value, mark in [each for each in record.marked if each[2].local]:
        where = mark.local
        if where not in ids:
            ids[where] = dict.fromkeys(_ids(record, where), True)
        if not isinstance(value, str) or value in ids[where]:
            continue
        parts = where.removeprefix("#/").split("/")
        if not _complete(record, parts[0]):
            continue
        noun = parts[-1].rstrip("s")
        yield Finding(
            Pointer(pointer),
            "no {noun} '{target}' in this record" + suggestions.did_you_mean(value, ids[where]),
            hint=_hint(record, parts[-1], bool(ids[where])),
            noun=noun,
            target=value,
        )


def _hint(record: Record, name: str, any_id: bool) -> str:
    if any_id:
        return f"the ids of '{name}' in this record are meant here"
    if record.get((name,)):
        return f"none of the '{name}' in this record has an id yet: give one to what is meant"
    return f"this record has no '{name}'"


def _ids(record: Record, where: str) -> Iterator[str]:
    """The ids of a list of the record; `#/decisions/*/conditions` are those of every decision's conditions."""
    found = [record.data]
    for part in where.removeprefix("#/").split("/"):
        if part == "*":
            continue
        found = [item for holder in found for item in holder.get(part, ()) if isinstance(item, dict)]
    for item in found:
        if isinstance(item.get("id"), str):
            yield item["id"]


def _complete(record: Record, name: str) -> bool:
    """Whether a list has all its items: none is at fault, so that what is not there is missing."""
    return not any(pointer[:1] == (name,) for pointer in record.touched) and record.known(Pointer((name,)))
