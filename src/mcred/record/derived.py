"""Derived values: everything that follows from specification, decisions and a day, and so is never stored.

One table says what there is: name, title, description, JSON Schema and the function. Lists, documents and clauses read
the values as `/derived/…`; `mcred schema derived` prints their schema. Each value keeps the pointers it came from, in
the order of their weight, and says when it may be otherwise: a decision known only by month or regime that straddles
the day, or two whose days overlap.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record import developer, ending, offerings, reviews, status, versions
from mcred.record.decisions import in_effect
from mcred.record.view import NOTHING, Derived, View

SCHEMA = "mcred-derived/1"


class Derivation(Mapping[str, Derived]):
    """The derived values of a record on a day, each found when it is first asked for."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[str, Derived] = {}

    def __getitem__(self, name: str) -> Derived:
        if name not in self._found:
            field = TABLE[name]
            if self._view.record.kind not in field.kinds:
                raise KeyError(name)
            self._found[name] = field.derive(self._view)
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in TABLE and self._view.record.kind in TABLE[str(name)].kinds

    def __iter__(self) -> Iterator[str]:
        return (name for name, field in TABLE.items() if self._view.record.kind in field.kinds)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def derive(view: View) -> dict[str, Derived]:
    """Every derived value of a record on a day, in the order of the table."""
    return {name: field.derive(view) for name, field in TABLE.items() if view.record.kind in field.kinds}


def plain(derived: Mapping[str, Derived]) -> dict[str, Any]:
    """The values alone, as clauses, templates and lists read them."""
    return {name: each.value for name, each in derived.items()}


def _open_conditions(view: View) -> Derived:
    if not view.acts:
        return NOTHING
    met = {act.get("condition"): act.days.last <= view.day for act in view.of("condition-met")}
    found: list[Any] = []
    pointers: list[Pointer] = []
    uncertain = all(act.days.last > view.day for act in view.acts)
    for act in view.acts:
        for place, condition in enumerate(act.get("conditions") or ()):
            name = condition.get("id") if isinstance(condition, dict) else None
            if name is not None and name not in met:
                found.append(name)
                pointers.append(act.at("conditions") / place)
            uncertain = uncertain or (name is not None and not met.get(name, act.days.last <= view.day))
    return Derived(found, tuple(pointers), uncertain)


def _excepted(view: View) -> Derived:
    found = view.of("excepted")
    if not found:
        return NOTHING
    uncertain = any(act.days.last > view.day for act in found)
    return Derived([act.get("clause") for act in found], tuple(act.pointer for act in found), uncertain)


def fictional(view: View) -> Derived:
    """Example data says so by its organisation: the developer's, else any that acted; no day makes it real."""
    data = view.record.data
    named = [data.get("developer"), data.get("provider"), data.get("holder")]
    for _, decision, _ in in_effect(view.record):
        named += [decision.get("by"), decision.get("developer_from")]
    own = data.get("fictional")
    shown = own if isinstance(own, bool) else any(_is_fictional(view, name) for name in named)
    return Derived(shown)


def _is_fictional(view: View, name: object) -> bool:
    organisation = view.organisations.get(name) if isinstance(name, str) else None
    return bool(organisation and organisation.get("fictional") is True)


# --- the table -------------------------------------------------------------------------------------------------------

DECIDED = ("micro-credential", "training-scheme", "equivalency")
EVERY = (*DECIDED, "group", "organisation", "standard", "qualification", "framework")


class Field(NamedTuple):
    """A derived value: its title, what it says, its JSON Schema, the kinds that have it, and how it is derived."""

    title: str
    description: str
    schema: dict[str, Any]
    kinds: tuple[str, ...]
    derive: Callable[[View], Derived]


_TEXT = {"type": ["string", "null"]}
_TEXTS = {"type": ["array", "null"], "items": {"type": "string"}}
_REFERENCE = {"type": ["string", "object", "null"]}
_LISTING = ("micro-credential", "training-scheme")

TABLE: dict[str, Field] = {
    "kind": Field(
        "Kind",
        "The kind of record.",
        {"type": "string"},
        EVERY,
        lambda view: Derived(view.record.kind),
    ),
    "custody": Field(
        "Custody",
        "own: kept in this catalogue. observed: a copy of what others publish.",
        {"enum": ["own", "observed"]},
        EVERY,
        lambda view: Derived("observed" if view.record.observed else "own"),
    ),
    "fictional": Field(
        "Fictional",
        "Whether it is example data: its developer, or a body that decided on it, is marked as fictional.",
        {"type": "boolean"},
        EVERY,
        fictional,
    ),
    "stage": Field(
        "Stage",
        "How far it has come. Approved once its content is approved or it is listed; unknown where an observed record "
        "says nothing of it.",
        {"enum": ["proposed", "draft", "submitted", "not-approved", "withdrawn", "approved", "removed", "unknown"]},
        DECIDED,
        status.stage,
    ),
    "listing": Field(
        "Listing",
        "Whether it stands in the published register.",
        {"enum": ["listed", "unlisted", "unknown"]},
        _LISTING,
        status.listing,
    ),
    "number": Field("Register number", "Its number in the published register.", _TEXT, _LISTING, status.number),
    "status": Field(
        "Status",
        "The status that was assigned last, else the one that its framework gives a new listing. Of an observed record "
        "what the register showed comes before the latter, which is not certain: what followed was not seen.",
        _TEXT,
        _LISTING,
        status.status,
    ),
    "status_until": Field(
        "Status until", "The last day of a status that has an end.", _TEXT, _LISTING, status.status_until
    ),
    "effective_status": Field(
        "Effective status",
        "The status, or may-not-be-offered once the last day of the status is past.",
        _TEXT,
        _LISTING,
        status.effective_status,
    ),
    "ends": Field(
        "Ends",
        "Its last day: that of a credential's status, or the day before it got the last status that there is; that of "
        "an organisation's types, or of a standard's versions.",
        _TEXT,
        (*_LISTING, "organisation", "standard"),
        ending.ends,
    ),
    "replaced_by": Field("Replaced by", "What takes its place.", _REFERENCE, _LISTING, status.replaced_by),
    "version": Field(
        "Version in force",
        "The version of the latest content approval or minor change.",
        _TEXT,
        DECIDED,
        versions.version,
    ),
    "submitted_on": Field(
        "Submitted on",
        "The day of the latest submission of the version in force.",
        _TEXT,
        DECIDED,
        versions.submitted_on,
    ),
    "submitted_for": Field(
        "Submitted for",
        "What the latest submission asked for; left out there, new for the first version and change later.",
        _TEXT,
        DECIDED,
        versions.submitted_for,
    ),
    "first_approved_on": Field(
        "First approved on",
        "The day of the first content approval.",
        _TEXT,
        DECIDED,
        versions.first_approved_on,
    ),
    "content_approved_on": Field(
        "Content approved on",
        "The day of the latest content approval: a date as recorded, or a regime's range FROM/UNTIL.",
        _TEXT,
        DECIDED,
        versions.content_approved_on,
    ),
    "listed_on": Field(
        "Listed on", "The day of the first listing, written in the same way.", _TEXT, _LISTING, versions.listed_on
    ),
    "developer": Field(
        "Developer",
        "The organisation that answered for the content on the day.",
        _REFERENCE,
        _LISTING,
        developer.developer,
    ),
    "developer_types": Field(
        "Types of the developer",
        "What the developer was on the day, such as university or industry-skills-board.",
        _TEXTS,
        _LISTING,
        developer.developer_types,
    ),
    "may_deliver": Field(
        "Who may deliver",
        "The providers whose approval to deliver holds on the day; null where an observed record says nothing of it.",
        {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
        _LISTING,
        offerings.may_deliver,
    ),
    "offerings": Field(
        "Offerings",
        "The approvals to deliver that hold on the day, each with what it says of partners, sites, modes and time.",
        {"type": ["array", "null"], "items": {"type": "object"}},
        _LISTING,
        offerings.offerings,
    ),
    "review_years": Field(
        "Review period",
        "Years between reviews: of the latest period assigned, listing or approval that states one.",
        {"type": ["integer", "null"]},
        _LISTING,
        reviews.review_years,
    ),
    "review_period_assigned": Field(
        "Review period assigned",
        "Whether the authority assigned that period, rather than listing or approving it.",
        {"type": ["boolean", "null"]},
        _LISTING,
        reviews.review_period_assigned,
    ),
    "next_review": Field(
        "Next review",
        "When its developer's next review is due, as precisely as it is known; of what expires, when it does. "
        "`mcred why ID review` tells how that follows.",
        _TEXT,
        _LISTING,
        reviews.next_review,
    ),
    "funding": Field(
        "Funding", "The funds of the offerings that hold on the day.", _TEXTS, _LISTING, offerings.funding
    ),
    "fees": Field(
        "Fees",
        "The fees of the offerings that hold on the day, each with its provider.",
        {"type": ["array", "null"], "items": {"type": "object"}},
        _LISTING,
        offerings.fees,
    ),
    "open_conditions": Field(
        "Open conditions", "Ids of the conditions that were not met by the day.", _TEXTS, DECIDED, _open_conditions
    ),
    "excepted": Field("Excepted", "The clauses from which it was excepted by the day.", _TEXTS, DECIDED, _excepted),
}
"""Public: names and meanings change only with a new version of the schema."""


def schema() -> dict[str, Any]:
    """The JSON Schema of the derived values of a record."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "derived.schema.json",
        "title": "Derived values",
        "description": f"{SCHEMA}: what follows from a record's specification, its decisions and a day. "
        "Null: not known, or not the case. A kind of record has those that fit it.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {"title": field.title, "description": field.description, **field.schema, "x-kinds": list(field.kinds)}
            for name, field in TABLE.items()
        },
    }
