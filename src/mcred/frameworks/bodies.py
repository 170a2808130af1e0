"""Who may take a decision: what the framework says of its bodies, and fictional ones among themselves."""

from collections.abc import Iterator, Mapping
from typing import Any

from mcred.diagnostic import Finding, Pointer
from mcred.frameworks.requirements import Answer
from mcred.frameworks.verdicts import Case
from mcred.record import other_word
from mcred.record.ledger import Act, period
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
    fictional = case.derived["fictional"].value is True if "fictional" in case.derived else False
    for act in case.view.acts:
        needed, by = NEEDED.get(str(act.get("act"))), act.get("by")
        if needed is None or not isinstance(by, str):
            continue
        organisation = case.organisations.get(by)
        if organisation is None or _unknown_party(case, act):
            continue
        if organisation.get("fictional") is True:
            if not _concerns_fiction(case, act):
                yield _fault(act, "'{by}' is fictional and decides about fictional records only", by, "", "")
            elif _own(case, act, by, needed):
                yield _fault(act, OWN, by, "", "")
        elif fictional and _concerns_fiction(case, act):
            yield _fault(act, "'{by}' is a real body, and this is fictional example data", by, "", "")
        else:
            yield from _allowed(case, act, by, needed)


def _own(case: Case, act: Act, by: str, needed: tuple[str, ...]) -> bool:
    """Whether a party decides about its own record in an authority's place, though its framework names authorities.

    A policy's clauses are its organisation's own, and so are the exceptions from them.
    """
    known = case.book.data.get("bodies")
    if act.get("act") in OWN_ACTS or not isinstance(known, list) or not known or by not in _parties(case, act):
        return False
    if act.get("act") == "excepted" and not str(act.get("clause")).startswith(f"{case.book.id}."):
        return False
    return not any(_may(body, needed) and body.get("organisation") == by for body in known)


def _parties(case: Case, act: Act) -> list[str]:
    """The ids of those whom the record belongs to, and of the provider that the act is about."""
    names = [case.record.data.get(key) for key in PARTIES] + [act.get("provider")]
    return [name for name in names if isinstance(name, str)]


def _unknown_party(case: Case, act: Act) -> bool:
    """Whether the record belongs to somebody whom the catalogue does not know: that is told where it is named."""
    missing = case.record.data.get("developer") is None and not case.record.known(Pointer(("developer",)))
    return missing or any(name not in case.organisations for name in _parties(case, act))


def _concerns_fiction(case: Case, act: Act) -> bool:
    """Whether the record is example data by whom it belongs to, not only by who decided."""
    found = [case.organisations.get(name) for name in _parties(case, act)]
    return any(each is not None and each.get("fictional") is True for each in found)


def _allowed(case: Case, act: Act, by: str, needed: tuple[str, ...]) -> Iterator[Finding]:
    known = case.book.data.get("bodies")
    if not isinstance(known, list) or not any(_may(body, needed) for body in known):
        if _own(case, act, by, needed):
            yield _fault(act, OWN, by, "", "")
        return
    own = [body for body in known if body.get("organisation") == by and _may(body, needed)]
    if any(_competent(case, act, body) for body in own):
        return
    if own:
        limits = " or ".join(_limits(body) for body in own)
        yield _fault(act, "'{by}' may {what} only {able}", by, _called(case, act, needed), limits, case.book.id)
        return
    able = [str(body.get("organisation")) for body in known if _may(body, needed)]
    yield _fault(
        act,
        "'{by}' may not {what} under {framework}; {able} may",
        by,
        _called(case, act, needed),
        one_of(able),
        case.book.id,
    )


def _called(case: Case, act: Act, needed: tuple[str, ...]) -> str:
    """What a body would have to be allowed, with the framework's word for the act where it has another."""
    called = other_word(case.book.data, str(act.get("act")), case.language)
    return needed[0].replace("-", " ") + (f" ({called})" if called else "")


def _may(body: Any, needed: tuple[str, ...]) -> bool:
    return isinstance(body, dict) and bool(set(needed) & set(body.get("may") or ()))


def _competent(case: Case, act: Act, body: Mapping[str, Any]) -> bool:
    """Whether a body acted in its time, and for whom it acts; where that is not known it may have been so."""
    when = period(body.get("from"), body.get("until"))
    if act.days.last < when.first or when.last < act.days.first:
        return False
    if "for" not in body:
        return True
    from mcred.frameworks.rules import was_one_of

    whom = act.get("provider") or case.record.data.get("provider")
    if whom is None:  # the developer of that day, whoever it is now
        whom = case.values("/derived/developer", None, case.subject(act))[0].value
    return was_one_of(case.organisations, whom, act.days, body["for"]) is not Answer.NOT_MET


def _limits(body: Mapping[str, Any]) -> str:
    """For whom and when a body acts, in words."""
    types = " or ".join(str(each).replace("-", " ") for each in body.get("for") or ())
    words = (("for ", types), ("from ", body.get("from")), ("until ", body.get("until")))
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
