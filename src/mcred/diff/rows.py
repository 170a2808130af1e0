"""An event as what stood there and what stands there, for those who set the two side by side."""

from typing import Any, NamedTuple

from mcred.diff.event import Event, Word
from mcred.diff.events import brief, decided
from mcred.diff.words import significant


class Row(NamedTuple):
    """A change in a table: what, and what stood and stands there, in pieces that are `kept`, `gone` or `new`."""

    what: str
    note: str
    before: tuple[Word, ...]
    after: tuple[Word, ...]


def row(event: Event) -> Row:
    """A change as what stood there and what stands there."""
    what, note = f"{sentence(event.heading)}.", significant(event)
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


def sentence(text: str) -> str:
    """A text with a capital letter, as it begins a sentence."""
    return text[:1].upper() + text[1:]
