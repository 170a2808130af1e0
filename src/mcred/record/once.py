"""What is worked out once, and asked for again: by rules, clauses and reports of a record, and by every record."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar


class Keeping(Protocol):
    """Something that never changes, with room for what was worked out of it: a record, or one on a day."""

    kept: dict[object, Any]


_Of = TypeVar("_Of", bound=Keeping)
_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def once(make: Callable[[_Of], _Made]) -> Callable[[_Of], _Made]:
    """Let a function answer from what it made before, where it is asked about the same thing again."""

    @wraps(make)
    def kept(of: _Of) -> _Made:
        found = of.kept
        if make not in found:
            found[make] = make(of)
        made: _Made = found[make]
        return made

    return kept


MOST_KEPT = 64
"""Frameworks, or sets of organisations, of which something is kept at a time."""


def once_each(make: Callable[[_Given], _Made]) -> Callable[[_Given], _Made]:
    """The same for what a whole run is judged by, such as a framework: found again by its identity, and not by value.

    What is given must not change from then on.
    """
    known: dict[int, tuple[_Given, _Made]] = {}

    @wraps(make)
    def kept(given: _Given) -> _Made:
        # The thing itself is kept beside what was made of it, so that no other may come to have its identity.
        if id(given) not in known:
            if len(known) >= MOST_KEPT:
                known.clear()
            known[id(given)] = given, make(given)
        return known[id(given)][1]

    return kept
