"""A report on a review, in a layout of our own by what the framework asks: what is recorded, and what is still open."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.frameworks import Clause
from mcred.record import View, derive
from mcred.record.developer import developer
from mcred.record.ledger import Act
from mcred.record.offerings import held, name_of
from mcred.record.reviews import ASSUMED, FROM, NO_DATE, Clock, next_due, reviewed
from mcred.record.status import effective_status, number, stage
from mcred.record.versions import version
from mcred.review.recording import questions

OPEN = "to be filled in"
FOUND = {"findings": "Findings", "input_from": "Who was heard", "outcome": "Outcome", "report": "Report"}
"""What a completed review says beside its answers, in words."""


class Entry(NamedTuple):
    """A line of a report: what it is about, what is known of it, and where that stands; without a value it is open."""

    about: str
    value: str
    place: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to write it."""
        return not self.value


class Section(NamedTuple):
    """A part of a report."""

    heading: str
    entries: tuple[Entry, ...]
    says: str = ""
    """What stands above the entries, or in their place."""


class Paper(NamedTuple):
    """A report: its title, what has to be known to read it, and its parts."""

    title: str
    notices: tuple[str, ...]
    sections: tuple[Section, ...]


class Source(NamedTuple):
    """What a report is made from: the record on a day, its framework's clauses, and how to name and find things."""

    view: View
    clauses: Sequence[Clause]
    text: Callable[[Any], str]
    """A value in one line, in the catalogue's language."""
    place: Callable[[Pointer], str]
    """The file and line of a pointer into the record."""

    def named(self, reference: Any) -> str:
        """An organisation by its title, with its id."""
        name = name_of(reference) or ""
        title = self.view.organisations.get(name, {}).get("title")
        return f"{self.text(title)} ({name})" if title is not None else name


def paper(source: Source) -> Paper:
    """The report on the review that is under way, else on the last that was completed."""
    view = source.view
    clock = Clock(view)
    done = None if clock.under_way is not None or not clock.completed else clock.completed[-1]
    earlier = [act for act in clock.completed if act is not done]
    sections = [
        _subject(source),
        _own(source, clock, done),
        *_providers(source, done, earlier[-1] if earlier else None),
        _evidence(source),
        _answer(source, clock, done),
        _asked(source),
    ]
    sections.append(_open(sections))
    title = f"Review report: {source.text(view.record.data.get('title', view.record.id))}"
    return Paper(
        title, tuple(_notices(source)), tuple(section for section in sections if section.entries or section.says)
    )


def _notices(source: Source) -> Iterator[str]:
    view = source.view
    bodies = view.head.get("bodies")
    able = [
        source.named(each.get("organisation"))
        for each in (bodies if isinstance(bodies, list) else ())
        if isinstance(each, dict) and "decide-review" in (each.get("may") or ())
    ]
    whose = f"a form of {' or '.join(able)}" if able else "an authority's form"
    yield f"Laid out by mcred after what the framework asks of a review. It is not {whose}."
    if derive(view)["fictional"].value:
        yield "Fictional example data: neither the record nor those named in it exist."
    if view.record.observed:
        yield "A summary of what others publish, not the register."
    yield f"As of {view.day}, from {view.record.path}."


def _subject(source: Source) -> Section:
    view = source.view
    entries = [
        Entry("Record", view.record.id),
        Entry("Number in the register", source.text(number(view).value) or "none recorded"),
        Entry("Framework", view.record.framework or "none"),
        *(
            Entry(key.capitalize(), source.text(view.record.data.get(key)) or "not recorded")
            for key in ("level", "credits")
        ),
        Entry("Version in force", source.text(version(view).value) or "not recorded"),
        Entry("Developer", source.named(developer(view).value) or "not recorded"),
        Entry("Status", source.text(effective_status(view).value or stage(view).value)),
        Entry("Next review", _due(view)),
    ]
    return Section("What is reviewed", tuple(entries))


def _due(view: View) -> str:
    if not reviewed(view):
        return "it is not reviewed any more"
    due = next_due(view)
    if due.because == "expiring-ends":
        return f"none: its status ends {due.written}"
    if due.day is None:
        return f"no date: {NO_DATE[due.because]}"
    assumed = f"; assumed: {'; '.join(ASSUMED[word] for word in due.assumed)}" if due.assumed else ""
    return f"{due.written} ({FROM[due.because]}{assumed})"


def _own(source: Source, clock: Clock, done: Act | None) -> Section:
    """The developer's review: under way, completed, or not started, and then all of it open."""
    begun = clock.under_way
    act = done or begun
    checked = _checked(done)
    asked = questions(source.view.head, "developer")
    others = {name: text for name, text in questions(source.view.head).items() if name in checked and name not in asked}
    who = act.get("by") if act is not None else developer(source.view).value
    entries = [Entry("Organisation", source.named(who), _at(source, act, "by"))]
    if begun is not None:
        entries.append(Entry("Started", _given(source, begun, "date"), _at(source, begun, "date")))
    entries += [
        Entry("Completed", _given(source, done, "date"), _at(source, done, "date")),
        *_questions(source, done, {**asked, **others}, checked),
        *_found(source, done),
        Entry("Reported to the authority", _given(source, done, "reported_on"), _at(source, done, "reported_on")),
    ]
    return Section("The developer's review", tuple(entries))


def _providers(source: Source, done: Act | None, since: Act | None) -> Iterator[Section]:
    """What each provider says of its delivery, after the developer's review before this one."""
    view = source.view
    then = View(view.record, min(done.days.last, view.day), view.head, view.organisations) if done is not None else view
    reviews = {
        name_of(act.get("by")): act
        for act in view.of("review-completed")
        if act.get("reviewer") == "provider" and (since is None or act.days.first > since.days.last)
    }
    names = dict.fromkeys([*(name_of(act.get("provider")) for act in held(then).acts), *reviews])
    own = name_of(done.get("by")) if done is not None else None
    asked = questions(view.head, "provider")
    for name in (each for each in names if each is not None):
        act = reviews.get(name)
        # A developer that delivers too may have answered the provider's questions with its own.
        told = act or (done if name == own else None)
        entries = [*_questions(source, told, asked, _checked(told))]
        if act is not None or name != own:
            entries = [
                Entry("Completed", _given(source, act, "date"), _at(source, act, "date")),
                *entries,
                *_found(source, act),
            ]
        yield Section(f"A provider's review: {source.named(name)}", tuple(entries))


def _checked(act: Act | None) -> Mapping[str, Any]:
    found = act.get("checked") if act is not None else None
    return found if isinstance(found, dict) else {}


def _questions(
    source: Source, act: Act | None, asked: Mapping[str, Any], checked: Mapping[str, Any]
) -> Iterator[Entry]:
    for name, question in asked.items():
        place = source.place(act.at("checked") / name) if act is not None and name in checked else ""
        yield Entry(source.text(question), source.text(checked.get(name)).replace("-", " "), place)


def _found(source: Source, act: Act | None) -> Iterator[Entry]:
    for key, about in (
        ("findings", "Findings"),
        ("input_from", "Who was heard"),
        ("outcome", "Outcome"),
        ("report", "Report"),
    ):
        value = act.get(key) if act is not None else None
        text = "; ".join(map(source.named, value)) if isinstance(value, list) else _document(source, value)
        yield Entry(about, text, _at(source, act, key) if text else "")


def _document(source: Source, value: Any) -> str:
    if isinstance(value, dict) and "held_at" in value:
        return f"held at {source.text(value['held_at'])}" + (", confidential" if value.get("confidential") else "")
    return source.text(value)


def _given(source: Source, act: Act | None, key: str) -> str:
    return source.text(act.get(key)) if act is not None else ""


def _at(source: Source, act: Act | None, key: str) -> str:
    return source.place(act.at(key)) if act is not None and act.get(key) is not None else ""


def _evidence(source: Source) -> Section:
    """What the record has to show for itself, and where."""
    record = source.view.record
    entries = []
    for key, about, keys in (
        ("evidence_of_need", "Evidence of need", ("from", "organisation", "kind", "date", "summary")),
        ("endorsements", "Endorsement", ("by", "role", "outcome", "date")),
        ("evaluations", "Evaluation", ("scheme", "outcome", "summary")),
    ):
        for pointer, item in record.items(key):
            said = [source.text(item[each]) for each in keys if item.get(each) is not None]
            said += [_document(source, item["document"])] if item.get("document") is not None else []
            entries.append(Entry(about, ", ".join(said), source.place(pointer)))
    return Section("Evidence in the record", tuple(entries), "" if entries else "The record names none.")


def _answer(source: Source, clock: Clock, done: Act | None) -> Section:
    answer = clock.answer(done) if done is not None else None
    if answer is None:
        return Section("The authority's answer", (), "None is recorded.")
    entries = [
        Entry("Answer", _given(source, answer, "outcome"), _at(source, answer, "outcome")),
        Entry("Date", _given(source, answer, "date") or "not recorded"),
    ]
    if answer.get("next_review") is not None:
        entries.append(Entry("Next review", _given(source, answer, "next_review"), _at(source, answer, "next_review")))
    return Section("The authority's answer", tuple(entries))


def _asked(source: Source) -> Section:
    """The clauses that speak of reviews."""
    entries = [
        Entry(clause.id, f"{clause.text('summary')} {clause.text('question')}".strip(), clause.text("citation"))
        for clause in source.clauses
        if clause.get("governs") == "review"
    ]
    return Section("What the framework says of reviews", tuple(entries))


def _open(sections: Iterable[Section]) -> Section:
    entries = [
        Entry(section.heading, "; ".join(entry.about for entry in section.entries if entry.is_open))
        for section in sections
        if any(entry.is_open for entry in section.entries)
    ]
    return Section("Still to be filled in", tuple(entries), "" if entries else "Nothing.")
