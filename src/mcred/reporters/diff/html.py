"""What changed as one page that needs nothing else, before and after side by side."""

from typing import Any, NamedTuple

from mcred.diff import Changes, Difference, Event, Word
from mcred.diff.events import brief, decided
from mcred.reporters import Look
from mcred.reporters.diff.words import (
    about,
    compared,
    counted,
    faults,
    heading,
    lists,
    named,
    significant,
    state,
    tally,
)
from mcred.reporters.pages import page


class Row(NamedTuple):
    """A change in a table: what, and what stood and stands there, in pieces that are `kept`, `gone` or `new`."""

    what: str
    note: str
    before: tuple[Word, ...]
    after: tuple[Word, ...]


def write(found: Difference, look: Look) -> str:
    """The page."""
    return page(
        "mcred.reporters.diff",
        "page.html.j2",
        heading=heading(found),
        compared=f"{compared(found)}.",
        counted=f"{_sentence(counted(found))}.",
        before=state(found.before),
        after=state(found.after),
        summary=[(each.record, named(each), tally(each)) for each in found.records],
        records=[_record(each) for each in found.records] if not found.summary else [],
        not_compared=[(each.path, each.because) for each in found.not_compared],
        language=found.language,
    )


def _record(each: Changes) -> dict[str, object]:
    return {
        "title": named(each),
        "about": [f"{_sentence(text)}." for text in (about(each), faults(each)) if text],
        "rows": [row(event) for event in each.events],
        "lists": lists(each),
    }


def row(event: Event) -> Row:
    """A change as what stood there and what stands there."""
    what, note = f"{_sentence(event.heading)}.", significant(event)
    if event.words:
        before = tuple(piece for piece in event.words if piece.what != "new")
        return Row(what, note, before, tuple(piece for piece in event.words if piece.what != "gone"))
    if event.subject == "record" and event.what in ("added", "removed"):
        return Row(what, note, (), ())
    return Row(what, note, _cell(event, event.before, "gone"), _cell(event, event.after, "new"))


def _cell(event: Event, value: Any, what: str) -> tuple[Word, ...]:
    """What stood or stands there; a place among others is neither gone nor new."""
    if value is None:
        return ()
    if event.what == "moved":
        return (Word("kept", f"place {value}" if isinstance(value, int) else brief(value)),)
    return (Word(what, decided(value) if event.subject == "decision" and not event.field else brief(value)),)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
