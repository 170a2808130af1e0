"""What changed, for programs: mcred-diff/1."""

from typing import Any

from mcred.diff import Changes, Difference, Event, Side
from mcred.reporters import Look
from mcred.reporters.diff import SCHEMA
from mcred.text import as_json


def write(found: Difference, look: Look) -> str:
    """The report as JSON; it holds all that is known, whether a summary is asked for or not."""
    document = {
        "schema": SCHEMA,
        "as_of": found.as_of.isoformat(),
        "before": side(found.before),
        "after": side(found.after),
        "records": [_record(each) for each in found.records],
        "not_compared": [each._asdict() for each in found.not_compared],
    }
    return as_json(document, default=str) + "\n"


def side(each: Side | None) -> dict[str, Any] | None:
    """A state that was compared."""
    return (
        {"name": each.name, "commit": each.commit, "day": each.day.isoformat() if each.day else None} if each else None
    )


def _record(each: Changes) -> dict[str, Any]:
    return {
        "record": each.record,
        "was": each.was or None,
        "kind": each.kind,
        "title": each.title,
        "path": each.path,
        "was_path": each.was_path or None,
        "custody": "observed" if each.observed else "own",
        "fictional": each.fictional,
        "faulty": list(each.faulty),
        "since": side(each.since),
        "events": [event(one) for one in each.events],
        "consequences": [one._asdict() for one in each.consequences],
        "clauses": [{**one._asdict(), "clause": one.clause or None} for one in each.rulings],
        "touched": [one._asdict() for one in each.touched],
    }


def event(one: Event) -> dict[str, Any]:
    """One thing that a change did."""
    return {
        "kind": one.kind,
        "subject": one.subject,
        "what": one.what,
        "item": one.item or None,
        "field": one.field or None,
        "pointer": str(one.pointer),
        "message": one.message,
        "before": one.before,
        "after": one.after,
        "words": [word._asdict() for word in one.words],
        "significant": one.significant,
    }
