"""What a framework's file says to be unknown: looked for, and not found. It never means that there is no limit."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

UNKNOWN = "unknown"


class Unknown(NamedTuple):
    """Something that is not known: where the file says so, and what it is about in the words of the file."""

    at: str
    """A place in the file, its items named by their ids, such as /clauses/size/values/units-2018/min."""
    about: str


def unknowns(data: Mapping[str, Any]) -> list[Unknown]:
    """Everything that a framework's file says to be unknown, in the order of the file."""
    return list(_within(data, "", ""))


def _within(value: Any, at: str, about: str) -> Iterator[Unknown]:
    for key, each in value.items() if isinstance(value, dict) else _named(value):
        place = f"{at}/{key}"
        if each == UNKNOWN:
            yield Unknown(place, about)
        elif isinstance(each, dict | list):
            yield from _within(each, place, _told(each) or about)


def _named(items: list[Any]) -> Iterator[tuple[str, Any]]:
    """The items of a list by their ids; lines of `values` by their editions, and the day inside one."""
    for place, each in enumerate(items):
        item = each if isinstance(each, dict) else {}
        line = "@".join(str(item[key]) for key in ("edition", "from") if key in item)
        yield str(item.get("id") or line or place), each


def _told(value: Any) -> str:
    """What a part of the file says of itself in its first language."""
    text = next((value[key] for key in ("summary", "title") if key in value), "") if isinstance(value, dict) else ""
    return str(next(iter(text.values()), "") if isinstance(text, dict) else text)
