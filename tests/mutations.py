"""What mutation tests share: that every change is noticed but for those that are listed with a reason."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar


class Named(Protocol):
    """A change of data or code, by what it is called."""

    @property
    def name(self) -> str:
        """What it is called, as the list of survivors has it."""


Change = TypeVar("Change", bound=Named)


def check(
    changes: Iterable[Change], noticed: Callable[[Change], bool], survivors: Mapping[str, str], least: int
) -> None:
    """Assert that no change goes unnoticed but the survivors, that each of them does, and that there are enough."""
    every = list(changes)
    assert len(every) > least
    assert len({change.name for change in every}) == len(every)
    unnoticed = {change.name for change in every if not noticed(change)}
    assert sorted(unnoticed - set(survivors)) == []
    assert sorted(set(survivors) - unnoticed) == [], "these are noticed after all, or there is no such change"
