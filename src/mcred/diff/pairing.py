"""Which record is which before and after: by its id, an earlier one, its place, else its title."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from mcred.record import Record
from mcred.record.facts import folded_title

T = TypeVar("T")


def paired(
    before: Iterable[T], after: Iterable[T], record: Callable[[T], Record]
) -> Iterator[tuple[T | None, T | None]]:
    """Each record that is there with the one it was: of its id or an earlier one, its place, else its title.

    What is new or gone has None beside it.
    """
    left, now = [*before], [*after]
    for was, may_be in _LIKENESSES:
        found: dict[object, T] = {}
        for old in left:
            found.setdefault(was(record(old)), old)
        rest = []
        for new in now:
            known = next((found.pop(name) for name in may_be(record(new)) if name in found), None)
            if known is None:
                rest.append(new)
            else:
                left.remove(known)
                yield known, new
        now = rest
    yield from ((None, new) for new in now)
    yield from ((old, None) for old in left)


def aliases(record: Record) -> list[str]:
    """The earlier ids of a record."""
    return [alias for _, alias in record.items("aliases") if isinstance(alias, str)]


def _title(record: Record) -> tuple[str, str]:
    return record.kind, folded_title(record.data.get("title"))


_LIKENESSES: tuple[tuple[Callable[[Record], object], Callable[[Record], list[object]]], ...] = (
    (lambda old: old.id, lambda new: [new.id]),
    (lambda old: old.id, lambda new: [*aliases(new)]),
    (lambda old: old.path, lambda new: [new.path]),
    (_title, lambda new: [_title(new)] if _title(new)[1] else []),
)
"""By what a record is known again: what it was known by, and what it may have been known by."""
