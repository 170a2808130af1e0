"""`mcred-view/1`: one published view of a record on a day, as plain data, for templates and other programs.

It holds all that a document may need, so that a template asks nothing else: the specification with each value in one
form, what follows from it on the day, the decisions as they count, the words of the framework, what is not known,
where it comes from, and what it refers to. Every key is always there.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from mcred.clocks import Moment
from mcred.dates import days
from mcred.diff import Changes, Event
from mcred.diff.rows import row
from mcred.diff.words import lists
from mcred.frameworks import Case, terms
from mcred.frameworks.findings import BECAUSE
from mcred.levels import ANSWERS, Comparison, Tables
from mcred.listing import plain
from mcred.listing.plain import Form, Names
from mcred.listing.reviewing import reviewing
from mcred.ready import GROUPS, checklist
from mcred.record import KINDS, TABLE, Record, View, derive
from mcred.record.ledger import EVER, act_days, regimes
from mcred.record.reviews import ASSUMED, FROM, NO_DATE, next_due, reviewed
from mcred.shape import Schemas
from mcred.shape.schemas import Schema

SCHEMA = "mcred-view/1"


class Source(NamedTuple):
    """What a view is made from.

    The record on a day; the forms of its kind; the rest of the catalogue; what it is judged by, where its framework
    has clauses. `asked` says that the day was asked for; `errors` is how many `mcred validate` finds in it.
    """

    view: View
    forms: "Forms"
    names: "Catalogue"
    case: Case | None = None
    asked: bool = False
    errors: int = 0
    tables: Tables | None = None
    """How levels of frameworks compare."""
    recorded: Moment | None = None
    """The commit that the record was read from, if it was."""
    changes: Changes | None = None
    """What changed since its content approval was recorded; None where nobody asked for it."""


class Catalogue(Names, Protocol):
    """The rest of the catalogue, asked for one record at a time."""

    @property
    def title_of_catalogue(self) -> dict[str, str]: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def card(self) -> Callable[[str], dict[str, Any] | None]:
        """What gives what others may say of a record (see `card`); None where there is none."""


class Forms(NamedTuple):
    """How the values of one kind of record are made plain."""

    fields: Mapping[str, Form]
    decisions: Form | None
    sources: Form
    offering: Mapping[str, Form]
    fees: Form | None


def forms(schemas: Schemas, kind: str) -> Forms:
    """The forms of a kind, from its schema."""
    shape = schemas.shape(kind)
    properties = shape.schema["properties"]
    decision: Form | None = None
    offering: dict[str, Form] = {}
    if "decisions" in properties:
        decision = plain.form(shape, properties["decisions"]["items"])
        items = shape.resolved(properties["decisions"]["items"])
        _, variants = shape.variants(items)
        if "delivery-approved" in variants:
            shared = items["properties"]
            offering = {
                key: plain.form(shape, shared[key] if each is True else each)
                for key, each in variants["delivery-approved"]["properties"].items()
            }
    return Forms(
        plain.fields(shape), decision, plain.form(shape, properties["sources"]), offering, offering.get("fees")
    )


def view(source: Source, parts: frozenset[str] | None = None) -> dict[str, Any]:
    """The view of a record. `parts` names those of `PARTS` that are wanted, the others are null; None wants all."""
    on_day, names = source.view, source.names
    record = on_day.record
    wanted = frozenset(PARTS) if parts is None else parts
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "as_of": on_day.day.isoformat() if source.asked else None,
        **recording(source.recorded),
        "kind": record.kind,
        "id": record.id,
        "path": record.path,
        "catalogue": {"title": names.title_of_catalogue, "languages": list(names.languages)},
        "title": _title(record, names),
        "custody": "observed" if record.observed else "own",
        "fictional": False,
        "errors": source.errors,
        "record": plain.of(source.forms.fields, record.data, names),
        "derived": {},
        "decisions": list(_decisions(source)),
        "framework": _framework(source),
        "next_review": _next_review(on_day),
        "unknown": _unknown(record),
        "sources": source.forms.sources.make(record.data.get("sources"), names) or [],
        "refers_to": {},
        **dict.fromkeys(PARTS),
    }
    found["derived"] = _derived(source)
    found["fictional"] = found["derived"]["fictional"]["value"]
    for name in sorted(wanted):
        found[name] = PARTS[name](source)
    found["refers_to"] = {id: card for id in sorted(set(_ids(found))) if (card := names.card(id)) is not None}
    _name_versions(found)
    _add_hours(found)
    return found


def recording(recorded: Moment | None) -> dict[str, str | None]:
    """The commit that was read and the day on which it was made, as a view has them."""
    commit, day = (recorded.commit, recorded.day.isoformat()) if recorded is not None else (None, None)
    return {"recorded_at": commit, "recorded_on": day}


EARLIEST = date(1980, 1, 1)
"""The day of what has no date: a zip archive, and so a Word file, tells none before it."""


def day_of(view: Mapping[str, Any]) -> date:
    """The day that a document is of: that of the last thing recorded in it, so that it is the same on any day."""
    known = [decision["days"][0] for decision in view["decisions"] if decision["days"] is not None]
    known += [str(source["seen"]) for source in view["sources"] if source["seen"] is not None]
    return max([EARLIEST, *(days(day).first for day in known)])


def _title(record: Record, names: Names) -> dict[str, str]:
    """The title; of a standard, which has none of its own, that of its latest version."""
    title = record.data.get("title")
    if title is None:
        versions = [each for each in record.data.get("versions") or () if isinstance(each, dict) and each.get("title")]
        title = versions[-1]["title"] if versions else record.data.get("number", record.id)
    return plain.text(title, names) or {names.language: record.id}


def card(record: Record, names: Names) -> dict[str, Any]:
    """What others may say of a record: what it is called, what kind of thing it is, its numbers and versions."""
    data = record.data
    return {
        "kind": record.kind,
        "title": _title(record, names),
        "custody": "observed" if record.observed else "own",
        **{key: data.get(key) for key in _ON_A_CARD},
        "versions": [
            {**each, "title": plain.text(each.get("title"), names)}
            for each in data.get("versions") or ()
            if isinstance(each, dict)
        ],
    }


_ON_A_CARD = ("number", "type", "types", "framework", "level", "credits", "country", "website", "fictional")


def _ids(value: Any) -> Iterator[str]:
    """The ids of what a view refers to."""
    if isinstance(value, dict):
        if value.keys() == {"id", "title", "reference"}:
            if value["id"] is not None:
                yield value["id"]
            return
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


def _name_versions(view: dict[str, Any]) -> None:
    """Put beside each standard that is used the version that is named, or the only one that there is."""
    for use in view["record"].get("standards") or ():
        known = (view["refers_to"].get(use["id"]["id"]) or {}).get("versions") or []
        named = [each for each in known if use["version"] in (None, str(each.get("version")))]
        use["used"] = {key: named[-1].get(key) for key in _OF_A_VERSION} if len(named) == 1 else None


def _add_hours(view: dict[str, Any]) -> None:
    """Put beside the kinds of hours what they come to: the total, else their sum where none is said to be unknown."""
    hours = view["record"].get("hours")
    if hours is None:
        return
    parts = [hours[kind] for kind in _KINDS_OF_HOURS if hours[kind] is not None]
    counted = all(isinstance(part, int | float) for part in parts)
    known = not view["unknown"]["rest"] and not any(text.startswith("/hours") for text in view["unknown"]["pointers"])
    stated = sum(parts) if parts and counted and known else None
    hours["stated"] = hours["total"] if hours["total"] is not None else stated


_KINDS_OF_HOURS = ("directed", "self_directed", "workplace", "assessment")

_OF_A_VERSION = ("version", "title", "level", "credits", "status", "expires")

_TO_RECORDS = ("developer", "replaced_by")


def _derived(source: Source) -> dict[str, Any]:
    """The derived values on the day, each with the pointers it came from and whether it may be otherwise.

    A kind that does not have one has null for it.
    """
    names = source.names
    found: dict[str, Any] = {name: {"value": None, "from": [], "uncertain": False} for name in TABLE}
    derived = derive(source.view)
    for name, each in derived.items():
        value = each.value
        if value is None:
            pass
        elif name in _TO_RECORDS:
            value = plain.reference(value, names)
        elif name == "may_deliver":
            value = [plain.reference(provider, names) for provider in _providers(derived["offerings"].value)]
        elif name == "offerings":
            value = [plain.of(source.forms.offering, offering, names) for offering in value]
        elif name == "fees" and source.forms.fees is not None:
            provided = [fee.get("provider") for fee in value]
            plain_fees = source.forms.fees.make(value, names)
            value = [{"provider": who, **fee} for who, fee in zip(provided, plain_fees, strict=True)]
        found[name] = {
            "value": value,
            "from": [str(pointer) for pointer in each.pointers],
            "uncertain": each.uncertain,
        }
    return found


def _providers(offerings: list[Mapping[str, Any]] | None) -> list[Any]:
    """Who may deliver as the decisions name them: an id, or a title of what is not in the catalogue."""
    found = {str(offering.get("provider")): offering.get("provider") for offering in offerings or ()}
    return [each for each in found.values() if each is not None]


def _decisions(source: Source) -> Iterator[dict[str, Any]]:
    """The decisions by the day in the order of recording, each as it counts.

    `state` is counts, void or correction; `corrected_by` are the decisions that changed it; `uncertain` says that it
    may have been taken after the day.
    """
    record, form = source.view.record, source.forms.decisions
    if form is None:
        return
    ranges = regimes(source.view.head)
    counting = {act.place: act for act in source.view.acts}
    corrections: dict[str, list[str]] = {}
    for pointer, decision in record.items("decisions"):
        if decision.get("act") == "corrected":
            corrections.setdefault(str(decision.get("decision")), []).append(decision.get("id") or str(pointer))
    for pointer, decision in record.items("decisions"):
        place = int(pointer[-1])
        days = counting[place].days if place in counting else act_days(decision, ranges)
        if days.first > source.view.day:
            continue
        state = "correction" if decision.get("act") == "corrected" else "counts" if place in counting else "void"
        told = counting[place].decision if place in counting else decision
        yield {
            **form.make(told, source.names),
            "pointer": str(pointer),
            "state": state,
            "corrected_by": corrections.get(str(decision.get("id")), []),
            "days": None if days == EVER else [days.first.isoformat(), days.last.isoformat()],
            "uncertain": days.last > source.view.day,
        }


def _framework(source: Source) -> dict[str, Any] | None:
    """What the framework, and the policies on it, call things, and what its levels and credits are."""
    head, names = source.view.head, source.names
    if not head:
        return None
    spoken = terms(source.case) if source.case is not None else head.get("terms") or {}
    hours = head.get("hours_per_credit")
    statuses, levels = head.get("statuses"), head.get("levels")
    bodies = head.get("bodies")
    return {
        "id": head.get("id"),
        "title": plain.text(head.get("title"), names),
        "terms": {key: plain.text(each, names) for key, each in spoken.items() if isinstance(each, dict | str)},
        "levels": levels.get("values") if isinstance(levels, dict) else None,
        "hours_per_credit": hours.get("value") if isinstance(hours, dict) else None,
        "statuses": statuses if isinstance(statuses, list) else None,
        "first_status": head.get("first_status") if isinstance(statuses, list) else None,
        "bodies": [
            {"organisation": plain.reference(each.get("organisation"), names), "may": each.get("may") or []}
            for each in (bodies if isinstance(bodies, list) else ())
            if isinstance(each, dict)
        ],
    }


def _next_review(on_day: View) -> dict[str, Any] | None:
    """When the next review is due and how that came about; None for what is not reviewed."""
    if not reviewed(on_day):
        return None
    due = next_due(on_day)
    return {
        "date": due.written or None if due.day is not None else None,
        "day": due.day.isoformat() if due.day is not None else None,
        "because": due.because,
        "says": _said(FROM[due.because] if due.day is not None else NO_DATE[due.because]),
        "assumed": [{"id": word, "says": _said(ASSUMED[word])} for word in due.assumed],
        "steps": [{"says": _said(step.says), "pointer": str(step.pointer)} for step in due.steps],
    }


def _unknown(record: Record) -> dict[str, Any]:
    said = record.data.get("unknown")
    return {"rest": said == "rest", "pointers": [text for _, text in record.unknown]}


def _checklist(source: Source) -> list[dict[str, Any]] | None:
    """Every clause of the framework with what it comes to; None where the record has no framework with clauses."""
    if source.case is None:
        return None
    return [
        {
            "clause": item.clause.id,
            "summary": _said(item.clause.text("summary")),
            "question": _said(item.clause.text("question")),
            "citation": item.clause.text("citation"),
            "instrument": item.clause.instrument.title,
            "governs": item.clause.get("governs", "content"),
            "basis": item.clause.basis,
            "verdict": item.verdict.verdict,
            "because": item.verdict.because or None,
            "says": _said(BECAUSE.get(item.verdict.because) or item.clause.text("because")),
            "expected": item.verdict.expected or None,
            "pointer": str(item.verdict.pointer) or None,
        }
        for items in checklist(source.case).values()
        for item in items
    ]


def _said(words: str) -> dict[str, str] | None:
    """What mcred or a framework says of itself, which is in English."""
    return {"en": words} if words else None


def _review(source: Source) -> dict[str, Any]:
    return reviewing(source.view, source.names)


def _levels(source: Source) -> list[dict[str, Any]] | None:
    """What is known of its level in other frameworks; None where that was not looked up."""
    return [_level(each) for each in source.tables.of(source.view.record)] if source.tables is not None else None


def _level(found: Comparison) -> dict[str, Any]:
    made = found.plain()
    return {**made, "title": {"en": made["title"]}, "says": _said(made["says"])}


def _changes(source: Source) -> dict[str, Any] | None:
    """What changed since the content approval was recorded, and what follows from it."""
    changes = source.changes
    if changes is None or changes.since is None:
        return None
    since = changes.since
    return {
        "since": {"name": since.name, "commit": since.commit, "day": since.day.isoformat() if since.day else None},
        "rows": [_row(event) for event in changes.events],
        "lists": [{"title": title, "lines": lines} for title, lines in lists(changes)],
    }


def _row(event: Event) -> dict[str, Any]:
    made = row(event)
    return {
        "kind": event.kind,
        "what": made.what,
        "note": made.note or None,
        "before": [piece._asdict() for piece in made.before],
        "after": [piece._asdict() for piece in made.after],
    }


PARTS: dict[str, Callable[[Source], Any]] = {
    "checklist": _checklist,
    "levels": _levels,
    "review": _review,
    "changes": _changes,
}
"""The parts of a view that take work and that few documents need."""


# --- the schema ------------------------------------------------------------------------------------------------------

_TEXT = plain.TEXT
_STRING: Schema = {"type": ["string", "null"]}
_STRINGS: Schema = {"type": "array", "items": {"type": "string"}}


def schema(schemas: Schemas) -> Schema:
    """The JSON Schema of the view of any kind of record."""
    kinds = {kind: forms(schemas, kind) for kind in KINDS if kind != "framework"}
    whole: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "view.schema.json",
        "title": "View",
        "description": f"{SCHEMA}: a record on a day, with all that a document may need. Every key is always there; "
        "null says that the record says nothing, or that a part was not asked for.",
        "type": "object",
        "required": [*_TOP, *PARTS],
        "additionalProperties": False,
        "properties": {**_TOP, **_PARTS},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}},
                "then": {
                    "properties": {
                        "record": {
                            "required": [*each.fields],
                            "properties": {key: form.schema for key, form in each.fields.items()},
                        },
                        **({"decisions": {"items": each.decisions.schema}} if each.decisions else {}),
                    }
                },
            }
            for kind, each in kinds.items()
        ],
    }
    return plain.shared(whole)


_TOP: dict[str, Schema] = {
    "schema": {"const": SCHEMA},
    "as_of": {**_STRING, "description": "The day that was asked for; null where it shows what is so now."},
    "recorded_at": {**_STRING, "description": "The commit that it was read from; null for the file as it lies there."},
    "recorded_on": {**_STRING, "description": "The day on which that commit was made."},
    "kind": {"enum": [kind for kind in KINDS if kind != "framework"]},
    "id": {"type": "string"},
    "path": {"type": "string", "description": "Its file, from the repository."},
    "catalogue": {
        "type": "object",
        "required": ["title", "languages"],
        "properties": {"title": _TEXT, "languages": _STRINGS},
    },
    "title": _TEXT,
    "custody": {"enum": ["own", "observed"]},
    "fictional": {"type": "boolean", "description": "Whether it is example data."},
    "errors": {"type": "integer", "minimum": 0, "description": "Errors that `mcred validate` finds in its file."},
    "record": {
        "type": "object",
        "description": "The specification: each field of the kind, null where nothing is said.",
    },
    "derived": {
        "type": "object",
        "description": "What follows on the day (`mcred schema derived`), with the pointers that it follows from.",
        "required": [*TABLE],
        "additionalProperties": False,
        "properties": {
            name: {
                "type": "object",
                "description": field.description,
                "required": ["value", "from", "uncertain"],
                "properties": {"value": {}, "from": _STRINGS, "uncertain": {"type": "boolean"}},
            }
            for name, field in TABLE.items()
        },
    },
    "decisions": {
        "type": "array",
        "description": "What was decided by the day, in the order of recording, as later corrections left it.",
        "items": {
            "type": "object",
            "required": ["act", "pointer", "state", "corrected_by", "days", "uncertain"],
            "properties": {
                "pointer": {"type": "string"},
                "state": {"enum": ["counts", "void", "correction"]},
                "corrected_by": _STRINGS,
                "days": {"type": ["array", "null"], "items": {"type": "string"}},
                "uncertain": {"type": "boolean", "description": "Whether it may have been taken after the day."},
            },
        },
    },
    "framework": {
        "type": ["object", "null"],
        "properties": {
            "id": {"type": "string"},
            "title": {**_TEXT, "type": ["object", "null"]},
            "terms": {"type": "object", "additionalProperties": _TEXT},
            "levels": {"type": ["array", "null"]},
            "hours_per_credit": {},
            "statuses": {"type": ["array", "null"]},
            "first_status": _STRING,
            "bodies": {"type": "array", "items": {"properties": {"organisation": plain.REFERENCE, "may": _STRINGS}}},
        },
    },
    "next_review": {
        "type": ["object", "null"],
        "description": "Null for what is not reviewed, or not any more.",
        "properties": {
            "date": _STRING,
            "day": _STRING,
            "because": {"enum": [*FROM, *NO_DATE]},
            "says": _TEXT,
            "assumed": {
                "type": "array",
                "items": {"properties": {"id": {"enum": [*ASSUMED]}, "says": _TEXT}},
            },
            "steps": {
                "type": "array",
                "items": {"properties": {"says": _TEXT, "pointer": {"type": "string"}}},
            },
        },
    },
    "unknown": {
        "type": "object",
        "required": ["rest", "pointers"],
        "properties": {
            "rest": {"type": "boolean", "description": "Whether nothing is known of whatever is not here."},
            "pointers": _STRINGS,
        },
    },
    "sources": {"type": "array", "items": {"type": "object"}},
    "refers_to": {
        "type": "object",
        "description": "By id, each record of the catalogue that is referred to.",
        "additionalProperties": {
            "type": "object",
            "required": ["kind", "title", "custody", *_ON_A_CARD, "versions"],
            "properties": {"kind": {"type": "string"}, "title": _TEXT, "versions": {"type": "array"}},
        },
    },
}

_PIECES: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["what", "text"],
        "properties": {"what": {"enum": ["kept", "gone", "new"]}, "text": {"type": "string"}},
    },
}

_PARTS: dict[str, Schema] = {
    "changes": {
        "type": ["object", "null"],
        "description": "What changed since the content approval in force was recorded; null but in a change notice.",
        "required": ["since", "rows", "lists"],
        "properties": {
            "since": {
                "type": "object",
                "description": "The approval, and the commit that first held it.",
                "required": ["name", "commit", "day"],
                "properties": {"name": {"type": "string"}, "commit": _STRING, "day": _STRING},
            },
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["kind", "what", "note", "before", "after"],
                    "properties": {
                        "kind": {"type": "string"},
                        "what": {"type": "string"},
                        "note": _STRING,
                        "before": _PIECES,
                        "after": _PIECES,
                    },
                },
            },
            "lists": {
                "type": "array",
                "description": "What follows, clauses that come to something else, and what it may concern.",
                "items": {
                    "type": "object",
                    "required": ["title", "lines"],
                    "properties": {"title": {"type": "string"}, "lines": _STRINGS},
                },
            },
        },
    },
    "checklist": {
        "type": ["array", "null"],
        "description": "Every clause of the framework, with what it comes to.",
        "items": {
            "type": "object",
            "required": [
                "clause",
                "summary",
                "question",
                "citation",
                "governs",
                "verdict",
                "because",
                "says",
                "pointer",
            ],
            "properties": {
                "clause": {"type": "string"},
                "summary": _TEXT,
                "question": {**_TEXT, "type": ["object", "null"]},
                "citation": {"type": "string"},
                "instrument": {"type": "string"},
                "governs": {"type": "string"},
                "basis": {"type": "string"},
                "verdict": {"enum": [*GROUPS]},
                "because": _STRING,
                "says": {**_TEXT, "type": ["object", "null"]},
                "expected": _STRING,
                "pointer": _STRING,
            },
        },
    },
    "levels": {
        "type": ["array", "null"],
        "description": "What is known of its level in other frameworks, as `mcred compare-levels` says it, but for "
        "first mappings.",
        "items": {
            "type": "object",
            "required": ["to", "title", "answer", "levels", "unconfirmed", "status", "says", "citation", "sources"],
            "properties": {
                "to": {"type": "string"},
                "title": _TEXT,
                "answer": {"enum": [*ANSWERS]},
                "levels": {"type": "array"},
                "unconfirmed": {"type": "array"},
                "status": _STRING,
                "says": {**_TEXT, "type": ["object", "null"]},
                "citation": _STRING,
                "sources": {"type": "array", "items": {"type": "object"}},
            },
        },
    },
    "review": {
        "type": ["object", "null"],
        "description": "The review under way, else the last that was completed.",
    },
}
