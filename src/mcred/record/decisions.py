"""The ledger of a record, with what later decisions corrected in earlier ones."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record.once import once
from mcred.record.record import Record

NEVER_CORRECTED = ("id", "act")
"""What makes a decision the one that it is: whoever got it wrong makes the decision void and adds another."""


class Effective(NamedTuple):
    """A decision as it counts: its place in the file, its keys with every correction applied, and which those are."""

    place: int
    decision: dict[str, Any]
    corrected: Mapping[str, int] = MappingProxyType({})
    """The place of the correction that gave a key its value."""


@once
def correcting(record: Record) -> list[tuple[Pointer, dict[str, Any]]]:
    """The decisions that correct others as they stand in the file, void ones too."""
    return [(pointer, each) for pointer, each in record.items("decisions") if each.get("act") == "corrected"]


@once
def in_effect(record: Record) -> list[Effective]:
    """The decisions that count, in the order of recording: corrections applied, void ones left out."""
    if correcting(record):
        return _corrected(record)
    return [Effective(place, each) for place, each in enumerate(record.decisions) if isinstance(each, dict)]


def _corrected(record: Record) -> list[Effective]:
    effective = {place: dict(decision) for place, decision in enumerate(record.decisions) if isinstance(decision, dict)}
    places = {decision["id"]: place for place, decision in effective.items() if isinstance(decision.get("id"), str)}
    corrections = [(place, decision) for place, decision in effective.items() if decision.get("act") == "corrected"]
    void: set[int | None] = set()
    for place, correction in reversed(corrections):  # a correction that is void itself makes nothing void
        if correction.get("void") is True and place not in void:
            void.add(places.get(correction.get("decision", "")))
    corrected: dict[int, dict[str, int]] = {place: {} for place in effective}
    for place, correction in corrections:
        wrong, right = places.get(correction.get("decision", "")), correction.get("set")
        if wrong is not None and place not in void and correction.get("void") is not True and isinstance(right, dict):
            right = {key: value for key, value in right.items() if key not in NEVER_CORRECTED}
            effective[wrong].update(right)
            corrected[wrong] |= dict.fromkeys(right, place)
    return [
        Effective(place, decision, corrected[place])
        for place, decision in effective.items()
        if decision.get("act") != "corrected" and place not in void
    ]
