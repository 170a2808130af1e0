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

from mcred.dates import Days
from mcred.diagnostic import Pointer
from mcred.record.decisions import in_effect
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

    @cached_property
    def _by_name(self) -> dict[str, list[Act]]:
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            found.setdefault(str(act.get("act")), []).append(act)
        return found

    def of(self, *names: str) -> Iterator[Act]:
        """The acts of some names, in order."""
        if len(names) == 1:
            return iter(self._by_name.get(names[0], ()))
        return (act for act in self.acts if act.get("act") in names)

    def latest(self, *names: str, having: str = "") -> Latest | None:
        """The last act of some names, of those that have a key."""
        return latest(
            (act for act in self.of(*names) if not having or act.get(having) is not None),
            self.day,
            (lambda act: act.get(having)) if having else (lambda act: act.place),
        )

    def surely(self, *names: str) -> bool:
        """Whether an act of some names was taken by the day, whatever days the acts stand for."""
        return any(act.days.last <= self.day for act in self.of(*names))

    def field(self, *path: str) -> Derived:
        """A value of the specification."""
        value = self.record.get(path)
        return Derived(value, (Pointer(path),)) if value is not None else NOTHING


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


# --- stage and listing -----------------------------------------------------------------------------------------------


def _stage(view: View) -> Derived:
    if removed := view.latest("removed"):
        return Derived("removed", (removed.act.pointer,), removed.uncertain)
    if approved := view.latest(*_APPROVING):
        return Derived("approved", (approved.act.pointer,), not view.surely(*_APPROVING))
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
        return Derived("listed", (first.pointer,), not view.surely("listed"))
    for key in ("number", "status"):
        if view.record.get(("register_entry", key)) is not None:
            return Derived("listed", (Pointer(("register_entry", key)),))
    return Derived("unknown" if view.record.observed else "unlisted")


def _assigned(view: View, key: str, says: Callable[[Act], object] | None = None) -> Derived:
    """What the status in force says, by one of its keys: assigned, its beginning reached, the entry not removed."""
    if removed := view.latest("removed"):
        return Derived(None, (removed.act.pointer,), removed.uncertain)
    reached = [act for act in view.of("status-assigned") if _start(act).first <= view.day]
    says = says or (lambda act: act.get(key))
    last = latest(reached, view.day, says)
    if last is None:
        return NOTHING
    before = says(reached[-2]) if len(reached) > 1 else None
    begins = _start(last.act).last > view.day and before != says(last.act)
    pointers = (last.act.at(key),) if last.act.get(key) is not None else ()
    return Derived(says(last.act), pointers, last.uncertain or begins)


def _start(act: Act) -> Days:
    """The days on which what an act gives may begin: those of its `from`, else its own."""
    return bounds(act.get("from")) if act.get("from") is not None else act.days


def _status(view: View) -> Derived:
    listing = _listing(view)
    if listing.value != "listed":
        return Derived(None, listing.pointers, listing.uncertain)
    assigned = _assigned(view, "status")
    if assigned.value is not None:
        return assigned
    if listed := next(view.of("listed"), None):
        first, statuses = view.head.get("first_status"), view.head.get("statuses")
        known = first if isinstance(statuses, list) and first in statuses else None
        return Derived(known, (listed.pointer,), listing.uncertain) if known else NOTHING
    shown = str(view.record.get(("register_entry", "status"), "")).strip().casefold()
    statuses = view.head.get("statuses")
    if isinstance(statuses, list) and shown in statuses:
        return Derived(shown, (Pointer(("register_entry", "status")),))
    return NOTHING


def _status_until(view: View) -> Derived:
    return _assigned(view, "until")


def _effective_status(view: View) -> Derived:
    def past(act: Act) -> str | None:
        until = act.get("until")
        return MAY_NOT_BE_OFFERED if until is not None and bounds(until).first < view.day else act.get("status")

    effective = _assigned(view, "until", past)
    if effective.value != MAY_NOT_BE_OFFERED:
        return _status(view)._replace(uncertain=effective.uncertain or _status(view).uncertain)
    last = bounds(_status_until(view).value).last
    return effective._replace(uncertain=effective.uncertain or last >= view.day)


def _replaced_by(view: View) -> Derived:
    return _assigned(view, "replaced_by")


def _number(view: View) -> Derived:
    if listed := view.latest("listed", having="number"):
        return Derived(listed.act.get("number"), (listed.act.at("number"),), listed.uncertain)
    return view.field("register_entry", "number")


# --- versions and dates ----------------------------------------------------------------------------------------------


def _version(view: View) -> Derived:
    made = [act for act in view.of("content-approved", "changed") if act.get("kind") != "significant"]
    last = latest((act for act in made if act.get("version") is not None), view.day, lambda act: act.get("version"))
    return Derived(last.act.get("version"), (last.act.at("version"),), last.uncertain) if last else NOTHING


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


def _first_day(view: View, *names: str) -> Derived:
    """The day of the first act of some names; not certain where another may have come before it."""
    found = list(view.of(*names))
    if not found:
        return NOTHING
    day = _day_of(found[0])
    rivals = any(act.days.first < found[0].days.last and _day_of(act).value != day.value for act in found[1:])
    return day._replace(uncertain=rivals or found[0].days.last > view.day)


def _first_approved_on(view: View) -> Derived:
    return _first_day(view, "content-approved", "issued")


def _listed_on(view: View) -> Derived:
    return _first_day(view, "listed")


def _submission(view: View) -> Latest | None:
    """The latest submission of the version in force; one made by a minor change is that of the approval before it."""
    approved = view.latest("content-approved", "issued", having="version")
    version = approved.act.get("version") if approved else None
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
        return Derived(last.act.get("for"), (last.act.at("for"),), last.uncertain)
    sent, approvals = last.act.days, [act.days for act in view.of("content-approved")]
    earlier = any(days.first < sent.first for days in approvals)
    sure = any(days.last < sent.first for days in approvals) or not any(days.first < sent.last for days in approvals)
    return Derived("change" if earlier else "new", (last.act.pointer,), last.uncertain or not sure)


# --- who -------------------------------------------------------------------------------------------------------------


def _developer(view: View) -> Derived:
    """The present developer, taken back over every transfer after the day."""
    everything = View(view.record, date.max, view.head).of("transferred")
    later = [act for act in everything if act.days.first > view.day]
    done = view.latest("transferred")
    if later and later[0].get("developer_from") is not None:
        return Derived(later[0].get("developer_from"), (later[0].at("developer_from"),), bool(done and done.uncertain))
    if later:
        return Derived(done.act.get("developer_to"), (done.act.at("developer_to"),), True) if done else NOTHING
    own = view.field("developer")
    pointers = ((done.act.at("developer_to"),) if done else ()) + own.pointers
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


class Held(NamedTuple):
    """The approvals to deliver that hold on a day, those that may hold or not, and what stands against them all."""

    acts: list[Act]
    perhaps: list[Act]
    pointers: tuple[Pointer, ...] = ()

    def stated(self, key: str) -> list[tuple[Act, int, Any]]:
        """The items of a list that the approvals carry, each with its approval and its place there."""
        return [(act, place, item) for act in self.acts for place, item in enumerate(act.get(key) or ())]

    def none_stated(self, key: str) -> Derived:
        """What follows where no item is left: none, if each approval says so or says what does not hold."""
        uncertain = any(act.get(key) for act in self.perhaps)
        if self.acts and all(act.get(key) is not None for act in self.acts):
            return Derived([], tuple(act.at(key) for act in self.acts), uncertain)
        return Derived(None, (), uncertain)


def _held(view: View) -> Held:
    granted = list(view.of("delivery-approved"))
    gone = {act.get("delivery"): act.days for act in view.of("delivery-ended")}
    gone |= {
        act.get("replaces"): _start(act)
        for act in granted
        if act.get("replaces") is not None and _start(act).first <= view.day
    }
    acts, perhaps = [], []
    for act in granted:
        start = _start(act)
        end = bounds(act.get("until")) if act.get("until") is not None else None
        if start.first > view.day or (end and end.last < view.day):
            continue
        over = gone.get(act.get("id")) if act.get("id") is not None else None
        if over is None:
            acts.append(act)
        if start.last > view.day or (end and end.first < view.day) or (over and over.last > view.day):
            perhaps.append(act)
    against = _against(view)
    return Held([], acts if against.uncertain else [], against.pointers) if against.value else Held(acts, perhaps)


def _against(view: View) -> Derived:
    """What ends every offering: the entry was removed, or the last day of its status is past."""
    stage, status = _stage(view), _effective_status(view)
    if stage.value == "removed":
        return stage
    return status if status.value == MAY_NOT_BE_OFFERED else NOTHING


_OFFERING = ("provider", "partners", "sites", "modes", "duration", "from", "until", "enrol_url", "conditions")


def _offerings(view: View) -> Derived:
    held = _held(view)
    if not held.acts:
        nobody = held.pointers or not view.record.observed or view.record.get(("offered_by",)) == []
        return Derived([] if nobody else None, held.pointers, bool(held.perhaps))
    value = [{key: act.get(key) for key in _OFFERING if act.get(key) is not None} for act in held.acts]
    return Derived(value, tuple(act.pointer for act in held.acts), bool(held.perhaps))


def _may_deliver(view: View) -> Derived:
    offerings = _offerings(view)
    if offerings.value is None:
        return offerings
    names = [_name(each.get("provider")) for each in offerings.value]
    return Derived(list(dict.fromkeys(names)), offerings.pointers, offerings.uncertain)


def _name(reference: object) -> object:
    return reference.get("title") or reference.get("reference") if isinstance(reference, dict) else reference


# --- review, money, conditions ---------------------------------------------------------------------------------------


def _review_years(view: View) -> Derived:
    last = view.latest(*_STATING_A_PERIOD, having="review_years")
    return Derived(last.act.get("review_years"), (last.act.at("review_years"),), last.uncertain) if last else NOTHING


_STATING_A_PERIOD = ("review-period-assigned", "listed", "content-approved")


def _review_period_assigned(view: View) -> Derived:
    stated = [act for act in view.of(*_STATING_A_PERIOD) if act.get("review_years") is not None]
    last = latest(stated, view.day, lambda act: act.get("act") == "review-period-assigned")
    if last is None:
        return NOTHING
    return Derived(last.act.get("act") == "review-period-assigned", (last.act.pointer,), last.uncertain)


def _funding(view: View) -> Derived:
    held = _held(view)
    value: list[Any] = []
    pointers: list[Pointer] = []
    uncertain = any(act.get("funding") for act in held.perhaps)
    for act, place, fund in held.stated("funding"):
        name, dated = (fund.get("fund"), fund) if isinstance(fund, dict) else (fund, {})
        if dated.get("eligible") is False or name in value:
            continue
        if (in_force := _in_force(dated, view.day)) is not None:
            value.append(name)
            pointers.append(act.at("funding") / place)
            uncertain = uncertain or not in_force
    return Derived(value, tuple(pointers), uncertain) if value else held.none_stated("funding")


def _fees(view: View) -> Derived:
    held = _held(view)
    value: list[dict[str, Any]] = []
    pointers: list[Pointer] = []
    uncertain = any(act.get("fees") for act in held.perhaps)
    for act, place, fee in held.stated("fees"):
        if isinstance(fee, dict) and (in_force := _in_force(fee, view.day)) is not None:
            value.append({"provider": _name(act.get("provider")), **fee})
            pointers.append(act.at("fees") / place)
            uncertain = uncertain or not in_force
    return Derived(value, tuple(pointers), uncertain) if value else held.none_stated("fees")


def _in_force(item: Mapping[str, Any], day: date) -> bool | None:
    """Whether what has `from` and `until` holds on a day: surely, perhaps (False), or not (None)."""
    start, end = item.get("from"), item.get("until")
    when = period(start, end)
    if not when.first <= day <= when.last:
        return None
    return (start is None or bounds(start).last <= day) and (end is None or bounds(end).first >= day)


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
    found = list(view.of("excepted"))
    if not found:
        return NOTHING
    uncertain = any(act.days.last > view.day for act in found)
    return Derived([act.get("clause") for act in found], tuple(act.pointer for act in found), uncertain)


def _fictional(view: View) -> Derived:
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
