"""`unknown`: what a record says that it does not know."""

from collections.abc import Iterable, Iterator

from mcred.diagnostic import Anchor, Finding, Pointer, Related
from mcred.record import Record
from mcred.rules.rule import record_rule
from mcred.text import Suggestions

STAGED = ("micro-credential", "training-scheme", "equivalency")
"""The kinds that begin as a draft and are decided on."""


@record_rule("known-value-marked-unknown")
def known_value_marked_unknown(record: Record) -> Iterator[Finding]:
    """A value is known or unknown, not both. `/successors/-` says that a list goes on, and is no contradiction."""
    for pointer, text in record.unknown:
        if text.endswith("/-"):
            continue
        value = record.resolve(text)
        if value and record.get(value) is not None:
            yield Finding(
                pointer,
                "'{said}' is said to be unknown, but has a value",
                hint="delete it here, or delete the value; `/list/-` says that a list has more items than are known",
                related=(Related("the value is here", value, anchor=Anchor.KEY),),
                said=text,
            )


@record_rule("unknown-field")
def unknown_of_no_field(record: Record) -> Iterator[Finding]:
    """What is said to be unknown is a field that there could be."""
    known: dict[Pointer, Iterable[str]] = {}
    suggestions = Suggestions()
    for pointer, text in record.unknown:
        value = record.resolve(text)
        for length, part in enumerate(value):
            parent = Pointer(value[:length])
            if isinstance(part, int) or part == "-" or isinstance(record.get(parent), list):
                continue
            if parent not in known:
                known[parent] = _fields(record, parent)
            if known[parent] and part not in known[parent] and not part.startswith("x-"):
                yield Finding(
                    pointer,
                    "'{said}' names no field" + suggestions.did_you_mean(part, known[parent]),
                    said=text,
                    field=part,
                )
                break


def _fields(record: Record, pointer: Pointer) -> Iterable[str]:
    """The fields that there could be at a pointer; none where the schema does not say."""
    if record.shape is None:
        return ()
    return list(record.shape.fields(record.shape.at(pointer, record.data), record.get(pointer)))


@record_rule("unknown-not-allowed")
def unknown_not_allowed(record: Record) -> Iterator[Finding]:
    """Of one's own credential everything is known once decisions are made about it; others' may be half known."""
    if record.observed or record.kind not in STAGED or not record.decisions:
        return
    if record.data.get("unknown"):
        yield Finding(
            Pointer(("unknown",)),
            "a record of one's own has nothing unknown after its draft",
            anchor=Anchor.KEY,
            hint="fill in what is missing and delete 'unknown'; `custody: observed` is for what others publish",
            related=_first_decision(record),
        )
    if record.data.get("framework") == "unknown":
        yield Finding(
            Pointer(("framework",)),
            "a record of one's own knows its framework",
            hint="name the framework, or write `framework: none`",
            related=_first_decision(record),
        )


def _first_decision(record: Record) -> tuple[Related, ...]:
    """Where the draft ended."""
    first = record.decisions[0]
    act = first.get("act", "decided on") if isinstance(first, dict) else "decided on"
    return (Related(f"the draft ended here: {act}", Pointer(("decisions", 0))),)
