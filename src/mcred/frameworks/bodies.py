"""Who may take a decision: what the framework says of its bodies, and fictional ones among themselves."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mcred.dates import Days
from mcred.diagnostic import Finding, Pointer
from mcred.frameworks.language import Rulebook
from mcred.frameworks.requirements import Answer
from mcred.frameworks.rules import was_one_of
from mcred.frameworks.verdicts import Case
from mcred.record import other_word
from mcred.record.ledger import Act, period
from mcred.record.once import once_each
from mcred.text import one_of

NEEDED = {
    "listed": ("list",),
    "content-approved": ("approve-content",),
    "not-approved": ("approve-content", "list", "approve-delivery"),
    "delivery-approved": ("approve-delivery",),
    "delivery-ended": ("approve-delivery",),
    "status-assigned": ("assign-status",),
    "review-period-assigned": ("assign-review",),
    "review-date-assigned": ("assign-review",),
    "extended": ("assign-review",),
    "review-decided": ("decide-review",),
    "removed": ("remove",),
    "issued": ("issue-equivalency",),
    "excepted": ("grant-exception",),
}
"""What a body must be allowed to do for each act that is an authority's; one is enough."""

PARTIES = ("developer", "provider", "holder")
"""The keys that name whom a record belongs to."""

OWN = "'{by}' is a party to the record, and this is an authority's to decide"

OWN_ACTS = ("delivery-ended",)
"""What a party may decide for itself too: a provider may end what it delivers."""


def bodies(case: Case) -> Iterator[Finding]:
    """Decisions by a body that may not take them. A fictional body decides about fictional records only."""
    if case.record.observed:
        return
    owners = _owners(case)
    if owners is None:
        return
    fictional = _has_fiction(case, owners)
    for act in case.view.acts:
        needed, by = NEEDED.get(str(act.decision.get("act"))), act.decision.get("by")
        if needed is None or not isinstance(by, str):
            continue
        organisation, provider = case.organisations.get(by), act.decision.get("provider")
        parties = [*owners, provider] if isinstance(provider, str) else owners
        if organisation is None or (parties is not owners and provider not in case.organisations):
            continue
        fiction = fictional or _has_fiction(case, parties[len(owners) :])
        if organisation.get("fictional") is True:
            if not fiction:
                yield _fault(act, "'{by}' is fictional and decides about fictional records only", by, "", "")
            elif _is_own(case, act, by, parties):
                yield _fault(act, OWN, by, "", "")
        elif fiction and "fictional" in case.derived and case.derived["fictional"].value is True:
            yield _fault(act, "'{by}' is a real body, and this is fictional example data", by, "", "")
        else:
            yield from _allowed(case, act, by, needed, parties)


def _owners(case: Case) -> list[str] | None:
    """The ids of those whom the record belongs to; None where one is unknown, which is told where it is named."""
    data = case.record.data
    if data.get("developer") is None and not case.record.known(Pointer(("developer",))):
        return None
    names = [name for name in map(data.get, PARTIES) if isinstance(name, str)]
    return names if all(name in case.organisations for name in names) else None


def _has_fiction(case: Case, parties: list[str]) -> bool:
    """Whether the record is example data by whom it belongs to, not only by who decided."""
    return any(case.organisations[name].get("fictional") is True for name in parties)


def _is_own(case: Case, act: Act, by: str, parties: list[str]) -> bool:
    """Whether a party decides about its own record in an authority's place, though its framework names authorities.

    A policy's clauses are its organisation's own, and so are the exceptions from them.
    """
    name = str(act.get("act"))
    if by not in parties or name in OWN_ACTS or not _bodies(case.book):
        return False
    if name == "excepted" and not str(act.get("clause")).startswith(f"{case.book.id}."):
        return False
    return all(body.organisation != by for body in _able(case.book)[name])


def _bodies(book: Rulebook) -> list[Any]:
    """What a framework says of its bodies."""
    found = book.data.get("bodies")
    return found if isinstance(found, list) else []


class _Body(NamedTuple):
    """A body of a framework: who it is, when it acts, and what else is said of it."""

    organisation: object
    when: Days
    data: Mapping[str, Any]


@once_each
def _able(book: Rulebook) -> dict[str, list[_Body]]:
    """The bodies of a framework that may take each decision."""
    known = [
        _Body(body.get("organisation"), period(body.get("from"), body.get("until")), body)
        for body in _bodies(book)
        if isinstance(body, dict)
    ]
    return {
        name: [body for body in known if not set(needed).isdisjoint(body.data.get("may") or ())]
        for name, needed in NEEDED.items()
    }


def _allowed(case: Case, act: Act, by: str, needed: tuple[str, ...], parties: list[str]) -> Iterator[Finding]:
    able = _able(case.book)[str(act.get("act"))]
    if not able:
        if _is_own(case, act, by, parties):
            yield _fault(act, OWN, by, "", "")
        return
    own = [body for body in able if body.organisation == by]
    if any(_competent(case, act, body) for body in own):
        return
    called = _called(case, act, needed)
    if own:
        limits = " or ".join(_limits(body) for body in own)
        yield _fault(act, "'{by}' may {what} only {able}", by, called, limits, case.book.id)
        return
    others = one_of([str(body.organisation) for body in able])
    yield _fault(act, "'{by}' may not {what} under {framework}; {able} may", by, called, others, case.book.id)


def _called(case: Case, act: Act, needed: tuple[str, ...]) -> str:
    """What a body would have to be allowed, with the framework's word for the act where it has another."""
    called = other_word(case.book.data, str(act.get("act")), case.language)
    return needed[0].replace("-", " ") + (f" ({called})" if called else "")


def _competent(case: Case, act: Act, body: _Body) -> bool:
    """Whether a body acted in its time, and for whom it acts; where that is not known it may have been so."""
    if act.days.last < body.when.first or body.when.last < act.days.first:
        return False
    if "for" not in body.data:
        return True
    whom = act.get("provider") or case.record.data.get("provider")
    if whom is None:  # the developer of that day, whoever it is now
        whom = case.values("/derived/developer", None, case.subject(act))[0].value
    return was_one_of(case.organisations, whom, act.days, body.data["for"]) is not Answer.NOT_MET


def _limits(body: _Body) -> str:
    """For whom and when a body acts, in words."""
    types = " or ".join(str(each).replace("-", " ") for each in body.data.get("for") or ())
    words = (("for ", types), ("from ", body.data.get("from")), ("until ", body.data.get("until")))
    return " ".join(f"{word}{value}" for word, value in words if value)


def _fault(act: Act, template: str, by: str, what: str, able: str, framework: str = "") -> Finding:
    return Finding(
        act.pointer / "by",
        template,
        rule="body-may-not-act",
        hint="`by` is the organisation that took the decision",
        by=by,
        what=what,
        able=able,
        framework=framework,
    )
