"""The review of a record as a report tells it: what was asked, what is recorded, and what is still open."""

from collections.abc import Iterator, Mapping
from typing import Any

from mcred.listing import plain
from mcred.listing.plain import Names
from mcred.record import View
from mcred.record.developer import developer
from mcred.record.ledger import Act
from mcred.record.offerings import held, name_of
from mcred.record.reviews import Clock


def reviewing(view: View, names: Names) -> dict[str, Any]:
    """The review that is under way, else the last that was completed; the providers' input; the authority's answer."""
    clock = Clock(view)
    done = None if clock.under_way is not None or not clock.completed else clock.completed[-1]
    earlier = [act for act in clock.completed if act is not done]
    answers = [act for act in view.of("review-decided") if done is not None and _answers(act, done)]
    act = done or clock.under_way
    who = act.get("by") if act is not None else developer(view).value
    return {
        "state": clock.state if done is None else "completed",
        "organisation": plain.reference(who, names),
        "started": _date(clock.under_way or _begun(view, done)),
        **_told(done, "developer", view, names),
        "providers": list(_providers(view, done, earlier[-1] if earlier else None, names)),
        "answer": _answer(answers[-1]) if answers else None,
    }


def questions(head: Mapping[str, Any], reviewer: str) -> dict[str, Any]:
    """What the framework asks of a review, by name."""
    asked = head.get("review_questions")
    of = asked.get(reviewer) if isinstance(asked, dict) else None
    return of if isinstance(of, dict) else {}


def _answers(answer: Act, done: Act) -> bool:
    named = answer.get("review")
    return named == done.get("id") if named is not None else answer.days.last >= done.days.first


def _begun(view: View, done: Act | None) -> Act | None:
    named = done.get("review") if done is not None else None
    return next((act for act in view.of("review-started") if named is not None and act.get("id") == named), None)


def _date(act: Act | None) -> str | None:
    return str(act.get("date")) if act is not None and act.get("date") is not None else None


def _answer(act: Act) -> dict[str, Any]:
    given = act.get("next_review")
    return {"date": _date(act), "outcome": act.get("outcome"), "next_review": str(given) if given is not None else None}


def _told(act: Act | None, reviewer: str, view: View, names: Names, only: bool = False) -> dict[str, Any]:
    """What a review says: the answer to each question, what was found, who was heard, what came of it."""
    checked = act.get("checked") if act is not None else None
    checked = checked if isinstance(checked, dict) else {}
    asked = questions(view.head, reviewer)
    beside = {} if only else {name: text for name, text in questions(view.head, "provider").items() if name in checked}

    def given(key: str) -> Any:
        return act.get(key) if act is not None else None

    heard = given("input_from")
    report = given("report")
    return {
        "completed": _date(act),
        "questions": [
            {"id": name, "question": plain.text(text, names), "answer": checked.get(name)}
            for name, text in {**asked, **beside}.items()
        ],
        "findings": plain.text(given("findings"), names),
        "input_from": [plain.reference(each, names) for each in heard] if isinstance(heard, list) else None,
        "outcome": given("outcome"),
        "report": plain.document(report, names),
        "reported_on": str(given("reported_on")) if given("reported_on") is not None else None,
    }


def _providers(view: View, done: Act | None, since: Act | None, names: Names) -> Iterator[dict[str, Any]]:
    """What each provider that may deliver says of its delivery, after the developer's review before this one."""
    then = View(view.record, min(done.days.last, view.day), view.head, view.organisations) if done is not None else view
    reviews = {
        name_of(act.get("by")): act
        for act in view.of("review-completed")
        if act.get("reviewer") == "provider" and (since is None or act.days.first > since.days.last)
    }
    offered = {name_of(act.get("provider")): act.get("provider") for act in held(then).acts}
    own = name_of(done.get("by")) if done is not None else None
    for name in dict.fromkeys([*offered, *reviews]):
        act = reviews.get(name)
        reference = offered[name] if name in offered else act.get("by") if act is not None else None
        if reference is None:
            continue
        # A developer that delivers too may have answered the provider's questions with its own.
        told = act or (done if name == own else None)
        yield {
            "organisation": plain.reference(reference, names),
            "with_developer": act is None and told is not None,
            **_told(told, "provider", view, names, only=True),
        }
