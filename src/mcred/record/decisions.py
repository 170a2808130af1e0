"""The ledger of a record, with what later decisions corrected in earlier ones."""

from typing import Any, NamedTuple

from mcred.record.record import Record


class Effective(NamedTuple):
    """A decision as it counts: its place in the file, and its keys with every correction applied."""

    place: int
    decision: dict[str, Any]


def in_effect(record: Record) -> list[Effective]:
    """The decisions that count, in the order of recording: corrections applied, void ones left out."""
    effective = {place: dict(decision) for place, decision in enumerate(record.decisions) if isinstance(decision, dict)}
    places = {decision["id"]: place for place, decision in effective.items() if isinstance(decision.get("id"), str)}
    for decision in list(effective.values()):
        if decision.get("act") != "corrected":
            continue
        place = places.get(decision.get("decision", ""))
        if place is None or place not in effective:
            continue
        if decision.get("void") is True:
            del effective[place]
        elif isinstance(decision.get("set"), dict):
            effective[place].update(decision["set"])
    return [Effective(place, decision) for place, decision in effective.items() if decision.get("act") != "corrected"]
