"""What came to an end in the world: organisations, approvals, credentials, and what still speaks of them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mcred.dates import when
from mcred.diagnostic import Anchor, Finding, Pointer, Related
from mcred.record import Catalogue, View
from mcred.record.developer import developer
from mcred.record.ending import ends, organisation_ends, over
from mcred.record.ledger import bounds
from mcred.record.offerings import ending, held, may_deliver, name_of
from mcred.record.once import once_each
from mcred.record.status import listing, start
from mcred.rules.rule import dated_catalogue_rule, dated_rule
from mcred.text import one_of


@dated_rule("developer-ended")
def developer_ended(view: View) -> Iterator[Finding]:
    """Somebody answers for the content today: a body that is no more does not, and another took its place."""
    answers = developer(view)
    until = _ended(view, answers.value)
    if until is None or over(view):
        return
    # Of a copy that says so, a transfer may have been made that nobody saw.
    if view.record.observed and not view.record.known(Pointer(("decisions", "-"))):
        return
    yield Finding(
        answers.pointers[-1],
        "its developer '{developer}' came to an end {when}",
        hint=_who_now(view, "`mcred decide ID transferred` records who answers for it since")
        if view.record.decisions
        else _who_now(view, "name who develops it now"),
        developer=answers.value,
        when=when(until),
    )


def _who_now(view: View, repair: str) -> str:
    """A repair, with the successors that the developer is known to have."""
    return repair + _successors(view.organisations[developer(view).value])


def _successors(organisation: Mapping[str, Any]) -> str:
    found = organisation.get("successors")
    items = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    names = [name for each in items if (name := name_of(each.get("organisation")))]
    return (
        f"; its successors are {one_of(names)}"
        if len(names) > 1
        else f"; its successor is '{names[0]}'"
        if names
        else ""
    )


def _ended(view: View, name: object) -> str | None:
    """The last day of an organisation of the catalogue, where it is past."""
    until = _last_days(view.organisations).get(name) if isinstance(name, str) else None
    return until if until is not None and bounds(until).last < view.day else None


@once_each
def _last_days(organisations: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The last day of each organisation that came, or will come, to an end."""
    return {name: until for name, each in organisations.items() if (until := organisation_ends(each)) is not None}


@dated_rule("reference-to-ended")
def reference_to_ended_body(view: View) -> Iterator[Finding]:
    """What a record says of today, a body does that there still is; of what it did once, nothing is said."""
    for pointer, name, role, repair in _roles(view):
        if (until := _ended(view, name)) is not None and not over(view):
            yield Finding(
                pointer,
                "'{name}' came to an end {when}, and is named here as {role}",
                hint=repair + _successors(view.organisations[str(name)]),
                name=name,
                role=role,
                when=when(until),
            )


_NAME_ANOTHER = "name who has this part now, or take it out"


def _roles(view: View) -> Iterator[tuple[Pointer, Any, str, str]]:
    """The bodies that have a part in a record today: where each is named, as what, and what to do if it is gone."""
    named = [
        name for act in view.of("delivery-approved") for name in (act.get("provider"), *(act.get("partners") or ()))
    ]
    # Which approvals hold is asked only where it matters: most name nobody who is gone.
    for act in held(view).acts if any(_ended(view, name) for name in named) else ():
        repair = "`mcred decide ID delivery-ended` records that it stopped, or an approval that `replaces` this one"
        yield act.at("provider"), act.get("provider"), "a provider", repair
        for place, name in enumerate(act.get("partners") or ()):
            yield act.at("partners") / place, name, "a partner in delivery", repair
    record = view.record
    if "provider" in record.data:
        yield Pointer(("provider",)), record.data["provider"], "its provider", _NAME_ANOTHER
    for pointer, offer in record.items("offered_by"):
        yield pointer / "organisation", offer.get("organisation"), "who offers it", _NAME_ANOTHER
    for pointer, asked in record.items("required_by"):
        yield pointer / "organisation", asked.get("organisation"), "who asks for it", _NAME_ANOTHER
    for pointer, whole in record.items("part_of") if record.kind == "organisation" else ():
        if "until" not in whole:
            repair = "say until when it was a part of it, with `until`"
            yield pointer / "organisation", whole.get("organisation"), "the larger organisation", repair


LEADING = {"pathways": "a pathway", "requires": "a requirement", "part_of": "a larger award"}
"""The fields that speak of other credentials and standards as they are today, and as what they name them."""


@dated_catalogue_rule("reference-to-ended")
def reference_to_ended_award(catalogue: Catalogue, day: date) -> Iterator[Finding]:
    """A learner is not sent to an award that is no longer offered, or asked for one that nobody can get."""
    today = day.isoformat()
    for facts in catalogue.records:
        if facts.ends and facts.ends < today:
            continue
        for pointer, target, kinds, _ in facts.references:
            role = LEADING.get(str(pointer[0]))
            other = catalogue.find(target) if role is not None and "organisation" not in kinds else None
            if other is not None and other.ends and other.ends < today:
                yield Finding(
                    Pointer(pointer),
                    "'{name}' came to an end {when}, and is named here as {role}",
                    hint="name what took its place, or take it out",
                    related=(Related(f"'{target}' is described here", Pointer(("id",)), other.path),),
                    path=facts.path,
                    name=target,
                    role=role,
                    when=when(other.ends),
                )


@dated_rule("delivery-past-its-end")
def delivery_past_its_end(view: View) -> Iterator[Finding]:
    """An approval to deliver that ran out was renewed, or its end is recorded; of what ends itself, none is renewed."""
    if view.record.observed:
        return
    for act in ending(view):
        # One that ends before it begins was mistyped, and another rule says so.
        if start(act).first <= bounds(act.get("until")).last < view.day and ends(view).value is None:
            yield Finding(
                act.at("until"),
                "the approval of '{provider}' to deliver ended {when}, and nothing says what followed",
                hint="`mcred decide ID delivery-approved` records a renewal, `delivery-ended` that there is none",
                provider=name_of(act.get("provider")),
                when=when(act.get("until")),
            )


@dated_rule("listed-without-provider")
def listed_without_provider(view: View) -> Iterator[Finding]:
    """What is listed may be without a provider; whoever looks for one should know that there is none."""
    listed = listing(view)
    if listed.value != "listed" or held(view).acts:
        return
    delivered = may_deliver(view)
    if delivered.value != [] or delivered.uncertain or ends(view).value is not None:
        return
    coming = any(start(act).first > view.day for act in view.of("delivery-approved"))
    # Of an approval that ran out another rule tells.
    lapsed = any(True for _ in ending(view))
    if not (coming or lapsed):
        yield Finding(
            listed.pointers[-1],
            "it is listed, and nobody may deliver it",
            anchor=Anchor.MISSING,
            hint="that may be so; `mcred decide ID delivery-approved` records an approval",
        )


@dated_rule("registration-ended")
def registration_ended(view: View) -> Iterator[Finding]:
    """A body that is registered for a time was registered anew, or stopped being what it was."""
    record = view.record
    if "registrations" not in record.data or record.observed or not record.known(Pointer(("registrations", "-"))):
        return
    latest: dict[str | None, tuple[date, Pointer, Any]] = {}
    for pointer, each in record.items("registrations"):
        found = bounds(each.get("until")).last, pointer, each.get("until")
        by = name_of(each.get("by"))
        latest[by] = max(found, latest.get(by, found), key=lambda registration: registration[0])
    for by, (last, pointer, until) in latest.items():
        if last < view.day and not over(view):
            yield Finding(
                pointer / "until",
                "the registration by '{by}' ended {when}, and no later one is recorded",
                hint="add the registration that followed, or to `types` the last day (`until`) of what it was",
                by=by,
                when=when(until),
            )
