"""Which items of a list are the same before and after: by id, by what they say, by what they are known by."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from mcred.diff.wording import canonical, likeness

NAMING = (
    *("id", "target", "organisation", "by", "provider", "scheme", "code", "version", "type", "for", "from"),
    *("what", "text", "title"),
)
"""The keys by which an item without an id is known, the best first."""

LIKE = 0.5
"""How alike two texts are at least, for one to be the other reworded."""

MOST_COMPARED = 2_500
"""Pairs of items that are compared word by word; in longer lists what is reworded is another item."""


class Match(NamedTuple):
    """The items of two lists: pairs that are one, places of what is gone and of what is new."""

    pairs: list[tuple[int, int]]
    gone: list[int]
    new: list[int]

    def moved(self) -> list[tuple[int, int]]:
        """The fewest pairs that have to move for the others to stand in the order that they had."""
        kept = _longest_rise([after for _, after in sorted(self.pairs)])
        return [pair for pair in sorted(self.pairs) if pair[1] not in kept]


def match(before: Sequence[Any], after: Sequence[Any]) -> Match:
    """The items of two lists, matched."""
    found = Match([], [*range(len(before))], [*range(len(after))])
    for name in (_id, canonical, _content, _known_by):
        _take(found, before, after, name)
    _take_alike(found, before, after)
    _take(found, before, after, _nameless)
    return found


def _take(found: Match, before: Sequence[Any], after: Sequence[Any], name: Callable[[Any], Hashable]) -> None:
    """Pair what bears the same name, in order."""
    named: dict[Hashable, deque[int]] = defaultdict(deque)
    for place in found.new:
        if (own := name(after[place])) is not None:
            named[own].append(place)
    for place in [*found.gone]:
        own = name(before[place])
        if own is not None and named[own]:
            _pair(found, place, named[own].popleft())


def _pair(found: Match, old: int, new: int) -> None:
    found.pairs.append((old, new))
    found.gone.remove(old)
    found.new.remove(new)


def _take_alike(found: Match, before: Sequence[Any], after: Sequence[Any]) -> None:
    """Pair what has no id and much the same words, the most alike first."""
    old = [(place, text) for place in found.gone if (text := _words(before[place]))]
    new = [(place, text) for place in found.new if (text := _words(after[place]))]
    if len(old) * len(new) > MOST_COMPARED:
        return
    alike = sorted((-likeness(said, says), place, other) for place, said in old for other, says in new)
    for measure, place, other in alike:
        if -measure >= LIKE and place in found.gone and other in found.new:
            _pair(found, place, other)


def _id(item: Any) -> str | None:
    own = item.get("id") if isinstance(item, dict) else None
    return own if isinstance(own, str) else None


def _content(item: Any) -> str | None:
    """What an item says but for its id: another id for the same, or one that it had not."""
    if not isinstance(item, dict) or len(item) < 2:
        return None
    return canonical({key: value for key, value in item.items() if key != "id"})


def _known_by(item: Any) -> Hashable:
    if not isinstance(item, dict) or _id(item) is not None:
        return None
    if isinstance(item.get("act"), str):
        return (item["act"], canonical([item.get(key) for key in ("date", "provider", "version")]))
    return next(((key, canonical(item[key])) for key in NAMING if item.get(key) is not None), None)


def _nameless(item: Any) -> str | None:
    """One name for all that nothing is known by, so that they are matched in their order."""
    return "" if isinstance(item, dict) and _id(item) is None and _known_by(item) is None else None


def _words(item: Any) -> str | None:
    """The words of an item without an id; of one that is known by something else, nothing."""
    if isinstance(item, str):
        return item if " " in item.strip() else None
    if not isinstance(item, dict) or _id(item) is not None or "act" in item:
        return None
    text = item.get("text")
    return text if isinstance(text, str) else None


def named(item: Any, place: int) -> str:
    """What an item of a list is called: its id, what it is known by, or its place."""
    if isinstance(item, dict):
        own = next((item[key] for key in NAMING if isinstance(item.get(key), str)), None)
        if own is None or ("act" in item and "id" not in item):
            own = " ".join(str(item[key]) for key in ("act", "date") if key in item) or own
        return own or str(place + 1)
    return item if isinstance(item, str) else str(place + 1)


def _longest_rise(places: list[int]) -> set[int]:
    """The longest part of a sequence of different numbers that rises, in steps of n log n."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, value in enumerate(places):
        length = bisect_left(ends, value)
        ends[length : length + 1], last[length : length + 1] = [value], [index]
        before.append(last[length - 1] if length else -1)
    kept: set[int] = set()
    index = last[-1] if last else -1
    while index >= 0:
        kept.add(places[index])
        index = before[index]
    return kept
