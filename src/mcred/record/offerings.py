"""Who may deliver, where and how, and for what fees and funds."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.record.ledger import EVER, Act, bounds, period
from mcred.record.once import once
from mcred.record.status import MAY_NOT_BE_OFFERED, effective_status, stage, start
from mcred.record.view import NOTHING, Derived, View


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


@once
def held(view: View) -> Held:
    """The approvals to deliver as they stand on the day."""
    granted = view.of("delivery-approved")
    gone = {act.get("delivery"): act.days for act in view.of("delivery-ended")}
    gone |= {
        act.get("replaces"): start(act)
        for act in granted
        if act.get("replaces") is not None and start(act).first <= view.day
    }
    acts, perhaps = [], []
    for act in granted:
        begins = start(act)
        end = bounds(act.get("until")) if act.get("until") is not None else None
        if begins.first > view.day or (end and end.last < view.day):
            continue
        over = gone.get(act.get("id")) if act.get("id") is not None else None
        if over is None:
            acts.append(act)
        if begins.last > view.day or (end and end.first < view.day) or (over and over.last > view.day):
            perhaps.append(act)
    against = _against(view)
    return Held([], acts if against.uncertain else [], against.pointers) if against.value else Held(acts, perhaps)


def ending(view: View) -> Iterator[Act]:
    """The approvals to deliver that have a last day, past or to come, and that nothing ended, replaced or renewed."""
    granted = view.of("delivery-approved")
    gone = {act.get("delivery") for act in view.of("delivery-ended")} | {act.get("replaces") for act in granted}
    for act in granted:
        until = act.get("until")
        if until is None or bounds(until) == EVER or (act.get("id") is not None and act.get("id") in gone):
            continue
        of_same = (other for other in granted if name_of(other.get("provider")) == name_of(act.get("provider")))
        if not any(_outlasts(other, bounds(until).last) for other in of_same):
            yield act


def _outlasts(act: Act, day: date) -> bool:
    return act.get("until") is None or bounds(act.get("until")).last > day


def _against(view: View) -> Derived:
    """What ends every offering: the entry was removed, or the last day of its status is past."""
    come = stage(view)
    if come.value == "removed":
        return come
    now = effective_status(view)
    return now if now.value == MAY_NOT_BE_OFFERED else NOTHING


_OFFERING = ("provider", "partners", "sites", "modes", "duration", "from", "until", "enrol_url", "conditions")


def offerings(view: View) -> Derived:
    """The approvals to deliver that hold on the day, each with what it says."""
    approvals = held(view)
    if not approvals.acts:
        nobody = approvals.pointers or not view.record.observed or view.record.get(("offered_by",)) == []
        return Derived([] if nobody else None, approvals.pointers, bool(approvals.perhaps))
    value = [{key: act.get(key) for key in _OFFERING if act.get(key) is not None} for act in approvals.acts]
    return Derived(value, tuple(act.pointer for act in approvals.acts), bool(approvals.perhaps))


def may_deliver(view: View) -> Derived:
    """The providers whose approval to deliver holds on the day."""
    found = offerings(view)
    if found.value is None:
        return found
    names = [name_of(each.get("provider")) for each in found.value]
    return Derived(list(dict.fromkeys(names)), found.pointers, found.uncertain)


def name_of(reference: object) -> str | None:
    """What stands for an organisation: its id; of one outside the catalogue its title or its reference."""
    if isinstance(reference, dict):
        title = reference.get("title") or reference.get("reference")
        reference = next(iter(title.values()), None) if isinstance(title, dict) else title
    return str(reference) if reference is not None else None


def funding(view: View) -> Derived:
    """The funds of the offerings that hold on the day."""
    approvals = held(view)
    value: list[Any] = []
    pointers: list[Pointer] = []
    uncertain = any(act.get("funding") for act in approvals.perhaps)
    for act, place, fund in approvals.stated("funding"):
        name, dated = (fund.get("fund"), fund) if isinstance(fund, dict) else (fund, {})
        if dated.get("eligible") is False or name in value:
            continue
        if (in_force := _in_force(dated, view.day)) is not None:
            value.append(name)
            pointers.append(act.at("funding") / place)
            uncertain = uncertain or not in_force
    return Derived(value, tuple(pointers), uncertain) if value else approvals.none_stated("funding")


def fees(view: View) -> Derived:
    """The fees of the offerings that hold on the day, each with its provider."""
    approvals = held(view)
    value: list[dict[str, Any]] = []
    pointers: list[Pointer] = []
    uncertain = any(act.get("fees") for act in approvals.perhaps)
    for act, place, fee in approvals.stated("fees"):
        if isinstance(fee, dict) and (in_force := _in_force(fee, view.day)) is not None:
            value.append({"provider": name_of(act.get("provider")), **fee})
            pointers.append(act.at("fees") / place)
            uncertain = uncertain or not in_force
    return Derived(value, tuple(pointers), uncertain) if value else approvals.none_stated("fees")


def _in_force(item: Mapping[str, Any], day: date) -> bool | None:
    """Whether what has `from` and `until` holds on a day: surely, perhaps (False), or not (None)."""
    start, end = item.get("from"), item.get("until")
    when = period(start, end)
    if not when.first <= day <= when.last:
        return None
    return (start is None or bounds(start).last <= day) and (end is None or bounds(end).first >= day)
