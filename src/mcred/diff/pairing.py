"""Which record is which before and after: by its id, an earlier one, its place, else its title."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from mcred.record.facts import folded_title


class Held(NamedTuple):
    """A record as one side has it: its kind, the path of its file, its bytes, and the data that was read of them."""

    kind: str
    path: str
    text: bytes
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id; where it has none, its file's name stands for it."""
        own = self.data.get("id")
        return own if isinstance(own, str) else self.path.rpartition("/")[2].removesuffix(".yaml")

    @property
    def aliases(self) -> list[str]:
        """The ids that it had before."""
        found = self.data.get("aliases")
        return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


class Pair(NamedTuple):
    """A record before and after; None where it is new, or gone."""

    before: Held | None
    after: Held | None

    @property
    def id(self) -> str:
        """Its id, or the last that it had."""
        found = self.after or self.before
        return found.id if found is not None else ""


def paired(before: Iterable[Held], after: Iterable[Held]) -> list[Pair]:
    """Each record that is on either side with the one it was, by id; what is gone stands alone."""
    left, now = [*before], [*after]
    pairs: list[Pair] = []
    for was, may_be in _LIKENESSES:
        found: dict[object, Held] = {}
        for old in left:
            found.setdefault(was(old), old)
        known = {new.path: found.pop(name) for new in now if (name := _first(may_be(new), found)) is not None}
        pairs += [Pair(known[new.path], new) for new in now if new.path in known]
        taken = {old.path for old in known.values()}
        left = [old for old in left if old.path not in taken]
        now = [new for new in now if new.path not in known]
    pairs += [*(Pair(None, new) for new in now), *(Pair(old, None) for old in left)]
    return sorted(pairs, key=lambda pair: pair.id)


def _first(names: Iterable[object], known: Mapping[object, Held]) -> object:
    return next((name for name in names if name in known), None)


def _title(held: Held) -> tuple[str, str]:
    return held.kind, folded_title(held.data.get("title"))


_LIKENESSES: tuple[tuple[Callable[[Held], object], Callable[[Held], list[Any]]], ...] = (
    (lambda old: old.id, lambda new: [new.id]),
    (lambda old: old.id, lambda new: new.aliases),
    (lambda old: old.path, lambda new: [new.path]),
    (_title, lambda new: [_title(new)] if _title(new)[1] else []),
)
"""By what a record is known again: what it was known by, and what it may have been known by."""
