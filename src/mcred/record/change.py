"""A record before and after a change, and which record was which."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, Protocol, TypeVar

from mcred.record.facts import folded_title
from mcred.record.record import Record
from mcred.record.view import View

T = TypeVar("T")


class Change(NamedTuple):
    """A record as it was, or None where it is new, and as it is, or None where it is gone; both on the day of judging.

    `earlier` is the record that had the id of a new one before. `language` is the first one of the catalogue.
    """

    before: View | None
    after: View | None
    earlier: Record | None = None
    language: str = "en"


class Named(Protocol):
    """What a record is known by: its kind, the path of its file, its id, and its data, which has earlier ids."""

    @property
    def kind(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def paired(before: Iterable[T], after: Iterable[T], named: Callable[[T], Named]) -> Iterator[tuple[T | None, T | None]]:
    """Each record that is there with the one it was: of its id or an earlier one, its place, else its title.

    What is new or gone has None beside it.
    """
    left, now = list(before), list(after)
    for was, may_be in _LIKENESSES:
        found: dict[object, list[T]] = {}
        for old in left:
            found.setdefault(was(named(old)), []).append(old)
        rest = []
        for new in now:
            same = next((found[name] for name in may_be(named(new)) if found.get(name)), None)
            if same is None:
                rest.append(new)
            else:
                yield same.pop(0), new
        left, now = list(chain.from_iterable(found.values())), rest
    yield from ((None, new) for new in now)
    yield from ((old, None) for old in left)


def aliases(record: Named) -> list[str]:
    """The earlier ids of a record."""
    found = record.data.get("aliases")
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _title(record: Named) -> tuple[str, str]:
    return record.kind, folded_title(record.data.get("title"))


_LIKENESSES: tuple[tuple[Callable[[Named], object], Callable[[Named], list[object]]], ...] = (
    (lambda old: old.id, lambda new: [new.id]),
    (lambda old: old.id, lambda new: list(aliases(new))),
    (lambda old: old.path, lambda new: [new.path]),
    (_title, lambda new: [_title(new)] if _title(new)[1] else []),
)
"""By what a record is known again: what it was known by, and what it may have been known by."""
