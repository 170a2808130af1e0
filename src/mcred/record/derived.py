"""Derived values: everything that follows from specification, decisions and a day, and so is never stored.

One table says what there is: name, title, description, JSON Schema and the function. Lists, documents and clauses read
the values as `/derived/…`; `mcred schema derived` prints their schema. Each value keeps the pointers it came from, in
the order of their weight, and says when it may be otherwise: a decision known only by month or regime that straddles
the day, or two whose days overlap.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record.ledger import EVER, Act, Latest, acts, bounds, latest, period
from mcred.record.record import Record

SCHEMA = "mcred-derived/1"

MAY_NOT_BE_OFFERED = "may-not-be-offered"


class Derived(NamedTuple):
    """A derived value, the pointers it came from, and whether it may be otherwise."""

    value: Any
    pointers: tuple[Pointer, ...] = ()
    uncertain: bool = False


NOTHING = Derived(None)
"""What follows from nothing: not known, or not the case."""


class View:
    """A record on a day: `head` is its framework's head, `organisations` the data of those it may name, by id."""

    def __init__(
        self,
        record: Record,
        day: date = date.max,
        head: Mapping[str, Any] | None = None,
        organisations: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.record = record
        self.day = day
        self.head = head or {}
        self.organisations = organisations or {}

    @cached_property
    def acts(self) -> list[Act]:
        """The decisions that count on the day, in order."""
        return acts(self.record, self.head, self.day)

    def of(self, *names: str) -> Iterator[Act]:
        """The acts of some names, in order."""
        return (act for act in self.acts if act.get("act") in names)

    def latest(self, *names: str, having: str = "") -> Latest | None:
        """The last act of some names, of those that have a key."""
        return latest(
            (act for act in self.of(*names) if not having or act.get(having) is not None),
            self.day,
            (lambda act: act.get(having)) if having else (lambda act: act.place),
        )

    def field(self, *path: str) -> Derived:
        """A value of the specification."""
        value = self.record.get(path)
        return Derived(value, (Pointer(path),)) if value is not None else NOTHING


def derive(view: View) -> dict[str, Derived]:
    """Every derived value of a record on a day, in the order of the table."""
    return {name: field.derive(view) for name, field in TABLE.items() if view.record.kind in field.kinds}


def plain(derived: Mapping[str, Derived]) -> dict[str, Any]:
    """The values alone, as clauses, templates and lists read them."""
    return {name: each.value for name, each in derived.items()}


# --- stage and listing -----------------------------------------------------------------------------------------------


def _stage(view: View) -> Derived:
    if removed := view.latest("removed"):
        return Derived("removed", (removed.act.pointer,), removed.uncertain)
    if approved := view.latest("content-approved", "listed", "issued"):
        return Derived("approved", (approved.act.pointer,), next(view.of(*_APPROVING)).days.last > view.day)
    tried = [act for act in view.of(*_TRYING) if act.get("for") != "delivery"]
    if last := latest(tried, view.day, lambda act: act.get("act")):
        return Derived(_TRYING[last.act.decision["act"]], (last.act.pointer,), last.uncertain)
    stage = view.field("stage")
    if stage.value is not None or not view.record.observed:
        return stage if stage.value is not None else Derived("draft", ())
    if view.record.get(("register_entry",)) is not None:
        return Derived("approved", (Pointer(("register_entry",)),))
    return Derived("unknown")


_APPROVING = ("content-approved", "listed", "issued")
_TRYING = {"submitted": "submitted", "applied": "submitted", "not-approved": "not-approved", "withdrawn": "withdrawn"}


def _listing(view: View) -> Derived:
    if removed := view.latest("removed"):
        return Derived("unlisted", (removed.act.pointer,), removed.uncertain)
    first = next(view.of("listed"), None)
    if first is not None:
        return Derived("listed", (first.pointer,), first.days.last > view.day)
    if view.record.get(("register_entry", "number")) is not None:
        return Derived("listed", (Pointer(("register_entry", "number")),))
    return Derived("unknown" if view.record.observed else "unlisted")


def _assigned(view: View) -> Latest | None:
    """The status in force: assigned, and its beginning reached."""
    reached = (
        act for act in view.of("status-assigned") if bounds(act.get("from") or str(act.days.first)).first <= view.day
    )
    return latest(reached, view.day, lambda act: act.get("status"))


def _status(view: View) -> Derived:
    if _listing(view).value != "listed":
        return NOTHING
    if assigned := _assigned(view):
        return Derived(assigned.act.get("status"), (assigned.act.pointer / "status",), assigned.uncertain)
    if listed := next(view.of("listed"), None):
        first, statuses = view.head.get("first_status"), view.head.get("statuses")
        known = first if isinstance(statuses, list) and first in statuses else None
        return Derived(known, (listed.pointer,), listed.days.last > view.day) if known else NOTHING
    shown = str(view.record.get(("register_entry", "status"), "")).strip().casefold()
    statuses = view.head.get("statuses")
    if isinstance(statuses, list) and shown in statuses:
        return Derived(shown, (Pointer(("register_entry", "status")),))
    return NOTHING


def _status_until(view: View) -> Derived:
    assigned = _assigned(view)
    if assigned is None or assigned.act.get("until") is None:
        return NOTHING
    return Derived(assigned.act.get("until"), (assigned.act.pointer / "until",), assigned.uncertain)


def _effective_status(view: View) -> Derived:
    until = _status_until(view)
    if until.value is not None:
        end = bounds(until.value)
        if end.first < view.day:
            return Derived(MAY_NOT_BE_OFFERED, until.pointers, until.uncertain or end.last >= view.day)
    return _status(view)


def _replaced_by(view: View) -> Derived:
    assigned = _assigned(view)
    if assigned is None or assigned.act.get("replaced_by") is None:
        return NOTHING
    return Derived(assigned.act.get("replaced_by"), (assigned.act.pointer / "replaced_by",), assigned.uncertain)


def _number(view: View) -> Derived:
    if listed := view.latest("listed", having="number"):
        return Derived(listed.act.get("number"), (listed.act.pointer / "number",), listed.uncertain)
    return view.field("register_entry", "number")


# --- versions and dates ----------------------------------------------------------------------------------------------


def _version(view: View) -> Derived:
    made = [act for act in view.of("content-approved", "changed") if act.get("kind") != "significant"]
    last = latest((act for act in made if act.get("version") is not None), view.day, lambda act: act.get("version"))
    return Derived(last.act.get("version"), (last.act.pointer / "version",), last.uncertain) if last else NOTHING


def _day_of(act: Act, uncertain: bool = False) -> Derived:
    """The date of an act as it is written; of one known by its regime, the regime's range."""
    if act.get("date") is not None:
        return Derived(str(act.get("date")), (act.pointer,), uncertain)
    if act.get("under") is not None and act.days != EVER:
        first = act.days.first.isoformat() if act.days.first != date.min else ".."
        last = act.days.last.isoformat() if act.days.last != date.max else ".."
        return Derived(f"{first}/{last}", (act.pointer,), uncertain)
    return Derived(None, (act.pointer,), uncertain)


def _content_approved_on(view: View) -> Derived:
    last = view.latest("content-approved", "issued")
    return _day_of(last.act, last.uncertain) if last else NOTHING


def _first_approved_on(view: View) -> Derived:
    first = next(view.of("content-approved", "issued"), None)
    return _day_of(first, first.days.last > view.day) if first else NOTHING


def _listed_on(view: View) -> Derived:
    first = next(view.of("listed"), None)
    return _day_of(first, first.days.last > view.day) if first else NOTHING


def _submission(view: View) -> Latest | None:
    version = _version(view).value
    sent = [act for act in view.of("submitted", "applied") if act.get("for") != "delivery"]
    same = [act for act in sent if version is None or act.get("version") in (None, version)]
    return latest(same or sent, view.day)


def _submitted_on(view: View) -> Derived:
    last = _submission(view)
    return _day_of(last.act, last.uncertain) if last else NOTHING


def _submitted_for(view: View) -> Derived:
    last = _submission(view)
    if last is None:
        return NOTHING
    if last.act.get("for") is not None:
        return Derived(last.act.get("for"), (last.act.pointer / "for",), last.uncertain)
    earlier = any(act.days.first < last.act.days.first for act in view.of("content-approved"))
    return Derived("change" if earlier else "new", (last.act.pointer,), last.uncertain)


# --- who -------------------------------------------------------------------------------------------------------------


def _developer(view: View) -> Derived:
    """The present developer, taken back over every transfer after the day."""
    everything = View(view.record, date.max, view.head).of("transferred")
    later = [act for act in everything if act.days.first > view.day]
    if later:
        return Derived(later[0].get("developer_from"), (later[0].pointer / "developer_from",), later[0].days == EVER)
    done = view.latest("transferred")
    own = view.field("developer")
    pointers = ((done.act.pointer / "developer_to",) if done else ()) + own.pointers
    return Derived(own.value, pointers, bool(done and done.uncertain))


def _developer_types(view: View) -> Derived:
    developer = _developer(view)
    if not isinstance(developer.value, str):
        return NOTHING
    organisation = view.organisations.get(developer.value)
    types = organisation.get("types") if organisation else None
    if not isinstance(types, list):
        return NOTHING
    held, uncertain = [], developer.uncertain
    for each in types:
        if not isinstance(each, dict):
            continue
        started = bounds(each["from"]) if each.get("from") else EVER
        ended = bounds(each["until"]) if each.get("until") else EVER
        if (started is EVER or started.first <= view.day) and (ended is EVER or ended.last >= view.day):
            held.append(each.get("type"))
            sure = (started is EVER or started.last <= view.day) and (ended is EVER or ended.first >= view.day)
            uncertain = uncertain or not sure
    return Derived(held, developer.pointers, uncertain)


def _offering_acts(view: View) -> Iterator[tuple[Act, bool]]:
    """The approvals to deliver that hold on the day, and whether that is uncertain."""
    granted = list(view.of("delivery-approved"))
    ended = {act.get("delivery"): act for act in view.of("delivery-ended")}
    replaced = {act.get("replaces") for act in granted if act.get("replaces") is not None}
    for act in granted:
        name = act.get("id")
        start = bounds(act.get("from")) if act.get("from") else act.days
        end = bounds(act.get("until")) if act.get("until") else None
        gone = name is not None and (name in replaced or name in ended)
        if not gone and start.first <= view.day and (end is None or end.last >= view.day):
            yield act, start.last > view.day or bool(end and end.first < view.day)


_OFFERING = ("provider", "partners", "sites", "modes", "duration", "from", "until", "enrol_url", "conditions")


def _offerings(view: View) -> Derived:
    if _effective_status(view).value == MAY_NOT_BE_OFFERED or _stage(view).value == "removed":
        return Derived([], _effective_status(view).pointers)
    held = list(_offering_acts(view))
    if not held:
        nobody = not view.record.observed or view.record.get(("offered_by",)) == []
        return Derived([] if nobody else None)
    value = [{key: act.get(key) for key in _OFFERING if act.get(key) is not None} for act, _ in held]
    return Derived(value, tuple(act.pointer for act, _ in held), any(uncertain for _, uncertain in held))


def _may_deliver(view: View) -> Derived:
    offerings = _offerings(view)
    if offerings.value is None:
        return NOTHING
    names = [_name(each.get("provider")) for each in offerings.value]
    return Derived(list(dict.fromkeys(names)), offerings.pointers, offerings.uncertain)


def _name(reference: object) -> object:
    return reference.get("title") or reference.get("reference") if isinstance(reference, dict) else reference


# --- review, money, conditions ---------------------------------------------------------------------------------------


def _review_years(view: View) -> Derived:
    last = view.latest("review-period-assigned", "listed", "content-approved", having="review_years")
    return (
        Derived(last.act.get("review_years"), (last.act.pointer / "review_years",), last.uncertain) if last else NOTHING
    )


def _review_period_assigned(view: View) -> Derived:
    last = view.latest("review-period-assigned", "listed", "content-approved", having="review_years")
    if last is None:
        return NOTHING
    return Derived(last.act.get("act") == "review-period-assigned", (last.act.pointer,), last.uncertain)


def _funding(view: View) -> Derived:
    value: list[Any] = []
    pointers: list[Pointer] = []
    uncertain = False
    for act, unsure in _offering_acts(view):
        for place, fund in enumerate(act.get("funding") or ()):
            if isinstance(fund, dict) and fund.get("eligible") is False:
                continue
            name = fund.get("fund") if isinstance(fund, dict) else fund
            when = period(fund.get("from"), fund.get("until")) if isinstance(fund, dict) else EVER
            if when.first <= view.day <= when.last and name not in value:
                value.append(name)
                pointers.append(act.pointer / "funding" / place)
                uncertain = uncertain or unsure
    return Derived(value, tuple(pointers), uncertain) if value else NOTHING


def _fees(view: View) -> Derived:
    value: list[dict[str, Any]] = []
    pointers: list[Pointer] = []
    uncertain = False
    for act, unsure in _offering_acts(view):
        for place, fee in enumerate(act.get("fees") or ()):
            when = period(fee.get("from"), fee.get("until")) if isinstance(fee, dict) else EVER
            if isinstance(fee, dict) and when.first <= view.day <= when.last:
                value.append({"provider": _name(act.get("provider")), **fee})
                pointers.append(act.pointer / "fees" / place)
                uncertain = uncertain or unsure
    return Derived(value, tuple(pointers), uncertain) if value else NOTHING


def _open_conditions(view: View) -> Derived:
    met = {act.get("condition") for act in view.of("condition-met")}
    found = [
        (condition["id"], act.pointer / "conditions" / place)
        for act in view.acts
        for place, condition in enumerate(act.get("conditions") or ())
        if isinstance(condition, dict) and condition.get("id") is not None and condition["id"] not in met
    ]
    return Derived([name for name, _ in found], tuple(pointer for _, pointer in found)) if view.acts else NOTHING


def _excepted(view: View) -> Derived:
    found = list(view.of("excepted"))
    return Derived([act.get("clause") for act in found], tuple(act.pointer for act in found)) if found else NOTHING


def _fictional(view: View) -> Derived:
    """Example data says so by its organisation: the developer's, else any that acted."""
    named = [_developer(view).value, view.record.data.get("provider"), view.record.data.get("holder")]
    named += [act.get("by") for act in view.acts]
    own = view.record.data.get("fictional")
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
        _fictional,
    ),
    "stage": Field(
        "Stage",
        "How far it has come. Approved once its content is approved or it is listed; unknown where an observed record "
        "says nothing of it.",
        {"enum": ["proposed", "draft", "submitted", "not-approved", "withdrawn", "approved", "removed", "unknown"]},
        DECIDED,
        _stage,
    ),
    "listing": Field(
        "Listing",
        "Whether it stands in the published register.",
        {"enum": ["listed", "unlisted", "unknown"]},
        _LISTING,
        _listing,
    ),
    "number": Field("Register number", "Its number in the published register.", _TEXT, _LISTING, _number),
    "status": Field(
        "Status",
        "The status that was assigned last, else the one that its framework gives a new listing.",
        _TEXT,
        _LISTING,
        _status,
    ),
    "status_until": Field("Status until", "The last day of a status that has an end.", _TEXT, _LISTING, _status_until),
    "effective_status": Field(
        "Effective status",
        "The status, or may-not-be-offered once the last day of the status is past.",
        _TEXT,
        _LISTING,
        _effective_status,
    ),
    "replaced_by": Field("Replaced by", "What takes its place.", _REFERENCE, _LISTING, _replaced_by),
    "version": Field(
        "Version in force",
        "The version of the latest content approval or minor change.",
        _TEXT,
        DECIDED,
        _version,
    ),
    "submitted_on": Field(
        "Submitted on",
        "The day of the latest submission of the version in force.",
        _TEXT,
        DECIDED,
        _submitted_on,
    ),
    "submitted_for": Field(
        "Submitted for",
        "What the latest submission asked for; left out there, new for the first version and change later.",
        _TEXT,
        DECIDED,
        _submitted_for,
    ),
    "first_approved_on": Field(
        "First approved on",
        "The day of the first content approval.",
        _TEXT,
        DECIDED,
        _first_approved_on,
    ),
    "content_approved_on": Field(
        "Content approved on",
        "The day of the latest content approval: a date as recorded, or a regime's range FROM/UNTIL.",
        _TEXT,
        DECIDED,
        _content_approved_on,
    ),
    "listed_on": Field(
        "Listed on", "The day of the first listing, written in the same way.", _TEXT, _LISTING, _listed_on
    ),
    "developer": Field(
        "Developer",
        "The organisation that answered for the content on the day.",
        _REFERENCE,
        _LISTING,
        _developer,
    ),
    "developer_types": Field(
        "Types of the developer",
        "What the developer was on the day, such as university or industry-skills-board.",
        _TEXTS,
        _LISTING,
        _developer_types,
    ),
    "may_deliver": Field(
        "Who may deliver",
        "The providers whose approval to deliver holds on the day; null where an observed record says nothing of it.",
        {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
        _LISTING,
        _may_deliver,
    ),
    "offerings": Field(
        "Offerings",
        "The approvals to deliver that hold on the day, each with what it says of partners, sites, modes and time.",
        {"type": ["array", "null"], "items": {"type": "object"}},
        _LISTING,
        _offerings,
    ),
    "review_years": Field(
        "Review period",
        "Years between reviews: of the latest period assigned, listing or approval that states one.",
        {"type": ["integer", "null"]},
        _LISTING,
        _review_years,
    ),
    "review_period_assigned": Field(
        "Review period assigned",
        "Whether the authority assigned that period, rather than listing or approving it.",
        {"type": ["boolean", "null"]},
        _LISTING,
        _review_period_assigned,
    ),
    "funding": Field("Funding", "The funds of the offerings that hold on the day.", _TEXTS, _LISTING, _funding),
    "fees": Field(
        "Fees",
        "The fees of the offerings that hold on the day, each with its provider.",
        {"type": ["array", "null"], "items": {"type": "object"}},
        _LISTING,
        _fees,
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
