"""What falls due of one record on a day: its developer's review and the input to it, conditions, and what ends."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record import View
from mcred.record.derived import fictional
from mcred.record.developer import developer
from mcred.record.ledger import EVER, Act, bounds
from mcred.record.offerings import ending, held, name_of
from mcred.record.reviews import Clock, Due, Step, next_due, reviewed
from mcred.record.status import number
from mcred.review.lead_time import start_by

if TYPE_CHECKING:
    from mcred.review.transition import Answer

LAST = {"overdue": -1, "today": 0, "7": 7, "30": 30, "90": 90}
"""The most days until what lies in a bucket is due."""

BUCKETS = (*LAST, "later", "none")
"""From what is most pressing to what has no date; a bucket takes in its last day."""

KINDS = {
    "developer": "the developer's review",
    "provider": "a provider's input to it",
    "condition": "a condition of a decision",
    "delivery": "the end of an approval to deliver",
    "expiring": "the end of a status",
    "framework": "framework data to be checked",
    "standard": "the planned review of a standard",
    "transition": "the review of an earlier award under new rules",
}
"""What may fall due."""

STATES = ("not-started", "under-way", "reported", "with-the-authority")


class Item(NamedTuple):
    """One thing that falls due, or has no date and a reason for that."""

    record: str
    title: Any
    kind: str
    due: Due
    state: str = "not-started"
    code: str | None = None
    """What the authority calls the record by in its reports; else its register number."""
    lead: str | None = None
    organisation: str | None = None
    """Who has to act."""
    last_review: str | None = None
    start_by: date | None = None
    outstanding: tuple[str, ...] = ()
    """Whose input is wanted and was not given yet."""
    custody: str = "own"
    fictional: bool = False
    path: str = ""
    line: int = 0
    """The line of the fact that decides the date; 0 where it was not looked up."""
    level: int | str | None = None
    asks: Any = None
    """What a condition asks, in its own words."""
    id: str = ""
    """What tells the items of one kind and record apart: of a condition or an approval, its id."""
    revision: int = 0
    """How many decisions the record holds: a ledger only grows, so the greater of two belongs to the newer date."""

    def days(self, today: date) -> int | None:
        """Days from a day to the due day; negative once it is past."""
        return (self.due.day - today).days if self.due.day is not None else None

    def bucket(self, today: date) -> str:
        """The bucket on a day."""
        return bucket(self.days(today))


def bucket(days: int | None) -> str:
    """The bucket of what is due in so many days."""
    if days is None:
        return "none"
    return next((name for name, last in LAST.items() if days <= last), "later")


def items(view: View) -> Iterator[Item]:
    """Everything that falls due of a micro-credential, or of another record that is reviewed."""
    if not reviewed(view):
        return
    basis = _basis(view)
    yield from _reviews(view, basis)
    if view.record.observed:
        return
    yield from _conditions(view, basis)
    yield from _deliveries(view, basis)


def of_framework(record_id: str, data: Mapping[str, Any], path: str) -> Item | None:
    """When the data of a framework or a policy have to be checked against their sources again."""
    written = data.get("review_by")
    if written is None or bounds(written) == EVER:
        return None
    step = Step(f"its file says that it is to be checked by {written}", Pointer(("review_by",)))
    return Item(record_id, data.get("title"), "framework", _due(written, step), path=path)


def of_standard(view: View) -> Item | None:
    """When a standard is planned to be reviewed."""
    written = view.record.data.get("planned_review")
    if written is None or bounds(written) == EVER:
        return None
    step = Step(f"its planned review is {written}", Pointer(("planned_review",)))
    made = _basis(view)._replace(kind="standard", due=_due(written, step), code=view.record.data.get("number"))
    return made._replace(title=view.record.data.get("title") or _latest_title(view.record.data))


def of_transition(view: View, answer: "Answer") -> Item | None:
    """When an earlier award is to be reviewed under new rules; nothing where nothing has to be done any more."""
    from mcred.review.transition import told

    if answer.settled or answer.due is None:
        return None
    due = answer.due
    if answer.scope == "cannot-tell":
        doubt = Step(f"perhaps; whether it is in scope nobody can tell: {told(answer.because)}", due.pointer)
        due = due._replace(steps=(*due.steps, doubt))
    return _basis(view)._replace(kind="transition", due=due, id=answer.transition)


def _latest_title(data: Mapping[str, Any]) -> Any:
    versions = [each for each in data.get("versions") or () if isinstance(each, dict) and each.get("title")]
    return versions[-1]["title"] if versions else None


def _due(written: object, step: Step) -> Due:
    """A date that stands in the record itself; `because` is that it was assigned."""
    text = str(written)
    assumed = ("end-of-month",) if text.count("-") < 2 else ()
    return Due(bounds(text).last, "assigned-date", assumed, text, step.pointer, (step,))


def _basis(view: View) -> Item:
    record = view.record
    plan = record.data.get("review")
    plan = plan if isinstance(plan, dict) else {}
    held_by = developer(view).value if record.kind == "micro-credential" else record.data.get("provider")
    return Item(
        record.id,
        record.data.get("title"),
        "developer",
        Due(None, ""),
        code=number(view).value,
        lead=plan.get("lead"),
        organisation=name_of(held_by),
        custody="observed" if record.observed else "own",
        fictional=fictional(view).value is True,
        path=record.path,
        level=record.data.get("level"),
        revision=len(record.decisions),
    )


def _reviews(view: View, basis: Item) -> Iterator[Item]:
    """The developer's review, or the end of a status that comes in its place; then what providers are to add."""
    due = next_due(view)
    if due.because == "expiring-ends":
        yield basis._replace(kind="expiring", due=due)
        return
    clock = Clock(view)
    last = clock.last
    plan = view.record.data.get("review")
    reported = _reported(view, clock)
    wanted = [] if view.record.observed else _providers(view)
    made = basis._replace(
        due=due,
        state=clock.state,
        last_review=str(last.get("date") or "") or None if last is not None else None,
        start_by=start_by(due.day, plan.get("lead_time") if isinstance(plan, dict) else None),
        outstanding=tuple(name for name, _ in wanted if name not in reported),
    )
    yield made
    for name, act in wanted:
        state = "reported" if name in reported else "under-way" if name in _begun(view, clock) else "not-started"
        # What was reported is not late, however late the developer's review may be.
        if state == "reported" and due.day is not None and due.day < view.day:
            continue
        step = Step(f"{name} may deliver, and its input belongs in the developer's review", act.pointer)
        yield made._replace(
            kind="provider",
            organisation=name,
            state=state,
            due=due._replace(steps=(*due.steps, step), pointer=act.pointer),
            outstanding=(),
            lead=None,
            id=name,
        )


def _providers(view: View) -> list[tuple[str, Act]]:
    """Who may deliver on the day, but for the developer itself, each with the approval."""
    own = name_of(developer(view).value)
    found: dict[str, Act] = {}
    for act in held(view).acts:
        name = name_of(act.get("provider"))
        if name is not None and name != own:
            found.setdefault(name, act)
    return list(found.items())


def _reported(view: View, clock: Clock) -> set[str | None]:
    """The providers whose review, or whose input to the developer's, came after the last review that counts."""
    since = clock.last
    after = [
        act
        for act in view.of("review-completed")
        if act.get("reviewer") == "provider" and (since is None or act.days.first > since.days.last)
    ]
    return {name_of(act.get("by")) for act in after}


def _begun(view: View, clock: Clock) -> set[str | None]:
    since = clock.last
    return {
        name_of(act.get("by"))
        for act in view.of("review-started")
        if act.get("reviewer") == "provider" and (since is None or act.days.first > since.days.last)
    }


def _conditions(view: View, basis: Item) -> Iterator[Item]:
    """Conditions that are not recorded as met and have a day by which they are to be."""
    met = {act.get("condition") for act in view.of("condition-met")}
    for act in view.acts:
        for place, condition in enumerate(act.get("conditions") or ()):
            if not isinstance(condition, dict) or condition.get("id") in met or condition.get("due") is None:
                continue
            pointer = act.at("conditions") / place
            step = Step(f"condition '{condition.get('id')}' is due {condition['due']}", pointer / "due")
            who = name_of(act.get("provider")) or basis.organisation
            yield basis._replace(
                kind="condition",
                due=_due(condition["due"], step),
                organisation=who,
                asks=condition.get("text"),
                id=str(condition.get("id", place)),
            )


def _deliveries(view: View, basis: Item) -> Iterator[Item]:
    """Approvals to deliver that come to an end. One that has ended or was taken over asks for nothing."""
    for act in ending(view):
        provider, until = name_of(act.get("provider")), act.get("until")
        if bounds(until).last < view.day:
            continue
        step = Step(f"{provider} may deliver until {until}", act.at("until"))
        yield basis._replace(
            kind="delivery", due=_due(until, step), organisation=provider, id=str(act.get("id") or act.place)
        )
