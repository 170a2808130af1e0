"""From the plain data of a record before and after a change to what the change did, event by event."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcred.diagnostic import Pointer
from mcred.diff.event import Event
from mcred.diff.matching import Match, match, named
from mcred.diff.wording import reworded, same

ITEMS = {
    "outcomes": "outcome",
    "assessments": "assessment",
    "standards": "standard",
    "decisions": "decision",
    "sources": "source",
    "codes": "code",
    "aliases": "alias",
    "versions": "version",
    "clauses": "clause",
    "endorsements": "endorsement",
    "evaluations": "evaluation",
    "subjects": "subject",
}
"""Lists whose items are subjects of their own, and what one of them is called."""

Data = Mapping[str, Any]


class Change(NamedTuple):
    """A difference of two values: what was done, below which names, and where that stands."""

    what: str
    names: tuple[str, ...]
    pointer: Pointer
    before: Any = None
    after: Any = None


def events(before: Data | None, after: Data | None, language: str = "en") -> list[Event]:
    """What a change did to a record: nothing where its data say the same; None stands for no record.

    `language` is that of a text which is not said in several.
    """
    if before is None or after is None:
        held = after if after is not None else before
        if held is None:
            return []
        what = "added" if after is not None else "removed"
        title = _text(held.get("title"), language)
        said = f"record {what}" + (f": {title}" if title else "")
        return [Event("record", what, _id(held), said, f"record {what}", before=before, after=after)]
    old, new, found = dict(before), dict(after), []
    if old.get("id") != new.get("id"):
        found.append(_renamed(old, new))
    old.pop("id", None), new.pop("id", None)
    return [*found, *(_event(change, _id(after)) for change in _within(old, new, (), Pointer(), language))]


def _renamed(old: dict[str, Any], new: dict[str, Any]) -> Event:
    """That a record has another id; that the old one becomes an alias belongs to it, and is taken out."""
    was, now = _id(old), _id(new)
    aliases = new.get("aliases")
    if isinstance(aliases, list) and was in aliases and was not in (old.get("aliases") or []):
        new["aliases"] = [each for each in aliases if each != was]
        if not new["aliases"] and "aliases" not in old:
            del new["aliases"]
    said = f"record renamed: '{was}' is '{now}'"
    return Event("record", "renamed", now, said, "record renamed", Pointer(("id",)), was, now)


# --- differences -----------------------------------------------------------------------------------------------------


def _differences(before: Any, after: Any, names: tuple[str, ...], at: Pointer, language: str) -> Iterator[Change]:
    """How two values differ, in the smallest pieces that have a name."""
    if same(before, after):
        return
    before, after = _in_languages(before, after, language)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _within(before, after, names, at, language)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _among(before, after, names, at, language)
    elif isinstance(before, str) and isinstance(after, str) and _is_prose(names, before, after):
        yield Change("reworded", names, at, before, after)
    else:
        yield Change("changed", names, at, before, after)


def _within(before: Data, after: Data, names: tuple[str, ...], at: Pointer, language: str) -> Iterator[Change]:
    for key in dict.fromkeys((*after, *before)):
        own, place = (*names, str(key)), at / key
        if not names and key in ITEMS and key not in (before.keys() & after.keys()) and _items(before, after, key):
            # The first of a list and the last that is taken from it are told as all others are.
            yield from _among(before.get(key, []), after.get(key, []), own, place, language)
        elif key not in before:
            yield Change("added", own, place, after=after[key])
        elif key not in after:
            yield Change("removed", own, place, before=before[key])
        else:
            yield from _differences(before[key], after[key], own, place, language)


def _items(before: Data, after: Data, key: str) -> bool:
    found = after.get(key, before.get(key))
    return isinstance(found, list) and bool(found)


def _among(before: list[Any], after: list[Any], names: tuple[str, ...], at: Pointer, language: str) -> Iterator[Change]:
    """How two lists differ: by what became of each item, and by their order."""
    found = match(before, after)
    became = Became(found, before, after)
    yield from became.changes(names, at)
    come = [place for place in found.new if place not in became.explained_new]
    gone = [place for place in found.gone if place not in became.explained_gone]
    if names == ("standards",) and len(come) == len(gone) == 1:
        item = before[gone[0]]
        yield Change("replaced", (*names, named(item, gone[0])), at / come[0], item, after[come[0]])
        come, gone = [], []
    for place in come:
        yield Change("added", (*names, named(after[place], place)), at / place, after=after[place])
    for place in gone:
        yield Change("removed", (*names, named(before[place], place)), at / place, before=before[place])
    if moved := found.moved():
        if any(isinstance(item, dict) and "id" in item for item in after):
            for old, new in moved:
                yield Change("moved", (*names, named(after[new], new)), at / new, old + 1, new + 1)
        else:
            yield Change("reordered", names, at, before, after)
    for old, new in sorted(found.pairs, key=lambda pair: pair[1]):
        own = (*names, named(after[new], new))
        was, now = became.bare(before[old], after[new])
        if isinstance(was, dict) and isinstance(now, dict) and was.get("id") != now.get("id"):
            what = "identified" if "id" not in was else "renamed"
            yield Change(what, own, at / new, was.get("id"), now.get("id"))
            was, now = ({key: value for key, value in each.items() if key != "id"} for each in (was, now))
        yield from _differences(was, now, own, at / new, language)


class Became:
    """What items say of those that they were before (`was`): split, joined, or under another id."""

    def __init__(self, found: Match, before: list[Any], after: list[Any]) -> None:
        self.explained_new: set[int] = set()
        self.explained_gone: set[int] = set()
        self._before, self._after = before, after
        old = {str(item["id"]): place for place, item in enumerate(before) if isinstance(item, dict) and "id" in item}
        said_before = {new: _was(before[place]) for place, new in found.pairs}
        self._from: dict[int, list[int]] = {}
        for place, item in enumerate(after):
            own = [old[name] for name in _was(item) if name in old and name not in said_before.get(place, ())]
            if own:
                self._from[place] = own
        self._pairs = dict(found.pairs)
        self._take_renamed(found)
        self._into: dict[int, list[int]] = {}
        for place, olds in self._from.items():
            for each in olds:
                self._into.setdefault(each, []).append(place)

    def _take_renamed(self, found: Match) -> None:
        """Pair what is gone with the one item that was it and nothing else."""
        for place, olds in [*self._from.items()]:
            alone = [other for other, each in self._from.items() if olds[0] in each] == [place]
            if len(olds) == 1 and alone and place in found.new and olds[0] in found.gone:
                found.pairs.append((olds[0], place))
                found.new.remove(place)
                found.gone.remove(olds[0])
                del self._from[place]
                self._pairs[olds[0]] = place

    def changes(self, names: tuple[str, ...], at: Pointer) -> Iterator[Change]:
        """What was split and what was joined."""
        for old, places in self._into.items():
            into = [*places, *([self._pairs[old]] if old in self._pairs else [])]
            if len(into) > 1:
                self.explained_new.update(places)
                item = self._before[old]
                parts = [self._after[place] for place in sorted(into)]
                yield Change("split", (*names, named(item, old)), at / min(into), item, parts)
            self.explained_gone.add(old)
        for place, olds in self._from.items():
            own = next((old for old, new in self._pairs.items() if new == place), None)
            parts = [*([own] if own is not None else []), *olds]
            if len(parts) > 1:
                self.explained_new.add(place)
                item = self._after[place]
                whole = [self._before[each] for each in sorted(parts)]
                yield Change("joined", (*names, named(item, place)), at / place, whole, item)

    def bare(self, before: Any, after: Any) -> tuple[Any, Any]:
        """Two items without what `was` says anew of items that there were: it is told as a split, or the like."""
        old = {str(item["id"]) for item in self._before if isinstance(item, dict) and "id" in item}
        added = [name for name in _was(after) if name not in _was(before)]
        if not added or not all(name in old for name in added):
            return before, after
        kept = [name for name in after["was"] if name not in added]
        return before, {key: value for key, value in {**after, "was": kept}.items() if key != "was" or kept}


def _was(item: Any) -> list[str]:
    found = item.get("was") if isinstance(item, dict) else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


_TAG = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

PROSE = ("title", "text", "statement", "summary", "why", "remarks")
"""Fields that hold a text, be it of one word."""


def _in_languages(before: Any, after: Any, language: str) -> tuple[Any, Any]:
    """A text and the same in several languages, both in several."""
    if isinstance(before, str) and _is_in_languages(after, language):
        return {language: before}, after
    if isinstance(after, str) and _is_in_languages(before, language):
        return before, {language: after}
    return before, after


def _is_in_languages(value: Any, language: str) -> bool:
    return isinstance(value, dict) and language in value and all(_TAG.fullmatch(str(key)) for key in value)


def _is_prose(names: tuple[str, ...], before: str, after: str) -> bool:
    return " " in before.strip() or " " in after.strip() or any(name in PROSE for name in names[-2:])


# --- in the field's terms --------------------------------------------------------------------------------------------


def _event(change: Change, record: str) -> Event:
    """A difference as an event: of which subject, and what of it."""
    first, *rest = change.names
    item = ""
    if first in ITEMS and rest:
        subject, item, *rest = ITEMS[first], *rest
    else:
        subject = first.replace("_", "-")
    what, field = change.what, ", ".join(name.replace("_", " ") for name in rest)
    # What is added to a subject, or taken away from it, changes it.
    whole = not rest
    if not whole and what not in ("reworded", "changed"):
        what = "changed"
    if subject == "decision" and not (whole and change.what in ("added", "removed", "moved", "identified")):
        what = "rewritten"
    words = reworded(change.before, change.after) if change.what == "reworded" else ()
    return Event(
        subject,
        what,
        record,
        *_messages(change, subject, item, rest),
        change.pointer,
        change.before,
        change.after,
        item,
        field,
        words,
    )


def _messages(change: Change, subject: str, item: str, rest: Sequence[str]) -> tuple[str, str]:
    """An event in a line, and the same without what stood and what stands there."""
    if subject == "decision" and not rest and change.what in ("added", "removed"):
        done, value = ("appended", change.after) if change.what == "added" else ("removed", change.before)
        return f"decision {done}: {decided(value)}", f"decision {done}"
    about = f"{subject.replace('-', ' ')} '{item}'" if item else subject.replace("-", " ")
    field = _field(change.names[0], rest)
    about += f", {field}" if item and not field.startswith("(") and field else f" {field}" if field else ""
    heading = f"{about} {change.what}"
    if change.what in ("added", "removed"):
        said = brief(change.after if change.what == "added" else change.before)
        return heading + (f": {said}" if said and said != change.names[-1] else ""), heading
    if change.what in _SAYS:
        return f"{about} {_SAYS[change.what](change.before, change.after)}", heading
    return heading, heading


def _field(first: str, names: Sequence[str]) -> str:
    """What of a subject, in words; the language of a text in brackets."""
    *own, last = names or [""]
    if _TAG.fullmatch(last) and (own[-1] if own else first) in PROSE:
        return " ".join(filter(None, (_field(first, own), f"({last})")))
    return ", ".join(name.replace("_", " ") for name in names)


_SAYS: dict[str, Callable[[Any, Any], str]] = {
    "changed": lambda before, after: f"{brief(before)} → {brief(after)}",
    "moved": lambda before, after: f"moved from place {before} to {after}",
    "renamed": lambda before, after: f"renamed: it was '{before}'",
    "identified": lambda before, after: "given an id",
    "replaced": lambda before, after: f"replaced by '{named(after, 0)}': {brief(after)}",
    "split": lambda before, after: f"split into {_list(after)}",
    "joined": lambda before, after: f"joined from {_list(before)}: {brief(after)}",
}
"""What was done, in words; anything else is said by its own word."""


def _list(items: Iterable[Any]) -> str:
    """Items by their names, each with its text."""
    names = [f"'{named(item, place)}' ({brief(item)})" for place, item in enumerate(items)]
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def decided(decision: Any) -> str:
    """A decision in a line: what was done, when, by whom, and what it carries."""
    if not isinstance(decision, dict):
        return brief(decision)
    left = {key: value for key, value in decision.items() if key not in ("id", "act")}
    act = str(decision.get("act", "?")).replace("-", " ")
    if act == "delivery approved" and "provider" in left:
        until = f" until {brief(left.pop('until'))}" if "until" in left else ""
        act = f"provider {brief(left.pop('provider'))} approved{until}"
    when = f", {brief(left.pop('date'))}" if "date" in left else ""
    who = f", by {brief(left.pop('by'))}" if "by" in left else ""
    carries = ", ".join(f"{key.replace('_', ' ')} {brief(value)}" for key, value in left.items())
    return f"{act}{when}{who}" + (f"; {carries}" if carries else "")


def brief(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, dict):
        if {*value} == {"min", "max"}:
            return f"{value['min']} to {value['max']}"
        if {*value} == {"none"}:
            return f"none ({brief(value['none'])})"
        own = next((value[key] for key in ("text", "title", "statement", "method", "summary") if key in value), None)
        if own is not None and "act" not in value:
            return brief(own)
        return ", ".join(f"{key.replace('_', ' ')} {brief(inner)}" for key, inner in value.items() if key != "id")
    if isinstance(value, list):
        return ", ".join(map(brief, value)) or "none"
    return "yes" if value is True else "no" if value is False else "nothing" if value is None else str(value)


def _text(title: Any, language: str) -> str:
    return brief(title.get(language, "") or brief(title)) if isinstance(title, dict) else str(title or "")


def _id(data: Data) -> str:
    return str(data.get("id", ""))
